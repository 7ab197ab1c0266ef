"""What is computed at the recorded times of a run, against formulas written out here."""

import math
import operator

import numpy as np
import pytest

from early_alignment import Dataset, Network, Observables, Problem, compare, descend, make_start, predict, simulate
from early_alignment.numerics.flow import observables as observables_module
from early_alignment.numerics.oracles.reference import mean_loss

DATA = Dataset.published("three-points")
TEST = Dataset.from_arrays([[0, 1], ["1/2", 1], [-1, 1]], ["1/2", 1, "-1/3"])
START = make_start(30, 0.3, 1)
TIMES = [0.0, 1.0, 8.0]


def runs(problem, observables):
    """The same start by both engines and in descent, each with its neurons (w, a) at the recorded times."""
    for engine in ("patterns", "neurons"):
        seen = []
        run = simulate(
            problem, START, TIMES[-1], times=TIMES, engine=engine, observables=observables,
            observe=lambda now, seen=seen: seen.append(now.state.neurons()),
        )  # fmt: skip
        yield run, seen
    run = descend(problem, START, 8.0, 0.5, at=[0, 2, 16], observables=observables)
    ends = [START, *(descend(problem, START, time, 0.5) for time in TIMES[1:])]
    yield run, [np.column_stack([network.w, network.a]) for network in ends]


@pytest.mark.parametrize("at_once", [observables_module.AT_ONCE, 7])
def test_the_test_loss_is_the_mean_loss_on_the_test_data(at_once, monkeypatch):
    monkeypatch.setattr(observables_module, "AT_ONCE", at_once)
    for run, seen in runs(Problem(DATA), Observables(TEST)):
        expected = [mean_loss(TEST.X, TEST.y, now[:, -1], now[:, :-1]) for now in seen]
        np.testing.assert_allclose(run.observed["test_loss"], expected, rtol=1e-12)
        assert run.to_json()["observed"] == {
            "time": run.times.tolist(),
            "test_loss": run.observed["test_loss"].tolist(),
        }


def test_the_test_loss_has_the_loss_and_the_leak_of_the_flow():
    signs = Dataset.from_arrays([[1, 1], [-1, 1]], [1, -1])
    for run, seen in runs(Problem(signs, "logistic", "1/10"), Observables(signs)):
        np.testing.assert_allclose(run.observed["test_loss"], run.losses, rtol=1e-12)
        z = signs.X @ seen[-1][:, :-1].T
        outputs = np.where(z > 0, z, z / 10) @ seen[-1][:, -1]
        assert run.observed["test_loss"][-1] == pytest.approx(np.log1p(np.exp(-signs.y * outputs)).mean(), rel=1e-12)


def test_the_stable_rank_is_that_of_the_singular_values():
    for run, seen in runs(Problem(DATA), Observables(stable_rank=True)):
        singular = [np.linalg.svd(now[:, :-1], compute_uv=False) for now in seen]
        np.testing.assert_allclose(
            run.observed["stable_rank"], [(s**2).sum() / s[0] ** 2 for s in singular], rtol=1e-12
        )
    tiny = simulate(DATA, make_start(30, 1e-250, 1), 1.0, times=[0.0, 1.0], observables=Observables(stable_rank=True))
    usual = simulate(DATA, make_start(30, 1e-3, 1), 1.0, times=[0.0, 1.0], observables=Observables(stable_rank=True))
    np.testing.assert_allclose(tiny.observed["stable_rank"][0], usual.observed["stable_rank"][0], rtol=1e-12)


def test_the_angles_to_a_teacher_are_those_of_live_neurons(monkeypatch):
    teacher = np.array([[1.0, 0.2], [-3.0, 1.0]])
    monkeypatch.setattr(observables_module, "AT_ONCE", 7)
    for run, seen in runs(Problem(DATA), Observables(teacher=teacher)):
        for row, now in enumerate(seen):
            live = [neuron for neuron in now if max(DATA.X @ neuron[:-1]) > 1e-9]
            assert 0 < len(live) < len(now)
            angles = [min(angle(neuron[:-1], other) for other in teacher) for neuron in live]
            shares = [abs(neuron[-1]) * math.hypot(*neuron[:-1]) for neuron in live]
            assert run.observed["largest_teacher_angle"][row] == pytest.approx(max(angles), rel=1e-9)
            mean = sum(map(operator.mul, angles, shares)) / sum(shares)
            assert run.observed["mean_teacher_angle"][row] == pytest.approx(mean, rel=1e-9)


def angle(v, w):
    return abs(math.atan2(v[0] * w[1] - v[1] * w[0], v @ w))


def test_small_angles_are_accurate():
    turned = np.array([[math.cos(1e-9), math.sin(1e-9)]])
    start = Network([1.0], [[1.0, 0.0]])
    run = simulate(
        Dataset.from_arrays([[1, 0]], [1]), start, 1.0, times=[0.0, 1.0], observables=Observables(teacher=turned)
    )
    assert run.observed["largest_teacher_angle"] == pytest.approx(1e-9, rel=1e-6)


def test_what_is_not_defined_is_null():
    dead = Network([1.0], [[-1.0, 0.0]])
    observables = Observables(teacher=np.ones((1, 2)))
    run = simulate(Dataset.from_arrays([[1, 0]], [1]), dead, 1.0, times=[0.0, 1.0], observables=observables)
    assert np.isnan(run.observed["mean_teacher_angle"]).all()
    assert run.to_json()["observed"]["largest_teacher_angle"] == [None, None]


def test_without_observables_nothing_is_computed_and_nothing_changes():
    prediction = predict(DATA, START)
    plain, observed = compare(prediction, 4.0), compare(prediction, 4.0, observables=Observables(TEST))
    assert not plain.simulation.observed
    assert "observed" not in plain.to_json()
    assert plain.simulation.outputs.tobytes() == observed.simulation.outputs.tobytes()
    assert len(observed.simulation.observed["test_loss"]) == len(plain.simulation.times)
