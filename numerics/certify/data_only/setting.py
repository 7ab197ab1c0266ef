"""The hypotheses of Theorem A' on the data, decided in rationals, and the quantities that its constants are made of."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...data.dataset import Dataset
from ..errors import Undecided
from ..every_start.cone import Facet, Hull, LinearFit, admissible_facets, dot, hull_of, linear_fit_of
from ..every_start.constants import DataConstants, StartBounds, data_constants
from ..instance import Ball, ball


@dataclass(frozen=True)
class ThreePoints:
    """Three points that satisfy the hypotheses of Theorem A', with the facets at which (C) holds.

    `residual` is r_0, the least |r_k|, and `turn` is r_0 X c^2/(8 n), with X = min(||x_1||, ||x_3||) and c the cosine
    between these outer points.
    """

    known: DataConstants
    hull: Hull
    admissible: list[list[Facet]]
    residual: Fraction
    turn: Ball

    @property
    def fit(self) -> LinearFit:
        """The least-squares problem."""
        return self.known.fit

    @property
    def longest_square(self) -> Fraction:
        """max_k ||x_k||^2."""
        return max(dot(x, x) for x in self.fit.data.inputs)

    @property
    def loss_at_zero(self) -> Fraction:
        """L_0."""
        return sum((y * y for y in self.fit.data.labels), Fraction(0)) / 6

    @property
    def excess(self) -> Fraction:
        """Delta_0."""
        return self.fit.gain / 2


def three_points_of(data: Dataset, start: StartBounds) -> ThreePoints:
    """The setting of Theorem A' for `data`; raises Undecided, one sentence saying which hypothesis does not hold."""
    fit = _checked_fit(data)
    hull = hull_of(fit)
    middle = _middle(fit, hull)
    outer = [k for k in range(3) if k != middle]
    residuals = [y - h for y, h in zip(data.labels, fit.outputs, strict=True)]
    for k in outer:
        if residuals[k] <= 0:
            raise Undecided(f"the residual of the outer point {k + 1} at least squares is not positive")
    for k, output in enumerate(fit.outputs):
        if output <= 0:
            raise Undecided(f"the least-squares solution is not active on point {k + 1}")
    least = min(map(abs, residuals))
    return ThreePoints(
        known=data_constants(fit, start),
        hull=hull,
        admissible=admissible_facets(hull),
        residual=least,
        turn=ball(least / 24) * _turning_norm(data, outer),
    )


def _checked_fit(data: Dataset) -> LinearFit:
    if (data.d, data.n) != (2, 3):
        raise Undecided(
            f"Theorem A' (no delta) is for 3 points in the plane; here are {data.n} points in dimension {data.d}"
        )
    return linear_fit_of(data)


def _middle(fit: LinearFit, hull: Hull) -> int:
    """The point in the open cone of the two others."""
    for k in range(3):
        if k not in hull.members and len(hull.members) == 2 and min(hull.combined[k]) > 0:
            return k
    raise Undecided("no point is in the open cone of the two others")


def _turning_norm(data: Dataset, outer: list[int]) -> Ball:
    """min(||x_1||, ||x_3||) cos^2 of the angle between the outer points."""
    first, last = (data.inputs[k] for k in outer)
    squares = dot(first, first), dot(last, last)
    cosine_square = dot(first, last) ** 2 / (squares[0] * squares[1])
    return ball(min(squares)).sqrt() * ball(cosine_square)
