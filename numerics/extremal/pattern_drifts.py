"""The drift of least norm of every activation pattern, in exact arithmetic (theory.md 8.1).

[BF] writes D_u for the element of least norm of frakD_u, the set of drifts at zero output in the pattern u of some w.
Unlike the search for extremal vectors, this goes through all points one by one: points on one line are not merged, and
a point without pull has its hyperplane too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.problem import Problem
from ..errors import InputError
from ..geometry.box_least_squares import least_norm_in_box
from ..geometry.covectors import Pattern, covectors, most_cells
from ..geometry.integers import Integers, primitive, rank, sign

MOST_PATTERNS = 20_000
MOST_SIGNS = 10**6
"""Most patterns, and most signs (patterns times points), that are gone through: at most about half a minute."""


class Place(IntEnum):
    """Where a drift lies with respect to the cone of all w of one pattern."""

    OUTSIDE = -1
    BOUNDARY = 0
    INSIDE = 1


@dataclass(frozen=True)
class PatternDrift:
    """D_u, the drift of least norm in frakD_u, for a pattern u that some w has; exact.

    `pattern` (n,) is u, `drift` (d,) is D_u, `signs` (n,) the signs of <D_u, x_k>, and `slopes` those of D_u at the
    points of `face`, one choice of them where they are not unique.
    """

    pattern: Pattern
    drift: tuple[Fraction, ...]
    signs: Pattern
    slopes: tuple[Fraction, ...]

    @property
    def face(self) -> tuple[int, ...]:
        """The points k with u_k = 0."""
        return tuple(k for k, value in enumerate(self.pattern) if value == 0)

    @cached_property
    def vector(self) -> NDArray[np.float64]:
        """D_u in floats, shape (d,)."""
        return np.array([float(entry) for entry in self.drift])

    @property
    def vanishes(self) -> bool:
        """Whether D_u = 0, that is, frakD_u contains 0."""
        return not any(self.drift)

    def place(self, side: int) -> Place:
        """Where side * D_u lies, side = 1 or -1: in the cone of u, on the boundary of its closure, or outside of it.

        A vector of frakD_u on the closure is orthogonal to the points of the face, and is therefore D_u: so this also
        says where the whole set meets the cone.
        """
        turned = tuple(side * value for value in self.signs)
        if turned == self.pattern:
            return Place.INSIDE
        fits = all(found == value or (value and not found) for found, value in zip(turned, self.pattern, strict=True))
        return Place.BOUNDARY if fits else Place.OUTSIDE

    @property
    def extremal(self) -> bool:
        """Whether D_u is an extremal vector ([BF], Definition 1)."""
        return not self.vanishes and Place.INSIDE in (self.place(1), self.place(-1))


def pattern_drifts(problem: Problem) -> tuple[PatternDrift, ...]:
    """D_u of every pattern u that some w has, w = 0 included; in the order of the patterns.

    Raises InputError, as `check_patterns` does, when there may be too many.
    """
    check_patterns(problem)
    normals = integer_directions(problem)
    return tuple(_drifts(problem, normals, sorted(covectors(normals))))


def check_patterns(problem: Problem) -> None:
    """Raise InputError when there may be too many patterns to go through, without looking for them."""
    data = problem.data
    limit = min(MOST_PATTERNS, MOST_SIGNS // data.n)
    order = rank(integer_directions(problem))
    # Independent points alone have 3^order patterns: where this is too much, the exact number is not needed.
    if 3**order > limit or number_of_patterns(data.n, order) > limit:
        raise InputError(
            f"{data.n} points in dimension {data.d} can have more than {limit} activation patterns, the most that are "
            f"gone through for {data.n} points; take fewer points"
        )


def integer_directions(problem: Problem) -> tuple[Integers, ...]:
    """The inputs as primitive integer vectors: each times a positive number, shape (n, d)."""
    return tuple(primitive(point)[0] for point in problem.data.inputs)


def number_of_patterns(n: int, order: int) -> int:
    """How many patterns n points of rank `order` have when they are in general position; an upper bound otherwise.

    The patterns with k zeros are the cells of the other n - k hyperplanes in k dimensions less (theory.md 3.8).
    """
    return 1 + sum(comb(n, k) * most_cells(n - k, order - k) for k in range(order))


def _drifts(problem: Problem, normals: Sequence[Integers], patterns: Sequence[Pattern]) -> Iterator[PatternDrift]:
    """The exact drifts of the given patterns; contributions are integers over one common denominator."""
    n, leak = problem.data.n, problem.leak
    shares = [
        [pull * entry / n for entry in point]
        for pull, point in zip(problem.pulls_at_zero, problem.data.inputs, strict=True)
    ]
    common = math.lcm(*(entry.denominator for share in shares for entry in share)) * leak.denominator
    active = np.array([[int(entry * common) for entry in share] for share in shares], dtype=object)
    inactive = np.array([[int(entry * common * leak) for entry in share] for share in shares], dtype=object)
    columns = np.array(normals, dtype=object)
    for pattern in patterns:
        signs = np.array(pattern)
        scaled = active[signs > 0].sum(axis=0) + inactive[signs <= 0].sum(axis=0)
        slopes: tuple[Fraction, ...] = ()
        if (signs == 0).any():
            scaled, slopes = _least_norm(scaled, (active - inactive)[signs == 0], leak)
        denominator = math.lcm(*(entry.denominator for entry in scaled))
        whole = np.array([int(entry * denominator) for entry in scaled], dtype=object)
        yield PatternDrift(
            pattern=pattern,
            drift=tuple(Fraction(entry, denominator * common) for entry in whole),
            signs=tuple(sign(height) for height in columns @ whole),
            slopes=slopes,
        )


def _least_norm(base: NDArray[Any], jumps: NDArray[Any], leak: Fraction) -> tuple[NDArray[Any], tuple[Fraction, ...]]:
    """The vector of least norm, and its slopes, when each slope of a face may be anything from the leak to 1."""
    exact = np.vectorize(Fraction, otypes=[object])
    least = least_norm_in_box(exact(base), exact(jumps))
    return least.point, tuple(leak + (1 - leak) * share for share in least.theta)
