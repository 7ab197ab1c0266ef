"""Neurons that come back to their hyperplanes again and again without getting anywhere.

A neuron that has passed a hyperplane can meet it again only after the drift has turned, and a step as long as the
tolerance allows holds few turns. A neuron with event after event within a few such steps does not follow the flow.
Either the network is at rest next to the hyperplane, and what moves the neuron to and fro is the error of the drift: it
is held where it is. Or the engine takes for something to be crossed a face on which it should slide: the time between
its events is then set by rounding or by the tolerance, such a run would all but never end, and it is stopped.
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
    `count` (m,) are the events, and `seen` (m,) is the progress at the last of them.
    """

    def __init__(self, width: int, hyperplanes: int) -> None:
        self.limit = SPARE + EACH * hyperplanes
        self.progress = 0.0
        self.count = np.zeros(width, dtype=np.int64)
        self.seen = np.zeros(width)

    def note(self, neurons: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count events of `neurons` (with repetitions); those of them that have too many."""
        self.count[neurons[self.progress - self.seen[neurons] > APART]] = 0
        np.add.at(self.count, neurons, 1)
        self.seen[neurons] = self.progress
        return neurons[self.count[neurons] > self.limit]
