"""The same seed gives the same random cases for any number of jobs, in any order and beside other claims."""

from __future__ import annotations

import json
import os

import pytest

from early_alignment import InputError, verify
from early_alignment.proofs_check.verify import backends
from early_alignment.proofs_check.verify.verification import Stopped

DRAWS = """
@property_check(st.lists(st.one_of(st.integers(-10**9, 10**9), st.floats(-10**6, 10**6)), max_size=9), quick=150)
def drawn(statement, x):
    power = statement["power"]
    if power == 3:
        return Margin(1, 0, "so that the mutant is refuted")
    mixed = sum(place * value for place, value in enumerate(x, 1))
    return Margin(abs(math.sin(1e3 * mixed)), 1, "the worst case tells which cases were drawn", {"x": x})
"""
OTHER = DRAWS.replace("1e3", "777777.5")


def evidence(*files: str, jobs: int) -> dict[str, str]:
    """Everything that is reported of the evidence, except the time it took, by claim."""
    found = {}
    for claim in verify(*files, jobs=jobs, seed=7).to_json()["claims"]:
        pieces = [{**piece, "seconds": None} for piece in claim["evidence"]]
        found[claim["id"]] = json.dumps(pieces, sort_keys=True)
    return found


def test_cases_do_not_depend_on_jobs_or_on_other_claims(claim_file):
    one, two = claim_file(DRAWS, id="test.one"), claim_file(OTHER, id="test.two")
    together = evidence(one, two, jobs=2)
    assert evidence(two, one, jobs=1) == together
    assert evidence(one, jobs=1)["test.one"] == together["test.one"]
    assert together["test.one"] != together["test.two"]


HERE = """
import os
@property_check(st.just(1), quick=1)
def here(statement, x):
    return Margin(statement["power"] - 2 + (os.getpid() != {number}), 0, "where it runs")
"""


def test_the_sequential_back_end_runs_checks_in_this_process(claim_file):
    file = claim_file(HERE.format(number=os.getpid()))
    assert verify(file, backend="sequential").good
    assert not verify(file).good


def test_a_module_in_the_folder_is_all_that_a_back_end_needs(claim_file, tmp_path, monkeypatch):
    (tmp_path / "idle.py").write_text("def run_jobs(jobs, settings, finished):\n    assert list(jobs)\n")
    monkeypatch.setattr(backends, "__path__", [*backends.__path__, str(tmp_path)])
    assert verify(claim_file(), backend="idle").unfinished == ("test.squares",)


@pytest.mark.parametrize("options", [{"backend": "nowhere"}, {"jobs": 2}, {"timeout": 1.0}])
def test_what_the_sequential_back_end_cannot_do_is_refused(claim_file, options):
    with pytest.raises(InputError):
        verify(claim_file(), **{"backend": "sequential"} | options)


def test_an_interrupt_ends_the_sequential_back_end(claim_file):
    file = claim_file("@property_check(st.just(1), quick=1)\ndef raised(statement, x):\n    raise KeyboardInterrupt\n")
    with pytest.raises(Stopped):
        verify(file, backend="sequential")
