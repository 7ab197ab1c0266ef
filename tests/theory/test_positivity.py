"""The prover of signs on growing boxes: what it accepts is true, and what does not hold is not accepted."""

from __future__ import annotations

import random
from itertools import product
from math import comb, prod

import pytest
import sympy
from flint import fmpq, fmpq_poly
from sympy import Poly, Rational

from early_alignment.theory.positivity.algebraic import ETA, Root, sign_after, sign_at, sign_up_to
from early_alignment.theory.positivity.bernstein import Range, coefficients, ranges_of
from early_alignment.theory.positivity.prover import (
    Bernstein,
    Combination,
    NotProved,
    PositiveGoal,
    Prover,
    Split,
    Term,
    near_corners,
)

u, v = sympy.symbols("u v", real=True)
ONE = sympy.S.One
UNIT = (Range(u, -ETA, ETA), Range(v, sympy.S.Zero, ETA, low_open=True))
GOLDEN = Root((1, -3, 1), Rational(1, 4), Rational(1, 2))


def poly(*ascending: int) -> fmpq_poly:
    return fmpq_poly([fmpq(value) for value in ascending])


def test_a_number_is_the_only_root_of_an_irreducible_polynomial():
    assert str(GOLDEN) == "3/2 - sqrt(5)/2"
    assert GOLDEN.decimal(15) == "0.381966011250105"
    assert Root.rational(Rational(2, 3)).decimal(3) == "0.666"
    quartic = Root((1, 4, 6, 0, -7), Rational(1, 2), Rational(1))
    assert str(quartic) == "the root of eta^4 + 4*eta^3 + 6*eta^2 - 7 in [1/2, 1]"
    assert abs(float(quartic.exact()) - float(quartic.decimal())) < 1e-12
    for coefficients_, low, high in (
        ((1, -3, 1), 1, 2),
        ((1, -3, 1), Rational(1, 4), 3),
        ((1, -3, 2), Rational(1, 2), Rational(3, 2)),
        ((1, -3, 1), 0, 1),
    ):
        with pytest.raises(ValueError, match=r"factors|not an interval"):
            Root(coefficients_, Rational(low), Rational(high))


@pytest.mark.parametrize(
    ("polynomial", "expected"),
    [
        (poly(1, -3, 1), (True, True, False)),  # vanishes at the number itself
        (poly(0, 1, -3, 1), (True, True, False)),  # a factor eta
        (poly(-1, 3, -1), (False, False, False)),
        (poly(2, -5), (True, True, True)),  # root 2/5, above the number
        (poly(19, -50), (False, False, False)),  # root 19/50, below it
        (poly(), (True, False, False)),
        (poly(0, 2), (True, True, True)),
        (poly(1, -8, 16), (False, False, False)),  # (1 - 4 eta)^2: not shown, since it touches zero
    ],
)
def test_signs_below_a_number(polynomial, expected):
    assert tuple(sign_up_to(polynomial, GOLDEN)) == expected


@pytest.mark.parametrize(
    "largest", [GOLDEN, Root.rational(Rational(1, 2)), Root((2, -1), Rational(1, 4), Rational(1, 2))]
)
def test_signs_below_a_number_are_those_of_the_real_roots(largest):
    source, number = random.Random(5), largest.exact()
    seen = set()
    for _ in range(60):
        low_first = [source.randint(1, 9), *(source.randint(-9, 9) for _ in range(source.randint(0, 4)))]
        expression = sum(value * ETA**power for power, value in enumerate(low_first))
        if not sympy.rem(expression, sympy.minimal_polynomial(number, ETA)):
            continue  # vanishes at the number: the cases above
        roots = sympy.real_roots(expression, ETA) if expression.has(ETA) else []
        positive = not any(0 < root < number for root in roots)
        assert tuple(sign_up_to(poly(*low_first), largest)) == (positive,) * 3
        seen.add(positive)
    assert seen == {True, False}


def test_signs_on_the_half_line_at_the_number_and_beyond_it():
    assert tuple(sign_up_to(poly(1, -1, 1), None)) == (True, True, True)
    assert tuple(sign_up_to(poly(1, -3, 1), None)) == (False, False, False)
    minimal, until = GOLDEN.polynomial, Rational(1, 2)
    assert (sign_at(minimal, GOLDEN), sign_after(minimal, GOLDEN, until)) == (0, -1)
    assert sign_after(-minimal, GOLDEN, until) == 1
    assert sign_after(minimal, GOLDEN, Rational(3)) is None
    assert sign_at(Poly(ETA - Rational(381966011250106, 10**15), ETA), GOLDEN) == -1
    assert sign_after(Poly(0, ETA, domain=sympy.QQ), GOLDEN, until) == 0


def test_bernstein_coefficients_reproduce_the_polynomial():
    source = random.Random(3)
    expression = u**2 * v - 3 * u * v**3 + ETA * v + 2 * u - Rational(1, 7)
    degrees, table = coefficients(expression, UNIT, ETA)
    assert degrees == (2, 3)
    for _ in range(20):
        eta, s, t = (Rational(source.randint(1, 9), source.randint(1, 9)) for _ in range(3))
        total = sympy.S.Zero
        for index in product(*(range(degree + 1) for degree in degrees)):
            weights = (comb(n, i) * x**i * (1 - x) ** (n - i) for n, i, x in zip(degrees, index, (s, t), strict=True))
            value = table[index](fmpq(int(eta.p), int(eta.q)))
            total += Rational(int(value.p), int(value.q)) * prod(weights)
        assert total == expression.subs({u: -eta + 2 * eta * s, v: eta * t, ETA: eta})


def test_open_and_closed_ends_of_ranges_are_distinguished():
    found = ranges_of((u > -1, u <= ETA, v >= 0, v < 1), (u, v))
    assert found == (Range(u, -ONE, ETA, low_open=True), Range(v, sympy.S.Zero, ONE, high_open=True))
    assert [entry.closed_ends(5) for entry in found] == [(5,), (0,)]


def test_open_ends_decide_between_positive_and_not():
    half = Root.rational(Rational(1, 2))
    prove = Prover(UNIT, ETA, half).prove
    assert tuple(prove(v, (Bernstein("v", v),))) == (True, True, True)
    assert tuple(prove(u + ETA, (Bernstein("s", u + ETA),))) == (True, False, False)
    assert tuple(prove(ONE - 2 * u, (Bernstein("d", ONE - 2 * u),))) == (True, True, False)


FACTS = (Bernstein("v", v), Bernstein("s", u + ETA))


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Bernstein("u", u), "is not non-negative"),
        (Combination("x", v**2 + 1, (Term(("v", "v")),)), "identity does not hold"),
        (Combination("x", -(u**2), (Term(square=u, number=Rational(-1)),)), "not positive"),
        (Combination("x", v, (Term(("w",)),)), "nothing is known of w"),
        (Combination("x", u**2, (Term(("s",), u),), ("s",)), "multiplier is not positive"),
        (Combination("x", u**2, (Term(square=u),), (), Rational(0)), "not positive"),
        (
            Split("x", u, u, "u", (Combination("x", u, (Term(("-u",)),)),), (Combination("x", u, (Term(("u",)),)),)),
            "id",
        ),
        (Combination("x", v, (Term(("v",)),)), "the last step proves .*, not the goal"),
    ],
)
def test_steps_that_do_not_hold_are_not_accepted(step, words):
    goal = u if words.endswith("not the goal") else step.expression
    with pytest.raises(NotProved, match=words):
        Prover(UNIT, ETA, Root.rational(Rational(1, 2))).prove(goal, (*FACTS, step))


def test_a_square_is_not_positive_and_a_split_needs_both_cases():
    prover = Prover(UNIT, ETA, Root.rational(Rational(1, 2)))
    assert tuple(prover.prove(u**2, (Combination("x", u**2, (Term(square=u),)),))) == (True, False, False)
    goal = u**2 + v
    plain = Combination("x", goal, (Term(square=u), Term(("v",))))
    weak = Combination("x", u**2, (Term(("u", "u")),))
    negative = Combination("x", u**2, (Term(("-u", "-u")),))
    assert tuple(prover.prove(goal, (*FACTS, plain))) == (True, True, True)
    assert tuple(prover.prove(u**2, (Split("x", u**2, u, "u", (negative,), (weak,)),))) == (True, False, False)
    with pytest.raises(NotProved, match="nothing is known of -u"):
        prover.prove(u**2, (Split("x", u**2, u, "u", (negative,), (negative,)),))


HALF = Root.rational(Rational(1, 2))


def test_a_goal_is_proved_refuted_in_rationals_or_undecided():
    proved = PositiveGoal("v", v, UNIT, ETA, HALF).decide()
    assert proved.verdict is True
    undecided = PositiveGoal("ends", u**2 - ETA**2 / 4, UNIT, ETA, HALF).decide()
    assert undecided.verdict is None  # it fails in the middle of an interval, and only corners are tested
    refuted = PositiveGoal("v - eta/2", v - ETA / 2, UNIT, ETA, HALF).decide()
    values = {symbol: Rational(refuted.point[str(symbol)]) for symbol in (v, ETA)}
    assert refuted.verdict is False
    assert 0 < values[v] <= values[ETA] < Rational(1, 2)
    assert (v - ETA / 2).subs(values) <= 0
    assert PositiveGoal("v - eta/2", v - ETA / 2, UNIT, ETA, HALF, sufficient=True).decide().verdict is None
    assert PositiveGoal("s", u + ETA, UNIT, ETA, HALF).decide().verdict is False  # zero at a closed end
    assert PositiveGoal("v", v - ETA, UNIT, ETA, None).decide().verdict is None


def test_points_near_corners_lie_in_the_box():
    places = list(near_corners(UNIT, ETA, Rational(1, 3)))
    assert len(places) == 4
    for place in places:
        assert -place[ETA] <= place[u] <= place[ETA]
        assert 0 < place[v] <= place[ETA] == Rational(1, 3)


def test_a_goal_without_a_box_is_about_the_parameter_alone():
    assert PositiveGoal("p", ETA * (Rational(1, 2) - ETA), (), ETA, HALF).decide().verdict is True
    found = PositiveGoal("p", ETA * (Rational(1, 3) - ETA), (), ETA, HALF).decide()
    assert found.verdict is False
    assert Rational(1, 3) <= Rational(found.point["eta"]) < Rational(1, 2)
