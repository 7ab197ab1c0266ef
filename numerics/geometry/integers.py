"""Hyperplanes written in integers and in coordinates of their span, for exact sign tests.

Every point is x_h = B u_h with B a basis of the span (rank e <= d) and u_h an integer vector, up to positive factors.
Inner products with a drift D = B v are <x_h, D> = xi_h . v with the covector xi_h = B^T x_h. For full rank, B = I.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from flint import fmpq, fmpq_mat, fmpz_mat

from .hyperplanes import Hyperplanes

Integers = tuple[int, ...]


def dot(left: Sequence[int], right: Sequence[int]) -> int:
    """The inner product of two integer vectors."""
    return sum(a * b for a, b in zip(left, right, strict=True))


def sign(value: int) -> int:
    """-1, 0 or 1."""
    return (value > 0) - (value < 0)


def primitive(vector: Sequence[Fraction]) -> tuple[Integers, Fraction]:
    """Integers without common factor and the positive rational that scales them back to `vector` (not all zero)."""
    denominator = math.lcm(*(entry.denominator for entry in vector))
    whole = [int(entry * denominator) for entry in vector]
    content = math.gcd(*whole)
    return tuple(entry // content for entry in whole), Fraction(content, denominator)


def rank(rows: Sequence[Sequence[int]]) -> int:
    """The rank of integer rows; 0 for none."""
    return int(fmpz_mat([list(row) for row in rows]).rank()) if rows else 0


def independent_rows(rows: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The first rows that form a basis of the row space: pivot columns of the transpose's echelon form."""
    if not rows or not rows[0]:
        return ()
    reduced, _, order = fmpz_mat([list(column) for column in zip(*rows, strict=True)]).rref()
    pivots = []
    for line in range(order):
        entries = [reduced[line, column] != 0 for column in range(len(rows))]
        pivots.append(entries.index(True))
    return tuple(pivots)


def kernel(rows: Sequence[Sequence[int]]) -> tuple[Integers, ...]:
    """Integer vectors that form a basis of the common kernel of `rows` (at least one row)."""
    basis, nullity = fmpz_mat([list(row) for row in rows]).nullspace()
    return tuple(tuple(int(basis[line, column]) for line in range(len(rows[0]))) for column in range(nullity))


def null_vector(rows: Sequence[Sequence[int]], dimension: int) -> Integers | None:
    """A primitive integer vector spanning the common kernel of `rows`; None unless the kernel is a line."""
    if not rows:
        return (1,) if dimension == 1 else None
    basis, nullity = fmpz_mat([list(row) for row in rows]).nullspace()
    if nullity != 1:
        return None
    vector = [int(basis[line, 0]) for line in range(dimension)]
    content = math.gcd(*vector)
    return tuple(entry // content for entry in vector)


def meeting_lines(normals: Sequence[Sequence[int]], dimension: int) -> Iterator[Integers]:
    """The lines on which `dimension` - 1 independent hyperplanes <w, v_i> = 0 meet, as primitive integer vectors.

    Goes through all sets of so many `normals` v_i, so that a line may come several times, also as its opposite.
    """
    for subset in combinations(normals, dimension - 1):
        line = null_vector(subset, dimension)
        if line is not None:
            yield line


def solve(matrix: Sequence[Sequence[int]], right: Sequence[int | Fraction]) -> tuple[Fraction, ...]:
    """The unique solution of a nonsingular integer system, right-hand side rational."""
    size = len(matrix)
    if size == 0:
        return ()
    solution = fmpq_mat(fmpz_mat([list(row) for row in matrix])).solve(
        fmpq_mat(size, 1, [fmpq(int(entry.numerator), int(entry.denominator)) for entry in right])
    )
    return tuple(Fraction(int(solution[line, 0].p), int(solution[line, 0].q)) for line in range(size))


@dataclass(frozen=True)
class Spanned:
    """Hyperplanes in span coordinates: h of them, rank e, all entries integers.

    `primal[i]` (e,) is u_i and `covector[i]` (e,) is xi_i. A point's contribution to the drift is
    `unit` * t * `points[i]` with t = `positive[i]`, `negative[i]`, or anything in [`low[i]`, `high[i]`] on the
    hyperplane; `points[i]` (d,) is the primitive integer vector along x_i. A drift with span coordinates v (in those
    units) is sum_i v_i `basis[i]` in R^d, its squared norm a fixed positive multiple of v^T `metric` v.
    """

    hyperplanes: Hyperplanes
    rank: int
    unit: Fraction
    points: tuple[Integers, ...]
    primal: tuple[Integers, ...]
    covector: tuple[Integers, ...]
    positive: Integers
    negative: Integers
    low: Integers
    high: Integers
    jump_sign: Integers
    basis: tuple[tuple[Fraction, ...], ...]
    metric: tuple[Integers, ...]

    def __len__(self) -> int:
        return len(self.points)

    @cached_property
    def total_negative(self) -> Integers:
        """The drift (span coordinates, in units) when every point is on its negative side."""
        return self.combine(self.negative)

    def combine(self, multiples: Sequence[int]) -> Integers:
        """sum_i multiples[i] u_i, shape (e,)."""
        return tuple(
            sum(multiple * row[axis] for multiple, row in zip(multiples, self.primal, strict=True))
            for axis in range(self.rank)
        )

    def squared_norm(self, drift: Sequence[int]) -> int:
        """A fixed positive multiple of the squared norm of a drift in span coordinates."""
        return sum(entry * dot(row, drift) for entry, row in zip(drift, self.metric, strict=True))

    def lift(self, drift: Sequence[int], scale: int = 1) -> tuple[Fraction, ...]:
        """The drift with span coordinates `drift` / `scale` as an exact vector of R^d."""
        return tuple(
            sum((entry * row[axis] for entry, row in zip(drift, self.basis, strict=True) if row[axis]), Fraction(0))
            / scale
            for axis in range(self.hyperplanes.dimension)
        )

    def inner(self, i: int, j: int) -> int:
        """A common positive multiple of <points[i], points[j]>."""
        return dot(self.covector[i], self.primal[j])


def span_coordinates(hyperplanes: Hyperplanes) -> Spanned:
    """Scale hyperplanes to integers and restrict them to their span; exact, any rank, also rank 0 (no hyperplanes)."""
    scaled = [primitive(direction) for direction in hyperplanes.directions]
    points = tuple(point for point, _ in scaled)
    basis = independent_rows(points)
    order = len(basis)
    if order == hyperplanes.dimension or order == 0:
        primal = covector = points
        common = 1
        metric = tuple(tuple(int(i == j) for j in range(hyperplanes.dimension)) for i in range(order))
        columns = list(metric)
    else:
        columns = [points[place] for place in basis]
        metric = tuple(tuple(dot(left, right) for right in columns) for left in columns)
        covector = tuple(tuple(dot(column, point) for column in columns) for point in points)
        exact = [solve(metric, row) for row in covector]
        common = math.lcm(*(entry.denominator for row in exact for entry in row))
        primal = tuple(tuple(int(entry * common) for entry in row) for row in exact)

    def scale(values: Sequence[Fraction]) -> list[Fraction]:
        return [value * factor for value, (_, factor) in zip(values, scaled, strict=True)]

    columns_of_t = [
        scale(values) for values in (hyperplanes.positive, hyperplanes.negative, hyperplanes.low, hyperplanes.high)
    ]
    denominator = math.lcm(*(value.denominator for values in columns_of_t for value in values))
    numerators = [[int(value * denominator) for value in values] for values in columns_of_t]
    content = math.gcd(*(value for values in numerators for value in values)) or 1
    positive, negative, low, high = (tuple(value // content for value in values) for values in numerators)
    unit = Fraction(content, denominator)
    return Spanned(
        hyperplanes=hyperplanes,
        rank=order,
        unit=unit,
        points=points,
        primal=primal,
        covector=covector,
        positive=positive,
        negative=negative,
        low=low,
        high=high,
        jump_sign=tuple(sign(jump.numerator) for jump in hyperplanes.jump),
        basis=tuple(tuple(unit * entry / common for entry in column) for column in columns),
        metric=metric,
    )
