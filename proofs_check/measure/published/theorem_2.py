"""What the evidence of `published.theorem-2` decides (theory.md 8.3)."""

from __future__ import annotations

import sympy
from sympy import Rational, Symbol

from ....numerics.data.dataset import Dataset
from ....theory.formal.derivation import at_most
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import SYMBOLS
from ...claim.evidence import Certificate
from ...claim.statement import Predicate
from ...kinds.rechecks import AtPoint, exact

A, W1, W2 = (Symbol(name, real=True) for name in ("a", "w1", "w2"))
NEURON = {A: Rational(-1, 1000), W1: Rational(0), W2: Rational(1, 1000)}


def one_neuron(statement: Predicate) -> Certificate:
    """One dominated neuron with a < 0 on the published points, where the statement admits it.

    With a < 0 for all times h = a max(0, <w, x>) <= 0. The prediction of the fit, times n^2 det H > 0, is positive.
    """
    if statement["needs_live"]:
        return Certificate(1, "the hypothesis excludes a network without neurons a > 0")
    data = Dataset.published("three-points")
    numbers = [value for x in data.inputs for value in x] + list(data.labels)
    place = {symbol: exact(value) for symbol, value in zip(SYMBOLS, numbers, strict=True)}
    admitted = [AtPoint(A < 0, NEURON), AtPoint(at_most(W1**2 + W2**2, A**2), NEURON)]
    fit = [points.determinant(), *(points.prediction(k) for k in (1, 2, 3))]
    rechecks = (*admitted, *(AtPoint(sympy.Gt(value, 0, evaluate=False), place) for value in fit))
    where = {"x": data.inputs, "y": data.labels, "a": "-1/1000", "w": ("0", "1/1000")}
    return Certificate(1, "h <= 0 for all times, and every prediction is positive", where, rechecks=rechecks)
