"""Theorem A of theory.md 9.1: how its constants close the argument, and the scale lambda_0.

The steps of the proof are goals of `phase_one`, `bundle` and `bundle_growth`. Here is what makes their hypotheses true
together: T_1 = max(T_a, T_d) is the time at which every live neuron has a > 0 and is active on all points, and T = T_1
+ log(1/epsilon)/r that at which the bundle is aligned.
"""

from __future__ import annotations

import sympy
from sympy import Expr, IndexedBase, Sum, Symbol

from ... import model
from ...early import bounds
from ...formal.derivation import Goal, Nonnegative, Zero
from ...formal.vectors import inner, squared_norm, vector
from . import bundle, bundle_growth, phase_one
from .bundle import epsilon, size, tightness
from .bundle_growth import largest, slope, start_norm, start_tightness

spread = bounds.spread
"""C_0: the start has sum a_j^2 <= C_0 lambda^2."""
settled = Symbol("T_1", positive=True)
least = Symbol("s_0", positive=True)
"""The smallest of the bounds that S = sum a_j^2 has to obey up to T."""
narrowest = Symbol("t", positive=True)
"""tan(alpha/2) for the facet that is nearest to b."""

LARGEST_TIGHTNESS: Expr = 1 / (8 * bundle_growth.RATIOS**2)
"""eta_2 is at most this."""
q1: Expr = bundle_growth.STATEMENT["level"].args[1]
"""||S||, and with it Q, is at least this once Q has reached q_0."""
SCALE: Expr = epsilon * sympy.sqrt(least / spread) * sympy.exp(-start_norm * settled)
"""lambda_0."""


def size_at(scale: Expr) -> Expr:
    """The bound of S at T: the growth bound with D* = r."""
    time = settled + sympy.log(1 / epsilon) / start_norm
    return bounds.growth_bound_convex.subs({
        bounds.d_star: start_norm, bounds.time: time, bounds.initial_size: spread * scale**2,
    })  # fmt: skip


def scale_goals(stated: Expr) -> tuple[Goal, ...]:
    """S(T) <= C_0 lambda^2 e^{2 r T} is at most the bound it has to obey, for lambda up to the stated scale."""
    reached = sympy.powdenest(sympy.simplify(sympy.expand(size_at(stated), power_exp=True)), force=True)
    share = Symbol("q", nonnegative=True)
    smaller = size_at(SCALE) - size_at(SCALE / (1 + share))
    return (
        Nonnegative("S(T) at lambda_0", sympy.simplify(least - reached)),
        Nonnegative("S(T) at smaller scales", sympy.factor(sympy.simplify(smaller))),
    )


def longest_drift_goal() -> Goal:
    """||b||^2 - ||D_A||^2 for a set A: what is left out of b correlates positively with D_A, so that D* = r."""
    k, i = (Symbol(name, integer=True, positive=True) for name in ("k", "i"))
    pulls, correlations = IndexedBase("f", nonnegative=True), IndexedBase("gamma", nonnegative=True)
    kept, rest = vector("D_A"), vector("R")
    products = Sum(pulls[k] * pulls[i] * correlations[k, i], (k, 1, model.n), (i, 1, model.n))
    length = Symbol("R_norm", nonnegative=True)
    excess = squared_norm(kept + rest) - squared_norm(kept)
    table = {inner(kept, rest): products, squared_norm(rest): length**2}
    return Nonnegative("||b||^2 - ||D_A||^2", sympy.expand(excess).xreplace(table), (2 * products, length**2))


def pull_goal() -> Goal:
    """p_k - zeta y_k for |h_k| <= S ||x_k|| and S <= (1 - zeta) y_k/||x_k||."""
    y, x, output = (Symbol(name, positive=True) for name in ("y", "X", "h"))
    enough, seen = (1 - phase_one.zeta) * y - bounds.size * x, bounds.size * x - output
    return Nonnegative("p_k - zeta y_k", y - output - phase_one.zeta * y, (enough, seen), (enough, seen))


def live_goal(live: bool) -> Goal:
    """Q(T) - a_1(T)^2 where neuron 1 is live with a > 0, if there is one: then Q(T) > 0, and Q grows up to q_0."""
    first, rest = Symbol("a_1", positive=True), Symbol("Q_rest", nonnegative=True)
    return Nonnegative("Q(T) - a_1(T)^2", (first**2 if live else 0) + rest - first**2, (rest,))


def barrier_goals(cone: bool) -> tuple[Goal, ...]:
    """The bound of <D, v> falls with eta; it is not negative at eta_2 if (C) holds and eta_2 <= eta_*.

    With (C) the bound is m(v) > 0 at eta = 0, so that there is such an eta_* > 0.
    """
    bound = bundle_growth.STATEMENT["barrier"].args[1]
    inflation = bundle_growth.STATEMENT["inflation"].args[1]
    at_last = bound.subs(bundle_growth.inflation, inflation).subs(tightness, start_tightness)
    falls = [sympy.diff(part, tightness) for part in (inflation, sympy.sqrt(2 * tightness))]
    by_inflation = -sympy.diff(bound, bundle_growth.inflation)
    hypothesis = (at_last,) if cone else ()
    return (
        Nonnegative("the inflation grows with eta", falls[0]),
        Nonnegative("sqrt(2 eta) grows with eta", falls[1]),
        Nonnegative("the barrier falls with the inflation", by_inflation),
        Nonnegative("<D, v> on the facet", at_last, (), hypothesis),
    )


def tightness_goals() -> tuple[Goal, ...]:
    """eta(T) <= 32 epsilon^2 <= eta_2, the bundle lies in the cone, X <= 1/2, and eta(t) <= eta(T) afterwards.

    epsilon^2 = eta_2/(32 (1 + q)) or less, u <= 2 epsilon <= 2 t/3, Q(T) = q_1/(e (1 + q)) or less.
    """
    q, p = (Symbol(name, nonnegative=True) for name in ("q", "p"))
    tight = bundle.STATEMENT["tight"].args[1].subs(epsilon, sympy.sqrt(start_tightness / (32 * (1 + q))))
    aligned = bundle.STATEMENT["aligned"].args[1].subs(epsilon, narrowest / (3 * (1 + q)))
    spread_bound = bundle_growth.STATEMENT["ratios"].args[1].subs(start_tightness, LARGEST_TIGHTNESS / (1 + q))
    half = sympy.S.Half
    kept = bundle_growth.STATEMENT["kept"].args[1].subs(bundle_growth.spread, half)
    first = bundle_growth.aligned_tightness
    reached = {
        bundle_growth.initial_size: bundle_growth.least_size / (sympy.E * (1 + q)),
        size: bundle_growth.least_size * (1 + p),
    }
    return (
        Nonnegative("eta_2 - eta(T)", start_tightness - tight, (start_tightness * q / (1 + q),)),
        Nonnegative(
            "t_i - u at T", sympy.simplify(narrowest - aligned), (narrowest / 3, 2 * narrowest * q / (3 * (1 + q)))
        ),
        Nonnegative(
            "1/2 - X", half - sympy.simplify(spread_bound), ((sympy.sqrt(1 + q) - 1) / (2 * sympy.sqrt(1 + q)),),
            (sympy.sqrt(1 + q) - 1,),
        ),
        Nonnegative(
            "eta(T) - eta(t)", sympy.simplify(first - kept.subs(reached)),
            (first * (p + q + p * q) / ((1 + p) * (1 + q)),),
        ),
    )  # fmt: skip


def levels_goal() -> Goal:
    """q_1 as the `level` of a bundle in the notation of theory.md 9.1: kappa_1/r, kappa_1 = (3/4) c_C q_0 sqrt(3)/2."""
    stated = sympy.Rational(3, 4) * slope * (slope / (2 * largest)) * sympy.sqrt(3) / 2 / start_norm
    return Zero("q_1 = kappa_1/r", sympy.simplify(q1 - stated))


def goals(scale: Expr, cone: bool, live: bool) -> tuple[Goal, ...]:
    """What Theorem A needs beside the steps: for a stated scale, with (C) or without, with a live neuron or without."""
    return (
        longest_drift_goal(),
        pull_goal(),
        live_goal(live),
        *barrier_goals(cone),
        *tightness_goals(),
        levels_goal(),
        *scale_goals(scale),
    )
