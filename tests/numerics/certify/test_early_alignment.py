"""Certified early alignment: the fates and angles of simulated flows, and what is left undecided."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from early_alignment import (
    Dataset,
    EarlyCertificate,
    InputError,
    Network,
    Problem,
    Undecided,
    UnscaledStart,
    certify_early,
    reference_flow,
    simulate,
    unscaled_start,
)
from early_alignment.numerics.certify.early_alignment.cells import Cell
from early_alignment.numerics.certify.early_alignment.path import Path
from early_alignment.numerics.certify.early_alignment.setting import Setting
from early_alignment.numerics.oracles.rational import drift_on, longest_drift_squared

F = Fraction
POINTS = Problem(Dataset.published("three-points"))
PINNED = Problem(Dataset.from_arrays([["0", "1"], ["1/10", "1"], ["1", "1"]], [-3, 3, -1]))


def rational_circle(rng: random.Random, d: int) -> list[Fraction]:
    """A rational unit vector: a stereographic projection."""
    t = [F(rng.randint(-30, 30), rng.randint(5, 25)) for _ in range(d - 1)]
    square = sum((v * v for v in t), F(0))
    return [2 * v / (1 + square) for v in t] + [(1 - square) / (1 + square)]


def random_case(rng: random.Random) -> tuple[Problem, UnscaledStart, Fraction]:
    """Rational data in dimension 1 to 4, both losses, leaks; balanced and dominated neurons, some in boxes."""
    d, n, loss = rng.choice((1, 2, 2, 2, 3, 4)), rng.randint(1, 6), rng.choice(("square", "logistic"))
    X = [[F(rng.randint(-20, 20), rng.randint(5, 15)) for _ in range(d)] for _ in range(n)]
    X = [x if any(x) else [F(1)] * d for x in X]
    y = [F(rng.choice((-1, 1))) * (1 if loss == "logistic" else F(rng.randint(1, 20), 10)) for _ in range(n)]
    rows = []
    for _ in range(rng.randint(1, 5)):
        size = F(rng.randint(1, 20), 10) if d > 1 and rng.random() < 0.5 else F(rng.randint(1, 9), 10)
        a = size if d > 1 and size > 1 else F(2)
        rows.append((a * rng.choice((-1, 1)), [size * v for v in rational_circle(rng, d)]))
    problem = Problem(Dataset.from_arrays(X, y, loss=loss), loss, rng.choice((F(0), F(0), F(1, 8), F(1, 2))))
    return problem, unscaled_start(rows, rng.choice((F(0), F(0), F(1, 500)))), F(rng.randint(1, 6), 7)


def cases(seed: int, count: int) -> list[tuple[EarlyCertificate, random.Random]]:
    rng, found = random.Random(seed), []
    while len(found) < count:
        problem, start, epsilon = random_case(rng)
        try:
            found.append((certify_early(problem, start, epsilon), rng))
        except Undecided:
            continue
    return found


def drawn_from(start: UnscaledStart, rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """A dominated start in the box, before it is scaled."""

    def moved(value: Fraction) -> float:
        return float(value + start.box * F(rng.randint(-999, 999), 1000))

    a, w = [], []
    for neuron in start.neurons:
        inputs, output = [moved(value) for value in neuron.w], moved(neuron.a)
        if abs(output) < np.linalg.norm(inputs):
            inputs, output = [float(value) for value in neuron.w], float(neuron.a)
        a.append(output)
        w.append(inputs)
    return np.array(a), np.array(w)


def tau(found: EarlyCertificate, scale: float) -> float:
    return float(found.epsilon) * math.log(1 / scale) / math.sqrt(found.setting.norm_square)


def angle(u: np.ndarray, v: np.ndarray) -> float:
    u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
    return 2 * math.atan2(np.linalg.norm(u - v), np.linalg.norm(u + v))


def bound(found: EarlyCertificate, j: int, scale: float) -> float:
    """The bound on the angle, written again from docs/certificates.md."""
    path, bounds = found.threshold.paths[j], found.bounds[j]
    assert isinstance(path, Path)
    assert bounds is not None
    largest, growth = (math.sqrt(value) for value in (found.setting.norm_square, found.threshold.growth_square))
    epsilon = float(found.epsilon)
    first = float(bounds.first) * scale ** (epsilon * math.sqrt(path.cell.square) / largest)
    return first + float(bounds.second) * scale ** (2 - 2 * epsilon * growth / largest)


def check(found: EarlyCertificate, scale: float, a: np.ndarray, w: np.ndarray) -> dict[str, int]:
    """Compare the neurons at tau with the certificate; how many there were of each fate.

    The flow is computed to 1e-11 a step and amplifies errors as it does angles, which the first constant bounds: where
    the angle is above 1e-6 a relative error of 1e-4 is allowed.
    """
    X, counts = found.setting.problem.data.X, {}
    for j, path in enumerate(found.threshold.paths):
        if isinstance(path, str):
            continue
        size = np.linalg.norm(w[j])
        heights = X @ w[j] / np.linalg.norm(X, axis=1) / size if size else np.zeros(len(X))
        sides = np.array(path.cell.pattern)
        counts[path.fate] = counts.get(path.fate, 0) + 1
        if path.fate == "dead":
            assert heights.max() < 1e-8
            continue
        assert (heights * sides)[sides != 0].min() > 0
        assert np.abs(heights[sides == 0]).max(initial=0) < 1e-8
        drift = np.array(path.cell.drift, dtype=float)
        if path.fate == "pinned":
            assert angle(w[j], -drift) < 1e-7
        else:
            assert angle(w[j], drift) <= bound(found, j, scale) * (1 + 1e-4) + 1e-6
    return counts


@pytest.mark.parametrize("seed", range(3))
def test_simulated_neurons_have_the_certified_fates_and_angles(seed):
    """At the exact lambda_1 and below it."""
    total: dict[str, int] = {}
    for found, rng in cases(seed, 12):
        for factor in (1.0, 1e-2):
            scale = 10.0 ** -float(found.threshold.exponent) * factor
            a, w = drawn_from(found.setting.start, rng)
            size = scale / math.sqrt(len(a))
            run = simulate(found.setting.problem, Network(a * size, w * size), tau(found, scale), tolerance=1e-11)
            assert run.resolved
            for fate, count in check(found, scale, run.a, run.w).items():
                total[fate] = total.get(fate, 0) + count
    assert total["aligned"] > 10
    assert total["dead"] > 2


def test_an_independent_integrator_agrees():
    for found, rng in cases(5, 4):
        if found.threshold.exponent > 12:
            continue
        scale = 10.0 ** -float(found.threshold.exponent)
        a, w = drawn_from(found.setting.start, rng)
        size, problem = scale / math.sqrt(len(a)), found.setting.problem
        times = np.array([0.0, tau(found, scale)])
        X, y, leak = problem.data.X, problem.data.y, float(problem.leak)
        flow = reference_flow(X, y, a * size, w * size, times, problem.loss, leak)
        check(found, scale, flow.a[-1], flow.w[-1])


def test_the_certified_drifts_and_norms_are_those_of_an_oracle():
    """The oracle goes through all ternary patterns, so that the data sets are small."""
    for found, _ in cases(7, 25):
        problem = found.setting.problem
        if problem.data.n > 4 or problem.data.d > 3:
            continue
        given = problem.data.inputs, problem.pulls_at_zero, problem.leak
        assert found.setting.norm_square == longest_drift_squared(*given)
        for path in found.threshold.paths:
            if isinstance(path, Path) and path.fate == "aligned":
                pattern = path.cell.pattern
                assert drift_on(pattern, *given) == tuple(path.cell.sign * value for value in path.cell.drift)


def test_the_first_constant_is_nearly_sharp_for_balanced_neurons():
    """Without events and without a deviation tan(theta/2) falls exactly like e^{-rt}; at tiny scales it nearly does."""
    start = unscaled_start([(F(1), [F(3, 5), F(4, 5)])])
    found = certify_early(POINTS, start, F(1, 2))
    scale = 1e-20
    run = simulate(
        POINTS, Network(np.array([scale]), np.array([[0.6, 0.8]]) * scale), tau(found, scale), tolerance=1e-12
    )
    path = found.threshold.paths[0]
    assert isinstance(path, Path)
    allowed = bound(found, 0, scale)
    rounding = 32 * np.finfo(float).eps / allowed  # of a direction, beside an angle of about 1e-10
    assert angle(run.w[0], np.array(path.cell.drift, dtype=float)) == pytest.approx(allowed, rel=rounding)


def fate_of(problem: Problem, a: Any, w: list[Any], box: str = "0") -> str:
    """The fate of one neuron, or the reason why it is undecided."""
    try:
        path = certify_early(problem, unscaled_start([(F(a), [F(v) for v in w])], F(box))).threshold.paths[0]
    except Undecided as reason:
        return str(reason)
    assert isinstance(path, Path)
    return path.fate


def test_a_pinned_neuron_and_one_that_would_reach_zero():
    near = ["99/101", "20/101"]
    assert fate_of(PINNED, 1, near) == "pinned"
    assert "pinned, and strictly dominated" in fate_of(PINNED, 2, near)
    assert "pinned, and strictly dominated" in fate_of(PINNED, 1, near, "1e-6")
    found = certify_early(PINNED, unscaled_start([(F(1), [F(v) for v in near])]))
    scale = 10.0 ** -float(found.threshold.exponent)
    a, w = drawn_from(found.setting.start, random.Random(0))
    run = simulate(PINNED, Network(a * scale, w * scale), tau(found, scale), tolerance=1e-11)
    assert check(found, scale, run.a, run.w) == {"pinned": 1}


SYMMETRIC = Problem(Dataset.from_arrays([[2, 1], [1, 2]], [1, 1]))
ONE_SIDED = Problem(Dataset.from_arrays([[1, 1], [0, 1], [1, -2]], ["2", "1/5", "1"]))


@pytest.mark.parametrize(
    ("problem", "a", "w", "reason"),
    [
        (POINTS, 1, ["-4/5", "-3/5"], "starts on the hyperplane of point 1"),
        (ONE_SIDED, 1, ["12/13", "-1/13"], "one-sided"),
        (Problem(Dataset.from_arrays([[1, 0], [-1, 0]], [1, 1])), -1, ["-1", "0"], "repels"),
        (SYMMETRIC, -1, ["1/2", "1/2"], "nearly the same time"),
        (Problem(Dataset.from_arrays([[1, 0], [1, 0], [0, 1]], [1, -1, 1])), 2, [1, -1], "drift is 0"),
    ],
)
def test_what_cannot_be_decided_is_named_with_the_reason(problem, a, w, reason):
    assert reason in fate_of(problem, a, w)


def test_undecided_neurons_are_named_and_the_others_certified():
    start = unscaled_start([(F(1), [F(3, 5), F(4, 5)]), (F(1), [F(-4, 5), F(-3, 5)])])
    found = certify_early(POINTS, start)
    assert list(found.undecided) == [2]
    assert found.threshold.growth_square == found.setting.norm_square


@pytest.mark.parametrize("epsilon", [F(0), F(1), F(-1, 2), F(3, 2)])
def test_epsilon_outside_its_range_is_bad_input(epsilon):
    with pytest.raises(InputError, match="epsilon"):
        certify_early(POINTS, unscaled_start([(F(1), [F(3, 5), F(4, 5)])]), epsilon)


def test_a_box_of_negative_size_is_bad_input_and_a_neuron_that_is_not_dominated_undecided():
    with pytest.raises(InputError, match="half width"):
        unscaled_start([(F(1), [F(3, 5), F(4, 5)])], F(-1))
    with pytest.raises(Undecided, match="neuron 1 is not dominated"):
        unscaled_start([(F(1), [F(1), F(1)])])


def test_a_start_balanced_up_to_rounding_is_raised():
    start = unscaled_start([(F(math.sqrt(3)), [F(1), F(1), F(1)])])
    assert F(math.sqrt(3)) ** 2 < 3 <= start.neurons[0].a ** 2
    assert "rounding" in start.note


def test_the_threshold_follows_the_slowest_neuron():
    """(E2) decides here: the last event of a neuron near its repeller is as late as theory.md 3.5 says."""
    rows = [(F(-1), [F(-3, 5), F(4, 5)])]
    found = certify_early(POINTS, unscaled_start(rows))
    path = found.threshold.paths[0]
    assert isinstance(path, Path)
    needed = float(found.threshold.time) * math.sqrt(found.setting.norm_square) / 0.25 / math.log(10)
    assert 0 <= float(found.threshold.exponent) - needed < 0.0011


def test_margins_of_a_cell_are_those_of_the_formula():
    setting = Setting(POINTS, unscaled_start([(F(1), [F(3, 5), F(4, 5)])]))
    cell = Cell.of(setting, 1, (1, 1, 1))
    E, X = np.array(cell.drift, dtype=float), POINTS.data.X
    assert np.allclose(E, X.T @ POINTS.data.y / 3)
    assert math.isclose(math.sqrt(cell.margin), min(X @ E / np.linalg.norm(X, axis=1)))


@pytest.mark.parametrize(("epsilon", "exponent"), [("1/4", "2.120"), ("1/10", "5.273")])
def test_the_start_of_the_published_counterexample_has_the_threshold_of_docs_published(epsilon, exponent):
    start = unscaled_start([(F(1), [F(-4, 5), F(-29, 50)])])
    assert certify_early(POINTS, start, F(epsilon)).threshold.exponent == F(exponent)
