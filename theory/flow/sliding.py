"""Which drift a sliding neuron has, and when its slopes are unique (theory.md 10.4), for any face and any dimension.

The points of the face Sigma are numbered k = 1..s. D = B + (1/n) sum_{k in Sigma} eta_k p_k x_k, where B collects the
other points, whose slopes are fixed. Slopes are written g + (1 - g)/(1 + u) with u >= 0, so that every admissible value
(but g, a limit) occurs.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy
from sympy import Expr, IndexedBase, Sum, Symbol

from .. import model
from ..formal.derivation import Derivation, Goal, Nonnegative, Step, Zero, at_least, equal
from ..formal.sums import normal_form
from ..formal.vectors import Inner, Vector, differential, inner, squared_norm, vector
from .equations import model_steps

size = Symbol("s", integer=True, positive=True)
"""How many points lie on the face."""
slopes, pulls = IndexedBase("eta", nonnegative=True), IndexedBase("p", real=True)
SLOPE: Expr = slopes[model.k]
"""The slopes of the drift that keeps the neuron on the face: <D, x_k> = 0 there determines D."""
MIDPOINT: Expr = (1 + model.leak) / 2

_FACE = (model.k, 1, size)
_BASE, _TEST = vector("B"), vector("v")
_u, _v = (IndexedBase(name, nonnegative=True) for name in ("u", "v"))
_c = IndexedBase("c", real=True)

Slopes = Callable[[Expr], Expr]


def drift_with(slope: Slopes) -> Vector:
    """B + (1/n) sum over the face of slope_k p_k x_k: the model's drift, the points of the face apart."""
    ((coefficient, generator, _),) = model.drift().terms
    own = coefficient.replace(model.Pull, lambda *_: pulls[model.k])
    own = own.xreplace({model.slopes[model.j, model.k]: slope(model.k)})
    return _BASE + (vector(generator) * own).over(_FACE)


def _admissible(family: IndexedBase) -> Slopes:
    return lambda k: model.leak + (1 - model.leak) / (1 + family[k])


def _stated(slope: Expr) -> Slopes:
    """The stated slopes, eta_k being those of the drift that keeps the neuron on the face."""
    return lambda k: slope.subs({SLOPE: _admissible(_u)(k), model.k: k})


def _sliding(change: Vector) -> Vector:
    """The drift D of the sliding neuron, changed by a combination of the points of the face."""
    return vector(model.neuron_drift) + change


def _tangent(expression: Expr) -> Expr:
    """The expression with <D, x_k> = 0 on the face, as `tangency_goal` shows."""
    return expression.replace(
        lambda part: isinstance(part, Inner) and model.neuron_drift in part.args and _on_face(part),
        lambda _: sympy.S.Zero,
    )


def _on_face(part: Inner) -> bool:
    return any(isinstance(vector_, sympy.Indexed) and vector_.base == model.inputs for vector_ in part.args)


def tangency_goal() -> Goal:
    """<w, x>' = a <D, x> by the model's flow: where <w, x> stays 0 and a != 0, <D, x> = 0."""
    point = Symbol("x")
    moved = differential(Inner(model.neuron_weights, point), model.neuron_flow().direction())
    return Zero("<w, x>' = a <D, x>", moved - model.neuron_output * Inner(model.neuron_drift, point))


def drift_goals(slope: Expr) -> tuple[Goal, ...]:
    """The stated drift V is orthogonal to the face, V - D' in its span, and ||D'||^2 = ||V||^2 + ||D' - V||^2.

    D' is any drift with admissible slopes. The first two say that V = P_Sigma D', the last one that V is shortest.
    """
    own, other = drift_with(_admissible(_u)), drift_with(_admissible(_v))
    stated, any_drift = _sliding(drift_with(_stated(slope)) - own), _sliding(other - own)
    combination = (vector(model.inputs[model.k]) * _c[model.k]).over(_FACE)
    difference = Sum(
        (_admissible(_v)(model.k) - _stated(slope)(model.k))
        * pulls[model.k]
        * inner(vector(model.inputs[model.k]), _TEST),
        _FACE,
    )
    lengths = squared_norm(any_drift) - squared_norm(stated) - squared_norm(any_drift - stated)
    return (
        Zero("<D, sum c_k x_k> = 0 over the face", normal_form(_tangent(inner(stated, combination))), model.DOMAIN),
        Zero(
            "D' - D is a combination of the x_k", normal_form(inner(any_drift - stated, _TEST) - difference / model.n)
        ),
        Zero("||D'||^2 = ||D||^2 + ||D' - D||^2", normal_form(_tangent(lengths)), model.DOMAIN),
    )


def uniqueness_goals(inside: bool) -> tuple[Goal, ...]:
    """Two families of slopes of one drift differ by a relation sum c_k p_k x_k = 0, and t c_k may be added to a family.

    So they are unique when there is no relation but 0, and are not when there is one and t c_k leaves no slope outside.
    """
    k, t = model.k, Symbol("t", positive=True)
    relation = Sum(_c[k] * pulls[k] * inner(vector(model.inputs[k]), _TEST), _FACE)
    one, two = _admissible(_u), _admissible(_v)
    gap = inner(drift_with(two) - drift_with(one), _TEST)
    apart = Sum((two(k) - one(k)) * pulls[k] * inner(vector(model.inputs[k]), _TEST), _FACE)
    added = inner(drift_with(lambda i: one(i) + t * _c[i]) - drift_with(one), _TEST)
    return (
        Zero("slopes of one drift differ by a relation", normal_form(model.n * gap - apart)),
        Zero("adding t c_k changes D by t/n times the relation", normal_form(added - t * relation / model.n)),
        *_range_goals(t, inside),
    )


def _range_goals(t: Expr, inside: bool) -> tuple[Goal, ...]:
    """eta_k + t c_k >= g and <= 1 for the slope that has the least room: rho > 0 strictly inside, 0 otherwise.

    |c_k| <= C is written as c_k = C (b - 1)/(b + 1) with b >= 0; strictly inside t = rho/(C (1 + v)) is chosen, and
    otherwise any t will do.
    """
    largest, least = Symbol("C", positive=True), Symbol("rho", positive=True)
    b, v = Symbol("b", nonnegative=True), Symbol("v", nonnegative=True)
    room, step = (least, least / (1 + v)) if inside else (sympy.S.Zero, t * largest)
    spare = least * v / (1 + v) if inside else sympy.S.Zero
    change = (b - 1) / (b + 1)
    return (
        Nonnegative("eta_k + t c_k >= g", room + step * change, (spare, 2 * step * b / (b + 1))),
        Nonnegative("eta_k + t c_k <= 1", room - step * change, (spare, 2 * step / (b + 1))),
    )


def goals(slope: Expr, inside: bool) -> tuple[Goal, ...]:
    """What `flow.sliding-drift` needs of stated slopes, and of the hypothesis under which they are called unique."""
    return (tangency_goal(), *drift_goals(slope), *uniqueness_goals(inside))


def derivation() -> Derivation:
    """theory.md 10.4."""
    w, a, D, point, other = model.neuron_weights, model.neuron_output, model.neuron_drift, Symbol("x_k"), Symbol("D'")
    change, time = Symbol("D'-D"), Symbol("t")
    result = equal(Inner(other, other), Inner(D, D) + Inner(change, change))
    steps = (
        Step("On the face Sigma, for all k in it", equal(Inner(w, point), 0), checked=False),
        Step(
            "By w' = a D its derivative is",
            equal(sympy.Derivative(Inner(w, point), time), a * Inner(D, point)),
            goals=(tangency_goal(),),
        ),
        Step("and a != 0, so that", equal(Inner(D, point), 0), checked=False),
        Step(
            "Any D' of the set differs from D by a combination of the x_k; hence",
            result,
            goals=lambda: drift_goals(SLOPE),
        ),
        Step(
            "D is the shortest of them, and D = P_Sigma D'",
            at_least(Inner(other, other), Inner(D, D)),
            {Inner(other, other): Inner(D, D) + Inner(change, change)},
            (Inner(change, change),),
        ),
    )
    return Derivation("The drift of a sliding neuron", (*model_steps(), *steps), result)
