"""Theory.md 5.6: the limit on three points is spurious, and no local minimum of the wider network.

Theorem. For the published three points with bias, square loss and ReLU, let theta* be one live neuron (a, beta*/a)
of any size a > 0, beta* = (-4/65, 251/390), and dead neurons. Then

    grad L(theta*) = 0,  L(theta*) = 256/2925 > 0 = min L,  L(theta*; t, tu) < L(theta*) for 0 < t^2 < 64/39,

where (t, tu) is one more neuron along u = (-2, -1), which is active on x_1 only. Three neurons interpolate the data.

Source: Boursier and Flammarion, JMLR 2025, three-point example (restated).
Proved in SymPy and by Coq, and certified in rationals by formulas written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ....numerics.data.dataset import Dataset
from ....numerics.geometry.linear_fit import least_squares
from ....theory.spurious import stationary
from ...claim.evidence import Certificate, Obligation, Run, certified, kernel, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...coq.document import Document
from ...coq.theorems import stationary as stationary_theorems
from ...measure.spurious.stationary import in_rationals

DATA = Dataset.published("three-points")
FIT = least_squares(DATA)

ESCAPE = (Fraction(-2), Fraction(-1))
"""u with <u, x_2> = 0, <u, x_1> = 1/2 > 0 and <u, x_3> < 0."""

STATEMENT = Predicate(
    "the least-squares network on the published three points is stationary, and no local minimum",
    r"x = $points,\ y = $labels,\ \theta^* = (a, \beta^*/a)\ \text{and dead neurons},\ \beta^* = $coefficients: \quad "
    r"\nabla L(\theta^*) = 0,\quad L(\theta^*) = $loss,\quad "
    r"L(\theta^*; t, t u) $change L(\theta^*)\ \ (u = $escape,\ 0 < t^2 < $reach),\quad "
    r"\min L = L$interpolating = $least",
    {
        "points": DATA.inputs,
        "labels": DATA.labels,
        "coefficients": FIT.coefficients,
        "loss": sum((r**2 for r in FIT.residuals), Fraction(0)) / (2 * DATA.n),
        "escape": ESCAPE,
        "change": -1,
        "reach": Fraction(64, 39),
        "interpolating": (
            (Fraction(1), Fraction(0), Fraction(1, 10)),
            (Fraction(4), Fraction(-1), Fraction(-1, 2)),
            (Fraction(28, 25), Fraction(1), Fraction(1, 2)),
        ),
        "least": Fraction(0),
    },
    words={"change": {-1: "<", 0: "=", 1: ">"}},
)

CLAIM = Claim(
    id="spurious.stationary",
    title="The limit on three points is stationary with a positive loss, which one more small neuron decreases",
    kind="exact instance",
    statement=STATEMENT,
    hypotheses=(
        "the published three points with bias, square loss, ReLU",
        "one live neuron (a, beta*/a) of any size a > 0, the others dead: <v, x_k> < 0 for all k",
    ),
    scope="this data set; the live neurons of a wider limit, all with directions active on all points, act as one",
    source=Source("Boursier & Flammarion, JMLR 2025", "three-point example", "5.6", restated=True),
    needs=("symbolic", "certified"),
    mutants=(
        Mutant(
            "a local minimum of the wider network",
            STATEMENT.altered(change=1),
            "t = 1/2: the added neuron gives 1/8 at x_1 alone, where the residual is 16/39: the loss falls by "
            "(1/4)(64/39 - 1/4)/24",
        ),
        Mutant(
            "the limit interpolates",
            STATEMENT.altered(loss=Fraction(0)),
            "the residuals are 16/39, -112/195, 32/195",
        ),
        Mutant(
            "another line",
            STATEMENT.altered(coefficients=(Fraction(-4, 65), Fraction(25, 39))),
            "sum r_k x_k is not 0 there: the second coordinate of the fit is 251/390",
        ),
    ),
    depends_on=("flow.equations",),
)


@symbolic()
def every_part_is_decided(statement: Predicate) -> Iterator[Obligation]:
    """Six partial derivatives for every size a, the loss, its change for every t, the interpolating network."""
    yield from stationary.goals(statement.parameters)


@kernel()
def coq_accepts_the_instance(statement: Predicate) -> Document:
    """The loss, its six partial derivatives, the added neuron, the interpolating network; relu z = max(z, 0)."""
    return stationary_theorems.stationary(statement.parameters)


@certified()
def rationals_agree(statement: Predicate, run: Run) -> Certificate:
    """Formulas written by hand, in rationals: sum r_k x_k = 0, the losses, and their change, a polynomial in t^2."""
    return in_rationals(statement, run)
