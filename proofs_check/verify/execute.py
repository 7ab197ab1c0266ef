"""Running one piece of evidence on one statement: whatever a check does becomes an outcome, never an exception."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ..claim.evidence import EvidenceKind, Outcome, Unavailable
from ..claim.registry import ClaimReference, load
from ..claim.results import EvidenceResult
from ..claim.statement import statement_fingerprint
from ..claim.trial import Trial


@dataclass(frozen=True)
class Task:
    """One evidence function on the claim's statement, or on that of its mutant number `mutant`."""

    reference: ClaimReference
    claim: str
    evidence: str
    mutant: int | None
    level: str
    seed: int


def execute(task: Task) -> EvidenceResult:
    """Load the claim file in this process and run the task's evidence."""
    claim_file = load(task.reference)
    evidence = claim_file.evidence_named(task.evidence)
    claim = claim_file.claim
    statement = claim.statement if task.mutant is None else claim.mutants[task.mutant].statement
    return run_evidence(Trial(claim_file, evidence, statement, task.level, task.seed, task.mutant is not None))


def run_evidence(trial: Trial) -> EvidenceResult:
    """The outcome of the evidence on the statement; an exception in the check becomes the outcome `error`."""
    started, evidence = time.monotonic(), trial.evidence
    try:
        fingerprint = statement_fingerprint(trial.statement)
        fields = runner_of(evidence.kind)(trial)
        if fingerprint != statement_fingerprint(trial.statement):
            fields = {"outcome": Outcome.ERROR, "reason": "the check altered the statement that it was given"}
    except Unavailable as error:
        fingerprint = ""
        fields = {"outcome": Outcome.UNAVAILABLE, "reason": str(error)}
    except KeyboardInterrupt:
        raise
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


def runner_of(kind: EvidenceKind) -> Callable[[Trial], dict[str, Any]]:
    """The function that decides evidence of this kind, loaded when it is needed: some bring large libraries."""
    module = import_module(f"early_alignment.proofs_check.{kind.traits.runner}")
    run: Callable[[Trial], dict[str, Any]] = module.run
    return run


def describe_error(error: BaseException) -> str:
    """The exception in one line: its type, its message and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    message = " ".join(str(error).split())
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", []))
    place = f" (line {frames[-1].lineno} of {Path(frames[-1].filename).name}{notes})" if frames else ""
    return f"{type(error).__name__}: {message}{place}"
