"""The rules of the verdict, over every combination of outcomes that Hypothesis draws."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from early_alignment import verify
from early_alignment.proofs_check.claim.evidence import Covers, EvidenceKind, Outcome
from early_alignment.proofs_check.claim.results import EvidenceResult, MutantOutcome, MutantResult, Verdict
from early_alignment.proofs_check.verify.verdict import (
    ESTABLISHES,
    EXACT,
    STRENGTH,
    decide_verdict,
    established,
    mutant_outcome,
    needed_kinds,
)

GOOD_MUTANT = MutantResult("false", MutantOutcome.REFUTED)
evidence = st.builds(
    EvidenceResult,
    name=st.just("check"),
    kind=st.sampled_from(EvidenceKind),
    covers=st.sampled_from(Covers),
    outcome=st.sampled_from(Outcome),
    rechecked=st.integers(0, 2),
)
mutants = st.builds(MutantResult, name=st.just("false"), outcome=st.sampled_from(MutantOutcome))
needs = st.lists(st.sampled_from(EvidenceKind), min_size=1, unique=True)
dependencies = st.dictionaries(st.sampled_from(["a.one", "a.two"]), st.sampled_from(Verdict))


def piece(
    kind: EvidenceKind, outcome: Outcome, covers: Covers = Covers.STATEMENT, rechecked: int = 0
) -> EvidenceResult:
    return EvidenceResult("check", kind, covers, outcome, rechecked=rechecked)


def refutes(result: EvidenceResult) -> bool:
    """An exact counterexample against more than a lemma; the runner itself must have confirmed a certified check's."""
    against = result.outcome is Outcome.FAILED and result.covers is not Covers.LEMMA
    confirmed = result.kind is not EvidenceKind.CERTIFIED or result.rechecked > 0
    return against and result.kind in EXACT and confirmed


def test_verdicts_from_one_piece_of_needed_evidence():
    for kind, outcome, covers, rechecked in itertools.product(EvidenceKind, Outcome, Covers, (0, 1)):
        result = piece(kind, outcome, covers, rechecked)
        verdict, reason = decide_verdict([kind], [result], [GOOD_MUTANT])
        if refutes(result):
            assert verdict is Verdict.REFUTED
        elif outcome is Outcome.PASSED and covers is Covers.STATEMENT and kind in ESTABLISHES:
            empty = kind is EvidenceKind.CERTIFIED and not rechecked
            assert (verdict, reason) == (Verdict.SUPPORTED if empty else ESTABLISHES[kind], None)
        else:
            assert verdict is Verdict.INCONCLUSIVE
            assert reason


def test_strengths_are_those_of_the_architecture():
    assert ESTABLISHES == {
        "kernel": "proved",
        "symbolic": "proved",
        "certified": "certified",
        "property": "supported",
        "scaling": "supported",
    }


def test_a_certificate_certifies_what_was_rechecked():
    result = piece(EvidenceKind.CERTIFIED, Outcome.PASSED, rechecked=1)
    assert decide_verdict([EvidenceKind.CERTIFIED], [result], [GOOD_MUTANT])[0] is Verdict.CERTIFIED


def test_points_refute_and_establish_nothing():
    supported = piece(EvidenceKind.PROPERTY, Outcome.PASSED)
    for outcome, verdict in (
        (Outcome.PASSED, Verdict.SUPPORTED),
        (Outcome.UNAVAILABLE, Verdict.SUPPORTED),
        (Outcome.UNDECIDED, Verdict.INCONCLUSIVE),
        (Outcome.ERROR, Verdict.INCONCLUSIVE),
        (Outcome.FAILED, Verdict.REFUTED),
    ):
        points = piece(EvidenceKind.POINTS, outcome, Covers.INSTANCE)
        assert decide_verdict([EvidenceKind.PROPERTY], [points, supported], [GOOD_MUTANT])[0] is verdict


def test_a_proved_lemma_does_not_prove_the_theorem():
    pieces = [
        piece(EvidenceKind.SYMBOLIC, Outcome.PASSED, Covers.LEMMA),
        piece(EvidenceKind.PROPERTY, Outcome.PASSED),
    ]
    needed = [EvidenceKind.SYMBOLIC, EvidenceKind.PROPERTY]
    assert decide_verdict(needed, pieces, [GOOD_MUTANT])[0] is Verdict.SUPPORTED


def test_unavailable_evidence_counts_only_when_needed():
    pieces = [piece(EvidenceKind.KERNEL, Outcome.UNAVAILABLE), piece(EvidenceKind.PROPERTY, Outcome.PASSED)]
    assert decide_verdict([EvidenceKind.PROPERTY], pieces, [])[0] is Verdict.SUPPORTED
    assert decide_verdict([EvidenceKind.PROPERTY, EvidenceKind.KERNEL], pieces, [])[0] is Verdict.INCONCLUSIVE


def reported(outcome: Outcome, require: tuple[str, ...]) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict and the needs of a claim that has kernel evidence besides property evidence."""
    pieces = (piece(EvidenceKind.KERNEL, outcome), piece(EvidenceKind.PROPERTY, Outcome.PASSED))
    needed = needed_kinds(("property",), pieces, require)
    return decide_verdict(needed, pieces, [])[0], needed


def test_requiring_the_kernel_makes_it_needed_where_a_claim_has_it():
    assert reported(Outcome.UNAVAILABLE, ()) == (Verdict.SUPPORTED, ("property",))
    assert reported(Outcome.UNAVAILABLE, ("kernel",)) == (Verdict.INCONCLUSIVE, ("property", "kernel"))
    assert reported(Outcome.TIMEOUT, ("kernel",))[0] is Verdict.INCONCLUSIVE
    assert reported(Outcome.PASSED, ("kernel",))[0] is Verdict.PROVED
    assert reported(Outcome.FAILED, ())[0] is Verdict.REFUTED


def test_requiring_the_kernel_changes_nothing_where_a_claim_has_none(claim_file):
    (report,) = verify(claim_file(), require=("kernel",), jobs=1).claims
    assert (report.verdict, report.needs) == (Verdict.SUPPORTED, ("property",))


@given(needs, st.lists(evidence, max_size=4), st.lists(mutants, max_size=3), dependencies)
def test_a_good_verdict_means_that_everything_it_rests_on_is_good(needed, pieces, fared, uses):
    verdict, reason = decide_verdict(needed, pieces, fared, uses)
    assert (verdict is Verdict.REFUTED) == any(map(refutes, pieces))
    if STRENGTH[verdict] < STRENGTH[Verdict.SUPPORTED]:
        assert reason
        return
    assert {p.kind for p in pieces} >= set(needed)
    assert all(p.outcome is Outcome.PASSED for p in pieces if p.kind in needed)
    assert all(p.outcome is not Outcome.FAILED for p in pieces)
    assert all(m.outcome in (MutantOutcome.REFUTED, MutantOutcome.NOT_ACCEPTED) for m in fared)
    assert all(STRENGTH[verdict] <= STRENGTH[other] for other in uses.values())
    assert any(
        p.outcome is Outcome.PASSED
        and p.covers is Covers.STATEMENT
        and p.kind in ESTABLISHES
        and STRENGTH[established(p)] >= STRENGTH[verdict]
        for p in pieces
    )


@given(needs, st.lists(evidence, min_size=1, max_size=4), st.lists(mutants, max_size=3), dependencies, st.data())
def test_worse_outcomes_never_raise_a_verdict(needed, pieces, fared, uses, data):
    before, _ = decide_verdict(needed, pieces, fared, uses)
    number = data.draw(st.integers(0, len(pieces) - 1))
    outcome = data.draw(st.sampled_from([item for item in Outcome if item is not Outcome.PASSED]))
    old = pieces[number]
    if old.outcome is Outcome.FAILED:
        return  # removing a counterexample rightly raises the verdict
    worse = [*pieces[:number], EvidenceResult(old.name, old.kind, old.covers, outcome), *pieces[number + 1 :]]
    if old.outcome is not Outcome.PASSED and outcome is not Outcome.FAILED:
        return  # neither of the two passed
    assert STRENGTH[decide_verdict(needed, worse, fared, uses)[0]] <= STRENGTH[before]
    survivor = MutantResult("another", MutantOutcome.SURVIVED)
    assert STRENGTH[decide_verdict(needed, pieces, [*fared, survivor], uses)[0]] <= STRENGTH[Verdict.INCONCLUSIVE]


@given(needs, st.lists(evidence, min_size=1, max_size=4), dependencies)
def test_the_order_of_evidence_does_not_matter(needed, pieces, uses):
    assert decide_verdict(needed, pieces, [], uses)[0] is decide_verdict(needed, pieces[::-1], [], uses)[0]


@given(st.lists(evidence, min_size=1, max_size=4))
def test_a_mutant_is_refuted_only_by_a_counterexample(results):
    fared = mutant_outcome("false", results)
    outcomes = {result.outcome for result in results}
    assert (fared.outcome is MutantOutcome.REFUTED) == (Outcome.FAILED in outcomes)
    if fared.outcome is MutantOutcome.NOT_ACCEPTED:
        declined = {result.kind for result in results if result.outcome is Outcome.UNDECIDED}
        assert declined & {EvidenceKind.KERNEL, EvidenceKind.CERTIFIED}
        assert not outcomes & {Outcome.ERROR, Outcome.TIMEOUT}


def test_an_undecided_tactic_lets_a_mutant_survive():
    result = piece(EvidenceKind.SYMBOLIC, Outcome.UNDECIDED)
    assert mutant_outcome("false", [result]).outcome is MutantOutcome.SURVIVED
