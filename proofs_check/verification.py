"""`verify`: from a selection of claims to their verdicts."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import metadata
from typing import Any

from ..numerics.errors import InputError
from .claim import Statement, statement_fingerprint, statement_latex
from .evidence import Covers, EvidenceKind, Outcome
from .execution import Task
from .reading import under
from .registry import ClaimFile, select
from .results import ClaimReport, EvidenceResult, Verdict, Verification
from .runner import Interrupted, Job, run_jobs
from .verdict import decide_verdict, mutant_outcome

LEVELS = ("quick", "full")
LIBRARIES = ("sympy", "numpy", "scipy", "hypothesis", "python-flint")


class Stopped(Exception):
    """Ctrl-C: `finished` are the claims that have a verdict, out of `total`."""

    def __init__(self, finished: Verification, total: int) -> None:
        super().__init__("interrupted")
        self.finished = finished
        self.total = total


def verify(
    *names: str,
    level: str = "quick",
    require: Sequence[str] = (),
    jobs: int | None = None,
    seed: int = 0,
    timeout: float | None = None,
    on_progress: Callable[[int, int], None] = lambda finished, total: None,
) -> Verification:
    """Check claims and what they depend on; `names` are ids, groups or paths of claim files (run as Python).

    No names means every built-in claim. `require=("kernel",)` makes kernel evidence needed where a claim has it.
    `timeout` (seconds) replaces each check's own limit. Neither `jobs` nor the order of names changes a result. A
    built-in claim whose file is broken is inconclusive, and the others are decided.
    Raises InputError for what cannot be used and Stopped on Ctrl-C.
    """
    _check_options(level, require, jobs, seed, timeout)
    files = select(names)
    plan = [(item, *_jobs_of(item, level, seed)) for item in files]
    flat = [job for _, evidence_jobs, mutant_jobs in plan for job in (*evidence_jobs, *mutant_jobs)]
    on_progress(0, len(flat))
    modules = [item.reference.module for item in files if not (item.reference.path or item.broken)]
    environment = _environment(level, seed, require)
    try:
        outcomes = run_jobs(
            flat, jobs or available_cores(), modules, timeout, lambda done: on_progress(done, len(flat))
        )
    except Interrupted as stop:
        partial = _reports(plan, stop.results, require)
        raise Stopped(Verification(partial, environment), len(files)) from None
    return Verification(_reports(plan, dict(enumerate(outcomes)), require), environment)


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _check_options(level: str, require: Sequence[str], jobs: int | None, seed: int, timeout: float | None) -> None:
    if level not in LEVELS:
        raise InputError(f"the level is {level!r}; it must be quick or full")
    for kind in require:
        if kind != EvidenceKind.KERNEL:
            raise InputError(f"the kind required is {kind!r}; only kernel can be required")
    if jobs is not None and jobs < 1:
        raise InputError(f"the number of jobs is {jobs}; it must be at least 1")
    if seed < 0:
        raise InputError(f"the seed is {seed}; it must be an integer >= 0")
    if timeout is not None and not 0 < timeout < float("inf"):
        raise InputError(f"the time limit is {timeout}; it must be a number of seconds > 0")


def _jobs_of(item: ClaimFile, level: str, seed: int) -> tuple[list[Job], list[Job]]:
    """One job for each piece of evidence, and one for each mutant, which meets the evidence in turn.

    Lemmas are kept from the mutants: a lemma that fails is no counterexample to a statement.
    """

    def task(name: str, mutant: int | None) -> Task:
        return Task(item.reference, item.claim.id, name, mutant, level, seed)

    evidence_jobs = [Job((task(evidence.name, None),), (evidence,)) for evidence in item.evidence]
    decisive = tuple(evidence for evidence in item.evidence if evidence.covers is not Covers.LEMMA)
    mutant_jobs = [
        Job(tuple(task(evidence.name, number) for evidence in decisive), decisive)
        for number in range(len(item.claim.mutants))
    ]
    return evidence_jobs, mutant_jobs


def _reports(
    plan: Sequence[tuple[ClaimFile, list[Job], list[Job]]],
    outcomes: Mapping[int, Sequence[EvidenceResult]],
    require: Sequence[str],
) -> tuple[ClaimReport, ...]:
    """Reports of the claims whose jobs all have outcomes; dependencies come first, so their verdicts are known."""
    verdicts: dict[str, Verdict] = {}
    reports = []
    position = 0
    for item, evidence_jobs, mutant_jobs in plan:
        numbers = range(position, position + len(evidence_jobs) + len(mutant_jobs))
        position = numbers.stop
        known = all(dependency in verdicts for dependency in item.claim.depends_on)
        if not known or not all(number in outcomes for number in numbers):
            continue
        claim = item.claim
        evidence = tuple(
            _as_shown(result, claim.statement)
            for number in numbers[: len(evidence_jobs)]
            for result in outcomes[number]
        )
        mutants = [
            [_as_shown(result, mutant.statement) for result in outcomes[number]]
            for mutant, number in zip(claim.mutants, numbers[len(evidence_jobs) :], strict=True)
        ]
        report = _report(item, evidence, mutants, verdicts, require)
        verdicts[report.id] = report.verdict
        reports.append(report)
    return tuple(reports)


def _as_shown(result: EvidenceResult, statement: Statement) -> EvidenceResult:
    """The result, or an error when the process that ran the check had another statement than the one shown."""
    if not result.statement or result.statement == statement_fingerprint(statement):
        return result
    reason = "the statement in the process that ran this check is not the one shown: the claim file must say the same"
    return replace(result, outcome=Outcome.ERROR, reason=f"{reason} wherever it is read", counterexample=None)


def _report(
    item: ClaimFile,
    evidence: tuple[EvidenceResult, ...],
    mutants: Sequence[Sequence[EvidenceResult]],
    verdicts: Mapping[str, Verdict],
    require: Sequence[str],
) -> ClaimReport:
    claim = item.claim
    present = {result.kind for result in evidence}
    required = [EvidenceKind(kind) for kind in require if EvidenceKind(kind) in present]
    needs = tuple(dict.fromkeys((*map(EvidenceKind, claim.needs), *required)))
    fared = tuple(mutant_outcome(mutant.name, results) for mutant, results in zip(claim.mutants, mutants, strict=True))
    dependencies = {dependency: verdicts[dependency] for dependency in claim.depends_on}
    verdict, reason = decide_verdict(needs, evidence, fared, dependencies)
    if item.broken:
        verdict, reason = Verdict.INCONCLUSIVE, item.broken
    return ClaimReport(
        id=claim.id,
        title=claim.title,
        statement=statement_latex(claim.statement),
        hypotheses=claim.hypotheses,
        scope=claim.scope,
        source=str(claim.source),
        restated=claim.source.restated,
        verdict=verdict,
        reason=reason,
        needs=tuple(str(kind) for kind in needs),
        depends_on=claim.depends_on,
        evidence=evidence,
        mutants=fared,
        under=under(claim, evidence),
    )


def _environment(level: str, seed: int, require: Sequence[str]) -> dict[str, Any]:
    """What a reader needs to repeat the run."""
    versions = {library: metadata.version(library) for library in LIBRARIES}
    return {
        "version": metadata.version("early-alignment-proofs"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "libraries": versions,
        "level": level,
        "seed": seed,
        "require": list(require),
    }
