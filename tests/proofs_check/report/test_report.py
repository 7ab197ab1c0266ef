"""The printed report: everything is there at 80 columns, plain when piped, and the dependency graph is drawn."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from early_alignment import Verification
from early_alignment.proofs_check.claim.evidence import Covers, EvidenceKind, Outcome
from early_alignment.proofs_check.claim.results import (
    ClaimReport,
    Counterexample,
    EvidenceResult,
    MarginReport,
    MutantOutcome,
    MutantResult,
    Verdict,
)
from early_alignment.proofs_check.report.verdicts import hanging, print_report
from early_alignment.proofs_check.verify.baseline import BaselineChanges


def claim(name: str, verdict: Verdict, evidence: EvidenceResult, uses: tuple[str, ...] = ()) -> ClaimReport:
    mutants = (MutantResult("m", MutantOutcome.REFUTED), MutantResult("n", MutantOutcome.SURVIVED))
    reason = None if verdict is Verdict.PROVED else "because of " + "long words " * 20
    return ClaimReport(
        name, "a title", "x", (), "", "", False, verdict, reason, ("symbolic",), uses, (evidence,), mutants
    )


PASSED = EvidenceResult("derived", EvidenceKind.SYMBOLIC, Covers.STATEMENT, Outcome.PASSED)
FAILED = EvidenceResult(
    "drawn",
    EvidenceKind.PROPERTY,
    Covers.INSTANCE,
    Outcome.FAILED,
    margin=MarginReport(2.0, 1.0, 2.0, "planted"),
    reason="measured 2, allowed 1",
    counterexample=Counterexample("[red](1, 2)[/red]", "print(replay('a.b', 'drawn', (1, 2)))"),
)


@pytest.mark.parametrize("width", [80, 120])
def test_the_report_contains_every_part_of_a_verdict(width):
    run = Verification(
        (
            claim("alignment.correlation-monotone", Verdict.PROVED, PASSED),
            claim("flow.energy", Verdict.REFUTED, FAILED, ("alignment.correlation-monotone",)),
        ),
        {"level": "quick", "seed": 0},
    )
    stream = io.StringIO()
    print_report(run, Console(file=stream, width=width, color_system=None), BaselineChanges(("worse",), ("other",)))
    text = stream.getvalue()
    assert "\x1b" not in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    for expected in (
        *("alignment.correlation-monotone", "refuted", "1/2", "property", "(instance)", "FAILED"),
        *("counterexample: [red](1, 2)[/red]", "\nprint(replay('a.b', 'drawn', (1, 2)))\n", "lowered: worse"),
        *("changed: other", "2 claims: 1 proved, 1 refuted", "level quick, seed 0"),
        "  flow.energy  refuted\n      alignment.correlation-monotone  proved\n",
    ):
        assert expected in text, expected


def test_wrapped_lines_stay_indented():
    assert hanging("  relation " + "x " * 20, 30).plain.splitlines()[:2] == [
        "    relation x x x x x x x x x",
        "      x x x x x x x x x x x",
    ]
