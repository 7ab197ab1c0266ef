"""Trying a statement about quantities of the model at examples of the model, in balls.

A claim that names quantities may say how to compute them at a random example (`Claim.examples`): a neuron under a
constant drift, a small network with its data. The runner evaluates every relation of the statement, and of each mutant,
with these values, which are exact rationals or balls and come from the definitions and not from the statement. A
relation that is certainly false at an example is refuted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import flint
import sympy
from sympy import Basic, Dummy, Expr, Identity, MatrixSymbol, Rational, Symbol, ZeroMatrix
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions import Inverse, MatAdd, MatMul, MatPow, MatrixExpr, Transpose

from ...theory.formal.balls import NotEnclosed, enclose_over
from ...theory.formal.vectors import Inner

BITS = 256
"""The precision of the balls: the values at an example are known far better than they are compared."""


@dataclass(frozen=True)
class Example:
    """The values of the names of a statement at one example of the model; keys are as SymPy prints them.

    A value is an exact number (int, Fraction, Rational) or a flint.arb, a sequence of these for a vector, or a
    flint.arb_mat. `rates` are the derivatives in time of what moves. `described` says what the example is.
    """

    values: Mapping[str, Any]
    rates: Mapping[str, Any] = field(default_factory=dict)
    described: Mapping[str, str] = field(default_factory=dict)


class Untried(Exception):
    """The relation holds something that the example gives no value to; the message says what."""


def certainly_false(relation: Basic, example: Example) -> str:
    """The value that shows a relation to be false at the example; an empty text when it may hold there.

    Raises Untried when it cannot be evaluated.
    """
    with flint.ctx.workprec(BITS):
        for gap in _gaps(relation, example):
            if not gap.is_finite():
                raise Untried(f"{relation} has no finite value")
            wrong = {
                sympy.Eq: not gap.contains(0),
                sympy.Ge: bool(gap < 0),
                sympy.Le: bool(gap > 0),
                sympy.Gt: bool(gap <= 0),
                sympy.Lt: bool(gap >= 0),
            }
            if wrong[relation.func]:
                return str(gap.str(10))
        return ""


def _gaps(relation: Basic, example: Example) -> list[Any]:
    """Left minus right side, as balls: one number, the components of a vector, or the entries of a matrix."""
    if not isinstance(relation, sympy.Eq | sympy.Ge | sympy.Le | sympy.Gt | sympy.Lt):
        raise Untried(f"{relation} is not a relation between numbers")
    left, right = relation.args
    if isinstance(left, MatrixExpr) or isinstance(right, MatrixExpr):
        return (_matrix(left, example) - _matrix(right, example)).entries()
    size = max((len(value) for value in _vectors(relation, example)), default=0)
    if size and _is_vector(left, example):
        return [_scalar(left, example, i) - _scalar(right, example, i) for i in range(size)]
    return [_scalar(left, example) - _scalar(right, example)]


def _vectors(expression: Basic, example: Example) -> list[Sequence[Any]]:
    found = (example.values.get(str(part)) for part in sympy.preorder_traversal(expression))
    return [value for value in found if isinstance(value, Sequence) and not isinstance(value, str)]


def _is_vector(expression: Basic, example: Example) -> bool:
    """Whether a side is a vector: a vector stands in it outside inner products."""
    if isinstance(expression, Inner):
        return False
    if str(expression) in example.values:
        return isinstance(example.values[str(expression)], Sequence)
    return any(_is_vector(argument, example) for argument in expression.args)


def number(value: Any) -> Any:
    """An exact number, or a ball, as a ball."""
    if isinstance(value, flint.arb):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Rational):
        raise TypeError(f"{value!r} is neither an exact number nor a ball")
    exact = Fraction(int(value.p), int(value.q)) if isinstance(value, Rational) else Fraction(value)
    return flint.arb(flint.fmpq(exact.numerator, exact.denominator))


def dot(u: Sequence[Any], v: Sequence[Any]) -> Any:
    """The inner product of two vectors of exact numbers or balls, as a ball."""
    return sum((number(p) * number(q) for p, q in zip(u, v, strict=True)), flint.arb(0))


def _known(atom: Basic, table: Mapping[str, Any], place: int | None) -> Any:
    """A number or a component of a vector from a table; Untried when there is none."""
    if str(atom) not in table:
        raise Untried(f"{atom} has no value")
    value = table[str(atom)]
    if isinstance(value, Sequence):
        if place is None:
            raise Untried(f"{atom} is a vector among numbers")
        return number(value[place])
    return number(value)


def _scalar(expression: Expr, example: Example, place: int | None = None) -> Any:
    """The ball of a scalar expression, or of one component of a vector expression."""
    balls: dict[Basic, Any] = {}
    hidden = _hidden(expression, example, place, balls)
    try:
        return enclose_over(hidden, balls, BITS)
    except NotEnclosed as reason:
        raise Untried(str(reason)) from None


def _hidden(expression: Basic, example: Example, place: int | None, balls: dict[Basic, Any]) -> Expr:
    """The expression with everything that has a value replaced by a new symbol, whose ball is noted in `balls`."""

    def new(ball: Any) -> Symbol:
        symbol = Dummy(real=True)
        balls[symbol] = ball
        return symbol

    if str(expression) in example.values:
        return new(_known(expression, example.values, place))
    if isinstance(expression, Inner):
        u, v = (_vector_of(argument, example.values) for argument in expression.args)
        return new(dot(u, v))
    if isinstance(expression, sympy.Derivative):
        return new(_rate(expression.args[0], example, place))
    if isinstance(expression, sympy.Sum):
        sizes = {name: sympy.Integer(example.values[str(name)]) for name in expression.free_symbols}
        return expression.xreplace(sizes).doit()
    if isinstance(expression, Symbol | AppliedUndef | sympy.Limit):
        raise Untried(f"{expression} has no value")
    if not expression.args:
        return expression
    return expression.func(*(_hidden(argument, example, place, balls) for argument in expression.args))


def _vector_of(atom: Basic, table: Mapping[str, Any]) -> Sequence[Any]:
    value = table.get(str(atom))
    if not isinstance(value, Sequence):
        raise Untried(f"{atom} is not a vector of the example")
    return value


def _rate(expression: Basic, example: Example, place: int | None) -> Any:
    """The derivative in time of an expression in what moves, by the chain rule."""
    if str(expression) in example.rates:
        return _known(expression, example.rates, place)
    names = {part: Dummy(real=True) for part in _moving(expression, example)}
    signs = {part: Dummy(real=True) for part in expression.atoms(sympy.sign)}  # constant while nothing vanishes
    hidden = expression.xreplace(signs).xreplace(names)
    back = {dummy: part for part, dummy in (*names.items(), *signs.items())}
    total = flint.arb(0)
    for part, name in names.items():
        slope = sympy.diff(hidden, name).xreplace(back)
        total += _scalar(slope, example, place) * _own_rate(part, example, place)
    return total


def _moving(expression: Basic, example: Example) -> set[Basic]:
    """The outermost parts of an expression that have a rate; an inner product moves when one of its vectors does."""
    moves = isinstance(expression, Inner) and any(str(argument) in example.rates for argument in expression.args)
    if moves or str(expression) in example.rates:
        return {expression}
    if isinstance(expression, Inner):
        return set()
    return set().union(*(_moving(argument, example) for argument in expression.args))


def _own_rate(part: Basic, example: Example, place: int | None) -> Any:
    if not isinstance(part, Inner):
        return _known(part, example.rates, place)
    u, v = (_vector_of(argument, example.values) for argument in part.args)
    still = [Fraction(0)] * len(u)
    du, dv = (example.rates.get(str(argument), still) for argument in part.args)
    return dot(du, v) + dot(u, dv)


def _matrix(expression: Basic, example: Example) -> Any:
    """The value of a matrix expression."""
    if str(expression) in example.values:
        value = example.values[str(expression)]
        if not isinstance(value, flint.arb_mat):
            raise Untried(f"{expression} is not a matrix of the example")
        return value
    size = next(value.nrows() for value in example.values.values() if isinstance(value, flint.arb_mat))
    if isinstance(expression, Identity):
        return flint.arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    if isinstance(expression, ZeroMatrix):
        return flint.arb_mat(size, size)
    if isinstance(expression, MatAdd):
        total = flint.arb_mat(size, size)
        for argument in expression.args:
            total = total + _matrix(argument, example)
        return total
    if isinstance(expression, MatMul):
        coefficient, factors = expression.as_coeff_matrices()
        product = _matrix(Identity(1), example) if not factors else _matrix(factors[0], example)
        for factor in factors[1:]:
            product = product * _matrix(factor, example)
        return product * _scalar(coefficient, example)
    if isinstance(expression, Transpose):
        return _matrix(expression.arg, example).transpose()
    if isinstance(expression, Inverse) or (isinstance(expression, MatPow) and expression.exp == -1):
        return _matrix(expression.base if isinstance(expression, MatPow) else expression.arg, example).inv()
    if isinstance(expression, MatPow) and expression.exp.is_Integer and expression.exp > 0:
        power = base = _matrix(expression.base, example)
        for _ in range(int(expression.exp) - 1):
            power = power * base
        return power
    if isinstance(expression, MatrixSymbol):
        raise Untried(f"{expression} has no value")
    raise Untried(f"{expression} cannot be evaluated")
