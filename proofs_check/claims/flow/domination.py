"""Theory.md 2.2: domination persists.

Theorem. If |a_j(0)| >= ||w_j(0)|| and a_j(0) != 0, then for all t >= 0

    sign(a_j(0)) a_j(t) >= ||w_j(t)||,  a_j(t) != 0.

Hence a_j keeps its sign and ||omega_j|| = ||w_j / a_j|| <= 1. Hypothesis: the drift is bounded on bounded intervals
of time, as it is along the flow.

Source: Boursier and Flammarion, JMLR 2025, Lemma 1 (restated); the proof is in theory.md 10.2.
The differential inequality (a^2 e^{2Kt})' >= 0 for K >= ||D||, on which the proof rests, is proved in SymPy; the
theorem itself is tested on random networks, and so is |a(t)| >= |a(0)| e^{-Kt}.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import sympy

from ....numerics.oracles.reference import HANDWRITTEN_LOSSES, correlation, mean_loss
from ....theory.flow import structure
from ....theory.flow.structure import output_size, weights_size
from ....theory.formal.derivation import Goal, at_least, difference
from ....theory.formal.printing import to_numpy
from ...cases.strategies import KINDS, FlowCase, flow_cases, ratios
from ...claim.draws import composite, st
from ...claim.evidence import Margin, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.trajectories import DERIVATION, Array, Quantity, Trajectory, follow

signed_output = sympy.Symbol("a_signed", real=True)
"""sign(a(0)) a(t)."""

STATEMENT = Predicate(
    "domination persists",
    r"$hypothesis,\ a \ne 0 \text{ at } t = 0 \implies $conclusion,\ a \ne 0 \text{ for all } t \ge 0",
    {"hypothesis": structure.DOMINATION, "conclusion": at_least(signed_output, weights_size)},
)

CLAIM = Claim(
    id="flow.domination",
    title="Domination persists: a_j keeps its sign, never vanishes, and ||omega_j|| <= 1",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=("the drift of the neuron is bounded on bounded time intervals, as it is along the flow",),
    scope="every width, dimension, data set, differentiable loss and leak; crossings and sliding included",
    source=Source(
        "Boursier & Flammarion, JMLR 2025", "the lemma on balanced and dominated neurons", "2.2", restated=True
    ),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "the sign is kept without domination",
            STATEMENT.altered(hypothesis=at_least(output_size, 0), conclusion=at_least(signed_output, 0)),
            "n = 1, x = 1, y = -1, a = 1/8, w = 1, square loss: w^2 - a^2 = 63/64 keeps w above 9/10, and "
            "a' = w (y - a w) <= -9/10 while a >= 0, so that a vanishes before t = 1/7",
        ),
    ),
    depends_on=("flow.balancedness",),
)
DERIVATIONS = (structure.domination_derivation,)


@symbolic(covers="lemma")
def the_output_weight_decays_no_faster_than_the_drift(statement: Predicate) -> Iterable[Goal]:
    """(a^2 e^{2Kt})' >= 0 for K >= ||D||, under the stated hypothesis: the differential inequality behind Gronwall."""
    return structure.domination_goals(statement["hypothesis"])


@composite
def mixed_starts(draw: st.DrawFn) -> FlowCase:
    """Flows of two or three neurons: the first balanced or dominated, the others of any kind, often |a| = ||w||/8.

    The others' output weights have the sign that the drift at h = 0 shrinks, so that they may reach 0 if they can.
    """
    case = draw(flow_cases(n=(1, 3), d=(1, 2), width=(2, 3), kinds=("balanced", "dominated")))
    X, y, _, w = case.arrays
    any_size = st.one_of(st.just(Fraction(1, 8)), st.sampled_from(KINDS).flatmap(ratios).map(abs))
    sizes = draw(st.tuples(*[any_size] * (len(w) - 1)))
    growing = correlation(X, y, w[1:], **case.options) > 0
    shrinking = [-size if grows else size for size, grows in zip(sizes, growing, strict=True)]
    start = replace(case.start, ratios=(case.start.ratios[0], *shrinking))
    return replace(case, start=start, time=max(case.time, Fraction(3)))


@property_check(mixed_starts, quick=12, full=150)
def neurons_that_meet_the_hypothesis_meet_the_conclusion(statement: Predicate, case: FlowCase) -> Margin:
    """Both relations as stated, on every neuron of random networks; the other neurons only take part in the flow."""
    hypothesis, conclusion = (_slack(statement[name]) for name in ("hypothesis", "conclusion"))
    meets = [hypothesis(abs(float(ratio)), 1.0, 0.0) >= 0 for ratio in case.start.ratios]
    trajectory = follow(case)

    def shortfall(a: Array, w: Array) -> Array:
        signed = np.sign(a[0]) * a
        return -conclusion(np.abs(a), np.linalg.norm(w, axis=2), signed)[:, meets]

    return _margin(shortfall, trajectory)


@property_check(lambda: flow_cases(kinds=("balanced", "dominated")), quick=8, full=80)
def it_never_vanishes(statement: Predicate, case: FlowCase) -> Margin:
    """|a(t)| >= |a(0)| e^{-Kt}: where K bounds every drift, since (1/n) sum |p_k| ||x_k|| does and L falls."""
    trajectory = follow(case)
    floor = np.exp(-_largest_drift(case) * trajectory.times)[:, None] * np.abs(case.start.a)

    def shortfall(a: Array, w: Array) -> Array:
        return floor - np.sign(a[0]) * a

    return _margin(shortfall, trajectory)


def _slack(relation: sympy.Ge) -> Callable[..., Array]:
    """What is non-negative when the relation holds, in the order |a|, ||w||, sign(a(0)) a."""
    return to_numpy(difference(relation), output_size, weights_size, signed_output)


def _margin(shortfall: Quantity, trajectory: Trajectory) -> Margin:
    values = trajectory.of(shortfall)
    time, neuron = np.unravel_index(np.argmax(values), values.shape)
    where = {"time": trajectory.times[time], "neuron": int(neuron)}
    return Margin(max(0.0, float(values[time, neuron])), trajectory.error(shortfall), DERIVATION, where)


def _largest_drift(case: FlowCase) -> float:
    """A bound on ||D|| over the whole flow: where |p| has none, p^2 <= 2 kappa l, and so mean p^2 <= 2 kappa L(0)."""
    X, y, a, w = case.arrays
    norms = np.linalg.norm(X, axis=1)
    loss = HANDWRITTEN_LOSSES[case.loss]
    if loss.largest_pull is not None:
        return loss.largest_pull * float(np.mean(norms))
    mean = mean_loss(X, y, a, w, case.loss, float(case.leak))
    return float(np.sqrt(2 * loss.curvature * mean * np.mean(norms**2)))
