"""What the evidence of `flow.energy` measures (theory.md 2.4)."""

from __future__ import annotations

import numpy as np
import sympy

from ....numerics.oracles.reference import handwritten_pull, mean_loss, network_outputs
from ....theory.flow.structure import speed_squared
from ....theory.formal.printing import to_numpy
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin
from ..trajectories import DERIVATION, Array, Trajectory, follow, worst

LONGEST_STEP = 2.0**-9
"""The largest step h of the central differences; powers of two, so that t - h, t and t + h are exact."""


def differences_of_the_loss(statement: sympy.Eq, case: FlowCase) -> Margin:
    """The loss of the reference, differentiated, beside the stated rate."""
    stated = to_numpy(statement.rhs, speed_squared)
    X, y, _, _ = case.arrays
    leak = float(case.leak)
    centres, steps, trajectory = _stretches(case)

    def loss(a: Array, w: Array) -> Array:
        return mean_loss(X, y, a, w, case.loss, leak)

    def residual(a: Array, w: Array, reach: int) -> Array:
        """The stated balance by differences over +-reach steps, one number per interval."""
        rate, *speeds = (_difference(values, reach, steps) for values in (loss(a, w), a, w.reshape(len(w), -1)))
        return rate[:, 0] - stated(sum(np.sum(speed**2, axis=1) for speed in speeds))

    fine, coarse = trajectory.fine, trajectory.coarse
    near, far = residual(fine.a, fine.w, 1), residual(fine.a, fine.w, 2)
    truncation = np.abs(far - near)  # three times the error h^2 of `near`, to leading order
    solver = np.abs(residual(coarse.a, coarse.w, 1) - near) + trajectory.error(loss) / steps
    falls = Margin(float(np.max(np.diff(trajectory.of(loss)), initial=0.0)), trajectory.error(loss), f"L: {DERIVATION}")
    return worst(_at_worst(np.abs(near), truncation + solver, centres), falls)


def distance_from_the_subgradients(statement: sympy.Eq, case: FlowCase) -> Margin:
    """The velocity of the reference beside the Clarke subgradients."""
    from scipy.optimize import lsq_linear

    X, y, _, _ = case.arrays
    leak = float(case.leak)
    centres, steps, trajectory = _stretches(case)
    error = trajectory.error(lambda _a, w: w)
    flow = trajectory.fine
    near, far = (_difference(flow.w, reach, steps).reshape(len(steps), *flow.w.shape[1:]) for reach in (1, 2))
    truncation = np.linalg.norm(far - near, axis=2)  # three times the error of `near`, to leading order
    margins = [Margin(0.0, 0.0, "no interval between events is long enough")]
    for segment, (a, w) in enumerate(zip(flow.a[3::5], flow.w[3::5], strict=True)):
        pulls = handwritten_pull(network_outputs(X, a, w, leak), y, case.loss)
        for neuron in range(len(a)):
            parts = a[neuron] * pulls[:, None] * X / len(y)
            preactivation = X @ w[neuron]
            on_face = np.abs(preactivation) <= 2 * error * np.linalg.norm(X, axis=1)
            rest = near[segment, neuron] - np.where(preactivation > 0, 1.0, leak)[~on_face] @ parts[~on_face]
            if on_face.any():
                rest = lsq_linear(parts[on_face].T, rest, bounds=(leak, 1.0), tol=1e-14).fun
            allowed = float(truncation[segment, neuron] + 2 * error / steps[segment])
            where = {"time": centres[segment], "neuron": neuron}
            margins.append(Margin(float(np.linalg.norm(rest)), allowed, _BY_DIFFERENCES, where))
    return worst(*margins)


_BY_DIFFERENCES = f"truncation by halving the step; {DERIVATION}, over the step"
_OFFSETS = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])


def _stretches(case: FlowCase) -> tuple[Array, Array, Trajectory]:
    """The middle of every interval between events that is long enough, the step of the differences there, and the flow.

    The trajectory is that at time 0, where it starts, and then at five times around every centre.
    """
    trajectory = follow(case, [0.0, float(case.time)])
    end = float(case.time)
    breaks = np.array([0.0, *(event.time for event in trajectory.fine.events if event.time < end), end])
    gaps = np.diff(breaks)
    long = gaps > 8 * 2.0**-20
    centres, steps = (breaks[:-1] + gaps / 2)[long], _power_of_two(np.minimum(gaps[long] / 8, LONGEST_STEP))
    return centres, steps, trajectory.sampled(np.append(0.0, centres[:, None] + steps[:, None] * _OFFSETS))


def _power_of_two(length: Array) -> Array:
    """The largest powers of two that do not exceed the lengths."""
    return np.exp2(np.floor(np.log2(length)))


def _difference(values: Array, reach: int, steps: Array) -> Array:
    """Central differences over +-reach steps of values (1 + stretches * 5, ...), as (stretches, ...)."""
    sampled = values[1:].reshape(len(steps), 5, -1)
    return (sampled[:, 2 + reach] - sampled[:, 2 - reach]) / (2 * reach * steps[:, None])


def _at_worst(measured: Array, allowed: Array, times: Array) -> Margin:
    if len(times) == 0:
        return Margin(0.0, 0.0, "no interval between events is long enough")
    index = int(np.argmax(measured / allowed))
    return Margin(float(measured[index]), float(allowed[index]), _BY_DIFFERENCES, {"time": times[index]})
