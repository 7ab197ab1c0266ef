"""A run of a sweep: which start is followed on which data, and how; and `follow`, which does it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.problem import Problem
from ..data.start import make_start
from ..descent.run import start_descent
from ..flow.run import FlowRun
from ..flow.simulation import Recorded, simulation_of, start_run
from .outcome import LEFT, Outcome, Rules, outcome_of, zero_loss

REST_SHARE = 1e-3
"""A flow is at rest only when ||theta'|| is at most this share of its value at the start too: at a saddle it falls to
the order of the scale."""


@dataclass(frozen=True)
class Following:
    """How every start of a sweep is followed: the flow to `tolerance`, or descent with steps of `step`, up to `time`.

    The flow ends earlier when the loss is at most `fitted`, or when it is at rest: ||theta'|| is at most `rest_speed`,
    and REST_SHARE of its value at the start, and the loss is below LEFT times that of the zero network.
    """

    method: str
    time: float
    tolerance: float
    step: float | None
    fitted: float
    rest_speed: float
    near: float


@dataclass(frozen=True)
class GridRun:
    """One run of the grid. `data` is the name of the data set, `data_seed` that of random data, `leak` exact text.

    The start is `make_start(width, scale, seed, start, d)`, whatever else is in the sweep.
    """

    number: int
    data: str
    n: int
    d: int
    data_seed: int | None
    loss: str
    leak: str
    start: str
    width: int
    scale: float
    seed: int


def follow(run: GridRun, data: Dataset, following: Following) -> Outcome:
    """Follow the start of a run on its data and sum up what became of it."""
    problem = Problem(data, run.loss, run.leak)
    start = make_start(run.width, run.scale, run.seed, run.start, data.d)
    rules = Rules(following.fitted, following.near)
    if following.step is not None:
        descent = start_descent(problem, start, following.time, following.step, Recorded())
        first = _length(descent.descent.tangent[1])
        descended = descent.result(descent.follow())
        rests = descended.resolved and _at_rest(_length(descent.descent.tangent[1]), first, following)
        return outcome_of(problem, descended, rests, rules)
    flow = start_run(problem, start, following.time, following.tolerance)
    left = LEFT * zero_loss(problem)
    first = flow.engine.state.speed()

    def at_rest() -> bool:
        return _at_rest(flow.engine.state.speed(), first, following)

    def ended(flow: FlowRun) -> str | None:
        loss = flow.recording.losses[-1]
        if loss <= following.fitted:
            return "fitted"
        return "at rest" if loss < left and at_rest() else None

    reason = flow.follow(done=ended)
    return outcome_of(problem, simulation_of(flow, reason), at_rest(), rules)


def _at_rest(speed: float, first: float, following: Following) -> bool:
    return speed == 0 or speed <= min(following.rest_speed, REST_SHARE * first)


def _length(vector: Floats) -> float:
    return float(np.linalg.norm(vector))
