"""Bernstein coefficients of a polynomial on a box whose ends move with a parameter, and what their signs prove.

Write each coordinate as low + (high - low) s, 0 <= s <= 1. In s, f = sum_i b_i B_i with B_i >= 0 on the cube, B_i the
products of C(n, i) s^i (1-s)^(n-i), n the degree of f in that coordinate. Hence f >= 0 when all b_i >= 0.
Where f is also positive at the corners that belong to the box (no coordinate of them at an open end), f > 0 on the
box: at any point of it take the corner that agrees with the coordinates at ends, and has the closed end elsewhere; its
B is positive there, and its coefficient is the value of f at the corner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import comb

import sympy
from flint import fmpq, fmpq_poly
from sympy import Basic, Expr, Poly, Rational, Symbol

Index = tuple[int, ...]


@dataclass(frozen=True)
class Range:
    """An interval with ends that are polynomials in the parameter; at most one end is open."""

    symbol: Symbol
    low: Expr
    high: Expr
    low_open: bool = False
    high_open: bool = False

    def closed_ends(self, degree: int) -> tuple[int, ...]:
        """The Bernstein indices of the ends that belong to the interval."""
        return tuple({*(() if self.low_open else (0,)), *(() if self.high_open else (degree,))})

    def near_ends(self, parameter: Symbol, value: Rational, close: Rational) -> tuple[Rational, Rational]:
        """Both ends at a value of the parameter, an open one moved inside by the fraction `close` of the interval."""
        low, high = (sympy.sympify(end).subs(parameter, value) for end in (self.low, self.high))
        inside = close * (high - low)
        return low + inside * int(self.low_open), high - inside * int(self.high_open)


def ranges_of(relations: Sequence[Basic], symbols: Sequence[Symbol]) -> tuple[Range, ...]:
    """The intervals that relations `symbol >= low`, `symbol < high` and so on describe, in the order of `symbols`."""
    found = []
    for symbol in symbols:
        ends = {}
        for relation in relations:
            if relation.lhs == symbol:
                ends["low" if relation.rel_op in (">", ">=") else "high"] = (relation.rhs, relation.rel_op in "<>")
        (low, low_open), (high, high_open) = ends["low"], ends["high"]
        found.append(Range(symbol, low, high, low_open, high_open))
    return tuple(found)


def coefficients(expression: Expr, ranges: Sequence[Range], parameter: Symbol) -> tuple[Index, dict[Index, fmpq_poly]]:
    """Degrees of `expression` in the symbols of `ranges`; its Bernstein coefficients, polynomials in `parameter`."""
    moved = {entry.symbol: entry.low + (entry.high - entry.low) * entry.symbol for entry in ranges}
    symbols = [entry.symbol for entry in ranges]
    polynomial = Poly(expression.xreplace(moved), *symbols, parameter, domain=sympy.QQ)
    degrees = tuple(polynomial.degree(symbol) for symbol in symbols)
    table: dict[Index, fmpq_poly] = {}
    for powers, value in polynomial.terms():
        term = fmpq_poly([0] * powers[-1] + [fmpq(int(value.p), int(value.q))])
        table[powers[:-1]] = table.get(powers[:-1], fmpq_poly()) + term
    for axis, degree in enumerate(degrees):
        table = _along(table, axis, degree)
    every = product(*(range(degree + 1) for degree in degrees))
    return degrees, {index: table.get(index, fmpq_poly()) for index in every}


def _along(table: Mapping[Index, fmpq_poly], axis: int, degree: int) -> dict[Index, fmpq_poly]:
    """From powers to Bernstein coefficients in one coordinate: b_i = sum over k <= i of C(i, k) / C(n, k) a_k."""
    found: dict[Index, fmpq_poly] = {}
    for powers, value in table.items():
        k = powers[axis]
        for i in range(k, degree + 1):
            index = (*powers[:axis], i, *powers[axis + 1 :])
            found[index] = found.get(index, fmpq_poly()) + value * fmpq(comb(i, k), comb(degree, k))
    return found
