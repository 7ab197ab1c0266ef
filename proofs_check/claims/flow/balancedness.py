"""Theory.md 2.1: balancedness.

Theorem. Along every Clarke gradient flow, for every width, dimension, data set, leak and differentiable loss,

    a_j^2 - ||w_j||^2 is constant in time, for every neuron j,

also across changes of pattern and while the neuron slides: only w_j' = a_j D_j and a_j' = <w_j, D_j> are used,
whatever the drift D_j is.

Source: Boursier and Flammarion, JMLR 2025, Lemma 1; Du, Hu and Lee, NeurIPS 2018, Theorem 2.1, for smooth activations.
Proved in SymPy for symbolic n, m and d, and by Coq in every dimension; also tested along the reference flow.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import sympy

from ....theory.flow import structure
from ....theory.flow.structure import output_squared, weights_squared
from ....theory.formal.derivation import Goal, equal
from ....theory.formal.printing import to_numpy
from ...cases import network_examples
from ...cases.strategies import FlowCase, in_any_dimension
from ...claim.evidence import Margin, kernel, property_check, symbolic
from ...claim.statement import Claim, Mutant, Source
from ...coq.document import Document
from ...coq.theorems import flow
from ...measure.trajectories import DERIVATION, follow


def _conserved(quantity: sympy.Expr) -> sympy.Eq:
    return equal(sympy.Derivative(quantity, sympy.Symbol("t")), 0)


CLAIM = Claim(
    id="flow.balancedness",
    title="Balancedness: a_j^2 - ||w_j||^2 is constant",
    kind="equality",
    statement=structure.BALANCEDNESS,
    hypotheses=("(a, w) is a Clarke gradient flow: at almost every time the drift has some slopes in [g, 1] at kinks",),
    scope="every width, dimension, data set, differentiable loss and leak; crossings and sliding included",
    source=Source("Boursier & Flammarion, JMLR 2025", "Lemma 1, page 6", "2.1", restated=True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "the sum is conserved",
            _conserved(output_squared + weights_squared),
            "n = 1, x = y = 1, a = w = 1/2, square loss: (a^2 + w^2)' = 4 a w (y - a w) = 3/4",
        ),
        Mutant(
            "||w_j||^2 counted half",
            _conserved(output_squared - weights_squared / 2),
            "n = 1, x = y = 1, a = w = 1/2, square loss: (a^2 - w^2/2)' = a w (y - a w) = 3/16",
        ),
    ),
    depends_on=("flow.equations",),
    names={
        "a^2": "the squared output weight of a neuron",
        "||w||^2": "the squared norm of its inner weights",
    },
    examples=network_examples.network,
)
DERIVATIONS = (structure.balancedness_derivation,)


@symbolic()
def its_derivative_along_the_flow_vanishes(statement: sympy.Eq) -> Iterable[Goal]:
    """For symbolic n, m and d, an arbitrary loss and arbitrary slopes; a and w are absolutely continuous."""
    return structure.balancedness_goals(statement)


@kernel()
def coq_derives_it_in_every_dimension(statement: sympy.Eq) -> Document:
    """(a^2 - ||w||^2)' from w' = a D and a' = <w, D>, for any d and D."""
    return flow.balancedness(statement)


@property_check(in_any_dimension, quick=12, full=150)
def it_stays_constant_along_the_reference(statement: sympy.Eq, case: FlowCase) -> Margin:
    """The stated quantity at 17 times against its value at the start, for random data, losses, leaks and starts."""
    stated = to_numpy(statement.lhs.expr, output_squared, weights_squared)
    trajectory = follow(case)

    def change(a: np.ndarray, w: np.ndarray) -> np.ndarray:
        values = stated(a**2, np.sum(w**2, axis=2))
        return values - values[0] - float(statement.rhs) * trajectory.times[:, None]

    changes = np.abs(trajectory.of(change))
    where = np.unravel_index(np.argmax(changes), changes.shape)
    worst = {"time": trajectory.times[where[0]], "neuron": int(where[1])}
    return Margin(float(changes[where]), trajectory.error(change), DERIVATION, worst)
