"""Theory.md 2.2: domination persists.

Theorem. If |a_j(0)| >= ||w_j(0)|| and a_j(0) != 0, then for all t >= 0

    sign(a_j(0)) a_j(t) >= ||w_j(t)||,  a_j(t) != 0.

Hence a_j keeps its sign and ||omega_j|| = ||w_j / a_j|| <= 1. Hypothesis: the drift is bounded on bounded intervals
of time, as it is along the flow.

Source: Boursier and Flammarion, JMLR 2025, Lemma 1 (restated); the proof is in theory.md 10.2.
Proved in SymPy: a^2 - ||w||^2 is constant, and (a^2 e^{2Kt})' >= 0 for K >= ||D||, so that a never vanishes; and by Coq
from the equations of motion to the conclusion. Tested on random networks, and so is |a(t)| >= |a(0)| e^{-Kt}.
"""

from __future__ import annotations

from collections.abc import Iterable

from ....theory.flow import structure
from ....theory.flow.structure import output_size, weights_size
from ....theory.formal.derivation import Goal, at_least
from ...cases.strategies import FlowCase, in_any_dimension
from ...claim.evidence import Margin, kernel, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...coq.document import Document
from ...coq.theorems import flow as flow_theorems
from ...measure.flow.domination import above_the_exponential, conclusion_under_the_hypothesis, mixed_starts

STATEMENT = Predicate(
    "domination persists",
    r"$hypothesis,\ a \ne 0 \text{ at } t = 0 \implies $conclusion,\ a \ne 0 \text{ for all } t \ge 0",
    {"hypothesis": structure.DOMINATION, "conclusion": at_least(structure.signed_output, weights_size)},
)

CLAIM = Claim(
    id="flow.domination",
    title="Domination persists: a_j keeps its sign, never vanishes, and ||omega_j|| <= 1",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=("the drift of the neuron is bounded on bounded time intervals, as it is along the flow",),
    scope="every width, dimension, data set, differentiable loss and leak; crossings and sliding included",
    source=Source("Boursier & Flammarion, JMLR 2025", "consequence of Lemma 1, page 6", "2.2, 10.2", restated=True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "twice the weights",
            STATEMENT.altered(conclusion=at_least(structure.signed_output, 2 * weights_size)),
            "a balanced neuron, |a| = ||w|| > 0, at t = 0",
        ),
        Mutant(
            "the sign is kept without domination",
            STATEMENT.altered(hypothesis=at_least(output_size, 0), conclusion=at_least(structure.signed_output, 0)),
            "n = 1, x = 1, y = -1, a = 1/8, w = 1, square loss: w^2 - a^2 = 63/64 keeps w above 9/10, and "
            "a' = w (y - a w) <= -9/10 while a >= 0, so that a vanishes before t = 1/7",
        ),
    ),
    depends_on=("flow.balancedness",),
)

DERIVATIONS = (structure.domination_derivation,)


@symbolic()
def it_persists_and_the_sign_is_kept(statement: Predicate) -> Iterable[Goal]:
    """a^2 - ||w||^2 is constant and not negative, and (a^2 e^{2Kt})' >= 0 for K >= ||D||, from the model's flow.

    What is left is calculus: such a function does not decrease, so that a does not vanish, and keeps its sign.
    """
    return structure.persistence_goals(statement["hypothesis"], statement["conclusion"])


@kernel()
def coq_follows_the_neuron(statement: Predicate) -> Document:
    """One neuron in any dimension with a bounded drift: from the equations of motion to the stated conclusion."""
    return flow_theorems.domination(statement["hypothesis"], statement["conclusion"])


@property_check(mixed_starts, quick=12, full=150)
def neurons_that_meet_the_hypothesis_meet_the_conclusion(statement: Predicate, case: FlowCase) -> Margin:
    """Both relations as stated, on every neuron of random networks; the other neurons only take part in the flow."""
    return conclusion_under_the_hypothesis(statement, case)


@property_check(lambda: in_any_dimension(kinds=("balanced", "dominated")), covers="lemma", quick=8, full=80)
def it_never_vanishes(statement: Predicate, case: FlowCase) -> Margin:
    """|a(t)| >= |a(0)| e^{-Kt}, where K bounds ||D|| along the flow.

    ||D|| <= (1/n) sum |p_k| ||x_k||, and the pulls are bounded because the loss does not increase.
    """
    return above_the_exponential(statement, case)
