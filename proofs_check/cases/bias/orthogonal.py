"""Random orthogonal data sets of exact rationals: columns of a rational reflection, stretched."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ..strategies import signed_eighths

Point = tuple[Fraction, ...]


def orthogonal_data(rng: np.random.Generator, n: int, d: int) -> Dataset:
    """n <= d orthogonal points of R^d with non-zero labels.

    The columns of I - 2 v v^T / ||v||^2 are orthonormal, and rational for a rational v.
    """
    v = rng.integers(-3, 4, size=d)
    v[int(rng.integers(d))] = int(rng.integers(1, 4))
    square = int(v @ v)
    columns = rng.permutation(d)[:n]
    lengths = signed_eighths(rng, 4, (n,))
    inputs = tuple(
        tuple(lengths[k] * (Fraction(int(axis == column)) - Fraction(2 * int(v[axis] * v[column]), square))
              for axis in range(d))
        for k, column in enumerate(columns)
    )  # fmt: skip
    return Dataset(inputs, tuple(signed_eighths(rng, 2, (n,))))


def drift_of(data: Dataset, points: tuple[int, ...]) -> Point:
    """D_I = (1/n) sum_{k in I} y_k x_k."""
    return tuple(
        sum((data.labels[k] * data.inputs[k][axis] for k in points), Fraction(0)) / data.n for axis in range(data.d)
    )


def points_of_sign(data: Dataset, sign: int) -> tuple[int, ...]:
    """The points whose labels have this sign."""
    return tuple(k for k in range(data.n) if sign * data.labels[k] > 0)
