"""Numbers read exactly: decimals, exponents and fractions become rationals, floats the dyadic rationals they are.

Text is only ever matched and converted, never evaluated.
"""

from __future__ import annotations

import math
import numbers
import re
from decimal import Decimal
from fractions import Fraction

from ..errors import InputError

LARGEST_TEXT = 1000
"""Longest number, in characters, that is read; the exact decimals of all admissible floats are shorter."""

LARGEST_EXPONENT = 60
"""Non-zero numbers lie between 10**-60 and 10**60: a drift is a product of two of them, and squares of drifts, which
norms and angles are made of, are then ordinary floats."""

_LARGEST = Fraction(10) ** LARGEST_EXPONENT
_SMALLEST = 1 / _LARGEST
_DECIMAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?", re.ASCII)
_FRACTION = re.compile(r"([+-]?[0-9]+)\s*/\s*([0-9]+)", re.ASCII)
_COMMA = re.compile(r"[+-]?[0-9]+(?:,[0-9]+)+(?:\.[0-9]*)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.ASCII | re.IGNORECASE)


def parse_number(text: str) -> Fraction:
    """The exact value of a decimal such as -0.5, an exponent form such as 1e-3, or a fraction such as 3/8.

    Raises InputError, with a sentence that says what is wrong with the text (the caller adds where it stands).
    """
    stripped = text.strip()
    if not stripped:
        raise InputError("the cell is empty; write a number such as 0.5 or 3/8")
    if len(stripped) > LARGEST_TEXT:
        raise InputError(f"the number has {len(stripped)} characters; at most {LARGEST_TEXT} are read")
    if _NOT_FINITE.fullmatch(stripped):
        raise InputError(f"{shown(stripped)} is not a finite number; write a number such as 0.5 or 3/8")
    fraction = _FRACTION.fullmatch(stripped)
    if fraction:
        numerator, denominator = int(fraction[1]), int(fraction[2])
        if denominator == 0:
            raise InputError(f"{shown(stripped)} divides by zero; write a number such as 0.5 or 3/8")
        return _in_range(Fraction(numerator, denominator), stripped)
    decimal = _DECIMAL.fullmatch(stripped)
    if not decimal or not (decimal[2] or decimal[3]):
        if _COMMA.fullmatch(stripped):
            raise InputError(
                f"{shown(stripped)} has a comma; write decimals with a point, without separators between thousands"
            )
        raise InputError(f"{shown(stripped)} is not a number; write a number such as 0.5, 1e-3 or 3/8")
    digits, decimals = decimal[2] or "", decimal[3] or ""
    mantissa = int(digits + decimals)
    if mantissa == 0:
        return Fraction(0)
    exponent = int(decimal[4] or 0) - len(decimals)
    if abs(exponent) > LARGEST_EXPONENT + LARGEST_TEXT:  # decided before a power is computed: 1e999999 stays cheap
        raise _out_of_range(stripped)
    value = mantissa * Fraction(10) ** exponent
    return _in_range(-value if decimal[1] == "-" else value, stripped)


def to_exact(value: object) -> tuple[Fraction, bool]:
    """The rational that `value` is, and whether it was written exactly (False for floats).

    Integers, `Fraction`, `Decimal` and text are exact; a float counts as the dyadic rational it is. Raises InputError
    for anything else, for NaN and infinities, and for numbers out of range.
    """
    if isinstance(value, str):
        return parse_number(value), True
    if isinstance(value, numbers.Rational):  # int, bool, Fraction, NumPy integers
        return _in_range(Fraction(int(value.numerator), int(value.denominator)), str(value)), True
    if isinstance(value, Decimal) and value.is_finite():
        return parse_number(str(value)), True
    if isinstance(value, numbers.Real | Decimal):
        approximate = float(value)
        if not math.isfinite(approximate):
            raise InputError(f"{value} is not a finite number")
        return _in_range(Fraction(approximate), str(value)), False
    raise InputError(f"{shown(str(value))} is not a real number")


def number_text(value: Fraction) -> str:
    """The shortest exact text: an integer, a terminating decimal of at most 20 characters, or a fraction p/q."""
    if value.denominator == 1:
        return str(value.numerator)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest == 1 and places <= 17:
        digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
        text = f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
        if len(text) <= 20:
            return text
    return f"{value.numerator}/{value.denominator}"


def checked_leak(leak: Fraction | Decimal | int | float | str) -> Fraction:
    """The leak as an exact rational; raises InputError outside [0, 1)."""
    try:
        exact, _ = to_exact(leak)
    except InputError as error:
        raise InputError(f"the leak: {error}") from None
    if not 0 <= exact < 1:
        raise InputError(f"the leak is {number_text(exact)}; it must be at least 0 and less than 1")
    return exact


def shown(text: str) -> str:
    """Text from a user's file as it may stand in a sentence: quoted, control characters escaped, shortened."""
    short = text if len(text) <= 30 else text[:27] + "..."
    return "'" + "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in short) + "'"


def _in_range(value: Fraction, text: str) -> Fraction:
    if value and not _SMALLEST <= abs(value) <= _LARGEST:
        raise _out_of_range(text)
    return value


def _out_of_range(text: str) -> InputError:
    bounds = f"1e-{LARGEST_EXPONENT} and 1e{LARGEST_EXPONENT}"
    return InputError(f"{shown(text)} is out of range; non-zero numbers must lie between {bounds} in absolute value")
