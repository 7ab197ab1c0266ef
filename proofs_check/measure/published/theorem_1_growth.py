"""What the evidence of `published.theorem-1-growth` measures (theory.md 8.1)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.extremal.pattern_drifts import pattern_drifts
from ....numerics.flow.simulation import simulate
from ....numerics.predict.published_constants import published_constants
from ....theory.early import growth
from ....theory.early.bounds import curvature_bound
from ....theory.formal.derivation import Goal, Nonnegative
from ....theory.positivity.algebraic import ETA
from ....theory.positivity.prover import PositiveGoal
from ...cases.strategies import FlowCase, Neurons, flow_cases
from ...claim.draws import assume, composite, st
from ...claim.evidence import Margin, Obligation
from ...claim.statement import Predicate
from ..engine_runs import check_resolved, engine_runs

if TYPE_CHECKING:
    from ....numerics.flow.engines import AnyEngine

LARGEST_RATE = Fraction(9, 8)
"""While R2 S <= D_max/8 one has |(log|a|)'| <= 9/8 D_max."""
TIMES = 9
TOLERANCES = (1e-11, 1e-9)


@dataclass(frozen=True)
class ThresholdCase:
    """A dominated start, scaled to sum a_j^2 = lambda^2 with lambda a `share` of the published threshold."""

    flow: FlowCase
    epsilon: Fraction
    share: Fraction


@composite
def threshold_cases(draw: st.DrawFn) -> ThresholdCase:
    """Dominated and balanced starts on random data; shares from 1/1000 to 9/10."""
    flow = draw(flow_cases(n=(1, 3), d=(1, 2), width=(1, 4), kinds=("balanced", "dominated")))
    epsilon = draw(st.sampled_from((Fraction(1, 20), Fraction(1, 4), Fraction(8, 25))))
    return ThresholdCase(flow, epsilon, draw(st.sampled_from((Fraction(1, 1000), Fraction(1, 10), Fraction(9, 10)))))


def two_neurons() -> list[ThresholdCase]:
    """n = 1: a neuron with a < 0 keeps the loss high while a much smaller one with a > 0 grows a little faster."""
    data = Dataset(((Fraction(1), Fraction(0)),), (Fraction(1),))
    start = Neurons((Fraction(1), Fraction(-1)), ((Fraction(1, 1000), Fraction(0)), (Fraction(1), Fraction(0))))
    flow = FlowCase(data, "square", Fraction(0), start, Fraction(1))
    return [ThresholdCase(flow, Fraction(1, 4), Fraction(4, 5))]


def bootstrap(exponent: Fraction) -> Iterator[Obligation]:
    """Up to the first time at which some |a_j| reaches its bound, S <= lambda^{2-4 epsilon}, and |a_j| grows slowly.

    There |log|a_j(t)/a_j(0)|| <= 9/8 D_max t <= 9/8 epsilon log(1/lambda), less than the exponent allows: there is no
    such time. An exponent below 9/8 is not refuted by this.
    """
    yield growth.output_goal()
    yield growth.deviation_goal(growth.STATEMENT["deviation"].args[1])
    yield from growth.driven_goals()
    threshold: Goal = growth.below_the_threshold()
    assert isinstance(threshold, Nonnegative)
    assert not threshold.expression.has(curvature_bound)  # the pull is 1-Lipschitz: kappa = 1
    yield threshold
    yield PositiveGoal("exponent - 9/8", exponent - LARGEST_RATE + 0 * ETA, (), ETA, None, sufficient=True)


def growth_up_to_tau(statement: Predicate, case: ThresholdCase) -> Margin:
    """The largest |log|a_j(t)/a_j(0)|| at times up to tau beside the stated multiple of epsilon log(1/lambda)."""
    problem, epsilon = case.flow.problem, float(case.epsilon)
    assume(not all(drift.vanishes for drift in pattern_drifts(problem)))  # some neuron moves: D_max > 0
    constants = published_constants(problem, epsilon=epsilon)
    assume(constants.lambda_star > 1e-60)
    scale = float(case.share) * min(constants.lambda_star, 0.9)
    unscaled = case.flow.start
    factor = scale / math.sqrt(float(np.sum(unscaled.a**2)))
    start = Network(factor * unscaled.a, factor * unscaled.w)
    logarithm = epsilon * math.log(1 / scale)
    tau = logarithm / constants.data.d_max
    runs = engine_runs(problem, start, tau, TOLERANCES)
    ends = [np.log(np.abs(run.a / start.a)) for run in (runs.fine, runs.coarse)]
    error = 2 * float(np.abs(np.subtract(*ends)).max())  # before tau it is no larger, as the errors of steps add up
    growths: list[float] = []

    def observe(engine: AnyEngine) -> None:
        growths.append(float(np.abs(np.log(np.abs(engine.state.neurons()[:, -1] / start.a))).max()))

    times = np.linspace(0.0, tau, TIMES)[1:]
    check_resolved(simulate(problem, start, tau, tolerance=TOLERANCES[0], times=times, observe=observe))
    worst = max(growths)
    allowed = float(statement["exponent"]) * logarithm + error
    return Margin(worst, allowed, "the stated power of lambda; the engine's error", {"lambda": scale, "growth": worst})
