"""The times and contents of a recording, and the escape time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, Problem, get_loss, make_start
from early_alignment.numerics.flow.engine.problem import FlowProblem
from early_alignment.numerics.flow.line import function_on_line, line_of
from early_alignment.numerics.flow.schedule import LOSS_SHARE, Schedule
from early_alignment.numerics.flow.simulation import Recorded, start_run
from early_alignment.numerics.oracles.reference import network_outputs
from early_alignment.numerics.predict.escape import escape_level, escape_time

WEIGHTS = st.sampled_from([-2.0, -1.0, -0.25, 0.0, 0.5, 1.0, 3.0, 1e-300])


@settings(max_examples=2 * settings().max_examples)
@given(st.integers(1, 2), st.lists(st.tuples(WEIGHTS, WEIGHTS, WEIGHTS), min_size=1, max_size=6), st.floats(0, 0.9))
def test_the_function_on_a_line_is_the_network(d, neurons, leak):
    """Weights and inputs on one grid: kinks at inputs, constant neurons and kinks outside all come up."""
    line = np.linspace(-2.0, 2.0, 17)
    z = np.array(neurons)[:, : d + 1]
    inputs = np.column_stack([line, np.ones_like(line)][:d])
    expected = network_outputs(inputs, z[:, -1], z[:, :-1], leak)
    found = function_on_line(z, np.zeros(len(z), dtype=np.int64), np.eye(d + 1)[None], line, leak)
    # Sums of at most 4 + 17 terms of the size of |a| (|w_1| 2 + |w_2|) per neuron, each rounded once or twice.
    size = np.sum(np.abs(z[:, -1]) * (2 * np.abs(z[:, 0]) + (np.abs(z[:, 1]) if d == 2 else 0.0)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=100 * np.finfo(float).eps * size)


def test_the_function_on_a_line_uses_the_maps_of_the_groups():
    rng = np.random.default_rng(0)
    frame, group, maps = rng.normal(size=(9, 3)), rng.integers(0, 4, 9), rng.normal(size=(4, 3, 3))
    line = np.linspace(-1.0, 1.0, 9)
    z = np.array([frame[j] @ maps[group[j]] for j in range(9)])
    expected = network_outputs(np.column_stack([line, np.ones(9)]), z[:, -1], z[:, :-1], 0.25)
    np.testing.assert_allclose(function_on_line(frame, group, maps, line, 0.25), expected, atol=1e-12)


def test_only_one_dimensional_inputs_have_a_function_on_a_line():
    assert line_of(Dataset.from_arrays([[1], [3]], [0, 1])).tolist()[::400] == [0.7, 3.3]
    assert line_of(Dataset.from_arrays([[1], [3]], [0, 1], bias=True)) is not None
    assert line_of(Dataset.from_arrays([[1, 2], [3, 1]], [0, 1])) is None
    assert line_of(Dataset.from_arrays([[1, 2]], [1], bias=True)) is None
    assert np.ptp(line_of(Dataset.from_arrays([[2]], [1]))) == 2.0


@pytest.mark.parametrize(
    ("name", "scale", "time"),
    [("three-points", 1e-60, 4e3), ("three-points", 3.0, 20.0), ("orthogonal-toy", 1e-60, 1e3), ("stewart", 1e-3, 1e3)],
)
def test_the_recorded_times_follow_the_loss(name, scale, time):
    """One fall of the loss or two, from the smallest start or from a large one: each is resolved."""
    data, start = Dataset.published(name), make_start(30, scale, 0)
    run = start_run(data, start, time, recorded=Recorded(kept=30))
    assert run.follow() == ""
    times, losses, sizes = (np.array(x) for x in (run.recording.times, run.recording.losses, run.recording.sizes))
    assert times[0] == 0.0
    assert times[-1] == time
    assert np.all(np.diff(times) > 0)
    # The forecast takes the drifts for constant: they turn little while the loss falls by LOSS_SHARE, but double it in
    # the worst case, where neurons still align.
    assert np.max(-np.diff(losses)) < 2 * LOSS_SHARE * losses[0]
    # One more time for each share of the loss, and a few on the way to each fall.
    assert len(times) < len(Schedule(run.engine.problem, time).regular) + 2 / LOSS_SHARE
    np.testing.assert_allclose(sizes, (np.array(run.recording.neurons)[:, :, -1] ** 2).sum(axis=1), rtol=1e-9)


def test_the_regular_times_are_early_enough_to_see_the_first_turn():
    problem = FlowProblem.of(Dataset.published("three-points"))
    for until in (1e-3, 1.0, 4e3, 1e9):
        regular = Schedule(problem, until).regular
        assert regular[-1] == until
        assert regular[0] <= min(0.2, 1.001e-3 * until)
        assert np.max(regular[1:] / regular[:-1]) < 10 ** (1 / 59)


def test_the_escape_time_of_exponential_growth():
    times = np.linspace(0.0, 20.0, 50)
    sizes = 1e-6 * np.exp(1.5 * times)
    assert escape_time(times, sizes, 0.3) == pytest.approx(np.log(0.3 / 1e-6) / 1.5, rel=1e-12)
    assert escape_time(times, sizes, 1e-7) is None  # there from the start
    assert escape_time(times, sizes, 1e9) is None  # never reached
    assert escape_time(times, sizes, None) is None


@pytest.mark.parametrize("loss", ["square", "logistic"])
def test_the_escape_level_follows_from_the_data(loss):
    """At S = level, kappa R2 S is half of D_max (theory.md 4.1): by hand for two points of lengths 5 and 1."""
    data = Dataset.from_arrays([[3, 4], [0, 1]], [1, -1], loss=loss)
    level = escape_level(Problem(data, loss), 0.8)
    assert get_loss(loss).kappa * 13.0 * level == pytest.approx(0.4)
    assert escape_level(Problem(data, loss), 0.0) is None
    assert escape_level(Problem(data, "exponential"), 0.8) is None


def test_the_last_state_of_a_stopped_run_is_recorded_once():
    data = Dataset.published("three-points")
    start = make_start(5, 1e-3, 0, "balanced", 2)
    run = start_run(data, start, 10.0, recorded=Recorded([0.0, 5.0, 10.0]))
    run.note_now()  # before anything was recorded
    assert run.recording.times == [0.0]
    run.note_now()
    assert run.recording.times == [0.0]
    run.engine.advance(2.5)
    run.note_now()
    run.note_now()
    assert run.recording.times == [0.0, 2.5]
