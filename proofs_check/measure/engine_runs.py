"""Runs of the flow engine for property checks: resolved, unique, and with a measured error.

The engine runs at two tolerances. What the finer run may be off by is twice the distance between the two: the error of
the coarse one, many times larger, and as much again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...numerics.data.dataset import Dataset
from ...numerics.data.network import Weights
from ...numerics.data.problem import Problem
from ...numerics.flow.simulation import Simulation, simulate
from ..claim.draws import assume
from .trajectories import COARSE, FINE

if TYPE_CHECKING:
    from ...numerics.flow.engines import EngineName

Array = NDArray[np.float64]
ENGINE = "of the engine: twice its change with the tolerance"


@dataclass(frozen=True)
class EngineRuns:
    """The same flow at a fine and at a coarse tolerance."""

    fine: Simulation
    coarse: Simulation

    @property
    def error(self) -> float:
        """What a weight of the fine run may be off by at the end."""
        return 2 * float(np.max(np.abs(network(self.fine) - network(self.coarse))))


def network(run: Simulation) -> Array:
    """All neurons at the end, rows (w, a), shape (m, d+1)."""
    return np.concatenate([run.w, run.a[:, None]], axis=1)


def engine_runs(
    problem: Problem | Dataset,
    start: Weights,
    time: float,
    tolerances: tuple[float, float] = (FINE, COARSE),
    times: list[float] | None = None,
    engine: EngineName | None = None,
) -> EngineRuns:
    """Both runs with their histories; skips cases whose flow is not unique, in w = 0 or from a hyperplane.

    Unless other `times` are given only the end is recorded: a step ends at every recorded time, and two runs whose
    steps all end there agree whatever their tolerances.
    """
    recorded = [time] if times is None else times
    runs = [
        simulate(problem, start, time, tolerance=value, times=recorded, history=True, engine=engine)
        for value in tolerances
    ]
    for run in runs:
        check_resolved(run)
    assume(not any(len(run.resting) or len(run.degenerate) for run in runs))
    return EngineRuns(*runs)


def check_resolved(run: Simulation) -> None:
    """A solver that gives up refutes nothing, and must not go unnoticed: ArithmeticError."""
    if run.partial:
        raise ArithmeticError(f"the flow was not resolved: {run.reason}")
