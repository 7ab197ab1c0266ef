"""Running kernel evidence: the statement is printed, Coq is run, and its answer becomes an outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..claim.evidence import Outcome, Unavailable
from ..claim.trial import Trial
from . import cache
from .coqc import Answer, check
from .document import Document
from .printer import Unprintable

MARGIN = 5.0
"""Seconds of the time limit that are kept for everything but Coq, so that it is Coq that runs out of time."""


def run(trial: Trial) -> dict[str, Any]:
    """The fields of an EvidenceResult."""
    return run_kernel(trial.evidence.check, trial.statement, trial.evidence.timeout)


def run_kernel(print_document: Callable[[Any], Document], statement: Any, seconds: float) -> dict[str, Any]:
    """The fields of an EvidenceResult. A statement that cannot be printed is undecided, and so is a failed tactic.

    Neither says that the statement is false. Raises Unavailable when Coq is not installed.
    """
    try:
        document = print_document(statement)
        if not isinstance(document, Document):
            raise TypeError(f"a kernel check returns a Document, not {type(document).__name__}")
        if not document.stated:
            return {"outcome": Outcome.UNDECIDED, "reason": "the file states no theorem, so nothing was decided"}
        text = document.text()
    except Unprintable as refusal:
        return {"outcome": Outcome.UNDECIDED, "reason": f"the statement cannot be printed to Coq: {refusal}"}
    cases = len(document.stated)
    if cache.known(text):
        return {"outcome": Outcome.PASSED, "cases": cases, "remembered": True}
    reply = check(document, max(seconds - MARGIN, 1.0))
    if reply.answer is Answer.PROVED:
        cache.remember(text, reply)
        return {"outcome": Outcome.PASSED, "cases": cases}
    if reply.answer is Answer.MISSING:
        raise Unavailable(reply.sentence)
    outcome = Outcome.TIMEOUT if reply.answer is Answer.TIMEOUT else Outcome.UNDECIDED
    return {"outcome": outcome, "cases": cases, "reason": f"{reply.answer}: {reply.sentence}"}
