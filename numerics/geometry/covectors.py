"""All faces of a small central hyperplane arrangement, as sign vectors, in exact arithmetic and any degeneracy.

Every face of a central arrangement of full rank r >= 1, but the origin, has a ray in its closure, and near a ray the
arrangement is that of the hyperplanes through that ray: an arrangement of rank r - 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import comb

from .integers import Integers, dot, independent_rows, meeting_lines, sign

Pattern = tuple[int, ...]


def most_cells(hyperplanes: int, rank: int) -> int:
    """The number of cells of central hyperplanes of this rank in general position, else a bound (theory.md 3.8)."""
    return 2 * sum(comb(hyperplanes - 1, i) for i in range(rank))


def covectors(normals: Sequence[Integers]) -> frozenset[Pattern]:
    """The sign vectors (sign <w, x_i>)_i over all w, the zero vector included; normals (m, r) integers, none zero."""
    columns = independent_rows(tuple(zip(*normals, strict=True))) if normals else ()
    return frozenset(_faces(tuple(tuple(row[column] for column in columns) for row in normals), len(columns)))


def _faces(normals: Sequence[Integers], order: int) -> Iterator[Pattern]:
    """Faces of normals (m, order) of full rank `order`; some may come more than once."""
    if len(normals) == order:  # independent hyperplanes: every choice of signs occurs
        yield from product((-1, 0, 1), repeat=order)
        return
    yield (0,) * len(normals)
    if order == 0:
        return
    seen: set[tuple[int, ...]] = set()
    for ray in meeting_lines(normals, order):
        at_ray = tuple(sign(dot(ray, normal)) for normal in normals)
        through = tuple(place for place, value in enumerate(at_ray) if value == 0)
        if through in seen:
            continue
        seen.add(through)
        yield from around_ray(at_ray, through, covectors(tuple(normals[place] for place in through)))


def around_ray(at_ray: Pattern, through: Sequence[int], local: frozenset[Pattern]) -> Iterator[Pattern]:
    """The faces next to a ray and next to its opposite: `at_ray` with the hyperplanes through it set to `local`."""
    for orientation in (1, -1):
        pattern = [orientation * value for value in at_ray]
        for signs in local:
            for place, value in zip(through, signs, strict=True):
                pattern[place] = value
            yield tuple(pattern)
