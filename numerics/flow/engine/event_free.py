"""Steps without events: one after the other, for as long as no neuron can meet a hyperplane (theory.md 2.5), compiled.

Nothing here depends on the number of neurons. Each group carries, for the neurons of either sign, `turned` = int ||D||
dt, by whose exponential |a| grows at most, and `travel` = int e^turned max(0, -s side <D, normal>) dt. A neuron whose
distance gap = |<w, normal>|/|a| from the hyperplanes it approaches was measured when these were T and M cannot have
arrived while travel < T + gap e^M: up to there it is safe. `bound` is the least of these numbers in the group.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ...arrays import Booleans, Floats
from ...rounding import SLOPE, SPEED
from .records import Advance, Clock, Columns, Limits, Points, Work
from .sliding import face_margin
from .step import TRIED, attempt, field, lost, size_of

REACHED, EVENT, LARGE_MAP, TOO_SMALL, RENEWAL = range(5)
"""Why `advance` came back: the time asked for; a neuron may arrive, or a slope may end, within the step that was tried
(which is not taken); a map has large entries and must be rebased; the step has become too small; the limits must be
found anew."""
SAFETY = 1.05
"""Between the stages drifts may be a little larger than at them."""
LONGEST = 300.0
"""Where `turned` comes to this all distances are measured again, and it starts from 0: its exponential must not
overflow."""
FARTHEST = 1e3
"""Maps are rebased when an entry exceeds this: their condition is its square, and rounding grows with it."""


@njit(cache=True)
def distances_ahead(
    which: tuple[int, int], g: Columns, normals: Floats, D: Floats, step: float, noise: float
) -> tuple[float, float, bool]:
    """(turned, travel) at the end of a step, and whether a hyperplane is approached that none was measured from yet.

    `which` is the group and the row of its columns: 0 for neurons with a > 0, 1 for a < 0. D (13, g, d) are the drifts
    of the step. Speeds below `noise` are what rounding leaves of a drift that has vanished.
    """
    u, row = which
    sign = 1.0 if row == 0 else -1.0
    d = normals.shape[1]
    pattern, approached = g.pattern[u], g.approached[u, row]
    fastest = largest = 0.0
    fresh, unit = False, size_of(step)
    for node in range(TRIED):
        norm = 0.0
        for axis in range(d):
            norm += (D[node, u, axis] * unit) ** 2
        length = math.sqrt(norm) / unit
        largest = max(largest, length)
        for i in range(normals.shape[0]):
            if pattern[i] == 0:
                continue
            speed = 0.0
            for axis in range(d):
                speed += D[node, u, axis] * normals[i, axis]
            closing = -sign * pattern[i] * speed
            if closing > 0.0:
                fastest = max(fastest, closing)
                if not approached[i] and closing > noise + SPEED * length:
                    fresh = True
    further = g.turned[u, row] + SAFETY * step * largest
    return (further, g.travel[u, row] + SAFETY * step * fastest * math.exp(min(further, 2.0 * LONGEST)), fresh)


@njit(cache=True)
def restore_lorentz(Y: Floats) -> None:
    """Make a map that is Lorentz up to the error of a step Lorentz to rounding: Y <- Y - (Y J Y^T J - I) Y / 2."""
    size = Y.shape[0]
    d = size - 1
    defect = np.empty((size, size))
    for i in range(size):
        for j in range(size):
            total = -Y[i, d] * Y[j, d]
            for axis in range(d):
                total += Y[i, axis] * Y[j, axis]
            defect[i, j] = (total if j < d else -total) - (1.0 if i == j else 0.0)
    correction = defect @ Y
    for i in range(size):
        for j in range(size):
            Y[i, j] -= 0.5 * correction[i, j]


@njit(cache=True)
def accept(Y: Floats, live: Booleans, g: Columns) -> float:
    """Take a step whose maps are Y; the largest entry of the maps from the frames of populated groups to now."""
    largest = 0.0
    for u in range(Y.shape[0]):
        if live[u] and g.size[u] > 0:
            restore_lorentz(Y[u])
            g.to_now[u] = g.to_now[u] @ Y[u]
            g.moment[u] = Y[u].T @ g.moment[u] @ Y[u]
            for i in range(Y.shape[1]):
                for j in range(Y.shape[2]):
                    largest = max(largest, abs(g.to_now[u, i, j]))
    return largest


@njit(cache=True)
def event_possible(step: float, limits: Limits, g: Columns, live: Booleans, normals: Floats, work: Work) -> bool:
    """Whether some neuron may meet a hyperplane within the step, by the drifts at its stages.

    Written to `work`: `needed` (g,), the groups for which that is so; `remeasured` (g,), those in which the distances
    of all neurons must be measured again; and `ahead` (g, 2, 2), the (turned, travel) of each at the end of the step.
    """
    needed, remeasured, ahead = work.needed, work.remeasured, work.ahead
    found = False
    for u in range(live.shape[0]):
        needed[u] = remeasured[u] = False
        for row in range(2):
            if live[u] and g.watched[u, row] > 0:
                turned, travel, fresh = distances_ahead((u, row), g, normals, work.D, step, limits.noise)
                ahead[u, row, 0], ahead[u, row, 1] = turned, travel
                if limits.always_inspect or fresh or turned > LONGEST:
                    remeasured[u] = True
                if remeasured[u] or travel >= g.bound[u, row]:
                    needed[u] = found = True
    return found


@njit(cache=True)
def followed(g: Columns) -> Booleans:
    """The groups (g,) that are integrated: those with neurons, and those behind and on what their neurons approach.

    The others take no part until somebody arrives; their frames `to_now` are then new.
    """
    groups, hyperplanes = g.flip.shape
    live = g.moves & (g.size > 0)
    for u in range(groups):
        if g.moves[u] and g.size[u] > 0 and g.approached[u].any():
            for i in range(hyperplanes):
                for near in (g.flip[u, i], g.face[u, i]):
                    if near >= 0 and g.moves[near]:
                        live[near] = True
    for u in range(groups):
        if live[u] and g.size[u] == 0:
            g.to_now[u] = np.eye(g.to_now.shape[1])
    return live


@njit(cache=True)
def slope_ends(g: Columns, live: Booleans, points: Points, pulls: Floats, unsure: float) -> bool:
    """Whether a slope of a populated face leaves its range at one of the stages."""
    for u in range(live.shape[0]):
        if live[u] and g.slides[u] and g.size[u] > 0:
            for node in range(1, TRIED):
                if face_margin(g, u, points, pulls[node], unsure) < -SLOPE:
                    return True
    return False


@njit(cache=True)
def advance(clock: Clock, limits: Limits, points: Points, g: Columns, live: Booleans, work: Work) -> Advance:
    """Step from `clock.time` towards `clock.until` with the groups that are followed, `live` (g,).

    With EVENT the step tried is in `work`, ready for `step.dense`, with what `event_possible` says of it.
    """
    time, step, until = clock
    Y = work.Y
    unit = np.zeros_like(Y)
    for u in range(Y.shape[0]):
        for i in range(Y.shape[1]):
            unit[u, i, i] = 1.0
    taken = sides = 0
    progress = share = total = 0.0
    while time < until:
        field(unit, g, live, points, work, 0)
        sides += 1
        rejected = False
        while True:
            tried = min(step, until - time)
            clipped = tried < step
            error = attempt(tried, g, live, points, work) / limits.tolerance
            sides += 12
            if error <= 1.0:
                break
            rejected = True
            step = tried * max(0.2, 0.9 * error**-0.125)
            if not step > limits.smallest * max(time, 1e-300):
                return Advance(time, step, tried, TOO_SMALL, taken, sides, progress, share, total)
        share = min(1.0, error**0.125)
        factor = 5.0 if error == 0.0 else min(1.0 if rejected else 5.0, 0.9 * error**-0.125)
        longer = max(step, tried * factor) if clipped else tried * factor
        possible = event_possible(tried, limits, g, live, points.normals, work)
        if possible or slope_ends(g, live, points, work.pulls, limits.unsure):
            return Advance(time, longer, tried, EVENT, taken, sides, progress, share, total)
        for u in range(Y.shape[0]):
            for row in range(2):
                if live[u] and g.watched[u, row] > 0:
                    g.turned[u, row], g.travel[u, row] = work.ahead[u, row, 0], work.ahead[u, row, 1]
        largest = accept(Y, live, g)
        time = until if clipped else time + tried
        step = longer
        taken += 1
        progress += share
        total += lost(tried, work)
        if largest > FARTHEST:
            return Advance(time, step, tried, LARGE_MAP, taken, sides, progress, share, total)
        if time >= limits.renewal:
            return Advance(time, step, tried, RENEWAL, taken, sides, progress, share, total)
    return Advance(until, step, 0.0, REACHED, taken, sides, progress, share, total)
