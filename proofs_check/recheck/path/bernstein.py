"""Polynomials on [0, 1] in Bernstein form, in rationals: standard library only.

A polynomial of degree n is the tuple of its numbers binom(n, i) p_i, where p_0, .., p_n are its Bernstein coefficients;
so a product is a convolution. On [0, 1] the polynomial is a mean of the p_i, with weights at least 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from typing import TypeAlias

Polynomial: TypeAlias = tuple[Fraction, ...]
Curve: TypeAlias = Sequence[Polynomial]
"""A vector of polynomials of one degree."""


def product(p: Polynomial, q: Polynomial) -> Polynomial:
    """p q."""
    found = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, left in enumerate(p):
        for j, right in enumerate(q):
            found[i + j] += left * right
    return tuple(found)


def plus(p: Polynomial, q: Polynomial, factor: Fraction | int = 1) -> Polynomial:
    """p + factor q, of one degree."""
    return tuple(left + factor * right for left, right in zip(p, q, strict=True))


def inner_product(u: Curve, v: Curve) -> Polynomial:
    """<u, v>."""
    first, *others = (product(p, q) for p, q in zip(u, v, strict=True))
    for term in others:
        first = plus(first, term)
    return first


def stretched(p: Polynomial, curve: Curve) -> Curve:
    """p v."""
    return [product(p, entry) for entry in curve]


def coefficients(p: Polynomial) -> list[Fraction]:
    """The Bernstein coefficients."""
    return [value / comb(len(p) - 1, i) for i, value in enumerate(p)]


def longest_square(curve: Curve) -> Fraction:
    """A bound of ||v||^2 on [0, 1]: the largest among the control vectors, because the norm is convex."""
    controls: Sequence[tuple[Fraction, ...]] = [*zip(*map(coefficients, curve), strict=True)]
    return max(sum((entry * entry for entry in control), Fraction(0)) for control in controls)
