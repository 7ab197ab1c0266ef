"""Running one piece of evidence on one statement: whatever a check does becomes an outcome, never an exception."""

from __future__ import annotations

import hashlib
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..claim.evidence import Evidence, EvidenceKind, Margin, Outcome, Run, Unavailable
from ..claim.registry import ClaimFile, Reference, load
from ..claim.results import Counterexample, EvidenceResult, MarginReport
from ..claim.statement import statement_fingerprint


@dataclass(frozen=True)
class Task:
    """One evidence function on the claim's statement, or on that of its mutant number `mutant`."""

    reference: Reference
    claim: str
    evidence: str
    mutant: int | None
    level: str
    seed: int


def check_seed(seed: int, claim: str, evidence: str) -> int:
    """A 128-bit seed for one evidence function, from the run's seed and the names alone."""
    digest = hashlib.sha256(f"{seed}\n{claim}\n{evidence}".encode()).digest()
    return int.from_bytes(digest[:16], "big")


def execute(task: Task) -> EvidenceResult:
    """Load the claim file in this process and run the task's evidence."""
    claim_file = load(task.reference)
    evidence = claim_file.evidence_named(task.evidence)
    claim = claim_file.claim
    statement = claim.statement if task.mutant is None else claim.mutants[task.mutant].statement
    return run_evidence(claim_file, evidence, statement, task.level, task.seed, shrink=task.mutant is None)


def run_evidence(
    claim_file: ClaimFile, evidence: Evidence, statement: Any, level: str, seed: int, shrink: bool = True
) -> EvidenceResult:
    """How the evidence comes out on the statement; an exception in the check becomes the outcome `error`."""
    started = time.monotonic()
    try:
        fingerprint = statement_fingerprint(statement)
        fields = _dispatch(claim_file, evidence, statement, level, seed, shrink)
        if fingerprint != statement_fingerprint(statement):
            fields = {"outcome": Outcome.ERROR, "reason": "the check altered the statement that it was given"}
    except Unavailable as error:
        fingerprint = ""
        fields = {"outcome": Outcome.UNAVAILABLE, "reason": str(error)}
    except BaseException as error:  # SystemExit and the like too: in a worker they would look like an orderly end
        fingerprint = ""
        fields = {"outcome": Outcome.ERROR, "reason": describe_error(error)}
    return EvidenceResult(
        evidence.name,
        evidence.kind,
        fields.pop("covers", evidence.covers),
        description=evidence.detail,
        seconds=time.monotonic() - started,
        statement=fingerprint,
        **fields,
    )


def _dispatch(
    claim_file: ClaimFile, evidence: Evidence, statement: Any, level: str, seed: int, shrink: bool
) -> dict[str, Any]:
    own_seed = check_seed(seed, claim_file.claim.id, evidence.name)
    if evidence.kind is EvidenceKind.SYMBOLIC:
        from ..kinds.symbolic import run_symbolic

        return run_symbolic(evidence, claim_file.claim, statement, compare=shrink)
    if evidence.kind is EvidenceKind.POINTS:
        from ..kinds.confront import run_points

        return run_points(claim_file.claim, statement, level)
    if evidence.kind is EvidenceKind.KERNEL:
        from ..coq.decide import run_kernel

        return run_kernel(evidence.check, statement, evidence.timeout)
    if evidence.kind is EvidenceKind.PROPERTY:
        from ..kinds.property import search

        asked = evidence.cases[1] if level == "full" else evidence.cases[0]
        return search(evidence, statement, asked, own_seed, claim_file.shown, shrink)
    run = Run(level, np.random.default_rng(np.random.SeedSequence(own_seed)))
    if evidence.kind is EvidenceKind.SCALING:
        return _from_margin(evidence.check(statement, run))
    from ..kinds.certified import run_certified

    return run_certified(evidence, claim_file.claim, statement, run)


def _from_margin(margin: object) -> dict[str, Any]:
    if not isinstance(margin, Margin):
        raise TypeError(f"a scaling check returns a Margin, not {type(margin).__name__}")
    if margin.flaw:
        return {"outcome": Outcome.ERROR, "reason": f"{margin.flaw}, so that nothing was measured"}
    fields: dict[str, Any] = {"cases": 1, "margin": MarginReport.of(margin)}
    if margin.holds:
        return {"outcome": Outcome.PASSED, **fields}
    where = ", ".join(f"{name} = {value!r}" for name, value in margin.worst.items()) or "the stated fit"
    reason = f"measured {margin.measured:.6g}, allowed {margin.allowed:.6g} ({margin.derivation})"
    return {"outcome": Outcome.FAILED, "reason": reason, "counterexample": Counterexample(where), **fields}


def describe_error(error: BaseException) -> str:
    """The exception in one line: its type, its message and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    message = " ".join(str(error).split())
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", []))
    place = f" (line {frames[-1].lineno} of {Path(frames[-1].filename).name}{notes})" if frames else ""
    return f"{type(error).__name__}: {message}{place}"
