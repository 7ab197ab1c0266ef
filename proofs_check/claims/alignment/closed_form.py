"""Theory.md 3.2: a neuron under a constant drift, in closed form.

Theorem. Let w' = a D and a' = <w, D> with D constant, r = ||D|| > 0 and Dhat = D/r, and put omega = w/a, c = <omega,
Dhat> and omega_perp = omega - c Dhat. If a(0) != 0 and c0 = c(0) has |c0| < 1, then

    c(t) = tanh(rt + artanh c0),  omega_perp(t) = omega_perp(0) / (cosh rt + c0 sinh rt),
    a(t) = a(0) cosh rt + <w(0), Dhat> sinh rt,
    w(t) = w(0) + ((cosh rt - 1) <w(0), Dhat> + a(0) sinh rt) Dhat.

Source: Boursier and Flammarion, JMLR 2025, early alignment of one neuron (restated).
Proved in SymPy by substitution into the equations of motion, and by Coq in every dimension; compared with the
reference flow up to its first event.
"""

from __future__ import annotations

import sympy

from ....theory.alignment import constant_drift
from ....theory.flow.lorentz import rate, start_output, start_weights, time, unit_drift
from ....theory.formal.derivation import Goal, equal
from ...cases import neuron_examples
from ...cases.alignment.constant_drift import dominated_cases
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin, kernel, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...coq.document import Document
from ...coq.theorems import alignment
from ...measure.alignment.closed_form import closed_form_beside_the_flow

STATEMENT = Relations(constant_drift.CLOSED_FORM)
DERIVATIONS = (constant_drift.closed_form_derivation,)
_c0 = constant_drift.start_cosine

CLAIM = Claim(
    id="alignment.closed-form",
    title="Under a constant drift the cosine is a hyperbolic tangent, and w and a are hyperbolic in time",
    kind="equality",
    statement=STATEMENT,
    hypotheses=(
        "w' = a D and a' = <w, D> with D constant, r = ||D|| > 0 and Dhat = D/r; omega = w/a",
        "a(0) != 0, -1 < c0 = <omega(0), Dhat> < 1; w_along = <w(0), Dhat>",
    ),
    scope="every dimension and all t >= 0",
    source=Source(
        "Boursier & Flammarion, JMLR 2025", "equation (8), page 9, for a constant drift", "3.2", restated=True
    ),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "twice the rate",
            STATEMENT.altered(
                cosine=equal(STATEMENT["cosine"].args[0], sympy.tanh(2 * rate * time + sympy.atanh(_c0)))
            ),
            "c0 = 0: c'(0) = r (1 - 0) = r, but tanh(2rt) has the derivative 2r at 0",
        ),
        Mutant(
            "w moves by a(0) sinh(rt) alone",
            STATEMENT.altered(
                weights=equal(
                    STATEMENT["weights"].args[0], start_weights + start_output * sympy.sinh(rate * time) * unit_drift
                )
            ),
            "d = 1, r = 1, w(0) = 1, a(0) = 1: w = e^t, but 1 + sinh t is smaller for t > 0",
        ),
    ),
    depends_on=("flow.equations",),
    assuming=(_c0 > -1, _c0 < 1),
    names={
        "c_t": "the cosine <omega(t), Dhat>",
        "perp_t": "the factor of omega_perp(0) in omega_perp(t)",
        "a_t": "the output weight at time t",
        "w_t": "the inner weights at time t",
        "w_0": "the inner weights at time 0, a vector",
        "Dhat": "the unit vector along the drift",
    },
    examples=neuron_examples.constant_drift,
)


@symbolic()
def they_solve_the_flow_from_the_start(statement: Relations) -> tuple[Goal, ...]:
    """Each closed form satisfies the model's equations and its initial value, by substitution."""
    return constant_drift.closed_form_goals(statement.relations)


@kernel()
def coq_accepts_that_they_solve_the_flow(statement: Relations) -> Document:
    """Derivatives and initial values in every dimension, and the cosine and omega_perp of w/a."""
    return alignment.closed_form(statement.relations)


@property_check(dominated_cases, quick=20, full=200)
def they_agree_with_the_reference_flow(statement: Relations, case: FlowCase) -> Margin:
    """(w, a) and w/a at the end of an interval without events, from random data, losses and leaks."""
    return closed_form_beside_the_flow(statement, case)
