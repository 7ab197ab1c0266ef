"""Theory.md 3.1: the equations of a normalised neuron under a constant drift.

Theorem. Let w' = a D and a' = <w, D> with D constant, r = ||D|| > 0, and put omega = w/a, c = <omega, D>/r. While a
!= 0,

    omega' = D - <D, omega> omega,  (log|a|)' = <D, omega>,  c' = r (1 - c^2),  <D, omega>' = r^2 - <D, omega>^2,

and <D, omega> does not decrease if ||omega|| <= 1.

Source: Boursier and Flammarion, JMLR 2025, dynamics of the normalised neurons (restated).
Proved in SymPy by formal inner products in every dimension, the monotonicity by Cauchy-Schwarz; the solution of the
stated equations is compared with the frozen reference flow.
"""

from __future__ import annotations

from ....theory.alignment import constant_drift
from ....theory.formal.derivation import Goal, equal
from ....theory.formal.vectors import inner, squared_norm, vector
from ...cases import neuron_examples
from ...cases.alignment.constant_drift import dominated_cases
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin, Nonnegative, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.alignment.ode import solution_beside_the_flow

STATEMENT = Relations(constant_drift.ODE)
DERIVATIONS = (constant_drift.ode_derivation,)

CLAIM = Claim(
    id="alignment.ode",
    title="A normalised neuron turns towards its drift by omega' = D - <D, omega> omega",
    kind="equality",
    statement=STATEMENT,
    hypotheses=(
        "w' = a D and a' = <w, D> with D constant, r = ||D|| > 0",
        "a != 0 (it never vanishes for a dominated neuron)",
    ),
    scope="every dimension",
    source=Source("Boursier & Flammarion, JMLR 2025", "equation (8), page 9", "3.1", restated=True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "omega = a w",
            STATEMENT.altered(
                direction=equal(constant_drift.direction, constant_drift.output * constant_drift.weights)
            ),
            "w = 0, a = 2, D = (1): (a w)' = a^2 D = 4, but D - <D, a w> a w = 1",
        ),
        Mutant(
            "no return term",
            STATEMENT.altered(omega=equal(constant_drift.ODE["omega"].args[0], constant_drift.drift)),
            "d = 1, w = a = D = 1: omega = 1 stays 1, but D = 1 would make it grow",
        ),
    ),
    depends_on=("flow.equations",),
    names={
        "omega": "the normalised neuron w/a, a vector",
        "D": "the drift, a vector",
        "log|a|": "the logarithm of the size of the output weight",
        "c": "the cosine <omega, D>/r",
    },
    examples=neuron_examples.constant_drift,
)


@symbolic()
def the_flow_moves_omega_as_stated(statement: Relations) -> tuple[Goal, ...]:
    """Differentiate omega, log|a|, <omega, D> along the flow, by formal inner products in every dimension."""
    return constant_drift.ode_goals(statement.relations)


@symbolic(covers="lemma")
def the_correlation_never_decreases(statement: Relations) -> list[Nonnegative]:
    """r^2 - <D, omega>^2 = r^2 (1 - ||omega||^2) + (r^2 ||omega||^2 - <D, omega>^2) >= 0, by Cauchy-Schwarz."""
    D, omega = vector(constant_drift.drift), vector(constant_drift.direction)
    length, product = squared_norm(D), inner(D, omega)
    stated = statement["monotone"].args[1].subs(constant_drift.rate**2, length)
    inside, gram = 1 - squared_norm(omega), length * squared_norm(omega) - product**2
    return [Nonnegative("<D, omega>'", stated, (length * inside, gram), (inside, gram))]


@property_check(dominated_cases, quick=12, full=120)
def its_solution_is_the_reference_flow(statement: Relations, case: FlowCase) -> Margin:
    """Solve the stated equations for omega, log|a|, c and <D, omega>, and compare with the frozen reference flow."""
    return solution_beside_the_flow(statement, case)
