"""`verify`: from a selection of claims to their verdicts."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from typing import Any

from ...numerics.errors import InputError
from ..cache import store
from ..claim.evidence import Covers, Evidence, EvidenceKind, Outcome
from ..claim.reading import under
from ..claim.registry import ClaimFile, load, references, select
from ..claim.results import ClaimReport, EvidenceResult, Verdict, Verification
from ..claim.statement import Statement, statement_fingerprint, statement_latex
from . import evidence_cache
from .backends import DEFAULT_BACKEND
from .compiled_engine import SIMULATION
from .controls import WRONGLY, faults
from .execute import Task
from .jobs import EvidenceStep, Job, Settings, backend_named
from .verdict import decide_verdict, mutant_outcome, needed_kinds, true_neighbour_outcome

LEVELS = ("quick", "full")
CLUSTER = "cluster"
"""The back end of a scheduler."""
LIBRARIES = ("sympy", "numpy", "scipy", "hypothesis", "python-flint")
CHEAPEST_FIRST = tuple(sorted(EvidenceKind, key=lambda kind: kind.traits.turn))
"""The order in which a mutant meets evidence: one refutation is enough, so what costs least comes first. Scaling
evidence has measured what it compares with the mutant; the kernel comes last: it never refutes."""


class Stopped(Exception):
    """Ctrl-C: `finished` holds the claims that have a verdict, and names those that have none."""

    def __init__(self, finished: Verification) -> None:
        super().__init__("interrupted")
        self.finished = finished


class Watcher:
    """Receives the progress of a run; this one does nothing with it."""

    def begin(self, claims: Sequence[str]) -> None:
        """The ids of all claims of the run, dependencies first."""

    def decided(self, report: ClaimReport) -> None:
        """A claim has its verdict."""

    def progress(self, settled: int, total: int) -> None:
        """So many pieces of evidence and mutants are settled, out of all."""


@dataclass(frozen=True)
class VerifyOptions:
    """What decides how claims are checked, see `verify`."""

    level: str
    seed: int
    require: tuple[str, ...]
    remember: bool


def verify(
    *names: str,
    level: str = "quick",
    require: Sequence[str] = (),
    jobs: int | None = None,
    seed: int = 0,
    timeout: float | None = None,
    remember: bool = True,
    backend: str = DEFAULT_BACKEND,
    scheduler: str | None = None,
    watcher: Watcher | None = None,
) -> Verification:
    """Check claims and what they depend on; `names` are ids, groups or paths of claim files (run as Python).

    No names means every built-in claim. `require=("kernel",)` makes kernel evidence needed where a claim has it.
    `timeout` (seconds) replaces each check's own limit. Neither `jobs` nor the order of names changes a result. A
    built-in claim whose file is broken is inconclusive, and the others are decided. Without `remember`, everything is
    computed again, and nothing of it is kept for later runs (see `evidence_cache`). The `backend` runs the checks in
    processes or, for debuggers, in this one (sequential); with the address of a `scheduler`, on that Dask cluster.
    Raises InputError for what cannot be used and Stopped on Ctrl-C.
    """
    _check_options(level, require, jobs, seed, timeout)
    if scheduler is not None:
        backend = _for_cluster(backend)
    run_jobs = backend_named(backend)
    named = references(names)
    if scheduler is not None and (own := [reference.shown for reference in named if reference.path]):
        raise InputError(
            f"{own[0]} is a file of this machine, and a Dask cluster does not run it; leave --scheduler out"
        )
    for reference in named:
        if reference.path:
            load(reference)  # faults of a user's own file are reported before anything is started
    work = _Work(names, VerifyOptions(level, seed, tuple(require), remember), watcher or Watcher())
    settings = Settings(
        workers=jobs,
        claims=[reference.shown for reference in named if not reference.path] or None,
        preload=[SIMULATION] if SIMULATION in sys.modules else [],
        limit=timeout,
        variables={} if remember else {store.VARIABLE: store.OFF},
        scheduler=scheduler,
    )
    environment = _environment(level, seed, require) | {"backend": backend}
    try:
        run_jobs(work.begin(), settings, work.finished)
    except KeyboardInterrupt:
        raise Stopped(work.verification(environment)) from None
    return work.verification(environment)


def _for_cluster(backend: str) -> str:
    """The back end that a scheduler stands for; InputError where another one than the default is named."""
    if backend not in (DEFAULT_BACKEND, CLUSTER):
        raise InputError(f"--scheduler and the back end {backend} exclude each other; leave one of them out")
    return CLUSTER


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


@dataclass
class _ClaimWork:
    """What is known of one claim so far: results on its statement by evidence, and on each mutant those met in turn.

    `ahead` is the evidence that the mutants in `standing` have not met, in groups that share a process. Mutants do not
    meet evidence for a lemma: its failure is not a counterexample to the statement.
    """

    item: ClaimFile
    ahead: list[tuple[Evidence, ...]]
    standing: list[int]
    on_statement: dict[str, EvidenceResult] = field(default_factory=dict)
    on_mutants: dict[int, list[EvidenceResult]] = field(default_factory=dict)

    @classmethod
    def of(cls, item: ClaimFile) -> _ClaimWork:
        """Nothing is known yet."""
        ordered = sorted(item.evidence, key=lambda evidence: CHEAPEST_FIRST.index(evidence.kind))
        numbers = range(len(item.claim.mutants))
        return cls(item, _grouped(ordered), list(numbers), on_mutants={number: [] for number in numbers})

    @property
    def done(self) -> bool:
        """Whether everything has been tried that has to be."""
        return len(self.on_statement) == len(self.item.evidence) and not (self.standing and self.ahead)

    @property
    def pieces(self) -> tuple[int, int]:
        """How many pieces of evidence and mutants are settled, and how many there are."""
        settled = len(self.on_mutants) - (len(self.standing) if self.ahead else 0)
        return len(self.on_statement) + settled, len(self.item.evidence) + len(self.on_mutants)

    def note(self, task: Task, result: EvidenceResult) -> None:
        """Take in the result of one task."""
        claim = self.item.claim
        shown = claim.statement if task.mutant is None else claim.mutants[task.mutant].statement
        result = _as_shown(result, shown)
        if task.mutant is None:
            self.on_statement[task.evidence] = result
            return
        self.on_mutants[task.mutant].append(result)
        if result.outcome is Outcome.FAILED and task.mutant in self.standing:
            self.standing.remove(task.mutant)


def _as_shown(result: EvidenceResult, statement: Statement) -> EvidenceResult:
    """The result, or an error when the process that ran the check had another statement than the one shown."""
    if not result.statement or result.statement == statement_fingerprint(statement):
        return result
    reason = (
        "the statement in the process that ran this check is not the one shown: the claim file must define the same "
        "statement whenever it is read"
    )
    return replace(result, outcome=Outcome.ERROR, reason=reason, counterexample=None)


def _grouped(evidence: Sequence[Evidence]) -> list[tuple[Evidence, ...]]:
    """Evidence that reads and derives the same things together; every other piece separately."""
    symbolic = tuple(piece for piece in evidence if piece.kind.traits.code_alone)
    others: list[tuple[Evidence, ...]] = [(piece,) for piece in evidence if not piece.kind.traits.code_alone]
    return [symbolic, *others] if symbolic else others


class _Work:
    """All claims of a run: which jobs there are, what follows from a finished one, and reports as they are decided."""

    def __init__(self, names: Sequence[str], options: VerifyOptions, watcher: Watcher) -> None:
        self.names, self.options, self.watcher = names, options, watcher
        self.claims: dict[str, _ClaimWork] = {}
        self.reports: dict[str, ClaimReport] = {}

    def begin(self) -> Iterator[Job]:
        """The first jobs of every claim; they are read, and the controls answered, while the server is loading."""
        self.claims = {item.claim.id: _ClaimWork.of(item) for item in select(self.names)}
        self.watcher.begin(tuple(self.claims))
        faults()
        for claim in self.claims.values():
            yield from self._next_jobs(claim)
        self._tell()

    def finished(self, job: Job, results: Sequence[EvidenceResult | None]) -> list[Job]:
        """Take in a job's results; the jobs that follow."""
        claim = self.claims[job[0].task.claim]
        for step, result in zip(job, results, strict=True):
            if result is not None:
                claim.note(step.task, result)
                if self.options.remember:
                    evidence_cache.remember(step.task, result)
        follow = []
        if claim.ahead and job[0].evidence in claim.ahead[0]:
            claim.ahead.pop(0)
            follow = self._next_jobs(claim)
        self._tell()
        return follow

    def _next_jobs(self, claim: _ClaimWork) -> list[Job]:
        """The next group of evidence for the statement and standing mutants; once none is left, all groups left."""
        while claim.ahead and claim.standing:
            job = self._job(claim, claim.ahead[0])
            if job:
                return [job]
            claim.ahead.pop(0)
        left, claim.ahead = claim.ahead, []
        return [job for group in left if (job := self._job(claim, group))]

    def _job(self, claim: _ClaimWork, group: Sequence[Evidence]) -> Job:
        """The steps of what is not remembered, each piece of evidence on the statement and then on the mutants."""
        reference, claim_id, options = claim.item.reference, claim.item.claim.id, self.options
        steps = []
        for evidence in group:
            for mutant in (None, *(() if evidence.covers is Covers.LEMMA else tuple(claim.standing))):
                task = Task(reference, claim_id, evidence.name, mutant, options.level, options.seed)
                known = evidence_cache.known(task, evidence) if options.remember else None
                if known is None:
                    steps.append(EvidenceStep(evidence, task))
                else:
                    claim.note(task, known)
        return tuple(steps)

    def _tell(self) -> None:
        """Report what can be decided now, dependencies first, and how far the run is."""
        for claim_id, claim in self.claims.items():
            depends_on = claim.item.claim.depends_on
            if claim_id not in self.reports and claim.done and all(name in self.reports for name in depends_on):
                verdicts = {name: self.reports[name].verdict for name in depends_on}
                self.reports[claim_id] = _report(claim, verdicts, self.options.require)
                self.watcher.decided(self.reports[claim_id])
        counts = [claim.pieces for claim in self.claims.values()]
        self.watcher.progress(sum(settled for settled, _ in counts), sum(total for _, total in counts))

    def verification(self, environment: dict[str, Any]) -> Verification:
        """The reports so far, in the order of the claims; `unfinished` names the claims that have none."""
        reports = tuple(self.reports[name] for name in self.claims if name in self.reports)
        unfinished = tuple(name for name in self.claims if name not in self.reports)
        return Verification(reports, environment, unfinished)


def _report(claim_work: _ClaimWork, dependencies: Mapping[str, Verdict], require: Iterable[str]) -> ClaimReport:
    item, claim = claim_work.item, claim_work.item.claim
    evidence = tuple(claim_work.on_statement[piece.name] for piece in item.evidence)
    needs = needed_kinds(claim.needs, evidence, require)
    outcome = true_neighbour_outcome if claim.expected else mutant_outcome
    fared = tuple(outcome(mutant.name, claim_work.on_mutants[number]) for number, mutant in enumerate(claim.mutants))
    verdict, reason = decide_verdict(needs, evidence, fared, dependencies, claim.expected)
    if wrong := faults():
        verdict, reason = Verdict.INCONCLUSIVE, f"{WRONGLY}: {'; '.join(wrong)}"
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
        expected=claim.expected,
    )


def _environment(level: str, seed: int, require: Sequence[str]) -> dict[str, Any]:
    """What is needed to repeat the run."""
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
