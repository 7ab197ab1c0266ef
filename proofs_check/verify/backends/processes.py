"""Run evidence in processes: a fresh one for every job, limits in seconds, and results as they come.

Each process is forked from a server that has loaded the libraries and the claims and nothing else, so that what a job
sees does not depend on which others ran before it, nor on how many ran beside it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from ...claim.evidence import Evidence, Outcome
from ...claim.results import EvidenceResult
from ..execute import Task
from ..jobs import Job, Results, Settings, refutes, results_of
from ..server import ignoring_interrupts, interrupts_at_the_end, started, without_main_module

GRACE = 1.0
"""Seconds that a process has to end its own subprocesses (Coq) before it is killed."""


SKIPPED = "skipped"


@dataclass
class _Running:
    """A job whose process is at work; `deadline` is that of the task at hand, None until the process has begun it."""

    job: Job
    process: Any
    connection: Connection
    results: Results = field(default_factory=list)
    deadline: float | None = None

    @property
    def evidence(self) -> Evidence:
        """That of the step at hand."""
        return self.job[len(self.results)].evidence


def run_jobs(jobs: Iterable[Job], settings: Settings, finished: Callable[[Job, Results], Iterable[Job]]) -> None:
    """Run the jobs; `finished` gets each with one result a step (None: left out), and says which jobs follow from it.

    `jobs` are asked for while the server is loading.
    A step that ends its process or outlives its limit becomes a result, and those after it continue in a new process.
    Those that follow come before those that wait. On Ctrl-C, or an exception in `finished`, all processes are stopped.
    """
    workers = settings.workers or available_cores()
    with without_main_module(), started(settings.claims, settings.preload) as context:
        waiting: deque[tuple[Job, Results]] = deque((job, []) for job in jobs)
        running: list[_Running] = []
        try:
            while waiting or running:
                while waiting and len(running) < workers:
                    with interrupts_at_the_end():  # a process caught while it starts would be forgotten
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


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start(context: Any, job: Job, results: Results, settings: Settings) -> _Running:
    """A process for what the job has no result of yet."""
    ours, theirs = context.Pipe(duplex=False)
    tasks = [step.task for step in job[len(results) :]]
    refuted = {step.task.mutant for step, result in zip(job, results, strict=False) if refutes(step.task, result)}
    process = context.Process(target=_work, args=(tasks, refuted, theirs, dict(settings.variables)), daemon=False)
    process.start()
    theirs.close()  # so that the end of the process is noticed as the end of its messages
    return _Running(job, process, ours, results)


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
        for result in results_of(tasks, refuted):
            if asked_to_stop.is_set():
                break
            connection.send(SKIPPED if result is None else result)
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
        item.results.append(lost(evidence, Outcome.TIMEOUT, f"it took more than {allowed:g} s", allowed))
        return True
    try:
        message = item.connection.recv()
    except EOFError:
        item.process.join()
        reason = f"its process ended without a result, with exit code {item.process.exitcode}"
        item.results.append(lost(evidence, Outcome.ERROR, reason))
        return True
    except Exception as error:  # what a check put into its result cannot be read back
        _stop([item])
        item.results.append(lost(evidence, Outcome.ERROR, f"{type(error).__name__}: {error}"))
        return True
    if message is not None:
        item.results.append(None if message == SKIPPED else message)
    if len(item.results) < len(item.job):
        item.deadline = time.monotonic() + (limit or item.evidence.timeout)
        return False
    item.process.join()
    return True


def lost(evidence: Evidence, outcome: Outcome, reason: str, seconds: float = 0.0) -> EvidenceResult:
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
