"""A stationary point with a live and a dead neuron on exact data, and what one more neuron does to its loss.

theory.md 5.6. Next to the point the live neuron keeps the upper branch of the activation at every data point and the
dead neuron the lower one, so that the loss is a polynomial in the six parameters there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol

from .. import model
from ..formal.derivation import Goal, Nonnegative, Zero
from ..positivity.algebraic import Root
from ..positivity.prover import PositiveGoal

output, size = Symbol("a", positive=True), Symbol("t", positive=True)
"""The output weight of the live neuron, and the size of the neuron t (1, u) that is added."""
weights = sympy.symbols("w1 w2", real=True)
dead_output, *dead_weights = sympy.symbols("b v1 v2", real=True)
squared_size = Symbol("q", positive=True)

Vector = Sequence[Expr]


def goals(parameters: Mapping[str, Any]) -> Iterator[Goal | PositiveGoal]:
    """What spurious.stationary states of exact data: `points` (n, 2), `labels` (n,) and the fit's `coefficients` (2,).

    `loss` is the loss of the fit; `escape` the direction u of the neuron t (1, u) that is added, `change` the sign of
    what it does to the loss for 0 < t^2 < `reach`; `interpolating` the neurons (a, w1, w2) of a network whose loss is
    `least`, which no network's loss is below.
    """
    x = [tuple(map(exact, point)) for point in parameters["points"]]
    y, beta = (tuple(map(exact, parameters[name])) for name in ("labels", "coefficients"))
    for number, point in enumerate(x, 1):
        active = f"the live neuron is active on x_{number}"
        yield PositiveGoal(active, dot(beta, point), (), output, None, sufficient=True)
    loss = mean_loss([_live(point) + _dead(point) for point in x], y)
    fit = dict(zip(weights, (value / output for value in beta), strict=True))
    for coordinate in (output, *weights, dead_output, *dead_weights):
        yield Zero(f"dL/d{coordinate} at the fit", sympy.diff(loss, coordinate).subs(fit))
    yield Zero("the loss of the fit, minus the stated one", loss.subs(fit) - exact(parameters["loss"]))
    u = tuple(map(exact, parameters["escape"]))
    added = [squared_size * model.activation(dot(u, point), sympy.S.Zero) for point in x]  # t s(<t u, x>), t > 0
    change = mean_loss([dot(beta, point) + more for point, more in zip(x, added, strict=True)], y) - loss.subs(fit)
    yield _change_goal(sympy.expand(change), parameters["change"], exact(parameters["reach"]))
    neurons = [tuple(map(exact, neuron)) for neuron in parameters["interpolating"]]
    outputs = [sympy.Add(*(a * model.activation(dot(w, point), sympy.S.Zero) for a, *w in neurons)) for point in x]
    least = exact(parameters["least"])
    yield Zero("the loss of the interpolating network, minus the stated one", mean_loss(outputs, y) - least)
    free = sympy.symbols(f"h1:{len(x) + 1}", real=True)
    yield Nonnegative("no loss is below that", mean_loss(free, y) - least)


def _change_goal(change: Expr, sign: int, reach: sympy.Rational) -> Goal | PositiveGoal:
    """The change of the loss as a polynomial in t^2 has this sign for 0 < t^2 < reach; 1 stands for >= 0."""
    name = "what the added neuron does to the loss"
    if sign < 0:
        return PositiveGoal(name, -change, (), squared_size, Root.rational(reach))
    if sign > 0:
        return Nonnegative(name, change, domain={squared_size: (0, reach)})
    return Zero(name, change, {squared_size: (0, reach)})


def mean_loss(outputs: Sequence[Expr], labels: Sequence[Expr]) -> Expr:
    """(1/n) sum_k l(h_k, y_k) for the square loss."""
    terms = zip(outputs, labels, strict=True)
    return sympy.Add(*(model.SQUARE.value.subs({model.prediction: h, model.label: y}) for h, y in terms)) / len(labels)


def _live(point: Vector) -> Expr:
    upper, _ = model.activation(model.preactivation, sympy.S.Zero).args
    return output * upper.expr.subs(model.preactivation, dot(weights, point))


def _dead(point: Vector) -> Expr:
    _, lower = model.activation(model.preactivation, sympy.S.Zero).args
    return dead_output * lower.expr.subs(model.preactivation, dot(dead_weights, point))


def dot(w: Vector, x: Vector) -> Expr:
    """The inner product."""
    return sympy.Add(*(p * q for p, q in zip(w, x, strict=True)))


def exact(number: Any) -> sympy.Rational:
    """A SymPy number from an integer or a fraction."""
    return sympy.Rational(number.numerator, number.denominator)
