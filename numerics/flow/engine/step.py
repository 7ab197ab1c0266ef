"""One step of DOP853 for all groups at once, compiled (theory.md 2.5, 2.6).

All neurons with one ternary pattern have the same drift D, so that all of them follow from d + 1 *particles*, the
images of the unit vectors of R^(d+1) under the group's map since the step began. A particle y = (w, a) moves by
w' = a D, a' = <w, D>, exactly like a neuron. The loop over stages is that of SciPy's DOP853, with its tableau.

Arrays: `Y` (g, d+1, d+1) particles, `Y[u, i]` the image of unit vector i; `g` the columns of the groups, whose `moment`
is that at the start of the step; `live` (g,) the groups that are followed, with a drift among them.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from scipy.integrate import DOP853

from ...arrays import Booleans, Floats
from .records import Columns, Points, Work

TABLEAU = np.zeros((16, 16))
TABLEAU[:12, :12] = DOP853.A
TABLEAU[12, :12] = DOP853.B
TABLEAU[13:16, :16] = DOP853.A_EXTRA
THIRD, FIFTH, DENSE = DOP853.E3.copy(), DOP853.E5.copy(), DOP853.D.copy()
"""The tableau of DOP853, with the end and the three further stages of its interpolant."""
NODES = np.concatenate([DOP853.C, [1.0]])
"""The times of the stages and of the end, in units of the step (13,)."""
TRIED = 13
"""Stages of a step that is tried, the end among them; those after them serve the interpolant."""

LATE = 1e90
"""Squares of speeds are safe from underflow, together with the tolerance, in steps that are not longer."""
LOSSES = ("square", "logistic", "exponential")
"""Compiled code names a loss by its place here; `pull` is tested against the formulas of `theory.model`."""


@njit(cache=True)
def pull(h: float, y: float, loss: int) -> float:
    """-dl/dh: y - h for the square loss (0), y / (1 + e^(y h)) for the logistic (1), y e^(-y h) for the exponential."""
    if loss == 0:
        return y - h
    u = y * h
    if loss == 2:
        return y * math.exp(-u)
    if u > 0:
        e = math.exp(-u)
        return y * e / (1.0 + e)
    return y / (1.0 + math.exp(u))


@njit(cache=True)
def value(h: float, y: float, loss: int) -> float:
    """l(h, y) of the same losses."""
    if loss == 0:
        return 0.5 * (h - y) ** 2
    u = y * h
    if loss == 2:
        return math.exp(-u)
    return math.log1p(math.exp(-u)) if u > 0 else math.log1p(math.exp(u)) - u


@njit(cache=True)
def size_of(length: float) -> float:
    """A power of two near a `length` of which speeds are the inverse, 1 if it is moderate.

    Multiplied by it, which rounds nothing, speeds of late times have squares that do not underflow.
    """
    return math.ldexp(1.0, math.frexp(length)[1] - 1) if length > LATE else 1.0


@njit(cache=True)
def _add_outputs(u: int, S: Floats, slopes: Floats, X: Floats, h: Floats) -> None:
    """Add slope <S, x_k> of group u to the outputs h (n,)."""
    for k in range(X.shape[0]):
        if slopes[u, k] != 0.0:
            total = 0.0
            for axis in range(X.shape[1]):
                total += S[axis] * X[k, axis]
            h[k] += slopes[u, k] * total


@njit(cache=True)
def outputs_at_start(g: Columns, X: Floats, h: Floats) -> None:
    """The outputs h (n,) where a step begins: those of `network` for the unit particles."""
    d = X.shape[1]
    S = np.empty(d)
    h[:] = 0.0
    for u in range(g.moment.shape[0]):
        if g.moves[u]:
            for axis in range(d):
                S[axis] = g.moment[u, axis, d]
            _add_outputs(u, S, g.slopes, X, h)


@njit(cache=True)
def network(Y: Floats, g: Columns, live: Booleans, X: Floats, h: Floats) -> None:
    """The outputs h (n,): sum over groups of slope <S_u, x_k>, S_u the w-a block of Y^T M Y."""
    groups, size, _ = Y.shape
    d = size - 1
    S = np.empty(d)
    h[:] = 0.0
    for u in range(groups):
        if not live[u]:
            continue
        S[:] = 0.0
        for i in range(size):
            weight = 0.0
            for j in range(size):
                weight += g.moment[u, i, j] * Y[u, j, d]
            for axis in range(d):
                S[axis] += weight * Y[u, i, axis]
        _add_outputs(u, S, g.slopes, X, h)


@njit(cache=True)
def drifts(p: Floats, g: Columns, live: Booleans, X: Floats, D: Floats) -> None:
    """The drift D (g, d) of every group from the pulls p (n,)."""
    groups, d = D.shape
    n = X.shape[0]
    base = np.empty(d)
    for u in range(groups):
        D[u, :] = 0.0
        if not live[u]:
            continue
        for k in range(n):
            share = g.slopes[u, k] * p[k] / n
            if share != 0.0:
                for axis in range(d):
                    D[u, axis] += share * X[k, axis]
        if g.slides[u]:
            for axis in range(d):
                base[axis] = D[u, axis]
            for axis in range(d):
                total = 0.0
                for other in range(d):
                    total += g.onto[u, axis, other] * base[other]
                D[u, axis] = total


@njit(cache=True)
def velocity(Y: Floats, D: Floats, live: Booleans, rate: Floats) -> None:
    """w' = a D and a' = <w, D> for every particle, into `rate`."""
    groups, size, _ = Y.shape
    d = size - 1
    for u in range(groups):
        if not live[u]:
            continue
        for i in range(size):
            total = 0.0
            for axis in range(d):
                total += Y[u, i, axis] * D[u, axis]
                rate[u, i, axis] = Y[u, i, d] * D[u, axis]
            rate[u, i, d] = total


@njit(cache=True)
def field(Y: Floats, g: Columns, live: Booleans, points: Points, work: Work, row: int) -> None:
    """Pulls, drifts and velocities of all particles Y of the groups that are followed, into `row` of `work`.

    Also the mean loss, but for the square loss, where nobody asks for it.
    """
    p, D = work.pulls[row], work.D[row]
    network(Y, g, live, points.X, p)
    work.losses[row] = pulls_at(p, points)
    drifts(p, g, live, points.X, D)
    velocity(Y, D, live, work.stages[row])


@njit(cache=True)
def pulls_at(h: Floats, points: Points) -> float:
    """Put the pulls (n,) in the place of the outputs h; the mean loss, or 0 for the square loss."""
    total = 0.0
    for k in range(points.X.shape[0]):
        if points.loss != 0:
            total += value(h[k], points.y[k], points.loss)
        h[k] = pull(h[k], points.y[k], points.loss)
    return total / points.X.shape[0]


@njit(cache=True)
def combine(stages: Floats, live: Booleans, row: int, step: float, out: Floats) -> None:
    """out = unit particles + step * sum_j A[row, j] stages[j] over the stages before `row`."""
    size = out.shape[1]
    for u in range(out.shape[0]):
        if not live[u]:
            continue
        for i in range(size):
            for axis in range(size):
                out[u, i, axis] = 1.0 if i == axis else 0.0
        for j in range(row):
            weight = step * TABLEAU[row, j]
            if weight != 0.0:
                for i in range(size):
                    for axis in range(size):
                        out[u, i, axis] += weight * stages[j, u, i, axis]


@njit(cache=True)
def attempt(step: float, g: Columns, live: Booleans, points: Points, work: Work) -> float:
    """One step from the unit particles; the largest error of a particle relative to its length.

    Before: `stages[0]`, `pulls[0]`, `D[0]` of `work` hold velocity, pulls and drifts at the start. After: the first 13
    rows of all three those at `NODES`, and `Y` the particles at the end. Per particle the error is Hairer's combination
    of the two embedded ones, as in SciPy; it is infinite where a stage is not finite.
    """
    stages, Y = work.stages, work.Y
    groups, size, _ = Y.shape
    for row in range(1, TRIED):
        combine(stages, live, row, step, Y)
        field(Y, g, live, points, work, row)
    largest, unit = 0.0, size_of(step)
    for u in range(groups):
        if not live[u]:
            continue
        for i in range(size):
            fifth = third = length = 0.0
            for axis in range(size):
                e5 = e3 = 0.0
                for j in range(13):
                    e5 += FIFTH[j] * stages[j, u, i, axis]
                    e3 += THIRD[j] * stages[j, u, i, axis]
                e5 *= unit
                e3 *= unit
                fifth += e5 * e5
                third += e3 * e3
                length += Y[u, i, axis] ** 2
            if not (fifth < math.inf and third < math.inf and length < math.inf):
                return math.inf  # a step far too long: the stages have run away, possibly to NaN
            if fifth > 0.0:
                error = abs(step) / unit * fifth / math.sqrt((fifth + 0.01 * third) * length)
                largest = max(largest, error)
    return largest


@njit(cache=True)
def lost(step: float, work: Work) -> float:
    """The integral of the mean loss over a step: DOP853's sum over its stages."""
    total = 0.0
    for row in range(12):
        total += TABLEAU[12, row] * work.losses[row]
    return step * total


@njit(cache=True)
def dense(step: float, g: Columns, live: Booleans, points: Points, work: Work) -> Floats:
    """The coefficients (7, g, d+1, d+1) of DOP853's interpolant of order 7, after three more stages."""
    stages, Y = work.stages, work.Y
    groups, size, _ = Y.shape
    middle = np.empty_like(Y)
    for row in range(TRIED, 16):
        combine(stages, live, row, step, middle)
        field(middle, g, live, points, work, row)
    found = np.zeros((7, groups, size, size))
    for u in range(groups):
        if not live[u]:
            continue
        for i in range(size):
            for axis in range(size):
                change = Y[u, i, axis] - (1.0 if i == axis else 0.0)
                first, last = (step * stages[0, u, i, axis], step * stages[12, u, i, axis])
                found[0, u, i, axis] = change
                found[1, u, i, axis] = first - change
                found[2, u, i, axis] = 2.0 * change - first - last
                for row in range(4):
                    total = 0.0
                    for j in range(16):
                        total += DENSE[row, j] * stages[j, u, i, axis]
                    found[3 + row, u, i, axis] = step * total
    return found


@njit(cache=True)
def particle_map(coefficients: Floats, u: int, theta: float, out: Floats) -> None:
    """The particles of group u (d+1, d+1) at the share `theta` of the step, from `dense`."""
    size = out.shape[0]
    for i in range(size):
        for axis in range(size):
            value = 0.0
            for row in range(6, -1, -1):
                value += coefficients[row, u, i, axis]
                value *= theta if row % 2 == 0 else 1.0 - theta
            out[i, axis] = value + (1.0 if i == axis else 0.0)


@njit(cache=True)
def particle_maps(coefficients: Floats, live: Booleans, theta: float, Y: Floats) -> None:
    """The particles Y (g, d+1, d+1) of all groups that are followed at the share `theta` of the step."""
    for u in range(Y.shape[0]):
        if live[u]:
            particle_map(coefficients, u, theta, Y[u])


@njit(cache=True)
def carried(z: Floats, Y: Floats, out: Floats) -> None:
    """out = z Y."""
    size = z.shape[0]
    for axis in range(size):
        total = 0.0
        for i in range(size):
            total += z[i] * Y[i, axis]
        out[axis] = total


@njit(cache=True)
def carried_back(z: Floats, Y: Floats, out: Floats) -> None:
    """out = z Y^-1 = z J Y^T J, since Y is a Lorentz map: no solve is needed."""
    size = z.shape[0]
    d = size - 1
    for i in range(size):
        total = -z[d] * Y[i, d]
        for axis in range(d):
            total += z[axis] * Y[i, axis]
        out[i] = total if i < d else -total
