"""What verdicts would be if every check that timed out had passed: it distinguishes a lower verdict from a timeout."""

from __future__ import annotations

import re
from typing import Any

from early_alignment.proofs_check.claim.evidence import Covers, EvidenceKind, Outcome
from early_alignment.proofs_check.claim.results import (
    EvidenceResult,
    MutantOutcome,
    MutantResult,
    Verdict,
    verdict_in_words,
)
from early_alignment.proofs_check.verify.controls import WRONGLY
from early_alignment.proofs_check.verify.verdict import decide_verdict


def at_best(claims: list[dict[str, Any]]) -> dict[str, str]:
    """Verdicts by id for the `claims` of a report, where what a claim rests on stands before it.

    The rules are those of every verdict. A check that ran out of time counts as passed, a mutant of the claim that one
    left open as it must come out, and a claim that others rest on counts with its verdict here. A control that was
    answered wrongly has nothing to do with time.
    """
    verdicts: dict[str, Verdict] = {}
    for claim in claims:
        needs = [EvidenceKind(kind) for kind in claim["needs"]]
        evidence = [_evidence(entry) for entry in claim["evidence"]]
        mutants = [_mutant(entry, claim) for entry in claim["mutants"]]
        dependencies = {name: verdicts[name] for name in claim["depends_on"]}
        verdicts[claim["id"]], _ = decide_verdict(needs, evidence, mutants, dependencies, claim.get("expected") or "")
        if (claim["reason"] or "").startswith(WRONGLY):
            verdicts[claim["id"]] = Verdict.INCONCLUSIVE
    return {claim["id"]: verdict_in_words(verdicts[claim["id"]], claim.get("expected")) for claim in claims}


def _evidence(entry: dict[str, Any]) -> EvidenceResult:
    outcome = Outcome(entry["outcome"])
    late = outcome is Outcome.TIMEOUT
    rechecked = 1 if late else entry.get("rechecked", 0)
    in_time = Outcome.PASSED if late else outcome
    return EvidenceResult("", EvidenceKind(entry["kind"]), Covers(entry["covers"]), in_time, rechecked=rechecked)


def _mutant(entry: dict[str, Any], claim: dict[str, Any]) -> MutantResult:
    """Of a mutant in error a report tells only in the claim's `reason` whether a check of it was out of time."""
    wanted, reason = MutantOutcome.ACCEPTED if claim.get("expected") else MutantOutcome.REFUTED, claim["reason"] or ""
    begins = re.escape(f"the mutant {entry['name']!r} ended in an error: ")
    late = entry["outcome"] == MutantOutcome.ERROR and re.search(begins + r"\w+ is out of time: ", reason)
    return MutantResult(entry["name"], wanted if late else MutantOutcome(entry["outcome"]))
