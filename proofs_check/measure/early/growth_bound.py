"""What the evidence of `early.growth-bound` measures (theory.md 4.1-4.3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....numerics.data.losses import get_loss
from ....numerics.extremal.vectors import extremal_vectors
from ....numerics.oracles.reference import HANDWRITTEN_LOSSES, handwritten_pull, network_outputs
from ....numerics.predict.early_phase import drift_deviation
from ....theory.early import bounds
from ....theory.formal.printing import to_numpy
from ...cases.early.early_starts import EarlyStart
from ...cases.early.growth_bound import EarlyCase
from ...cases.strategies import FlowCase
from ...claim.draws import assume
from ...claim.evidence import Margin
from ...claim.statement import Relations
from ..trajectories import DERIVATION, Array, Trajectory, solve, worst


@dataclass(frozen=True)
class Constants:
    """The constants of theory.md 4 for one case, each computed from the data alone."""

    d_max: float
    d_star: float
    kappa: float
    mean_square_input: float
    spread: float

    @classmethod
    def of(cls, case: EarlyCase) -> Constants:
        """D_max and D* by enumeration, R2 and c0 by their definitions."""
        flow = case.flow
        extremal = extremal_vectors(flow.problem)
        mean_square = float(np.mean(np.sum(flow.data.X**2, axis=1)))
        kappa = get_loss(flow.loss).kappa
        assume(extremal.d_max > 0)  # a hypothesis of the claim: opposite points may cancel in every drift
        return cls(extremal.d_max, extremal.d_star, kappa, mean_square, float(np.mean(flow.start.a**2)))


def _run(case: EarlyCase, times: Array) -> Trajectory:
    flow = case.flow
    return solve(flow.data.X, flow.data.y, *case.start, times, loss=flow.loss, leak=float(flow.leak))


def _size(a: Array, _w: Array) -> Array:
    return np.sum(a**2, axis=1)


def _excess(values: Array, bound: Array, allowed: float, where: dict[str, object]) -> Margin:
    """How far `values` exceed `bound`, beside the reference's error and a few roundings of the bound itself."""
    finite = float(np.max(np.abs(bound), initial=0.0))
    over = float(np.max(values - bound, initial=0.0))
    return Margin(over, allowed + 8 * np.finfo(float).eps * finite, DERIVATION, where)


def below_the_bounds(statement: Relations, case: EarlyCase) -> Margin:
    """S, |h| and the deviation of the drift along the flow beside their bounds."""
    constants = Constants.of(case)
    times = np.linspace(0.0, (np.log(1 / case.scale) + 1) / constants.d_max, 17)
    trajectory = _run(case, times)
    size, error = trajectory.of(_size), trajectory.error(_size)
    initial = np.full_like(times, size[0])
    convex = to_numpy(statement["convex"].args[1], bounds.initial_size, bounds.d_star, bounds.time)
    margins = [_excess(size, convex(initial, constants.d_star, times), error, {"bound": "convex"})]

    symbols = (bounds.initial_size, bounds.d_max, bounds.curvature_bound, bounds.mean_square_input, bounds.time)
    values = (initial, constants.d_max, constants.kappa, constants.mean_square_input, times)
    valid = to_numpy(bounds.growth_denominator, *symbols)(*values) > 0
    smooth = to_numpy(statement["smooth"].args[1], *symbols)(*values)
    margins.append(_excess(size[valid], smooth[valid], error, {"bound": "smooth"}))

    flow = case.flow
    norms = np.linalg.norm(flow.data.X, axis=1)
    outputs = network_outputs(flow.data.X, trajectory.fine.a, trajectory.fine.w, float(flow.leak))
    reach = size[:, None] * norms
    margins.append(_excess(np.abs(outputs), reach, error * float(norms.max()), {"bound": "|h_k| <= S ||x_k||"}))

    deviation = to_numpy(statement["deviation"].args[1], bounds.curvature_bound, bounds.mean_square_input, bounds.size)(
        constants.kappa, constants.mean_square_input, size
    )
    # The drift inherits the error of h through the Lipschitz pull: at most kappa R2 times the error of S.
    inherited = constants.kappa * constants.mean_square_input * error
    distance = _distance_of_drifts(flow, trajectory, outputs)
    margins.append(_excess(distance, deviation[:, None], inherited, {"bound": "deviation"}))
    return worst(*margins)


def _distance_of_drifts(flow: FlowCase, trajectory: Trajectory, outputs: Array) -> Array:
    """||D_j(theta) - D_j(0)|| with the slopes of each neuron's pattern, shape (T, m)."""
    X, y = flow.data.X, flow.data.y
    change = np.stack([handwritten_pull(h, y, flow.loss) - handwritten_pull(0 * y, y, flow.loss) for h in outputs])
    slopes = np.where(trajectory.fine.w @ X.T > 0, 1.0, float(flow.leak))
    return np.asarray(np.linalg.norm((slopes * change[:, None, :]) @ X / len(y), axis=2))


def within_the_bounds_at_tau(statement: Relations, case: EarlyCase) -> Margin:
    """log |a_j(tau)/a_j(0)| and S(tau) beside their bounds."""
    constants, epsilon = Constants.of(case), float(case.epsilon)
    tau = float(to_numpy(bounds.tau, bounds.epsilon, bounds.scale, bounds.d_max)(epsilon, case.scale, constants.d_max))
    trajectory = _run(case, np.array([0.0, tau]))

    def log_growth(a: Array, _w: Array) -> Array:
        return np.abs(np.log(np.abs(a[-1] / a[0])))

    ratio = constants.kappa * constants.mean_square_input / constants.d_max
    stated_log = to_numpy(
        statement["log"].args[1], bounds.epsilon, bounds.scale, bounds.deviation_ratio, bounds.spread
    )(epsilon, case.scale, ratio, constants.spread)
    stated_size = to_numpy(statement["size"].args[1], bounds.spread, bounds.scale, bounds.epsilon)(
        constants.spread, case.scale, epsilon
    )
    threshold = to_numpy(statement["threshold"].args[1], bounds.deviation_ratio, bounds.spread, bounds.epsilon)(
        ratio, constants.spread, epsilon
    )
    change, error = trajectory.of(log_growth), trajectory.error(log_growth)
    size = trajectory.of(_size)[-1:]
    margins = [
        _excess(change, np.asarray(stated_log), error, {"bound": "log"}),
        _excess(size, np.asarray(stated_size), trajectory.error(_size), {"bound": "size"}),
    ]
    if case.scale <= threshold:
        doubled = np.log(2) + epsilon * np.log(1 / case.scale)
        margins.append(_excess(change, np.asarray(doubled), error, {"bound": "twice lambda^-epsilon"}))
    return worst(*margins)


def numbers_in_use(statement: Relations, case: EarlyStart) -> Margin:
    """c0, kappa R2, tau and lambda* of the project beside their definitions."""
    scale, rounding = 2.0**-20, 32 * float(np.finfo(float).eps)
    prediction, start = case.prediction(scale), case.start(scale)
    m, d = start.w.shape
    balanced = case.kind == "balanced"
    weights = float(np.sum(start.w**2)) / scale**2
    outputs = float(np.sum(start.a**2)) / scale**2
    spread = 6 * np.sqrt(2 * d / m)
    mean_square = float(np.mean(np.sum(case.data.X**2, axis=1)))
    kappa = HANDWRITTEN_LOSSES[case.loss].curvature
    margins = [
        Margin(abs(outputs - d), spread if balanced else rounding * d, "six standard deviations", {"c0": outputs}),
        Margin(abs(weights - (d if balanced else d / 3)), spread, "six standard deviations", {"w": weights}),
        Margin(
            abs(float(np.mean(start.a > 0)) - 0.5), 3 / np.sqrt(m), "six standard deviations", {"a > 0": start.a > 0}
        ),
        Margin(
            abs(drift_deviation(case.problem) / (kappa * mean_square) - 1),
            rounding,
            "rounding of kappa R2",
        ),
    ]
    assume(prediction.extremal.d_max > 0)
    assert prediction.tau is not None
    assert prediction.scale_threshold is not None
    epsilon, d_max = float(case.epsilon), prediction.extremal.d_max
    horizon = epsilon * 20 * np.log(2) / d_max
    symbols = (bounds.deviation_ratio, bounds.spread, bounds.epsilon)
    threshold = to_numpy(statement["threshold"].args[1], *symbols)(kappa * mean_square / d_max, outputs, epsilon)
    return worst(
        *margins,
        Margin(abs(prediction.tau / horizon - 1), rounding, "rounding of tau"),
        Margin(abs(prediction.scale_threshold / float(threshold) - 1), rounding / (1 - epsilon), "rounding of lambda*"),
    )
