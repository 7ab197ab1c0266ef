"""The runner: a process for each piece of evidence, what becomes of those that end early, and the order of mutants."""

from __future__ import annotations

import pytest

from early_alignment import verify
from early_alignment.proofs_check.claim.evidence import Outcome
from early_alignment.proofs_check.claim.results import MutantOutcome

COUNTED = """
import functools
@functools.cache
def measured():
    open({path!r}, "a").write("x")
    return 1.0
@scaling()
def fitted(statement, run):
    return Margin(measured() * (statement["power"] - 2), 0, "x")
"""
ORDERED = """
@property_check(st.just(1), quick=1)
def dear(statement, x):
    open({path!r}, "a").write(f"property {{statement['power']}} ")
    return Margin(statement["power"] - 2, 0, "x")
@scaling()
def cheap(statement, run):
    open({path!r}, "a").write(f"scaling {{statement['power']}} ")
    return Margin(statement["power"] - 2, 0, "x")
"""
DYING = """
@scaling()
def dies(statement, run):
    if statement["power"] == {power}:
        {end}
    return Margin(statement["power"] - 2, 0, "x")
"""


def test_work_independent_of_the_statement_is_done_once(claim_file, tmp_path):
    log = tmp_path / "log"
    run = verify(claim_file(COUNTED.format(path=str(log)), needs=("scaling",)))
    assert run.good
    assert log.read_text() == "x"


def test_a_refuted_mutant_is_not_given_to_more_expensive_evidence(claim_file, tmp_path):
    log = tmp_path / "log"
    assert verify(claim_file(ORDERED.format(path=str(log)))).good
    assert log.read_text() == "scaling 2 scaling 3 property 2 "


@pytest.mark.parametrize("end", ["os._exit(0)", "os._exit(5)", "os.kill(os.getpid(), 9)"])
def test_a_process_that_ends_loses_one_result_and_not_those_after_it(end, claim_file):
    run = verify(claim_file(DYING.format(power=2, end=end), needs=("scaling",)))
    (claim,) = run.claims
    assert claim.evidence[0].outcome is Outcome.ERROR
    assert "ended without a result" in claim.evidence[0].reason
    assert claim.mutants[0].outcome is MutantOutcome.REFUTED


def test_a_mutant_out_of_time_is_an_error_and_the_statement_keeps_its_result(claim_file):
    run = verify(claim_file(DYING.format(power=3, end="time.sleep(60)"), needs=("scaling",)), timeout=1.5)
    (claim,) = run.claims
    assert claim.evidence[0].outcome is Outcome.PASSED
    assert claim.mutants[0].outcome is MutantOutcome.ERROR
    assert "more than 1.5 s" in claim.mutants[0].reason
