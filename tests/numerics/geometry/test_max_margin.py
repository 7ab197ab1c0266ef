"""The direction of largest margin: its optimality conditions, exactly, and the same answer from floats."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from early_alignment.numerics.geometry import max_margin as module
from early_alignment.numerics.geometry.conic import conic_combination
from early_alignment.numerics.geometry.max_margin import max_margin

EPS = float(np.finfo(float).eps)


@st.composite
def clouds(draw: st.DrawFn) -> list[tuple[Fraction, ...]]:
    """Up to seven points of R^d with small coordinates: repeated, dependent and opposite ones are frequent."""
    d = draw(st.integers(1, 4))
    value = st.integers(-6, 6).map(lambda number: Fraction(number, 2))
    return draw(st.lists(st.tuples(*[value] * d).filter(any), min_size=1, max_size=7))


@given(clouds())
def test_the_conditions_of_the_optimum_hold_exactly(points: list[tuple[Fraction, ...]]) -> None:
    """beta has <x_k, beta> >= 1, is a non-negative combination of the points with equality, and rests on `support`.

    Where there is no direction, 0 is a convex combination of the points.
    """
    found = max_margin(points)
    if found is None:
        target = (*[Fraction(0)] * len(points[0]), Fraction(1))
        assert conic_combination(target, [(*point, Fraction(1)) for point in points]) is not None
        return
    beta = found.exact
    assert beta is not None
    heights = [sum((p * q for p, q in zip(point, beta, strict=True)), Fraction(0)) for point in points]
    assert min(heights) == 1
    assert all(heights[k] == 1 for k in found.support)
    assert conic_combination(beta, [points[k] for k in found.support]) is not None
    assert found.margin == pytest.approx(1 / np.sqrt(float(sum(value * value for value in beta))), rel=8 * EPS)


@given(clouds())
def test_floats_find_the_same(points: list[tuple[Fraction, ...]]) -> None:
    exact = max_margin(points)
    assume(exact is None or exact.margin > 1e-3)
    found = module._in_floats(np.array(points, dtype=float))
    assert (found is None) == (exact is None)
    if found is not None and exact is not None:
        # Entries of size 3, and margins down to 1e-3: the least-squares problem is that much worse conditioned.
        assert found.margin == pytest.approx(exact.margin, rel=1e-9)
        np.testing.assert_allclose(found.direction, exact.direction, atol=1e-6)


def test_many_points_are_solved_in_floats() -> None:
    rng = np.random.default_rng(0)
    inputs = np.round(rng.standard_normal((400, 2)), 2) + np.array([6.0, 0.0])
    found = max_margin([tuple(Fraction(str(value)) for value in row) for row in inputs.tolist()])
    assert found is not None
    assert found.exact is None
    assert (inputs @ found.direction).min() == pytest.approx(found.margin, rel=1e-12)
