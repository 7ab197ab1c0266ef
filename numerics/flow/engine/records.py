"""What the engine hands to its compiled parts, and from one part of a step to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats, Integers

OF_MEMBERS = ("to_now", "moment", "size", "common_sign", "watched", "approached", "bound", "travel", "turned")
"""Of `Columns`: what is not decided by the pattern."""


class Columns(NamedTuple):
    """One row per group u (theory.md 2.5); h hyperplanes, n points in R^d.

    `pattern` (g, h) the sides; `slopes` (g, n); `moves` (g,) some point drives it; `slides` (g,) it lies on some
    hyperplane; `on_ray` (g,) on so many that its neurons cannot turn; `onto` (g, d, d) the projection onto its face;
    `multipliers` (g, h, d) see `sliding.multipliers`; `flip`, `face` (g, h) the groups behind and on a hyperplane, -1
    if there is none. `to_now` (g, d+1, d+1) the map from the group's frame to now; `moment` (g, d+1, d+1) = sum z z^T
    of its neurons now; `size` (g,) how many they are, `common_sign` (g,) the sign of a that all of them have, or 0. The
    rest is kept by `event_free`, for neurons with a > 0 and with a < 0: `watched` (g, 2) how many can meet a
    hyperplane; `approached` (g, 2, h), `bound`, `travel`, `turned` (g, 2), see there.
    """

    pattern: NDArray[np.int8]
    slopes: Floats
    moves: NDArray[np.bool_]
    slides: NDArray[np.bool_]
    on_ray: NDArray[np.bool_]
    onto: Floats
    multipliers: Floats
    flip: Integers
    face: Integers
    to_now: Floats
    moment: Floats
    size: Integers
    common_sign: NDArray[np.int8]
    watched: Integers
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
    rounding; `unsure` is that of `sliding.face_margin`; both hold up to the time `renewal`. With `always_inspect`
    events are searched for in every step.
    """

    tolerance: float
    smallest: float
    noise: float
    unsure: float
    renewal: float
    always_inspect: bool


class Work(NamedTuple):
    """Arrays of a step for g groups.

    `stages` (16, g, d+1, d+1), `pulls` (16, n), the mean `losses` (16,), 0 for the square loss, and `D` (16, g, d)
    belong to the stages, of which `step.attempt` has 13 and `step.dense` three more; `Y` (g, d+1, d+1) is the end. The
    rest is written by `event_free.event_possible`.
    """

    stages: Floats
    pulls: Floats
    losses: Floats
    D: Floats
    Y: Floats
    needed: NDArray[np.bool_]
    remeasured: NDArray[np.bool_]
    ahead: Floats

    @classmethod
    def of(cls, groups: int, n: int, d: int) -> Work:
        """Arrays for so many groups, points and dimensions."""
        return cls(
            np.zeros((16, groups, d + 1, d + 1)), np.zeros((16, n)), np.zeros(16), np.zeros((16, groups, d)),
            np.zeros((groups, d + 1, d + 1)), np.zeros(groups, dtype=bool), np.zeros(groups, dtype=bool),
            np.zeros((groups, 2, 2)),
        )  # fmt: skip


class Advance(NamedTuple):
    """How far `event_free.advance` came: the time, the next step and the one tried, and why it came back.

    `taken` steps took `sides` right-hand sides. A step counts for its length as a share of the one that the tolerance
    would allow: those taken add up to `progress`, and the step tried counts for `tried_share`. `lost` is the integral
    of the mean loss over the steps taken.
    """

    time: float
    step: float
    tried: float
    reason: int
    taken: int
    sides: int
    progress: float
    tried_share: float
    lost: float


class Interpolant(NamedTuple):
    """A step of `length` from within.

    `coefficients` (7, g, d+1, d+1) of the particles, see `step.dense`; `ends` (g, d+1, d+1) those at the end;
    `pulls` (9, n) and mean `losses` (9,), see `Work`, at `SHARES`; `speed_low`, `speed_high` (g, h) the range of
    <D, normal>; `turns` (g, h, 2) the shares at which it changes its sign, -1 where there are fewer; `speeds` (9, g, h)
    and the `jumps` (9, h) at `SHARES`.
    """

    length: float
    coefficients: Floats
    ends: Floats
    pulls: Floats
    losses: Floats
    speed_low: Floats
    speed_high: Floats
    turns: Floats
    speeds: Floats
    jumps: Floats


class Neurons(NamedTuple):
    """The neurons as compiled code sees them; `undominated` says whether some a can vanish. See `state.State`."""

    frame: Floats
    group: Integers
    sign: NDArray[np.int8]
    safe: Floats
    undominated: bool


class Scene(NamedTuple):
    """What neurons meet within one step: the step itself, the hyperplanes, and the groups as they are for its length.

    `moves`, `flip` and `face` are those of `Columns` without the groups that the step does not follow.
    """

    step: Interpolant
    normals: Floats
    pattern: NDArray[np.int8]
    moves: NDArray[np.bool_]
    slides: NDArray[np.bool_]
    flip: Integers
    face: Integers
    undominated: bool


class Walkers(NamedTuple):
    """Neurons that `walk` follows through a step: `start` (m, d+1) where they were when it began, `group`, `sign` (m,).

    `met` (m, h+1): how often a longer walk has found each neuron to meet each hyperplane by the end of this one; used
    up by `walk`, so that a neuron that is put on a hyperplane at the end is not found to meet it once more.
    """

    start: Floats
    group: Integers
    sign: NDArray[np.int8]
    met: Integers


class Walker(NamedTuple):
    """One of them: its sign of a, its `path` (8, d+1) in its present group (`walk.path_of`), where it is, its row of
    `met`, and room for a place (d+1,)."""

    sign: int
    path: Floats
    here: Floats
    met: Integers
    work: Floats


class Walked(NamedTuple):
    """Where walkers are at the end: `final` (m, d+1), and in which group, `landed` (m,); and what they passed.

    `passages` (r, 4) are rows (row of `start`, from group, hyperplane, kind), `moments` (r, 2) are (share, |a|), and
    `stop` is the earliest share at which one is blocked, 2 if none is.
    """

    final: Floats
    landed: Integers
    passages: Integers
    moments: Floats
    stop: float


@dataclass(frozen=True)
class Passed:
    """The neurons (m,) that were followed through a step, with what became of them."""

    neurons: Integers
    walkers: Walkers
    walked: Walked
