"""The claims on one teacher neuron and on classification: their data, bounds and counterexamples by other means."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from early_alignment import Dataset, Network, Problem, simulate
from early_alignment.proofs_check.cases.bias.teacher import TeacherCase, teacher_data, within
from early_alignment.proofs_check.cases.classification.alignment_time import CorrelatedStart
from early_alignment.proofs_check.cases.classification.correlated import correlated_datasets, least_correlation, moved
from early_alignment.proofs_check.cases.early.early_starts import EarlyStart
from early_alignment.proofs_check.cases.strategies import points
from early_alignment.proofs_check.claims.bias import single_neuron_teacher as teacher
from early_alignment.proofs_check.claims.classification import loss_rate
from early_alignment.proofs_check.measure.bias import single_neuron_teacher as measured_teacher
from early_alignment.proofs_check.measure.classification import loss_rate as measured_rate
from early_alignment.theory.bias import classification as theory

HALF = Fraction(1, 2)


def angle(p, q) -> float:
    """The angle between two vectors."""
    p, q = np.array(p, dtype=float), np.array(q, dtype=float)
    return math.acos(np.clip(p @ q / np.linalg.norm(p) / np.linalg.norm(q), -1, 1))


@given(points(3), st.lists(points(3), min_size=1, max_size=4))
def test_a_teachers_data_lie_within_the_angle_and_carry_its_values(v, cloud):
    data = teacher_data(v, cloud, HALF)
    assert max(angle(v, x) for x in data.inputs) <= math.pi / 4 + 1e-7
    assert np.allclose(data.y, np.maximum(data.X @ np.array(v, dtype=float), 0))


def test_the_angle_is_decided_exactly_at_its_limit():
    assert not within((Fraction(1), Fraction(1)), (Fraction(1), Fraction(0)), HALF)
    assert within((Fraction(1001), Fraction(1000)), (Fraction(1), Fraction(0)), HALF)
    assert not within((Fraction(-2), Fraction(1)), (Fraction(1), Fraction(0)), HALF)
    assert not within((Fraction(0), Fraction(1)), (Fraction(1), Fraction(0)), Fraction(0))


def test_points_are_moved_no_farther_than_needed():
    seen = []
    moved([(Fraction(-3),)], (Fraction(2),), lambda cloud: seen.append(cloud[0][0]) or cloud[0][0] > 0)
    assert seen == [-3, -1, 1]
    assert moved([(Fraction(1),)], (Fraction(2),), lambda cloud: True) == ((1,),)


@given(correlated_datasets((2, 5), (2, 4)))
def test_correlated_data_have_both_classes_and_a_positive_least_correlation(data):
    signed = [[label * value for value in point] for point, label in zip(data.inputs, data.labels, strict=True)]
    cosines = [math.cos(angle(p, q)) for p, q in product(signed, signed)]
    assert min(sum(x * y for x, y in zip(p, q, strict=True)) for p, q in product(signed, signed)) > 0
    assert least_correlation(data) == pytest.approx(min(cosines), abs=1e-9)
    assert set(data.labels) == {1, -1}


def test_the_comparison_reaches_zero_when_the_formula_says():
    """P' = mu a, a' = P, integrated: the formula is for pulls of 1/2 and one active point, s = ||x||/2."""
    for correlation, deep, shortest in ((0.09, 0.2, 1.0), (0.5, 0.6, 2.0), (1.0, 0.9, 0.5)):
        rate = shortest / 2

        def field(_, z, rate=rate, correlation=correlation):
            return rate * np.array([correlation * z[1], z[0]])

        def reaches(_, z):
            return z[0]

        found = solve_ivp(field, (0, 100), [-deep, 1.0], events=reaches, rtol=1e-10, atol=1e-12)
        symbols = {theory.mu: correlation, theory.depth: deep, theory.length: shortest}
        stated = float(theory.time_of_sides(theory.mu).subs(symbols))
        assert found.t_events[0][0] == pytest.approx(stated, rel=1e-7)


@given(
    correlated_datasets((1, 5), (2, 4)),
    st.integers(1, 20),
    st.integers(0, 10**6),
    st.sampled_from((Fraction(1, 4), Fraction(15, 16))),
)
def test_starts_are_balanced_and_no_deeper_than_allowed(data, width, seed, share):
    floor = math.sqrt(least_correlation(data))
    a, w = CorrelatedStart(data, width, seed, share).unscaled(floor)
    assert np.allclose(np.abs(a), np.linalg.norm(w, axis=1), rtol=1e-14)
    for j, k in product(range(width), range(data.n)):
        z = data.y[k] * data.X[k]
        assert np.sign(a[j]) * (w[j] @ z) >= -float(share) * floor * abs(a[j]) * np.linalg.norm(z) * (1 + 1e-12)


def test_with_mu_replaced_by_one_the_time_is_too_short():
    """The counterexample of the mutant: its crossing in closed form, and the time claimed."""
    m = Fraction(1, 100)
    far = Fraction(9999, 10000)  # its length is 1 up to 5e-5
    data = Dataset(((Fraction(1), Fraction(0)), (m, far)), (Fraction(1), Fraction(1)))
    w = np.array([[math.sqrt(3) / 2, -0.5]])
    a = np.linalg.norm(w, axis=1)
    result = simulate(Problem(data, "logistic"), Network(1e-30 * a, 1e-30 * w), 40.0, tolerance=1e-10, history=True)
    (event,) = result.history
    t = event.time / data.n
    # w_1 = (sqrt(3)/2) cosh(t/2) + sinh(t/2) while only the first point acts, and the second one has far |w_2| = far/2.
    reached = float(m) * (math.sqrt(3) / 2 * math.cosh(t / 2) + math.sinh(t / 2))
    assert reached == pytest.approx(float(far) / 2, rel=1e-6)
    assert t > 3 * math.log(3)


OBTUSE = TeacherCase(
    (Fraction(0), Fraction(1)),
    ((Fraction(-1), Fraction(1, 8)), (Fraction(1), Fraction(1, 8))),
    12, 1, HALF, Fraction(1),
)  # fmt: skip
"""The counterexample of the mutant "angles below pi/2", as a case of the claim's own check."""


@given(st.just(OBTUSE))
def test_angles_below_half_a_right_angle_are_needed(case):
    assert not teacher.small_starts_align_and_fit.check(teacher.CLAIM.mutants[0].statement, case).holds
    assert teacher.small_starts_align_and_fit.check(teacher.STATEMENT, case).holds


def test_from_epsilon_four_fifths_on_the_drift_turns_too_far():
    """The counterexample of the mutant, by the flow itself."""
    data = Dataset(((Fraction(1), Fraction(0)), (Fraction(1), HALF)), (Fraction(2), Fraction(5, 2)))
    gamma = data.y @ data.X / 2
    length = float(np.linalg.norm(gamma))
    for scale in (1e-10, 1e-20):
        end = 15 / 16 * math.log(1 / scale) / length
        w = scale * gamma[None] / length
        result = simulate(data, Network(np.array([scale]), w), end, tolerance=1e-11, times=[end])
        assert 1 - math.cos(angle(result.w[0], gamma)) > 5 * scale ** (15 / 16)


def test_the_excess_is_what_the_conserved_product_makes_it():
    """(sum a^2)^2 - ||sum a w||^2 = sum_ij a_i a_j (a_i a_j - <w_i, w_j>), brackets constant when all points act."""
    cloud = ((Fraction(2), Fraction(1)), (Fraction(2), Fraction(-1)))
    case = TeacherCase((Fraction(1), Fraction(0)), cloud, 4, 0, HALF, Fraction(1))
    early = next(
        start
        for start in (replace(case, seed=seed).early_start(HALF, Fraction(4, 5)) for seed in range(10_000))
        if np.all(start.start(1.0).a > 0) and np.all(start.start(1.0).w @ start.data.X.T > 0)
    )
    scale, norm = 1e-4, 1.0
    value, error, distance, allowed = measured_teacher._excess(early, scale, norm)
    start = early.start(scale)
    time = 2 * math.log(1 / scale) / float(np.linalg.norm(early.data.y @ early.data.X / 2)) + 100
    end = simulate(early.data, start, time, tolerance=1e-12)
    product_at_start = np.outer(start.a, start.a) - start.w @ start.w.T
    gap = np.sum(np.outer(end.a, end.a) * product_at_start)
    assert value == pytest.approx(gap / (np.sum(end.a**2) + norm), rel=1e-5)
    assert error < 1e-3 * value
    assert distance <= allowed


def test_the_stable_rank_of_two_directions_is_at_most_the_bound():
    rng = np.random.default_rng(0)
    for overlap in (0.01, 0.3, 0.9):
        u, v = np.array([1.0, 0.0]), np.array([-overlap, math.sqrt(1 - overlap**2)])
        bound = float(loss_rate.STATEMENT["bound"].subs(theory.mu, overlap))
        for a, b in [(1.0, 1.0), *rng.uniform(0.1, 3.0, (20, 2))]:
            values = np.linalg.svd(np.array([a * u, b * v]), compute_uv=False)
            rank = np.sum(values**2) / values[0] ** 2
            assert rank <= bound * (1 + 1e-12)
            assert (a != b) or rank == pytest.approx(bound)


def test_the_loss_of_one_point_does_not_fall_exponentially():
    """The counterexample of the mutant: e^h grows like t log t at most."""
    data = Dataset(((Fraction(1),),), (Fraction(1),))
    times = [10.0**power for power in (2, 4, 8, 16)]
    result = simulate(
        Problem(data, "logistic"), Network(np.array([1.0]), np.array([[1.0]])), times[-1], tolerance=1e-10, times=times
    )
    losses = result.losses * np.array(times) * np.log(times)
    assert losses.min() > 0.1
    assert all(later < 2 * earlier for earlier, later in pairwise(losses))


def test_a_start_without_a_neuron_for_each_class_is_left_out():
    data = Dataset(((Fraction(1), Fraction(0)), (Fraction(-1), Fraction(-1))), (Fraction(1), Fraction(-1)))
    case = EarlyStart(data, "logistic", Fraction(0), 1, "balanced", 0, Fraction(1, 4))
    assert measured_rate._scale(case) == 0.0
    assert 0 < measured_rate._scale(replace(case, width=60)) <= math.exp(-4)
