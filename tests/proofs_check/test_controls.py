"""Bugs planted in what decides every claim: each must make a control fail, and with it every verdict."""

from __future__ import annotations

import pytest

from early_alignment.proofs_check import controls, verdict, verify
from early_alignment.proofs_check.evidence import Margin, Outcome
from early_alignment.proofs_check.results import Verdict
from early_alignment.theory import zero


@pytest.fixture(autouse=True)
def asked_anew():
    controls.faults.cache_clear()
    yield
    controls.faults.cache_clear()


def test_all_controls_are_answered_rightly():
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
    "no points for zeros": lambda m: m.setattr(zero, "ZERO_ATTEMPTS", 0),
    "no points for signs": lambda m: m.setattr(zero, "SIGN_ATTEMPTS", 0),
    "every certificate holds": lambda m: m.setattr("early_alignment.proofs_check.rechecks.faults", lambda items: []),
    "no points for statements": lambda m: m.setattr(
        "early_alignment.proofs_check.confront.ATTEMPTS", {"quick": 0, "full": 0}
    ),
    "no descent": lambda m: m.setattr("early_alignment.proofs_check.confront.DESCENT", 0),
    "every exit code of Coq is 0": lambda m: m.setattr(
        "early_alignment.proofs_check.kernel.coqc._declined",
        lambda errors: __import__("early_alignment.proofs_check.kernel.coqc", fromlist=["Reply"]).Reply("proved"),
    ),
    "the judge breaks": lambda m: m.setattr(verdict, "_capped", lambda *_: 1 / 0),
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_bug_in_the_judge_makes_a_control_fail(name, monkeypatch):
    PLANTS[name](monkeypatch)
    assert controls.faults()


def test_a_wrong_answer_makes_every_claim_inconclusive(claim_file, monkeypatch):
    monkeypatch.setitem(controls.CONTROLS, "planted", lambda: False)
    (report,) = verify(claim_file(), jobs=1).claims
    assert report.verdict is Verdict.INCONCLUSIVE
    assert "planted" in str(report.reason)
