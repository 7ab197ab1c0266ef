"""The derivation a claim shows is checked with it: a wrong step makes the claim inconclusive and refutes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from early_alignment import verify
from early_alignment.proofs_check.claim.results import MutantOutcome, Verdict

CLAIM_FILE = """
import sympy
from early_alignment import Claim, Mutant, Source, Zero, symbolic
from early_alignment.theory.formal.derivation import Derivation, Step, equal

x = sympy.Symbol("x", real=True)
STATEMENT = equal((x + 1) ** 2, x**2 + 2 * x + 1)
DERIVATIONS = (Derivation("a square", (Step("expand", equal((x + 1) ** 2, x**2 + {middle} * x + 1)),), STATEMENT),)
CLAIM = Claim(
    id="planted.square", title="a square", kind="identity", statement=STATEMENT, hypotheses=(), scope="reals",
    source=Source("here", "none", "-"), needs=("symbolic",),
    mutants=(Mutant("no middle term", equal((x + 1) ** 2, x**2 + 1), "x = 1: 4 is not 2"),),
)


@symbolic({covers})
def they_are_equal(statement):
    yield Zero("difference", statement.args[0] - statement.args[1])


@symbolic()
def always(statement):
    yield Zero("nothing", x - x)
"""


@pytest.mark.parametrize(("middle", "verdict"), [("2", Verdict.PROVED), ("3", Verdict.INCONCLUSIVE)])
def test_a_wrong_derivation_step_fails(tmp_path: Path, middle: str, verdict: Verdict) -> None:
    path = tmp_path / "square.py"
    path.write_text(CLAIM_FILE.replace("{middle}", middle).replace("{covers}", ""))
    (claim,) = verify(str(path)).claims
    assert claim.verdict is verdict
    assert [mutant.outcome for mutant in claim.mutants] == [MutantOutcome.REFUTED]


def test_a_lemma_that_fails_refutes_no_mutant(tmp_path: Path) -> None:
    path = tmp_path / "square.py"
    # The runner itself cannot evaluate statements about a named quantity.
    named = CLAIM_FILE.replace("mutants=(Mutant", 'names={"x": "a quantity"},\n    mutants=(Mutant')
    path.write_text(named.replace("{middle}", "2").replace("{covers}", 'covers="lemma"'))
    (claim,) = verify(str(path)).claims
    assert claim.verdict is Verdict.INCONCLUSIVE
    assert [mutant.outcome for mutant in claim.mutants] == [MutantOutcome.SURVIVED]
