"""Theorem 2 of Boursier and Flammarion (page 11) as printed: every small network ends at least squares. It is false.

As printed. Under T(eta) with eta < 1/6 there is lambda~ > 0, depending on the data only, such that for all lambda <
lambda~ and all m the parameters converge and h(x_k) -> <beta*, x_k> for all k, so that the loss stays positive.

Counterexample: m = 1 and a < 0. The output weight keeps its sign (`flow.domination`), so that h <= 0 for all times,
while <beta*, x_k> > 0. Reading: a random start has no neuron with a > 0 that is active on some point with positive
probability at every fixed width, so that "almost surely" does not cover it; the published proof uses such a neuron.
With this hypothesis the theorem is right: `spurious.limit`, and theory.md 9.3 for a threshold that depends on the data.

Refuted by one neuron on the published points in exact rationals; also met by simulated networks.
"""

from __future__ import annotations

from ...cases.early.early_starts import EarlyStart
from ...cases.spurious.limit import widths
from ...cases.spurious.three_points import ASSUMPTION, three_point_starts
from ...claim.evidence import Certificate, Margin, Run, certified, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.theorem_2 import one_neuron
from ...measure.spurious.limit import at_least_squares
from ..spurious.limit import STATEMENT as REPAIRED

STATEMENT = REPAIRED.altered(needs_live=False)

CLAIM = Claim(
    id="published.theorem-2",
    title="As printed: every small network ends at the fit of the three points (false: one neuron with a < 0)",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(ASSUMPTION, "dominated start; any width; lambda below a threshold that depends on the data only"),
    scope="random T(eta) data, widths 1 to 10^5; the counterexample is one neuron on the published points",
    source=Source("Boursier & Flammarion, JMLR 2025", "Theorem 2, page 11 (also Theorem 4, page 52)", "8.3"),
    needs=("certified", "property"),
    expected="refuted",
    repaired="published.theorem-2-repaired",
    mutants=(
        Mutant(
            "some neuron with a > 0 is active on some point",
            REPAIRED,
            "this is published.theorem-2-repaired, which is proved; spurious.limit tests it",
        ),
    ),
)


@certified(covers="instance")
def one_neuron_with_a_negative_output_weight(statement: Predicate, run: Run) -> Certificate:
    """The published points and a = -1/1000, w = (0, 1/1000): dominated, every output <= 0, every prediction > 0."""
    return one_neuron(statement)


@property_check(lambda: three_point_starts(widths()), quick=9, full=90)
def simulated_networks_end_there(statement: Predicate, case: EarlyStart) -> Margin:
    """The flow to its end, at a scale decided from the start alone, beside the least-squares fit."""
    return at_least_squares(statement, case)
