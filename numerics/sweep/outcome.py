"""What became of one start: where it ended, when, and how many directions its neurons have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.losses import get_loss
from ..data.problem import Problem
from ..flow.simulation import Simulation
from ..geometry.linear_fit import LeastSquares, least_squares

LEFT = 0.99
"""A network has left the origin when its loss is below this share of that of the zero network."""
ANGLE = 0.01
"""Neurons of one sign within this angle, in radians, have one direction."""
LEAST_SHARE = 1e-6
"""Neurons that make up less of sum_j |a_j| ||w_j|| are not counted among the directions."""

End = Literal["fit", "least squares", "origin", "plateau", "moving", "unresolved", "failed"]
ENDS: dict[End, str] = {
    "fit": "the loss is at most `fitted`",
    "origin": f"the loss is at least {LEFT:g} times that of the zero network",
    "least squares": "square loss; every output is within `near` of the least-squares fit",
    "plateau": "the network is at rest elsewhere",
    "moving": "the time is reached, and the network still moves",
    "unresolved": "the flow could not be followed to the tolerance, or descent diverged; `message` says why",
    "failed": "the process or the worker had no result; `message` says why",
}
"""Where a run can end, in the order in which it is decided; the last two have no other result to speak of."""


@dataclass(frozen=True)
class Rules:
    """When a run counts as a fit, and how near its outputs must be to those of least squares."""

    fitted: float
    near: float


@dataclass(frozen=True)
class Outcome:
    """The results of a run; None where there is none. docs/sweeps.md explains each of them."""

    end: End
    resolved: bool
    left_origin: bool | None = None
    start_loss: float | None = None
    end_loss: float | None = None
    least_squares_loss: float | None = None
    left_time: float | None = None
    fit_time: float | None = None
    end_time: float | None = None
    norm: float | None = None
    path_norm: float | None = None
    live: int | None = None
    directions: int | None = None
    groups: int | None = None
    events: int | None = None
    steps: int | None = None
    message: str | None = None
    seconds: float | None = None


def failed(message: str) -> Outcome:
    """The outcome of a run whose process or worker had no result."""
    return Outcome("failed", False, message=message)


def outcome_of(problem: Problem, run: Simulation, at_rest: bool, rules: Rules) -> Outcome:
    """Sum up a run that has ended; `at_rest` says whether the network had stopped moving."""
    data, end_loss = problem.data, float(run.losses[-1])
    nothing, fit = zero_loss(problem), _fit(data, problem.loss)
    left = end_loss < LEFT * nothing
    if not run.resolved:
        end: End = "unresolved"
    elif end_loss <= rules.fitted:
        end = "fit"
    elif not left:
        end = "origin"
    elif problem.loss == "square" and _distance(run, fit) <= rules.near:
        end = "least squares"
    else:
        end = "plateau" if at_rest else "moving"
    sizes = np.abs(run.a) * np.linalg.norm(run.w, axis=1)
    active = np.ones(len(run.a), dtype=bool) if problem.leak else ((run.w @ data.X.T) > 0).any(axis=1)
    live = active & (sizes > 0)
    return Outcome(
        end=end,
        resolved=run.resolved,
        left_origin=left,
        start_loss=float(run.losses[0]),
        end_loss=end_loss,
        least_squares_loss=fit.loss,
        left_time=first_time(run.times, run.losses, LEFT * nothing),
        fit_time=first_time(run.times, run.losses, rules.fitted),
        end_time=run.time,
        norm=float(np.sqrt(np.sum(run.a**2) + np.sum(run.w**2))),
        path_norm=float(np.sum(sizes)),
        live=int(np.count_nonzero(live)),
        directions=directions(run.a[live], run.w[live]),
        groups=sum(1 for group in run.groups if group.live),
        events=run.events,
        steps=run.steps,
        message=None if run.resolved else run.reason,
        seconds=run.seconds,
    )


def zero_loss(problem: Problem) -> float:
    """The loss of the network whose outputs are all 0."""
    labels = problem.data.y
    return float(np.mean(get_loss(problem.loss).value(np.zeros(len(labels)), labels)))


def first_time(times: Floats, losses: Floats, level: float) -> float | None:
    """When the loss first falls to a level; None when it never does, or was there from the start.

    log loss is taken to be straight between two recorded times.
    """
    if losses[0] <= level or not np.any(losses <= level):
        return None
    after = int(np.argmax(losses <= level))
    high, low = losses[after - 1], losses[after]
    if low <= 0 or level <= 0:
        return float(times[after])
    share = np.log(high / level) / np.log(high / low)
    return float(times[after - 1] + share * (times[after] - times[after - 1]))


def directions(a: Floats, w: Floats) -> int:
    """How many directions (sign(a) and w/||w||, up to ANGLE) the neurons that make up the network have.

    The largest neuron that is not counted yet stands for all of its sign within ANGLE of it.
    """
    sizes = np.abs(a) * np.linalg.norm(w, axis=1)
    kept = sizes > LEAST_SHARE * sizes.sum()
    order = np.argsort(-sizes[kept], kind="stable")
    unit = (w[kept] / np.linalg.norm(w[kept], axis=1, keepdims=True))[order]
    sign = np.sign(a[kept])[order]
    count = 0
    chord = 2 * np.sin(ANGLE / 2)
    while len(unit):
        others = (sign != sign[0]) | (np.linalg.norm(unit - unit[0], axis=1) > chord)
        others[0] = False
        unit, sign, count = unit[others], sign[others], count + 1
    return count


@lru_cache(maxsize=16)
def _fit(data: Dataset, loss: str) -> LeastSquares:
    """The exact fit; many cells have the same data."""
    return least_squares(data, loss)


def _distance(run: Simulation, fit: LeastSquares) -> float:
    """The largest distance of an output from the least-squares fit."""
    values = np.array([float(y - r) for y, r in zip(fit.labels, fit.residuals, strict=True)])
    return float(np.max(np.abs(run.outputs[-1] - values)))
