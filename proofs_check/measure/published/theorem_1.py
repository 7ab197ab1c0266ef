"""What the evidence of `published.theorem-1` decides (theory.md 8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy
from sympy import Basic, Expr, Rational, Symbol

from ....numerics.data.dataset import Dataset
from ....theory.formal.derivation import at_most
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import SYMBOLS
from ...claim.evidence import Certificate
from ...claim.statement import Predicate
from ...kinds.rechecks import AtPoint, exact

OMEGA = (Symbol("omega1", real=True), Symbol("omega2", real=True))
"""w/a at the start."""
START = {OMEGA[0]: Rational(-4, 5), OMEGA[1]: Rational(-29, 50)}
TIME = Symbol("T", positive=True)


def first_cell(statement: Predicate, time: Fraction) -> Certificate:
    """One neuron that is in its first cell up to `time` at every scale, where its drift is neither extremal nor 0."""
    if statement["threshold"] == "epsilon":
        return Certificate(1, "for small lambda tau is later than any fixed time")
    data = Dataset.published("three-points")
    numbers = [value for x in data.inputs for value in x] + list(data.labels)
    place = {symbol: exact(value) for symbol, value in zip(SYMBOLS, numbers, strict=True)}
    place |= START | {TIME: exact(time)}
    rechecks = tuple(AtPoint(relation, _of(relation, place)) for relation in _relations())
    where = {"x": data.inputs, "y": data.labels, "a": "lambda", "w": "lambda (-4/5, -29/50)", "T": time}
    return Certificate(
        1, "up to T the drift is (-11/40, 11/30), which is neither extremal nor 0", where, rechecks=rechecks
    )


def _relations() -> Iterator[Basic]:
    """What the counterexample rests on, at the published points with x_1 active alone.

    While the neuron is in its cell omega' = (I - omega omega^T) D, so that ||omega'|| <= ||D|| as ||omega|| <= 1. And
    ||D||^2 <= (1/n) sum p_k^2 (1/n) sum ||x_k||^2, where sum p_k^2 does not grow, and is at most sum y_k^2 at the
    start since 0 <= h(x_1) <= y_1.
    """
    x, y = points.inputs, points.labels
    heights = [_inner(OMEGA, point) for point in x]
    yield at_most(_inner(OMEGA, OMEGA), 1)  # dominated
    yield sympy.Gt(heights[0], 0, evaluate=False)
    yield sympy.Lt(heights[1], 0, evaluate=False)
    yield sympy.Lt(heights[2], 0, evaluate=False)
    yield at_most(heights[0], y[0])  # h(x_1) = lambda^2 <omega, x_1> <= y_1 for lambda <= 1
    drift = points.drift((1,))
    yield sympy.Gt(_inner(drift, OMEGA), 0, evaluate=False)  # Condition 1 for alpha_0 = 1
    for point in x:
        yield sympy.Gt(_inner(drift, point), 0, evaluate=False)  # A(D) is active everywhere ..
    yield sympy.Gt(points.drift((1, 2, 3))[0], drift[0], evaluate=False)  # .. where the drift is another one
    longest = sympy.Add(*(label**2 for label in y)) * sympy.Add(*(_inner(point, point) for point in x)) / points.N**2
    for height, point in zip(heights, x, strict=True):
        yield sympy.Lt(longest * TIME**2 * _inner(point, point), height**2, evaluate=False)


def _inner(u: tuple[Expr, ...], v: tuple[Expr, ...]) -> Expr:
    return sympy.Add(*(a * b for a, b in zip(u, v, strict=True)))


def _of(relation: Basic, place: dict[Symbol, Rational]) -> dict[Symbol, Rational]:
    """The values of the symbols of a relation."""
    return {symbol: place[symbol] for symbol in relation.free_symbols if isinstance(symbol, Symbol)}
