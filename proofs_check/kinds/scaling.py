"""Running scaling evidence: one margin between a fitted exponent or ratio and the predicted one."""

from __future__ import annotations

from typing import Any

from ..claim.evidence import Margin, Outcome
from ..claim.results import Counterexample, MarginReport
from ..claim.trial import Trial


def run(trial: Trial) -> dict[str, Any]:
    """The fields of an EvidenceResult."""
    return from_margin(trial.evidence.check(trial.statement, trial.run))


def from_margin(margin: object) -> dict[str, Any]:
    """The fields of an EvidenceResult for one margin; TypeError for anything else."""
    if not isinstance(margin, Margin):
        raise TypeError(f"a scaling check returns a Margin, not {type(margin).__name__}")
    if margin.flaw:
        return {"outcome": Outcome.ERROR, "reason": f"{margin.flaw}, so that nothing was measured"}
    fields: dict[str, Any] = {"cases": 1, "margin": MarginReport.of(margin)}
    if margin.holds:
        return {"outcome": Outcome.PASSED, **fields}
    where = ", ".join(f"{name} = {value!r}" for name, value in margin.worst.items()) or "the stated fit"
    reason = f"measured {margin.measured:.6g}, allowed {margin.allowed:.6g} ({margin.derivation})"
    return {"outcome": Outcome.FAILED, "reason": reason, "counterexample": Counterexample(where), **fields}
