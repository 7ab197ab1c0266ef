"""The public frozen alignment: published facts, conventions, invariances, and what it refuses."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_alignment import Dataset, Fate, InputError, Network, Problem, extremal_vectors, frozen_alignment, make_start
from early_alignment.numerics.frozen.faces import Kind, Reason

PINNING = Dataset.from_arrays([[0, 1], [Fraction(1, 10), 1], [1, 1]], [-3, 3, -1])


def run(data, seed=0, width=200, kind="balanced", **options):
    start = make_start(width, 1e-3, seed, kind, data.d)
    return frozen_alignment(data, start, **options), start


def test_three_points_have_one_extremal_vector_and_no_pinned_neuron():
    data = Dataset.published("three-points")
    result, start = run(data, width=2000, extremal=extremal_vectors(data))
    assert set(result.fate_names.tolist()) == {"extremal", "dead"}
    aligned = result.fate == Fate.EXTREMAL
    active = (start.w @ data.X.T > 0).any(axis=1)
    np.testing.assert_array_equal(aligned, active & (start.a > 0))  # theory.md 5.3
    np.testing.assert_allclose(result.drift[aligned], [[-31 / 120, 2 / 3]] * aligned.sum(), rtol=1e-15)
    assert (result.extremal[aligned] == 0).all()


def test_the_pinned_neuron_of_the_theory_is_found():
    result = frozen_alignment(PINNING, Network([np.hypot(1, 1e-3)], [[1.0, 1e-3]]), record=True)
    assert result.fate_names.tolist() == ["pinned"]
    np.testing.assert_allclose(result.drift, [[-7 / 30, 0]], atol=1e-16)
    ((time, hyperplane, kind),) = result.events.of(0)
    assert (hyperplane, kind) == (0, Kind.SLIDE)
    assert time == result.last_event_time[0] == result.alignment_time(1e-3)[0]
    # 3 D = -3 slope x_1 + 3 x_2 - x_3, read off along x_1 = (0, 1).
    assert (3 * result.drift[0, 1] - 3 + 1) / -3 == pytest.approx(2 / 3, rel=1e-14)
    later = result.path(0, [time, time + 30.0])
    np.testing.assert_array_equal(later.direction, [[1.0, 0.0]] * 2)
    assert later.log_a[1] - later.log_a[0] == pytest.approx(-30.0 * 7 / 30, rel=1e-14)


def test_a_strictly_dominated_pinned_neuron_reaches_zero():
    result = frozen_alignment(PINNING, Network([2.0], [[1.0, 1e-3]]))
    assert result.reason.tolist() == [Reason.REACHES_ZERO]
    stop, arrival = result.stop_time[0], result.last_event_time[0]
    path = result.path(0, [arrival, 0.5 * (arrival + stop), stop, stop + 1.0])
    speed = np.linalg.norm(path.omega[:3], axis=1)
    r = 7 / 30
    np.testing.assert_allclose(np.arctanh(speed), r * (stop - path.times[:3]), atol=1e-14)  # theory.md 3.9 (iii)
    assert np.isnan(path.omega[3]).all()
    assert path.sign[3] == 0


def test_pinned_neurons_on_the_non_orthogonal_toy():
    data = Dataset.published("non-orthogonal-toy")
    result, start = run(data, width=2000)
    negative = start.a < 0
    share = (result.fate[negative] == Fate.PINNED).mean()
    # 84 of 200 in theory.md 3.9; the difference of two such shares has standard error sqrt(p (1-p) (1/200 + 1/1000)).
    assert abs(share - 84 / 200) < 4 * np.sqrt(0.42 * 0.58 * (1 / 200 + 1 / negative.sum()))
    assert not (result.fate[~negative] == Fate.PINNED).any()


@pytest.mark.parametrize("name", ["stewart", "orthogonal-toy"])
def test_other_published_data_have_no_pinned_neurons(name):
    result, _ = run(Dataset.published(name), width=1000)
    assert set(result.fate_names.tolist()) == {"extremal", "dead"}


def test_orthogonal_points_stay_on_the_faces_they_reach():
    # theory.md 6.1: every D_I collects the starts active exactly on I among the points of its sign; all signs are ties.
    data = Dataset.from_arrays(np.diag([1, 2, 3]), [1, 2, -1])
    vectors = extremal_vectors(data)
    w = np.array([[1.0, 1.0, 1.0], [1.0, -1.0, 1.0], [-1.0, 2.0, -1.0], [-1.0, -1.0, 3.0]])
    result = frozen_alignment(data, Network(np.linalg.norm(w, axis=1), w), extremal=vectors, record=True)
    assert result.fate_names.tolist() == ["extremal", "extremal", "extremal", "dead"]
    expected = np.array([[1 / 3, 4 / 3, 0], [1 / 3, 0, 0], [0, 4 / 3, 0]])
    np.testing.assert_array_equal(result.drift[:3], expected)
    np.testing.assert_allclose([vectors.vectors[i].vector for i in result.extremal[:3]], expected)
    # The first two slide on <w, x_3> = 0 forever; the third never touches it.
    slide = [Kind.SLIDE]
    assert [[kind for _, _, kind in result.events.of(j)] for j in range(4)] == [slide, slide, [], slide]


def test_the_scale_only_shifts_the_log_of_the_output_weight():
    """2^-200 (about 1e-60) times the start changes log|a| and nothing else, to the last bit."""
    data = Dataset.published("stewart")
    start = make_start(300, 1.0, 4)
    plain = frozen_alignment(data, start)
    tiny = frozen_alignment(data, Network(start.a * 2.0**-200, start.w * 2.0**-200))
    for name in ("fate", "drift", "n_events", "last_event_time"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(tiny, name))
    np.testing.assert_array_equal(plain.alignment_time(1e-6), tiny.alignment_time(1e-6))
    j = int(np.argmax(plain.n_events))
    times = np.linspace(0, 2 * plain.last_event_time[j], 7)
    shift = plain.path(j, times).log_a - tiny.path(j, times).log_a
    np.testing.assert_allclose(shift, 200 * np.log(2), rtol=1e-15)


def test_long_times_do_not_overflow():
    result, _ = run(Dataset.published("three-points"), width=20)
    j = int(np.flatnonzero(result.fate == Fate.EXTREMAL)[0])
    path = result.path(j, [1e4, 2e4])
    assert np.diff(path.log_a)[0] == pytest.approx(1e4 * np.linalg.norm(result.drift[j]), rel=1e-12)


@pytest.mark.parametrize("angle", [2.0, 1e-1, 1e-6])
@pytest.mark.parametrize("kind", ["balanced", "dominated"])
def test_alignment_time_is_the_first_time_within_the_angle(angle, kind):
    data = Dataset.published("stewart")
    result, _ = run(data, width=60, kind=kind)
    times, limits = result.alignment_time(angle), result.limit_direction()
    aligned = np.flatnonzero(result.fate == Fate.EXTREMAL)
    assert len(aligned)
    for j in aligned:
        gaps = np.linalg.norm(result.path(j, [times[j], times[j] * (1 - 1e-3)]).direction - limits[j], axis=1)
        reached, before = 2 * np.arcsin(gaps / 2)
        # A chord between rounded unit vectors carries a few units of 1e-16.
        assert reached <= angle * (1 + 1e-9) + 1e-15
        assert times[j] == result.last_event_time[j] or before > angle > reached * (1 - 1e-9) - 1e-15
    np.testing.assert_array_equal(times[result.fate == Fate.DEAD], result.last_event_time[result.fate == Fate.DEAD])


def normal_data(seed, d=3, n=6):
    rng = np.random.default_rng(seed)
    w = rng.standard_normal((8, d))
    return rng.standard_normal((n, d)), rng.standard_normal(n), np.linalg.norm(w, axis=1) * rng.choice([-1, 1], 8), w


@pytest.mark.parametrize("seed", range(8))
def test_the_frozen_flow_has_the_equivariances_of_the_flow(seed):
    """theory.md 2.7: rotation, order, duplication of the data set, L times c, splitting; drifts and times follow."""
    X, y, a, w = normal_data(seed)
    leak = (0.0, 0.3)[seed % 2]
    base = frozen_alignment(Problem(Dataset.from_arrays(X, y), leak=leak), Network(a, w))
    rotation, _ = np.linalg.qr(np.random.default_rng(seed + 100).standard_normal((3, 3)))
    variants = {
        "rotated": (X @ rotation, y, a, w @ rotation, base.drift @ rotation, 1.0),
        "reordered": (X[::-1], y[::-1], a, w, base.drift, 1.0),
        "duplicated": (np.vstack([X, X]), np.append(y, y), a, w, base.drift, 1.0),
        "loss times 3": (X, 3 * y, a, w, 3 * base.drift, 1 / 3),
        "split": (X, y, a / np.sqrt(2), w / np.sqrt(2), base.drift, 1.0),
    }
    for name, (points, labels, outer, inner, drift, clock) in variants.items():
        other = frozen_alignment(Problem(Dataset.from_arrays(points, labels), leak=leak), Network(outer, inner))
        np.testing.assert_array_equal(other.fate, base.fate, err_msg=name)
        np.testing.assert_array_equal(other.n_events, base.n_events, err_msg=name)
        # Each event amplifies rounding by the inverse of its crossing speed; 1e-9 leaves room for a grazing one.
        np.testing.assert_allclose(other.drift, drift, atol=1e-12, err_msg=name)
        np.testing.assert_allclose(other.last_event_time, clock * base.last_event_time, rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("seed", range(12))
def test_along_a_path_balancedness_holds_and_correlation_grows(seed):
    """theory.md 2.1 and 3.6, with the correlation G summed point by point."""
    X, y, a, w = normal_data(seed)
    a = a * (1 + (seed % 3) / 2)
    result = frozen_alignment(Problem(Dataset.from_arrays(X, y), leak=0.2), Network(a, w))
    for j in range(len(a)):
        end = min(6.0, 0.99 * result.stop_time[j])
        path = result.path(j, np.linspace(0, end, 200))
        scaled = np.exp(-2 * path.log_a) * (a[j] ** 2 - w[j] @ w[j])
        # omega is within a few roundings, grown with the decay of |a| (at most e^{2 r t}).
        np.testing.assert_allclose(1 - (path.omega**2).sum(axis=1), scaled, atol=1e-13 * max(1.0, scaled.max()))
        z = path.direction @ X.T
        correlation = (np.maximum(z, 0.2 * z) @ y) / len(y)
        assert (np.diff(np.sign(a[j]) * correlation) >= -1e-13).all()


def test_starts_whose_flow_is_not_unique_are_undetermined():
    data = Dataset.from_arrays([[1, 0], [1, 1], [0, 1]], [2, -1, 0])
    r2 = np.sqrt(2.0)
    cases = {
        Reason.STARTS_ON_REPELLING: (1.0, [0.0, 1.0]),
        Reason.STARTS_AT_ZERO: (1.0, [0.0, 0.0]),
        Reason.AT_REST: (0.0, [-1.0, -1.0]),
    }
    for reason, (a, w) in cases.items():
        result = frozen_alignment(data, Network([a], [w]))
        assert result.reason.tolist() == [reason], reason.name
        assert result.fate_names.tolist() == ["undetermined"]
        assert np.isnan(result.drift).all()
        assert np.isnan(result.alignment_time(0.1)).all()
        assert result.why(0) == reason.sentence
    single = Dataset.from_arrays([[1, 1], [1, -1]], [-1, -1])  # active on both: D = (-1, 0)
    against = frozen_alignment(single, Network([1.0, r2], [[1.0, 0.0], [1.0, 0.0]]))
    assert against.reason.tolist() == [Reason.AGAINST_DRIFT] * 2
    opposite = Dataset.from_arrays([[1, 0], [2, 0], [0, 1]], [2, -1, 0], bias=False)
    vanishing = frozen_alignment(opposite, Network([1.0], [[1.0, 0.0]]))
    assert vanishing.fate_names.tolist() == ["dead"]  # the two pulls cancel: no hyperplane has a jump, nothing acts
    active = frozen_alignment(Dataset.from_arrays([[1, 0], [1, 1], [0, 1]], [1, -1, 1]), Network([3.0], [[1.0, 1.0]]))
    assert active.reason.tolist() == [Reason.ZERO_DRIFT]


def test_an_undominated_neuron_changes_sign():
    data = Dataset.from_arrays([[1, 0]], [-1], loss="square")
    result = frozen_alignment(Problem(data, leak=0.5), Network([0.5], [[2.0, 1.0]]), record=True)
    (time, hyperplane, kind), *_ = result.events.of(0)
    assert (hyperplane, kind) == (-1, Kind.SIGN)
    assert time == pytest.approx(np.arctanh(0.5 / 2.0), rel=1e-14)  # a = cosh(rt)/2 - 2 sinh(rt), r = 1
    assert result.sign.tolist() == [-1]
    assert result.fate_names.tolist() == ["extremal"]
    assert result.path(0, [0.0, 2 * time]).sign.tolist() == [1, -1]


def test_fates_in_one_dimension():
    data = Dataset.from_arrays([[1]], [1])
    result = frozen_alignment(Problem(data, leak=0.5), Network([1.0, -1.0, -2.0, 1.0], [[1.0], [1.0], [1.0], [-1.0]]))
    assert result.fate_names.tolist() == ["extremal", "pinned", "undetermined", "pinned"]
    assert result.stop_time[2] == pytest.approx(np.arctanh(0.5), rel=1e-14)


def test_without_pulls_nothing_moves():
    result = frozen_alignment(
        Problem(Dataset.from_arrays([[1, 2], [3, 4]], [0, 0]), leak=0.1), Network([1.0], [[1.0, 0.0]])
    )
    assert result.fate_names.tolist() == ["dead"]
    assert result.n_events.tolist() == [0]


@given(st.lists(st.tuples(*[st.integers(-2, 2)] * 3).filter(any), min_size=1, max_size=6), st.data())
def test_every_degenerate_start_ends_with_a_fate_or_a_reason(points, draw):
    """Small integers make ties of every sort: the flow must end, and what it calls aligned must be extremal."""
    n = len(points)
    labels = draw.draw(st.lists(st.integers(-2, 2), min_size=n, max_size=n))
    w = np.array([draw.draw(st.tuples(*[st.integers(-3, 3)] * 3))], dtype=float)
    size = draw.draw(st.sampled_from([1.0, 0.5, 2.0]))
    a = draw.draw(st.sampled_from([-1.0, 1.0])) * size * np.linalg.norm(w, axis=1)
    leak = draw.draw(st.sampled_from([Fraction(0), Fraction(1, 10)]))
    data = Dataset.from_arrays(points, labels)
    vectors = extremal_vectors(Problem(data, leak=leak))
    result = frozen_alignment(Problem(data, leak=leak), Network(a, w), extremal=vectors, record=True)
    assert (result.fate == Fate.UNDETERMINED) == (result.reason != Reason.NONE)
    assert result.reason[0] != Reason.TOO_MANY_EVENTS
    assert (result.fate == Fate.EXTREMAL) == (result.extremal >= 0)
    assert (np.diff(result.events.time) >= 0).all()


@pytest.mark.parametrize(
    ("a", "w", "words"),
    [
        ([1.0], [[1.0, 2.0, 3.0]], "must be (m,) and (m, 2)"),
        ([1.0, np.nan], [[1.0, 2.0], [1.0, 2.0]], "neuron 1"),
        ([1.0], [[np.inf, 2.0]], "neuron 0"),
    ],
)
def test_impossible_frozen_starts_are_refused(a, w, words):
    with pytest.raises(InputError) as caught:
        frozen_alignment(PINNING, Network(a, w))
    assert words in str(caught.value)


def test_impossible_angles_neurons_and_times_are_refused():
    result = frozen_alignment(PINNING, Network([1.0], [[1.0, 0.5]]))
    with pytest.raises(InputError, match="angle is 0"):
        result.alignment_time(0)
    with pytest.raises(InputError, match="no neuron 1"):
        result.path(1, [0.0])
    with pytest.raises(InputError, match="negative"):
        result.path(0, [-1.0])
