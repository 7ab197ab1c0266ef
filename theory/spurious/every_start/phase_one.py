"""Phase one of Theorem A (theory.md 9.1 (1a), (1b), 10.6): neurons with a > 0 gain points, those with a < 0 lose them.

ReLU, any loss and dimension, <x_k, x_l> > 0 for all points, and pulls p_k >= zeta y_k > 0. One neuron is followed; it
is dominated, ||omega|| <= 1. Its drift is split into the pull of one active point x, that of the point x_l under
consideration, and a sum over all other active points, whose number is symbolic.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Expr, IndexedBase, Sum, Symbol

from ... import model
from ...formal.derivation import Derivation, Goal, Nonnegative, Step, Zero, at_least, at_most
from ...formal.vectors import Inner, Vector, differential, family, in_terms_of, inner, squared_norm, vector

zeta = Symbol("zeta", positive=True)
"""Every pull is at least zeta times its label."""
least, norm = Symbol("c_l", positive=True), Symbol("X_l", positive=True)
"""c_l = min_{k != l} y_k <x_k, x_l>/n, and ||x_l||."""
drift_norm, deviation = Symbol("r", positive=True), Symbol("rho", nonnegative=True)
"""r = ||D_A|| for the active set A, and a bound rho of ||D - D_A||."""
half_tangent, entered = Symbol("u", positive=True), Symbol("u_0", positive=True)
"""u = tan(theta/2), cos theta = |<omega, D_A>|/||D_A||; u_0 is a lower bound of u when a cell is entered, at most 1."""
sine = Symbol("sigma", positive=True)
"""sigma = <D_A, x_k>/(||D_A|| ||x_k||) for a point x_k that is not in A."""
time = Symbol("t", nonnegative=True)

_GAIN, _FALL, _TURN = (Symbol(name, real=True) for name in ("gain_rate", "fall_rate", "u_rate"))
_ARRIVAL, _STAY, _ENTRY = (Symbol(name, nonnegative=True) for name in ("T_a", "T_A", "u_entry"))

STATEMENT: dict[str, Basic] = {
    "gain": at_least(_GAIN, zeta * least),
    "arrival": at_most(_ARRIVAL, norm / (zeta * least)),
    "fall": at_most(_FALL, -zeta * least),
    "turn": at_least(_TURN, drift_norm * half_tangent - deviation * (1 + half_tangent**2) / 2),
    "entry": at_least(_ENTRY, sine / (1 + sympy.sqrt(1 - sine**2))),
    "stay": at_most(_STAY, sympy.log(2 / entered) / drift_norm),
}
"""spurious.phase-one; every right-hand side may be altered and fed to `goals`.

`gain` is about a neuron with a > 0, `fall` and `turn` about one with a < 0. For small deviations, `small`, a neuron
with a < 0 leaves the cell A within the time of `stay`; `entry` bounds u where the next cell is entered.
"""
small: Expr = drift_norm * entered / 2 - deviation
"""What must not be negative for `stay`."""
at_most_one: Expr = 1 - entered

_POINT, _LOOKED_AT, _OTHERS = vector("x"), vector("x_l"), family("z")
_i = Symbol("i", integer=True, positive=True)
_OVER = (_i, 1, model.n)
_pull, _own_pull, _label = (Symbol(name, positive=True) for name in ("p", "p_l", "y"))
_slope = Symbol("eta_l", nonnegative=True)
_pulls = IndexedBase("f", nonnegative=True)
_output = Symbol("A", positive=True)
_correlation, _own_square = Symbol("g", positive=True), Symbol("G_l", positive=True)
_correlations, _seen = IndexedBase("gamma", nonnegative=True), IndexedBase("s", nonnegative=True)
_ahead, _behind = (Symbol(name, nonnegative=True) for name in ("s_k", "s_l"))


def drift(slope: Expr) -> Vector:
    """The drift of a neuron that is active on x and on the points z_i, and has the slope eta_l at x_l."""
    others = (vector(_OTHERS[_i]) * _pulls[_i]).over(_OVER)
    return (_POINT * _pull + _LOOKED_AT * (slope * _own_pull) + others) / model.n


def preactivation_rate(sign: int, behind: Expr, slope: Expr, relative: bool) -> Expr:
    """The derivative of <w, x_l>/a (`relative`) or of <w, x_l> in time, in numbers that are not negative.

    The neuron has the output weight `sign` times A. It sees the active points at <w, x>/A = s_k and s_i, and x_l at
    -`behind`.
    """
    w, a = vector(model.neuron_weights), model.neuron_output
    seen = inner(w, _LOOKED_AT)
    rate = differential(seen / a if relative else seen, model.neuron_flow().direction())
    rate = in_terms_of(rate, {model.neuron_drift: drift(slope)}).doit()

    def value(first: Basic, second: Basic) -> Expr:
        names = {str(first), str(second)}
        if "w" in names:
            other = second if str(first) == "w" else first
            table = {"x": _output * _ahead, "x_l": -_output * behind}
            return table[str(other)] if str(other) in table else _output * _seen[other.indices[0]]
        if names == {"x_l"}:
            return _own_square
        if names == {"x", "x_l"}:
            return _correlation
        other = next(part for part in (first, second) if isinstance(part, sympy.Indexed))
        return _correlations[other.indices[0]]

    return rate.replace(Inner, value).xreplace({a: sign * _output})


def _needs() -> tuple[Expr, ...]:
    """p >= zeta y, and y <x, x_l>/n >= c_l."""
    return _pull - zeta * _label, _label * _correlation / model.n - least


def _push() -> tuple[Expr, ...]:
    """<D, x_l> - zeta c_l for slope 0 at x_l, as a sum of terms that are not negative."""
    enough, correlated = _needs()
    return (
        enough * _correlation / model.n,
        zeta * correlated,
        Sum(_pulls[_i] * _correlations[_i], _OVER) / model.n,
    )


def gain_goals(stated: Expr) -> tuple[Goal, ...]:
    """<omega, x_l>' for a > 0, where x_l is inactive, or on the hyperplane with any slope there.

    <omega, x_l>' = <D, x_l> - <D, omega> <omega, x_l>, and <D, omega> >= 0 >= <omega, x_l>.
    """
    inactive = preactivation_rate(1, _behind, sympy.S.Zero, relative=True)
    on_it = preactivation_rate(1, sympy.S.Zero, _slope, relative=True)
    seen = _behind * (_pull * _ahead + Sum(_pulls[_i] * _seen[_i], _OVER)) / model.n
    own = _slope * _own_pull * _own_square / model.n
    return (
        Nonnegative("<omega, x_l>' where x_l is inactive", inactive - stated, (*_push(), seen), _needs()),
        Nonnegative("<omega, x_l>' on the hyperplane of x_l", on_it - stated, (*_push(), own), _needs()),
    )


def fall_goals(stated: Expr) -> tuple[Goal, ...]:
    """<w, x_l>'/|a| for a < 0, with another point active and any slope at x_l: on both sides of its hyperplane."""
    falling = preactivation_rate(-1, _behind, _slope, relative=False) / _output
    own = _slope * _own_pull * _own_square / model.n
    return (Nonnegative("-<w, x_l>'/|a|", sympy.expand(stated - falling), (*_push(), own), _needs()),)


def arrival_goals(stated: Expr, rate: Expr) -> tuple[Goal, ...]:
    """From <omega, x_l> >= -||x_l|| at the given rate: not negative at the stated time."""
    return (Nonnegative("<omega, x_l> >= 0 at T_a", sympy.simplify(rate * stated - norm)),)


_UNIT, _ERROR = vector("U"), vector("E")
_cosine, _inside, _across = Symbol("c", real=True), Symbol("k", nonnegative=True), Symbol("e", real=True)


def cosine_goals() -> tuple[Goal, ...]:
    """c = <omega, U> for D = r U + E: c' = r (1 - c^2) + <E, U - c omega>, with ||U - c omega||^2 <= 1 - c^2.

    By Cauchy-Schwarz |<E, U - c omega>| <= rho sqrt(1 - c^2) for ||E|| <= rho. k = 1 - ||omega||^2.
    """
    w, a = vector(model.neuron_weights), model.neuron_output
    omega = w / a
    cosine = inner(omega, _UNIT)
    unit = {squared_norm(_UNIT): sympy.S.One}
    rate = differential(cosine, model.neuron_flow().direction())
    rate = in_terms_of(rate, {model.neuron_drift: _UNIT * drift_norm + _ERROR}).xreplace(unit)
    stated = drift_norm * (1 - cosine**2) + inner(_ERROR, _UNIT - omega * cosine)
    square = squared_norm(_UNIT - omega * _cosine)
    square = square.xreplace({**unit, Inner(model.neuron_weights, Symbol("U")): a * _cosine})
    square = square.xreplace({Inner(model.neuron_weights, model.neuron_weights): a**2 * (1 - _inside)})
    return (
        Zero("c' = r (1 - c^2) + <E, U - c omega>", sympy.expand(rate - stated)),
        Nonnegative("1 - c^2 - ||U - c omega||^2", sympy.expand(1 - _cosine**2 - square), (_cosine**2 * _inside,)),
    )


def half_tangent_goal(name: str, stated: Expr, sign: int) -> Goal:
    """u' for u = tan(theta/2), where cos theta moves by at least r sin^2 theta - rho sin theta.

    For a < 0 (`sign` 1) theta grows, and u' is at least the stated bound; for a > 0 (`sign` -1) it is at most that.
    """
    u, slack = half_tangent, Symbol("q", nonnegative=True)
    sines = 2 * u / (1 + u**2)
    moved = drift_norm * sines**2 - deviation * sines + slack
    slope = sympy.factor(-sympy.diff((1 - u**2) / (1 + u**2), u))  # of cos theta in u, with the sign changed
    return Nonnegative(name, sympy.factor(moved / slope) - sign * stated, (sympy.factor(slack / slope),))


def linear_goal(name: str, stated: Expr, sign: int) -> Goal:
    """What the stated bound leaves while u <= 1: at least r u - rho (`sign` 1), or at most -r u + rho (-1)."""
    u = half_tangent
    left = sign * stated - drift_norm * u + deviation
    return Nonnegative(name, left, (deviation * (1 - u) * (1 + u) / 2,), (1 - u,))


def entry_goals(stated: Expr) -> tuple[Goal, ...]:
    """Where <w, x_k> = 0: cos theta <= ||Dhat - sigma xhat_k|| = sqrt(1 - sigma^2) =: c, 0 <= c < 1.

    u^2 = (1 - cos theta)/(1 + cos theta) is then at least (1 - c)/(1 + c).
    """
    drift_unit, point_unit = vector("Dhat"), vector("xhat")
    product = inner(drift_unit, point_unit)
    units = {squared_norm(drift_unit): sympy.S.One, squared_norm(point_unit): sympy.S.One}
    part = squared_norm(drift_unit - point_unit * product).xreplace(units)
    u, c = half_tangent, Symbol("c", nonnegative=True)
    below = c - (1 - u**2) / (1 + u**2)
    bound, least_u = stated.subs(sine, sympy.sqrt(1 - c**2)), sympy.sqrt(1 - c**2) / (1 + c)
    return (
        Zero("||Dhat - sigma xhat||^2 = 1 - sigma^2", sympy.expand(part - 1 + product**2)),
        Nonnegative(
            "u where the cell is entered",
            u - bound,
            (below * (1 + u**2) / ((1 + c) * (u + least_u)),),
            (below, 1 - c**2),
            {c: (0, 1)},
        ),
    )


def stay_goals(stated: Expr) -> tuple[Goal, ...]:
    """u' >= r u - rho from u_0: the solution of the equation is 1 at the stated time or before, where theta = pi/2."""
    r, rho, start = drift_norm, deviation, entered
    solution = rho / r + (start - rho / r) * sympy.exp(r * time)
    end = sympy.simplify(solution.subs(time, stated))
    certificate = (small * (1 - start) / (r * start), small / (r * start), start / 2)
    return (
        Zero("the solution starts at u_0", sympy.simplify(solution.subs(time, 0) - start)),
        Zero("the solution solves u' = r u - rho", sympy.simplify(sympy.diff(solution, time) - r * solution + rho)),
        Nonnegative("u = 1 within the stated time", end - 1, certificate, (small, at_most_one)),
    )


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `STATEMENT` needs."""
    stated = {name: relation.args[1] for name, relation in statement.items()}
    return (
        *gain_goals(stated["gain"]),
        *arrival_goals(stated["arrival"], STATEMENT["gain"].args[1]),
        *fall_goals(stated["fall"]),
        *cosine_goals(),
        half_tangent_goal("u' for a < 0", stated["turn"], 1),
        linear_goal("u' >= r u - rho for u <= 1", stated["turn"], 1),
        *entry_goals(stated["entry"]),
        *stay_goals(stated["stay"]),
    )


def derivation() -> Derivation:
    """Theory.md 9.1, steps (1a) and (1b)."""
    stated = {name: relation.args[1] for name, relation in STATEMENT.items()}
    steps = (
        Step(
            "a > 0, active on some x_k and not on x_l: <omega, x_l>' = <D, x_l> - <D, omega> <omega, x_l>, and "
            "<D, omega> >= 0 >= <omega, x_l>",
            STATEMENT["gain"],
            goals=lambda: gain_goals(stated["gain"]),
        ),
        Step(
            "<omega, x_l> >= -||x_l|| at the start: the neuron is active on x_l after at most",
            STATEMENT["arrival"],
            goals=lambda: arrival_goals(stated["arrival"], stated["gain"]),
        ),
        Step(
            "a < 0, active on some x_k: on both sides of the hyperplane of x_l",
            STATEMENT["fall"],
            goals=lambda: fall_goals(stated["fall"]),
        ),
        Step(
            "cos theta = |<omega, D_A>|/r moves by r sin^2 theta, up to rho sin theta; u = tan(theta/2)",
            STATEMENT["turn"],
            goals=lambda: (*cosine_goals(), half_tangent_goal("u' for a < 0", stated["turn"], 1)),
        ),
        Step(
            "A cell is entered on the hyperplane of a point outside its active set",
            STATEMENT["entry"],
            goals=lambda: entry_goals(stated["entry"]),
        ),
        Step(
            "u' >= r u - rho, and u < 1 while the set A is active",
            STATEMENT["stay"],
            goals=lambda: stay_goals(stated["stay"]),
        ),
    )
    return Derivation("Phase one for points that correlate positively", steps, STATEMENT["arrival"])
