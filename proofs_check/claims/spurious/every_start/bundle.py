"""Theory.md 9.1 (1c), (2c): neurons that share their drift align with it, and form a bundle that stays tight.

Theorem. Consider dominated neurons with a > 0 that have the same drift D at all times of an interval; omega_j =
w_j/a_j. Let U be a unit vector, ||D - r U|| <= rho, cos psi = <omega, U> and u = tan(psi/2). Then u' <= -r u + rho (1 +
u^2)/2. If u <= 1 at the start and rho <= r epsilon, then u <= 2 epsilon after the time log(1/epsilon)/r, and if this
holds for all neurons, the tightness eta = max_{i,j} 1 - <omega_i, omega_j> is at most 32 epsilon^2. A facet with the
unit normal v_i, sin alpha_i = <U, v_i>, t_i = tan(alpha_i/2), is at the distance <omega, v_i> >= sin(alpha_i - psi).

For S = sum a_j w_j and Q = sum a_j^2: ||S|| >= Q sqrt(1 - eta), no omega_j is farther than sqrt(2 eta) from another or
from S/Q, a_i a_j (1 - <omega_i, omega_j>) is constant, and |(log a_i - log a_j)'| <= sqrt(2 eta) ||D||.

Source: this project; the conserved product is the Lorentz form of theory.md 2.3.
Proved in SymPy for every width and dimension, from the model's equations of motion; what is left is calculus, the
comparison with the solution of v' = -r v + rho. Coq proves product and ratio as well, approach from the rate of cos
psi, and aligned with that comparison. Tested along the reference flow.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from .....theory.formal.derivation import Goal, at_least, at_most, equal
from .....theory.spurious.every_start import bundle
from ....cases.spurious.every_start.bundles import BundleCase, bundle_cases
from ....cases.spurious.every_start.bundles import bundle as random_bundle
from ....claim.evidence import Margin, kernel, property_check, symbolic
from ....claim.statement import Claim, Mutant, Relations, Source
from ....coq.document import Document
from ....coq.theorems import every_start
from ....measure.spurious.every_start.bundle import alignment_along_the_flow

STATEMENT = Relations(bundle.STATEMENT)


def _bounded(name: str, bound: sympy.Expr) -> Relations:
    return STATEMENT.altered(**{name: at_most(STATEMENT[name].args[0], bound)})


CLAIM = Claim(
    id="spurious.bundle",
    title="Neurons with a > 0 that share their drift align with it, and a_i a_j (1 - <omega_i, omega_j>) is constant",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "dominated neurons with a > 0 and the same drift D; eta = max over i, j (i = j included) of 1 - <omega_i, "
        "omega_j>",
        "U is a unit vector, ||D - r U|| <= rho, u = tan(psi/2), cos psi = <omega, U>",
        "aligned: u <= 1 at the start, rho <= r epsilon, epsilon < 1, after the time log(1/epsilon)/r",
        "tight: u <= 2 epsilon for all neurons",
        "inside: t_i = tan(alpha_i/2) <= 1, sin alpha_i = <U, v_i>, for a unit vector v_i",
    ),
    scope="every width, dimension, data set and loss; S = sum a_j w_j, Q = sum a_j^2",
    source=Source("this project", "Theorem A, steps (1c) and (2c)", "9.1"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "the product without its output weights",
            STATEMENT.altered(
                product=equal(sympy.Derivative(1 - sympy.Symbol("<omega_i,omega_j>", real=True), sympy.Symbol("t")), 0)
            ),
            "d = 2, D = (1, 0), omega_1 = (1, 0), omega_2 = (0, 1): <omega_1, omega_2>' = <omega_1, D> = 1",
        ),
        Mutant(
            "aligned up to epsilon",
            _bounded("aligned", bundle.epsilon),
            "a balanced neuron with D - r U of norm rho = r epsilon turned away from U: u' = -r u + rho (1 + u^2)/2 "
            ">= -r u + rho/2, so that u >= epsilon + epsilon (1 - epsilon)/2 at the time log(1/epsilon)/r",
        ),
        Mutant(
            "half the distance of two neurons",
            _bounded("apart", sympy.sqrt(2 * bundle.tightness) / 2),
            "balanced neurons: ||omega_i - omega_j||^2 = 2 (1 - <omega_i, omega_j>)",
        ),
        Mutant(
            "tight up to 2 epsilon^2",
            _bounded("tight", 2 * bundle.epsilon**2),
            "d = 2, u = 2 epsilon on both sides of U: 1 - cos(2 psi) = 32 epsilon^2 (1 + o(1))",
        ),
        Mutant(
            "S as long as Q",
            STATEMENT.altered(sum=at_least(STATEMENT["sum"].args[0], bundle.size)),
            "two balanced neurons of equal size with omega_1 != omega_2",
        ),
    ),
    depends_on=("flow.domination", "flow.lorentz", "alignment.ode"),
    assuming=(
        at_least(bundle.close, 0),
        at_most(bundle.epsilon, 1),
        at_most(bundle.half_tangent, 1),
        at_most(bundle.facet, 1),
        at_most(bundle.tightness, 1),
    ),
    names={
        "u_rate": "u' of a neuron",
        "u_T": "u at the time log(1/epsilon)/r",
        "eta_T": "the tightness when all u are at most 2 epsilon",
        "inside": "<omega, v_i>",
        "||S||": "the norm of sum_j a_j w_j",
        "apart": "the largest ||omega_i - omega_j|| or ||omega_i - S/Q||",
        "a_i": "the output weight of neuron i",
        "a_j": "the output weight of neuron j",
        "<omega_i,omega_j>": "the inner product of w_i/a_i and w_j/a_j",
        "ratio_rate": "(log a_i - log a_j)'",
    },
    examples=random_bundle,
)


@symbolic()
def each_bound_follows_from_the_common_drift(statement: Relations) -> Iterable[Goal]:
    """Two neurons in one drift, from the model's equations of motion; angles as half-angle tangents; Cauchy-Schwarz."""
    return bundle.goals(statement.relations)


@kernel(covers="lemma")
def coq_follows_two_neurons(statement: Relations) -> Document:
    """`product` and `ratio` from the equations of motion, in any dimension; `approach` and `aligned` in u alone."""
    return every_start.bundle_steps(statement.relations)


@property_check(bundle_cases, quick=10, full=150)
def the_flow_aligns_bundles(statement: Relations, case: BundleCase) -> Margin:
    """The reference flow of all-active neurons, at scales that keep rho <= r epsilon."""
    return alignment_along_the_flow(statement, case)
