"""The early phase at finite small initialisation (theory.md 4.1-4.3), for a dominated start and any loss.

The formulas are consequences of the comparison `S' <= 2 (rate + deviation S) S`, which `growth_rate` and the Cauchy
certificates below derive from the model; no bound is typed in, each is the solution of its comparison equation.
"""

from __future__ import annotations

from functools import lru_cache

import sympy
from sympy import Expr, Function, Sum, Symbol

from . import model
from .inner import Inner, differential
from .sums import normal_form

time = Symbol("t", nonnegative=True)
initial_size = Symbol("S_0", positive=True)
size = Symbol("S", nonnegative=True)
spread = Symbol("c_0", positive=True)
curvature_bound = Symbol("kappa", positive=True)
mean_square_input = Symbol("R_2", positive=True)
d_max = Symbol("D_max", positive=True)
d_star = Symbol("D_star", positive=True)
epsilon = Symbol("epsilon", positive=True)
scale = model.scale
deviation_ratio = Symbol("q", positive=True)

DOMAIN = {epsilon: (0, 1), scale: (0, 1)}
"""The admissible values that the assumptions do not express: 0 < epsilon < 1 and 0 < lambda < 1."""


def mean_square_definition() -> Expr:
    """R2 = (1/n) sum_k ||x_k||^2."""
    return Sum(Inner(model.inputs[model.k], model.inputs[model.k]), (model.k, 1, model.n)) / model.n


def total_size() -> Expr:
    """S = sum_j a_j^2."""
    return Sum(model.output_weights[model.j] ** 2, (model.j, 1, model.m))


def growth_rate() -> Expr:
    """S' along the flow, derived from the model: it equals (2/n) sum_k p_k h_k."""
    return normal_form(differential(total_size(), model.velocity().direction()))


field_deviation: Expr = curvature_bound * mean_square_input * size
"""Bound on the distance between frakD(w, theta) and frakD(w, 0): kappa R2 S."""


@lru_cache(maxsize=1)
def _solved_growth() -> tuple[Expr, Expr]:
    """The solutions of S' = 2 D S and of S' = 2 (D + kappa R2 S) S with S(0) = S_0, by SymPy's `dsolve`.

    The second is solved for u = 1/S, which obeys the linear equation u' = -2 D u - 2 kappa R2.
    """
    path, moment = Function("S"), Symbol("t", real=True)
    convex = sympy.dsolve(
        sympy.Eq(path(moment).diff(moment), 2 * d_star * path(moment)), path(moment), ics={path(0): initial_size}
    )
    reciprocal = -sympy.expand(_riccati(path(moment)).subs(path(moment), 1 / path(moment)) * path(moment) ** 2)
    smooth = sympy.dsolve(
        sympy.Eq(path(moment).diff(moment), reciprocal), path(moment), ics={path(0): 1 / initial_size}
    )
    exponential = sympy.exp(2 * d_max * time)
    inverse = sympy.simplify(smooth.rhs.subs(moment, time) / exponential**-1)
    return convex.rhs.subs(moment, time), initial_size * exponential / sympy.expand(inverse * initial_size)


def _riccati(value: Expr) -> Expr:
    """The right-hand side 2 (D_max + kappa R2 S) S of the comparison equation at S = value."""
    return 2 * (d_max + field_deviation.subs(size, value)) * value


def convex_rate(value: Expr) -> Expr:
    """The right-hand side 2 D* S of the comparison equation for a loss convex in its prediction."""
    return 2 * d_star * value


growth_bound_convex: Expr = _solved_growth()[0]
"""S(t) <= S_0 e^{2 D* t} for a loss convex in h, for all t and whatever the scale."""

ratio_definition: Expr = field_deviation.subs(size, 1) / d_max
"""q = kappa R2 / ||D_max||."""

growth_bound_smooth: Expr = _solved_growth()[1]
"""The bound for a kappa-smooth loss, valid while `growth_denominator` is positive."""

growth_denominator: Expr = sympy.fraction(growth_bound_smooth)[1]
"""1 - q S_0 (e^{2 D_max t} - 1), in the original symbols."""

tau: Expr = epsilon * sympy.log(1 / scale) / d_max
"""The end of the early phase, epsilon log(1/lambda) / ||D_max||."""

initial_size_definition: Expr = spread * scale**2
"""S(0) = c0 lambda^2."""


def _at_tau(expression: Expr) -> Expr:
    """The expression at t = tau with powers of lambda collected."""
    return sympy.powsimp(sympy.expand(sympy.simplify(sympy.expand_log(expression.subs(time, tau)))))


size_bound_at_tau: Expr = _at_tau(growth_bound_convex.subs({initial_size: initial_size_definition, d_star: d_max}))
"""S(tau) <= c0 lambda^(2 - 2 epsilon), from the growth bound with D* <= D_max."""


@lru_cache(maxsize=1)
def _log_growth() -> Expr:
    """int_0^tau (D_max + kappa R2 S) dt with S at its bound, less the negative end term."""
    bound = growth_bound_convex.subs({initial_size: initial_size_definition, d_star: d_max})
    primitive = sympy.integrate(d_max + field_deviation.subs(size, bound), time)
    end = _at_tau(primitive).subs(
        mean_square_input, sympy.solve(deviation_ratio - ratio_definition, mean_square_input)[0]
    )
    return sympy.expand(end)


log_growth_bound: Expr = _log_growth()
"""|log|a_j(tau)/a_j(0)|| <= epsilon log(1/lambda) + (q c0 / 2) lambda^(2 - 2 epsilon)."""

log_growth_excess: Expr = sympy.simplify(log_growth_bound + epsilon * sympy.log(scale))
"""The second term of `log_growth_bound`, (q c0 / 2) lambda^(2 - 2 epsilon)."""


@lru_cache(maxsize=1)
def _threshold() -> Expr:
    """The scale at which the excess is log 2: solved for the power of lambda, then for lambda."""
    power = Symbol("power", positive=True)
    exponent = 2 - 2 * epsilon
    solution = sympy.solve(log_growth_excess.subs(scale**exponent, power) - sympy.log(2), power)[0]
    return solution ** (1 / exponent)


scale_threshold: Expr = _threshold()
"""lambda* = (2 log 2 / (q c0))^{1/(2 - 2 epsilon)}: below it |a_j| <= 2 |a_j(0)| lambda^-epsilon on [0, tau]."""
