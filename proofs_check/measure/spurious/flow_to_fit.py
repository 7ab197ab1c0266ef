"""A flow that is followed to its end, beside the linear fit with least squares; for several claims (theory.md 5, 9)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.start import Start
from ....numerics.flow.simulation import Simulation, simulate
from ..engine_runs import check_resolved
from ..trajectories import Array


@dataclass(frozen=True)
class LinearFit:
    """beta* = H^-1 b in floats, with H = (1/n) sum x_k x_k^T and b = (1/n) sum y_k x_k.

    `slowest` is the least eigenvalue mu of H.
    """

    data: Dataset
    b: Array
    beta: Array
    slowest: float

    @classmethod
    def of(cls, data: Dataset) -> LinearFit:
        """The fit of a data set."""
        X, y = data.X, data.y
        H, b = X.T @ X / len(y), X.T @ y / len(y)
        beta = np.asarray(np.linalg.solve(H, b), dtype=np.float64)
        return cls(data, b, beta, float(np.linalg.eigvalsh(H)[0]))

    @property
    def outputs(self) -> Array:
        """<beta*, x_k>, shape (n,)."""
        return np.asarray(self.data.X @ self.beta)

    def time(self, before: float, growths: float, scale: float, folds: float) -> float:
        """`before`, then `growths` times log(1/scale)/||b||, then `folds` times 1/(mu ||beta*||).

        In log(1/scale)/||b|| a neuron that is aligned with b grows by 1/scale, while outputs are small; near the fit
        its distance falls by at least e in about 1/(mu ||beta*||).
        """
        growth = math.log(1 / scale) / float(np.linalg.norm(self.b))
        return before + growths * growth + folds / (self.slowest * float(np.linalg.norm(self.beta)))


@dataclass(frozen=True)
class EndOfFlow:
    """What a flow has reached at `time`, with the `fit` that it is compared with."""

    fit: LinearFit
    time: float
    result: Simulation

    @property
    def outputs(self) -> Array:
        """The outputs at the end, shape (n,)."""
        return self.result.outputs[-1]

    @property
    def where(self) -> dict[str, Any]:
        """What a counterexample shows."""
        return {"time": self.time, "outputs": self.outputs, "least squares": self.fit.outputs}

    def gap(self, expected: Array) -> float:
        """The largest distance of an output from the expected one."""
        return float(np.max(np.abs(self.outputs - expected)))


def followed(fit: LinearFit, start: Start | Network, time: float, tolerance: float) -> EndOfFlow:
    """The flow from a start up to a time; cases that the engine does not resolve are excluded."""
    result = simulate(fit.data, start, time, tolerance=tolerance)
    check_resolved(result)
    return EndOfFlow(fit, time, result)
