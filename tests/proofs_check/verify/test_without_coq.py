"""Every verdict is reached without Coq: kernel evidence is additional."""

from fractions import Fraction

import numpy as np
import pytest
from sympy import Rational

from early_alignment import Run
from early_alignment.proofs_check.claim import registry
from early_alignment.proofs_check.claim.evidence import Covers, EvidenceKind, Outcome
from early_alignment.proofs_check.claims.spurious import geometry, single_direction, stationary
from early_alignment.proofs_check.kinds.symbolic import run_symbolic
from early_alignment.proofs_check.verify.verdict import ESTABLISHES, STRENGTH

IDS = sorted(registry.built_in_references())


@pytest.mark.parametrize("claim_id", IDS)
def test_other_evidence_on_the_statement_is_as_strong_as_coq(claim_id):
    """The strongest kind that covers the statement sets the verdict; it must not be the kernel's alone."""
    item = registry.load(registry.claim_reference(claim_id))
    strengths = {
        piece.kind: STRENGTH[ESTABLISHES[piece.kind]] for piece in item.evidence if piece.covers is Covers.STATEMENT
    }
    kernel = strengths.pop(EvidenceKind.KERNEL, 0)
    assert strengths, "nothing but Coq covers the statement"
    assert max(strengths.values()) >= kernel
    assert EvidenceKind.KERNEL not in item.claim.needs


IN_PROCESS = {
    geometry: geometry.every_inequality_on_the_box,
    single_direction: single_direction.every_choice_of_slopes,
    stationary: stationary.every_part_is_decided,
}
ALTERED = [
    (geometry, {"below": Rational(1, 3)}, Outcome.PASSED),  # the largest eta for which all of it holds
    (geometry, {"below": Rational(335, 1000)}, Outcome.FAILED),
    (single_direction, {"below": Rational(1, 2)}, Outcome.PASSED),  # up to where all correlations are positive
    (single_direction, {"below": Rational(501, 1000)}, Outcome.UNDECIDED),  # the proof ends there, not the statement
    (stationary, {"reach": Fraction(65, 39)}, Outcome.FAILED),
    (stationary, {"escape": (Fraction(2), Fraction(-1))}, Outcome.FAILED),
    (stationary, {"change": 0}, Outcome.FAILED),
    (stationary, {"least": Fraction(1, 100)}, Outcome.FAILED),
    (stationary, {"interpolating": ((Fraction(1), Fraction(0), Fraction(1, 10)),)}, Outcome.FAILED),
    (stationary, {"labels": (Fraction(1), Fraction(1), Fraction(1))}, Outcome.FAILED),
]


@pytest.mark.parametrize(("module", "changes", "expected"), ALTERED)
def test_proofs_in_process_follow_the_statement(module, changes, expected):
    statement = module.STATEMENT.altered(**changes)
    assert run_symbolic(IN_PROCESS[module], module.CLAIM, statement, compare=False)["outcome"] is expected


@pytest.mark.parametrize("changes", [changes for module, changes, _ in ALTERED if module is stationary])
def test_fractions_by_hand_agree_with_the_algebra(changes):
    statement = stationary.STATEMENT.altered(**changes)
    found = stationary.rationals_agree.check(statement, Run("quick", np.random.default_rng(0)))
    assert found.counterexample is not None
