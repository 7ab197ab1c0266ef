"""Two neurons that fit three points, and the combination x_2 = alpha_1 x_1 + alpha_3 x_3 (theory.md 8.4).

alpha_1 = m_23/m_13 and alpha_3 = m_12/m_13. The first neuron takes the labels y_1, y_2 at x_1, x_2, and is not active
on x_3 if alpha_1 y_1 > y_2; the second takes y_3 at x_3, and 0 at x_2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy
from sympy import Expr, Integer, Rational, Symbol

from ..formal.derivation import Zero
from ..positivity.algebraic import Root
from ..positivity.prover import PositiveGoal
from . import three_points as points
from .sharp import RANGES, SYMBOLS, m12, m13, m23, off_the_corners

LARGEST = Root((1, -1, -5, 1), Rational(1, 10), Rational(1, 4))
"""alpha_1 > eta on all of T(eta) exactly for eta below this number."""
_eta = points.eta
_FIRST_FAILURE = (-1, 1 + _eta, _eta, 1 - _eta, 1 - _eta, 1 + _eta, 1, _eta, 1)
FIRST_FAILURE: Mapping[Symbol, Expr] = dict(zip(SYMBOLS, map(sympy.sympify, _FIRST_FAILURE), strict=True))
"""The corner of the closure of T(eta) next to which it fails first."""


def neurons() -> tuple[tuple[Expr, Expr], tuple[Expr, Expr]]:
    """The input weights of both neurons; the output weights are 1."""
    (p1, q1), (p2, q2), _ = points.inputs
    y1, y2, y3 = points.labels
    first = ((y1 * q2 - y2 * q1) / m12, (y2 * p1 - y1 * p2) / m12)
    return first, (-y3 * q2 / m23, y3 * p2 / m23)


def goals(largest: Root, factor: int) -> Iterator[Zero | PositiveGoal]:
    """alpha_1 > `factor` eta and alpha_3 > 0, and a fit by the two neurons, for all data in T(eta), eta < `largest`.

    With m_13 < 0 it says -m_23 + factor eta m_13 > 0. At `largest` both sides are equal at a corner, and their
    difference changes its sign, since the polynomial of the number is irreducible.
    """
    for k, j in ((1, 2), (1, 3), (2, 3)):
        yield PositiveGoal(f"-m_{k}{j}", -points.minor(k, j), RANGES, _eta, largest)
    for axis in (0, 1):
        (x1, x2, x3) = (point[axis] for point in points.inputs)
        yield Zero(
            f"x_2 = alpha_1 x_1 + alpha_3 x_3, coordinate {axis + 1}", sympy.expand(m23 * x1 + m12 * x3 - m13 * x2)
        )
    excess = -m23 + Integer(factor) * _eta * m13
    yield PositiveGoal("alpha_1 - eta", excess, RANGES, _eta, largest)
    y1, y2, y3 = points.labels
    inactive = y2 * m13 - y1 * m23
    yield PositiveGoal("alpha_1 y_1 - y_2", inactive, RANGES, _eta, largest)
    for k, label in enumerate((y1, y2, y3), 1):
        yield PositiveGoal(f"y_{k}", label, RANGES, _eta, largest)
    # Heights of the neurons at the points; those that are not labels or 0 are negative by the goals above.
    heights = ((y1, y2, inactive / m12), (-y3 * m12 / m23, sympy.S.Zero, y3))
    for number, (neuron, row) in enumerate(zip(neurons(), heights, strict=True), 1):
        for k, (point, height) in enumerate(zip(points.inputs, row, strict=True), 1):
            value = neuron[0] * point[0] + neuron[1] * point[1]
            yield Zero(f"neuron {number} at x_{k}", sympy.cancel(value - height))
    for name, value in off_the_corners(FIRST_FAILURE).items():
        yield Zero(f"{name} at an end", value)
    at_corner = sympy.Poly(sympy.expand(excess.xreplace(FIRST_FAILURE)), _eta, domain=sympy.QQ)
    yield Zero("equality at the largest eta", at_corner.rem(largest.polynomial).as_expr())
