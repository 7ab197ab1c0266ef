"""What is computed at the recorded times of a run, against formulas written out here."""

import numpy as np
import pytest

from early_alignment import Dataset, Observables, Problem, compare, descend, make_start, predict, simulate
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


def test_without_observables_nothing_is_computed_and_nothing_changes():
    prediction = predict(DATA, START)
    plain, observed = compare(prediction, 4.0), compare(prediction, 4.0, observables=Observables(TEST))
    assert not plain.simulation.observed
    assert "observed" not in plain.to_json()
    assert plain.simulation.outputs.tobytes() == observed.simulation.outputs.tobytes()
    assert len(observed.simulation.observed["test_loss"]) == len(plain.simulation.times)
