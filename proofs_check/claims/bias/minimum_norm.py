"""Theory.md 6.3-6.4: the least norm of an interpolating ReLU network.

Theorem. Let <x_k, x_l> = 0 for k != l, x_k != 0 and y_k != 0. Among ReLU networks of any width that interpolate, the
least value of ||theta||^2/2, which is also the least value of sum_j |a_j| ||w_j||, is

    N_min = ||S_+|| + ||S_-||,  S_+ (S_-) the sum of y_k x_k/||x_k||^2 over y_k > 0 (y_k < 0),

attained by two neurons. It cannot be smaller, because nu_k = y_k/(||S|| ||x_k||^2), with S = S_+ for y_k > 0 and S =
S_- for y_k < 0, satisfies |sum_k nu_k sigma(<w, x_k>)| <= ||w|| for all w, sigma(z) = max(z, 0), and sum_k nu_k y_k =
N_min.

Source: Boursier, Pillaud-Vivien and Flammarion, NeurIPS 2022; Pilanci and Ergen, ICML 2020 (restated).
Proved in SymPy for every dimension and number of points with labels of both signs; for labels of one sign the other
sum is 0, and this case is tested. For other data and for a leak no formula is claimed. For data that are not orthogonal
the convex program of theory.md 6.4 gives bounds from below and above; these bounds, the networks and the certificate
checker are tested.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from ....theory.bias import minimum_norm
from ....theory.bias.minimum_norm import dual, input_norm, label, least, size_minus, size_plus
from ....theory.formal.derivation import Goal, equal
from ...cases import network_examples
from ...cases.bias.minimum_norm import Orthogonal, orthogonal_data
from ...claim.draws import st
from ...claim.evidence import Certificate, Margin, Run, certified, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...known.false_brackets import answers
from ...measure.bias.minimum_norm import (
    convex_program,
    dual_certificate,
    published_bracket,
    rejected_when_altered,
    two_neurons,
)

STATEMENT = Relations(minimum_norm.STATEMENT)
DERIVATIONS = (minimum_norm.derivation,)

CLAIM = Claim(
    id="bias.minimum-norm",
    title="On orthogonal data the least norm of an interpolating ReLU network is ||S_+|| + ||S_-||, by two neurons",
    kind="equality",
    statement=STATEMENT,
    hypotheses=(
        "<x_k, x_l> = 0 for k != l, x_k != 0, y_k != 0; ReLU sigma(z) = max(z, 0)",
        "S_+ (S_-): the sum of y_k x_k/||x_k||^2 over y_k > 0 (y_k < 0)",
        "labels of both signs; for labels of one sign the other sum is 0, and this case is tested",
    ),
    scope="every dimension and number of orthogonal points. For other data and for a leak no formula is claimed; for "
    "data that are not orthogonal the convex program of 6.4 gives bounds from below and above",
    source=Source(
        "Boursier, Pillaud-Vivien & Flammarion, NeurIPS 2022; Pilanci & Ergen, ICML 2020",
        "implicit bias on orthogonal data; convex program over activation patterns",
        "6.3-6.4",
        restated=True,
    ),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "||S_+ + S_-||",
            STATEMENT.altered(least=equal(least, sympy.sqrt(size_plus**2 + size_minus**2))),
            "x = (1, 0), (0, 1), y = (1, -1): any network with these outputs has sum over a_j > 0 of a_j ||w_j|| >= 1, "
            "for sigma(<w, x_1>) <= ||w||, and sum over a_j < 0 >= 1 likewise; sqrt(2) would be the minimum without "
            "the constraints that keep each vector in its cell",
        ),
        Mutant(
            "a dual certificate that is not divided by ||S||",
            STATEMENT.altered(dual=equal(dual, label / input_norm**2)),
            "x = 1, y = 2: nu = 2, and 2 sigma(w) > |w| at w = 1",
        ),
    ),
    depends_on=("flow.equations",),
    names={
        "N_min": "the least ||theta||^2/2, and the least sum_j |a_j| ||w_j||, of networks that interpolate",
        "||S+||": "the norm of S_+",
        "||S-||": "the norm of S_-",
        "||S||": "the norm of S_+ for y_k > 0, of S_- for y_k < 0",
        "nu_k": "the weight of point k in the dual certificate",
        "|sum_k nu_k sigma(<w, x_k>)|": "for any vector w",
        "||w||": "the norm of w",
    },
    examples=network_examples.one_point,
)


@symbolic(timeout=120.0)
def the_network_interpolates_and_the_certificate_bounds_all_others(statement: Relations) -> Iterable[Goal]:
    """The network of S_+ and -S_-, weak duality, Bessel and Cauchy-Schwarz, for symbolic numbers of points."""
    return minimum_norm.goals(statement.relations)


@property_check(orthogonal_data, quick=12, full=250)
def the_convex_program_agrees(statement: Relations, case: Orthogonal) -> Margin:
    """The stated least norm lies in the bracket that the program over all activation patterns proves."""
    return convex_program(statement, case)


@property_check(orthogonal_data, covers="lemma", quick=3, full=40)
def altered_certificates_are_rejected(statement: Relations, case: Orthogonal) -> Margin:
    """The bracket's certificate is accepted; without one of its cells, or with a weight off by 2^-40, it is not."""
    return rejected_when_altered(statement, case)


@property_check(orthogonal_data, quick=25, full=500)
def two_neurons_attain_it(statement: Relations, case: Orthogonal) -> Margin:
    """The balanced neurons S_+/sqrt||S_+|| and -S_-/sqrt||S_-|| have the labels as outputs and the stated norm."""
    return two_neurons(statement, case)


@property_check(lambda: st.tuples(orthogonal_data(), st.integers(0, 2**32 - 1)), quick=25, full=500)
def the_certificate_is_below_the_norm(statement: Relations, drawn: tuple[Orthogonal, int]) -> Margin:
    """With the stated nu, the stated bound at S_+, -S_- and 20 random w; sum nu_k y_k is the stated least norm."""
    return dual_certificate(statement, drawn)


@certified(covers="instance")
def the_bracket_of_the_published_toy_contains_it(statement: Relations, run: Run) -> Certificate:
    """Published orthogonal data, x = (-1/2, 2) with bias, y = (-1, 1): 1/sqrt(5) + 2/sqrt(5) by exact arithmetic."""
    return published_bracket(statement, run)


@certified(covers="lemma")
def the_check_of_brackets_decides_each_condition(statement: Relations, run: Run) -> Certificate:
    """Brackets known by hand are accepted, and certificates each of which violates one condition are rejected."""
    found = [*answers()]
    wrong = next((sentence for sentence in found if sentence is not None), None)
    return Certificate(len(found), "every answer is the known one", None if wrong is None else {"answer": wrong})
