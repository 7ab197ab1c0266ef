"""Richardson's extrapolation of a method of first order in its step, with an error estimate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Sampled = tuple[Array, Array]
"""Outputs (T, n) at the times, and the neurons (m, d+1), rows (w, a), at the last."""

ROUNDING = 64 * float(np.finfo(float).eps)
"""Of the largest value: what adding up a run's steps may leave where its first-order error is 0."""


@dataclass(frozen=True)
class Extrapolated:
    """What a method gives for step -> 0: outputs (T, n) at times (T,), and the network at the last: a (m,), w (m, d).

    `outputs_error` (T,) and `weights_error` bound the errors of the outputs at each time and of the weights.
    """

    times: Array
    outputs: Array
    a: Array
    w: Array
    outputs_error: Array
    weights_error: float


def extrapolate(times: Array, run: Callable[[int], Sampled]) -> Extrapolated:
    """The extrapolation 2 u(h/4) - u(h/2) from run(1), run(2), run(4): steps h, h/2, h/4.

    u(h) = u + c h + r(h), where r is of order h^2, but at events may depend on h irregularly: they fall anywhere within
    a step. The extrapolation is off by r. Two quantities measure it, and the larger one is the error allowed for: the
    distance of the extrapolation from the one of (h, h/2), three times the error where r is regular; and what the
    extrapolation changes the finest run by, c h/4, since in the first-order regime r is smaller than that.
    """
    (rough, rough_z), (middle, middle_z), (fine, fine_z) = (run(parts) for parts in (1, 2, 4))
    outputs, outputs_error = _extrapolated(rough, middle, fine, axis=1)
    z, weights_error = _extrapolated(rough_z, middle_z, fine_z, axis=None)
    return Extrapolated(
        np.asarray(times, float), outputs, z[:, -1].copy(), z[:, :-1].copy(), outputs_error, float(weights_error)
    )


def _extrapolated(rough: Array, middle: Array, fine: Array, axis: int | None) -> tuple[Array, Array]:
    """The extrapolation and the error allowed for it, the largest along `axis`."""
    found = 2 * fine - middle
    distance, correction = np.abs(found - (2 * middle - rough)), np.abs(fine - middle)
    largest = np.maximum(np.max(distance, axis=axis), np.max(correction, axis=axis))
    return found, largest + ROUNDING * np.max(np.abs(found), axis=axis)
