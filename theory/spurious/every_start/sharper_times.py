"""Sharper times of phase one (theory.md 9.1): cells in place of pairs of points, and any share of pulls and errors.

ReLU, any loss and dimension, <x_k, x_l> > 0 for all points, dominated neurons. A is the set of points on which a neuron
is active at the start, x one of them and x_l one outside; v_i is the label of a further active point that belongs to A,
and 0 for one that does not.
"""

from __future__ import annotations

import sympy
from sympy import Expr, IndexedBase, Sum, Symbol

from ... import model
from ...formal.derivation import Goal, Nonnegative, Zero
from ...formal.vectors import inner, squared_norm, vector
from . import phase_one
from .phase_one import deviation, drift_norm, entered, time, zeta

xi = Symbol("xi", positive=True)
"""Errors of the drift are at most xi r u_0, xi < 1."""
depth = Symbol("||z_kl||", positive=True)
"""The length of the part of x_l that is orthogonal to a point x_k of A."""
pushed = Symbol("<D_A,x_l>", positive=True)
ACTIVATION: Expr = depth / (zeta * pushed)
"""From this time on a neuron with a > 0 is active on x_l."""
STAY: Expr = sympy.log(1 / ((1 - xi) * entered)) / drift_norm
"""A neuron with a < 0 is active exactly on the points of a cell no longer than this."""

_size, _length = (Symbol(name, positive=True) for name in ("S", "X"))
_LABEL, _PULL, _CORRELATION, _OWN_SQUARE, _OWN_PULL = (Symbol(s, positive=True) for s in ("y", "p", "g", "G_l", "p_l"))
_AHEAD, _BEHIND, _SLOPE = (Symbol(name, nonnegative=True) for name in ("s_k", "s_l", "eta_l"))
_LABELS, _SURPLUS, _PULLS, _CORRELATIONS, _SEEN = (
    IndexedBase(name, nonnegative=True) for name in ("v", "q", "f", "gamma", "s")
)
_I = Symbol("i", integer=True, positive=True)
_OVER = (_I, 1, model.n)


def pull_goals() -> tuple[Goal, ...]:
    """p_k >= y_k - S ||x_k|| is at least zeta y_k while S <= (1 - zeta) y_k/||x_k||."""
    room = (1 - zeta) * _LABEL / _length - _size
    return (Nonnegative("p_k - zeta y_k", _LABEL - _size * _length - zeta * _LABEL, (_length * room,), (room,)),)


def depth_goals() -> tuple[Goal, ...]:
    """<omega, x_l> >= -||z|| where <omega, x> >= 0 and ||omega|| <= 1, for x_l = t x + z with z orthogonal to x.

    <omega, z> >= -||z|| by Cauchy-Schwarz, so that it is q - ||z|| with q >= 0.
    """
    omega, x, x_l = vector("omega"), vector("x"), vector("x_l")
    share = inner(x, x_l) / squared_norm(x)
    z = x_l - x * share
    correlation, square = Symbol("g", positive=True), Symbol("G", positive=True)
    seen, slack = Symbol("s", nonnegative=True), Symbol("q", nonnegative=True)
    return (
        Zero("<z, x>", sympy.simplify(inner(z, x))),
        Zero("||z||^2", sympy.simplify(squared_norm(z) - squared_norm(x_l) + inner(x, x_l) ** 2 / squared_norm(x))),
        Zero("<omega, x_l>", sympy.simplify(inner(omega, x_l) - share * inner(omega, x) - inner(omega, z))),
        Nonnegative("<omega, x_l> + ||z||", seen * correlation / square + (slack - depth) + depth),
    )


def gain_goals() -> tuple[Goal, ...]:
    """<omega, x_l>' >= zeta <D_A, x_l> for a > 0, where x_l is inactive, or on its hyperplane with any slope.

    In the numbers of `phase_one.preactivation_rate`: x has the pull p >= zeta y, z_i the pull f_i = zeta v_i + q_i.
    """
    others = _SURPLUS[_I] * _CORRELATIONS[_I]
    pushed_by = (_LABEL * _CORRELATION + Sum(_LABELS[_I] * _CORRELATIONS[_I], _OVER)) / model.n
    found = []
    for name, behind, slope in (("inactive", _BEHIND, sympy.S.Zero), ("on its hyperplane", sympy.S.Zero, _SLOPE)):
        rate = phase_one.preactivation_rate(1, behind, slope, relative=True)
        seen = behind * (_PULL * _AHEAD + Sum(_PULLS[_I] * _SEEN[_I], _OVER)) / model.n
        own = slope * _OWN_PULL * _OWN_SQUARE / model.n
        enough = _PULL - zeta * _LABEL
        terms = (enough * _CORRELATION / model.n, Sum(others, _OVER) / model.n, seen, own)
        certificate = tuple(_split(term) for term in terms if term != 0)
        found.append(Nonnegative(f"<omega, x_l>', x_l {name}", _split(rate) - zeta * pushed_by, certificate, (enough,)))
    return tuple(found)


def _split(expression: Expr) -> Expr:
    """f_i = zeta v_i + q_i."""
    return expression.replace(
        lambda part: isinstance(part, sympy.Indexed) and part.base == _PULLS,
        lambda part: zeta * _LABELS[part.indices[0]] + _SURPLUS[part.indices[0]],
    )


def activation_goals(stated: Expr) -> tuple[Goal, ...]:
    """From -||z|| at the rate zeta <D_A, x_l>: not negative at the stated time."""
    return (Nonnegative("<omega, x_l> at the stated time", sympy.simplify(zeta * pushed * stated - depth)),)


def stay_goals(stated: Expr) -> tuple[Goal, ...]:
    """u' >= r u - rho from u_0 <= 1, rho <= xi r u_0: the solution is 1 at the stated time or before.

    xi = q/(1 + q), so that 1 - xi is positive.
    """
    r, rho, start = drift_norm, deviation, entered
    share = Symbol("q", positive=True)
    below = {xi: share / (1 + share)}
    solution = rho / r + (start - rho / r) * sympy.exp(r * time)
    end = sympy.simplify(solution.subs(time, stated.subs(below)))
    small, rest = (xi * r * start - rho).subs(below), 1 - start
    certificate = (small * rest * (1 + share) / (r * start), small * share / r, xi.subs(below) * start)
    return (
        Zero("the solution starts at u_0", sympy.simplify(solution.subs(time, 0) - start)),
        Zero("the solution solves u' = r u - rho", sympy.simplify(sympy.diff(solution, time) - r * solution + rho)),
        Nonnegative("u - 1 at the stated time", end - 1, certificate, (small, rest)),
    )


def goals(activation: Expr, stay: Expr) -> tuple[Goal, ...]:
    """What the (possibly altered) times `ACTIVATION` and `STAY` need."""
    return (*pull_goals(), *depth_goals(), *gain_goals(), *activation_goals(activation), *stay_goals(stay))
