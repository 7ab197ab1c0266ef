"""The folder of a run: everything to draw it again, and to continue it after it was stopped or killed.

| file | what it holds |
|---|---|
| `run.json` | options, what the theory says of the data, how far the run came and why it ended |
| `data.csv`, `start.csv` | the data, exactly, with the bias as a column; the neurons at the start |
| `test.csv`, `teacher.csv` | the test data, as `data.csv` holds the data, and the teacher, where there are any |
| `checkpoint.npz` | while the run has not ended: all that decides how it goes on, and its recording |
| `trajectory.csv`, `neurons.csv`, `events.csv` | outputs over time; where the neurons are, a start file; events |
| `extrapolation.json` | of descent with `--extrapolate`, once it has ended: the comparison with smaller steps |
| `history.npz` | once the run has ended: its recording, see `numerics.flow.recording` |

Files are replaced whole, never changed in place, so a run that is killed leaves the last checkpoint.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import time as clock
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ...numerics.compare.beside import Compared
from ...numerics.compare.watch import AlignmentWatch
from ...numerics.data.dataset import Dataset
from ...numerics.data.exact import checked_leak
from ...numerics.data.problem import Problem
from ...numerics.data.start import Start
from ...numerics.descent.extrapolation import StepExtrapolation
from ...numerics.descent.run import DescentRun, steps_until
from ...numerics.errors import InputError
from ...numerics.flow.checkpoint import Damaged
from ...numerics.flow.engine.problem import FlowProblem
from ...numerics.flow.observables import Observables, read_teacher
from ...numerics.flow.recording import Recording
from ...numerics.flow.run import FlowRun
from ..report.output import csv_table, write_atomically, write_together
from ..report.simulation import tables
from .run_record import ENDED, STOPPED, Record, State, parse_record

RECORD, DATA, START, CHECKPOINT, HISTORY = "run.json", "data.csv", "start.csv", "checkpoint.npz", "history.npz"
EXTRAPOLATION, TEST, TEACHER = "extrapolation.json", "test.csv", "teacher.csv"
EVERY = 1.0
"""Seconds between two checkpoints at least; and `SPARING` times what the last one took."""
SPARING = 50.0
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)
"""What NumPy raises for files that are not what it wrote; pickled objects are refused with a ValueError."""


def check_new(out: str) -> Path:
    """The folder to write to, which does not exist or is empty; InputError otherwise."""
    folder = Path(out)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"--out {out} exists and is not an empty folder; name a new one, or --resume a run in it")
    if not folder.parent.is_dir():
        raise InputError(f"--out {out}: there is no folder {folder.parent}; create it first")
    return folder


def data_file(data: Dataset) -> bytes:
    """The data set as `data.csv` holds it."""
    points = io.StringIO()
    data.to_csv(points)
    return points.getvalue().encode("utf-8")


def begin(folder: Path, record: Record, data: Dataset, start: Start, observables: Observables) -> None:
    """Make the folder of a run that is about to start; nothing is left when that fails."""
    made = not folder.exists()
    weights = [f"w{axis}" for axis in range(1, data.d + 1)]
    observed = {} if observables.test is None else {TEST: data_file(observables.test)}
    if observables.teacher is not None:
        numbered = [[number, *row] for number, row in enumerate(observables.teacher.tolist())]
        observed[TEACHER] = csv_table(["neuron", *weights], numbered)  # a file of one column would be refused
    try:
        folder.mkdir(exist_ok=True)
        write_together(
            {
                folder / DATA: data_file(data),
                folder / START: csv_table(["a", *weights], np.column_stack([start.a, start.w]).tolist()),
                **_in(folder, observed),
                folder / RECORD: _text(record).encode("utf-8"),
            }
        )
    except BaseException as error:
        if made and folder.is_dir():
            folder.rmdir()
        if isinstance(error, OSError):
            raise InputError(f"cannot make the folder {folder}: {(error.strerror or str(error)).lower()}") from error
        raise


class Checkpoints:
    """Saves a run now and then, as `FlowRun.follow` watches it: rarely enough to cost a few per cent at most."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._due = 0.0

    def __call__(self, run: FlowRun | DescentRun) -> None:
        """Write the run down if it is time."""
        if clock.monotonic() >= self._due:
            self.write(run)

    def write(self, run: FlowRun | DescentRun) -> None:
        """Write the run down now."""
        begun = clock.monotonic()
        arrays = run.arrays()
        write_atomically(self.folder / CHECKPOINT, partial(_write_arrays, arrays))
        ended = clock.monotonic()
        self._due = ended + max(EVERY, SPARING * (ended - begun))


def write_stopped(folder: Path, record: Record, result: Compared, data: Dataset) -> None:
    """The tables of a run that was stopped; its checkpoint continues it."""
    stopped = _record_of(record, STOPPED, result)
    write_together({**_in(folder, tables(result.simulation, data)), folder / RECORD: _text(stopped).encode("utf-8")})


def write_ended(folder: Path, record: Record, result: Compared, data: Dataset, recording: Recording) -> None:
    """The tables and the history of a run that has ended; its checkpoint goes."""
    ended = _record_of(record, ENDED, result)
    history = io.BytesIO()
    _write_arrays(recording.arrays(), history)
    files = {**tables(result.simulation, data), HISTORY: history.getvalue(), RECORD: _text(ended).encode("utf-8")}
    write_together(_in(folder, files))
    (folder / CHECKPOINT).unlink(missing_ok=True)


def write_extrapolation(folder: Path, extrapolation: StepExtrapolation) -> None:
    """What smaller steps say of a run that has ended."""
    write_together({folder / EXTRAPOLATION: _json_text(extrapolation.to_json()).encode("utf-8")})


def read_start(folder: Path, record: Record, d: int) -> Start:
    """The start of the run in a folder; InputError when the file is missing or damaged."""
    return Start.from_csv(folder / START, d, scale=record.options.scale)


def read_observables(folder: Path, record: Record, d: int) -> Observables:
    """What is computed at the recorded times of a run; InputError when its files are missing or damaged."""
    test = None if record.options.test is None else Dataset.from_csv(folder / TEST, loss=record.options.loss)
    if test is not None and test.d != d:
        raise _damaged(folder / TEST, ValueError(f"its points have dimension {test.d}, not {d}"))
    teacher = None if record.options.teacher is None else read_teacher(folder / TEACHER, d)
    return Observables(test, record.options.stable_rank, teacher)


def read_record(out: str) -> tuple[Path, Record, Dataset]:
    """The folder of a run, what `run.json` says, and its data; InputError for other or damaged folders."""
    folder = Path(out)
    if not folder.is_dir():
        raise InputError(f"there is no folder {out}; name one that proofs-check simulate --out has written")
    if not (folder / RECORD).is_file():
        raise InputError(f"{out} is not the folder of a run: it holds no {RECORD}")
    if not (folder / DATA).is_file():
        raise InputError(f"{out} is damaged: {DATA} is missing")
    try:
        data = Dataset.from_csv(folder / DATA)
    except InputError as error:
        raise _damaged(folder / DATA, error) from error
    try:
        record = parse_record((folder / RECORD).read_text(encoding="utf-8"), data.d)
        checked_leak(record.options.leak)
    except (OSError, ValueError) as error:
        raise _damaged(folder / RECORD, error) from error
    if hashlib.sha256(data_file(data)).hexdigest() != record.data_sha256:
        raise InputError(f"{folder / DATA} is damaged: it is not the data that this run was started with")
    return folder, record, replace(data, name=Path(record.options.data).stem, columns=record.columns)


def read_run(folder: Path, record: Record, data: Dataset) -> FlowRun | DescentRun:
    """The run that the checkpoint continues; InputError when it has ended, or the file is missing or damaged."""
    path, options = folder / CHECKPOINT, record.options
    if record.state == ENDED:
        why = f" ({record.reason})" if record.partial and record.reason else ""
        raise InputError(f"the run in {folder} has ended at t = {record.time:.6g}{why}; there is nothing to resume")
    if not path.is_file():
        raise InputError(f"{folder} holds no {CHECKPOINT} to resume from; start the run again with another --out")
    problem = FlowProblem.of(Problem(data, options.loss, options.leak))
    run: FlowRun | DescentRun
    try:
        if options.step is not None:
            run = DescentRun.restored(problem, _arrays(path))
            descent, last = run.descent, steps_until(options.time, options.step)
            found = (descent.until, descent.step, descent.last, len(descent.neurons), descent.batches)
            wanted = (options.time, options.step, last, options.width, options.batches)
        else:
            run = FlowRun.restored(problem, _arrays(path), AlignmentWatch.restored)
            found = (run.until, run.engine.tolerance, 0, len(run.engine.state), None)
            wanted = (options.time, options.tolerance, 0, options.width, None)
        if found != wanted:
            raise Damaged("it belongs to another run")
    except _UNREADABLE as error:
        raise _damaged(path, error) from error
    return run


def clear_leftovers(folder: Path) -> None:
    """Remove what a process that was killed while it wrote a file has left of it."""
    for part in folder.glob(".*.part"):
        part.unlink(missing_ok=True)


def read_recording(folder: Path, record: Record, data: Dataset) -> Recording:
    """The recording of a run, ended or not; InputError when there is none yet or the file is damaged."""
    path = folder / (HISTORY if record.state == ENDED else CHECKPOINT)
    if not path.is_file():
        raise InputError(
            f"{folder} holds no {path.name}: nothing of this run was recorded, so there is nothing to draw"
        )
    try:
        return Recording.restored(_arrays(path), FlowProblem.of(Problem(data, record.options.loss)))
    except _UNREADABLE as error:
        raise _damaged(path, error) from error


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to the folder; InputError if one does. The system drops the lock with us."""
    try:
        import fcntl
    except ImportError:  # not a POSIX system: nothing to lock with
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"another process is writing to {folder}; wait for it, or stop it first") from None
        yield
    finally:
        os.close(descriptor)


def _arrays(path: Path) -> dict[str, NDArray]:
    with path.open("rb") as stream:  # of files that it opens itself NumPy leaves some open at errors
        file = np.load(stream, allow_pickle=False)
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise Damaged("it holds one array, not several")
        return {name: file[name] for name in file.files}


def _write_arrays(arrays: Mapping[str, NDArray], stream: IO[bytes]) -> None:
    np.savez(stream, **arrays)  # type: ignore[arg-type]  # NumPy names its own option among the arrays


def _damaged(path: Path, error: Exception) -> InputError:
    why = str(error) if isinstance(error, Damaged | ValueError) else f"it is cut off or not a {path.suffix} file"
    return InputError(f"{path} is damaged: {' '.join(why.split())[:160]}")


def _record_of(record: Record, state: State, compared: Compared) -> Record:
    result = compared.simulation
    counts = {"loss": float(result.losses[-1]), "events": result.events, "slides": result.slides}
    counts |= {"steps": result.steps, "seconds": result.seconds}
    comparison = None if compared.comparison is None else compared.comparison.to_json()
    return replace(
        record, state=state, reason=result.reason, partial=result.partial, time=result.time, counts=counts,
        comparison=comparison,
    )  # fmt: skip


def _text(record: Record) -> str:
    return _json_text(record.to_json())


def _json_text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _in(folder: Path, files: Mapping[str, bytes]) -> dict[str | Path, bytes]:
    return {folder / name: content for name, content in files.items()}
