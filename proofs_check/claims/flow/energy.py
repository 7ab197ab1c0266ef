"""Theory.md 2.4: the energy identity.

Theorem. For almost every time t, also while neurons slide along hyperplanes,

    L' = -||theta'||^2 = -sum_j (<w_j, D_j>^2 + a_j^2 ||D_j||^2),

so that the loss never increases. The finitely many times of events on a bounded interval are left out.

Source: Davis, Drusvyatskiy, Kakade and Lee, FoCM 2020, the chain rule on Clarke flows (restated).
Proved in SymPy for symbolic n, m and d, an arbitrary loss and arbitrary slopes; compared with difference quotients
along the reference flow, whose velocities are tested to be Clarke subgradients.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from ....theory.flow import structure
from ....theory.flow.structure import loss_rate, speed_squared
from ....theory.formal.derivation import Goal, equal
from ...cases import network_examples
from ...cases.strategies import FlowCase, in_any_dimension, leaving_flows
from ...claim.draws import st
from ...claim.evidence import Margin, property_check, symbolic
from ...claim.statement import Claim, Mutant, Source
from ...measure.flow.energy import differences_of_the_loss, distance_from_the_subgradients

CLAIM = Claim(
    id="flow.energy",
    title="Energy: dL/dt = -||theta'||^2, so the loss never increases",
    kind="equality",
    statement=structure.ENERGY,
    hypotheses=("the time is not that of an event: near it the slopes are constant or, while sliding, continuous",),
    scope="every width, dimension, data set, differentiable loss and leak; sliding included",
    source=Source(
        "Davis, Drusvyatskiy, Kakade & Lee, FoCM 2020", "the chain rule on Clarke flows", "2.4", restated=True
    ),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "twice the dissipation",
            equal(loss_rate, -2 * speed_squared),
            "n = 1, x = y = 1, a = w = 1/2, square loss: p = 3/4, a' = w' = 3/8, so that "
            "dL/dt = -p (a w)' = -9/32 = -||theta'||^2",
        ),
        Mutant(
            "the loss rises",
            equal(loss_rate, speed_squared),
            "n = 1, x = y = 1, a = w = 1/2, square loss: dL/dt = -9/32 and ||theta'||^2 = 9/32",
        ),
    ),
    depends_on=("flow.equations",),
    names={
        "L'": "the derivative of the loss along the flow",
        "||theta'||^2": "the squared speed of all parameters",
    },
    examples=network_examples.network,
)

DERIVATIONS = (structure.energy_derivation,)


@symbolic()
def the_chain_rule_gives_the_dissipation(statement: sympy.Eq) -> Iterable[Goal]:
    """For symbolic n, m and d, an arbitrary loss and arbitrary slopes; on a face the slopes multiply 0."""
    return structure.energy_goals(statement)


@property_check(in_any_dimension, quick=10, full=120)
def differences_along_the_reference_agree(statement: sympy.Eq, case: FlowCase) -> Margin:
    """Loss and weights of the reference flow, differentiated numerically halfway between consecutive events."""
    return differences_of_the_loss(statement, case)


@property_check(lambda: st.one_of(leaving_flows(), in_any_dimension()), covers="lemma", quick=12, full=120)
def the_reference_moves_by_clarke_subgradients(statement: sympy.Eq, case: FlowCase) -> Margin:
    """w_j' = a_j D_j with slopes within [g, 1] on the faces where a neuron slides, found by least squares."""
    return distance_from_the_subgradients(statement, case)
