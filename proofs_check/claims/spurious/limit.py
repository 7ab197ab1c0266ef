"""Theory.md 5.6: on three points, started small, a network of any width ends at least squares.

Theorem. On T(eta) data with eta < 1/6, from a dominated start outside a null set in which some neuron with a > 0 is
active on some point, and for small lambda, whatever the width,

    h(x_k) -> <beta*, x_k> for all k,  L -> L(beta*) > 0.

Small means lambda <= e^{-D_max T}/sqrt(1000 q c0) with T the last event of the frozen flow, q = kappa R2/D_max and c0 =
sum_j a_j(0)^2/lambda^2: the start alone decides it. T(eta) is the box of theory.md 5, beta* the least-squares fit.

Source: Boursier and Flammarion, JMLR 2025, Theorem 2, with the hypothesis of a live neuron that it lacks.
Tested on random T(eta) data, widths 1 to 10^5 and scales down to 1e-6 of the bound; the distance from the limit is
bounded by theory.md 5.5. Single starts are certified in `spurious.certified-limit`.
"""

from __future__ import annotations

from ...cases.early.early_starts import EarlyStart
from ...cases.spurious.limit import WIDEST, edges, widths
from ...cases.spurious.three_points import ASSUMPTION, three_point_starts
from ...claim.draws import st
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.spurious.limit import at_least_squares

STATEMENT = Predicate(
    "three points: the flow ends at least squares",
    r"$needs_live\lambda \text{ small} \implies $limit",
    {"limit": "least squares", "needs_live": True},
    words={
        "limit": {
            "least squares": r"h(x_k) \to \langle \beta^*, x_k\rangle \ \forall k,\quad L \to L(\beta^*) > 0",
            "labels": r"h(x_k) \to y_k\ \forall k,\quad L \to 0",
        },
        "needs_live": {
            True: r"\exists j: a_j(0) > 0,\ \langle w_j(0), x_k\rangle > 0 \text{ for some } k;\ ",
            False: "",
        },
    },
)

CLAIM = Claim(
    id="spurious.limit",
    title="On three points T(eta) a network of any width, started small, ends at the least-squares fit",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        ASSUMPTION,
        "some neuron with a > 0 is active on some point at the start; dominated start outside a null set",
        "lambda is at most e^{-D_max T}/sqrt(1000 q c0) (theory.md 1.2), T the last event of the frozen flow from this "
        "start: then S <= S(0) e^{2 D* t} leaves every drift within D_max/1000 of the frozen one up to T",
    ),
    scope="random T(eta) data, widths 1 to 10^5, scales down to 10^-6 of the bound",
    source=Source("Boursier & Flammarion, JMLR 2025", "Theorem 2, page 11", "5.6", restated=True),
    needs=("property",),
    mutants=(
        Mutant(
            "the limit interpolates",
            STATEMENT.altered(limit="labels"),
            "x = (-15/16, 1), (0, 1), (15/16, 1), y = (1, 1/8, 1): the least-squares line is 17/24 at every point, and "
            "the residuals there are 7/24, -7/12, 7/24",
        ),
        Mutant(
            "no live a > 0 neuron is needed",
            STATEMENT.altered(needs_live=False),
            "a single neuron with a < 0: h <= 0 for ever, but <beta*, x_k> > 0",
        ),
    ),
    depends_on=("alignment.fates", "early.growth-bound"),
)


@property_check(lambda: three_point_starts(widths()), quick=9, full=270, edges=edges)
def the_flow_ends_at_least_squares(statement: Predicate, case: EarlyStart) -> Margin:
    """The flow to its end, at a scale decided from the start alone, beside the least-squares fit by its own formula."""
    return at_least_squares(statement, case)


@property_check(lambda: three_point_starts(st.just(WIDEST)), quick=1, full=31)
def so_does_that_of_the_widest_networks(statement: Predicate, case: EarlyStart) -> Margin:
    """The same with 10^5 neurons, each case of which takes as long as twenty others."""
    return at_least_squares(statement, case)
