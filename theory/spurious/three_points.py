"""Three points in the plane (theory.md 5.1): the assumption T(eta), the least-squares fit, and the signs claimed of it.

Every quantity comes from H = X^T X / n and b = X^T y / n. What is claimed positive is given as a polynomial: a quantity
with det H in its denominator is multiplied by n^2 det H = m_12^2 + m_13^2 + m_23^2, the squares of the 2x2 minors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import combinations

import sympy
from sympy import Basic, Expr, Matrix, Symbol

from .. import model

N = 3
eta = Symbol("eta", real=True)
inputs = tuple((Symbol(f"p{k}", real=True), Symbol(f"q{k}", real=True)) for k in (1, 2, 3))
"""x_k = (p_k, q_k)."""
labels = tuple(Symbol(f"y{k}", real=True) for k in (1, 2, 3))
X, Y = Matrix(inputs), Matrix(labels)
PUBLISHED = sympy.Rational(1, 6)
"""The published bound: eta < 1/6."""


def assumption(bound: Expr = PUBLISHED) -> tuple[Basic, ...]:
    """T(eta) for 0 < eta < bound, end by end, strict where it is open."""
    (p1, q1), (p2, q2), (p3, q3) = inputs
    y1, y2, y3 = labels
    ends = [eta > 0, eta < bound, p1 > -1, p1 <= -1 + eta, p2 >= -eta, p2 <= eta, p3 >= 1 - eta, p3 < 1]
    for value in (q1, q3, y1, y3):
        ends += [value >= 1, value <= 1 + eta]
    return (*ends, q2 >= 1 - eta, q2 <= 1 + eta, y2 > 0, y2 <= eta)


def minor(k: int, j: int) -> Expr:
    """m_kl = p_k q_l - q_k p_l, for k, l = 1, 2, 3."""
    return inputs[k - 1][0] * inputs[j - 1][1] - inputs[k - 1][1] * inputs[j - 1][0]


def inner_product(k: int, j: int) -> Expr:
    """<x_k, x_l>."""
    return sympy.Add(*(p * q for p, q in zip(inputs[k - 1], inputs[j - 1], strict=True)))


def drift(active: tuple[int, ...]) -> tuple[Expr, Expr]:
    """D_I = (1/n) sum over I of y_k x_k: the drift of a neuron that is active exactly on I."""
    off, on = model.clarke_slopes(sympy.S.Zero)
    return sloped_drift(tuple(on if k in active else off for k in (1, 2, 3)))


def sloped_drift(slopes: Sequence[Expr]) -> tuple[Expr, Expr]:
    """The drift of the model at h = 0 for the square loss, (1/n) sum_k slope_k y_k x_k."""
    ((share, _, _),) = model.drift_at_zero(model.SQUARE).terms
    shares = []
    for k, (slope, label) in enumerate(zip(slopes, labels, strict=True), 1):
        here = share.xreplace({model.k: sympy.Integer(k), model.n: sympy.Integer(N)})
        shares.append(here.xreplace({model.slopes[model.j, k]: slope, model.labels[k]: label}))
    first, second = (sympy.Add(*(value * x[axis] for value, x in zip(shares, inputs, strict=True))) for axis in (0, 1))
    return first, second


@cache
def determinant() -> Expr:
    """n^2 det H."""
    return sympy.expand((X.T * X).det())


@cache
def fit() -> Matrix:
    """beta* times `determinant`: polynomials, by Cramer's rule."""
    return ((X.T * X).adjugate() * X.T * Y).applyfunc(sympy.expand)


@cache
def residual(k: int) -> Expr:
    """r_k times `determinant`, as plus or minus the minor of the other two points times what is left.

    Raises sympy.ExactQuotientFailed if the minor did not divide it.
    """
    sign, shared = (-1) ** (k - 1), minor(*(j for j in (1, 2, 3) if j != k))
    rest = sympy.exquo(labels[k - 1] * determinant() - prediction(k), sign * shared)
    return sympy.Mul(sign, shared, rest)


def prediction(k: int) -> Expr:
    """<beta*, x_k> times `determinant`."""
    return sympy.expand(fit().dot(Matrix(inputs[k - 1])))


def _along(active: tuple[int, ...], k: int) -> Expr:
    """<D_I, x_k>."""
    return sympy.Add(*(v * x for v, x in zip(drift(active), inputs[k - 1], strict=True)))


_CLAIMED: Mapping[str, Callable[[], Expr]] = {
    **{f"<x_{k}, x_{j}> > 0": partial(inner_product, k, j) for k, j in combinations((1, 2, 3), 2)},
    **{
        f"<D_{{{','.join(map(str, active))}}}, x_{k}> > 0": partial(_along, active, k)
        for size in (1, 2, 3)
        for active in combinations((1, 2, 3), size)
        for k in (1, 2, 3)
    },
    "det H > 0": determinant,
    "r_1 > 0": partial(residual, 1),
    "r_2 < 0": lambda: -residual(2),
    "r_3 > 0": partial(residual, 3),
    **{f"<beta*, x_{k}> > 0": partial(prediction, k) for k in (1, 2, 3)},
}
NAMES = tuple(_CLAIMED)
"""The names of the inequalities, in the order of `inequalities`."""


@cache
def inequalities() -> Mapping[str, Expr]:
    """What is claimed positive, by name."""
    return {name: value() for name, value in _CLAIMED.items()}
