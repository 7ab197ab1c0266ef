"""What comes back from running evidence: plain data that is sent between processes and into reports.

Everything a check touched is turned into text where it happened, so that no object of a claim file has to be pickled.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .evidence import Covers, EvidenceKind, Margin, Outcome


class Verdict(StrEnum):
    """The five verdicts, strongest first."""

    PROVED = "proved"
    CERTIFIED = "certified"
    SUPPORTED = "supported"
    INCONCLUSIVE = "inconclusive"
    REFUTED = "refuted"


class MutantOutcome(StrEnum):
    """How a neighbour of a claim fared against the claim's own evidence.

    A false one must be refuted or not accepted; a true one, of a claim that is expected to be refuted, accepted.
    """

    ACCEPTED = "accepted"
    REFUTED = "refuted"
    NOT_ACCEPTED = "not accepted"
    SURVIVED = "survived"
    ERROR = "error"


def json_number(value: float) -> float | None:
    """`value` as a JSON number, null for NaN and infinities."""
    number = float(value)
    return number if number - number == 0 else None


@dataclass(frozen=True)
class Counterexample:
    """Where a statement fails: a one-line account, and Python that reruns it (empty when nothing can be rerun)."""

    description: str
    python: str = ""


@dataclass(frozen=True)
class MarginReport:
    """A `Margin` with the worst case's inputs as text, so that it can be reported anywhere."""

    measured: float
    allowed: float
    ratio: float
    derivation: str
    worst: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, margin: Margin) -> MarginReport:
        """The report of a margin."""
        worst = tuple((str(name), repr(value)) for name, value in margin.worst.items())
        return cls(float(margin.measured), float(margin.allowed), float(margin.ratio), margin.derivation, worst)

    def to_json(self) -> dict[str, Any]:
        """A JSON object; numbers that are not finite become null."""
        return {
            "measured": json_number(self.measured),
            "allowed": json_number(self.allowed),
            "ratio": json_number(self.ratio),
            "derivation": self.derivation,
            "worst": dict(self.worst),
        }


@dataclass(frozen=True)
class EvidenceResult:
    """How one piece of evidence came out on one statement.

    `cases` counts obligations, drawn cases, fits or certified instances; `reason` says why it did not pass, or why it
    covers less than it was meant to. `assumed` are the hypotheses that the check itself relied on, beyond the claim's.
    `rechecked` counts what the runner decided again by itself from a certificate. `statement` is the fingerprint of the
    statement that the process checked. `remembered` is true when it was not computed in this run but in an earlier one
    of the same code.
    """

    name: str
    kind: EvidenceKind
    covers: Covers
    outcome: Outcome
    description: str = ""
    cases: int = 0
    margin: MarginReport | None = None
    seconds: float = 0.0
    reason: str = ""
    counterexample: Counterexample | None = None
    assumed: tuple[str, ...] = ()
    rechecked: int = 0
    statement: str = ""
    remembered: bool = False

    @property
    def detail(self) -> str:
        """What was checked and, when it did not pass, why and where, in one text."""
        parts = [f"{self.name}: {self.description}" if self.description else self.name]
        if self.assumed:
            parts.append(f"It assumes {', '.join(self.assumed)}")
        if self.rechecked:
            parts.append(f"The runner rechecked {self.rechecked} of its statements exactly")
        if self.remembered:
            parts.append("Remembered from an earlier run of the same code; verify --no-cache computes it again.")
        if self.reason:
            parts.append(self.reason)
        if self.counterexample:
            parts.append(f"Counterexample: {self.counterexample.description}")
            if self.counterexample.python:
                parts.append(f"Rerun it with:\n{self.counterexample.python}")
        return "\n".join(parts)

    def to_json(self) -> dict[str, Any]:
        """The evidence entry of `verify --json`."""
        return {
            "kind": str(self.kind),
            "covers": str(self.covers),
            "outcome": str(self.outcome),
            "cases": self.cases,
            "rechecked": self.rechecked,
            "margin": self.margin.to_json() if self.margin else None,
            "seconds": round(self.seconds, 3),
            "detail": self.detail,
        }


@dataclass(frozen=True)
class MutantResult:
    """The outcome of one mutant: `decided_by` names the evidence that refuted it, `reason` says what went otherwise."""

    name: str
    outcome: MutantOutcome
    decided_by: str = ""
    reason: str = ""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The mutant entry of `verify --json`."""
        return {"name": self.name, "outcome": str(self.outcome)}


def verdict_in_words(verdict: str, expected: str | None) -> str:
    """A verdict, and whether it was expected; `expected` is empty or None where nothing is."""
    return f"{verdict} as expected" if verdict == expected else str(verdict)


@dataclass(frozen=True)
class ClaimReport:
    """One claim with its verdict, the reason for it where there is something to say, and everything it rests on.

    `under` are the hypotheses in their exact form: assumptions on symbols, relations, and what evidence relied on.
    `expected` is the verdict that a published statement is expected to have because it is false, "refuted", or empty.
    """

    id: str
    title: str
    statement: str
    hypotheses: tuple[str, ...]
    scope: str
    source: str
    restated: bool
    verdict: Verdict
    reason: str | None
    needs: tuple[str, ...]
    depends_on: tuple[str, ...]
    evidence: tuple[EvidenceResult, ...]
    mutants: tuple[MutantResult, ...]
    under: tuple[str, ...] = ()
    expected: str = ""

    @property
    def good(self) -> bool:
        """Whether the verdict is as it should be: the one that is expected, otherwise neither of the last two."""
        if self.expected:
            return self.verdict == self.expected
        return self.verdict not in (Verdict.REFUTED, Verdict.INCONCLUSIVE)

    @property
    def shown_verdict(self) -> str:
        """The verdict, and whether it was expected."""
        return verdict_in_words(self.verdict, self.expected)

    @property
    def neighbours_settled(self) -> int:
        """How many neighbours fared as they must."""
        wanted = (MutantOutcome.ACCEPTED,) if self.expected else (MutantOutcome.REFUTED, MutantOutcome.NOT_ACCEPTED)
        return sum(item.outcome in wanted for item in self.mutants)

    @property
    def seconds(self) -> float:
        """Time spent on the claim's evidence and mutants, added over processes."""
        on_evidence = sum(result.seconds for result in self.evidence)
        return on_evidence + sum(result.seconds for result in self.mutants)

    def to_json(self) -> dict[str, Any]:
        """The claim entry of `verify --json`."""
        return {
            "id": self.id,
            "title": self.title,
            "statement": self.statement,
            "hypotheses": list(self.hypotheses),
            "under": list(self.under),
            "scope": self.scope,
            "source": self.source,
            "restated": self.restated,
            "verdict": str(self.verdict),
            "expected": self.expected or None,
            "reason": self.reason,
            "needs": list(self.needs),
            "depends_on": list(self.depends_on),
            "evidence": [result.to_json() for result in self.evidence],
            "mutants": [result.to_json() for result in self.mutants],
        }


@dataclass(frozen=True)
class Verification:
    """The outcome of `verify`: claims in the order they were asked for, dependencies first where they were added.

    `unfinished` names the claims that have no verdict because the run was interrupted.
    """

    claims: tuple[ClaimReport, ...]
    environment: dict[str, Any] = field(default_factory=dict)
    unfinished: tuple[str, ...] = ()

    @property
    def summary(self) -> dict[str, int]:
        """How many claims got each verdict."""
        return {str(verdict): sum(claim.verdict == verdict for claim in self.claims) for verdict in Verdict}

    @property
    def good(self) -> bool:
        """Whether there is a claim, and every verdict is as it should be."""
        return bool(self.claims) and not self.unfinished and all(claim.good for claim in self.claims)

    def to_json(self) -> dict[str, Any]:
        """The payload of `verify --json`."""
        order = ("proved", "certified", "supported", "refuted", "inconclusive")
        return {
            "schema": 1,
            "claims": [claim.to_json() for claim in self.claims],
            "summary": {name: self.summary[name] for name in order},
            "environment": self.environment,
        } | ({"unfinished": list(self.unfinished)} if self.unfinished else {})
