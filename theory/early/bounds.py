"""The early phase at finite small initialisation (theory.md 4.1-4.3), for a dominated start and any loss.

The bounds are written as the theorem states them. Each solves a comparison equation for the size S = sum_j a_j^2, whose
rate S' `growth_rate` derives from the model; `growth` holds what has to be proved for a stated bound to be true.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Sum, Symbol

from .. import model
from ..formal.sums import normal_form
from ..formal.vectors import Inner, differential

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
followed = Symbol("||D||", positive=True)
"""The norm of the extremal vector that a neuron follows."""
largest_followed, smallest_followed = (Symbol(name, positive=True) for name in ("D_1", "D_min"))
"""The largest and the smallest extremal norm that some live neuron follows."""

aligned = epsilon * followed / d_max
"""The exponent of lambda in the angle that alignment under the frozen drift leaves at tau (theory.md 4.4)."""
deviated = 2 - 2 * epsilon * largest_followed / d_max
"""The exponent of lambda in the angle by which the network itself turns the drift at tau."""
one_sided_limit = 2 * d_max / (followed + 2 * largest_followed)
"""Below this epsilon the neurons that follow a one-sided vector stay on its side."""

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


def convex_rate(value: Expr) -> Expr:
    """The right-hand side 2 D* S of the comparison equation for a loss convex in its prediction."""
    return 2 * d_star * value


def smooth_rate(value: Expr) -> Expr:
    """The right-hand side 2 (D_max + kappa R2 S) S of the comparison equation for a kappa-smooth loss."""
    return 2 * (d_max + field_deviation.subs(size, value)) * value


growth_bound_convex: Expr = initial_size * sympy.exp(2 * d_star * time)
"""S(t) is at most this for a loss convex in h, for all t and whatever the scale."""

ratio_definition: Expr = curvature_bound * mean_square_input / d_max
"""q = kappa R2 / D_max."""

growth_denominator: Expr = 1 - ratio_definition * initial_size * (sympy.exp(2 * d_max * time) - 1)
"""1 - q S_0 (e^{2 D_max t} - 1), in the original symbols."""

growth_bound_smooth: Expr = initial_size * sympy.exp(2 * d_max * time) / growth_denominator
"""The bound for a kappa-smooth loss, valid while `growth_denominator` is positive."""

tau: Expr = epsilon * sympy.log(1 / scale) / d_max
"""The end of the early phase, epsilon log(1/lambda) / D_max."""

initial_size_definition: Expr = spread * scale**2
"""S(0) = c0 lambda^2."""


size_bound_at_tau: Expr = spread * scale ** (2 - 2 * epsilon)
"""S(tau) is at most this: the growth bound at tau, with D* <= D_max."""

log_growth_excess: Expr = deviation_ratio * spread / 2 * scale ** (2 - 2 * epsilon)
"""What the change of the drift up to tau may add to the growth of log|a_j|."""

log_growth_bound: Expr = log_growth_excess + epsilon * sympy.log(1 / scale)
"""|log|a_j(tau)/a_j(0)|| is at most this."""

scale_threshold: Expr = (2 * sympy.log(2) / (deviation_ratio * spread)) ** (1 / (2 - 2 * epsilon))
"""lambda*, where the excess is log 2: below it |a_j| <= 2 |a_j(0)| lambda^-epsilon on [0, tau]."""
