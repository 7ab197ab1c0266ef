"""The runner's own evidence: every statement is evaluated at points, exactly or in balls.

The points satisfy the symbols' assumptions, the claim's `assuming` relations and the hypotheses that the statement
carries: random ones, ones at the edge of what
is admissible, and ones that a descent finds where an inequality is tightest. A point at which the statement is
certainly false refutes it, whatever other evidence says. A statement whose hypotheses no point meets says nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Basic, Expr, Rational, Symbol
from sympy.core.relational import Relational

from ...theory.formal.balls import NotEnclosed, enclose, sign_at
from ...theory.formal.limits import Unconfirmed, evaluated
from ...theory.formal.sample import SEED, Instance, Interval, NoPoint, admits, draw
from ..claim.evidence import Outcome
from ..claim.reading import (
    NumericGoal,
    Reading,
    Sign,
    assumptions,
    assumptions_on_names,
    goal_of,
    read,
    relations_of,
)
from ..claim.results import Counterexample
from ..claim.statement import Claim, Statement
from ..claim.trial import Trial

ATTEMPTS = {"quick": 150, "full": 1500}
"""Points drawn, by level; those that miss a hypothesis are not counted as cases."""
EXAMPLES = {"quick": 12, "full": 120}
"""Examples of the model at which relations about its quantities are evaluated, by level."""
DESCENT = 200
"""Evaluations of the descent towards the tightest point of an inequality."""


def run(trial: Trial) -> dict[str, Any]:
    """The fields of an EvidenceResult."""
    return run_points(trial.claim_file.claim, trial.statement, trial.level)


def run_points(claim: Claim, statement: Statement, level: str) -> dict[str, Any]:
    """The fields of an EvidenceResult: failed at a counterexample, undecided when nothing could be tried.

    Relations between numbers are evaluated at points, those about the model at its examples.
    """
    reading = read(claim, statement)
    if reading.unread:
        return {"outcome": Outcome.UNDECIDED, "reason": "; ".join(reading.unread)}
    parts = []
    if reading.named and claim.examples is not None:
        parts.append(_at_examples(claim, statement, reading.named, EXAMPLES[level]))
    if reading.goals or assumptions(claim, statement):
        parts.append(_at_points(claim, statement, reading, level))
    for outcome in (Outcome.FAILED, Outcome.UNDECIDED):
        for part in parts:
            if part["outcome"] is outcome:
                return part
    if not reading.goals and not (reading.named and claim.examples is not None):
        quantities = ", ".join(map(str, claim.names))
        reason = f"it contains quantities of the model ({quantities}), which only the evidence functions compute"
        return {"outcome": Outcome.UNAVAILABLE, "cases": sum(part["cases"] for part in parts), "reason": reason}
    reasons = " ".join(part["reason"] for part in parts if part.get("reason"))
    return {"outcome": Outcome.PASSED, "cases": sum(part["cases"] for part in parts), "reason": reasons}


def _at_points(claim: Claim, statement: Statement, reading: Reading, level: str) -> dict[str, Any]:
    """The goals at admissible points; without a goal, only that there are such points."""
    tried = decided = 0
    try:
        question = Question.of(claim, statement, reading.goals)
        for instance in _points(question, claim, level):
            tried += 1
            for goal, expression in zip(question.goals, instance.expressions, strict=False):
                certain = holds(goal.sign, expression, instance)
                if certain is False:
                    return _failed(goal, expression, instance, tried)
                decided += certain is True
    except (Unconfirmed, NoPoint) as reason:
        return {"outcome": Outcome.UNDECIDED, "reason": str(reason)}
    if not tried:
        nowhere = "no point was found at which the hypotheses hold together: they may contradict each other"
        return {"outcome": Outcome.UNDECIDED, "reason": f"{nowhere}; give one as `witness` if there is one"}
    if reading.goals and not decided:
        return {"outcome": Outcome.UNDECIDED, "reason": "it could not be decided at any point"}
    return {"outcome": Outcome.PASSED, "cases": tried}


@dataclass(frozen=True)
class Question:
    """Goals and hypotheses in the symbols that are left when equations among the hypotheses are solved for a symbol."""

    goals: tuple[NumericGoal, ...]
    hypotheses: tuple[NumericGoal, ...]
    domain: Mapping[Symbol, Interval]
    solved: Mapping[Symbol, Expr]

    @property
    def given(self) -> tuple[Expr, ...]:
        """The hypotheses as quantities that are non-negative (or positive)."""
        return tuple(goal.expression for goal in self.hypotheses if goal.sign is not Sign.ZERO)

    @classmethod
    def of(cls, claim: Claim, statement: Statement, goals: Sequence[NumericGoal] = ()) -> Question:
        """The question that the hypotheses and these goals pose.

        Raises Unconfirmed for a limit that numbers deny, and NoPoint for a hypothesis that SymPy finds false.
        """
        solved: dict[Symbol, Expr] = {}
        kept: list[Basic] = []
        for relation in assumptions(claim, statement):
            if relation is sympy.false:
                raise NoPoint("a hypothesis of the statement is false everywhere")
            relation = relation.xreplace(solved)
            if isinstance(relation, sympy.Eq) and isinstance(relation.args[0], Symbol):
                solved[relation.args[0]] = relation.args[1]
            else:
                kept.append(relation)
        hypotheses = tuple(
            NumericGoal(goal.name, evaluated(goal.expression), goal.sign)
            for relation in kept
            if isinstance(relation, Relational)
            for goal in (goal_of(str(relation), relation),)
        )
        domain = _intervals(kept)
        moved = tuple(
            NumericGoal(goal.name, evaluated(goal.expression.subs(solved), domain), goal.sign) for goal in goals
        )
        return cls(moved, hypotheses, domain, solved)


def _intervals(relations: Sequence[Basic]) -> dict[Symbol, Interval]:
    """The intervals that relations between a symbol and a number leave, so that points need not be found by luck."""
    found: dict[Symbol, Interval] = {}
    for relation in relations:
        if not isinstance(relation, sympy.Gt | sympy.Ge | sympy.Lt | sympy.Le):
            continue
        greater, smaller = relation.gts, relation.lts
        strict = isinstance(relation, sympy.Gt | sympy.Lt)
        if isinstance(greater, Symbol) and smaller.is_number:
            old = found.get(greater, Interval())
            if smaller >= old.start:
                found[greater] = Interval(smaller, old.end, strict, old.right_open)
        if isinstance(smaller, Symbol) and greater.is_number:
            old = found.get(smaller, Interval())
            if greater <= old.end:
                found[smaller] = Interval(old.start, greater, old.left_open, strict)
    return found


def _points(question: Question, claim: Claim, level: str) -> Iterator[Instance]:
    """Admissible points: the claim's witness, random and edge ones, then the tightest of each inequality."""
    expressions = tuple(goal.expression for goal in (*question.goals, *question.hypotheses))
    if claim.witness:
        yield _witness(question, claim)
    best: dict[int, tuple[float, Instance]] = {}
    for attempt in range(ATTEMPTS[level]):
        try:
            instance = draw(expressions, question.domain, attempt)
        except NoPoint:
            continue
        if not _admissible(question, instance):
            continue
        yield instance
        for number, goal in enumerate(question.goals):
            if goal.sign is not Sign.ZERO:
                size = _size(instance.expressions[number], instance)
                if size is not None and (number not in best or size < best[number][0]):
                    best[number] = (size, instance)
    for number, (size, instance) in best.items():
        yield from _descend(question, number, size, instance)


def named_point(question: Question, values: Mapping[str, Rational]) -> Instance:
    """The admissible point at which the symbols have these values, by name.

    Raises NoPoint when a symbol has none, or when the hypotheses do not hold there.
    """
    expressions = tuple(goal.expression for goal in (*question.goals, *question.hypotheses))
    symbols = sorted({symbol for expression in expressions for symbol in expression.free_symbols}, key=str)
    left = [str(symbol) for symbol in symbols if str(symbol) not in values]
    if left:
        raise NoPoint(f"there is no value of {', '.join(left)}")
    given: dict[Basic, Rational] = {symbol: values[str(symbol)] for symbol in symbols}
    described = {str(symbol): str(value) for symbol, value in given.items()}
    instance = Instance(expressions, given, described, {symbol: symbol for symbol in symbols})
    refused = [symbol for symbol, value in given.items() if not admits(symbol, value, question.domain)]
    if refused or not _admissible(question, instance):
        where = ", ".join(f"{name} = {text}" for name, text in described.items())
        raise NoPoint(f"the hypotheses do not certainly hold at {where}")
    return instance


def contradicted(claim: Claim, statement: Statement, values: Mapping[str, Rational]) -> str:
    """Why a point, given by name, does not contradict a statement between numbers; an empty text when it is one."""
    question = Question.of(claim, statement, read(claim, statement).goals)
    try:
        point = named_point(question, values)
    except NoPoint as reason:
        return str(reason)
    signs = [
        holds(goal.sign, expression, point) for goal, expression in zip(question.goals, point.expressions, strict=False)
    ]
    return "" if False in signs else "the statement is not certainly false there"


def _witness(question: Question, claim: Claim) -> Instance:
    try:
        return named_point(question, {str(symbol): Rational(str(value)) for symbol, value in claim.witness.items()})
    except NoPoint as reason:
        raise NoPoint(f"the witness: {reason}") from None


def _descend(question: Question, number: int, size: float, start: Instance) -> Iterator[Instance]:
    """Points on the way to smaller values of one goal: coordinates are moved, with steps that shrink.

    Only where every unknown is a free number: the inner products of a drawn set of vectors cannot move one by one.
    """
    if not all(isinstance(atom, Symbol) for atom in start.atoms.values()):
        return
    source = random.Random(SEED)
    here, step = start, Rational(1, 2)
    names = sorted(here.values, key=str)
    if not names:
        return
    for _ in range(DESCENT):
        name = source.choice(names)
        value = here.values[name]
        moved = value + source.choice((-1, 1)) * step * max(abs(value), Rational(1, 64))
        moved = Rational(round(moved * 2**20), 2**20)
        if not admits(here.atoms[name], moved, question.domain):
            step = step / 2 if step > Rational(1, 2**12) else Rational(1, 2)
            continue
        values = {**here.values, name: moved}
        described = {**here.described, str(here.atoms[name]): str(moved)}
        there = Instance(here.expressions, values, described, here.atoms)
        new = _size(there.expressions[number], there)
        if new is None or new >= size or not _admissible(question, there):
            step = step / 2 if step > Rational(1, 2**12) else Rational(1, 2)
            continue
        here, size = there, new
        yield here


def _admissible(question: Question, instance: Instance) -> bool:
    """Whether every hypothesis certainly holds at the point."""
    stated = instance.expressions[len(question.goals) :]
    return all(
        holds(goal.sign, expression, instance) is True
        for goal, expression in zip(question.hypotheses, stated, strict=True)
    )


def holds(sign: Sign, expression: Expr, instance: Instance) -> bool | None:
    """Whether the value has the sign: certainly, certainly not, or None."""
    exact = expression.xreplace(instance.values)
    if isinstance(exact, Rational):
        return sign.certain(exact)
    certain = sign_at(expression, instance.values)
    if certain is None:
        # A ball around 0 at every precision is how an equation that holds looks; it refutes nothing.
        return True if sign is Sign.ZERO and _size(expression, instance) is not None else None
    return False if sign is Sign.ZERO else certain == 1


def _size(expression: Expr, instance: Instance) -> float | None:
    try:
        return float(enclose(expression, instance.values, 64).mid())
    except (NotEnclosed, OverflowError):
        return None


def _failed(goal: NumericGoal, expression: Expr, instance: Instance, cases: int) -> dict[str, Any]:
    where = ", ".join(f"{name} = {value}" for name, value in instance.described.items()) or "every point"
    exact = expression.xreplace(instance.values)
    shown = str(exact) if isinstance(exact, Rational) else str(enclose(expression, instance.values, 128))
    return {
        "outcome": Outcome.FAILED,
        "cases": cases,
        "reason": f"{goal.name} is false at a point: what should be {goal.sign} has the value {shown}",
        "counterexample": Counterexample(where),
    }


def _at_examples(claim: Claim, statement: Statement, named: Sequence[str], count: int) -> dict[str, Any]:
    """Every relation about quantities of the model at random examples of it; those without a value are listed.

    Examples at which a hypothesis that the statement carries is false, or cannot be evaluated, are passed over.
    """
    from .model_points import Untried, certainly_false

    assert claim.examples is not None
    relations, hypotheses = relations_of(statement), assumptions_on_names(claim, statement)
    source, untried, number = random.Random(SEED), dict.fromkeys(named, ""), 0
    for _ in range(count):
        example = claim.examples(source)
        try:
            if any(certainly_false(hypothesis, example) for hypothesis in hypotheses):
                continue
        except Untried:
            continue
        number += 1
        for name in named:
            try:
                value = certainly_false(relations[name], example)
            except Untried as reason:
                untried[name] = untried.get(name) or str(reason)
                continue
            untried.pop(name, None)
            if value:
                where = ", ".join(f"{key} = {entry}" for key, entry in example.described.items())
                return {
                    "outcome": Outcome.FAILED,
                    "cases": number,
                    "reason": f"{name} is false at an example: left minus right side is {value}",
                    "counterexample": Counterexample(where),
                }
    if not number:
        return {"outcome": Outcome.UNDECIDED, "reason": "the hypotheses hold at no example of the model that was drawn"}
    if len(untried) == len(named):
        return {
            "outcome": Outcome.UNDECIDED,
            "reason": f"no relation could be evaluated: {next(iter(untried.values()))}",
        }
    missing = "".join(f"not evaluated: {name} ({why}). " for name, why in untried.items()).strip()
    return {"outcome": Outcome.PASSED, "cases": number, "reason": missing}
