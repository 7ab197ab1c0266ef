"""Reference trajectories with an error estimate: what property checks compare a statement with.

The reference flow is run twice, at relative tolerance 1e-12 and at 1e-10. A check measures on the fine run and allows
the distance between the two runs, which is the error of the coarse one up to that of the fine one, many times smaller.
Where both take the same steps that distance says nothing; so the fine run's own steps are allowed for as well, each
with a local error of its tolerance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...numerics.oracles.reference import ReferenceFlow, reference_flow
from ..cases.strategies import FlowCase
from ..claim.draws import assume
from ..claim.evidence import Margin

Array = NDArray[np.float64]
Quantity = Callable[[Array, Array], Array]

FINE, COARSE = 1e-12, 1e-10
RESOLVED = 1e-5
"""A case is skipped when the two runs differ by more than this share: the flow then branches, or all but branches,
between them (theory.md 2.6), and the reference has no trajectory to check against."""
STAGES = 12
"""Right-hand sides in a step of DOP853."""
DERIVATION = "distance of the reference at rtol 1e-12 from that at rtol 1e-10, plus 1e-12 of the size for every step"


@dataclass(frozen=True)
class Trajectory:
    """The fine and the coarse run of one problem, sampled at the same times (T,)."""

    fine: ReferenceFlow
    coarse: ReferenceFlow

    @property
    def times(self) -> Array:
        """The sampling times (T,)."""
        return self.fine.times

    def error(self, quantity: Quantity) -> float:
        """A bound on the error, at every time, of a quantity of a (T, m) and w (T, m, d) measured on the fine run.

        The quantity's size is its largest value, or that of a weight or its square when its terms cancel.
        """
        fine, coarse = self.of(quantity), quantity(self.coarse.a, self.coarse.w)
        largest = max(float(np.max(np.abs(fine), initial=0.0)), self.size, self.size**2)
        steps = self.fine.right_hand_sides / STAGES
        return float(np.max(np.abs(fine - coarse), initial=0.0)) + steps * FINE * largest

    def of(self, quantity: Quantity) -> Array:
        """The quantity along the fine run."""
        return quantity(self.fine.a, self.fine.w)

    def sampled(self, times: Array) -> Trajectory:
        """Both runs at other times; skips cases that are not resolved there."""
        return _resolved(Trajectory(self.fine.sampled(times), self.coarse.sampled(times)))

    @property
    def size(self) -> float:
        """The largest weight ever, in absolute value."""
        return float(max(np.max(np.abs(self.fine.a)), np.max(np.abs(self.fine.w))))


def follow(case: FlowCase, times: ArrayLike | None = None, frozen: bool = False) -> Trajectory:
    """The case's flow at the given times, by default 17 equally spaced ones; skips cases that are not resolved."""
    sampled = np.linspace(0.0, float(case.time), 17) if times is None else np.asarray(times, float)
    return solve(*case.arrays, sampled, frozen=frozen, **case.options)


def solve(X: Array, y: Array, a: Array, w: Array, times: Array, **options: float | str) -> Trajectory:
    """Both runs of `reference_flow` on arrays, with its keyword arguments; skips cases that are not resolved."""
    fine, coarse = (reference_flow(X, y, a, w, times, rtol=rtol, **options) for rtol in (FINE, COARSE))  # type: ignore[arg-type]
    return _resolved(Trajectory(fine, coarse))


def _resolved(trajectory: Trajectory) -> Trajectory:
    fine, coarse = trajectory.fine, trajectory.coarse
    distance = max(np.max(np.abs(fine.a - coarse.a)), np.max(np.abs(fine.w - coarse.w)))
    assume(distance <= RESOLVED * trajectory.size)
    return trajectory


def worst(*margins: Margin) -> Margin:
    """The margin with the largest ratio of measured to allowed, when a check makes several comparisons.

    A margin that decides nothing, such as a NaN, is worse than any that does.
    """
    return max(margins, key=lambda margin: (bool(margin.flaw), margin.ratio))
