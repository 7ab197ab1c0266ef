"""The inequalities of theory.md 5.1 up to the largest eta: how each is proved, and where it first fails.

T(eta) is taken for every eta > 0: it is a box that is never empty and grows with eta, so that an inequality that holds
on T(eta) holds for every smaller one. Hence each has one largest eta, or none.
m_kl are the 2x2 minors and N = m_23 y_1 - m_13 y_2 + m_12 y_3; then n^2 det H = m_12^2 + m_13^2 + m_23^2, and times
this r_1, r_2, r_3 are m_23 N, -m_13 N, m_12 N. The rows of X obey q_2 m_13 = q_3 m_12 + q_1 m_23.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy
from sympy import Expr, Rational, Symbol

from ..formal.derivation import Zero
from ..positivity.algebraic import Root
from ..positivity.bernstein import Range, ranges_of
from ..positivity.prover import Bernstein, Combination, Plain, PositivityStep, Split, Term
from . import three_points as points

SYMBOLS = (*(symbol for pair in points.inputs for symbol in pair), *points.labels)
RANGES: tuple[Range, ...] = ranges_of(points.assumption(), SYMBOLS)
"""The nine intervals of T(eta), in the order p_1, q_1, p_2, q_2, p_3, q_3, y_1, y_2, y_3."""
(p1, q1), (p2, q2), (p3, q3) = points.inputs
y1, y2, y3 = points.labels
eta = points.eta
m12, m13, m23 = points.minor(1, 2), points.minor(1, 3), points.minor(2, 3)
N = m23 * y1 - m13 * y2 + m12 * y3
_MIRROR = {p1: -p3, p2: -p2, p3: -p1, q1: q3, q3: q1, y1: y3, y3: y1}


def mirrored(expression: Expr) -> Expr:
    """The expression at the data reflected in the second axis, points 1 and 3 exchanged; T(eta) is its own image."""
    return expression.xreplace(_MIRROR)


def ranges_grow() -> bool:
    """Whether every interval of T(eta) only grows with eta, so that T(eta) is contained in T(eta') for eta < eta'."""
    moves = [(sympy.diff(entry.low, eta), sympy.diff(entry.high, eta)) for entry in RANGES]
    return all(low.is_number and high.is_number and low <= 0 <= high for low, high in moves)


def off_the_corners(place: Mapping[Symbol, Expr]) -> dict[str, Expr]:
    """For each coordinate of moving data what vanishes if and only if it is at an end of its interval of T(eta)."""
    return {
        str(entry.symbol): sympy.expand((place[entry.symbol] - entry.low) * (place[entry.symbol] - entry.high))
        for entry in RANGES
    }


def mirror_difference(first: Expr, third: Expr) -> Expr:
    """What must vanish for `third`, about x_3, to be `first`, about x_1, at the reflected data."""
    return sympy.expand(mirrored(first) - third)


def vanishes_at_a_corner(corner: Mapping[Symbol, Expr], at_corner: Expr, largest: Root, name: str) -> Iterator[Zero]:
    """That `corner` is one of the closure of T(eta), and `at_corner` vanishes there at eta = `largest`.

    The polynomial of the root is irreducible, so that it divides each polynomial in eta that vanishes there.
    """
    for symbol, value in off_the_corners(corner).items():
        yield Zero(f"{symbol} at an end", value)
    yield Zero(name, sympy.Poly(at_corner, eta, domain=sympy.QQ).rem(largest.polynomial).as_expr())


@dataclass(frozen=True)
class Claimed:
    """What is claimed of one inequality: the largest eta (None: there is none), and whether it holds there too."""

    largest: Root | None
    attained: bool

    def __str__(self) -> str:
        if self.largest is None:
            return "eta > 0"
        return f"eta {'<=' if self.attained else '<'} {self.largest}"


_HALF, _ONE_THIRD = (Root.rational(Rational(1, k)) for k in (2, 3))
_ONE, _TWO, _TWO_THIRDS = (Root.rational(value) for value in (Rational(1), Rational(2), Rational(2, 3)))
_PAIR = Root((1, 0, 4, -4, -4), Rational(1), Rational(2))
_OUTER = Root((1, -2, 0, -2), Rational(2), Rational(3))
_ALL = Root((2, -1, -2), Rational(1), Rational(2))
_MIDDLE = Root((1, -3, 1), Rational(1, 4), Rational(1, 2))
_FIT = Root((1, 4, 6, 0, -7), Rational(1, 2), Rational(1))

_LARGEST: Mapping[str, tuple[Root | None, bool]] = {
    "<x_1, x_2>": (_HALF, True),
    "<x_1, x_3>": (_TWO, False),
    "<x_2, x_3>": (_HALF, True),
    "<D_{1}, x_1>": (None, False),
    "<D_{1}, x_2>": (_HALF, True),
    "<D_{1}, x_3>": (_TWO, False),
    "<D_{2}, x_1>": (_HALF, True),
    "<D_{2}, x_2>": (_ONE, False),
    "<D_{2}, x_3>": (_HALF, True),
    "<D_{3}, x_1>": (_TWO, False),
    "<D_{3}, x_2>": (_HALF, True),
    "<D_{3}, x_3>": (None, False),
    "<D_{1,2}, x_1>": (_PAIR, False),
    "<D_{1,2}, x_2>": (_HALF, True),
    "<D_{1,2}, x_3>": (_HALF, True),
    "<D_{1,3}, x_1>": (_OUTER, False),
    "<D_{1,3}, x_2>": (_TWO_THIRDS, True),
    "<D_{1,3}, x_3>": (_OUTER, False),
    "<D_{2,3}, x_1>": (_HALF, True),
    "<D_{2,3}, x_2>": (_HALF, True),
    "<D_{2,3}, x_3>": (_PAIR, False),
    "<D_{1,2,3}, x_1>": (_ALL, True),
    "<D_{1,2,3}, x_2>": (_TWO_THIRDS, True),
    "<D_{1,2,3}, x_3>": (_ALL, True),
    "det H": (_ONE, False),
    "r_1": (_ONE_THIRD, False),
    "r_2": (_MIDDLE, False),
    "r_3": (_ONE_THIRD, False),
    "<beta*, x_1>": (_FIT, True),
    "<beta*, x_2>": (_HALF, True),
    "<beta*, x_3>": (_FIT, True),
}
CONSTANTS: Mapping[str, Claimed] = {name: Claimed(*_LARGEST[name[:-4]]) for name in points.NAMES}
"""The largest eta of every inequality of `three_points.inequalities`."""

_SIGNS = (
    *(Bernstein(str(symbol), symbol) for symbol in (q1, q2, q3, y1, y2, y3)),
    Bernstein("-m_13", -m13),
)
"""Positive for eta < 1."""


def _own(k: int) -> tuple[PositivityStep, ...]:
    """<D_k, x_k> = y_k (p_k^2 + q_k^2) / 3."""
    (p, q), y = points.inputs[k - 1], points.labels[k - 1]
    third = Rational(1, 3)
    terms = (Term((str(y), str(q), str(q)), number=third), Term((str(y),), p, third))
    return Bernstein(str(q), q), Bernstein(str(y), y), Combination("sum", points.inequalities()[_own_name(k)], terms)


def _own_name(k: int) -> str:
    return f"<D_{{{k}}}, x_{k}> > 0"


def _pair() -> tuple[PositivityStep, ...]:
    """12 y_1 <D_12, x_1>: a square that is completed in p_1, and its discriminant."""
    goal = points.inequalities()["<D_{1,2}, x_1> > 0"]
    rest = 4 * y1 * (y1 * q1**2 + y2 * q1 * q2) - (y2 * p2) ** 2
    terms = (Term(square=2 * y1 * p1 + y2 * p2), Term(("rest",)))
    return Bernstein("y1", y1), Bernstein("rest", rest), Combination("square", goal, terms, ("y1",), Rational(12))


def _outer() -> tuple[PositivityStep, ...]:
    """3 <D_13, x_1> = (y_1 - 1) ||x_1||^2 and the same with y_1 = 1."""
    goal = points.inequalities()["<D_{1,3}, x_1> > 0"]
    least = (3 * goal).subs(y1, 1)
    terms = (Term(("y1 - 1",), p1), Term(("y1 - 1",), q1), Term(("least",)))
    steps = (Bernstein("y1 - 1", y1 - 1), Bernstein("least", least))
    return *steps, Combination("sum", goal, terms, number=Rational(3))


def _residual(name: str, minor: str, value: Expr) -> tuple[PositivityStep, ...]:
    goal = points.inequalities()[name]
    steps = (Bernstein(minor, -value), Bernstein("-N", -N))
    return *steps, Combination("product", goal, (Term((minor, "-N")),))


def _determinant() -> tuple[PositivityStep, ...]:
    terms = (Term(("-m_13", "-m_13")), Term(square=m12), Term(square=m23))
    return Bernstein("-m_13", -m13), Combination("squares", points.determinant(), terms)


def _middle_fit() -> tuple[PositivityStep, ...]:
    """<beta*, x_2> n^2 det H = y_2 (m_12^2 + m_23^2) + m_13 (m_23 y_1 + m_12 y_3)."""
    outer = Term(("q2", "q2", "-m_13", "-m_13"))
    both = (outer, Term(square=q3 * m23 - q1 * m12))
    return (
        *_SIGNS,
        Bernstein("M", -(m23 * y1 + m12 * y3)),
        Bernstein("q", q1**2 + q3**2),
        Combination("W", m12**2 + m23**2, both, ("q",)),
        Combination("sum", points.prediction(2), (Term(("y2", "W")), Term(("-m_13", "M")))),
    )


def _outer_fit() -> tuple[PositivityStep, ...]:
    """<beta*, x_1> n^2 det H = y_1 (m_12^2 + m_13^2) + m_23 m_13 y_2 - m_12 m_23 y_3.

    Where m_23 < 0, q_2 m_13 = q_3 m_12 + q_1 m_23 makes the terms without y_2 a quadratic form in m_12, m_23, whose
    discriminant is G up to squares. Where m_23 >= 0, it gives m_12 by m_13 and m_23, and K is the discriminant.
    """
    goal = points.prediction(1)
    cross = 2 * y1 * q1 * q3 - q2**2 * y3
    four = Rational(4)
    shared = ("y1", "q1", "q1", "q2", "q2")
    negative = Combination(
        "form",
        goal,
        (
            Term(square=2 * y1 * q1**2 * m23 + cross * m12),
            Term(("q2", "q2", "G"), m12),
            Term((*shared, "-m_13", "-m_23", "y2"), number=four),
        ),
        shared,
        four,
    )
    nonnegative = Combination(
        "form",
        goal,
        (
            Term(("y3", "q1", "y1", "q3"), m12, four),
            Term(("y3", "q1", "y3", "q2", "m_23", "-m_13"), number=four),
            Term(square=2 * y3 * q1 * m23 + q3 * y2 * m13),
            Term(("q3", "K", "-m_13", "-m_13")),
        ),
        ("y3", "q1", "q3"),
        four,
    )
    return (
        *_SIGNS,
        Bernstein("G", 4 * y1 * q1 * (y1 * q1 + y3 * q3) - (q2 * y3) ** 2),
        Bernstein("K", 4 * y1 * y3 * q1 - q3 * y2**2),
        Split("cases", goal, m23, "m_23", (negative,), (nonnegative,)),
    )


def _mirror_step(step: PositivityStep) -> PositivityStep:
    """The step about the reflected data; the names are those of the unreflected quantities."""
    if isinstance(step, Split):
        negative, nonnegative = (tuple(map(_mirror_plain, case)) for case in (step.negative, step.nonnegative))
        return Split(step.name, mirrored(step.expression), mirrored(step.on), step.called, negative, nonnegative)
    return _mirror_plain(step)


def _mirror_plain(step: Plain) -> Plain:
    if isinstance(step, Bernstein):
        return Bernstein(step.name, mirrored(step.expression))
    terms = tuple(Term(term.factors, mirrored(term.square), term.number) for term in step.terms)
    return Combination(step.name, mirrored(step.expression), terms, step.multiplier, step.number)


def steps_for(name: str) -> tuple[PositivityStep, ...]:
    """The proof of one inequality; where nothing better is needed, its own Bernstein coefficients."""
    if name in ("<D_{1}, x_1> > 0", "<D_{2}, x_2> > 0", "<D_{3}, x_3> > 0"):
        return _own(int(name[4]))
    special = {
        "<D_{1,2}, x_1> > 0": _pair,
        "<D_{1,3}, x_1> > 0": _outer,
        "det H > 0": _determinant,
        "<beta*, x_1> > 0": _outer_fit,
        "<beta*, x_2> > 0": _middle_fit,
    }
    residuals = {"r_1 > 0": ("-m_23", m23), "r_2 < 0": ("-m_13", m13), "r_3 > 0": ("-m_12", m12)}
    reflected = {
        "<D_{2,3}, x_3> > 0": "<D_{1,2}, x_1> > 0",
        "<D_{1,3}, x_3> > 0": "<D_{1,3}, x_1> > 0",
        "<beta*, x_3> > 0": "<beta*, x_1> > 0",
    }
    if name in residuals:
        return _residual(name, *residuals[name])
    if name in reflected:
        return tuple(_mirror_step(step) for step in special[reflected[name]]())
    return special[name]() if name in special else (Bernstein(name, points.inequalities()[name]),)
