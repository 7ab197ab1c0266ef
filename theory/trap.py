"""The trap of theory.md 5.5: near least squares a network of one pattern keeps it, and converges.

Square loss, all live neurons dominated with a > 0 and one common pattern: H = (1/n) sum x x^T over its points, D = H e
with e = beta* - S, S = sum a_j w_j, Q = sum a_j^2, Delta = <e, D>/2. Goals are stated in an eigenbasis of H for any
dimension d; mu and M are its extreme eigenvalues, so that the i-th one is mu + g_i, or M/(1 + u_i), with g, u >= 0.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Expr, IndexedBase, Sum, Symbol

from .derivation import Goal, SignGoal, ZeroGoal, at_least, at_most
from .sums import normal_form

mu, largest = Symbol("mu", positive=True), Symbol("M", positive=True)
size, excess = Symbol("Q", positive=True), Symbol("Delta", positive=True)
room, limit_norm = Symbol("rho", positive=True), Symbol("beta_norm", positive=True)
time = Symbol("t", nonnegative=True)

_RATE, _SPEED, _LENGTH = Symbol("Delta_rate", real=True), Symbol("speed", nonnegative=True), Symbol("length", real=True)

STATEMENT: dict[str, Basic] = {
    "size": at_least(size, limit_norm - sympy.sqrt(2 * excess / mu)),
    "fall": at_most(_RATE, -2 * mu * size * excess),
    "speed": at_most(_SPEED, sympy.sqrt(2 * largest * excess)),
    "length": at_most(_LENGTH, sympy.sqrt(2 * largest * excess) / (mu * room)),
}
"""spurious.trap; every right-hand side may be altered and fed to `goals`.

rho is the right-hand side of `size` at the moment when the trap is entered; `length` bounds how far any omega_j goes
from then on. So a pattern whose margin min <omega_j, x_k>/||x_k|| exceeds it is kept for ever.
"""

_d, _m = Symbol("d", integer=True, positive=True), Symbol("m", integer=True, positive=True)
_i, _l, _j = (Symbol(name, integer=True, positive=True) for name in ("i", "l", "j"))
_e, _D, _omega = (IndexedBase(name, real=True) for name in ("e", "D", "omega"))
_g, _u, _v = (IndexedBase(name, nonnegative=True) for name in ("g", "u", "v"))
_a, _w, _c = IndexedBase("a", positive=True), IndexedBase("w", real=True), IndexedBase("c", real=True)
_OVER = (_i, 1, _d)


def identities() -> tuple[Goal, ...]:
    """||omega'||^2 and <D, S'> from omega' = D - <D, omega> omega, a_j' = <w_j, D>, w_j' = a_j D, for any width.

    The first gives ||omega'||^2 = ||D||^2 - <D, omega>^2 (2 - ||omega||^2); the second Delta' = -<D, S'>.
    """
    c = Symbol("c", real=True)
    turned = Sum((_D[_i] - c * _omega[_i]) ** 2, _OVER)
    parts = Sum(_D[_i] ** 2, _OVER) - 2 * c * Sum(_D[_i] * _omega[_i], _OVER) + c**2 * Sum(_omega[_i] ** 2, _OVER)
    grown = Sum(_w[_j, _l] * _D[_l], (_l, 1, _d))
    velocity = Sum(grown * _w[_j, _i] + _a[_j] * _a[_j] * _D[_i], (_j, 1, _m))
    power = Sum(_D[_i] * velocity, _OVER)
    stated = Sum(_a[_j] ** 2, (_j, 1, _m)) * Sum(_D[_i] ** 2, _OVER) + Sum(grown**2, (_j, 1, _m))
    return (
        ZeroGoal("||omega'||^2", normal_form(turned - parts)),
        ZeroGoal("<D, S'> = Q ||D||^2 + sum <w_j, D>^2", normal_form(power - stated)),
    )


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `STATEMENT` needs, beside `identities`."""
    stated = {name: relation.args[1] for name, relation in statement.items()}
    return (*_size(stated["size"]), *_fall(stated["fall"]), *_speed(stated["speed"]), *_length(stated["length"]))


def _size(stated: Expr) -> tuple[Goal, ...]:
    """Q >= sum a_j ||w_j|| >= ||S|| >= ||beta*|| - ||e||, and ||e|| <= ||beta*|| - (the stated bound)."""
    norms = Sum(_a[_j] ** 2, (_j, 1, _m)) - Sum(_a[_j] ** 2 / (1 + _v[_j]), (_j, 1, _m))
    twice = Sum((mu + _g[_i]) * _e[_i] ** 2, _OVER)
    reach = sympy.expand((limit_norm - stated) ** 2).subs(excess, twice / 2)
    return (
        SignGoal("Q >= sum a_j ||w_j||", norms, (Sum(_a[_j] ** 2 * _v[_j] / (1 + _v[_j]), (_j, 1, _m)),)),
        SignGoal(
            "||e|| <= sqrt(2 Delta/mu)", reach - Sum(_e[_i] ** 2, _OVER), (Sum(_g[_i] * _e[_i] ** 2, _OVER) / mu,)
        ),
    )


def _fall(stated: Expr) -> tuple[Goal, ...]:
    """The stated bound minus Delta' = -(Q ||D||^2 + sum <w_j, D>^2), c_j = <w_j, D>."""
    twice, drift = Sum((mu + _g[_i]) * _e[_i] ** 2, _OVER), Sum((mu + _g[_i]) ** 2 * _e[_i] ** 2, _OVER)
    squares = Sum(_c[_j] ** 2, (_j, 1, _m))
    expression = stated.subs(excess, twice / 2) + size * drift + squares
    return (
        SignGoal(
            "Delta' <= -2 mu Q Delta", expression, (size * Sum(_g[_i] * (mu + _g[_i]) * _e[_i] ** 2, _OVER), squares)
        ),
    )


def _speed(stated: Expr) -> tuple[Goal, ...]:
    """The stated bound squared minus ||omega'||^2 = ||D||^2 - c^2 (1 + k), k = 1 - ||omega||^2 >= 0."""
    c, k = Symbol("c", real=True), Symbol("k", nonnegative=True)
    twice = Sum(largest / (1 + _u[_i]) * _e[_i] ** 2, _OVER)
    drift = Sum(largest**2 / (1 + _u[_i]) ** 2 * _e[_i] ** 2, _OVER)
    kept = Sum(largest**2 * _u[_i] / (1 + _u[_i]) ** 2 * _e[_i] ** 2, _OVER)
    expression = sympy.expand(stated**2).subs(excess, twice / 2) - drift + c**2 * (1 + k)
    return (SignGoal("||omega'|| <= sqrt(2 M Delta)", expression, (kept, c**2 * (1 + k))),)


def _length(stated: Expr) -> tuple[Goal, ...]:
    """The stated bound minus the integral of sqrt(2 M Delta_0) e^{-mu rho t}: Delta <= Delta_0 e^{-2 mu rho t}."""
    whole = sympy.integrate(sympy.sqrt(2 * largest * excess) * sympy.exp(-mu * room * time), (time, 0, sympy.oo))
    return (SignGoal("length of each omega_j's path", sympy.simplify(stated - whole)),)
