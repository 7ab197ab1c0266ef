"""A Markdown page: the table of verdicts, then every claim with its statement, hypotheses, evidence and mutants."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...claim.results import ClaimReport, EvidenceResult, Verification


def text(run: Verification) -> str:
    """The page; statements are display formulas in LaTeX."""
    counts = ", ".join(f"{count} {name}" for name, count in run.summary.items() if count)
    level, seed = run.environment.get("level"), run.environment.get("seed")
    number = f"{len(run.claims)} claim{'s' if len(run.claims) != 1 else ''}"
    lines = ["# Verdicts", "", f"{number}: {counts} (level {level}, seed {seed}).", ""]
    lines += ["| claim | verdict | title |", "|---|---|---|"]
    lines += [
        f"| [`{claim.id}`](#{_anchor(claim)}) | {claim.shown_verdict} | {_plain(claim.title)} |" for claim in run.claims
    ]
    for claim in run.claims:
        lines += ["", *_claim(claim)]
    return "\n".join(lines) + "\n"


def _anchor(claim: ClaimReport) -> str:
    """The anchor that GitHub and others give to the heading of the claim."""
    return claim.id.replace(".", "")


def _claim(claim: ClaimReport) -> Iterator[str]:
    yield f"## {claim.id}"
    yield from ("", f"{_plain(claim.title)}: **{claim.shown_verdict}**.")
    if claim.reason is not None:
        yield from ("", _plain(claim.reason))
    yield from ("", "$$", claim.statement, "$$", "")
    yield from (f"- Hypothesis: {_plain(hypothesis)}" for hypothesis in claim.hypotheses)
    yield f"- Scope: {_plain(claim.scope)}"
    yield f"- Source: {_plain(claim.source)}"
    if claim.depends_on:
        yield f"- Uses: {', '.join(f'`{name}`' for name in claim.depends_on)}"
    yield from ("", "| evidence | covers | outcome | cases | margin | what was checked |", "|---|---|---|---|---|---|")
    yield from (_evidence_row(result) for result in claim.evidence)
    neighbour = "true neighbour" if claim.expected else "false neighbour"
    yield from ("", f"| {neighbour} | outcome |", "|---|---|")
    yield from (f"| {_plain(mutant.name)} | {mutant.outcome} |" for mutant in claim.mutants)


def _evidence_row(result: EvidenceResult) -> str:
    margin = "" if result.margin is None else f"{result.margin.ratio:.2g}"
    said = ". ".join(part.rstrip(".") for part in (result.description, result.reason) if part)
    found = f" Counterexample: {result.counterexample.description}" if result.counterexample else ""
    cells = (result.kind, result.covers, result.outcome, result.cases, margin, said + found)
    return f"| {' | '.join(_plain(str(cell)) for cell in cells)} |"


def _plain(text: str) -> str:
    """Text in one line in which nothing is taken for Markdown, nor for the end of a cell."""
    return re.sub(r"([\\`*_<|\[])", r"\\\1", " ".join(text.split()))
