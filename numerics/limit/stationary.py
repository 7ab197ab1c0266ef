"""The pulls at a saddle, made exactly stationary: rationals at which no active neuron has any drift (theory.md 2.6).

A flow that has come to rest leaves drifts of 1e-10 where the limit has none, and the frozen flow would take a neuron
through a cell in which nothing moves it. The nearest rational pulls that obey the equations of rest decide that.
"""

from __future__ import annotations

from fractions import Fraction

import flint
import numpy as np
from numpy.typing import NDArray

from ..dataset import Dataset

Floats = NDArray[np.float64]
Rationals = tuple[Fraction, ...]

FITTED = 1e-6
"""Residuals below this share of the largest label are 0: the flow has come to rest to 1e-10, and where that leaves a
residual larger than this the equations of rest are too badly conditioned to speak of a saddle (`moved` shows it)."""
STANDING = 1e-9
"""Cosine with an input below which an active neuron at rest stands on its hyperplane: it slides there."""


def stationary_pulls(data: Dataset, leak: Fraction, pulls: Floats, w: Floats) -> tuple[Rationals, float]:
    """The rational pulls (n,) nearest to `pulls` (n,) at which neurons w (q, d) are at rest, and the largest change.

    A neuron is at rest when its drift, sum_k slope_k p_k x_k / n, vanishes; where it slides any slope of the points it
    stands on may do, so that the drift vanishes across their inputs.
    """
    exact = [Fraction(float(value)) for value in pulls]
    fitted = np.abs(pulls) <= FITTED * np.abs(data.y).max()
    rows = [[Fraction(int(k == place)) for k in range(data.n)] for place in np.flatnonzero(fitted)]
    for neuron in w:
        rows += _equations_of_rest(data, leak, neuron)
    if rows:
        exact = _nearest(rows, exact)
    return tuple(exact), float(np.max(np.abs(np.array([float(value) for value in exact]) - pulls)))


def _equations_of_rest(data: Dataset, leak: Fraction, neuron: Floats) -> list[list[Fraction]]:
    """Rows (n,) of coefficients of the pulls, one per direction in which the neuron could be moved."""
    lengths = np.linalg.norm(data.X, axis=1) * np.linalg.norm(neuron)
    cosines = data.X @ neuron / lengths
    on = np.abs(cosines) <= STANDING
    slopes = [Fraction(0) if on[k] else Fraction(1) if cosines[k] > 0 else leak for k in range(data.n)]
    across = _complement([data.inputs[k] for k in np.flatnonzero(on)], data.d)
    return [
        [slope * sum((b * x for b, x in zip(basis, point, strict=True)), Fraction(0))
         for slope, point in zip(slopes, data.inputs, strict=True)]
        for basis in across
    ]  # fmt: skip


def _complement(points: list[Rationals], d: int) -> list[list[Fraction]]:
    """A rational basis of the vectors orthogonal to some points of R^d."""
    if not points:
        return [[Fraction(int(i == axis)) for i in range(d)] for axis in range(d)]
    reduced, rank = _matrix(points).rref()
    pivots = [next(c for c in range(d) if reduced[row, c] != 0) for row in range(rank)]
    free = [axis for axis in range(d) if axis not in pivots]
    basis = []
    for axis in free:
        vector = [Fraction(int(i == axis)) for i in range(d)]
        for row, pivot in enumerate(pivots):
            vector[pivot] = -_fraction(reduced[row, axis])
        basis.append(vector)
    return basis


def _nearest(rows: list[list[Fraction]], point: list[Fraction]) -> list[Fraction]:
    """The orthogonal projection of a point onto the solutions of rows . p = 0."""
    reduced, rank = _matrix(rows).rref()
    n = len(point)
    basis = flint.fmpq_mat(rank, n, [reduced[i, j] for i in range(rank) for j in range(n)])
    column = flint.fmpq_mat(n, 1, [_rational(value) for value in point])
    multipliers = (basis * basis.transpose()).solve(basis * column)
    nearest = column - basis.transpose() * multipliers
    return [_fraction(nearest[k, 0]) for k in range(n)]


def _matrix(rows: list) -> flint.fmpq_mat:
    return flint.fmpq_mat(len(rows), len(rows[0]), [_rational(value) for row in rows for value in row])


def _rational(value: Fraction) -> flint.fmpq:
    return flint.fmpq(value.numerator, value.denominator)


def _fraction(value: flint.fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
