"""What is said of claims, as JSON: the payloads of `proofs-check list` and `proofs-check show`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy

from ...theory.formal.derivation import Derivation
from ...theory.formal.printing import to_latex, to_text
from ..claim.reading import under
from ..claim.registry import ClaimFile
from ..claim.statement import Claim, Predicate, Relations, Source, Statement, statement_latex


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


def published(source: Source) -> str:
    """Publication and theorem in one line, with a note when the form is not literally the published one."""
    return f"{source.publication}, {source.theorem}" + (" (restated)" if source.restated else "")


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
        "expected": claim.expected or None,
        "repaired": claim.repaired or None,
        "source": str(claim.source),
        "published": published(claim.source),
        "publication": claim.source.publication,
        "theorem": claim.source.theorem,
        "theory_item": claim.source.theory_item,
        "restated": claim.source.restated,
    }


def _derivation_json(derivation: Derivation) -> dict[str, Any]:
    return {
        "title": derivation.title,
        "steps": [
            {
                "explanation": step.explanation,
                "relation": to_latex(step.relation),
                "relation_text": to_text(step.relation),
            }
            for step in derivation.steps
        ],
        "result": to_latex(derivation.result),
        "result_text": to_text(derivation.result),
    }
