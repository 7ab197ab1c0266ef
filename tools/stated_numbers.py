"""A number as a text states it, in LaTeX, beside the same number computed anew: do the stated digits agree?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

DISAGREES = "DISAGREES"
Value = Fraction | Decimal | float | int | str
"""A rational number, a float that is accurate far beyond the digits stated, or a text, such as a polynomial."""

_PATTERN = re.compile(
    r"(?P<minus>-)?"
    r"(?:\\[td]?frac(?:\{(?P<top>\d+)\}|(?P<t>\d))(?:\{(?P<bottom>\d+)\}|(?P<b>\d))"
    r"|(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<more>\\dots)?(?:\\cdot10\^\{(?P<power>-?\d+)\})?)"
)


@dataclass(frozen=True)
class Quoted:
    """A number in a text: its value; by how much a rounded one may be off (0: it is exact); whether it is cut off."""

    value: Fraction
    slack: Fraction
    cut: bool

    def agrees(self, computed: Value) -> bool:
        """Whether a computed number is the quoted one, as far as digits are given."""
        number = Fraction(computed)
        if self.cut:
            return 0 <= abs(number) - abs(self.value) < 2 * self.slack and number * self.value >= 0
        return abs(number - self.value) <= self.slack


def quoted(text: str) -> list[Quoted]:
    r"""The numbers of a piece of LaTeX in their order: \frac12, -\frac{31}{120}, 0.26874, 1.6\cdot10^{-4}, 0.19\dots.

    A power 10^{-92.6} is read as its exponent; commas in a number separate thousands.
    """
    plain = re.sub(r"(?<!\\cdot)10\^\{(-?[\d.]+)\}", r"\1", text)
    return [_number(match) for match in _PATTERN.finditer(plain)]


def _number(match: re.Match[str]) -> Quoted:
    part = match.groupdict()
    sign = -1 if part["minus"] else 1
    if part["digits"] is None:
        return Quoted(
            sign * Fraction(int(part["top"] or part["t"]), int(part["bottom"] or part["b"])), Fraction(0), False
        )
    digits = part["digits"].replace(",", "")
    power = Fraction(10) ** int(part["power"] or 0)
    places = len(digits.partition(".")[2])
    exact = "." not in digits and part["power"] is None
    slack = Fraction(0) if exact else power / 10**places / 2
    return Quoted(sign * Fraction(digits) * power, slack, part["more"] is not None)


def agree(text: str, computed: Sequence[Value]) -> bool:
    """Whether the numbers of a text are those computed; a text that is computed must be the same."""
    if any(isinstance(value, str) for value in computed):
        return [text] == list(computed)
    stated = quoted(text)
    return len(stated) == len(computed) and all(one.agrees(value) for one, value in zip(stated, computed, strict=True))


def shown(value: Value) -> str:
    """A computed number as the table shows it."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def below(text: str, computed: Sequence[Value]) -> bool:
    """Whether every computed number is less than the one in the text."""
    (bound,) = quoted(text)
    return all(Fraction(value) < bound.value for value in computed)


@dataclass(frozen=True)
class Number:
    """One or several numbers of an item of docs/theory.md.

    `what` says which, in Markdown; `quote`: as they are stated there, in LaTeX; `computed`: anew; `command`: of
    `proofs-check`, which decides or prints them too; `bound`: the stated number is an upper bound.
    """

    item: str
    what: str
    quote: str
    computed: tuple[Value, ...]
    command: str = ""
    bound: bool = False

    @property
    def state(self) -> str:
        """Whether the digits agree."""
        if self.bound:
            return "below it" if below(self.quote, self.computed) else DISAGREES
        return "agrees" if agree(self.quote, self.computed) else DISAGREES
