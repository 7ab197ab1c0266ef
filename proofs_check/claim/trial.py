"""One evidence function on one statement: what every runner of `EvidenceKind` is given."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from .evidence import Evidence, Run
from .registry import ClaimFile


@dataclass(frozen=True)
class Trial:
    """An evidence function of a claim file on a statement, the claim's own or that of a mutant, at a level.

    `seed` is that of the run. `is_mutant` is true for mutants: their counterexamples are not shrunk, and what is shown
    need not imply the statement.
    """

    claim_file: ClaimFile
    evidence: Evidence
    statement: Any
    level: str
    seed: int
    is_mutant: bool

    @property
    def own_seed(self) -> int:
        """The seed of this evidence function."""
        return check_seed(self.seed, self.claim_file.claim.id, self.evidence.name)

    @property
    def run(self) -> Run:
        """What a scaling or certified check may depend on."""
        return Run(self.level, np.random.default_rng(np.random.SeedSequence(self.own_seed)))


def check_seed(seed: int, claim: str, evidence: str) -> int:
    """A 128-bit seed for one evidence function, from the run's seed and the names alone."""
    digest = hashlib.sha256(f"{seed}\n{claim}\n{evidence}".encode()).digest()
    return int.from_bytes(digest[:16], "big")
