"""Searching for exact counterexamples with z3, beside Hypothesis: a screen, never a proof.

z3 is asked for numbers that obey polynomial hypotheses and break a polynomial conclusion. Its answer is accepted
only after SymPy has put the numbers, as rationals, into every relation. That it finds none (`unsat` included) says
nothing here: `as_certificate` calls it undecided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import sympy
from sympy import Basic, Dummy, Rational, Symbol
from sympy.core.relational import Relational

from ..claim.evidence import Certificate, Unavailable

SECONDS = 10.0
"""How long z3 may search."""
DIGITS = (6, 12, 25, 50)
"""Decimals to which irrational numbers of a model are rounded, in turn, until the rounded numbers pass."""


@dataclass(frozen=True)
class Screened:
    """The counterexample that was found, rational and rechecked, or None and why there is none."""

    found: Mapping[Symbol, Rational] | None
    reason: str

    def as_certificate(self, cases: int = 1) -> Certificate:
        """A counterexample, or undecided: never a proof."""
        if self.found is None:
            return Certificate(cases, "a screen", undecided=self.reason)
        where = {str(symbol): value for symbol, value in self.found.items()}
        return Certificate(cases, "z3 found a counterexample, rechecked in rationals", counterexample=where)


def find_counterexample(hypotheses: Sequence[Basic], conclusion: Basic, seconds: float = SECONDS) -> Screened:
    """Search with z3 for rational numbers that obey all hypotheses and not the conclusion, polynomial relations.

    The signs that symbols are assumed to have are hypotheses too. Raises Unavailable without z3, ValueError for what is
    no polynomial relation between real numbers.
    """
    z3 = _z3()
    given = sorted(set().union(*(relation.free_symbols for relation in (*hypotheses, conclusion))), key=str)
    plain = {symbol: Dummy(str(symbol), real=True) for symbol in given}
    signs = [sign for symbol, dummy in plain.items() for sign in _assumed(symbol, dummy)]
    hypotheses = (*(relation.xreplace(plain) for relation in hypotheses), *signs)
    conclusion = conclusion.xreplace(plain)
    names = {dummy: z3.Real(f"v{place}") for place, dummy in enumerate(plain.values())}
    solver = z3.SolverFor("QF_NRA")
    solver.set("timeout", max(1, int(1000 * seconds)))
    for relation in hypotheses:
        solver.add(_relation(relation, names, z3))
    solver.add(z3.Not(_relation(conclusion, names, z3)))
    answer = str(solver.check())
    if answer != "sat":
        why = f" ({solver.reason_unknown()})" if answer == "unknown" else ""
        return Screened(None, f"none found: z3 answers {answer}{why}, which proves nothing here")
    model = solver.model()
    for digits in DIGITS:
        numbers = {symbol: _rational(model.eval(name, True), digits, z3) for symbol, name in names.items()}
        if breaks(hypotheses, conclusion, numbers):
            return Screened({symbol: numbers[dummy] for symbol, dummy in plain.items()}, "rechecked in rationals")
    return Screened(None, "none found: the numbers that z3 gives do not pass the exact recheck")


def breaks(hypotheses: Sequence[Basic], conclusion: Basic, numbers: Mapping[Symbol, Rational]) -> bool:
    """Whether the numbers obey every hypothesis and not the conclusion, in exact arithmetic."""
    decided = [relation.subs(dict(numbers)) for relation in (*hypotheses, conclusion)]
    if not all(value in (sympy.true, sympy.false) for value in decided):
        return False
    return all(bool(value) for value in decided[:-1]) and not bool(decided[-1])


def _assumed(symbol: Symbol, plain: Dummy) -> tuple[Basic, ...]:
    """The sign that SymPy takes a symbol to have, as relations of a symbol without one: SymPy drops `x > 0` there."""
    if symbol.is_integer or symbol.is_real is False:
        raise ValueError(f"{symbol} is not a real variable: {symbol.assumptions0}")
    known = {
        plain > 0: symbol.is_positive,
        plain < 0: symbol.is_negative,
        plain >= 0: symbol.is_nonnegative,
        plain <= 0: symbol.is_nonpositive,
        sympy.Ne(plain, 0): symbol.is_nonzero,
    }
    return tuple(relation for relation, holds in known.items() if holds)


def _z3() -> ModuleType:
    try:
        import z3
    except ImportError:
        raise Unavailable("z3 is not installed; the extra early-alignment-proofs[smt] brings it") from None
    module: ModuleType = z3
    return module


def _relation(relation: Basic, names: Mapping[Symbol, Any], z3: ModuleType) -> Any:
    if relation in (sympy.true, sympy.false):
        return z3.BoolVal(relation is sympy.true)
    if not isinstance(relation, Relational):
        raise ValueError(f"{relation} is not a relation between polynomials")
    left, right = (_term(side, names, z3) for side in (relation.lhs, relation.rhs))
    if relation.rel_op == "==":
        return left == right
    if relation.rel_op == "!=":
        return left != right
    return {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}[relation.rel_op]


def _term(expression: Basic, names: Mapping[Symbol, Any], z3: ModuleType) -> Any:
    """A polynomial for z3; ValueError for anything else."""
    if isinstance(expression, Symbol):
        return names[expression]
    if isinstance(expression, sympy.Rational):
        return z3.Q(expression.p, expression.q)
    if isinstance(expression, sympy.Add | sympy.Mul):
        parts = [_term(part, names, z3) for part in expression.args]
        return z3.Sum(parts) if isinstance(expression, sympy.Add) else z3.Product(parts)
    if isinstance(expression, sympy.Pow) and expression.exp.is_Integer and expression.exp > 0:
        return z3.Product([_term(expression.base, names, z3)] * int(expression.exp))
    raise ValueError(f"{expression} is not a polynomial with rational coefficients")


def _rational(value: Any, digits: int, z3: ModuleType) -> Rational:
    """A number of a model as a rational; an algebraic one rounded."""
    if z3.is_algebraic_value(value):
        value = value.approx(digits)
    return Rational(value.numerator_as_long(), value.denominator_as_long())
