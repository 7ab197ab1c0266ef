"""What the evidence of `flow.equations` measures (theory.md 1.1)."""

from __future__ import annotations

import numpy as np
import sympy

from ....numerics.oracles.reference import handwritten_pull, mean_loss, network_outputs
from ....theory import model
from ....theory.flow import equations
from ....theory.formal.printing import to_numpy
from ....theory.formal.vectors import Inner
from ...cases.strategies import FlowCase
from ...claim.draws import assume
from ...claim.evidence import Margin
from ...claim.statement import Relations
from ..trajectories import Array

STEP = 2.0**-13
"""The step h of the central differences."""


def beside_differences(statement: Relations, case: FlowCase) -> Margin:
    """The stated equations beside central differences of the loss."""
    X, y, a, w = case.arrays
    assume(np.all(np.abs(w @ X.T) > 2 * STEP * np.abs(X).max(initial=0.0)))
    leak = float(case.leak)
    pulls = handwritten_pull(network_outputs(X, a, w, leak), y, case.loss)
    drifts = (np.where(w @ X.T > 0, 1.0, leak) * pulls) @ X / len(y)
    near, far = (_differences(case, reach * STEP) for reach in (1, 2))
    measured, allowed = np.abs(-near - _stated(statement, a, w, drifts)), np.abs(far - near) + _rounding(case)
    worst = np.unravel_index(np.argmax(measured / allowed), measured.shape)
    where = {"neuron": int(worst[0]), "parameter": int(worst[1])}
    return Margin(
        float(measured[worst]),
        float(allowed[worst]),
        "truncation by halving the step, and the rounding of the loss over the step",
        where,
    )


def _stated(statement: Relations, a: Array, w: Array, drifts: Array) -> Array:
    """The stated (w', a') as rows (m, d + 1)."""
    flow = equations.stated_flow(statement.relations)
    W, A, D = model.neuron_weights, model.neuron_output, model.neuron_drift
    product, square = sympy.symbols("product square", real=True)
    names = {
        Inner(D, W): product,
        Inner(D, D): square,
    }
    values = (a, np.sum(w * drifts, axis=1), np.sum(drifts**2, axis=1))

    def rate(expression: sympy.Expr) -> Array:
        return np.asarray(to_numpy(expression.xreplace(names), A, product, square)(*values)) + np.zeros(len(a))

    moved = rate(flow.weights.coefficient(D))[:, None] * drifts + rate(flow.weights.coefficient(W))[:, None] * w
    return np.column_stack((moved, rate(flow.output)))


def _differences(case: FlowCase, step: float) -> Array:
    """Central differences of the mean loss in (w, a), as rows (m, d + 1)."""
    X, y, a, w = case.arrays
    parameters = np.column_stack((w, a))
    found = np.empty_like(parameters)
    for place in np.ndindex(*parameters.shape):
        ahead, behind = parameters.copy(), parameters.copy()
        ahead[place] += step
        behind[place] -= step
        values = [mean_loss(X, y, moved[:, -1], moved[:, :-1], **case.options) for moved in (ahead, behind)]
        found[place] = (values[0] - values[1]) / (2 * step)
    return found


def _rounding(case: FlowCase) -> float:
    """Of the differences over the step: the outputs are sums of m d products, the loss changes by |p| with them."""
    X, y, a, w = case.arrays
    sizes = (np.abs(a) + STEP) @ ((np.abs(w) + STEP) @ np.abs(X).T)
    outputs = (w.size + 4) * np.finfo(float).eps * sizes
    pulls = np.abs(y) + sizes + 1
    return float(np.mean(pulls * outputs + np.finfo(float).eps * pulls**2)) * 4 / STEP
