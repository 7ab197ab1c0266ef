"""Late times on separable data: both engines beside the flow of log L in rescaled time (theory.md 11.2)."""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, InputError, Network, Problem, Simulation, simulate
from early_alignment.numerics.flow.engines import AnyEngine, EngineName
from early_alignment.numerics.geometry.max_margin import MaxMargin, max_margin
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


@pytest.mark.parametrize(("engine", "loss"), [("patterns", "exponential"), ("neurons", "logistic")])
def test_times_of_e_to_the_400_are_reached(engine: EngineName, loss: str) -> None:
    """There pulls are 1e-174, and their squares are 0 in double precision."""
    problem, start = separable(3, loss)
    time = float(np.exp(400.0))
    result = simulate(problem, start, time, tolerance=TOLERANCE, engine=engine)
    assert not result.partial
    check_against_rescaled(problem, start, result, time)


def test_a_start_at_which_the_loss_overflows_is_refused() -> None:
    problem = Problem(Dataset.from_arrays([[1], [2]], [1, -1], loss="exponential"), "exponential")
    with pytest.raises(InputError, match="at the start, where the exponential loss overflows"):
        simulate(problem, Network(np.array([30.0]), np.array([[30.0]])), 1.0)


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


TIMES = np.exp(np.array([10.0, 30.0, 100.0, 200.0, 300.0]))
SIGNS = (1, -1)
GAP = 0.1
"""How far the other points are behind the margin, as a share of it: at log t = 100 their pulls are e^-10 of its own."""


def margins_of(problem: Problem) -> dict[int, MaxMargin]:
    """The direction of largest margin of either class."""
    data = problem.data
    found = {
        sign: max_margin([x for x, y in zip(data.inputs, data.labels, strict=True) if y == sign]) for sign in SIGNS
    }
    return {sign: margin for sign, margin in found.items() if margin is not None}


def apart(vector: np.ndarray, direction: np.ndarray) -> float:
    """1 - cos of their angle, without the rounding of 1 - cos."""
    along = vector @ direction
    return float(2 * np.sin(np.arctan2(np.linalg.norm(vector - along * direction), along) / 2) ** 2)


def shares_of(margins: dict[int, MaxMargin]) -> dict[int, float]:
    """The limits of ||W||/||theta|| for either sign, by hand from theory.md 11.2."""
    inverse = {sign: 1 / found.margin for sign, found in margins.items()}
    return {sign: float(np.sqrt(inverse[sign] / (2 * sum(inverse.values())))) for sign in SIGNS}


def observed(problem: Problem, start: Network, times: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """The weights a (m,), w (m, d) at the times."""
    found: list[tuple[np.ndarray, np.ndarray]] = []

    def observe(engine: AnyEngine) -> None:
        neurons = engine.state.neurons()
        found.append((neurons[:, -1].copy(), neurons[:, :-1].copy()))

    assert not simulate(problem, start, times[-1], tolerance=TOLERANCE, times=times, observe=observe).partial
    return found


def size(a: np.ndarray, w: np.ndarray) -> float:
    return float(np.sqrt(np.sum(a**2) + np.sum(w**2)))


def share(a: np.ndarray, w: np.ndarray, sign: int) -> float:
    return float(np.linalg.norm(w[a * sign > 0])) / size(a, w)


def exponents(values: list[float], sizes: list[float]) -> float:
    """The slope of log |value| against log ||theta|| from the third of the times to the last."""
    logs, along = np.log(np.abs(values)), np.log(sizes)
    return float((logs[-1] - logs[2]) / (along[-1] - along[2]))


def is_generic(problem: Problem, margins: dict[int, MaxMargin]) -> bool:
    """Whether each margin rests on one point, and the others are well behind it."""
    for sign, found in margins.items():
        heights = np.sort(problem.data.X[problem.data.y == sign] @ found.direction)
        if len(found.support) > 1 or np.any(heights[1:] < (1 + GAP) * found.margin):
            return False
    return True


@both_losses
@settings(max_examples=max(4, settings().max_examples // 8), suppress_health_check=[HealthCheck.filter_too_much])
@given(seed=st.integers(0, 10**6))
def test_directions_and_shares_have_their_exponents(loss: str, seed: int) -> None:
    """1 - cos to u and the errors of the shares fall like ||theta||^-2 over two decades; false neighbours do not fall.

    What is left after the leading term is 1/||theta||^2 again, 1/400 at log t = 100, times constants of order 1 to 10;
    an error that is smaller than 1e-5 at the end has a leading term that happens to be small.
    """
    problem, start = separable(seed, loss)
    margins = margins_of(problem)
    assume(is_generic(problem, margins))
    path = observed(problem, start, TIMES)
    sizes, limits = [size(a, w) for a, w in path], shares_of(margins)
    for sign in SIGNS:
        groups = [np.abs(a[a * sign > 0]) @ w[a * sign > 0] for a, w in path]
        turned = [apart(group, margins[sign].direction) for group in groups]
        errors = [share(a, w, sign) - limits[sign] for a, w in path]
        for values in (turned, errors):
            if abs(values[-1]) > 1e-5:
                assert exponents(values, sizes) == pytest.approx(-2.0, abs=0.05)
        mean = problem.data.X[problem.data.y == sign].mean(axis=0)
        mean /= np.linalg.norm(mean)
        if apart(mean, margins[sign].direction) > 100 * turned[-1]:
            assert exponents([apart(group, mean) for group in groups], sizes) > -0.5
        for wrong in (limits[-sign], 0.5):
            if abs(wrong - limits[sign]) > 100 * abs(errors[-1]):
                assert exponents([share(a, w, sign) - wrong for a, w in path], sizes) > -0.5


@both_losses
def test_a_margin_on_as_many_points_as_dimensions_is_approached_faster(loss: str) -> None:
    """Each of two points of a class holds its own component of the weights: 1 - cos falls like ||theta||^-4."""
    data = Dataset.from_arrays([[1, 1], ["6/5", "-3/4"], [-1, "1/8"]], [1, 1, -1], loss=loss)
    problem = Problem(data, loss)
    margins = margins_of(problem)
    assert len(margins[1].support) == 2
    w = np.array([[0.1, 0.02], [-0.1, 0.03]])
    path = observed(problem, Network(np.array([1.0, -1.0]) * np.linalg.norm(w, axis=1), w), TIMES)
    sizes = [size(a, w) for a, w in path]
    turned = [[apart(w[number], margins[sign].direction) for _, w in path] for number, sign in enumerate(SIGNS)]
    assert exponents(turned[0], sizes) == pytest.approx(-4.0, abs=0.1)
    assert exponents(turned[1], sizes) == pytest.approx(-2.0, abs=0.05)


def test_the_example_of_the_theory() -> None:
    """Its shares at ||theta|| = 90, where log t is above 2000 and no double holds t: the oracle alone goes there."""
    X = np.array([[1, 0.9], [1.6, 0.6], [0.9, 1.4], [-1, -0.2], [-1.5, -1]])
    y = np.array([1.0, 1.0, 1.0, -1.0, -1.0])
    problem = Problem(Dataset.from_arrays(X, y, loss="exponential"), "exponential")
    w = 0.1 * np.array([[0.6, 0.8], [0.8, 0.6], [-0.6, -0.8], [-0.8, -0.6]])
    start = Network(np.array([1.0, 1.0, -1.0, -1.0]) * np.linalg.norm(w, axis=1), w)
    found = rescaled_flow(X, y, start.a, start.w, np.linspace(5.0, 9.4, 45), "exponential", rtol=1e-9)
    sizes = np.sqrt((found.a**2).sum(axis=1) + (found.w**2).sum(axis=(1, 2)))
    assert sizes[0] < 10 < 90 < sizes[-1]
    margins = margins_of(problem)
    limits = shares_of(margins)
    assert (round(limits[1], 6), round(limits[-1], 6)) == (0.464315, 0.533303)
    late = sizes > 28
    for sign in SIGNS:
        group = start.a * sign > 0
        errors = np.linalg.norm(found.w[:, group], axis=(1, 2)) / sizes - limits[sign]
        scaled = errors[late] * sizes[late] ** 2
        # The leading term is constant up to its own relative correction of order 1/||theta||^2.
        assert np.ptp(scaled) <= 0.05 * np.abs(scaled).max()
    at_ninety = int(np.searchsorted(sizes, 90.0))
    assert found.log_time[at_ninety] > 2000
