"""Neurons that come back to their hyperplanes again and again without getting anywhere: a flow that is not resolved.

A neuron that has passed a hyperplane can meet it again only after the drift has turned, and a step as long as the
tolerance allows holds few turns. A neuron with event after event within a few such steps does not follow the flow: the
engine takes for something to be crossed a face on which it should slide. The time between its events is set by rounding
or by the tolerance then, so that such a run would all but never end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EACH, SPARE = 8, 32
"""A neuron may have EACH events for every hyperplane, and SPARE more, before it goes without one for APART steps.

Two turns allow three passages of a hyperplane within a step, and as each may be a stay (slide, leave), six events. Runs
that are sound stay far below: on the published data sets, at widths up to 20,000 and tolerances from 1e-4 to 1e-11, no
neuron had more than 2 for each hyperplane. A neuron that chatters has one or more in every step.
"""
APART = 2.0
"""More than 1, since a neuron that chatters within whole steps has events a step apart."""


class Chatter:
    """Counts, for every neuron, its events since it last went without one for APART steps.

    `progress` is how far the run has come, in steps of the length that the tolerance allows; shorter ones count less.
    """

    def __init__(self, width: int, hyperplanes: int) -> None:
        self.limit = SPARE + EACH * hyperplanes
        self.progress = 0.0
        self._count = np.zeros(width, dtype=np.int32)
        self._seen = np.zeros(width)

    def note(self, neurons: NDArray[np.int64]) -> int | None:
        """Count events of `neurons` (with repetitions); the number of one that has too many, if any."""
        self._count[neurons[self.progress - self._seen[neurons] > APART]] = 0
        np.add.at(self._count, neurons, 1)
        self._seen[neurons] = self.progress
        over = neurons[self._count[neurons] > self.limit]
        return int(over[0]) if len(over) else None
