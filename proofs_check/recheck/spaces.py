"""Linear algebra, rays and cells in R^d, in rationals: standard library only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from math import gcd, lcm
from typing import TypeAlias

Row: TypeAlias = tuple[Fraction, ...]
Integers: TypeAlias = tuple[int, ...]


def inner(u: Sequence[Fraction | int], v: Sequence[Fraction | int]) -> Fraction:
    """<u, v>."""
    total = Fraction(0)
    for p, q in zip(u, v, strict=True):
        total += p * q
    return total


def image(matrix: Sequence[Row], v: Sequence[Fraction]) -> Row:
    """A matrix times a vector."""
    return tuple(inner(row, v) for row in matrix)


def solved(matrix: Sequence[Row], right: Sequence[Fraction]) -> Row | None:
    """The solution of a square system by elimination; None when the matrix is singular."""
    rows, size = [[*row, value] for row, value in zip(matrix, right, strict=True)], len(right)
    for column in range(size):
        pivot = next((i for i in range(column, size) if rows[i][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [entry / rows[column][column] for entry in rows[column]]
        for i in range(size):
            if i != column and rows[i][column]:
                rows[i] = [p - rows[i][column] * q for p, q in zip(rows[i], rows[column], strict=True)]
    return tuple(row[-1] for row in rows)


def positive_definite(matrix: Sequence[Row]) -> bool:
    """Whether a symmetric matrix is positive definite: all pivots of elimination without exchanges are positive."""
    rows = [list(row) for row in matrix]
    for column, row in enumerate(rows):
        if row[column] <= 0:
            return False
        for i in range(column + 1, len(rows)):
            factor = rows[i][column] / row[column]
            rows[i] = [p - factor * q for p, q in zip(rows[i], row, strict=True)]
    return True


def across(v: Row) -> list[Row]:
    """A basis of the complement of a vector that is not 0."""
    axis = next(i for i, entry in enumerate(v) if entry)
    unit = [tuple(Fraction(int(i == j)) for i in range(len(v))) for j in range(len(v))]
    return [
        tuple(v[axis] * p - v[j] * q for p, q in zip(unit[j], unit[axis], strict=True))
        for j in range(len(v))
        if j != axis
    ]


def line(rows: Sequence[Row], dimension: int) -> Row | None:
    """A vector that is orthogonal to all rows; None unless these vectors form a line."""
    left = [tuple(Fraction(int(i == j)) for i in range(dimension)) for j in range(dimension)]
    for row in rows:
        products = [inner(row, v) for v in left]
        pivot = next((i for i, value in enumerate(products) if value), None)
        if pivot is None:
            return None
        kept, top = left[pivot], products[pivot]
        left = [
            tuple(p - value / top * q for p, q in zip(v, kept, strict=True))
            for i, (v, value) in enumerate(zip(left, products, strict=True))
            if i != pivot
        ]
    return left[0] if len(left) == 1 else None


def rank(rows: Sequence[Row]) -> int:
    """The number of independent rows."""
    left, found = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is not None:
            left.remove(pivot)
            left = [[p - row[column] / pivot[column] * q for p, q in zip(row, pivot, strict=True)] for row in left]
            found += 1
    return found


def rays(normals: Sequence[Row]) -> Iterator[Row]:
    """Vectors along all extreme rays of {w : <w, v_i> >= 0 for all i}, where the v_i span the space."""
    dimension = len(normals[0])
    for subset in combinations(normals, dimension - 1):
        ray = line(subset, dimension)
        if ray is not None:
            for side in (ray, tuple(-entry for entry in ray)):
                if all(inner(side, normal) >= 0 for normal in normals):
                    yield side


def cells(points: Sequence[Row]) -> list[Integers]:
    """One vector w in each cell of the hyperplanes <w, x_k> = 0, integers."""
    return _cells([_whole(point) for point in points])


def _cells(points: Sequence[Integers]) -> list[Integers]:
    """The same for points in integers; points that are 0 have no hyperplane.

    Let x be the last point. A cell of the other hyperplanes either misses that of x, and lies on one side of it; or
    the hyperplane of x cuts it. The pieces on both sides of x touch cells of the arrangement within that hyperplane,
    whose normals are the projections of the other points.
    """
    dimension = len(points[0])
    points = [point for point in points if any(point)]
    if not points:
        return [(0,) * dimension]
    *others, x = points
    found: dict[tuple[bool, ...], Integers] = {}
    square = _dot(x, x)
    projected = [_whole([square * p - _dot(other, x) * q for p, q in zip(other, x, strict=True)]) for other in others]
    for w in _cells([*projected, (0,) * dimension]):
        for side in _beside(w, x, points):
            found[_pattern(side, points)] = side
    for w in _cells([*others, (0,) * dimension]):
        if _dot(w, x):
            found[_pattern(w, points)] = w
    return list(found.values())


def _dot(u: Integers, v: Integers) -> int:
    return sum(p * q for p, q in zip(u, v, strict=True))


def _pattern(w: Integers, points: Sequence[Integers]) -> tuple[bool, ...]:
    return tuple(_dot(w, point) > 0 for point in points)


def _whole(vector: Sequence[Fraction | int]) -> Integers:
    """A positive multiple in integers without common factor."""
    common = lcm(*(entry.denominator for entry in vector))
    whole = [int(entry * common) for entry in vector]
    divisor = gcd(*whole) or 1
    return tuple(entry // divisor for entry in whole)


def _beside(w: Integers, x: Integers, points: Sequence[Integers]) -> Iterator[Integers]:
    """From w on the hyperplane of x a little to both sides, across no hyperplane that does not hold w."""
    pairs = [(abs(_dot(w, point)), abs(_dot(x, point))) for point in points]
    step = min((Fraction(far, speed) for far, speed in pairs if far and speed), default=Fraction(2)) / 2
    for sign in (1, -1):
        yield _whole([p + sign * step * q for p, q in zip(w, x, strict=True)])
