"""Lemma 15 of Boursier and Flammarion (page 52) as printed: stationary points of G are local minima. It is false.

As printed. If d <= 2 and the data are random such that every y_k <x_l/||x_l||, x_k> has a density, then every
stationary point of G on the sphere is a local minimum of G on the sphere.

Counterexample: the published three points, and all data near them. All points are active at b = (1/n) sum y_k x_k, so
that G = <b, .> near b, which has a strict maximum on the circle at b/||b||. Reading: a misprint for "extremum", as the
sentence before the lemma, on saddles, and the end of its proof ("does not admit any saddle point") show. So read, the
lemma is true: `alignment.plane`, which says that the extrema are strict where the drift is not 0.

Refuted in exact rationals; also met on random data. Two slips of the proof do no harm: cos(theta) - 1 is printed with
the opposite sign in (41), and x_1, x_k may be parallel under Assumption 7 (x_k = (1, 0) for all k, y_k normal).
"""

from __future__ import annotations

from ....theory.alignment import plane
from ...cases.strategies import ProblemCase
from ...claim.evidence import Certificate, Margin, Run, certified, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.alignment.plane import plane_problems, strict_extrema
from ...measure.published.lemma_15 import a_maximum

STATEMENT = Predicate(
    "stationary points of G in the plane",
    r"d \le 2:\quad w \text{ stationary for } G \text{ on the sphere} \implies w \text{ is a local $kinds}",
    {"kinds": (plane.MINIMUM,)},
    words={"kinds": {(plane.MINIMUM,): "minimum", (plane.MAXIMUM, plane.MINIMUM): "maximum or minimum"}},
)

CLAIM = Claim(
    id="published.lemma-15",
    title="As printed: in the plane every stationary point of G is a local minimum (false: a misprint for extremum)",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(
        "d <= 2; the data are independent, with densities; tested: no two points parallel, no label 0, and critical "
        "directions outside of the closed arcs on which the drift is 0",
    ),
    scope="the published three points and all data near them; for the true neighbour random data in the plane",
    source=Source("Boursier & Flammarion, JMLR 2025", "Lemma 15, page 52", "10.5"),
    needs=("certified", "property"),
    expected="refuted",
    repaired="alignment.plane",
    mutants=(
        Mutant(
            "a local maximum or minimum",
            STATEMENT.altered(kinds=(plane.MAXIMUM, plane.MINIMUM)),
            "this is alignment.plane, which is proved",
        ),
    ),
)


@certified(covers="instance")
def the_drift_of_the_three_points_is_a_maximum(statement: Predicate, run: Run) -> Certificate:
    """b sees every point at a positive height, so that it is the drift there: in rationals."""
    return a_maximum(statement)


@property_check(plane_problems, quick=40, full=400)
def random_data_have_such_points(statement: Predicate, case: ProblemCase) -> Margin:
    """All critical directions by the definition of frakD(w, 0), and G on either side of each, in exact rationals."""
    return strict_extrema(statement, case)
