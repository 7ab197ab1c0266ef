"""Neurons that pass hyperplanes within a step, slide on them and leave them, compiled (theory.md 2.6).

The pulls are those of the step's interpolant, so that the drift of a neuron depends on its pattern and on the share of
the step only: it is a table at `chebyshev.SHARES`, changed at every event by the hyperplane that is met. Each piece of
a path between two events is one DOP853 step of the neuron alone.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ...arrays import Floats, Integers, Pattern
from ...rounding import SLOPE, SPEED_AT_SHARE
from ..engine.chebyshev import COUNT, at_share, interpolated
from ..engine.sliding import UNSURE_DRIFT
from ..engine.walk import height, place_at
from .faces import margin_at, on_face
from .paths import first_meeting, integrate
from .records import MOST_EVENTS, Followed, Sides, Tables, Walkers

CROSSED, SLID, LEFT, SIGNED, RESTED, BLOCKED, MORE, CONTRADICTED = range(8)
"""What happened to a neuron: it passed a hyperplane, stayed on it, left it; its a vanished; it came to w = 0. And why
it was not followed further: what is next needs Filippov's choice among several hyperplanes; there is no room for more
events; it meets a hyperplane that it moves away from, so that the step is not accurate enough."""
LOOKS = 8
BISECTIONS = 50
NEAR = 1e-11
"""Hyperplanes this near to a neuron, as a share of ||w||, are met together: they are a corner."""
AT_ZERO = 1e-7
"""A neuron that slides has reached w = 0 when ||w|| is this small beside |a|."""
ROOM = 1e-9
"""Of the range of a slope: margins that are this much outside after an event are decided by the driver."""
GRAZING = 1e-3
"""Of the speed that both sides have: room for errors where a neuron grazes a hyperplane."""


@njit(cache=True)
def _side_of(pattern: Pattern, i: int, tables: Tables, row: int) -> float:
    """What hyperplane i adds along its normal at node `row`, 0 while the neuron is on it."""
    if pattern[i] == 0:
        return 0.0
    return tables.above[row, i] if pattern[i] > 0 else tables.below[row, i]


@njit(cache=True)
def _others(pattern: Pattern, tables: Tables, out: Floats) -> None:
    """The drifts (9, d) that the hyperplanes a neuron is not on give it."""
    out[:] = 0.0
    for row in range(COUNT):
        for i in range(pattern.shape[0]):
            share = _side_of(pattern, i, tables, row)
            if share != 0.0:
                for axis in range(out.shape[1]):
                    out[row, axis] += share * tables.normals[i, axis]


@njit(cache=True)
def _moved(others: Floats, i: int, before: int, after: int, tables: Tables, out: Floats) -> None:
    """The same after the side of hyperplane i has changed."""
    for row in range(COUNT):
        old = 0.0 if before == 0 else (tables.above[row, i] if before > 0 else tables.below[row, i])
        new = 0.0 if after == 0 else (tables.above[row, i] if after > 0 else tables.below[row, i])
        for axis in range(out.shape[1]):
            out[row, axis] = others[row, axis] + (new - old) * tables.normals[i, axis]


@njit(cache=True)
def _acted_upon(pattern: Pattern, met: int, tables: Tables) -> bool:
    """Whether a point that is on no hyperplane of the face acts on a neuron beyond the hyperplane `met`.

    Where none does, the neuron dies and leaves its face too: what is left of the slopes is the end of their ranges.
    """
    for i in range(pattern.shape[0]):
        side = -pattern[i] if i == met else pattern[i]
        if side != 0:
            for row in range(COUNT):
                if (tables.above[row, i] if side > 0 else tables.below[row, i]) != 0.0:
                    return True
    return False


@njit(cache=True)
def _speed_on_face(
    on: Integers, count: int, others: Floats, tables: Tables, i: int, share: float, drifts: Floats, needed: Floats
) -> float:
    """<D, normal i> at a share of the step, on a face with the drifts of the others; see `faces.on_face`."""
    on_face(on, count, others, tables.normals, drifts, needed)
    speed = 0.0
    for axis in range(others.shape[1]):
        speed += at_share(drifts[:, axis], share) * tables.normals[i, axis]
    return speed


@njit(cache=True)
def _first_end_of_a_slope(
    tables: Tables,
    on: Integers,
    count: int,
    needed: Floats,
    sign: int,
    span: tuple[float, float, float],
    soonest: float,
) -> tuple[float, int]:
    """The local share, before `soonest`, at which a slope on the face reaches an end, and which; (2, -1) if none does.

    `span` is (share at which the path begins, low, high) with local shares low and high.
    """
    start, low, high = span
    best, which = 2.0, -1
    spacing = (high - low) / LOOKS
    for p in range(count):
        for look in range(LOOKS):
            left, right = low + spacing * look, low + spacing * (look + 1)
            if left >= min(best, soonest):
                break
            if margin_at(tables, on, p, needed, sign, start + (1.0 - start) * right) >= -SLOPE:
                continue
            for _ in range(BISECTIONS):
                middle = 0.5 * (left + right)
                if margin_at(tables, on, p, needed, sign, start + (1.0 - start) * middle) < -SLOPE:
                    right = middle
                else:
                    left = middle
            if right < min(best, soonest):
                best, which = right, on[p]
            break
    return best, which


@njit(cache=True)
def _inside(tables: Tables, on: Integers, count: int, needed: Floats, sign: int, share: float) -> bool:
    """Whether all slopes of a face are inside their ranges at a share, or outside by errors only."""
    worst = 0.5
    for p in range(count):
        worst = min(worst, margin_at(tables, on, p, needed, sign, share))
    return worst >= -ROOM


@njit(cache=True)
def _length(z: Floats) -> float:
    """||w||, however small."""
    largest = total = 0.0
    for axis in range(z.shape[0] - 1):
        largest = max(largest, abs(z[axis]))
    if largest == 0.0:
        return 0.0
    for axis in range(z.shape[0] - 1):
        total += (z[axis] / largest) ** 2
    return largest * np.sqrt(total)


@njit(cache=True)
def _corner(z: Floats, pattern: Pattern, sign: int, i: int, drift: Floats, normals: Floats) -> bool:
    """Whether a neuron on hyperplane i is about to meet another one at the same place."""
    near = NEAR * _length(z)
    for other in range(normals.shape[0]):
        if other != i and pattern[other] != 0 and pattern[other] * height(z, normals, other) <= near:
            speed = 0.0
            for axis in range(normals.shape[1]):
                speed += drift[axis] * normals[other, axis]
            if sign * pattern[other] * speed < 0.0:
                return True
    return False


@njit(cache=True)
def follow(walkers: Walkers, tables: Tables, sides: Sides, places: Floats, end: float, found: Followed) -> None:
    """Follow neurons to the share `end` of the step; what becomes of them is written to `found` and `sides`.

    `places` (m, d+1) is where all neurons are when the step begins.
    """
    normals = tables.normals
    hyperplanes, d = normals.shape
    for row in range(len(walkers.neurons)):
        j = walkers.neurons[row]
        pattern, sign = sides.pattern[j].copy(), sides.sign[j]
        path, stages, looks = np.empty((8, d + 1)), np.empty((16, d + 1)), np.empty((LOOKS, d + 1))
        here, drift = walkers.starts[row].copy(), np.empty(d)
        others, beyond, staying = np.empty((COUNT, d)), np.empty((COUNT, d)), np.empty((COUNT, d))
        drifts, drifts_beyond, drifts_staying = np.empty((COUNT, d)), np.empty((COUNT, d)), np.empty((COUNT, d))
        needed, needed_beyond = np.empty((COUNT, hyperplanes)), np.empty((COUNT, hyperplanes))
        needed_staying = np.empty((COUNT, hyperplanes))
        on, on_beyond = np.empty(hyperplanes + 1, dtype=np.int64), np.empty(hyperplanes + 1, dtype=np.int64)
        count = 0
        for i in range(hyperplanes):
            if pattern[i] == 0:
                on[count] = i
                count += 1
        _others(pattern, tables, others)
        on_face(on, count, others, normals, drifts, needed)
        start, low, events, why = walkers.shares[row], 0.0, 0, -1
        if start == 0.0:
            path[0] = places[j]
            for power in range(7):
                path[power + 1] = tables.coefficients[power, j]
        elif start < 1.0:
            integrate(here, drifts, start, tables.length, stages, path)
        watched = sign if walkers.undominated[row] else 0
        while start < 1.0:
            high = (end - start) / (1.0 - start)
            if high <= low:
                break
            share, i = first_meeting(path, pattern, watched, normals, low, high, looks)
            kind = CROSSED
            ended, which = _first_end_of_a_slope(tables, on, count, needed, sign, (start, low, high), share)
            if which >= 0:
                share, i, kind = ended, which, LEFT
            if i < 0:
                break
            if events == MOST_EVENTS:
                why = MORE
                found.stop[row] = start + (1.0 - start) * low
                break
            now = start + (1.0 - start) * share
            place_at(path, share, here)
            size, speed, faster = abs(here[d]), 0.0, 0.0
            if i == hyperplanes:
                kind, sign, watched, low = SIGNED, -sign, -watched, share
            elif kind == LEFT:
                p = 0
                while on[p] != i:
                    p += 1
                above, below = tables.above, tables.below
                interpolated(needed, now, needed_beyond[0])
                interpolated(above, now, needed_beyond[1])
                interpolated(below, now, needed_beyond[2])
                jump = needed_beyond[1, i] - needed_beyond[2, i]
                if sign * jump >= 0.0:
                    why = BLOCKED
                else:
                    after = 1 if (needed_beyond[0, p] - needed_beyond[2, i]) / jump > 0.5 else -1
                    _moved(others, i, 0, after, tables, others)
                    for q in range(p, count - 1):
                        on[q] = on[q + 1]
                    count -= 1
                    pattern[i] = after
                    # It leaves without any speed; what it gains by the end stands for it in the kink rule.
                    faster = _speed_on_face(on, count, others, tables, i, 1.0, drifts, needed)
                    if not _inside(tables, on, count, needed, sign, now):
                        why = BLOCKED
            elif count > 0 and _length(here) <= AT_ZERO * size:
                kind, speed = RESTED, np.inf  # all that it adds to the outputs ends at once: the step is cut here
                pattern[:] = 0
                here[:d] = 0.0
            else:
                interpolated(drifts, now, drift)
                for axis in range(d):
                    speed += drift[axis] * normals[i, axis]
                corner = _corner(here, pattern, sign, i, drift, normals)
                _moved(others, i, pattern[i], -pattern[i], tables, beyond)
                faster = _speed_on_face(on, count, beyond, tables, i, now, drifts_beyond, needed_beyond)
                if abs(faster) <= SPEED_AT_SHARE * abs(speed):  # the sum from the start: where nothing acts it is 0
                    pattern[i] = -pattern[i]
                    _others(pattern, tables, beyond)
                    pattern[i] = -pattern[i]
                    faster = _speed_on_face(on, count, beyond, tables, i, now, drifts_beyond, needed_beyond)
                onward = -sign * pattern[i]
                jump = (faster - speed) * -pattern[i]
                if onward * speed < -GRAZING * max(abs(speed), abs(faster)):
                    why = CONTRADICTED
                elif corner:
                    why = BLOCKED
                else:
                    stays = sign * jump < 0.0 and faster != 0.0 and onward * faster <= UNSURE_DRIFT * tables.unsure
                    if stays:
                        _moved(others, i, pattern[i], 0, tables, staying)
                        on_beyond[:count] = on[:count]
                        on_beyond[count] = i
                        on_face(on_beyond, count + 1, staying, normals, drifts_staying, needed_staying)
                        stays = _inside(tables, on_beyond, count + 1, needed_staying, sign, now)
                    if stays:
                        kind = SLID
                        pattern[i] = 0
                        on[count] = i
                        count += 1
                        others[:], drifts[:], needed[:] = staying, drifts_staying, needed_staying
                    elif (
                        (sign * jump >= 0.0 or onward * faster >= 0.0)
                        and _inside(tables, on, count, needed_beyond, sign, now)
                        and (count == 0 or _acted_upon(pattern, i, tables))
                    ):
                        pattern[i] = -pattern[i]
                        others[:], drifts[:], needed[:] = beyond, drifts_beyond, needed_beyond
                    else:
                        why = BLOCKED
            if why >= 0:
                kind = why
            found.kinds[row, events, 0], found.kinds[row, events, 1] = i, kind
            found.moments[row, events, 0], found.moments[row, events, 1] = now, size
            found.moments[row, events, 2] = max(abs(speed), abs(faster))
            events += 1
            if why >= 0:
                found.stop[row] = now
                break
            if kind == RESTED:
                start = 1.0
                break
            if kind == SIGNED:
                continue
            if kind != LEFT:
                off = height(here, normals, i)
                for axis in range(d):
                    here[axis] -= off * normals[i, axis]
            start, low = now, 0.0
            if start < 1.0:
                integrate(here, drifts, start, tables.length, stages, path)
        if start < 1.0:
            until = found.stop[row] if why >= 0 else end
            place_at(path, (until - start) / (1.0 - start), here)
        found.final[row] = here
        found.events[row], found.why[row] = events, why
        sides.pattern[j] = pattern
        sides.sign[j] = sign
