"""Controls of what evaluates, draws, proves and prints formulas; `controls` says what they are for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy
from flint import fmpq_poly
from sympy import Abs, And, Eq, IndexedBase, Or, Piecewise, Rational, Sum, Symbol

from ...theory.formal import limits, sample
from ...theory.formal.balls import NotEnclosed, enclose, enclose_over, sign_at
from ...theory.formal.sums import normal_form
from ...theory.positivity.algebraic import Root, RootSign, sign_up_to
from ...theory.positivity.bernstein import Range
from ...theory.positivity.prover import Bernstein, Combination, Prover, Split, Term

_x, _y = Symbol("x", real=True), Symbol("y", real=True)
_p, _z = Symbol("p", positive=True), Symbol("z", positive=True)
_e = Symbol("eta", real=True)
_k, _l, _n, _m = (Symbol(name, integer=True, positive=True) for name in ("k", "l", "n", "m"))
_a, _b = IndexedBase("a", real=True), IndexedBase("b", real=True)
_FUNCTIONS = (
    sympy.exp, sympy.log, sympy.sinh, sympy.cosh, sympy.tanh, sympy.asinh, sympy.acosh, sympy.atanh, sympy.sin,
    sympy.cos, sympy.tan, sympy.cot, sympy.sec, sympy.csc, sympy.asin, sympy.acos, sympy.atan, sympy.coth, sympy.sech,
    sympy.csch, sympy.erf, sympy.gamma, sympy.factorial, sympy.sqrt, lambda x: x ** Rational(2, 7),
    lambda x: sympy.Max(x, 1), lambda x: sympy.Min(x, 1), lambda x: x**-3,
)  # fmt: skip


def balls_hold_the_values() -> bool:
    """Functions beside SymPy's own numbers, powers over an interval, and conditions on both of their sides."""
    return all(_values()) and all(_powers()) and all(_conditions())


def _values() -> Iterator[bool]:
    for function in _FUNCTIONS:
        for value in (Rational(1, 3), Rational(7, 3)):
            expected = sympy.N(function(value), 20)
            if expected.is_real:
                ball = enclose(function(_x), {_x: value}, 64)
                yield abs(float(ball.mid()) - float(expected)) <= 1e-14 * abs(float(expected))


def _powers() -> Iterator[bool]:
    low, half = enclose(Rational(-2), {}, 64), enclose(Rational(1, 2), {}, 64)
    over = {_x: low.union(half)}
    for power, ends in ((1, (-2, Rational(1, 2))), (2, (0, 4)), (3, (-8, Rational(1, 8)))):
        ball = enclose_over(_x**power, over, 64)
        yield all(ball.contains(enclose(Rational(end), {}, 64)) for end in ends)
    try:
        enclose_over(1 / _x, over, 64)
    except NotEnclosed:
        yield True
    else:
        yield False


def _conditions() -> Iterator[bool]:
    inside, outside = And(_x > 0, _x < 2), Or(_x < 0, _x > 2)
    cases: tuple[tuple[Any, int, int], ...] = (
        (inside, 1, 1), (inside, 3, -1), (inside, -1, -1), (outside, 1, -1), (outside, 3, 1), (_x < 1, 1, -1),
        (_x <= 1, 1, 1),
    )  # fmt: skip
    for condition, value, sign in cases:
        yield sign_at(Piecewise((1, condition), (-1, True)), {_x: Rational(value)}) == sign


def points_obey_their_assumptions() -> bool:
    """Ends of intervals belong to them or not, signs and integers are respected, and every point drawn is admitted."""
    whole, half_open = {_x: (0, 1)}, {_x: sample.Interval(sympy.S.Zero, sympy.S.One, False, True)}
    answers = [
        sample.admits(_x, Rational(value), domain)
        for value, domain in ((0, whole), (1, whole), (0, half_open), (1, half_open), (Rational(1, 2), whole))
    ]
    signs = [
        sample.admits(_p, Rational(0), {}),
        sample.admits(_n, Rational(1, 2), {}),
        sample.admits(_n, Rational(3), {}),
    ]
    drawn = [sample.draw((_x + _p,), whole, attempt) for attempt in range(12)]
    kept = all(
        sample.admits(place.atoms[name], value, whole) for place in drawn for name, value in place.values.items()
    )
    return answers == [False, False, True, False, True] and signs == [False, False, True] and kept


def limits_are_confirmed_from_their_side() -> bool:
    """The sign of x tends to -1 from below and to 1 from above; what does not come closer is not confirmed."""
    side = Abs(_x) / _x
    false: tuple[tuple[Any, ...], ...] = (
        (side, _x, 0, "-", sympy.S.One), (side, _x, 0, "+", -sympy.S.One), (sympy.tanh(_z), _z, sympy.oo, "+", _p),
        (1 / _x, _x, 0, "-", sympy.oo), (_z / (1 + _z), _z, sympy.oo, "+", Rational(9, 10)),
    )  # fmt: skip
    try:
        for value, direction in ((-sympy.S.One, "-"), (sympy.S.One, "+")):
            limits.confirm(side, _x, 0, direction, value)
        limits.confirm(1 / _x, _x, 0, "-", -sympy.oo)
    except limits.Unconfirmed:
        return False
    return not any(map(_confirmed, false))


def _confirmed(case: tuple[Any, ...]) -> bool:
    try:
        limits.confirm(*case)
    except limits.Unconfirmed:
        return False
    return True


def sums_have_one_form() -> bool:
    """Equal sums get the same form, and sums over other ranges, or of other products, another one."""
    single, other = Sum(_a[_k], (_k, 1, _n)), Sum(_a[_k], (_k, 1, _m))
    mixed = Sum(_a[_k] * _b[_l], (_k, 1, _n), (_l, 1, _n))
    same = (
        Sum(_x, (_k, 1, _n)) - _n * _x,
        single**2 - Sum(_a[_k] * _a[_l], (_k, 1, _n), (_l, 1, _n)),
        single * Sum(_b[_k], (_k, 1, _n)) - mixed,
        Sum(_x * _a[_l], (_l, 1, _m)) - _x * other,
    )
    apart = (single - other, mixed - Sum(_a[_k] * _b[_k], (_k, 1, _n)), Sum(_x, (_k, 2, _n)) - _n * _x)
    return all(normal_form(total) == 0 for total in same) and all(normal_form(total) != 0 for total in apart)


def signs_are_those_of_the_whole_box() -> bool:
    """Ends that belong to a box or not, roots anywhere below the parameter, and splits at a zero."""
    one = Root.rational(Rational(1))

    def positive(expression: sympy.Expr, *steps: Any, **ends: bool) -> bool:
        box = (Range(_x, -sympy.S.One, sympy.S.One, **ends),)
        return Prover(box, _e, one).prove(expression, steps or (Bernstein("goal", expression),)).positive_below

    ends = [
        positive(expression, **{end: True})
        for expression in (1 + _x, 1 - _x)
        for end in ("low_open", "high_open")
    ]  # fmt: skip
    twice = (
        Combination("goal", _x**2, (Term(("-case", "-case")),)),
        Combination("goal", _x**2, (Term(("case", "case")),)),
    )
    split = positive(_x**2, Split("goal", _x**2, _x, "case", twice[:1], twice[1:]))
    roots = fmpq_poly([1, -6, 8])  # (1 - 2 eta) (1 - 4 eta)
    below = [sign_up_to(roots, Root.rational(Rational(1, over))) for over in (1, 3, 4, 5)]
    signs = [RootSign(False, False, False)] * 2 + [RootSign(True, True, False), RootSign(True, True, True)]
    return ends == [True, False, False, True] and not split and below == signs


def coq_reads_what_is_meant() -> bool:
    """Terms written by hand, the conditions under which they mean something, and what is not printed at all."""
    from ..coq.printer import Unprintable, domain_of, to_coq

    def refused(expression: Any) -> bool:
        try:
            to_coq(expression)
        except Unprintable:
            return True
        return False

    printed = all(to_coq(expression) == text for expression, text in _TERMS)
    conditions = all(
        [to_coq(condition) for condition in domain_of(expression)] == list(texts) for expression, texts in _CONDITIONS
    )
    unknown = (sympy.sin(_x), _x ** Rational(1, 3), Symbol("X"), Symbol("exp"), sympy.pi, sympy.Float(0.5))
    return printed and conditions and all(map(refused, unknown))


def _kept(relation: Callable[..., Any]) -> Any:
    return relation(_x, _y, evaluate=False)


_TERMS: tuple[tuple[Any, str], ...] = (
    (_kept(sympy.Lt), "(x < y)"), (_kept(sympy.Le), "(x <= y)"), (_kept(sympy.Gt), "(x > y)"),
    (_kept(sympy.Ge), "(x >= y)"), (_kept(Eq), "(x = y)"), (_kept(sympy.Ne), "(x <> y)"),
    (Rational(-3, 4), "(- (3 / 4))"), (sympy.Integer(-2), "(- 2)"), (Rational(3, 4), "(3 / 4)"),
    (_x + _y, "(x + y)"), (_x * _y, "(x * y)"), (_x - _y, "(x + ((- 1) * y))"), (_x**3, "(x ^ 3)"),
    (_x**-1, "(/ x)"), (_x**-2, "(/ (x ^ 2))"), (sympy.sqrt(_x), "(sqrt x)"), (1 / sympy.sqrt(_x), "(/ (sqrt x))"),
    (sympy.exp(_x), "(exp x)"), (sympy.E, "(exp 1)"), (sympy.log(_x), "(ln x)"), (Abs(_x), "(Rabs x)"),
    (sympy.cosh(_x), "((exp x + exp (- x)) / 2)"), (sympy.sinh(_x), "((exp x - exp (- x)) / 2)"),
    (sympy.tanh(_x), "((exp x - exp (- x)) / (exp x + exp (- x)))"), (sympy.atanh(_x), "(ln ((1 + x) / (1 - x)) / 2)"),
)  # fmt: skip
_CONDITIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_x + _y**2, ()), (1 / _x, ("(x <> 0)",)), (sympy.sqrt(_x), ("(x >= 0)",)), (sympy.log(_x), ("(x > 0)",)),
    (sympy.atanh(_x), ("((1 + x) > 0)", "((1 + ((- 1) * x)) > 0)")),
    (1 / sympy.sqrt(_x), ("(x <> 0)", "(x >= 0)")), (1 / sympy.log(_x), ("(x > 0)", "((ln x) <> 0)")),
)  # fmt: skip


FORMAL: dict[str, Callable[[], bool]] = {
    "balls hold the values of functions, powers and conditions": balls_hold_the_values,
    "points obey the assumptions on their symbols": points_obey_their_assumptions,
    "limits are confirmed from the side on which they are taken": limits_are_confirmed_from_their_side,
    "equal sums have one form, and others another": sums_have_one_form,
    "signs are those on the whole box": signs_are_those_of_the_whole_box,
    "Coq is given what is meant": coq_reads_what_is_meant,
}
"""What is asked, with the question."""
