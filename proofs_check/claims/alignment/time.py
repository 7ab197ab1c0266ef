"""Theory.md 3.3: when a neuron is aligned with a constant drift.

Theorem. Let D be constant, r = ||D|| > 0, 0 < delta < 1, c = <w/a, D>/r and -1 < c0 = c(0) < 1 - delta. The cosine c
with the drift reaches 1 - delta at the time

    T = (artanh(1 - delta) - artanh c0)/r = log(2/delta)/(2r) - (artanh c0)/r + o(1)  as delta -> 0.

Source: Boursier and Flammarion, JMLR 2025, duration of the early phase (restated).
Proved in SymPy and by Coq; compared with the time that the reference flow takes, the asymptote within delta/(2r).
"""

from __future__ import annotations

import sympy

from ....theory.alignment import constant_drift
from ....theory.flow.lorentz import rate
from ....theory.formal.derivation import Goal, equal
from ...cases import neuron_examples
from ...cases.alignment.constant_drift import steady
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin, kernel, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...coq.document import Document
from ...coq.theorems import alignment
from ...measure.alignment.time import asymptote_beside_the_flow, time_beside_the_flow

STATEMENT = Relations(constant_drift.TIME)
DERIVATIONS = (constant_drift.time_derivation,)
_c0, _delta = constant_drift.start_cosine, constant_drift.delta

CLAIM = Claim(
    id="alignment.time",
    title="Time until the cosine with a constant drift reaches 1 - delta, and its asymptote as delta -> 0",
    kind="equality and asymptote",
    statement=STATEMENT,
    hypotheses=(
        "the drift D is constant and r = ||D|| > 0; c0 is the cosine <w, D>/(a r) at time 0",
        "0 < delta < 1 and -1 < c0 < 1 - delta",
    ),
    scope="every dimension",
    source=Source("Boursier & Flammarion, JMLR 2025", "duration of the early phase, page 7", "3.3", restated=True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "1/r in place of 1/(2r)",
            STATEMENT.altered(
                asymptote=constant_drift.vanishing_error(sympy.log(2 / _delta) / rate - sympy.atanh(_c0) / rate)
            ),
            "r = 1, c0 = 0: T = artanh(1 - delta) = log(2/delta)/2 + o(1), half of log(2/delta)",
        ),
        Mutant(
            "the start forgotten",
            STATEMENT.altered(
                time=equal(STATEMENT["time"].args[0], sympy.atanh(1 - _delta) / rate),
            ),
            "c0 = 1 - 2 delta is nearly there, but the stated time grows like log(2/delta)/(2r)",
        ),
    ),
    depends_on=("alignment.closed-form",),
    names={
        "T": "the time at which the cosine reaches 1 - delta",
    },
    examples=neuron_examples.constant_drift,
)


@symbolic()
def the_cosine_is_there_at_that_time(statement: Relations) -> tuple[Goal, ...]:
    """tanh(rT + artanh c0) = 1 - delta, and T minus its asymptote has the limit 0 as delta -> 0."""
    return constant_drift.time_goals(statement.relations)


@kernel()
def coq_accepts_the_time_and_its_asymptote(statement: Relations) -> Document:
    """The closed form of the cosine at T is 1 - delta, and T - T_0 has the limit 0."""
    return alignment.alignment_time(statement.relations)


@property_check(steady, quick=15, full=150)
def the_reference_flow_is_there_at_that_time(statement: Relations, case: FlowCase) -> Margin:
    """Read delta off the reference flow at a random time: the stated T is that time, up to the error of delta."""
    return time_beside_the_flow(statement, case)


@property_check(steady, quick=15, full=150)
def the_asymptote_is_off_by_less_than_delta(statement: Relations, case: FlowCase) -> Margin:
    """r |T - T_0| = -log(1 - delta/2)/2 <= delta/2 for delta <= 1, against the time of the reference flow."""
    return asymptote_beside_the_flow(statement, case)
