"""Published statements that are false as printed: counterexamples by hand, and refutations that can fail."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational

from early_alignment import Dataset, Network, Problem, Run, claim_module, simulate, verify
from early_alignment.proofs_check.claim import registry
from early_alignment.proofs_check.kinds.certified import judged
from early_alignment.proofs_check.measure.published import lemma_8, theorem_1, theorem_2
from early_alignment.theory.positivity.algebraic import Root
from early_alignment.theory.spurious import assumption_five
from early_alignment.theory.spurious.every_start import cone_condition

QUICK = Run("quick", np.random.default_rng(0))
PRINTED = [
    claim
    for claim, reference in registry.built_in_references().items()
    if registry.load(reference).claim.expected == "refuted"
]


def statement_of(claim):
    return claim_module(claim).CLAIM.statement


def test_every_statement_that_is_false_as_printed_is_repaired_by_a_claim_that_is_not():
    assert {"published.lemma-8", "published.theorem-1", "published.theorem-2"} <= set(PRINTED)
    for claim in PRINTED:
        repaired = claim_module(claim).CLAIM.repaired
        assert not claim_module(repaired).CLAIM.expected


@pytest.mark.slow
def test_they_are_refuted_and_their_true_neighbours_accepted():
    run = verify("published")
    assert run.good
    for report in run.claims:
        if report.id in PRINTED:
            assert (report.verdict, report.good) == ("refuted", True)
            assert {mutant.outcome for mutant in report.mutants} == {"accepted"}
            assert not replace(report, expected="").good


def assumption_five_holds(inputs, labels, own):
    """Both sides, squared, for k = 1; `own`: the first sum also over k itself, as printed."""
    squares = sum(y * y for y in labels) - (0 if own else labels[0] ** 2)
    products = [sum(a * b for a, b in zip(inputs[0], x, strict=True)) for x in inputs]
    return (labels[0] * products[0]) ** 2 > squares * (products[1] ** 2 + products[2] ** 2)


def test_the_example_against_assumption_5_by_hand():
    inputs = ((F(-9, 10), F(1)), (F(-1, 10), F(11, 10)), (F(9, 10), F(11, 10)))
    labels = (F(1), F(1, 10), F(11, 10))
    assert not assumption_five_holds(inputs, labels, own=True)
    assert assumption_five_holds(inputs, labels, own=False)
    assert (F(181, 100)) ** 2 == F(32761, 10000) < F(832611, 250000)


@given(st.integers(0, 2**32), st.sampled_from(("all", "others")))
def test_assumption_5_holds_at_random_data_below_its_constant(seed, labels):
    rng = np.random.default_rng(seed)
    largest = F(97, 1000) if labels == "all" else F(176, 1000)
    eta = largest * F(int(rng.integers(1, 101)), 100)
    low = [-1, 1, -eta, 1 - eta, 1 - eta, 1, 1, 0, 1]
    high = [-1 + eta, 1 + eta, eta, 1 + eta, 1, 1 + eta, 1 + eta, eta, 1 + eta]
    place = [u + (v - u) * F(int(rng.integers(1, 100)), 100) for u, v in zip(low, high, strict=True)]
    inputs = ((place[0], place[1]), (place[2], place[3]), (place[4], place[5]))
    assert assumption_five_holds(inputs, place[6:], own=labels == "all")


@pytest.mark.parametrize(
    ("root", "value"),
    [
        (assumption_five.LARGEST["all"], 0.0976541304678),
        (assumption_five.LARGEST["others"], 0.176104508013541),
        (cone_condition.LARGEST, 0.198554787131588),
    ],
)
def test_the_constants_are_roots_of_their_polynomials(root, value):
    numbers = np.roots([float(c) for c in root.coefficients])
    assert np.min(np.abs(numbers - value)) < 1e-12
    assert abs(float(root.decimal(12)) - value) < 1e-12


def test_an_example_outside_the_range_of_eta_refutes_nothing():
    printed = statement_of("published.lemma-8")
    assert lemma_8.printed_example(printed).counterexample is not None
    small = printed.altered(largest=Root.rational(Rational(1, 20)))
    assert lemma_8.printed_example(small).counterexample is None


def test_a_time_at_which_the_neuron_may_have_left_its_cell_refutes_nothing():
    printed = statement_of("published.theorem-1")
    assert judged(theorem_1.first_cell(printed, F(1, 200)))["outcome"] == "failed"
    assert judged(theorem_1.first_cell(printed, F(1, 2)))["outcome"] == "error"


def test_the_neuron_of_theorem_1_is_where_the_counterexample_says():
    data, scale = Dataset.published("three-points"), 1e-2
    network = Network(np.array([scale]), scale * np.array([[-4 / 5, -29 / 50]]))
    early = simulate(Problem(data), network, 1 / 200, times=[1 / 200])
    assert (early.w[0] @ data.X.T > 0).tolist() == [True, False, False]
    tau = 0.25 * np.log(1 / scale) / 0.7149689194  # (21) allows 0.0139787 for epsilon = 1/4
    late = simulate(Problem(data), network, tau, times=[tau])
    active = late.w[0] @ data.X.T > 0
    assert active.tolist() == [True, True, False]
    drift = (active * data.y) @ data.X / 3
    np.testing.assert_allclose(drift, [-7 / 24, 2 / 5], rtol=1e-15)


def test_the_neuron_of_theorem_2_ends_nowhere_near_the_fit():
    data = Dataset.published("three-points")
    end = simulate(Problem(data), Network(np.array([-1e-3]), np.array([[0.0, 1e-3]])), 200.0)
    assert end.outputs.max() <= 0 < min(data.X @ np.array([-4 / 65, 251 / 390]))
    assert theorem_2.one_neuron(statement_of("spurious.limit")).counterexample is None
