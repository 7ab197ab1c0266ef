"""How near the drifts D_u come to the closed cones of their patterns: the angles of (23) and (24) in [BF]."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..data.problem import Problem
from ..geometry.integers import Integers, dot, meeting_lines, rank, sign
from .pattern_drifts import PatternDrift, Place, integer_directions

NO_POSITIVE_COSINE = 1e-9
"""A largest cosine below this is computed again from the rays, as it may be negative. At 1e-9 the sine is 1 to the last
digit in either case."""


class PatternCones:
    """The closed cones {w : u_k <w, x_k> >= 0 for all k, with = 0 where u_k = 0} of the patterns u of a problem."""

    def __init__(self, problem: Problem) -> None:
        self._data = problem.data
        self._normals = integer_directions(problem)
        self._units = problem.data.X / np.linalg.norm(problem.data.X, axis=1, keepdims=True)

    def least_sine(self, drifts: Sequence[PatternDrift], side: int) -> float:
        """sqrt(1 - M^2), with M the largest cosine between side * D_u and w != 0 in the closed cone of u.

        The maximum goes over the given drifts, none of them 0, and those u whose cone does not contain side * D_u. This
        is alpha_min,+ for side 1; for side -1 it is alpha_min,-, as the least cosine with D_u is minus the largest one
        with -D_u. Exactly 0 if some side * D_u lies on the boundary of the closed cone, and 1 if there is no such u.
        """
        outside = [drift for drift in drifts if any(drift.pattern) and drift.place(side) != Place.INSIDE]
        if any(drift.place(side) == Place.BOUNDARY for drift in outside):
            return 0.0
        if not outside:
            return 1.0
        angles = [self._angle(drift, side) for drift in outside]
        if max(cosine for _, cosine in angles) > NO_POSITIVE_COSINE:
            return min(sine for sine, _ in angles)
        largest = max(self._largest_on_rays(drift, side) for drift in outside)
        return math.sqrt(max(1 - largest**2, 0.0))

    def _angle(self, drift: PatternDrift, side: int) -> tuple[float, float]:
        """Sine and cosine of the angle between side * D_u and its projection onto the closed cone; (1, 0) for 0.

        What is left of it is its projection onto the polar cone, which the outward normals generate. So a small sine
        has all its digits, which it would not if it were computed from the cosine.
        """
        from scipy.optimize import nnls

        pattern = np.array(drift.pattern)
        flat = self._units[pattern == 0]
        outward = np.concatenate([-(pattern[:, None] * self._units)[pattern != 0], flat, -flat])
        unit = side * drift.vector / np.linalg.norm(drift.vector)
        multiples, cosine = nnls(outward.T, unit)
        return float(np.linalg.norm(multiples @ outward)), float(cosine)

    def _largest_on_rays(self, drift: PatternDrift, side: int) -> float:
        """The largest cosine between side * D_u and the closed cone when it is not positive: at one of the cone's rays.

        0 if some w != 0 is orthogonal to all points, as such a w belongs to every closed cone.
        """
        if self._rays is None:
            return 0.0
        patterns, directions = self._rays
        within = ((patterns == 0) | (patterns == np.array(drift.pattern))).all(axis=1)
        cosines = side * (directions[within] @ drift.vector) / np.linalg.norm(drift.vector)
        return float(cosines.max())

    @cached_property
    def _rays(self) -> tuple[NDArray[np.int8], Floats] | None:
        """Patterns (r, n) and unit directions (r, d) of all rays, or None when the points do not span R^d."""
        if rank(self._normals) < self._data.d:
            return None
        lines = {_oriented(line) for line in meeting_lines(self._normals, self._data.d)}
        rays = [tuple(side * entry for entry in line) for line in lines for side in (1, -1)]
        patterns = np.array([[sign(dot(ray, normal)) for normal in self._normals] for ray in rays], dtype=np.int8)
        return patterns, np.array([_unit(ray) for ray in rays])


def _oriented(line: Integers) -> Integers:
    """The one of a vector and its opposite whose first entry other than 0 is positive."""
    orientation = sign(next(entry for entry in line if entry))
    return tuple(orientation * entry for entry in line)


def _unit(vector: Integers) -> Floats:
    largest = max(abs(entry) for entry in vector)
    floats = np.array([float(Fraction(entry, largest)) for entry in vector])
    return np.asarray(floats / np.linalg.norm(floats))
