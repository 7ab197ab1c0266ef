"""The trap of theory.md 5.5: near least squares a network of one pattern keeps it, and converges.

Square loss, all live neurons dominated with a > 0 and one common pattern: H = (1/n) sum x x^T over its points, D = H e
with e = beta* - S, S = sum a_j w_j, Q = sum a_j^2, Delta = <e, D>/2. Goals are stated in an eigenbasis of H for any
dimension d; mu and M are its extreme eigenvalues, so that the i-th one is mu + g_i, or M/(1 + u_i), with g, u >= 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import sympy
from sympy import Basic, Expr, IndexedBase, Sum, Symbol

from .. import model
from ..formal.derivation import Goal, Nonnegative, Zero, at_least, at_most
from ..formal.sums import normal_form
from ..formal.vectors import differential, inner, squared_norm, vector, vector_differential

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

rho is the right-hand side of `size` at the time when the trap is entered; `length` bounds how far any omega_j goes
from then on. So a pattern whose margin min <omega_j, x_k>/||x_k|| exceeds it is kept forever.
"""

_d, _m = Symbol("d", integer=True, positive=True), Symbol("m", integer=True, positive=True)
_i, _j = (Symbol(name, integer=True, positive=True) for name in ("i", "j"))
_e = IndexedBase("e", real=True)
_g, _u, _v = (IndexedBase(name, nonnegative=True) for name in ("g", "u", "v"))
_a, _c = IndexedBase("a", positive=True), IndexedBase("c", real=True)
_OVER = (_i, 1, _d)


@cache
def identities() -> tuple[Goal, ...]:
    """What the bounds use of the flow, from the model's equations of motion: for any width and dimension.

    With <e, x_k> the residuals of the fit, D = (1/n) sum <e, x_k> x_k, and Delta = (1/2n) sum <e, x_k>^2 moves by
    Delta' = -<D, S'>, where <D, S'> is the sum of a_j^2 ||D||^2 + <w_j, D>^2 over the neurons. Last,
    ||omega'||^2 = ||D||^2 - <D, omega>^2 (2 - ||omega||^2).
    """
    flow = model.neuron_flow()
    w, a, D = vector(model.neuron_weights), model.neuron_output, vector(model.neuron_drift)
    share = inner(D, vector_differential(w * a, flow.direction()))
    omega = w / a
    turned = squared_norm(vector_differential(omega, flow.direction()))
    along = inner(D, omega)
    return (
        drift_goal(),
        excess_goal(),
        Zero("<D, (a w)'> = a^2 ||D||^2 + <w, D>^2", share - a**2 * squared_norm(D) - inner(w, D) ** 2),
        Zero("||omega'||^2", turned - squared_norm(D) + along**2 * (2 - squared_norm(omega))),
    )


_FIT, _ERROR, _SUM, _SUM_RATE, _TEST = (vector(name) for name in ("beta", "e", "S", "S'", "v"))
_K = (model.k, 1, model.n)


def drift_goal() -> Goal:
    """With the square loss, slopes 1 and outputs <S, x_k> the drift is (1/n) sum <beta* - S, x_k> x_k.

    The labels count by (1/n) sum y_k x_k alone, which is (1/n) sum <beta*, x_k> x_k by the normal equations.
    """
    x, y = vector(model.inputs[model.k]), model.labels[model.k]
    drift = inner(model.drift(), _TEST).replace(model.Pull, _square_pull)
    drift = drift.replace(lambda part: isinstance(part, sympy.Indexed) and part.base == model.slopes, lambda _: 1)
    normal_equations = Sum((y - inner(_FIT, x)) * inner(x, _TEST), _K) / model.n
    stated = Sum(inner(_FIT - _SUM, x) * inner(x, _TEST), _K) / model.n
    return Zero("D = H (beta* - S) by the normal equations", normal_form(drift - normal_equations - stated))


def _square_pull(output: Expr, label: Expr) -> Expr:
    """The pull of the square loss where the output is <S, x_k>."""
    (index,) = label.indices
    seen = inner(_SUM, vector(model.inputs[index]))
    return model.SQUARE.pull.subs({model.prediction: seen, model.label: label})


def excess_goal() -> Goal:
    """Delta = (1/2n) sum <e, x_k>^2 moves by -<D, S'> while e moves by -S'."""
    x = vector(model.inputs[model.k])
    moved = differential(Sum(inner(_ERROR, x) ** 2, _K) / (2 * model.n), {Symbol("e"): -_SUM_RATE})
    stated = -Sum(inner(_ERROR, x) * inner(x, _SUM_RATE), _K) / model.n
    return Zero("Delta' = -<D, S'>", normal_form(moved - stated))


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `STATEMENT` needs, beside `identities`."""
    stated = {name: relation.args[1] for name, relation in statement.items()}
    return (*_size(stated["size"]), *fall_goals(stated["fall"]), *_speed(stated["speed"]), *_length(stated["length"]))


@cache
def _size(stated: Expr) -> tuple[Goal, ...]:
    """Q >= sum a_j ||w_j|| >= ||S|| >= ||beta*|| - ||e||, and ||e|| <= ||beta*|| - (the stated bound)."""
    norms = Sum(_a[_j] ** 2, (_j, 1, _m)) - Sum(_a[_j] ** 2 / (1 + _v[_j]), (_j, 1, _m))
    twice = Sum((mu + _g[_i]) * _e[_i] ** 2, _OVER)
    reach = sympy.expand((limit_norm - stated) ** 2).subs(excess, twice / 2)
    return (
        Nonnegative("Q >= sum a_j ||w_j||", norms, (Sum(_a[_j] ** 2 * _v[_j] / (1 + _v[_j]), (_j, 1, _m)),)),
        Nonnegative(
            "||e|| <= sqrt(2 Delta/mu)", reach - Sum(_e[_i] ** 2, _OVER), (Sum(_g[_i] * _e[_i] ** 2, _OVER) / mu,)
        ),
    )


@cache
def fall_goals(stated: Expr) -> tuple[Goal, ...]:
    """The stated bound minus Delta' = -(Q ||D||^2 + sum <w_j, D>^2), c_j = <w_j, D>."""
    twice, drift = Sum((mu + _g[_i]) * _e[_i] ** 2, _OVER), Sum((mu + _g[_i]) ** 2 * _e[_i] ** 2, _OVER)
    squares = Sum(_c[_j] ** 2, (_j, 1, _m))
    expression = stated.subs(excess, twice / 2) + size * drift + squares
    return (
        Nonnegative(
            "Delta' <= -2 mu Q Delta", expression, (size * Sum(_g[_i] * (mu + _g[_i]) * _e[_i] ** 2, _OVER), squares)
        ),
    )


@cache
def _speed(stated: Expr) -> tuple[Goal, ...]:
    """The stated bound squared minus ||omega'||^2 = ||D||^2 - c^2 (1 + k), k = 1 - ||omega||^2 >= 0."""
    c, k = Symbol("c", real=True), Symbol("k", nonnegative=True)
    twice = Sum(largest / (1 + _u[_i]) * _e[_i] ** 2, _OVER)
    drift = Sum(largest**2 / (1 + _u[_i]) ** 2 * _e[_i] ** 2, _OVER)
    kept = Sum(largest**2 * _u[_i] / (1 + _u[_i]) ** 2 * _e[_i] ** 2, _OVER)
    expression = sympy.expand(stated**2).subs(excess, twice / 2) - drift + c**2 * (1 + k)
    return (Nonnegative("||omega'|| <= sqrt(2 M Delta)", expression, (kept, c**2 * (1 + k))),)


@cache
def _length(stated: Expr) -> tuple[Goal, ...]:
    """The stated bound minus the integral of sqrt(2 M Delta_0) e^{-mu rho t}: Delta <= Delta_0 e^{-2 mu rho t}."""
    whole = sympy.integrate(sympy.sqrt(2 * largest * excess) * sympy.exp(-mu * room * time), (time, 0, sympy.oo))
    return (Nonnegative("length of each omega_j's path", sympy.simplify(stated - whole)),)
