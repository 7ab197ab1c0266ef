"""Who crosses a hyperplane within a step, and where that leads (theory.md 2.5, 2.6), compiled.

Conventions: a neuron is a row z = (w, a); the particles of a group at some moment are the rows of a map Y, so that a
neuron that was at z when the step began is at z Y (`step.carried`).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ...arrays import Booleans, Floats, Integers
from .chebyshev import SHARES, at_share
from .step import carried, carried_back, particle_map

STANDING = 1e-13
"""A neuron has met a hyperplane only when it is this far behind it, as a share of |a|: a neuron that stands on a
hyperplane and moves along it is put on either side by rounding."""
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
def places(frame: Floats, to_now: Floats, group: Integers, neurons: Integers) -> Floats:
    """Where k neurons are when the step begins (k, d+1), from their places `frame` (m, d+1) in their groups' frames.

    `to_now` (g, d+1, d+1): the maps from those frames to the start of the step.
    """
    found = np.empty((len(neurons), frame.shape[1]))
    for place in range(len(neurons)):
        j = neurons[place]
        carried(frame[j], to_now[group[j]], found[place])
    return found


@njit(cache=True)
def scan(
    u: int, members: Integers, everyone: bool, frame: Floats, to_now: Floats, ends: Floats, coefficients: Floats,
    turns: Floats, pattern: NDArray[np.int8], normals: Floats, sign: NDArray[np.int8], approached: Booleans,
    turned: Floats, travel: Floats, watch_sign: bool, safe: Floats,
) -> tuple[Integers, Integers]:  # fmt: skip
    """The members of group u that meet a hyperplane within the step, and all that were looked at for it.

    Unless `everyone` is looked at, those are left out that the `travel` so far (g, 2) leaves `safe` (m,). Written: how
    far each of the others is safe now, by its gap |<w, normal>|/|a| at the end of the step and by `turned` (g, 2), see
    `cruise`. Heights are looked at where `ends` (g, d+1, d+1) takes the neurons, and that of hyperplane i also where
    its speed turns, `turns` (g, h, 2). `approached` (g, 2, h): the hyperplanes approached by neurons of positive and of
    negative sign. For the rest see `places` and `walk`.
    """
    size = frame.shape[1]
    d = size - 1
    z, now, later, first = np.empty(size), np.empty(size), np.empty(size), ends[u]
    maps, watched = _maps_of_turns(u, turns, coefficients)
    crossing, seen = np.empty(len(members), dtype=np.int64), np.empty(len(members), dtype=np.int64)
    number = looked = 0
    for j in members:
        row = 0 if sign[j] > 0 else 1
        if not (everyone or safe[j] <= travel[u, row]):
            continue
        seen[looked] = j
        looked += 1
        for axis in range(size):
            z[axis] = frame[j, axis]
        carried(z, to_now[u], now)
        carried(now, first, later)
        nearest = np.inf
        found = watch_sign and later[d] * sign[j] <= 0.0
        for i in range(normals.shape[0]):
            if pattern[u, i] != 0 and approached[u, row, i]:
                value = pattern[u, i] * height(later, normals, i)
                if value < -STANDING * abs(later[d]):
                    found = True
                nearest = min(nearest, value / abs(later[d]))
        for r in range(len(watched)):
            i = watched[r]
            if not found and pattern[u, i] != 0 and approached[u, row, i]:
                carried(now, maps[r], later)
                found = pattern[u, i] * height(later, normals, i) < -STANDING * abs(later[d])
        if found:
            crossing[number] = j
            number += 1
            safe[j] = -np.inf
        else:
            safe[j] = travel[u, row] + (max(nearest, 0.0) + STANDING) * math.exp(turned[u, row])
    return crossing[:number].copy(), seen[:looked].copy()


@njit(cache=True)
def _maps_of_turns(u: int, turns: Floats, coefficients: Floats) -> tuple[Floats, Integers]:
    """The maps (r, d+1, d+1) of group u to the shares at which a speed turns, and the hyperplane (r,) that it is of."""
    hyperplanes, most = turns.shape[1:]
    size = coefficients.shape[2]
    maps, watched = np.empty((hyperplanes * most, size, size)), np.empty(hyperplanes * most, dtype=np.int64)
    number = 0
    for i in range(hyperplanes):
        for turn in turns[u, i]:
            if turn > 0.0:
                particle_map(coefficients, u, turn, maps[number])
                watched[number] = i
                number += 1
    return maps[:number], watched[:number]


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
def crossing_share(
    path: Floats, normals: Floats, i: int, side: int, low: float, turns: Floats, high: float, at: Floats
) -> float:
    """The share of the step in [low, high] at which side * height vanishes; it is not positive at `high`.

    A neuron that stands on the hyperplane at `low`, up to rounding, may first leave it and come back after one of the
    `turns`. Illinois' variant of regula falsi, closed by bisection.
    """
    place_at(path, low, at)
    f_low = side * height(at, normals, i)
    if f_low <= 0.0:
        for number in range(turns.shape[1] if i < normals.shape[0] else 0):
            turn = turns[i, number]
            if low < turn < high:
                place_at(path, turn, at)
                f_low = side * height(at, normals, i)
                if f_low > 0.0:
                    low = turn
                    break
        if f_low <= 0.0:
            return low
    place_at(path, high, at)
    f_high = side * height(at, normals, i)
    last = 0
    for count in range(ROOT_STEPS):
        if high - low <= 4e-16 * high or f_high == 0.0:
            break
        middle = high - f_high * (high - low) / (f_high - f_low)
        if count > SECANTS or not (low < middle < high):
            middle = 0.5 * (low + high)
        if not (low < middle < high):
            break
        place_at(path, middle, at)
        value = side * height(at, normals, i)
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
def first_meeting(
    path: Floats, s: int, now: float, end: float, pattern: NDArray[np.int8], normals: Floats, speed_low: Floats,
    speed_high: Floats, turns: Floats, undominated: bool, met: Integers, here: Floats, at: Floats,
) -> tuple[float, int]:  # fmt: skip
    """The share in [now, end] at which a neuron that is `here` first meets a hyperplane, and which; (2, -1) if none.

    Number h stands for a vanishing a. A hyperplane counts as met when the neuron is `STANDING` behind it, or behind it
    at all where it is known to be met `met` (h+1,) times more. Looked at where a neuron can be lowest: at the end,
    where its speed turns with the drift, and where it turns with a vanishing a. The hyperplane that a straight line
    would meet first is taken first: mostly no other is then met before.
    """
    count, d = normals.shape
    lowest = np.empty(d + 1)
    place_at(path, end, lowest)
    best, which = 2.0, -1
    if undominated and s * lowest[d] <= 0.0:
        best = crossing_share(path, normals, count, s, now, turns, end, at)
        which = count
        place_at(path, best, lowest)
    soonest, first = 2.0, -1
    for i in range(count):
        below = pattern[i] * height(lowest, normals, i)
        if (
            pattern[i] != 0
            and below <= -_allowance(met[i]) * abs(lowest[d])
            and _closing(s * pattern[i], speed_low[i], speed_high[i])
        ):
            above = pattern[i] * height(here, normals, i)
            line = above / (above - below) if above > 0.0 else 0.0
            if line < soonest:
                soonest, first = line, i
    if first >= 0:
        best = crossing_share(path, normals, first, pattern[first], now, turns, min(end, best), at)
        which = first
        place_at(path, best, lowest)
    for i in range(count):
        side = pattern[i]
        if side == 0 or not _closing(s * side, speed_low[i], speed_high[i]):
            continue
        for number in range(turns.shape[1]):
            turn = turns[i, number]
            if now <= turn <= min(end, best):
                place_at(path, turn, at)
                if side * height(at, normals, i) <= -_allowance(met[i]) * abs(at[d]):
                    best = crossing_share(path, normals, i, side, now, turns, turn, at)
                    which = i
                    place_at(path, best, lowest)
        # `lowest`: where the neuron is at the end, or at the first passage found so far.
        if which != i and side * height(lowest, normals, i) <= -_allowance(met[i]) * abs(lowest[d]):
            best = crossing_share(path, normals, i, side, now, turns, min(end, best), at)
            which = i
            place_at(path, best, lowest)
    return best, which


@njit(cache=True)
def _allowance(met: int) -> float:
    """How far behind a hyperplane a neuron must be to have met it, as a share of |a|."""
    return 0.0 if met > 0 else STANDING


@njit(cache=True)
def _closing(rate: int, low: float, high: float) -> bool:
    """Whether a neuron ever approaches within the step; `rate` is the sign of a times its side."""
    return min(rate * low, rate * high) < 0.0


@njit(cache=True)
def walk(
    start: Floats, group: Integers, sign: NDArray[np.int8], end: float, coefficients: Floats, moves: Booleans,
    patterns: NDArray[np.int8], sliding: Booleans, normals: Floats, flip: Integers, face: Integers,
    speed_low: Floats, speed_high: Floats, turns: Floats, speeds: Floats, jumps: Floats, undominated: bool,
    met: Integers, final: Floats, landed: Integers,
) -> tuple[float, Integers, Floats]:  # fmt: skip
    """Follow neurons from passage to passage up to the share `end` of the step.

    `start` (m, d+1) where they were when the step began, `group` (m,), `sign` (m,) of a; written: `final` (m, d+1) and
    `landed` (m,) where they are at `end`. `flip`, `face` (g, h): the group behind a hyperplane and the one on it, -1 if
    there is none in this step. For the rest see `interpolant.Interpolant`. `met` (m, h+1): how often
    a longer walk has found each neuron to meet each hyperplane by `end`; used up here, lest a neuron that is put on a
    hyperplane at `end` be taken to meet it again and again.
    Returns the earliest share at which the driver must decide (2: never) and the passages: rows (row of `start`, from
    group, hyperplane, kind) and (share, |a|).
    """
    rows, size = start.shape
    d = size - 1
    count = normals.shape[0]
    passages, moments = np.empty((2 * rows + 8, 4), dtype=np.int64), np.empty((2 * rows + 8, 2))
    number = 0
    here, base, work, at = np.empty(size), np.empty(size), np.empty((size, size)), np.empty(size)
    path = np.empty((coefficients.shape[0] + 1, size))
    stop = 2.0
    for row in range(rows):
        u, s, now = group[row], sign[row], 0.0
        here[:] = start[row]
        base[:] = start[row]
        for _ in range(4 * count + 8):
            if not moves[u]:
                break
            path_of(base, coefficients, u, path)
            best, which = first_meeting(
                path, s, now, end, patterns[u], normals, speed_low[u], speed_high[u], turns[u], undominated, met[row],
                here, at,
            )  # fmt: skip
            if which < 0:
                break
            place_at(path, best, here)
            target, kind = -1, BLOCKED
            if which < count and not sliding[u]:
                target, kind = destination(u, s, which, best, end, patterns, flip, face, speeds, jumps)
            if number == len(passages):
                passages = np.concatenate((passages, np.empty_like(passages)))
                moments = np.concatenate((moments, np.empty_like(moments)))
            passages[number, 0], passages[number, 1], passages[number, 2], passages[number, 3] = row, u, which, kind
            moments[number, 0], moments[number, 1] = best, abs(here[d])
            number += 1
            met[row, which] -= 1
            if kind == BLOCKED:
                stop = min(stop, best)
                break
            off = height(here, normals, which)
            for axis in range(d):
                here[axis] -= off * normals[which, axis]
            u, now = target, best
            if moves[u]:
                particle_map(coefficients, u, now, work)
                carried_back(here, work, base)
        landed[row] = u
        if moves[u]:
            path_of(base, coefficients, u, path)
            place_at(path, end, final[row])
        else:
            final[row] = here
    return stop, passages[:number], moments[:number]


@njit(cache=True)
def contradicts(
    passages: Integers, moments: Floats, sign: NDArray[np.int8], patterns: NDArray[np.int8], speeds: Floats
) -> bool:
    """Whether a neuron is found to meet a hyperplane where its speed is away from it.

    `passages`, `moments` from `walk`, `sign` (m,) of its rows, `speeds` (9, g, h). Places come from the interpolant and
    speeds from the field along it: they disagree where the neuron is nearer to the hyperplane than the step is accurate
    from within. Where the speed turns it vanishes, and errors decide its sign: a share `GRAZING` of its range is room.
    """
    for number in range(passages.shape[0]):
        row, u, i, _ = passages[number]
        if i < speeds.shape[2]:
            table = speeds[:, u, i]
            away = sign[row] * patterns[u, i] * at_share(table, moments[number, 0])
            if away > GRAZING * np.abs(table).max():
                return True
    return False


@njit(cache=True)
def destination(
    u: int, s: int, i: int, share: float, end: float, patterns: NDArray[np.int8], flip: Integers, face: Integers,
    speeds: Floats, jumps: Floats,
) -> tuple[int, int]:  # fmt: skip
    """The group and the kind of passage of a neuron of sign s in the cell u that meets hyperplane i; BLOCKED if unsure.

    A repelling hyperplane (s times its jump > 0) is crossed. On an attracting one the neuron goes on if the far side
    does, and stays if that pushes back; it is for the driver to decide if it may not stay until the share `end`.
    """
    behind = flip[u, i]
    if behind < 0:
        return -1, BLOCKED
    onward = -s * patterns[u, i]
    if s * at_share(jumps[:, i], share) >= 0.0 or onward * at_share(speeds[:, behind, i], share) >= 0.0:
        return behind, CROSSED
    if face[u, i] < 0:
        return -1, BLOCKED
    for node in range(SHARES.shape[0]):
        if share < SHARES[node] < end and not _held(onward, speeds[node, behind, i], speeds[node, u, i], 0.0):
            return -1, BLOCKED
    beyond, before = at_share(speeds[:, behind, i], end), at_share(speeds[:, u, i], end)
    if not _held(onward, beyond, before, 1e-12 * (abs(beyond) + abs(before))):
        return -1, BLOCKED
    return face[u, i], SLID


@njit(cache=True)
def _held(onward: int, beyond: float, before: float, rounding: float) -> bool:
    """Whether both sides push towards the hyperplane; at the very end of a slope one of them has just stopped."""
    return onward * beyond < rounding and onward * before > -rounding
