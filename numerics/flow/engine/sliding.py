"""Filippov's choice of sides on a face (theory.md 2.6): which hyperplanes neurons stay on, and when they leave them."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ...arrays import Floats, Pattern
from ...geometry.box_least_squares import BoxMinimum, least_norm_in_box
from ...rounding import SUM
from .problem import FlowProblem
from .records import Columns, Points

DEPENDENT = 1e-10
"""Singular values of unit normals below this are taken as 0: to leave out a direction of size s moves neurons by up to
s off their face, to keep it multiplies rounding by 1/s."""
FADED = 1e-60
"""Pulls below this are scaled to size one before they are squared, so that nothing underflows."""
UNSURE_JUMP = 10.0
"""A jump less than this many times what it may be off by leaves its slope uncertain by a tenth of the range or more."""
UNSURE_DRIFT = 0.1
"""Of what drifts may be off by at most: how far flows that have settled are seen to wander about a drift of 0. A neuron
that leaves so late has missed a motion of a few tolerances."""


def settle(problem: FlowProblem, pattern: Pattern, candidates: NDArray[np.int64], sign: int, pulls: Floats) -> Pattern:
    """The sides a neuron of sign `sign` takes on the attracting hyperplanes `candidates` it stands on.

    `pattern` (h,) holds its sides elsewhere. The velocity is the least-norm element over the slopes of the candidates;
    where a slope comes out at an end of its range the neuron leaves to that side, elsewhere it stays (0).
    """
    above, below = problem.sides(pulls)
    other = pattern.copy()
    other[candidates] = -1
    base = np.where(other > 0, above, np.where(other < 0, below, 0.0)) @ problem.normals
    jumps = (above - below)[candidates, None] * problem.normals[candidates]
    scale = float((np.abs(above) + np.abs(below)).sum())
    if 0.0 < scale < FADED:  # the squares of pulls of late times underflow
        base, jumps, scale = base / scale, jumps / scale, 1.0
        above, below = above / scale, below / scale
    tolerance = SUM * scale * np.abs(above - below)[candidates]
    least = least_norm_in_box(base, jumps, tolerance, BoxMinimum.all_free(jumps))
    found = pattern.copy()
    found[candidates] = np.where(least.free, 0, np.where(least.theta > 0.5, 1, -1))
    return found


def multipliers(normals: Floats, pattern: Pattern) -> Floats:
    """Rows (h, d) that give what each hyperplane of the face must add along its normal: -lever @ (drift of the others).

    Rows of hyperplanes that are not on the face are 0. Dependent normals share the load in the least-norm way.
    """
    on = pattern == 0
    found = np.zeros_like(normals)
    if on.any():
        found[on] = np.linalg.pinv(normals[on] @ normals[on].T) @ normals[on]
    return found


def projection(normals: Floats) -> Floats:
    """The orthogonal projection (d, d) onto the complement of the span of unit normals (s, d), dependent or not."""
    span = _span(normals)
    return np.eye(normals.shape[1]) - span.T @ span


def onto_face(vector: Floats, normals: Floats) -> Floats:
    """A vector (d,) without its part in the span of unit normals (s, d), as `projection` does."""
    span = _span(normals)
    return np.asarray(vector - (span @ vector) @ span)


def _span(normals: Floats) -> Floats:
    """Orthonormal rows (r, d) that span unit normals (s, d)."""
    if not len(normals):
        return normals
    _, sizes, directions = np.linalg.svd(normals, full_matrices=False)
    return np.asarray(directions[sizes > DEPENDENT])


def jump_uncertainty(problem: FlowProblem, pulls: Floats, size: float, tolerance: float) -> float:
    """What jumps and drifts may be off by when every neuron is known to `tolerance` of its size: l'' S ||x||^2 tol / n.

    `size` is S = sum_j a_j^2. Outputs are then off by S ||x|| tol, pulls by l'' times that, where l'' is the largest
    second derivative of the loss at the `pulls` (n,) (theory.md 4.1, with l'' in place of kappa).
    """
    return problem.curvature(pulls) * size * problem.longest**2 * tolerance / len(problem.y)


@njit(cache=True)
def slope_margin(needed: float, above: float, below: float, sign: int, unsure: float) -> float:
    """The same for one hyperplane, which must add `needed` and can add what lies between `below` and `above`.

    -1 where it repels neurons of this sign.
    """
    jump = above - below
    if sign * jump > unsure:
        return -1.0
    # Without a jump there is nothing to hold the neuron, unless nothing is needed.
    share = (needed - below) / jump if jump != 0.0 else (0.5 if needed == below else -1.0)
    inside = min(share, 1.0 - share)
    outside = max(min(above, below) - needed, needed - max(above, below))
    allowed = unsure if abs(jump) <= UNSURE_JUMP * unsure else UNSURE_DRIFT * unsure
    return 0.0 if inside < 0.0 and outside <= allowed else inside


@njit(cache=True)
def face_margin(g: Columns, u: int, points: Points, p: Floats, unsure: float) -> float:
    """How far the slopes on the face of group u are inside their ranges, in units of the range; negative when outside.

    1/2 at most, at the pulls p (n,). A hyperplane that repels neurons of the sign that all of the group have does not
    hold them. `unsure` is what jumps and drifts may be off by: where a jump is not much more, as
    on points that are all but fitted, a slope is known to nothing, and a neuron stays until it is outside by more.
    Where it is, a neuron that nothing else moves stands at the very end of a slope, within a part of `unsure`.
    """
    n, d = points.X.shape
    base = np.zeros(d)
    for k in range(n):
        share = g.slopes[u, k] * p[k] / n
        if share != 0.0:
            for axis in range(d):
                base[axis] += share * points.X[k, axis]
    least = 0.5
    for i in range(g.pattern.shape[1]):
        if g.pattern[u, i] != 0:
            continue
        above = below = 0.0
        for k in range(n):
            if points.owner[k] == i:
                along = points.along[k]
                share = p[k] * along / n
                above += share * (1.0 if along > 0 else points.leak)
                below += share * (points.leak if along > 0 else 1.0)
        needed = 0.0
        for axis in range(d):
            needed -= g.multipliers[u, i, axis] * base[axis]
        if g.common_sign[u] * (above - below) > unsure:
            return -1.0
        least = min(least, slope_margin(needed, above, below, g.common_sign[u], unsure))
    return least
