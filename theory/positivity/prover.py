"""Proofs that a polynomial is positive on a box that grows with a parameter: a few exact steps, each of them checked.

A step is a set of Bernstein coefficients (`bernstein.py`), or an identity that writes the polynomial, times what is
known to be positive, as a sum of products of what is known to be non-negative; a proof may split on a sign.
What a step shows is a `Sign`: non-negative below c, positive below c, positive at c too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TypeAlias

import sympy
from sympy import Expr, Rational, Symbol

from ..formal.decide import Decision
from .algebraic import Root, RootSign, sign_up_to
from .bernstein import Range, coefficients

CERTAIN = RootSign(True, True, True)
WEAK = RootSign(True, False, False)
CLOSE = Rational(1, 1000)
"""How near counterexamples are looked for to an open end, as a fraction of the interval."""


class NotProved(Exception):
    """A step does not hold, or could not be shown; the message says which."""


@dataclass(frozen=True)
class Bernstein:
    """The step: all Bernstein coefficients of `expression` on the box are non-negative."""

    name: str
    expression: Expr


@dataclass(frozen=True)
class Term:
    """A positive number times earlier expressions, by name, times the square of any expression."""

    factors: tuple[str, ...] = ()
    square: Expr = sympy.S.One
    number: Rational = sympy.S.One


@dataclass(frozen=True)
class Combination:
    """The step: number * (product of the earlier `multiplier`) * expression = sum of the terms, identically."""

    name: str
    expression: Expr
    terms: tuple[Term, ...]
    multiplier: tuple[str, ...] = ()
    number: Rational = sympy.S.One


Plain: TypeAlias = Bernstein | Combination


@dataclass(frozen=True)
class Split:
    """The step: one proof where `on` < 0 (its negative is then called -`called`), one where `on` >= 0."""

    name: str
    expression: Expr
    on: Expr
    called: str
    negative: tuple[Plain, ...]
    nonnegative: tuple[Plain, ...]


PositivityStep: TypeAlias = Bernstein | Combination | Split


@dataclass(frozen=True)
class Known:
    """An expression with what is known of its sign."""

    expression: Expr
    sign: RootSign


@dataclass
class Prover:
    """Checks steps on a box, for all parameters up to `largest`; `looked_at` counts Bernstein coefficients."""

    ranges: Sequence[Range]
    parameter: Symbol
    largest: Root | None
    looked_at: int = 0
    identities: int = 0
    known: dict[str, Known] = field(default_factory=dict)

    def prove(self, goal: Expr, steps: Sequence[PositivityStep]) -> RootSign:
        """The sign of `goal`, which the last step must be about; NotProved when a step does not hold."""
        for step in steps:
            if not isinstance(step, Bernstein | Combination | Split):
                raise TypeError(f"{step!r} is not a step")
            self.known[step.name] = Known(step.expression, self._sign(step))
        if sympy.expand(steps[-1].expression - goal) != 0:
            raise NotProved(f"the last step proves {steps[-1].name}, not the goal")
        return self.known[steps[-1].name].sign

    def _sign(self, step: PositivityStep) -> RootSign:
        if isinstance(step, Bernstein):
            return self._by_coefficients(step)
        if isinstance(step, Combination):
            return self._by_identity(step)
        return self._by_cases(step)

    def _by_coefficients(self, step: Bernstein) -> RootSign:
        """Non-negative by its coefficients; positive when the coefficients at the box's own corners are."""
        ranges = [entry for entry in self.ranges if entry.symbol in step.expression.free_symbols]
        degrees, table = coefficients(step.expression, ranges, self.parameter)
        self.looked_at += len(table)
        signs: dict[tuple[int, ...], RootSign] = {}
        for index, value in table.items():
            signs[index] = sign_up_to(value, self.largest)
            if not signs[index].nonnegative_below:
                raise NotProved(f"{step.name}: the Bernstein coefficient {index}, {value}, is not non-negative")
        corners = product(*(entry.closed_ends(degree) for entry, degree in zip(ranges, degrees, strict=True)))
        found = [signs[corner] for corner in corners]
        return RootSign(True, all(sign.positive_below for sign in found), all(sign.positive_at for sign in found))

    def _by_identity(self, step: Combination) -> RootSign:
        """Both sides expanded; the sum is positive where one of its terms is."""
        self.identities += 1
        factor, multiplier = self._product(step.multiplier)
        right, terms = sympy.S.Zero, []
        for term in step.terms:
            value, sign = self._product(term.factors)
            right += term.number * value * term.square**2
            terms.append(sign if term.square == 1 else WEAK)
        numbers = (step.number, *(term.number for term in step.terms))
        if not all(number > 0 for number in numbers):
            raise NotProved(f"{step.name}: a coefficient is not positive")
        left = step.number * factor * step.expression
        if sympy.expand(left - right) != 0:
            raise NotProved(f"{step.name}: the identity does not hold")
        if not multiplier.positive_below:
            raise NotProved(f"{step.name}: the multiplier is not positive")
        positive_below, positive_at = (any(sign[place] for sign in terms) for place in (1, 2))
        return RootSign(True, positive_below, positive_at)  # at c the multiplier is >= 0, and > 0 where the sum is

    def _product(self, names: Sequence[str]) -> tuple[Expr, RootSign]:
        missing = [name for name in names if name not in self.known]
        if missing:
            raise NotProved(f"nothing is known of {', '.join(missing)}")
        factors = [self.known[name] for name in names]
        positive_below, positive_at = (all(factor.sign[place] for factor in factors) for place in (1, 2))
        return sympy.Mul(*(factor.expression for factor in factors)), RootSign(True, positive_below, positive_at)

    def _by_cases(self, step: Split) -> RootSign:
        cases: Mapping[str, tuple[Known, tuple[Plain, ...]]] = {
            f"-{step.called}": (Known(-step.on, CERTAIN), step.negative),
            step.called: (Known(step.on, WEAK), step.nonnegative),
        }
        signs = []
        for name, (assumed, steps) in cases.items():
            branch = Prover(self.ranges, self.parameter, self.largest, known={**self.known, name: assumed})
            signs.append(branch.prove(step.expression, steps))
            self.looked_at += branch.looked_at
            self.identities += branch.identities
        return RootSign(True, all(sign[1] for sign in signs), all(sign[2] for sign in signs))


@dataclass(frozen=True)
class PositiveGoal:
    """`expression` > 0 on the box of `ranges` for every `parameter` in (0, largest); oo where `largest` is None.

    It is proved by `steps`, or by its own Bernstein coefficients where there are none. Where it is not proved, it is
    evaluated in exact rationals next to the corners of the box; the goal is refuted by a value that is not positive,
    unless `sufficient` says that the statement may hold without it.
    """

    name: str
    expression: Expr
    ranges: tuple[Range, ...]
    parameter: Symbol
    largest: Root | None
    steps: tuple[PositivityStep, ...] = ()
    sufficient: bool = False

    def decide(self) -> Decision:
        """Proved, refuted at a point of the box, or undecided; computed once."""
        return self._decision

    @cached_property
    def _decision(self) -> Decision:
        prover = Prover(self.ranges, self.parameter, self.largest)
        try:
            sign = prover.prove(self.expression, self.steps or (Bernstein(self.name, self.expression),))
        except NotProved as reason:
            missing = str(reason)
        else:
            if sign.positive_below:
                return Decision(True, f"{prover.looked_at} Bernstein coefficients, {prover.identities} identities")
            missing = "only >= 0 is proved"
        place = None if self.sufficient else self._counterexample()
        if place is None:
            return Decision(None, missing)
        return Decision(False, "exact rationals", {str(symbol): str(value) for symbol, value in place.items()})

    def _counterexample(self) -> Mapping[Symbol, Rational] | None:
        """A point of the box at which the expression is a rational number <= 0, if one was found."""
        if self.largest is None:
            return None
        parameter = self.largest.low * (1 - CLOSE)
        ranges = [entry for entry in self.ranges if entry.symbol in self.expression.free_symbols]
        for place in near_corners(ranges, self.parameter, parameter):
            value = self.expression.subs(place)
            if value.is_Rational and value <= 0:
                return place
        return None


def near_corners(ranges: Sequence[Range], parameter: Symbol, value: Rational) -> Iterator[Mapping[Symbol, Rational]]:
    """Points of the box at this value of the parameter: its corners, moved off open ends; the value is among them."""
    symbols = [entry.symbol for entry in ranges]
    for corner in product(*(entry.near_ends(parameter, value, CLOSE) for entry in ranges)):
        yield {**dict(zip(symbols, corner, strict=True)), parameter: value}
