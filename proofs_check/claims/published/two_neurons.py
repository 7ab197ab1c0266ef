"""A remark of Boursier and Flammarion (page 11) and equation (12) (page 29): two neurons fit the three points.

Theorem. On T(eta), with x_2 = alpha_1 x_1 + alpha_3 x_3,

    alpha_1 > eta and alpha_3 > 0

for all data if eta < 0.1939365664..., a root of e^3 - e^2 - 5 e + 1, and not beyond it; hence for eta < 1/6.
Then two neurons fit the data: one takes the labels at x_1 and x_2 and is not active on x_3, the other takes the label
at x_3 and is not active on x_1 and x_2. So the least loss of every width m >= 2 is 0.

Source: Boursier and Flammarion, JMLR 2025, pages 11 and 29, where the computation is skipped; the constant is new.
Proved in SymPy over the whole box by Bernstein coefficients; at the constant both sides are equal at a corner.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Rational

from ....numerics.data.dataset import Dataset
from ....theory.positivity.algebraic import Root
from ....theory.spurious import two_neurons
from ...cases.spurious.three_points import assumption_in_words, three_points
from ...claim.evidence import Margin, Obligation, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.two_neurons import fit_by_hand
from ...sharp.latex import root_in_latex

STATEMENT = Predicate(
    "two neurons fit three points",
    r"\text{on all of } T(\eta),\ \eta < $largest:\quad x_2 = \alpha_1 x_1 + \alpha_3 x_3,\ \alpha_1 > $factor\eta,\ "
    r"\alpha_3 > 0;\quad h(x_k) = y_k \text{ for some network of two neurons}",
    {"largest": two_neurons.LARGEST, "factor": 1},
    words={"largest": root_in_latex, "factor": {1: "", 2: "2"}},
)

CLAIM = Claim(
    id="published.two-neurons",
    title="As printed: two neurons fit three points T(eta), eta < 1/6; equation (12) holds for eta < 0.193936566...",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(assumption_in_words("eta > 0"),),
    scope="all data in T(eta), all eta below the constant",
    source=Source("Boursier & Flammarion, JMLR 2025", "Remark on page 11 and equation (12), page 29", "8.4"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "up to 1/5",
            STATEMENT.altered(largest=Root.rational(Rational(1, 5))),
            "next to x = (-1, 1 + e), (e, 1 - e), (1 - e, 1 + e) with e = 0.199 the numbers are alpha_1 = 0.187 < e",
        ),
        Mutant(
            "not beyond 1/6",
            STATEMENT.altered(largest=Root.rational(Rational(1, 6))),
            "0.19 is below the constant: (12) still holds on all of T(0.19)",
        ),
        Mutant(
            "alpha_1 > 2 eta",
            STATEMENT.altered(factor=2),
            "at the same corner with e = 0.16 alpha_1 = 0.244 < 0.32",
        ),
    ),
)


@symbolic()
def the_combination_and_the_two_neurons(statement: Predicate) -> Iterator[Obligation]:
    """alpha_1 and alpha_3 by minors, and the heights of both neurons at all points."""
    yield from two_neurons.goals(statement["largest"], statement["factor"])


@property_check(lambda: three_points(18), covers="instance", quick=30, full=300)
def the_outputs_of_the_network(statement: Predicate, data: Dataset) -> Margin:
    """alpha_1, alpha_3 and the outputs of two neurons in rationals, for random data in T(eta)."""
    return fit_by_hand(statement, data)
