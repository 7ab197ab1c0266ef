"""The float side of integer span coordinates: the same numbers, scaled by powers of two, with their rounding bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..geometry.float_bounds import Enclosure, Floats, accumulated
from ..geometry.integers import Spanned


@dataclass(frozen=True)
class Filtered:
    """Enclosures of a `Spanned`: h hyperplanes of rank e in R^d. Row and global scalings are positive: signs survive.

    `covector` (e, h); `primal` (h, e); `gram` (h, h) with entries xi_i . u_j; `ends[s]` (h,) the multiples of u on
    side s = 1 or -1 and `low`, `high` (h,) their range on the hyperplane; `sides[s]` (h, e) the contributions t u.
    `cartesian[name]` (h, d) are plain floats for norms: t points in R^d for name in (positive, negative,
    low, high) in R^d.
    """

    covector: Enclosure
    primal: Enclosure
    gram: Enclosure
    ends: dict[int, Enclosure]
    low: Enclosure
    high: Enclosure
    sides: dict[int, Enclosure]
    cartesian: dict[str, Floats]

    @cached_property
    def covector_rows(self) -> Enclosure:
        """The covectors as rows, shape (h, e)."""
        return Enclosure(self.covector.value.T.copy(), self.covector.radius.T.copy())

    def centres(self, signs: NDArray[np.int8]) -> Enclosure:
        """Sum of the contributions of the hyperplanes off the face, for sign rows (r, h): shape (r, e)."""
        above, below = self.sides[1], self.sides[-1]
        value = (signs > 0).astype(float) @ above.value + (signs < 0).astype(float) @ below.value
        gamma = accumulated(2 * len(above.value) + 4)
        largest = np.maximum(np.abs(above.value), np.abs(below.value)).sum(axis=0)
        radius = 2.0 * gamma * largest + (above.radius + below.radius).sum(axis=0)
        return Enclosure(value, np.broadcast_to(radius, value.shape))


def filtered(data: Spanned) -> Filtered:
    """Correctly rounded, scaled floats of `data`, whatever the size of its integers."""
    covector_shift = [_bits(row) for row in data.covector]
    primal_shift = [_bits(row) for row in data.primal]
    ends = {1: data.positive, -1: data.negative}
    shift = max(_bits((t,)) + s for values in (data.low, data.high) for t, s in zip(values, primal_shift, strict=True))

    def multiples(values: Sequence[int]) -> Enclosure:
        scaled = [(t << s) / (1 << shift) for t, s in zip(values, primal_shift, strict=True)]
        return Enclosure.rounded(np.array(scaled))

    def contributions(values: Sequence[int], vectors: Sequence[Sequence[int]], largest: int) -> Floats:
        rows = [[t * entry / (1 << largest) for entry in row] for t, row in zip(values, vectors, strict=True)]
        return np.array(rows)

    in_space = max(
        _bits((t,)) + _bits(point)
        for values in (data.low, data.high)
        for t, point in zip(values, data.points, strict=True)
    )
    covector = Enclosure.rounded(
        np.array([_scaled(row, s) for row, s in zip(data.covector, covector_shift, strict=True)]).T
    )
    primal = Enclosure.rounded(np.array([_scaled(row, s) for row, s in zip(data.primal, primal_shift, strict=True)]))
    gram = primal @ covector
    named = {"positive": data.positive, "negative": data.negative, "low": data.low, "high": data.high}
    return Filtered(
        covector=covector,
        primal=primal,
        gram=Enclosure(gram.value.T.copy(), gram.radius.T.copy()),
        ends={side: multiples(values) for side, values in ends.items()},
        low=multiples(data.low),
        high=multiples(data.high),
        sides={side: Enclosure.rounded(contributions(values, data.primal, shift)) for side, values in ends.items()},
        cartesian={name: contributions(values, data.points, in_space) for name, values in named.items()},
    )


def cross_product(rows: Enclosure) -> Enclosure:
    """The generalised cross product: rows (r, e - 1, e) -> (r, e), orthogonal to all its rows; by minors."""
    count, dimension = rows.value.shape[0], rows.value.shape[2]
    minors: dict[tuple[int, ...], Enclosure] = {(): Enclosure(np.ones(count), np.zeros(count))}
    for line in range(dimension - 1):
        larger: dict[tuple[int, ...], Enclosure] = {}
        for columns in combinations(range(dimension), line + 1):
            total = Enclosure(np.zeros(count), np.zeros(count))
            for position, column in enumerate(columns):
                term = rows[:, line, column] * minors[columns[:position] + columns[position + 1 :]]
                total = total - term if (line + position) % 2 else total + term
            larger[columns] = total
        minors = larger
    parts = []
    for column in range(dimension):
        minor = minors[tuple(other for other in range(dimension) if other != column)]
        parts.append(-minor if column % 2 else minor)
    return Enclosure(np.stack([p.value for p in parts], axis=1), np.stack([p.radius for p in parts], axis=1))


def _bits(row: Sequence[int]) -> int:
    return max(abs(entry).bit_length() for entry in row)


def _scaled(row: Sequence[int], shift: int) -> list[float]:
    return [entry / (1 << shift) for entry in row]
