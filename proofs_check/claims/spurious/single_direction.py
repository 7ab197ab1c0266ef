"""Theory.md 5.2: on three points T(eta) there is one extremal vector, the drift of neurons that see all points."""

from __future__ import annotations

from fractions import Fraction

from ....numerics.dataset import Dataset
from ....numerics.extremal import extremal_vectors
from ....theory import three_points as points
from ...claim import Claim, Mutant, Predicate, Source
from ...evidence import Certificate, Run, certified, kernel
from ...kernel import geometry_theorems
from ...kernel.document import Document
from ...three_points import ASSUMPTION, random_three_points

STATEMENT = Predicate(
    "on T(eta) the only extremal vector is D = b, seen by a > 0",
    r"D \in \mathfrak{D}(s D, 0),\ D \ne 0,\ s \in \{1, -1\} \implies "
    r"s = 1,\ D = b = \tfrac1n \textstyle\sum_k y_k x_k",
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
    needs=("certified", "kernel"),
    mutants=(
        Mutant(
            "two directions",
            STATEMENT.altered(r"\#\{D\} = 2", count=2, slopes=(1, 1, 0)),
            "x = (-19/20, 1), (0, 1), (19/20, 1), y = (1, 1/20, 1): D_{1,2} sees x_3, so that it is not its own drift",
        ),
        Mutant(
            "a negative neuron sees it",
            STATEMENT.altered(r"s = -1", sign=-1),
            "the same data: b has <b, x_k> > 0 for all k, so that -b sees no point and its drift is 0",
        ),
    ),
    depends_on=("spurious.geometry",),
)


@kernel()
def coq_finds_one_direction_on_the_box(statement: Predicate) -> Document:
    """For all data in T(eta), all slopes in [0, 1] and both signs."""
    return geometry_theorems.single_direction(statement.parameters)


@certified(covers="instance")
def exact_enumeration_finds_it(statement: Predicate, run: Run) -> Certificate:
    """The complete list of extremal vectors of random rational T(eta) data and of the published three points."""
    cases = run.choose(20, 200)
    for number in range(cases):
        data = Dataset.published("three-points") if number == 0 else random_three_points(run.rng, statement["below"])
        found = extremal_vectors(data)
        if not found.complete:
            return Certificate(number, "", undecided=f"not all extremal vectors of data set {number} are known")
        stated = tuple(
            sum((e * y * x[axis] for e, y, x in zip(statement["slopes"], data.labels, data.inputs, strict=True)),
                Fraction(0)) / data.n
            for axis in (0, 1)
        )  # fmt: skip
        vectors = [(vector.sign, vector.exact) for vector in found.vectors]
        if len(vectors) != statement["count"] or vectors[0] != (statement["sign"], stated):
            where = {"inputs": data.inputs, "labels": data.labels, "found": vectors}
            return Certificate(number + 1, "the extremal vectors are others", where)
    return Certificate(cases, "complete lists in exact rationals")
