"""How far descent is from the flow: runs with steps of H, H/2 and H/4, their order, and Richardson's estimate.

Where no kink interferes, a run with step h ends at u(h) = u + c h + O(h^2) with u the flow: then u(H) - u(H/2) is
twice u(H/2) - u(H/4), so that the observed order log2 of their ratio is 1, and 2 u(H/4) - u(H/2) is off by O(H^2)
only. A neuron that crosses a hyperplane within a step leaves an error of the order of H that depends on where in the
step it crosses: the order is then irregular, and the estimate is not reliable.
"""

from __future__ import annotations

import math
import time as clock
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.network import Weights
from ..data.problem import Problem
from ..data.start import make_start
from ..errors import InputError
from ..flow.compilation import compiled_code_is_cached
from ..flow.simulation import Progress, Recorded, simulate, simulation_of, start_run
from .run import Descended, descend

PARTS = (1, 2, 4)
LARGEST_FLOW = 2_000_000
"""Patterns or neurons that are carried, times points times dimension, up to which the flow is tried: time is looked
at between its steps only, and beyond this one step can take longer than all of the time that is allowed."""
SECONDS_FOR_FLOW = 30.0
"""How long the flow is followed for the comparison; where that is not enough there is the estimate alone."""
REGULAR = (0.75, 1.25)
"""Observed orders for which the estimate is called regular. With u(h) = u + c h + c' h^2 the differences are
(c/2) H (1 + e) and (c/4) H (1 + e/2) for e = 3 c' H / (2 c): for |e| up to 1/4 the order is between 0.77 and 1.16."""
ROUNDING = 1e3 * float(np.finfo(float).eps)
"""Distances below this share of the largest entry are rounding; they have no order."""


@dataclass(frozen=True)
class Distances:
    """Distances of outputs (the largest |h_k - h'_k|), of weights (||theta - theta'||), and of outputs at any time."""

    outputs: float
    weights: float
    outputs_at_any_time: float

    def to_json(self) -> dict[str, float]:
        """The three numbers by name."""
        return {
            "outputs": self.outputs,
            "weights": self.weights,
            "outputs_at_any_time": self.outputs_at_any_time,
        }


@dataclass(frozen=True)
class StepExtrapolation:
    """Descent with `steps` H, H/2, H/4 to `time`, and the flow.

    `losses` at the end; `between` the distances of the run with H from that with H/2, and of that from the one with
    H/4; `estimated` those of the three runs from 2 u(H/4) - u(H/2). `uncertainty` is the distance of that from
    2 u(H/2) - u(H), three times the second-order error of the first. `order_of_outputs` and `order_of_weights` are None
    where the runs differ by rounding alone. `from_flow` are the distances of the three runs from the flow, and
    `extrapolated_from_flow` that of the extrapolation; None, with the reason, where the flow was not followed.
    """

    time: float
    steps: tuple[float, float, float]
    losses: tuple[float, float, float]
    between: tuple[Distances, Distances]
    estimated: tuple[Distances, Distances, Distances]
    uncertainty: Distances
    order_of_outputs: float | None
    order_of_weights: float | None
    from_flow: tuple[Distances, Distances, Distances] | None
    extrapolated_from_flow: Distances | None
    flow_loss: float | None
    no_flow: str | None

    @property
    def regular(self) -> bool:
        """Whether both orders are near 1, see `is_regular`."""
        return is_regular(self.order_of_outputs) and is_regular(self.order_of_weights)

    def to_json(self) -> dict[str, Any]:
        """The `extrapolation` of `proofs-check simulate --json`."""
        several = {"between": self.between, "estimated": self.estimated, "from_flow": self.from_flow}
        listed = {name: None if some is None else [one.to_json() for one in some] for name, some in several.items()}
        extra = self.extrapolated_from_flow
        return {
            "time": self.time,
            "steps": list(self.steps),
            "losses": list(self.losses),
            **listed,
            "uncertainty": self.uncertainty.to_json(),
            "order_of_outputs": self.order_of_outputs,
            "order_of_weights": self.order_of_weights,
            "regular": self.regular,
            "extrapolated_from_flow": None if extra is None else extra.to_json(),
            "flow_loss": self.flow_loss,
            "no_flow": self.no_flow,
        }


@dataclass(frozen=True)
class _End:
    """Outputs (T, n) at the common times, and the neurons (m, d+1) at the end."""

    outputs: Floats
    neurons: Floats

    def extrapolated(self, other: _End) -> _End:
        """2 u - v of this u and another v."""
        return _End(2 * self.outputs - other.outputs, 2 * self.neurons - other.neurons)

    def distances(self, other: _End) -> Distances:
        """How far this is from another."""
        outputs = np.abs(self.outputs - other.outputs).max(axis=1)
        weights = float(np.linalg.norm(self.neurons - other.neurons))
        return Distances(float(outputs[-1]), weights, float(outputs.max()))


def extrapolate_step(
    problem: Problem | Dataset,
    start: Weights,
    coarse: Descended,
    *,
    tolerance: float = 1e-8,
    seconds: float = SECONDS_FOR_FLOW,
    progress: Progress | None = None,
) -> StepExtrapolation:
    """Runs with a half and a quarter of the step of `coarse`, which is a finished run from `start`, and the flow.

    All are recorded at the times of `coarse`. The flow is followed to `tolerance` for `seconds` at most. Raises
    InputError when a run diverged.
    """
    if coarse.partial:
        raise InputError(f"there is nothing to extrapolate: {coarse.reason or 'the run has not ended'}")
    numbers = np.rint(coarse.times / coarse.step).astype(np.int64)
    runs = [coarse]
    for parts in PARTS[1:]:
        finer = descend(
            problem, start, coarse.time, coarse.step / parts, at=(parts * numbers).tolist(), progress=progress
        )
        if finer.partial:
            raise InputError(f"there is nothing to extrapolate: {finer.reason}")
        runs.append(finer)
    rough, middle, fine = ends = [_end(run) for run in runs]
    best, before = fine.extrapolated(middle), middle.extrapolated(rough)
    between = rough.distances(middle), middle.distances(fine)
    size_of_outputs, size_of_weights = float(np.abs(fine.outputs[-1]).max()), float(np.linalg.norm(fine.neurons))
    flow, flow_loss, no_flow = _flow(problem, start, coarse.times, tolerance, seconds, progress)
    return StepExtrapolation(
        coarse.time,
        (coarse.step, coarse.step / 2, coarse.step / 4),
        (float(runs[0].losses[-1]), float(runs[1].losses[-1]), float(runs[2].losses[-1])),
        between,
        (rough.distances(best), middle.distances(best), fine.distances(best)),
        best.distances(before),
        _order(between[0].outputs, between[1].outputs, size_of_outputs),
        _order(between[0].weights, between[1].weights, size_of_weights),
        None if flow is None else (ends[0].distances(flow), ends[1].distances(flow), ends[2].distances(flow)),
        None if flow is None else best.distances(flow),
        flow_loss,
        no_flow,
    )


def is_regular(order: float | None) -> bool:
    """Whether an observed order lies in `REGULAR`; also where there is none because the runs differ by rounding."""
    return order is None or REGULAR[0] <= order <= REGULAR[1]


def _order(first: float, second: float, size: float) -> float | None:
    if min(first, second) <= ROUNDING * size:
        return None
    return math.log2(first / second)


def _end(run: Descended) -> _End:
    return _End(run.outputs, np.concatenate([run.w, run.a[:, None]], axis=1))


class _OutOfTime(Exception):
    """The flow takes longer than is allowed."""


def _flow(
    problem: Problem | Dataset, start: Weights, times: Floats, tolerance: float, seconds: float,
    progress: Progress | None,
) -> tuple[_End | None, float | None, str | None]:  # fmt: skip
    """The flow at the times, and its loss at the end; or why it was not followed."""
    run = start_run(problem, start, float(times[-1]), tolerance, Recorded(times))
    carried, (points, dimension) = run.engine.state.carried, run.engine.problem.X.shape
    if carried * points * dimension > LARGEST_FLOW:
        size = f"{carried} {run.engine.name}, {points} points and dimension {dimension}"
        return None, None, f"{size} are too many to follow it in {seconds:g} s; use --method flow"
    if not compiled_code_is_cached(run.engine.name):  # compilation does not count as time of the flow
        simulate(Dataset.published("three-points"), make_start(3, 1e-2, 0), 40.0, engine=run.engine.name)
    deadline = clock.monotonic() + seconds

    def watch(_: object) -> None:
        if clock.monotonic() > deadline:
            raise _OutOfTime

    def recorded(_: object) -> None:
        if progress is not None:
            progress(run.time, run.recording.losses[-1])

    try:
        reason = run.follow(watch, observe=recorded)
    except _OutOfTime:
        return None, None, f"the flow was followed for {seconds:g} s, to t = {run.time:.4g} only"
    if reason:
        return None, None, reason
    flow = simulation_of(run, reason)
    return _End(flow.outputs, np.concatenate([flow.w, flow.a[:, None]], axis=1)), float(flow.losses[-1]), None
