"""Theory.md 4.1: while S = sum_j a_j^2 is small, every drift is close to one at zero output.

Theorem. Let all neurons be dominated, |a_j| >= ||w_j||, let the pull -dl/dh be kappa-Lipschitz in the output h, and put
R2 = (1/n) sum_k ||x_k||^2. For every w, on hyperplanes or off them,

    every element of frakD(w, theta) is within kappa R2 S of frakD(w, 0).

Source: Boursier and Flammarion, JMLR 2025, control of the drift (restated); the proof is in theory.md 10.1.
Proved in SymPy and by Coq: it is a triangle inequality. Tested along flows of widths 1 to 3000 from starts of sizes
1e-6 to 1, for random directions, the neurons' own directions and directions on hyperplanes.
"""

from __future__ import annotations

from collections.abc import Iterable

from ....theory.early import bounds, growth
from ....theory.formal.derivation import Goal, at_most
from ...cases import network_examples
from ...cases.early.early_starts import EarlyStart, early_starts
from ...claim.draws import st
from ...claim.evidence import Margin, kernel, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...coq.document import Document
from ...coq.theorems import early
from ...measure.early.field_deviation import SIZES, deviation_along_a_flow

STATEMENT = Relations({"deviation": growth.STATEMENT["deviation"]})

CLAIM = Claim(
    id="early.field-deviation",
    title="Every element of frakD(w, theta) is within kappa R2 S of frakD(w, 0)",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "dominated neurons: |a_j| >= ||w_j||; S = sum_j a_j^2, R2 = (1/n) sum ||x_k||^2",
        "the pull -dl/dh is kappa-Lipschitz in the output h",
    ),
    scope="every w, on hyperplanes or off them; along flows of widths 1 to 3000 from starts of sizes 1e-6 to 1",
    source=Source("Boursier & Flammarion, JMLR 2025", "early phase, control of the drift", "4.1, 10.1", restated=True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "(S R2)/2 for the square loss",
            STATEMENT.altered(deviation=at_most(growth.STATEMENT["deviation"].args[0], bounds.field_deviation / 2)),
            "n = d = 1, x = y = 1, square loss, a = w = s > 0: h = s^2 = S, so that the drift is 1 - S beside 1",
        ),
    ),
    depends_on=("flow.domination",),
    names={
        "deviation": "the largest distance of an element of frakD(w, theta) from frakD(w, 0)",
    },
    examples=network_examples.network,
)


@symbolic()
def the_triangle_inequality(statement: Relations) -> Iterable[Goal]:
    """|h_k| <= S ||x_k|| by domination, and the stated bound less (1/n) sum eta_k |p_k - p_k(0)| ||x_k||."""
    return (growth.output_goal(), growth.deviation_goal(statement["deviation"].args[1]))


@kernel()
def coq_adds_up_the_points(statement: Relations) -> Document:
    """The triangle inequality over n points in R^d, for two elements of the drift with the same slopes."""
    return early.field_deviation(statement.relations)


@property_check(
    lambda: st.tuples(
        early_starts(st.one_of(st.integers(1, 4), st.integers(1, 4), st.integers(20, 3000)), n=(1, 5)),
        st.sampled_from(SIZES),
    ),
    quick=15,
    full=300,
)
def drifts_stay_close_to_those_at_zero(statement: Relations, drawn: tuple[EarlyStart, float]) -> Margin:
    """Drifts of random directions, of the neurons' own, and of directions on hyperplanes, at nine times of a flow.

    With the same slopes on both sides the difference is (1/n) sum eta_k (p_k - p_k(0)) x_k: off the hyperplanes the one
    element, on them one as close or closer than the nearest.
    """
    return deviation_along_a_flow(statement, drawn)
