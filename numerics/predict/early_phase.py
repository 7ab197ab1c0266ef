"""Numbers of the early phase, printed from the formulas of theory/early/bounds.py (theory.md 4.3)."""

from __future__ import annotations

import numpy as np

from ...theory.early import bounds
from ...theory.formal.printing import to_numpy
from ..data.dataset import Dataset
from ..data.losses import get_loss
from ..data.problem import Problem


def alignment_horizon(scale: float, epsilon: float, d_max: float) -> float:
    """tau = epsilon log(1/lambda) / ||D_max||, the time up to which neurons align; not positive from lambda = 1 on."""
    return float(to_numpy(bounds.tau, bounds.scale, bounds.epsilon, bounds.d_max)(scale, epsilon, d_max))


def largest_scale(epsilon: float, d_max: float, c0: float, mean_square_input: float, kappa: float) -> float:
    """lambda* = (2 log 2 / (q c0))^(1/(2 - 2 epsilon)), q = kappa R2 / ||D_max||: the bounds of 4.3 hold below it."""
    ratio = to_numpy(bounds.ratio_definition, bounds.curvature_bound, bounds.mean_square_input, bounds.d_max)
    threshold = to_numpy(bounds.scale_threshold, bounds.epsilon, bounds.deviation_ratio, bounds.spread)
    return float(threshold(epsilon, ratio(kappa, mean_square_input, d_max), c0))


def mean_square_input(data: Dataset) -> float:
    """R2 = (1/n) sum_k ||x_k||^2."""
    return float(np.mean(np.sum(data.X**2, axis=1)))


def drift_deviation(problem: Problem) -> float:
    """kappa R2: by which share of S = sum_j a_j^2 a drift can differ from one at h = 0 (theory.md 4.1).

    Infinite for a loss without a constant kappa.
    """
    bound = to_numpy(bounds.field_deviation, bounds.curvature_bound, bounds.mean_square_input, bounds.size)
    return float(bound(get_loss(problem.loss).kappa, mean_square_input(problem.data), 1.0))
