"""Symbolic evidence, and statements tried at points, that were decided before by exactly this code.

Both depend on nothing but code (and the level, where points are tried): no seed, no floating point. A result is kept
for as long as no file of `theory`, `numerics` and `proofs_check` changes, other claims excepted, nor Python, SymPy or
its arithmetic. Files of a user are always run: what they import is not known. Nor is a result kept that says
something of the machine, an error or a time-out, or that was computed while a file was being edited.
"""

from __future__ import annotations

import functools
from dataclasses import asdict
from pathlib import Path

from ..cache import store
from ..cache.source_code import edited, fingerprint
from ..claim.evidence import Covers, Evidence, EvidenceKind, Outcome
from ..claim.registry import CLAIMS_PACKAGE
from ..claim.results import Counterexample, EvidenceResult
from .execute import Task

KEPT = (Outcome.PASSED, Outcome.FAILED, Outcome.UNDECIDED)


def known(task: Task, evidence: Evidence) -> EvidenceResult | None:
    """The result of an earlier run of the same code, marked as such; None when there is none."""
    if not _may_be_kept(task, evidence.kind):
        return None
    found = store.entry(rests_on(task, evidence.kind))
    if found is None:
        return None
    try:
        where = found["counterexample"]
        return EvidenceResult(
            evidence.name,
            evidence.kind,
            Covers(found["covers"]),
            Outcome(found["outcome"]),
            evidence.detail,
            cases=int(found["cases"]),
            reason=str(found["reason"]),
            counterexample=None if where is None else Counterexample(**where),
            assumed=tuple(map(str, found["assumed"])),
            rechecked=int(found["rechecked"]),
            statement=str(found["statement"]),
            remembered=True,
        )
    except (KeyError, TypeError, ValueError):
        return None


def remember(task: Task, result: EvidenceResult) -> None:
    """Keep a result that depends on the code alone."""
    if not _may_be_kept(task, result.kind) or result.outcome not in KEPT or result.margin is not None:
        return
    content = {
        name: value for name, value in asdict(result).items() if name not in ("description", "margin", "seconds")
    }
    store.keep(rests_on(task, result.kind), content)


def _may_be_kept(task: Task, kind: EvidenceKind) -> bool:
    return kind.traits.code_alone and not task.reference.path and not edited()


def rests_on(task: Task, kind: EvidenceKind) -> list[str]:
    """The code, and which evidence it is on which statement."""
    level = task.level if kind is EvidenceKind.POINTS else ""
    return [*_code(task.reference.module), task.claim, task.evidence, str(task.mutant), level]


@functools.cache
def _code(module: str) -> tuple[str, ...]:
    """The state of all source files, those of other claims excepted."""
    claims = Path(__file__).parents[1] / "claims"
    own = claims.joinpath(*module.removeprefix(f"{CLAIMS_PACKAGE}.").split(".")).with_suffix(".py")

    def other_claim(path: Path) -> bool:
        return path.is_relative_to(claims) and path != own and path.stem != "__init__"

    return ("evidence from code alone", *fingerprint(other_claim))
