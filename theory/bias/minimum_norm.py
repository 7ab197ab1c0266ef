"""The least norm that interpolates orthogonal data with a ReLU network (theory.md 6.3), and why it is least.

The points with positive labels are x[k] with labels y[k] > 0, k = 1..n, those with negative labels z[j] with labels
-t[j] < 0, j = 1..m; all are orthogonal, and their squared norms are q[k] and o[j]. Nothing else is assumed: numbers of
points and the dimension are symbolic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import sympy
from sympy import Basic, Expr, Indexed, IndexedBase, Sum, Symbol

from .. import model
from ..formal.derivation import Derivation, Goal, Nonnegative, Step, Zero, at_least, at_most, equal
from ..formal.sums import normal_form
from ..formal.vectors import Inner, Vector, family, inner, vector

label = Symbol("y_k", real=True, nonzero=True)
input_norm = Symbol("||x_k||", positive=True)
size = Symbol("||S||", positive=True)
"""||S_+|| or ||S_-||, by the sign of the label."""
size_plus, size_minus = Symbol("||S+||", positive=True), Symbol("||S-||", positive=True)
least, dual = Symbol("N_min", nonnegative=True), Symbol("nu_k", real=True)
reach, weight = Symbol("|sum_k nu_k sigma(<w, x_k>)|", nonnegative=True), Symbol("||w||", nonnegative=True)

STATEMENT: dict[str, Basic] = {
    "least": equal(least, size_plus + size_minus),
    "dual": equal(dual, label / (input_norm**2 * size)),
    "bound": at_most(reach, weight),
}
"""bias.minimum-norm: the least norm, its dual certificate and what makes it one, for every w; right-hand sides may be
altered and fed to `goals`."""

_i = Symbol("i", integer=True, positive=True)
_w = Symbol("w")
_u, _v = IndexedBase("u", nonnegative=True), IndexedBase("v", nonnegative=True)
_rest, _others = Symbol("r", nonnegative=True), Symbol("c", nonnegative=True)


@dataclass(frozen=True)
class Side:
    """The points whose labels have one sign: names of vectors, sizes of labels, squared norms, index and its range."""

    sign: int
    points: IndexedBase
    labels: IndexedBase
    squares: IndexedBase
    size: Symbol
    index: Symbol
    last: Symbol

    def total(self, term: Expr) -> Expr:
        """The sum of a term over the points of this side."""
        return Sum(term, (self.index, 1, self.last))

    @property
    def sum(self) -> Vector:
        """S_+ or S_-: sum y_k x_k / ||x_k||^2 over this side."""
        k = self.index
        return (vector(self.points[k]) * (self.sign * self.labels[k] / self.squares[k])).over((k, 1, self.last))

    @property
    def size_squared(self) -> Expr:
        """||S||^2 for orthogonal points: sum y_k^2/||x_k||^2, see `norm_goal`."""
        return self.total(self.labels[self.index] ** 2 / self.squares[self.index])

    def certificate(self, stated: Expr) -> Expr:
        """The stated dual at the point `index` of this side."""
        k = self.index
        here = {label: self.sign * self.labels[k], input_norm: sympy.sqrt(self.squares[k]), size: self.size}
        return stated.subs(here, simultaneous=True)


POSITIVE = Side(1, family("x"), IndexedBase("y", positive=True), IndexedBase("q", positive=True), size_plus,
                model.k, model.n)  # fmt: skip
NEGATIVE = Side(-1, family("z"), IndexedBase("t", positive=True), IndexedBase("o", positive=True), size_minus,
                model.j, model.m)  # fmt: skip
SIDES = (POSITIVE, NEGATIVE)
_SQUARES = {side.points: side.squares for side in SIDES}


def for_orthogonal(expression: Expr) -> Expr:
    """An expression, expanded, with <x_k, x_l> replaced by ||x_k||^2 for k = l and by 0 for other pairs of points."""
    terms = []
    for term in sympy.Add.make_args(sympy.expand(expression)):
        factor, sums = term.as_independent(Sum)
        is_sum = isinstance(sums, Sum)
        terms.append(_collapsed(factor * (sums.function if is_sum else sums), tuple(sums.limits) if is_sum else ()))
    return sympy.Add(*terms)


def _collapsed(body: Expr, limits: tuple[tuple[Expr, ...], ...]) -> Expr:
    for atom in body.atoms(Inner):
        first, second = atom.args
        if not (_is_point(first) and _is_point(second)):
            continue
        if first.base != second.base:
            return sympy.S.Zero
        (here,), (there,) = first.indices, second.indices
        bound = [index for index in (here, there) if index in {limit[0] for limit in limits}]
        if here != there and bound:
            body = body.xreplace({bound[0]: there if bound[0] == here else here})
            limits = tuple(limit for limit in limits if limit[0] != bound[0])
        body = body.xreplace({Inner(first.base[i], first.base[i]): _SQUARES[first.base][i] for i in (here, there)})
    return Sum(body, *limits) if limits else body


def _is_point(generator: Basic) -> bool:
    return isinstance(generator, Indexed) and generator.base in _SQUARES


@cache
def norm_goal(side: Side) -> Goal:
    """||S||^2 = sum y_k^2/||x_k||^2."""
    return Zero("||S||^2", for_orthogonal(inner(side.sum, side.sum)) - side.size_squared)


@cache
def output_goals() -> tuple[Goal, ...]:
    """The network sigma(<S_+, x>) - sigma(<S_-, x>) interpolates: <S_+, x_k> = y_k > 0, <S_-, x_k> = 0, and so for z_j.

    On z_j <S_-, z_j> has the sign of y_j < 0; the neuron of output weight -1 is -S_-.
    """
    found: list[Goal] = []
    for side in SIDES:
        for points in SIDES:
            height = for_orthogonal(inner(side.sum * side.sign, vector(points.points[_i])))
            wanted = side.labels[_i] if side is points else 0
            found.append(Zero("output of the network", height - wanted))
    return tuple(found)


@cache
def bessel_goal() -> Goal:
    """||w||^2 = ||r||^2 + sum <w, x_k>^2/||x_k||^2 over all points, r the part of w orthogonal to them."""
    rest, projections = vector(_w), sympy.S.Zero
    for side in SIDES:
        k = side.index
        height = Inner(_w, side.points[k])
        rest = rest - (vector(side.points[k]) * (height / side.squares[k])).over((k, 1, side.last))
        projections += side.total(height**2 / side.squares[k])
    return Zero("Bessel", for_orthogonal(inner(rest, rest)) - Inner(_w, _w) + projections)


@cache
def bound_goals(side: Side, stated: Expr, bound: Expr) -> tuple[Goal, ...]:
    """sum |nu_k| sigma(<w, x_k>) over this side is at most the stated bound, ||w||, for all w.

    The terms of the other side have the other sign, so that |sum nu_k sigma(<w, x_k>)| is at most the larger of both.
    <w, x_k> = u_k - v_k, one of them 0, so that sigma(<w, x_k>) = u_k and <w, x_k>^2 = u_k^2 + v_k^2. By Bessel
    ||w||^2 is r + c + sum (u_k^2 + v_k^2)/||x_k||^2, c from the other side. Multiplied by ||S||^2, Cauchy-Schwarz is
    Lagrange's identity: (1/2) sum_k,l (y_k u_l - y_l u_k)^2/(||x_k||^2 ||x_l||^2) is what is left over.
    """
    k, last, y, q = side.index, side.last, side.labels, side.squares
    nu = side.sign * side.certificate(stated)
    squared = side.size_squared
    shorter = side.total(_v[k] ** 2 / q[k])
    weights = _rest + _others + side.total(_u[k] ** 2 / q[k]) + shorter
    allowed = sympy.expand(bound**2).subs(weight**2, weights)
    reached = (normal_form(side.total(side.size * nu * _u[k])) ** 2).subs(side.size**2, squared)
    lagrange = Sum((y[k] * _u[_i] - y[_i] * _u[k]) ** 2 / (2 * q[k] * q[_i]), (k, 1, last), (_i, 1, last))
    return (
        Nonnegative("|nu_k| >= 0", nu),
        Nonnegative(
            "||S||^2 (||w||^2 - (sum |nu_k| sigma(<w, x_k>))^2) >= 0",
            squared * allowed - reached,
            (squared * _rest, squared * _others, squared * shorter, lagrange),
        ),
    )


@cache
def value_goals(least_value: Expr, stated: Expr) -> tuple[Goal, ...]:
    """sum nu_k y_k is the stated least value, and so is the norm of the network sigma(<S_+, x>) - sigma(<-S_-, x>)."""
    reached = sympy.S.Zero
    for side in SIDES:
        k = side.index
        total = normal_form(side.total(side.certificate(stated) * side.sign * side.labels[k]))
        reached += total.subs(normal_form(side.size_squared), side.size**2)
    return (
        Zero("sum nu_k y_k", least_value - reached),
        Zero("norm of the network", least_value - size_plus - size_minus),
    )


@cache
def duality_goals() -> tuple[Goal, ...]:
    """For a network that interpolates sum_k nu_k y_k = sum_j a_j g(w_j), at most sum_j |a_j| ||w_j|| if |g| <= ||w||.

    With s[j, k] = sigma(<w_j, x_k>), all points in one list; for the second A = |a| and g = sign(a) g(w).
    """
    nu, a, s = IndexedBase("nu", real=True), IndexedBase("a", real=True), IndexedBase("s", real=True)
    points, neurons = (model.k, 1, model.n), (model.j, 1, model.m)
    by_point = Sum(nu[model.k] * Sum(a[model.j] * s[model.j, model.k], neurons), points)
    by_neuron = Sum(a[model.j] * Sum(nu[model.k] * s[model.j, model.k], points), neurons)
    amount = Symbol("A", nonnegative=True)
    slope = Symbol("g", real=True)
    return (
        Zero("sums exchanged", normal_form(by_point - by_neuron)),
        Nonnegative("|a| ||w|| - a g(w) >= 0", amount * (weight - slope), (), (weight - slope,)),
    )


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `STATEMENT` needs; the quickest first, for the first that fails ends a check."""
    value, stated, bound = (statement[name].args[1] for name in ("least", "dual", "bound"))
    return (
        *(norm_goal(side) for side in SIDES),
        *output_goals(),
        *duality_goals(),
        *value_goals(value, stated),
        bessel_goal(),
        *(goal for side in SIDES for goal in bound_goals(side, stated, bound)),
    )


def derivation() -> Derivation:
    """theory.md 6.3; the steps for negative labels are those for positive ones with other names."""
    k, x, y = POSITIVE.index, POSITIVE.points, POSITIVE.labels
    value, stated = STATEMENT["least"].args[1], STATEMENT["dual"].args[1]
    dual_value, network_norm = value_goals(value, stated)
    nu = IndexedBase("nu", real=True)
    s_plus = Symbol("S+")
    steps = (
        Step("The points are orthogonal", equal(Inner(x[k], x[_i]), 0), checked=False),
        Step("S_+ is the sum of", equal(s_plus, POSITIVE.sum.expression()), checked=False),
        Step("so that", equal(size_plus**2, POSITIVE.size_squared), goals=(norm_goal(POSITIVE),)),
        Step(
            "and sigma(<S_+, x>) - sigma(<-S_-, x>) interpolates, for",
            equal(Inner(s_plus, x[k]), y[k]),
            goals=output_goals(),
        ),
        Step("This network has norm", at_most(least, size_plus + size_minus), goals=(network_norm,)),
        Step(
            "For every network that interpolates sum nu_k y_k is sum a_j g(w_j), g(w) = sum nu_k sigma(<w, x_k>): with",
            STATEMENT["dual"],
            checked=False,
        ),
        Step("and if for every w", STATEMENT["bound"], goals=(*duality_goals(), bessel_goal())),
        Step(
            "by Cauchy-Schwarz and Bessel, the terms of negative labels being <= 0, then the norm is at least",
            at_least(
                least,
                POSITIVE.total(nu[k] * y[k]) - NEGATIVE.total(nu[NEGATIVE.index] * NEGATIVE.labels[NEGATIVE.index]),
            ),
            goals=bound_goals(POSITIVE, stated, weight),
        ),
        Step("which is", at_least(least, size_plus + size_minus), goals=(dual_value,)),
    )
    return Derivation("Least norm on orthogonal data", steps, STATEMENT["least"])
