"""Bugs planted in what decides every claim: each must make a control fail, and with it every verdict."""

from __future__ import annotations

import flint
import pytest
import sympy

from early_alignment import Margin, verify
from early_alignment.proofs_check.claim import results
from early_alignment.proofs_check.claim.evidence import EvidenceKind, Outcome
from early_alignment.proofs_check.claim.results import Verdict
from early_alignment.proofs_check.coq import printer
from early_alignment.proofs_check.verify import controls, verdict
from early_alignment.theory.formal import balls, decide, limits, sample


@pytest.fixture(autouse=True)
def asked_anew():
    controls.faults.cache_clear()
    yield
    controls.faults.cache_clear()


def test_all_controls_are_answered_correctly():
    assert controls.faults() == ()


PLANTS = {
    "the strongest dependency caps": lambda m: m.setattr(verdict, "weaker", lambda a, b: False),
    "instances set the verdict": lambda m: m.setattr(verdict, "_sets_verdict", lambda r: r.outcome is Outcome.PASSED),
    "survivors are ignored": lambda m: m.setattr(verdict, "_mutant_obstacles", lambda mutants: []),
    "empty certificates certify": lambda m: m.setattr(
        verdict, "established", lambda result: verdict.ESTABLISHES[result.kind]
    ),
    "a NaN margin holds": lambda m: m.setattr(Margin, "holds", property(lambda self: not self.measured > self.allowed)),
    "a flaw is overlooked": lambda m: m.setattr(Margin, "flaw", property(lambda self: "")),
    "no points for zeros": lambda m: m.setattr(decide, "ZERO_ATTEMPTS", 0),
    "no points for signs": lambda m: m.setattr(decide, "SIGN_ATTEMPTS", 0),
    "every certificate holds": lambda m: m.setattr(
        "early_alignment.proofs_check.kinds.certified.faults", lambda items: []
    ),
    "certificates are not compared": lambda m: m.setattr(
        "early_alignment.proofs_check.kinds.certified._gaps", lambda *given: iter(())
    ),
    "counterexamples are taken at their word": lambda m: m.setattr(
        "early_alignment.proofs_check.kinds.certified.contradicted", lambda *given: ""
    ),
    "false obligations refute": lambda m: m.setattr(
        "early_alignment.proofs_check.kinds.symbolic._no_refutation", lambda *given: ""
    ),
    "no points for statements": lambda m: m.setattr(
        "early_alignment.proofs_check.kinds.points.ATTEMPTS", {"quick": 0, "full": 0}
    ),
    "no descent": lambda m: m.setattr("early_alignment.proofs_check.kinds.points.DESCENT", 0),
    "every exit code of Coq is 0": lambda m: m.setattr(
        "early_alignment.proofs_check.coq.coqc._declined",
        lambda errors: __import__("early_alignment.proofs_check.coq.coqc", fromlist=["Reply"]).Reply("proved"),
    ),
    "the judge breaks": lambda m: m.setattr(verdict, "_capped", lambda *_: 1 / 0),
    "every kind of evidence declines rigorously": lambda m: m.setattr(verdict, "RIGOROUS", tuple(EvidenceKind)),
    "needs are forgotten": lambda m: m.setattr(verdict, "needed_kinds", lambda needs, evidence, require: tuple(needs)),
    "false certificates of flows are accepted": lambda m: m.setattr(
        "early_alignment.proofs_check.recheck.recheck_flow", lambda text: None
    ),
    "false enclosures of paths are accepted": lambda m: m.setattr(
        "early_alignment.proofs_check.recheck.limit_path.recheck_path", lambda *_: None
    ),
    "hypotheses hold everywhere": lambda m: m.setattr(
        "early_alignment.proofs_check.kinds.points._admissible", lambda question, instance: True
    ),
    "every hypothesis is implied": lambda m: m.setattr(
        "early_alignment.proofs_check.kinds.symbolic._implied", lambda quantity, hypotheses: True
    ),
    "no alteration is tried": lambda m: m.setattr(
        "early_alignment.proofs_check.kinds.symbolic._alterations", lambda relation: ()
    ),
    "one entry for all questions": lambda m: m.setattr(
        "early_alignment.proofs_check.verify.evidence_cache.rests_on", lambda task, kind: [task.claim]
    ),
    "every run is good": lambda m: m.setattr(results.Verification, "good", True),
    "no verdict is weaker": lambda m: m.setattr(
        "early_alignment.proofs_check.verify.baseline.weaker", lambda verdict, other: False
    ),
    "vectors do not move in inner products": lambda m: m.setattr(
        "early_alignment.proofs_check.kinds.model_points._own_rate", lambda part, example, place: flint.arb(0)
    ),
    "cosh is printed as sinh": lambda m: m.setitem(printer._FUNCTIONS, sympy.cosh, printer._FUNCTIONS[sympy.sinh]),
    "atanh means something everywhere": lambda m: m.setattr(printer, "_needed", lambda node: iter(())),
    "sec is evaluated as csc": lambda m: m.setitem(balls._UNARY, sympy.sec, lambda x: x.csc()),
    "open ends belong to intervals": lambda m: m.setattr(sample, "admits", lambda atom, value, domain: True),
    "limits are confirmed from above": lambda m: m.setattr(
        limits, "_place", lambda point, direction, exponent, plain=limits._place: plain(point, "+", exponent)
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_bug_in_the_deciding_code_makes_a_control_fail(name, monkeypatch):
    PLANTS[name](monkeypatch)
    assert not all(controls.answered(control) for control in reversed(controls.CONTROLS.values()))


def test_a_wrong_answer_makes_every_claim_inconclusive(claim_file, monkeypatch):
    monkeypatch.setitem(controls.CONTROLS, "planted", lambda: False)
    (report,) = verify(claim_file(), jobs=1).claims
    assert report.verdict is Verdict.INCONCLUSIVE
    assert "planted" in str(report.reason)
