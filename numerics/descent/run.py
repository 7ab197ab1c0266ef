"""A run of gradient descent, recorded as the flow is; it can be stopped and continued to the same result."""

from __future__ import annotations

import math
import time as clock
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.dataset import Dataset
from ..data.network import Weights
from ..data.problem import Problem
from ..errors import InputError
from ..flow.checkpoint import Damaged
from ..flow.engine.events import KINDS, Event
from ..flow.engine.problem import FlowProblem
from ..flow.observables import Observables
from ..flow.recording import Recording
from ..flow.schedule import Schedule
from ..flow.simulation import Group, Progress, Recorded, Simulation, check_start
from .steps import Batches, Descent, Diverged

FORMAT = 1
WHOLE = 1e-9
"""How far time / step may be from a whole number, as a share of it: both are given as decimals."""
MOST_STEPS = 2**53
"""Numbers of steps up to here are exact as doubles."""


@dataclass(frozen=True)
class Descended(Simulation):
    """A run of gradient descent with steps of length `step`; the fields are those of a simulated flow.

    `events` counts changes of a neuron's side of a hyperplane from one step to the next; the first
    `steps.EVENTS_KEPT` of them are listed. There is no sliding, no tolerance (it is 0), and no convention but the slope
    at a preactivation of 0, which is that of the negative side.
    """

    step: float = 0.0
    batches: Batches | None = None

    def to_json(self) -> dict[str, Any]:
        """The JSON object of `proofs-check simulate --method descent`: no tolerance, but the method and the step."""
        found = super().to_json()
        del found["tolerance"]
        found |= {"method": "descent", "step": self.step}
        return found if self.batches is None else found | {"batch": self.batches.size, "seed": self.batches.seed}


def descend(
    problem: Problem | Dataset,
    network: Weights,
    time: float,
    step: float,
    *,
    at: Sequence[int] | None = None,
    history: bool = False,
    progress: Progress | None = None,
    observables: Observables | None = None,
    batches: Batches | None = None,
) -> Descended:
    """Run gradient descent theta <- theta - step * grad L up to `time`, a whole number of steps.

    The loss is that of theory.md 1, the time of k steps is k * step, and the slope at a preactivation of 0 is that of
    the negative side. `at` are the numbers of the steps to record, the last one among them; by default those of the
    flow's schedule. `history`, `progress` and `observables` are those of `simulate`. A run that diverges ends early:
    `partial` is true, and `reason` says so. Raises InputError as `simulate` does, and for a step that does not divide
    the time. L is the mean loss on all points, or with `batches` that on the batch of the step.
    """
    run = start_descent(problem, network, time, step, Recorded(history=history, observables=observables), at, batches)

    def recorded(run: DescentRun) -> None:
        if progress is not None:
            progress(run.time, run.recording.losses[-1])

    return run.result(run.follow(recorded))


def start_descent(
    problem: Problem | Dataset,
    network: Weights,
    time: float,
    step: float,
    recorded: Recorded,
    at: Sequence[int] | None = None,
    batches: Batches | None = None,
) -> DescentRun:
    """A run at time 0, for `descend`. Raises InputError as it does."""
    last = steps_until(time, step)
    posed = Problem.of(problem)
    check_start(posed.data, network)
    if at is not None and (not len(at) or min(at) < 0 or np.any(np.diff(at) <= 0) or at[-1] != last):
        raise InputError(f"the numbers of the steps to record must increase from 0 or more, and end at {last}")
    if batches is not None:
        check_batches(batches, posed.data.n)
    neurons = np.concatenate([network.w, network.a[:, None]], axis=1)
    log: list[Event] | None = [] if recorded.history else None
    try:
        descent = Descent(FlowProblem.of(posed), neurons, step, time, last, log=log, batches=batches)
    except Diverged as error:
        raise InputError(f"{error}; multiply the start by a small constant") from error
    chosen = None if at is None else np.array(at, dtype=np.int64)
    return DescentRun(descent, recorded.begin(), chosen, 0 if chosen is None else int(chosen[0]))


def steps_until(time: float, step: float) -> int:
    """How many steps lead to a time; InputError unless it is a whole number of them."""
    if not (math.isfinite(time) and time > 0):
        raise InputError(f"the time is {time:g}; it must be positive and finite")
    if not (math.isfinite(step) and step > 0):
        raise InputError(f"the step is {step:g}; it must be positive and finite")
    share = time / step
    if share > MOST_STEPS:
        raise InputError(f"the time {time:g} is more than 2^53 steps of {step:g}; take a larger step")
    count = round(share)
    if not count or abs(share - count) > WHOLE * share:
        around = [f"{number * step:.12g}" for number in (math.floor(share), math.floor(share) + 1) if number]
        raise InputError(
            f"the time {time:.12g} is not a whole number of steps of {step:.12g}; "
            f"the nearest times are {' and '.join(around)}"
        )
    return count


def check_batches(batches: Batches, n: int) -> None:
    """Raise InputError for a size that batches of n points cannot have, and for a negative seed."""
    if not 1 <= batches.size <= n:
        raise InputError(f"the batches have {batches.size} points; with {n} points in all they must have 1 to {n}")
    if batches.seed < 0:
        raise InputError(f"the seed is {batches.seed}; it must be 0 or larger")


@dataclass
class DescentRun:
    """Descent on its way; `seconds` is the wall-clock time that went into it so far.

    It is recorded at the steps `at`; where these are None, at the first steps at or after the times of the flow's
    schedule. `target` is the next of them. `resolved` is false once descent has diverged.
    """

    descent: Descent
    recording: Recording
    at: NDArray[np.int64] | None = None
    target: int = 0
    seconds: float = 0.0
    resolved: bool = True
    _schedule: Schedule | None = field(default=None, repr=False)

    @property
    def time(self) -> float:
        """The time that descent has come to."""
        return self.descent.time

    @property
    def finished(self) -> bool:
        """Whether the last step is done and recorded."""
        return bool(self.recording.times) and self.recording.times[-1] >= self.descent.until

    def follow(self, watch: Callable[[DescentRun], None] | None = None) -> str:
        """Continue to the end; the reason for ending earlier, empty if there is none.

        `watch` is called now and then, when something is recorded and the run can be saved; what it raises is passed
        on.
        """
        started = clock.monotonic() - self.seconds

        def looked() -> None:
            self.seconds = clock.monotonic() - started
            if watch is not None and self.recording.times:
                watch(self)

        try:
            while not self.finished:
                self.descent.advance(self.target, looked)
                self.note_now()
                if not self.finished:
                    self.target = self._next()
                looked()
        except Diverged as diverged:
            self.resolved = False
            self.note_now()
            return str(diverged)
        return ""

    def note_now(self) -> None:
        """Record where the network is, unless that was the last thing that happened."""
        if not self.recording.times or self.recording.times[-1] < self.time:
            descent = self.descent
            self.recording.note_neurons(self.time, descent.problem, descent.outputs, descent.neurons)

    def _next(self) -> int:
        """The number of the step to record after the last one recorded."""
        if self.at is not None:
            return int(self.at[len(self.recording.times)])
        descent = self.descent
        if self._schedule is None:
            self._schedule = Schedule(descent.problem, descent.until)
        drifts, downhill = descent.tangent
        speed, rate = float(np.linalg.norm(downhill)), float(np.linalg.norm(drifts, axis=1).max())
        wanted = self._schedule.after(self.time, speed, rate, self.recording.losses[0])
        number = math.ceil(wanted / descent.step * (1 - WHOLE))
        return min(max(number, descent.number + 1), descent.last)

    def result(self, reason: str) -> Descended:
        """What the run has come to; `reason` says why it ended before its time, if it did."""
        descent, recording = self.descent, self.recording
        return Descended(
            times=np.array(recording.times),
            outputs=np.array(recording.outputs),
            losses=np.array(recording.losses),
            sizes=np.array(recording.sizes),
            a=descent.neurons[:, -1].copy(),
            w=descent.neurons[:, :-1].copy(),
            groups=_groups(descent),
            events=descent.events,
            slides=0,
            steps=descent.number,
            right_hand_sides=descent.number,
            seconds=self.seconds,
            tolerance=0.0,
            partial=not self.finished,
            resolved=self.resolved,
            reason=reason or None,
            degenerate=(),
            resting=(),
            history=None if descent.log is None else tuple(descent.log),
            observed=recording.observed_arrays(),
            rescaled_time=None,
            step=descent.step,
            batches=descent.batches,
        )

    def arrays(self) -> dict[str, NDArray]:
        """Everything that `restored` needs, of a run with a schedule, as named arrays."""
        descent = self.descent
        found = self.recording.arrays() | {
            "descent": np.array([FORMAT, descent.step, descent.until, self.seconds]),
            "steps": np.array([descent.number, descent.last, self.target, descent.events], dtype=np.int64),
            "network": descent.neurons,
        }
        if descent.batches is not None:
            found["batches"] = np.array([descent.batches.size, descent.batches.seed], dtype=np.int64)
        if descent.log is not None:
            rows = [(event.neuron, event.hyperplane) for event in descent.log]
            found["event_times"] = np.array([event.time for event in descent.log])
            found["event_places"] = np.array(rows, dtype=np.int64).reshape(-1, 2)
        return found

    @classmethod
    def restored(cls, problem: FlowProblem, arrays: Mapping[str, NDArray]) -> DescentRun:
        """The run that was written down as `arrays`, for the same problem; Damaged when they do not fit together."""
        d, hyperplanes = problem.X.shape[1], len(problem.normals)
        form, step, until, seconds = _checked(arrays, "descent", np.float64, (4,)).tolist()
        number, last, target, events = _checked(arrays, "steps", np.int64, (4,)).tolist()
        neurons = _checked(arrays, "network", np.float64, (None, d + 1))
        if form != FORMAT or not (0 <= number <= target <= last and events >= 0 and step > 0 and until > 0):
            raise Damaged("it is not a run of descent, or its numbers of steps are not in order")
        batches = None
        if "batches" in arrays:
            batches = Batches(*_checked(arrays, "batches", np.int64, (2,)).tolist())
            try:
                check_batches(batches, len(problem.X))
            except InputError as error:
                raise Damaged(str(error)) from error
        log = None
        if "event_times" in arrays or "event_places" in arrays:
            times = _checked(arrays, "event_times", np.float64, (None,))
            places = _checked(arrays, "event_places", np.int64, (len(times), 2))
            if places.size and (places.min() < 0 or (places.max(axis=0) >= (len(neurons), hyperplanes)).any()):
                raise Damaged("an event is that of no neuron or of no hyperplane")
            log = [Event(t, j, i, KINDS[0]) for t, (j, i) in zip(times.tolist(), places.tolist(), strict=True)]
        try:
            descent = Descent(problem, neurons, step, until, last, number, events, log, batches)
        except Diverged as error:
            raise Damaged(str(error)) from error
        recording = Recording.restored(arrays, problem)
        waits = recording.times[-1] < descent.time_of(target) or recording.times[-1] == until
        if recording.times[-1] > descent.time or not waits:
            raise Damaged("its times are not in order")
        return cls(descent, recording, None, target, seconds)


def _checked(arrays: Mapping[str, NDArray], name: str, kind: type, shape: tuple[int | None, ...]) -> NDArray:
    """A copy of one array of finite numbers, checked; None in `shape` is any length but 0 where it is the only one."""
    if name not in arrays:
        raise Damaged(f"there is no array {name}")
    found = np.array(arrays[name], order="C")
    fits = found.ndim == len(shape) and all(want in (None, have) for want, have in zip(shape, found.shape, strict=True))
    if found.dtype != kind or not fits or not np.isfinite(found).all():
        raise Damaged(f"the array {name} has the wrong type or shape, or is not finite")
    return found


def _groups(descent: Descent) -> tuple[Group, ...]:
    """The neurons by their activation pattern, by how much they add to the outputs."""
    w, a = descent.neurons[:, :-1], descent.neurons[:, -1]
    heights = w @ descent.problem.X.T
    patterns, member = np.unique(np.sign(heights).astype(np.int8), axis=0, return_inverse=True)
    member = member.reshape(-1)
    vectors = np.zeros((len(patterns), w.shape[1]))
    np.add.at(vectors, member, a[:, None] * w)
    sizes = np.bincount(member, minlength=len(patterns))
    positive = np.bincount(member[a > 0], minlength=len(patterns))
    found = [
        Group(
            pattern=tuple(pattern),
            size=int(size),
            positive=int(above),
            vector=tuple(vector.tolist()),
            norm=float(np.linalg.norm(vector)),
            live=descent.problem.leak > 0 or 1 in pattern,
        )
        for pattern, size, above, vector in zip(patterns.tolist(), sizes, positive, vectors, strict=True)
    ]
    return tuple(sorted(found, key=lambda group: -group.norm))
