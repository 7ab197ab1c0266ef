"""Rigorous values of a SymPy expression at a rational point, by ball arithmetic.

A ball that excludes zero proves that the exact value is not zero; nothing here ever rounds a sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import flint
import sympy
from sympy import Basic, Expr

PRECISIONS = (64, 256, 1024)
"""Working precisions in bits, tried in turn until a sign is certain."""


class NotEnclosed(Exception):
    """The expression has no real ball here: an unknown function, a singular point, or a straddled condition."""


_UNARY: dict[Any, Callable[[Any], Any]] = {
    sympy.exp: lambda x: x.exp(),
    sympy.log: lambda x: x.log(),
    sympy.sinh: lambda x: x.sinh(),
    sympy.cosh: lambda x: x.cosh(),
    sympy.tanh: lambda x: x.tanh(),
    sympy.asinh: lambda x: x.asinh(),
    sympy.acosh: lambda x: x.acosh(),
    sympy.atanh: lambda x: x.atanh(),
    sympy.sin: lambda x: x.sin(),
    sympy.cos: lambda x: x.cos(),
    sympy.tan: lambda x: x.tan(),
    sympy.cot: lambda x: x.cot(),
    sympy.sec: lambda x: x.sec(),
    sympy.csc: lambda x: x.csc(),
    sympy.asin: lambda x: x.asin(),
    sympy.acos: lambda x: x.acos(),
    sympy.atan: lambda x: x.atan(),
    sympy.coth: lambda x: x.coth(),
    sympy.sech: lambda x: x.sech(),
    sympy.csch: lambda x: x.csch(),
    sympy.Abs: abs,
    sympy.erf: lambda x: x.erf(),
    sympy.gamma: lambda x: x.gamma(),
    sympy.factorial: lambda x: (x + 1).gamma(),
}


def enclose(expression: Expr, point: dict[Basic, sympy.Rational], precision: int) -> Any:
    """A `flint.arb` ball around the value at the point; raises `NotEnclosed` when there is none."""
    return enclose_over(expression, point, precision)


def enclose_over(expression: Expr, values: Mapping[Basic, Any], precision: int) -> Any:
    """A ball around all values of the expression when its symbols lie in balls (or are the given rationals).

    Raises `NotEnclosed` when there is none.
    """
    try:
        with flint.ctx.workprec(precision):
            ball = _ball(expression, values)
    except (ZeroDivisionError, ValueError, OverflowError) as problem:
        raise NotEnclosed(str(problem)) from problem
    if not ball.is_finite():
        raise NotEnclosed(f"{expression} has no finite value here")
    return ball


def sign_at(expression: Expr, point: dict[Basic, sympy.Rational]) -> int | None:
    """The certain sign, 1 or -1, of the value at a rational point; None when it is zero or not certain."""
    for precision in PRECISIONS:
        try:
            ball = enclose(expression, point, precision)
        except NotEnclosed:
            return None
        if ball > 0:
            return 1
        if ball < 0:
            return -1
        if ball.is_zero():
            return None
    return None


def _rational(value: sympy.Rational) -> Any:
    return flint.arb(flint.fmpq(int(value.p), int(value.q)))


def _ball(expression: Basic, point: Mapping[Basic, Any]) -> Any:
    if expression in point:
        given = point[expression]
        return given if isinstance(given, flint.arb) else _rational(given)
    if isinstance(expression, sympy.Rational):
        return _rational(expression)
    if expression is sympy.pi:
        return flint.arb.pi()
    if expression is sympy.E:
        return flint.arb.const_e()
    if isinstance(expression, sympy.Add):
        return sum((_ball(argument, point) for argument in expression.args), flint.arb(0))
    if isinstance(expression, sympy.Mul):
        result = flint.arb(1)
        for argument in expression.args:
            result = result * _ball(argument, point)
        return result
    if isinstance(expression, sympy.Pow):
        return _power(expression, point)
    if isinstance(expression, sympy.sign):
        return flint.arb(_certain_sign(_ball(expression.args[0], point)))
    if isinstance(expression, sympy.Max | sympy.Min):
        balls = [_ball(argument, point) for argument in expression.args]
        choose = flint.arb.max if isinstance(expression, sympy.Max) else flint.arb.min
        result = balls[0]
        for ball in balls[1:]:
            result = choose(result, ball)
        return result
    if isinstance(expression, sympy.Piecewise):
        for branch in expression.args:
            if _holds(branch.cond, point):
                return _ball(branch.expr, point)
    if expression.func in _UNARY and len(expression.args) == 1:
        return _UNARY[expression.func](_ball(expression.args[0], point))
    raise NotEnclosed(f"no ball for {expression}")


def _power(expression: sympy.Pow, point: Mapping[Basic, Any]) -> Any:
    base, exponent = expression.base, expression.exp
    if base is sympy.E:
        return _ball(exponent, point).exp()
    ball = _ball(base, point)
    if exponent.is_Integer:
        return _integer_power(ball, int(exponent))
    if exponent == sympy.S.Half:
        return ball.sqrt()
    if not ball > 0:
        raise NotEnclosed(f"{base} is not certainly positive under the exponent {exponent}")
    return (_ball(exponent, point) * ball.log()).exp()


def _integer_power(ball: Any, exponent: int) -> Any:
    """A power by products: python-flint has none of a ball that holds 0. Even powers are never negative."""
    if exponent < 0:
        return 1 / _integer_power(ball, -exponent)
    base, result = abs(ball) if exponent % 2 == 0 else ball, flint.arb(1)
    for bit in bin(exponent)[2:]:
        result = result * result * (base if bit == "1" else 1)
    return result


def _certain_sign(ball: Any) -> int:
    if ball > 0:
        return 1
    if ball < 0:
        return -1
    if ball.is_zero():
        return 0
    raise NotEnclosed("a sign straddles zero")


def _holds(condition: Basic, point: Mapping[Basic, Any]) -> bool:
    if condition in (sympy.true, sympy.false):
        return condition is sympy.true
    if isinstance(condition, sympy.And | sympy.Or):
        parts = (_holds(argument, point) for argument in condition.args)
        return all(parts) if isinstance(condition, sympy.And) else any(parts)
    if isinstance(condition, sympy.core.relational.Relational):
        sign = _certain_sign(_ball(condition.lhs, point) - _ball(condition.rhs, point))
        return bool(condition.func(sympy.Integer(sign), 0))
    raise NotEnclosed(f"no certain truth value for {condition}")
