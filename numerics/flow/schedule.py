"""The times at which a run is recorded: evenly in log time, and closer where the network escapes and the loss falls.

They are decided as the run goes on, from where the network is; a run that was stopped goes on with the same times.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .problem import FlowProblem
from .state import State

Floats = NDArray[np.float64]

PER_DECADE = 60
FIRST_TURN = 0.1
"""The first time after 0 is early enough that no balanced neuron has turned by more than about this many radians."""
LOSS_SHARE = 0.02
"""Once the network has grown, the loss falls by about this share of its start at most from one time to the next."""
GROWTH_SHARE = 0.15
"""Of the time in which S grows e-fold: near the escape two times are no further apart."""
CLOSEST = 1e-3
"""Two times are at least this share of the earlier one apart."""


class Schedule:
    """The times to record of a run from 0 up to `until`."""

    def __init__(self, problem: FlowProblem, until: float) -> None:
        lengths = np.linalg.norm(problem.X, axis=1)
        fastest = float(np.mean(np.abs(problem.pulls(np.zeros(len(problem.y)))) * lengths))
        self.problem = problem
        # Where S = sum a^2 has this size the drifts may have changed by half (theory.md 4.1).
        self.grown = fastest / (2 * problem.kappa * float(np.mean(lengths**2)))
        first = min(FIRST_TURN / fastest if fastest else until, 1e-3 * until)
        count = 1 + math.ceil(PER_DECADE * math.log10(until / first))
        self.regular = np.append(np.geomspace(first, until, count)[:-1], until)

    def next(self, now: float, state: State, loss: float) -> float:
        """The time to record after `now`, where the network is at `state`; `loss` is that of the start."""
        regular = float(self.regular[np.searchsorted(self.regular, now, side="right")])
        wait = max(self._wait(state, loss), CLOSEST * now)
        return now + wait if now + 1.5 * wait < regular else regular  # no tiny step is left over

    def _wait(self, state: State, loss: float) -> float:
        """How long nothing much happens: half of what S needs at this rate to grow, then the loss's own pace."""
        size = float(state.groups.active().moment[:, -1, -1].sum())
        if size >= self.grown:
            fall = state.speed() ** 2
            return LOSS_SHARE * loss / fall if fall else math.inf
        h = state.outputs()
        rate = 2 * float(np.mean(self.problem.pulls(h) * h)) / size if size else 0.0  # S' / S, theory.md 4.2
        return max(math.log(self.grown / size) / 2, GROWTH_SHARE) / rate if rate > 0 else math.inf
