"""Neurons followed one by one by compiled code, beside the table of faces, which decides every face afresh."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from early_alignment import Dataset, Fate, Network, Problem, frozen_alignment
from early_alignment.numerics.frozen.balls import BallField
from early_alignment.numerics.frozen.field import FrozenField
from early_alignment.numerics.geometry.box_least_squares import BoxMinimum
from early_alignment.numerics.geometry.hyperplanes import merge_hyperplanes
from early_alignment.numerics.rounding import TIME

KINDS = ("balanced", "dominated", "unbalanced", "grid")


def drawn(kind, seed):
    """A problem in R^5 to R^25 and 40 neurons; on a grid floats can decide hardly anything."""
    rng = np.random.default_rng([KINDS.index(kind), seed])
    d, n, m = int(rng.integers(5, 26)), int(rng.integers(3, 40)), 40
    if kind == "grid":
        inputs, labels = rng.integers(-2, 3, (n, d)), rng.integers(1, 3, n) * rng.choice([-1, 1], n)
        inputs[~inputs.any(axis=1), 0] = 1
        w = rng.integers(-2, 3, (m, d)).astype(float) if seed % 2 else rng.standard_normal((m, d))
    else:
        inputs, labels, w = rng.standard_normal((n, d)), rng.standard_normal(n), rng.standard_normal((m, d))
    size = {"balanced": 1.0, "dominated": 2.0, "unbalanced": rng.uniform(0.1, 1.0, m), "grid": 1.0}[kind]
    a = np.linalg.norm(w, axis=1) * rng.choice([-1.0, 1.0], m) * size
    return Problem(Dataset.from_arrays(inputs, labels), "square", Fraction(seed % 3, 10)), Network(a, w)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", KINDS)
def test_same_fates_vectors_and_times_as_by_the_table_of_faces(kind, seed):
    problem, network = drawn(kind, seed)
    alone = frozen_alignment(problem, network)
    table = frozen_alignment(problem, network, record=True)  # events are recorded by the table of faces only
    for name in ("fate", "reason", "sign", "n_events"):
        assert_array_equal(getattr(alone, name), getattr(table, name), err_msg=name)
    assert (alone.n_events > 0).any()
    assert_allclose(alone.drift, table.drift, rtol=0, atol=TIME * np.nanmax(np.abs(table.drift), initial=1.0))
    events = 1 + table.n_events
    of_single, of_table = ((one.last_event_time, one.alignment_time(0.01)) for one in (alone, table))
    for mine, other in zip(of_single, of_table, strict=True):
        known = np.isfinite(other)
        assert_array_equal(np.isfinite(mine), known)
        assert (np.abs(mine - other)[known] <= (TIME * events * np.maximum(other, 1.0))[known]).all()


def test_every_kind_of_fate_is_met():
    met = set()
    for kind in KINDS:
        for seed in range(6):
            problem, network = drawn(kind, seed)
            met |= set(np.unique(frozen_alignment(problem, network).fate).tolist())
    assert {Fate.EXTREMAL, Fate.UNDETERMINED} <= met


@pytest.mark.parametrize("seed", range(8))
def test_balls_decide_as_exact_arithmetic_does_or_not_at_all(seed):
    problem, network = drawn("grid" if seed % 2 else "balanced", seed)
    hyperplanes = merge_hyperplanes(problem.data, problem.pulls_at_zero, problem.leak)
    field, decided = FrozenField(hyperplanes), 0
    rng = np.random.default_rng(seed)
    for w in network.w[:10]:
        pattern = np.sign(field.normals @ w).astype(np.int8)
        pattern[rng.permutation(len(pattern))[:4]] = 0
        on = np.flatnonzero(pattern == 0)
        exact = field.exact_drift(pattern, on, BoxMinimum.all_free(field.jumps[on]))
        for free in (np.ones(len(on), dtype=bool), exact[0][on] == 0):
            theta = np.where(exact[0][on] > 0, 1.0, 0.0)
            found = field.balls.drift(pattern, on, BoxMinimum(theta, np.zeros(0), np.zeros(0), free))
            if found is None:
                continue
            decided += 1
            assert_array_equal(found[0], exact[0])
            assert_allclose(found[1], exact[1], rtol=1e-15)
            assert_allclose(found[2], exact[2], rtol=1e-15, atol=0)
    assert decided or seed % 2
    assert isinstance(field.balls, BallField)
