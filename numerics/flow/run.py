"""A run of the flow: an engine, the times it is recorded at, and what was recorded; it can be stopped and continued."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..threads import one_blas_thread
from .checkpoint import Damaged, engine_arrays, restored_engine
from .engine.events import NotResolved
from .engine.problem import FlowProblem
from .passage import on_the_faster_engine
from .recording import Recording
from .schedule import Schedule

if TYPE_CHECKING:
    from .engines import AnyEngine

FORMAT = 7


class Watch(Protocol):
    """Observes a run from outside and changes nothing in it; it is written down and restored with the run."""

    @property
    def times(self) -> Floats:
        """Times that must be recorded."""

    def observe(self, engine: AnyEngine) -> None:
        """Read the engine, at every recorded time."""

    def arrays(self) -> dict[str, NDArray]:
        """Everything that is needed to restore the watch, as named arrays."""


RestoreWatch = Callable[[Mapping[str, NDArray], int, int, int], Watch]
"""From the arrays of a watch, the number of points, their dimension and the width."""


@dataclass
class FlowRun:
    """A flow on its way to the time `until`; `seconds` is the wall-clock time that went into it so far.

    It is recorded at `times`; where these are None, at those of its schedule and those that its `watch` needs.
    `target` is the next of them: with the engine, the recording and the watch it decides all that follows. `resolved`
    is false once the engine has given up. With `passes` the run goes on with the other engine, from a recorded time,
    where that has become clearly faster.
    """

    engine: AnyEngine
    until: float
    recording: Recording
    times: Floats | None = None
    watch: Watch | None = None
    target: float = 0.0
    seconds: float = 0.0
    passes: bool = False
    resolved: bool = True
    _schedule: Schedule | None = field(default=None, repr=False)

    @property
    def time(self) -> float:
        """The time that the engine has come to."""
        return self.engine.time

    @property
    def finished(self) -> bool:
        """Whether the time asked for is reached and recorded."""
        return bool(self.recording.times) and self.recording.times[-1] >= self.until

    def follow(
        self,
        watch: Callable[[FlowRun], None] | None = None,
        done: Callable[[FlowRun], str | None] | None = None,
        observe: Callable[[AnyEngine], None] | None = None,
    ) -> str:
        """Continue to the end; the reason for ending earlier, empty if there is none.

        `watch` is called after every call of the engine, when the run can be saved; what it raises is passed on.
        `observe` is called, and `done` asked for a reason to end, at every recorded time.
        """
        with one_blas_thread():
            return self._follow(watch, done, observe)

    def _follow(
        self,
        watch: Callable[[FlowRun], None] | None,
        done: Callable[[FlowRun], str | None] | None,
        observe: Callable[[AnyEngine], None] | None,
    ) -> str:
        started = clock.monotonic() - self.seconds

        def looked_at(_: AnyEngine) -> None:
            self.seconds = clock.monotonic() - started
            if watch is not None:
                watch(self)

        try:
            while not self.finished:  # every pass ends with a row of the recording
                self.engine.advance(self.target, looked_at)
                self.recording.note(self.target, self.engine.state)
                self._look(observe)
                if self.passes:
                    self.engine = on_the_faster_engine(self.engine)
                if not self.finished:
                    self.target = self._next()
                looked_at(self.engine)
                reason = None if done is None else done(self)
                if reason is not None:
                    return reason
        except NotResolved as unresolved:
            self.resolved = False
            self.note_now()
            self._look(observe)
            return str(unresolved)
        return ""

    def _look(self, observe: Callable[[AnyEngine], None] | None) -> None:
        for look in (self.watch.observe if self.watch else None, observe):
            if look is not None:
                look(self.engine)

    def note_now(self) -> None:
        """Record where the network is, unless that was the last thing that happened."""
        if not self.recording.times or self.recording.times[-1] < self.engine.time:
            self.recording.note(self.engine.time, self.engine.state)

    def _next(self) -> float:
        if self.times is not None:
            return float(self.times[len(self.recording.times)])
        if self._schedule is None:
            self._schedule = Schedule(self.engine.problem, self.until)
        chosen = self._schedule.next(self.engine.time, self.engine.state, self.recording.losses[0])
        needed = np.zeros(0) if self.watch is None else self.watch.times
        return float(min(chosen, needed[needed > self.recording.times[-1]].min(initial=np.inf)))

    def arrays(self) -> dict[str, NDArray]:
        """Everything that `restored` needs, of a run with a schedule, as named arrays."""
        parts = {"engine_": engine_arrays(self.engine), "": self.recording.arrays()}
        if self.watch is not None:
            parts["watch_"] = self.watch.arrays()
        found = {prefix + name: array for prefix, part in parts.items() for name, array in part.items()}
        return found | {"run": np.array([FORMAT, self.until, self.target, self.seconds, self.passes])}

    @classmethod
    def restored(
        cls, problem: FlowProblem, arrays: Mapping[str, NDArray], restore_watch: RestoreWatch | None = None
    ) -> FlowRun:
        """The run that was written down as `arrays`, for the same problem; Damaged when they do not fit together.

        A watch is restored by `restore_watch`, and dropped without one.
        """
        header = np.array(arrays["run"]) if "run" in arrays else np.zeros(0)
        if header.shape != (5,) or header.dtype != np.float64 or header[0] != FORMAT:
            raise Damaged(f"it is not a run of format {FORMAT}")
        engine = restored_engine(problem, _under("engine_", arrays))
        _, until, target, seconds, passes = header.tolist()
        recording = Recording.restored(arrays, problem)
        if not recording.times[-1] <= min(engine.time, target) or not target <= until:
            raise Damaged("its times are not in order")
        (n, d), watched = problem.X.shape, _under("watch_", arrays)
        watch = restore_watch(watched, n, d, len(engine.state)) if watched and restore_watch else None
        return cls(engine, until, recording, None, watch, target, seconds, bool(passes))


def _under(prefix: str, arrays: Mapping[str, NDArray]) -> dict[str, NDArray]:
    """The arrays whose names begin with a prefix, without it."""
    return {name[len(prefix) :]: array for name, array in arrays.items() if name.startswith(prefix)}
