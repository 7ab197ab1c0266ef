"""`proofs-check sharpen` and the claim behind it: both sides, JSON, refusals, and every constant altered."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from sympy import Rational

from early_alignment import Run
from early_alignment.proofs_check.claim import registry
from early_alignment.proofs_check.claims.spurious import sharp_constants as claim
from early_alignment.proofs_check.commands.application import run
from early_alignment.proofs_check.sharp import constants
from early_alignment.theory.positivity.algebraic import Root
from early_alignment.theory.positivity.prover import Bernstein
from early_alignment.theory.spurious import first_failures as failures
from early_alignment.theory.spurious import sharp
from early_alignment.theory.spurious import three_points as points

RUN = Run("quick", np.random.default_rng(0))
BOUNDED = tuple(failures.FAILURES)
BELOW, BEYOND = claim.each_inequality_holds_up_to_its_constant, claim.each_inequality_fails_beyond_its_constant


@pytest.fixture(scope="module")
def document() -> dict:
    return json.loads(json.dumps(constants.to_json("spurious.sharp-constants", constants.sharp_constants())))


def test_the_json_has_every_inequality_with_both_sides(document, capsys, tmp_path):
    target = tmp_path / "constants.json"
    assert run(["sharpen", "spurious.sharp-constants", "--json", str(target)]) == 0
    printed = capsys.readouterr().out
    assert json.loads(target.read_text()) == document
    assert (document["schema"], document["id"]) == (1, "spurious.sharp-constants")
    names = [entry["inequality"] for entry in document["constants"]]
    assert names == [*points.inequalities(), "all of them"]
    for entry in document["constants"]:
        assert list(entry) == ["inequality", "largest", "decimal", "attained", "below", "above"]
        assert entry["inequality"] in printed
        assert (entry["largest"] == "oo") is (entry["decimal"] is None) is (entry["above"] is None)
    exact = {entry["inequality"]: (entry["largest"], entry["attained"]) for entry in document["constants"]}
    assert exact["all of them"] == exact["r_1 > 0"] == ("1/3", False)
    assert exact["r_2 < 0"] == ("3/2 - sqrt(5)/2", False)
    assert exact["<x_1, x_2> > 0"] == ("1/2", True)
    assert exact["<beta*, x_1> > 0"] == ("the root of eta^4 + 4*eta^3 + 6*eta^2 - 7 in [1/2, 1]", True)


def test_the_counterexamples_of_the_json_are_in_the_box_and_within_a_trillionth(document):
    """Read back as fractions and put into T(eta) as written here, and into residuals by the minors."""
    for entry in document["constants"]:
        if entry["above"] is None:
            continue
        eta = Fraction(entry["above"]["eta"])
        (p1, q1), (p2, q2), (p3, q3) = (map(Fraction, point) for point in entry["above"]["x"])
        y1, y2, y3 = map(Fraction, entry["above"]["y"])
        assert Fraction(entry["decimal"]) < eta <= Fraction(entry["decimal"]) + Fraction(1, 10**12)
        assert -1 < p1 <= -1 + eta
        assert -eta <= p2 <= eta
        assert 1 - eta <= p3 < 1
        assert all(1 <= value <= 1 + eta for value in (q1, q3, y1, y3))
        assert 1 - eta <= q2 <= 1 + eta
        assert 0 < y2 <= eta
        if entry["inequality"].startswith("r_"):
            m12, m13, m23 = p1 * q2 - q1 * p2, p1 * q3 - q1 * p3, p2 * q3 - q2 * p3
            numerator = m23 * y1 - m13 * y2 + m12 * y3
            signed = {"r_1 > 0": m23, "r_2 < 0": m13, "r_3 > 0": m12}[entry["inequality"]] * numerator
            assert signed == Fraction(entry["above"]["value"]) <= 0


def test_json_is_the_only_standard_output(document, capsys):
    assert run(["sharpen", "spurious.sharp-constants", "--json", "-"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) == document
    assert captured.err == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["alignment.ode"], "alignment.ode has no constant to sharpen; these claims have some: "),
        (["alignment.ode"], "spurious.sharp-constants"),
        (["spurious.sharp-constant"], "the nearest name is 'spurious.sharp-constants'"),
        (["no/such/file.py"], "there is no claim file"),
        (["spurious.sharp-constants", "--json", "no/such/folder/f.json"], "there is no folder"),
    ],
)
def test_refusals_are_one_sentence(arguments, words, capsys):
    assert run(["sharpen", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1


def test_help_has_an_example(capsys):
    assert run(["sharpen", "--help"]) == 0
    assert "proofs-check sharpen spurious.sharp-constants" in capsys.readouterr().out


def test_any_claim_file_can_offer_constants(capsys, monkeypatch):
    module = registry.claim_module("spurious.geometry")
    monkeypatch.setattr(module, "SHARPEN", constants.sharp_constants, raising=False)
    assert run(["sharpen", "spurious.geometry", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["id"] == "spurious.geometry"
    assert found["constants"][-1]["largest"] == "1/3"
    assert "spurious.geometry" in constants.ids_with_constants()


def test_a_reader_s_claim_file_can_offer_constants(claim_file, capsys):
    body = """
from early_alignment.proofs_check.sharp.constants import NotSharp, SharpConstant

def SHARPEN():
    return (SharpConstant("x^2 < 4", "2", "2.000000000000", False, "x^2 grows", {"eta": "3", "x": []}),)

@property_check(st.integers(1, 10), quick=1, full=1)
def even(statement, x):
    return Margin(0, 0, "nothing", {})
"""
    path = claim_file(body)
    assert run(["sharpen", path]) == 0
    assert "x^2 < 4" in capsys.readouterr().out
    undecided = claim_file(body.replace("return (S", "raise NotSharp('too hard')\n    return (S"), id="test.hard")
    assert run(["sharpen", undecided]) == 1
    captured = capsys.readouterr()
    assert captured.err == "proofs-check: a constant of test.hard is not decided: too hard\n"


def test_a_constant_that_fails_its_check_is_exit_code_1(monkeypatch, capsys):
    monkeypatch.setattr(constants, "CONSTANTS", {"r_1 > 0": sharp.Claimed(Root.rational(Rational(34, 100)), False)})
    assert run(["sharpen", "spurious.sharp-constants"]) == 1
    assert "r_1 > 0 fails" in capsys.readouterr().err


def test_the_statement_passes_and_its_latex_names_every_inequality():
    assert BELOW.check(claim.STATEMENT, RUN).counterexample is None
    assert BELOW.check(claim.STATEMENT, RUN).undecided is None
    certificate = BEYOND.check(claim.STATEMENT, RUN)
    assert (certificate.counterexample, certificate.undecided, certificate.cases) == (None, None, 31)
    assert claim.STATEMENT.latex.count(r"\iff") == 11
    assert claim.STATEMENT.latex.count("> 0") - 1 + claim.STATEMENT.latex.count("r_2 < 0") == 31


@pytest.mark.parametrize("name", BOUNDED)
def test_a_larger_constant_is_refuted_by_exact_data(name):
    """For every inequality by itself, and at 1e-9: data in T(eta) for an eta that the enlarged claim allows."""
    larger = claim.enlarged(claim.CONSTANTS[name])
    with pytest.raises(constants.NotSharp) as stopped:
        constants.holds_up_to(name, larger)
    where = stopped.value.where
    assert where["inequality"] == name
    assert where["eta"] <= larger.largest.low if larger.attained else where["eta"] < larger.largest.low
    assert where["value"] <= 0


@pytest.mark.parametrize("name", BOUNDED)
def test_a_smaller_constant_is_refuted_by_a_proof_beyond_it(name):
    smaller = claim.enlarged(claim.CONSTANTS[name], -Rational(1, 100))
    with pytest.raises(constants.NotSharp) as stopped:
        constants.fails_beyond(name, smaller)
    assert "yet it is proved for all eta up to" in stopped.value.where


@pytest.mark.parametrize("name", BOUNDED)
def test_a_wrong_attained_is_refuted(name):
    true = claim.CONSTANTS[name]
    wrong = replace(true, attained=not true.attained)
    check = constants.holds_up_to if wrong.attained else constants.fails_beyond
    with pytest.raises(constants.NotSharp) as stopped:
        check(name, wrong)
    where = stopped.value.where
    assert where is not None
    assert ("yet it is proved at eta" in where) if true.attained else (where["eta"] == true.largest)


@pytest.mark.z3
def test_an_inequality_that_always_holds_has_no_largest_eta_and_no_other_lacks_one():
    always = "<D_{1}, x_1> > 0"
    with pytest.raises(constants.NotSharp) as stopped:
        constants.fails_beyond(always, sharp.Claimed(Root.rational(Rational(7)), True))
    assert stopped.value.where is not None
    for name in BOUNDED:
        with pytest.raises(constants.NotSharp) as stopped:
            constants.holds_up_to(name, sharp.Claimed(None, False))
        assert stopped.value.where is not None, name


def test_a_box_that_does_not_grow_decides_nothing(monkeypatch):
    monkeypatch.setattr(constants, "ranges_grow", lambda: False)
    with pytest.raises(constants.NotSharp, match="does not grow"):
        constants.holds_up_to("r_1 > 0", claim.CONSTANTS["r_1 > 0"])


def test_a_value_that_is_only_known_to_be_nonnegative_is_not_positive(monkeypatch):
    claimed = sharp.Claimed(Root.rational(Rational(1, 2)), False)
    touching = points.inputs[1][0] + points.eta  # p_2 + eta is 0 at the closed end
    monkeypatch.setattr(constants, "steps_for", lambda name: (Bernstein(name, touching),))
    monkeypatch.setattr(points, "inequalities", lambda: {"touching": touching})
    with pytest.raises(constants.NotSharp, match="only >= 0 is proved"):
        constants.holds_up_to("touching", claimed)
