"""Limits and rates of alignment under a constant drift (theory.md 3.4).

The limits are written as the theorem states them; `goals` computes each of them from the closed forms and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import sympy
from sympy import Basic, Expr, Symbol

from ..flow.lorentz import rate, time
from ..formal.derivation import Derivation, Goal, Step, Zero, equal
from .constant_drift import cosine, cosine_quotient, perpendicular_factor, start_cosine

perpendicular = Symbol("omega_perp", nonnegative=True)
_RATIO = Symbol("s", positive=True)
_E = Symbol("E", positive=True)
_START = (1 - _RATIO) / (1 + _RATIO)
"""c0 in (-1, 1) by s = (1 - c0)/(1 + c0) > 0, so that SymPy knows every sign in the limits."""


@cache
def limit_at_infinity(expression: Expr) -> Expr:
    """The limit as t -> oo, not yet taken, of an expression in c, omega_perp (as a factor of its start), r and t."""
    along = {cosine: cosine_quotient, perpendicular: perpendicular_factor}
    in_time = expression.subs(along).subs(start_cosine, _START).rewrite(sympy.exp)
    moved = sympy.simplify(sympy.expand(in_time, power_exp=True).subs(time, sympy.log(_E) / rate))
    return sympy.Limit(sympy.simplify(moved), _E, sympy.oo)


cosine_limit: Expr = 2 * ((1 - start_cosine) / (1 + start_cosine))
"""lim (1 - c) e^{2rt}."""

perpendicular_limit: Expr = 2 / (1 + start_cosine)
"""lim ||omega_perp|| e^{rt} / ||omega_perp(0)||."""

STATEMENT: dict[str, sympy.Basic] = {
    "cosine": equal(sympy.Limit((1 - cosine) * sympy.exp(2 * rate * time), time, sympy.oo), cosine_limit),
    "perpendicular": equal(sympy.Limit(perpendicular * sympy.exp(rate * time), time, sympy.oo), perpendicular_limit),
}
"""alignment.rate, omega_perp measured in units of its start."""


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) statement needs: each stated limit, recomputed, minus its stated value."""
    return tuple(_goal(name, statement[name]) for name in ("cosine", "perpendicular"))


def _goal(name: str, relation: Basic) -> Goal:
    limit, value = relation.args
    return Zero(name, limit_at_infinity(limit.args[0]) - value.subs(start_cosine, _START))


def derivation() -> Derivation:
    """theory.md 3.4."""
    in_growth = {time: sympy.log(_E) / rate, start_cosine: _START}
    path = cosine_quotient.rewrite(sympy.exp).subs(in_growth)
    shrunk = perpendicular_factor.rewrite(sympy.exp).subs(in_growth)

    def limit(name: str) -> Callable[[], tuple[Goal, ...]]:
        return lambda: (_goal(name, STATEMENT[name]),)

    steps = (
        Step("Write the start as s > 0", equal(_RATIO, (1 - start_cosine) / (1 + start_cosine)), checked=False),
        Step(
            "In E = e^{rt} the closed form of the cosine is",
            equal(1 - cosine, 2 * _RATIO / (_E**2 + _RATIO)),
            {cosine: path},
        ),
        Step(
            "and the perpendicular part, in units of its start,",
            equal(perpendicular, (1 + _RATIO) * _E / (_E**2 + _RATIO)),
            {perpendicular: shrunk},
        ),
        Step("Multiply the first by E^2 and let E grow", STATEMENT["cosine"], goals=limit("cosine")),
        Step("Multiply the second by E", STATEMENT["perpendicular"], goals=limit("perpendicular")),
    )
    return Derivation("Rates of alignment", steps, STATEMENT["cosine"])
