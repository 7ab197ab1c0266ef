"""Property evidence: Hypothesis searches for a case on which a statement fails, and shrinks the one it finds.

The search draws from a seed, without an example database and without a wall-clock deadline. Hypothesis mixes in
constants of the modules that are loaded; every process of `runner` starts with the same ones, so that a seed gives the
same cases for any number of jobs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, example, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import FailedHealthCheck, Flaky, Unsatisfiable

from ..claim.evidence import Evidence, Margin, Outcome
from ..claim.pasting import python_text, rerun_text
from ..claim.results import Counterexample, MarginReport
from ..claim.trial import Trial

SHRINKING_SHARE = 0.5
"""Shrinking stops when this share of the time limit is used up: an unshrunk counterexample beats a time-out."""


class Violated(Exception):
    """The margin of this case does not hold."""


class Unmeasured(Exception):
    """The margin of this case decides nothing, see `Margin.flaw`."""


class _SearchEnded(BaseException):
    """Ends the search, or shrinking, with the failure at hand; not an Exception, so that Hypothesis passes it on."""


@dataclass
class _Search:
    """What the search has seen: cases measured, the worst margin, the simplest failure.

    `patience` (seconds) ends shrinking; at 0 the first failure ends the search.
    """

    evidence: Evidence
    statement: Any
    patience: float
    started: float
    cases: int = 0
    worst: Margin | None = None
    last: Any = None
    failure: tuple[Any, Margin] | None = None

    def measure(self, case: Any) -> None:
        """Run the check on one case and note its margin; raises Violated or Unmeasured."""
        if self.failure is not None and time.monotonic() - self.started > self.patience:
            raise _SearchEnded
        self.last = case
        margin = self.evidence.check(self.statement, case)
        if not isinstance(margin, Margin):
            raise TypeError(f"a property check returns a Margin, not {type(margin).__name__}")
        if margin.flaw:
            raise Unmeasured(margin.flaw)
        if not margin.holds:
            self._note_failure(case, margin)
            raise Violated if self.patience else _SearchEnded
        self.cases += 1
        if self.worst is None or margin.ratio > self.worst.ratio:
            self.worst = margin

    def _note_failure(self, case: Any, margin: Margin) -> None:
        if self.failure is None or _simplicity(case) <= _simplicity(self.failure[0]):
            self.failure = (case, margin)


def _simplicity(case: Any) -> tuple[int, str]:
    text, _ = python_text(case)
    return (len(text), text)


def run(trial: Trial) -> dict[str, Any]:
    """The fields of an EvidenceResult."""
    quick, full = trial.evidence.cases
    asked = full if trial.level == "full" else quick
    shown, shrink = trial.claim_file.shown, not trial.is_mutant
    return search(trial.evidence, trial.statement, asked, trial.own_seed, shown, shrink)


def search(
    evidence: Evidence, statement: Any, asked: int, seed: int, claim: str, shrink: bool = True
) -> dict[str, Any]:
    """Run a property check on its edge cases and on `asked` random ones; the fields of an EvidenceResult.

    `claim` is how `replay` finds the claim again: its id, or the path of its file. Fewer cases than asked, because the
    strategy is exhausted or assumptions filter too many away, is not a pass.
    """
    patience = SHRINKING_SHARE * evidence.timeout if shrink else 0.0
    state = _Search(evidence, statement, patience, time.monotonic())

    edges, met = tuple(evidence.edges()), 0

    def one_case(case: Any) -> None:
        nonlocal met
        state.measure(case)
        met += any(case is edge for edge in edges)

    strategy = evidence.strategy() if callable(evidence.strategy) else evidence.strategy
    phases = (Phase.explicit, Phase.generate, Phase.shrink) if shrink else (Phase.explicit, Phase.generate)
    configured = settings(
        max_examples=max(asked, 1),
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        phases=phases,
        verbosity=Verbosity.quiet,
        suppress_health_check=[check for check in HealthCheck if check is not HealthCheck.filter_too_much],
    )
    try:
        test = given(strategy)(one_case)
        for edge in reversed(edges):
            test = example(edge)(test)
        seeded(seed)(configured(test))()
    except (Violated, _SearchEnded):
        return _failed(state, claim)
    except Unmeasured as flaw:
        return _broken(state, claim, f"{flaw}, so that nothing was measured")
    except (FailedHealthCheck, Unsatisfiable):
        return _too_few(state, asked, "; its assumptions filter too many cases away")
    except Flaky:
        return _broken(state, claim, "the check is not deterministic: a case that failed passed when it was run again")
    except Exception as error:
        error.__notes__ = [f"on the case {python_text(state.last)[0]}"] if state.last is not None else []
        raise
    if state.cases - met < asked or asked <= 0:
        return _too_few(state, asked, "")
    return {"outcome": Outcome.PASSED, "cases": state.cases, "margin": _report(state.worst)}


def _failed(state: _Search, claim: str) -> dict[str, Any]:
    assert state.failure is not None
    case, margin = state.failure
    reason = f"measured {margin.measured:.6g}, allowed {margin.allowed:.6g} ({margin.derivation})"
    return {
        "outcome": Outcome.FAILED,
        "cases": state.cases + 1,
        "margin": MarginReport.of(margin),
        "reason": reason,
        "counterexample": Counterexample(python_text(case)[0], rerun_text(claim, state.evidence.name, case)),
    }


def _broken(state: _Search, claim: str, reason: str) -> dict[str, Any]:
    where = Counterexample(python_text(state.last)[0], rerun_text(claim, state.evidence.name, state.last))
    return {"outcome": Outcome.ERROR, "cases": state.cases, "reason": f"{reason}: {where.description}"}


def _too_few(state: _Search, asked: int, why: str) -> dict[str, Any]:
    reason = f"only {state.cases} of the {asked} cases asked for could be drawn{why}"
    return {
        "outcome": Outcome.UNDECIDED,
        "cases": state.cases,
        "margin": _report(state.worst),
        "reason": reason,
    }


def _report(margin: Margin | None) -> MarginReport | None:
    return None if margin is None else MarginReport.of(margin)
