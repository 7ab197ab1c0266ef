"""Theorem 1 (i) of Boursier and Flammarion (page 7): output weights do not grow large before tau. It is true.

Theorem. Let the start be dominated with sum a_j(0)^2 <= lambda^2, 0 < epsilon < 1/3, tau = epsilon log(1/lambda)/D_max,
and lambda < lambda* of equation (21), with a pull that is 1-Lipschitz in h. Then for all t <= tau and all j

    |a_j(0)| lambda^{2 epsilon} <= |a_j(t)| <= |a_j(0)| lambda^{-2 epsilon}.

Source: as printed. The proof here gives the exponent 9/8 epsilon in place of 2 epsilon; epsilon alone is not enough.
Proved in SymPy: the rate of |a_j| from the model, and R2 S <= D_max/8 below the threshold. Tested on random networks,
and on two neurons for which the exponent epsilon fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...claim.evidence import Margin, Obligation, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.theorem_1_growth import (
    ThresholdCase,
    bootstrap,
    growth_up_to_tau,
    threshold_cases,
    two_neurons,
)

STATEMENT = Predicate(
    "output weights up to tau",
    r"t \le \tau:\quad |a_j(0)| \lambda^{$exponent \varepsilon} \le |a_j(t)| \le "
    r"|a_j(0)| \lambda^{-$exponent \varepsilon}",
    {"exponent": Fraction(2)},
    words={"exponent": {Fraction(2): "2", Fraction(1): ""}},
)

CLAIM = Claim(
    id="published.theorem-1-growth",
    title="As printed, and true: up to tau every |a_j| stays within a factor lambda^{-2 epsilon} of its start",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(
        "dominated start, sum a_j(0)^2 <= lambda^2; the pull -dl/dh is 1-Lipschitz in h",
        "0 < epsilon < 1/3, tau = epsilon log(1/lambda)/D_max, lambda < lambda* of (21), which is at most "
        "(alpha_min^2 D_min/(8 R2))^{1/(2 - 4 epsilon)}",
    ),
    scope="every width, dimension, data set and leak",
    source=Source("Boursier & Flammarion, JMLR 2025", "Theorem 1 (i), page 7", "8.1"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "the exponent epsilon",
            STATEMENT.altered(exponent=Fraction(1)),
            "n = 1, x = (1, 0), y = 1, neurons (lambda/1000) (1, (1, 0)) and lambda (-1, (1, 0)): a_1(tau) "
            "lambda^epsilon/a_1(0) - 1 = 3.41e-3 at lambda = 1/10, epsilon = 1/4",
        ),
    ),
    depends_on=("flow.domination", "early.field-deviation"),
)


@symbolic()
def the_weights_grow_slowly_below_the_threshold(statement: Predicate) -> Iterator[Obligation]:
    """|a|' <= (D_max + R2 S) |a| from the model, R2 S <= D_max/8 by (21), and 9/8 is at most the exponent.

    What is left is calculus: up to the first time at which a weight reaches its bound the integral of 9/8 D_max is less
    than that takes.
    """
    yield from bootstrap(statement["exponent"])


@property_check(threshold_cases, quick=8, full=80, edges=two_neurons)
def networks_below_the_threshold_obey(statement: Predicate, case: ThresholdCase) -> Margin:
    """Random dominated networks at shares of the published threshold, and the two neurons of theory.md 8.1."""
    return growth_up_to_tau(statement, case)
