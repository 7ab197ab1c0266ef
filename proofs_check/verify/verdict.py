"""From evidence to a verdict: one pure function, with nothing in it but the rules.

| what happened | verdict |
|---|---|
| an exact counterexample contradicts the statement or an instance of it | refuted |
| a counterexample was found that the runner did not confirm, as by a search in floats | inconclusive |
| needed evidence is missing or did not pass, the statement was tried at no point, a lemma failed | inconclusive |
| a mutant survived, a dependency failed | inconclusive |
| refuted as expected, but the evidence does not accept a true neighbour either | inconclusive |
| otherwise | the strongest kind that passed and covers the statement, capped by the weakest dependency |

Every rule can only lower a verdict, so more output, fewer cases or other job counts never raise one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..claim.evidence import Covers, EvidenceKind, Outcome
from ..claim.results import EvidenceResult, MutantOutcome, MutantResult, Verdict

ESTABLISHES = {kind: Verdict(kind.traits.establishes) for kind in EvidenceKind if kind.traits.establishes}
STRENGTH = {
    Verdict.PROVED: 4,
    Verdict.CERTIFIED: 3,
    Verdict.SUPPORTED: 2,
    Verdict.INCONCLUSIVE: 1,
    Verdict.REFUTED: 0,
}
RIGOROUS = tuple(kind for kind in EvidenceKind if kind.traits.declines)
EXACT = tuple(kind for kind in EvidenceKind if kind.traits.exact)
"""Kinds whose counterexamples are decided exactly or in balls; those of a search in floats refute nothing."""


def weaker(verdict: Verdict, other: Verdict) -> bool:
    """Whether `verdict` says less than `other`; refuted is the lowest."""
    return STRENGTH[verdict] < STRENGTH[other]


def decide_verdict(
    needs: Sequence[EvidenceKind],
    evidence: Sequence[EvidenceResult],
    mutants: Sequence[MutantResult],
    dependencies: Mapping[str, Verdict] | None = None,
    expected: str = "",
) -> tuple[Verdict, str | None]:
    """The verdict on a claim and the reason for it; the reason is None when nothing lowers the verdict.

    `needs` are the kinds that must be there and pass, `dependencies` the verdicts of the claims this one uses. Of a
    claim that is `expected` to be refuted the mutants are true neighbours: evidence that does not accept them refutes
    nothing.
    """
    for result in evidence:
        if _refutes(result):
            wrong = [mutant for mutant in mutants if expected and mutant.outcome is not MutantOutcome.ACCEPTED]
            if wrong:
                names = ", ".join(f"{mutant.name!r} ({mutant.outcome})" for mutant in wrong)
                return Verdict.INCONCLUSIVE, f"{result.name} failed, but so does what is true: {names}"
            return Verdict.REFUTED, f"{result.name} failed: {result.reason or 'a counterexample was found'}"
    obstacles = [
        *_evidence_obstacles(needs, evidence),
        *_mutant_obstacles(mutants),
        *_dependency_obstacles(dependencies or {}),
    ]
    if obstacles:
        return Verdict.INCONCLUSIVE, "; ".join(obstacles)
    return _capped(_strongest(evidence), dependencies or {})


def needed_kinds(
    needs: Iterable[EvidenceKind | str], evidence: Iterable[EvidenceResult], require: Iterable[str]
) -> tuple[EvidenceKind, ...]:
    """The kinds without which a claim is not done: its own, and those of `require` of which it has evidence."""
    present = {result.kind for result in evidence}
    required = (EvidenceKind(kind) for kind in require if EvidenceKind(kind) in present)
    return tuple(dict.fromkeys((*map(EvidenceKind, needs), *required)))


def _evidence_obstacles(needs: Sequence[EvidenceKind], evidence: Sequence[EvidenceResult]) -> list[str]:
    present = {result.kind for result in evidence}
    obstacles = [f"it needs {kind} evidence and has none" for kind in needs if kind not in present]
    for result in evidence:
        needed = result.kind in needs
        if result.kind is EvidenceKind.POINTS:
            if result.outcome not in (Outcome.PASSED, Outcome.UNAVAILABLE):
                obstacles.append(f"the statement was not evaluated at any point: {result.reason}")
        elif result.outcome is Outcome.FAILED and result.covers is not Covers.LEMMA:
            why = result.reason or "a counterexample was found"
            place = "" if result.kind in EXACT else " in floating-point numbers"
            obstacles.append(f"{result.name} failed{place}, and exact arithmetic did not confirm it: {why}")
        elif result.outcome is Outcome.FAILED:
            obstacles.append(f"the lemma {result.name} failed: {result.reason or 'a counterexample was found'}")
        elif needed and result.outcome is not Outcome.PASSED:
            why = f": {result.reason}" if result.reason else ""
            obstacles.append(f"{result.name} ({result.kind}) is {_phrase(result.outcome)}{why}")
    if not obstacles and not any(_sets_verdict(result) for result in evidence):
        obstacles.append("no evidence that passed covers the statement itself")
    return obstacles


def _phrase(outcome: Outcome) -> str:
    return {Outcome.ERROR: "in error", Outcome.TIMEOUT: "out of time"}.get(outcome, str(outcome))


def _mutant_obstacles(mutants: Sequence[MutantResult]) -> list[str]:
    """Obstacles from mutants; `not accepted` is only ever given by rigorous evidence, see `mutant_outcome`."""
    obstacles = []
    for mutant in mutants:
        if mutant.outcome is MutantOutcome.SURVIVED:
            obstacles.append(f"the mutant {mutant.name!r} survived")
        elif mutant.outcome is MutantOutcome.ERROR:
            obstacles.append(f"the mutant {mutant.name!r} ended in an error: {mutant.reason or 'no details'}")
    return obstacles


def _dependency_obstacles(dependencies: Mapping[str, Verdict]) -> list[str]:
    return [
        f"it uses {name}, which is {verdict}"
        for name, verdict in dependencies.items()
        if weaker(verdict, Verdict.SUPPORTED)
    ]


def _refutes(result: EvidenceResult) -> bool:
    """Whether it holds an exact counterexample; that of a certified check must have been confirmed by the runner."""
    failed = result.outcome is Outcome.FAILED and result.covers is not Covers.LEMMA and result.kind in EXACT
    return failed and (result.kind is not EvidenceKind.CERTIFIED or result.rechecked > 0)


def _sets_verdict(result: EvidenceResult) -> bool:
    passed = result.outcome is Outcome.PASSED and result.covers is Covers.STATEMENT
    return passed and result.kind in ESTABLISHES


def established(result: EvidenceResult) -> Verdict:
    """What evidence that passed establishes; a certificate that carries nothing to recheck only supports."""
    if result.kind is EvidenceKind.CERTIFIED and not result.rechecked:
        return Verdict.SUPPORTED
    return ESTABLISHES[result.kind]


def _strongest(evidence: Sequence[EvidenceResult]) -> Verdict:
    return max((established(result) for result in evidence if _sets_verdict(result)), key=STRENGTH.__getitem__)


def _capped(verdict: Verdict, dependencies: Mapping[str, Verdict]) -> tuple[Verdict, str | None]:
    """No claim is stronger than the weakest one it uses."""
    weakest = min(dependencies.items(), key=lambda item: STRENGTH[item[1]], default=None)
    if weakest is None or not weaker(weakest[1], verdict):
        return verdict, None
    return weakest[1], f"{verdict} by its own evidence, but it uses {weakest[0]}, which is only {weakest[1]}"


def true_neighbour_outcome(name: str, results: Sequence[EvidenceResult]) -> MutantResult:
    """How a true neighbour of a refuted claim fared: accepted if nothing failed and the statement was established."""
    found = mutant_outcome(name, results)
    passed = next((result for result in results if _sets_verdict(result)), None)
    if found.outcome is not MutantOutcome.REFUTED and passed is not None:
        return MutantResult(name, MutantOutcome.ACCEPTED, passed.name, passed.reason, found.seconds)
    return found


def mutant_outcome(name: str, results: Sequence[EvidenceResult]) -> MutantResult:
    """How a mutant fared, from the claim's evidence run on it.

    One counterexample refutes it. Without one, an error or a time-out leaves the question open and counts as an error,
    since neither says anything about the mutant; a kernel or rigorous arithmetic that declined makes it `not accepted`;
    anything else, an undecided tactic included, means that it survived.
    """
    seconds = sum(result.seconds for result in results)
    for result in results:
        if result.outcome is Outcome.FAILED:
            return MutantResult(name, MutantOutcome.REFUTED, result.name, result.reason, seconds)
    for result in results:
        if result.outcome in (Outcome.ERROR, Outcome.TIMEOUT):
            reason = f"{result.name} is {_phrase(result.outcome)}: {result.reason}"
            return MutantResult(name, MutantOutcome.ERROR, result.name, reason, seconds)
    for result in results:
        if result.outcome is Outcome.UNDECIDED and result.kind in RIGOROUS:
            return MutantResult(name, MutantOutcome.NOT_ACCEPTED, result.name, result.reason, seconds)
    reason = "; ".join(f"{result.name}: {result.outcome}" for result in results)
    return MutantResult(name, MutantOutcome.SURVIVED, "", reason, seconds)
