"""How the constants of Theorem A' close its argument, and its scale lambda_0 (theory.md 9.3, "The scale").

Three points in the plane. nu bounds N, the sum of a^2 over the neurons with a < 0, and g = `GAP_BOUND` what they change
in the loss. With Delta = L - L(beta*), t_0 is the time at which Q reaches q_0, t_e >= t_0 that at which Delta reaches
Delta_e. The symbols of `data_only` and `bundle_growth` are used.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Expr, IndexedBase, Rational, Sum, Symbol

from ... import model
from ...formal.derivation import Goal, Nonnegative, Zero
from ..trap import excess, mu
from . import bundle_growth, data_only, every_start
from .bundle import drift_size, size
from .bundle_growth import initial_excess, largest, least_size, slope, start_norm
from .data_only import mean_square, near

few = Symbol("nu", positive=True)
zero_loss, fit_loss = Symbol("L_0", positive=True), Symbol("L_beta", nonnegative=True)
"""The losses L_0 at h = 0 and L* = L(beta*)."""
begun = Symbol("q_0", positive=True)
"""q_0 <= c_C/(2 M), and q_0 ||x_k|| <= y_k for every point."""
gap, first = Symbol("g", nonnegative=True), Symbol("kappa_1", positive=True)
share = Symbol("theta", positive=True)
middle, mass = Symbol("tau_e", positive=True), Symbol("B", positive=True)
"""Bounds of t_e - t_0, and of the integral of Delta from t_0 to t_e."""
outer, cosine, residual = Symbol("X", positive=True), data_only.cosine, Symbol("r_0", positive=True)
"""X is the smaller of ||x_1|| and ||x_3||, r_0 the least of the |r_k|."""
growth = Symbol("W", nonnegative=True)
spread, scale = every_start.spread, every_start.bounds.scale

GAP_BOUND: Expr = 2 * few * sympy.sqrt(2 * zero_loss * mean_square) + 2 * few**2 * mean_square
WHOLE: Expr = initial_excess - gap
"""G."""
HIGHEST: Expr = initial_excess - first + gap
"""Delta_s, a bound of Delta from t_0 on."""
TURNING_TIME: Expr = 4 * model.n / (residual * outer * cosine**2)
"""By then a neuron with a < 0 is dead or acts linearly on the data, counted from t_e."""
SLOW: Expr = residual * outer * cosine**2 / (8 * model.n)
"""||D|| is at most this from t_e on."""
_BARRIER: Expr = bundle_growth.STATEMENT["barrier"].args[1]
_FACTOR: Expr = start_norm / (2 * mu * share)
_REMAINING: Expr = sympy.sqrt(2 * near / mu) / least_size

BOUNDS: dict[str, Expr] = {
    "gap": GAP_BOUND,
    "level": 3 * sympy.sqrt(3) / 8 * slope * begun,
    "floor": (WHOLE - excess) / start_norm,
    "least": (first - 2 * gap) / start_norm,
    "barrier": _BARRIER.subs(bundle_growth.inflation, bundle_growth.inflation + 2 * gap) - mean_square * few,
    "drift": (sympy.sqrt(2 * mu * (near - gap)) - mean_square * few) * sympy.sqrt(excess / near),
    "fall": -2 * mu * share * excess * (WHOLE - excess) / start_norm,
    "middle": _FACTOR / WHOLE * sympy.log(HIGHEST * (WHOLE - near) / (near * (first - 2 * gap))),
    "mass": _FACTOR * sympy.log((WHOLE - near) / (first - 2 * gap)),
    "grown": sympy.sqrt(2 * mean_square * middle * (fit_loss * middle + mass)),
    "last": Rational(1, 2),
    "path": sympy.sqrt(2 * HIGHEST / (mu * share)) / least_size + Rational(1, 2) + _REMAINING,
    "number": spread * scale**2 * sympy.exp(2 * growth),
    "scale": sympy.sqrt(few / spread) * sympy.exp(-growth),
}
"""Bounds of |L - L_lin| and L_lin - L_0, the level kappa_1, bounds of Q (two), <D, v> and ||D|| from below, and of
Delta', t_e - t_0, the integral of Delta until t_e, the change of log|a| until t_e and after it, the integral of ||D||,
N and lambda.

Every bound of spurious.data-only-scale may be altered and fed to `goals`.
"""

TOTAL_GROWTH: Expr = BOUNDS["grown"] + BOUNDS["last"] + _REMAINING
"""W."""
DRIFT: Expr = bundle_growth.STATEMENT["drift"].args[1].subs(initial_excess, initial_excess + gap) + mean_square * few
RADIUS: Expr = bundle_growth.STATEMENT["radius"].args[1].subs(initial_excess, initial_excess + gap)
"""bar D and R_E: those of Theorem A where the loss may exceed that of 0 by g, and D contains the a < 0 neurons."""

_z, _u, _p, _q, _s = (Symbol(name, nonnegative=True) for name in ("z", "u", "p", "q", "s"))


def _in_roots(expression: Expr) -> Expr:
    """With L_0 = z^2 and nu = u sqrt(2/R_2)."""
    return sympy.simplify(expression.subs({zero_loss: _z**2, few: _u * sympy.sqrt(2 / mean_square)}))


def _loss_gap(root: Expr) -> Expr:
    """The bound of |L - L_lin| of spurious.negative-neurons for N = nu, where one of the two losses is root^2."""
    return _in_roots(data_only.GAP.subs({data_only.negative: few, data_only.loss: root**2}))


def gap_goals(stated: Expr) -> tuple[Goal, ...]:
    """sqrt(L) and sqrt(L_lin) differ by at most u = nu sqrt(R_2/2); L_lin <= L_0 at T, and L does not increase.

    So sqrt(L) <= sqrt(L_0) + u, and sqrt(L_lin) <= sqrt(L_0) + 2 u from T on; where L_lin was L_0 - kappa_1 at t_0, it
    is at most g more afterwards.
    """
    known = _in_roots(stated)
    return (
        Zero("(sqrt(L_lin) + u)^2", sympy.expand(_z**2 + _loss_gap(_z) - (_z + _u) ** 2)),
        Nonnegative("L_0 + g beside (sqrt(L_0) + 2 u)^2", sympy.expand(known - (_z + 2 * _u) ** 2 + _z**2)),
        Nonnegative(
            "the same from a smaller loss on", sympy.expand(known.subs(_z, _z + _q) - (_z + 2 * _u) ** 2 + _z**2)
        ),
        Nonnegative("g - |L - L_lin|", sympy.expand(known - _loss_gap(_z + _u))),
    )


def level_goal(stated: Expr) -> Goal:
    """<b, S> - S^T H S/2 >= ||S|| (c_C - M q_0/2) and ||S|| >= q_0 sqrt(3)/2 at t_0, where q_0 <= c_C/(2 M)."""
    energy, norm = Symbol("B", nonnegative=True), Symbol("S_norm", nonnegative=True)
    small = bundle_growth.GROWN / (1 + _p)
    rate = slope - largest * small / 2
    reached, long = energy - norm * rate, norm - small * sympy.sqrt(3) / 2
    rest = small * sympy.sqrt(3) / 2 * slope * _p / (4 * (1 + _p))
    return Nonnegative(
        "<b, S> - S^T H S/2 - kappa_1", energy - stated.subs(begun, small),
        (reached, long * slope * (3 + 4 * _p) / (4 * (1 + _p)), rest), (reached, long),
    )  # fmt: skip


def floor_goals(floor: Expr, least: Expr) -> tuple[Goal, ...]:
    """r Q >= r ||S|| >= <b, S> >= <b, S> - S^T H S/2 = Delta_0 - Delta_P, and Delta_P <= Delta + g.

    At t_0 the last difference is at least kappa_1, so that Delta <= Delta_s there and afterwards.
    """
    norm, along, square = (Symbol(name, nonnegative=True) for name in ("S_norm", "b_S", "S_H_S"))
    linear = initial_excess - along + square / 2
    seen, schwarz, near_loss = size - norm, start_norm * norm - along, excess + gap - linear
    terms = (seen, schwarz / start_norm, near_loss / start_norm, square / (2 * start_norm))
    given = (seen, schwarz, near_loss)
    start, later, reached = linear + gap - excess, HIGHEST - excess, along - square / 2 - first
    return (
        Nonnegative("Q beside (G - Delta)/r", size - floor, terms, given),
        Nonnegative("Delta_s - Delta at t_0", later, (start, reached), (start, reached)),
        Nonnegative("Q beside q_1", (WHOLE - excess) / start_norm - least, (later / start_norm,), (later,)),
    )


def barrier_goals(stated: Expr) -> tuple[Goal, ...]:
    """The drift is D = b - H S + e with ||e|| <= R_2 N <= R_2 nu, and S^T H S - 2 <b, S> <= 2 g."""
    pushed, along = Symbol("push_S", real=True), Symbol("e_v", real=True)
    known = _BARRIER.subs(bundle_growth.inflation, bundle_growth.inflation + 2 * gap)
    kept, few_left = pushed - known, along + mean_square * few
    k = model.k
    outputs, norms = (IndexedBase(name, nonnegative=True) for name in ("f", "X"))
    over = (k, 1, model.n)
    seen = Sum((data_only.negative * norms[k] - outputs[k]) * norms[k], over) / model.n
    total = data_only.negative * Sum(norms[k] ** 2, over) / model.n
    by_points = total - Sum(outputs[k] * norms[k], over) / model.n
    return (
        Nonnegative("<D, v> on a facet", pushed + along - stated, (kept, few_left), (kept, few_left)),
        Zero("R_2 N - (1/n) sum |h_-(x_l)| ||x_l||", every_start.bounds.normal_form(by_points - seen)),
    )


def drift_goals(stated: Expr) -> tuple[Goal, ...]:
    """||D|| >= sqrt(2 mu Delta_P) - R_2 nu, Delta_P >= Delta - g and Delta = Delta_e + s, with Delta_e = g + p.

    With A = sqrt(2 mu p), the value of the root at Delta_e, R = sqrt(Delta/Delta_e) and B the root itself, B/A >= R.
    """
    p = Symbol("p", positive=True)
    at_end, now = sympy.sqrt(2 * mu * p), sympy.sqrt(2 * mu * (p + _s))
    ratio, lost = sympy.sqrt((p + gap + _s) / (p + gap)), mean_square * few
    grown = sympy.sqrt((p + _s) / p)
    reached, enough = drift_size - now + lost, at_end - lost
    bound = stated.subs({near: p + gap, excess: p + gap + _s})
    return (
        Nonnegative("(B/A)^2 - R^2", sympy.factor(grown**2 - ratio**2)),
        Nonnegative(
            "||D|| beside sqrt(2 mu theta Delta)", drift_size - bound,
            (reached, enough * (grown - ratio), lost * (grown - 1)), (reached, enough, grown - ratio, grown - 1),
        ),
    )  # fmt: skip


def _rate(at: Expr) -> Expr:
    """The bound of Delta' where Delta = `at`."""
    return BOUNDS["fall"].subs(excess, at)


def stage_goals(fall: Expr, time: Expr, total: Expr) -> tuple[Goal, ...]:
    """Delta' <= -Q ||D||^2 with Q >= (G - Delta)/r, ||D||^2 >= 2 mu theta Delta; the time and the integral of Delta."""
    left, more, longer = Symbol("G_left", positive=True), _q, _s
    norm = sympy.sqrt(2 * mu * share * excess)
    lost = (left + more) * (norm + longer) ** 2
    certificate = (left * longer * (2 * norm + longer), more * (norm + longer) ** 2)
    by_time = _FACTOR / WHOLE * (sympy.log(excess) - sympy.log(WHOLE - excess))
    by_mass = -_FACTOR * sympy.log(WHOLE - excess)
    slope_of = {name: sympy.diff(part, excess) * _rate(excess) for name, part in (("t", by_time), ("m", by_mass))}
    ends = [sympy.expand_log(part.subs(excess, HIGHEST) - part.subs(excess, near), force=True)
            for part in (by_time, by_mass)]  # fmt: skip
    stated = [sympy.expand_log(part, force=True) for part in (time, total)]
    return (
        Nonnegative(
            "Q ||D||^2 beside the fall",
            lost + fall.subs(WHOLE - excess, start_norm * left),
            certificate,
        ),
        Zero("the time at this rate", sympy.simplify(slope_of["t"] + 1)),
        Zero("Delta at this rate", sympy.simplify(slope_of["m"] + excess)),
        Nonnegative("t_e - t_0", sympy.simplify(sympy.expand(stated[0] - ends[0]))),
        Nonnegative("the integral of Delta", sympy.simplify(sympy.expand(stated[1] - ends[1]))),
    )


def grown_goals(stated: Expr) -> tuple[Goal, ...]:
    """|(log|a|)'| <= sqrt(2 R_2 L), L = L* + Delta, and sqrt(A) <= (A/z + z)/2 for every z > 0.

    Integrated over a time tau_e/(1 + p), with B/(1 + q) for the integral of Delta.
    """
    z = Symbol("z", positive=True)
    speed, root = data_only.STATEMENT["speed"].args[1], Symbol("q", positive=True)
    square = sympy.expand((speed**2).subs(data_only.loss, fit_loss + excess))
    whole = (square.subs(excess, 0) * middle + square.coeff(excess) * mass).expand()
    optimum = sympy.sqrt(whole / middle)
    bound = (whole / z + z * middle) / 2
    shorter = (square.subs(excess, 0) * middle / (1 + _p) + square.coeff(excess) * mass / (1 + _q)) / z
    less = bound - (shorter + z * middle / (1 + _p)) / 2
    return (
        Nonnegative("(A/z + z)/2 - sqrt(A), A = q^2", sympy.factor((root**2 / z + z) / 2 - root)),
        Nonnegative("a shorter time", sympy.simplify(sympy.expand(less))),
        Nonnegative("the change of log|a|", sympy.simplify(sympy.expand(stated - bound.subs(z, optimum)))),
    )


def last_goals(stated: Expr) -> tuple[Goal, ...]:
    """From t_e on: |L - L_lin| <= Delta_e/8, so that Delta_P <= 9/8 Delta_e; (log|a|)' <= ||D|| up to the turning time.

    ||D|| <= sqrt(2 M Delta_P) + R_2 nu; a neuron that is active on x_2 and an outer point keeps x_2.
    """
    slow = SLOW / (1 + _q)
    linear, apart, below = Symbol("Delta_P", nonnegative=True), near / 8 - gap, near - excess
    near_loss = excess + gap - linear
    norms, cosines = (Symbol("X_2", positive=True), outer * (1 + _p)), (cosine + _s)
    pulled = (residual / 2 + _z) * norms[0] * norms[1] * cosines / model.n - slow * norms[0]
    speed = sympy.sqrt(2 * largest * Rational(9, 8) * near)
    return (
        Nonnegative("9/8 Delta_e - Delta_P", Rational(9, 8) * near - linear, (near_loss, apart, below),
                    (near_loss, apart, below)),
        Zero("sqrt(2 M 9/8 Delta_e)", sympy.simplify(speed - Rational(3, 2) * sympy.sqrt(largest * near))),
        Nonnegative("the change of log|a|", sympy.simplify(stated - slow * TURNING_TIME)),
        Nonnegative("<w, x_2>'/|a| for a neuron that misses x_l", sympy.factor(
            pulled.subs(cosine, 1 / (1 + _u)).expand())),
    )  # fmt: skip


def path_goals(stated: Expr) -> tuple[Goal, ...]:
    """The three stages: from Delta_s on with 2 mu theta in place of 2 mu, the turning time, and from Delta_e on."""
    known = bundle_growth.STATEMENT["path"].args[1]
    early = known.subs(initial_excess, HIGHEST).subs(mu, mu * share)
    late = known.subs(initial_excess, near)
    half = BOUNDS["last"]
    return (Nonnegative("the integral of ||D|| after t_0", sympy.simplify(stated - early - half - late)),)


def scale_goals(number: Expr, stated: Expr) -> tuple[Goal, ...]:
    """No |a| of a neuron with a < 0 grows by more than e^W, where W = w + log(1 + p); so N <= nu up to the scale."""
    log_ratio = Symbol("w", nonnegative=True)
    small = spread * scale**2 * sympy.exp(2 * log_ratio)
    reached = sympy.powdenest(sympy.expand(number.subs(scale, stated / (1 + _q)), power_exp=True), force=True)
    bigger = number.subs(growth, log_ratio + sympy.log(1 + _p))
    return (
        Nonnegative("N beside C_0 lambda^2 e^{2 W}", sympy.factor(sympy.expand(bigger - small, power_exp=True))),
        Nonnegative("nu - N", sympy.factor(sympy.simplify(few - reached))),
    )


def goals(stated: Mapping[str, Expr]) -> tuple[Goal, ...]:
    """What the (possibly altered) `BOUNDS` need."""
    return (
        *gap_goals(stated["gap"]),
        level_goal(stated["level"]),
        *floor_goals(stated["floor"], stated["least"]),
        *barrier_goals(stated["barrier"]),
        *drift_goals(stated["drift"]),
        *stage_goals(stated["fall"], stated["middle"], stated["mass"]),
        *grown_goals(stated["grown"]),
        *last_goals(stated["last"]),
        *path_goals(stated["path"]),
        *scale_goals(stated["number"], stated["scale"]),
    )
