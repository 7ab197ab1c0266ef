"""The least-norm drift on a face, carried from one face to the next by its factors; compiled (theory.md 2.6).

The jumps J_i of the hyperplanes on which a neuron stays are kept as J = R^T Q, the rows of Q orthonormal and R upper
triangular, so that a hyperplane that joins or leaves costs one orthogonalisation or a few rotations instead of a new
factorisation. The method is that of `geometry.box_least_squares`, started from the slopes of the face before.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from ..arrays import Floats, Integers, Pattern
from ..rounding import DOUBTFUL

NEARLY_DEPENDENT = 1e-4
"""A jump whose part across the others is a smaller share of it than this is left to exact arithmetic."""


class Planes(NamedTuple):
    """The hyperplanes of a `FrozenField` as arrays.

    `normals` (h, d), their `lengths` (h,); `jumps` (h, d), what crossing to the positive side adds to the drift, and
    `jump_lengths` (h,); `below` (d,): the drift with all on their negative sides; `pull_signs` (h,); `acts` (2, h):
    whether some point acts on the positive and on the negative side; `always` (1,): whether some point acts on all
    sides; `scale` (1,): the sum of all sizes.
    """

    normals: Floats
    lengths: Floats
    jumps: Floats
    jump_lengths: Floats
    below: Floats
    pull_signs: Pattern
    acts: Pattern
    always: Pattern
    scale: Floats


class Face(NamedTuple):
    """A face: `pattern` (h,), the slopes `theta` (h,) on its hyperplanes, from 0 (negative side) to 1, and the factors.

    `on` (d,) lists its hyperplanes, `number` (1,) says how many they are; of `q` and `r` (d, d) so many rows count.
    """

    pattern: Pattern
    theta: Floats
    on: Integers
    number: Integers
    q: Floats
    r: Floats


@njit(cache=True)
def open_face(pattern: Pattern, d: int) -> Face:
    """A face of a pattern (h,) that is still to be settled on the hyperplanes of sign 0."""
    h = len(pattern)
    on, number = np.zeros(d, dtype=np.int64), np.zeros(1, dtype=np.int64)
    return Face(pattern.copy(), np.zeros(h), on, number, np.zeros((d, d)), np.zeros((d, d)))


@njit(cache=True)
def settle(face: Face, planes: Planes, met: Integers, drift: Floats) -> bool:
    """Decide on which hyperplanes the neuron stays, those of the face and those it has `met`; `drift` (d,) becomes D.

    All of them have sign 0 in `pattern`, and `theta` holds slopes to start from, those of `met` 0 or 1. `face` is the
    next face afterwards. False where a decision is not clear: then `face` has no meaning.
    """
    bound, held = np.zeros(len(face.on) + len(met), dtype=np.int64), len(met)
    bound[:held] = met
    fixed = planes.below + (face.pattern > 0).astype(np.float64) @ planes.jumps
    for i in met:
        fixed += face.theta[i] * planes.jumps[i]
    for _ in range(4 * (face.number[0] + held) + 20):
        blocking = _step_to_least_norm(face, fixed, drift)
        if blocking >= 0:
            i = face.on[blocking]
            fixed += face.theta[i] * planes.jumps[i]
            bound[held] = i
            held += 1
            _remove(face, blocking)
            continue
        entering, worst = -1, 0.0
        for place in range(held):
            i = bound[place]
            slope = planes.jumps[i] @ drift
            if abs(slope) <= DOUBTFUL * planes.scale[0] * planes.jump_lengths[i]:
                return False
            wrong = slope if face.theta[i] > 0.5 else -slope
            if wrong > worst:
                entering, worst = place, wrong
        if entering < 0:
            return _leave(face, bound[:held])
        i = bound[entering]
        fixed -= face.theta[i] * planes.jumps[i]
        held -= 1
        bound[entering] = bound[held]
        if not _add(face, i, planes.jumps[i], planes.jump_lengths[i]):
            return False
    return False


@njit(cache=True)
def project_onto(face: Face, vector: Floats) -> None:
    """Put `vector` (d,) onto the face, in place: take out its part along the normals."""
    count = face.number[0]
    for place in range(count):
        vector -= (face.q[place] @ vector) * face.q[place]


@njit(cache=True)
def _step_to_least_norm(face: Face, fixed: Floats, drift: Floats) -> int:
    """Move the slopes to the least norm, and `drift` with them; or to the first bound on the way, and return its place.

    -1 where no bound is met.
    """
    count = face.number[0]
    drift[:] = fixed
    along = np.zeros(count)
    for _ in range(2):  # twice is enough (Kahan and Parlett): what rounding leaves of the first pass
        for place in range(count):
            part = face.q[place] @ drift
            along[place] += part
            drift -= part * face.q[place]
    target = np.zeros(count)
    for place in range(count - 1, -1, -1):
        left = -along[place]
        for later in range(place + 1, count):
            left -= face.r[place, later] * target[later]
        target[place] = left / face.r[place, place]
    blocking, share = -1, 1.0
    for place in range(count):
        old = face.theta[face.on[place]]
        if target[place] < 0.0 or target[place] > 1.0:
            end = 0.0 if target[place] < 0.0 else 1.0
            if (end - old) / (target[place] - old) <= share:
                blocking, share = place, (end - old) / (target[place] - old)
    for place in range(count):
        i = face.on[place]
        face.theta[i] += share * (target[place] - face.theta[i])
    if blocking >= 0:
        face.theta[face.on[blocking]] = 0.0 if target[blocking] < 0.0 else 1.0
    return blocking


@njit(cache=True)
def _leave(face: Face, bound: Integers) -> bool:
    """Give the hyperplanes `bound` their sides; whether all slopes that stay are clearly between their bounds."""
    for i in bound:
        face.pattern[i] = 1 if face.theta[i] > 0.5 else -1
    for place in range(face.number[0]):
        theta = face.theta[face.on[place]]
        if theta < DOUBTFUL or theta > 1.0 - DOUBTFUL:
            return False
    return True


@njit(cache=True)
def _add(face: Face, i: int, jump: Floats, length: float) -> bool:
    """Let hyperplane i join the face; False where its jump nearly depends on the others."""
    count = face.number[0]
    if count == len(face.on):
        return False
    across = jump.copy()
    face.r[:count, count] = 0.0
    for _ in range(2):
        for place in range(count):
            part = face.q[place] @ across
            face.r[place, count] += part
            across -= part * face.q[place]
    size = math.sqrt(across @ across)
    if size <= NEARLY_DEPENDENT * length:
        return False
    face.r[count, count] = size
    face.q[count] = across / size
    face.on[count] = i
    face.number[0] += 1
    return True


@njit(cache=True)
def _remove(face: Face, place: int) -> None:
    """Let the hyperplane at `place` of `on` leave the face: its column goes, and rotations restore the triangle."""
    last = face.number[0] - 1
    for column in range(place, last):
        face.on[column] = face.on[column + 1]
        face.r[: column + 2, column] = face.r[: column + 2, column + 1]
    for row in range(place, last):
        size = math.hypot(face.r[row, row], face.r[row + 1, row])
        c, s = face.r[row, row] / size, face.r[row + 1, row] / size
        for column in range(row, last):
            above, below = face.r[row, column], face.r[row + 1, column]
            face.r[row, column], face.r[row + 1, column] = c * above + s * below, c * below - s * above
        for axis in range(face.q.shape[1]):
            above, below = face.q[row, axis], face.q[row + 1, axis]
            face.q[row, axis], face.q[row + 1, axis] = c * above + s * below, c * below - s * above
    face.number[0] = last
