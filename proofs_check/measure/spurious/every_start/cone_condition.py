"""What the evidence of `spurious.cone-condition` decides (theory.md 9.1)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .....numerics.data.dataset import Dataset
from .....numerics.oracles.rational import inner
from .....theory.formal.derivation import Zero
from .....theory.positivity.algebraic import Root
from .....theory.positivity.prover import PositiveGoal
from .....theory.spurious import three_points as points
from .....theory.spurious.every_start import cone_condition
from .....theory.spurious.sharp import RANGES, mirror_difference, vanishes_at_a_corner
from ....claim.evidence import Margin, Obligation
from ....claim.statement import Predicate

Point = tuple[Fraction, ...]


def holds_up_to_the_constant(largest: Root, share: int) -> Iterator[Obligation]:
    """The condition on the facet of x_1 for all data in T(eta), eta < `largest`, and what happens at `largest`.

    At length 0 it is <b, x_1> > 0. The polynomial of the constant is irreducible, so that a difference of the two sides
    which vanishes at the constant, and is positive before, is negative after it.
    """
    reflected = mirror_difference(cone_condition.excess(), cone_condition.excess(3))
    yield Zero("the facet of x_3 is that of x_1 for the reflected data", reflected)
    at_corner, name = cone_condition.at_first_failure(), "equality at the constant"
    yield from vanishes_at_a_corner(cone_condition.FIRST_FAILURE, at_corner, largest, name)
    along = points.inequalities()["<D_{1,2,3}, x_1> > 0"]
    yield PositiveGoal("<b, x_1>", along, RANGES, points.eta, largest)
    yield PositiveGoal("excess", cone_condition.excess(share=share), RANGES, points.eta, largest)


def beside_the_definition(statement: Predicate, data: Dataset) -> Margin:
    """How many facets violate the condition: at both ends of the part of the facet's ray that lies in the ellipsoid."""
    n, inputs = data.n, data.inputs
    b = _sum([tuple(y * value / n for value in x) for y, x in zip(data.labels, inputs, strict=True)])
    wrong = []
    for v, other in ((inputs[0], inputs[2]), (inputs[2], inputs[0])):
        e: Point = (-v[1], v[0])
        if inner(e, other) < 0:
            e = (v[1], -v[0])
        image = _sum([tuple(inner(e, x) * value / n for value in x) for x in inputs])
        farthest = max(2 * inner(b, e) / inner(e, image), Fraction(0))
        ends = [inner(b, v) - statement["facet"] * length * inner(image, v) for length in (0, farthest)]
        if min(ends) <= 0:
            wrong.append(v)
    return Margin(len(wrong), 0.0, "exact rationals: no facet may violate it", {"facets of": wrong})


def _sum(vectors: list[Point]) -> Point:
    return tuple(sum(axis, Fraction(0)) for axis in zip(*vectors, strict=True))
