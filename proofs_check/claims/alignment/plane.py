"""Theory.md 10.5: in the plane the correlation G has no saddles on the circle.

Theorem. Let d = 2, G(w) = (1/n) sum_k p_k sigma(<w, x_k>) with p_k the pulls at h = 0, let no two of the p_k x_k be
parallel, and let the one-sided derivatives of G on the circle be non-zero at each kink, except on the side of an arc
on which the drift is 0. Then every critical point of G on the circle (some D in frakD(w, 0) is parallel to w) outside
of the closed arcs with D = 0 is a strict local maximum or a strict local minimum.

Source: Boursier and Flammarion, JMLR 2025, Lemma 15 (restated). The lemma says "minimum", a misprint for "extremum"
(`published.lemma-15`), and has a law of the data as hypothesis: data with densities meet ours almost surely.
Proved in SymPy from the drift and the activation of the model: on an arc G'' = -G and G^2 + G'^2 = ||D||^2, so that a
critical point has G = +-||D|| and is strict; at the kink of x_k the derivative gains (1 - g) p_k ||x_k||/n, so that one
with derivatives of opposite signs is a minimum for p_k > 0 and a maximum for p_k < 0. Tested in rationals.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ....theory.alignment import generic, plane
from ...cases.strategies import ProblemCase
from ...claim.evidence import Margin, Obligation, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.alignment.plane import jumps_at_kinks, obligations, plane_problems, strict_extrema

KINDS = {
    (plane.MAXIMUM, plane.MINIMUM): r"\text{strict local maximum or minimum}",
    (plane.MINIMUM,): r"\text{strict local minimum}",
    (plane.MAXIMUM,): r"\text{strict local maximum}",
}

STATEMENT = Predicate(
    "no saddles in the plane",
    r"w \text{ critical for } G \text{ on the circle} \implies w \text{ is a } $kinds; \quad "
    r"G'(\varphi_k+) - G'(\varphi_k-) = \left($jump\right) \tfrac1n p_k \|x_k\| \text{ at the kinks } "
    r"\langle w, x_k\rangle = 0",
    {"kinds": (plane.MAXIMUM, plane.MINIMUM), "jump": plane.JUMP},
    words={"kinds": KINDS},
)

CLAIM = Claim(
    id="alignment.plane",
    title="In the plane G has no saddles on the circle: its critical points are strict local maxima and minima",
    kind="classification",
    statement=STATEMENT,
    hypotheses=(
        "d = 2, no two of the p_k x_k are parallel; G' is the derivative in the angle",
        "one-sided derivatives of G are not 0 at any kink, except on the side of an arc on which the drift is 0",
        "critical points in the closure of arcs on which the drift is 0 do not count",
    ),
    scope="every number of points, leak and loss",
    source=Source("Boursier & Flammarion, JMLR 2025", "Lemma 15, page 52", "10.5", restated=True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "every critical point is a local minimum",
            STATEMENT.altered(kinds=(plane.MINIMUM,)),
            "n = 1, x = (1, 0), y = 1: G = max(w_1, 0) has its maximum at (1, 0)",
        ),
        Mutant(
            "every critical point is a local maximum",
            STATEMENT.altered(kinds=(plane.MAXIMUM,)),
            "n = 1, x = (1, 0), y = -1: G = -max(w_1, 0) has its minimum at (1, 0)",
        ),
        Mutant(
            "the jump without the leak",
            STATEMENT.altered(jump=sympy.S.One),
            "n = 1, x = (1, 0), y = 1, g = 1/2: at w = (0, -1) the derivative rises from 1/2 to 1",
        ),
        Mutant(
            "the jump of the opposite sign",
            STATEMENT.altered(jump=-plane.JUMP),
            "n = 1, x = (1, 0), y = 1, ReLU: at w = (0, -1) the derivative rises from 0 to 1",
        ),
    ),
    depends_on=("flow.equations",),
)


@symbolic()
def critical_points_are_strict(statement: Predicate) -> Iterator[Obligation]:
    """G' = <D, e'>, G'' = -G and G^2 + G'^2 = ||D||^2 on an arc; the jump; and the sign of p_k at a critical kink.

    What is left is order: a kink is critical if 0 lies between its one-sided derivatives; as they are not 0, they then
    have opposite signs, and a function that falls before a point and grows after it has a strict minimum there.
    """
    yield from obligations(statement)


@symbolic(covers="lemma")
def generic_data_meet_the_hypothesis(statement: Predicate) -> Iterator[Obligation]:
    """A one-sided derivative at a kink is a polynomial in the inputs that is not 0 in an example, unless D = 0 there.

    What is left is measure theory: data with a density avoid the zeros of such a polynomial.
    """
    yield from generic.slope_goals()


@property_check(plane_problems, quick=40, full=600)
def every_critical_direction_is_an_extremum(statement: Predicate, case: ProblemCase) -> Margin:
    """All critical directions by the definition of frakD(w, 0), and G on either side of each, in exact rationals."""
    return strict_extrema(statement, case)


@property_check(plane_problems, quick=20, full=200)
def the_derivative_jumps_as_stated(statement: Predicate, case: ProblemCase) -> Margin:
    """One-sided derivatives at every kink from the definition of the activation, in exact rationals."""
    return jumps_at_kinks(statement, case)
