"""Moreau's time stepping for the flow with sliding: a second, unrelated solver of the differential inclusion.

No events, no active sets, no faces. In a step of length h with the pulls p of its start, every neuron w moves to
w+ = w + h a D, D = (1/n) sum_k s_k p_k x_k, and the slopes s are part of the unknowns. Where the jump of the drift
across a hyperplane pushes back (a times the jump < 0) they are implicit: s_k = 1 where <w+, x_k> > 0, leak where it is
< 0, and anything between where it is 0. That is the condition for w+ to be the shortest vector over the box of those
slopes, a strictly convex problem, solved one coordinate after the other. The other hyperplanes keep the slopes of the
side the neuron comes from. A neuron that ends the step behind a hyperplane has the slopes of both sides, each for the
share of the step it was there; so has one that the implicit slopes would stop on a hyperplane although both sides drive
it across, since a halt of part of a step is an error of first order that depends on the step irregularly.

First order in h: events are not located, they are averaged over a step. `extrapolation` says how good the result is.
Conventions of theory.md 2.6: parallel points share a hyperplane, and a ReLU neuron without any drift stays at rest.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .extrapolation import Extrapolated, Sampled, extrapolate
from .reference import handwritten_pull, parallel_classes

Array = NDArray[np.float64]

SWEEPS = 10_000
SETTLED = 8 * float(np.finfo(float).eps)
"""The positions are found when no coordinate of w+ is moved by more in a sweep, as a share of its terms: rounding."""
AT_REST = 1e-9
"""A ReLU neuron is at rest when no slope is above this: rounding, since it lies on its last hyperplane."""


def time_stepping(
    X: Array, y: Array, a: Array, w: Array, times: Array, step: float, loss: str = "square", leak: float = 0.0
) -> Extrapolated:
    """The gradient flow at increasing `times` by steps of about `step`, a half and a quarter of it, sliding included.

    X (n, d), y (n,), a (m,), w (m, d), the start at times[0], off all hyperplanes.
    """
    return extrapolate(times, lambda parts: _run(X, y, a, w, times, step, parts, loss, leak))


def _run(
    X: Array, y: Array, a: Array, w: Array, times: Array, step: float, parts: int, loss: str, leak: float
) -> Sampled:
    a, w = np.array(a, float), np.array(w, float)
    normals, owner, orientation = parallel_classes(X)
    along = np.einsum("kd,kd->k", X, normals[owner])
    sides = np.where(w @ normals.T > 0.0, 1.0, 0.0)
    at_rest = np.zeros(len(a), dtype=bool)
    # Whether a hyperplane has points that are active on its positive, and on its negative side.
    active = np.stack([np.bincount(owner, orientation * sign > 0, len(normals)) > 0 for sign in (1, -1)])
    # The slopes of the points on the positive and on the negative side of their hyperplane.
    slopes = np.where(orientation > 0, 1.0, leak), np.where(orientation > 0, leak, 1.0)

    def outputs() -> Array:
        heights = w @ X.T
        return np.asarray(a @ np.maximum(heights, leak * heights))

    sampled = [outputs()]
    for start, stop in pairwise(times):
        count = parts * max(1, round((stop - start) / step))
        for _ in range(count):
            weight = handwritten_pull(outputs(), y, loss) * along / len(y)
            above, below = (np.bincount(owner, slope * weight, len(normals)).astype(np.float64) for slope in slopes)
            _step((stop - start) / count, a, w, sides, at_rest, normals, below, above - below, active, leak)
        sampled.append(outputs())
    return np.array(sampled), np.concatenate([w, a[:, None]], axis=1)


@njit(cache=True)
def _step(
    h: float, a: Array, w: Array, sides: Array, at_rest: NDArray[np.bool_], normals: Array, below: Array, jump: Array,
    active: NDArray[np.bool_], leak: float,
) -> None:  # fmt: skip
    """One step of all neurons, in place; `sides` (m, H) in {0, 1}: the positive side, or else the negative one.

    `active` (2, H): whether points are active on the positive and on the negative side of a hyperplane. On hyperplane i
    the points add (below_i + position * jump_i) normal_i to the drift, position in [0, 1].
    """
    width, count = sides.shape
    d = normals.shape[1]
    position, free = np.empty(count), np.empty(count, dtype=np.bool_)
    drift = np.empty(d)
    for j in range(width):
        if at_rest[j]:
            continue
        for i in range(count):
            position[i] = sides[j, i]
            free[i] = a[j] * jump[i] < 0.0
        _shortest(h * a[j], w[j], normals, below, jump, free, position, drift)
        # Hyperplanes that were passed: the share of the step before them with the slopes of the old side.
        passed = False
        for i in range(count):
            before, speed = 0.0, 0.0
            for axis in range(d):
                before += w[j, axis] * normals[i, axis]
                speed += a[j] * drift[axis] * normals[i, axis]
            old = sides[j, i]
            onward = 1.0 if old == 0.0 else -1.0
            behind = onward * (before + h * speed) > 0.0
            approach = onward * (speed + a[j] * jump[i] * (old - position[i]))
            beyond = onward * (speed + a[j] * jump[i] * (1.0 - old - position[i]))
            # The implicit slopes hold a neuron that comes this far, and no further, also where both sides drive it on.
            halted = 0.0 < position[i] < 1.0 and onward * before < 0.0 and approach > 0.0 and beyond > 0.0
            if (behind and (not free[i] or position[i] == 1.0 - old)) or (free[i] and halted):
                share = min(1.0, max(0.0, -onward * before / (h * approach))) if approach > 0.0 else 0.0
                position[i] = share * old + (1.0 - share) * (1.0 - old)
                free[i] = False
                sides[j, i] = 1.0 - old
                passed = True
        if passed:
            _shortest(h * a[j], w[j], normals, below, jump, free, position, drift)
        steepest = leak
        for i in range(count):
            for side in range(2):
                if active[side, i]:
                    steepest = max(steepest, abs(position[i] - side))
        if steepest <= AT_REST:
            at_rest[j] = True
            continue
        growth = 0.0
        for axis in range(d):
            growth += (w[j, axis] + 0.5 * h * a[j] * drift[axis]) * drift[axis]
        for axis in range(d):
            w[j, axis] += h * a[j] * drift[axis]
        a[j] += h * growth


@njit(cache=True)
def _shortest(
    reach: float, w: Array, normals: Array, below: Array, jump: Array, free: NDArray[np.bool_], position: Array,
    drift: Array,
) -> None:  # fmt: skip
    """Set the free positions in [0, 1] for which w + reach * drift is shortest, and the drift they give."""
    count, d = normals.shape
    drift[:] = 0.0
    size = 0.0
    for axis in range(d):
        size += abs(w[axis])
    for i in range(count):
        size += abs(reach) * (abs(below[i]) + abs(jump[i]))
        for axis in range(d):
            drift[axis] += (below[i] + position[i] * jump[i]) * normals[i, axis]
    for _ in range(SWEEPS):
        largest = 0.0
        for i in range(count):
            if free[i]:
                height = 0.0
                for axis in range(d):
                    height += (w[axis] + reach * drift[axis]) * normals[i, axis]
                best = min(1.0, max(0.0, position[i] - height / (reach * jump[i])))
                change = best - position[i]
                position[i] = best
                largest = max(largest, abs(change * reach * jump[i]))
                for axis in range(d):
                    drift[axis] += change * jump[i] * normals[i, axis]
        if largest <= SETTLED * size:
            break
