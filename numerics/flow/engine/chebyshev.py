"""Polynomials through nine Chebyshev points of [0, 1], compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

from ...arrays import Floats

COUNT = 9
SHARES = (1.0 - np.cos(np.pi * np.arange(COUNT) / (COUNT - 1))) / 2.0
_WEIGHTS = np.array([0.5, *[1.0] * (COUNT - 2), 0.5]) * (-1.0) ** np.arange(COUNT)


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
