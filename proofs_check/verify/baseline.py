"""Comparing a run with an earlier one, so that a derivation that stops working is noticed."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...numerics.errors import InputError
from ..claim.results import Verdict, Verification
from .verdict import weaker


@dataclass(frozen=True)
class RecordedClaim:
    """What an earlier run said about one claim."""

    verdict: Verdict
    statement: str


@dataclass(frozen=True)
class BaselineChanges:
    """Sentences about what became worse (these fail a run) and about statements that read differently now."""

    lowered: tuple[str, ...]
    changed: tuple[str, ...]


def read_baseline(path: str | Path) -> dict[str, RecordedClaim]:
    """The verdicts and statements in a file written by `verify --json`; InputError for anything else."""
    try:
        payload = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"cannot read the baseline {path}: {error.strerror}; give a file written by verify --json"
        ) from error
    except ValueError as error:
        raise InputError(f"the baseline {path} is not JSON ({error}); give a file written by verify --json") from error
    if not isinstance(payload, dict) or payload.get("schema") != 1 or not isinstance(payload.get("claims"), list):
        raise InputError(
            f'the baseline {path} does not have "schema": 1 and a list of claims; write it by verify --json'
        )
    recorded: dict[str, RecordedClaim] = {}
    for number, entry in enumerate(payload["claims"], start=1):
        claim_id, record = _entry(path, number, entry)
        if claim_id in recorded:
            raise InputError(f"the baseline {path} has two entries for {claim_id!r}; remove one")
        recorded[claim_id] = record
    if not recorded:
        raise InputError(f"the baseline {path} holds no claims, so nothing can be compared; write it by verify --json")
    return recorded


def _entry(path: str | Path, number: int, entry: Any) -> tuple[str, RecordedClaim]:
    try:
        if not isinstance(entry["id"], str) or not isinstance(entry["statement"], str):
            raise TypeError
        return entry["id"], RecordedClaim(Verdict(entry["verdict"]), entry["statement"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"claim {number} of the baseline {path} lacks a text id, a text statement or one of the verdicts "
            f"{', '.join(Verdict)}; write it by verify --json"
        ) from error


def compare(
    recorded: dict[str, RecordedClaim], run: Verification, passed_over: Collection[str] = ()
) -> BaselineChanges:
    """What is worse in `run` than was recorded; ids in `passed_over` exist but were not asked for this time."""
    now = {claim.id: claim for claim in run.claims}
    lowered = []
    changed = []
    for claim_id, record in recorded.items():
        claim = now.get(claim_id)
        if claim is None:
            if claim_id not in passed_over:
                lowered.append(f"{claim_id} was {record.verdict} and is missing now")
            continue
        if weaker(claim.verdict, record.verdict):
            lowered.append(f"{claim_id} was {record.verdict} and is {claim.verdict} now")
        if claim.statement != record.statement:
            changed.append(f"{claim_id} states something else now: {record.statement}  became  {claim.statement}")
    return BaselineChanges(tuple(lowered), tuple(changed))
