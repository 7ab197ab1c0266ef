"""Running symbolic evidence: every obligation must be decided true, and together they must imply the statement.

What the statement obliges its evidence to show is read off the statement by the runner (`reading.py`): each goal must
be among the obligations, or the runner decides it itself. Where a relation contains quantities of the model, the
runner alters it in ways that are certainly false, among them ones that vanish where a single symbol is 0: obligations
that still hold say nothing of that relation. Evidence that does not imply the statement covers a lemma of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

import sympy
from sympy import Basic, Expr, Symbol

from ...theory.formal.decide import Decision, decide_nonnegative, decide_zero
from ...theory.formal.derivation import Nonnegative, Zero
from ...theory.formal.sample import Interval
from ...theory.positivity.prover import PositiveGoal
from ..claim.evidence import Covers, Evidence, Obligation, Outcome
from ..claim.reading import NumericGoal, Sign, numeric, read, relations_of, replaced
from ..claim.results import Counterexample
from ..claim.statement import Claim, Predicate, Statement
from ..claim.trial import Trial
from .points import Question, contradicted


def decide_obligation(obligation: object) -> Decision:
    """Proved, refuted at a point, or undecided; TypeError for what is not an obligation.

    A claim's evidence and the steps of its derivation often share an obligation: it is answered once in a process.
    """
    # Exactly these classes: one derived from them could decide itself.
    if type(obligation) not in (Zero, Nonnegative, PositiveGoal):
        raise TypeError(f"a symbolic check yields Zero or Nonnegative obligations, not {type(obligation).__name__}")
    if isinstance(obligation, PositiveGoal):
        return obligation.decide()
    assert isinstance(obligation, Zero | Nonnegative)
    question = _question(obligation)
    if question not in _decided:
        _decided[question] = obligation.decide()
    return _decided[question]


_decided: dict[Hashable, Decision] = {}


def _question(obligation: Zero | Nonnegative) -> Hashable:
    """What is asked, whatever it is called."""
    domain = frozenset(obligation.domain.items())
    if isinstance(obligation, Zero):
        return type(obligation), obligation.expression, domain
    return type(obligation), obligation.expression, tuple(obligation.certificate), tuple(obligation.given), domain


def run(trial: Trial) -> dict[str, Any]:
    """The fields of an EvidenceResult."""
    return run_symbolic(trial.evidence, trial.claim_file.claim, trial.statement, compare=not trial.is_mutant)


def run_symbolic(evidence: Evidence, claim: Claim, statement: Statement, compare: bool = True) -> dict[str, Any]:
    """Discharge the obligations that the evidence yields for the statement; the fields of an EvidenceResult.

    A refuted obligation fails at once. An undecided one keeps the whole from passing; a later one may still fail. With
    `compare`, evidence on the statement must imply it, and covers a lemma otherwise; and an obligation that is
    false where the statement is not refutes nothing.
    """
    undecided: list[str] = []
    obligations: list[Any] = []
    for obligation in evidence.check(statement):
        decision = decide_obligation(obligation)
        obligations.append(obligation)
        if decision.verdict is False:
            if (
                compare
                and evidence.covers is not Covers.LEMMA
                and (fault := _no_refutation(decision, claim, statement))
            ):
                undecided.append(f"{obligation.name} does not hold ({decision.route}), but {fault}")
                continue
            return _refuted(obligation.name, decision, len(obligations))
        if decision.verdict is None:
            undecided.append(f"{obligation.name} was not decided ({decision.route})")
    count = len(obligations)
    if not count:
        return {"outcome": Outcome.UNDECIDED, "reason": "it states no obligation, so nothing was decided"}
    question = Question.of(claim, statement)
    assumed = tuple(dict.fromkeys(text for obligation in obligations for text in _assumed(obligation, question)))
    if undecided:
        return {"outcome": Outcome.UNDECIDED, "cases": count, "reason": "; ".join(undecided), "assumed": assumed}
    fields: dict[str, Any] = {"outcome": Outcome.PASSED, "cases": count, "assumed": assumed}
    if compare and evidence.covers is Covers.STATEMENT:
        try:
            gaps = list(_gaps(evidence.check, claim, statement, obligations))
        except _Refuted as found:
            return _refuted(found.name, found.decision, count)
        if gaps:
            reason = "its obligations do not imply the statement: " + "; ".join(gaps)
            fields |= {"covers": Covers.LEMMA, "reason": reason}
    return fields


def _no_refutation(decision: Decision, claim: Claim, statement: Statement) -> str:
    """Why the point at which an obligation is false says nothing against the statement; empty when it does, or may."""
    if not numeric(claim, statement):
        return ""
    values = {str(atom): value for atom, value in decision.point.items() if isinstance(value, sympy.Rational)}
    fault = contradicted(claim, statement, values)
    return f"that does not contradict the statement: {fault}" if fault else ""


class _Refuted(Exception):
    """A goal of the statement itself is refuted."""

    def __init__(self, name: str, decision: Decision) -> None:
        super().__init__(name)
        self.name, self.decision = name, decision


def _refuted(name: str, decision: Decision, count: int) -> dict[str, Any]:
    point = ", ".join(f"{symbol} = {value}" for symbol, value in decision.point.items()) or "every point"
    return {
        "outcome": Outcome.FAILED,
        "cases": count,
        "reason": f"{name} does not hold ({decision.route})",
        "counterexample": Counterexample(f"{name} fails at {point}"),
    }


def _gaps(
    check: Callable[[Any], Iterable[Any]], claim: Claim, statement: Statement, obligations: Sequence[Obligation]
) -> Iterator[str]:
    """What the statement says that the obligations do not, one text each."""
    if isinstance(statement, Predicate):
        # It has no relation to compare with: the obligations must tell it from every false neighbour.
        for mutant in claim.mutants:
            if not _changed(check, mutant.statement, obligations):
                yield f"they are the same for the false neighbour {mutant.name!r}"
        return
    reading = read(claim, statement)
    yield from reading.unread
    hypotheses = Question.of(claim, statement)
    for goal in reading.goals:
        if not any(_states(obligation, goal, hypotheses) for obligation in obligations):
            decision = _decide_goal(goal, hypotheses)
            if decision.verdict is False:
                raise _Refuted(goal.name, decision)
            if decision.verdict is None:
                yield f"{goal.name}: nothing shows that it is {goal.sign}"
    for name in reading.named:
        if unseen := _unseen_alteration(check, statement, name, obligations):
            yield f"they hold as well when the relation {name!r} is altered to {unseen}"


def _states(obligation: Obligation, goal: NumericGoal, hypotheses: Question) -> bool:
    """Whether an obligation that holds is the goal: same expression and sign, under no more than the hypotheses."""
    if isinstance(obligation, PositiveGoal):
        return False  # it is about a box, not about the hypotheses
    given = obligation.given if isinstance(obligation, Nonnegative) else None
    if (goal.sign is Sign.ZERO) == (given is not None) or goal.sign is Sign.POSITIVE:
        return False
    if not all(_implied(quantity, hypotheses) for quantity in given or ()):
        return False
    if not within(obligation.domain, hypotheses):
        return False
    gap = sympy.expand((obligation.expression - goal.expression).subs(hypotheses.solved))
    return gap == 0 or (goal.sign is Sign.ZERO and sympy.expand(gap + 2 * goal.expression) == 0)


def _implied(quantity: Expr, hypotheses: Question) -> bool:
    """Whether a quantity is >= 0 by the claim's own hypotheses: one of them, plainly signed, or proved from them."""
    if any(sympy.expand(quantity - given) == 0 for given in hypotheses.given):
        return True
    return decide_nonnegative(quantity, given=hypotheses.given, domain=hypotheses.domain).verdict is True


def within(domain: Any, hypotheses: Question) -> bool:
    """Whether an obligation's intervals leave out nothing that the hypotheses admit, their ends excepted."""
    return all(
        _inside(hypotheses.domain.get(symbol, Interval()), symbol, low, high)
        for symbol, (low, high) in dict(domain).items()
    )


def _inside(own: Interval, symbol: Symbol, low: Any, high: Any) -> bool:
    """Whether a symbol whose hypotheses say that it lies in `own` lies between `low` and `high`, ends excepted."""
    least = sympy.Max(own.start, 0) if symbol.is_nonnegative else own.start
    return bool(low <= least and own.end <= high)


def _decide_goal(goal: NumericGoal, hypotheses: Question) -> Decision:
    expression = goal.expression.subs(hypotheses.solved)
    if goal.sign is Sign.ZERO:
        # Points are drawn without the hypotheses that are not intervals: a point may refute only what they admit.
        decision = decide_zero(expression, hypotheses.domain)
        return Decision(None, decision.route) if decision.verdict is False and hypotheses.given else decision
    decision = decide_nonnegative(expression, given=hypotheses.given, domain=hypotheses.domain)
    if decision.verdict is True and goal.sign is Sign.POSITIVE and not expression.is_positive:
        return Decision(None, "it is shown to be non-negative only")
    return decision


def _assumed(obligation: Obligation, question: Question) -> Iterator[str]:
    """What an obligation takes for granted, in words, where the hypotheses do not already say so."""
    for quantity in getattr(obligation, "given", ()):
        known = any(sympy.expand(quantity - given) == 0 for given in question.given)
        if not known and quantity.is_nonnegative is not True:
            yield f"{quantity} >= 0"
    own = question.domain
    for symbol, (low, high) in dict(getattr(obligation, "domain", {})).items():
        if symbol in obligation.expression.free_symbols and not _inside(own.get(symbol, Interval()), symbol, low, high):
            yield f"{low} < {symbol} < {high}"


def _unseen_alteration(
    check: Callable[[Any], Iterable[Any]], statement: Statement, name: str, obligations: Sequence[Obligation]
) -> str:
    """An altered form of a relation at which every obligation still holds, or an empty text when all are noticed."""
    for relation in _alterations(relations_of(statement)[name]):
        try:
            changed = _changed(check, replaced(statement, name, relation), obligations)
        except Exception:  # whatever it cannot read it has noticed
            continue
        if not changed:
            return str(relation)
        if isinstance(relation, sympy.Eq) and all(decide_obligation(item).verdict is True for item in changed):
            return str(relation)
    return ""


def _changed(
    check: Callable[[Any], Iterable[Any]], statement: Statement, obligations: Sequence[Obligation]
) -> list[Obligation]:
    """The obligations for a statement that are not among those given."""
    return [obligation for obligation in check(statement) if obligation not in obligations]


def _alterations(relation: Basic) -> Iterator[Basic]:
    """The relation with its right side doubled (or 1 for 0), and times 1 + s for each symbol s of it.

    An equation between quantities that do not vanish is false after each of them; the last ones agree with it at s = 0,
    so that a check at a single point does not pass for one at all.
    """
    left, right = relation.args[:2]
    if right == 0 or getattr(right, "is_ZeroMatrix", False):
        yield relation.func(left, sympy.S.One, evaluate=False)
        return
    yield relation.func(left, 2 * right, evaluate=False)
    for symbol in sorted(right.free_symbols, key=str):
        if isinstance(symbol, Symbol) and (symbol.is_real or symbol.is_positive):
            yield relation.func(left, (1 + symbol) * right, evaluate=False)
