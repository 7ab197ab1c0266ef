"""One mutation, one outcome: caught only when a verdict falls below what it is without the mutation.

A verdict that is lower only because of a timeout has not fallen. Its claim is tried once more with a longer limit,
and the mutation is `out of time` when that is too short as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any

from .sandbox import Sandbox, Verified
from .sites import Site

STRENGTH = {"refuted": 0, "inconclusive": 1, "supported": 2, "certified": 3, "proved": 4, "refuted as expected": 5}
CAUGHT = "caught"
SURVIVED = "survived"
STOPPED = "no verdict"
OUT_OF_TIME = "out of time"
QUICK = ("quick",)
THOROUGH = ("quick", "full")
SHARE = {"quick": 1, "full": 4}  # of the time limit: more cases take longer
SECOND_TRY = 4


@dataclass(frozen=True)
class Judged:
    """The result of a mutation: the claims that were run, the outcome, and which verdict fell or how the run ended.

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


def late(expected: dict[str, str], result: Verified) -> list[str]:
    """Claims whose verdict is lower than expected only because of timeouts, as `fallen` gives them; or how it ended."""
    if result.stopped:
        return [result.note]
    return [] if fallen(expected, result.at_best) else fallen(expected, result.verdicts)


class Baseline:
    """Verdicts of an unaltered copy, measured at a level when first asked for, under the limits of altered copies."""

    def __init__(self, claims: list[str], sandbox: Sandbox, time_limit: float) -> None:
        self.claims, self.sandbox, self.time_limit = claims, sandbox, time_limit
        self._known: dict[str, dict[str, str]] = {}
        self._lock = Lock()

    def at(self, level: str) -> dict[str, str]:
        """The verdicts at this level by claim id; RuntimeError when there are none."""
        with self._lock:
            if level not in self._known:
                self._known[level] = self._measured(level)
            return self._known[level]

    def _measured(self, level: str) -> dict[str, str]:
        result = tried(self.sandbox, self.claims, level, self.time_limit)
        if result.note:
            raise RuntimeError(f"the unaltered copy gives no verdicts: {result.note}")
        for claim, verdict in result.verdicts.items():
            why = "" if verdict == result.at_best[claim] else ", for want of time"
            print(f"without a mutation {claim} is {verdict} at the {level} level{why}", flush=True)
        return result.verdicts


def tried(
    sandbox: Sandbox, claims: list[str], level: str, time_limit: float, expected: dict[str, str] | None = None
) -> Verified:
    """The verdicts of the copy, tried again with a longer limit when only timeouts keep them below what is expected.

    Without `expected`, the best possible verdicts are expected.
    """
    limit = SHARE[level] * time_limit
    result = sandbox.verify(claims, level, limit)
    wanted = result.at_best if expected is None else expected
    return sandbox.verify(claims, level, SECOND_TRY * limit) if late(wanted, result) else result


def batches(claims: list[str], levels: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What is verified in one go: the first claim at the first level, where most mutations end, then all that is left.

    Claims share what they rest on, so that together they take less time.
    """
    yield levels[0], claims[:1]
    if claims[1:]:
        yield levels[0], claims[1:]
    yield from ((level, claims) for level in levels[1:])


def judge(
    site: Site, claims: list[str], baseline: Baseline, sandbox: Sandbox, time_limit: float, levels: Sequence[str]
) -> Judged:
    """Alter the copy, verify the claims at each of the `levels`, and put the file back."""
    original = (sandbox.folder / "early_alignment" / site.file).read_bytes()
    sandbox.write(site.file, site.apply(original))
    try:
        outcome, detail = outcome_of(claims, baseline, sandbox, time_limit, levels)
    finally:
        sandbox.write(site.file, original)
    return Judged(site, tuple(claims), outcome, detail)


def outcome_of(
    claims: list[str], baseline: Baseline, sandbox: Sandbox, time_limit: float, levels: Sequence[str]
) -> tuple[str, str]:
    """The outcome of a copy in its present state, and the evidence for it.

    A run that ends without a verdict for another reason than time, as a crash, is `no verdict`, not caught. The first
    claim that is out of time twice ends it: what keeps one check from ending mostly keeps others too.
    """
    notes = []
    done: set[tuple[str, str]] = set()
    for level, batch in batches(claims, levels):
        if all((level, claim) in done for claim in batch):
            continue  # other claims rest on these
        expected = baseline.at(level)
        result = tried(sandbox, batch, level, time_limit, expected)
        done |= {(level, verified) for verified in result.verdicts}
        if lowered := fallen(expected, result.at_best):
            return CAUGHT, "; ".join(lowered)
        if unreached := late(expected, result):
            return OUT_OF_TIME, f"{', '.join(batch)}, {level}, twice: {'; '.join(unreached)}"
        if result.note:
            notes.append(f"{', '.join(batch)}, {level}: {result.note}")
    return (STOPPED, "; ".join(notes)) if notes else (SURVIVED, "")
