"""The exact number of cells of a central arrangement, by deletion and restriction: nothing is enumerated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

Integers = tuple[int, ...]


def number_of_cells(normals: Sequence[Sequence[Fraction]]) -> int:
    """The number of cells of the hyperplanes <w, x> = 0 of exact non-zero normals (n, d), parallel ones counted once.

    A new hyperplane cuts as many cells in two as its intersections with the earlier ones cut it into (Zaslavsky 1975).
    """
    return _count(list(dict.fromkeys(_direction(normal) for normal in normals)))


def _count(normals: list[Integers]) -> int:
    if normals and len(normals[0]) <= 2:
        return 2 * len(normals)
    return 1 + sum(_count(_restricted(normals[:place], normal)) for place, normal in enumerate(normals))


def _restricted(others: Sequence[Integers], normal: Integers) -> list[Integers]:
    """The intersections of other hyperplanes with that of `normal`, as normals in one coordinate less.

    On it the coordinate w_p with `normal[p]` != 0 is a combination of the others.
    """
    p = next(place for place, value in enumerate(normal) if value)
    restricted = (
        [normal[p] * other[i] - other[p] * normal[i] for i in range(len(normal)) if i != p] for other in others
    )
    return list(dict.fromkeys(_direction(row) for row in restricted))


def _direction(normal: Sequence[Fraction] | Sequence[int]) -> Integers:
    """The same for all multiples: integers without common factor, the first that is not 0 positive."""
    common = math.lcm(*(value.denominator for value in normal))
    whole = [int(value * common) for value in normal]
    content = math.gcd(*whole)
    pivot = next(value for value in whole if value)
    return tuple(value // (content if pivot > 0 else -content) for value in whole)
