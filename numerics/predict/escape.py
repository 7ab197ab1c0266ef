"""When a network leaves the neighbourhood of zero: S = sum_j a_j^2 reaches a fixed level (theory.md 4.6)."""

from __future__ import annotations

import math

import numpy as np

from ..arrays import Floats
from ..data.problem import Problem
from .early_phase import drift_deviation


def escape_level(problem: Problem, d_max: float) -> float | None:
    """S = 1/(2 q) = D_max / (2 kappa R2): there the bound of theory.md 4.1 lets drifts change by D_max/2, not before.

    None when D_max = 0, where nothing grows, and for a loss without a constant kappa.
    """
    deviation = drift_deviation(problem)
    return d_max / (2 * deviation) if d_max > 0 and math.isfinite(deviation) else None


def escape_time(times: Floats, sizes: Floats, level: float | None) -> float | None:
    """The first time at which S, recorded as `sizes` (T,) at `times` (T,), reaches the level.

    log S is taken to be straight between two recorded times. None when it never does, or was there from the start.
    """
    if level is None or sizes[0] >= level or not np.any(sizes >= level):
        return None
    after = int(np.argmax(sizes >= level))
    low, high = np.log(sizes[after - 1 : after + 1])
    share = (np.log(level) - low) / (high - low)
    return float(times[after - 1] + share * (times[after] - times[after - 1]))
