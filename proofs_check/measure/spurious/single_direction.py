"""What the evidence of `spurious.single-direction` measures (theory.md 5.2)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from ....numerics.data.dataset import Dataset
from ....numerics.extremal.vectors import extremal_vectors
from ....theory import model
from ....theory.positivity.algebraic import Root
from ....theory.positivity.bernstein import Range
from ....theory.positivity.prover import Bernstein, Combination, PositiveGoal, PositivityStep, Term
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import RANGES
from ...cases.spurious.three_points import random_three_points
from ...claim.evidence import Certificate, Obligation, Run, Zero
from ...claim.statement import Predicate

SLOPES = sympy.symbols("e1 e2 e3", real=True)


def signs_for_every_choice_of_slopes(statement: Predicate) -> Iterator[Obligation]:
    """Positivity of every product, and the pairs (s, D) that it leaves."""
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


def _steps(point: int) -> tuple[PositivityStep, ...]:
    """<D, x_point> is the sum of e_k <D_k, x_point>, with D_k the drift of the point k alone."""
    alone = {f"<D_{{{k}}}, x_{point}> > 0": slope for k, slope in enumerate(SLOPES, 1)}
    return (
        *(Bernstein(str(slope), slope) for slope in SLOPES),
        *(Bernstein(name, points.inequalities()[name]) for name in alone),
        Combination("sum", _product(point), tuple(Term((str(slope), name)) for name, slope in alone.items())),
    )


def enumerated_directions(statement: Predicate, run: Run) -> Certificate:
    """The exact enumeration of random three points beside what is stated."""
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
        vectors = [(vector.sign, vector.exactly) for vector in found.vectors]
        if len(vectors) != statement["count"] or vectors[0] != (statement["sign"], stated):
            where = {"inputs": data.inputs, "labels": data.labels, "found": vectors}
            return Certificate(number + 1, "the extremal vectors are others", where)
    return Certificate(cases, "complete lists in exact rationals")
