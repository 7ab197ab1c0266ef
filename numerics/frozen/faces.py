"""The faces that neurons visit, each resolved once: the motion there, and where each hyperplane leads (theory.md 2.6).

All neurons of one sign on one face move along the same direction, and a hit of the same hyperplane leads all of them to
the same next face. Both are stored, so Python works once per face and once per passage, not once per neuron.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from .field import Drift, FrozenField, Signs


class Reason(IntEnum):
    """Why a neuron's fate is undetermined; NONE for a neuron whose fate is known."""

    NONE = 0
    STARTS_AT_ZERO = 1
    AT_REST = 2
    STARTS_ON_REPELLING = 3
    AGAINST_DRIFT = 4
    ZERO_DRIFT = 5
    REACHES_ZERO = 6
    SIGN_CHANGE_ON_FACE = 7
    CORNER = 8
    TOO_MANY_EVENTS = 9

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return _SENTENCES[self]


_SENTENCES = {
    Reason.NONE: "the fate is known",
    Reason.STARTS_AT_ZERO: "w = 0 at the start: every hyperplane passes through it",
    Reason.AT_REST: "a = 0 and <w, D> = 0: the neuron rests",
    Reason.STARTS_ON_REPELLING: "starts on a repelling hyperplane: it may leave to either side",
    Reason.AGAINST_DRIFT: "w points exactly against the drift (c0 = -1), and it is not pinned",
    Reason.ZERO_DRIFT: "the drift vanishes although some point is active",
    Reason.REACHES_ZERO: "strictly dominated and pinned: w reaches 0, where the flow is not unique",
    Reason.SIGN_CHANGE_ON_FACE: "a vanishes while the neuron slides: the hyperplanes it lies on become repelling",
    Reason.CORNER: "meets a corner that does not attract",
    Reason.TOO_MANY_EVENTS: "more events than allowed",
}


class Kind(IntEnum):
    """What happens at an event; at a SIGN event a vanishes and no hyperplane is involved."""

    CROSS = 0
    SLIDE = 1
    LEAVE = 2
    SIGN = 3


class Motion(IntEnum):
    """How a neuron on a face moves: along a line, or not at all."""

    MOVES = 0
    DEAD = 1
    UNDETERMINED = 2


@dataclass(frozen=True)
class Passage:
    """Where hitting some hyperplanes leads: the next face and the (hyperplane, kind) events on the way."""

    face: int
    events: tuple[tuple[int, Kind], ...]


class Faces:
    """The table of visited faces, as arrays indexed by face number, grown as neurons reach new ones.

    `direction` (f, d), `norm` (f,), `closing` (f, h): how fast the neuron approaches hyperplane i, 0 if it does not;
    `motion`, `reason`, `sign` (f,), `on_ray` (f,): the face is one line, `slides` (f,); `spans`: for each face
    orthonormal rows (s, d) that span the normals of its hyperplanes, s = `rank` (f,); `pattern` (f, h).
    """

    def __init__(self, field: FrozenField) -> None:
        self.field = field
        self._numbers: dict[tuple[int, bytes, Reason], int] = {}
        self._passages: dict[tuple[int, tuple[int, ...]], Passage] = {}
        self._drifts: dict[tuple[int, bytes], Drift] = {}
        self._size = 0
        d, h = field.dimension, len(field)
        self.direction = np.zeros((0, d))
        self.vector = np.zeros((0, d))
        self.norm = np.zeros(0)
        self.closing = np.zeros((0, h))
        self.pattern = np.zeros((0, h), dtype=np.int8)
        self.motion = np.zeros(0, dtype=np.int8)
        self.reason = np.zeros(0, dtype=np.int8)
        self.sign = np.zeros(0, dtype=np.int8)
        self.on_ray = np.zeros(0, dtype=bool)
        self.slides = np.zeros(0, dtype=bool)
        self.rank = np.zeros(0, dtype=np.int64)
        self.spans: list[Floats] = []
        self.following = np.zeros((0, max(h, 1)), dtype=np.int32)

    def __len__(self) -> int:
        return self._size

    @property
    def nbytes(self) -> int:
        """Memory held by the table."""
        return sum(getattr(self, name).nbytes for name in self._COLUMNS) + sum(span.nbytes for span in self.spans)

    _COLUMNS = (
        "direction", "vector", "norm", "closing", "pattern", "motion", "reason", "sign", "on_ray", "slides", "rank",
        "following",
    )  # fmt: skip

    def start(self, pattern: Signs, sign: int) -> int:
        """The face of neurons of sign `sign` that start with the ternary `pattern` (h,)."""
        on = np.flatnonzero(pattern == 0)
        repelling = on[sign * self.field.pull_signs[on] > 0]
        if not len(repelling):
            return self._number(self._drift(pattern, sign), sign)
        if len(repelling) == 1:
            # Both sides may push the same way: then the neuron leaves that way, and uniquely.
            for side in (1, -1):
                drifts = [self.field.drift(_replaced(pattern, repelling, s), sign) for s in (side, -side)]
                if all(side * drift.speed[repelling[0]] > 0 for drift in drifts):
                    return self._number(drifts[0], sign)
        return self.halt(pattern, sign, Reason.STARTS_ON_REPELLING)

    def at(self, pattern: Signs, sign: int) -> int:
        """The face of neurons of sign `sign` that stay on the hyperplanes of sign 0 in `pattern` (h,)."""
        return self._number(self._drift(pattern, sign), sign)

    def stopped(self, face: int, reason: Reason) -> int:
        """The face on which a neuron of `face` ends undetermined."""
        return self.halt(self.pattern[face], int(self.sign[face]), reason)

    def flipped(self, face: int) -> int:
        """The face after a vanishes on `face`: the same cell for the other sign; undetermined if the neuron slides."""
        if self.slides[face]:
            return self.stopped(face, Reason.SIGN_CHANGE_ON_FACE)
        return self.start(self.pattern[face], -int(self.sign[face]))

    def passage(self, face: int, hits: tuple[int, ...]) -> Passage:
        """The next face of a neuron of `face` when it hits the hyperplanes `hits` at once (theory.md 2.6).

        Repelling hyperplanes are crossed in the sense of arrival; the attracting ones and those it slides on are
        resolved together.
        """
        key = (face, hits)
        if key not in self._passages:
            self._passages[key] = self._resolve(face, hits)
            if len(hits) == 1:
                self.following[face, hits[0]] = self._passages[key].face
        return self._passages[key]

    def _resolve(self, face: int, hits: tuple[int, ...]) -> Passage:
        before, sign = self.pattern[face], int(self.sign[face])
        pattern = before.copy()
        for hit in hits:
            crossed = sign * self.field.pull_signs[hit] > 0
            pattern[hit] = -before[hit] if crossed else 0
        drift = self._drift(pattern, sign)
        for hit in hits:
            if pattern[hit] and pattern[hit] * drift.speed[hit] <= 0:
                return Passage(self.halt(before, sign, Reason.CORNER), ())
        after = drift.pattern
        events = [(hit, Kind.CROSS if after[hit] else Kind.SLIDE) for hit in hits if after[hit] != before[hit]]
        events += [(int(i), Kind.LEAVE) for i in np.flatnonzero((before == 0) & (after != 0))]
        return Passage(self._number(drift, sign), tuple(events))

    def _drift(self, pattern: Signs, sign: int) -> Drift:
        key = (sign, pattern.tobytes())
        if key not in self._drifts:
            self._drifts[key] = self.field.drift(pattern, sign)
        return self._drifts[key]

    def _number(self, drift: Drift, sign: int) -> int:
        if drift.norm == 0.0:
            if not self.field.is_silent(drift.pattern):
                return self.halt(drift.pattern, sign, Reason.ZERO_DRIFT)
            return self._entry(drift, sign, Motion.DEAD, Reason.NONE)
        return self._entry(drift, sign, Motion.MOVES, Reason.NONE)

    def halt(self, pattern: Signs, sign: int, reason: Reason) -> int:
        """The face on which neurons of sign `sign` with this pattern end undetermined, for `reason`."""
        nothing = np.full(self.field.dimension, np.nan)
        still = Drift(pattern, nothing, 0.0, np.zeros(self.field.dimension), np.zeros(len(self.field)))
        return self._entry(still, sign, Motion.UNDETERMINED, reason)

    def _entry(self, drift: Drift, sign: int, motion: Motion, reason: Reason) -> int:
        key = (sign, drift.pattern.tobytes(), reason)
        if key in self._numbers:
            return self._numbers[key]
        face = self._size
        if face == len(self.norm):
            self._grow()
        span = self.field.face(drift.pattern)
        self.spans.append(span)
        direction, rank = drift.direction, len(span)
        if rank and drift.norm:
            direction = direction - (span @ direction) @ span
        self.direction[face], self.vector[face], self.norm[face] = direction, drift.vector, drift.norm
        self.closing[face] = np.where(drift.pattern * drift.speed < 0, np.abs(drift.speed), 0.0)
        self.pattern[face], self.motion[face], self.reason[face], self.sign[face] = drift.pattern, motion, reason, sign
        self.on_ray[face], self.slides[face], self.rank[face] = rank == self.field.dimension - 1, rank > 0, rank
        self.following[face] = -1
        self._numbers[key] = face
        self._size += 1
        return face

    def _grow(self) -> None:
        extra = max(64, len(self.norm))
        for name in self._COLUMNS:
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.zeros((extra, *column.shape[1:]), dtype=column.dtype)]))


def _replaced(pattern: Signs, places: NDArray[np.intp], value: int) -> Signs:
    copy = pattern.copy()
    copy[places] = value
    return copy
