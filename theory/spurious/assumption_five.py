"""Assumption 5 of Boursier and Flammarion on three points (theory.md 8.2), as polynomials on the box T(eta).

For k in K_0 it asks for y_k ||x_k||^2 > sqrt(sum y_l^2) sqrt(sum over l != k of <x_l, x_k>^2). As printed the first sum
is over all l; read as a sum over l != k it is called Assumption 5'. Both sides are positive, so that their squares may
be compared.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Expr, Rational

from ..positivity.algebraic import Root
from ..positivity.prover import Bernstein, Combination, PositivityStep, Term
from . import three_points as points
from .sharp import SYMBOLS

ALL, OTHERS = "all", "others"
"""The labels in the first sum: of all points, as printed, or of the others."""
LARGEST: Mapping[str, Root] = {
    ALL: Root((4, -16, 5, 14, 24, 18, -2), Rational(1, 20), Rational(1, 5)),
    OTHERS: Root((4, -16, 3, 24, 13, 14, -3), Rational(1, 20), Rational(1, 5)),
}
"""Each holds on all of T(eta) exactly for eta below this number."""
_eta = points.eta
_FIRST_FAILURE = (-1 + _eta, 1, -_eta, 1 + _eta, 1 - _eta, 1 + _eta, 1, _eta, 1 + _eta)
FIRST_FAILURE: Mapping[sympy.Symbol, Expr] = dict(zip(SYMBOLS, map(sympy.sympify, _FIRST_FAILURE), strict=True))
"""The corner of T(eta) at which both fail first, for k = 1."""


def excess(labels: str, k: int = 1) -> Expr:
    """The square of the left side minus that of the right side, for k = 1 or 3."""
    others = [j for j in (1, 2, 3) if j != k]
    summed = (1, 2, 3) if labels == ALL else others
    squares = sympy.Add(*(points.labels[j - 1] ** 2 for j in summed))
    products = sympy.Add(*(points.inner_product(k, j) ** 2 for j in others))
    return points.labels[k - 1] ** 2 * points.inner_product(k, k) ** 2 - squares * products


def steps(labels: str) -> tuple[PositivityStep, ...]:
    """The proof that `excess(labels)` is positive: y_1 >= 1, and the other labels are at most eta and 1 + eta.

    With N = ||x_1||^2, G = <x_1, x_2>^2 + <x_1, x_3>^2 and R = eta^2 + (1 + eta)^2 - y_2^2 - y_3^2 >= 0 the excess is
    (y_1^2 - 1) N^2 + R G and what is left for the least labels.
    """
    y1, y2, y3 = points.labels
    length, products = points.inner_product(1, 1), (points.inner_product(1, 2), points.inner_product(1, 3))
    squares, total = products[0] ** 2 + products[1] ** 2, _eta**2 + (1 + _eta) ** 2
    own = int(labels == ALL)
    first = (
        Bernstein("N^2 - G", length**2 - squares) if own else Bernstein("N", length),
        Bernstein("y_1^2 - 1", y1**2 - 1),
        Bernstein("R", total - y2**2 - y3**2),
        Bernstein("least", length**2 - (total + own) * squares),
    )
    grown = Term(("y_1^2 - 1", "N^2 - G")) if own else Term(("y_1^2 - 1", "N", "N"))
    terms = (grown, Term(("least",)), *(Term(("R",), product) for product in products))
    return (*first, Combination("excess", excess(labels), terms))


def at_first_failure(labels: str) -> Expr:
    """The excess at the corner, a polynomial in eta."""
    return sympy.expand(excess(labels).xreplace(FIRST_FAILURE))
