"""Theory.md 5.2: on three points there is one extremal vector.

Theorem. For all data in T(eta) with 0 < eta < 1/6 and leak 0: if D != 0 lies in frakD(sD, 0) with s = 1 or s = -1,
then

    s = 1 and D = b = (1/n) sum_k y_k x_k,

the drift of a neuron with a > 0 that is active on all points.

Source: Boursier and Flammarion, JMLR 2025, three-point example (restated).
Proved in SymPy over the whole box, for every choice of slopes, and by Coq; the complete exact enumeration of random
data agrees.
"""

from __future__ import annotations

from collections.abc import Iterator

from ....theory.spurious import three_points as points
from ...cases.spurious.three_points import ASSUMPTION
from ...claim.evidence import Certificate, Obligation, Run, certified, kernel, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...coq.document import Document
from ...coq.theorems import geometry
from ...measure.spurious.single_direction import enumerated_directions, signs_for_every_choice_of_slopes

STATEMENT = Predicate(
    "on T(eta) the only extremal vector is D = b, seen by a > 0",
    r"D \in \mathfrak{D}(s D, 0),\ D \ne 0,\ s \in \{1, -1\} \implies "
    r"s = $sign,\ D = \tfrac1n \textstyle\sum_k e_k y_k x_k,\ e = $slopes;\quad \#\{(s, D)\} = $count "
    r"\qquad (\eta < $below)",
    {"below": points.PUBLISHED, "sign": 1, "slopes": (1, 1, 1), "count": 1},
)

CLAIM = Claim(
    id="spurious.single-direction",
    title="On three points T(eta) all neurons that align do so with one vector, b, and have a > 0",
    kind="uniqueness",
    statement=STATEMENT,
    hypotheses=(ASSUMPTION,),
    scope="every data set in T(eta) with 0 < eta < 1/6, leak 0",
    source=Source("Boursier & Flammarion, JMLR 2025", "three-point example", "5.2", restated=True),
    needs=("symbolic", "certified"),
    mutants=(
        Mutant(
            "two directions",
            STATEMENT.altered(count=2, slopes=(1, 1, 0)),
            "x = (-19/20, 1), (0, 1), (19/20, 1), y = (1, 1/20, 1): D = (y_1 x_1 + y_2 x_2)/3 has <D, x_3> > 0, so "
            "that a neuron along D is active on x_3 too and has another drift",
        ),
        Mutant(
            "a negative neuron sees it",
            STATEMENT.altered(sign=-1),
            "the same data: <b, x_k> > 0 for all k, so that a neuron along -b is active on no point and its drift is 0",
        ),
    ),
    depends_on=("spurious.geometry", "flow.equations"),
)


@symbolic()
def every_choice_of_slopes(statement: Predicate) -> Iterator[Obligation]:
    """D = (1/n) sum e_k y_k x_k is 0 for e = 0, and <D, x_l> > 0 for all l where one e_k > 0, on all of T(eta).

    Hence s <D, x_l> has the sign of s for all l, which fixes the slopes; what remains is compared with what is stated.
    """
    return signs_for_every_choice_of_slopes(statement)


@kernel()
def coq_finds_one_direction_on_the_box(statement: Predicate) -> Document:
    """For all data in T(eta), all slopes in [0, 1] and both signs."""
    return geometry.single_direction(statement.parameters)


@certified(covers="instance")
def exact_enumeration_finds_it(statement: Predicate, run: Run) -> Certificate:
    """The complete list of extremal vectors of random rational T(eta) data and of the published three points."""
    return enumerated_directions(statement, run)
