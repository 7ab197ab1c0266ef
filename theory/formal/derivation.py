"""A derivation: a title, steps that can be printed and checked, and the relation they end in.

A step shows a relation between named quantities; `meaning` says what the names stand for in the model, and the step is
checked on what they mean. Goals are what a check has to decide; claims use the same goals for their own evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import Basic, Expr

from .decide import Decision, decide_nonnegative, decide_zero
from .printing import to_latex, to_text
from .sample import Domain


@dataclass(frozen=True)
class Zero:
    """An obligation: `expression` vanishes for all values that its symbols' assumptions (and `domain`) allow.

    `domain` maps symbols to open intervals (low, high) from which counterexamples are drawn.
    """

    name: str
    expression: Expr
    domain: Domain = field(default_factory=dict)

    def decide(self) -> Decision:
        """Proved, refuted at a point, or undecided."""
        return decide_zero(self.expression, self.domain)


@dataclass(frozen=True)
class Nonnegative:
    """An obligation: `expression` >= 0, because it equals the sum of the `certificate` terms, each plainly >= 0.

    A term counts as plainly non-negative when SymPy's assumptions say so, or when it is (positive factors times) one of
    the `given` quantities, hypotheses stated as non-negative. An empty certificate stands for the expression itself.
    """

    name: str
    expression: Expr
    certificate: tuple[Expr, ...] = ()
    given: tuple[Expr, ...] = ()
    domain: Domain = field(default_factory=dict)

    def decide(self) -> Decision:
        """Proved, refuted at a point, or undecided."""
        return decide_nonnegative(self.expression, self.certificate, self.given, self.domain)


Goal = Zero | Nonnegative


def equal(left: Any, right: Any) -> sympy.Eq:
    """The equation, kept as written."""
    return sympy.Eq(left, right, evaluate=False)


def at_least(left: Any, right: Any) -> sympy.Ge:
    """left >= right, kept as written."""
    return sympy.Ge(left, right, evaluate=False)


def at_most(left: Any, right: Any) -> sympy.Le:
    """left <= right, kept as written."""
    return sympy.Le(left, right, evaluate=False)


def difference(relation: Basic) -> Expr:
    """What vanishes when the equation holds, or is >= 0 when the inequality holds; ValueError for anything else."""
    if isinstance(relation, sympy.Eq | sympy.Ge | sympy.Gt):
        return relation.args[0] - relation.args[1]
    if isinstance(relation, sympy.Le | sympy.Lt):
        return relation.args[1] - relation.args[0]
    raise ValueError(f"{relation} is neither an equation nor a weak inequality")


@dataclass(frozen=True)
class Step:
    """One step: why, and the relation it gives, written as a reader wants to see it.

    `meaning` maps the names in the relation to what they stand for in the model; the step is checked on what they mean.
    `goals` replaces that check by others, for a relation between vectors or matrices that takes several scalar goals;
    a function is called when the step is checked, not when it is shown.
    `certificate`, `given` and `domain` are as in `decide.decide_nonnegative`. A definition or a hypothesis has
    nothing to check: `checked` is False.
    """

    explanation: str
    relation: Basic
    meaning: Mapping[Basic, Expr] = field(default_factory=dict)
    certificate: tuple[Expr, ...] = ()
    given: tuple[Expr, ...] = ()
    domain: Domain = field(default_factory=dict)
    checked: bool = True
    goals: tuple[Goal, ...] | Callable[[], tuple[Goal, ...]] = ()

    def goal(self) -> Goal | None:
        """The goals of the relation itself, for what its names mean; None for a definition or a hypothesis."""
        if not self.checked:
            return None
        expression = difference(self.relation).xreplace(dict(self.meaning))
        if isinstance(self.relation, sympy.Eq):
            return Zero(self.explanation, expression, self.domain)
        return Nonnegative(self.explanation, expression, self.certificate, self.given, self.domain)

    def obligations(self) -> tuple[Goal, ...]:
        """Everything that has to be decided for the step to follow."""
        if self.goals:
            return self.goals() if callable(self.goals) else self.goals
        own = self.goal()
        return () if own is None else (own,)


@dataclass(frozen=True)
class Derivation:
    """Steps from the model to `result`, printable as text and LaTeX, each checked where it is not a definition."""

    title: str
    steps: tuple[Step, ...]
    result: Basic

    def check(self) -> tuple[tuple[Step, Decision], ...]:
        """The decision on everything that the steps oblige us to."""
        return tuple((step, goal.decide()) for step in self.steps for goal in step.obligations())

    def text(self, residuals: bool = False) -> str:
        """The derivation in plain text, one numbered step a paragraph; `residuals` adds what was reduced to zero."""
        lines = [self.title]
        for number, step in enumerate(self.steps, start=1):
            lines += [f"  {number}. {step.explanation}", f"       {to_text(step.relation)}"]
            if residuals:
                lines += [f"         {_obligation_text(goal)}" for goal in step.obligations()]
        return "\n".join([*lines, f"  Result: {to_text(self.result)}"])

    def latex(self) -> str:
        """The derivation as a LaTeX enumeration."""
        items = (rf"\item {_prose(step.explanation)} \[ {to_latex(step.relation)} \]" for step in self.steps)
        body = "\n".join(items)
        return f"\\paragraph{{{self.title}}}\n\\begin{{enumerate}}\n{body}\n\\end{{enumerate}}\n" + (
            rf"\[ {to_latex(self.result)} \]"
        )


def _obligation_text(goal: Goal) -> str:
    sign = "=" if isinstance(goal, Zero) else ">="
    return f"[{goal.name}: {to_text(goal.expression)} {sign} 0]"


def _prose(explanation: str) -> str:
    """An explanation in LaTeX: the characters of formulas that LaTeX reads as commands are escaped."""
    for character, written in (("_", r"\_"), ("^", r"\^{}"), ("<", r"$<$"), (">", r"$>$"), ("|", r"$|$")):
        explanation = explanation.replace(character, written)
    return explanation


def all_hold(goals: Sequence[Goal]) -> bool:
    """Whether every goal is proved."""
    return all(goal.decide().verdict is True for goal in goals)
