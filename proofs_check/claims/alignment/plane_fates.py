"""Theory.md 10.5: the frozen flow of balanced neurons in the plane, its fates and arrival times.

Theorem. Let d = 2 and let a neuron be balanced, w = |a| e with e at the angle phi of the circle. Under the frozen flow
phi' = sign(a) F(phi) with F = <D, e'> = G', e' a quarter turn ahead of e. From every start but the finitely many
directions at which F is 0 and grows in the direction of the flow, or from which it leads away on some side, phi is
monotone while it moves, and the neuron is, from a finite time T on,
aligned: on the last arc before a zero of F, to which phi tends, or on a kink that holds it; D is extremal there, along
    sign(a) e, and (log|a|)' -> ||D||;
dead: where D = 0; or
pinned: on a kink that holds it, with D opposite to sign(a) e and (log|a|)' = -||D||.
T is the sum over the arcs on the way of arsinh(sign(a) G/|F|)/||D|| between the ends of the arc.

Source: this project, for theory.md 3.9; Boursier and Flammarion, JMLR 2025, Theorem 1 (ii) has the three fates.
Proved in SymPy from the motion of the model. What is left is calculus: a scalar autonomous equation whose right-hand
side has finitely many zeros and jumps has monotone solutions, which end at a zero or at a kink that holds them.
Certified for rational data: the arcs, drifts and signs from which `predict` and PlaneFlow find basins. Tested beside
the frozen flow, and times beside integrals. Strictly dominated starts and d > 2 are in `alignment.fates` (supported).
"""

from __future__ import annotations

from collections.abc import Iterator

from ....theory.alignment import plane
from ...cases.strategies import FlowCase
from ...claim.evidence import Certificate, Margin, Obligation, Run, certified, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.alignment.plane_fates import (
    certified_pieces,
    ended_as_the_frozen_flow_does,
    obligations,
    plane_cases,
    special_cases,
    transits_are_integrals,
)

THREE = (plane.EXTREMAL, plane.DEAD, plane.PINNED)
SIZES = {1: r"\|D\|", -1: r"-\|D\|"}

STATEMENT = Predicate(
    "fates of balanced neurons in the plane",
    r"\varphi' = $signed F(\varphi),\ F = \langle D, e'\rangle = G'; \quad \text{neurons end $fates in a time } "
    r"T = \textstyle\sum \left[$transit\right]; \quad (\log|a|)' \to $growth_extremal \text{ if aligned},\ "
    r"= $growth_pinned \text{ if pinned}",
    {"signed": True, "fates": THREE, "transit": plane.TRANSIT, "growth_extremal": 1, "growth_pinned": -1},
    words={
        "signed": {True: r"\mathrm{sign}(a)", False: ""},
        "fates": {THREE: "aligned, dead or pinned", THREE[:1]: "aligned"},
        "growth_extremal": SIZES,
        "growth_pinned": SIZES,
    },
)

CLAIM = Claim(
    id="alignment.plane-fates",
    title="In the plane a balanced neuron turns by sign(a) G' until it is aligned, dead or pinned, with exact times",
    kind="trichotomy",
    statement=STATEMENT,
    hypotheses=(
        "d = 2; balanced neuron, |a| = ||w|| > 0; frozen flow: h = 0, D in frakD(w, 0), parallel points merged",
        "the start is none of finitely many directions: a zero of F that repels, or a kink from which the flow leads "
        "away on some side without leading to it on the other",
    ),
    scope="every data set in the plane, leak and loss; certified basins for rational data",
    source=Source(
        "this project; Boursier & Flammarion, JMLR 2025", "Theorem 1 (ii), page 7", "3.9, 10.5", restated=True
    ),
    needs=("symbolic", "certified", "property"),
    mutants=(
        Mutant(
            "every balanced neuron reaches an extremal vector",
            STATEMENT.altered(fates=THREE[:1]),
            "x = (0, 1), (1/10, 1), (1, 1), y = (-3, 3, -1), a > 0: from w along (30, 1) the neuron is pinned to "
            "(1, 0) with D = (-7/30, 0), and from (-1, -1) it never moves",
        ),
        Mutant(
            "the sign of a does not matter",
            STATEMENT.altered(signed=False),
            "n = 1, x = (1, 0), y = 1, a = -1, w = (3/5, 4/5): w' = -D = (-1, 0) turns w away from x",
        ),
        Mutant(
            "pinned neurons grow",
            STATEMENT.altered(growth_pinned=1),
            "in the example of theory.md 3.9 a' = <w, D> = -7/30 w_1 < 0 for a balanced neuron with a > 0",
        ),
        Mutant(
            "aligned neurons shrink",
            STATEMENT.altered(growth_extremal=-1),
            "n = 1, x = (1, 0), y = 1, a = 1, w = (1, 0): a' = <w, D> = 1",
        ),
        Mutant(
            "twice the time",
            STATEMENT.altered(transit=2 * plane.TRANSIT),
            "n = 1, x = (1, 0), y = 1, a > 0: the cosine with D is tanh(t + artanh c_0), and arsinh(c/sqrt(1 - c^2)) = "
            "artanh c grows by t",
        ),
    ),
    depends_on=("flow.equations",),
)


@symbolic()
def it_is_a_scalar_equation(statement: Predicate) -> Iterator[Obligation]:
    """phi' = sign(a) F and its slope -sign(a) G, the drift, slope and growth at a kink that holds, and transit times.

    What is left is calculus: a scalar autonomous equation with finitely many zeros and jumps has monotone solutions.
    """
    yield from obligations(statement)


@certified(covers="instance")
def the_arcs_of_rational_data_are_as_found(statement: Predicate, run: Run) -> Certificate:
    """Pattern, drift and sign of F on every piece of the circle, for published, pinning and random data."""
    return certified_pieces(statement, run)


@property_check(plane_cases, quick=40, full=800, edges=special_cases)
def the_frozen_flow_ends_there(statement: Predicate, case: FlowCase) -> Margin:
    """Exact endings beside the frozen flow in floating-point numbers: fate, drift and time of arrival."""
    return ended_as_the_frozen_flow_does(statement, case)


@property_check(plane_cases, quick=20, full=300)
def transits_take_the_integral_of_the_slowness(statement: Predicate, case: FlowCase) -> Margin:
    """The time of every transit beside the integral of d(phi)/(sign(a) F), both enclosed in balls."""
    return transits_are_integrals(statement, case)
