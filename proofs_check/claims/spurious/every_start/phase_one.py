"""Theory.md 10.6: in phase one neurons with a > 0 gain points, and those with a < 0 lose them and die.

Theorem. ReLU, y_k > 0 and <x_k, x_l> > 0 for all points, a dominated start, omega = w/|a|. Let every pull satisfy p_k
>= zeta y_k up to some time, with 0 < zeta <= 1, and c_l = min_{k != l} y_k <x_k, x_l>/n. Up to that time:

(1a) While a neuron with a > 0 is active on some point and not on x_l, <omega, x_l>' >= zeta c_l. So it is active on all
points from the time max_l ||x_l||/(zeta c_l) on.
(1b) While a neuron with a < 0 is active on some point, <w, x_l>' <= -|a| zeta c_l for every other point x_l: it only
loses points. Let A be its active set, D_A = (1/n) sum_{k in A} y_k x_k, r = ||D_A||, let rho bound ||D - D_A||, and
u = tan(theta/2) with cos theta = <omega, D_A>/r. Then u' >= r u - rho (1 + u^2)/2; a set A is entered with u >=
sigma/(1 + sqrt(1 - sigma^2)), sigma = <D_A, x_k>/(r ||x_k||) for some x_k outside A; and if u >= u_0 at the start or at
the entry and rho <= r u_0/2, it leaves A within the time log(2/u_0)/r. After its last set it is dead.

Source: this project; it makes the first phase of Boursier and Flammarion, JMLR 2025, explicit in every dimension.
Proved in SymPy for every dimension, width and number of points, from the model's equations of motion; what is left is
calculus, the comparison of a function with the solution of u' = r u - rho. Coq proves gain and fall as well, turn from
the rate of cos theta, and arrival and stay with the calculus. Tested along the reference flow.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from .....theory.formal.derivation import Goal, at_least, at_most
from .....theory.spurious.every_start import phase_one
from ....cases.spurious.every_start.positive import PositiveCase, positive_cases, two_neurons
from ....claim.evidence import Margin, kernel, property_check, symbolic
from ....claim.statement import Claim, Mutant, Relations, Source
from ....coq.document import Document
from ....coq.theorems import every_start
from ....measure.spurious.every_start.phase_one import gains_and_losses

STATEMENT = Relations(phase_one.STATEMENT)
DERIVATIONS = (phase_one.derivation,)


def _with(name: str, bound: sympy.Expr) -> Relations:
    relation = STATEMENT[name]
    return STATEMENT.altered(**{name: relation.func(relation.args[0], bound, evaluate=False)})


CLAIM = Claim(
    id="spurious.phase-one",
    title="For positively correlated points small a > 0 neurons gain points and others lose them, in explicit times",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "ReLU, y_k > 0, <x_k, x_l> > 0 for all points; dominated start, no neuron on a hyperplane; p_k >= zeta y_k",
        "gain: a > 0, active on some point and not on x_l, omega = w/|a|; arrival: from any start that is active "
        "somewhere",
        "fall: a < 0, active on a point other than x_l; turn: A is the active set, D_A = (1/n) sum_{k in A} y_k x_k, "
        "r = ||D_A||, ||D - D_A|| <= rho, u = tan(theta/2), cos theta = <omega, D_A>/r",
        "entry: sigma is the least <D_A, x_k>/(r ||x_k||) over the points outside A",
        "stay: u >= u_0 when A is entered, u_0 <= 1, and rho <= r u_0/2",
    ),
    scope="every width, dimension, number of points and start; c_l = min_{k != l} y_k <x_k, x_l>/n, X_l = ||x_l||",
    source=Source("this project", "Theorem A, steps (1a) and (1b)", "9.1, 10.6"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "twice the gain",
            _with("gain", 2 * phase_one.zeta * phase_one.least),
            "x = (1, 0), (1/8, 1), y = (1, 1), w = s (1, -1/8), small s: <omega, x_2> = 0 and <omega, x_2>' = p_1/16 "
            "with p_1 -> 1 as s -> 0, while c_2 = 1/16",
        ),
        Mutant(
            "twice the fall",
            _with("fall", -2 * phase_one.zeta * phase_one.least),
            "the same data and w with a < 0, from the inactive side of x_2",
        ),
        Mutant(
            "u grows at the rate r whatever the deviation",
            _with("turn", phase_one.drift_norm * phase_one.half_tangent),
            "at theta = pi/2 a deviation rho along omega lowers theta' from r to r - rho",
        ),
        Mutant(
            "entered at u >= sigma",
            _with("entry", phase_one.sine),
            "a balanced neuron along the part of D_A that is orthogonal to x_k has theta = arcsin(sigma), u = "
            "sigma/(1 + sqrt(1 - sigma^2)) < sigma",
        ),
        Mutant(
            "it leaves within 1/r",
            _with("stay", 1 / phase_one.drift_norm),
            "rho = 0 and u_0 = 1/20: u = e^{rt}/20 = e/20 < 1 at t = 1/r",
        ),
    ),
    depends_on=("flow.domination", "alignment.ode"),
    assuming=(
        at_least(phase_one.small, 0),
        at_most(phase_one.entered, 1),
        at_most(phase_one.half_tangent, 1),
        at_most(phase_one.sine, 1),
    ),
    names={
        "gain_rate": "<omega, x_l>' of a neuron with a > 0",
        "T_a": "the time after which a neuron with a > 0 is active on x_l",
        "fall_rate": "<w, x_l>'/|a| of a neuron with a < 0",
        "u_rate": "u' of a neuron with a < 0",
        "u_entry": "u of a neuron with a < 0 where it enters the set A",
        "T_A": "the time that a neuron with a < 0 stays active exactly on A",
    },
    examples=two_neurons,
)


@symbolic()
def each_step_follows_from_the_flow(statement: Relations) -> Iterable[Goal]:
    """Rates from the model's equations of motion; Cauchy-Schwarz in two places; the solution of u' = r u - rho."""
    return phase_one.goals(statement.relations)


@kernel(covers="lemma")
def coq_follows_one_neuron(statement: Relations) -> Document:
    """`gain` and `fall` from the equations of motion, for n points in R^d; the others in one variable."""
    return every_start.phase_one_steps(statement.relations)


@property_check(positive_cases, quick=10, full=150)
def the_flow_keeps_the_times(statement: Relations, case: PositiveCase) -> Margin:
    """The reference flow of random dominated networks, at scales that keep p_k >= y_k/2 up to the times compared."""
    return gains_and_losses(statement, case)
