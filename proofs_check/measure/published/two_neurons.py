"""What the evidence of `published.two-neurons` measures (theory.md 8.4)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ....numerics.data.dataset import Dataset
from ....numerics.oracles.rational import inner
from ...claim.evidence import Margin
from ...claim.statement import Predicate

Point = Sequence[Fraction]


def fit_by_hand(statement: Predicate, data: Dataset) -> Margin:
    """How much of the statement fails at these data, in rationals; the smallest eta of the data is the strictest.

    Each neuron is solved for by Cramer's rule from what it takes at two points.
    """
    (p1, q1), (p2, q2), (p3, q3) = x = data.inputs
    y1, y2, y3 = data.labels
    first, third = _solved((p1, p3), (q1, q3), (p2, q2))
    eta = max(p1 + 1, q1 - 1, abs(p2), abs(q2 - 1), 1 - p3, q3 - 1, y1 - 1, y2, y3 - 1)
    weights = (_solved(x[0], x[1], (y1, y2)), _solved(x[1], x[2], (Fraction(0), y3)))
    outputs = [sum((max(inner(w, point), Fraction(0)) for w in weights), Fraction(0)) for point in x]
    problems = {
        "alpha_1": first <= statement["factor"] * eta,
        "alpha_3": third <= 0,
        "the outputs": tuple(outputs) != data.labels,
    }
    wrong = [name for name, found in problems.items() if found]
    return Margin(len(wrong), 0.0, "exact rationals", {"wrong": wrong, "alpha_1": first, "eta": eta, "h": outputs})


def _solved(first: Point, second: Point, right: Point) -> tuple[Fraction, Fraction]:
    """The (u, v) with first . (u, v) = right[0] and second . (u, v) = right[1]."""
    determinant = first[0] * second[1] - first[1] * second[0]
    u = (right[0] * second[1] - right[1] * first[1]) / determinant
    return u, (first[0] * right[1] - second[0] * right[0]) / determinant
