"""What is computed of a network at every recorded time on request, beside its outputs and its loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.losses import get_loss
from ..data.network import Network
from .engine.problem import FlowProblem

AT_ONCE = 10**7
"""Most preactivations, of neurons on test points, that are held at the same time."""


@dataclass(frozen=True)
class Observables:
    """Which numbers are computed; `values` gives them by name.

    `test` adds `test_loss`, the mean loss on these points, with the loss and the leak of the flow.
    """

    test: Dataset | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the numbers."""
        return ("test_loss",) if self.test is not None else ()

    def values(self, neurons: Floats, problem: FlowProblem) -> dict[str, float]:
        """The numbers for a network with neurons (m, d+1), rows (w, a)."""
        return {} if self.test is None else {"test_loss": _test_loss(neurons, problem, self.test)}


def _test_loss(neurons: Floats, problem: FlowProblem, test: Dataset) -> float:
    """The mean loss on test data; outputs are summed over parts of the network, so that memory stays bounded."""
    outputs = np.zeros(test.n)
    rows = max(1, AT_ONCE // test.n)
    for first in range(0, len(neurons), rows):
        part = neurons[first : first + rows]
        outputs += Network(part[:, -1], part[:, :-1]).outputs(test.X, problem.leak)
    return float(np.mean(get_loss(problem.loss).value(outputs, test.y)))
