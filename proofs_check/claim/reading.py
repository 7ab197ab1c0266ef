"""What a statement says in numbers, read off by the runner and not by the claim's own evidence functions.

A relation between numbers is a goal: the difference of its sides vanishes, or is (strictly) positive, wherever the
claim's `assuming` relations and the statement's own hypotheses hold. A function that the claim defines by equations
(`defined_by`) is replaced by what the statement says it is, and the goals are these equations. A relation about a
quantity of the model (`names`) cannot be read here: only the evidence functions know how to compute it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sympy
from sympy import Basic, Expr
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.matrices.expressions import MatrixExpr

from ...theory.formal.derivation import difference
from ...theory.formal.vectors import Jet
from .evidence import Covers
from .results import EvidenceResult
from .statement import Claim, Predicate, Relations, Statement


class Sign(StrEnum):
    """What a goal says of its expression."""

    ZERO = "zero"
    NONNEGATIVE = "at least zero"
    POSITIVE = "positive"

    def certain(self, value: Any) -> bool:
        """Whether a rational number, or every number of a ball, has the sign."""
        return bool({Sign.ZERO: value == 0, Sign.NONNEGATIVE: value >= 0, Sign.POSITIVE: value > 0}[self])

    def implies(self, other: Sign) -> bool:
        """Whether this sign implies the other one."""
        return self is other or (self is Sign.POSITIVE and other is Sign.NONNEGATIVE)


@dataclass(frozen=True)
class NumericGoal:
    """`expression` has the `sign` at every admissible point."""

    name: str
    expression: Expr
    sign: Sign


@dataclass(frozen=True)
class Reading:
    """The goals of a statement; the relations (by name) about quantities of the model; why others cannot be read."""

    goals: tuple[NumericGoal, ...]
    named: tuple[str, ...]
    unread: tuple[str, ...]


def relations_of(statement: Statement) -> dict[str, Basic]:
    """The relations that a statement consists of, by name; a single one is called `statement`. None for a predicate."""
    if isinstance(statement, Predicate):
        return {}
    if isinstance(statement, Relations):
        return dict(statement.relations)
    if isinstance(statement, sympy.And):
        return {f"part {number}": part for number, part in enumerate(statement.args, start=1)}
    return {"statement": statement}


def assumptions(claim: Claim, statement: Statement) -> tuple[Basic, ...]:
    """The hypotheses between numbers: the claim's `assuming` relations, and those that the statement carries."""
    return (*claim.assuming, *(relation for relation in _carried(statement) if not _speaks_of_names(claim, relation)))


def assumptions_on_names(claim: Claim, statement: Statement) -> tuple[Basic, ...]:
    """The hypotheses that the statement carries about quantities of the model."""
    return tuple(relation for relation in _carried(statement) if _speaks_of_names(claim, relation))


def _carried(statement: Statement) -> tuple[Basic, ...]:
    """The hypotheses of a statement, without those that a mutant has dropped."""
    hypotheses = statement.hypotheses.values() if isinstance(statement, Relations) else ()
    return tuple(relation for relation in hypotheses if relation is not sympy.true)


def _speaks_of_names(claim: Claim, relation: Basic) -> bool:
    return bool(nameable(relation).intersection(claim.names))


def nameable(relation: Basic) -> set[str]:
    """The symbols, matrices and applied functions in a relation, as SymPy prints them: what `names` may contain."""
    return {str(part) for part in relation.atoms(sympy.Symbol, sympy.MatrixSymbol, AppliedUndef)}


def replaced(statement: Statement, name: str, relation: Basic) -> Statement:
    """The statement with one of its relations exchanged."""
    if isinstance(statement, Relations):
        return statement.altered(**{name: relation})
    if isinstance(statement, sympy.And):
        parts = relations_of(statement)
        return sympy.And(*(relation if part == name else given for part, given in parts.items()), evaluate=False)
    return relation


def read(claim: Claim, statement: Statement) -> Reading:
    """The reading of a statement of this claim, or of one of its mutants."""
    goals: list[NumericGoal] = []
    named: list[str] = []
    unread: list[str] = []
    for name, relation in relations_of(statement).items():
        try:
            found = tuple(_goals(claim, name, relation))
        except _Named:
            named.append(name)
        except _Unread as reason:
            unread.append(f"{name}: {reason}")
        else:
            goals.extend(found)
    return Reading(tuple(goals), tuple(named), tuple(unread))


def numeric(claim: Claim, statement: Statement) -> bool:
    """Whether all that a statement says is relations between numbers, which can be decided at a point."""
    reading = read(claim, statement)
    return bool(reading.goals) and not reading.named and not reading.unread


def goal_of(name: str, relation: Basic) -> NumericGoal:
    """The goal of a relation between numbers; ValueError for anything else."""
    if isinstance(relation, sympy.Eq):
        return NumericGoal(name, difference(relation), Sign.ZERO)
    if isinstance(relation, sympy.Gt | sympy.Lt):
        return NumericGoal(name, difference(relation), Sign.POSITIVE)
    if isinstance(relation, sympy.Ge | sympy.Le):
        return NumericGoal(name, difference(relation), Sign.NONNEGATIVE)
    raise ValueError(f"{relation} is not an equation or an inequality")


class _Named(Exception):
    """The relation contains a named quantity."""


class _Unread(Exception):
    """The relation cannot be evaluated at a point; the message says why."""


def _goals(claim: Claim, name: str, relation: Basic) -> Iterator[NumericGoal]:
    if _speaks_of_names(claim, relation):
        raise _Named
    if not isinstance(relation, Relational):
        raise _Unread(f"{relation} is not an equation or an inequality between numbers")
    function = relation.args[0] if isinstance(relation.args[0], AppliedUndef) else None
    equations = [equation for equation in claim.defined_by if function is not None and equation.has(function.func)]
    if function is not None and equations:
        if not isinstance(relation, sympy.Eq):
            raise _Unread(f"{function} is defined by equations, so that the statement must be an equation for it")
        for number, equation in enumerate(equations, start=1):
            yield _checked(goal_of(f"{name}, defining equation {number}", _substituted(equation, relation)))
        return
    yield _checked(goal_of(name, relation))


def _substituted(equation: Basic, solution: Basic) -> Basic:
    """A defining equation with the function replaced by the right-hand side of its stated solution."""
    function, value = solution.args

    def at(*arguments: Expr) -> Expr:
        return value.subs(dict(zip(function.args, arguments, strict=True)), simultaneous=True)

    sides = (side.replace(function.func, at).doit() for side in equation.args)
    return equation.func(*sides, evaluate=False)


def _checked(goal: NumericGoal) -> NumericGoal:
    for part in sympy.preorder_traversal(goal.expression):
        if isinstance(part, AppliedUndef) and not isinstance(part, Jet):
            raise _Unread(f"{part} has no definition; give its equations as `defined_by`, or say what it is in `names`")
        if isinstance(part, MatrixExpr):
            raise _Unread(f"{part} is a matrix; say what it is in `names`")
    return goal


def under(claim: Claim, evidence: Sequence[EvidenceResult] = ()) -> tuple[str, ...]:
    """The hypotheses in their exact form, one text each.

    They are what the symbols of the statement are assumed to be, the claim's `assuming` relations, the hypotheses that
    the statement carries, defining equations, what its names stand for, and what evidence on the statement took for
    granted beyond that.
    """
    stated = (*relations_of(claim.statement).values(), *_carried(claim.statement))
    symbols = {part for relation in stated for part in relation.free_symbols | relation.atoms(AppliedUndef)}
    phrases = {str(symbol): phrase for symbol in sorted(symbols, key=str) if (phrase := _assumed(symbol))}
    said = [f"{name} {phrase}" for name, phrase in phrases.items() if name not in claim.names]
    said += [str(relation) for relation in (*claim.assuming, *_carried(claim.statement), *claim.defined_by)]
    said += [
        f"{name}: {text}" + (f" ({phrases[name]})" if name in phrases else "") for name, text in claim.names.items()
    ]
    for result in evidence:
        if result.covers is Covers.STATEMENT:
            said += result.assumed
    return tuple(dict.fromkeys(said))


_PHRASES: Mapping[str, Callable[[Any], bool | None]] = {
    "> 0": lambda symbol: symbol.is_positive,
    "< 0": lambda symbol: symbol.is_negative,
    ">= 0": lambda symbol: symbol.is_nonnegative,
    "<= 0": lambda symbol: symbol.is_nonpositive,
    "!= 0": lambda symbol: symbol.is_zero is False,
    "real": lambda symbol: symbol.is_real,
}


def _assumed(symbol: Basic) -> str:
    """The strongest of the phrases that holds of a number that a symbol or function stands for; empty if none does."""
    if isinstance(symbol, MatrixExpr):
        return ""
    phrase = next((phrase for phrase, holds in _PHRASES.items() if holds(symbol)), "")
    return f"{phrase}, an integer".removeprefix(", ") if symbol.is_integer else phrase
