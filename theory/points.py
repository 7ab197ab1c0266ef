"""Random admissible rational points for an expression, from a fixed seed.

Scalars respect their symbols' assumptions and the given open intervals. Inner products are those of actual rational
vectors, so that every Gram matrix drawn is positive semi-definite and every norm belongs to its vector. Symbolic sizes
become small integers and sums are written out. Values of arbitrary functions are free real numbers.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import Basic, Expr, Indexed, Rational, Sum, Symbol
from sympy.core.function import AppliedUndef

from .inner import Inner, Jet

SEED = 20_240_131
DIMENSION = 4
"""Coordinates of the vectors drawn: with up to four generators every admissible Gram matrix can occur."""

Domain = Mapping[Symbol, tuple[Any, Any]]
Point = dict[Basic, Rational]


@dataclass
class Drawer:
    """Draws one value at a time; `vectors` remembers the coordinates of the generators drawn so far."""

    source: random.Random
    domain: Domain
    values: Point = field(default_factory=dict)
    vectors: dict[Basic, tuple[Rational, ...]] = field(default_factory=dict)

    def magnitude(self) -> Rational:
        """A positive rational between 1/16 and 16 with a small denominator, small and large values equally likely."""
        return Rational(self.source.randint(1, 16), self.source.randint(1, 16))

    def scalar(self, atom: Basic) -> Rational:
        """An admissible value of a scalar atom."""
        low, high = (sympy.sympify(end) for end in self.domain.get(atom, (-sympy.oo, sympy.oo)))
        if atom.is_integer:
            return Rational(self.source.randint(1 if atom.is_positive else 0 if atom.is_nonnegative else -4, 4))
        if atom.is_nonnegative and low < 0:
            low = sympy.S.Zero
        if atom.is_nonpositive and high > 0:
            high = sympy.S.Zero
        if low.is_finite and high.is_finite:
            width = self.source.randint(2, 64)
            return low + (high - low) * Rational(self.source.randint(1, width - 1), width)
        if low.is_finite:
            return low + self.magnitude()
        if high.is_finite:
            return high - self.magnitude()
        return self.magnitude() * self.source.choice((-1, 1))

    def inner(self, atom: Inner) -> Rational:
        """The inner product of the drawn vectors behind an `Inner` atom."""
        first, second = (self._vector(generator) for generator in atom.args)
        return sum((x * y for x, y in zip(first, second, strict=True)), sympy.S.Zero)

    def _vector(self, generator: Basic) -> tuple[Rational, ...]:
        if generator not in self.vectors:
            self.vectors[generator] = tuple(
                Rational(self.source.randint(-6, 6), self.source.randint(1, 4)) for _ in range(DIMENSION)
            )
            if not any(self.vectors[generator]):
                del self.vectors[generator]
                return self._vector(generator)
        return self.vectors[generator]


@dataclass(frozen=True)
class Instance:
    """Expressions with sums written out and atoms replaced by plain symbols, and the values of these symbols."""

    expressions: tuple[Expr, ...]
    values: Point
    described: dict[str, str]


def draw(expressions: tuple[Expr, ...], domain: Domain, attempt: int) -> Instance:
    """The attempt-th admissible point for the expressions jointly; the same attempt always gives the same point."""
    drawer = Drawer(random.Random(SEED + attempt), domain)
    sizes = {size: Rational(drawer.source.randint(1, 3)) for size in _sizes(expressions)}
    written = tuple(_write_out(expression, sizes) for expression in expressions)
    names: dict[Basic, Symbol] = {}
    values: Point = {}
    for atom in sorted(set().union(*(_atoms(expression) for expression in written)), key=sympy.default_sort_key):
        name = Symbol(f"v{len(names)}")
        names[atom] = name
        values[name] = drawer.inner(atom) if isinstance(atom, Inner) else drawer.scalar(atom)
    described = {str(size): str(value) for size, value in sizes.items()}
    described |= {str(name): str(list(value)) for name, value in drawer.vectors.items()}
    described |= {str(atom): str(values[name]) for atom, name in names.items() if not isinstance(atom, Inner)}
    return Instance(tuple(expression.xreplace(names) for expression in written), values, described)


def _sizes(expressions: tuple[Expr, ...]) -> list[Symbol]:
    found: set[Symbol] = set()
    for expression in expressions:
        for total in expression.atoms(Sum):
            for _, _, high in total.limits:
                found |= high.free_symbols
    return sorted(found, key=sympy.default_sort_key)


def _write_out(expression: Expr, sizes: Mapping[Basic, Rational]) -> Expr:
    return expression.xreplace(dict(sizes)).doit() if sizes else expression


def _atoms(expression: Expr) -> set[Basic]:
    """The outermost unknowns of an expression: function values, derivatives, inner products, entries, symbols."""
    if isinstance(expression, Inner | Jet | Indexed | AppliedUndef | sympy.Derivative | Symbol):
        return {expression}
    found: set[Basic] = set()
    for argument in expression.args:
        found |= _atoms(argument)
    return found
