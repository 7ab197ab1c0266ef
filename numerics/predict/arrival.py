"""When neurons of the frozen flow arrive, as Theorem 1 of [BF] needs it (theory.md 8.1).

A neuron has arrived when its pattern no longer changes: its drift is then an extremal vector, or 0, or it is pinned.
Only neurons with Condition 1 for alpha_0 count: <D(w, 0), omega> > -sqrt(1 - alpha_0^2) ||D(w, 0)|| at the start, with
omega = w/a. This keeps them at least arcsin(alpha_0) away from the direction from which D drives them away.

In the plane the supremum over all balanced starts is found as follows. While a neuron is in a cell, its direction moves
along the circle, away from -sign(a) D. So on each of the arcs of a cell that Condition 1 leaves, those who start at the
end that the flow leaves behind arrive last, and the supremum is the largest limit of the arrival time at such an end.
A dominated neuron arrives no later than the balanced one of the same direction: at each crossing of a hyperplane
(theory.md 3.5) sinh(rt) = ||omega|| h(t) with h(t) > 0, so that a shorter omega crosses earlier, in the same direction
and again with a shorter omega. For alpha_0 = 1, where Condition 1 is about the direction only, the supremum is
therefore that over all dominated starts; for smaller alpha_0 it is that over the balanced ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..data.network import Network, Weights
from ..data.problem import Problem
from ..errors import InputError
from ..extremal.pattern_drifts import MOST_PATTERNS
from ..frozen.alignment import Fate, FrozenAlignment, frozen_alignment
from ..geometry.box_least_squares import least_norm_in_box
from ..geometry.hyperplanes import merge_hyperplanes
from ..geometry.patterns import starting_signs
from ..rounding import SUM

INTO_THE_CELL = 1e-10
"""Share of a cell by which a start is moved off its end. The arrival time is smooth up to the end: at the angle phi
from -sign(a) D it changes by 1/(||D|| sin(phi)) times the angle."""


@dataclass(frozen=True)
class Arrival:
    """The latest arrival of some neurons.

    `sign`: the sign of their a, over all directions of the plane; None for the neurons of a given start. `starts`: how
    many were followed because they satisfy Condition 1, of `considered`; `latest`: the supremum of their arrival times,
    None when there is no such neuron; `undecided`: how many of them have a fate that is not known and were left out.
    """

    sign: int | None
    considered: int
    starts: int
    latest: float | None
    undecided: int


def arrival_over_directions(problem: Problem, sign: int, alpha_0: float) -> Arrival:
    """The supremum of the arrival time over all directions of the plane, for balanced neurons with this sign of a.

    Raises InputError unless the data are in the plane.
    """
    if problem.data.d != 2:
        raise InputError(f"all directions are gone through in the plane only, and these data have d = {problem.data.d}")
    angles = _last_to_arrive(problem, sign, alpha_0)
    network = Network(np.full(len(angles), float(sign)), np.stack([np.cos(angles), np.sin(angles)], axis=1))
    return _latest(frozen_alignment(problem, network), np.ones(len(angles), dtype=bool), sign)


def arrival_of_start(problem: Problem, start: Weights, alignment: FrozenAlignment, alpha_0: float) -> Arrival:
    """The latest arrival among the neurons of a start that satisfy Condition 1, in any dimension."""
    return _latest(alignment, satisfies_condition(problem, start, alpha_0), None)


def _latest(alignment: FrozenAlignment, counted: NDArray[np.bool_], sign: int | None) -> Arrival:
    known = counted & (alignment.fate != Fate.UNDETERMINED)
    return Arrival(
        sign=sign,
        considered=len(counted),
        starts=int(counted.sum()),
        latest=float(alignment.last_event_time[known].max()) if known.any() else None,
        undecided=int((counted & ~known).sum()),
    )


def satisfies_condition(problem: Problem, network: Weights, alpha_0: float) -> NDArray[np.bool_]:
    """Which neurons satisfy the first part of Condition 1 for alpha_0, shape (m,).

    The second part, that a neuron at w = 0 stays there, is about the flow and holds for regular solutions.
    Neurons with D(w, 0) = 0 or a = 0 do not.
    """
    a, w = network.a, network.w
    drifts = least_drifts(problem, w)
    bound = -math.sqrt(1 - alpha_0**2) * np.linalg.norm(drifts, axis=1)
    heights = np.einsum("ij,ij->i", drifts, w)
    return np.asarray(np.sign(a) * heights > bound * np.abs(a))


def least_drifts(problem: Problem, w: Floats) -> Floats:
    """D(w, 0), the drift of least norm in frakD(w, 0), for each row of w; shape (m, d)."""
    merged = merge_hyperplanes(problem.data, problem.pulls_at_zero, problem.leak)
    signs = starting_signs(w, merged.normals)

    def contribution(multiples: tuple[object, ...]) -> Floats:
        return np.array(multiples, dtype=np.float64)[:, None] * merged.normals

    low, high = contribution(merged.low), contribution(merged.high)
    drifts = (signs > 0) @ contribution(merged.positive) + (signs < 0) @ contribution(merged.negative)
    for row in np.flatnonzero((signs == 0).any(axis=1)):
        on = signs[row] == 0
        jumps = (high - low)[on]
        tolerance = SUM * np.abs(high).sum() * np.linalg.norm(jumps, axis=1)
        drifts[row] = least_norm_in_box(drifts[row] + low[on].sum(axis=0), jumps, tolerance).point
    return np.asarray(drifts)


def _last_to_arrive(problem: Problem, sign: int, alpha_0: float) -> Floats:
    """Angles of directions that are among those, arc by arc, that arrive last; all inside of a cell."""
    rays = _rays(problem)
    least = math.asin(alpha_0)
    angles: list[float] = []
    for first, last in zip(rays, [*rays[1:], rays[0] + 2 * math.pi], strict=True):
        middle = (first + last) / 2
        x, y = -sign * least_drifts(problem, np.array([[math.cos(middle), math.sin(middle)]]))[0]
        if x == y == 0:
            continue
        against = math.atan2(y, x)
        inside = INTO_THE_CELL * (last - first)
        ends = (first + inside, last - inside)
        angles += [angle for angle in ends if abs(math.remainder(angle - against, 2 * math.pi)) > least]
        turned = [first + (against + side * least - first) % (2 * math.pi) for side in (1, -1)]
        angles += [angle for angle in turned if ends[0] < angle < ends[1]]
    return np.array(angles)


def _rays(problem: Problem) -> list[float]:
    """The angles in [0, 2 pi) at which the pattern changes, in increasing order; InputError for too many of them."""
    normals = merge_hyperplanes(problem.data, problem.pulls_at_zero, problem.leak).normals
    if 4 * len(normals) > MOST_PATTERNS:
        raise InputError(f"{len(normals)} directions are too many to follow the neurons of every cell")
    quarter = math.pi / 2
    lines = np.arctan2(normals[:, 1], normals[:, 0])
    return sorted(np.mod(np.concatenate([lines + quarter, lines - quarter]), 2 * math.pi).tolist())
