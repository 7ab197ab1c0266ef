"""Neurons of the frozen flow one by one, compiled, for data whose faces neurons hardly share (theory.md 2.6, 3).

In high dimension nearly every neuron visits faces of its own, and to decide a face afresh costs a problem of least
squares. Here a neuron carries the factors of its face from event to event; they change by one hyperplane. Everything is
decided in floats, with margins: before an event that is not clear the neuron stops, and `flow.follow`, which has
exact arithmetic to fall back on, goes on with it from there. The steps are those of `flow` and `closed_form`, written
for one neuron, and tested against them.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numba import njit

from ..arrays import Floats, Integers, Pattern
from ..rounding import DOUBTFUL, ON_LINE, TOGETHER
from .face_factors import Face, Planes, open_face, project_onto, settle


class Ending(IntEnum):
    """How `follow_single` ends: the fate is known, or the next event is left to `flow.follow`."""

    UNCLEAR = 0
    EXTREMAL = 1
    DEAD = 2


class Single(NamedTuple):
    """One neuron, as in `Swarm`: w (d,), its pattern (h,), `numbers` (4,): |a|, a^2 - ||w||^2, the time and the sign of
    a, and `counts` (2,): its binary exponent and its events so far.
    """

    w: Floats
    pattern: Pattern
    numbers: Floats
    counts: Integers


class Step(NamedTuple):
    """A straight way of `length` from <w, direction> = `beta`, `constant` = a^2 - beta^2, and whether a vanishes."""

    beta: float
    constant: float
    length: float
    vanishes: bool


A, EXCESS, TIME_PASSED, SIGN = 0, 1, 2, 3
EXPONENT, EVENTS = 0, 1


@njit(cache=True)
def follow_single(planes: Planes, neuron: Single, limit: int, drift: Floats) -> int:
    """Follow a neuron to its fate or to the first event that is not clear; an `Ending`.

    `neuron` is changed in place, and stays on the hyperplanes of sign 0 at first; `drift` (d,) is D at the end.
    """
    face = open_face(neuron.pattern, len(drift))
    if not settle(face, planes, np.flatnonzero(neuron.pattern == 0), drift) or (face.pattern != neuron.pattern).any():
        return Ending.UNCLEAR
    speed, silent = planes.normals @ drift, False
    if not _is_clear(planes, face.pattern, drift, speed):
        return Ending.UNCLEAR
    while neuron.counts[EVENTS] < limit:
        norm = math.sqrt(drift @ drift)
        direction = neuron.numbers[SIGN] / norm * drift
        beta = neuron.w @ direction
        across = _square_across(neuron.w, beta, direction)
        constant = neuron.numbers[EXCESS] + across
        if beta < 0 and min(across / ON_LINE, abs(constant)) <= ON_LINE * beta**2:  # against its drift, or nearly
            return Ending.UNCLEAR
        hit, length, joint = _next_hit(planes, neuron, neuron.numbers[SIGN] / norm * speed)
        rest = _length_to_rest(neuron.numbers[A], beta, constant)
        if math.isinf(length) and math.isinf(rest):
            return Ending.EXTREMAL
        vanishes = rest <= length
        step = Step(beta, constant, min(length, rest), vanishes)
        if (face.number[0] > 0) if vanishes else (joint or face.number[0] + 1 >= len(drift) - 1):
            return Ending.UNCLEAR
        if not vanishes:
            if not _enter(planes, face, hit, neuron.numbers[SIGN], drift):
                return Ending.UNCLEAR
            speed = planes.normals @ drift
            silent = face.number[0] == 0 and _is_silent(planes, face.pattern)
            if not silent and not _is_clear(planes, face.pattern, drift, speed):
                return Ending.UNCLEAR
        _move(neuron, direction, norm, step)
        _arrive(neuron, face)
        if silent:
            drift[:] = 0.0
            return Ending.DEAD
    return Ending.UNCLEAR


@njit(cache=True)
def _square_across(w: Floats, beta: float, direction: Floats) -> float:
    """The square of what is left of w without its part `beta` along `direction`."""
    total = 0.0
    for axis in range(len(w)):
        total += (w[axis] - beta * direction[axis]) ** 2
    return total


@njit(cache=True)
def _enter(planes: Planes, face: Face, hit: int, sign: float, drift: Floats) -> bool:
    """The face after a hit, and its drift; False where it is not clear, or where neither side of `hit` leads away."""
    side = face.pattern[hit]
    crossed = sign * planes.pull_signs[hit] > 0
    face.pattern[hit] = -side if crossed else 0
    face.theta[hit] = 1.0 if side > 0 else 0.0
    if not settle(face, planes, np.full(0 if crossed else 1, hit), drift):
        return False
    return not crossed or -side * sign * (planes.normals[hit] @ drift) > 0


@njit(cache=True)
def _is_clear(planes: Planes, pattern: Pattern, drift: Floats, speed: Floats) -> bool:
    """Whether the drift and its speeds towards the hyperplanes off the face are clearly not 0."""
    small = DOUBTFUL * planes.scale[0]
    if math.sqrt(drift @ drift) <= small:
        return False
    return bool(np.all((pattern == 0) | (np.abs(speed) > small * planes.lengths)))


@njit(cache=True)
def _is_silent(planes: Planes, pattern: Pattern) -> bool:
    """As `FrozenField.is_silent`."""
    for i in range(len(pattern)):
        if pattern[i] != 0 and planes.acts[0 if pattern[i] > 0 else 1, i]:
            return False
    return not planes.always[0]


@njit(cache=True)
def _next_hit(planes: Planes, neuron: Single, speed: Floats) -> tuple[int, float, bool]:
    """The hyperplane met first, the length to it, and whether another one is met together with it."""
    heights = planes.normals @ neuron.w
    hit, first, second = -1, np.inf, np.inf
    for i in range(len(heights)):
        if neuron.pattern[i] * speed[i] < 0:
            length = max(abs(heights[i]), 1e-290) / abs(speed[i])
            if length < first:
                hit, first, second = i, length, first
            elif length < second:
                second = length
    together = first + TOGETHER * (first + np.abs(neuron.w).max())
    return hit, first, not math.isinf(second) and second <= together


@njit(cache=True)
def _length_to_rest(a: float, beta: float, constant: float) -> float:
    """As `closed_form.length_to_rest`."""
    if constant < 0 and beta < 0:
        return float(a * a / (math.sqrt(-constant) - beta))
    return np.inf


@njit(cache=True)
def _move(neuron: Single, direction: Floats, norm: float, step: Step) -> None:
    """Move by the step; the time is that of `closed_form.elapsed`. Where a vanishes it changes its sign."""
    neuron.w[:] += step.length * direction
    before, later = neuron.numbers[A], step.beta + step.length
    after = 0.0 if step.vanishes else math.sqrt(max(neuron.numbers[EXCESS] + neuron.w @ neuron.w, 0.0))
    start = step.constant / (before - step.beta) if step.beta < 0 else before + step.beta
    end = step.constant / (after - later) if later < 0 else after + later
    if step.length > 0 and before + after > 0:
        growth = step.length * (start + end) / ((before + after) * start)
        neuron.numbers[TIME_PASSED] += math.log1p(max(growth, 0.0)) / norm
    neuron.numbers[A] = after
    if step.vanishes:
        neuron.numbers[SIGN] = -neuron.numbers[SIGN]
    neuron.counts[EVENTS] += 1


@njit(cache=True)
def _arrive(neuron: Single, face: Face) -> None:
    """Take the pattern of the face, lie on it exactly, and keep to sizes near one by powers of two."""
    neuron.pattern[:] = face.pattern
    if face.number[0]:
        project_onto(face, neuron.w)
        neuron.numbers[A] = math.sqrt(max(neuron.numbers[EXCESS] + neuron.w @ neuron.w, 0.0))
    size = max(neuron.numbers[A], np.abs(neuron.w).max())
    if size > 1e60 or size < 1e-60:
        power = math.frexp(size)[1]
        neuron.w[:] *= 2.0**-power
        neuron.numbers[A] *= 2.0**-power
        neuron.numbers[EXCESS] *= 4.0**-power
        neuron.counts[EXPONENT] += power
