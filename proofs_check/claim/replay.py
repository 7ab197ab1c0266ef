"""Running one case again: what a printed counterexample pastes."""

from __future__ import annotations

from typing import Any

from ...numerics.errors import InputError
from .evidence import EvidenceKind, Margin
from .registry import claim_reference, load


def replay(claim: str, evidence: str, case: Any, mutant: str | None = None) -> Margin:
    """The margin of a property check on one case, in this process.

    `claim` is an id or the path of a claim file (which is run), `evidence` the name of the evidence function, `mutant`
    the name of a mutant to check in place of the statement. Raises InputError for unknown names and for evidence that
    has no cases; exceptions of the check itself pass through.
    """
    claim_file = load(claim_reference(claim))
    check = claim_file.evidence_named(evidence)
    if check.kind is not EvidenceKind.PROPERTY:
        raise InputError(f"{evidence} of {claim} is {check.kind} evidence; only property evidence has cases to replay")
    statement = claim_file.claim.statement
    if mutant is not None:
        named = {item.name: item.statement for item in claim_file.claim.mutants}
        if mutant not in named:
            raise InputError(f"{claim} has no mutant {mutant!r}; there are {', '.join(sorted(named))}")
        statement = named[mutant]
    margin = check.check(statement, case)
    assert isinstance(margin, Margin)
    return margin
