"""Running evidence in processes: a fresh one for every job, limits in seconds, and results as they come.

Each process is forked from a server that has loaded the libraries and the claims and nothing else, so that what a job
sees does not depend on which others ran before it, nor on how many ran beside it. A job is a piece of evidence on the
statement first and then, one after the other, on the mutants that are still to be refuted: what was computed for the
statement and does not depend on it is not computed again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from ..claim.evidence import Evidence, Outcome
from ..claim.results import EvidenceResult
from .execute import Task, execute
from .server import ignoring_interrupts, started

GRACE = 1.0
"""Seconds that a process has to end its own subprocesses (Coq) before it is killed."""


@dataclass(frozen=True)
class EvidenceStep:
    """A piece of evidence on the statement or on a mutant."""

    evidence: Evidence
    task: Task


Job = tuple[EvidenceStep, ...]
"""Steps of one claim for one process, in this order; those after the one that refutes a mutant leave it out."""
SKIPPED = "skipped"


@dataclass
class _Running:
    """A job whose process is at work; `deadline` is that of the task at hand, None until the process has begun it."""

    job: Job
    process: Any
    connection: Connection
    results: list[EvidenceResult | None] = field(default_factory=list)
    deadline: float | None = None

    @property
    def evidence(self) -> Evidence:
        """That of the step at hand."""
        return self.job[len(self.results)].evidence


@dataclass(frozen=True)
class Settings:
    """How jobs are run: how many at a time, what the server loads, each task's limit, and variables for the processes.

    `claims` and `preload` are for the server, see `server.start`. `limit` (seconds) replaces each evidence function's
    own.
    """

    workers: int
    claims: Sequence[str] | None = None
    preload: Sequence[str] = ()
    limit: float | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


def run_jobs(
    jobs: Iterable[Job], settings: Settings, finished: Callable[[Job, list[EvidenceResult | None]], Iterable[Job]]
) -> None:
    """Run the jobs; `finished` gets each with one result a step (None: left out), and says which jobs follow from it.

    `jobs` are asked for while the server is loading.
    A step that ends its process or outlives its limit becomes a result, and those after it continue in a new process.
    Those that follow come before those that wait. On Ctrl-C, or an exception in `finished`, all processes are stopped.
    """
    with _without_main_module(), started(settings.claims, settings.preload) as context:
        waiting: deque[tuple[Job, list[EvidenceResult | None]]] = deque((job, []) for job in jobs)
        running: list[_Running] = []
        try:
            while waiting or running:
                while waiting and len(running) < settings.workers:
                    with _interrupts_at_the_end():  # a process caught while it starts would be forgotten
                        running.append(_start(context, *waiting.popleft(), settings))
                for item in _ready(running):
                    if not _receive(item, settings.limit):
                        continue
                    running.remove(item)
                    if len(item.results) < len(item.job):
                        waiting.appendleft((item.job, item.results))
                    else:
                        waiting.extendleft((job, []) for job in reversed(list(finished(item.job, item.results))))
        finally:
            with ignoring_interrupts():
                _stop(running)


def _start(context: Any, job: Job, results: list[EvidenceResult | None], settings: Settings) -> _Running:
    """A process for what the job has no result of yet."""
    ours, theirs = context.Pipe(duplex=False)
    tasks = [step.task for step in job[len(results) :]]
    refuted = {step.task.mutant for step, result in zip(job, results, strict=False) if _refutes(step.task, result)}
    process = context.Process(target=_work, args=(tasks, refuted, theirs, dict(settings.variables)), daemon=False)
    process.start()
    theirs.close()  # so that the end of the process is noticed as the end of its messages
    return _Running(job, process, ours, results)


def _refutes(task: Task, result: EvidenceResult | None) -> bool:
    return task.mutant is not None and result is not None and result.outcome is Outcome.FAILED


def _work(
    tasks: Sequence[Task], refuted: set[int | None], connection: Connection, variables: Mapping[str, str]
) -> None:
    """What a process does: say that it has begun, then send one result after the other."""
    os.environ.update(variables)
    asked_to_stop = threading.Event()

    def stop(number: int, frame: object) -> None:
        asked_to_stop.set()
        raise SystemExit  # whatever is at work ends its subprocesses

    signal.signal(signal.SIGTERM, stop)
    os.dup2(2, 1)  # what a check prints goes to standard error: standard output belongs to the report
    sys.stdout = sys.stderr
    with contextlib.suppress(SystemExit, BrokenPipeError):
        connection.send(None)
        for task in tasks:
            if task.mutant in refuted:
                connection.send(SKIPPED)
                continue
            result = execute(task)
            if asked_to_stop.is_set():
                break
            if _refutes(task, result):
                refuted.add(task.mutant)
            connection.send(result)
    connection.close()


def _ready(running: Sequence[_Running]) -> list[_Running]:
    """Wait for messages, or for the first deadline; those with something to look at."""
    deadlines = [item.deadline for item in running if item.deadline is not None]
    timeout = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
    spoken = wait([item.connection for item in running], timeout)
    now = time.monotonic()
    return [
        item for item in running if item.connection in spoken or (item.deadline is not None and item.deadline <= now)
    ]


def _receive(item: _Running, limit: float | None) -> bool:
    """Take one message, or the lack of one, into the results; whether the process is over."""
    evidence = item.evidence
    allowed = limit or evidence.timeout
    if not item.connection.poll():
        _stop([item])
        item.results.append(_lost(evidence, Outcome.TIMEOUT, f"it took more than {allowed:g} s", allowed))
        return True
    try:
        message = item.connection.recv()
    except EOFError:
        item.process.join()
        reason = f"its process ended without a result, with exit code {item.process.exitcode}"
        item.results.append(_lost(evidence, Outcome.ERROR, reason))
        return True
    except Exception as error:  # what a check put into its result cannot be read back
        _stop([item])
        item.results.append(_lost(evidence, Outcome.ERROR, f"{type(error).__name__}: {error}"))
        return True
    if message is not None:
        item.results.append(None if message == SKIPPED else message)
    if len(item.results) < len(item.job):
        item.deadline = time.monotonic() + (limit or item.evidence.timeout)
        return False
    item.process.join()
    return True


def _lost(evidence: Evidence, outcome: Outcome, reason: str, seconds: float = 0.0) -> EvidenceResult:
    """The result of a task whose process has none."""
    return EvidenceResult(
        evidence.name, evidence.kind, evidence.covers, outcome, evidence.detail, seconds=seconds, reason=reason
    )


def _stop(running: Sequence[_Running]) -> None:
    """End processes and what they started."""
    for item in running:
        item.process.terminate()
    until = time.monotonic() + GRACE
    for item in running:
        item.process.join(max(0.0, until - time.monotonic()))
        if item.process.is_alive():
            item.process.kill()
        item.process.join()
        item.connection.close()


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
