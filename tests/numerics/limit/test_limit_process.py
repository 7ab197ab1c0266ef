"""The limit process: beside closed forms, simulations at tiny scales and equivariances; and what is not decided."""

import signal
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from early_alignment import (
    Dataset,
    InputError,
    Problem,
    Start,
    least_squares,
    limit_process,
    make_start,
    simulate,
)
from early_alignment.numerics.extremal.face import ended_by_interrupt
from early_alignment.numerics.limit import process, small_neurons, transit
from early_alignment.numerics.limit.stationary import stationary_pulls
from early_alignment.proofs_check.cases.bias.orthogonal import drift_of, orthogonal_data, points_of_sign
from early_alignment.proofs_check.measure.escape_times import FINEST, loss_passages


def test_three_points_escape_once_and_end_at_least_squares() -> None:
    data = Dataset.published("three-points")
    limit = limit_process(data)
    assert limit.determined
    assert [saddle.escape.sign for saddle in limit.saddles] == [1]
    assert limit.saddles[0].time == pytest.approx(1 / np.hypot(31 / 120, 2 / 3), rel=1e-14)
    assert limit.loss == pytest.approx(256 / 2925, rel=1e-14)
    assert np.abs(data.y - limit.outputs - np.array([16 / 39, -112 / 195, 32 / 195])).max() < 1e-7
    assert not limit.interpolates
    # one balanced neuron along beta*: ||theta||^2/2 = ||beta*||
    assert limit.norm == pytest.approx(float(np.linalg.norm([-4 / 65, 251 / 390])), rel=1e-7)


def test_stewart_ends_at_least_squares() -> None:
    data = Dataset.published("stewart")
    limit = limit_process(data)
    assert limit.determined
    assert len(limit.saddles) == 1
    assert limit.loss == pytest.approx(least_squares(data).loss, rel=1e-12)


@pytest.mark.slow
@given(st.integers(0, 10**6))
@settings(max_examples=3 * settings().max_examples // 20)
@example(256)
def test_orthogonal_data_take_the_two_steps_of_the_theory(seed: int) -> None:
    rng = np.random.default_rng(seed)
    d = int(rng.integers(2, 5))
    data = orthogonal_data(rng, int(rng.integers(2, d + 1)), d)
    norms = {}
    for sign in (1, -1):
        side = points_of_sign(data, sign)
        if side:
            norms[sign] = float(np.linalg.norm([float(v) for v in drift_of(data, side)]))
    limit = limit_process(data)
    order = sorted(norms, key=lambda sign: -norms[sign])
    if len(order) == 2 and norms[order[1]] > (1 - 1e-3) * norms[order[0]]:
        return
    assert limit.determined
    assert limit.interpolates
    assert [saddle.escape.sign for saddle in limit.saddles] == order
    assert np.allclose([saddle.time for saddle in limit.saddles], [1 / norms[sign] for sign in order], rtol=1e-7)


@pytest.mark.parametrize(("side", "loss", "saddle"), [(-1.0, 0.25, 2.0), (1.0, 0.0, 2**0.5)])
def test_an_aligned_neuron_stays_on_its_side_of_the_hyperplane(side: float, loss: float, saddle: float) -> None:
    """On x_1 = e_1, x_2 = e_2, y = (1, 1) a neuron that x_2 does not reach aligns with e_1, on the hyperplane of x_2,
    which repels it: it never sees x_2, and stays at the loss 1/4. One that sees both points fits both."""
    data = Dataset.from_arrays([["1", "0"], ["0", "1"]], ["1", "1"])
    w = np.array([[1.0, side / 2]])
    limit = limit_process(data, Start(np.linalg.norm(w, axis=1), w, "balanced", 1.0, None))
    assert limit.determined
    assert limit.loss == pytest.approx(loss, abs=1e-11)
    assert [s.time for s in limit.saddles] == pytest.approx([saddle])


def test_equal_norms_are_a_tie() -> None:
    data = Dataset.from_arrays([["1", "0"], ["0", "1"]], ["1", "-1"])
    limit = limit_process(data)
    assert not limit.determined
    assert "same time" in str(limit.reason)
    assert len(limit.saddles) == 1
    assert limit.interpolates


@pytest.mark.parametrize("kind", ["balanced", "dominated"])
def test_the_end_does_not_depend_on_how_the_start_is_described(kind: str) -> None:
    data = Dataset.published("orthogonal-toy")
    start = make_start(40, 1.0, 3, kind, data.d)
    order = np.random.default_rng(0).permutation(40)
    shuffled = Start(1e-3 * start.a[order], 1e-3 * start.w[order], kind, 1e-3, None)
    one, other = (limit_process(data, s) for s in (start, shuffled))
    assert [s.time for s in one.saddles] == pytest.approx([s.time for s in other.saddles], rel=1e-12)
    assert one.norm == pytest.approx(other.norm, rel=1e-7)


@pytest.mark.slow
def test_scaled_and_rotated_data_give_the_same_process() -> None:
    data = Dataset.published("non-orthogonal-toy")
    labels = Dataset(data.inputs, tuple(4 * y for y in data.labels))
    # (3, 4)/5 turns exactly; inputs twice as long
    turned = Dataset(
        tuple(
            (Fraction(6, 5) * x - Fraction(8, 5) * z, Fraction(8, 5) * x + Fraction(6, 5) * z) for x, z in data.inputs
        ),
        data.labels,
    )
    plain, scaled, other = limit_process(data), limit_process(labels), limit_process(turned)
    times = np.array([saddle.time for saddle in plain.saddles])
    assert np.allclose([saddle.time for saddle in scaled.saddles], times / 4, rtol=1e-6)
    assert np.allclose([saddle.time for saddle in other.saddles], times / 2, rtol=1e-6)
    assert scaled.norm == pytest.approx(4 * plain.norm, rel=1e-6)
    assert other.norm == pytest.approx(plain.norm / 2, rel=1e-6)


def test_a_simulation_at_1e_100_goes_through_the_predicted_saddles() -> None:
    data = Dataset.published("non-orthogonal-toy")
    limit = limit_process(data)
    assert limit.determined
    losses = [saddle.loss for saddle in limit.saddles] + [limit.loss]
    levels = [(above + below) / 2 for above, below in pairwise(losses)]
    start = make_start(60, 1e-100, 0, "balanced", data.d)
    until = 1.3 * limit.saddles[-1].time * 100 * np.log(10)
    passages = loss_passages(data, start, levels, until)
    after = np.searchsorted(passages.run.times, passages.times)
    enclosures = passages.run.times[after] - passages.run.times[after - 1]
    assert np.all(enclosures <= 1.001 * until / FINEST)
    between = [float((a + b) / 2) for a, b in pairwise(passages.times)]
    plateaus = passages.run.losses[np.searchsorted(passages.run.times, between)]
    # the flow stays at the second saddle for 130 units of time only, and approached at a rate of some hundredths
    assert np.allclose(plateaus, losses[1:3], rtol=3e-3)
    assert passages.run.losses[-1] < 1e-15
    assert float((passages.run.a**2).sum()) == pytest.approx(limit.norm, rel=1e-6)


def test_pulls_at_a_saddle_are_made_exactly_stationary() -> None:
    data = Dataset.published("three-points")
    fit = least_squares(data)
    beta = np.array([float(v) for v in fit.coefficients])
    noisy = np.array([float(v) for v in fit.residuals]) + 1e-9 * np.array([1.0, -2.0, 3.0])
    pulls, moved = stationary_pulls(data, Fraction(0), noisy, beta[None, :])
    for axis in range(2):
        assert sum(p * x[axis] for p, x in zip(pulls, data.inputs, strict=True)) == 0
    assert 0 < moved < 1e-8
    # far from rest the equations of rest move the pulls by as much as they are wrong
    assert stationary_pulls(data, Fraction(0), data.y, beta[None, :])[1] > 0.1


def test_a_sliding_neuron_is_at_rest_along_its_hyperplane() -> None:
    data = Dataset.from_arrays([["1", "0"], ["0", "1"], ["1", "1"]], ["1", "1", "1"])
    pulls, _ = stationary_pulls(data, Fraction(0), np.array([0.5, -0.25, 1e-3]), np.array([[0.0, 1.0]]))
    # it lies on the first hyperplane: only <D, (0, 1)> must vanish, p_2 + p_3 = 0
    assert pulls[1] + pulls[2] == 0
    assert pulls[0] == Fraction(1, 2)


def test_the_limit_process_handles_leaky_networks() -> None:
    data, leak = Dataset.published("three-points"), Fraction(1, 10)
    limit = limit_process(Problem(data, leak=leak))
    start = make_start(100, 1e-30, 0, "balanced", 2)
    run = simulate(Problem(data, leak=leak), start, 2000.0)
    assert limit.determined
    assert run.losses[-1] == pytest.approx(limit.loss, rel=1e-9)
    assert float((run.a**2).sum()) == pytest.approx(limit.norm, rel=1e-6)


def test_limits_that_cannot_be_predicted_are_refused() -> None:
    data = Dataset.published("three-points")
    with pytest.raises(InputError, match="all labels are 0"):
        limit_process(Dataset(data.inputs, (Fraction(0),) * 3))
    with pytest.raises(InputError, match="dimension 3"):
        limit_process(data, make_start(10, 1.0, 0, "balanced", 3))
    with pytest.raises(InputError, match="leak is 1"):
        limit_process(Problem(data, leak=1))


def test_an_incomplete_list_of_extremal_vectors_is_reported() -> None:
    data = Dataset.published("orthogonal-toy")
    from early_alignment import extremal_vectors

    limit = limit_process(data, vectors=replace(extremal_vectors(data), complete=False, count=None))
    assert not limit.determined
    assert "not all extremal vectors are known" in str(limit.reason)


def test_a_flow_that_does_not_come_to_rest_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transit, "GIVE_UP", 1e-3)
    monkeypatch.setattr(transit, "LONGEST_GROWTH", 1.0)
    limit = limit_process(Dataset.published("orthogonal-toy"))
    assert not limit.determined
    assert "has not come to rest" in str(limit.reason)


def test_a_flow_that_takes_too_many_steps_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transit, "MOST_STEPS", 20)
    limit = limit_process(Dataset.published("orthogonal-toy"))
    assert not limit.determined
    assert "steps to t =" in str(limit.reason)
    assert not limit.complete
    assert len(limit.saddles) == 1


def test_a_small_neuron_that_stops_at_the_origin_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its direction is lost then. Whether a neuron gets there may be decided by rounding, so that one is put there."""

    class OneIsLaidDown(transit.FlowRun):
        def follow(self, *arguments, **options):
            reason = super().follow(*arguments, **options)
            self.engine.state.rest(len(self.engine.state) - 1)
            return reason

    monkeypatch.setattr(transit, "FlowRun", OneIsLaidDown)
    limit = limit_process(Dataset.published("orthogonal-toy"))
    assert not limit.determined
    assert "come to rest at w = 0" in str(limit.reason)


def test_the_process_stops_at_the_largest_number_of_saddles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MOST_SADDLES", 1)
    limit = limit_process(Dataset.published("orthogonal-toy"))
    assert "stopped after 1 saddles" in str(limit.reason)
    assert limit.loss == pytest.approx(0.25, rel=1e-7)


def test_a_dense_start_contains_every_vector_that_attracts_an_open_set(monkeypatch: pytest.MonkeyPatch) -> None:
    from early_alignment import extremal_vectors

    monkeypatch.setattr(small_neurons, "DIRECTIONS", 0)
    rng = np.random.default_rng(5)
    data = orthogonal_data(rng, 4, 4)
    known = extremal_vectors(data)
    rest = small_neurons.at_rest(data, Fraction(0), small_neurons.SmallNeurons.dense(data, Fraction(0), known))
    found = sorted(np.round(rest.drifts[rest.growths > 0], 9).tolist())
    assert found == sorted(np.round([v.vector for v in known.vectors], 9).tolist())


def test_a_time_limit_ends_the_process_before_its_first_saddle() -> None:
    data = Dataset.published("orthogonal-toy")
    limit = limit_process(data, seconds=1e-9)
    assert not limit.complete
    assert not limit.determined
    assert "before its end" in str(limit.reason)
    assert limit.saddles == ()
    assert limit.loss == pytest.approx(float(np.mean(data.y**2)) / 2)
    assert limit_process(data, seconds=1e3).complete


def test_an_interrupt_keeps_the_saddles_that_were_reached() -> None:
    data = Dataset.published("orthogonal-toy")
    whole, losses = limit_process(data), []

    def interrupt_at_the_second_saddle(saddles: int, loss: float) -> None:
        losses.append(loss)
        if saddles == 2:
            signal.raise_signal(signal.SIGINT)

    with ended_by_interrupt():
        part = limit_process(data, progress=interrupt_at_the_second_saddle)
    assert not part.complete
    assert not part.interpolates
    assert [saddle.time for saddle in part.saddles] == [saddle.time for saddle in whole.saddles]
    assert part.loss == whole.saddles[1].loss
    assert losses[0] == whole.saddles[0].loss
    assert max(losses[1:]) <= losses[0] * (1 + 1e-12)


@pytest.mark.parametrize(("name", "seed"), [("orthogonal-toy", 0), ("non-orthogonal-toy", 1), ("three-points", 2)])
def test_an_unbalanced_start_has_the_limit_of_its_flow(name: str, seed: int) -> None:
    """The imbalance is of order lambda^2 for ever; it decides signs of a at the start, and is nothing later."""
    data = Dataset.published(name)
    start = make_start(40, 1e-60, seed, "unbalanced", data.d)
    assert (np.abs(start.a) < np.linalg.norm(start.w, axis=1)).any()
    limit = limit_process(data, start)
    run = simulate(data, start, 180 * limit.saddles[-1].time + 500)
    assert run.losses[-1] == pytest.approx(limit.loss, rel=1e-7, abs=1e-14)
    assert float((run.a**2).sum()) == pytest.approx(limit.norm, rel=1e-6)


def test_unbalanced_neurons_that_shrink_to_their_first_size_are_reported() -> None:
    neurons = small_neurons.SmallNeurons.of(np.array([1.0, 1.0]), np.array([[1.0, 0.0], [0.0, 1.0]]), 0.5)
    neurons = replace(neurons, unbalanced=np.array([True, False]))
    rest = small_neurons.AtRest(neurons, np.zeros((2, 2)), np.array([-1.0, -1.0]), ())
    assert rest.shrunk_to_start(0.4).tolist() == [False, False]
    assert rest.shrunk_to_start(0.6).tolist() == [True, False]
