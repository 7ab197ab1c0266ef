"""A remark of Boursier and Flammarion (page 20) as printed: unbalanced starts find a global minimum. It is false.

As printed. "The parameters theta_t thus converge towards a global minimum for unbalanced initialisation with the data
of Assumption 3." No condition on the width is stated.

Counterexample, for every width m and every lambda: all a_j < 0 and |a_j| > ||w_j||. Every output weight keeps its sign
(`flow.domination`), so that h <= 0 and the loss stays at (1/2n) sum y_k^2 or more. One neuron has a smaller loss at the
least-squares fit, and two neurons fit the data (`published.two-neurons`), so that this is no global minimum. If all
weights are independent and normal, this happens with probability ((1 - 1/sqrt 2)/2)^m > 0: the remark is not true
almost surely at any fixed width. Reading: an unbalanced start is one that (4) does not constrain; it may satisfy
it by chance. Then Theorem 2 itself contradicts the remark as soon as some a_j > 0.

This is no rare event only: of networks of width 5 at lambda = 1/1000 all that were tried end at least squares
(measured). What the argument of the remark supports is about large widths: `published.unbalanced-wide`.

Refuted in exact rationals; also met by simulated networks.
"""

from __future__ import annotations

from fractions import Fraction

from ...cases.spurious.three_points import ASSUMPTION
from ...claim.evidence import Certificate, Margin, Run, certified, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.unbalanced import (
    UnbalancedStarts,
    narrowest_and_smallest,
    negative_output_weights,
    share_that_ends_elsewhere,
    unbalanced_starts,
)
from .unbalanced_wide import STATEMENT as REPAIRED

STATEMENT = REPAIRED.altered(share="all", width=2, scale=Fraction(0))

CLAIM = Claim(
    id="published.unbalanced-remark",
    title="As printed: unbalanced starts on T(1/6) find a global minimum (false at every fixed width)",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(ASSUMPTION, "unbalanced: all entries of a and w are drawn from N(0, lambda^2/m)"),
    scope="random data; the counterexample is at the centre of T(1/6), for every width and scale",
    source=Source("Boursier & Flammarion, JMLR 2025", "Remark on page 20", "8.4"),
    needs=("certified", "property"),
    expected="refuted",
    repaired="published.unbalanced-wide",
    mutants=(
        Mutant(
            "most starts of wide networks at scales from 1/100 on",
            REPAIRED,
            "this is published.unbalanced-wide, which is supported by simulation",
        ),
    ),
    depends_on=("flow.domination", "published.two-neurons"),
)


@certified(covers="instance")
def all_output_weights_are_negative(statement: Predicate, run: Run) -> Certificate:
    """The start, its sign, and a network of two neurons that fits the data, in rationals."""
    return negative_output_weights(statement)


@property_check(unbalanced_starts, quick=3, full=16, edges=narrowest_and_smallest)
def simulated_networks_interpolate(statement: Predicate, case: UnbalancedStarts) -> Margin:
    """The share of four starts that end elsewhere than stated."""
    return share_that_ends_elsewhere(statement, case)
