"""The monotone part of the extremal equation: its unique solution, proposed in floats and verified exactly.

Fix the signs on every hyperplane with s P > 0. On the others v = s D solves v = c + sum_h tau_h x_h with tau_h = s t_h
at its lower end where <v, x_h> > 0, at its upper end where < 0, anything between where = 0: these are the optimality
conditions of the least-norm point of a box, whose v is unique.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..geometry.integers import Spanned, dot, independent_rows, sign, solve
from .face import face_drift

SLOPE_BITS = 30


def unique_least_norm_face(
    data: Spanned, seen_by: int, signs: NDArray[np.int8], monotone: NDArray[np.bool_]
) -> NDArray[np.int8] | None:
    """The face of the only D compatible with the `signs` (h,) off the `monotone` hyperplanes, or None if unverified.

    `signs` in {-1, 0, 1} on the others is kept as it is: whether D has those signs is not checked here.
    """
    from scipy.optimize import lsq_linear

    points = np.array([[float(entry) for entry in point] for point in data.points])
    scale = float(max(max(abs(t) for t in data.low), max(abs(t) for t in data.high)))
    low, high = np.array(data.low, dtype=float) / scale, np.array(data.high, dtype=float) / scale
    points /= np.abs(points).max(axis=1, keepdims=True)
    factor = np.array([float(max(abs(entry) for entry in point)) for point in data.points])
    low, high = low * factor, high * factor
    unit = max(np.abs(low).max(), np.abs(high).max())
    low, high = low / unit, high / unit
    moving = monotone | (signs == 0)
    ends = {1: np.array(data.positive, dtype=float), -1: np.array(data.negative, dtype=float)}
    fixed_multiples = np.where(signs == 1, ends[1], ends[-1]) / scale * factor / unit
    centre = (points[~moving] * fixed_multiples[~moving, None]).sum(axis=0)
    pattern = signs.copy()
    slopes = np.full(len(signs), 0.5)
    if moving.any():
        bounds = (np.where(monotone, low, -np.inf)[moving], np.where(monotone, high, np.inf)[moving])
        best = lsq_linear(points[moving].T, -centre, bounds=bounds, method="bvls", tol=1e-14)
        drift = centre + points[moving].T @ best.x
        slopes[moving] = (best.x - low[moving]) / (high - low)[moving]
    else:
        drift = centre
    heights = seen_by * (points @ drift)
    small = np.abs(heights) <= 1e-9 * np.linalg.norm(points, axis=1) * max(float(np.linalg.norm(drift)), 1e-6)
    inside = (slopes > 1e-9) & (slopes < 1 - 1e-9)
    guess = np.where(inside | small, 0, np.sign(heights)).astype(np.int8)
    pattern[monotone] = guess[monotone]
    return pattern if _verified(data, seen_by, pattern, monotone, slopes) else None


def _verified(
    data: Spanned, seen_by: int, pattern: NDArray[np.int8], monotone: NDArray[np.bool_], slopes: NDArray[np.float64]
) -> bool:
    """Whether the exact drift on the face `pattern` solves the monotone problem: signs, and contributions in range.

    Where the hyperplanes on the face are dependent, all but a basis take the proposed slopes, rounded to rationals.
    """
    drift, scale, _, _ = face_drift(data, tuple(int(value) for value in pattern))
    for place in map(int, np.flatnonzero(monotone & (pattern != 0))):
        if sign(dot(data.covector[place], drift)) != seen_by * pattern[place]:
            return False
    on_face = [int(place) for place in np.flatnonzero(pattern == 0)]
    on_face.sort(key=lambda place: (bool(monotone[place]), abs(slopes[place] - 0.5)))
    basis = [on_face[i] for i in independent_rows([data.covector[place] for place in on_face])]
    multiples: dict[int, Fraction] = {}
    for place in on_face:
        if place not in basis:
            clipped = min(max(float(slopes[place]), 0.0), 1.0) if monotone[place] else float(slopes[place])
            part = Fraction(round(clipped * (1 << SLOPE_BITS)), 1 << SLOPE_BITS)
            multiples[place] = data.low[place] + part * (data.high[place] - data.low[place])
    fixed = data.combine(
        [
            a if value > 0 else b if value < 0 else 0
            for value, a, b in zip(pattern, data.positive, data.negative, strict=True)
        ]
    )
    missing = [
        Fraction(entry, scale)
        - other
        - sum((t * data.primal[place][axis] for place, t in multiples.items()), Fraction(0))
        for axis, (entry, other) in enumerate(zip(drift, fixed, strict=True))
    ]
    right = [sum((a * b for a, b in zip(data.covector[place], missing, strict=True)), Fraction(0)) for place in basis]
    solved = solve([[data.inner(i, j) for j in basis] for i in basis], right)
    return all(
        data.low[place] <= t <= data.high[place] for place, t in zip(basis, solved, strict=True) if monotone[place]
    )
