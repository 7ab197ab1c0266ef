"""What a sweep says of one run: where it ended and when, its directions, and random data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_alignment import Dataset, InputError, make_start, simulate
from early_alignment.numerics.sweep.grid import Following, GridRun, follow
from early_alignment.numerics.sweep.outcome import directions, first_time
from early_alignment.numerics.sweep.random_data import RandomData

DATA = Dataset.published("three-points")
RUN = GridRun(0, "three-points", 3, 2, None, "square", "0", "balanced", 40, 1e-3, 0)
FOLLOWING = Following("flow", 1000.0, 1e-6, None, 1e-6, 1e-7, 1e-4)


def end(**changed):
    return follow(replace(RUN, **changed), DATA, FOLLOWING)


def test_the_two_edges_of_the_three_points():
    small, large = end(), end(scale=4.0)
    assert (small.end, large.end) == ("least squares", "fit")
    assert small.end_loss == pytest.approx(256 / 2925, abs=1e-9)
    assert small.end_loss >= small.least_squares_loss - 1e-12
    assert large.end_loss <= 1e-6
    assert small.left_time < small.end_time
    assert small.fit_time is None
    assert large.fit_time <= large.end_time
    assert small.directions < large.directions


def test_a_run_is_that_of_simulate_with_the_same_options():
    found = follow(replace(RUN, scale=0.3, seed=5), DATA, replace(FOLLOWING, time=20.0, rest_speed=1e-12))
    same = simulate(DATA, make_start(40, 0.3, 5, d=2), 20.0, tolerance=1e-6)
    assert (found.end, found.end_loss, found.events, found.steps) == (
        "moving", float(same.losses[-1]), same.events, same.steps,
    )  # fmt: skip
    assert found.norm == pytest.approx(np.sqrt(np.sum(same.a**2) + np.sum(same.w**2)), rel=1e-14)
    assert found.path_norm == pytest.approx(np.sum(np.abs(same.a) * np.linalg.norm(same.w, axis=1)), rel=1e-14)


def test_a_network_whose_neurons_die_stays_at_the_origin():
    found = end(width=1, seed=0)
    assert (found.end, found.left_origin, found.live, found.directions, found.left_time) == (
        "origin",
        False,
        0,
        0,
        None,
    )


def test_a_saddle_is_not_taken_for_rest():
    """Two orthogonal points of norms 1 and 1/2, labels of both signs: the second is fitted long after the first."""
    data = Dataset.from_arrays([["1", "0"], ["0", "1/2"]], ["1", "-1"])
    found = follow(replace(RUN, scale=1e-12, width=8), data, replace(FOLLOWING, time=300.0, rest_speed=1e-4))
    assert found.end == "fit"
    assert found.end_time > 1.8 * found.left_time


def test_descent_is_followed_too():
    following = replace(FOLLOWING, method="descent", step=0.1, time=200.0)
    assert follow(RUN, DATA, following).end == "least squares"
    found = follow(replace(RUN, scale=4.0, leak="1/2"), DATA, replace(following, step=50.0))
    assert (found.end, found.resolved) == ("unresolved", False)
    assert "smaller step" in found.message


@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 10**6))
def test_copies_of_neurons_add_no_direction(count, copies, seed):
    """Directions at least 0.2 apart, each copied with other sizes and turned by less than half of the allowed angle."""
    rng = np.random.default_rng(seed)
    angles = np.repeat(np.arange(count), copies) + rng.uniform(-0.004, 0.004, count * copies)
    w = rng.uniform(0.1, 10.0, count * copies)[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    a = rng.uniform(0.1, 10.0, count * copies)
    assert directions(a, w) == count
    assert directions(np.concatenate([a, -a]), np.concatenate([w, w])) == 2 * count
    assert directions(np.append(a, 1e-9), np.append(w, [[0.1, -0.1]], axis=0)) == count


def test_the_first_time_of_an_exponential_is_exact():
    times = np.array([0.0, 1.0, 3.0, 7.0])
    losses = np.exp(-times)
    assert first_time(times, losses, np.exp(-2.0)) == pytest.approx(2.0)
    assert first_time(times, losses, 1.0) is None
    assert first_time(times, losses, 1e-9) is None


@given(st.integers(1, 12), st.integers(1, 5), st.integers(0, 10**6), st.integers(1, 3))
def test_random_data_are_decimals_and_depend_on_their_seed_alone(points, dimension, seed, neurons):
    described = RandomData(points, dimension, seed, "neurons", neurons, 0.5)
    data = described.draw("square", "drawn")
    assert (data.n, data.d, data.decimal) == (points, dimension, True)
    assert described.draw("square", "drawn") == data
    assert replace(described, seed=seed + 1).draw("square", "drawn") != data
    start = make_start(points, 1.0, seed, d=dimension)
    assert not np.allclose(data.X, start.w * np.sqrt(points), atol=1e-5)


def test_the_labels_are_those_of_the_teacher():
    linear = RandomData(20, 3, 1, "linear").draw("square", "linear")
    assert np.max(np.abs(linear.y - linear.X @ np.linalg.lstsq(linear.X, linear.y, rcond=None)[0])) < 1e-12
    signs = RandomData(20, 3, 1, "linear").draw("logistic", "signs")
    np.testing.assert_array_equal(signs.y, np.sign(linear.y))
    single = RandomData(20, 3, 1).draw("square", "single")
    np.testing.assert_allclose(single.y, np.maximum(linear.y, 0.0))  # the same v is drawn


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"points": 0}, "at least 1"),
        ({"points": 10**4, "dimension": 10**4}, "at most 1000000"),
        ({"seed": -1}, "0 or larger"),
        ({"teacher": "quadratic"}, "the teachers are linear, neurons"),
        ({"neurons": 0}, "one at least"),
        ({"noise": float("nan")}, "the noise is nan"),
    ],
)
def test_impossible_random_data_are_refused(changed, words):
    with pytest.raises(InputError, match=words):
        replace(RandomData(5, 2, 0), **changed).draw("square", "none")
