"""The catalogue of claims for a person: what `catalogue.py` says of them, as text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .terminal import hanging

Entry = Mapping[str, Any]
"""One claim of `catalogue.to_json`, or `catalogue.claim_json`."""


def print_catalogue(claims: Sequence[Entry], console: Console, by_theorem: bool = False) -> None:
    """One row a claim; below a line for each published theorem when `by_theorem`."""
    if by_theorem:
        for theorem, group in groupby(sorted(claims, key=_theorem_order), key=lambda claim: claim["published"]):
            console.print(Text(theorem, style="bold"))
            for claim in group:
                verdict = claim.get("recorded_verdict") or "no verdict recorded"
                row = f"{claim['id']}  {verdict}  (theory.md {claim['theory_item']}): {claim['title']}"
                console.print(hanging(row, console.width))
            console.print()
    else:
        console.print(_catalogue_table(claims))
        console.print()
    plural = "" if len(claims) == 1 else "s"
    console.print(f"{len(claims)} claim{plural}; proofs-check show ID says more about one")


def _theorem_order(claim: Entry) -> tuple[str, float, str, str]:
    """Sorts claims by where they were published: by the first page that is named, those without a page last."""
    page = re.search(r"\bpages? (\d+)", claim["theorem"])
    return (claim["publication"], float(page[1]) if page else math.inf, claim["theorem"], claim["id"])


def _catalogue_table(claims: Sequence[Entry]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
    table.add_column("claim", no_wrap=True)
    table.add_column("title", overflow="fold", ratio=1)
    table.add_column("needs", overflow="fold")
    table.add_column("theory.md", no_wrap=True)
    for claim in claims:
        row = (claim["id"], claim["title"], ", ".join(claim["needs"]), claim["theory_item"])
        table.add_row(*(Text(cell) for cell in row))
    return table


def print_claim(claim: Entry, console: Console) -> None:
    """Everything that is said about one claim."""
    console.print(Text(claim["id"], style="bold"))
    console.print(Text(f"{claim['title']} ({claim['kind']})"))
    _section(console, "statement", claim["statement_text"].split("\n"), wrap=False)
    _section(console, "in LaTeX", [claim["statement"]])
    _section(console, "hypotheses", claim["hypotheses"])
    _section(console, "under", claim["under"])
    _section(console, "scope", [claim["scope"]])
    _section(console, "source", [claim["source"]])
    _section(console, "uses", claim["depends_on"])
    for derivation in claim["derivations"]:
        _print_derivation(derivation, console)
    _section(console, f"evidence (needs {', '.join(claim['needs'])})", map(_evidence, claim["evidence"]))
    if claim["expected"]:
        mutants = [f"{mutant['name']}: true because {mutant['why_false']}" for mutant in claim["mutants"]]
        _section(console, "true neighbours, which must pass", mutants)
        _section(console, f"expected to be {claim['expected']}; the repaired statement is", [claim["repaired"]])
        return
    mutants = [f"{mutant['name']}: false because {mutant['why_false']}" for mutant in claim["mutants"]]
    _section(console, "mutants that must not pass", mutants)


def _evidence(piece: Entry) -> str:
    cases, detail = piece["cases"], piece["detail"]
    return (
        f"{piece['kind']}, covers the {piece['covers']}"
        + (f", {cases['quick']} cases quick and {cases['full']} full" if cases else "")
        + f": {piece['name']}"
        + (f". {detail}" if detail else "")
    )


def _section(console: Console, title: str, lines: Iterable[str], wrap: bool = True) -> None:
    lines = list(lines)
    if not lines:
        return
    console.print()
    console.print(Text(title, style="bold cyan"))
    for line in lines:
        # Formulas keep their shape: a wrapped fraction cannot be read.
        console.print(hanging(line, console.width) if wrap else Text(f"  {line}"), soft_wrap=not wrap)


def _print_derivation(derivation: Entry, console: Console) -> None:
    lines = []
    for number, step in enumerate(derivation["steps"], start=1):
        lines += [f"{number}. {step['explanation']}", f"     {step['relation_text']}"]
    _section(console, f"derivation: {derivation['title']}", [*lines, f"Result: {derivation['result_text']}"])
