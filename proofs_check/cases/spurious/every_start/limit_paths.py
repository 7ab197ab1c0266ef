"""Rational data with positive labels and correlations, for the limit path of theory.md 9.2 in any dimension."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from .....numerics.certify.errors import Undecided
from .....numerics.certify.every_start.cone import linear_fit_of
from .....numerics.certify.path.curve import limit_path
from .....numerics.data.dataset import Dataset

LEAST_COSINE, LARGEST_CONDITION = 0.15, 60.0
"""Random data whose path has smaller cosines, or whose H is conditioned worse, would take long."""


def _dataset(parts: int, inputs: tuple[tuple[int, ...], ...], labels: tuple[int, ...]) -> Dataset:
    """Inputs and labels as multiples of 1/parts."""
    rows = tuple(tuple(Fraction(entry, parts) for entry in row) for row in inputs)
    return Dataset(rows, tuple(Fraction(label, parts) for label in labels))


SPACE = _dataset(
    100, ((136, 33, 59), (62, 140, 45), (27, 57, 160), (117, 92, 53), (90, 80, 154)), (216, 163, 269, 104, 93)
)
FOUR = _dataset(
    10,
    ((10, 2, 1, 3), (11, -4, 3, 0), (9, 3, -5, 2), (10, 0, 4, -5), (12, 5, 3, 1), (8, -3, -2, -4)),
    (10, 7, 13, 9, 16, 5),
)
LEAVING = _dataset(8, ((3, -3, 1), (2, -3, 4), (6, -3, -5), (9, -3, 2), (16, -1, -1)), (7, 1, 14, 1, 5))
"""The limit path leaves K (least cosine -0.082) and comes back: beta* is in K, with cosines of at least 0.027."""
OUTSIDE = _dataset(64, ((45, 90), (18, 48), (3, 45), (1, 59), (-22, 28)), (120, 48, 24, 1, 9))
"""The false neighbour of Theorem A in theory.md 9.1: beta* is not in K."""


def listed() -> Iterator[tuple[str, Dataset]]:
    """The published points, and data in dimensions 3 and 4 on which (C) is not shown."""
    yield "the published points", Dataset.published("three-points")
    yield "five points in dimension 3", SPACE
    yield "six points in dimension 4", FOUR


def random_cloud(rng: np.random.Generator, d: int) -> Dataset:
    """Points around one direction, multiples of 1/16, whose path stays in K with some room (in floats)."""
    while True:
        n = int(rng.integers(d + 1, d + 5))
        noise = rng.integers(-8, 9, size=(n, d))
        noise[:, 0] += 16
        labels = rng.integers(1, 33, size=n)
        data = _dataset(16, tuple(map(tuple, noise.tolist())), tuple(labels.tolist()))
        try:
            fit = linear_fit_of(data)
            path = limit_path(fit, 1e-3)
        except Undecided:
            continue
        eigenvalues = np.linalg.eigvalsh(np.array(fit.H, dtype=float))
        if path.least_cosine > LEAST_COSINE and eigenvalues[-1] < LARGEST_CONDITION * eigenvalues[0] and fit.loss > 0:
            return data
