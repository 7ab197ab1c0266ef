"""Theory.md 2.3: the flow of one neuron is a path in a Lorentz group.

Theorem. Let J = diag(1, .., 1, -1) and A(D) z = (a D, <D, w>) for z = (w, a). The neuron obeys z' = A(D) z, and A^T
J + J A = 0. For any drift D(t) let Phi' = A(D(t)) Phi and Phi(0) = I; then z(t) = Phi(t) z(0) and Phi^T J Phi = J, so
that Phi^-1 = J Phi^T J, since J^2 = I. For a constant drift with r = ||D|| > 0 one has A^3 = r^2 A and

    Phi(t) = exp(tA) = I + (sinh(rt)/r) A + ((cosh(rt) - 1)/r^2) A^2.

Source: this project, after the computations for one neuron in Boursier and Flammarion, JMLR 2025.
Proved in SymPy on vectors of any dimension, and by Coq, the inverse for a constant drift; tested along the reference
flow, where <w_i, w_j> - a_i a_j stays constant for neurons that share a drift.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from ....theory.flow import lorentz
from ....theory.flow.lorentz import IDENTITY, PHI, A, rate, time
from ....theory.formal.derivation import Goal, equal
from ...cases import neuron_examples
from ...cases.alignment.constant_drift import dominated_cases, positive_flows
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin, kernel, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...coq.document import Document
from ...coq.theorems import flow
from ...measure.flow.lorentz import exponential_beside_the_flow, form_between_neurons

STATEMENT = Relations(lorentz.STATEMENT)
DERIVATIONS = (lorentz.derivation,)

CLAIM = Claim(
    id="flow.lorentz",
    title="z = (w, a) moves by z' = A(D) z in the Lorentz algebra; exp(tA) and its inverse are explicit",
    kind="equality",
    statement=STATEMENT,
    hypotheses=(
        "J = diag(1, .., 1, -1); A(D) z = (a D, <D, w>) for z = (w, a)",
        "cube, exponential, inverse: the drift is constant, r = ||D|| > 0 and Phi = exp(tA)",
        "form: Phi' = A(D(t)) Phi, Phi(0) = I, for any drift in time",
    ),
    scope="every dimension d, data set, loss and leak",
    source=Source(
        "this project, after Boursier & Flammarion, JMLR 2025",
        "the flow of one neuron as a Lorentz path",
        "2.3",
        restated=True,
    ),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "sinh(rt) without 1/r",
            STATEMENT.altered(
                exponential=equal(
                    PHI, IDENTITY + sympy.sinh(rate * time) * A + (sympy.cosh(rate * time) - 1) / rate**2 * A**2
                )
            ),
            "d = 1, D = r = 2, (w, a) = (1, 1): w = e^{2t}, but 1 + 2 sinh 2t + cosh 2t - 1 has the slope 4 at t = 0",
        ),
        Mutant(
            "the Euclidean form is kept",
            STATEMENT.altered(form=equal(PHI.T * IDENTITY * PHI, IDENTITY)),
            "d = 1, D = 1, z = (1, 1): z(t) = e^t (1, 1), so that ||z||^2 grows from 2",
        ),
        Mutant(
            "the inverse is the transpose",
            STATEMENT.altered(inverse=equal(PHI**-1, PHI.T)),
            "d = 1, D = 1: Phi is symmetric and (1, 1) is its eigenvector for e^t, so that Phi^T Phi (1, 1) != (1, 1)",
        ),
    ),
    depends_on=("flow.equations",),
    names={
        "A": "the matrix A(D) of the flow of one neuron",
        "J": "diag(1, .., 1, -1)",
        "Phi": "the map of the flow from time 0 to time t",
    },
    examples=neuron_examples.lorentz_map,
)


@symbolic()
def it_solves_the_flow_and_keeps_the_form(statement: Relations) -> Iterable[Goal]:
    """Each relation on a generic pair of a vector of any dimension and a scalar; PHI' = A PHI and PHI(0) = I."""
    return lorentz.goals(statement.relations)


@kernel()
def coq_accepts_every_relation_in_every_dimension(statement: Relations) -> Document:
    """Each relation between matrices, as an equation between their values at every neuron."""
    return flow.lorentz_form(statement.relations)


@property_check(dominated_cases, quick=12, full=200)
def the_exponential_agrees_with_the_reference_flow(statement: Relations, case: FlowCase) -> Margin:
    """Phi z(0) against the reference flow under a constant drift, and every relation in matrices of floats."""
    return exponential_beside_the_flow(statement, case)


@property_check(lambda: positive_flows(width=(2, 4)), quick=8, full=120)
def the_form_is_kept_between_neurons_of_one_pattern(statement: Relations, case: FlowCase) -> Margin:
    """<z_i, J z_j>, J as stated, for neurons that share a drift: constant on the full flow up to its first event."""
    return form_between_neurons(statement, case)
