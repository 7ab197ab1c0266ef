"""A tight bundle grows and converges to least squares (theory.md 9.1 (2a) to (2d)).

Square loss, any dimension, width and number of points. All live neurons have a > 0 and are active on all points, so
that they share the drift D = b - H S, S = sum a_j w_j, Q = sum a_j^2. H = (1/n) sum x x^T has extreme eigenvalues mu <=
M, beta* = H^-1 b, Delta = L - L(beta*), and Delta_0 is its value at S = 0. The tightness eta is that of `bundle`.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Expr, IndexedBase, Sum, Symbol

from ... import model
from ...formal.derivation import Goal, Nonnegative, Zero, at_least, at_most, equal
from ...formal.sums import normal_form
from ...formal.vectors import Vector, differential, inner, vector
from .. import trap
from ..trap import excess, largest, mu
from .bundle import drift_size, nonnegative, size, tightness
from .phase_one import time

initial_excess = Symbol("Delta_0", positive=True)
limit_norm = trap.limit_norm
start_norm = Symbol("r", positive=True)
"""r = ||b||."""
largest_size, largest_drift = Symbol("Q_max", positive=True), Symbol("D_bar", positive=True)
"""Bounds of Q and of ||D||."""
base, room, bend, push_norm = Symbol("m_1", real=True), *(Symbol(f"m_{i}", nonnegative=True) for i in (2, 3, 4))
"""At a facet with the unit normal v (theory.md 9.1): <b, v> - <p, c>, <b, c>, <p, H_v^+ p> and ||H v||."""
inflation = Symbol("kappa", nonnegative=True)
"""By how much S_0^T H S_0 - 2 <b, S_0> may exceed 0."""
slope = Symbol("c_C", positive=True)
"""c_C, the minimum of <w, b> over the unit vectors w of the cone."""
least_size = Symbol("q_1", positive=True)
"""A lower bound of Q from some time on."""
start_tightness, path = Symbol("eta_2", positive=True), Symbol("Lambda", nonnegative=True)
"""A bound of eta while the bundle grows, and a bound of the integral of ||D|| from then on."""
spread = Symbol("X", nonnegative=True)
"""No logarithm of a ratio a_i/a_j changes by more than X."""
initial_size = Symbol("Q_T", positive=True)
aligned_tightness = Symbol("eta_T", nonnegative=True)
"""Q and eta at the time T at which the bundle is aligned."""

GROWN: Expr = slope / (2 * largest)
"""q_0: neurons of the cone grow while Q is at most this."""
RATIOS: Expr = 4 * largest_drift / (sympy.sqrt(3) * slope) + path
"""What sqrt(2 eta_2) is multiplied with in the bound on the ratios."""

_ENERGY, _PUSH, _GROWTH = (Symbol(name, real=True) for name in ("energy", "push", "log_rate"))
_NORM, _PATH, _RATIOS, _KEPT = (Symbol(name, nonnegative=True) for name in ("||S||", "path", "log_ratio", "eta(t)"))
_INFLATED = Symbol("inflated", real=True)
_OUTPUTS, _LABELS = IndexedBase("h", nonnegative=True), IndexedBase("y", positive=True)

STATEMENT: dict[str, Basic] = {
    "energy": equal(
        _ENERGY, Sum((_LABELS[model.k] - _OUTPUTS[model.k] / 2) * _OUTPUTS[model.k], (model.k, 1, model.n)) / model.n
    ),
    "radius": at_most(_NORM, limit_norm + sympy.sqrt(2 * initial_excess / mu)),
    "drift": at_most(drift_size, sympy.sqrt(2 * largest * initial_excess)),
    "inflation": at_most(
        _INFLATED,
        2 * largest_drift * largest_size * sympy.sqrt(2 * tightness) + 2 * largest * largest_size**2 * tightness,
    ),
    "barrier": at_least(
        _PUSH,
        base - sympy.sqrt((room + inflation) * bend) - largest_size * sympy.sqrt(2 * tightness) * push_norm,
    ),
    "growth": at_least(_GROWTH, sympy.sqrt(3) * slope / 4),
    "level": at_least(_NORM, 3 * sympy.sqrt(3) * slope**2 / (16 * largest * start_norm)),
    "path": at_most(_PATH, sympy.sqrt(2 * initial_excess / mu) / least_size),
    "ratios": at_most(_RATIOS, sympy.sqrt(2 * start_tightness) * RATIOS),
    "kept": at_most(_KEPT, aligned_tightness * initial_size * sympy.exp(2 * spread) / size),
    "fall": at_most(trap.STATEMENT["fall"].args[0], -2 * mu * size * excess),
}
"""spurious.bundle-growth; every right-hand side may be altered and fed to `goals`."""

_k, _l, _i = (Symbol(name, integer=True, positive=True) for name in ("k", "l", "i"))
_POINTS = (_k, 1, model.n)
_error, _above = IndexedBase("e", real=True), IndexedBase("g", nonnegative=True)
_below = IndexedBase("u", nonnegative=True)
_AXES = (_i, 1, Symbol("d", integer=True, positive=True))


def form(first: Vector, second: Vector) -> Expr:
    """<first, H second> = (1/n) sum <first, x_k> <second, x_k>."""
    x = vector(model.inputs[_k])
    return Sum(inner(first, x) * inner(second, x), _POINTS) / model.n


def energy_goals(stated: Expr) -> tuple[Goal, ...]:
    """L(0) - L for outputs h_k, as the stated sum, from the model's loss; it is not negative while 0 <= h_k <= y_k.

    With h_k = <S, x_k> it is <b, S> - S^T H S/2, which therefore is >= 0 for ever: the loss does not increase.
    """
    loss = model.SQUARE.value
    h, y = _OUTPUTS[model.k], _LABELS[model.k]
    over = (model.k, 1, model.n)
    start, now = (loss.subs({model.label: y, model.prediction: value}) for value in (sympy.S.Zero, h))
    output, label = Symbol("h", nonnegative=True), Symbol("y", positive=True)
    seen = label - output
    return (
        Zero("L(0) - L", normal_form(Sum(start - now, over) / model.n - stated)),
        Nonnegative("(y_k - h_k/2) h_k", (label - output / 2) * output, (seen * output, output**2 / 2), (seen,)),
    )


def ellipsoid_goals(radius: Expr, drift: Expr) -> tuple[Goal, ...]:
    """S^T H S <= 2 <b, S> says e^T H e <= 2 Delta_0 for e = beta* - S; then ||e|| and ||D|| = ||H e|| are bounded.

    In an eigenbasis of H with the eigenvalues mu + g_i, or M/(1 + u_i).
    """
    S, fit = vector("S"), vector("beta")
    error = fit - S
    identity = form(S, S) - 2 * form(fit, S) - form(error, error) + form(fit, fit)
    slack = Symbol("q", nonnegative=True)
    low = Sum((mu + _above[_i]) * _error[_i] ** 2, _AXES)
    high = Sum(largest / (1 + _below[_i]) * _error[_i] ** 2, _AXES)
    image = Sum(largest**2 / (1 + _below[_i]) ** 2 * _error[_i] ** 2, _AXES)
    kept = Sum(largest**2 * _below[_i] / (1 + _below[_i]) ** 2 * _error[_i] ** 2, _AXES)
    reach = sympy.expand((radius - limit_norm) ** 2).subs(initial_excess, (low + slack) / 2)
    wide = sympy.expand(drift**2).subs(initial_excess, (high + slack) / 2)
    return (
        Zero("S^T H S - 2 <b, S> = e^T H e - beta*^T H beta*", normal_form(identity)),
        Nonnegative(
            "||e|| <= ||S|| bound",
            reach - Sum(_error[_i] ** 2, _AXES),
            (Sum(_above[_i] * _error[_i] ** 2, _AXES) / mu, slack / mu),
        ),
        Nonnegative("||D||", wide - image, (kept, largest * slack)),
    )


def inflation_goals(stated: Expr) -> tuple[Goal, ...]:
    """S = S_0 + Q e with S_0 = Q omega_i and ||e|| <= sqrt(2 eta): how far S_0 may be outside the ellipsoid of S.

    <e, D> <= ||e|| ||D|| and <e, H e> <= M ||e||^2, with Q = Q_max/(1 + q_1), ||D|| = D_bar/(1 + q_2) and
    ||e|| = sqrt(2 eta)/(1 + q_3).
    """
    S, error, fit = vector("S"), vector("e"), vector("beta")
    start = S - error * size
    change = form(start, start) - 2 * form(fit, start) - form(S, S) + 2 * form(fit, S)
    known = 2 * size * form(error, fit - S) + size**2 * form(error, error)
    p, q, s, t = nonnegative("q_1", "q_2", "q_3", "q_4")
    along = Symbol("x", real=True)
    Q, D = largest_size / (1 + p), largest_drift / (1 + q)
    length = sympy.sqrt(2 * tightness) / (1 + s)
    schwarz = length * D - along
    shrunk = [(1 + p) * (1 + q) * (1 + s), (1 + p) ** 2 * (1 + s) ** 2 * (1 + t)]
    full = [2 * largest_drift * largest_size * sympy.sqrt(2 * tightness), 2 * largest * largest_size**2 * tightness]
    certificate = (
        2 * Q * schwarz,
        *(whole * sympy.expand(by - 1) / by for whole, by in zip(full, shrunk, strict=True)),
    )
    expression = stated - 2 * Q * along - Q**2 * largest * length**2 / (1 + t)
    return (
        Zero("S_0^T H S_0 - 2 <b, S_0> beside that of S", normal_form(change - known)),
        Nonnegative("by how much S_0 is outside", expression, certificate, (schwarz,)),
    )


def barrier_goals(stated: Expr) -> tuple[Goal, ...]:
    """<D, v> for D = b - H S, S = S_0 + Q e, <S_0, v> = 0, S_0^T H S_0 - 2 <b, S_0> <= kappa.

    Let c, g be orthogonal to v with <c, H w> = <b, w> and <g, H w> = <v, H w> for all w orthogonal to v: they are
    H_v^+ P b and H_v^+ p. Then z = S_0 - c has <z, H z> <= kappa + <b, c>, and <b - H S_0, v> = <b, v> - <p, c> - <g, H
    z>. Lagrange's identity for the form of H gives <g, H z>^2 <= <g, H g> <z, H z>.
    """
    v, c, g, start, b = (vector(name) for name in ("v", "c", "g", "S_0", "b"))
    z = start - c
    square = form(start, start) - 2 * form(c, start) - form(z, z) + form(c, c)
    linear = form(v, start) - form(v, c) - form(g, z)
    orthogonal = form(v, start) - form(g, start), form(v, c) - form(g, c)
    x, other = (inner(vector(name), vector(model.inputs[_k])) for name in ("g", "z"))
    crossed = Sum((x * other.subs(_k, _l) - other * x.subs(_k, _l)) ** 2, _POINTS, (_l, 1, model.n))
    first, second = vector("g"), vector("z")
    lagrange = form(first, first) * form(second, second) - form(first, second) ** 2
    along, across, q = Symbol("x", real=True), Symbol("s", real=True), Symbol("q", nonnegative=True)
    Q = largest_size / (1 + q)
    wide = sympy.sqrt(2 * tightness) * push_norm
    kept, schwarz = sympy.sqrt((room + inflation) * bend) - along, wide - across
    certificate = (kept, Q * schwarz, largest_size * wide * q / (1 + q))
    total = inner(b, v) - form(v, start) - (inner(b, v) - form(v, c) - form(g, z))
    return (
        Zero("S_0^T H S_0 - 2 <b, S_0> = <z, H z> - <c, H c>", normal_form(square)),
        Zero("<H S_0, v> = <p, c> + <g, H z>", normal_form(linear - orthogonal[0] + orthogonal[1])),
        Zero("<b - H S_0, v>", normal_form(total - orthogonal[1] + orthogonal[0])),
        Nonnegative("<g, H g> <z, H z> - <g, H z>^2", lagrange, (crossed / (2 * model.n**2),)),
        Nonnegative("<D, v>", base - along - Q * across - stated, certificate, (kept, schwarz)),
    )


def growth_goals(stated: Expr) -> tuple[Goal, ...]:
    """(log a)' = <omega, D> = <omega, b> - <omega, H S>, while Q <= q_0 and ||omega|| >= sqrt(3)/2.

    <omega, b> = c_C ||omega|| + q and <omega, H S> = M Q ||omega||/(1 + s) with Q = q_0/(1 + t).
    """
    w, a, D = vector(model.neuron_weights), model.neuron_output, vector(model.neuron_drift)
    rate = differential(sympy.log(a), model.neuron_flow().direction())
    q, s, t, longer = nonnegative("q", "s", "t", "p")
    length = sympy.sqrt(3) / 2 + longer
    toward, away = slope * length + q, largest * length * GROWN / ((1 + s) * (1 + t))
    certificate = (q, slope * length * (s + t + s * t) / (2 * (1 + s) * (1 + t)), slope * longer / 2)
    return (
        Zero("(log a)' = <omega, D>", sympy.expand(rate - inner(w, D) / a)),
        Nonnegative("<omega, b> - <omega, H S>", toward - away - stated, certificate),
    )


def level_goals(stated: Expr) -> tuple[Goal, ...]:
    """||S|| after Q = q_0: <b, S> - S^T H S/2 >= ||S|| (c_C - M Q/2) there, and it does not fall afterwards.

    ||S|| >= q_0 sqrt(3)/2 there, by eta <= 1/4; afterwards r ||S|| >= <b, S> >= <b, S> - S^T H S/2.
    """
    norm, first, later, energy = nonnegative("N", "N_0", "B", "B_0")
    along, square = nonnegative("x", "h")
    toward, short, less = along - slope * norm, largest * norm**2 / 2 - square, size - norm
    begun, long = energy - first * (slope - largest * GROWN / 2), first - GROWN * sympy.sqrt(3) / 2
    schwarz, kept = start_norm * norm - later, later - energy
    parts = (schwarz, kept, begun, sympy.Rational(3, 4) * slope * long)
    return (
        Nonnegative(
            "<b, S> - S^T H S/2 beside ||S|| (c_C - M Q/2)",
            along - square - norm * (slope - largest * size / 2),
            (toward, short, largest * norm * less / 2),
            (toward, short, less),
        ),
        Nonnegative(
            "||S|| after the growth",
            norm - stated,
            tuple(part / start_norm for part in parts),
            (schwarz, kept, begun, long),
        ),
    )


def path_goals(stated: Expr) -> tuple[Goal, ...]:
    """The integral of ||D|| up to any time is at most the stated function of Delta at the start minus at the end.

    With Delta = delta^2: Delta' <= -Q ||D||^2, ||D|| >= sqrt(2 mu) delta and Q >= q_1.
    """
    delta, more, longer = Symbol("delta", positive=True), *nonnegative("q", "s")
    norm, Q = sympy.sqrt(2 * mu) * delta + longer, least_size + more
    found = sympy.simplify(stated.subs(initial_excess, delta**2))
    rate = sympy.diff(found, delta) * Q * norm**2 / (2 * delta)
    certificate = (norm * more / least_size, norm * longer * Q / (least_size * sympy.sqrt(2 * mu) * delta))
    return (
        Nonnegative("the stated function at the end", found),
        Nonnegative("it falls at least as fast as ||D||", rate - norm, certificate),
    )


def ratios_goals(stated: Expr) -> tuple[Goal, ...]:
    """|(log a_i/a_j)'| <= sqrt(2 eta) ||D||, with eta <= eta_2 e^{-2 g t}, g = sqrt(3) c_C/4, up to Q = q_0.

    The product a_i a_j (1 - <omega_i, omega_j>) is constant, and a_i, a_j grow at the rate g at least.
    """
    rate = sympy.sqrt(3) * slope / 4
    decayed = start_tightness * sympy.exp(-2 * rate * time)
    before = sympy.integrate(sympy.powdenest(sympy.sqrt(2 * decayed), force=True) * largest_drift, (time, 0, sympy.oo))
    whole = sympy.simplify(before) + sympy.sqrt(2 * start_tightness) * path
    return (Nonnegative("the logarithm of a ratio", sympy.simplify(sympy.expand(stated - whole))),)


def kept_goals(stated: Expr) -> tuple[Goal, ...]:
    """eta(t) = eta(T) a_i(T) a_j(T)/(a_i a_j) at most, and a_j^2/a_j(T)^2 >= (Q/Q_T) e^{-2X}.

    Q/Q_T is a mean of the ratios rho_i = a_i^2/a_i(T)^2 with weights A_i = a_i(T)^2, and rho_i <= rho_j e^{2X}.
    """
    weights, slack = IndexedBase("A", positive=True), IndexedBase("q", nonnegative=True)
    ratio, grown = Symbol("rho_j", positive=True), sympy.exp(2 * spread)
    over = (_i, 1, model.m)
    total = Sum(weights[_i], over)
    now = ratio * grown * Sum(weights[_i] / (1 + slack[_i]), over)
    left = ratio * Sum(weights[_i] * slack[_i] / (1 + slack[_i]), over)
    p, q = nonnegative("q_i", "q_j")
    least = sympy.sqrt(size / initial_size) * sympy.exp(-spread)
    smaller = aligned_tightness / (least**2 * (1 + p) * (1 + q))
    bound = aligned_tightness * initial_size * grown / size
    return (
        Nonnegative("rho_j Q_T - Q e^{-2X}", ratio * total - now / grown, (left,)),
        Nonnegative("eta(T)/(rho_i rho_j)^(1/2)", stated - smaller, (bound * (p + q + p * q) / ((1 + p) * (1 + q)),)),
    )


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `STATEMENT` needs."""
    stated = {name: relation.args[1] for name, relation in statement.items()}
    return (
        *energy_goals(stated["energy"]),
        *ellipsoid_goals(stated["radius"], stated["drift"]),
        *inflation_goals(stated["inflation"]),
        *barrier_goals(stated["barrier"]),
        *growth_goals(stated["growth"]),
        *level_goals(stated["level"]),
        *path_goals(stated["path"]),
        *ratios_goals(stated["ratios"]),
        *kept_goals(stated["kept"]),
        *trap.identities(),
        *trap.fall_goals(stated["fall"]),
    )
