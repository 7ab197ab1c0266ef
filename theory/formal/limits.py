"""Limits and infinite sums: taken by SymPy, used only after they were checked at numbers.

SymPy 1.14 returns some wrong limits (its public issue 28360), so that its word alone decides nothing here. A value is
confirmed when the expression, evaluated in ball arithmetic ever closer to the point, keeps coming closer to the value.
That is no proof of a limit, but a wrong value shows: its distance from the expression does not go to zero.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import sympy
from sympy import Basic, Expr, Rational, Symbol

from .balls import NotEnclosed, enclose
from .sample import Domain, Instance, draw

NEAR = (6, 7, 8, 9)
"""The point is approached at the distances 2^-k (infinity at 2^k) for these k."""
FAR = (64, 128, 256, 512)
"""The same much closer, where the expression can be evaluated there: what converges like 1/log needs it."""
DECAY = Rational(1, 2)
"""Over a factor 8 of the distance the error must fall by this share at least: so does distance^(1/3)."""
STALLED = Rational(9, 10)
"""An error that keeps this share over the same factor does not go to zero at any rate that could be confirmed."""
PARAMETERS = 3
"""At so many random values of the other symbols is a limit looked at."""
BITS = (128, 1024, 8192, 65536)
"""Working precisions, tried in turn until a value is known to `RELATIVE`."""
RELATIVE = 2.0**-30


class Unconfirmed(ValueError):
    """SymPy gave no value, or one that the numbers do not confirm; the message says which."""


def limit(expression: Expr, variable: Symbol, point: Any, direction: str = "+", domain: Domain | None = None) -> Expr:
    """The limit of an expression as `variable` tends to `point`, confirmed by numbers.

    `direction` is as in SymPy: "+" from above, "-" from below; ignored at infinity. `domain` maps other symbols to open
    intervals. Raises Unconfirmed when SymPy finds no value or the expression does not approach the value it finds.
    """
    point = sympy.sympify(point)
    value = sympy.limit(expression, variable, point, direction)
    if value.has(sympy.Limit, sympy.AccumBounds, sympy.nan):
        raise Unconfirmed(f"SymPy finds no limit of {expression} as {variable} -> {point}")
    confirm(expression, variable, point, direction, value, domain)
    return value


def confirm(
    expression: Expr, variable: Symbol, point: Any, direction: str, value: Expr, domain: Domain | None = None
) -> None:
    """Check that the expression approaches `value`; Unconfirmed says at which point it does not."""
    if variable not in expression.free_symbols:
        if sympy.expand(expression - value) != 0:
            raise Unconfirmed(f"{expression} does not depend on {variable} and is not {value}")
        return
    places = [_place(sympy.sympify(point), direction, exponent) for exponent in (*NEAR, *FAR)]
    for attempt in range(PARAMETERS):
        instance = draw((value, *(expression.xreplace({variable: place}) for place in places)), domain or {}, attempt)
        where = ", ".join(f"{name} = {given}" for name, given in instance.described.items())
        _confirm_at(instance, f"as {variable} -> {point}" + (f" with {where}" if where else ""))


def sum_of(total: sympy.Sum, domain: Domain | None = None) -> Expr:
    """The value of an infinite sum over one index, confirmed by its partial sums; Unconfirmed as in `limit`."""
    value = total.doit()
    if value.has(sympy.Sum, sympy.nan) or len(total.limits) != 1 or total.limits[0][2] is not sympy.oo:
        raise Unconfirmed(f"SymPy finds no value of {total}")
    index, low, _ = total.limits[0]
    terms = [total.function.xreplace({index: low + step}) for step in range(2 ** NEAR[-1])]
    partial = [sympy.Add(*terms[: 2**exponent]) for exponent in NEAR]
    for attempt in range(PARAMETERS):
        _confirm_at(draw((value, *partial), domain or {}, attempt), f"over {index}")
    return value


def evaluated(expression: Expr, domain: Domain | None = None) -> Expr:
    """The expression with every unevaluated limit and infinite sum in it replaced by its confirmed value.

    Derivatives of explicit expressions are taken. Raises Unconfirmed when a value is not found or not confirmed.
    """
    expression = _differentiated(expression)
    pending = [atom for atom in expression.atoms(sympy.Limit, sympy.Sum) if _is_infinite(atom)]
    replaced: dict[Basic, Expr] = {}
    for atom in sorted(pending, key=sympy.count_ops):
        inside = atom.xreplace(replaced)
        if isinstance(inside, sympy.Limit):
            body, variable, point, direction = inside.args
            sides = ("+", "-") if str(direction) == "+-" else (str(direction),)
            values = {limit(body, variable, point, side, domain) for side in sides}
            if len(values) != 1:
                raise Unconfirmed(f"{inside} has different limits from the two sides")
            replaced[atom] = values.pop()
        else:
            replaced[atom] = sum_of(inside, domain)
    return expression.xreplace(replaced)


def _differentiated(expression: Expr) -> Expr:
    def taken(derivative: sympy.Derivative) -> Expr:
        return (
            derivative if isinstance(derivative.expr, sympy.core.function.AppliedUndef | Symbol) else derivative.doit()
        )

    return expression.replace(lambda part: isinstance(part, sympy.Derivative), taken)


def _is_infinite(atom: Basic) -> bool:
    return isinstance(atom, sympy.Limit) or any(sympy.oo in bounds or -sympy.oo in bounds for bounds in atom.limits)


def _place(point: Expr, direction: str, exponent: int) -> Expr:
    if point in (sympy.oo, -sympy.oo):
        return sympy.Integer(2) ** exponent * (1 if point is sympy.oo else -1)
    return point + Rational(1, 2**exponent) * (-1 if direction == "-" else 1)


def _confirm_at(instance: Instance, where: str) -> None:
    """Judge the sequence of values at one choice of the other symbols: close in, or Unconfirmed."""
    stated, *values = instance.expressions
    judge: Callable[[Sequence[Expr], Expr, Instance], bool | None]
    judge = _grows if stated.has(sympy.oo, -sympy.oo, sympy.zoo) else _closes_in
    groups = [values[: len(NEAR)], values[len(NEAR) :]] if len(values) > len(NEAR) else [values]
    verdicts = [judge(group, stated, instance) for group in groups]
    if verdicts[-1] is not None and len(groups) > 1:
        verdicts = verdicts[-1:]  # closest to the point
    if verdicts[0] is not True:
        shown = _number(values[len(NEAR) - 1], instance)
        reason = "cannot be evaluated close to it" if shown is None else f"is {float(shown.mid()):.6g} close to it"
        raise Unconfirmed(f"{where} the stated value is {stated}, but the expression {reason}")


def _closes_in(values: Sequence[Expr], stated: Expr, instance: Instance) -> bool | None:
    gaps = [_number(value - stated, instance) for value in values]
    if any(gap is None for gap in gaps):
        return None
    first, last = abs(gaps[0]), abs(gaps[-1])
    scale = _number(stated, instance)
    if last < RELATIVE**2 * (1 + abs(scale)) if scale is not None else False:
        return True
    if last < first * float(DECAY):
        return True
    return False if last > first * float(STALLED) else None


def _grows(values: Sequence[Expr], stated: Expr, instance: Instance) -> bool | None:
    numbers = [_number(value, instance) for value in values]
    if any(number is None for number in numbers):
        return None
    sign = -1 if stated is -sympy.oo else 1
    sizes = [abs(number) if stated is sympy.zoo else number * sign for number in numbers]
    return bool(
        all(late > early for early, late in itertools.pairwise(sizes)) and sizes[-1] * float(STALLED) > sizes[0]
    )


def _number(expression: Expr, instance: Instance) -> Any:
    """A ball that is narrow beside its value or beside 1e-300, or None."""
    for precision in BITS:
        try:
            ball = enclose(expression, instance.values, precision)
        except NotEnclosed:
            continue
        if ball.rad() <= abs(ball.mid()) * RELATIVE or (abs(ball) < RELATIVE**4 and precision == BITS[-1]):
            return ball
    return None
