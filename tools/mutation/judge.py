"""One mutation, one outcome: caught only when a verdict falls below what it is without the mutation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from .sandbox import Sandbox
from .sites import Site

STRENGTH = {"refuted": 0, "inconclusive": 1, "supported": 2, "certified": 3, "proved": 4}
CAUGHT = "caught"
SURVIVED = "survived"
STOPPED = "no verdict"
QUICK = ("quick",)
THOROUGH = ("quick", "full")


@dataclass(frozen=True)
class Judged:
    """How a mutation fared: the claims that were run, the outcome, and which verdict fell or how the run ended.

    `equivalent` and `explanation` are those of survivors.toml: whether the change leaves every result as it is.
    """

    site: Site
    claims: tuple[str, ...]
    outcome: str
    detail: str
    explanation: str = field(default="")
    equivalent: bool = field(default=False)

    def to_json(self) -> dict[str, Any]:
        """A JSON object."""
        site = {name: value for name, value in asdict(self.site).items() if name not in ("start", "stop", "lines")}
        return {**site, "claims": list(self.claims), "outcome": self.outcome, "detail": self.detail} | (
            {"explanation": self.explanation, "equivalent": self.equivalent} if self.explanation else {}
        )


def fallen(baseline: dict[str, str], verdicts: dict[str, str]) -> list[str]:
    """Claims whose verdict is lower than in the baseline, each as `id: before -> after`."""
    return [
        f"{claim}: {baseline[claim]} -> {verdict}"
        for claim, verdict in verdicts.items()
        if claim in baseline and STRENGTH[verdict] < STRENGTH[baseline[claim]]
    ]


def judge(
    site: Site, claims: list[str], baseline: dict[str, str], sandbox: Sandbox, time_limit: float, levels: Sequence[str]
) -> Judged:
    """Alter the copy, run one claim after the other at each of the `levels`, and put the file back.

    A run that ends without a verdict (a crash, or a stop after `time_limit` seconds) is `no verdict`, not caught.
    """
    original = (sandbox.root / site.file).read_bytes()
    sandbox.write(site.file, site.apply(original))
    notes = []
    done: set[tuple[str, str]] = set()
    try:
        for level, claim in product(levels, claims):
            if (level, claim) in done:
                continue  # another claim rests on this one
            result = sandbox.verify([claim], level, time_limit)
            done |= {(level, verified) for verified in result.verdicts}
            lowered = fallen(baseline, result.verdicts)
            if lowered:
                return Judged(site, tuple(claims), CAUGHT, "; ".join(lowered))
            if result.note:
                notes.append(f"{claim}, {level}: {result.note}")
    finally:
        sandbox.write(site.file, original)
    if notes:
        return Judged(site, tuple(claims), STOPPED, "; ".join(notes))
    return Judged(site, tuple(claims), SURVIVED, "")


def baseline_verdicts(claims: list[str], folder: Path, root: Path, time_limit: float) -> dict[str, str]:
    """Verdicts of the unaltered copy; RuntimeError when there are none."""
    sandbox = Sandbox(folder, root)
    sandbox.create()
    result = sandbox.verify(claims, QUICK[0], time_limit)
    if result.note:
        raise RuntimeError(f"the unaltered copy gives no verdicts: {result.note}")
    return result.verdicts
