"""Extremal vectors and D_max by going through every face in exact integers: slow, for small or very degenerate data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..geometry.covectors import Pattern, covectors
from ..geometry.integers import Integers, Spanned, independent_rows
from .face import Enumeration, extremal_face


def exhaust(data: Spanned, seconds: float | None = None) -> Enumeration:
    """All extremal faces, and a drift of largest norm, of data of any rank; exact, one face after another.

    `seconds` is ignored: this route is for small data only.
    """
    faces = covectors(data.covector)
    found = [face for face in (extremal_face(data, pattern) for pattern in faces) if face is not None]
    largest: tuple[int, Integers] = (0, (0,) * data.rank)
    for corner in drift_corners(data, faces):
        largest = max(largest, (data.squared_norm(corner), corner))
    return Enumeration(tuple(found), largest[1], True)


def drift_corners(data: Spanned, faces: frozenset[Pattern]) -> Iterator[Integers]:
    """The vertices of the zonotopes frakD(w, 0) of all w != 0, with every slope on a face free (span coordinates).

    If the data do not span R^d some w is orthogonal to all of them, and that one zonotope holds all the others. If they
    do, it is enough to look at the rays: a face's zonotope lies in that of any ray in its closure.
    """
    whole_box = data.rank < data.hyperplanes.dimension
    centres = [(0,) * len(data)] if whole_box else [face for face in faces if _is_ray(data, face)]
    for centre in centres:
        through = [place for place, value in enumerate(centre) if value == 0]
        yield from zonotope_corners(data, centre, through)


def _is_ray(data: Spanned, face: Pattern) -> bool:
    through = [data.covector[place] for place, value in enumerate(face) if value == 0]
    return any(face) and len(independent_rows(through)) == data.rank - 1


def zonotope_corners(data: Spanned, centre: Pattern, through: Sequence[int]) -> Iterator[Integers]:
    """The vertices of frakD(w, 0) for w on the face `centre`, whose hyperplanes are `through`.

    The vertex that is extreme in direction v takes every generator's upper end where <v, x_h> > 0, the lower elsewhere.
    """
    fixed = [
        above if value > 0 else below if value < 0 else 0
        for value, above, below in zip(centre, data.positive, data.negative, strict=True)
    ]
    for signs in covectors([data.covector[place] for place in through]):
        if all(signs):
            for place, value in zip(through, signs, strict=True):
                fixed[place] = data.high[place] if value > 0 else data.low[place]
            yield data.combine(fixed)
