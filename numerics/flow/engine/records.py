"""What the engine hands to its compiled parts, and from one part of a step to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats, Integers


class Columns(NamedTuple):
    """One row per group u (theory.md 2.5); h hyperplanes, n points in R^d.

    `pattern` (g, h) the sides; `slopes` (g, n); `moves` (g,) some point drives it; `slides` (g,) it lies on some
    hyperplane; `on_ray` (g,) on so many that its neurons cannot turn; `onto` (g, d, d) the projection onto its face;
    `levers` (g, h, d) see `sliding.levers`; `flip`, `face` (g, h) the groups behind and on a hyperplane, or -1.
    `to_now` (g, d+1, d+1) the map from the group's frame to now; `moment` (g, d+1, d+1) = sum z z^T of its neurons now;
    `size` (g,) of neurons, `held` (g,) the sign of a that all of them have, or 0. What `cruise` watches, for neurons
    with a > 0 and with a < 0: `looking` (g, 2) how many can meet a hyperplane; `approached` (g, 2, h), `bound`,
    `travel`, `turned` (g, 2), see there.
    """

    pattern: NDArray[np.int8]
    slopes: Floats
    moves: NDArray[np.bool_]
    slides: NDArray[np.bool_]
    on_ray: NDArray[np.bool_]
    onto: Floats
    levers: Floats
    flip: Integers
    face: Integers
    to_now: Floats
    moment: Floats
    size: Integers
    held: NDArray[np.int8]
    looking: Integers
    approached: NDArray[np.bool_]
    bound: Floats
    travel: Floats
    turned: Floats

    def resized(self, size: int) -> Columns:
        """The first `size` rows where there are so many, else rows of zeros added."""
        return Columns(*(_resized(column, size) for column in self))


def _resized(column: NDArray, size: int) -> NDArray:
    extra = size - len(column)
    if extra <= 0:
        return column[:size]
    return np.concatenate([column, np.zeros((extra, *column.shape[1:]), dtype=column.dtype)])


class Points(NamedTuple):
    """The data as compiled code reads them: n points in R^d on h hyperplanes; see `problem.FlowProblem`."""

    X: Floats
    y: Floats
    normals: Floats
    owner: Integers
    along: Floats
    leak: float
    loss: int


class Clock(NamedTuple):
    """Where a run stands: its `time`, the `step` to try next, and the time `until` which it goes."""

    time: float
    step: float
    until: float


class Limits(NamedTuple):
    """How exact a run is.

    `tolerance` bounds the error of a step, and no step is shorter than `smallest` of the time. Speeds below `noise` are
    rounding; `unsure` is that of `sliding.face_margin`. With `always_look` every step is looked at from within.
    """

    tolerance: float
    smallest: float
    noise: float
    unsure: float
    always_look: bool


class Work(NamedTuple):
    """Arrays of a step for g groups: those of `step.attempt`, and `needed`, `anew`, `ahead` of `cruise.gate`."""

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


class Cruised(NamedTuple):
    """How far `cruise.cruise` came: the time, the next step and the one tried, and why it came back.

    `taken` steps took `sides` right-hand sides; they were worth `gone` steps of the length that the tolerance allows,
    and the step tried was `worth` a part of one.
    """

    time: float
    step: float
    tried: float
    reason: int
    taken: int
    sides: int
    gone: float
    worth: float


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
