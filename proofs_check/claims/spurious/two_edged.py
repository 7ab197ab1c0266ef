"""Theory.md 5.7: the same network, started large, fits the three points.

Statement. On the published three points with bias (square loss, ReLU, balanced or dominated start), at widths m >=
40, for at least three random starts in four,

    lambda = 10^-3 leads to h(x_k) -> <beta*, x_k>,  lambda = 4 leads to L -> 0.

The second part holds on T(eta) data with eta < 1/6 as well. Single starts differ: one of width 40 among 560 ends at
least squares at lambda = 4 too, and many of width 4 or 12 do.

Source: Boursier and Flammarion, JMLR 2025, experiments on the three points (restated).
An observation without proof, tested at widths 40 to 200, on eight random starts at a time.
"""

from __future__ import annotations

from ....numerics.data.dataset import Dataset
from ...cases.spurious.three_points import three_points
from ...claim.draws import st
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.spurious.two_edged import LARGE, SMALL, Starts, share_elsewhere, starts
from ...measure.trajectories import worst

ENDS = {"least squares": r"h(x_k) \to \langle \beta^*, x_k\rangle", "interpolation": r"L \to 0"}

STATEMENT = Predicate(
    "two ends of the scale axis",
    r"m \ge 40:\quad \lambda = 10^{-3} \implies $small,\qquad "
    r"\lambda = 4 \implies $large,\qquad \text{for at least three starts in four}",
    {"small": "least squares", "large": "interpolation"},
    words={"small": ENDS, "large": ENDS},
)

CLAIM = Claim(
    id="spurious.two-edged",
    title="On the published three points a small start ends at least squares and a large one interpolates, for most "
    "starts of some tens of neurons and more",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "x = (-3/4, -1/2, 1/8) with bias, y = (11/10, 1/10, 4/5), square loss, ReLU; balanced or dominated start",
        "lambda = 4: also all data in T(eta) with eta < 1/6 (theory.md 5)",
    ),
    scope="widths 40 to 200; counted over eight random starts at a time. Not every start does so: that of width 40, "
    "balanced, seed 29 ends at least squares at lambda = 4 too, the one exception among 560 starts; at widths 4 and 12 "
    "there are many",
    source=Source("Boursier & Flammarion, JMLR 2025", "three-point example, experiments", "5.7", restated=True),
    needs=("property",),
    mutants=(
        Mutant(
            "lambda = 1e-3 interpolates",
            STATEMENT.altered(small="interpolation"),
            "width 40, balanced, seed 0 (numerics/data/start.py): the loss ends at L(beta*) = 256/2925, with residuals "
            "(16/39, -112/195, 32/195)",
        ),
        Mutant(
            "lambda = 4 ends at least squares",
            STATEMENT.altered(large="least squares"),
            "width 40, balanced, seed 0 (numerics/data/start.py): the loss falls below 1e-8, and L(beta*) is 256/2925",
        ),
    ),
    depends_on=("spurious.limit",),
)


@property_check(starts, quick=2, full=15)
def both_ends_on_the_published_points(statement: Predicate, case: Starts) -> Margin:
    """The share of starts that end elsewhere than stated, at either scale."""
    data = Dataset.published("three-points")
    return worst(
        *(share_elsewhere(data, case, scale, statement[end]) for scale, end in ((SMALL, "small"), (LARGE, "large")))
    )


@property_check(lambda: st.tuples(three_points(), starts()), quick=1, full=10)
def large_starts_interpolate_on_other_three_points(statement: Predicate, drawn: tuple[Dataset, Starts]) -> Margin:
    """The same at the large scale on random T(eta) data."""
    return share_elsewhere(*drawn, LARGE, statement["large"])
