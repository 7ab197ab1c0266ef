"""How far Euler's steps of the flow are from it, while no pattern changes (theory.md 2.8)."""

from __future__ import annotations

import sympy
from sympy import Expr, Symbol

from ..formal.derivation import Goal, Zero, at_most

step = Symbol("H", positive=True)
time = Symbol("t", nonnegative=True)
pull_at_zero = Symbol("q", nonnegative=True)
"""q = (1/n) sum_k |p_k(0)| ||x_k||, a bound on every drift at h = 0."""
curvature = Symbol("r", nonnegative=True)
"""r = kappa R_2 N."""
norm_squared = Symbol("N", nonnegative=True)
"""N >= ||theta||^2 along the flow and at every step."""
number = Symbol("k", integer=True, nonnegative=True)
lipschitz, speed = Symbol("Lambda", positive=True), Symbol("V", nonnegative=True)

rate: Expr = pull_at_zero + sympy.Rational(3, 2) * curvature
"""Lambda: a bound on the Hessian of the loss between the flow and the steps."""
fastest: Expr = (pull_at_zero + curvature / 2) * sympy.sqrt(norm_squared)
"""V: a bound on ||theta'||."""

STATEMENT: dict[str, sympy.Basic] = {
    "distance": at_most(Symbol("descent_gap"), step / 2 * fastest * (sympy.exp(rate * time) - 1)),
}
"""flow.descent-order: descent_gap = ||theta_k - theta(t)|| at t = k H."""


def recursion_bound(steps: Expr) -> Expr:
    """E_k = (H V/2) ((1 + H Lambda)^k - 1)."""
    return step * speed / 2 * ((1 + step * lipschitz) ** steps - 1)


def goals() -> tuple[Goal, ...]:
    """E_0 = 0, E_{k+1} = (1 + H Lambda) E_k + Lambda V H^2/2, and e^x - 1 - x from its derivatives at 0."""
    x = Symbol("x", nonnegative=True)
    defect = lipschitz * speed * step**2 / 2
    grown = (1 + step * lipschitz) * recursion_bound(number) + defect
    left = sympy.powsimp(sympy.expand(recursion_bound(number + 1) - grown))
    s = Symbol("s", nonnegative=True)
    integral = sympy.integrate(sympy.exp(s) - 1, (s, 0, x))
    return (
        Zero("E_0", recursion_bound(sympy.Integer(0))),
        Zero("E_{k+1} - (1 + H Lambda) E_k - Lambda V H^2/2", left),
        Zero("e^x - 1 - x - int_0^x (e^s - 1) ds", sympy.exp(x) - 1 - x - integral),
    )
