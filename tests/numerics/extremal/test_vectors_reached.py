"""Vectors that neurons were followed to, made exact or listed in floats."""

from __future__ import annotations

import numpy as np
import pytest

from early_alignment import Dataset, ExtremalVectors, Fate, Problem, frozen_alignment, make_start
from early_alignment.numerics.extremal import vectors
from early_alignment.numerics.extremal.vectors import with_those_reached


@pytest.mark.parametrize("seed", range(4))
def test_vectors_listed_in_floats_are_those_that_exact_arithmetic_lists(seed, monkeypatch):
    """Where neurons reach more vectors than are made exact: the same signs, stability and numbers, but no fractions."""
    rng = np.random.default_rng(seed)
    problem = Problem(Dataset.from_arrays(rng.standard_normal((16, 12)), rng.standard_normal(16)))
    flow = frozen_alignment(problem, make_start(60, 1e-3, seed, d=12))
    aligned = flow.fate == Fate.EXTREMAL
    nothing = ExtremalVectors((), False, 0.0, 0.0, np.inf, "tree")
    exact = with_those_reached(nothing, problem, flow.drift[aligned], flow.sign[aligned])
    monkeypatch.setattr(vectors, "EXACT_WORK", 0.0)
    floats = with_those_reached(nothing, problem, flow.drift[aligned], flow.sign[aligned])
    assert len(floats.vectors) == len(exact.vectors) >= 3
    for one, other in zip(floats.vectors, exact.vectors, strict=True):
        assert one.exact is None
        assert (one.pattern, one.sign, one.stability) == (other.pattern, other.sign, other.stability)
        np.testing.assert_allclose(one.vector, np.array(other.exactly, dtype=float), rtol=0, atol=1e-12 * one.norm)
        with pytest.raises(ValueError, match="floats"):
            _ = one.exactly
    assert floats.d_star == pytest.approx(exact.d_star, rel=1e-12)
