"""Extremal vectors of data of rank 2: one turn around the circle of directions, O(n log n) in exact integers."""

from __future__ import annotations

from functools import cmp_to_key

from ..geometry.integers import Integers, Spanned, dot
from .face import Enumeration, ExtremalFace, extremal_face


def cross(left: Integers, right: Integers) -> int:
    """The determinant of two plane vectors: positive when `right` lies counterclockwise of `left`, within pi."""
    return left[0] * right[1] - left[1] * right[0]


def sorted_rays(data: Spanned) -> list[tuple[Integers, int]]:
    """The rays (direction, hyperplane) of the upper half plane, counterclockwise; their opposites follow in order."""

    def upper(covector: Integers) -> Integers:
        x, y = -covector[1], covector[0]
        return (x, y) if (y, x) > (0, 0) else (-x, -y)

    rays = [(upper(covector), place) for place, covector in enumerate(data.covector)]

    def clockwise(left: tuple[Integers, int], right: tuple[Integers, int]) -> int:
        return cross(right[0], left[0])

    return sorted(rays, key=cmp_to_key(clockwise))


def sweep(data: Spanned, seconds: float | None = None) -> Enumeration:
    """All extremal faces of data of rank 2.

    Goes around once through rays and the cells between them; `seconds` is not needed. The drift of each is updated in
    O(1), and is extremal if it, or its opposite, lies in the same cell or on the same ray: two cross products decide.
    """
    whole_box = data.hyperplanes.dimension > 2
    above, below = (data.high, data.low) if whole_box else (data.positive, data.negative)
    half = sorted_rays(data)
    turn = half + [((-ray[0], -ray[1]), place) for ray, place in half]
    before = _just_before(turn)
    pattern = [1 if dot(covector, before) > 0 else -1 for covector in data.covector]
    drift = list(
        data.combine([a if s > 0 else b for s, a, b in zip(pattern, data.positive, data.negative, strict=True)])
    )
    bound = list(data.combine([a if s > 0 else b for s, a, b in zip(pattern, above, below, strict=True)]))
    found: list[ExtremalFace] = []
    largest: tuple[int, Integers] = (0, (0, 0))

    def accept() -> None:
        face = extremal_face(data, tuple(pattern))
        if face is None:
            raise ArithmeticError("the sweep and the exact face test disagree")
        found.append(face)

    for position, (ray, place) in enumerate(turn):
        u, side = data.primal[place], pattern[place]
        old, new = (data.positive, data.negative) if side > 0 else (data.negative, data.positive)
        drift = [drift[0] - old[place] * u[0], drift[1] - old[place] * u[1]]
        taken = (above if side > 0 else below)[place]
        bound = [bound[0] - taken * u[0], bound[1] - taken * u[1]]
        for multiple in (data.low[place], data.high[place]):
            corner = (bound[0] + multiple * u[0], bound[1] + multiple * u[1])
            largest = max(largest, (data.squared_norm(corner), corner))
        pattern[place] = 0
        needed, reach = -dot(data.covector[place], drift), data.inner(place, place)
        if data.low[place] * reach <= needed <= data.high[place] * reach and any(
            reach * drift[axis] + needed * u[axis] for axis in (0, 1)
        ):
            accept()
        pattern[place] = -side
        drift = [drift[0] + new[place] * u[0], drift[1] + new[place] * u[1]]
        taken = (below if side > 0 else above)[place]
        bound = [bound[0] + taken * u[0], bound[1] + taken * u[1]]
        following = turn[(position + 1) % len(turn)][0]
        after, until = cross(ray, (drift[0], drift[1])), cross((drift[0], drift[1]), following)
        if after * until > 0:
            accept()
    return Enumeration(tuple(found), largest[1], True)


def _just_before(turn: list[tuple[Integers, int]]) -> Integers:
    """A direction inside the cell that ends at the first ray: the sum of its two bounding rays."""
    first, last = turn[0][0], turn[-1][0]
    return (first[0] + last[0], first[1] + last[1])
