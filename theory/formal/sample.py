"""Random admissible rational points for an expression, from a fixed seed.

Scalars respect their symbols' assumptions and the given open intervals. Inner products are those of actual rational
vectors, so that every Gram matrix drawn is positive semi-definite and every norm belongs to its vector. Symbolic sizes
become small integers and sums are written out. Values of arbitrary functions are free real numbers.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sympy
from sympy import Basic, Expr, Indexed, Rational, Sum, Symbol
from sympy.core.function import AppliedUndef

from .vectors import Inner, Jet

SEED = 20_240_131
DIMENSION = 4
"""Coordinates of the vectors drawn: with up to four generators every admissible Gram matrix can occur."""

DRAWS = 64
"""So often is a value drawn again that the assumptions do not allow."""

Domain = Mapping[Symbol, Any]
"""Symbols with the open interval (low, high) of their values, or an `Interval`."""
Point = dict[Basic, Rational]


class NoPoint(ValueError):
    """A symbol has no admissible value: its assumptions and its interval contradict each other."""


@dataclass(frozen=True)
class Interval:
    """The values between two ends, each of which may belong to them or not."""

    start: Expr = -sympy.oo
    end: Expr = sympy.oo
    left_open: bool = True
    right_open: bool = True


def _interval(atom: Basic, domain: Domain) -> Interval:
    found = domain.get(atom, Interval())
    return found if isinstance(found, Interval) else Interval(*map(sympy.sympify, found))


def ends_of(atom: Basic, domain: Domain) -> tuple[Expr, Expr]:
    """The ends of the values that the interval of an atom and the sign it is assumed to have allow."""
    interval = _interval(atom, domain)
    low, high = interval.start, interval.end
    if atom.is_nonnegative:
        low = sympy.Max(low, 0)
    if atom.is_nonpositive:
        high = sympy.Min(high, 0)
    if low > high:
        raise NoPoint(f"{atom} has no value: it would lie between {low} and {high}")
    return low, high


def admits(atom: Basic, value: Rational, domain: Domain) -> bool:
    """Whether an atom's assumptions and its open interval allow the value."""
    interval = _interval(atom, domain)
    if (value <= interval.start if interval.left_open else value < interval.start) or (
        value >= interval.end if interval.right_open else value > interval.end
    ):
        return False
    return all(getattr(value, name, None) is not (not holds) for name, holds in _assumptions(atom))


@lru_cache(maxsize=256)
def _assumptions(atom: Basic) -> tuple[tuple[str, bool], ...]:
    """What an atom is assumed to be, and what follows from that, by SymPy's names such as is_positive."""
    return tuple((f"is_{name}", holds) for name, holds in getattr(atom, "assumptions0", {}).items())


@dataclass
class Drawer:
    """Draws one value at a time; `vectors` remembers the coordinates of the generators drawn so far."""

    source: random.Random
    domain: Domain
    edge: bool = False
    values: Point = field(default_factory=dict)
    vectors: dict[Basic, tuple[Rational, ...]] = field(default_factory=dict)

    def magnitude(self) -> Rational:
        """A positive rational between 1/16 and 16 with a small denominator, small and large values equally likely.

        Near the edge it is one of 1/4096, 1 and 4096.
        """
        if self.edge:
            return Rational(4096) ** self.source.choice((-1, 0, 1))
        return Rational(self.source.randint(1, 16), self.source.randint(1, 16))

    def scalar(self, atom: Basic) -> Rational:
        """An admissible value of a scalar atom; NoPoint when its assumptions and interval leave none."""
        low, high = ends_of(atom, self.domain)
        for _ in range(DRAWS):
            value = self._integer(low, high) if atom.is_integer else self._between(low, high)
            if admits(atom, value, self.domain):
                return value
        raise NoPoint(f"no value of {atom} was found between {low} and {high} that its assumptions allow")

    def _integer(self, low: Expr, high: Expr) -> Rational:
        first = int(sympy.floor(low)) if low.is_finite else -4 if not high.is_finite else int(sympy.ceiling(high)) - 8
        last = int(sympy.ceiling(high)) if high.is_finite else max(4, first + 4)
        return Rational(self.source.randint(first, max(first, last)))

    def _between(self, low: Expr, high: Expr) -> Rational:
        """A value between the ends, or one of them; at the edge its ends are as likely as what lies close to them."""
        if low.is_finite and high.is_finite:
            width = 4096 if self.edge else self.source.randint(2, 64)
            step = self.source.choice((0, 1, width - 1, width)) if self.edge else self.source.randint(1, width - 1)
            return low + (high - low) * Rational(step, width)
        if self.edge and self.source.randint(0, 3) == 0:
            return low if low.is_finite else high if high.is_finite else sympy.S.Zero
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
            if self.edge and self.vectors and self.source.randint(0, 1):
                other, factor = self.source.choice(list(self.vectors.values())), self.source.choice((-1, 1, 2))
                self.vectors[generator] = tuple(factor * value for value in other)
                return self.vectors[generator]
            self.vectors[generator] = tuple(
                Rational(self.source.randint(-6, 6), self.source.randint(1, 4)) for _ in range(DIMENSION)
            )
            if not any(self.vectors[generator]):
                del self.vectors[generator]
                return self._vector(generator)
        return self.vectors[generator]


@dataclass(frozen=True)
class Instance:
    """Expressions with sums written out and atoms replaced by plain symbols, the values of these and their atoms."""

    expressions: tuple[Expr, ...]
    values: Point
    described: dict[str, str]
    atoms: dict[Symbol, Basic]


def draw(expressions: tuple[Expr, ...], domain: Domain, attempt: int) -> Instance:
    """The attempt-th admissible point for the expressions jointly; the same attempt always gives the same point.

    Every third point lies at the edge of what is admissible: at closed ends and close to them, very large and very
    small, with vectors that are parallel. Raises NoPoint when a symbol has no admissible value.
    """
    drawer = Drawer(random.Random(SEED + attempt), domain, edge=attempt % 3 == 2)
    sizes = {size: Rational(drawer.source.randint(1, 3)) for size in _sizes(expressions)}
    form = _plain_form(expressions, tuple(sizes.items()))
    values: Point = {
        name: drawer.inner(atom) if isinstance(atom, Inner) else drawer.scalar(atom)
        for name, atom in form.atoms.items()
    }
    described = {str(size): str(value) for size, value in sizes.items()}
    described |= {str(name): str(list(value)) for name, value in drawer.vectors.items()}
    described |= {str(atom): str(values[name]) for name, atom in form.atoms.items() if not isinstance(atom, Inner)}
    return Instance(form.expressions, values, described, form.atoms)


@dataclass(frozen=True)
class _PlainForm:
    """Expressions with sums written out and atoms replaced by plain symbols, in a fixed order of the atoms."""

    expressions: tuple[Expr, ...]
    atoms: dict[Symbol, Basic]


@lru_cache(maxsize=256)
def _plain_form(expressions: tuple[Expr, ...], sizes: tuple[tuple[Symbol, Rational], ...]) -> _PlainForm:
    """The same for every point with these sizes; it takes longer than drawing the values."""
    written = tuple(_write_out(expression, dict(sizes)) for expression in expressions)
    found = sorted(set().union(*(_atoms(expression) for expression in written)), key=sympy.default_sort_key)
    atoms = {Symbol(f"v{number}"): atom for number, atom in enumerate(found)}
    names: dict[Basic, Basic] = {atom: name for name, atom in atoms.items()}
    return _PlainForm(tuple(expression.xreplace(names) for expression in written), atoms)


@lru_cache(maxsize=256)
def _sizes(expressions: tuple[Expr, ...]) -> tuple[Symbol, ...]:
    found: set[Symbol] = set()
    for expression in expressions:
        for total in expression.atoms(Sum):
            for _, _, high in total.limits:
                found |= high.free_symbols
    return tuple(sorted(found, key=sympy.default_sort_key))


def _write_out(expression: Expr, sizes: Mapping[Basic, Rational]) -> Expr:
    return expression.xreplace(dict(sizes)).doit() if sizes or expression.has(Sum) else expression


def _atoms(expression: Expr) -> set[Basic]:
    """The outermost unknowns of an expression: function values, derivatives, inner products, entries, symbols."""
    if isinstance(expression, Inner | Jet | Indexed | AppliedUndef | sympy.Derivative | Symbol):
        return {expression}
    found: set[Basic] = set()
    for argument in expression.args:
        found |= _atoms(argument)
    return found
