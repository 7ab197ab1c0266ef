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
from ..engine.chebyshev import COUNT, SHARES

A = np.zeros((16, 16))
A[:12, :12], A[12, :12], A[13:, :] = DOP853.A, DOP853.B, DOP853.A_EXTRA
NODES = np.concatenate([DOP853.C, [1.0], DOP853.C_EXTRA])
"""The tableau of DOP853 with the end and the three further stages of its interpolant (16,)."""
D = DOP853.D.copy()
_WEIGHTS = np.array([0.5, *[1.0] * (COUNT - 2), 0.5]) * (-1.0) ** np.arange(COUNT)
LOOKS = 8
"""Places of a path at which heights are measured before roots are sought between them."""
ROOT_STEPS, SECANTS, BISECTIONS = 100, 30, 50


@njit(cache=True)
def place(path: Floats, share: float, out: Floats) -> None:
    """Where the neuron is at a local share."""
    for axis in range(out.shape[0]):
        value = 0.0
        for row in range(7, 0, -1):
            value += path[row, axis]
            value *= share if row % 2 == 1 else 1.0 - share
        out[axis] = path[0, axis] + value


@njit(cache=True)
def interpolated(table: Floats, share: float, out: Floats) -> None:
    """The polynomials through the columns of `table` (9, k) at a share of the step, by the barycentric formula."""
    for node in range(COUNT):
        if share == SHARES[node]:
            out[:] = table[node]
            return
    out[:] = 0.0
    below = 0.0
    for node in range(COUNT):
        weight = _WEIGHTS[node] / (share - SHARES[node])
        below += weight
        for axis in range(out.shape[0]):
            out[axis] += weight * table[node, axis]
    for axis in range(out.shape[0]):
        out[axis] /= below


@njit(cache=True)
def value_at(table: Floats, column: int, share: float) -> float:
    """The same for one column."""
    above = below = 0.0
    for node in range(COUNT):
        gap = share - SHARES[node]
        if gap == 0.0:
            return table[node, column]
        weight = _WEIGHTS[node] / gap
        above += weight * table[node, column]
        below += weight
    return above / below


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
                value += A[row, j] * stages[j, axis]
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
                value += D[row, j] * stages[j, axis]
            path[4 + row, axis] = step * value


@njit(cache=True)
def height(z: Floats, normals: Floats, i: int) -> float:
    """<w, normal i>; number h stands for a."""
    d = z.shape[0] - 1
    if i == normals.shape[0]:
        return z[d]
    total = 0.0
    for axis in range(d):
        total += z[axis] * normals[i, axis]
    return total


@njit(cache=True)
def root(path: Floats, normals: Floats, i: int, side: int, low: float, high: float) -> float:
    """The local share in [low, high] at which side * (height over number i) vanishes; it is not positive at `high`.

    A neuron that is on the hyperplane at `low`, up to rounding, may first leave it and come back: it is looked for at
    places nearer and nearer to `low`. Illinois' variant of regula falsi, closed by bisection.
    """
    at = np.empty(path.shape[1])
    place(path, low, at)
    f_low = side * height(at, normals, i)
    if f_low <= 0.0:
        begin, gap = low, high - low
        for _ in range(BISECTIONS):
            gap *= 0.5
            place(path, begin + gap, at)
            f_low = side * height(at, normals, i)
            if f_low > 0.0:
                low = begin + gap
                break
        if f_low <= 0.0:
            return begin
    place(path, high, at)
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
        place(path, middle, at)
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
    path: Floats, pattern: Pattern, sign: int, normals: Floats, low: float, high: float, looks: Floats
) -> tuple[float, int]:
    """The local share in [low, high] at which the neuron first meets a hyperplane, and which; (2, -1) if none.

    Number h stands for a vanishing a, looked for when `sign` is not 0. `looks` (8, d+1) is room to work in. A
    hyperplane is met when the neuron is `STANDING` behind it at one of the places that are looked at.
    """
    hyperplanes, d = normals.shape
    spacing = (high - low) / LOOKS
    for look in range(LOOKS):
        place(path, low + spacing * (look + 1), looks[look])
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
