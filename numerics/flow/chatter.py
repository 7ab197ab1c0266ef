"""Neurons that come back to their hyperplanes again and again without getting anywhere: a flow that is not resolved.

A neuron that has passed a hyperplane can meet it again only after the drift has turned, and within one step the drift
along a normal turns twice at most that the walk follows. A neuron that meets hyperplanes in step after step, more often
than all of them could be met so, does not follow the flow: it is held on a face that the engine takes for something to
be crossed. The time it gains by each event is set by the tolerance then, so that such a run would all but never end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EACH, SPARE = 8, 32
"""A neuron may have EACH events for every hyperplane, and SPARE more, before a whole step goes by without one.

Two turns allow three passages of a hyperplane within a step, and as each may be a stay (slide, leave), six events. Runs
that are sound stay far below: on the published data sets, at widths up to 20,000 and tolerances from 1e-4 to 1e-11, no
neuron had more events than there are hyperplanes. A neuron that chatters has one or more in every step.
"""


class Chatter:
    """Counts, for every neuron, its events since the last whole step in which it had none.

    `steps` is the number of whole steps taken: those that no event cut short.
    """

    def __init__(self, width: int, hyperplanes: int) -> None:
        self.limit = SPARE + EACH * hyperplanes
        self.steps = 0
        self._count = np.zeros(width, dtype=np.int32)
        self._seen = np.full(width, -1, dtype=np.int64)

    def note(self, neurons: NDArray[np.int64], whole: bool) -> int | None:
        """Count events of `neurons` in a step, `whole` or cut, not yet in `steps`; a neuron with too many, if any."""
        self._count[neurons[self._seen[neurons] < self.steps]] = 0
        np.add.at(self._count, neurons, 1)
        self._seen[neurons] = self.steps + whole
        over = neurons[self._count[neurons] > self.limit]
        return int(over[0]) if len(over) else None
