"""What the evidence of `early.sparsity` measures (theory.md 4.5)."""

from __future__ import annotations

import numpy as np

from ....numerics.compare.watch import AlignmentWatch
from ....numerics.flow.simulation import simulate
from ....numerics.frozen.alignment import Fate
from ...cases.early.early_starts import STANDING, EarlyStart, drifts_at_zero, small_enough
from ...claim.draws import assume, st
from ...claim.evidence import Margin
from ...claim.statement import Predicate
from ..trajectories import Array

WIDEST = 1_000_000


def widths() -> st.SearchStrategy[int]:
    """Widths 1 to 3000, the smallest and the largest often."""
    return st.one_of(st.integers(1, 8), st.integers(20, 1000), st.sampled_from((300, 3000)))


def directions_at_tau(statement: Predicate, case: EarlyStart) -> Margin:
    """The number of directions that the live neurons occupy at tau, beside the stated one."""
    early_phase = small_enough(case)
    prediction, start, tau = early_phase.prediction, early_phase.start, early_phase.tau
    seen = [vector.stability for vector in prediction.extremal.vectors]
    assume("undetermined" not in seen)
    frozen, watch = early_phase.alignment, AlignmentWatch.of(prediction)
    result = simulate(case.problem, start, tau, tolerance=1e-10, times=watch.times, observe=watch.observe)
    assume(not len(result.resting))
    live = np.linalg.norm(drifts_at_zero(prediction, result.w), axis=1) > STANDING * prediction.extremal.d_max
    rays = len(_directions(start.a, frozen.limit_direction(), frozen.fate == Fate.PINNED, watch.slack))
    radius = watch.slack + max((float(group.bound.max(initial=0.0)) for group in watch.followed), default=0.0)
    occupied = len(_directions(result.a, result.w / np.linalg.norm(result.w, axis=1, keepdims=True), live, radius))
    stated = seen.count("attracting") + seen.count("one-sided") + rays - statement["fewer"]
    where = {"scale": start.scale, "tau": tau, "live": int(live.sum()), "radius": radius}
    if not np.isfinite(radius):
        return Margin(1.0, 0.0, "at tau the drift of every follower is its vector", where)
    return Margin(float(occupied), max(float(stated), 0.0), "numbers of directions: exact", where)


def _directions(a: Array, unit: Array, chosen: np.ndarray, radius: float) -> list[Array]:
    """One (sign, direction) per cluster of the chosen neurons: the first left, with all within 2 `radius` of it."""
    left = np.concatenate([np.sign(a)[chosen, None], unit[chosen]], axis=1)
    found = []
    while len(left):
        found.append(left[0])
        same = (left[:, 0] == left[0, 0]) & (np.linalg.norm(left[:, 1:] - left[0, 1:], axis=1) <= 2 * radius)
        left = left[~same]
    return found
