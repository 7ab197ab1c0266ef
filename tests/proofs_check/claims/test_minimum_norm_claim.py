"""The checks of bias.minimum-norm, one by one: each refutes its mutants, and reports when it cannot run."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, Run, Unavailable
from early_alignment.numerics.interpolation import least, program
from early_alignment.numerics.interpolation.cells import find_cells
from early_alignment.numerics.interpolation.certificate import check
from early_alignment.proofs_check.claims.bias import minimum_norm as claim_file
from early_alignment.proofs_check.measure.bias.minimum_norm import _bracket

STATEMENT = claim_file.CLAIM.statement
LEAST, DUAL = (mutant.statement for mutant in claim_file.CLAIM.mutants)


def orthogonal(inputs, labels):
    return claim_file.Orthogonal(Dataset.from_arrays(inputs, labels))


# A 3-4-5 rotation of the axes, one label of each sign; ||S_+||^2 = 4 and ||S_-||^2 = 9/25.
CASE = orthogonal([[Fraction(3, 5), Fraction(4, 5)], [4, -3]], [2, -3])


def margin(evidence, statement, case):
    """The margin of one case, drawn as the runner draws it: `assume` works in a search only."""
    found = []

    @settings(max_examples=1)
    @given(st.just(case))
    def search(drawn):
        found.append(evidence.check(statement, drawn))

    search()
    return found[-1]


def test_the_sums_of_a_case_agree_with_a_calculation_by_hand():
    assert CASE.squared_sizes == (4, Fraction(9, 25))
    assert float(CASE.stated_least(STATEMENT)) == pytest.approx(2.6)
    # S_+ = (3, 4)/5 * 2, S_- = (4, -3)/25 * (-3).
    assert CASE.sums == ((Fraction(6, 5), Fraction(8, 5)), (Fraction(-12, 25), Fraction(9, 25)))


@pytest.mark.cvxpy
@pytest.mark.parametrize(
    ("evidence", "case", "seen"),
    [
        (claim_file.the_convex_program_agrees, CASE, {"least"}),
        (claim_file.two_neurons_attain_it, CASE, {"least"}),
        (claim_file.the_certificate_is_below_the_norm, (CASE, 0), {"least", "dual"}),
    ],
)
def test_each_property_check_refutes_the_mutants_it_covers(evidence, case, seen):
    assert margin(evidence, STATEMENT, case).holds
    mutants = {"least": LEAST, "dual": DUAL}
    assert {name for name, mutant in mutants.items() if not margin(evidence, mutant, case).holds} == seen


@pytest.mark.cvxpy
def test_the_published_toy_refutes_the_mutant():
    evidence, run = claim_file.the_bracket_of_the_published_toy_contains_it, Run("quick", None)
    assert evidence.check(STATEMENT, run).counterexample is None
    assert evidence.check(LEAST, run).counterexample is not None


@pytest.mark.cvxpy
def test_labels_of_one_sign_need_one_neuron():
    case = orthogonal([[1, 1], [1, -1]], [1, 2])
    assert claim_file.two_neurons_attain_it.check(STATEMENT, case).holds
    found = _bracket(case.data)
    assert len(found.a) == 1
    assert found.lower <= (5 / 2) ** 0.5 <= found.upper


def test_without_the_solver_the_program_is_unavailable_and_the_rest_runs(monkeypatch):
    monkeypatch.setattr(program, "find_spec", lambda name: None)
    with pytest.raises(Unavailable, match="extra `convex`"):
        claim_file.the_convex_program_agrees.check(STATEMENT, CASE)
    assert claim_file.two_neurons_attain_it.check(STATEMENT, CASE).holds


@pytest.mark.cvxpy
def test_a_program_without_the_cones_of_its_cells_gives_no_false_bracket(monkeypatch):
    """Its value would be ||S_+ + S_-||, the mutant's; its dual vector proves less than that about networks."""
    real = find_cells

    def without_facets(inputs):
        cells = real(inputs)
        cells.facets[:] = False
        return cells

    monkeypatch.setattr(least, "find_cells", without_facets)
    # The exchange would succeed without the program; without facets to project on it changes nothing.
    monkeypatch.setattr("scipy.optimize.nnls", lambda walls, target, maxiter: (walls[0, :0], sum(target**2) ** 0.5))
    found = least.least_norm(CASE.data)
    check(found.certificate, CASE.data.inputs, CASE.data.labels, Fraction(0))
    assert found.lower <= 2.6 <= found.upper
