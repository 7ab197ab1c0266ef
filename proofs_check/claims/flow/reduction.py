"""Theory.md 2.5: a network of any width is an ODE for one map per activation pattern, and events.

Theorem. All neurons of one activation pattern u share a drift D_u, so that z_j(t) = Phi_u(t) z_j(0) with Phi_u' =
A(D_u) Phi_u, Phi_u(0) = I, Phi_u^-1 = J Phi_u^T J in the notation of theory.md 2.3. With beta_u the sum of a_j w_j over
the neurons of u and eta_u(k) their slope at x_k, they contribute h_u(x_k) = eta_u(k) <beta_u, x_k> to the output. A
neuron whose pattern changes moves by the map of its new pattern from then on.
Hypotheses: regular solutions, in which dead neurons stay dead, and w_j does not vanish.

Source: this project.
The reduction itself (one drift and one linear map a pattern, outputs, transfer at an event) is proved in SymPy as a
lemma. That the reduced flow is the flow is tested against the flow of every neuron, for small networks and for patterns
with many neurons, and so is the engine that integrates it: the coordinates in which it stores neurons, events in long
steps, accuracy, and the error that it reports.
"""

from __future__ import annotations

from collections.abc import Iterable

from ....theory.flow import reduction
from ....theory.formal.derivation import Goal, equal
from ...cases import neuron_examples
from ...cases.flow.hand_calculations import Fit, fits
from ...cases.flow.reduction import Crowd, DenseCells, crowds, nearly_balanced, one_that_stays, small_networks
from ...cases.strategies import FlowCase
from ...claim.draws import st
from ...claim.evidence import Margin, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.flow.reduction import (
    beside_every_neuron,
    beside_the_logistic_curve,
    beside_the_unreduced_flow,
    changed_by_the_tolerance,
    defect_of_the_maps,
    estimated_error,
    missed_passages,
    placed_to_rounding,
)

STATEMENT = Relations(reduction.STATEMENT)
DERIVATIONS = (reduction.derivation,)

CLAIM = Claim(
    id="flow.reduction",
    title="All neurons of one activation pattern move by one map: any width is an ODE for these maps, and events",
    kind="equality",
    statement=STATEMENT,
    hypotheses=(
        "regular solutions: dead neurons stay dead; w does not vanish",
        "Phi' = A(D_u(t)) Phi, Phi(0) = I, with A(D) (w, a) = (a D, <D, w>) and D_u the drift of the pattern u",
        "beta_u = sum a_j w_j over the neurons of u; slope[k] is their slope at x_k",
    ),
    scope="every width, dimension, data set and leak, square and logistic loss; sliding included (ternary patterns)",
    source=Source("this project", "reduction to activation patterns", "2.5"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "patterns never change",
            STATEMENT.altered(pattern=equal(STATEMENT["pattern"].args[0], reduction.starting_pattern)),
            "n = m = 1, d = 2, x = (1, 0), y = 1, a = 1, w = (-1/4, 0), leak 1/2: w_1' = a p/2 > 0, so that w_1 passes "
            "0 and h = a w_1 from then on, not a w_1/2",
        ),
    ),
    depends_on=("flow.lorentz", "flow.sliding"),
    names={
        "u_j(t)": "the pattern that the reduced flow gives neuron j; A(w) is the activation pattern of w",
        "h_u": "the contribution of the neurons of one pattern to the output at x_k",
        "Phi": "the map of one pattern from time 0 to time t",
        "J": "diag(1, .., 1, -1)",
    },
    examples=neuron_examples.lorentz_map,
)


@symbolic(covers="lemma")
def the_model_reduces(statement: Relations) -> Iterable[Goal]:
    """A drift and a map for each pattern, h from beta_u, M' = A M + M A^T for M = sum z z^T, transfer, no jump of h."""
    return reduction.goals(statement.relations)


@property_check(small_networks, quick=20, full=200, edges=one_that_stays)
def the_reduced_flow_is_the_flow(statement: Relations, case: FlowCase) -> Margin:
    """Every neuron of the reduced flow beside the reference flow, which integrates each neuron by itself."""
    return beside_every_neuron(statement, case)


@property_check(crowds, quick=2, full=25)
def crowded_patterns_are_no_exception(statement: Relations, case: Crowd) -> Margin:
    """Many neurons that pass from one pattern with many neurons to the next, beside SciPy's VODE on all of them."""
    return beside_the_unreduced_flow(statement, case)


@property_check(lambda: st.tuples(st.integers(0, 10**6), st.integers(-2, 12)), covers="lemma", quick=10, full=100)
def neurons_start_where_they_are_put(statement: Relations, drawn: tuple[int, int]) -> Margin:
    """Sixteen neurons with |a| = 10^-k ||w|| in the coordinates in which the engine stores them: a and w to rounding.

    An output weight far below ||w|| cannot be read off the conserved a^2 - ||w||^2.
    """
    return placed_to_rounding(statement, drawn)


@property_check(crowds, covers="lemma", quick=12, full=100)
def crossings_cost_no_accuracy(statement: Relations, case: Crowd) -> Margin:
    """Six neurons of order one: what a tolerance 1000 times larger changes, beside this tolerance for every step.

    A neuron that crosses causes a kink in the drifts of all others, which the error control of a step misses. An
    error may grow as fast as neurons do, at the rate r = (1/n) sum |p_k| ||x_k|| at most: by e^3 in a time 3/r.
    """
    return changed_by_the_tolerance(statement, case)


@property_check(lambda: st.builds(DenseCells, st.integers(0, 10**6)), quick=10, full=150)
def long_steps_miss_no_passage(statement: Relations, case: DenseCells) -> Margin:
    """Every change of pattern in some tens of long steps, with many in one step, beside hundreds of short steps.

    At the loose tolerance <w, x_k> is off by 1e-6 for each of some hundred steps. A neuron that is beyond a hyperplane
    for a time u reaches a depth of r^2 u^2/8 times its length: a passage that is missed lasted 0.03/r at most.
    """
    return missed_passages(statement, case)


@property_check(nearly_balanced, covers="lemma", quick=10, full=100)
def the_maps_in_use_stay_lorentz(statement: Relations, case: FlowCase) -> Margin:
    """Y J Y^T J = I for every map Y of the engine at nine times, and a^2 - ||w||^2 at the end as at the start.

    A step leaves a defect e of the order of the tolerance, and putting it right leaves e^2 and some roundings.
    """
    return defect_of_the_maps(statement, case)


@property_check(fits, covers="lemma", quick=12, full=100)
def a_fit_is_followed_to_its_end(statement: Relations, case: Fit) -> Margin:
    """One neuron until its output is its label to rounding, at 65 times, beside the logistic curve.

    h'/h falls with h, so that relative errors never grow: their sum is at most a tolerance for every step, twice, since
    h = a <w, x>.
    """
    return beside_the_logistic_curve(statement, case)


@property_check(fits, covers="lemma", quick=8, full=60)
def the_estimated_error_is_that_of_the_tolerance(statement: Relations, case: Fit) -> Margin:
    """The error that two runs of the engine report half way to a fit: at most what tolerances allow, not too small.

    On such a path errors do not grow, so that no weight is off by more than a tolerance of its size for every step.
    """
    return estimated_error(statement, case)
