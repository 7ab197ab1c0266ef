"""Statements about quantities of the model, and their mutants, at exact examples of the model."""

from __future__ import annotations

import random

import pytest
import sympy

from early_alignment import Predicate
from early_alignment.proofs_check.cases import network_examples
from early_alignment.proofs_check.claim.evidence import Outcome
from early_alignment.proofs_check.claim.reading import read, relations_of
from early_alignment.proofs_check.claim.registry import built_in_references, load
from early_alignment.proofs_check.kinds.model_points import Example, Untried, certainly_false
from early_alignment.proofs_check.kinds.points import run_points
from early_alignment.theory.formal.vectors import Inner

CLAIMS = {name: load(reference).claim for name, reference in built_in_references().items()}
STATED = {name: claim for name, claim in CLAIMS.items() if not isinstance(claim.statement, Predicate)}
LIMITS_ONLY = {"alignment.rate", "early.escape-time", "bias.orthogonal-limit"}
"""Claims whose relations are all limits: no single example decides one."""


def test_every_relation_except_limits_is_evaluated():
    assert {name for name, claim in STATED.items() if claim.examples is None} == LIMITS_ONLY
    for name in LIMITS_ONLY:
        assert all(relation.has(sympy.Limit) for relation in relations_of(STATED[name].statement).values())


@pytest.mark.parametrize("name", sorted(set(STATED) - LIMITS_ONLY))
def test_a_statement_holds_at_examples_of_the_model(name):
    claim = STATED[name]
    found = run_points(claim, claim.statement, "quick")
    assert found["outcome"] is Outcome.PASSED, found


@pytest.mark.parametrize("name", sorted(set(STATED) - LIMITS_ONLY - {"flow.reduction"}))
def test_a_false_neighbour_fails_at_an_example(name):
    claim = STATED[name]
    outcomes = [run_points(claim, mutant.statement, "quick")["outcome"] for mutant in claim.mutants]
    assert Outcome.FAILED in outcomes


@pytest.mark.parametrize("name", sorted(set(STATED) - LIMITS_ONLY))
def test_each_evaluated_equation_is_refuted_when_altered(name):
    """Every equation with a value is refuted when its right side is doubled, or 0 replaced by 1."""
    claim = STATED[name]
    examples = [claim.examples(random.Random(seed)) for seed in range(12)]
    for relation in (relations_of(claim.statement)[key] for key in read(claim, claim.statement).named):
        if not isinstance(relation, sympy.Eq) or relation.has(sympy.Limit):
            continue
        left, right = relation.args
        zero = right == 0 or getattr(right, "is_ZeroMatrix", False)
        if zero and getattr(right, "is_ZeroMatrix", False):
            continue
        altered = sympy.Eq(left, sympy.S.One if zero else 2 * right, evaluate=False)
        try:
            values = [certainly_false(altered, example) for example in examples]
        except Untried:
            continue
        assert any(values), relation


def test_a_vector_is_compared_by_its_components():
    u, v, s = sympy.symbols("u v s")
    example = Example({"u": (1, 2), "v": (2, 4), "s": 2}, {"u": (1, 1)})
    assert not certainly_false(sympy.Eq(v, s * u, evaluate=False), example)
    assert certainly_false(sympy.Eq(v, u, evaluate=False), example)
    rate = sympy.Derivative(Inner(u, v), sympy.Symbol("t"))
    assert not certainly_false(sympy.Eq(rate, 6, evaluate=False), example)
    assert certainly_false(sympy.Eq(rate, 5, evaluate=False), example)
    with pytest.raises(Untried):
        certainly_false(sympy.Eq(u, sympy.Symbol("w"), evaluate=False), example)


def test_floats_are_not_accepted_as_values():
    with pytest.raises(TypeError, match="exact"):
        certainly_false(sympy.Eq(sympy.Symbol("s"), 1, evaluate=False), Example({"s": 0.5}))


def test_a_network_moves_down_its_gradient():
    """The velocity, from differences of the loss, beside a D and <w, D> from the definition of the drift."""
    net = network_examples.random_network(random.Random(3))
    for j, (w, a) in enumerate(net.neurons):
        drift = net.drift(j)
        assert net.velocity(j) == (
            tuple(a * value for value in drift),
            sum(p * q for p, q in zip(w, drift, strict=True)),
        )
