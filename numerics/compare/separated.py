"""A flow that has separated two classes, beside its limit: the directions of largest margin (theory.md 11.2).

Item 11.2 is about networks whose live neurons with a > 0 are active exactly on the positive points, and those with
a < 0 exactly on the negative ones. It is applied where that is so now, and where it will stay so: the limits u_+ and
u_- of the weights must have these patterns too.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ...theory.bias.classification import limit_share, other_margin, own_margin
from ...theory.formal.printing import to_numpy
from ..arrays import Floats
from ..data.losses import get_loss
from ..data.problem import Problem
from ..flow.simulation import Simulation
from ..geometry.max_margin import MaxMargin, max_margin

NAMES = {1: "positive", -1: "negative"}


@dataclass(frozen=True)
class Side:
    """The neurons whose output weights have this `sign`, beside the points with this label.

    `direction` (d,) is that of sum |a_j| w_j. `max_margin_direction` (d,), `angle` radians away, is that of largest
    margin, `margin`, over the points. `share` is ||W||/||theta|| for the W of these neurons, and `predicted_share` its
    limit, None where theory.md 11.2 does not apply.
    """

    sign: int
    neurons: int
    margin: float
    max_margin_direction: tuple[float, ...]
    direction: tuple[float, ...]
    angle: float
    share: float
    predicted_share: float | None


@dataclass(frozen=True)
class Separated:
    """A network that classifies all points correctly, at the end of a flow.

    `rescaled_time` is s, ds = L dt; `norm` is ||theta||; `normalised_margin` is min_k y_k h(x_k)/||theta||^2. `sides`
    holds the signs that have neurons and points which can be separated from 0. `reason` says why theory.md 11.2 does
    not apply, None where it does.
    """

    rescaled_time: float
    log_time: float
    norm: float
    normalised_margin: float
    sides: tuple[Side, ...]
    reason: str | None

    def to_json(self) -> dict[str, Any]:
        """The `separated` of `proofs-check simulate --json`."""
        return asdict(self) | {"applies": self.reason is None}


def separated(problem: Problem, result: Simulation) -> Separated | None:
    """What a simulated flow has come to beside its limit; None where a point is not classified correctly.

    Only for losses with the labels 1 and -1, whose minimum is at infinity; None for the square loss, and for gradient
    descent.
    """
    data, s = problem.data, result.rescaled_time
    if not get_loss(problem.loss).flattens or s is None:
        return None
    margins = data.y * result.outputs[-1]
    if not margins.min() > 0:
        return None
    norm = math.sqrt(float(np.sum(result.a**2) + np.sum(result.w**2)))
    largest = {
        sign: max_margin([x for x, y in zip(data.inputs, data.labels, strict=True) if y == sign])
        for sign in (1, -1)
        if np.any(data.y == sign)
    }
    reason = _reason(problem, result, largest)
    limits: dict[int, float | None] = {1: None, -1: None}
    if reason is None:
        share = to_numpy(limit_share, own_margin, other_margin)
        gamma = {sign: found.margin for sign, found in largest.items() if found is not None}
        limits = {sign: float(share(gamma[sign], gamma[-sign])) for sign in (1, -1)}
    sides = [
        _side(result, sign, found, norm, limits[sign])
        for sign, found in largest.items()
        if found is not None and np.any(result.a * sign > 0)
    ]
    return Separated(s, math.log(result.time), norm, float(margins.min()) / norm**2, tuple(sides), reason)


def _side(result: Simulation, sign: int, found: MaxMargin, norm: float, limit: float | None) -> Side:
    of = result.a * sign > 0
    a, w = np.abs(result.a[of]), result.w[of]
    total = a @ w
    length = float(np.linalg.norm(total))
    along = float(total @ found.direction)
    # The arc cosine would lose the angle below 1e-8.
    angle = math.atan2(float(np.linalg.norm(total - along * found.direction)), along)
    return Side(
        sign=sign,
        neurons=int(of.sum()),
        margin=found.margin,
        max_margin_direction=tuple(found.direction.tolist()),
        direction=tuple((total / length if length else total).tolist()),
        angle=angle,
        share=float(np.linalg.norm(w)) / norm,
        predicted_share=limit,
    )


def _reason(problem: Problem, result: Simulation, largest: dict[int, MaxMargin | None]) -> str | None:
    """Why theory.md 11.2 does not apply; None where it does."""
    X, y = problem.data.X, problem.data.y
    if problem.leak:
        return "the leak is not 0"
    if len(largest) < 2:
        return "all points are in one class"
    for sign, found in largest.items():
        if found is None:
            return f"no hyperplane through 0 has all {NAMES[sign]} points on one side"
        if not _exactly(X @ found.direction, y == sign):
            return f"the direction of largest margin of the {NAMES[sign]} points is active on points of the other class"
    heights = result.w @ X.T
    live = (heights > 0).any(axis=1) & (result.a != 0)
    for sign in (1, -1):
        group = live & (result.a * sign > 0)
        name = f"a {'>' if sign > 0 else '<'} 0"
        if not group.any():
            return f"no live neuron has {name}"
        off = int(sum(not _exactly(row, y == sign) for row in heights[group]))
        if off:
            of = f"{off} of {group.sum()} live neurons with {name}"
            return f"{of} are not active exactly on the {NAMES[sign]} points"
    return None


def _exactly(heights: Floats, active: np.ndarray) -> bool:
    """Whether the preactivations (n,) are positive on the active points and negative on the others."""
    return bool(np.all(np.where(active, heights > 0, heights < 0)))
