"""Every way in which a check can fail, planted in a claim file: each must lower the verdict."""

from __future__ import annotations

import pytest

from early_alignment import verify
from early_alignment.proofs_check.claim.evidence import Outcome
from early_alignment.proofs_check.claim.results import MutantOutcome, Verdict

PROPERTY = "@property_check(st.integers(1, 10**6), quick=10, full=15)\ndef even(statement, x):\n"
POWER = "    power = statement['power']\n"
HOLDS = "    return Margin(abs((-x) ** power - x**power), 0, 'exact')\n"

PLANTED = {
    "fails": (PROPERTY + "    return Margin(x, 5, 'planted')", Outcome.FAILED, Verdict.INCONCLUSIVE),
    "raises": (PROPERTY + "    raise ZeroDivisionError('planted')", Outcome.ERROR, Verdict.INCONCLUSIVE),
    "exits": (PROPERTY + "    os._exit(7)", Outcome.ERROR, Verdict.INCONCLUSIVE),
    "exits as if all were well": (PROPERTY + "    os._exit(0)", Outcome.ERROR, Verdict.INCONCLUSIVE),
    "exits quietly": (PROPERTY + "    raise SystemExit(0)", Outcome.ERROR, Verdict.INCONCLUSIVE),
    "NaN": (PROPERTY + "    return Margin(math.nan, 1, 'planted')", Outcome.ERROR, Verdict.INCONCLUSIVE),
    "allows everything": (PROPERTY + "    return Margin(1, math.inf, 'planted')", Outcome.ERROR, Verdict.INCONCLUSIVE),
    "never happened": (PROPERTY + "    return Margin(math.inf, 1, 'planted')", Outcome.FAILED, Verdict.INCONCLUSIVE),
    "no margin": (PROPERTY + "    return True", Outcome.ERROR, Verdict.INCONCLUSIVE),
    "assumes everything away": (PROPERTY + "    assume(False)", Outcome.UNDECIDED, Verdict.INCONCLUSIVE),
    "assumes nearly everything away": (
        PROPERTY + "    assume(x % 1000 == 77)\n" + POWER + HOLDS,
        Outcome.UNDECIDED,
        Verdict.INCONCLUSIVE,
    ),
    "too few cases": (
        "@property_check(st.sampled_from([1, 2]), quick=10)\ndef even(statement, x):\n" + POWER + HOLDS,
        Outcome.UNDECIDED,
        Verdict.INCONCLUSIVE,
    ),
    "zero cases": (
        "@property_check(st.integers(1, 9), quick=0)\ndef even(statement, x):\n" + POWER + HOLDS,
        Outcome.UNDECIDED,
        Verdict.INCONCLUSIVE,
    ),
    "flaky": (
        PROPERTY + "    os.seen = getattr(os, 'seen', 0) + 1\n    return Margin(float(os.seen == 3), 0, 'planted')",
        Outcome.ERROR,
        Verdict.INCONCLUSIVE,
    ),
    "unavailable": (PROPERTY + "    raise Unavailable('planted')", Outcome.UNAVAILABLE, Verdict.INCONCLUSIVE),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_failure_lowers_the_verdict(name, claim_file):
    body, outcome, verdict = PLANTED[name]
    (report,) = verify(claim_file(body), jobs=2).claims
    assert report.evidence[0].outcome is outcome, report.evidence[0].detail
    assert report.verdict is verdict
    assert report.reason


def test_the_skeleton_without_a_planted_failure_is_supported(claim_file):
    (report,) = verify(claim_file(), jobs=1).claims
    assert (report.verdict, report.reason) == (Verdict.SUPPORTED, None)
    assert report.evidence[0].cases == 10
    assert report.mutants[0].outcome is MutantOutcome.REFUTED


def test_full_draws_more_cases(claim_file):
    assert verify(claim_file(), level="full").claims[0].evidence[0].cases == 15


EDGES = PROPERTY.replace("quick=10", "quick=10, edges=lambda: (0, -3)")


def test_edge_cases_are_measured_besides_those_that_are_drawn(claim_file):
    (report,) = verify(claim_file(EDGES + POWER + HOLDS), jobs=1).claims
    assert (report.verdict, report.evidence[0].cases) == (Verdict.SUPPORTED, 12)
    excluded = EDGES + "    assume(x >= 0)\n" + POWER + HOLDS
    (report,) = verify(claim_file(excluded), jobs=1).claims
    assert (report.verdict, report.evidence[0].cases) == (Verdict.SUPPORTED, 11)


def test_an_edge_case_that_no_strategy_draws_refutes(claim_file):
    (report,) = verify(claim_file(EDGES + "    return Margin(float(x == -3), 0, 'planted')"), jobs=1).claims
    assert report.evidence[0].outcome is Outcome.FAILED
    assert report.evidence[0].counterexample.description == "-3"
    assert report.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("flaw", ["return Margin(math.nan, 1, 'planted')", "raise ZeroDivisionError('planted')"])
def test_an_edge_case_that_decides_nothing_is_an_error(flaw, claim_file):
    body = EDGES + f"    if x == -3:\n        {flaw}\n" + POWER + HOLDS
    (report,) = verify(claim_file(body), jobs=1).claims
    assert report.evidence[0].outcome is Outcome.ERROR
    assert "-3" in str(report.evidence[0].reason)


def test_a_check_out_of_time_is_stopped_and_others_continue(claim_file):
    slow = PROPERTY.replace("quick=10", "quick=10, timeout=1.0") + "    time.sleep(60)"
    run = verify(claim_file(slow, id="test.slow"), claim_file(id="test.fast"), jobs=1)
    assert [claim.verdict for claim in run.claims] == [Verdict.INCONCLUSIVE, Verdict.SUPPORTED]
    assert run.claims[0].evidence[0].outcome is Outcome.TIMEOUT
    assert run.claims[0].mutants[0].outcome is MutantOutcome.ERROR


def test_a_surviving_mutant_makes_the_claim_inconclusive(claim_file):
    blind = PROPERTY + "    return Margin(abs((-x) ** 2 - x**2), 0, 'does not look at the statement')"
    (report,) = verify(claim_file(blind)).claims
    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.mutants[0].outcome is MutantOutcome.SURVIVED
    assert "'cubes' survived" in str(report.reason)


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ("Certificate(3, 'fine')", Outcome.PASSED),
        ("Certificate(0, 'nothing')", Outcome.UNDECIDED),
        ("Certificate(3, 'planted', counterexample={'x': 1})", Outcome.FAILED),
        ("Certificate(3, 'planted', undecided='straddles')", Outcome.UNDECIDED),
        ("None", Outcome.ERROR),
    ],
)
def test_outcomes_of_certified_evidence(result, outcome, claim_file):
    body = f"@certified()\ndef exact(statement, run):\n    return {result}"
    (report,) = verify(claim_file(body, needs=("certified",))).claims
    assert report.evidence[0].outcome is outcome


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("    yield Zero('square', (-x)**2 - x**2)", Outcome.PASSED),
        ("    yield Zero('cube', (-x)**3 - x**3)", Outcome.FAILED),
        ("    return []", Outcome.UNDECIDED),
        ("    yield x", Outcome.ERROR),
        ("    yield Zero('open', sympy.Function('f')(x) - sympy.Function('f')(x + 1 - 1) + 0 * x)", Outcome.PASSED),
    ],
)
def test_outcomes_of_symbolic_evidence(body, outcome, claim_file):
    (report,) = verify(claim_file("@symbolic()\ndef derived(statement):\n" + body, needs=("symbolic",))).claims
    assert report.evidence[0].outcome is outcome, report.evidence[0].detail


@pytest.mark.parametrize(
    ("measured", "outcome"), [("0.25", Outcome.PASSED), ("2.0", Outcome.FAILED), ("math.nan", Outcome.ERROR)]
)
def test_outcomes_of_scaling_evidence(measured, outcome, claim_file):
    body = f"@scaling()\ndef slope(statement, run):\n    return Margin({measured}, 1.0, 'fit')"
    (report,) = verify(claim_file(body, needs=("scaling",))).claims
    assert report.evidence[0].outcome is outcome


def test_a_theorem_is_no_stronger_than_what_it_uses(claim_file):
    lemma = claim_file(id="test.lemma")
    exact = "@symbolic()\ndef derived(statement):\n    p = statement['power']\n    yield Zero('even', (-x)**p - x**p)\n"
    theorem = claim_file(exact, needs=("symbolic",), id="test.theorem", depends_on=("test.lemma",))
    run = verify(theorem, lemma)
    assert [claim.id for claim in run.claims] == ["test.lemma", "test.theorem"]
    assert run.claims[1].verdict is Verdict.SUPPORTED
    assert "test.lemma" in str(run.claims[1].reason)
    claim_file(PROPERTY + "    return Margin(x, 5, 'planted')", id="test.lemma2")
    broken = claim_file(exact, needs=("symbolic",), id="test.other", depends_on=("test.lemma2",))
    run = verify(broken, str(lemma).replace("lemma", "lemma2"))
    assert [claim.verdict for claim in run.claims] == [Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE]
