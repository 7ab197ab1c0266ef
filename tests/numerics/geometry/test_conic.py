"""Non-negative combinations and extreme rays, beside SciPy and brute force."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from early_alignment.numerics.geometry.conic import conic_combination, extreme_rays


@pytest.mark.parametrize("seed", range(8))
def test_combinations_exist_where_a_linear_program_finds_one(seed):
    rng = np.random.default_rng(seed)
    for _ in range(20):
        d, count = int(rng.integers(1, 5)), int(rng.integers(1, 7))
        G, target = rng.integers(-3, 4, (count, d)), rng.integers(-3, 4, d)
        rows = [[Fraction(int(v)) for v in row] for row in G]
        found = conic_combination([Fraction(int(v)) for v in target], rows)
        feasible = linprog(np.zeros(count), A_eq=G.T, b_eq=target, bounds=(0, None)).status == 0
        assert (found is not None) == feasible
        if found is not None:
            assert min(found) >= 0
            combined = [sum((f * row[i] for f, row in zip(found, rows, strict=True)), Fraction(0)) for i in range(d)]
            assert combined == target.tolist()


def test_extreme_rays_of_known_cones():
    assert extreme_rays([(5,)], 1) == ((1,),)
    assert set(extreme_rays([(1, 0), (1, 1)], 2)) == {(0, 1), (1, -1)}
    corner = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)]  # the last one is implied by the others
    assert set(extreme_rays(corner, 3)) == {(1, 0, 0), (0, 1, 0), (0, 0, 1)}
    square = [(1, 0, 1), (-1, 0, 1), (0, 1, 1), (0, -1, 1)]
    assert set(extreme_rays(square, 3)) == {(s, t, 1) for s in (1, -1) for t in (1, -1)}
