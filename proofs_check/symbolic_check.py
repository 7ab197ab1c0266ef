"""Running symbolic evidence: every obligation a claim states must be decided true, and there must be at least one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..theory.derivation import SignGoal, ZeroGoal
from ..theory.positivity import PositiveGoal
from ..theory.zero import Decision, decide_nonnegative, decide_zero
from .evidence import Nonnegative, Outcome, Zero
from .results import Counterexample


def decide_obligation(obligation: object) -> Decision:
    """Proved, refuted at a point, or undecided; TypeError for what is no obligation."""
    if isinstance(obligation, Zero):
        return decide_zero(obligation.expression, obligation.domain)
    if isinstance(obligation, Nonnegative):
        return decide_nonnegative(obligation.expression, obligation.certificate, obligation.given, obligation.domain)
    if isinstance(obligation, ZeroGoal | SignGoal | PositiveGoal):
        return obligation.decide()
    raise TypeError(f"a symbolic check yields Zero or Nonnegative obligations, not {type(obligation).__name__}")


def run_symbolic(check: Callable[[Any], Iterable[Any]], statement: Any) -> dict[str, Any]:
    """Discharge the obligations `check(statement)` yields; the fields of an EvidenceResult.

    A refuted obligation fails at once. An undecided one keeps the whole from passing; a later one may still fail.
    """
    undecided: list[str] = []
    count = 0
    for obligation in check(statement):
        decision = decide_obligation(obligation)
        count += 1
        name = getattr(obligation, "name", "obligation")
        if decision.verdict is False:
            point = ", ".join(f"{symbol} = {value}" for symbol, value in decision.point.items()) or "every point"
            return {
                "outcome": Outcome.FAILED,
                "cases": count,
                "reason": f"{name} does not hold ({decision.route})",
                "counterexample": Counterexample(f"{name} fails at {point}"),
            }
        if decision.verdict is None:
            undecided.append(f"{name} was not decided ({decision.route})")
    if not count:
        return {"outcome": Outcome.UNDECIDED, "reason": "it states no obligation, so nothing was decided"}
    if undecided:
        return {"outcome": Outcome.UNDECIDED, "cases": count, "reason": "; ".join(undecided)}
    return {"outcome": Outcome.PASSED, "cases": count}
