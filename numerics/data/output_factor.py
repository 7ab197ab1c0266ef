"""Factors before the output, as in h(x) = (1/m) sum_j a_j sigma(<w_j, x>) (docs/runs.md).

The network c sum_j a_j sigma(<w_j, x>) is that of theory.md 1 with the weights sqrt(c) a_j and sqrt(c) w_j, because the
activation is positively homogeneous. If (a, w) moves along the gradient of the loss of the former, sqrt(c) (a, w) moves
along c times the gradient of the loss of the latter: its time runs c times as fast, and a step H is a step c H.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ..errors import InputError
from .exact import parse_number, shown

_DIVISORS: dict[str, Callable[[int, int], float]] = {
    "/m": lambda m, _: m,
    "/sqrt(m)": lambda m, _: math.sqrt(m),
    "/sqrt(m d)": lambda m, d: math.sqrt(m * d),
}
"""How a number may be divided by the width m and the dimension d."""


@dataclass(frozen=True)
class OutputFactor:
    """A factor c: the `number`, divided as `divided` says; d counts the coordinate of a bias."""

    text: str
    number: Fraction
    divided: str

    @classmethod
    def parse(cls, text: str) -> OutputFactor:
        """The factor in a text such as 0.5, 1/4, 1/m or 1/sqrt(m d); InputError for other texts."""
        written = text.strip().replace("m*d", "m d")
        divided = next((ending for ending in _DIVISORS if written.endswith(ending)), "")
        forms = "give a positive number such as 0.5 or 1/4, or 1/m, 1/sqrt(m) or 1/sqrt(m d)"
        try:
            number = parse_number(written.removesuffix(divided))
        except InputError:
            number = Fraction(0)
        if number <= 0:
            raise InputError(f"--output-factor {shown(text)}: {forms}")
        return cls(written, number, divided)

    def value(self, width: int, d: int) -> float:
        """The factor c of a network of this width in dimension d."""
        return float(self.number) / _DIVISORS[self.divided](width, d) if self.divided else float(self.number)
