"""A remark of Boursier and Flammarion (page 20) about unbalanced starts, in the reading that is supported.

Measured. On data in T(1/6) networks of width 400 and more whose weights are all drawn from N(0, lambda^2/m), with
lambda >= 1/100, come to a loss of 1e-8 or less: at least three starts in four do, and all that were tried. Balanced
starts of the same widths and scales end at least squares at lambda = 1/100.

The remark argues with the directions of infinitely many neurons: without balancedness some output weights change their
sign early, and keep all pairs of a direction and a sign occupied. So it is about large widths at a fixed scale; as
printed, without a condition on the width, it is false (`published.unbalanced-remark`).

Source: Boursier and Flammarion, JMLR 2025, section 6. Tested; a proof is not known to us.
"""

from __future__ import annotations

from fractions import Fraction

from ...cases.spurious.three_points import ASSUMPTION
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.unbalanced import (
    UnbalancedStarts,
    narrowest_and_smallest,
    share_that_ends_elsewhere,
    unbalanced_starts,
)


def _scale_in_latex(value: Fraction) -> str:
    """The least scale; every positive one for 0."""
    return rf"\ge {value}" if value else "> 0"


STATEMENT = Predicate(
    "where unbalanced networks end on three points",
    r"m \ge $width,\ \lambda $scale,\ (a_j, w_j)(0) \text{ $kind}: \quad $limit "
    r"\text{ for $share}",
    {"share": "most", "width": 400, "scale": Fraction(1, 100), "kind": "unbalanced", "limit": "interpolation"},
    words={
        "share": {"all": "almost every start", "most": "at least three starts in four"},
        "scale": _scale_in_latex,
        "kind": {"unbalanced": "unbalanced", "balanced": "balanced"},
        "limit": {"interpolation": r"L \to 0", "least squares": r"h(x_k) \to \langle\beta^*, x_k\rangle"},
    },
)

CLAIM = Claim(
    id="published.unbalanced-wide",
    title="On three points T(1/6) wide networks with an unbalanced start interpolate, at scales from 1/100 on",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(ASSUMPTION, "unbalanced: all entries of a and w are drawn from N(0, lambda^2/m)"),
    scope="random data, widths 400 to 1000, lambda from 1/100 to 1; counted over four random starts at a time",
    source=Source("Boursier & Flammarion, JMLR 2025", "Remark on page 20", "8.4", restated=True),
    needs=("property",),
    mutants=(
        Mutant(
            "at every width from 5 and every scale",
            STATEMENT.altered(width=5, scale=Fraction(0)),
            "the centre of T(1/6), width 5, lambda = 1/1000: all four networks with the seeds 0 to 3 (start.py) end at "
            "least squares",
        ),
        Mutant(
            "balanced starts too",
            STATEMENT.altered(kind="balanced"),
            "the centre of T(1/6), width 400, lambda = 1/100, seeds 0 to 3: at least squares, as Theorem 2 says for "
            "small lambda",
        ),
        Mutant(
            "they end at least squares",
            STATEMENT.altered(limit="least squares"),
            "the centre of T(1/6), width 400, lambda = 1/100, seeds 0 to 3: the loss falls below 1e-8",
        ),
    ),
    depends_on=("published.two-neurons",),
)


@property_check(unbalanced_starts, quick=3, full=16, edges=narrowest_and_smallest)
def most_starts_interpolate(statement: Predicate, case: UnbalancedStarts) -> Margin:
    """The share of four starts that end elsewhere than stated."""
    return share_that_ends_elsewhere(statement, case)
