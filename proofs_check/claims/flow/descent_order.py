"""Theory.md 2.8: gradient descent with the step H is within a multiple of H of the flow while no pattern changes.

Theorem. Let p_k be kappa-Lipschitz in h, R2 = (1/n) sum_k ||x_k||^2, q = (1/n) sum_k |p_k(0)| ||x_k||. Let theta(s) be
the flow on [0, t], theta_0 = theta(0), theta_{k+1} = theta_k - H grad L(theta_k) and t = kH. If no neuron of either
is on a hyperplane or changes its pattern, ||theta||^2 <= N along both, and r = kappa R2 N, then

    ||theta_k - theta(t)|| <= (H/2) (q + r/2) sqrt(N) (e^{(q + 3r/2) t} - 1).

Source: this project; Gronwall's lemma for Euler's method, with the constants of this network.
Proved in SymPy as a lemma: the bound solves the recursion of the errors. The constants, in the proof of theory.md 2.8,
are tested beside the engine; so is the order in H. One balanced neuron that fits one point attains the bound as
t -> 0, up to its output.
"""

from __future__ import annotations

from collections.abc import Iterable

from ....theory.flow import descent
from ....theory.formal.derivation import Goal, at_most
from ...cases.flow.descent_order import Descending, descending, one_point, sharp
from ...claim.evidence import Margin, Run, property_check, scaling, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.flow.descent_order import order_in_the_step, within_the_bound

STATEMENT = Relations(descent.STATEMENT)
_DISTANCE, _BOUND = STATEMENT["distance"].args

CLAIM = Claim(
    id="flow.descent-order",
    title="Gradient descent with the step H is within an explicit multiple of H of the flow while no pattern changes",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "theta_{k+1} = theta_k - H grad L(theta_k) from the start of the flow, and t = k H",
        "no neuron is on a hyperplane or changes its activation pattern, along the flow or from step to step",
        "the pull -dl/dh is kappa-Lipschitz in h; q = (1/n) sum |p_k(0)| ||x_k||",
        "r = kappa R_2 N with N >= ||theta||^2 along the flow and at every step, R_2 = (1/n) sum ||x_k||^2",
    ),
    scope="every width, dimension, data set and leak, square and logistic loss, any start off the hyperplanes",
    source=Source("this project", "Gronwall's lemma for Euler's method", "2.8"),
    needs=("symbolic", "property", "scaling"),
    mutants=(
        Mutant(
            "half of it",
            STATEMENT.altered(distance=at_most(_DISTANCE, _BOUND / 2)),
            "n = d = m = 1, x = y = 1, square loss, a = w = s small: theta' = theta up to terms in s^3, and after one "
            "step the distance is ||theta_0|| (e^H - 1 - H) = ||theta_0|| H^2/2 + ..",
        ),
        Mutant(
            "of second order in H",
            STATEMENT.altered(distance=at_most(_DISTANCE, descent.step * descent.pull_at_zero * _BOUND)),
            "the same neuron: after k steps to t = kH the distance is ||theta_0|| (e^t - (1 + t/k)^k), of order H",
        ),
    ),
    names={
        "descent_gap": "||theta_k - theta(t)||, over all weights",
        "H": "the step of descent",
        "q": "(1/n) sum_k |p_k(0)| ||x_k||",
        "N": "a bound on ||theta||^2 along the flow and at every step",
        "r": "kappa R_2 N",
    },
    examples=one_point,
)


@symbolic(covers="lemma")
def the_bound_solves_the_recursion(statement: Relations) -> Iterable[Goal]:
    """E_k = (HV/2) ((1 + H Lambda)^k - 1) solves E_{k+1} = (1 + H Lambda) E_k + Lambda V H^2/2; and 1 + x <= e^x."""
    return descent.goals()


@property_check(descending, quick=40, full=400, edges=sharp)
def descent_stays_within_the_bound_of_the_flow(statement: Relations, case: Descending) -> Margin:
    """Descent beside the engine, in dimensions up to 30, with 1 to 100 steps."""
    return within_the_bound(statement, case)


@scaling()
def the_order_is_one(statement: Relations, run: Run) -> Margin:
    """The order in H observed with H to H/8, beside that of the stated bound."""
    return order_in_the_step(statement, run)
