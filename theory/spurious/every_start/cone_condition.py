"""The cone condition (C) of theory.md 9.1 on three points, with the closure of K as its cone.

In the plane the facet of x_1 is a ray e orthogonal to x_1, on the side of the other points; with v = x_1 the condition
<b - H beta, v> > 0 for all beta on the ray with beta^T H beta <= 2 <b, beta> is linear in the length of beta. At length
0 it says <b, v> > 0, and at the other end <b, v> <e, He> > 2 <b, e> <He, v>. The facet of x_3 is its mirror image.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Rational, Symbol, expand, sympify

from ...positivity.algebraic import Root
from .. import three_points as points
from ..sharp import SYMBOLS

LARGEST = Root((2, 4, -16, -22, 41, 27, -37, 6), Rational(1, 10), Rational(1, 4))
"""(C) holds on all of T(eta) for eta below this number, and fails on T(eta) for eta above it."""
_eta = points.eta
_FIRST_FAILURE = (-1 + _eta, 1, -_eta, 1 + _eta, 1 - _eta, 1 + _eta, 1, 0, 1 + _eta)
FIRST_FAILURE: Mapping[Symbol, Expr] = dict(zip(SYMBOLS, map(sympify, _FIRST_FAILURE), strict=True))
"""The corner of the closure of T(eta) next to which it fails first, for x_1."""


def along(u: tuple[Expr, Expr], v: tuple[Expr, Expr]) -> Expr:
    """<u, v> in the plane."""
    return u[0] * v[0] + u[1] * v[1]


def excess(k: int = 1, share: int = 1) -> Expr:
    """n^2 (<b, v> <e, He> - 2 <b, e> <He, v>) for v = x_k and e orthogonal to it: positive if and only if (C) holds.

    With a `share` other than 1 it is about b - share * H beta in place of b - H beta.
    """
    v = points.inputs[k - 1]
    return number(v, (-v[1], v[0]), share)


def number(v: tuple[Expr, Expr], e: tuple[Expr, Expr], share: int = 1) -> Expr:
    """The same for any normal v and the ray of e, orthogonal to it, with <b, e> > 0."""
    b = [sum(y * x[axis] for y, x in zip(points.labels, points.inputs, strict=True)) for axis in (0, 1)]
    He = [sum(along(e, x) * x[axis] for x in points.inputs) for axis in (0, 1)]
    drift, image = (b[0], b[1]), (He[0], He[1])
    return along(drift, v) * along(e, image) - 2 * share * along(drift, e) * along(image, v)


def at_first_failure() -> Expr:
    """The excess at the corner, a polynomial in eta."""
    return expand(excess().xreplace(FIRST_FAILURE))
