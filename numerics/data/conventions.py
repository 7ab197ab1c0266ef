"""The loss conventions of publications: sums or means, with or without the factor 1/2 (docs/runs.md).

A loss L' = c L has the same flow and the same descent as the loss L of theory.md 1, but its time runs c times as fast:
theta' = -grad L' at its time t is theta' = -grad L at the time c t, and a step H along grad L' is a step c H along
grad L. Weights, outputs and the scale of the start do not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from ...theory import model
from ..errors import InputError

_SHAPES = {
    "mean": (Fraction(1), True, "(1/n) sum"),
    "sum": (Fraction(1), False, "sum"),
    "half-mean": (Fraction(1, 2), True, "(1/2n) sum"),
    "half-sum": (Fraction(1, 2), False, "(1/2) sum"),
}
"""The factor of the loss of a point, which is taken without a factor of its own; whether the points are averaged; and
how both are written."""
CONVENTIONS = tuple(_SHAPES)


@dataclass(frozen=True)
class Convention:
    """The loss `formula` of a publication, which is `factor` times the mean loss of theory.md 1 on the data at hand."""

    name: str
    formula: str
    factor: Fraction

    def ours(self, time: float) -> float:
        """A time or a step of that loss in the time of theory.md 1."""
        return float(self.factor) * time

    def to_json(self, time: float, step: float | None) -> dict[str, Any]:
        """The `normalise` of `simulate --json`: the factor, and the time and the step before it was applied."""
        return {
            "name": self.name,
            "loss": self.formula,
            "factor": float(self.factor),
            "given_time": time,
            "given_step": step,
        }


def convention(name: str, loss: str, points: int) -> Convention:
    """The convention of this name for a loss and a number of points; raises InputError for another name.

    The loss of one point is taken without its rational factor: (h - y)^2 for the square loss.
    """
    if name not in _SHAPES:
        raise InputError(f"--normalise {name}: the conventions are {', '.join(CONVENTIONS)}")
    before, averaged, written = _SHAPES[name]
    own, term = model.LOSSES[loss].value.as_coeff_Mul()
    one = str(term.subs({model.prediction: sympy.Symbol("h"), model.label: sympy.Symbol("y")}))
    factor = before / Fraction(int(own.p), int(own.q)) * (1 if averaged else points)
    return Convention(name, f"{written} {one}".replace("**", "^").replace("*", " "), factor)
