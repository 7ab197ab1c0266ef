"""Neurons that share their drift form a bundle (theory.md 9.1 (1c), (2c)): it aligns, and it stays tight.

Any loss, width m and dimension; a > 0. All neurons of the bundle have the drift D = r U + E with ||U|| = 1 and
||E|| <= rho. psi is the angle with cos psi = <omega, U>, not divided by ||omega||, and v = tan(psi/2). The tightness is
eta = max_{i,j} 1 - <omega_i, omega_j>, with i = j included.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Expr, IndexedBase, Sum, Symbol

from ... import model
from ...formal.derivation import Goal, Nonnegative, Zero, at_least, at_most, equal
from ...formal.sums import normal_form
from ...formal.vectors import Vector, differential, inner, squared_norm, vector
from .phase_one import cosine_goals, deviation, drift_norm, half_tangent, half_tangent_goal, linear_goal, time

epsilon = Symbol("epsilon", positive=True)
"""The bundle is aligned up to v <= 2 epsilon, epsilon < 1."""
facet = Symbol("t_i", positive=True)
"""tan(alpha_i/2), sin alpha_i = <U, v_i>, for the unit normal v_i of a facet of a cone; at most 1."""
tightness, size = Symbol("eta", nonnegative=True), Symbol("Q", positive=True)
drift_size = Symbol("||D||", nonnegative=True)
close: Expr = drift_norm * epsilon - deviation
"""What must not be negative for `aligned`."""

_TURN, _INSIDE, _RATIO = (Symbol(name, real=True) for name in ("u_rate", "inside", "ratio_rate"))
_ALIGNED, _TIGHT, _SUM, _APART = (Symbol(name, nonnegative=True) for name in ("u_T", "eta_T", "||S||", "apart"))
first_output, second_output = (Symbol(name, positive=True) for name in ("a_i", "a_j"))
omega_product = Symbol("<omega_i,omega_j>", real=True)
_TIME = Symbol("t")

STATEMENT: dict[str, Basic] = {
    "approach": at_most(_TURN, -drift_norm * half_tangent + deviation * (1 + half_tangent**2) / 2),
    "aligned": at_most(_ALIGNED, 2 * epsilon),
    "tight": at_most(_TIGHT, 32 * epsilon**2),
    "inside": at_least(
        _INSIDE,
        2 * (facet - half_tangent) * (1 + facet * half_tangent) / ((1 + facet**2) * (1 + half_tangent**2)),
    ),
    "sum": at_least(_SUM, size * sympy.sqrt(1 - tightness)),
    "apart": at_most(_APART, sympy.sqrt(2 * tightness)),
    "product": equal(sympy.Derivative(first_output * second_output * (1 - omega_product), _TIME), 0),
    "ratio": at_most(_RATIO, sympy.sqrt(2 * tightness) * drift_size),
}
"""spurious.bundle; every right-hand side may be altered and fed to `goals`. The quantity of `product` is conserved."""

_i, _j = (Symbol(name, integer=True, positive=True) for name in ("i", "j"))
_ALL = ((_i, 1, model.m), (_j, 1, model.m))
_outputs = IndexedBase("a", positive=True)
_slack = IndexedBase("q", nonnegative=True)
_UNIT = vector("U")
_UNITS = {squared_norm(_UNIT): sympy.S.One}


def nonnegative(*names: str) -> tuple[Symbol, ...]:
    """Symbols that are not negative."""
    return tuple(Symbol(name, nonnegative=True) for name in names)


def aligned_goals(stated: Expr) -> tuple[Goal, ...]:
    """v' <= -r v + rho from v <= 1, for the time log(1/epsilon)/r."""
    r, rho = drift_norm, deviation
    solution = rho / r + (1 - rho / r) * sympy.exp(-r * time)
    end = sympy.simplify(solution.subs(time, sympy.log(1 / epsilon) / r))
    return (
        Zero("the solution starts at 1", sympy.simplify(solution.subs(time, 0) - 1)),
        Zero("the solution solves v' = -r v + rho", sympy.simplify(sympy.diff(solution, time) + r * solution - rho)),
        Nonnegative("v at the end", stated - end, (close / r, rho * epsilon / r), (close,)),
    )


def part_goals(first: Vector, second: Vector) -> tuple[Goal, ...]:
    """For p = first - <first, U> U and q likewise: <p, q> = <first, second> - <first, U> <second, U>."""
    parts = [of - _UNIT * inner(of, _UNIT) for of in (first, second)]
    gap = inner(*parts) - inner(first, second) + inner(first, _UNIT) * inner(second, _UNIT)
    return (Zero("the parts orthogonal to U", sympy.expand(sympy.expand(gap).xreplace(_UNITS))),)


def tight_goals(stated: Expr) -> tuple[Goal, ...]:
    """1 - <omega_i, omega_j> for v_i, v_j <= 2 epsilon.

    The parts of omega_i, omega_j orthogonal to U have lengths at most sin psi_i, sin psi_j, since ||omega|| <= 1, so
    that <omega_i, omega_j> >= cos(psi_i + psi_j) by Cauchy-Schwarz, and 1 - cos(psi_i + psi_j) is at most
    2 (v_i + v_j)^2.
    """
    v, w = nonnegative("v_i", "v_j")
    between = Symbol("x", real=True)
    cosines = [(1 - t**2) / (1 + t**2) for t in (v, w)]
    sines = [2 * t / (1 + t**2) for t in (v, w)]
    schwarz, room = between + sines[0] * sines[1], (2 * epsilon - v, 2 * epsilon - w)
    grown = (1 + v**2) * (1 + w**2)
    certificate = (
        schwarz,
        *(2 * left * (4 * epsilon + v + w) for left in room),
        2 * (v + w) ** 2 * (v**2 + w**2 + v**2 * w**2) / grown,
    )
    expression = stated - 1 + cosines[0] * cosines[1] + between
    return (
        *part_goals(vector("omega_i"), vector("omega_j")),
        Nonnegative("1 - <omega_i, omega_j>", expression, certificate, (schwarz, *room)),
    )


def inside_goals(stated: Expr) -> tuple[Goal, ...]:
    """<omega, v_i> = cos psi sin alpha + <p, v_i>, with <p, v_i> >= -sin psi cos alpha by Cauchy-Schwarz."""
    along, u, t = Symbol("x", real=True), half_tangent, facet
    cosine, sine = (1 - u**2) / (1 + u**2), 2 * u / (1 + u**2)
    schwarz = along + sine * (1 - t**2) / (1 + t**2)
    return (
        *part_goals(vector("omega"), vector("v")),
        Nonnegative("<omega, v_i>", cosine * 2 * t / (1 + t**2) + along - stated, (schwarz,), (schwarz, 1 - t)),
    )


def sum_goal(stated: Expr) -> Goal:
    """||S||^2 = sum_ij a_i^2 a_j^2 <omega_i, omega_j>, each inner product 1 - eta/(1 + q_ij)."""
    room = 1 / (1 + _slack[_i, _j])
    weights = _outputs[_i] ** 2 * _outputs[_j] ** 2
    length = Sum(weights * (1 - tightness * room), *_ALL)
    total = Sum(_outputs[_i] ** 2, _ALL[0])
    stated_square = sympy.expand(stated**2).subs(size, total)
    kept = Sum(weights * tightness * _slack[_i, _j] * room, *_ALL)
    return Nonnegative("||S||^2", length - stated_square, (kept,), (1 - tightness,))


def apart_goals(stated: Expr) -> tuple[Goal, ...]:
    """||omega_i - omega_j||^2 <= 2 - 2 <omega_i, omega_j>, and S/Q - omega_i is a mean of the omega_j - omega_i.

    ||omega_i||^2 = 1 - k_i, <omega_i, omega_j> = 1 - eta + q.
    """
    first, second = vector("omega_i"), vector("omega_j")
    k, p, q = nonnegative("k_i", "k_j", "q")
    lengths = {squared_norm(first): 1 - k, squared_norm(second): 1 - p, inner(first, second): 1 - tightness + q}
    square = squared_norm(first - second).xreplace(lengths)
    omega, members = vector("omega"), (vector(IndexedBase("omega")[_j]) * _outputs[_j] ** 2).over(_ALL[1])
    total, test = Sum(_outputs[_j] ** 2, _ALL[1]), vector("v")
    steps = ((vector(IndexedBase("omega")[_j]) - omega) * _outputs[_j] ** 2).over(_ALL[1])
    mean = inner(members - omega * total - steps, test)
    return (
        Nonnegative("2 eta - ||omega_i - omega_j||^2", stated**2 - square, (k, p, 2 * q)),
        Zero("S - Q omega_i = sum_j a_j^2 (omega_j - omega_i)", normal_form(mean)),
    )


def product_goal(relation: Basic) -> Goal:
    """The derivative of the stated quantity for two neurons in one drift, with <omega_i, omega_j> = <w_i, w_j>/(a_i
    a_j)."""
    quantity, value = relation.args[0].args[0], relation.args[1]
    flow, drift = model.neuron_flow(), vector(model.neuron_drift)
    direction: dict[Basic, object] = {}
    for name, output in (("w_i", first_output), ("w_j", second_output)):
        direction[Symbol(name)], direction[output] = flow.at(vector(name), output, drift)
    between = inner(vector("w_i"), vector("w_j")) / (first_output * second_output)
    rate = differential(quantity.subs(omega_product, between), direction)
    return Zero("the conserved quantity", sympy.simplify(rate - value))


def ratio_goals(stated: Expr) -> tuple[Goal, ...]:
    """(log a_i)' = <omega_i, D>, and <omega_i - omega_j, D> <= ||omega_i - omega_j|| ||D||."""
    w, a = vector(model.neuron_weights), model.neuron_output
    rate = differential(sympy.log(a), model.neuron_flow().direction())
    distance, along = Symbol("d", nonnegative=True), Symbol("x", real=True)
    near, schwarz = sympy.sqrt(2 * tightness) - distance, distance * drift_size - along
    return (
        Zero("(log a)' = <omega, D>", sympy.expand(rate - inner(w, vector(model.neuron_drift)) / a)),
        Nonnegative("(log a_i - log a_j)'", stated - along, (near * drift_size, schwarz), (near, schwarz)),
    )


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `STATEMENT` needs."""
    stated = {name: relation.args[1] for name, relation in statement.items()}
    return (
        *cosine_goals(),
        half_tangent_goal("v' for a > 0", stated["approach"], -1),
        linear_goal("v' <= -r v + rho for v <= 1", stated["approach"], -1),
        *aligned_goals(stated["aligned"]),
        *tight_goals(stated["tight"]),
        *inside_goals(stated["inside"]),
        sum_goal(stated["sum"]),
        *apart_goals(stated["apart"]),
        product_goal(statement["product"]),
        *ratio_goals(stated["ratio"]),
    )
