"""The times at which a run is recorded: evenly in log time, and closer where the network escapes and the loss falls.

They are chosen during the run from the state of the network; a resumed run continues with the same times.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .engine.problem import FlowProblem

if TYPE_CHECKING:
    from .engine.state import State
    from .neurons.state import NeuronState


PER_DECADE = 60
FIRST_TURN = 0.1
"""The first time after 0 is early enough that no balanced neuron has turned by more than about this many radians."""
LOSS_SHARE = 0.02
"""From one time to the next the loss is to fall by about this share of its start at most."""
CLOSEST = 2e-4
"""Two times are at least this share of the earlier one apart."""


class Schedule:
    """The times to record of a run from 0 up to `until`."""

    def __init__(self, problem: FlowProblem, until: float) -> None:
        lengths = np.linalg.norm(problem.X, axis=1)
        fastest = float(np.mean(np.abs(problem.pulls(np.zeros(len(problem.y)))) * lengths))
        self.problem = problem
        first = min(FIRST_TURN / fastest if fastest else until, 1e-3 * until)
        count = 1 + math.ceil(PER_DECADE * math.log10(until / first))
        self.regular = np.append(np.geomspace(first, until, count)[:-1], until)

    def next(self, now: float, state: State | NeuronState, loss: float) -> float:
        """The time to record after `now`, where the network is at `state`; `loss` is that of the start."""
        speed = state.speed()
        return self.after(now, speed, state.fastest() if speed > 0.0 else 0.0, loss)

    def after(self, now: float, speed: float, rate: float, loss: float) -> float:
        """The same from numbers: `speed` is ||theta'|| and `rate` the largest ||D|| of a neuron, now."""
        regular = float(self.regular[np.searchsorted(self.regular, now, side="right")])
        wait = max(self._wait(speed, rate, LOSS_SHARE * loss), CLOSEST * now)
        return now + wait if now + 1.5 * wait < regular else regular  # no tiny step is left over

    def _wait(self, speed: float, rate: float, allowed: float) -> float:
        """How long it takes the loss to fall by `allowed`, if the neurons grow as fast as their drifts let them.

        dL/dt = -||theta'||^2 (theory.md 2.4), and a neuron's share of that grows like e^{2 ||D|| t} at most.
        """
        fall = speed**2
        if fall == 0.0:
            return math.inf
        return math.log1p(2 * rate * allowed / fall) / (2 * rate)
