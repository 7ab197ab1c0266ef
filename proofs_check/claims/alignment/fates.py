"""Theory.md 3.9: how the frozen flow of a dominated neuron ends, and when.

Theorem. Outside a null set of starts a dominated neuron, omega = w/a, has one of three fates under the frozen flow:
aligned: omega tends to D/||D|| for an extremal vector D, and (log|a|)' -> ||D||;
dead: its drift is 0 from some time on;
pinned: from some time on w stays on one ray, D = -||D|| omega/||omega||, and (log|a|)' = -||D|| for a balanced neuron.
A strictly dominated pinned neuron reaches w = 0 within the time artanh(||omega||)/||D|| after it has met the ray.
The null set: starts that run into a repelling vector, a saddle or an intersection of hyperplanes that does not
attract.

Source: Maennel, Bousquet and Gelly 2018; Boursier and Flammarion, JMLR 2025, Theorem 1 (restated).
Tested, for every dimension, data set, leak and loss: fates, paths, events and times as predicted, beside a reference
flow, which uses neither cells nor fates; starts near a repeller, exact ties and arrivals at w = 0 beside times found
by hand.
"""

from __future__ import annotations

from collections.abc import Iterable

from ....numerics.oracles.rational import Vector
from ...cases.alignment.fates import boxes, leaving_one_by_one, one_of_either_kind, typical_cases
from ...cases.flow.hand_calculations import NearRepeller, Sinking, near_repellers, sinking
from ...cases.strategies import FlowCase, in_many_dimensions
from ...claim.draws import st
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.alignment.fates import (
    arrival_at_the_origin,
    ended_as_predicted,
    fates_that_occur,
    first_event_near_a_repeller,
    kept_tie,
    least_norm_in_the_box,
    single_ended_as_predicted,
)

FATES = {
    "extremal": r"\text{aligned: } \omega \to D/\|D\|,\ D \text{ extremal}",
    "dead": r"\text{dead: } D = 0 \text{ from some time on}",
    "pinned": r"\text{pinned: } w/\|w\| \text{ is constant},\ D = -\|D\|\,\omega/\|\omega\|",
}

GROWTHS = {1: r"\|D\|", 0.5: r"\|D\|/2", -1: r"-\|D\|"}


def _in_turn(fates: Iterable[str]) -> str:
    return r";\quad\text{or }".join(FATES[fate] for fate in fates)


STATEMENT = Predicate(
    "fates of the frozen flow",
    r"$fates;\qquad (\log|a|)' \to $growth_aligned \text{ if aligned},\ (\log|a|)' = $growth_pinned \text{ if pinned}",
    {"fates": ("extremal", "dead", "pinned"), "growth_aligned": 1, "growth_pinned": -1},
    words={"fates": _in_turn, "growth_aligned": GROWTHS, "growth_pinned": GROWTHS},
)

CLAIM = Claim(
    id="alignment.fates",
    title="A dominated neuron aligns with an extremal vector, dies, or is pinned to a ray, as and when predicted",
    kind="trichotomy",
    statement=STATEMENT,
    hypotheses=(
        "dominated start outside a null set: the frozen trajectory runs into no repelling vector, no saddle, and no "
        "intersection of hyperplanes that does not attract",
        "(log|a|)' of pinned neurons: the neuron is balanced",
    ),
    scope="every dimension, data set, leak and loss",
    source=Source(
        "Maennel, Bousquet & Gelly 2018; Boursier & Flammarion, JMLR 2025",
        "Theorem 1 (ii), page 7, and Lemma 15, page 52",
        "3.9, 10.5",
        restated=True,
    ),
    needs=("property",),
    mutants=(
        Mutant(
            "two fates only",
            STATEMENT.altered(fates=("extremal", "dead")),
            "x = (0, 1), (1/10, 1), (1, 1), y = (-3, 3, -1), a > 0, w near (1, 0): w is held on the ray (1, 0) with "
            "D = (-7/30, 0), slope 2/3 at the first point",
        ),
        Mutant(
            "pinned neurons grow",
            STATEMENT.altered(growth_pinned=1),
            "in the same example a' = <w, D> = -7/30 w_1 < 0 for a balanced neuron with a > 0",
        ),
        Mutant(
            "aligned neurons grow at half the rate",
            STATEMENT.altered(growth_aligned=0.5),
            "n = d = 1, x = y = a = w = 1: D = 1 and a' = w D = a",
        ),
    ),
    depends_on=("alignment.closed-form", "alignment.correlation-monotone"),
)


@property_check(typical_cases, quick=24, full=400, edges=one_of_either_kind)
def the_reference_flow_ends_as_predicted(statement: Predicate, case: FlowCase) -> Margin:
    """Fate, path, events and times by the closed form against the reference flow, which knows no cells and no fates."""
    return ended_as_predicted(statement, case)


@property_check(lambda: in_many_dimensions(n=(3, 12), width=(1, 1)), quick=14, full=300, edges=leaving_one_by_one)
def single_neurons_do_so_in_many_dimensions(statement: Predicate, case: FlowCase) -> Margin:
    """The same in 5 to 30 dimensions, where compiled code follows a neuron by itself.

    Extremal vectors are not enumerated there: the final drift of an aligned neuron is put into their definition.
    """
    return single_ended_as_predicted(statement, case)


@property_check(near_repellers, covers="lemma", quick=60, full=400)
def starts_near_a_repeller_turn_in_their_own_time(statement: Predicate, case: NearRepeller) -> Margin:
    """One neuron close to the direction opposite to its drift, balanced or nearly so: its first event, by hand."""
    return first_event_near_a_repeller(statement, case)


@property_check(lambda: st.tuples(*[st.integers(1, 9)] * 3), covers="lemma", quick=30, full=200)
def exact_ties_are_ties(statement: Predicate, drawn: tuple[int, int, int]) -> Margin:
    """On the inactive side of a point orthogonal to its drift a neuron stays forever: no rounding moves it across."""
    return kept_tie(statement, drawn)


@property_check(sinking, covers="lemma", quick=30, full=200)
def pinned_neurons_reach_the_origin_in_time(statement: Predicate, case: Sinking) -> Margin:
    """Strictly dominated neurons on a ray that holds them: the time at which w = 0, by hand."""
    return arrival_at_the_origin(statement, case)


@property_check(lambda: st.integers(0, 10**6), quick=4, full=30)
def each_fate_occurs(statement: Predicate, seed: int) -> Margin:
    """200 balanced neurons on the non-orthogonal toy, from a random seed: the fates that occur are those stated.

    About a fifth of all neurons is pinned there (theory.md 3.9), so that none is missed by chance.
    """
    return fates_that_occur(statement, seed)


@property_check(boxes, covers="lemma", quick=60, full=600)
def the_drift_on_a_face_has_least_norm(statement: Predicate, box: tuple[Vector, tuple[Vector, ...]]) -> Margin:
    """The active-set method behind sliding, in rationals and floats, against all 3^k choices of slopes."""
    return least_norm_in_the_box(statement, box)
