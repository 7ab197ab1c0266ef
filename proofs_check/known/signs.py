"""Signs known by hand, of polynomials on a box and of polynomials in eta: what `theory/positivity` must say of them.

Half of the proofs here are false, each in one respect: a number that is not positive, a multiplier that may vanish, an
identity that does not hold, and so on. They must not be accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sympy
from flint import fmpq, fmpq_poly
from sympy import Expr, Poly, Rational

from ...theory.positivity.algebraic import ETA, Root, RootSign, sign_after, sign_at, sign_up_to
from ...theory.positivity.bernstein import Range
from ...theory.positivity.prover import (
    WEAK,
    Bernstein,
    Combination,
    Known,
    NotProved,
    PositiveGoal,
    PositivityStep,
    Prover,
    Split,
    Term,
)

X, Y, U, V, P = sympy.symbols("x y u v p", real=True)
RANGES = (
    Range(X, sympy.S.Zero, sympy.S.One),
    Range(Y, sympy.S.One, sympy.S(2)),
    Range(U, sympy.S.Zero, ETA, low_open=True),
    Range(V, sympy.S.Zero, ETA, high_open=True),
    Range(P, 1 - ETA, sympy.S.One),
)
"""x in [0, 1], y in [1, 2], u in (0, eta], v in [0, eta), p in [1 - eta, 1]."""
HALF = Rational(1, 2)
POSITIVE, UP_TO, NONNEGATIVE = RootSign(True, True, True), RootSign(True, True, False), WEAK
"""Positive up to c and there; positive below c only; not known to be positive."""


@dataclass(frozen=True)
class Proof:
    """Steps towards `goal` for eta up to `largest`, and the sign they show; None where they show nothing."""

    what: str
    goal: Expr
    expected: RootSign | None
    steps: Sequence[PositivityStep] = ()
    largest: Rational = HALF
    known: Mapping[str, Known] = field(default_factory=dict)

    def answer(self) -> RootSign | None:
        """What the prover says."""
        prover = Prover(RANGES, ETA, Root.rational(self.largest), known=dict(self.known))
        try:
            return prover.prove(self.goal, self.steps or (Bernstein("goal", self.goal),))
        except NotProved:
            return None


def _by_coefficients() -> Iterator[Proof]:
    yield Proof("x", X, NONNEGATIVE)
    yield Proof("y", Y, POSITIVE)
    yield Proof("u, which is open at 0", U, POSITIVE)
    yield Proof("eta - u, which is closed at eta", ETA - U, NONNEGATIVE)
    yield Proof("v, which is closed at 0", V, NONNEGATIVE)
    yield Proof("eta - v, which is open at eta", ETA - V, POSITIVE)
    yield Proof("p up to 1", P, UP_TO, largest=Rational(1))
    yield Proof("p - 1/2 up to 1/2", P - HALF, UP_TO)
    yield Proof("p - 1/2 up to 3/4", P - HALF, None, largest=Rational(3, 4))
    yield Proof("x - 1/4", X - Rational(1, 4), None)
    yield Proof("(x - 1/2)^2, whose middle coefficient is -1/4", (X - HALF) ** 2, None)
    yield Proof("x^2 - x + 1/2, whose middle coefficient is 0", X**2 - X + HALF, POSITIVE)
    yield Proof("x^2 - x + 49/100", X**2 - X + Rational(49, 100), None)
    yield Proof("x^3 - x/2 + 1/3, whose third coefficient is 0", X**3 - X / 2 + Rational(1, 3), POSITIVE)
    yield Proof("x^3 - x/2 + 33/100", X**3 - X / 2 + Rational(33, 100), None)
    yield Proof("1 - x y/2", 1 - X * Y / 2, NONNEGATIVE)
    yield Proof("1 - 51 x y/100", 1 - Rational(51, 100) * X * Y, None)


def _by_identities() -> Iterator[Proof]:
    x, y, rest = Bernstein("x", X), Bernstein("y", Y), Bernstein("1 - x", 1 - X)
    yield Proof("x + y", X + Y, POSITIVE, (x, y, Combination("sum", X + Y, (Term(("x",)), Term(("y",))))))
    yield Proof("x y", X * Y, NONNEGATIVE, (x, y, Combination("product", X * Y, (Term(("x", "y")),))))
    square = Combination("square", (X - HALF) ** 2, (Term(square=X - HALF),))
    yield Proof("(x - 1/2)^2", square.expression, NONNEGATIVE, (square,))
    divided = Combination("divided", X, (Term(("x", "y")),), ("y",))
    yield Proof("x by y x", X, NONNEGATIVE, (x, y, divided))
    yield Proof("-x = (-1) x", -X, None, (x, Combination("sum", -X, (Term(("x",), number=Rational(-1)),))))
    yield Proof("(-1) (-x) = x", -X, None, (x, Combination("sum", -X, (Term(("x",)),), number=Rational(-1))))
    yield Proof("0 (-y) = 0", -Y, None, (Combination("sum", -Y, (), number=Rational(0)),))
    yield Proof("y - x = y", Y - X, None, (y, Combination("sum", Y - X, (Term(("y",)),))))
    yield Proof("a factor of which nothing is known", X, None, (Combination("sum", X, (Term(("x",)),)),))
    yield Proof("a last step about something else", -X, None, (x, y))
    vanishing = {"x - 1": Known(X - 1, WEAK)}
    by_zero = Combination("divided", sympy.S(-1), (Term(("1 - x",)),), ("x - 1",))
    yield Proof("(x - 1) (-1) = 1 - x where x = 1", sympy.S(-1), None, (rest, by_zero), known=vanishing)


def _by_cases() -> Iterator[Proof]:
    goal = (X - HALF) ** 2
    own = {sign: (Combination("goal", goal, (Term((f"{sign}m", f"{sign}m")),)),) for sign in ("-", "")}
    yield Proof("m^2, m = x - 1/2", goal, NONNEGATIVE, (Split("goal", goal, X - HALF, "m", own["-"], own[""]),))
    yield Proof("m >= 0 where m < 0", goal, None, (Split("goal", goal, X - HALF, "m", own[""], own[""]),))
    yield Proof("-m >= 0 where m >= 0", goal, None, (Split("goal", goal, X - HALF, "m", own["-"], own["-"]),))
    half = Combination("goal", X - HALF, (Term(("m",)),))
    turned = Combination("goal", X - HALF, (Term(("-m",), number=Rational(-1)),))
    yield Proof("m", X - HALF, None, (Split("goal", X - HALF, X - HALF, "m", (turned,), (half,)),))


def _signs_in_eta() -> Iterator[tuple[str, object, object]]:
    """Of polynomials in eta: what is asked, the answer, and the one expected."""
    sqrt_two, none = Root((1, 0, -2), Rational(1), Rational(2)), RootSign(False, False, False)
    one, half, wide = Root.rational(Rational(1)), Root.rational(HALF), Root((2, -1), Rational(1, 4), HALF)
    for text, low_first, largest, expected in (
        ("1 - eta below 1", (1, -1), one, UP_TO),
        ("1 - eta below sqrt 2", (1, -1), sqrt_two, none),
        ("1 - eta for ever", (1, -1), None, none),
        ("2 - eta^2 below sqrt 2", (2, 0, -1), sqrt_two, UP_TO),
        ("2 - eta^2 below 3/2", (2, 0, -1), Root.rational(Rational(3, 2)), none),
        ("1 - 2 eta^2 below sqrt 2", (1, 0, -2), sqrt_two, none),
        ("eta - eta^2 below 1", (0, 1, -1), one, UP_TO),
        ("eta^2 - eta + 1 for ever", (1, -1, 1), None, POSITIVE),
        ("eta^2 - eta + 1 below 1", (1, -1, 1), one, POSITIVE),
        ("eta^2 - 1 below 1/2", (-1, 0, 1), half, none),
        ("eta - eta^2 for ever", (0, 1, -1), None, none),
        ("1 - 2 eta below the root of 2 eta - 1 in [1/4, 1/2]", (1, -2), wide, UP_TO),
        ("1 - eta below the root of 2 eta - 1 in [1/4, 1/2]", (1, -1), wide, POSITIVE),
        ("1 - 4 eta + 4 eta^2 below 1/2", (1, -4, 4), half, UP_TO),
        ("1 - 4 eta + 4 eta^2 below 3/4", (1, -4, 4), Root.rational(Rational(3, 4)), none),
        ("-1", (-1,), one, none),
        ("-1 for ever", (-1,), None, none),
        ("-eta", (0, -1), one, none),
        ("0", (), one, NONNEGATIVE),
        ("eta", (0, 1), None, POSITIVE),
    ):
        yield f"{text}: sign_up_to", sign_up_to(fmpq_poly([fmpq(value) for value in low_first]), largest), expected
    line, parabola = (Poly(expression, ETA, domain=sympy.QQ) for expression in (ETA - 1, (ETA - HALF) * (4 * ETA - 3)))
    yield "eta - 1 at 1/2", sign_at(line, half), -1
    yield "eta - 1 at sqrt 2", sign_at(line, sqrt_two), 1
    yield "eta - 1 at 1", sign_at(line, one), 0
    yield "eta - 1 after 1", sign_after(line, one, Rational(2)), 1
    yield "eta - 1 after 1/2 up to 3/4", sign_after(line, half, Rational(3, 4)), -1
    yield "eta - 1 after 1/2 up to 2", sign_after(line, half, Rational(2)), None
    yield "(eta - 1/2) (4 eta - 3) after 1/2 up to 5/8", sign_after(parabola, half, Rational(5, 8)), -1
    yield "(eta - 1/2) (4 eta - 3) after 1/2 up to 1", sign_after(parabola, half, Rational(1)), None
    yield "the decimals of sqrt 2", sqrt_two.decimal(), "1.414213562373"
    yield "2/3 cut, not rounded", Root.rational(Rational(2, 3)).decimal(3), "0.666"
    width = Rational(1, 1000)
    narrow = sqrt_two.within(width)
    yield "sqrt 2 within 1/1000", (narrow.high - narrow.low <= width, narrow.low**2 < 2 < narrow.high**2), (True, True)


def _goals() -> Iterator[tuple[str, object, object]]:
    """What `PositiveGoal` decides: proved, refuted at a point, or undecided."""
    for text, expression, expected in (
        ("y > 0", Y, True),
        ("x > 0", X, False),
        ("u > 0", U, True),
        ("p - 3/4 > 0", P - Rational(3, 4), False),
        (
            "(x - 1/3)^2 + 1/100 > 0, which its coefficients do not show",
            (X - Rational(1, 3)) ** 2 + Rational(1, 100),
            None,
        ),
    ):
        goal = PositiveGoal(text, expression, RANGES, ETA, Root.rational(HALF))
        yield text, goal.decide().verdict, expected


def _roots() -> Iterator[tuple[str, object, object]]:
    """No numbers: the polynomial factors, it has no root in the interval or two, or the interval is not positive."""
    for text, coefficients, low, high in (
        ("eta^2 - 1", (1, 0, -1), 0.5, 2),
        ("eta^2 - 2 in [3, 4]", (1, 0, -2), 3, 4),
        ("eta^2 - 4 eta + 2 in [1/2, 4]", (1, -4, 2), 0.5, 4),
        ("eta + 1 in [-2, 0]", (1, 1), -2, 0),
    ):
        try:
            Root(coefficients, Rational(low), Rational(high))
        except ValueError:
            refused = True
        else:
            refused = False
        yield f"{text} is not a number", refused, True


def answers() -> Iterator[str | None]:
    """For every sign here what is wrong with the answer, in a sentence; None where it is right."""
    for proof in (*_by_coefficients(), *_by_identities(), *_by_cases()):
        found = proof.answer()
        yield None if found == proof.expected else f"{proof.what}: {found} instead of {proof.expected}"
    for text, answer, expected in (*_signs_in_eta(), *_goals(), *_roots()):
        yield None if answer == expected else f"{text}: {answer} instead of {expected}"
