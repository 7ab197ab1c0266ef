"""The frozen flow in the plane (theory.md 10.5): no saddles of G, and the balanced neuron as a point of the circle.

e is the direction of w on the circle and e' the one a quarter turn ahead; when the angle grows, e moves by e' and e' by
-e. On an arc without a kink the slopes of the activation are constant, G = <D, e>, and F = dG/d(angle) = <D, e'>. At a
kink <e, x> = 0 for one point, x = +-||x|| e'. Everything is derived from the drift and the motion of `model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import sympy
from sympy import Expr, Symbol

from .. import model
from ..formal.derivation import Goal, Nonnegative, Zero
from ..formal.sums import normal_form
from ..formal.vectors import Inner, differential, inner, squared_norm, vector

E, AHEAD = Symbol("e"), Symbol("e'")
TURNING = {E: vector(AHEAD), AHEAD: -vector(E)}
"""How the frame moves when the angle grows."""
_FRAME = {Inner(E, E): sympy.S.One, Inner(AHEAD, AHEAD): sympy.S.One, Inner(E, AHEAD): sympy.S.Zero}

leak = model.leak
_OFF_ONE = (1 - leak,)
_SIZE, _POINT, _ANGLE = (Symbol(name, positive=True) for name in ("|a|", "||x||", "theta"))
_PULL, _PULL_SIZE = Symbol("p", real=True), Symbol("|p|", positive=True)
along, across, norm = Symbol("G", real=True), Symbol("F", positive=True), Symbol("||D||", positive=True)
_BELOW, _ABOVE = Symbol("L", real=True), Symbol("R", real=True)
_D = model.neuron_drift

JUMP: Expr = 1 - leak
"""What G' gains at the kink of x, in units of p ||x||/n."""
MAXIMUM, MINIMUM = "maximum", "minimum"
EXTREMAL, DEAD, PINNED = "extremal", "dead", "pinned"
TRANSIT: Expr = sympy.asinh(along / across) / norm
"""What grows by 1 in a unit of time while a balanced neuron turns; G stands for sign(a) G here and F for |F|."""


def _at(expression: Expr) -> Expr:
    """An expression in inner products, in the orthonormal frame."""
    return expression.xreplace(_FRAME)


def _rate(value: Expr) -> Expr:
    """The derivative when the angle grows."""
    return differential(value, TURNING)


@lru_cache(maxsize=1)
def arc_goals() -> tuple[Goal, ...]:
    """On an arc G' = <D, e'>, G'' = -G and G^2 + F^2 = ||D||^2: G is ||D|| cos(angle - that of D).

    D is the drift of the model, with any slopes that do not change. Hence a zero of F on an arc with D != 0 has G =
    +-||D||, so that G'' != 0: it is a strict maximum where D is along e, and a strict minimum where it is opposite.
    """
    drift = model.drift()
    value, rate = inner(drift, vector(E)), inner(drift, vector(AHEAD))
    split = along * vector(E) + across * vector(AHEAD)
    goals: list[Goal] = [
        Zero("G' = <D, e'>", normal_form(_rate(value) - rate)),
        Zero("F' = -G", normal_form(_rate(rate) + value)),
        Zero("||D||^2 = G^2 + F^2", _at(squared_norm(split)) - along**2 - across**2),
    ]
    for sign, where in ((1, "along"), (-1, "opposite to")):
        drift_there = vector(E) * (sign * norm)
        slope = _rate(Inner(_D, AHEAD)).xreplace({Inner(_D, E): inner(drift_there, vector(E))})
        goals.append(Zero(f"F' = {-sign:+d} ||D|| where D is {where} e", _at(slope) + sign * norm))
    return tuple(goals)


def one_sided(side: int, orientation: int) -> Expr:
    """The derivative of p sigma(<e, x>) in the angle, just after the kink of x (`side` 1) or before it (-1).

    x = `orientation` ||x|| e' at the kink, so that <e, x> = `orientation` ||x|| sin(angle) near it; the branch of the
    activation is that of its sign.
    """
    place = side * orientation
    branch = model.activation(place * model.DISTANCE).xreplace({model.DISTANCE: _POINT * sympy.sin(_ANGLE)})
    value = _PULL * sympy.sympify(branch)
    return side * sympy.diff(value, _ANGLE).subs(_ANGLE, 0)


def jump_goals(stated: Expr) -> tuple[Goal, ...]:
    """The one-sided derivatives of p sigma(<e, x>) differ by the stated multiple of p ||x||, for either orientation."""
    return tuple(
        Zero(
            f"jump of G' at a kink, x = {orientation:+d} ||x|| e'",
            one_sided(1, orientation) - one_sided(-1, orientation) - stated * _PULL * _POINT,
        )
        for orientation in (1, -1)
    )


def kink_goals(stated: Expr, kinds: Sequence[str]) -> tuple[Goal, ...]:
    """A critical kink with one-sided derivatives L, R of G that are not 0 is one of the stated strict extrema.

    Only one slope changes there, so that the critical ones are those with L R < 0. R - L = J has the sign of p, by the
    stated jump; then J R and -J L are not negative: for J > 0 G falls before the kink and grows after it.
    """
    critical, gain = -_BELOW * _ABOVE, _ABOVE - _BELOW
    goals: list[Goal] = [
        Nonnegative("J R >= 0 at a critical kink", gain * _ABOVE, (_ABOVE**2, critical), (critical,)),
        Nonnegative("-J L >= 0 at a critical kink", -gain * _BELOW, (_BELOW**2, critical), (critical,)),
    ]
    for sign in (1, -1):
        size = (stated * _PULL * _POINT).subs(_PULL, sign * _PULL_SIZE)
        rises = MINIMUM in kinds if sign > 0 else MAXIMUM not in kinds  # a kind that is not stated must be the other
        goals.append(Nonnegative(f"kink with p of sign {sign:+d}", size if rises else -size, (), _OFF_ONE))
    return tuple(goals)


def turning_goals(signed: bool) -> tuple[Goal, ...]:
    """|a| times the rate of the angle is <w', e'>, for w = |a| e; and |a| moves as ||w|| does, so that it stays so.

    The stated rate is sign(a) F, or F for either sign when not `signed`.
    """
    goals: list[Goal] = []
    flow = model.neuron_flow()
    for sign in (1, -1):
        weights, output = flow.at(vector(E) * _SIZE, sign * _SIZE, vector(_D))
        stated = (sign if signed else 1) * Inner(_D, AHEAD)
        goals += [
            Zero(f"angle, sign(a) = {sign:+d}", inner(weights, vector(AHEAD)) - _SIZE * stated),
            Zero(f"||w||' = |a|', sign(a) = {sign:+d}", inner(weights, vector(E)) - sign * output),
        ]
    return tuple(goals)


def held_goals(growths: dict[str, Expr], fates: Sequence[str]) -> tuple[Goal, ...]:
    """At an attracting kink D = G e with a slope inside of (g, 1), and log|a| grows at sign(a) G.

    A neuron that stays on <w, x> = 0 has <D, x> = 0, where x is along e', so that D = <D, e> e; and <D, e> = G does not
    depend on the slope. In the direction of the flow the one-sided rates are l > 0 before the kink and -r < 0 after it:
    the slope beyond has the share t = l/(l + r), with which the part along e' vanishes. If G and a have opposite signs
    the neuron is pinned, which has to be one of the stated fates.
    """
    before, after = Symbol("l", positive=True), Symbol("r", positive=True)
    share, slope = before / (before + after), Symbol("eta", real=True)
    held = Inner(_D, E) * vector(E) + (before * (1 - share) - after * share) * vector(AHEAD)
    mixed = leak + (1 - leak) * share
    point = Symbol("x")
    turned = inner(model.neuron_flow().weights, vector(point))
    goals: list[Goal] = [
        Zero("<w, x>' = a <D, x>", turned - model.neuron_output * Inner(_D, point)),
        Zero("the drift of a held neuron has no part along e'", _at(inner(held, vector(AHEAD)))),
        Zero("<D, e> is the same for every slope at the kink", _at(slope * inner(vector(AHEAD) * _POINT, vector(E)))),
        Nonnegative("its slope is at least g", mixed - leak, ((1 - leak) * share,), _OFF_ONE),
        Nonnegative("its slope is at most 1", 1 - mixed, ((1 - leak) * after / (before + after),), _OFF_ONE),
    ]
    for sign in (1, -1):
        for fate, size in ((EXTREMAL, norm), (PINNED, -norm)):
            drift = vector(E) * (sign * size)  # sign(a) G = size
            _, output = model.neuron_flow().at(vector(E) * _SIZE, sign * _SIZE, drift)
            growth = _at(output) / (sign * _SIZE)
            goals.append(Zero(f"(log|a|)' of a neuron with this fate: {fate}, {sign:+d}", growth - growths[fate]))
    if PINNED not in fates:
        goals.append(Nonnegative("sign(a) G >= 0 at an attracting kink", Symbol("sign(a) G", real=True)))
    return tuple(goals)


def rest_goals() -> tuple[Goal, ...]:
    """On an arc the rate sign(a) F of the angle changes by -sign(a) G: a zero with sign(a) G < 0 repels.

    So a neuron tends to a zero inside of an arc only if its drift is along w. It is pinned at kinks only.
    """
    return tuple(
        Zero(f"(sign(a) F)' = -sign(a) G, {sign:+d}", sign * _rate(Inner(_D, AHEAD)) + sign * Inner(_D, E))
        for sign in (1, -1)
    )


def transit_goals(stated: Expr) -> tuple[Goal, ...]:
    """The stated quantity grows by 1 in a unit of time while the angle turns at the rate sign(a) F on an arc.

    There (sign(a) G)' = F^2 and |F|' = -sign(a) G |F| in time, and ||D||^2 = G^2 + F^2 does not change.
    """
    value, rate = Inner(_D, E), Inner(_D, AHEAD)
    goals: list[Goal] = []
    for sign in (1, -1):
        goals += [
            Zero(f"(sign(a) G)' = F^2, {sign:+d}", sign * _rate(value) * sign * rate - rate**2),
            Zero(f"F' = -sign(a) G F, {sign:+d}", _rate(rate) * sign * rate + sign * value * rate),
        ]
    growth = sympy.diff(stated, along) * across**2 - sympy.diff(stated, across) * along * across
    goals.append(Zero("the time of a transit", growth.subs(norm, sympy.sqrt(along**2 + across**2)) - 1))
    return tuple(goals)
