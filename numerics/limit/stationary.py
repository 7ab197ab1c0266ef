"""The pulls at a saddle, made exactly stationary: rationals at which no active neuron has any drift (theory.md 2.6).

A flow that has come to rest leaves drifts of 1e-8 where the limit has none, and the frozen flow would take a neuron
through a cell in which nothing moves it. The nearest rational pulls that obey the equations of rest decide that.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..extremal.face import UNLIMITED, Deadline
from ..geometry.integers import dot, independent_rows, kernel, primitive, solve

Rationals = tuple[Fraction, ...]

FITTED = 1e-6
"""Residuals below this share of the largest label are 0: the flow has come to rest to 1e-8, and where that leaves a
residual larger than this the equations of rest are too badly conditioned to define a saddle (`moved` shows it)."""
STANDING = 1e-9
"""Cosine with an input below which an active neuron at rest lies on its hyperplane: it slides there."""


def stationary_pulls(
    data: Dataset, leak: Fraction, pulls: Floats, w: Floats, deadline: Deadline = UNLIMITED
) -> tuple[Rationals, float]:
    """The rational pulls (n,) nearest to `pulls` (n,) at which neurons w (q, d) are at rest, and the largest change.

    A neuron is at rest when its drift, sum_k slope_k p_k x_k / n, vanishes; where it slides any slope of the points it
    lies on is admissible, so that the drift vanishes across their inputs. Raises OutOfTime after the `deadline`.
    """
    exact = [Fraction(float(value)) for value in pulls]
    fitted = np.abs(pulls) <= FITTED * np.abs(data.y).max()
    rows = [[Fraction(int(k == place)) for k in range(data.n)] for place in np.flatnonzero(fitted)]
    for neuron in w:
        deadline.check()
        rows += _equations_of_rest(data, leak, neuron)
    if rows:
        exact = _nearest(rows, exact)
    return tuple(exact), float(np.max(np.abs(np.array([float(value) for value in exact]) - pulls)))


def _equations_of_rest(data: Dataset, leak: Fraction, neuron: Floats) -> list[list[Fraction]]:
    """Rows (n,) of coefficients of the pulls, one per direction in which the neuron could be moved."""
    lengths = np.linalg.norm(data.X, axis=1) * np.linalg.norm(neuron)
    cosines = data.X @ neuron / lengths
    on = np.abs(cosines) <= STANDING
    slopes = [Fraction(0) if on[k] else Fraction(1) if cosines[k] > 0 else leak for k in range(data.n)]
    # The zero row: all of R^d is orthogonal to no point.
    across = kernel([(0,) * data.d, *(primitive(data.inputs[k])[0] for k in np.flatnonzero(on))])
    return [
        [slope * sum((b * x for b, x in zip(basis, point, strict=True)), Fraction(0))
         for slope, point in zip(slopes, data.inputs, strict=True)]
        for basis in across
    ]  # fmt: skip


def _nearest(rows: list[list[Fraction]], point: list[Fraction]) -> list[Fraction]:
    """The orthogonal projection of a point onto the solutions of rows . p = 0."""
    whole = [primitive(row)[0] for row in rows if any(row)]
    basis = [whole[place] for place in independent_rows(whole)]
    values = [sum((z * p for z, p in zip(row, point, strict=True)), Fraction(0)) for row in basis]
    multipliers = solve([[dot(row, other) for other in basis] for row in basis], values)
    return [
        p - sum((z * row[k] for z, row in zip(multipliers, basis, strict=True)), Fraction(0))
        for k, p in enumerate(point)
    ]
