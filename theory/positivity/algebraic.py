"""A positive real algebraic number, and the sign of a polynomial on all numbers below it: integers only, no floats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import NamedTuple

import sympy
from flint import fmpq, fmpq_poly
from sympy import Expr, Poly, Rational, Symbol

ETA = Symbol("eta", real=True)
"""The symbol of all polynomials here."""
HALVINGS = 400
"""How often an isolating interval is halved before a sign is called undecided."""


class RootSign(NamedTuple):
    """What is known of p on (0, c): p >= 0, p > 0; and whether p(c) > 0. False means: not shown."""

    nonnegative_below: bool
    positive_below: bool
    positive_at: bool


@dataclass(frozen=True)
class Root:
    """The only root in [low, high], 0 < low <= high, of an irreducible polynomial; integer coefficients, leading first.

    Raises ValueError when the polynomial factors, or has no or several roots there.
    """

    coefficients: tuple[int, ...]
    low: Rational
    high: Rational

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high:
            raise ValueError(f"[{self.low}, {self.high}] is not an interval of positive numbers")
        if len(self.coefficients) == 2 and self.low == self.high and self._sign(self.low) == 0 != self.coefficients[0]:
            return  # a linear polynomial and its root
        polynomial = self.polynomial
        if not polynomial.is_irreducible or polynomial.count_roots(self.low, self.high) != 1:
            raise ValueError(f"{polynomial.as_expr()} factors, or does not have one root in [{self.low}, {self.high}]")

    @classmethod
    def rational(cls, value: Rational) -> Root:
        """A positive rational number."""
        number = Rational(value)
        return cls((number.q, -number.p), number, number)

    @property
    def polynomial(self) -> Poly:
        """The polynomial over the rationals, in the symbol eta."""
        return Poly(list(self.coefficients), ETA, domain=sympy.QQ)

    def within(self, width: Rational) -> Root:
        """The same number in an interval no wider than `width`."""
        low, high = self.low, self.high
        while high - low > width:
            low, high = self.half(low, high)
        return Root(self.coefficients, low, high)

    def half(self, low: Rational, high: Rational) -> tuple[Rational, Rational]:
        """The half of an interval in which the number is: the polynomial is irreducible, so its sign changes there."""
        middle = (low + high) / 2
        at_low, at_middle = self._sign(low), self._sign(middle)
        if at_low == 0:
            return low, low
        if at_middle == 0:
            return middle, middle
        return (low, middle) if (at_low > 0) != (at_middle > 0) else (middle, high)

    def _sign(self, number: Rational) -> int:
        """An integer of the sign of the polynomial at p/q: it times q^degree, by Horner's rule."""
        value, power = 0, 1
        for coefficient in self.coefficients:
            value, power = value * int(number.p) + coefficient * power, power * int(number.q)
        return value

    def exact(self) -> Expr:
        """The number itself: rational, a surd for degree two, a SymPy CRootOf beyond."""
        if self.low == self.high:
            return self.low
        polynomial = self.polynomial
        for index in range(polynomial.count_roots()):
            root = sympy.CRootOf(polynomial, index, radicals=polynomial.degree() == 2)
            if self.low <= root <= self.high:
                return root
        raise AssertionError("the interval holds a root")

    def __str__(self) -> str:
        if len(self.coefficients) <= 3:
            return str(self.exact())
        return f"the root of {self.polynomial.as_expr()} in [{self.low}, {self.high}]".replace("**", "^")

    def decimal(self, digits: int = 12) -> str:
        """The number cut (not rounded) after `digits` decimals, so that the decimal never exceeds it."""
        scale, low, high = 10**digits, self.low, self.high
        while (below := low * scale // 1) != high * scale // 1:
            low, high = self.half(low, high)
        return f"{int(below) // scale}.{int(below) % scale:0{digits}d}"


def sign_up_to(polynomial: fmpq_poly, largest: Root | None) -> RootSign:
    """The sign of a polynomial on (0, c) and at c; on all of (0, oo) when `largest` is None. Real roots are counted."""
    return _sign(tuple(polynomial.coeffs()), largest)


@lru_cache(maxsize=65536)
def _sign(coefficients: tuple[fmpq, ...], largest: Root | None) -> RootSign:
    while coefficients and coefficients[0] == 0:  # a factor eta^k is positive
        coefficients = coefficients[1:]
    if not coefficients:
        return RootSign(True, False, False)
    if all(value >= 0 for value in coefficients):
        return RootSign(True, True, True)
    if coefficients[0] < 0:
        return RootSign(False, False, False)
    if largest is not None and (by_coefficients := _sign_by_coefficients(coefficients, largest)) is not None:
        return by_coefficients
    numbers = [Rational(int(value.p), int(value.q)) for value in reversed(coefficients)]
    polynomial = Poly(numbers, ETA, domain=sympy.QQ)
    if largest is None:
        positive = polynomial.count_roots(0, None) == 0
        return RootSign(positive, positive, positive)
    vanishes = polynomial.rem(largest.polynomial).is_zero
    place = _alone(polynomial, largest, int(vanishes))
    if place is None or polynomial.count_roots(0, place[1]) != int(vanishes):
        return RootSign(False, False, False)
    return RootSign(True, True, not vanishes)


def _sign_by_coefficients(coefficients: Sequence[fmpq], largest: Root) -> RootSign | None:
    """The sign by the Bernstein coefficients on [0, high], high >= c, where none is negative; None where one is.

    The first is p(0) > 0, the last p(high), and p > 0 between them. This spares most polynomials the
    counting of roots, which takes far longer.
    """
    low, end = (fmpq(int(value.p), int(value.q)) for value in (largest.low, largest.high))
    degree = len(coefficients) - 1
    shares = [value * end**k / comb(degree, k) for k, value in enumerate(coefficients)]
    found = [sum((comb(i, k) * shares[k] for k in range(i + 1)), fmpq(0)) for i in range(degree + 1)]
    if any(value < 0 for value in found) or (found[-1] == 0 and low < end):
        return None
    return RootSign(True, True, found[-1] > 0)


def _alone(polynomial: Poly, number: Root, roots: int) -> tuple[Rational, Rational] | None:
    """An interval of the number in which the polynomial has `roots` roots (none but the number itself), if found."""
    low, high = number.low, number.high
    for _ in range(HALVINGS):
        if polynomial.count_roots(low, high) == roots:
            return low, high
        if low == high:
            break
        low, high = number.half(low, high)
    return None


def sign_at(polynomial: Poly, number: Root) -> int:
    """The sign of the polynomial at the number."""
    if polynomial.rem(number.polynomial).is_zero:
        return 0
    place = _alone(polynomial, number, 0)
    if place is None:
        raise ArithmeticError(f"{polynomial.as_expr()} is not zero at {number}, but its sign there could not be found")
    return 1 if polynomial.eval(place[0]) > 0 else -1


def sign_after(polynomial: Poly, number: Root, until: Rational) -> int | None:
    """The one sign of the polynomial on all of (number, until], None when it has no one sign there."""
    if polynomial.is_zero:
        return 0
    here = int(sign_at(polynomial, number) == 0)
    place = _alone(polynomial, number, here)
    if place is None:
        return None
    low, high = place
    for _ in range(HALVINGS):
        if high < until:
            break
        low, high = number.half(low, high)
    if not high < until or polynomial.count_roots(low, until) != here:
        return None
    return 1 if polynomial.eval(until) > 0 else -1
