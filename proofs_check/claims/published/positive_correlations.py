"""A remark of Boursier and Flammarion (page 29) as printed: <x_k, x_l> > 0 on T(eta) if eta < 1. It is false.

Counterexample: x_1 near (-1, 1), x_2 = (eta, 1 - eta) and eta near 1: <x_1, x_2> is near 1 - 2 eta. On all of T(eta)
the correlations are positive exactly for eta <= 1/2 (`spurious.sharp-constants`). This is harmless, since the lemma is
about eta < 1/6.

Refuted in exact rationals.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Rational

from ....theory.positivity.algebraic import Root
from ....theory.positivity.prover import PositiveGoal
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import RANGES
from ...cases.spurious.three_points import assumption_in_words
from ...claim.evidence import Obligation, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...sharp.latex import root_in_latex

STATEMENT = Predicate(
    "positive correlations on T(eta)",
    r"\langle x_k, x_l\rangle > 0 \text{ for all } k, l \text{ on all of } T(\eta) \text{ for } \eta < $largest",
    {"largest": Root.rational(Rational(1))},
    words={"largest": root_in_latex},
)

CLAIM = Claim(
    id="published.positive-correlations",
    title="As printed: on three points T(eta) with eta < 1 all correlations are positive (false beyond 1/2)",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(assumption_in_words("eta < 1"),),
    scope="every data set in T(eta)",
    source=Source("Boursier & Flammarion, JMLR 2025", "proof of Lemma 8, page 29", "8.2"),
    needs=("symbolic",),
    expected="refuted",
    repaired="spurious.sharp-constants",
    mutants=(
        Mutant(
            "eta below 1/2",
            STATEMENT.altered(largest=Root.rational(Rational(1, 2))),
            "p_1 p_2 >= -|p_1| eta > -1/2 and q_1 q_2 >= 1 - eta > 1/2",
        ),
    ),
)


@symbolic()
def the_three_products_on_the_whole_box(statement: Predicate) -> Iterator[Obligation]:
    """Bernstein coefficients of <x_1, x_2>, <x_1, x_3> and <x_2, x_3>, or rational corners."""
    for k, j in ((1, 2), (1, 3), (2, 3)):
        yield PositiveGoal(f"<x_{k}, x_{j}>", points.inner_product(k, j), RANGES, points.eta, statement["largest"])
