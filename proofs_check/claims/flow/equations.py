"""Theory.md 1.1: the equations of motion of one neuron.

Theorem. Let h(x) = sum_j a_j sigma(<w_j, x>), sigma(z) = max(z, g z), 0 <= g < 1, and let the loss be L = (1/n)
sum_k l(h(x_k), y_k) with l differentiable in h. Along the gradient flow of L every neuron obeys

    w' = a D,  a' = <w, D>,  D = (1/n) sum_k eta_k p_k x_k,

where p_k = -dl/dh is the pull of the point k and eta_k a Clarke slope of sigma at <w, x_k>.

Source: Boursier and Flammarion, JMLR 2025, Section 2 (restated for any leak and any loss).
Proved in SymPy for symbolic n, m and d, an arbitrary loss and arbitrary slopes; compared with difference quotients
of the loss on random networks.
"""

from __future__ import annotations

import sympy

from ....theory import model
from ....theory.flow import equations
from ....theory.formal.derivation import Goal, equal
from ....theory.formal.vectors import Inner
from ...cases import network_examples
from ...cases.strategies import FlowCase, in_any_dimension
from ...claim.evidence import Margin, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.flow.equations import beside_differences

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
        "h(x) = sum_j a_j sigma(<w_j, x>) with sigma(z) = max(z, g z), 0 <= g < 1; L = (1/n) sum_k l(h(x_k), y_k)",
        "D_j = (1/n) sum_k eta_jk p_k x_k with the pulls p_k = -dl/dh and Clarke slopes eta_jk of sigma at <w_j, x_k>",
    ),
    scope="every width, dimension, data set, differentiable loss and leak in [0, 1)",
    source=Source("Boursier & Flammarion, JMLR 2025", "equation (6), page 5", "1.1", restated=True),
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


@symbolic()
def they_are_minus_the_gradient(statement: Relations) -> tuple[Goal, ...]:
    """What is used of the activation on each of its branches, of the losses, and the gradient of the mean loss."""
    return equations.goals(statement.relations)


@property_check(in_any_dimension, quick=30, full=300)
def they_agree_with_differences_of_the_loss(statement: Relations, case: FlowCase) -> Margin:
    """Central differences of the loss, written by hand, in every parameter of a start off the hyperplanes."""
    return beside_differences(statement, case)
