"""When a simulated loss passes given levels, and how those times grow with log(1/lambda).

Along the flow the loss never increases, so that two recorded times between which it passes a level enclose that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...numerics.data.dataset import Dataset
from ...numerics.data.start import Start, make_start
from ...numerics.flow.checkpoint import engine_arrays, restored_engine
from ...numerics.flow.run import FlowRun
from ...numerics.flow.simulation import Recorded, Simulation, simulation_of, start_run
from .engine_runs import check_resolved

Array = NDArray[np.float64]

COARSE, PARTS = 200, 16
"""Recorded times of a run, evenly spaced, and the parts that an interval between them is divided into when the
loss passes a level in it: the run repeats that interval, and then over the part with the level."""
FINEST = COARSE * PARTS**2
"""Parts of the whole run as long as those that are not divided any more: they enclose the times."""
TOLERANCE = 1e-10
PASSED = "the loss has passed a level"
FITTED = 1e-14
"""Share of the first loss below which all levels are passed, and outputs and norms at their ends to seven digits."""


@dataclass(frozen=True)
class BalancedStart:
    """A data set and a balanced start on it, at any scale."""

    data: Dataset
    width: int
    seed: int

    def start(self, scale: float) -> Start:
        """The start at the scale lambda."""
        return make_start(self.width, scale, self.seed, "balanced", self.data.d)

    @property
    def described(self) -> dict[str, object]:
        """What a reader needs to rebuild the case."""
        return {"data": self.data.name or self.data.to_json(), "width": self.width, "seed": self.seed}


@dataclass(frozen=True)
class Passages:
    """The times (k,) at which the loss passes k levels, what each may be off by, and the run to its end.

    The run is recorded at evenly spaced times, too.
    """

    times: Array
    errors: Array
    run: Simulation


def loss_passages(data: Dataset, start: Start, levels: Sequence[float], until: float) -> Passages:
    """Enclose the times at which the loss falls to each of the `levels` (k,), largest first.

    Infinite where that has not happened by `until`. Half the enclosure's width and the solver's error, a tolerance for
    every step over the speed log(L_before / L_after) of the loss there, make up an error. Raises ArithmeticError when
    the flow is not resolved.
    """
    run = _run(data, start, levels, until)
    times, errors = np.full(len(levels), np.inf), np.zeros(len(levels))
    for k, level in enumerate(levels):
        place = _first_at(run, level)
        if place:
            before, after = run.times[place - 1], run.times[place]
            fall = float(np.log(run.losses[place - 1] / run.losses[place])) / (after - before)
            times[k] = (before + after) / 2
            errors[k] = (after - before) / 2 + 2 * TOLERANCE * run.steps / fall
    return Passages(times, errors, run)


def _run(data: Dataset, start: Start, levels: Sequence[float], until: float) -> Simulation:
    """The run to its end, with the recorded times that `COARSE` and `PARTS` say."""
    times = np.linspace(0.0, until, COARSE + 1)
    run = start_run(data, start, until, TOLERANCE, Recorded(times))
    before: dict[str, NDArray] = {}
    shortest = 1.5 * until / FINEST  # anything above the finest length by more than rounding, and below the next one

    def passed(run: FlowRun) -> str | None:
        begin, end = run.recording.times[-2:][0], run.recording.times[-1]
        earlier, now = run.recording.losses[-2:][0], run.recording.losses[-1]
        if end - begin > shortest and any(now <= level < earlier for level in levels):
            return PASSED
        before.update((name, array.copy()) for name, array in engine_arrays(run.engine).items())
        return None

    while (reason := run.follow(done=passed)) == PASSED:
        begin, end = run.recording.times[-2:]
        times = np.union1d(times, np.linspace(begin, end, PARTS + 1))
        recording = run.recording.without_last()
        target = float(times[len(recording.times)])
        run = FlowRun(restored_engine(run.engine.problem, before), until, recording, times, target=target)
    found = simulation_of(run, reason)
    _check_resolved(found)
    return found


def _check_resolved(run: Simulation) -> None:
    """A run may end early where nothing is left to be seen of it; ArithmeticError otherwise."""
    if run.losses[-1] > FITTED * run.losses[0]:
        check_resolved(run)


def _first_at(run: Simulation, level: float) -> int:
    """The place of the first recorded time at which the loss is at most the level; 0 if there is none."""
    return int(np.argmax(run.losses <= level))


@dataclass(frozen=True)
class Slopes:
    """d time / d log(1/lambda) in blocks (b, k) between successive scales, and what the last one may be off by (k,).

    The last block's slope is compared with a limit: when what is left of (time - limit log(1/lambda) - constant)
    falls by two or more from block to block, it is no farther from the limit than from the slope of the block before.
    `passages` are those of every scale.
    """

    blocks: Array
    allowed: Array
    passages: tuple[Passages, ...]


def slopes_of_times(
    case: BalancedStart, levels: Sequence[float], powers: Sequence[int], clock: float, transit_time: float = 0.0
) -> Slopes:
    """Slopes at the scales 10^-power; runs last 1.5 `clock` log(1/lambda), a little longer, and `transit_time`."""
    unit = np.log(10.0) * np.array(powers, dtype=float)
    passages = tuple(
        loss_passages(
            case.data, case.start(float(10.0**-power)), levels, 1.5 * clock * float(log + 20.0) + transit_time
        )
        for power, log in zip(powers, unit, strict=True)
    )
    times, errors = np.array([p.times for p in passages]), np.array([p.errors for p in passages])
    with np.errstate(invalid="ignore"):
        blocks = np.diff(times, axis=0) / np.diff(unit)[:, None]
        change = np.abs(blocks[-1] - blocks[-2])
    allowed = np.where(np.isfinite(change), change, 0.0) + (errors[-1] + errors[-2]) / (unit[-1] - unit[-2])
    return Slopes(np.where(np.isnan(blocks), np.inf, blocks), allowed, passages)
