"""The least-norm point of a box: against SciPy, and optimality in exact rationals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import lsq_linear

from early_alignment.numerics.geometry.box_least_squares import least_norm_in_box, project_out

small = st.integers(-3, 3).map(Fraction)


@st.composite
def rational_boxes(draw):
    """(base, columns) of small rationals: dependent, repeated and zero columns included."""
    dimension, count = draw(st.integers(1, 3)), draw(st.integers(0, 6))
    entries = draw(st.lists(small, min_size=dimension * (count + 1), max_size=dimension * (count + 1)))
    table = np.empty((count + 1, dimension), dtype=object)
    table.ravel()[:] = entries
    return table[0], table[1:]


@given(rational_boxes())
def test_exact_minimum_is_optimal(box):
    base, columns = box
    found = least_norm_in_box(base, columns)
    assert all(found.point == base + sum((t * c for t, c in zip(found.theta, columns, strict=True)), base * 0))
    for theta, column in zip(found.theta, columns, strict=True):
        slope = sum(x * y for x, y in zip(column, found.point, strict=True))
        assert 0 <= theta <= 1
        assert theta == 0 or slope <= 0  # the problem is convex, so these two make it a minimum
        assert theta == 1 or slope >= 0


@pytest.mark.parametrize("seed", range(30))
def test_float_minimum_equals_scipy(seed):
    rng = np.random.default_rng(seed)
    dimension = int(rng.integers(1, 6))
    base, columns = rng.standard_normal(dimension), rng.standard_normal((int(rng.integers(1, 6)), dimension))
    found = least_norm_in_box(base, columns, tolerance=1e-14)
    other = lsq_linear(columns.T, -base, bounds=(0, 1), method="bvls", tol=1e-15)
    # Both norms are minima over the same box; squares of norms agree to rounding, points to its square root at worst.
    np.testing.assert_allclose(found.point, base + other.x @ columns, atol=1e-7)
    assert found.point @ found.point <= (base + other.x @ columns) @ (base + other.x @ columns) + 1e-13


@given(rational_boxes())
def test_projection_is_orthogonal_and_keeps_what_is_orthogonal(box):
    vector, rows = box
    rest = project_out(vector, rows)
    assert all(sum(x * y for x, y in zip(rest, row, strict=True)) == 0 for row in rows)
    assert all(project_out(rest, rows) == rest)
    assert sum(x * (y - x) for x, y in zip(rest, vector, strict=True)) == 0
