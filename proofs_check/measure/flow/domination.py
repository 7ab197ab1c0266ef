"""What the evidence of `flow.domination` measures (theory.md 2.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import sympy

from ....numerics.oracles.reference import HANDWRITTEN_LOSSES, correlation, mean_loss
from ....theory.flow import structure
from ....theory.flow.structure import output_size, weights_size
from ....theory.formal.derivation import difference
from ....theory.formal.printing import to_numpy
from ...cases.strategies import KINDS, FlowCase, in_any_dimension, ratios
from ...claim.draws import composite, st
from ...claim.evidence import Margin
from ...claim.statement import Predicate
from ..trajectories import DERIVATION, Array, Quantity, Trajectory, follow


@composite
def mixed_starts(draw: st.DrawFn) -> FlowCase:
    """Flows of two or three neurons: the first balanced or dominated, the others of any kind, often |a| = ||w||/8.

    The others' output weights have the sign that the drift at h = 0 shrinks, so that they may reach 0 if they can.
    """
    case = draw(in_any_dimension(n=(1, 3), d=(1, 2), width=(2, 3), kinds=("balanced", "dominated")))
    X, y, _, w = case.arrays
    any_size = st.one_of(st.just(Fraction(1, 8)), st.sampled_from(KINDS).flatmap(ratios).map(abs))
    sizes = draw(st.tuples(*[any_size] * (len(w) - 1)))
    growing = correlation(X, y, w[1:], **case.options) > 0
    shrinking = [-size if grows else size for size, grows in zip(sizes, growing, strict=True)]
    start = replace(case.start, ratios=(case.start.ratios[0], *shrinking))
    return replace(case, start=start, time=max(case.time, Fraction(3)))


def conclusion_under_the_hypothesis(statement: Predicate, case: FlowCase) -> Margin:
    """By how much neurons that meet the hypothesis miss the conclusion."""
    hypothesis, conclusion = (_slack(statement[name]) for name in ("hypothesis", "conclusion"))
    meets = [hypothesis(abs(float(ratio)), 1.0, 0.0) >= 0 for ratio in case.start.ratios]
    trajectory = follow(case)

    def shortfall(a: Array, w: Array) -> Array:
        signed = np.sign(a[0]) * a
        return -conclusion(np.abs(a), np.linalg.norm(w, axis=2), signed)[:, meets]

    return _margin(shortfall, trajectory)


def above_the_exponential(statement: Predicate, case: FlowCase) -> Margin:
    """By how much |a| falls below |a(0)| e^{-Kt}."""
    trajectory = follow(case)
    floor = np.exp(-_largest_drift(case) * trajectory.times)[:, None] * np.abs(case.start.a)

    def shortfall(a: Array, w: Array) -> Array:
        return floor - np.sign(a[0]) * a

    return _margin(shortfall, trajectory)


def _slack(relation: sympy.Ge) -> Callable[..., Array]:
    """What is non-negative when the relation holds, in the order |a|, ||w||, sign(a(0)) a."""
    return to_numpy(difference(relation), output_size, weights_size, structure.signed_output)


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
