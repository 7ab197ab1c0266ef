"""The data as the flow sees them: merged hyperplanes in floats, and the contribution of each side (theory.md 2.6)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats
from ...data.dataset import Dataset
from ...data.losses import get_loss
from ...data.problem import Problem
from ...geometry.hyperplanes import merge_hyperplanes
from ...rounding import SUM
from .records import Points


@dataclass(frozen=True)
class FlowProblem:
    """Points X (n, d), labels y (n,), and the hyperplanes of the data: unit `normals` (h, d).

    Point k lies on the line of normal `owner[k]`, and `orientation[k]` = +-1 is the sign of x_k along it. Every point
    has a hyperplane, since its pull changes in time. `along[k]` = <x_k, its normal> = +-||x_k||; `kappa` bounds
    |dp/dh|, and is infinite where nothing does.
    """

    X: Floats
    y: Floats
    loss: str
    leak: float
    normals: Floats
    owner: NDArray[np.int64]
    orientation: Floats
    along: Floats
    kappa: float

    @classmethod
    def of(cls, problem: Problem | Dataset) -> FlowProblem:
        """A problem as the flow sees it; a data set alone stands for the square loss and ReLU."""
        posed = Problem.of(problem)
        data = posed.data
        merged = merge_hyperplanes(data, [Fraction(1)] * data.n, posed.leak)
        lengths = np.linalg.norm(merged.normals, axis=1, keepdims=True)
        owner = np.array([place for place, _ in merged.member], dtype=np.int64)
        orientation = np.array([1.0 if multiple > 0 else -1.0 for _, multiple in merged.member])
        normals = np.ascontiguousarray(merged.normals / lengths)
        X, y = np.ascontiguousarray(data.X), np.ascontiguousarray(data.y)
        along = np.einsum("kd,kd->k", X, normals[owner])
        kappa = get_loss(posed.loss).kappa
        return cls(X, y, posed.loss, float(posed.leak), normals, owner, orientation, along, kappa)

    @cached_property
    def points(self) -> Points:
        """The same as compiled code reads it."""
        from .step import LOSSES  # with it numba, which takes a second to load

        number = LOSSES.index(self.loss)
        return Points(self.X, self.y, self.normals, self.owner, self.along, self.leak, number)

    def pulls(self, h: Floats) -> Floats:
        """The pulls p (n,) at the outputs h (n,)."""
        return get_loss(self.loss).pull(h, self.y)

    def mean_loss(self, h: Floats) -> Floats:
        """The mean losses (..) at the outputs h (.., n)."""
        return np.asarray(get_loss(self.loss).value(h, self.y).mean(axis=-1))

    def curvature(self, pulls: Floats) -> float:
        """A bound on l'' at the pulls p (.., n): kappa, and also |p| where the loss flattens."""
        return min(self.kappa, float(np.abs(pulls).max())) if get_loss(self.loss).flattens else self.kappa

    def slopes(self, pattern: NDArray[np.int8]) -> Floats:
        """The slope of every point (n,) for sides (h,); 0 for points on a hyperplane that the neurons slide on."""
        side = pattern[self.owner] * self.orientation
        return np.where(side > 0, 1.0, np.where(side < 0, self.leak, 0.0))

    def sides(self, pulls: Floats) -> tuple[Floats, Floats]:
        """What the points of each hyperplane add to the drift along its normal, on its positive and negative side.

        For pulls (..., n) two arrays (..., h).
        """
        along, (above, below) = pulls * self.along / len(self.y), self._slopes_of_sides
        return along @ above, along @ below

    @cached_property
    def _slopes_of_sides(self) -> tuple[Floats, Floats]:
        """Two matrices (n, h), one a side: the slope of each point on its own hyperplane, 0 on the others."""
        own, upward = np.eye(len(self.normals))[self.owner], self.orientation[:, None] > 0
        return np.where(upward, 1.0, self.leak) * own, np.where(upward, self.leak, 1.0) * own

    @cached_property
    def longest(self) -> float:
        """The largest ||x_k||."""
        return float(np.abs(self.along).max())

    def attracting(self, pulls: Floats, sign: int) -> NDArray[np.bool_]:
        """The hyperplanes (h,) on which neurons of this sign may stay: sign * jump < 0, by more than rounding.

        Where the jump is rounding, as on a point that is fitted, both sides move alike: such hyperplanes are crossed.
        """
        above, below = self.sides(pulls)
        return sign * (above - below) < -SUM * float((np.abs(above) + np.abs(below)).sum())
