"""Running tasks in processes: one fresh process a task, limits in seconds, and results in the order of the tasks.

Each worker is forked from a server that has loaded the libraries and the claims and nothing else, so that what a task
sees does not depend on which tasks ran before it, nor on how many ran beside it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, TimeoutError, wait
from dataclasses import dataclass
from typing import Any

from pebble import ProcessExpired, ProcessPool

from .evidence import Evidence, Outcome
from .execution import Task, execute
from .results import EvidenceResult

PRELOADED = ("numpy", "sympy", "scipy.integrate", "scipy.optimize", "hypothesis", f"{__package__}.execution")
WARM_UP = f"{__package__}.warm_up"
WORKER_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",  # the order of sets must not depend on the process
    "OMP_NUM_THREADS": "1",  # one thread a worker: the same rounding and no fight over cores
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "HYPOTHESIS_STORAGE_DIRECTORY": os.devnull,  # nothing is left in the reader's folder
}


@dataclass(frozen=True)
class Job:
    """Tasks run one after the other until one fails: a single piece of evidence, or all of them on a mutant."""

    tasks: tuple[Task, ...]
    evidence: tuple[Evidence, ...]


class Interrupted(Exception):
    """Ctrl-C: `results` holds, job by job, what was finished."""

    def __init__(self, results: Mapping[int, Sequence[EvidenceResult]]) -> None:
        super().__init__("interrupted")
        self.results = results


def run_jobs(
    jobs: Sequence[Job],
    workers: int,
    preload: Sequence[str] = (),
    limit: float | None = None,
    on_progress: Callable[[int], None] = lambda finished: None,
) -> list[list[EvidenceResult]]:
    """The results of every job, in order. `limit` replaces each evidence function's own limit in seconds.

    A task that ends its process or outlives its limit becomes a result; the other tasks go on. Raises Interrupted on
    Ctrl-C, after the workers have been stopped.
    """
    results: dict[int, list[EvidenceResult]] = {index: [] for index in range(len(jobs))}
    finished: set[int] = set()
    with _without_main_module(), _server(preload) as context:
        pool = ProcessPool(max_workers=workers, max_tasks=1, initializer=_quiet_worker, context=context)
        try:
            with _interrupts_at_the_end():  # a worker caught while it starts would print a traceback
                pool.active  # noqa: B018 - asking starts the workers
            pending = {_schedule(pool, job, 0, limit): index for index, job in enumerate(jobs)}
            while pending:
                done, _ = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    index = pending.pop(future)
                    job, step = jobs[index], len(results[index])
                    result = _result_of(future, job.evidence[step], limit)
                    results[index].append(result)
                    if result.outcome is not Outcome.FAILED and step + 1 < len(job.tasks):
                        pending[_schedule(pool, job, step + 1, limit)] = index
                    else:
                        finished.add(index)
                        on_progress(len(finished))
            pool.close()
            pool.join()
        except BaseException as error:
            with _ignoring_interrupts():
                pool.stop()
                pool.join()
            if isinstance(error, KeyboardInterrupt):
                raise Interrupted({index: results[index] for index in sorted(finished)}) from None
            raise
    return [results[index] for index in range(len(jobs))]


def _schedule(pool: ProcessPool, job: Job, step: int, limit: float | None) -> Any:
    return pool.schedule(execute, args=(job.tasks[step],), timeout=limit or job.evidence[step].timeout)


def _result_of(future: Any, evidence: Evidence, limit: float | None) -> EvidenceResult:
    """The task's result, or one that says how its process ended."""
    allowed = limit or evidence.timeout
    try:
        result: EvidenceResult = future.result()
    except TimeoutError:
        outcome, reason, seconds = Outcome.TIMEOUT, f"it took more than {allowed:g} s", allowed
    except ProcessExpired as error:
        outcome, reason, seconds = (
            Outcome.ERROR,
            f"its process ended without a result, with exit code {error.exitcode}",
            0.0,
        )
    except Exception as error:
        outcome, reason, seconds = Outcome.ERROR, f"{type(error).__name__}: {error}", 0.0
    else:
        return result
    return EvidenceResult(
        evidence.name, evidence.kind, evidence.covers, outcome, evidence.detail, seconds=seconds, reason=reason
    )


def _quiet_worker() -> None:
    """What a check prints goes to standard error: standard output belongs to the report."""
    os.dup2(2, 1)
    sys.stdout = sys.stderr


@contextlib.contextmanager
def _server(preload: Sequence[str]) -> Iterator[Any]:
    """The multiprocessing context, with its server started, deaf to Ctrl-C, in the workers' environment."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        with _environment(WORKER_ENVIRONMENT):
            yield multiprocessing.get_context("spawn")
        return
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED, *preload, WARM_UP])
    with _environment(WORKER_ENVIRONMENT):
        with _ignoring_interrupts():
            forkserver.ensure_running()
        yield context


@contextlib.contextmanager
def _without_main_module() -> Iterator[None]:
    """Keep workers from running the caller's script again, which need not be guarded or even be a file."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _interrupts_at_the_end() -> Iterator[None]:
    """Ctrl-C inside this block raises KeyboardInterrupt when the block ends; only the main thread can arrange that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    noted: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: noted.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if noted and before is not signal.SIG_IGN:
        raise KeyboardInterrupt


@contextlib.contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """Processes started here ignore Ctrl-C, and so does this block; only the main thread can arrange that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
