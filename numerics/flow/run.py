"""A run of the flow: an engine, the times it is recorded at, and what was recorded; it can be stopped and go on."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .checkpoint import Damaged, engine_arrays, restored_engine
from .engine import Engine, NotResolved
from .problem import FlowProblem
from .recording import Recording
from .schedule import Schedule

Floats = NDArray[np.float64]
FORMAT = 1


@dataclass
class Run:
    """A flow on its way to the time `until`; `seconds` is the wall-clock time that went into it so far.

    It is recorded at `moments`, or at those of its schedule and those that are `needed` where these are None. `target`
    is the next of them: with the engine and the recording it decides all that follows.
    """

    engine: Engine
    until: float
    recording: Recording
    moments: Floats | None = None
    needed: Floats = field(default_factory=lambda: np.zeros(0))
    target: float = 0.0
    seconds: float = 0.0
    _schedule: Schedule | None = field(default=None, repr=False)

    @property
    def finished(self) -> bool:
        """Whether the time asked for is reached and recorded."""
        return bool(self.recording.times) and self.recording.times[-1] >= self.until

    def follow(
        self,
        watch: Callable[[Run], None] | None = None,
        done: Callable[[Run], str | None] | None = None,
        observe: Callable[[Engine], None] | None = None,
    ) -> str:
        """Go on to the end; the reason for ending earlier, empty if there is none.

        `watch` is called after every stretch of the engine, when the run can be written down; what it raises is passed
        on. `observe` is called, and `done` asked for a reason to end, at every recorded time.
        """
        started = clock.monotonic() - self.seconds

        def looked_at(_: Engine) -> None:
            self.seconds = clock.monotonic() - started
            if watch is not None:
                watch(self)

        try:
            while not self.finished:  # every pass ends with a row of the recording
                self.engine.advance(self.target, looked_at)
                self.recording.note(self.target, self.engine.state)
                if observe is not None:
                    observe(self.engine)
                if not self.finished:
                    self.target = self._next()
                looked_at(self.engine)
                reason = None if done is None else done(self)
                if reason is not None:
                    return reason
        except NotResolved as unresolved:
            self.note_now()
            if observe is not None:
                observe(self.engine)
            return str(unresolved)
        return ""

    def note_now(self) -> None:
        """Record where the network is, unless that was the last thing that happened."""
        if not self.recording.times or self.recording.times[-1] < self.engine.time:
            self.recording.note(self.engine.time, self.engine.state)

    def _next(self) -> float:
        if self.moments is not None:
            return float(self.moments[len(self.recording.times)])
        if self._schedule is None:
            self._schedule = Schedule(self.engine.problem, self.until)
        chosen = self._schedule.next(self.engine.time, self.engine.state, self.recording.losses[0])
        return float(min(chosen, self.needed[self.needed > self.recording.times[-1]].min(initial=np.inf)))

    def arrays(self) -> dict[str, NDArray]:
        """Everything that `restored` needs, of a run with a schedule, as named arrays."""
        found = {f"engine_{name}": array for name, array in engine_arrays(self.engine).items()}
        return (
            found
            | self.recording.arrays()
            | {
                "run": np.array([FORMAT, self.until, self.target, self.seconds]),
                "needed": self.needed,
            }
        )

    @classmethod
    def restored(cls, problem: FlowProblem, arrays: Mapping[str, NDArray]) -> Run:
        """The run that was written down as `arrays`, for the same problem; Damaged when they do not fit together."""
        header = np.array(arrays["run"]) if "run" in arrays else np.zeros(0)
        if header.shape != (4,) or header.dtype != np.float64 or header[0] != FORMAT:
            raise Damaged(f"it is no run of format {FORMAT}")
        prefix = "engine_"
        engine = restored_engine(
            problem, {name[len(prefix) :]: array for name, array in arrays.items() if name.startswith(prefix)}
        )
        _, until, target, seconds = header.tolist()
        recording = Recording.restored(arrays, problem)
        if not recording.times[-1] <= min(engine.time, target) or not target <= until:
            raise Damaged("its times do not follow each other")
        needed = np.array(arrays["needed"]) if "needed" in arrays else None
        if needed is None or needed.ndim != 1 or needed.dtype != np.float64:
            raise Damaged("the array needed is missing, or has the wrong type or shape")
        return cls(engine, until, recording, None, needed, target, seconds)
