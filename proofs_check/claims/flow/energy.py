"""Theory.md 2.4: the energy identity.

Theorem. For almost every time t, also while neurons slide along hyperplanes,

    L' = -||theta'||^2 = -sum_j (<w_j, D_j>^2 + a_j^2 ||D_j||^2),

so that the loss never increases. The finitely many times of events are left out.

Source: Davis, Drusvyatskiy, Kakade and Lee, Foundations of Computational Mathematics 2020, the chain rule on Clarke
flows (restated).
Proved in SymPy for symbolic n, m and d, an arbitrary loss and arbitrary slopes; compared with difference quotients
along the reference flow, whose velocities are shown to be Clarke subgradients.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import sympy

from ....numerics.oracles.reference import handwritten_pull, mean_loss, network_outputs
from ....theory.flow import structure
from ....theory.flow.structure import loss_rate, speed_squared
from ....theory.formal.derivation import Goal, equal
from ....theory.formal.printing import to_numpy
from ...cases import network_examples
from ...cases.strategies import FlowCase, flow_cases, leaving_flows
from ...claim.draws import st
from ...claim.evidence import Margin, property_check, symbolic
from ...claim.statement import Claim, Mutant, Source
from ...measure.trajectories import DERIVATION, Array, Trajectory, follow, worst

CLAIM = Claim(
    id="flow.energy",
    title="Energy: dL/dt = -||theta'||^2, so the loss never increases",
    kind="equality",
    statement=structure.ENERGY,
    hypotheses=("the time is none of the finitely many events: the slopes are constant near it or slide continuously",),
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

LONGEST_STEP = 2.0**-9
"""The largest step h of the central differences; powers of two, so that t - h, t and t + h are exact."""


@symbolic()
def the_chain_rule_gives_the_dissipation(statement: sympy.Eq) -> Iterable[Goal]:
    """For symbolic n, m and d, an arbitrary loss and arbitrary slopes; on a face the slopes multiply 0."""
    return structure.energy_goals(statement)


@property_check(flow_cases, quick=10, full=120)
def differences_along_the_reference_agree(statement: sympy.Eq, case: FlowCase) -> Margin:
    """Loss and weights of the reference, differentiated numerically in the middle of each stretch between events."""
    stated = to_numpy(statement.rhs, speed_squared)
    X, y, _, _ = case.arrays
    leak = float(case.leak)
    centres, steps, trajectory = _stretches(case)

    def loss(a: Array, w: Array) -> Array:
        return mean_loss(X, y, a, w, case.loss, leak)

    def residual(a: Array, w: Array, reach: int) -> Array:
        """The stated balance by differences over +-reach steps, one number a stretch."""
        rate, *speeds = (_difference(values, reach, steps) for values in (loss(a, w), a, w.reshape(len(w), -1)))
        return rate[:, 0] - stated(sum(np.sum(speed**2, axis=1) for speed in speeds))

    fine, coarse = trajectory.fine, trajectory.coarse
    near, far = residual(fine.a, fine.w, 1), residual(fine.a, fine.w, 2)
    truncation = np.abs(far - near)  # three times the error h^2 of `near`, to leading order
    solver = np.abs(residual(coarse.a, coarse.w, 1) - near) + trajectory.error(loss) / steps
    falls = Margin(float(np.max(np.diff(trajectory.of(loss)), initial=0.0)), trajectory.error(loss), f"L: {DERIVATION}")
    return worst(_at_worst(np.abs(near), truncation + solver, centres), falls)


@property_check(lambda: st.one_of(leaving_flows(), flow_cases()), covers="lemma", quick=12, full=120)
def the_reference_moves_by_clarke_subgradients(statement: sympy.Eq, case: FlowCase) -> Margin:
    """w_j' = a_j D_j with slopes within [g, 1] on the faces where a neuron slides, found anew by least squares."""
    from scipy.optimize import lsq_linear

    X, y, _, _ = case.arrays
    leak = float(case.leak)
    centres, steps, trajectory = _stretches(case)
    error = trajectory.error(lambda _a, w: w)
    flow = trajectory.fine
    near, far = (_difference(flow.w, reach, steps).reshape(len(steps), *flow.w.shape[1:]) for reach in (1, 2))
    truncation = np.linalg.norm(far - near, axis=2)  # three times the error of `near`, to leading order
    margins = [Margin(0.0, 0.0, "no stretch between events is long enough")]
    for stretch, (a, w) in enumerate(zip(flow.a[3::5], flow.w[3::5], strict=True)):
        pulls = handwritten_pull(network_outputs(X, a, w, leak), y, case.loss)
        for neuron in range(len(a)):
            parts = a[neuron] * pulls[:, None] * X / len(y)
            preactivation = X @ w[neuron]
            on_face = np.abs(preactivation) <= 2 * error * np.linalg.norm(X, axis=1)
            rest = near[stretch, neuron] - np.where(preactivation > 0, 1.0, leak)[~on_face] @ parts[~on_face]
            if on_face.any():
                rest = lsq_linear(parts[on_face].T, rest, bounds=(leak, 1.0), tol=1e-14).fun
            allowed = float(truncation[stretch, neuron] + 2 * error / steps[stretch])
            where = {"time": centres[stretch], "neuron": neuron}
            margins.append(Margin(float(np.linalg.norm(rest)), allowed, _BY_DIFFERENCES, where))
    return worst(*margins)


_BY_DIFFERENCES = f"truncation by halving the step; {DERIVATION}, over the step"
_OFFSETS = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])


def _stretches(case: FlowCase) -> tuple[Array, Array, Trajectory]:
    """The middle of every stretch between events that is long enough, the step of the differences there, and the flow.

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
        return Margin(0.0, 0.0, "no stretch between events is long enough")
    index = int(np.argmax(measured / allowed))
    return Margin(float(measured[index]), float(allowed[index]), _BY_DIFFERENCES, {"time": times[index]})
