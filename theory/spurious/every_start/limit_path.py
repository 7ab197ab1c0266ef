"""The distance between a bundle and a curve beside the limit path (theory.md 9.2), for every width and dimension.

S = s omega moves by S' = s (D + <D, omega> omega + E), a curve C = L c by C' = L (D_C + <D_C, c> c + delta), with unit
vectors omega and c, and V = 1 - <omega, c> - log(1 - theta^2), theta = (s - L)/(s + L).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import sympy
from sympy import Expr, Rational, Symbol

from ... import model
from ...formal.derivation import Goal, Nonnegative, Zero
from ...formal.vectors import Vector, inner, vector, vector_differential

s, length = Symbol("s", positive=True), Symbol("L", positive=True)
theta, middle = (s - length) / (s + length), (s + length) / 2
omega, unit, drift, drift_at, error, defect = (vector(name) for name in ("omega", "c", "D", "D_C", "E", "delta"))
UNITS = {inner(omega, omega): sympy.S.One, inner(unit, unit): sympy.S.One}


def _moved(direction: Vector, pull: Vector, push: Vector) -> tuple[Expr, Vector]:
    """(log ||S||)' and the derivative of the direction, where S'/||S|| = pull + <pull, direction> direction + push."""
    along, extra = inner(pull, direction), inner(push, direction)
    return 2 * along + extra, pull + push - direction * (along + extra)


@cache
def rate() -> Expr:
    """V'."""
    grown, turned = _moved(omega, drift, error)
    grown_at, turned_at = _moved(unit, drift_at, defect)
    radial = -sympy.log(1 - theta**2)
    moved = sympy.diff(radial, s) * s * grown + sympy.diff(radial, length) * length * grown_at
    return moved - inner(turned, unit) - inner(omega, turned_at)


@cache
def stated_rate() -> Expr:
    """The right-hand side of theory.md 9.2, with -H (S - C) = D - D_C."""
    apart = omega * s - unit * length
    gap = 1 - inner(omega, unit)
    pulled = inner(apart, drift - drift_at) / middle
    coupled = theta * inner(drift + drift_at, omega - unit)
    turned = -gap * (inner(drift, omega) + inner(drift_at, unit))
    aside, aside_at = error - omega * inner(error, omega), defect - unit * inner(defect, unit)
    rest = theta * (inner(error, omega) - inner(defect, unit)) - inner(aside, unit) - inner(aside_at, omega)
    return pulled + coupled + turned + rest


def neuron_goal() -> Goal:
    """(a w)' = a^2 (D + <omega, D> omega) with omega = w/a, from the equations of motion; summed it is S'."""
    flow, test = model.neuron_flow(), vector("v")
    w, a, D = vector(model.neuron_weights), model.neuron_output, vector(model.neuron_drift)
    moved = vector_differential(w * a, flow.direction())
    stated = (D + w * (inner(w, D) / a**2)) * a**2
    return Zero("(a w)' = a^2 (D + <omega, D> omega)", inner(moved, test) - inner(stated, test))


def identity_goal() -> Goal:
    """The derivative of V, with the terms of theory.md 9.2."""
    difference = (rate() - stated_rate()).subs(UNITS)
    return Zero("V' = -<S - C, H (S - C)>/m + theta <D + D_C, omega - c> - ..", sympy.simplify(difference))


def length_goal() -> Goal:
    """||S - C||^2 = m^2 (x^2 + theta^2 (4 - x^2)), x^2 = ||omega - c||^2."""
    apart, between = omega * s - unit * length, omega - unit
    squared = inner(between, between)
    stated = middle**2 * (squared + theta**2 * (4 - squared))
    return Zero("||S - C||^2", sympy.simplify((inner(apart, apart) - stated).subs(UNITS)))


def form_goals() -> Iterator[Goal]:
    """The quadratic form, and -log(1 - t) between t and t/(1 - t), t = u/(1 + u).

    With A = p^2 and B = q^2 the condition 4 A B >= N^2 reads N = 2 p q/(1 + v), v >= 0.
    """
    p, q, v, x, u = (Symbol(name, nonnegative=True) for name in ("p", "q", "v", "x", "u"))
    t, change = Symbol("t", positive=True), Symbol("theta", nonnegative=True)
    mixed = 2 * p * q / (1 + v)
    yield Nonnegative(
        "A x^2 + B theta^2 - N x theta >= 0 where 4 A B >= N^2",
        p**2 * x**2 + q**2 * change**2 - mixed * x * change,
        ((p * x - q * change) ** 2, 2 * p * q * x * change * v / (1 + v)),
    )
    part = u / (1 + u)
    for name, above in (
        ("(-log(1 - t) - t)' >= 0", -sympy.log(1 - t) - t),
        ("(t/(1 - t) + log(1 - t))' >= 0", t / (1 - t) + sympy.log(1 - t)),
    ):
        slope = sympy.factor(sympy.diff(above, t).subs(t, part))
        yield Nonnegative(name, slope, (sympy.factor(slope),))
    yield Nonnegative("17/24 is at least the root of 1/2", Rational(17, 24) ** 2 - Rational(1, 2))


def goals() -> Iterator[Goal]:
    """What SymPy decides of theory.md 9.2."""
    yield neuron_goal()
    yield identity_goal()
    yield length_goal()
    yield from form_goals()
