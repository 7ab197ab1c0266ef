"""Theorem A' of theory.md 9.3: on three points in the plane the scale depends on the data only.

Neurons with a < 0 may start at any angle, and need not die. N is the sum of a^2 over them, h_- their output, beta_P =
sum a w over the neurons with a > 0, D the drift of a neuron that is active on all points, Delta_P = L_lin(beta_P) -
L(beta*) with L_lin the loss of linear predictors. `gap` bounds |L - L_lin(beta_P)|.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy
from sympy import Basic, Expr, IndexedBase, Sum, Symbol

from ... import model
from ...early import bounds
from ...formal.derivation import Goal, Nonnegative, Zero, at_least, at_most, equal
from ...formal.sums import normal_form
from ...formal.vectors import Inner, Vector, differential, in_terms_of, inner, vector
from ...positivity.algebraic import Root
from ...positivity.prover import PositiveGoal
from .. import three_points as points
from ..sharp import RANGES, mirror_difference
from ..trap import mu
from . import cone_condition
from .bundle import drift_size
from .bundle_growth import least_size

negative = Symbol("N", nonnegative=True)
loss = Symbol("L", nonnegative=True)
"""The loss, or a bound of it: L(0)."""
mean_square = bounds.mean_square_input
pull, norm = Symbol("p_l", positive=True), Symbol("X_l", positive=True)
"""The pull and the norm of an outer point x_l, l = 1 or 3, that the neuron does not see."""
inside, cosine = Symbol("gamma", nonnegative=True), Symbol("c", positive=True)
"""gamma = -<w, x_l>/|a| >= 0, and the cosine of the angle between x_1 and x_3."""
middle_norm, middle_product = Symbol("X_2", positive=True), Symbol("g", positive=True)
"""||x_2|| and <x_2, x_l>."""
excess, near = Symbol("Delta_P", nonnegative=True), Symbol("Delta_e", positive=True)
"""Delta_e is the level of L - L(beta*) at which the last stage begins."""
shown = Symbol("xi", nonnegative=True)
"""xi = <w, x_l>/|a| of a neuron that is active on x_l only; its pull is p_l too."""

_SIZE, _MIXED, _SHRINKS, _BACK, _KEPT, _ALONE, _SPEED, _OFF = (
    Symbol(name, real=True)
    for name in ("size_rate", "log_rate", "gamma_rate", "rise_l", "rise_2", "xi_rate", "growth_rate", "off_k")
)
_GAP, _FALL = Symbol("gap", nonnegative=True), Symbol("loss_rate", real=True)
GAP: Expr = negative * sympy.sqrt(2 * loss * mean_square) + negative**2 * mean_square / 2
"""The bound of |L - L_lin(beta_P)|."""

STATEMENT: dict[str, Basic] = {
    "falls": at_most(_SIZE, 0),
    "gap": at_most(_GAP, GAP),
    "speed": at_most(_SPEED, sympy.sqrt(2 * loss * mean_square)),
    "loss": at_most(_FALL, -least_size * mu * excess),
    "off": at_most(_OFF, sympy.sqrt(2 * model.n * excess) + negative * norm),
    "mixed": at_most(_MIXED, drift_size),
    "turns": at_most(_SHRINKS, -pull * (norm**2 - inside**2) / model.n + 2 * drift_size * norm),
    "reach": at_most(inside, norm * sympy.sqrt(1 - cosine**2)),
    "back": at_least(_BACK, pull * norm**2 / model.n - drift_size * norm),
    "kept": at_least(_KEPT, pull * middle_product / model.n - drift_size * middle_norm),
    "alone": equal(_ALONE, -pull * (norm**2 - shown**2) / model.n),
}
"""spurious.negative-neurons; every right-hand side may be altered and fed to `goals`."""

_k, _j = (Symbol(name, integer=True, positive=True) for name in ("k", "j"))
_POINTS = (_k, 1, model.n)
_SIZE_OF_A = Symbol("A", positive=True)
_W, _A = vector(model.neuron_weights), model.neuron_output
_x, _x2, _D = vector("x_l"), vector("x_2"), vector("D_all")
_along, _toward, _toward2 = (Symbol(name, real=True) for name in ("d", "e", "f"))
_TABLE = {
    frozenset(("w", "D_all")): _SIZE_OF_A * _along,
    frozenset(("w", "x_l")): -_SIZE_OF_A * inside,
    frozenset(("D_all", "x_l")): _toward,
    frozenset(("D_all", "x_2")): _toward2,
    frozenset(("x_l",)): norm**2,
    frozenset(("x_l", "x_2")): middle_product,
}
_SCHWARZ = (drift_size * norm - _toward, drift_size - _along, norm - inside)
"""<D, x_l> <= ||D|| ||x_l||, <v, D> <= ||D|| and gamma <= ||x_l||, by Cauchy-Schwarz with v = w/|a|, ||v|| <= 1."""


def _rate(expression: Expr, drift: Vector) -> Expr:
    """The derivative for a neuron with a = -A in a drift, in the numbers of `_TABLE`."""
    moved = in_terms_of(differential(expression, model.neuron_flow().direction()), {model.neuron_drift: drift})
    found = moved.replace(Inner, lambda p, q: _TABLE.get(frozenset((str(p), str(q))), Inner(p, q)))
    return sympy.expand(found.xreplace({_A: -_SIZE_OF_A}))


MIXED: Vector = _D - _x * (pull / model.n)
"""The drift of a neuron that is active on all points but x_l."""


def falls_goals(stated: Expr) -> tuple[Goal, ...]:
    """|a|' = -<w, D_w> for a < 0, and <w, D_w> = (1/n) sum over the active points of p_k <w, x_k> >= 0."""
    rate = differential(_A, model.neuron_flow().direction())
    pulls, seen = IndexedBase("p", nonnegative=True), IndexedBase("s", nonnegative=True)
    along = Sum(pulls[_k] * seen[_k], _POINTS) / model.n
    return (
        Zero("a' = <w, D>", sympy.expand(rate - inner(_W, vector(model.neuron_drift)))),
        Nonnegative("-|a|'", along + stated, (along,)),
    )


def gap_goals(stated: Expr) -> tuple[Goal, ...]:
    """L - L_lin(beta_P) = P - F^2/2 for outputs h_k = <beta_P, x_k> + f_k, F^2 = (1/n) sum f_k^2.

    P = (1/n) sum (h_k - y_k) f_k is at most sqrt(2 L) F in size, and |f_k| <= N ||x_k|| gives F <= N sqrt(R_2).
    """
    h, y, f = (IndexedBase(name, real=True) for name in ("h", "y", "f"))
    value = model.SQUARE.value
    both = [
        value.subs({model.prediction: output, model.label: y[_k]}, simultaneous=True)
        for output in (h[_k], h[_k] - f[_k])
    ]
    change = (h[_k] - y[_k]) * f[_k] - f[_k] ** 2 / 2
    F, product = Symbol("F", nonnegative=True), Symbol("P", real=True)
    most, root = negative * sympy.sqrt(mean_square), sympy.sqrt(2 * loss)
    smaller, above, below = most - F, root * F - product, root * F + product
    return (
        Zero("L - L_lin(beta_P)", normal_form(Sum(both[0] - both[1] - change, _POINTS) / model.n)),
        Nonnegative(
            "L - L_lin(beta_P) from above",
            stated - product + F**2 / 2,
            (above, root * smaller, most**2 / 2, F**2 / 2),
            (smaller, above),
        ),
        Nonnegative(
            "L - L_lin(beta_P) from below",
            stated + product - F**2 / 2,
            (below, root * smaller, smaller * (most + F) / 2),
            (smaller, below),
        ),
    )


def speed_goals(stated: Expr) -> tuple[Goal, ...]:
    """|(log|a|)'| <= ||D_w|| <= (1/n) sum |p_k| ||x_k||, and its square is at most (1/n) sum p_k^2 R_2 = 2 L R_2."""
    pulls, norms = (IndexedBase(name, nonnegative=True) for name in ("p", "X"))
    first = Sum(pulls[_k] * norms[_k], _POINTS) / model.n
    squares = [Sum(family[_k] ** 2, _POINTS) / model.n for family in (pulls, norms)]
    crossed = Sum((pulls[_k] * norms[_j] - pulls[_j] * norms[_k]) ** 2, _POINTS, (_j, 1, model.n)) / (2 * model.n**2)
    known = sympy.expand(stated**2).subs({loss: squares[0] / 2, mean_square: squares[1]})
    return (Nonnegative("2 L R_2 - ||D_w||^2", known - first**2, (crossed,)),)


def loss_goals(stated: Expr) -> tuple[Goal, ...]:
    """L' <= -Q ||D||^2, Q >= q_1, ||D|| >= sqrt(2 mu Delta_P) - R_2 N, R_2 N <= (sqrt(2) - 1) sqrt(mu Delta_P)."""
    norm_of_drift, more, longer = (Symbol(name, nonnegative=True) for name in ("D", "q", "s"))
    root = sympy.sqrt(mu * excess)
    reached = norm_of_drift - sympy.sqrt(2) * root + mean_square * negative
    few = (sympy.sqrt(2) - 1) * root - mean_square * negative
    size, drift = least_size + more, root + longer
    return (
        Nonnegative("||D|| - sqrt(mu Delta_P)", norm_of_drift - root, (reached, few), (reached, few)),
        Nonnegative(
            "Q ||D||^2", size * drift**2 + stated, (least_size * longer * (2 * root + longer), more * drift**2)
        ),
    )


def off_goal(stated: Expr) -> Goal:
    """|p_k - r_k| <= |<beta* - beta_P, x_k>| + |h_-(x_k)|, where 2 n Delta_P = (e + q)^2 is the sum of the squares.

    e is |<beta* - beta_P, x_k>|, one of the terms.
    """
    e, q, output = (Symbol(name, nonnegative=True) for name in ("e", "q", "h"))
    seen = negative * norm - output
    left = stated.subs(excess, (e + q) ** 2 / (2 * model.n))
    return Nonnegative("|p_k - r_k|", sympy.simplify(left) - e - output, (q, seen), (seen,))


def mixed_goals(statement: Mapping[str, Expr]) -> tuple[Goal, ...]:
    """A neuron with a < 0 that is active on x_2 and one outer point, and not on x_l: D_w = D - p_l x_l/n.

    |a| grows at most at the rate ||D||; gamma falls; where it is active on x_l no longer it turns back; it keeps x_2.
    """
    seen = {name: inner(_W, point) for name, point in (("l", _x), ("2", _x2))}
    log_rate = _rate(sympy.log(_A), MIXED)
    gamma_rate = _rate(seen["l"] / _A, MIXED)
    back, kept = (_rate(value, MIXED) / _SIZE_OF_A for value in (seen["l"], seen["2"]))
    schwarz, slow, short = _SCHWARZ
    other = drift_size * middle_norm - _toward2
    return (
        Nonnegative("||D|| - (log|a|)'", statement["mixed"] - log_rate, (pull * inside / model.n, drift_size + _along),
                    (drift_size + _along,)),
        Nonnegative(
            "gamma'",
            sympy.expand(statement["turns"] - gamma_rate),
            (schwarz, drift_size * short, inside * slow),
            _SCHWARZ,
        ),
        Nonnegative("<w, x_l>'/|a|", sympy.expand(back - statement["back"]), (schwarz,), (schwarz,)),
        Nonnegative("<w, x_2>'/|a|", sympy.expand(kept - statement["kept"]), (other,), (other,)),
    )  # fmt: skip


def reach_goals(stated: Expr) -> tuple[Goal, ...]:
    """gamma for <v, x_1> >= 0: x_l = X (c e + s f) with e along x_1, f orthogonal to it, so that gamma <= X s."""
    sine = 1 / (1 + Symbol("q", nonnegative=True))
    active, turned = Symbol("p", nonnegative=True), Symbol("t", real=True)
    e, f = vector("e"), vector("f")
    units = {inner(e, e): sympy.S.One, inner(f, f): sympy.S.One, inner(e, f): sympy.S.Zero}
    whole = e * cosine + f * sympy.sqrt(1 - cosine**2)
    reached = norm * (-cosine * active - sine * turned)
    bound = stated.subs(cosine, sympy.sqrt(1 - sine**2))
    shown_cosine = sympy.sqrt(1 - sine**2)
    reached = reached.subs(cosine, shown_cosine)
    return (
        Zero("c e + s f is a unit vector", sympy.expand(inner(whole, whole).xreplace(units) - 1)),
        Nonnegative(
            "X s - gamma", sympy.simplify(bound) - reached, (norm * shown_cosine * active, norm * sine * (1 + turned)),
            (1 + turned,),
        ),
    )  # fmt: skip


def alone_goal(stated: Expr) -> Goal:
    """A neuron with a < 0 that is active on x_l only: xi = <w, x_l>/|a| moves by -(p_l/n) (||x_l||^2 - xi^2)."""
    rate = _rate(-inner(_W, _x) / _A, _x * (pull / model.n))
    return Zero("xi'", sympy.expand((rate - stated).subs(inside, -shown)))


def plane_goals() -> tuple[Goal, ...]:
    """What is particular to three points in the plane, x_2 = alpha x_1 + beta x_3 with alpha, beta > 0.

    A neuron that is active on x_1 and x_3 is active on x_2, so that it can lose x_1 or x_3 only. With p_2 <= 0 and
    a < 0 the hyperplane of x_2 attracts from neither side: beyond it <w, x_2>' is larger than before it.
    """
    share, other, first, third = (Symbol(name, positive=True) for name in ("alpha", "beta", "s_1", "s_3"))
    x1, x3, w = (vector(name) for name in ("x_1", "x_3", "w"))
    seen = inner(w, x1 * share + x3 * other).xreplace({inner(w, x1): first, inner(w, x3): third})
    away, slope = Symbol("p", nonnegative=True), Symbol("b", real=True)
    one_side, other_side = (_SIZE_OF_A * (slope + eta * away * middle_norm**2 / model.n) for eta in (0, 1))
    return (
        Nonnegative("<w, x_2>", seen),
        Nonnegative("<w, x_2>' on the active side beside the inactive one", sympy.expand(other_side - one_side)),
    )


def closing_goals() -> tuple[Goal, ...]:
    """How small the level Delta_e and N have to be, with the least |residual| r of the three: E = sqrt(n Delta_e).

    Delta_P <= 9/8 Delta_e, n Delta_e <= r^2/36 and N ||x_k|| <= r/4 keep every outer pull above r/2, and p_2 below 0.
    From gamma <= X the pull r/2 and ||D|| <= r X c^2/(8 n) bring gamma to 0 within 4 n/(r X c^2), and xi within
    2 n/(r X c^2).
    """
    r, level, some = Symbol("r", positive=True), Symbol("E", nonnegative=True), Symbol("h", nonnegative=True)
    near_enough, few = r / 6 - level, r / 4 - some
    off = sympy.sqrt(sympy.Rational(9, 4)) * level + some
    half = sympy.Rational(3, 2) * near_enough
    d, p = drift_size, Symbol("q", nonnegative=True)
    slow, larger = r * norm * cosine**2 / (8 * model.n) - d, pull - r / 2
    rate = -STATEMENT["turns"].args[1].subs(inside**2, norm**2 * (1 - cosine**2) - p)
    time = 4 * model.n / (r * norm * cosine**2)
    alone = -STATEMENT["alone"].args[1].subs(shown**2, norm**2 * (1 - cosine**2) - p)
    return (
        Nonnegative("r/2 - |p_k - r_k|", r / 2 - off, (half, few), (half, few)),
        Nonnegative(
            "gamma falls by X within the time", sympy.expand(rate * time - norm),
            tuple(time * part for part in (
                larger * (norm**2 * cosine**2 + p) / model.n, r * p / (2 * model.n), 2 * norm * slow)),
            (slow, larger),
        ),
        Nonnegative(
            "xi falls by X within half of it", sympy.expand(alone * time / 2 - norm),
            tuple(time / 2 * part for part in (larger * (norm**2 * cosine**2 + p) / model.n, r * p / (2 * model.n))),
            (larger,),
        ),
    )  # fmt: skip


def bundle_goals() -> tuple[Goal, ...]:
    """The bundle of `bundle_growth` in the drift b - H beta_P + (1/n) sum |h_-(x_l)| x_l, while all gaps are small.

    The further term pushes every w of the closure of K forward. Since L <= L(0), beta_P is in the ellipsoid up to twice
    the gap, and ||beta_P|| keeps half of its level once this is at most kappa_1/2.
    """
    outputs, seen = IndexedBase("f", nonnegative=True), IndexedBase("s", nonnegative=True)
    pushed = Sum(outputs[_k] * seen[_k], _POINTS) / model.n
    inside_it, below = Symbol("Z", real=True), Symbol("l", real=True)
    near_loss, not_above = Symbol("G", nonnegative=True) - inside_it / 2 + below, -below
    norm, r, first = (Symbol(name, positive=True) for name in ("S", "r", "kappa_1"))
    lost = Symbol("G2", nonnegative=True)
    few, schwarz = first / 2 - lost, r * norm - first + lost
    return (
        Nonnegative("<D, w> - <b - H beta_P, w>", pushed),
        Nonnegative(
            "twice the gap beside S^T H S - 2 <b, S>", 2 * Symbol("G", nonnegative=True) - inside_it,
            (2 * near_loss, 2 * not_above), (2 * near_loss, 2 * not_above),
        ),
        Nonnegative("||beta_P|| - kappa_1/(2r)", norm - first / (2 * r), (schwarz / r, few / r), (few, schwarz)),
    )  # fmt: skip


def on_the_box(largest: Root) -> Iterator[Goal | PositiveGoal]:
    """The hypotheses of Theorem A' for all data in T(eta), eta <= `largest`, with the closure of K as the cone of (C).

    With all m_kl < 0 for k < l, x_2 lies in the open cone of x_1 and x_3.
    """
    for k, j in ((1, 2), (1, 3), (2, 3)):
        yield PositiveGoal(f"-m_{k}{j}", -points.minor(k, j), RANGES, points.eta, largest)
    known = points.inequalities()
    for name in ("<x_1, x_2> > 0", "<x_1, x_3> > 0", "<x_2, x_3> > 0", "r_1 > 0", "r_3 > 0", "det H > 0"):
        yield PositiveGoal(name, known[name], RANGES, points.eta, largest)
    for k in (1, 2, 3):
        yield PositiveGoal(f"<beta*, x_{k}> > 0", known[f"<beta*, x_{k}> > 0"], RANGES, points.eta, largest)
    for k in (1, 3):
        yield PositiveGoal(f"<b, x_{k}>", known[f"<D_{{1,2,3}}, x_{k}> > 0"], RANGES, points.eta, largest)
    yield PositiveGoal("(C) at x_1", cone_condition.excess(1), RANGES, points.eta, largest)
    reflected = mirror_difference(cone_condition.excess(1), cone_condition.excess(3))
    yield Zero("(C) at x_3 is that at x_1 of the reflected data", reflected)


def extra_goals(three: bool) -> tuple[Goal, ...]:
    """Condition (M), which for three points holds at the rays: there G_r is r_l <w, x_l>/n, r_l > 0, l = 1 or 3.

    For more points terms with residuals of either sign come together.
    """
    seen, other = (Symbol(name, nonnegative=True) for name in ("s_1", "s_2"))
    first, second = Symbol("r_1", positive=True), Symbol("r_2", real=True)
    value = first * seen + (0 if three else second * other)
    return (Nonnegative("n G_r on a ray of the arrangement outside K and -K", value),)


def assembling_goals(three: bool) -> tuple[Goal, ...]:
    """How the steps fit together, for three points or for any number of them."""
    return (*bundle_goals(), *plane_goals(), *closing_goals(), *extra_goals(three))


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `STATEMENT` needs, beside `assembling_goals`."""
    stated = {name: relation.args[1] for name, relation in statement.items()}
    return (
        *falls_goals(stated["falls"]),
        *gap_goals(stated["gap"]),
        *speed_goals(stated["speed"]),
        *loss_goals(stated["loss"]),
        off_goal(stated["off"]),
        *mixed_goals(stated),
        *reach_goals(stated["reach"]),
        alone_goal(stated["alone"]),
    )
