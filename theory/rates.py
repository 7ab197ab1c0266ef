"""Limits and rates of alignment under a constant drift (theory.md 3.4)."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Expr, Symbol

from . import limits
from .alignment import cosine, cosine_quotient, perpendicular_factor, start_cosine
from .derivation import Derivation, Goal, Step, ZeroGoal, equal
from .lorentz import rate, time

perpendicular = Symbol("omega_perp", nonnegative=True)
_RATIO = Symbol("s", positive=True)
_E = Symbol("E", positive=True)
_START = (1 - _RATIO) / (1 + _RATIO)
"""c0 in (-1, 1) by s = (1 - c0)/(1 + c0) > 0, so that SymPy knows every sign in the limits."""


def limit_at_infinity(expression: Expr) -> Expr:
    """The limit as t -> oo, not yet taken, of an expression in c, omega_perp (as a factor of its start), r and t."""
    along = {cosine: cosine_quotient, perpendicular: perpendicular_factor}
    in_time = expression.subs(along).subs(start_cosine, _START).rewrite(sympy.exp)
    moved = sympy.simplify(sympy.expand(in_time, power_exp=True).subs(time, sympy.log(_E) / rate))
    return sympy.Limit(sympy.simplify(moved), _E, sympy.oo)


def _in_start(expression: Expr) -> Expr:
    return sympy.factor(limits.evaluated(expression).subs(_RATIO, (1 - start_cosine) / (1 + start_cosine)))


cosine_limit: Expr = _in_start(limit_at_infinity((1 - cosine) * sympy.exp(2 * rate * time)))
"""lim (1 - c) e^{2rt} = 2 (1 - c0)/(1 + c0)."""

perpendicular_limit: Expr = _in_start(limit_at_infinity(perpendicular * sympy.exp(rate * time)))
"""lim ||omega_perp|| e^{rt} / ||omega_perp(0)|| = 2/(1 + c0)."""

STATEMENT: dict[str, sympy.Basic] = {
    "cosine": equal(sympy.Limit((1 - cosine) * sympy.exp(2 * rate * time), time, sympy.oo), cosine_limit),
    "perpendicular": equal(sympy.Limit(perpendicular * sympy.exp(rate * time), time, sympy.oo), perpendicular_limit),
}
"""alignment.rate, omega_perp measured in units of its start."""


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) statement needs: each stated limit, recomputed, minus its stated value."""
    found = []
    for name in ("cosine", "perpendicular"):
        limit, value = statement[name].args
        found.append(ZeroGoal(name, limit_at_infinity(limit.args[0]) - value.subs(start_cosine, _START)))
    return tuple(found)


def derivation() -> Derivation:
    """theory.md 3.4."""
    in_growth = {time: sympy.log(_E) / rate, start_cosine: _START}
    cosine_gap = sympy.simplify((1 - cosine_quotient.rewrite(sympy.exp)).subs(in_growth))
    shrunk = sympy.simplify(perpendicular_factor.rewrite(sympy.exp).subs(in_growth))
    limits = dict(zip(STATEMENT, goals(STATEMENT), strict=True))
    steps = (
        Step("Write the start as s > 0", equal(_RATIO, (1 - start_cosine) / (1 + start_cosine)), checked=False),
        Step(
            "In E = e^{rt} the closed form of the cosine is",
            equal(1 - cosine, 2 * _RATIO / (_E**2 + _RATIO)),
            {cosine: 1 - cosine_gap},
        ),
        Step(
            "and the perpendicular part, in units of its start,",
            equal(perpendicular, (1 + _RATIO) * _E / (_E**2 + _RATIO)),
            {perpendicular: shrunk},
        ),
        Step("Multiply the first by E^2 and let E grow", STATEMENT["cosine"], goals=(limits["cosine"],)),
        Step("Multiply the second by E", STATEMENT["perpendicular"], goals=(limits["perpendicular"],)),
    )
    return Derivation("Rates of alignment", steps, STATEMENT["cosine"])
