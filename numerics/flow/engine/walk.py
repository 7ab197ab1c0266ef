"""Who crosses a hyperplane within a step, and where that leads (theory.md 2.5, 2.6), compiled.

Conventions: a neuron is a row z = (w, a); the particles of a group at some moment are the rows of a map Y, so that a
neuron that was at z when the step began is at z Y (`step.carried`).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from ...arrays import Floats, Integers
from ...rounding import SPEED_AT_SHARE, STANDING
from .chebyshev import SHARES, at_share
from .records import Columns, Interpolant, Neurons, Scene, Walked, Walker, Walkers
from .step import carried, carried_back, particle_map

GRAZING = 1e-3
CROSSED, SLID, BLOCKED = 0, 1, 2
"""What a passage was: through a hyperplane (or of a through 0), onto it, or one that only the driver can decide."""
ROOT_STEPS = 200
SECANTS = 40


@njit(cache=True)
def height(z: Floats, normals: Floats, i: int) -> float:
    """<w, normal i>; number h stands for the output weight a. (An index, since slices cost more than the sum.)"""
    d = z.shape[0] - 1
    if i == normals.shape[0]:
        return z[d]
    total = 0.0
    for axis in range(d):
        total += z[axis] * normals[i, axis]
    return total


@njit(cache=True)
def places(g: Columns, neurons: Neurons, chosen: Integers) -> Floats:
    """Where the `chosen` neurons (k,) are when the step begins, (k, d+1)."""
    found = np.empty((len(chosen), neurons.frame.shape[1]))
    for place in range(len(chosen)):
        j = chosen[place]
        carried(neurons.frame[j], g.to_now[neurons.group[j]], found[place])
    return found


@njit(cache=True)
def may_arrive(g: Columns, u: int, neurons: Neurons, members: Integers) -> Integers:
    """The members of group u that are not safe with the travel of their group at the end of the step."""
    found = np.empty(len(members), dtype=np.int64)
    number = 0
    for j in members:
        row = 0 if neurons.sign[j] > 0 else 1
        if neurons.safe[j] <= g.travel[u, row]:
            found[number] = j
            number += 1
    return found[:number].copy()


@njit(cache=True)
def scan(g: Columns, u: int, neurons: Neurons, chosen: Integers, step: Interpolant, normals: Floats) -> Integers:
    """Those of the `chosen` neurons of group u that meet a hyperplane within the step.

    How far each of the others is safe now is written to `neurons.safe`: by its gap |<w, normal>|/|a| at the end of the
    step, see `event_free`. Heights are measured at the end, and that of a hyperplane also where its speed turns.
    """
    size = neurons.frame.shape[1]
    d = size - 1
    now, later = np.empty(size), np.empty(size)
    maps, turning = _maps_of_turns(u, step.turns, step.coefficients)
    crossing = np.empty(len(chosen), dtype=np.int64)
    number = 0
    for j in chosen:
        row = 0 if neurons.sign[j] > 0 else 1
        carried(neurons.frame[j], g.to_now[u], now)
        carried(now, step.ends[u], later)
        nearest = np.inf
        found = neurons.undominated and later[d] * neurons.sign[j] <= 0.0
        for i in range(normals.shape[0]):
            if g.pattern[u, i] != 0 and g.approached[u, row, i]:
                value = g.pattern[u, i] * height(later, normals, i)
                if value < -STANDING * abs(later[d]):
                    found = True
                nearest = min(nearest, value / abs(later[d]))
        for r in range(len(turning)):
            i = turning[r]
            if not found and g.pattern[u, i] != 0 and g.approached[u, row, i]:
                carried(now, maps[r], later)
                found = g.pattern[u, i] * height(later, normals, i) < -STANDING * abs(later[d])
        if found:
            crossing[number] = j
            number += 1
            neurons.safe[j] = -np.inf
        else:
            neurons.safe[j] = g.travel[u, row] + (max(nearest, 0.0) + STANDING) * math.exp(g.turned[u, row])
    return crossing[:number].copy()


@njit(cache=True)
def _maps_of_turns(u: int, turns: Floats, coefficients: Floats) -> tuple[Floats, Integers]:
    """The maps (r, d+1, d+1) of group u to the shares at which a speed turns, and the hyperplane (r,) that it is of."""
    hyperplanes, most = turns.shape[1:]
    size = coefficients.shape[2]
    maps, turning = np.empty((hyperplanes * most, size, size)), np.empty(hyperplanes * most, dtype=np.int64)
    number = 0
    for i in range(hyperplanes):
        for turn in turns[u, i]:
            if turn > 0.0:
                particle_map(coefficients, u, turn, maps[number])
                turning[number] = i
                number += 1
    return maps[:number], turning[:number]


@njit(cache=True)
def path_of(base: Floats, coefficients: Floats, u: int, path: Floats) -> None:
    """The interpolant of one neuron: `path` (8, d+1), its place at share 0 and the coefficients of `step.dense`."""
    path[0] = base
    for row in range(coefficients.shape[0]):
        carried(base, coefficients[row, u], path[row + 1])


@njit(cache=True)
def place_at(path: Floats, share: float, out: Floats) -> None:
    """Where the neuron is at a share of the step: the scheme of `step.particle_map`."""
    rows, size = path.shape
    for axis in range(size):
        value = 0.0
        for row in range(rows - 1, 0, -1):
            value += path[row, axis]
            value *= share if row % 2 == 1 else 1.0 - share
        out[axis] = value + path[0, axis]


@njit(cache=True)
def close_in(
    path: Floats, normals: Floats, i: int, side: int, bracket: tuple[float, float, float], work: Floats
) -> float:
    """The share at which side * (height over number i) vanishes, from a bracket (low, the value there > 0, high).

    It is not positive at `high`. Illinois' variant of regula falsi, closed by bisection; `work` (d+1,) is room.
    """
    low, f_low, high = bracket
    place_at(path, high, work)
    f_high = side * height(work, normals, i)
    last = 0
    for count in range(ROOT_STEPS):
        if high - low <= 4e-16 * high or f_high == 0.0:
            break
        middle = high - f_high * (high - low) / (f_high - f_low)
        if count > SECANTS or not (low < middle < high):
            middle = 0.5 * (low + high)
        if not (low < middle < high):
            break
        place_at(path, middle, work)
        value = side * height(work, normals, i)
        if value > 0.0:
            low, f_low = middle, value
            if last == 1:
                f_high *= 0.5
            last = 1
        else:
            high, f_high = middle, value
            if last == -1:
                f_low *= 0.5
            last = -1
    return high


@njit(cache=True)
def _height_at(walker: Walker, share: float, scene: Scene, i: int) -> float:
    """The height over number i where the walker is at a share of the step; that place is then in its `work`."""
    place_at(walker.path, share, walker.work)
    return height(walker.work, scene.normals, i)


@njit(cache=True)
def crossing_share(walker: Walker, scene: Scene, u: int, i: int, low: float, high: float) -> float:
    """The share of the step in [low, high] at which a walker in group u meets number i; it is not in front at `high`.

    A neuron that is on the hyperplane at `low`, up to rounding, may first leave it and come back after one of the
    turns of its speed.
    """
    side = walker.sign if i == scene.normals.shape[0] else scene.pattern[u, i]
    f_low = side * _height_at(walker, low, scene, i)
    if f_low <= 0.0:
        for number in range(scene.step.turns.shape[2] if i < scene.normals.shape[0] else 0):
            turn = scene.step.turns[u, i, number]
            if low < turn < high:
                f_low = side * _height_at(walker, turn, scene, i)
                if f_low > 0.0:
                    low = turn
                    break
        if f_low <= 0.0:
            return low
    return close_in(walker.path, scene.normals, i, side, (low, f_low, high), walker.work)


@njit(cache=True)
def first_meeting(walker: Walker, scene: Scene, u: int, now: float, end: float) -> tuple[float, int]:
    """The share in [now, end] at which a walker in group u first meets a hyperplane, and which; (2, -1) if none.

    Number h stands for a vanishing a. A hyperplane counts as met when the neuron is `STANDING` behind it, or behind it
    at all where it is known to be met again. Heights are measured where a neuron can be lowest: at the end, where its
    speed turns with the drift, and where it turns with a vanishing a. The hyperplane that a straight line would meet
    first is taken first: mostly no other is then met before.
    """
    count, d = scene.normals.shape
    pattern, turns = scene.pattern[u], scene.step.turns[u]
    lowest = np.empty(d + 1)
    place_at(walker.path, end, lowest)
    best, which = 2.0, -1
    if scene.undominated and walker.sign * lowest[d] <= 0.0:
        best = crossing_share(walker, scene, u, count, now, end)
        which = count
        place_at(walker.path, best, lowest)
    soonest, first = 2.0, -1
    for i in range(count):
        below = pattern[i] * height(lowest, scene.normals, i)
        if pattern[i] != 0 and below <= -_allowance(walker.met[i]) * abs(lowest[d]) and _closing(walker, scene, u, i):
            above = pattern[i] * height(walker.here, scene.normals, i)
            line = above / (above - below) if above > 0.0 else 0.0
            if line < soonest:
                soonest, first = line, i
    if first >= 0:
        best = crossing_share(walker, scene, u, first, now, min(end, best))
        which = first
        place_at(walker.path, best, lowest)
    for i in range(count):
        side = pattern[i]
        if side == 0 or not _closing(walker, scene, u, i):
            continue
        for number in range(turns.shape[1]):
            turn = turns[i, number]
            if now <= turn <= min(end, best):
                below = side * _height_at(walker, turn, scene, i)
                if below <= -_allowance(walker.met[i]) * abs(walker.work[d]):
                    best = crossing_share(walker, scene, u, i, now, turn)
                    which = i
                    place_at(walker.path, best, lowest)
        # `lowest`: where the neuron is at the end, or at the first passage found so far.
        below = side * height(lowest, scene.normals, i)
        if which != i and below <= -_allowance(walker.met[i]) * abs(lowest[d]):
            best = crossing_share(walker, scene, u, i, now, min(end, best))
            which = i
            place_at(walker.path, best, lowest)
    return best, which


@njit(cache=True)
def _allowance(met: int) -> float:
    """How far behind a hyperplane a neuron must be to have met it, as a share of |a|."""
    return 0.0 if met > 0 else STANDING


@njit(cache=True)
def _closing(walker: Walker, scene: Scene, u: int, i: int) -> bool:
    """Whether a walker in group u ever approaches hyperplane i within the step."""
    rate = walker.sign * scene.pattern[u, i]
    return min(rate * scene.step.speed_low[u, i], rate * scene.step.speed_high[u, i]) < 0.0


@njit(cache=True)
def walk(scene: Scene, walkers: Walkers, end: float) -> Walked:
    """Follow neurons from passage to passage up to the share `end` of the step."""
    start, coefficients = walkers.start, scene.step.coefficients
    rows, size = start.shape
    d = size - 1
    count = scene.normals.shape[0]
    final, landed = np.empty_like(start), np.empty(rows, dtype=np.int64)
    passages, moments = np.empty((2 * rows + 8, 4), dtype=np.int64), np.empty((2 * rows + 8, 2))
    number = 0
    here, base, work, at = np.empty(size), np.empty(size), np.empty((size, size)), np.empty(size)
    path = np.empty((coefficients.shape[0] + 1, size))
    stop = 2.0
    for row in range(rows):
        walker = Walker(walkers.sign[row], path, here, walkers.met[row], at)
        u, now = walkers.group[row], 0.0
        here[:] = start[row]
        base[:] = start[row]
        for _ in range(4 * count + 8):
            if not scene.moves[u]:
                break
            path_of(base, coefficients, u, path)
            best, which = first_meeting(walker, scene, u, now, end)
            if which < 0:
                break
            place_at(path, best, here)
            target, kind = -1, BLOCKED
            if which < count and not scene.slides[u]:
                target, kind = destination(walker, scene, u, which, best, end)
            if number == len(passages):
                passages = np.concatenate((passages, np.empty_like(passages)))
                moments = np.concatenate((moments, np.empty_like(moments)))
            passages[number, 0], passages[number, 1], passages[number, 2], passages[number, 3] = row, u, which, kind
            moments[number, 0], moments[number, 1] = best, abs(here[d])
            number += 1
            walker.met[which] -= 1
            if kind == BLOCKED:
                stop = min(stop, best)
                break
            off = height(here, scene.normals, which)
            for axis in range(d):
                here[axis] -= off * scene.normals[which, axis]
            u, now = target, best
            if scene.moves[u]:
                particle_map(coefficients, u, now, work)
                carried_back(here, work, base)
        landed[row] = u
        if scene.moves[u]:
            path_of(base, coefficients, u, path)
            place_at(path, end, final[row])
        else:
            final[row] = here
    return Walked(final, landed, passages[:number], moments[:number], stop)


@njit(cache=True)
def contradicts(scene: Scene, walkers: Walkers, walked: Walked) -> bool:
    """Whether a neuron is found to meet a hyperplane where its speed is away from it.

    Places come from the interpolant and speeds from the field along it: they disagree where the neuron is nearer to the
    hyperplane than the step is accurate from within. Where the speed turns it vanishes, and errors decide its sign: a
    share `GRAZING` of its range is room.
    """
    for number in range(walked.passages.shape[0]):
        row, u, i, _ = walked.passages[number]
        if i < scene.normals.shape[0]:
            table = scene.step.speeds[:, u, i]
            away = walkers.sign[row] * scene.pattern[u, i] * at_share(table, walked.moments[number, 0])
            if away > GRAZING * np.abs(table).max():
                return True
    return False


@njit(cache=True)
def destination(walker: Walker, scene: Scene, u: int, i: int, share: float, end: float) -> tuple[int, int]:
    """The group and the kind of passage of a walker in the cell u that meets hyperplane i; BLOCKED if unsure.

    A repelling hyperplane (the sign of a times its jump is positive) is crossed. On an attracting one the neuron goes
    on if the far side does, and stays if that pushes back; the driver decides if it may not stay until the share `end`.
    """
    behind, speeds = scene.flip[u, i], scene.step.speeds
    if behind < 0:
        return -1, BLOCKED
    jump = at_share(scene.step.jumps[:, i], share)
    onward = -walker.sign * scene.pattern[u, i]
    if walker.sign * jump >= 0.0 or onward * at_share(speeds[:, behind, i], share) >= 0.0:
        return behind, CROSSED
    if scene.face[u, i] < 0:
        return -1, BLOCKED
    for node in range(SHARES.shape[0]):
        if share < SHARES[node] < end and not _stays(onward, speeds[node, behind, i], speeds[node, u, i], 0.0):
            return -1, BLOCKED
    beyond, before = at_share(speeds[:, behind, i], end), at_share(speeds[:, u, i], end)
    if not _stays(onward, beyond, before, SPEED_AT_SHARE * (abs(beyond) + abs(before))):
        return -1, BLOCKED
    return scene.face[u, i], SLID


@njit(cache=True)
def _stays(onward: int, beyond: float, before: float, rounding: float) -> bool:
    """Whether both sides push towards the hyperplane; at the very end of a slope one of them has just stopped."""
    return onward * beyond < rounding and onward * before > -rounding
