"""Running certified evidence: what a certificate carries is decided again, and compared with the statement.

Where the statement is made of relations between numbers, the certificate must carry each of them, on all that the
hypotheses admit; one that carries something else covers a lemma. A counterexample is put into the statement, and
refutes only what is certainly false there. A predicate has no relation to compare with: there the certificate says
what the check claims to have shown, and only its being true is decided again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy import Rational

from ..claim.evidence import Certificate, Covers, Evidence, Outcome, Recheck, Run
from ..claim.reading import NumericGoal, goal_of, numeric, read
from ..claim.results import Counterexample
from ..claim.statement import Claim, Predicate, Statement
from ..claim.trial import Trial
from .points import Question, contradicted
from .rechecks import AtPoint, HoldsOnBoxes, exact, faults
from .symbolic import within


def run(trial: Trial) -> dict[str, Any]:
    """The fields of an EvidenceResult."""
    return run_certified(trial.evidence, trial.claim_file.claim, trial.statement, trial.run)


def run_certified(evidence: Evidence, claim: Claim, statement: Statement, run: Run) -> dict[str, Any]:
    """The fields of an EvidenceResult: what the check returns, as far as the runner confirms it."""
    certificate = evidence.check(statement, run)
    fields = judged(certificate)
    if evidence.covers is not Covers.STATEMENT or isinstance(statement, Predicate):
        return fields
    if fields["outcome"] is Outcome.FAILED:
        return fields | _confirmed(claim, statement, certificate.counterexample)
    if fields["outcome"] is Outcome.PASSED and certificate.rechecks:
        gaps = list(_gaps(claim, statement, certificate.rechecks))
        if gaps:
            reason = "its certificate does not imply the statement: " + "; ".join(gaps)
            fields |= {"covers": Covers.LEMMA, "reason": reason}
    return fields


def judged(certificate: object) -> dict[str, Any]:
    """The outcome of a certificate by itself, whatever the statement; TypeError for anything else."""
    if not isinstance(certificate, Certificate):
        raise TypeError(f"a certified check returns a Certificate, not {type(certificate).__name__}")
    cases = certificate.cases
    if certificate.undecided is not None and certificate.counterexample is None:
        return {"outcome": Outcome.UNDECIDED, "cases": cases, "reason": certificate.undecided}
    if cases <= 0 and certificate.counterexample is None:
        return {"outcome": Outcome.UNDECIDED, "reason": "no instance was checked, so nothing was decided"}
    found = faults(certificate.rechecks)
    if found:
        return {"outcome": Outcome.ERROR, "cases": cases, "reason": f"its certificate does not hold: {found[0]}"}
    fields: dict[str, Any] = {"outcome": Outcome.PASSED, "cases": cases, "rechecked": len(certificate.rechecks)}
    if certificate.counterexample is not None:
        where = ", ".join(f"{name} = {_plain(value)}" for name, value in certificate.counterexample.items())
        failed = {"outcome": Outcome.FAILED, "reason": certificate.detail, "counterexample": Counterexample(where)}
        return fields | failed
    return fields


def _plain(value: Any) -> str:
    """A value as mathematics prints it: rationals as p/q, tuples in brackets."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_plain, value))})"
    return str(value)


def _confirmed(claim: Claim, statement: Statement, counterexample: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields that change when the runner puts a counterexample into the statement by itself."""
    if not numeric(claim, statement):
        return {}
    try:
        values = {str(name): _rational(value) for name, value in counterexample.items()}
    except TypeError as reason:
        return {"outcome": Outcome.ERROR, "reason": f"its counterexample cannot be checked: {reason}"}
    fault = contradicted(claim, statement, values)
    return (
        {"outcome": Outcome.ERROR, "reason": f"its counterexample does not contradict the statement: {fault}"}
        if fault
        else {"rechecked": 1}
    )


def _rational(value: Any) -> Rational:
    """An exact number, or one written as text; TypeError for anything else."""
    if not isinstance(value, str):
        return exact(value)
    try:
        return exact(Fraction(value))
    except (ValueError, ZeroDivisionError):
        raise TypeError(f"{value!r} is not an exact rational number") from None


def _gaps(claim: Claim, statement: Statement, rechecks: Sequence[Recheck]) -> Iterator[str]:
    """What the statement says and the certificate does not, one text each."""
    reading = read(claim, statement)
    yield from reading.unread
    for name in reading.named:
        yield f"{name} is about quantities of the model, but a certificate is about numbers only"
    hypotheses = Question.of(claim, statement)
    for goal in reading.goals:
        if not any(_states(item, goal, hypotheses) for item in rechecks):
            yield f"{goal.name}: nothing in it shows that {goal.expression} is {goal.sign} wherever the hypotheses hold"


def _states(item: Recheck, goal: NumericGoal, hypotheses: Question) -> bool:
    """Whether what holds of an item is the goal, on all that the hypotheses admit."""
    if not isinstance(item, AtPoint | HoldsOnBoxes):
        return False  # it is about a box that moves, or of a flow, and not of the hypotheses
    own, expression = goal_of("", item.relation), goal.expression.subs(hypotheses.solved)
    if not own.sign.implies(goal.sign) or sympy.expand(own.expression.subs(hypotheses.solved) - expression) != 0:
        return False
    region = item.region if isinstance(item, HoldsOnBoxes) else {}
    return expression.free_symbols <= set(region) and within(region, hypotheses)
