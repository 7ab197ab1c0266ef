"""Theory.md 2.6: sliding with the least-norm drift.

Theorem. A neuron on the attracting hyperplanes Sigma moves with w' = a D, where D is the element of least norm of
the set frakD(w, theta) of drifts with slopes in [g, 1]. If the slopes of D lie strictly between g and 1, then D =
P_Sigma D' for every drift D' that has the same slopes elsewhere, P_Sigma being the projection onto the complement of
the points of Sigma. The neuron leaves the face when a slope reaches g or 1.
Hypotheses: parallel points are merged; flows start dominated, with w != 0, on no hyperplane.

Source: Filippov, Differential Equations with Discontinuous Righthand Sides, 1988 (restated). That a neuron which stays
on the face has this drift is proved in flow.sliding-drift; here the formula for D is certified on random
faces in exact rationals. That the simulated flow enters, follows and leaves faces as stated, and comes to rest only
where it must, is tested against the reference flow and times found by hand.
"""

from __future__ import annotations

from ...cases.flow.hand_calculations import Sinking, sinking
from ...cases.flow.sliding import leaving_in_many_dimensions, sliding_flows, starts_on_a_hyperplane
from ...cases.strategies import FlowCase, in_many_dimensions, leaving_in_space
from ...claim.evidence import Certificate, Margin, Run, certified, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.flow.sliding import (
    beside_a_start_next_to_it,
    engine_beside_the_reference,
    least_and_projected,
    rests_of_sliding_neurons,
    single_neurons_beside_the_reference,
    time_of_rest,
)

STATEMENT = Predicate(
    "least-norm drift on a face",
    r"D = $factor\arg\min\{\|v\| : v \in \mathfrak D(w, \theta),\ \eta_k \in $box\};\quad \eta_k \in (g, 1)\ \forall k "
    r"\in \Sigma \implies D = P_\Sigma D';\quad \text{the face is left when a slope reaches an end of } $box",
    {"box": True, "factor": 1.0},
    words={"box": {True: "[g, 1]", False: r"\mathbb{R}"}, "factor": {1.0: "", 1 + 1e-7: r"(1 + 10^{-7}) "}},
)

CLAIM = Claim(
    id="flow.sliding",
    title="On attracting hyperplanes a neuron slides with the least-norm drift, until a slope reaches its end",
    kind="equality",
    statement=STATEMENT,
    hypotheses=(
        "hyperplanes of parallel points merged; a_j times the merged pull is negative on the hyperplanes of the face",
        "P_Sigma projects onto the complement of span{x_k : k in Sigma}; D' has the slopes of D outside Sigma",
        "flows: dominated neurons, w not 0, a start on no hyperplane",
    ),
    scope="exact rationals: faces of up to three independent points in dimensions 1 to 3; flows: square and logistic "
    "loss, any leak, dimensions 1 to 30",
    source=Source("Filippov 1988, restated; this project", "differential inclusions", "2.6, 10.4", restated=True),
    needs=("certified", "property"),
    mutants=(
        Mutant(
            "slopes outside [g, 1] allowed",
            STATEMENT.altered(box=False),
            "d = n = 2, leak 0, a > 0, x = (1, 0), (1, 2), p = (-1, 2), w = (0, 1), on the first hyperplane: the other "
            "point gives (1, 2), and P_Sigma (1, 2) = (0, 2) takes the slope 2 at the first",
        ),
        Mutant(
            "drifts longer by 10^-7",
            STATEMENT.altered(factor=1 + 1e-7),
            "n = d = 1, x = y = 1, a = w = 1/2, square loss: frakD(w, theta) = {3/4}, so that a' = 3/8",
        ),
    ),
    depends_on=("flow.domination", "flow.sliding-drift"),
)


@certified(covers="lemma")
def the_drift_is_least_and_projected(statement: Predicate, run: Run) -> Certificate:
    """Random faces in exact rationals: slopes in range, no vertex of the box nearer to 0, D = P_Sigma D' when inside.

    <D, V - D> >= 0 for every vertex V of the convex set is what makes its element D the one of least norm.
    """
    return least_and_projected(statement, run)


@property_check(sliding_flows, quick=12, full=200)
def neurons_enter_follow_and_leave_faces(statement: Predicate, case: FlowCase) -> Margin:
    """Events and end points of the engine beside the reference flow, which solves for the slopes by SciPy."""
    return engine_beside_the_reference(statement, case)


@property_check(in_many_dimensions, quick=10, full=150, edges=leaving_in_many_dimensions)
def single_neurons_do_so_in_many_dimensions(statement: Predicate, case: FlowCase) -> Margin:
    """The same in 5 to 30 dimensions, where the engine follows neurons one by one."""
    return single_neurons_beside_the_reference(statement, case)


@property_check(starts_on_a_hyperplane, covers="lemma", quick=10, full=100)
def starts_on_a_hyperplane_go_on_as_those_beside_it(statement: Predicate, case: FlowCase) -> Margin:
    """From an attracting hyperplane, and on the side of x from a repelling one, beside the reference flow.

    The reference flow starts next to the hyperplane. To first order it is off in proportion to that distance: twice the
    change that halving the distance makes is allowed for.
    """
    return beside_a_start_next_to_it(statement, case)


@property_check(sinking, covers="lemma", quick=6, full=60)
def pinned_neurons_come_to_rest_in_time(statement: Predicate, case: Sinking) -> Margin:
    """A strictly dominated neuron on a ray that holds it rests at w = 0, at the time found by hand.

    It counts as at rest when ||w|| is 1e-7 of |a|, and artanh(||w||/|a|) falls at the rate r.
    """
    return time_of_rest(statement, case)


@property_check(lambda: leaving_in_space(halvings=12), covers="lemma", quick=6, full=40)
def no_other_neurons_come_to_rest(statement: Predicate, case: FlowCase) -> Margin:
    """Neurons that slide with a small w, down to ||w|| = |a|/64, meet another hyperplane and continue to move."""
    return rests_of_sliding_neurons(statement, case)
