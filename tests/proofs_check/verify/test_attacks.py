"""Claim files that state something false or empty and used to be called proved or certified."""

from __future__ import annotations

import textwrap

import pytest

from early_alignment import verify
from early_alignment.proofs_check.claim.evidence import Covers, EvidenceKind, Outcome
from early_alignment.proofs_check.claim.results import Verdict

HEAD = """
import multiprocessing
from fractions import Fraction

import sympy
from hypothesis import strategies as st

from early_alignment import (
    Certificate, Claim, Margin, Mutant, Nonnegative, Predicate, Source, Zero, certified, property_check, symbolic,
)
from early_alignment.proofs_check.kinds.rechecks import AtPoint, HoldsOnBoxes

x = sympy.Symbol("x", real=True)
t = sympy.Symbol("t", nonnegative=True)
c = sympy.Function("c")


def claim(statement, mutant, needs, **more):
    return Claim(
        id="attack.file", title="t", kind="k", statement=statement, hypotheses=(), scope="s",
        source=Source("none", "none", "3.1"), needs=needs,
        mutants=(Mutant("neighbour", mutant, "by hand"),), **more,
    )


def ge(left, right):
    return sympy.Ge(left, right, evaluate=False)


def eq(left, right):
    return sympy.Eq(left, right, evaluate=False)
"""

ATTACKS = {
    "a hypothesis smuggled in through `given`": (
        """
        CLAIM = claim(ge(x, 1), ge(x, 2), ("symbolic",))
        @symbolic()
        def f(statement):
            yield Nonnegative("x", statement.lhs - statement.rhs, (x - 5 + 5 - statement.rhs,), (x - statement.rhs,))
        """,
        Verdict.REFUTED,
    ),
    "the goal itself given": (
        """
        CLAIM = claim(ge(x**3, 0), ge(x**3, 1), ("symbolic",))
        @symbolic()
        def f(statement):
            yield Nonnegative("x", statement.lhs - statement.rhs, given=(statement.lhs - statement.rhs,))
        """,
        Verdict.REFUTED,
    ),
    "contradictory hypotheses": (
        """
        CLAIM = claim(ge(x, 7), ge(x, 8), ("symbolic",), assuming=(x > 1, x < 0))
        @symbolic()
        def f(statement):
            yield Nonnegative("x", statement.lhs - statement.rhs, given=(x - 8, -x))
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a solution checked at one point": (
        """
        CLAIM = claim(
            eq(c(t), 1 - t), eq(c(t), 2 - t), ("symbolic",),
            defined_by=(eq(sympy.Derivative(c(t), t), -c(t)), eq(c(0), 1)),
        )
        @symbolic()
        def f(statement):
            yield Zero("start", statement.rhs.subs(t, 0) - 1)
        """,
        Verdict.REFUTED,
    ),
    "a lemma for the statement": (
        """
        CLAIM = claim(ge(x**2 - 2 * x, -1), ge(x**2 - 2 * x, 0), ("symbolic",), names={"x": "a quantity"})
        @symbolic()
        def f(statement):
            yield Nonnegative("square", x**2)
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a certificate that says ok": (
        """
        CLAIM = claim(sympy.Le(x, 1, evaluate=False), sympy.Le(x, 0, evaluate=False), ("certified",))
        @certified()
        def f(statement, run):
            return Certificate(1, "ok")
        """,
        Verdict.REFUTED,
    ),
    "a certificate in floats": (
        """
        CLAIM = claim(sympy.Lt(x * (1 - x), Fraction(26, 100)), sympy.Lt(x * (1 - x), 0), ("certified",),
                      assuming=(x >= 0, x <= 1))
        @certified()
        def f(statement, run):
            return Certificate(1, "ok", rechecks=(AtPoint(statement, {x: 0.5}),))
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a certificate about something else": (
        """
        CLAIM = claim(ge(x**2, 0), ge(x**2, 1), ("certified",))
        @certified()
        def f(statement, run):
            other = HoldsOnBoxes(ge(x, 0), ({x: (0, 1)},), {x: (0, 1)})
            return Certificate(1, "ok", rechecks=(other,))
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a certificate at a single point": (
        """
        CLAIM = claim(ge(x**2, 0), ge(x**2, 1), ("certified",))
        @certified()
        def f(statement, run):
            return Certificate(1, "ok", rechecks=(AtPoint(statement, {x: 2}),))
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a certificate on a part of what the hypotheses admit": (
        """
        CLAIM = claim(ge(x + 1, 0), ge(x, 1), ("certified",), assuming=(x >= 0, x <= 1))
        @certified()
        def f(statement, run):
            half = {x: (0, Fraction(1, 2))}
            return Certificate(1, "ok", rechecks=(HoldsOnBoxes(statement, (half,), half),))
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a certificate of less than is stated": (
        """
        CLAIM = claim(sympy.Gt(x + 1, 0), sympy.Gt(x, 1), ("certified",), assuming=(x >= 0, x <= 1))
        @certified()
        def f(statement, run):
            all_of_it = {x: (0, 1)}
            return Certificate(1, "ok", rechecks=(HoldsOnBoxes(ge(x + 1, 0), (all_of_it,), all_of_it),))
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a counterexample that is none": (
        """
        CLAIM = claim(ge(x**2, 0), ge(x**2, 1), ("certified",))
        @certified()
        def f(statement, run):
            return Certificate(1, "fails", counterexample={"x": "1/2"})
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a counterexample against the hypotheses": (
        """
        CLAIM = claim(ge(x, 0), ge(x, 1), ("certified",), assuming=(x >= 0,))
        @certified()
        def f(statement, run):
            return Certificate(1, "fails", counterexample={x: -1})
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a counterexample in floats": (
        """
        CLAIM = claim(ge(x**2, 0), ge(x**2, 1), ("certified",))
        @certified()
        def f(statement, run):
            return Certificate(1, "fails", counterexample={"x": 0.5})
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a predicate refuted by a text alone": (
        """
        STATEMENT = Predicate("all is well", "$well", {"well": True}, words={"well": {True: "x", False: "y"}})
        CLAIM = claim(STATEMENT, STATEMENT.altered(well=False), ("certified",))
        @certified()
        def f(statement, run):
            return Certificate(1, "fails", counterexample={"the case": "any"})
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a false obligation that the statement does not make": (
        """
        CLAIM = claim(ge(x**2, 0), ge(x**2, 1), ("symbolic",))
        @symbolic()
        def f(statement):
            yield Nonnegative("more than is stated", statement.lhs - statement.rhs - 1)
        """,
        Verdict.INCONCLUSIVE,
    ),
    "another statement in the worker": (
        """
        def stated():
            return ge(x**2, 0) if multiprocessing.parent_process() else ge(x, 0)
        CLAIM = claim(stated(), ge(x, 1), ("symbolic",))
        @symbolic()
        def f(statement):
            yield Nonnegative("x", statement.lhs - statement.rhs)
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a limit that SymPy gets wrong": (
        """
        k = sympy.Symbol("k", positive=True)
        z = sympy.Symbol("z", positive=True)
        INSIDE = sympy.tan(k * sympy.atan(z) - (k - 1) * sympy.pi / 2) / z
        LIMIT = sympy.Limit(INSIDE, z, sympy.oo)
        CLAIM = claim(eq(LIMIT, sympy.S.Zero), eq(LIMIT, sympy.S.One), ("symbolic",))
        @symbolic()
        def f(statement):
            limit, value = statement.args
            yield Zero("limit", sympy.limit(limit.args[0], z, sympy.oo) - value)
        """,
        Verdict.INCONCLUSIVE,
    ),
    "a strict inequality shown to be weak": (
        """
        y = sympy.Symbol("y", nonnegative=True)
        CLAIM = claim(sympy.Gt(y, 0, evaluate=False), sympy.Gt(y, 1, evaluate=False), ("symbolic",))
        @symbolic()
        def f(statement):
            yield Nonnegative("y", statement.lhs - statement.rhs)
        """,
        Verdict.REFUTED,
    ),
}


@pytest.fixture
def attack(tmp_path):
    def write(body: str) -> str:
        path = tmp_path / "attack.py"
        path.write_text(HEAD + textwrap.dedent(body))
        return str(path)

    return write


@pytest.mark.parametrize("name", ATTACKS)
def test_each_attack_gets_its_expected_verdict(name, attack):
    body, verdict = ATTACKS[name]
    (report,) = verify(attack(body), jobs=2).claims
    assert report.verdict is verdict, report.reason
    assert report.reason


TRUE = {
    "an equation": (
        """
        CLAIM = claim(eq((x + 1) ** 2, x**2 + 2 * x + 1), eq((x + 1) ** 2, x**2 + 1), ("symbolic",))
        @symbolic()
        def f(statement):
            yield Zero("x", statement.lhs - statement.rhs)
        """,
        Verdict.PROVED,
    ),
    "an inequality under a hypothesis": (
        """
        CLAIM = claim(ge(x, x**2), ge(x, 2 * x**2), ("symbolic",), assuming=(x >= 0, x <= 1))
        @symbolic()
        def f(statement):
            yield Nonnegative("x", statement.lhs - statement.rhs, (x * (1 - x),), (x, 1 - x))
        """,
        Verdict.PROVED,
    ),
    "a solution of an equation": (
        """
        CLAIM = claim(
            eq(c(t), sympy.exp(-t)), eq(c(t), sympy.exp(-2 * t)), ("symbolic",),
            defined_by=(eq(sympy.Derivative(c(t), t), -c(t)), eq(c(0), 1)),
        )
        @symbolic()
        def f(statement):
            yield Zero("start", statement.rhs.subs(t, 0) - 1)
        """,
        Verdict.PROVED,
    ),
    "a true limit": (
        """
        z = sympy.Symbol("z", positive=True)
        LIMIT = sympy.Limit(sympy.tanh(z), z, sympy.oo)
        CLAIM = claim(eq(LIMIT, sympy.S.One), eq(LIMIT, sympy.Integer(2)), ("symbolic",))
        @symbolic()
        def f(statement):
            limit, value = statement.args
            yield Zero("limit", limit - value)
        """,
        Verdict.PROVED,
    ),
    "balls on boxes": (
        """
        BOXES = tuple({x: (Fraction(k, 40), Fraction(k + 1, 40))} for k in range(40))
        CLAIM = claim(sympy.Lt(x * (1 - x), sympy.Rational(30, 100)), sympy.Lt(x * (1 - x), 0), ("certified",),
                      assuming=(x >= 0, x <= 1))
        @certified()
        def f(statement, run):
            if statement.rhs == 0:
                return Certificate(1, "fails", counterexample={"x": "1/2"})
            return Certificate(40, "ok", rechecks=(HoldsOnBoxes(statement, BOXES, {x: (0, 1)}),))
        """,
        Verdict.CERTIFIED,
    ),
    "a number that a ball decides": (
        """
        CLAIM = claim(sympy.Lt(sympy.sqrt(2) + sympy.pi, 5, evaluate=False),
                      sympy.Lt(sympy.sqrt(2) + sympy.pi, 4, evaluate=False), ("certified",))
        @certified()
        def f(statement, run):
            if statement.rhs == 4:
                return Certificate(1, "fails", counterexample={})
            return Certificate(1, "ok", rechecks=(AtPoint(statement),))
        """,
        Verdict.CERTIFIED,
    ),
    "a certificate with nothing to recheck": (
        """
        CLAIM = claim(ge(x**2, 0), ge(x**2, 1), ("certified",))
        @certified()
        def f(statement, run):
            return Certificate(1, "ok")
        """,
        Verdict.SUPPORTED,
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_claim_keeps_its_verdict(name, attack):
    body, verdict = TRUE[name]
    (report,) = verify(attack(body), jobs=2).claims
    assert report.verdict is verdict, (
        report.reason,
        [(e.name, e.outcome, e.covers, e.reason) for e in report.evidence],
    )


def test_boxes_that_leave_a_gap_are_refused(attack):
    body, _ = TRUE["balls on boxes"]
    (report,) = verify(attack(body.replace("range(40))", "range(39))")), jobs=2).claims
    assert report.verdict is Verdict.INCONCLUSIVE
    assert "no box covers" in str(report.reason)


def test_a_search_in_floats_refutes_nothing_by_itself(attack):
    body = """
    CLAIM = claim(ge(x**2, 0), ge(x**2, 1), ("property",))
    @property_check(st.integers(1, 9))
    def f(statement, case):
        return Margin(1.0, 0.5, "a bound that is too small", {"case": case})
    """
    (report,) = verify(attack(body), jobs=2).claims
    assert report.verdict is Verdict.INCONCLUSIVE
    assert "exact arithmetic did not confirm it" in str(report.reason)


def test_hypotheses_are_shown_in_their_exact_form(attack):
    body, _ = TRUE["an inequality under a hypothesis"]
    (report,) = verify(attack(body), jobs=2).claims
    assert report.under == ("x real", "x >= 0", "x <= 1")
    assert report.to_json()["under"] == ["x real", "x >= 0", "x <= 1"]
    hidden = """
    CLAIM = claim(ge(x**2 + 1, 0), ge(x**2, 1), ("symbolic",))
    @symbolic()
    def f(statement):
        yield Nonnegative("x", statement.lhs - statement.rhs, given=(x - 3,))
    """
    (report,) = verify(attack(hidden), jobs=2).claims
    assert "x - 3 >= 0" in report.under


def test_the_number_of_points_is_reported(attack):
    body, _ = TRUE["an inequality under a hypothesis"]
    (report,) = verify(attack(body), jobs=2).claims
    points = report.evidence[0]
    assert (points.kind, points.covers, points.outcome) == (EvidenceKind.POINTS, Covers.INSTANCE, Outcome.PASSED)
    assert points.cases >= 50
