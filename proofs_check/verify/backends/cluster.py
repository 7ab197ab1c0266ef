"""Run evidence on the workers of a Dask cluster: each of them runs a job as the back end `processes` does here.

So every job still has a process of its own, forked from a server that has loaded the libraries and the claims, and what
it draws does not depend on the worker. Claim files of a user are not run there: they are code of this machine.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ....numerics.errors import InputError
from ...claim.evidence import Outcome
from ...claim.registry import load
from ..cluster import connected, run_calls
from ..execute import Task
from ..jobs import EvidenceStep, Job, Results, Settings
from ..server import started, without_main_module
from . import processes


def run_jobs(jobs: Iterable[Job], settings: Settings, finished: Callable[[Job, Results], Iterable[Job]]) -> None:
    """Run the jobs as `backends.processes.run_jobs` does, on the workers of `settings.scheduler`.

    A job whose worker is lost again and again is an error. Raises InputError where there is no scheduler, or where a
    number of jobs is given, which the cluster decides.
    """
    if settings.scheduler is None:
        raise InputError("the back end cluster needs the address of a Dask scheduler: give --scheduler ADDRESS")
    if settings.workers is not None:
        raise InputError("--jobs is for processes of this machine; the workers of --scheduler decide how many run")
    known: dict[tuple[Task, ...], Job] = {}
    there = replace(settings, workers=1, claims=settings.claims or (), scheduler=None)

    def tasks_of(found: Iterable[Job]) -> Iterator[tuple[Task, ...]]:
        for job in found:
            tasks = tuple(step.task for step in job)
            known[tasks] = job
            yield tasks

    def ended(tasks: tuple[Task, ...], results: Results | Exception) -> Iterable[tuple[Task, ...]]:
        job = known.pop(tasks)
        if isinstance(results, Exception):
            why = f"the worker had no result: {type(results).__name__}: {' '.join(str(results).split())}"
            results = [processes.lost(step.evidence, Outcome.ERROR, why) for step in job]
        return list(tasks_of(finished(job, results)))

    with connected(settings.scheduler) as client:
        run_calls(client, _run, tasks_of(jobs), (there,), ended)


def _run(tasks: tuple[Task, ...], settings: Settings) -> Results:
    """Run one job in a thread of a worker."""
    job = tuple(EvidenceStep(load(task.reference).evidence_named(task.evidence), task) for task in tasks)
    found: list[Results] = []

    def finished(job: Job, results: Results) -> Iterable[Job]:
        found.append(results)
        return ()

    with _server(settings):
        processes.run_jobs([job], settings, finished)
    return found[0]


_lock = threading.Lock()
_users = 0
_open = contextlib.ExitStack()


@contextlib.contextmanager
def _server(settings: Settings) -> Iterator[None]:
    """Keep what the back end `processes` changes in this process for as long as any thread of the worker uses it.

    A worker that its nanny has started is a daemon, which may not start processes; while jobs run, it is none.
    """
    global _users
    with _lock:
        if not _users:
            process = multiprocessing.current_process()
            _open.callback(setattr, process, "daemon", process.daemon)
            process.daemon = False
            _open.enter_context(without_main_module())
            _open.enter_context(started(settings.claims, settings.preload))
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                _open.close()
