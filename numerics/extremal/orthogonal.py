"""Extremal vectors of orthogonal hyperplanes, in closed form (theory.md 6.1).

Orthogonal hyperplanes decouple: <D, x_h> = t_h ||x_h||^2 involves the contribution t_h of one hyperplane only. For
neurons of sign s, s t_h is positive on the positive side, negative on the negative one, and 0 on the hyperplane: every
extremal vector is a free choice, hyperplane by hyperplane, among the sides for which that holds. Points that are
orthogonal to one another, with ReLU, have 2^{n+} + 2^{n-} - 2 of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product
from math import prod

import numpy as np
from numpy.typing import NDArray

from ..geometry.covectors import Pattern
from ..geometry.integers import Integers, Spanned
from .face import Deadline, Enumeration, ExtremalFace, OutOfTime, extremal_face

MOST_LISTED = 64
"""Up to so many extremal vectors, all are listed; beyond that, unless all are asked for, the leading ones only."""

SMALL = 1e-9
"""Of the largest height: below this the float of a height that vanishes."""


def are_orthogonal(data: Spanned) -> bool:
    """Whether any two of the hyperplanes' points are orthogonal."""
    return all(data.inner(i, j) == 0 for i in range(len(data)) for j in range(i))


def number_of_vectors(data: Spanned) -> int:
    """How many extremal vectors orthogonal hyperplanes have, counted once for either sign."""
    every = [_sides(data, seen_by) for seen_by in (1, -1)]
    return sum(prod(map(len, sides)) - all(0 in choices for choices in sides) for sides in every)  # but D = 0


def enumerate_leading(data: Spanned) -> Enumeration:
    """For either sign the extremal vectors with a contribution of every hyperplane that allows one, `MOST_LISTED` each.

    All others have some of these contributions left out: they are shorter, and attract no neighbourhood.
    """
    faces: list[ExtremalFace] = []
    for seen_by in (1, -1):
        sides = [tuple(side for side in choices if side) or choices for choices in _sides(data, seen_by)]
        faces += islice(_faces(data, seen_by, product(*sides)), MOST_LISTED)
    return Enumeration(tuple(faces), longest(data), len(faces) == number_of_vectors(data), number_of_vectors(data))


def enumerate_all(data: Spanned, seconds: float | None = None) -> Enumeration:
    """All extremal vectors; incomplete only if `seconds` run out."""
    deadline = Deadline.after(seconds)
    faces: list[ExtremalFace] = []
    try:
        for seen_by in (1, -1):
            for face in _faces(data, seen_by, product(*_sides(data, seen_by))):
                deadline.check()
                faces.append(face)
    except OutOfTime:
        return Enumeration(tuple(faces), longest(data), False)
    count = number_of_vectors(data)
    return Enumeration(tuple(faces), longest(data), len(faces) == count, count)


def pattern_of(heights: NDArray[np.float64], seen_by: int) -> Pattern:
    """The signs (h,) of <w, x_h> for w = `seen_by` D, from floats of D along the hyperplanes' unit normals (h,)."""
    size = np.abs(heights).max(initial=0.0)
    signs = np.where(np.abs(heights) <= SMALL * size, 0, np.sign(seen_by * heights))
    return tuple(int(sign) for sign in signs)


def longest(data: Spanned) -> Integers:
    """A drift of largest norm in the union over w != 0 of frakD(w, 0), in span coordinates.

    Squares of contributions add up. Where the points span R^d, w cannot lie on all hyperplanes.
    """
    ends = [max(options, key=abs) for options in zip(data.positive, data.negative, data.low, data.high, strict=True)]
    sides = [max(options, key=abs) for options in zip(data.positive, data.negative, strict=True)]
    if data.rank == data.hyperplanes.dimension and all(abs(e) > abs(s) for e, s in zip(ends, sides, strict=True)):
        replaced = [data.combine([*ends[:h], sides[h], *ends[h + 1 :]]) for h in range(len(data))]
        return max(replaced, key=data.squared_norm, default=data.combine(ends))
    return data.combine(ends)


def _sides(data: Spanned, seen_by: int) -> list[tuple[int, ...]]:
    """For every hyperplane the signs of <w, x>, w = `seen_by` D, that agree with the contribution there."""
    return [
        tuple(
            side
            for side, possible in ((1, seen_by * above > 0), (-1, seen_by * below < 0), (0, low <= 0 <= high))
            if possible
        )
        for above, below, low, high in zip(data.positive, data.negative, data.low, data.high, strict=True)
    ]


def _faces(data: Spanned, seen_by: int, patterns: Iterable[Pattern]) -> Iterator[ExtremalFace]:
    """The extremal faces of these patterns of w, each confirmed in exact arithmetic."""
    for pattern in patterns:
        face = extremal_face(data, pattern)
        if face is not None and face.seen_by == seen_by:
            yield face
