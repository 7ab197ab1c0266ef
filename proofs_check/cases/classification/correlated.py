"""Data whose points lie in a narrow cone, made by moving points towards a common direction (theory.md 6).

Everything is exact: a condition on angles is decided by products of rationals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.oracles.rational import inner
from ...claim.draws import composite, st
from ..strategies import Point, points, signed_eighths

STEPS = (0, 0, 4, 16)
"""How far along the axis a cloud may be shifted before it is moved, so that some data are strongly correlated."""


def moved(cloud: Sequence[Point], axis: Point, enough: Callable[[Sequence[Point]], bool]) -> tuple[Point, ...]:
    """The points plus the least multiple k = 0, 1, 2, .. of the axis for which they are `enough`."""
    while not enough(cloud):
        cloud = [tuple(p + q for p, q in zip(point, axis, strict=True)) for point in cloud]
    return tuple(cloud)


def correlated_data(cloud: Sequence[Point], axis: Point, labels: Sequence[int]) -> Dataset:
    """Labels +-1 and x_i such that the points y_i x_i, those of the cloud moved together, have positive products."""
    gathered = moved(cloud, axis, lambda them: all(inner(p, q) > 0 for p in them for q in them))
    inputs = [tuple(label * value for value in point) for label, point in zip(labels, gathered, strict=True)]
    return Dataset(tuple(inputs), tuple(map(Fraction, labels)))


def _shifted(cloud: Sequence[Point], axis: Point, steps: int) -> list[Point]:
    """The points of a cloud plus a multiple of the axis: the larger it is, the more alike they are."""
    return [tuple(p + steps * q for p, q in zip(point, axis, strict=True)) for point in cloud]


@composite
def correlated_datasets(draw: st.DrawFn, n: tuple[int, int], d: tuple[int, int]) -> Dataset:
    """Correlated data with n points in R^d, n and d from closed ranges; both classes once there are two points."""
    count, dimension = draw(st.integers(*n)), draw(st.integers(*d))
    cloud = [draw(points(dimension)) for _ in range(count)]
    labels = [draw(st.sampled_from((1, -1))) for _ in range(count)]
    if count > 1:
        labels[1] = -labels[0]
    axis = tuple(value / 8 for value in draw(points(dimension)))  # short steps: some data are hardly correlated
    return correlated_data(_shifted(cloud, axis, draw(st.sampled_from(STEPS))), axis, labels)


def random_correlated(rng: np.random.Generator, n: int, d: int) -> Dataset:
    """The same for checks that draw their own: n points in R^d, labels alternate."""
    cloud = [tuple(point) for point in signed_eighths(rng, 1, (n, d))]
    labels = [1 - 2 * (k % 2) for k in range(n)]
    axis = tuple(value / 8 for value in signed_eighths(rng, 1, (d,)))
    return correlated_data(_shifted(cloud, axis, int(rng.choice(STEPS))), axis, labels)


def least_correlation(data: Dataset) -> float:
    """mu, the largest number with <y_i x_i, y_j x_j> >= mu ||x_i|| ||x_j|| for all i, j."""
    toward = data.y[:, None] * data.X / np.linalg.norm(data.X, axis=1, keepdims=True)
    return float(np.min(toward @ toward.T))
