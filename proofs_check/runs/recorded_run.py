"""A run that is kept in a folder: started or resumed, saved regularly, and left usable when it is stopped."""

from __future__ import annotations

import contextlib
import hashlib
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from ...numerics.compare.beside import Compared
from ...numerics.compare.watch import AlignmentWatch, watch_for
from ...numerics.data.dataset import Dataset
from ...numerics.data.start import Start
from ...numerics.descent.run import DescentRun, start_descent
from ...numerics.flow.line import line_of
from ...numerics.flow.observables import Observables
from ...numerics.flow.run import FlowRun
from ...numerics.flow.simulation import Progress, Recorded, simulation_of, start_run
from ...numerics.predict.prediction import Prediction
from ..report.output import StoppedByUser
from . import run_folder
from .run_record import Record, RunOptions, theory_of


class _Interrupted(Exception):
    """Ctrl-C, at a time when the run can be saved."""


def record_new(
    folder: Path,
    options: RunOptions,
    prediction: Prediction,
    start: Start,
    observables: Observables,
    progress: Progress | None,
) -> Compared:
    """Make the folder and follow a new run in it. Raises StoppedByUser on Ctrl-C."""
    data = prediction.data
    run: FlowRun | DescentRun
    watch = None if options.step is not None else watch_for(prediction, options.time)
    recorded = Recorded(history=True, kept=options.record, line=line_of(data), watch=watch, observables=observables)
    if options.step is not None:
        run = start_descent(prediction.problem, start, options.time, options.step, recorded, batches=options.batches)
    else:
        run = start_run(prediction.problem, start, options.time, options.tolerance, recorded)
    digest = hashlib.sha256(run_folder.data_file(data)).hexdigest()
    record = Record.begun(options, digest, theory_of(prediction), data.columns)
    run_folder.begin(folder, record, data, start, observables)
    with run_folder.locked(folder):
        return _follow(folder, record, data, run, progress)


def record_on(
    out: str, progress: Callable[[RunOptions], contextlib.AbstractContextManager[Progress | None]]
) -> Compared:
    """Continue the run in a folder to the result it would have had without the interruption."""
    folder, record, data = run_folder.read_record(out)
    with run_folder.locked(folder), progress(record.options) as shown:
        run = run_folder.read_run(folder, record, data)
        run.recording.observables = run_folder.read_observables(folder, record, data.d)
        run_folder.clear_leftovers(folder)
        return _follow(folder, record, data, run, shown)


def _follow(
    folder: Path, record: Record, data: Dataset, run: FlowRun | DescentRun, progress: Progress | None
) -> Compared:
    checkpoints = run_folder.Checkpoints(folder)

    def shown() -> None:
        if progress is not None:
            progress(run.time, run.recording.losses[-1])

    with _interruptions() as interrupted:

        def watch(run: FlowRun | DescentRun) -> None:
            if interrupted():
                raise _Interrupted
            checkpoints(run)

        def watch_descent(run: DescentRun) -> None:
            shown()
            watch(run)

        try:
            if isinstance(run, DescentRun):
                reason = run.follow(watch_descent)
            else:
                reason = run.follow(watch, observe=lambda _: shown())
        except _Interrupted:
            checkpoints.write(run)
            run.note_now()
            result = _compared(run, "interrupted")
            run_folder.write_stopped(folder, record, result, data)
            raise StoppedByUser(
                f"interrupted at t = {result.simulation.time:.6g}; {folder} holds the run so far, and "
                f"proofs-check simulate --resume {folder} continues it"
            ) from None
    result = _compared(run, reason)
    run_folder.write_ended(folder, record, result, data, run.recording)
    return result


def _compared(run: FlowRun | DescentRun, reason: str) -> Compared:
    if isinstance(run, DescentRun):
        return Compared(run.result(reason), None)
    watch = run.watch
    return Compared(simulation_of(run, reason), watch.result() if isinstance(watch, AlignmentWatch) else None)


@contextlib.contextmanager
def _interruptions() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed, instead of an exception in the middle of a step; pressed again, it breaks off."""
    pressed: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        pressed.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)
