"""The path of one neuron within a step, compiled: DOP853's interpolant, and where it first meets a hyperplane.

A `path` (8, d+1) holds the place at the local share 0 and the seven coefficients of the interpolant. The local share s
of a path that was taken up at the share t of the step stands for the share t + (1 - t) s.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy.integrate import DOP853

from ...arrays import Floats, Pattern
from ...rounding import STANDING
from ..engine.chebyshev import interpolated
from ..engine.step import DENSE, TABLEAU
from ..engine.walk import close_in, height, place_at

NODES = np.concatenate([DOP853.C, [1.0], DOP853.C_EXTRA])
"""The times of all stages, those of the interpolant among them, in units of the step (16,)."""
LOOKS = 8
"""Places of a path at which heights are measured before roots are sought between them."""
BISECTIONS = 50


@njit(cache=True)
def integrate(z: Floats, drifts: Floats, share: float, length: float, stages: Floats, path: Floats) -> None:
    """One DOP853 step of a neuron from z at `share` to the end of a step of `length`, under `drifts` (9, d).

    `stages` (16, d+1) is room to work in; the interpolant is written to `path`.
    """
    size = z.shape[0]
    d = size - 1
    drift, at, end = np.empty(d), np.empty(size), np.empty(size)
    step = length * (1.0 - share)
    for row in range(16):
        for axis in range(size):
            value = 0.0
            for j in range(row):
                value += TABLEAU[row, j] * stages[j, axis]
            at[axis] = z[axis] + step * value
        if row == 12:
            end[:] = at
        interpolated(drifts, share + (1.0 - share) * NODES[row], drift)
        total = 0.0
        for axis in range(d):
            stages[row, axis] = at[d] * drift[axis]
            total += at[axis] * drift[axis]
        stages[row, d] = total
    for axis in range(size):
        change = end[axis] - z[axis]
        first, last = step * stages[0, axis], step * stages[12, axis]
        path[0, axis], path[1, axis] = z[axis], change
        path[2, axis], path[3, axis] = first - change, 2.0 * change - first - last
        for row in range(4):
            value = 0.0
            for j in range(16):
                value += DENSE[row, j] * stages[j, axis]
            path[4 + row, axis] = step * value


@njit(cache=True)
def root(path: Floats, normals: Floats, i: int, side: int, low: float, high: float) -> float:
    """The local share in [low, high] at which side * (height over number i) vanishes; it is not positive at `high`.

    A neuron that is on the hyperplane at `low`, up to rounding, may first leave it and come back: it is looked for at
    places nearer and nearer to `low`.
    """
    at = np.empty(path.shape[1])
    place_at(path, low, at)
    f_low = side * height(at, normals, i)
    if f_low <= 0.0:
        begin, gap = low, high - low
        for _ in range(BISECTIONS):
            gap *= 0.5
            place_at(path, begin + gap, at)
            f_low = side * height(at, normals, i)
            if f_low > 0.0:
                low = begin + gap
                break
        if f_low <= 0.0:
            return begin
    return close_in(path, normals, i, side, (low, f_low, high), at)


@njit(cache=True)
def first_meeting(
    path: Floats, pattern: Pattern, sign: int, normals: Floats, low: float, high: float, looks: Floats
) -> tuple[float, int]:
    """The local share in [low, high] at which the neuron first meets a hyperplane, and which; (2, -1) if none.

    Number h stands for a vanishing a, looked for when `sign` is not 0. `looks` (8, d+1) is room to work in. A
    hyperplane is met when the neuron is `STANDING` behind it at one of the places that are looked at.
    """
    hyperplanes, d = normals.shape
    spacing = (high - low) / LOOKS
    for look in range(LOOKS):
        place_at(path, low + spacing * (look + 1), looks[look])
    best, which = 2.0, -1
    for i in range(hyperplanes + 1):
        side = sign if i == hyperplanes else pattern[i]
        if side == 0:
            continue
        for look in range(LOOKS):
            if low + spacing * look >= best:
                break
            behind = side * height(looks[look], normals, i)
            if behind < (0.0 if i == hyperplanes else -STANDING * abs(looks[look, d])):
                share = root(path, normals, i, side, low + spacing * look, low + spacing * (look + 1))
                if share < best:
                    best, which = share, i
                break
    return best, which
