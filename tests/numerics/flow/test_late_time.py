"""Late times on separable data: both engines beside the flow of log L in rescaled time (theory.md 11.2)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, Network, Problem, Simulation, simulate
from early_alignment.numerics.flow.engines import EngineName
from early_alignment.numerics.oracles.rescaled import rescaled_flow

TOLERANCE = 1e-10
both_engines = pytest.mark.parametrize("engine", ["patterns", "neurons"])
both_losses = pytest.mark.parametrize("loss", ["exponential", "logistic"])


def separable(seed: int, loss: str) -> tuple[Problem, Network]:
    """Two classes in opposite cones of R^d, d = 2 to 10, and two to four neurons of either sign, each in its class."""
    rng = np.random.default_rng(seed)
    d, n = int(rng.integers(2, 11)), int(rng.integers(2, 7))
    axis = np.eye(d)[0]
    y = np.where(np.arange(n) < max(1, n // 2), 1.0, -1.0)
    X = np.round(y[:, None] * (axis + rng.uniform(-0.5, 0.5, (n, d)) / np.sqrt(d)) * rng.uniform(0.5, 2.0, (n, 1)), 3)
    signs = np.repeat([1.0, -1.0], rng.integers(2, 5, 2))
    w = 0.1 * signs[:, None] * (axis + rng.uniform(-0.2, 0.2, (len(signs), d)) / np.sqrt(d))
    a = signs * np.linalg.norm(w, axis=1)
    return Problem(Dataset.from_arrays(X, y, loss=loss), loss), Network(a, w)


def rows(a: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.column_stack([w, a])


def check_against_rescaled(problem: Problem, start: Network, result: Simulation, time: float) -> None:
    """The weights and log t at the same s; both are off by what each step may be, and the oracle by its own steps."""
    data, s = problem.data, np.array([result.rescaled_time])
    fine, coarse = (
        rescaled_flow(data.X, data.y, start.a, start.w, s, problem.loss, rtol=rtol) for rtol in (1e-12, 1e-10)
    )
    exact, found = rows(fine.a[0], fine.w[0]), rows(result.a, result.w)
    error = TOLERANCE * result.steps * np.abs(exact).max() + np.abs(rows(coarse.a[0], coarse.w[0]) - exact).max()
    assert np.abs(found - exact).max() <= error
    # log t is as large as the outputs, which are quadratic in the weights.
    clock = 4 * TOLERANCE * result.steps * (1 + np.log1p(time)) + abs(coarse.log_time[0] - fine.log_time[0])
    assert abs(fine.log_time[0] - np.log1p(time)) <= clock


@both_engines
@both_losses
@settings(max_examples=max(4, settings().max_examples // 8))
@given(seed=st.integers(0, 10**6), exponent=st.floats(0.0, 100.0))
def test_real_time_agrees_with_the_flow_of_log_loss(engine: EngineName, loss: str, seed: int, exponent: float) -> None:
    problem, start = separable(seed, loss)
    time = float(np.exp(exponent))
    result = simulate(problem, start, time, tolerance=TOLERANCE, engine=engine)
    assert not result.partial
    check_against_rescaled(problem, start, result, time)


@both_engines
@both_losses
def test_times_of_e_to_the_400_are_reached(engine: EngineName, loss: str) -> None:
    """There pulls are 1e-174, and their squares are 0 in double precision."""
    problem, start = separable(3, loss)
    time = float(np.exp(400.0))
    result = simulate(problem, start, time, tolerance=TOLERANCE, engine=engine)
    assert not result.partial
    check_against_rescaled(problem, start, result, time)


def test_neurons_meet_hyperplanes_at_late_times() -> None:
    """The engines agree on events as late as t = 1e29, where drifts are 1e-29 of those at the start."""
    rng = np.random.default_rng(0)
    d, n, m = int(rng.integers(2, 5)), int(rng.integers(3, 8)), int(rng.integers(4, 9))
    normal = rng.standard_normal(d)
    X = np.round(rng.standard_normal((n, d)), 2)
    y = np.sign(X @ normal)
    w = 0.1 * rng.standard_normal((m, d))
    start = Network(rng.choice([-1, 1], m) * np.linalg.norm(w, axis=1), w)
    problem = Problem(Dataset.from_arrays(X, y, loss="logistic"), "logistic")
    first, second = (
        simulate(problem, start, 1e43, tolerance=TOLERANCE, times=[1e43], engine=engine, history=True)
        for engine in ("patterns", "neurons")
    )
    assert first.history is not None
    assert second.history is not None
    events = [[(event.neuron, event.kind) for event in result.history or ()] for result in (first, second)]
    assert events[0] == events[1]
    times = [np.array([event.time for event in result.history or ()]) for result in (first, second)]
    assert times[0][-1] > 1e28
    # A tolerance in the weights is one in log t, times the outputs.
    np.testing.assert_allclose(times[0], times[1], rtol=TOLERANCE * first.steps * np.abs(first.outputs).max())
    np.testing.assert_allclose(rows(first.a, first.w), rows(second.a, second.w), atol=TOLERANCE * first.steps)
