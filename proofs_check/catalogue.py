"""The catalogue of claims for a person and for programs: `proofs-check list` and `proofs-check show`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import sympy
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..theory.derivation import Derivation
from ..theory.printing import to_latex, to_text
from .claim import Claim, Predicate, Relations, Source, Statement, statement_latex
from .reading import under
from .registry import ClaimFile
from .report import hanging


def statement_lines(statement: Statement) -> list[str]:
    """The statement in Unicode text, one relation a paragraph; a predicate shows its name, then its parameters."""
    if isinstance(statement, Predicate):
        parameters = statement.parameters.items()
        return [statement.name, *(f"  {name.replace('_', ' ')}: {_parameter(value)}" for name, value in parameters)]
    relations = statement.relations if isinstance(statement, Relations) else {"": statement}
    lines: list[str] = []
    for name, relation in relations.items():
        if name:
            lines.append(f"{name}:")
        indent = "  " if name else ""
        lines += [f"{indent}{line}" for line in sympy.pretty(relation, use_unicode=True, wrap_line=False).splitlines()]
    return lines


def _parameter(value: object) -> str:
    """A parameter of a predicate for a reader: collections without brackets and quotes, floats in six digits."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_parameter(part)}" for name, part in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(_parameter(part) for part in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def print_catalogue(claims: Sequence[Claim], console: Console, by_theorem: bool = False) -> None:
    """One row a claim; below a line for each published theorem when `by_theorem`."""
    if by_theorem:
        for theorem, group in groupby(sorted(claims, key=theorem_order), key=lambda claim: published(claim.source)):
            console.print(Text(theorem, style="bold"))
            for claim in group:
                console.print(
                    hanging(f"{claim.id} (theory.md {claim.source.theory_item}): {claim.title}", console.width)
                )
            console.print()
    else:
        console.print(_catalogue_table(claims))
        console.print()
    plural = "" if len(claims) == 1 else "s"
    console.print(f"{len(claims)} claim{plural}; proofs-check show ID says more about one")


def _catalogue_table(claims: Sequence[Claim]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
    table.add_column("claim", no_wrap=True)
    table.add_column("title", overflow="fold", ratio=1)
    table.add_column("needs", overflow="fold")
    table.add_column("theory.md", no_wrap=True)
    for claim in claims:
        row = (claim.id, claim.title, ", ".join(map(str, claim.needs)), claim.source.theory_item)
        table.add_row(*(Text(cell) for cell in row))
    return table


def published(source: Source) -> str:
    """Publication and theorem in one line, with a note when the form is not literally the published one."""
    return f"{source.publication}, {source.theorem}" + (" (restated)" if source.restated else "")


def theorem_order(claim: Claim) -> tuple[str, str, str]:
    """Sorts claims by where they were published."""
    return (claim.source.publication, claim.source.theorem, claim.id)


def to_json(claims: Iterable[Claim]) -> dict[str, Any]:
    """The payload of `list --json`."""
    return {"schema": 1, "claims": [_entry(claim) for claim in claims]}


def claim_json(item: ClaimFile) -> dict[str, Any]:
    """The payload of `show --json`."""
    claim = item.claim
    return {
        "schema": 1,
        **_entry(claim),
        "statement": statement_latex(claim.statement),
        "statement_text": "\n".join(statement_lines(claim.statement)),
        "hypotheses": list(claim.hypotheses),
        "under": list(under(claim)),
        "scope": claim.scope,
        "derivations": [_derivation_json(derivation) for derivation in item.derived()],
        "evidence": [
            {
                "name": evidence.name,
                "kind": str(evidence.kind),
                "covers": str(evidence.covers),
                "detail": evidence.detail,
                "cases": {"quick": evidence.cases[0], "full": evidence.cases[1]} if any(evidence.cases) else None,
                "timeout": evidence.timeout,
            }
            for evidence in item.evidence
        ],
        "mutants": [
            {"name": mutant.name, "statement": statement_latex(mutant.statement), "why_false": mutant.why_false}
            for mutant in claim.mutants
        ],
    }


def _entry(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "title": claim.title,
        "kind": claim.kind,
        "needs": [str(kind) for kind in claim.needs],
        "depends_on": list(claim.depends_on),
        "source": str(claim.source),
        "publication": claim.source.publication,
        "theorem": claim.source.theorem,
        "theory_item": claim.source.theory_item,
        "restated": claim.source.restated,
    }


def _derivation_json(derivation: Derivation) -> dict[str, Any]:
    return {
        "title": derivation.title,
        "steps": [{"explanation": step.explanation, "relation": to_latex(step.relation)} for step in derivation.steps],
        "result": to_latex(derivation.result),
    }


def print_claim(item: ClaimFile, console: Console) -> None:
    """Everything that is said about one claim."""
    claim = item.claim
    console.print(Text(claim.id, style="bold"))
    console.print(Text(f"{claim.title} ({claim.kind})"))
    _section(console, "statement", statement_lines(claim.statement), wrap=False)
    _section(console, "in LaTeX", [statement_latex(claim.statement)])
    _section(console, "hypotheses", claim.hypotheses)
    _section(console, "under", under(claim))
    _section(console, "scope", [claim.scope])
    _section(console, "source", [str(claim.source)])
    _section(console, "uses", claim.depends_on)
    for derivation in item.derived():
        _print_derivation(derivation, console)
    evidence = [
        f"{piece.kind}, covers the {piece.covers}"
        + (f", {piece.cases[0]} cases quick and {piece.cases[1]} full" if any(piece.cases) else "")
        + f": {piece.name}"
        + (f". {piece.detail}" if piece.detail else "")
        for piece in item.evidence
    ]
    _section(console, f"evidence (needs {', '.join(map(str, claim.needs))})", evidence)
    mutants = [f"{mutant.name}: false because {mutant.why_false}" for mutant in claim.mutants]
    _section(console, "mutants that must not pass", mutants)


def _section(console: Console, title: str, lines: Iterable[str], wrap: bool = True) -> None:
    lines = list(lines)
    if not lines:
        return
    console.print()
    console.print(Text(title, style="bold cyan"))
    for line in lines:
        # Formulas keep their shape: a wrapped fraction cannot be read.
        console.print(hanging(line, console.width) if wrap else Text(f"  {line}"), soft_wrap=not wrap)


def _print_derivation(derivation: Derivation, console: Console) -> None:
    lines = []
    for number, step in enumerate(derivation.steps, start=1):
        lines += [f"{number}. {step.explanation}", f"     {to_text(step.relation)}"]
    _section(console, f"derivation: {derivation.title}", [*lines, f"Result: {to_text(derivation.result)}"], wrap=True)
