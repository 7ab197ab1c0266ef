"""Least-norm interpolation: brackets against a dense linear program and known values; symmetries and refusals."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from early_alignment import Dataset, InputError, Problem, least_norm
from early_alignment.numerics.interpolation import program
from early_alignment.numerics.interpolation.certificate import check

LEAKS = (Fraction(0), Fraction(1, 8), Fraction(7, 8))
WIDEST = 1e-6
"""Relative width of every bracket here: the bounds are proved, but their distance depends on the search."""


def outputs(result, X, leak=0.0):
    heights = result.w @ X.T
    return result.a @ np.where(heights > 0, heights, float(leak) * heights)


def assert_sound(result, data, leak=Fraction(0)):
    check(result.certificate, data.inputs, data.labels, leak)
    assert result.lower <= result.norm * (1 + 1e-14)
    assert result.norm <= result.upper * (1 + 1e-14)
    assert result.upper - result.lower <= WIDEST * result.upper
    # Neurons of up to 1e-10 of the norm are left out, n of them, on points of size ||x||.
    size = data.n * 1e-10 * result.norm * np.linalg.norm(data.X, axis=1)
    assert np.all(np.abs(outputs(result, data.X, leak) - data.y) <= size + 1e-12 * (1 + np.abs(data.y)))
    np.testing.assert_allclose(np.abs(result.a), np.linalg.norm(result.w, axis=1), rtol=1e-12)


def takes_labels(data, leak):
    """Whether some network does: the labels are a combination of the outputs of 300 neurons drawn at random."""
    heights = data.X @ np.random.default_rng(0).standard_normal((data.d, 300))
    features = np.where(heights > 0, heights, float(leak) * heights) / np.linalg.norm(data.X, axis=1)[:, None]
    labels = data.y / np.linalg.norm(data.X, axis=1)
    missing = features @ np.linalg.lstsq(features, labels)[0] - labels
    return np.linalg.norm(missing) <= 1e-9 * np.linalg.norm(labels)


def dense_upper_bound(data, leak, count):
    """The least norm over neurons of `count` equally spaced directions of the plane, and the directions of kinks."""
    angles = 2 * np.pi * np.arange(count) / count
    kinks = np.arctan2(data.X[:, 0], -data.X[:, 1])
    angles = np.concatenate([angles, kinks, kinks + np.pi])
    heights = data.X @ np.stack([np.cos(angles), np.sin(angles)])
    features = np.where(heights > 0, heights, float(leak) * heights)
    found = linprog(np.ones(2 * len(angles)), A_eq=np.hstack([features, -features]), b_eq=data.y, method="highs")
    return found.fun


@st.composite
def plane_data(draw):
    points = st.tuples(st.integers(-3, 3), st.integers(-3, 3)).filter(any)
    inputs = draw(st.lists(points, min_size=1, max_size=6, unique=True))
    labels = draw(st.lists(st.integers(-3, 3), min_size=len(inputs), max_size=len(inputs)))
    return Dataset.from_arrays(inputs, labels)


@pytest.mark.cvxpy
@given(plane_data(), st.sampled_from(LEAKS))
@settings(max_examples=3 * settings().max_examples // 5)
def test_a_fine_grid_of_directions_agrees_with_the_bracket(data, leak):
    """The value of a linear program over 2000 directions is as near as the angle between them allows."""
    if not takes_labels(data, leak):
        with pytest.raises(InputError, match="no network interpolates"):
            least_norm(Problem(data, leak=leak))
        return
    result = least_norm(Problem(data, leak=leak))
    assert_sound(result, data, leak)
    # On one side of each kink outputs are linear, so that two neighbours replace a neuron between them, their norm
    # larger by 1/cos(half the angle between them) at most. 1e-6: HiGHS interpolates to 1e-7.
    count = 2000
    allowed = 1 / np.cos(np.pi / count) * (1 + 1e-6)
    dense = dense_upper_bound(data, leak, count)
    assert result.lower * (1 - 1e-6) <= dense <= result.upper * allowed + 1e-6


@st.composite
def space_data(draw):
    """Up to 6 points of R^d, d <= 4, repeated and opposite points and rank-deficient data among them."""
    d = draw(st.integers(1, 4))
    size = draw(st.sampled_from((1, 2, 9)))
    inputs = draw(st.lists(st.tuples(*[st.integers(-size, size)] * d).filter(any), min_size=1, max_size=6))
    if d > 1 and draw(st.booleans()):
        inputs = [(*point[:-1], 2 * point[0]) for point in inputs if any(point[:-1])] or inputs
    scale = draw(st.sampled_from((Fraction(1), Fraction(1, 7), Fraction(1000))))
    inputs = [tuple(scale * value for value in point) for point in inputs]
    return Dataset.from_arrays(inputs, draw(st.lists(st.integers(-3, 3), min_size=len(inputs), max_size=len(inputs))))


@pytest.mark.cvxpy
@given(space_data(), st.sampled_from(LEAKS))
@settings(max_examples=3 * settings().max_examples // 5)
def test_brackets_are_proved_and_narrow_whatever_the_data(data, leak):
    if not takes_labels(data, leak):
        with pytest.raises(InputError, match="no network interpolates"):
            least_norm(Problem(data, leak=leak))
        return
    assert_sound(least_norm(Problem(data, leak=leak)), data, leak)


@pytest.mark.cvxpy
@given(space_data(), st.sampled_from(LEAKS))
@settings(max_examples=2 * settings().max_examples // 5)
def test_labels_of_a_network_are_never_refused(data, leak):
    """Labels made by a network of two neurons, whose own norm is an upper bound."""
    w = [[(3 * j + 2 * i) % 5 - 2 for i in range(data.d)] for j in range(2)]
    heights = [[sum(u * x for u, x in zip(row, point, strict=True)) for point in data.inputs] for row in w]
    values = [[z if z > 0 else leak * z for z in row] for row in heights]
    made = Dataset(data.inputs, tuple(first - second for first, second in zip(*values, strict=True)))
    result = least_norm(Problem(made, leak=leak))
    assert_sound(result, made, leak)
    assert result.lower <= float(np.linalg.norm(w, axis=1).sum()) * (1 + 1e-14)


def random_data(n, d, seed=0):
    rng = np.random.default_rng(seed)
    inputs = [[Fraction(f"{value:.3f}") for value in row] for row in rng.standard_normal((n, d))]
    return Dataset.from_arrays(inputs, [Fraction(f"{value:.3f}") for value in rng.standard_normal(n)])


@pytest.mark.cvxpy
@pytest.mark.parametrize("factor", [Fraction(-3), Fraction(1, 1000)])
def test_the_least_norm_scales_with_the_labels(factor):
    data = random_data(8, 3)
    scaled = Dataset(data.inputs, tuple(factor * label for label in data.labels))
    first, second = least_norm(data), least_norm(scaled)
    size = abs(float(factor))
    assert size * first.lower <= second.upper * (1 + 1e-14)
    assert second.lower <= size * first.upper * (1 + 1e-14)


@pytest.mark.cvxpy
def test_a_rotation_does_not_change_the_least_norm():
    """A rational rotation of the plane of two coordinates, by (3, 4)/5."""
    data = random_data(7, 3)
    turned = [((3 * x - 4 * y) / 5, (4 * x + 3 * y) / 5, z) for x, y, z in data.inputs]
    first, second = (least_norm(Problem(d, leak=Fraction(1, 8))) for d in (data, Dataset(tuple(turned), data.labels)))
    assert max(first.lower, second.lower) <= min(first.upper, second.upper)
    assert first.cells == second.cells


@pytest.mark.cvxpy
def test_one_point_needs_one_neuron():
    """Least |a| ||w|| with a <w, x> = y is |y|/||x||, whatever the leak: here 10/5."""
    for leak in LEAKS:
        result = least_norm(Problem(Dataset(((Fraction(3), Fraction(-4)),), (Fraction(-10),)), leak=leak))
        assert result.lower <= 2 <= result.upper
        assert (len(result.a), result.cells) == (1, 2)


@pytest.mark.cvxpy
def test_the_least_norm_of_opposite_points():
    """x = 1 and -1, y = (1, -1): amounts a and b of the neurons w = 1 and w = -1 give y_1 = a - g b and y_2 = b - g a.

    So a = -b = 1/(1 + g), the norm |a| + |b| is 2/(1 + g).
    """
    data = Dataset(((Fraction(1),), (Fraction(-1),)), (Fraction(1), Fraction(-1)))
    for leak in LEAKS:
        result = least_norm(Problem(data, leak=leak))
        exact = Fraction(2) / (1 + leak)
        assert Fraction(result.lower) <= exact <= Fraction(result.upper)


@pytest.mark.cvxpy
def test_a_program_on_which_the_solver_fails_at_its_finest_tolerance():
    inputs = [[2, -1, 0, 0], [-1, -2, -1, -2], [-1, -2, 1, 2], [-1, 2, -1, -2]]
    data = Dataset.from_arrays(inputs, [-3, 0, -3, -3])
    assert_sound(least_norm(Problem(data, leak=LEAKS[2])), data, LEAKS[2])


def test_zero_labels_need_no_neuron():
    data = Dataset(((Fraction(1), Fraction(2)), (Fraction(3), Fraction(1))), (Fraction(0), Fraction(0)))
    result = least_norm(data)
    assert (result.norm, result.lower, result.upper, len(result.a), result.w.shape) == (0, 0, 0, 0, (0, 2))
    check(result.certificate, data.inputs, data.labels, Fraction(0))


@pytest.mark.parametrize(
    ("inputs", "labels", "leak", "message"),
    [
        ([[1, 2], [3, 1], [1, 2]], [1, 0, 2], 0, "rows 1 and 3 have the same input"),
        ([[1, 2], [2, 4]], [1, 3], 0, r"every network f has \(-?2\) f\(x_1\) \+ \(-?1\) f\(x_2\) = 0"),
        # Three pairs of opposite points in the plane: |<w, x_k>| is free on each, the linear part of f is not.
        ([[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1]], [1, 0, 1, 0, 3, 0], 0, "every network f has"),
        ([[1, 2], [2, 4]], [1, 3], Fraction(1, 2), "every network f has"),
        ([[1, 2]], [1], 1, "the leak is 1"),
    ],
)
def test_labels_that_no_network_interpolates_are_refused(inputs, labels, leak, message):
    with pytest.raises(InputError, match=message):
        least_norm(Problem(Dataset.from_arrays(inputs, labels), leak=leak))


def test_too_many_patterns_are_refused_at_once():
    with pytest.raises(InputError, match="may have 1048576 activation patterns"):
        least_norm(Dataset.from_arrays(np.eye(20, dtype=int).tolist(), [1] * 20))


def test_a_missing_solver_is_named(monkeypatch):
    monkeypatch.setattr(program, "find_spec", lambda name: None if name == "clarabel" else object())
    with pytest.raises(program.ConvexSolverMissing, match="extra `convex`"):
        least_norm(Dataset(((Fraction(1),),), (Fraction(1),)))


@pytest.mark.cvxpy
def test_the_least_norm_of_the_stewart_points():
    data = Dataset.published("stewart")
    result = least_norm(data)
    assert_sound(result, data)
    assert result.cells == 80
    assert result.lower <= 28.8855537344 <= result.upper


@pytest.mark.slow
def test_the_least_norm_of_twenty_points_in_four_dimensions():
    data = random_data(20, 4)
    result = least_norm(data)
    assert_sound(result, data)
    assert result.cells == 2 * (1 + 19 + 171 + 969)
