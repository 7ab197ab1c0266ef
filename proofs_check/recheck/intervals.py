"""Intervals with rational ends, rounded outwards, for roots, logarithms and exponentials: standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

BITS = 160
"""The ends hold about as many binary digits."""
TERMS = 50
"""Terms of the series of the logarithm: its arguments are at most 1/3, and 3^-101 is less than 2^-160."""
MOST_EXPONENT = 100_000
"""Exponentials of numbers beyond it are refused."""


def _below(value: Fraction) -> Fraction:
    """A number of `BITS` binary digits at most `value`, nearly equal to it."""
    size = abs(value.numerator).bit_length() - value.denominator.bit_length()
    grain = Fraction(2) ** (size - BITS)
    return value // grain * grain


@dataclass(frozen=True)
class Interval:
    """All numbers from `low` to `high`. A comparison of two intervals is true only if it holds for all of them."""

    low: Fraction
    high: Fraction

    @classmethod
    def around(cls, low: Fraction, high: Fraction) -> Interval:
        """The numbers from `low` to `high`, with the ends rounded outwards."""
        return cls(_below(low), -_below(-high))

    def __add__(self, other: Interval) -> Interval:
        return self.around(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        ends = [p * q for p in (self.low, self.high) for q in (other.low, other.high)]
        return self.around(min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("an interval around 0 cannot be divided by")
        return self * Interval.around(1 / other.high, 1 / other.low)

    def __lt__(self, other: Interval) -> bool:
        return self.high < other.low

    def __le__(self, other: Interval) -> bool:
        return self.high <= other.low

    def smaller(self, other: Interval) -> Interval:
        """The minimum of a number of this interval and one of the other."""
        return Interval(min(self.low, other.low), min(self.high, other.high))

    def larger(self, other: Interval) -> Interval:
        """The maximum of a number of this interval and one of the other."""
        return Interval(max(self.low, other.low), max(self.high, other.high))

    def root(self) -> Interval:
        """The square roots; the interval must not hold negative numbers."""
        if self.low < 0:
            raise ValueError("the root of a negative number")
        return Interval(_root_below(self.low), _root_above(self.high))

    def log(self) -> Interval:
        """The natural logarithms; the interval must hold positive numbers only."""
        if self.low <= 0:
            raise ValueError("the logarithm of a number that is not positive")
        return Interval(_log(self.low).low, _log(self.high).high)

    def exp(self) -> Interval:
        """The exponentials."""
        return Interval(_exp(self.low).low, _exp(self.high).high)


def exactly(value: Fraction | int) -> Interval:
    """The interval that holds one rational."""
    return Interval(Fraction(value), Fraction(value))


def _root_below(value: Fraction) -> Fraction:
    if value == 0:
        return Fraction(0)
    half = (value.numerator.bit_length() - value.denominator.bit_length()) // 2
    grain = Fraction(2) ** (half - BITS)
    return isqrt(value // grain**2) * grain


def _root_above(value: Fraction) -> Fraction:
    if value == 0:
        return Fraction(0)
    below = _root_below(value)
    return below if below * below == value else value / below  # below <= sqrt(value), so that this is at least it


def _log(value: Fraction) -> Interval:
    """log(value) = k log 2 + log(m), 2/3 <= m < 3/2."""
    power = value.numerator.bit_length() - value.denominator.bit_length()
    rest = value / Fraction(2) ** power
    if rest >= Fraction(4, 3):
        power, rest = power + 1, rest / 2
    elif rest < Fraction(2, 3):
        power, rest = power - 1, rest * 2
    return exactly(power) * LOG_2 + _series((rest - 1) / (rest + 1))


def _exp(value: Fraction) -> Interval:
    """exp(value) = 2^k exp(m) with 0 <= m < 1, in integers over 2^BITS.

    What is left after the last term is at most that term.
    """
    if abs(value) > MOST_EXPONENT:
        raise ValueError(f"the exponential of a number beyond {MOST_EXPONENT}")
    power = value // LOG_2.high if value >= 0 else value // LOG_2.low
    rest = exactly(value) - exactly(power) * LOG_2
    ends = [max(0, int(rest.low * 2**BITS)), int(rest.high * 2**BITS) + 1]
    low, high, terms = 2**BITS, 2**BITS, [2**BITS, 2**BITS]
    for i in range(1, TERMS + 1):
        terms = [(terms[0] * ends[0] >> BITS) // i, (terms[1] * ends[1] >> BITS) // i + 1]
        low, high = low + terms[0], high + terms[1]
    grown = Fraction(2) ** int(power)
    return Interval(Fraction(low, 2**BITS) * grown, Fraction(high + terms[1], 2**BITS) * grown)


def _series(t: Fraction) -> Interval:
    """log((1 + t)/(1 - t)) = 2 sum_i t^(2i+1)/(2i+1) for |t| <= 1/3, in integers over 2^BITS.

    What is left after the last term is less than the next power of t.
    """
    if t < 0:
        return -_series(-t)
    powers = [int(t * 2**BITS), int(t * 2**BITS) + 1]
    squares = int(t * t * 2**BITS), int(t * t * 2**BITS) + 1
    low = high = 0
    for odd in range(1, 2 * TERMS, 2):
        low, high = low + powers[0] // odd, high + powers[1] // odd + 1
        powers = [powers[0] * squares[0] >> BITS, (powers[1] * squares[1] >> BITS) + 1]
    return Interval(Fraction(2 * low, 2**BITS), Fraction(2 * (high + powers[1]), 2**BITS))


LOG_2 = _series(Fraction(1, 3))
