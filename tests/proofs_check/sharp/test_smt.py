"""The z3 screen: what it finds is rechecked, what it does not find is never a proof, and it may be absent."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational

from early_alignment import Unavailable, find_counterexample
from early_alignment.proofs_check.kinds.certified import judged
from early_alignment.proofs_check.sharp import screen
from early_alignment.proofs_check.sharp.constants import NotSharp, holds_up_to
from early_alignment.theory.positivity.algebraic import Root
from early_alignment.theory.spurious import first_failures as failures
from early_alignment.theory.spurious import three_points as points
from early_alignment.theory.spurious.sharp import CONSTANTS, Claimed

x, y = sympy.symbols("x y", real=True)
STEP = Rational(1, 10**9)
SOON = tuple(name for name in failures.FAILURES if name not in ("<beta*, x_1> > 0", "<beta*, x_3> > 0"))
"""The bounded inequalities whose failure z3 finds within a second by itself."""


@pytest.mark.z3
@pytest.mark.parametrize(
    ("hypotheses", "conclusion"),
    [
        ((x > 0, x < 1), x**2 < Rational(9, 10)),
        ((sympy.Eq(x + y, 1),), x * y < Rational(1, 4)),
        ((x**2 < 2, x > Rational(7, 5)), x < Rational(141, 100)),
        ((x**3 > 2,), x > Rational(126, 100)),
        ((), sympy.Ne(x, 3)),
    ],
)
def test_counterexamples_are_rational_and_exact(hypotheses, conclusion):
    found = find_counterexample(hypotheses, conclusion).found
    assert found is not None
    assert all(isinstance(value, sympy.Rational) for value in found.values())
    assert all(relation.subs(found) == sympy.true for relation in hypotheses)
    assert conclusion.subs(found) == sympy.false


@pytest.mark.z3
def test_assumed_signs_are_hypotheses():
    """SymPy reads `u > 0` of a positive symbol as true, so that z3 would not receive it."""
    u, v, w = sympy.Symbol("u", positive=True), sympy.Symbol("v", nonpositive=True), sympy.Symbol("w", nonzero=True)
    assert find_counterexample((u > 0,), u > -1).found is None
    assert find_counterexample((), v <= u).found is None
    assert find_counterexample((), w**2 > 0).found is None
    found = find_counterexample((), u - v < 3).found
    assert found[u] > 0 >= found[v]
    assert find_counterexample((), v < 0).found == {v: 0}
    with pytest.raises(ValueError, match="not a real variable"):
        find_counterexample((), sympy.Symbol("k", integer=True) > 0)


@pytest.mark.z3
def test_unsat_is_undecided_and_passes_nothing():
    screened = find_counterexample((x > 0,), x > 0)
    assert screened.found is None
    assert "unsat" in screened.reason
    fields = judged(screened.as_certificate())
    assert fields["outcome"] == "undecided"
    assert "none found" in fields["reason"]
    found = judged(find_counterexample((), x**2 > 0).as_certificate())
    assert found["outcome"] == "failed"
    assert "x = 0" in str(found["counterexample"])


@pytest.mark.z3
def test_an_irrational_model_without_a_rational_neighbour_is_not_accepted():
    """x^2 = 2 has no rational solution."""
    screened = find_counterexample((sympy.Eq(x**2, 2),), x < 0)
    assert screened.found is None
    assert "recheck" in screened.reason


@pytest.mark.z3
def test_a_wrong_model_is_not_accepted(monkeypatch):
    monkeypatch.setattr(screen, "_rational", lambda value, digits, z3: Rational(5))
    screened = find_counterexample((x > 0, x < 1), x < Rational(1, 2))
    assert screened.found is None
    assert "recheck" in screened.reason


@pytest.mark.z3
def test_the_time_limit_ends_in_undecided():
    name = "<beta*, x_1> > 0"
    eta = Rational(CONSTANTS[name].largest.decimal(6))
    hypotheses = [relation.subs(points.eta, eta) for relation in points.assumption(eta + 1)]
    screened = find_counterexample(hypotheses, points.inequalities()[name] > 0, seconds=0.2)
    assert screened.found is None
    assert "unknown" in screened.reason


@pytest.mark.z3
@pytest.mark.parametrize(
    "relation", [sympy.sin(x) > 0, 1 / x > 0, sympy.sqrt(x) > 0, 0.5 * x > 0, sympy.And(x > 0, y > 0)]
)
def test_relations_that_are_not_polynomial_are_refused(relation):
    with pytest.raises(ValueError, match="is no"):
        find_counterexample((), relation)


@pytest.mark.z3
@given(st.lists(st.integers(-4, 4), min_size=6, max_size=6), st.integers(-3, 3), st.integers(1, 8))
@settings(max_examples=2 * settings().max_examples // 5)
def test_z3_answers_are_right_on_random_quadratics(numbers, shift, size):
    """On a square: a find breaks the claim in fractions; where z3 finds none, no grid point breaks it either."""
    a, b, c, d, e, f = numbers
    claim = a * x**2 + b * x * y + c * y**2 + d * x + e * y + f + Rational(shift, 7) > 0
    box = (x >= 0, x <= size, y > 0, y <= size)
    found = find_counterexample(box, claim).found

    def breaks(u: Fraction, v: Fraction) -> bool:
        return a * u**2 + b * u * v + c * v**2 + d * u + e * v + f + Fraction(shift, 7) <= 0

    if found is not None:
        u, v = (Fraction(int(w.p), int(w.q)) for w in (found.get(x, Rational(0)), found.get(y, Rational(1))))
        assert 0 <= u <= size
        assert 0 < v <= size
        assert breaks(u, v)
    else:
        assert not any(breaks(Fraction(i * size, 8), Fraction(j * size, 8)) for i in range(9) for j in range(1, 9))


@pytest.mark.z3
@pytest.mark.parametrize("name", SOON)
def test_z3_agrees_with_the_sharp_constants_from_both_sides(name):
    """By itself, it finds data a billionth above each constant, and none a billionth below it."""
    largest = Rational(CONSTANTS[name].largest.decimal(12))
    for eta, expected in ((largest + STEP, True), (largest - STEP, False)):
        hypotheses = [relation.subs(points.eta, eta) for relation in points.assumption(eta + 1)]
        found = find_counterexample(hypotheses, points.inequalities()[name] > 0).found
        assert (found is not None) is expected


@pytest.fixture
def no_z3(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)


def test_a_missing_z3_is_reported(no_z3):
    with pytest.raises(Unavailable, match=r"early-alignment-proofs\[smt\]"):
        find_counterexample((x > 0,), x > 1)


@pytest.mark.z3
def test_z3_refutes_a_constant_without_a_given_counterexample(monkeypatch):
    monkeypatch.setattr(failures, "FAILURES", {})
    too_large = Claimed(Root.rational(Rational(34, 100)), False)
    with pytest.raises(NotSharp) as stopped:
        holds_up_to("r_1 > 0", too_large)
    where = stopped.value.where
    eta = where["eta"]
    place = {f"{letter}{k}": where["x"][k - 1][axis] for axis, letter in enumerate("pq") for k in (1, 2, 3)}
    place |= {f"y{k}": where["y"][k - 1] for k in (1, 2, 3)}
    assert eta < Rational(34, 100)
    assert failures.recheck("r_1 > 0", eta, place) is not None


def test_without_z3_such_a_constant_is_undecided_not_accepted(monkeypatch, no_z3):
    monkeypatch.setattr(failures, "FAILURES", {})
    with pytest.raises(NotSharp) as stopped:
        holds_up_to("r_1 > 0", Claimed(Root.rational(Rational(34, 100)), False))
    assert stopped.value.where is None
