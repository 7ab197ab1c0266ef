"""Why the bounds of the early phase hold (theory.md 4.1-4.3), as goals that any stated bound must meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import sympy
from sympy import Basic, Expr, IndexedBase, Sum, Symbol

from .. import model
from ..flow.equations import model_steps
from ..formal.derivation import Derivation, Goal, Nonnegative, Step, Zero, at_least, at_most, equal
from ..formal.sums import normal_form
from ..formal.vectors import Inner, differential
from . import bounds

_NAMES = {name: Symbol(name, nonnegative=True) for name in ("deviation", "S(t)", "log_growth", "S(tau)")}
STATEMENT: dict[str, sympy.Basic] = {
    "deviation": at_most(_NAMES["deviation"], bounds.field_deviation),
    "convex": at_most(_NAMES["S(t)"], bounds.growth_bound_convex),
    "smooth": at_most(_NAMES["S(t)"], bounds.growth_bound_smooth),
    "log": at_most(_NAMES["log_growth"], bounds.log_growth_bound),
    "size": at_most(_NAMES["S(tau)"], bounds.size_bound_at_tau),
    "threshold": equal(Symbol("lambda_star", positive=True), bounds.scale_threshold),
}
"""early.growth-bound; every right-hand side may be altered and fed to `goals`."""


def deviation_goal(stated: Expr) -> Goal:
    """The stated bound minus (1/n) sum eta_k |p_k - p_k(0)| ||x_k||, which bounds the distance of the drifts.

    |p_k - p_k(0)| <= kappa |h_k| <= kappa S ||x_k||. Slopes are 1/(1 + u_k) and pull changes kappa S ||x_k||/(1 + v_k)
    with u, v >= 0, so that every admissible value (but 0, a limit) occurs.
    """
    norms, u, v = (IndexedBase(name, nonnegative=True) for name in ("X", "u", "v"))
    k, limits = model.k, (model.k, 1, model.n)
    full = bounds.curvature_bound * bounds.size * norms[k] ** 2
    used = Sum(full / ((1 + u[k]) * (1 + v[k])), limits) / model.n
    mean_square = Sum(norms[k] ** 2, limits) / model.n
    rest = Sum(full * (u[k] + v[k] + u[k] * v[k]) / ((1 + u[k]) * (1 + v[k])), limits) / model.n
    expression = stated.subs(bounds.mean_square_input, mean_square) - used
    return Nonnegative("distance of the drifts", expression, (rest,))


def output_goal() -> Goal:
    """a_j^2 ||x|| - |a_j| |sigma(<w_j, x>)| >= 0 for a dominated neuron; summed over j it is S ||x|| >= |h(x)|.

    |sigma(z)| is eta |z| with a slope eta = 1/(1 + u) in (0, 1], and |<w, x>| = ||w|| ||x||/(1 + v) with u, v >= 0.
    """
    size, weights, point, u, v = (Symbol(name, nonnegative=True) for name in ("A", "W", "X", "u", "v"))
    seen = weights * point / ((1 + u) * (1 + v))
    room = size - weights
    certificate = (size * point * room, size * weights * point * (u + v + u * v) / ((1 + u) * (1 + v)))
    return Nonnegative("|a_j sigma(<w_j, x>)| <= a_j^2 ||x||", size**2 * point - size * seen, certificate, (room,))


def growth_of_size() -> Expr:
    """(2/n) sum_k p_k h_k."""
    return 2 * Sum(model.pull(model.k) * model.sloped_network(model.k), (model.k, 1, model.n)) / model.n


def rate_goals() -> tuple[Goal, ...]:
    """S' = (2/n) sum p_k h_k from the model, and the two steps to S' <= 2 D* S for a convex loss.

    With p_k - p_k(0) = -l''(xi) h_k, (p_k - p_k(0)) h_k <= 0. With A = |a_j|, W = ||w_j|| and g = sign(a_j) G(w_j):
    2 D* A^2 - 2 A g >= 0 from A >= W and D* W >= g.
    """
    curvature, h = Symbol("l_second", nonnegative=True), model.prediction
    size, weights, correlation = Symbol("A", nonnegative=True), Symbol("W", nonnegative=True), Symbol("g_j", real=True)
    growing = differential(model.neuron_output**2, model.neuron_flow().direction())  # of a neuron with a > 0
    growing = growing.xreplace(
        {Inner(model.neuron_drift, model.neuron_weights): correlation, model.neuron_output: size}
    )
    room, reach = size - weights, bounds.d_star * weights - correlation
    return (
        Zero("S' = (2/n) sum p_k h_k", normal_form(bounds.growth_rate() - growth_of_size())),
        Nonnegative("-(p_k - p_k(0)) h_k >= 0", curvature * h**2),
        Nonnegative(
            "2 D* a_j^2 - 2 |a_j| g_j >= 0",
            2 * bounds.d_star * size**2 - growing,
            (2 * size * bounds.d_star * room, 2 * size * reach),
            (room, reach),
        ),
    )


def driven_goals() -> tuple[Goal, ...]:
    """What a drift of norm at most B = D_max + kappa R2 S does to a dominated neuron: (a^2)' <= 2 B a^2, |a|' <= B |a|.

    With A = |a|, W = ||w||, N = ||D|| and u = sign(a) <w, D>: A >= W, B >= N, and N W >= |u| by Cauchy-Schwarz.
    """
    size, weights, drift = (Symbol(name, nonnegative=True) for name in ("A", "W", "N"))
    bound, along = bounds.d_max + bounds.field_deviation, Symbol("u", real=True)
    product = Inner(model.neuron_drift, model.neuron_weights)
    growing = differential(model.neuron_output**2, model.neuron_flow().direction())  # of a neuron with a > 0
    growing = growing.xreplace({product: along, model.neuron_output: size})
    moving = model.neuron_flow().output.xreplace({product: along})
    dominated, slower = drift * (size - weights), size * (bound - drift)

    def less(name: str, expression: Expr, sign: int, factor: Expr) -> Goal:
        reach = drift * weights - sign * along
        certificate = tuple(factor * term for term in (reach, dominated, slower))
        return Nonnegative(name, expression, certificate, (size - weights, bound - drift, reach))

    return (
        less("2 B a^2 - (a^2)' >= 0", 2 * bound * size**2 - growing, 1, 2 * size),
        less("B |a| - |a|' >= 0", bound * size - moving, 1, sympy.S.One),
        less("B |a| + |a|' >= 0", bound * size + moving, -1, sympy.S.One),
    )


def below_the_threshold() -> Goal:
    """R2 S <= D_max/8 while S <= lambda^{2-4 epsilon}, for lambda below the published threshold (21) of theory.md 8.1.

    With L = lambda^{2-4 epsilon} the threshold says R2 L <= alpha_min^2 D_min/8, and alpha_min <= 1, D_min <= D_max.
    """
    alpha, least, power = (Symbol(name, nonnegative=True) for name in ("alpha_min", "D_min", "L"))
    threshold = alpha**2 * least / 8 - bounds.mean_square_input * power
    smaller, below = 1 - alpha, bounds.d_max - least
    certificate = (
        threshold, bounds.mean_square_input * (power - bounds.size), least * (1 + alpha) * smaller / 8, below / 8,
    )  # fmt: skip
    room = bounds.d_max / 8 - bounds.mean_square_input * bounds.size
    return Nonnegative("D_max/8 - R2 S >= 0", room, certificate, (threshold, power - bounds.size, smaller, below))


def comparison_goals(name: str, bound: Expr, rate: Expr, given: tuple[Expr, ...] = ()) -> tuple[Goal, ...]:
    """bound(0) >= S_0 and bound' >= rate(bound): then S <= bound for every S with S' <= rate(S), S(0) = S_0."""
    slack = sympy.simplify(sympy.diff(bound, bounds.time) - rate)
    start = sympy.simplify(bound.subs(bounds.time, 0) - bounds.initial_size)
    return (Nonnegative(f"{name}: start", start), Nonnegative(f"{name}: growth", slack, (), given))


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `STATEMENT` needs, beside `rate_goals`."""
    return tuple(goal for found in _goals_by_relation(statement).values() for goal in found)


def _goals_by_relation(statement: Mapping[str, Basic]) -> dict[str, tuple[Goal, ...]]:
    stated = {name: relation.args[1] for name, relation in statement.items()}
    start = {bounds.initial_size: bounds.initial_size_definition}
    widest = bounds.growth_bound_convex.subs({**start, bounds.d_star: bounds.d_max})
    ratio = {bounds.mean_square_input: bounds.deviation_ratio * bounds.d_max / bounds.curvature_bound}
    exact = sympy.integrate(
        bounds.d_max + bounds.field_deviation.subs(bounds.size, widest), (bounds.time, 0, bounds.tau)
    )
    log_slack = sympy.simplify(sympy.expand_log(sympy.expand((stated["log"] - exact).subs(ratio).doit()), force=True))
    size_slack = sympy.expand_log(stated["size"] - widest.subs(bounds.time, bounds.tau), force=True)
    threshold = sympy.powdenest(bounds.log_growth_excess.subs(bounds.scale, stated["threshold"]), force=True)
    return {
        "deviation": (deviation_goal(stated["deviation"]),),
        "convex": comparison_goals("convex", stated["convex"], bounds.convex_rate(stated["convex"])),
        "smooth": comparison_goals(
            "smooth", stated["smooth"], bounds.smooth_rate(stated["smooth"]), (bounds.growth_denominator,)
        ),
        "log": (Nonnegative("log growth", log_slack, domain=bounds.DOMAIN),),
        "size": (Nonnegative("size at tau", sympy.simplify(size_slack), domain=bounds.DOMAIN),),
        "threshold": (
            Zero("the excess at the threshold is log 2", sympy.simplify(threshold) - sympy.log(2), bounds.DOMAIN),
        ),
    }


def derivation() -> Derivation:
    """theory.md 4.1-4.3."""
    change, convexity, domination = rate_goals()

    @cache
    def stated() -> dict[str, tuple[Goal, ...]]:
        return _goals_by_relation(STATEMENT)

    def found(name: str) -> Callable[[], tuple[Goal, ...]]:
        return lambda: stated()[name]

    rate = sympy.Derivative(bounds.size, bounds.time)
    steps = (
        *model_steps(),
        Step("S = sum_j a_j^2 grows along the flow by", equal(rate, growth_of_size()), goals=(change,)),
        Step(
            "The loss is convex, p_k(0) - p_k = l'' h_k: replacing p_k by p_k(0) loses a term that is",
            at_least(convexity.expression, 0),
            goals=(convexity,),
        ),
        Step(
            "With A = |a_j| >= ||w_j|| and g_j = sign(a_j) G(w_j) <= D* ||w_j||, every neuron leaves",
            at_least(domination.expression, 0),
            goals=(domination,),
        ),
        Step("so that S' <= 2 D* S; the solution of the equation bounds S", STATEMENT["convex"], goals=found("convex")),
        Step(
            "The pull is kappa-Lipschitz and |h_k| <= S ||x_k||: the drift moves from that at h = 0 by",
            STATEMENT["deviation"],
            goals=found("deviation"),
        ),
        Step(
            "so that S' <= 2 (D_max + kappa R_2 S) S without convexity; solve for 1/S",
            STATEMENT["smooth"],
            goals=found("smooth"),
        ),
        Step("|log|a_j||' <= ||D_j||; integrate its bound up to tau", STATEMENT["log"], goals=found("log")),
        Step("The first bound at tau, with D* <= D_max", STATEMENT["size"], goals=found("size")),
        Step(
            "The term with q in the bound on log|a_j| reaches log 2 at",
            STATEMENT["threshold"],
            goals=found("threshold"),
        ),
    )
    return Derivation("Growth in the early phase", steps, STATEMENT["convex"])
