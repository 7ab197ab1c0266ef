"""Numbers of the early phase, printed from the formulas of theory/early.py (theory.md 4.3)."""

from __future__ import annotations

from ..theory import early
from ..theory.printing import to_numpy


def alignment_horizon(scale: float, epsilon: float, d_max: float) -> float:
    """tau = epsilon log(1/lambda) / ||D_max||, the time up to which neurons align; not positive from lambda = 1 on."""
    return float(to_numpy(early.tau, early.scale, early.epsilon, early.d_max)(scale, epsilon, d_max))


def largest_scale(epsilon: float, d_max: float, c0: float, mean_square_input: float, kappa: float) -> float:
    """lambda* = (2 log 2 / (q c0))^(1/(2 - 2 epsilon)), q = kappa R2 / ||D_max||: the bounds of 4.3 hold below it."""
    ratio = to_numpy(early.ratio_definition, early.curvature_bound, early.mean_square_input, early.d_max)
    threshold = to_numpy(early.scale_threshold, early.epsilon, early.deviation_ratio, early.spread)
    return float(threshold(epsilon, ratio(kappa, mean_square_input, d_max), c0))
