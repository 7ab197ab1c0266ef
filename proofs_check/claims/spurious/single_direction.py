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
from fractions import Fraction

import sympy

from ....numerics.data.dataset import Dataset
from ....numerics.extremal.vectors import extremal_vectors
from ....theory import model
from ....theory.positivity.algebraic import Root
from ....theory.positivity.bernstein import Range
from ....theory.positivity.prover import Bernstein, Combination, PositiveGoal, Step, Term
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import RANGES
from ...cases.three_points import ASSUMPTION, random_three_points
from ...claim.evidence import Certificate, Obligation, Run, Zero, certified, kernel, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...coq.document import Document
from ...coq.theorems import geometry

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
            "x = (-19/20, 1), (0, 1), (19/20, 1), y = (1, 1/20, 1): D_{1,2} sees x_3, so that it is not its own drift",
        ),
        Mutant(
            "a negative neuron sees it",
            STATEMENT.altered(sign=-1),
            "the same data: b has <b, x_k> > 0 for all k, so that -b sees no point and its drift is 0",
        ),
    ),
    depends_on=("spurious.geometry", "flow.equations"),
)

SLOPES = sympy.symbols("e1 e2 e3", real=True)


@symbolic()
def every_choice_of_slopes(statement: Predicate) -> Iterator[Obligation]:
    """D = (1/n) sum e_k y_k x_k is 0 for e = 0, and <D, x_l> > 0 for all l where one e_k > 0, on all of T(eta).

    Hence s <D, x_l> has the sign of s for all l, which fixes the slopes; what remains is compared with what is stated.
    """
    inactive, active = model.clarke_slopes(sympy.S.Zero)
    below = Root.rational(statement["below"])
    boxes = [(*RANGES, *(Range(e, inactive, active, low_open=e == chosen) for e in SLOPES)) for chosen in SLOPES]
    positive = [
        PositiveGoal(
            f"<D, x_{point}> > 0 where e_{k} > 0",
            _product(point),
            box,
            points.eta,
            below,
            _steps(point),
            sufficient=True,
        )
        for k, box in enumerate(boxes, 1)
        for point in (1, 2, 3)
    ]
    yield from (Zero("D of a neuron that sees no point", value) for value in points.sloped_drift([inactive] * 3))
    yield from positive
    if not all(goal.decide().verdict for goal in positive):
        return
    drifts = {s: points.sloped_drift([active if s > 0 else inactive] * 3) for s in (1, -1)}
    found = {s: drift for s, drift in drifts.items() if drift != (0, 0)}
    stated = points.sloped_drift(statement["slopes"])
    yield Zero("number of pairs (s, D), minus the stated one", sympy.Integer(len(found) - statement["count"]))
    for s, drift in found.items():
        yield Zero("s, minus the stated one", sympy.Integer(s - statement["sign"]))
        yield from (Zero("D, minus the stated one", drift[axis] - stated[axis]) for axis in (0, 1))


def _product(point: int) -> sympy.Expr:
    """<D, x_point> for the slopes `SLOPES`."""
    return sympy.Add(*(v * x for v, x in zip(points.sloped_drift(SLOPES), points.inputs[point - 1], strict=True)))


def _steps(point: int) -> tuple[Step, ...]:
    """<D, x_point> is the sum of e_k <D_k, x_point>, with D_k the drift of the point k alone."""
    alone = {f"<D_{{{k}}}, x_{point}> > 0": slope for k, slope in enumerate(SLOPES, 1)}
    return (
        *(Bernstein(str(slope), slope) for slope in SLOPES),
        *(Bernstein(name, points.inequalities()[name]) for name in alone),
        Combination("sum", _product(point), tuple(Term((str(slope), name)) for name, slope in alone.items())),
    )


@kernel()
def coq_finds_one_direction_on_the_box(statement: Predicate) -> Document:
    """For all data in T(eta), all slopes in [0, 1] and both signs."""
    return geometry.single_direction(statement.parameters)


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
