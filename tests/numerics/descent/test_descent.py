"""Gradient descent: a plain loop, symmetries, the order in the step, its bound, and runs that are continued."""

import math

import numpy as np
import pytest

from early_alignment import (
    Batches,
    Dataset,
    InputError,
    Network,
    Problem,
    descend,
    extrapolate_step,
    get_loss,
    make_start,
    simulate,
)
from early_alignment.numerics.data.conventions import CONVENTIONS, convention
from early_alignment.numerics.descent import extrapolation as descent_extrapolation
from early_alignment.numerics.descent import steps as descent_steps
from early_alignment.numerics.descent.run import DescentRun, start_descent, steps_until
from early_alignment.numerics.flow.checkpoint import Damaged
from early_alignment.numerics.flow.simulation import Recorded
from early_alignment.numerics.rounding import EPS

from .plain_descent import plain_descent

CASES = [("square", "0"), ("square", "1/4"), ("logistic", "0"), ("logistic", "1/10")]


def random_problem(seed, n, d, loss, leak):
    generator = np.random.default_rng(seed)
    labels = generator.choice([-1.0, 1.0], n) if loss == "logistic" else generator.normal(size=n)
    return Problem(Dataset.from_arrays(generator.normal(size=(n, d)), labels), loss, leak)


def random_network(seed, m, d, scale=0.3):
    generator = np.random.default_rng(seed)
    return Network(scale * generator.normal(size=m), scale * generator.normal(size=(m, d)))


def rows(network):
    return np.concatenate([network.w, network.a[:, None]], axis=1)


@pytest.mark.parametrize(("loss", "leak"), CASES)
@pytest.mark.parametrize(("n", "d", "m"), [(2, 1, 3), (4, 3, 5), (7, 6, 4)])
def test_it_agrees_with_a_plain_loop(loss, leak, n, d, m):
    problem, network = random_problem(n, n, d, loss, leak), random_network(m, m, d)
    count, step = 40, 0.005
    run = descend(problem, network, count * step, step)
    data = problem.data
    convention_of = {"square": "half-mean", "logistic": "logistic"}[loss]
    expected = plain_descent(
        data.X.tolist(), data.y.tolist(), rows(network).tolist(), step, count, convention_of, float(problem.leak)
    )
    # Each step leaves rounding of its sums of n, m and d terms, and later steps enlarge it by e^{lipschitz * time}.
    allowed = count * (n + m + d + 8) * EPS * math.exp(lipschitz(problem, run) * count * step) * np.abs(expected).max()
    np.testing.assert_allclose(rows(run), expected, rtol=0, atol=allowed)
    assert allowed < 1e-10
    assert (run.steps, run.right_hand_sides, run.slides) == (count, count, 0)


def lipschitz(problem, run):
    """A bound on the Lipschitz constant of the gradient within a pattern, along a run: see flow.descent-order."""
    squares = np.sum(problem.data.X**2, axis=1)
    size = 2 * max(run.sizes.max(), float(np.sum(rows(run) ** 2)))
    pulls = get_loss(problem.loss).pull(run.outputs, problem.data.y)
    return (
        get_loss(problem.loss).kappa * squares.mean() * size + np.mean(np.abs(pulls) * np.sqrt(squares), axis=1).max()
    )


def test_a_plain_loop_notices_a_wrong_gradient(monkeypatch):
    problem, network = random_problem(1, 4, 3, "square", "0"), random_network(2, 5, 3)
    expected = plain_descent(problem.data.X.tolist(), problem.data.y.tolist(), rows(network).tolist(), 0.02, 40)
    right = descent_steps.Descent._tangent

    def wrong(self, points):
        drifts, downhill = right(self, points)
        downhill[:, -1] += self.step * np.einsum("jd,jd->j", downhill[:, :-1], drifts)  # a moves after w has moved
        return drifts, downhill

    monkeypatch.setattr(descent_steps.Descent, "_tangent", wrong)
    run = descend(problem, network, 0.8, 0.02)
    assert np.abs(rows(run) - expected).max() > 1e-4


@pytest.mark.parametrize("name", CONVENTIONS)
def test_conventions_are_a_change_of_time_and_step(name):
    problem, network = random_problem(3, 5, 3, "square", "0"), random_network(4, 6, 3)
    count, step = 30, 0.003
    expected = plain_descent(
        problem.data.X.tolist(), problem.data.y.tolist(), rows(network).tolist(), step, count, name
    )
    chosen = convention(name, "square", 5)
    run = descend(problem, network, chosen.ours(count * step), chosen.ours(step))
    np.testing.assert_allclose(rows(run), expected, rtol=0, atol=1e-12)


def test_the_factors_of_the_conventions():
    square = {name: (float(convention(name, "square", 6).factor)) for name in CONVENTIONS}
    assert square == {"mean": 2.0, "sum": 12.0, "half-mean": 1.0, "half-sum": 6.0}
    logistic = {name: (float(convention(name, "logistic", 6).factor)) for name in CONVENTIONS}
    assert logistic == {"mean": 1.0, "sum": 6.0, "half-mean": 0.5, "half-sum": 3.0}
    assert convention("half-mean", "square", 6).formula == "(1/2n) sum (h - y)^2"
    with pytest.raises(InputError, match="the conventions are mean, sum"):
        convention("average", "square", 6)


@pytest.mark.parametrize(("loss", "leak"), CASES)
def test_symmetries(loss, leak):
    problem, network = random_problem(5, 4, 3, loss, leak), random_network(6, 5, 3)
    data, (time, step) = problem.data, (1.0, 0.01)
    plain = descend(problem, network, time, step)
    generator = np.random.default_rng(0)
    turn = np.linalg.qr(generator.normal(size=(3, 3)))[0]
    points, neurons = generator.permutation(4), generator.permutation(5)
    halves = Network(np.tile(network.a, 2) / math.sqrt(2), np.tile(network.w, (2, 1)) / math.sqrt(2))
    again = {
        "rotated": (data.X @ turn.T, data.y, Network(network.a, network.w @ turn.T), np.arange(4)),
        "points": (data.X[points], data.y[points], network, points),
        "neurons": (data.X, data.y, Network(network.a[neurons], network.w[neurons]), np.arange(4)),
        "split": (data.X, data.y, halves, np.arange(4)),
        "twice": (np.tile(data.X, (2, 1)), np.tile(data.y, 2), network, np.tile(np.arange(4), 2)),
    }
    for name, (X, y, start, order) in again.items():
        other = descend(Problem(Dataset.from_arrays(X, y), loss, leak), start, time, step)
        allowed = 100 * 50 * EPS * math.exp(lipschitz(problem, plain) * time)
        np.testing.assert_allclose(other.outputs[-1], plain.outputs[-1][order], rtol=0, atol=allowed, err_msg=name)
        assert len(order) == 8 or other.events == (2 if name == "split" else 1) * plain.events, name


@pytest.mark.parametrize(("loss", "leak"), CASES)
@pytest.mark.parametrize(("n", "d", "m", "seed"), [(3, 2, 4, 1), (5, 8, 6, 2), (2, 12, 3, 3)])
def test_the_order_is_one_and_the_distance_within_its_bound(loss, leak, n, d, m, seed):
    problem, network = random_problem(seed, n, d, loss, leak), random_network(seed + 10, m, d)
    time = 0.5
    flow = simulate(problem, network, time, tolerance=1e-13, history=True)
    while flow.events:  # up to where nothing happens
        time = flow.history[0].time / 2
        flow = simulate(problem, network, time, tolerance=1e-13, history=True)
    steps = [time / 2**k for k in range(3, 11)]
    runs = [descend(problem, network, time, step) for step in steps]
    runs = [run for run in runs if not run.events]
    distances = [float(np.linalg.norm(rows(run) - rows(flow))) for run in runs]
    orders = np.log2(np.array(distances[:-1]) / np.array(distances[1:]))
    # The order is 1 + O(H), so that halving H halves its distance from 1, up to terms of the next order.
    assert abs(orders[-1] - 1) <= 0.01
    assert abs(orders[-1] - 1) <= 0.75 * abs(orders[0] - 1) + 1e-6
    for run, distance in zip(runs, distances, strict=True):
        rate = max(lipschitz(problem, run), lipschitz(problem, flow))
        fastest = speeds(problem, network, flow)
        assert distance <= run.step / 2 * fastest * math.expm1(rate * time) * (1 + 1e-9) + 1e-12


def speeds(problem, network, flow):
    """The largest ||theta'|| of the flow: ||theta'|| <= mean(|p_k| ||x_k||) ||theta||, with both at their largest."""
    lengths = np.linalg.norm(problem.data.X, axis=1)
    pulls = np.abs(get_loss(problem.loss).pull(flow.outputs, problem.data.y))
    norm = max(float(np.sum(rows(one) ** 2)) for one in (network, flow))
    return float((pulls * lengths).mean(axis=1).max()) * math.sqrt(norm) * 1.1


def test_the_slope_at_a_preactivation_of_zero_is_that_of_the_negative_side():
    data = Dataset.from_arrays(np.array([[1.0, 0.0]]), np.array([1.0]))
    network = Network(np.array([1.0]), np.array([[0.0, 1.0]]))
    still = descend(Problem(data), network, 1.0, 0.1)
    np.testing.assert_array_equal(still.w, network.w)
    leaky = descend(Problem(data, "square", "1/2"), network, 0.1, 0.1)
    np.testing.assert_allclose(leaky.w, [[0.05, 1.0]], rtol=1e-15)


def test_times_are_whole_steps_and_close_to_those_of_the_flow():
    data, start = Dataset.published("three-points"), make_start(30, 1e-3, 0)
    run, flow = descend(data, start, 40.0, 0.05), simulate(data, start, 40.0)
    numbers = run.times / 0.05
    np.testing.assert_allclose(numbers, np.rint(numbers), rtol=1e-12)
    assert (run.times[0], run.times[-1]) == (0.0, 40.0)
    assert np.all(np.diff(run.times) > 0)
    late = flow.times[flow.times > 5.0]
    assert np.abs(run.times[:, None] - late).min(axis=0).max() < 0.1 * late.max()


def test_extrapolation_comes_closer_to_the_flow_by_an_order():
    problem, network = random_problem(2, 5, 8, "square", "0"), random_network(13, 6, 8)
    found = {step: extrapolate_step(problem, network, descend(problem, network, 0.16, step)) for step in (0.04, 0.02)}
    for result in found.values():
        assert result.regular
        assert result.from_flow is not None
        for estimated, measured in zip(result.estimated, result.from_flow, strict=True):
            assert estimated.weights == pytest.approx(measured.weights, abs=result.uncertainty.weights)
    coarse, fine = (found[step].extrapolated_from_flow.weights for step in (0.04, 0.02))
    assert 1.8 <= math.log2(coarse / fine) <= 2.2
    firsts = [found[step].from_flow[0].weights for step in (0.04, 0.02)]
    assert 0.9 <= math.log2(firsts[0] / firsts[1]) <= 1.1


def test_a_flow_that_takes_too_long_is_left_out():
    data, start = Dataset.published("three-points"), make_start(30, 1e-3, 0)
    found = extrapolate_step(data, start, descend(data, start, 4.0, 0.1), seconds=0.0)
    assert (found.from_flow, found.flow_loss) == (None, None)
    assert "followed for 0 s" in found.no_flow


def test_a_flow_that_is_too_large_is_not_tried(monkeypatch):
    monkeypatch.setattr(descent_extrapolation, "LARGEST_FLOW", 5)
    data, start = Dataset.published("three-points"), make_start(30, 1e-3, 0)
    found = extrapolate_step(data, start, descend(data, start, 4.0, 0.1))
    assert found.from_flow is None
    assert "3 points and dimension 2 are too many to follow it in 30 s" in found.no_flow


def test_divergence_is_said_and_the_last_finite_network_is_kept():
    problem, network = random_problem(1, 4, 3, "square", "0"), random_network(2, 5, 3, scale=3.0)
    run = descend(problem, network, 100.0, 1.0)
    assert run.partial
    assert not run.resolved
    assert "descent diverges: after step" in run.reason
    assert np.isfinite(run.losses).all()
    assert np.isfinite(rows(run)).all()
    with pytest.raises(InputError, match="nothing to extrapolate: descent diverges"):
        extrapolate_step(problem, network, run)


@pytest.mark.parametrize(
    ("time", "step", "message"),
    [
        (1.0, 0.3, "the nearest times are 0.9 and 1.2"),
        (1.0, 2.0, "the nearest times are 2"),
        (1.0, 0.0, "the step is 0"),
        (1.0, math.inf, "the step is inf"),
        (math.nan, 0.1, "the time is nan"),
        (1.0, 1e-300, "more than 2\\^53 steps"),
    ],
)
def test_steps_that_make_no_sense_are_refused(time, step, message):
    with pytest.raises(InputError, match=message):
        steps_until(time, step)


def test_decimal_steps_divide_decimal_times():
    for step in (0.1, 0.001, 0.07, 1 / 3):
        assert steps_until(123_457 * step, step) == 123_457


@pytest.mark.parametrize(("loss", "leak"), CASES)
def test_descent_in_batches_is_that_of_a_plain_loop(loss, leak):
    problem, network, batches = random_problem(1, 7, 3, loss, leak), random_network(2, 5, 3), Batches(3, seed=4)
    convention_of = {"square": "half-mean", "logistic": "logistic"}[loss]
    neurons = rows(network).tolist()
    for number in range(20):
        chosen = batches.points(number, 7)
        X, y = problem.data.X[chosen].tolist(), problem.data.y[chosen].tolist()
        neurons = plain_descent(X, y, neurons, 0.02, 1, convention_of, float(problem.leak))
    run = descend(problem, network, 0.4, 0.02, batches=batches)
    np.testing.assert_allclose(rows(run), neurons, rtol=0, atol=1e-12)
    assert np.abs(rows(run) - rows(descend(problem, network, 0.4, 0.02))).max() > 1e-4
    assert (run.to_json()["batch"], run.to_json()["seed"]) == (3, 4)


def test_an_epoch_goes_through_all_points_once_in_an_order_of_its_own():
    batches = Batches(3, seed=4)
    epochs = [[batches.points(3 * epoch + place, 7).tolist() for place in range(3)] for epoch in range(20)]
    for epoch in epochs:
        assert [len(batch) for batch in epoch] == [3, 3, 1]
        assert sorted(point for batch in epoch for point in batch) == list(range(7))
    assert len({str(epoch) for epoch in epochs}) == 20
    assert epochs[0] != [Batches(3, seed=5).points(place, 7).tolist() for place in range(3)]


def test_one_batch_of_all_points_is_full_batch_descent():
    problem, network = random_problem(1, 7, 3, "square", "0"), random_network(2, 5, 3)
    run, plain = descend(problem, network, 2.0, 0.02, batches=Batches(7, 0)), descend(problem, network, 2.0, 0.02)
    np.testing.assert_allclose(rows(run), rows(plain), rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    ("batches", "message"),
    [
        (Batches(0, 0), "the batches have 0 points; with 7 points in all they must have 1 to 7"),
        (Batches(8, 0), "the batches have 8 points"),
        (Batches(3, -1), "the seed is -1"),
    ],
)
def test_batches_that_cannot_be_are_refused(batches, message):
    with pytest.raises(InputError, match=message):
        descend(random_problem(1, 7, 3, "square", "0"), random_network(2, 5, 3), 0.4, 0.02, batches=batches)


class Stopped(Exception):
    """Raised where a run is stopped."""


@pytest.mark.parametrize("batches", [None, Batches(2, 3)])
def test_a_run_that_is_stopped_anywhere_continues_to_the_same_result(batches, monkeypatch):
    monkeypatch.setattr(descent_steps, "PAUSE", 0.0)  # a look after every step
    data, start = Dataset.published("three-points"), make_start(30, 1e-3, 0)
    whole = descend(data, start, 20.0, 0.1, history=True, batches=batches)
    for at in (1, 7, 100, 199, 200):
        run = start_descent(data, start, 20.0, 0.1, Recorded(history=True, kept=30), batches=batches)

        def stop(run, at=at):
            if run.descent.number >= at:
                raise Stopped

        with pytest.raises(Stopped):
            run.follow(stop)
        again = DescentRun.restored(run.descent.problem, {name: np.array(a) for name, a in run.arrays().items()})
        assert again.descent.number == run.descent.number
        result = again.result(again.follow())
        for name in ("times", "outputs", "losses", "sizes", "a", "w"):
            np.testing.assert_array_equal(getattr(result, name), getattr(whole, name), err_msg=name)
        assert (result.history, result.events) == (whole.history, whole.events)


def test_damaged_checkpoints_are_refused():
    data, start = Dataset.published("three-points"), make_start(30, 1e-3, 0)
    run = start_descent(data, start, 20.0, 0.1, Recorded(history=True, kept=30))
    run.follow()
    problem, arrays = run.descent.problem, run.arrays()
    assert DescentRun.restored(problem, arrays).finished
    for name in arrays:
        with pytest.raises(Damaged):
            DescentRun.restored(problem, {key: array for key, array in arrays.items() if key != name})
    for name, wrong in {
        "steps": np.array([5, 200, 4, 0]),
        "descent": np.array([9.0, 0.1, 20.0, 0.0]),
        "network": np.full_like(arrays["network"], np.nan),
        "batches": np.array([4, 0]),
        "event_places": np.full_like(arrays["event_places"], 99),
    }.items():
        with pytest.raises(Damaged):
            DescentRun.restored(problem, arrays | {name: wrong})


def test_the_list_of_changes_is_limited_and_the_count_is_not(monkeypatch):
    monkeypatch.setattr(descent_steps, "EVENTS_KEPT", 5)
    data, start = Dataset.published("three-points"), make_start(30, 1e-3, 0)
    run = descend(data, start, 20.0, 0.1, history=True)
    assert len(run.history) == 5
    assert run.events > 5


def test_points_on_one_line_change_together_and_count_once():
    inputs = np.array([[1.0, 0.5], [2.0, 1.0], [-3.0, -1.5]])
    data = Dataset.from_arrays(inputs, np.array([1.0, 1.0, -1.0]))
    network = Network(np.array([-1.0]), np.array([[0.05, 0.05]]))
    run = descend(data, network, 1.0, 0.1, history=True)
    assert run.events == 1
    assert {event.hyperplane for event in run.history} == {0}
