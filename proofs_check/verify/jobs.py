"""Jobs of `verify` and the back ends that run them: the modules of the folder `backends`.

A job is a piece of evidence on the statement first and then, one after the other, on the mutants that are still to be
refuted: what was computed for the statement and does not depend on it is not computed again. A back end has a function
`run_jobs` like `backends.processes.run_jobs`; it decides where jobs run and how many at a time.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TypeAlias

from ...numerics.errors import InputError
from ..claim.evidence import Evidence, Outcome
from ..claim.results import EvidenceResult
from . import backends
from .execute import Task, execute


@dataclass(frozen=True)
class EvidenceStep:
    """A piece of evidence on the statement or on a mutant."""

    evidence: Evidence
    task: Task


Job: TypeAlias = tuple[EvidenceStep, ...]
"""Steps of one claim to be run together, in this order; those after the one that refutes a mutant leave it out."""
Results: TypeAlias = list[EvidenceResult | None]
"""One for each step of a job; None for a step that was left out."""


@dataclass(frozen=True)
class Settings:
    """How jobs are run.

    `workers` (None: as the back end likes) run at a time; `limit` (seconds) replaces each evidence function's own.
    `claims` (ids and groups; None: none) and the modules `preload` are worth loading beforehand, and `variables` are
    set in the environment while checks run. `scheduler` is the address of that of the back end `cluster`.
    """

    workers: int | None = None
    claims: Sequence[str] | None = None
    preload: Sequence[str] = ()
    limit: float | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    scheduler: str | None = None


RunJobs: TypeAlias = Callable[[Iterable[Job], Settings, Callable[[Job, Results], Iterable[Job]]], None]


def backend_named(name: str) -> RunJobs:
    """The function `run_jobs` of a back end; InputError for an unknown name."""
    names = [module.name for module in pkgutil.iter_modules(backends.__path__)]
    if name not in names:
        raise InputError(f"there is no back end named {name!r}; there are {', '.join(names)}")
    run_jobs: RunJobs = import_module(f"{backends.__name__}.{name}").run_jobs
    return run_jobs


def refutes(task: Task, result: EvidenceResult | None) -> bool:
    """Whether the result of a task refutes the mutant that it was about."""
    return task.mutant is not None and result is not None and result.outcome is Outcome.FAILED


def results_of(tasks: Iterable[Task], refuted: Iterable[int | None] = ()) -> Iterator[EvidenceResult | None]:
    """Run tasks of one job one after the other in this process; None for those on mutants that are refuted by then."""
    known_false = set(refuted)
    for task in tasks:
        result = None if task.mutant in known_false else execute(task)
        if refutes(task, result):
            known_false.add(task.mutant)
        yield result
