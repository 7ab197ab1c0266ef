"""The direction of largest margin: the unit u that maximises min_k <x_k, u> (theory.md 11.2).

beta = u/gamma is the shortest vector with <x_k, beta> >= 1 for all k. Lawson and Hanson's reduction (Solving least
squares problems, chapter 23) makes non-negative least squares of it: with rows (x_k, 1) and the target (0, .., 0, 1),
the residual of the best non-negative combination is proportional to (-beta, 1). The coefficients of the best one add up
to less than 1, so that the box [0, 1] of `least_norm_in_box` holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..arrays import Floats
from .box_least_squares import least_norm_in_box

LARGEST_EXACT = 600
"""Most numbers n d of points that are solved in exact rationals, which takes a second at most."""
SEPARATED = 1e-12
"""Of the longest point: margins in floats that are not larger may be 0."""


@dataclass(frozen=True)
class MaxMargin:
    """The largest margin gamma = `margin` of points in R^d, at the unit vector `direction` (d,).

    `support` are the points, numbered from 0, on which it rests. `exact` is beta = u/gamma, so that
    1/||beta|| = gamma; None where floats were used.
    """

    margin: float
    direction: Floats
    support: tuple[int, ...]
    exact: tuple[Fraction, ...] | None


def max_margin(points: Sequence[Sequence[Fraction]]) -> MaxMargin | None:
    """The direction of largest margin of points x_k in R^d; None when no u has <x_k, u> > 0 for all of them."""
    if len(points) * len(points[0]) > LARGEST_EXACT:
        return _in_floats(np.array([[float(value) for value in point] for point in points]))
    rows = np.array([[*point, Fraction(1)] for point in points], dtype=object)
    base = np.array([*[Fraction(0)] * len(points[0]), Fraction(-1)], dtype=object)
    least = least_norm_in_box(base, rows)
    if least.point[-1] == 0:
        return None
    beta = tuple(-value / least.point[-1] for value in least.point[:-1])
    vector = np.array([float(value) for value in beta])
    length = float(np.linalg.norm(vector))
    support = tuple(np.flatnonzero([value != 0 for value in least.theta]).tolist())
    return MaxMargin(1.0 / length, vector / length, support, beta)


def _in_floats(points: Floats) -> MaxMargin | None:
    from scipy.optimize import nnls

    longest = float(np.linalg.norm(points, axis=1).max())
    rows = np.column_stack([points / longest, np.ones(len(points))])
    target = np.append(np.zeros(points.shape[1]), 1.0)
    weights, _ = nnls(rows.T, target)
    residual = target - weights @ rows
    direction = -residual[:-1]
    length = float(np.linalg.norm(direction))
    if not length > 0.0:
        return None
    direction = direction / length
    margin = float((points @ direction).min())
    if not margin > SEPARATED * longest:
        return None
    return MaxMargin(margin, direction, tuple(np.flatnonzero(weights).tolist()), None)
