"""`simulate`: the gradient flow of a network from a start, at the times asked for (theory.md 1, 2)."""

from __future__ import annotations

import math
import time as clock
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.losses import get_loss
from ..data.network import Network, Weights, check_network
from ..data.problem import Problem
from ..errors import InputError
from .engine.events import Event
from .engine.problem import FlowProblem
from .observables import Observables
from .recording import Recording
from .run import FlowRun, Watch

if TYPE_CHECKING:
    from .engines import AnyEngine, EngineName

SMALLEST_NEURON = float(np.finfo(np.float64).tiny / np.finfo(np.float64).eps)
"""Entries down to eps of a neuron this large, 1e-292, are normal doubles, with all their digits."""
SMALLEST_TOLERANCE, LARGEST_TOLERANCE = 1e-13, 1e-2
Progress = Callable[[float, float], None]
Observer: TypeAlias = "Callable[[AnyEngine], None]"


@dataclass(frozen=True)
class Group:
    """Neurons with one activation pattern at the end: how many, and what they add to the outputs.

    `pattern` (n,): the side of every point, 0 where they slide. `vector` (d,) = sum a w over the neurons: the group
    adds slope * <vector, x> to the output at x. `norm` its length; `positive` how many have a > 0; `live` whether some
    point acts on them.
    """

    pattern: tuple[int, ...]
    size: int
    positive: int
    vector: tuple[float, ...]
    norm: float
    live: bool


@dataclass(frozen=True)
class Simulation:
    """A simulated flow. Times (T,), outputs (T, n), losses (T,), and the network at the end: a (m,), w (m, d).

    `sizes` (T,) are S = sum_j a_j^2. `events` counts changes of a neuron's pattern and `slides` entries into sliding;
    `history` lists them if asked for. `degenerate` are the neurons that started on a hyperplane, `resting` those that
    reached w = 0: what follows is a convention for both (theory.md 2.6). `partial` says that the run ended before its
    time, and `reason` why; `resolved` is false where that is because the flow could not be followed to the tolerance.
    `rescaled_time` is s = int L dt, None for the square loss. `observed` holds the observables (T,) by name.
    """

    times: Floats
    outputs: Floats
    losses: Floats
    sizes: Floats
    a: Floats
    w: Floats
    groups: tuple[Group, ...]
    events: int
    slides: int
    steps: int
    right_hand_sides: int
    seconds: float
    rescaled_time: float | None
    tolerance: float
    partial: bool
    resolved: bool
    reason: str | None
    degenerate: tuple[int, ...]
    resting: tuple[int, ...]
    history: tuple[Event, ...] | None
    observed: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def time(self) -> float:
        """The time that was reached."""
        return float(self.times[-1])

    def to_json(self) -> dict[str, Any]:
        """The JSON object of `proofs-check simulate`."""
        found = {
            "schema": 1,
            "time": self.time,
            "loss": float(self.losses[-1]),
            "outputs": self.outputs[-1].tolist(),
            "events": self.events,
            "slides": self.slides,
            "groups": len(self.groups),
            "steps": self.steps,
            "seconds": self.seconds,
            "tolerance": self.tolerance,
            "partial": self.partial,
        }
        if self.observed:
            series = {"time": self.times, **self.observed}
            found["observed"] = {
                name: [value if np.isfinite(value) else None for value in values.tolist()]
                for name, values in series.items()
            }
        return found


def simulate(
    problem: Problem | Dataset,
    network: Weights,
    time: float,
    *,
    tolerance: float = 1e-8,
    times: Sequence[float] | Floats | None = None,
    until_loss: float | None = None,
    until_speed: float | None = None,
    history: bool = False,
    progress: Progress | None = None,
    observe: Observer | None = None,
    observables: Observables | None = None,
    engine: EngineName | None = None,
) -> Simulation:
    """Follow the gradient flow of a problem from a network up to `time`.

    A data set alone stands for the square loss and ReLU; the network is a `Network`, a `Start`, or a run to continue.
    `tolerance` bounds the error of each step relative to the neurons, and what a crossing may do to the others' drifts
    within a step. `times` are recorded (by default those of `schedule.Schedule`, 0 and `time` among them). The run
    ends earlier when, at a recorded time, the loss is at most `until_loss` or ||theta'|| at most `until_speed`, or when
    the flow cannot be resolved to the tolerance; then `partial` is true and `reason` says why. `progress(time, loss)`
    and `observe(engine)` are called at the recorded times; the latter may read the engine, not change it.
    `observables` are computed at the recorded times too. `engine` names how the network is followed, by whole
    "patterns" or by single "neurons": by default in the way that should be faster.

    Raises InputError for shapes, times, losses, leaks or tolerances that make no sense. Sources: theory.md 2.3 (the
    Lorentz form), 2.5 (the reduction to patterns), 2.6 (sliding).
    """
    run = start_run(problem, network, time, tolerance, Recorded(times, history, observables=observables), engine)
    return simulation_of(run, run.follow(done=Ends(until_loss, until_speed, progress), observe=observe))


@dataclass(frozen=True)
class Ends:
    """At a recorded time, reports `progress(time, loss)` and gives the reason why a run ends there, if there is one."""

    loss: float | None = None
    speed: float | None = None
    progress: Progress | None = None

    def __call__(self, run: FlowRun) -> str | None:
        """Report, and decide."""
        losses, state = run.recording.losses, run.engine.state
        if self.progress is not None:
            self.progress(run.engine.time, losses[-1])
        if self.loss is not None and losses[-1] <= self.loss:
            return f"the loss is {losses[-1]:.6g}, at most {self.loss:g}"
        if self.speed is not None and state.speed() <= self.speed:
            return f"||theta'|| is {state.speed():.3g}, at most {self.speed:g}"
        return None


@dataclass(frozen=True)
class Recorded:
    """What is recorded of a run: `times` and `history` are those of `simulate`, `watch` is that of `FlowRun`, the rest
    is that of `Recording`. Of gradient descent `times` and `watch` are not used.
    """

    times: Sequence[float] | Floats | None = None
    history: bool = False
    kept: int = 0
    line: Floats | None = None
    watch: Watch | None = None
    observables: Observables | None = None

    def begin(self) -> Recording:
        """The recording, still empty."""
        return Recording(self.kept, self.line, self.observables)


def start_run(
    problem: Problem | Dataset,
    network: Weights,
    time: float,
    tolerance: float = 1e-8,
    recorded: Recorded = Recorded(),
    engine: EngineName | None = None,
) -> FlowRun:
    """A run at time 0, for `simulate`. Raises InputError as `simulate` does."""
    from .compilation import announce_compilation
    from .engines import start_engine

    announce_compilation()
    check_options(time, tolerance)
    posed = Problem.of(problem)
    check_start(posed.data, network)
    _check_pulls(posed, network)
    watch = recorded.watch
    times = None if recorded.times is None else _checked_times(time, recorded.times)
    if times is not None and watch is not None:
        times = np.union1d(times, watch.times)
    started = clock.monotonic()
    begun = start_engine(FlowProblem.of(posed), network.a.copy(), network.w.copy(), tolerance, engine)
    begun.log = [] if recorded.history else None
    first = 0.0 if times is None else float(times[0])
    seconds, passes = clock.monotonic() - started, engine is None
    return FlowRun(begun, time, recorded.begin(), times, watch, first, seconds, passes)


def simulation_of(run: FlowRun, reason: str) -> Simulation:
    """What a run has come to; `reason` says why it ended before its time, if it did."""
    engine, recording = run.engine, run.recording
    now, counters = engine.state.neurons(), engine.counters
    return Simulation(
        times=np.array(recording.times),
        outputs=np.array(recording.outputs),
        losses=np.array(recording.losses),
        sizes=np.array(recording.sizes),
        a=now[:, -1].copy(),
        w=now[:, :-1].copy(),
        groups=_groups(engine),
        events=counters.events,
        slides=counters.slides,
        steps=counters.steps,
        right_hand_sides=counters.right_hand_sides,
        seconds=run.seconds,
        rescaled_time=engine.rescaled_time if engine.fades else None,
        tolerance=engine.tolerance,
        partial=not run.finished,
        resolved=run.resolved,
        reason=reason or None,
        degenerate=tuple(engine.state.degenerate.tolist()),
        resting=tuple(np.flatnonzero(engine.state.resting).tolist()),
        history=tuple(engine.log) if engine.log is not None else None,
        observed=recording.observed_arrays(),
    )


def check_options(time: float, tolerance: float) -> None:
    """Raise InputError, as `simulate` does, for a time or a tolerance that makes no sense."""
    if not (np.isfinite(time) and time > 0):
        raise InputError(f"the time is {time:g}; it must be positive and finite")
    if not SMALLEST_TOLERANCE <= tolerance <= LARGEST_TOLERANCE:
        raise InputError(
            f"the tolerance is {tolerance:g}; it must be between {SMALLEST_TOLERANCE:g} and {LARGEST_TOLERANCE:g}"
        )


def check_start(data: Dataset, network: Weights) -> None:
    """Raise InputError, as `simulate` does, for a network that the flow cannot start from."""
    check_network(network, data.d)
    a, w = network.a, network.w
    if not len(a):
        raise InputError("the network has no neurons; it needs one at least")
    size = np.maximum(np.abs(a), np.abs(w).max(axis=1, initial=0.0))
    lost = np.flatnonzero((size > 0) & (size < SMALLEST_NEURON))
    if len(lost):
        raise InputError(
            f"neuron {lost[0] + 1} has size {size[lost[0]]:.3g}; below {SMALLEST_NEURON:.3g} doubles lose digits, so "
            "multiply the start by a constant"
        )
    zero = [row + 1 for row, point in enumerate(data.inputs) if not any(point)]
    if zero:
        raise InputError(f"point {zero[0]} is 0; no neuron sees it, so leave it out")


def _check_pulls(posed: Problem, network: Weights) -> None:
    """Raise InputError where a pull without a bound overflows at the start."""
    loss = get_loss(posed.loss)
    if math.isfinite(loss.kappa):
        return
    data = posed.data
    outputs = Network(network.a, network.w).outputs(data.X, float(posed.leak))
    infinite = np.flatnonzero(~np.isfinite(loss.pull(outputs, data.y)))
    if len(infinite):
        raise InputError(
            f"the output at point {infinite[0] + 1} is {outputs[infinite[0]]:.3g} at the start, where the {loss.name} "
            "loss overflows; start from a smaller scale"
        )


def _checked_times(time: float, times: Sequence[float] | Floats) -> Floats:
    """The times to record: increasing, from 0 on, up to `time`."""
    chosen = np.array(times, dtype=float)
    if chosen.ndim != 1 or not len(chosen) or np.any(np.diff(chosen) <= 0) or chosen[0] < 0 or chosen[-1] != time:
        raise InputError(f"the times must increase from 0 or more, and end at {time:g}")
    return chosen


def _groups(engine: AnyEngine) -> tuple[Group, ...]:
    """The patterns that neurons have, by how much these add to the outputs."""
    problem, state = engine.problem, engine.state
    found = []
    for sides, members, vector in state.populated():
        pattern = sides[problem.owner] * problem.orientation
        found.append(
            Group(
                pattern=tuple(int(side) for side in pattern),
                size=len(members),
                positive=int(np.count_nonzero(state.sign[members] > 0)),
                vector=tuple(vector.tolist()),
                norm=float(np.linalg.norm(vector)),
                live=bool(problem.slopes(sides).any()),
            )
        )
    return tuple(sorted(found, key=lambda group: -group.norm))
