"""Cases whose answer is known by hand, as certified evidence: each must be answered so, or all is left undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...numerics.certify.errors import Undecided
from ..claim.evidence import Certificate

SHOWN = 3
"""So many wrong answers are named."""


def each_as_known(answers: Iterable[str | None]) -> Certificate:
    """From one answer a case: None when it is right, and else a sentence that says what is wrong."""
    found = [*answers]
    wrong = [sentence for sentence in found if sentence is not None]
    return Certificate(len(found), "every answer is the known one", undecided="; ".join(wrong[:SHOWN]) or None)


def each_left_undecided(attempts: Sequence[tuple[str, Callable[[], object]]]) -> Certificate:
    """From attempts to prove what cannot be proved, each with a part of the sentence that must say why."""
    return each_as_known(_not_undecided(reason, attempt) for reason, attempt in attempts)


def _not_undecided(reason: str, attempt: Callable[[], object]) -> str | None:
    try:
        attempt()
    except Undecided as error:
        said = str(error)
    else:
        said = "it is taken"
    return None if reason in said else f"not undecided because {reason!r}: {said}"
