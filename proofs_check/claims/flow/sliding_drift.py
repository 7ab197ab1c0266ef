"""Theory.md 10.4: which drift a sliding neuron has, and when its slopes are unique.

Theorem. Suppose that on an interval of time a != 0, <w, x_k> = 0 exactly for the k in Sigma, and w' = a D with D in
frakD(w, theta). Then for almost every time D = B + (1/n) sum_{k in Sigma} eta_k p_k x_k with <D, x_k> = 0 on Sigma, and

    ||D'||^2 = ||D||^2 + ||D' - D||^2,  D = P_Sigma D'  for every D' in frakD(w, theta):

D is its element of least norm, and P_Sigma projects onto the complement of span{x_k : k in Sigma}. If all eta_k lie
strictly between g and 1, they are unique if and only if the p_k x_k, k in Sigma, are independent. Hence a neuron cannot
stay on the face when the element of least norm has <D, x_k> != 0 for some k in Sigma. The same holds for an extremal D,
since <D, x_k> = 0 where <w, x_k> = 0: it is the element of least norm of frakD(w, 0).

Source: Filippov, Differential Equations with Discontinuous Righthand Sides, 1988 (restated; proof: theory.md 10.4).
Proved in SymPy for every face and dimension, and by Coq from the equations of motion. That such a flow exists and is
unique, and when a neuron enters and leaves a face, is not part of it: see flow.sliding.
"""

from __future__ import annotations

from collections.abc import Iterable

from ....theory.flow import sliding
from ....theory.formal.derivation import Goal
from ...claim.evidence import Certificate, Margin, Run, certified, kernel, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...coq.document import Document
from ...coq.theorems import sliding as sliding_theorems
from ...measure.flow.sliding_drift import (
    Chatter,
    chattering,
    chattering_averages_to_the_drift,
    extremal_vectors_are_shortest,
    faces_have_the_stated_drift,
)

STATEMENT = Predicate(
    "the drift of a sliding neuron",
    r"\langle w, x_k\rangle = 0\ \forall k \in \Sigma \implies D = B + \frac1n \sum_{k \in \Sigma} $slope\,p_k x_k = "
    r"\arg\min\{\|v\| : v \in \mathfrak D(w, \theta)\} = P_\Sigma D'\ \forall D' \in \mathfrak D(w, \theta);\quad "
    r"$inside(\eta_k)_{k \in \Sigma} \text{ unique} \iff (p_k x_k)_{k \in \Sigma} \text{ independent}",
    {"slope": sliding.SLOPE, "inside": True},
    words={"inside": {True: r"\eta_k \in (g, 1)\ \forall k \in \Sigma \implies ", False: ""}},
)

CLAIM = Claim(
    id="flow.sliding-drift",
    title="A neuron that stays on hyperplanes has the least-norm drift; interior slopes are unique iff independent",
    kind="equality",
    statement=STATEMENT,
    hypotheses=(
        "on an interval a != 0, <w, x_k> = 0 for k in Sigma and for no other k, w' = a D with D in frakD(w, theta)",
        "B = (1/n) sum of eta_k p_k x_k over the other points, whose slopes are fixed; slopes on Sigma are in [g, 1]",
    ),
    scope="every face, number of points, dimension, differentiable loss and leak; at almost every time",
    source=Source("Filippov 1988, restated; this project", "differential inclusions", "2.6, 10.4", restated=True),
    needs=("symbolic", "certified", "property"),
    mutants=(
        Mutant(
            "the midpoint slope",
            STATEMENT.altered(slope=sliding.MIDPOINT),
            "theory.md 3.9: x = (0, 1/10, 1) with bias, y = (-3, 3, -1), leak 0, h = 0, w along (1, 0): "
            "D = (-7/30, 2/3 - eta_1), and <D, (0, 1)> = 0 for the slope 2/3, not for 1/2",
        ),
        Mutant(
            "unique iff independent, without strictly inside",
            STATEMENT.altered(inside=False),
            "n = 3, leak 0, x = (1, 0), (1, 0), (-6, 1), p = (3, 3, 1), w along (0, 1): D = (-2 + eta_1 + eta_2, 1/3) "
            "is orthogonal to (1, 0) for eta = (1, 1) alone, though the first two points are equal",
        ),
    ),
    depends_on=("flow.equations",),
)

DERIVATIONS = (sliding.derivation,)


@symbolic()
def the_drift_is_orthogonal_to_the_face(statement: Predicate) -> Iterable[Goal]:
    """<D, x_k> = 0 from the model's flow, so that D = P_Sigma D' and ||D'||^2 = ||D||^2 + ||D' - D||^2.

    Slopes of one drift differ by a relation sum c_k p_k x_k = 0, and strictly inside a multiple of it may be added.
    """
    return sliding.goals(statement["slope"], statement["inside"])


@kernel()
def coq_follows_the_neuron(statement: Predicate) -> Document:
    """From the equations of motion of a neuron with <w, x_k> = 0 on the face; and slopes, by sums over the face."""
    return sliding_theorems.sliding_drift(statement["slope"], statement["inside"])


@certified(covers="instance")
def exact_faces(statement: Predicate, run: Run) -> Certificate:
    """Faces of up to three points, often dependent, with slopes inside or at an end, in rationals.

    The stated drift beside an independent search for the shortest one, and beside the projection of every vertex; that
    slopes are unique is decided by elimination.
    """
    return faces_have_the_stated_drift(statement, run)


@certified(covers="lemma")
def extremal_vectors(statement: Predicate, run: Run) -> Certificate:
    """Extremal vectors, found by their definition, are the shortest elements of frakD on their faces."""
    return extremal_vectors_are_shortest(run)


@property_check(chattering, quick=10, full=100)
def steps_across_the_hyperplane_have_this_drift_on_average(statement: Predicate, case: Chatter) -> Margin:
    """Small steps that know of no sliding chatter across the hyperplane; their mean drift beside the stated one."""
    return chattering_averages_to_the_drift(statement, case)
