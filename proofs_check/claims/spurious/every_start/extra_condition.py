"""Theory.md 9.3: condition (M), which three points satisfy by themselves and more points need not.

With the residuals r_k at beta* let G_r(w) = (1/n) sum_k r_k max(<w, x_k>, 0) and K = {w : <w, x_k> > 0 for all k}.

    (M)  G_r(w) > 0 for every w outside the closures of K and -K.

Theorem. (i) (M) holds for all data in T(eta), eta < 1/3, in particular on T(1/6). (ii) For the five points below all
labels and correlations are positive, beta* lies in K, the residuals of the two extreme points are 9885/138016 and
11911/138016, and the cone condition (C) holds with the closure of K as its cone. But G_r = -97827/2324480 at
+-(9/8, -1/4), and one more neuron with a w = -q (9/8, -1/4) lowers the loss of the fit for all small q > 0.

So the least-squares network on the five points is not stable: arbitrarily small neurons with a < 0 bring the loss below
L(beta*), and the flow from there cannot return, since the loss does not increase. That small starts come to
such networks is measured (`spurious.extra-condition-flows`): Theorem A' needs (M), or another condition, for more than
three points.

Source: this project. Proved in SymPy, by Bernstein coefficients over the whole box; (i) also tested by the definition,
and (ii) certified in rationals by formulas written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sympy import Rational

from .....numerics.data.dataset import Dataset
from .....theory.positivity.algebraic import Root
from .....theory.spurious.every_start import extra_condition
from ....cases.spurious.three_points import assumption_in_words, three_points
from ....claim.evidence import Certificate, Margin, Obligation, Run, certified, property_check, symbolic
from ....claim.statement import Claim, Mutant, Predicate, Source
from ....measure.spurious.every_start.extra_condition import (
    beyond_a_third,
    five_points_by_hand,
    small_neurons_raise_the_loss,
)
from ....sharp.latex import root_in_latex


def _eighths(*values: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(value, 8) for value in values)


POINTS = tuple(_eighths(*point) for point in ((3, 4), (6, 10), (2, 9), (-6, 9), (-5, 6)))
LABELS = _eighths(3, 3, 12, 7, 7)

STATEMENT = Predicate(
    "condition (M) on three points and on five",
    r"\text{(M) on all of } T(\eta),\ \eta < $largest;\quad x = $points,\ y = $labels:\ "
    r"\text{(C), by the numbers } $cone,\ (r_1, r_5) = $residuals,\ G_r(\pm $ray) = $value,\ "
    r"L(\beta^*; aw = $sign q\, $ray) $change L(\beta^*)\ (0 < q < $reach)",
    {
        "largest": Root.rational(Rational(1, 3)),
        "points": POINTS,
        "labels": LABELS,
        "cone": (Fraction(171, 6400), Fraction(1589483, 25600)),
        "residuals": (Fraction(9885, 138016), Fraction(11911, 138016)),
        "ray": (Fraction(9, 8), Fraction(-1, 4)),
        "value": Fraction(-97827, 2324480),
        "sign": -1,
        "change": -1,
        "reach": Fraction(391308, 344359),
    },
    words={"largest": root_in_latex, "sign": {-1: "-", 1: ""}, "change": {-1: "<", 1: ">"}},
)

CLAIM = Claim(
    id="spurious.extra-condition",
    title="Three points T(eta) satisfy (M) for eta < 1/3; five exact points satisfy (C) but not (M), and there small "
    "neurons with a < 0 lower the loss of the fit",
    kind="condition and exact instance",
    statement=STATEMENT,
    hypotheses=(
        assumption_in_words("eta < 1/3"),
        "G_r(w) = (1/n) sum r_k max(<w, x_k>, 0) with the residuals r_k at beta*; K: <w, x_k> > 0 for all k",
        "the numbers of (C): <b, v> <e, He> - 2 <b, e> <He, v> at (e, v) = ((-4, 3), (3, 4)) and ((6, 5), (-5, 6))",
    ),
    scope="all data in T(eta), eta < 1/3; one exact data set of five points. That small starts come near the "
    "network in question is measured by spurious.extra-condition-flows",
    source=Source("this project", "Theorem A', condition (M)", "9.3"),
    needs=("symbolic", "certified", "property"),
    mutants=(
        Mutant(
            "(M) on three points up to 0.34",
            STATEMENT.altered(largest=Root.rational(Rational(34, 100))),
            "x = (-0.999, 1), (0.339, 0.661), (0.661, 1.339), y = (1, 0.01, 1) in T(0.339): x_2 is an outer point with "
            "residual -0.385, and G_r = -0.385 <w, x_2>/3 where x_2 alone is active",
        ),
        Mutant(
            "the five points satisfy (M)",
            STATEMENT.altered(value=Fraction(97827, 2324480)),
            "w is active on x_1 and x_2 only: 5 G_r = (9885/138016)(19/64) - (99/227)(17/32) < 0",
        ),
        Mutant(
            "small neurons with a < 0 raise the loss",
            STATEMENT.altered(change=1),
            "q = 1/10: the outputs at x_1 and x_2 fall by 19/640 and 17/320, at x_2 towards the label, and the loss by "
            "0.0038",
        ),
        Mutant(
            "small neurons with a > 0 lower the loss",
            STATEMENT.altered(sign=1),
            "they change it by -q G_r + O(q^2) > 0",
        ),
        Mutant(
            "twice the reach", STATEMENT.altered(reach=Fraction(782616, 344359)), "the change vanishes at half of it"
        ),
    ),
)


@symbolic()
def on_the_box_and_at_the_five_points(statement: Predicate) -> Iterator[Obligation]:
    """G_r at the rays of the arrangement, a product of minors and N on T(eta); every number of the five points."""
    yield from extra_condition.on_three_points(statement["largest"])
    yield from extra_condition.on_exact_data(statement.parameters)


@certified(covers="instance")
def the_five_points_by_hand(statement: Predicate, run: Run) -> Certificate:
    """Every number of the five points in Python's rationals; (C) by its definition."""
    return five_points_by_hand(statement)


@property_check(lambda: three_points(31), covers="instance", quick=30, full=300, edges=beyond_a_third)
def three_points_by_the_definition(statement: Predicate, data: Dataset) -> Margin:
    """G_r on the rays and between them, in rationals, for random data in T(eta)."""
    return small_neurons_raise_the_loss(statement, data)
