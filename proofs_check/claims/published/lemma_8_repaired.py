"""Theory.md 8.2: Lemma 8 of Boursier and Flammarion, repaired, with its sharp constants.

Theorem. Let Assumption 5' be Assumption 5 with the first sum over l != k:

    y_k ||x_k||^2 > sqrt(sum over l != k of y_l^2) sqrt(sum over l != k of <x_l, x_k>^2)  for k = 1, 3.

It holds for all data in T(eta) if and only if eta < e_2 = 0.1761045080..., hence for eta < 1/6, as Lemma 8 says.
Assumption 5 as printed holds for all data in T(eta) if and only if eta < e_1 = 0.0976541304.... Here e_1 and e_2 are
roots of polynomials of degree six, and T(eta) is taken for every eta > 0.

Source: Boursier and Flammarion, JMLR 2025, Lemma 8; the constants are new. That 5' suffices for their Lemma 18 is
proved in theory.md 8.2.
Proved in SymPy over the whole box by Bernstein coefficients and an identity. At e_1 and e_2 both sides are equal at a
corner of the box, which decides the other direction, since T(eta) grows with eta.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Rational

from ....theory.positivity.algebraic import Root
from ....theory.spurious import assumption_five as assumption
from ...cases.spurious.three_points import assumption_in_words
from ...claim.evidence import Obligation, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.lemma_8 import fails_at, holds_on_the_box
from ...sharp.latex import root_in_latex

STATEMENT = Predicate(
    "the largest eta for which Assumptions 5 and 5' hold on T(eta)",
    r"\text{on all of } T(\eta):\quad \text{Assumption } 5' \iff \eta < $others;\quad "
    r"\text{Assumption } 5 \iff \eta < $all",
    dict(assumption.LARGEST),
    words={assumption.OTHERS: root_in_latex, assumption.ALL: root_in_latex},
)

CLAIM = Claim(
    id="published.lemma-8-repaired",
    title="Assumption 5 with the first sum over l != k holds on T(eta) exactly for eta < 0.176104508..., more than 1/6",
    kind="sharp constants",
    statement=STATEMENT,
    hypotheses=(
        assumption_in_words("eta > 0"),
        "5: y_k ||x_k||^2 > sqrt(sum y_l^2) sqrt(sum over l != k of <x_l, x_k>^2) for k in K_0 = {1, 3}; 5': the first "
        "sum over l != k",
    ),
    scope="all data in T(eta), all eta up to the constants",
    source=Source(
        "Boursier & Flammarion, JMLR 2025", "Lemma 8 and Assumption 5, pages 28 and 29", "8.2", restated=True
    ),
    needs=("symbolic",),
    mutants=(
        Mutant(
            "5' up to 9/50",
            STATEMENT.altered(others=Root.rational(Rational(9, 50))),
            "at the corner x = (-1 + e, 1), (-e, 1 + e), (1 - e, 1 + e), y = (1, e, 1 + e) for e = 0.179 the left side "
            "is smaller",
        ),
        Mutant(
            "5 as printed up to 1/6",
            STATEMENT.altered(all=Root.rational(Rational(1, 6))),
            "x = (-9/10, 1), (-1/10, 11/10), (9/10, 11/10), y = (1, 1/10, 11/10): 3.2761 < 3.330444",
        ),
        Mutant(
            "5' not beyond 1/6",
            STATEMENT.altered(others=Root.rational(Rational(1, 6))),
            "e_2 > 1/6: at eta = 0.17 it still holds on the whole box",
        ),
    ),
)


@symbolic()
def each_holds_up_to_its_constant_and_not_at_it(statement: Predicate) -> Iterator[Obligation]:
    """Below it Bernstein coefficients and an identity; at it equality at a corner that belongs to T(eta)."""
    for labels in (assumption.OTHERS, assumption.ALL):
        yield from holds_on_the_box(labels, statement[labels])
        yield from fails_at(labels, statement[labels])
