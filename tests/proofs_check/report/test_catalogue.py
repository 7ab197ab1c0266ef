"""What `list` and `show` say about claims."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from early_alignment import Predicate
from early_alignment.proofs_check.claim.registry import built_in_references, file_reference, load
from early_alignment.proofs_check.report.catalogue import claim_json, published, statement_lines, to_json
from early_alignment.proofs_check.report.catalogue_text import print_catalogue, print_claim
from early_alignment.theory.formal.derivation import Derivation


@pytest.mark.parametrize("claim_id", built_in_references())
def test_every_built_in_claim_can_be_shown(claim_id):
    item = load(built_in_references()[claim_id])
    stream = io.StringIO()
    print_claim(claim_json(item), Console(file=stream, width=100, color_system=None))
    text = stream.getvalue()
    neighbours = "true neighbours, which must pass" if item.claim.expected else "mutants that must not pass"
    for part in ("statement", "in LaTeX", "scope", "source", "evidence (needs", neighbours):
        assert f"\n{part}" in text
    assert ("derivation:" in text) == bool(item.derivations)
    assert all(isinstance(derivation, Derivation) for derivation in item.derived())
    document = json.loads(json.dumps(claim_json(item), allow_nan=False))
    assert len(document["derivations"]) == len(item.derivations)


def test_a_derivation_may_be_given_as_the_function_that_makes_it(claim_file):
    made = load(built_in_references()["alignment.closed-form"]).derived()[0]
    body = (
        "from early_alignment import claim_module\n"
        "MADE = claim_module('alignment.closed-form').DERIVATIONS[0]\n"
        "DERIVATIONS = (lambda: MADE() if callable(MADE) else MADE, )\n"
        "@property_check(st.integers(1, 9), quick=5)\ndef even(statement, x):\n    return Margin(0, 1, 'x')\n"
    )
    assert [entry.title for entry in load(file_reference(claim_file(body))).derived()] == [made.title]


def test_the_catalogue_by_theorem_names_every_claim_once_below_its_theorem():
    claims = [load(reference).claim for reference in built_in_references().values()]
    stream = io.StringIO()
    print_catalogue(to_json(claims)["claims"], Console(file=stream, width=300, color_system=None), by_theorem=True)
    lines = stream.getvalue().splitlines()
    for claim in claims:
        (row,) = [number for number, line in enumerate(lines) if line.startswith(f"  {claim.id}  ")]
        heading = next(line for line in reversed(lines[:row]) if line and not line.startswith(" "))
        assert heading == published(claim.source)


def test_a_predicate_reads_as_words():
    parameters = {"seen_by": (1, -1), "growth": {"dead": 0}, "copy": 2**-0.5, "hypothesis": "|a| >= ||w||"}
    assert statement_lines(Predicate("fates", "$seen_by $growth $copy $hypothesis", parameters)) == [
        "fates",
        "  seen by: 1, -1",
        "  growth: dead 0",
        "  copy: 0.707107",
        "  hypothesis: |a| >= ||w||",
    ]
