"""What the engine hands from one part of a step to the next: the arrays of a step, and neurons that were followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass
class Moved:
    """Neurons that `walk` followed: where they were when the step began, where they are, and what they passed.

    `passages` (r, 4) and `moments` (r, 2) are those of `walk.walk`; `stop` is the share at which somebody is blocked.
    """

    neurons: Integers
    start: Floats
    final: Floats
    landed: Integers
    passages: Integers
    moments: Floats
    stop: float


@dataclass
class Work:
    """Arrays of a step for g groups: see `cruise.cruise`."""

    stages: Floats
    pulls: Floats
    D: Floats
    Y: Floats
    needed: NDArray[np.bool_]
    anew: NDArray[np.bool_]
    ahead: Floats

    @classmethod
    def of(cls, groups: int, n: int, d: int) -> Work:
        """Arrays for so many groups, points and dimensions."""
        return cls(
            np.zeros((16, groups, d + 1, d + 1)), np.zeros((13, n)), np.zeros((13, groups, d)),
            np.zeros((groups, d + 1, d + 1)), np.zeros(groups, dtype=bool), np.zeros(groups, dtype=bool),
            np.zeros((groups, 2, 2)),
        )  # fmt: skip
