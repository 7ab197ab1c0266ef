"""Theorem 2 of Boursier and Flammarion (page 11) with the hypothesis that it needs: one live neuron with a > 0.

Theorem. Let the data satisfy T(eta) with eta < 1/6 (Assumption 3), square loss, ReLU. For every C_0 there is lambda_0 >
0, which depends on the data and C_0 only, such that for every width, every lambda <= lambda_0 and every dominated start
with sum a_j(0)^2 <= C_0 lambda^2, no neuron on a hyperplane and at least one neuron with a > 0 active on some point,
every regular solution has h(x_k) -> <beta*, x_k> for all k, so that the loss stays positive.

Source: as printed, with the hypothesis added that some neuron with a > 0 is active on some point; the start need not be
random. The proof is that of Theorem A' of theory.md 9.3, not the published one.
Proved in SymPy: the hypotheses of spurious.data-only hold on the whole of T(1/6), by Bernstein coefficients; tested
along the flow.
"""

from __future__ import annotations

from collections.abc import Iterator

from ....theory.positivity.algebraic import Root
from ....theory.spurious import three_points
from ....theory.spurious.every_start import data_only
from ....theory.spurious.every_start.every_start import live_goal
from ...cases.spurious.every_start.repellers import RepellerCase, repeller_cases
from ...cases.spurious.three_points import ASSUMPTION
from ...claim.evidence import Margin, Obligation, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.spurious.every_start.data_only import from_the_repellers
from ...sharp.latex import root_in_latex

STATEMENT = Predicate(
    "Theorem 2 with a live neuron",
    r"\text{on all of } T(\eta),\ \eta < $largest:\quad $needs_live\lambda \le \lambda_0(x, y, C_0) \implies "
    r"h(x_k) \to \langle \beta^*, x_k\rangle \ \forall k",
    {"largest": Root.rational(three_points.PUBLISHED), "needs_live": True},
    words={
        "largest": root_in_latex,
        "needs_live": {
            True: r"\exists j: a_j(0) > 0,\ \langle w_j(0), x_k\rangle > 0 \text{ for some } k;\ ",
            False: "",
        },
    },
)

CLAIM = Claim(
    id="published.theorem-2-repaired",
    title="On T(1/6) small networks of every width end at least squares, if a neuron with a > 0 is active on a point",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(
        ASSUMPTION,
        "dominated start, sum a_j(0)^2 <= C_0 lambda^2, no neuron on a hyperplane; regular solutions",
    ),
    scope="all data in T(1/6), every width and every such start",
    source=Source(
        "Boursier & Flammarion, JMLR 2025", "Theorem 2, page 11, and Theorem 4, page 52", "8.3, 9.3", restated=True
    ),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "as printed",
            STATEMENT.altered(needs_live=False),
            "one neuron with a < 0: h <= 0 for ever, but <beta*, x_k> > 0",
        ),
    ),
    depends_on=("spurious.data-only",),
)


@symbolic(timeout=180.0)
def the_hypotheses_hold_on_the_box(statement: Predicate) -> Iterator[Obligation]:
    """Minors, correlations, residuals, predictions and (C) over T(eta); and a live neuron, which makes Q(T) "
    "positive."""
    yield from data_only.on_the_box(statement["largest"])
    yield live_goal(statement["needs_live"])


@property_check(repeller_cases, quick=4, full=40)
def the_flow_ends_at_least_squares(statement: Predicate, case: RepellerCase) -> Margin:
    """The flow from starts next to repellers, which the published theorem includes."""
    return from_the_repellers(Predicate("three", "$three", {"three": True}, {"three": {True: ""}}), case)
