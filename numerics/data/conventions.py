"""The conventions of publications for the loss and for the output, and what they are here (docs/runs.md).

Losses are sums or means, with or without the factor 1/2; factors before the output are those of `output_factor`.

A loss L' = c L has the same flow and the same descent as the loss L of theory.md 1, but its time runs c times as fast:
theta' = -grad L' at its time t is theta' = -grad L at the time c t, and a step H along grad L' is a step c H along
grad L. Weights, outputs and the scale of the start do not change.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from ...theory import model
from ..errors import InputError
from .dataset import Dataset
from .output_factor import OutputFactor
from .start import Start

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


@dataclass(frozen=True)
class Translation:
    """From the loss `convention` and the output factor of a publication to the loss and the network of theory.md 1.

    `output` is the factor as it was written, and `factor` its value for the network at hand.
    """

    convention: Convention | None
    output: str | None
    factor: float

    @classmethod
    def of(cls, normalise: str | None, output: str | None, loss: str, data: Dataset, width: int) -> Translation | None:
        """The translation that these names stand for, None for none; InputError for names that mean nothing."""
        if normalise is None and output is None:
            return None
        chosen = None if normalise is None else convention(normalise, loss, data.n)
        return cls(chosen, output, 1.0 if output is None else OutputFactor.parse(output).value(width, data.d))

    @property
    def speed(self) -> float:
        """How many times as fast the time of the publication runs."""
        return self.ours(1.0)

    def ours(self, time: float) -> float:
        """A time or a step of the publication in the time of theory.md 1."""
        return self.factor * (time if self.convention is None else self.convention.ours(time))

    def start(self, start: Start) -> Start:
        """The start of the publication as one of the network of theory.md 1: all weights times sqrt(c)."""
        return start if self.output is None else start.times(math.sqrt(self.factor))

    def to_json(self, time: float, step: float | None, scale: float | None) -> dict[str, Any]:
        """The keys `normalise` and `output_factor` of `simulate --json`, with what was given."""
        found: dict[str, Any] = {}
        if self.convention is not None:
            found["normalise"] = self.convention.to_json(time, step)
        if self.output is not None:
            given = {"given_time": time, "given_step": step, "given_scale": scale}
            found["output_factor"] = {"text": self.output, "factor": self.factor, **given}
        return found


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
