"""The report of `verify` for a person: a table, explanations below it, the dependency graph, one summary line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..claim.evidence import EvidenceKind, Outcome
from ..claim.results import ClaimReport, EvidenceResult, Verdict, Verification, verdict_in_words
from ..verify.baseline import BaselineChanges
from .terminal import hanging

VERDICT_STYLE = {
    Verdict.PROVED: "bold green",
    Verdict.CERTIFIED: "green",
    Verdict.SUPPORTED: "cyan",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.REFUTED: "bold red",
}
OUTCOME_MARK = {
    Outcome.PASSED: ("ok", "green"),
    Outcome.FAILED: ("FAILED", "bold red"),
    Outcome.UNDECIDED: ("undecided", "yellow"),
    Outcome.ERROR: ("error", "bold yellow"),
    Outcome.TIMEOUT: ("timeout", "yellow"),
    Outcome.UNAVAILABLE: ("unavailable", "dim"),
}
SHOWN_IN_FULL = 4
"""Up to so many claims, the report prints the hypotheses of each."""


def print_report(run: Verification, console: Console, comparison: BaselineChanges | None = None) -> None:
    """Print the whole report."""
    console.print(verdict_table(run.claims))
    for claim in run.claims:
        if len(run.claims) <= SHOWN_IN_FULL:
            _print_hypotheses(claim, console)
        _print_explanation(claim, console)
    _print_graph(run.claims, console)
    if comparison is not None:
        _print_comparison(comparison, console)
    console.print(summary_line(run))


def verdict_table(claims: Sequence[ClaimReport]) -> Table:
    """One row a claim: verdict, evidence with the number of cases, worst margin, mutants refuted, seconds."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
    table.add_column("claim", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("evidence", overflow="fold")
    table.add_column("margin", justify="right", no_wrap=True)
    table.add_column("mutants", justify="right", no_wrap=True)
    table.add_column("s", justify="right", no_wrap=True)
    for claim in claims:
        table.add_row(
            claim.id,
            Text(claim.shown_verdict, style=verdict_style(claim)),
            _evidence_cell(claim.evidence),
            _margin_cell(claim.evidence),
            _mutant_cell(claim),
            f"{claim.seconds:.1f}",
        )
    return table


def verdict_style(claim: ClaimReport) -> str:
    """The colour of a verdict: a refutation that was expected is good."""
    return "green" if claim.expected and claim.good else VERDICT_STYLE[claim.verdict]


def _evidence_cell(evidence: Iterable[EvidenceResult]) -> Text:
    cell = Text()
    for result in evidence:
        mark, style = OUTCOME_MARK[result.outcome]
        if cell:
            cell.append(", ")
        cell.append(str(result.kind))
        if result.covers != "statement":
            cell.append(f" ({result.covers})", style="dim")
        cell.append(" ")
        counted = result.kind is EvidenceKind.PROPERTY and result.outcome is Outcome.PASSED
        cell.append(f"{result.cases} {mark}" if counted else mark, style=style)
    return cell


def _margin_cell(evidence: Iterable[EvidenceResult]) -> str:
    """The largest ratio of a measured to an allowed distance; at most 1 when everything holds."""
    ratios = [result.margin.ratio for result in evidence if result.margin is not None]
    if not ratios:
        return "-"
    return "nan" if any(math.isnan(ratio) for ratio in ratios) else f"{max(ratios):.2g}"


def _mutant_cell(claim: ClaimReport) -> Text:
    settled, total = claim.neighbours_settled, len(claim.mutants)
    return Text(f"{settled}/{total}", style="green" if settled == total else "bold yellow")


def _print_hypotheses(claim: ClaimReport, console: Console) -> None:
    """The hypotheses in their exact form: a verdict is about the statement under them."""
    if claim.under:
        console.print()
        console.print(hanging(f"{claim.id}  {claim.verdict} under: {'; '.join(claim.under)}", console.width))


def _print_explanation(claim: ClaimReport, console: Console) -> None:
    """Why a verdict is not what one might hope for, and where the statement fails."""
    not_passed = [result for result in claim.evidence if result.outcome is not Outcome.PASSED]
    if claim.reason is None:  # what could not be run and was not needed is in the table
        not_passed = [result for result in not_passed if result.outcome is not Outcome.UNAVAILABLE]
    if claim.reason is None and not not_passed:
        return
    console.print()
    heading = Text(claim.id, style="bold")
    heading.append(f"  {claim.shown_verdict}", style=verdict_style(claim))
    console.print(heading)
    if claim.reason is not None:
        console.print(hanging(claim.reason, console.width))
    for result in not_passed:
        if claim.reason is None or (result.reason and result.reason not in claim.reason):
            console.print(hanging(f"{result.name}: {result.outcome}. {result.reason}", console.width))
        if result.counterexample is None:
            continue
        console.print(hanging(f"counterexample: {result.counterexample.description}", console.width))
        if result.counterexample.python:
            console.print("  paste this into Python to run it again:\n")
            for line in result.counterexample.python.splitlines():
                # Not wrapped and not indented: it is there to be copied.
                console.print(Text(line), soft_wrap=True)


def _print_graph(claims: Sequence[ClaimReport], console: Console) -> None:
    """Which claim rests on which, as a tree below every claim that depends on others."""
    by_id = {claim.id: claim for claim in claims}
    used = {name for claim in claims for name in claim.depends_on}
    roots = [claim for claim in claims if claim.depends_on and claim.id not in used]
    if not roots:
        return
    console.print("\nwhat rests on what")
    shown: set[str] = set()
    for root in roots:
        for line in dependency_lines(root.id, by_id, shown):
            console.print(line)


def dependency_lines(claim_id: str, by_id: dict[str, ClaimReport], shown: set[str], indent: str = "  ") -> list[Text]:
    """A claim and, indented below it, everything it uses, each with its verdict.

    What the claims in `shown` use is not repeated; the claim is added to them.
    """
    claim = by_id[claim_id]
    line = Text(f"{indent}{claim_id}  ")
    line.append(str(claim.verdict), style=VERDICT_STYLE[claim.verdict])
    if claim_id in shown and claim.depends_on:
        line.append("  (see above)", style="dim")
        return [line]
    shown.add(claim_id)
    below = [line for name in claim.depends_on for line in dependency_lines(name, by_id, shown, indent + "    ")]
    return [line, *below]


def _print_comparison(comparison: BaselineChanges, console: Console) -> None:
    console.print()
    for sentence in comparison.lowered:
        console.print(Text(f"lowered: {sentence}", style="bold red"))
    for sentence in comparison.changed:
        console.print(Text(f"changed: {sentence}", style="yellow"))
    if not comparison.lowered:
        console.print("no verdict is lower than in the baseline")


def summary_line(run: Verification) -> Text:
    """How many claims got each verdict, and at which level."""
    total = len(run.claims)
    line = Text(f"\n{total} claim{'s' if total != 1 else ''}: ")
    expected = sum(claim.good for claim in run.claims if claim.expected)
    as_expected = "refuted" if expected == run.summary["refuted"] else None
    for number, (name, count) in enumerate((name, count) for name, count in run.summary.items() if count):
        style = "green" if name == as_expected else VERDICT_STYLE[Verdict(name)]
        line.append(", " if number else "")
        line.append(f"{count} {verdict_in_words(name, as_expected)}", style=style)
    line.append(f"   (level {run.environment.get('level')}, seed {run.environment.get('seed')})", style="dim")
    remembered = sum(result.remembered for claim in run.claims for result in claim.evidence)
    if remembered:
        pieces = "1 piece of evidence was" if remembered == 1 else f"{remembered} pieces of evidence were"
        line.append(f"\n{pieces} remembered from an earlier run of the same code (--no-cache)", style="dim")
    return line
