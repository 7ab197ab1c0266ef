"""Statements that are not relations: their LaTeX is made from the parameters that the evidence reads."""

from __future__ import annotations

import pickle
import re
from fractions import Fraction

import pytest
import sympy

from early_alignment import Claim, Mutant, Predicate, Relations, Source
from early_alignment.proofs_check.claim import registry
from early_alignment.proofs_check.claim.evidence import Outcome
from early_alignment.proofs_check.claim.reading import under
from early_alignment.proofs_check.claim.statement import statement_fingerprint, statement_latex
from early_alignment.proofs_check.kinds.model_points import Example
from early_alignment.proofs_check.kinds.points import run_points

CLAIMS = {item.claim.id: item.claim for item in map(registry.load, registry.built_in_references().values())}
PREDICATES = {name: claim for name, claim in CLAIMS.items() if isinstance(claim.statement, Predicate)}


@pytest.mark.parametrize("claim_id", PREDICATES)
def test_whatever_a_mutant_changes_shows_in_the_latex(claim_id):
    statement = PREDICATES[claim_id].statement
    for mutant in PREDICATES[claim_id].mutants:
        assert mutant.statement.latex != statement.latex
        changed = {
            name: value for name, value in mutant.statement.parameters.items() if value != statement.parameters[name]
        }
        assert changed
        for name, value in changed.items():
            assert statement.altered(**{name: value}).latex != statement.latex, name


@pytest.mark.parametrize("claim_id", PREDICATES)
def test_predicates_can_be_pickled(claim_id):
    statement = PREDICATES[claim_id].statement
    assert statement_fingerprint(pickle.loads(pickle.dumps(statement))) == statement_fingerprint(statement)


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_no_word_is_set_as_a_product_of_letters(claim_id):
    r"""Words stand upright, in `\text`, `\mathrm` or `\operatorname`, or are commands of LaTeX."""
    for statement in (CLAIMS[claim_id].statement, *(mutant.statement for mutant in CLAIMS[claim_id].mutants)):
        latex = statement_latex(statement)
        assert "||" not in latex
        rest = re.sub(r"\\(text|mathrm|operatorname)\{[^{}]*\}|\\[A-Za-z]+", " ", latex)
        assert not re.findall(r"[A-Za-z]{3,}|[A-Za-z]_\{?[A-Za-z]{2,}", rest)


def test_values_print_themselves():
    half, eta = sympy.Rational(1, 2), sympy.Symbol("eta")
    parameters = {"below": half, "bound": 2 / eta, "point": (Fraction(1, 3), (1, -2)), "power": 2}
    statement = Predicate("p", r"\eta < $below, x^$power \le $bound, x \ne $point", parameters)
    assert statement.latex == r"\eta < 1/2, x^2 \le \frac{2}{\eta}, x \ne (1/3, (1, -2))"
    assert statement.altered(power=3)["power"] == 3
    assert "x^3" in statement.altered(power=3).latex


def test_choices_print_their_latex():
    words = {"limit": {"fit": r"L \to L^*", "labels": r"L \to 0"}, "kinds": " or ".join}
    statement = Predicate("p", r"\text{$kinds}: $limit", {"limit": "fit", "kinds": ("a", "b")}, words)
    assert statement.latex == r"\text{a or b}: L \to L^*"
    assert statement.altered(limit="labels").latex == r"\text{a or b}: L \to 0"
    with pytest.raises(ValueError, match="no LaTeX for 'nothing'"):
        _ = statement.altered(limit="nothing").latex
    with pytest.raises(KeyError, match="no parameter named 'limits'"):
        statement.altered(limits="labels")


@pytest.mark.parametrize(
    ("template", "parameters", "words", "message"),
    [
        ("x", {"power": 2}, {}, "write .name in the LaTeX"),
        ("x^$power", {}, {}, "placeholders ..power"),
        ("x^$power", {"power": 2}, {"powers": {2: "2"}}, "are not parameters"),
    ],
)
def test_a_template_and_its_parameters_must_agree(template, parameters, words, message):
    with pytest.raises(ValueError, match=message):
        Predicate("p", template, parameters, words)


def test_a_boolean_parameter_needs_latex():
    with pytest.raises(ValueError, match="True cannot be printed as LaTeX"):
        _ = Predicate("p", "$live", {"live": True}).latex


x = sympy.Symbol("x", real=True)
GROWS = Relations({"square": x**2 >= x}, hypotheses={"large": x >= 1})
DROPPED = GROWS.altered(large=sympy.true)


def claim_that_grows(**changes):
    fields = {
        "id": "mine.grows",
        "title": "A square exceeds its root",
        "kind": "inequality",
        "statement": GROWS,
        "hypotheses": ("x is a number",),
        "scope": "all",
        "source": Source("none", "none", "none"),
        "needs": ("symbolic",),
        "mutants": (Mutant("everywhere", DROPPED, "x = 1/2"),),
    }
    return Claim(**(fields | changes))


def test_hypotheses_of_a_statement_are_no_part_of_what_it_claims():
    claim = claim_that_grows()
    assert claim.statement.latex == Relations({"square": x**2 >= x}).latex
    assert claim.hypotheses == ("x is a number", "large: x >= 1")
    assert "x >= 1" in under(claim)
    assert claim.statement["large"] == (x >= 1)
    assert statement_fingerprint(GROWS) != statement_fingerprint(DROPPED)


def test_assumptions_on_named_quantities_are_shown():
    size, count = sympy.Symbol("S", positive=True), sympy.Symbol("N", integer=True)
    time, matrix = sympy.Function("T", nonnegative=True)(x), sympy.MatrixSymbol("A", 2, 2)
    names = {"S": "a size", "N": "a number of roots", "T(x)": "a time", "A": "a matrix", "u": "a vector"}
    relations = {
        "one": size + count >= time,
        "two": sympy.Eq(matrix, 2 * matrix, evaluate=False),
        "three": sympy.Symbol("u") > 0,
    }
    shown = under(claim_that_grows(statement=Relations(relations), names=names))
    assert set(shown) >= {"S: a size (> 0)", "N: a number of roots (real, an integer)", "T(x): a time (>= 0)"}
    assert set(shown) >= {"A: a matrix", "u: a vector"}


def test_a_statement_is_tried_where_its_own_hypotheses_hold():
    claim = claim_that_grows()
    assert run_points(claim, GROWS, "quick")["outcome"] is Outcome.PASSED
    assert run_points(claim, DROPPED, "quick")["outcome"] is Outcome.FAILED
    contradictory = GROWS.altered(large=x**2 < 0)
    assert run_points(claim, contradictory, "quick")["outcome"] is Outcome.UNDECIDED


def test_examples_outside_the_hypotheses_of_a_statement_are_passed_over():
    claim = claim_that_grows(
        names={"x": "a number of the model"},
        examples=lambda source: Example({"x": source.choice((sympy.Rational(1, 2), 2))}),
    )
    found = run_points(claim, GROWS, "quick")
    assert found["outcome"] is Outcome.PASSED
    assert 0 < found["cases"] < 12
    assert run_points(claim, DROPPED, "quick")["outcome"] is Outcome.FAILED
    nowhere = run_points(claim, GROWS.altered(large=x >= 3), "quick")
    assert nowhere["outcome"] is Outcome.UNDECIDED
    assert "no example" in nowhere["reason"]


def test_names_of_relations_and_hypotheses_are_kept_apart():
    with pytest.raises(ValueError, match="'square' names a relation and a hypothesis"):
        Relations({"square": x > 0}, {"square": x > 1})
    with pytest.raises(KeyError, match="no relation named 'larger'"):
        GROWS.altered(larger=sympy.true)
