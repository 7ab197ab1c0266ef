"""Orthogonal data at h = 0 with ReLU: which drifts agree with themselves (theory.md 6.1).

A drift there is D = (1/n) sum_k eta_k y_k x_k with slopes eta_k in [0, 1]. For orthogonal points <D, x_k> depends on
the slope of the point k alone, so that D is extremal when each slope by itself agrees with the sign it produces.
"""

from __future__ import annotations

from sympy import Expr, KroneckerDelta, Symbol

from .. import model
from ..formal.derivation import Goal, Nonnegative, Zero
from ..formal.vectors import Inner, inner, vector

square = Symbol("||x_k||^2", positive=True)
slope = Symbol("eta_k", positive=True)
size = Symbol("|y_k|", positive=True)

longer, shorter = Symbol("D_1", positive=True), Symbol("D_2", positive=True)
"""The larger and the smaller of ||D_+|| and ||D_-||."""
fitted_first, fitted_last = Symbol("Q_1", nonnegative=True), Symbol("Q_2", nonnegative=True)
"""(1/n) sum y_k^2 over the points that are fitted first, and over the others."""


def along_an_input() -> Expr:
    """<D, x_k> on orthogonal points, 1 <= k <= n."""
    general = inner(model.drift_at_zero(model.SQUARE), vector(model.inputs[model.k]))
    orthogonal = general.replace(Inner, lambda first, second: KroneckerDelta(*first.indices, *second.indices) * square)
    # SymPy leaves the condition k <= n, which holds.
    return orthogonal.doit().replace(lambda e: e.is_Piecewise, lambda e: e.args[0][0])


def goals() -> tuple[Goal, ...]:
    """Slopes other than 0 and 1 contradict the sign they produce, and so does 1 where the label has the other sign.

    For neurons with a > 0, whose slope is 1 where <D, x_k> > 0 and 0 where it is negative; a < 0 is the mirror image.
    """
    k, value = model.k, along_an_input()
    eta, label = model.slopes[model.j, k], model.labels[k]

    def where(sign: int) -> Expr:
        return sign * value.xreplace({eta: slope, label: sign * size})

    return (
        Zero("<D, x_k> = eta_k y_k ||x_k||^2 / n", value - eta * label * square / model.n),
        Nonnegative("y_k > 0 and eta_k > 0: <D, x_k> > 0, so that eta_k is 1", where(1)),
        Nonnegative("y_k < 0 and eta_k > 0: <D, x_k> < 0, so that eta_k is 0", where(-1)),
    )
