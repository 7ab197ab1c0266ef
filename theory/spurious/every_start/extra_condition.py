"""Condition (M) of theory.md 9.3: what a small neuron with a < 0 does to the loss at the least-squares fit.

With the residuals r_k at beta* let G_r(w) = (1/n) sum_k r_k max(<w, x_k>, 0). A neuron with a w = -q u, q > 0, changes
the loss at beta* by q G_r(u) + O(q^2). The condition asks for G_r(w) > 0 wherever w lies neither in the closure of
K = {w : <w, x_k> > 0 for all k} nor in that of -K. On both G_r vanishes, by the normal equations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol

from ... import model
from ...formal.derivation import Goal, Zero
from ...positivity.algebraic import Root
from ...positivity.prover import Bernstein, Combination, PositiveGoal, Term
from .. import three_points as points
from ..sharp import RANGES, N, m12, m23
from ..stationary import Vector, dot, exact, mean_loss

product = Symbol("q", positive=True)
"""The added neuron has a w = -q u."""


def on_the_rays(k: int, side: int) -> Expr:
    """n^3 det H G_r(e) on three points, for e = side (q_k, -p_k), where all m_kl, k < l, are negative.

    <e, x_l> = -side m_kl: for side 1 the points after x_k are active, for side -1 those before it.
    """
    active = [j for j in (1, 2, 3) if (j - k) * side > 0]
    return sympy.Add(*(points.residual(j) * -side * points.minor(k, j) for j in active))


def on_three_points(largest: Root) -> Iterator[Goal | PositiveGoal]:
    """(M) for all data in T(eta), eta < `largest`.

    The rays of the arrangement are +-e_k. With all m_kl < 0 for k < l those of x_1 and x_3 lie in the closures of K and
    -K, where G_r vanishes, and G_r is linear between neighbouring rays: it has to be positive at +-e_2.
    """
    for k, j in ((1, 2), (1, 3), (2, 3)):
        yield PositiveGoal(f"-m_{k}{j}", -points.minor(k, j), RANGES, points.eta, largest)
    for k in (1, 3):
        for side in (1, -1):
            yield Zero(f"G_r at the ray {'+' if side > 0 else '-'}e_{k}", sympy.expand(on_the_rays(k, side)))
    factors = (Bernstein("-m_12", -m12), Bernstein("-m_23", -m23), Bernstein("-N", -N))
    for side in (1, -1):
        goal = on_the_rays(2, side)
        steps = (*factors, Combination("product", goal, (Term(("-m_12", "-m_23", "-N")),)))
        yield PositiveGoal(f"G_r at the ray {'+' if side > 0 else '-'}e_2", goal, RANGES, points.eta, largest, steps)


def on_exact_data(parameters: Mapping[str, Any]) -> Iterator[Goal | PositiveGoal]:
    """What the claim states of its `points` (n, 2), ordered by angle, with `labels` (n,), in rationals.

    The hypotheses of Theorem A' other than (M): positive labels and correlations, the fit inside K, positive
    `residuals` of the first and last point, and (C) with the two numbers `cone`. Then G_r = `value` at +-`ray`,
    outside the closures of K and -K; and a neuron with a w = `sign` q `ray` changes the loss of the fit, by an amount
    whose sign is `change` for 0 < q < `reach` and which vanishes at q = `reach`.
    """
    x = [tuple(map(exact, point)) for point in parameters["points"]]
    y = list(map(exact, parameters["labels"]))
    n = len(x)
    H = sympy.Matrix(2, 2, lambda i, j: sympy.Add(*(point[i] * point[j] for point in x)) / n)
    b = sympy.Matrix(2, 1, lambda i, _: sympy.Add(*(label * point[i] for label, point in zip(y, x, strict=True))) / n)
    beta = tuple(H.LUsolve(b))
    residuals = [label - dot(beta, point) for label, point in zip(y, x, strict=True)]
    for name, value in (("label", min(y)), ("inner product", min(dot(u, v) for u in x for v in x))):
        yield _positive(f"the least {name}", value)
    yield _positive("the least prediction of the fit", min(dot(beta, point) for point in x))
    ends = zip((residuals[0], residuals[-1]), map(exact, parameters["residuals"]), strict=True)
    for name, (value, stated) in zip(("first", "last"), ends, strict=True):
        yield Zero(f"the residual of the {name} point, minus the stated one", value - stated)
        yield _positive(f"the residual of the {name} point", value)
    for v, turn, stated in zip((x[0], x[-1]), (1, -1), map(exact, parameters["cone"]), strict=True):
        yield from _facet(v, (-turn * v[1], turn * v[0]), x, H, tuple(b), stated)
    ray = tuple(map(exact, parameters["ray"]))
    yield _positive("the ray is active on the first point", dot(ray, x[0]))
    yield _positive("the ray is not active on the last point", -dot(ray, x[-1]))
    for side in (1, -1):
        terms = [r * _relu(side * dot(ray, point)) for r, point in zip(residuals, x, strict=True)]
        value = sympy.Add(*terms) / n
        yield Zero(f"G_r at {'+' if side > 0 else '-'}w, minus the stated value", value - exact(parameters["value"]))
    yield from _added(x, y, beta, ray, parameters)


def _facet(
    v: Vector, across: Vector, x: Sequence[Vector], H: sympy.Matrix, b: Vector, stated: Expr
) -> Iterator[Goal | PositiveGoal]:
    """(C) at the facet of an outer point v, along the ray `across` on the side of the other points.

    The number is that of `cone_condition.excess` for 8 `across` and 8 v, integers, without the factor n^2.
    """
    yield _positive("the facet is on the side of the other points", sum(dot(across, point) for point in x))
    others = [dot(across, point) for point in x if point != v]
    yield _positive("no other point is beyond the facet", min(others))
    scale = sympy.ilcm(*(entry.q for entry in v))
    whole, ray = ([scale * entry for entry in vector] for vector in (v, across))
    divisor = sympy.igcd(*whole)
    whole, ray = ([entry / divisor for entry in vector] for vector in (whole, ray))
    image = tuple(H * sympy.Matrix(ray))
    yield _positive("<b, v>", dot(b, whole))
    value = dot(b, whole) * dot(ray, image) - 2 * dot(b, ray) * dot(image, whole)
    yield Zero("the number of (C), minus the stated one", value - stated)
    yield _positive("the number of (C)", value)


def _added(
    x: Sequence[Vector], y: Sequence[Expr], beta: Vector, ray: Vector, parameters: Mapping[str, Any]
) -> Iterator[Goal | PositiveGoal]:
    """What the added neuron does to the loss."""
    added = [parameters["sign"] * product * _relu(dot(ray, point)) for point in x]
    fit = [dot(beta, point) for point in x]
    both = [value + more for value, more in zip(fit, added, strict=True)]
    change, reach = sympy.expand(mean_loss(both, y) - mean_loss(fit, y)), exact(parameters["reach"])
    signed = parameters["change"] * change
    yield PositiveGoal("what the added neuron does to the loss", signed, (), product, Root.rational(reach))
    yield Zero("what it does to the loss at the largest q", change.subs(product, reach))


def _positive(name: str, value: Expr) -> PositiveGoal:
    """A rational number is positive; one that is not refutes the statement."""
    return PositiveGoal(name, value, (), product, Root.rational(sympy.S.One))


def _relu(z: Expr) -> Expr:
    return model.activation(z, sympy.S.Zero)
