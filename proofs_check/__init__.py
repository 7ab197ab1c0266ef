"""What is decided: claims, evidence, verdicts, the runner, reports and the command line.

| module | holds |
|---|---|
| `claim`, `evidence` | what a claim file is made of |
| `registry` | finding and reading claim files |
| `execution`, `symbolic_check`, `search` | running one piece of evidence |
| `kernel` | statements printed to Coq, and what its kernel says |
| `sharpening`, `smt` | sharp constants; exact counterexamples by z3 |
| `runner`, `verification` | running all of it, in processes |
| `cache`, `evidence_cache` | results of earlier runs of the same code |
| `draws` | Hypothesis, loaded when the first case is drawn |
| `verdict`, `results` | from outcomes to verdicts |
| `report`, `verification_screen`, `catalogue`, `baseline`, `output` | what a person or a program gets to see |
| `recheck` | checking certificates of a flow again, with no other module of this project |
| `rerun`, `pasting` | running a counterexample again |
| `command_line`, `commands` | `proofs-check` |

Names are loaded when they are first used, so that `proofs-check --help` does not wait for SymPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .claim import Claim, Mutant, Predicate, Relations, Source
    from .evidence import (
        Certificate,
        Margin,
        Nonnegative,
        Run,
        Unavailable,
        Zero,
        certified,
        property_check,
        scaling,
        symbolic,
    )
    from .rechecks import AtPoint, HoldsOnBoxes, PositiveOnBox
    from .registry import claim_module
    from .rerun import replay
    from .results import Verification
    from .verification import verify

_HOMES = {
    "AtPoint": "rechecks",
    "HoldsOnBoxes": "rechecks",
    "PositiveOnBox": "rechecks",
    "Certificate": "evidence",
    "Claim": "claim",
    "Margin": "evidence",
    "Mutant": "claim",
    "Nonnegative": "evidence",
    "Predicate": "claim",
    "Relations": "claim",
    "Run": "evidence",
    "Source": "claim",
    "Unavailable": "evidence",
    "Verification": "results",
    "Zero": "evidence",
    "certified": "evidence",
    "claim_module": "registry",
    "property_check": "evidence",
    "replay": "rerun",
    "scaling": "evidence",
    "symbolic": "evidence",
    "verify": "verification",
}

__all__ = [
    "AtPoint",
    "Certificate",
    "Claim",
    "HoldsOnBoxes",
    "Margin",
    "Mutant",
    "Nonnegative",
    "PositiveOnBox",
    "Predicate",
    "Relations",
    "Run",
    "Source",
    "Unavailable",
    "Verification",
    "Zero",
    "certified",
    "claim_module",
    "property_check",
    "replay",
    "scaling",
    "symbolic",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value
