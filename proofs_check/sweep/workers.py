"""Follow the runs of a sweep in processes of this machine: each takes one after the other, and is replaced if it dies.

What a run results in depends on its own seeds alone, so neither the number of processes nor their order matters.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, TypeAlias

from ...numerics.data.dataset import Dataset
from ...numerics.sweep.grid import Following, GridRun
from ...numerics.sweep.outcome import Outcome, failed
from ..verify.compiled_engine import run_every_kernel
from ..verify.server import (
    WORKER_ENVIRONMENT,
    environment,
    ignoring_interrupts,
    interrupts_at_the_end,
    without_main_module,
)

Finished: TypeAlias = Callable[[GridRun, Outcome], None]


@dataclass
class _Worker:
    """A process and the run that it is at work on."""

    process: Any
    connection: Connection
    run: GridRun


def run_all(
    runs: Sequence[GridRun], data: Mapping[str, Dataset], following: Following, finished: Finished, jobs: int
) -> None:
    """Follow the runs, `jobs` at a time; `finished` gets each with its outcome, as they end.

    A process that ends without a result makes its run a failed one. On Ctrl-C, or an exception in `finished`, all
    processes are stopped.
    """
    waiting = deque(runs)
    workers: list[_Worker] = []
    with without_main_module(), _started() as context:
        try:
            while waiting or workers:
                while waiting and len(workers) < jobs:
                    with interrupts_at_the_end():  # a process caught while it starts would be forgotten
                        workers.append(_begin(context, data, following, waiting.popleft()))
                ready = wait([worker.connection for worker in workers])
                for worker in [worker for worker in workers if worker.connection in ready]:
                    run, outcome = worker.run, _received(worker)
                    if outcome is not None and waiting and _sent(worker, waiting[0]):
                        waiting.popleft()
                    else:
                        workers.remove(worker)
                        _stop([worker])
                    finished(run, outcome or failed(f"its process ended with exit code {worker.process.exitcode}"))
        finally:
            with ignoring_interrupts():
                _stop(workers)


def run_safely(run: GridRun, data: Dataset, following: Following) -> Outcome:
    """The outcome of a run; one that raises an exception has failed, and says why."""
    from ...numerics.errors import InputError
    from ...numerics.sweep.grid import follow

    try:
        return follow(run, data, following)
    except InputError as error:  # of a start that descent cannot begin with
        return Outcome("unresolved", False, message=str(error))
    except Exception as error:
        return failed(f"{type(error).__name__}: {' '.join(str(error).split())}")


@contextlib.contextmanager
def _started() -> Iterator[Any]:
    """The multiprocessing context, in the environment of the processes; kernels are compiled once, before they start.

    Processes are not forked from the server of `verify`: what that one has loaded must not depend on a sweep.
    """
    from ...numerics.flow.compilation import announce_compilation, compiled_code_is_cached

    if not compiled_code_is_cached():
        announce_compilation()
        run_every_kernel()
    with environment(WORKER_ENVIRONMENT):
        yield multiprocessing.get_context("spawn")


def _begin(context: Any, data: Mapping[str, Dataset], following: Following, run: GridRun) -> _Worker:
    """A process at work on a run."""
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, dict(data), following), daemon=True)
    with ignoring_interrupts():  # the process inherits this
        process.start()
    theirs.close()  # so that the end of the process is noticed as the end of its messages
    ours.send(run)
    return _Worker(process, ours, run)


def _work(connection: Connection, data: Mapping[str, Dataset], following: Following) -> None:
    """What a process does: take runs and send outcomes until nothing more comes."""
    os.dup2(2, 1)  # standard output belongs to the report
    sys.stdout = sys.stderr
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            run = connection.recv()
            connection.send(run_safely(run, data[run.data], following))


def _received(worker: _Worker) -> Outcome | None:
    """The outcome that a process has sent; None when it has ended instead."""
    try:
        outcome: Outcome = worker.connection.recv()
        return outcome
    except (EOFError, OSError):
        worker.process.join()
        return None


def _sent(worker: _Worker, run: GridRun) -> bool:
    """Send the next run to a process; False when it has ended."""
    try:
        worker.connection.send(run)
    except OSError:
        return False
    worker.run = run
    return True


def _stop(workers: Sequence[_Worker]) -> None:
    """End processes; there is nothing that they would have to finish."""
    for worker in workers:
        worker.connection.close()
        worker.process.terminate()
    for worker in workers:
        worker.process.join()
