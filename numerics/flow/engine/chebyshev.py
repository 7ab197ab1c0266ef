"""Polynomials through nine Chebyshev points of [0, 1], compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

from ...arrays import Floats

COUNT = 9
SHARES = (1.0 - np.cos(np.pi * np.arange(COUNT) / (COUNT - 1))) / 2.0
_WEIGHTS = np.array([0.5, *[1.0] * (COUNT - 2), 0.5]) * (-1.0) ** np.arange(COUNT)

_GAUSS = [((1.0 + node) / 2.0, weight / 2.0) for node, weight in zip(*np.polynomial.legendre.leggauss(5), strict=True)]


@njit(cache=True)
def at_share(table: Floats, share: float) -> float:
    """The value at `share` of the polynomial through `table` (9,) at `SHARES`: the barycentric formula."""
    above = below = 0.0
    for node in range(SHARES.shape[0]):
        gap = share - SHARES[node]
        if gap == 0.0:
            return table[node]
        weight = _WEIGHTS[node] / gap
        above += weight * table[node]
        below += weight
    return above / below


def integral(table: Floats, end: float) -> float:
    """The integral from 0 to `end` of the polynomial through `table` (9,) at `SHARES`: Gauss' rule is exact for it."""
    return end * float(sum(weight * at_share(table, end * node) for node, weight in _GAUSS))


@njit(cache=True)
def interpolated(table: Floats, share: float, out: Floats) -> None:
    """The same for the columns of `table` (9, k), written to `out` (k,)."""
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
