"""What the engine of single neurons hands to its compiled parts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats, Integers

MOST_EVENTS = 24
"""Events of one neuron that are written down before it is taken up again."""


class Tables(NamedTuple):
    """A step of `length` from within: the neurons' interpolant, and what the hyperplanes add to their drifts.

    `coefficients` (7, m, d+1) are those of `paths.place`; `above`, `below` (9, h) are the drifts along each unit normal
    (rows of `normals` (h, d)) that the points of a hyperplane add on its positive and negative side, at `SHARES`. Jumps
    and drifts may be off by `unsure`, see `engine.sliding.jump_uncertainty`.
    """

    length: float
    coefficients: Floats
    normals: Floats
    above: Floats
    below: Floats
    unsure: float


class Walkers(NamedTuple):
    """Neurons (k,) to be followed, from where they are at `shares` (k,) of the step: `starts` (k, d+1).

    At the share 0 a neuron follows the interpolant of its own pattern. `undominated` (k,): its a may vanish.
    """

    neurons: Integers
    starts: Floats
    shares: Floats
    undominated: NDArray[np.bool_]


class Sides(NamedTuple):
    """The `pattern` (m, h) and the sign of a, `sign` (m,), of all neurons: written to where a neuron changes."""

    pattern: NDArray[np.int8]
    sign: NDArray[np.int8]


class Followed(NamedTuple):
    """What became of the walkers (k,): where they are, `final` (k, d+1), at the share `stop` (k,) or at the end (2).

    `events` (k,) of them: `kinds` (k, MOST_EVENTS, 2), rows (hyperplane, kind), and `moments` (k, MOST_EVENTS, 3), rows
    (share, |a|, the larger of the speeds on both sides, or that at the end of the step where a hyperplane is left).
    `why` (k,) is the kind of the stop, see `follow`.
    """

    final: Floats
    stop: Floats
    why: Integers
    events: Integers
    kinds: Integers
    moments: Floats

    @classmethod
    def of(cls, walkers: int, size: int) -> Followed:
        """Room for so many walkers in R^size."""
        return cls(
            np.empty((walkers, size)), np.full(walkers, 2.0), np.zeros(walkers, dtype=np.int64),
            np.zeros(walkers, dtype=np.int64), np.zeros((walkers, MOST_EVENTS, 2), dtype=np.int64),
            np.zeros((walkers, MOST_EVENTS, 3)),
        )  # fmt: skip
