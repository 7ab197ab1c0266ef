"""The cells of the hyperplanes <w, x_k> = 0, found from their rays in exact integers, in any degeneracy.

Restricted to the span of the points, every cell is a pointed cone: it has rays, and their sum lies inside it. Near a
ray the arrangement is that of the hyperplanes through that ray, which has lower rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..geometry.covectors import Pattern, most_cells
from ..geometry.integers import Integers, dot, independent_rows, meeting_lines, primitive, sign

LARGEST = 10_000
"""Most cells that are enumerated: the convex program has 2 d variables for each."""


@dataclass(frozen=True)
class Cells:
    """The c cells of the hyperplanes of n points in R^d, h of them distinct.

    `points` (n, d) are primitive integer vectors with x_k = `factors[k]` `points[k]`, a positive factor. `rays` are
    integer vectors (d,) along all rays in the span of the points, `inside` holds one (d,) inside each cell, also in the
    span. `signs` (c, n) is the pattern of each cell. `facets` (c, n) marks, for each facet of a cell, the first point
    on its hyperplane.
    """

    points: tuple[Integers, ...]
    factors: tuple[Fraction, ...]
    rays: tuple[Integers, ...]
    inside: tuple[Integers, ...]
    signs: NDArray[np.int8]
    facets: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.inside)


def find_cells(inputs: Sequence[Sequence[Fraction]]) -> Cells:
    """All cells of non-zero points (n, d); InputError if there may be more than `LARGEST`."""
    scaled = [primitive(point) for point in inputs]
    points = tuple(point for point, _ in scaled)
    hyperplanes = _distinct(points)
    basis = independent_rows(points)
    _refuse_too_many(len(hyperplanes), len(basis))
    # w = sum_i c_i points[basis[i]] has <w, x> = sum_i c_i <points[basis[i]], x>: normals in coordinates of the span.
    frame = [points[place] for place in basis]
    if len(frame) == len(points[0]):
        frame = [tuple(int(i == j) for j in range(len(frame))) for i in range(len(frame))]
    normals = [tuple(dot(axis, points[place]) for axis in frame) for place in hyperplanes]
    rays: dict[Integers, None] = {}
    inside: dict[Pattern, Integers] = {}
    for ray, pattern in _beside_rays(normals, len(frame)):
        rays[ray] = None
        inside[pattern] = tuple(s + r for s, r in zip(inside.get(pattern, (0,) * len(frame)), ray, strict=True))
    lifted = tuple(_lift(coordinates, frame) for coordinates in inside.values())
    facets = np.zeros((len(inside), len(points)), dtype=np.bool_)
    facets[:, hyperplanes] = [[_flipped(pattern, h) in inside for h in range(len(normals))] for pattern in inside]
    return Cells(
        points=points,
        factors=tuple(factor for _, factor in scaled),
        rays=tuple(_lift(ray, frame) for ray in rays),
        inside=lifted,
        signs=np.array([[sign(dot(w, point)) for point in points] for w in lifted], dtype=np.int8),
        facets=facets,
    )


def _distinct(points: Sequence[Integers]) -> list[int]:
    """The first point on each hyperplane: of parallel points, which are equal or opposite here, the first."""
    first: dict[Integers, int] = {}
    for place, point in enumerate(points):
        first.setdefault(max(point, tuple(-entry for entry in point)), place)
    return list(first.values())


def _refuse_too_many(hyperplanes: int, rank: int) -> None:
    most = most_cells(hyperplanes, rank)
    if most > LARGEST:
        raise InputError(
            f"{hyperplanes} points, none a multiple of another, of rank {rank}, may have {most} activation "
            f"patterns; least-norm interpolation goes through at most {LARGEST}, so leave points or columns out"
        )


def _beside_rays(normals: Sequence[Integers], order: int) -> Iterator[tuple[Integers, Pattern]]:
    """Every ray with every cell whose closure holds it, once each; normals (h, order) of full rank, not parallel."""
    seen: set[tuple[int, ...]] = set()
    for ray in meeting_lines(normals, order):
        at_ray = [sign(dot(ray, normal)) for normal in normals]
        through = tuple(place for place, value in enumerate(at_ray) if value == 0)
        if through in seen:
            continue
        seen.add(through)
        local = _patterns([normals[place] for place in through])
        for side in (1, -1):
            pattern = [side * value for value in at_ray]
            for signs in local:
                for place, value in zip(through, signs, strict=True):
                    pattern[place] = value
                yield tuple(side * value for value in ray), tuple(pattern)


def _patterns(normals: Sequence[Integers]) -> frozenset[Pattern]:
    """The patterns of all cells of normals that are not parallel, of any rank."""
    columns = independent_rows(tuple(zip(*normals, strict=True)))
    if len(columns) == len(normals):
        return frozenset(product((1, -1), repeat=len(normals)))
    reduced = [tuple(normal[column] for column in columns) for normal in normals]
    return frozenset(pattern for _, pattern in _beside_rays(reduced, len(columns)))


def _flipped(pattern: Pattern, place: int) -> Pattern:
    return (*pattern[:place], -pattern[place], *pattern[place + 1 :])


def _lift(coordinates: Integers, frame: Sequence[Integers]) -> Integers:
    return tuple(dot(coordinates, column) for column in zip(*frame, strict=True))


def unit(vectors: Sequence[Integers]) -> NDArray[np.float64]:
    """Integer vectors of any size as unit vectors in floats, (m, d)."""
    largest = [max(abs(value) for value in vector) for vector in vectors]
    scaled = [[float(Fraction(value, top)) for value in vector] for vector, top in zip(vectors, largest, strict=True)]
    rows = np.array(scaled)
    return np.asarray(rows / np.linalg.norm(rows, axis=1)[:, None])
