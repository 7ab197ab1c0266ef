"""The frozen alignment flow of many neurons at once, from event to event (theory.md 2.6, 3.1-3.9).

Between events a neuron moves along a straight line whose direction its face fixes, so the next hyperplane is found
with one division per neuron and hyperplane; the time it takes follows in closed form (`closed_form`). Neurons are
scaled to size one by powers of two (exactly), so neither a start at 1e-60 nor growth like e^{rt} overflows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats, Integers
from ..geometry.patterns import starting_signs
from ..rounding import ON_LINE, TOGETHER, balanced_allowance
from .closed_form import elapsed, length_to_rest
from .faces import Faces, Kind, Motion, Reason


class Fate(IntEnum):
    """How a neuron's frozen flow ends (theory.md 3.9)."""

    UNDETERMINED = 0
    EXTREMAL = 1
    DEAD = 2
    PINNED = 3


@dataclass
class Swarm:
    """The neurons whose fate is not yet decided, each at its last event.

    `neuron` (m,) numbers; `face` (m,); `w` (m, d) and `a` = |a| (m,) scaled by 2^-`exponent`; `excess` = a^2 - ||w||^2,
    scaled by 4^-`exponent` (conserved: theory.md 2.1); `time` (m,); `events` (m,) so far.
    """

    neuron: Integers
    face: Integers
    w: Floats
    a: Floats
    excess: Floats
    exponent: Integers
    time: Floats
    events: Integers

    def __len__(self) -> int:
        return len(self.neuron)

    def pick(self, where: NDArray[np.bool_]) -> Swarm:
        """The neurons selected by a mask (m,)."""
        return Swarm(*(getattr(self, column.name)[where] for column in fields(self)))

    def rescale(self) -> None:
        """Bring every neuron to size one by a power of two."""
        _, power = np.frexp(np.maximum(self.a, np.abs(self.w).max(axis=1)))
        self.w = np.ldexp(self.w, -power[:, None])
        self.a = np.ldexp(self.a, -power)
        self.excess = np.ldexp(self.excess, -2 * power)
        self.exponent = self.exponent + power


@dataclass
class FrozenOutcome:
    """The fate of each of m neurons; the state columns are those of `Swarm` at the last event."""

    fate: NDArray[np.int8]
    reason: NDArray[np.int8]
    sign: NDArray[np.int8]
    drift: Floats
    w: Floats
    a: Floats
    excess: Floats
    exponent: Integers
    time: Floats
    stop: Floats
    events: Integers

    @classmethod
    def empty(cls, count: int, dimension: int) -> FrozenOutcome:
        """Room for `count` neurons."""
        plane, line, small = np.zeros((count, dimension)), np.zeros(count), np.zeros(count, dtype=np.int8)
        whole = np.zeros(count, dtype=np.int64)
        return cls(
            small, small.copy(), small.copy(), plane, plane.copy(), line, line.copy(), whole, line.copy(),
            np.full(count, np.inf), whole.copy(),
        )  # fmt: skip

    def finish(self, swarm: Swarm, faces: Faces, fate: Fate, reason: NDArray[np.int8] | Reason = Reason.NONE) -> None:
        """Write down the neurons of `swarm` with their fate."""
        self.record(swarm, fate, faces.sign[swarm.face], faces.vector[swarm.face])
        self.reason[swarm.neuron] = reason
        if fate == Fate.UNDETERMINED:
            self.stop[swarm.neuron] = swarm.time
            self.drift[swarm.neuron] = np.nan

    def record(self, swarm: Swarm, fate: Fate, sign: NDArray[np.int8], drift: Floats) -> None:
        """Write down the neurons of `swarm` (q,) with their fate, their signs (q,) and drifts (q, d)."""
        at = swarm.neuron
        self.fate[at], self.sign[at], self.drift[at] = fate, sign, drift
        for name in ("w", "a", "excess", "exponent", "time", "events"):
            getattr(self, name)[at] = getattr(swarm, name)


Observer = Callable[[Swarm, Faces], None]
EventLog = Callable[[int, float, int, Kind], None]


def launch(faces: Faces, neuron: Integers, start_a: Floats, start_w: Floats) -> Swarm:
    """The swarm at time 0: neurons scaled to size one and sorted onto their faces.

    A start is balanced when |a^2 - ||w||^2| is at most `balanced_allowance` ||w||^2.
    """
    field, count = faces.field, len(neuron)
    zero = np.zeros(count, dtype=np.int64)
    swarm = Swarm(
        neuron, zero, start_w.copy(), np.abs(start_a), np.zeros(count), zero.copy(), np.zeros(count), zero.copy()
    )
    swarm.rescale()
    length = np.linalg.norm(swarm.w, axis=1)
    excess = (swarm.a - length) * (swarm.a + length)
    balanced = np.abs(excess) <= balanced_allowance(field.dimension) * length**2
    swarm.excess = np.where(balanced, 0.0, excess)
    swarm.a = np.where(balanced, length, swarm.a)
    patterns = starting_signs(swarm.w, field.normals)
    signs = np.sign(start_a).astype(np.int8)
    for j in np.flatnonzero(signs == 0):
        # a leaves 0 with the sign of <w, D>, which no choice of slopes on the hyperplanes through w changes.
        value = swarm.w[j] @ field.base_drift(patterns[j])
        signs[j] = 0 if abs(value) <= ON_LINE * field.scale * length[j] else np.sign(value)
    keys, inverse = _unique_rows(np.concatenate([patterns, signs[:, None]], axis=1))
    first = [faces.start(key[:-1], int(key[-1])) if key[-1] else -1 for key in keys]
    swarm.face = np.array(first, dtype=np.int64)[inverse]
    for j in np.flatnonzero((signs == 0) | (length == 0)):
        reason = Reason.STARTS_AT_ZERO if length[j] == 0 else Reason.AT_REST
        swarm.face[j] = faces.halt(patterns[j], int(signs[j]), reason)
    _project(faces, swarm)
    return swarm


def follow(
    faces: Faces,
    swarm: Swarm,
    outcome: FrozenOutcome,
    limit: int,
    observe: Observer | None = None,
    log: EventLog | None = None,
    ahead: Callable[[Swarm], Swarm] | None = None,
) -> None:
    """Follow every neuron of `swarm` from event to event until its fate is known, for at most `limit` events.

    `ahead` may follow neurons over many events, writes down those whose fate it finds, and returns the others.
    """
    for _ in range(limit):
        if ahead is not None:
            swarm = ahead(swarm)
        motion = faces.motion[swarm.face]
        if motion.any():
            _finish_still(faces, swarm, outcome, motion)
            if observe is not None:
                observe(swarm.pick(motion != Motion.MOVES), faces)
            swarm = swarm.pick(motion == Motion.MOVES)
        if not len(swarm):
            return
        if observe is not None:
            observe(swarm, faces)
        swarm = _step(faces, swarm, outcome, log)
    outcome.finish(swarm, faces, Fate.UNDETERMINED, Reason.TOO_MANY_EVENTS)


def _finish_still(faces: Faces, swarm: Swarm, outcome: FrozenOutcome, motion: NDArray[np.int8]) -> None:
    outcome.finish(swarm.pick(motion == Motion.DEAD), faces, Fate.DEAD)
    lost = swarm.pick(motion == Motion.UNDETERMINED)
    outcome.finish(lost, faces, Fate.UNDETERMINED, faces.reason[lost.face])


def _step(faces: Faces, swarm: Swarm, outcome: FrozenOutcome, log: EventLog | None) -> Swarm:
    """Move every neuron to its next event; those that have none are written to `outcome` and left out."""
    direction = faces.direction[swarm.face]
    beta = np.einsum("ij,ij->i", swarm.w, direction)
    across = swarm.w - beta[:, None] * direction
    square = np.einsum("ij,ij->i", across, across)
    on_ray = faces.on_ray[swarm.face]
    square[on_ray] = 0.0
    constant = swarm.excess + square
    length, hit, joint = _next_hit(faces, swarm)
    rest = length_to_rest(swarm.a, beta, constant)

    on_line = (beta < 0) & (square <= (ON_LINE * beta) ** 2)
    against = on_line & (swarm.excess >= 0)
    # Without domination, a and <w, u> may also vanish together, in infinite time, while w_perp stays.
    against |= (beta < 0) & ~on_ray & (swarm.excess < 0) & (np.abs(constant) <= ON_LINE * beta**2)
    moves = ~against & np.isfinite(np.minimum(length, rest))
    if not moves.all():
        _finish_lines(faces, swarm, outcome, on_ray, against, ~moves & ~against)
        beta, constant, direction = beta[moves], constant[moves], direction[moves]
        length, hit, joint, rest = length[moves], hit[moves], joint[moves], rest[moves]
        swarm = swarm.pick(moves)

    vanishes = rest <= length
    corners = _corners(faces, swarm, length, joint & ~vanishes)
    length = np.minimum(length, rest)
    position = swarm.w + length[:, None] * direction
    later = np.sqrt(np.maximum(swarm.excess + np.einsum("ij,ij->i", position, position), 0.0))
    later[vanishes] = 0.0
    phase = elapsed(swarm.a, beta, constant, length, later)
    swarm.time = swarm.time + phase / faces.norm[swarm.face]
    swarm.w, swarm.a, swarm.events = position, later, swarm.events + 1
    _enter_faces(faces, swarm, hit, corners, vanishes, log)
    _project(faces, swarm)
    size = np.maximum(swarm.a, np.abs(swarm.w).max(axis=1))
    if len(swarm) and (size.max() > 1e60 or size.min() < 1e-60):
        swarm.rescale()
    return swarm


def _finish_lines(
    faces: Faces, swarm: Swarm, outcome: FrozenOutcome, on_ray: NDArray[np.bool_], against: NDArray[np.bool_],
    aligns: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Write down the neurons without a further event: aligned, pinned, or against their drift."""
    outcome.finish(swarm.pick(aligns), faces, Fate.EXTREMAL)
    outcome.finish(swarm.pick(against & on_ray & (swarm.excess == 0)), faces, Fate.PINNED)
    outcome.finish(swarm.pick(against & ~on_ray), faces, Fate.UNDETERMINED, Reason.AGAINST_DRIFT)
    sinking = swarm.pick(against & on_ray & (swarm.excess > 0))
    outcome.finish(sinking, faces, Fate.UNDETERMINED, Reason.REACHES_ZERO)
    # c = -tanh of the remaining r t: artanh|c| = arsinh(||w|| / sqrt(a^2 - ||w||^2)).
    remaining = np.arcsinh(np.linalg.norm(sinking.w, axis=1) / np.sqrt(sinking.excess))
    outcome.stop[sinking.neuron] = sinking.time + remaining / faces.norm[sinking.face]


def _next_hit(faces: Faces, swarm: Swarm) -> tuple[Floats, Integers, NDArray[np.bool_]]:
    """The length to the first hyperplane, its number, and whether a second one is hit together with it; each (m,)."""
    count = len(swarm)
    if not len(faces.field):
        return np.full(count, np.inf), np.zeros(count, dtype=np.int64), np.zeros(count, dtype=bool)
    rates = _approach(faces, swarm)
    rates[faces.on_ray[swarm.face]] = 0.0  # on a ray every other hyperplane is met at w = 0 only
    rows = np.arange(count)
    hit = rates.argmax(axis=1)
    fastest = rates[rows, hit]
    rates[rows, hit] = 0.0
    with np.errstate(divide="ignore"):
        first, second = 1.0 / fastest, 1.0 / rates.max(axis=1)
    return first, hit, np.isfinite(second) & (second <= _joint_length(swarm, first))


def _joint_length(swarm: Swarm, first: Floats) -> Floats:
    """The length up to which a hit counts as simultaneous with the first one."""
    return first + TOGETHER * (first + np.abs(swarm.w).max(axis=1))


def _corners(faces: Faces, swarm: Swarm, first: Floats, joint: NDArray[np.bool_]) -> dict[int, tuple[int, ...]]:
    """For each neuron that hits several hyperplanes at once: its row in `swarm`, and those hyperplanes."""
    rows = np.flatnonzero(joint)
    if not len(rows):
        return {}
    group = swarm.pick(joint)
    with np.errstate(divide="ignore"):
        together = 1.0 / _approach(faces, group) <= _joint_length(group, first[joint])[:, None]
    return {int(row): tuple(int(i) for i in np.flatnonzero(hits)) for row, hits in zip(rows, together, strict=True)}


def _approach(faces: Faces, swarm: Swarm) -> Floats:
    """1/s per hyperplane, s the length to it; 0 where the neuron does not approach it; shape (m, h)."""
    distance = np.abs(swarm.w @ faces.field.normals.T)
    np.maximum(distance, 1e-290, out=distance)
    return np.divide(faces.closing[swarm.face], distance, out=distance)


def _enter_faces(
    faces: Faces, swarm: Swarm, hit: Integers, corners: dict[int, tuple[int, ...]], vanishes: NDArray[np.bool_],
    log: EventLog | None,
) -> None:  # fmt: skip
    """Give every neuron the face its event leads to, and report the events; Python runs once per distinct passage."""
    before = swarm.face
    plain = ~vanishes
    plain[list(corners)] = False
    unknown = np.flatnonzero(plain & (faces.following[before, hit] < 0))
    stride = faces.following.shape[1]
    for key in np.unique(before[unknown] * stride + hit[unknown]):
        faces.passage(int(key // stride), (int(key % stride),))
    after = faces.following[before, hit].astype(np.int64)
    for row, hits in corners.items():
        after[row] = faces.passage(int(before[row]), hits).face
    for face in np.unique(before[vanishes]):
        after[vanishes & (before == face)] = faces.flipped(int(face))
    swarm.face = after
    if log is not None:
        met: list[tuple[int, ...]] = [
            () if vanishes[row] else corners.get(row, (int(hit[row]),)) for row in range(len(swarm))
        ]
        _report(faces, swarm, before, met, log)


def _report(faces: Faces, swarm: Swarm, before: Integers, hits: list[tuple[int, ...]], log: EventLog) -> None:
    """Log what happened to each neuron: the hyperplanes it met on its way from `before`; none: its a vanished."""
    for row, met in enumerate(hits):
        neuron, time = int(swarm.neuron[row]), float(swarm.time[row])
        if not met:
            log(neuron, time, -1, Kind.SIGN)
            continue
        for hyperplane, kind in faces.passage(int(before[row]), met).events:
            log(neuron, time, faces.field.kept[hyperplane], kind)


def _project(faces: Faces, swarm: Swarm) -> None:
    """Put sliding neurons exactly onto their face."""
    slides = np.flatnonzero(faces.slides[swarm.face])
    if len(slides):
        ranks = faces.rank[swarm.face[slides]]
        for rank in np.unique(ranks):
            rows = slides[ranks == rank]
            found, inverse = np.unique(swarm.face[rows], return_inverse=True)
            span, w = np.stack([faces.spans[face] for face in found])[inverse.ravel()], swarm.w[rows]
            swarm.w[rows] = w - np.einsum("ks,ksd->kd", np.einsum("ksd,kd->ks", span, w), span)
        swarm.a[slides] = np.sqrt(np.maximum(swarm.excess[slides] + (swarm.w[slides] ** 2).sum(axis=1), 0.0))


def _unique_rows(rows: NDArray[np.int8]) -> tuple[NDArray[np.int8], Integers]:
    """Unique rows and the inverse; rows are compared as byte strings, much faster than column by column."""
    packed = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
    return rows[first], inverse.ravel()
