"""Cases whose answer is known by hand, as certified evidence: each must be answered so, or all is left undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

from ...numerics.certify.errors import Undecided
from ..claim.evidence import Certificate
from ..recheck import NotACertificate, Rejected, recheck

SHOWN = 3
"""So many wrong answers are named."""


def each_as_known(answers: Iterable[str | None]) -> Certificate:
    """From one answer a case: None when it is right, and else a sentence that says what is wrong."""
    found = [*answers]
    wrong = [sentence for sentence in found if sentence is not None]
    return Certificate(len(found), "every answer is the known one", undecided="; ".join(wrong[:SHOWN]) or None)


class Parts(Protocol):
    """What a certificate is made of."""

    @property
    def text(self) -> str:
        """The certificate as `recheck` reads it."""


def differing(parts: Any, condition: str, name: str, violated: Any, satisfied: Any) -> tuple[str, Any, Any]:
    """Two dataclasses of `Parts` that differ in one field, with the condition that the first violates."""
    return condition, replace(parts, **{name: violated}), replace(parts, **{name: satisfied})


def differing_constant(
    parts: Any, condition: str, name: str, violated: str, satisfied: str, **others: str
) -> tuple[str, Any, Any]:
    """The same for one of their `constants`; `others` replace further constants of both."""
    first, second = ({**others, name: value} for value in (violated, satisfied))
    return differing(parts, condition, "constants", first, second)


def answers_to(true: Iterable[Parts], pairs: Iterable[tuple[str, Parts, Parts]]) -> Iterator[str | None]:
    """What is wrong with the answer of `recheck` to each certificate, in a sentence; None where it is right.

    A pair is a part of the sentence of a rejection, a certificate to be rejected with it, and one that is not.
    """
    for parts in true:
        said = _said(parts)
        yield said and f"a true certificate is rejected: {said}"
    for condition, violated, satisfied in pairs:
        said = _said(violated)
        rejected = said is not None and condition in said
        yield None if rejected else f"a certificate is not rejected because {condition!r}: {said or 'accepted'}"
        said = _said(satisfied)
        rejected = said is not None and condition in said
        yield f"a certificate is rejected without cause: {said}" if rejected else None


def _said(parts: Parts) -> str | None:
    """The sentence of the rejection; None when the certificate is accepted."""
    try:
        recheck(parts.text)
    except (Rejected, NotACertificate) as reason:
        return str(reason)
    return None


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
