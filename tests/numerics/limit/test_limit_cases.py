"""Data on which the limit process or the flow was stopped by a wrong choice of sides, noise, or NaN directions."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from early_alignment import Dataset, Network, extremal_vectors, frozen_alignment, limit_process, make_start, simulate
from early_alignment.numerics.flow.engine import engine
from early_alignment.numerics.flow.simulation import start_run
from early_alignment.numerics.frozen.faces import Reason
from early_alignment.numerics.geometry.box_least_squares import least_norm_in_box
from early_alignment.numerics.limit import transit
from early_alignment.numerics.limit.span import Span

THREE = Dataset.from_arrays([["-1", "0", "1"], ["0", "0", "1"], ["1", "-1", "1"]], ["1", "-3", "3"])
LINE = Dataset.from_arrays([["-2", "1"], ["-1", "1"], ["1", "1"], ["2", "1"]], ["-1", "1", "-2", "0"])
PLANE = Dataset.from_arrays(
    [["-1", "-2", "1"], ["-1", "1", "1"], ["2", "-1", "1"], ["2", "2", "1"]], ["1", "0", "0", "1"]
)
"""Four points with a bias; on each of these sets an escape drives a fitted network across its own points."""
PARITY = Dataset.from_arrays(
    [[*map(str, bits), "1"] for bits in product((1, -1), repeat=3)],
    [str(np.prod(bits)) for bits in product((1, -1), repeat=3)],
)


@pytest.mark.parametrize(("data", "width", "scale"), [(THREE, 60, 1e-40), (LINE, 100, 1e-40)])
def test_the_limit_agrees_with_a_simulation_from_a_tiny_start(data: Dataset, width: int, scale: float) -> None:
    limit = limit_process(data)
    assert limit.determined
    assert limit.interpolates
    start = make_start(width, scale, 1, "balanced", data.d)
    run = simulate(data, start, 2.0 * limit.saddles[-1].time * -np.log(scale))
    assert run.losses[-1] < 1e-12
    # ||theta||^2/2 of a balanced network is sum a^2
    assert limit.norm == pytest.approx(float((run.a**2).sum()), rel=1e-5)


def test_the_limit_on_four_points_in_the_plane_fits_them() -> None:
    limit = limit_process(PLANE)
    assert limit.determined
    assert limit.interpolates
    assert limit.norm == pytest.approx(0.831479, rel=1e-5)  # by the flow from 1e-40


def test_a_blocked_neuron_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a choice of sides that changes nothing a neuron is blocked in step after step, without a single event."""
    monkeypatch.setattr(engine, "settle", lambda problem, pattern, *rest: pattern)
    start = make_start(60, 1e-3, 0, "balanced", 2)
    run = simulate(Dataset.published("non-orthogonal-toy"), start, 400.0)
    assert not run.resolved
    assert "chatters where it should slide" in str(run.reason)


def test_short_columns_beside_long_ones_are_not_neglected() -> None:
    """A fitted point has a jump of 1e-8 beside one of 1 at a point that is not: both slopes matter to the drift."""
    base = np.array([-0.5, 1e-9, 0.0])
    columns = np.array([[1.0, 0.0, 0.0], [0.0, -1e-8, 0.0], [0.0, -1e-8, 1e-8]])
    found = least_norm_in_box(base, columns, tolerance=1e-13 * np.linalg.norm(columns, axis=1))
    assert found.theta == pytest.approx([0.5, 0.1, 0.0], abs=1e-6)


@pytest.mark.parametrize("seed", [0, 2])
@pytest.mark.parametrize("scale", [1e-60, 1e-90])
def test_neurons_nearer_to_a_hyperplane_than_a_step_is_accurate_do_not_chatter(scale: float, seed: int) -> None:
    start = make_start(200, scale, seed, "balanced", LINE.d)
    run = simulate(LINE, start, -100 * np.log10(scale))
    assert run.resolved, run.reason
    assert run.losses[-1] < 1e-12
    assert float((run.a**2).sum()) == pytest.approx(10.2715, rel=1e-4)


def test_parity_has_sixteen_attracting_vectors_and_a_limit() -> None:
    vectors = extremal_vectors(PARITY)
    attracting = [vector for vector in vectors.vectors if vector.stability == "attracting"]
    assert [vector.norm for vector in attracting] == pytest.approx([0.125] * 16)
    limit = limit_process(PARITY, vectors=vectors)
    assert limit.interpolates
    assert "16 kinds of neurons leave saddle 1 at the same time" in str(limit.reason)
    assert limit.saddles[0].time == pytest.approx(8.0)


def test_neurons_at_rest_have_a_direction() -> None:
    """A neuron followed by itself may stop some roundings before the one followed among others."""
    rng = np.random.default_rng(0)
    w = rng.standard_normal((4000, 4))
    alignment = frozen_alignment(PARITY, Network(rng.choice([-1, 1], 4000) * np.linalg.norm(w, axis=1), w))
    stopped = np.flatnonzero((alignment.reason == Reason.ZERO_DRIFT) & (alignment.stop_time > 0))
    assert len(stopped) > 500
    last = alignment.last_direction()[stopped]
    alone = [alignment.path(int(j), [alignment.stop_time[j]]).direction[0] for j in stopped]
    assert np.allclose(last, alone, rtol=0, atol=1e-12)


def test_small_neurons_that_shrink_for_long_stay_balanced() -> None:
    """Rounding between two intervals of the flow is no imbalance: it would take pinned neurons to w = 0."""
    data = Dataset.from_arrays([["-1", "1"], ["0", "1"], ["2", "1"], ["3", "1"]], ["-3", "0", "-3", "-1"])
    limit = limit_process(data)
    assert limit.determined, limit.reason
    assert limit.interpolates
    start = make_start(60, 1e-60, 0, "balanced", data.d)
    run = simulate(data, start, 277.0 * limit.saddles[-1].time)
    assert run.losses[-1] < 1e-12
    assert float((run.a**2).sum()) == pytest.approx(limit.norm, rel=1e-4)


@pytest.mark.parametrize("scale", [1e-170, 1e-280])
def test_starts_whose_squares_underflow_have_the_limit_of_larger_ones(scale: float) -> None:
    data = Dataset.published("orthogonal-toy")
    one, other = (limit_process(data, make_start(40, size, 0, "balanced", data.d)) for size in (1e-3, scale))
    assert other.norm == pytest.approx(one.norm, rel=1e-12)
    assert [s.time for s in other.saddles] == pytest.approx([s.time for s in one.saddles], rel=1e-12)


@pytest.mark.parametrize("width", [12, 20])
def test_a_neuron_keeps_its_side_of_a_hyperplane_that_comes_to_repel_it(width: int) -> None:
    """D = (-3, 6, 3)/4 is orthogonal to the first point, whose pull changes its sign long after the neuron got there:
    a flow that is started again from the same weights would put the neuron on the other side."""
    data = Dataset.from_arrays(
        [["-1", "-1", "1"], ["0", "-1", "1"], ["2", "-1", "1"], ["-1", "2", "1"]], ["-1", "-3", "2", "3"]
    )
    start = make_start(width, 1e-60, 19, "balanced", data.d)
    limit = limit_process(data, start)
    assert limit.determined
    run = simulate(data, start, 400.0)
    assert run.losses[-1] < 1e-12
    assert float((run.a**2).sum()) == pytest.approx(limit.norm, rel=1e-6)


def test_neurons_that_are_made_small_stay_in_their_groups() -> None:
    start = make_start(30, 1e-3, 0, "dominated", LINE.d)
    state = start_run(LINE, start, 1.0).engine.state
    group, before, outputs = state.group.copy(), state.neurons(), state.outputs()
    state.rescale(np.arange(10, 30), np.full(20, 1e-40))
    assert np.array_equal(state.group, group)
    assert np.allclose(state.neurons()[:10], before[:10], rtol=1e-12)
    assert np.allclose(state.neurons()[10:], 1e-40 * before[10:], rtol=1e-12, atol=0)
    state.rescale(np.arange(10, 30), np.full(20, 1e40))
    assert np.allclose(state.outputs(), outputs, rtol=1e-12)


def test_a_run_that_forgets_empty_groups_goes_on_as_before() -> None:
    start = make_start(30, 1e-2, 0, "balanced", PLANE.d)
    runs = [start_run(PLANE, start, 1.0).engine for _ in range(2)]
    for until in (10.0, 20.0):
        for run in runs:
            run.advance(until)
        state, before = runs[1].state, runs[1].state.patterns()
        assert len(state.groups) > len({pattern.tobytes() for pattern in before})
        state.forget_empty_groups()
        assert len(state.groups) == len({pattern.tobytes() for pattern in before})
        assert np.array_equal(state.patterns(), before)
    assert runs[0].counters.events == runs[1].counters.events
    assert np.allclose(runs[0].state.neurons(), runs[1].state.neurons(), rtol=1e-6, atol=1e-9)


def test_weights_have_coordinates_in_the_span_of_the_inputs() -> None:
    rng = np.random.default_rng(0)
    X, w = rng.standard_normal((3, 8)), rng.standard_normal((5, 8))
    span = Span.of(X)
    inside = span.inside(w)
    assert inside.shape == (5, 4)
    assert np.allclose(np.linalg.norm(inside, axis=1), np.linalg.norm(w, axis=1))
    assert np.allclose(span.back(inside, w), w)
    assert Span.of(rng.standard_normal((7, 8))).whole  # one coordinate more than the span: as many as there are
    assert np.array_equal(Span.of(rng.standard_normal((9, 8))).back(w, w), w)


def test_coordinates_across_the_inputs_change_nothing() -> None:
    """(3, 4)/5 has length one: the data in the plane, placed in five dimensions."""
    data = Dataset.published("orthogonal-toy")
    placed = Dataset(
        tuple((Fraction(3, 5) * x, Fraction(4, 5) * x, z, Fraction(0), Fraction(0)) for x, z in data.inputs),
        data.labels,
    )
    isometry = np.array([[0.6, 0.8, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0]])
    start = make_start(40, 1.0, 0, "balanced", data.d)
    one, other = limit_process(data, start), limit_process(placed, replace(start, w=start.w @ isometry))
    assert [s.time for s in other.saddles] == pytest.approx([s.time for s in one.saddles], rel=1e-9)
    assert other.norm == pytest.approx(one.norm, rel=1e-7)
    assert np.allclose(other.w @ isometry.T @ isometry, other.w, atol=1e-9)
    assert other.outputs == pytest.approx(one.outputs, abs=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_both_engines_lead_to_the_same_limit_in_many_dimensions(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """On grids neurons meet several hyperplanes at once, and lie on some of them at saddles."""
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(4, 9)), int(rng.integers(5, 12))
    if seed % 2:
        inputs, labels = rng.integers(-2, 3, (n, d)), rng.choice([-2, -1, 1, 2], n)
        inputs[~inputs.any(axis=1), 0] = 1
    else:
        inputs, labels = rng.standard_normal((n, d)), rng.standard_normal(n)
    data, start = Dataset.from_arrays(inputs, labels), make_start(12, 1e-3, seed, "balanced", d)
    by_patterns = limit_process(data, start)
    monkeypatch.setattr(transit, "FEW_ENTRIES", 0)
    by_neurons = limit_process(data, start)
    assert by_neurons.reason is None
    assert len(by_neurons.saddles) == len(by_patterns.saddles) >= 2
    for one, other in zip(by_neurons.saddles, by_patterns.saddles, strict=True):
        assert one.time == pytest.approx(other.time, rel=1e-10)
        assert one.loss == pytest.approx(other.loss, rel=1e-10)
    # Each comes to rest within AT_REST of where the loss no longer changes.
    assert by_neurons.norm == pytest.approx(by_patterns.norm, rel=transit.AT_REST)
