"""The flow engine against the unreduced reference, against equivariances, and on the data sets it was made for."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from early_alignment import (
    Dataset,
    InputError,
    Network,
    Problem,
    Simulation,
    get_loss,
    least_squares,
    make_start,
    reference_flow,
    simulate,
)
from early_alignment.numerics.data.losses import LOSS_NAMES
from early_alignment.numerics.flow.engine import step
from early_alignment.numerics.flow.engine.engine import Engine
from early_alignment.numerics.flow.engine.event_free import FARTHEST
from early_alignment.numerics.flow.engine.problem import FlowProblem
from early_alignment.numerics.flow.engine.state import State
from early_alignment.numerics.flow.engines import EngineName
from early_alignment.numerics.oracles.reference import network_outputs
from early_alignment.numerics.rounding import STANDING
from early_alignment.proofs_check.cases.strategies import FlowCase, Neurons, flow_cases, neurons, sliding_datasets
from early_alignment.proofs_check.measure.trajectories import follow
from early_alignment.theory import model

THREE = Dataset.published("three-points")


def run(case: FlowCase, tolerance: float) -> Simulation:
    _, _, a, w = case.arrays
    return simulate(case.problem, Network(a, w), float(case.time), tolerance=tolerance, history=True)


def network(result: Simulation) -> np.ndarray:
    return np.concatenate([result.w, result.a[:, None]], axis=1)


@st.composite
def cases(draw: st.DrawFn) -> FlowCase:
    case = draw(flow_cases(n=(1, 5), d=(1, 3), width=(1, 4), longest=6))
    if draw(st.integers(0, 3)):
        return case
    data = draw(sliding_datasets())
    other = draw(flow_cases(d=(2, 2), width=(1, 1), longest=6))
    return replace(other, data=data, loss="square", start=draw(neurons(data, (1, 3), "balanced")))


@pytest.mark.slow
@settings(max_examples=3 * settings().max_examples // 5)
@given(cases())
def test_the_engine_agrees_with_the_unreduced_reference(case: FlowCase) -> None:
    times = np.linspace(0.0, float(case.time), 5)
    try:
        trusted = follow(case, times)
    except RuntimeError:
        assume(False)
    fine, coarse = run(case, 1e-12), run(case, 1e-10)
    assume(not len(fine.resting))  # what follows w = 0 is not unique
    assert not fine.partial
    expected = np.concatenate([trusted.fine.w[-1], trusted.fine.a[-1][:, None]], axis=1)
    # The engine's own error is measured by a run with a hundred times the tolerance; the reference states its own.
    own = 2 * float(np.max(np.abs(network(fine) - network(coarse))))
    theirs = trusted.error(lambda a, w: np.concatenate([a[..., None], w], axis=-1))
    assert np.max(np.abs(network(fine) - expected)) <= own + theirs
    assert own <= 1e-6 * max(1.0, float(np.max(np.abs(expected))))


@settings(max_examples=2 * settings().max_examples // 5)
@given(cases())
def test_balancedness_and_the_sign_of_dominated_neurons_are_kept(case: FlowCase) -> None:
    _, _, a, w = case.arrays
    result = run(case, 1e-9)
    awake = np.setdiff1d(np.arange(len(a)), result.resting)
    before = (a**2 - np.sum(w**2, axis=1))[awake]
    after = (result.a**2 - np.sum(result.w**2, axis=1))[awake]
    rounding = 1e-12 * (result.a**2 + np.sum(result.w**2, axis=1) + a**2)[awake]
    assert np.all(np.abs(after - before) <= rounding)
    dominated = before >= 0
    assert np.all(np.sign(result.a[awake][dominated]) == np.sign(a[awake][dominated]))
    assert np.all(np.diff(result.losses) <= 1e-12 * np.max(result.losses))


@settings(max_examples=settings().max_examples // 4)
@given(cases(), st.randoms(use_true_random=False))
def test_order_splitting_and_duplicated_data_change_nothing(case: FlowCase, shuffle) -> None:
    _, _, a, w = case.arrays
    plain = simulate(case.problem, Network(a, w), float(case.time), tolerance=1e-11)
    assume(not len(plain.resting))
    order = list(range(case.data.n))
    shuffle.shuffle(order)
    points = Dataset(tuple(case.data.inputs[k] for k in order) * 2, tuple(case.data.labels[k] for k in order) * 2)
    twice = np.concatenate([a, a]) / np.sqrt(2), np.concatenate([w, w]) / np.sqrt(2)
    other = simulate(Problem(points, case.loss, case.leak), Network(*twice), float(case.time), tolerance=1e-11)
    gap = np.max(np.abs(other.outputs[-1][: case.data.n] - plain.outputs[-1][order]))
    assert gap <= 1e-7 * max(1.0, float(np.max(np.abs(plain.outputs))))


@pytest.mark.parametrize("width", [20, 2000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_three_points_end_at_least_squares_whatever_the_width(width: int) -> None:
    start = make_start(width, 1e-3, 0, "balanced", THREE.d)
    result = simulate(THREE, start, 4000.0)
    ols = THREE.X @ least_squares(THREE).coefficients
    assert not result.partial
    assert np.max(np.abs(result.outputs[-1] - ols)) < 1e-8
    live = [group for group in result.groups if group.norm > 1e-6]
    assert [group.pattern for group in live] == [(1, 1, 1)]
    assert result.events <= 3 * width


def test_a_start_of_size_1e_60_escapes_at_the_predicted_time() -> None:
    start = make_start(30, 1e-60, 0, "balanced", THREE.d)
    result = simulate(THREE, start, 400.0, times=np.linspace(4.0, 400.0, 100))
    growth = 60 * np.log(10) / 0.7149689193  # theory.md 4.6: log(1/lambda)/||D||, and D is the only direction
    escaped = result.times[np.argmax(result.losses < 0.75 * result.losses[0])]
    assert abs(escaped / growth - 1) < 0.05  # the next term is of the order 1/log(1/lambda) = 1/138, times a few
    assert np.max(np.abs(result.outputs[-1] - THREE.X @ least_squares(THREE).coefficients)) < 1e-8


@pytest.mark.slow
def test_stewart_runs_to_the_published_time_without_chattering() -> None:
    data = Dataset.published("stewart")
    start = make_start(200, 1e-3, 0, "balanced", data.d)
    results = [simulate(data, start, 4000.0, tolerance=tolerance) for tolerance in (1e-8, 1e-10)]
    assert not any(result.partial for result in results)
    assert results[0].slides > 0
    assert results[0].events <= start.width * data.n
    assert results[0].steps < 5000
    assert np.all(np.diff(results[0].losses) <= 1e-15)
    assert np.max(np.abs(results[0].outputs[-1] - results[1].outputs[-1])) < 1e-5


@pytest.mark.parametrize("tolerance", [1e-6, 1e-8, 1e-10])
@pytest.mark.parametrize("scale", [1e-3, 1e-6])
def test_neurons_stay_on_the_hyperplane_of_a_point_that_is_fitted(tolerance: float, scale: float) -> None:
    # The pulls end below what the tolerance leaves of them, and then do not decide which neurons stay on a hyperplane.
    data = Dataset.published("non-orthogonal-toy")
    start = make_start(60, scale, 0, "balanced", data.d)
    run = simulate(data, start, 4000.0, tolerance=tolerance)
    assert not run.partial
    assert run.time == 4000.0
    # |p_k| <= n unsure / ||x_k||, unsure = S max ||x||^2 tol / n and ||x|| >= 1
    assert run.losses[-1] <= (run.sizes[-1] * 5.0 * tolerance) ** 2 / 2
    assert run.events < 40 * len(run.a)


@pytest.mark.parametrize("size", [30.0, 300.0])
def test_a_step_with_diverging_stages_is_rejected(size: float) -> None:
    # A step of 1 where S ||x||^2 is 1e3 to 1e5: the stages grow to infinity, and to NaN, within it.
    w = size * np.array([[0.6, 0.8], [-0.8, 0.6]])
    engine = Engine.start(FlowProblem.of(THREE), np.array([size, -size]), w, 1e-8)
    before = np.abs(THREE.y - engine.state.outputs()).max()
    engine.step = 1.0
    engine.advance(1.0)
    assert np.isfinite(engine.state.neurons()).all()
    assert np.abs(THREE.y - engine.state.outputs()).max() <= before


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_the_curvature_bound_holds(loss: str) -> None:
    data = Dataset.from_arrays([["1", "0"], ["0", "1"]], ["1", "-1"])
    problem, second = FlowProblem.of(Problem(data, loss)), sympy.diff(model.LOSSES[loss].value, model.prediction, 2)
    for output in (-30.0, -2.0, 0.0, 0.5, 40.0):
        largest = max(float(second.subs({model.prediction: output, model.label: y}).evalf()) for y in (1, -1))
        bound = problem.curvature(problem.pulls(np.array([output, output])))
        assert largest <= bound * (1 + 1e-12)
        assert bound <= problem.kappa


def test_a_bundle_that_leaves_one_hyperplane_for_the_next_does_not_fall_back() -> None:
    # At 1e-8 and these times one step takes 29 neurons from where they have just left a hyperplane, up to rounding, to
    # the next one, where it is cut: they must not be taken to have met the first one again.
    data = Dataset.published("stewart")
    start = make_start(200, 1e-3, 0, "balanced", data.d)
    times = np.rint(np.geomspace(1.0, 4000.0, 50) / 2e-3) * 2e-3
    fine, coarse = (simulate(data, start, 4000.0, tolerance=tolerance, times=times) for tolerance in (1e-10, 1e-8))
    assert (fine.events, fine.slides) == (coarse.events, coarse.slides)
    # Each of 1,330 steps may be off by 1e-8 of the neurons.
    assert np.max(np.abs(fine.outputs - coarse.outputs)) <= coarse.steps * 1e-8


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_the_compiled_loss_and_pull_are_the_derived_ones(loss: str) -> None:
    h = np.concatenate([np.linspace(-40, 40, 81), [-800.0, 800.0]])
    for y in (1.0, -1.0):
        compiled = np.array([step.pull(value, y, step.LOSSES.index(loss)) for value in h])
        derived = get_loss(loss).pull(h, y)
        # The exponent u of e^u may be off by an ulp of |u|.
        known = np.isfinite(derived)
        assert np.array_equal(compiled[~known], derived[~known])
        off = np.abs(compiled[known] - derived[known])
        assert np.all(off <= np.finfo(float).eps * (4 + np.abs(h[known])) * np.abs(derived[known]))
        losses = np.array([step.value(value, y, step.LOSSES.index(loss)) for value in h])
        np.testing.assert_allclose(losses, get_loss(loss).value(h, y), rtol=4 * np.finfo(float).eps * (4 + 800))


@pytest.mark.parametrize("engine", ["patterns", "neurons"])
@given(seed=st.integers(0, 10**6))
def test_both_engines_follow_the_exponential_loss(engine: EngineName, seed: int) -> None:
    """Beside the reference, whose loss is written by hand and whose neurons are integrated one by one."""
    rng = np.random.default_rng(seed)
    n, d, m, leak = int(rng.integers(2, 5)), int(rng.integers(1, 5)), int(rng.integers(1, 4)), seed % 2 / 4
    inputs, y = (2 * rng.integers(-8, 8, (n, d)) + 1) / 8, rng.choice([-1.0, 1.0], n)
    data = Dataset.from_arrays(inputs, y, loss="exponential")
    w = rng.uniform(-0.5, 0.5, (m, d))
    a = rng.choice([-1.0, 1.3], m) * np.linalg.norm(w, axis=1)
    ends = [
        reference_flow(data.X, y, a, w, np.array([0.0, 1.0]), rtol=rtol, loss="exponential", leak=leak)
        for rtol in (1e-10, 1e-8)
    ]
    found = simulate(Problem(data, "exponential", leak), Network(a, w), 1.0, tolerance=1e-10, engine=engine)
    exact, coarse = (np.column_stack([end.w[-1], end.a[-1]]) for end in ends)
    off = np.abs(np.column_stack([found.w, found.a]) - exact).max()
    assert off <= np.abs(exact).max() * 1e-10 * found.steps + np.abs(coarse - exact).max()


def test_the_outputs_of_the_groups_are_those_of_the_network() -> None:
    data = Dataset.published("stewart")
    start = make_start(300, 1.0, 3, "unbalanced", data.d)
    state = State(FlowProblem.of(Problem(data, leak=Fraction(1, 10))), start.a, start.w)
    np.testing.assert_allclose(state.outputs(), network_outputs(data.X, start.a, start.w, 0.1), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(state.neurons()[:, -1], start.a, rtol=4 * np.finfo(float).eps)


@given(st.integers(0, 10**6))
@settings(max_examples=6)
@example(0)
@example(2)
@example(35)
@example(50)
def test_neurons_come_to_rest_in_the_corners_of_orthogonal_points(seed: int) -> None:
    """Neurons that every point pushes away end on a ray R+ x_k each, where nothing else happens for however long.

    With w = sum c_k x_k every c_k > 0 falls as y_k/n int |a| dt until it is 0: the greatest c_k/y_k is left. Speeds
    towards the other hyperplanes vanish on the ray and the neuron shrinks forever; in a frame that has turned far,
    rounding once put it behind a hyperplane as often as it was put on it. In which runs depends on the processor: the
    examples are those that were seen.
    """
    exact = [["-1/4", "1/2", "-1/2"], ["-2/3", "1/3", "2/3"], ["13/12", "13/12", "13/24"]]
    data = Dataset.from_arrays(exact, ["5/4", "5/4", "9/8"])
    c = np.abs(np.random.default_rng(seed).standard_normal((30, 3)))
    w = 1e-20 * c @ data.X
    result = simulate(data, Network(-np.linalg.norm(w, axis=1), w), 40.0, tolerance=1e-12)
    assert result.resolved
    assert result.events == 2 * len(w)
    left = result.w @ data.X.T / (data.X**2).sum(axis=1)
    assert (left.argmax(axis=1) == (c / data.y).argmax(axis=1)).all()
    assert (left.max(axis=1) > 0).all()
    # What is left of the others is rounding, read through frames that turn by FARTHEST; nothing shrinks it.
    allowed = 16 * np.finfo(float).eps * FARTHEST**2 * 1e-20 * c.max(axis=1)
    assert (np.sort(left, axis=1)[:, 1] <= allowed).all()


@given(st.integers(0, 10**6), st.floats(0.0, float(np.arccosh(FARTHEST))))
@example(0, float(np.arccosh(FARTHEST)))
def test_a_neuron_put_on_a_hyperplane_is_read_there_in_a_frame_that_has_turned(seed: int, rapidity: float) -> None:
    """Rounding of a frame puts no neuron behind a hyperplane."""
    rng = np.random.default_rng(seed)
    data = Dataset.from_arrays(
        [["-1/4", "1/2", "-1/2"], ["-2/3", "1/3", "2/3"], ["13/12", "13/12", "13/24"]], [1, 1, 1]
    )
    w = np.abs(rng.standard_normal((2, 3))) @ np.diag([1.0, 1.0, -1.0]) @ data.X
    w[1] = np.abs(rng.standard_normal(3)) @ data.X
    state = State(FlowProblem.of(data), np.array([-1.0, 1.0]) * np.linalg.norm(w, axis=1), w)
    there, here = (int(u) for u in state.group)
    assert there != here
    g, along = state.groups.active(), np.append(data.X[0] / np.linalg.norm(data.X[0]), 0.0)
    last = np.array([0.0, 0.0, 0.0, 1.0])
    stretched, exchanged = np.outer(along, along) + np.outer(last, last), np.outer(along, last) + np.outer(last, along)
    g.to_now[there] = np.eye(4) + (np.cosh(rapidity) - 1) * stretched + np.sinh(rapidity) * exchanged
    state.send(here, np.array([1]), g.pattern[there], np.array([2]))
    z = state.here(there, np.array([1]))[0]
    assert abs(state.problem.normals[2] @ z[:-1]) <= STANDING / 2 * abs(z[-1])


def test_the_speed_is_the_dissipation_of_the_loss() -> None:
    start = make_start(50, 1.0, 1, "balanced", THREE.d)
    h = 1e-4
    result = simulate(THREE, start, 2 * h, tolerance=1e-12, times=[0.0, h, 2 * h])
    middle = State(FlowProblem.of(THREE), *_at(THREE, start, h)).speed()
    slope = (result.losses[2] - result.losses[0]) / (2 * h)
    assert abs(-slope / middle**2 - 1) < 1e-5


def _at(data: Dataset, start, time: float) -> tuple[np.ndarray, np.ndarray]:
    result = simulate(data, start, time, tolerance=1e-12)
    return result.a, result.w


def test_runs_stop_at_the_requested_loss_and_speed() -> None:
    start = make_start(20, 1e-2, 0, "balanced", THREE.d)
    early = simulate(THREE, start, 4000.0, until_loss=0.2)
    assert early.partial
    assert early.losses[-1] <= 0.2 < early.losses[-2]
    assert "at most 0.2" in str(early.reason)
    still = simulate(THREE, start, 4000.0, times=np.linspace(1, 4000, 4000), until_speed=1e-3)
    assert still.partial
    assert still.time < 100
    assert early.resolved
    assert still.resolved


def test_degenerate_starts_and_neurons_at_rest_are_reported() -> None:
    start = Neurons(ratios=(Fraction(21, 8),), weights=((Fraction(-13, 32), Fraction(1, 32)),))
    data = Dataset(
        ((Fraction(-2), Fraction(-11, 8)), (Fraction(-1, 4), Fraction(1, 4)), (Fraction(3, 8), Fraction(11, 8))),
        (Fraction(-4, 3), Fraction(1), Fraction(-1)),
    )
    w = np.array(start.weights, dtype=float)
    a = np.array(start.ratios, dtype=float) * np.linalg.norm(w, axis=1)
    result = simulate(Problem(data, leak=Fraction(1, 8)), Network(a, w), 8.0, history=True)
    assert result.history is not None
    assert (len(result.resting) == 1) == any(event.kind == "rest" for event in result.history)
    on = simulate(THREE, Network(np.array([1.0, 1.0]), np.array([[4.0, 3.0], [1.0, 0.0]]) / 5), 1.0)
    assert on.degenerate == (0,)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"time": 0.0}, "the time is 0"),
        ({"tolerance": 1e-20}, "the tolerance is 1e-20"),
        ({"network": Network(np.ones((1, 1)), [[0.6, 0.8]])}, "the network has shapes"),
        ({"network": Network([1.0], [[np.nan, 1.0]])}, "not a finite number"),
        ({"network": Network.empty(2)}, "no neurons"),
        ({"times": [1.0, 0.5, 2.0]}, "the times must increase"),
    ],
)
def test_invalid_arguments_of_simulate_are_refused(changed: dict, message: str) -> None:
    options = {"problem": THREE, "network": Network([1.0], [[0.6, 0.8]]), "time": 2.0} | changed
    with pytest.raises(InputError, match=message):
        simulate(**options)
