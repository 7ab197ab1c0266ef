"""Theory.md 1.1: the equations of motion of one neuron.

Theorem. Let h(x) = sum_j a_j s(<w_j, x>) with s(z) = z above the kink and g z below, 0 <= g < 1, and let the loss be
L = (1/n) sum_k l(h(x_k), y_k) with l differentiable in h. Along the gradient flow of L every neuron obeys

    w' = a D,  a' = <w, D>,  D = (1/n) sum_k eta_k p_k x_k,

where p_k = -dl/dh is the pull of the point k and eta_k a Clarke slope of s at <w, x_k>.

Source: Boursier and Flammarion, JMLR 2025, Section 2 (restated for any leak and any loss).
Proved in SymPy for symbolic n, m and d, an arbitrary loss and arbitrary slopes; compared with difference quotients
of the loss on random networks.
"""

from __future__ import annotations

import numpy as np
import sympy

from ....numerics.oracles.reference import handwritten_pull, mean_loss, network_outputs
from ....theory import model
from ....theory.flow import equations
from ....theory.formal.derivation import Goal, equal
from ....theory.formal.printing import to_numpy
from ....theory.formal.vectors import Inner
from ...cases import network_examples
from ...cases.strategies import FlowCase, flow_cases
from ...claim.draws import assume
from ...claim.evidence import Margin, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.trajectories import Array

STATEMENT = Relations(equations.STATEMENT)
DERIVATIONS = (equations.derivation,)

_W, _A, _D = model.neuron_weights, model.neuron_output, model.neuron_drift
_WEIGHTS, _OUTPUT = (STATEMENT[name].args[0] for name in ("weights", "output"))

CLAIM = Claim(
    id="flow.equations",
    title="The gradient flow moves a neuron by w' = a D and a' = <w, D>, for any Clarke slopes in its drift D",
    kind="identity",
    statement=STATEMENT,
    hypotheses=(
        "h(x) = sum_j a_j s(<w_j, x>) with s(z) = z above the kink and g z below; L = (1/n) sum_k l(h(x_k), y_k)",
        "D_j = (1/n) sum_k eta_jk p_k x_k with the pulls p_k = -dl/dh and the slopes eta_jk of s at <w_j, x_k>",
    ),
    scope="every width, dimension, data set, differentiable loss and leak in [0, 1)",
    source=Source("Boursier & Flammarion, JMLR 2025", "the gradient flow of the parameters", "1.1", restated=True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "uphill",
            STATEMENT.altered(weights=equal(_WEIGHTS, -_A * _D)),
            "n = d = 1, x = y = 1, square loss, a = w = 1/2: D = 3/4 > 0, and L falls as w grows",
        ),
        Mutant(
            "the equations of w and a exchanged",
            STATEMENT.altered(weights=equal(_WEIGHTS, _D), output=equal(_OUTPUT, _A * Inner(_D, _W))),
            "n = d = 1, x = y = 1, square loss, a = w = 1/2: dL/dw = -3/8, but w' would be 3/4",
        ),
        Mutant(
            "a normalised drift",
            STATEMENT.altered(output=equal(_OUTPUT, Inner(_D, _W) / sympy.sqrt(Inner(_D, _D)))),
            "n = d = 1, x = y = 1, square loss, a = w = 1/2: dL/da = -3/8, but a' would be 1/2",
        ),
    ),
    names={
        "w": "the inner weights of a neuron, a vector",
        "a": "its output weight",
        "D": "its drift, a vector",
    },
    examples=network_examples.network,
)

STEP = 2.0**-13
"""The step h of the central differences."""


@symbolic()
def they_are_minus_the_gradient(statement: Relations) -> tuple[Goal, ...]:
    """What is used of the activation on each of its branches, of the losses, and the gradient of the mean loss."""
    return equations.goals(statement.relations)


@property_check(lambda: flow_cases(), quick=30, full=300)
def they_agree_with_differences_of_the_loss(statement: Relations, case: FlowCase) -> Margin:
    """Central differences of the loss, written by hand, in every parameter of a start off the hyperplanes."""
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
    product, square = sympy.symbols("product square", real=True)
    names = {Inner(_D, _W): product, Inner(_D, _D): square}
    values = (a, np.sum(w * drifts, axis=1), np.sum(drifts**2, axis=1))

    def rate(expression: sympy.Expr) -> Array:
        return np.asarray(to_numpy(expression.xreplace(names), _A, product, square)(*values)) + np.zeros(len(a))

    moved = rate(flow.weights.coefficient(_D))[:, None] * drifts + rate(flow.weights.coefficient(_W))[:, None] * w
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
