"""The correlation along the frozen flow (theory.md 3.6): sign(a) G(w)/||w|| never decreases, sliding included."""

from __future__ import annotations

from functools import lru_cache

import sympy
from sympy import Basic, Expr, Symbol

from .. import model
from ..flow.equations import model_steps
from ..formal.derivation import Derivation, Goal, Nonnegative, Step, Zero, equal
from ..formal.vectors import Inner, differential, inner, squared_norm, vector

output = model.neuron_output
correlation, norm = Symbol("G", real=True), Symbol("||w||", positive=True)
quantity: Expr = sympy.sign(output) * correlation / norm
"""sign(a) G(w)/||w||, the quantity whose time derivative is non-negative."""

_TIME = Symbol("t")
STATEMENT = sympy.Ge(sympy.Derivative(quantity, _TIME), 0, evaluate=False)
"""alignment.correlation-monotone."""

_D, _W, _ACROSS, _POINT = model.neuron_drift, model.neuron_weights, Symbol("e"), Symbol("x")
_ALONG = Symbol("u", real=True)
_ACROSS_SQUARED = Symbol("e_squared", nonnegative=True)
_SIZE = Symbol("a_size", positive=True)
_SPLIT = _ALONG * vector(_W) + vector(_ACROSS)
_ORTHOGONAL = {
    Inner(_W, _ACROSS): sympy.S.Zero,
    Inner(_W, _W): norm**2,
    Inner(_ACROSS, _ACROSS): _ACROSS_SQUARED,
}


def goals(statement: Basic) -> tuple[Goal, ...]:
    """The derivative of the stated quantity along the flow of a neuron, for either sign of a.

    D = u w + e with <w, e> = 0; such an e exists for every D, which turns Cauchy-Schwarz into ||e||^2 >= 0. On a face
    the other choices D' = D + s x give the same G, as <w, x> = 0, and D is locally constant there as in a cell.
    """
    reduced = rate_of_change(monotone_quantity(statement)) - statement.args[1]
    signs = (Nonnegative(f"a of sign {s:+d}", sympy.simplify(reduced.subs(output, s * _SIZE))) for s in (1, -1))
    return (face_goal(), *signs)


def monotone_quantity(statement: Basic) -> Expr:
    """What a (possibly altered) statement says never decreases: a constant times a derivative stands on its left."""
    factor, derivative = statement.args[0].as_independent(sympy.Derivative)
    return factor * derivative.args[0]


def rate_of_change(stated: Expr) -> Expr:
    """The time derivative of an expression in a, G = <D, w> and ||w|| for a constant D, in u, ||w|| and ||e||^2."""
    path = stated.subs({correlation: inner(vector(_D), vector(_W)), norm: sympy.sqrt(Inner(_W, _W))})
    products = {Inner(_D, _W): inner(_SPLIT, vector(_W)), Inner(_D, _D): squared_norm(_SPLIT)}
    turning = {_W: model.neuron_flow().weights}  # a keeps its sign, so that sign(a) is constant
    return differential(path, turning).xreplace(products).xreplace(_ORTHOGONAL)


@lru_cache(maxsize=1)
def face_goal() -> Goal:
    """G is the same for every slope on a face: <D + s x, w> - <D, w> = s <w, x> = 0."""
    slope = Symbol("s", real=True)
    gap = inner(_SPLIT + slope * vector(_POINT), vector(_W)) - inner(_SPLIT, vector(_W))
    return Zero("G on a face", gap.xreplace({Inner(_W, _POINT): sympy.S.Zero}))


def derivation() -> Derivation:
    """theory.md 3.6."""
    turned = sympy.Derivative(correlation / norm, _TIME)
    steps = (
        *model_steps(),
        Step(
            "With h = 0 the drift is constant in a cell; the correlation is",
            equal(correlation, Inner(_D, _W)),
            checked=False,
        ),
        Step(
            "On a face the drift may hold any slope of x, and <w, x> = 0: G is continuous there",
            equal(Inner(_W, _POINT), 0),
            goals=(face_goal(),),
        ),
        Step("Split the drift along w and across it, <w, e> = 0", equal(_D, _SPLIT.expression()), checked=False),
        Step(
            "Then the part along w cancels",
            equal(turned, output * Inner(_ACROSS, _ACROSS) / norm),
            {turned: rate_of_change(correlation / norm), Inner(_ACROSS, _ACROSS): _ACROSS_SQUARED},
        ),
        Step("and a keeps its sign", STATEMENT, goals=goals(STATEMENT)[1:]),
    )
    return Derivation("The correlation never decreases", steps, STATEMENT)
