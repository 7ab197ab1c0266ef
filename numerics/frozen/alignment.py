"""The frozen alignment flow of a whole start: each neuron's fate, events and alignment times (theory.md 3.9)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.network import Weights, check_network
from ..data.problem import Problem
from ..errors import InputError
from ..extremal.face import UNLIMITED, Deadline
from ..extremal.vectors import ExtremalVectors
from ..geometry.hyperplanes import merge_hyperplanes
from ..rounding import SAME_VECTOR
from ..threads import one_blas_thread
from .closed_form import elapsed, length_to_angle
from .event_lists import Events
from .faces import Faces, Kind, Reason
from .field import FrozenField
from .flow import Fate, FrozenOutcome, Swarm, follow, launch
from .path import NeuronPath, follow_path

# Entries (neurons times hyperplanes) of a work array: some MiB, enough neurons at once to amortise NumPy's calls.
_WORK_ENTRIES = 2**19
# The table of faces is started afresh when it grows beyond this many bytes.
_TABLE_BYTES = 2**28
LEAST_DIMENSION = 5
"""Below this dimension there are few faces, and neurons share them."""


@dataclass(frozen=True)
class FrozenAlignment:
    """What the frozen flow makes of each of m neurons; times are those of the flow, vectors in R^d.

    `fate` (m,): a `Fate`; `reason` (m,): a `Reason`, NONE unless the fate is undetermined; `extremal` (m,): the number
    of the extremal vector in the list that was given, -1 for other fates or without a list; `sign` (m,): the final
    sign of a; `drift` (m, d): the final drift D, NaN when undetermined; `n_events` (m,): changes of pattern;
    `last_event_time` (m,): from then on the pattern is settled; `stop_time` (m,): infinite, or the time up to which an
    undetermined neuron's flow is known; `events`: all of them, when they were asked for.
    """

    fate: NDArray[np.int8]
    reason: NDArray[np.int8]
    extremal: NDArray[np.int32]
    sign: NDArray[np.int8]
    drift: Floats
    n_events: NDArray[np.int64]
    last_event_time: Floats
    stop_time: Floats
    events: Events | None
    _outcome: FrozenOutcome = field(repr=False)
    _faces: Faces = field(repr=False)
    _start: tuple[Floats, Floats] = field(repr=False)
    _limit: int = field(repr=False)

    @property
    def width(self) -> int:
        """The number of neurons m."""
        return len(self.fate)

    @cached_property
    def fate_names(self) -> NDArray[np.str_]:
        """The fates in words, shape (m,): extremal, dead, pinned or undetermined."""
        return np.array([Fate(code).name.lower() for code in range(len(Fate))])[self.fate]

    def matched_with(self, extremal: ExtremalVectors) -> FrozenAlignment:
        """The same alignment with `extremal` numbers of another list."""
        return replace(self, extremal=_matched(self._outcome, extremal))

    def why(self, neuron: int) -> str:
        """Why the fate of a neuron is undetermined, in one sentence."""
        return Reason(self.reason[neuron]).sentence

    def limit_direction(self) -> Floats:
        """The limit of w/||w||, shape (m, d): sign(a) D/||D||, the last direction when D = 0; NaN when undetermined.

        A pinned neuron's limit is the ray that holds it, which is against its drift.
        """
        with np.errstate(invalid="ignore"):
            along = self.sign[:, None] * self.drift / np.linalg.norm(self.drift, axis=1, keepdims=True)
        return np.select(
            [(self.fate == Fate.EXTREMAL)[:, None], (self.fate == Fate.UNDETERMINED)[:, None]],
            [along, np.nan],
            self.last_direction(),
        )

    def last_direction(self) -> Floats:
        """w/||w|| at the last event, shape (m, d): a neuron without any drift stays there. NaN for w = 0."""
        w = self._outcome.w
        with np.errstate(invalid="ignore"):
            return np.asarray(w / np.linalg.norm(w, axis=1, keepdims=True))

    def alignment_time(self, angle: float) -> Floats:
        """The first time from which a neuron's pattern is settled and w is within `angle` of its limit; shape (m,).

        `angle` in radians, strictly between 0 and pi. From its last event on a neuron turns monotonically towards its
        drift (theory.md 3.1), so this is one closed form (3.2); it is the last event's time for dead and pinned
        neurons, NaN for undetermined ones. Raises InputError for an angle out of range.
        """
        if not 0 < angle < np.pi:
            raise InputError(f"the angle is {angle}; it must be in radians, more than 0 and less than pi")
        time = np.where(self.fate == Fate.UNDETERMINED, np.nan, self.last_event_time)
        on = np.flatnonzero(self.fate == Fate.EXTREMAL)
        outcome = self._outcome
        w, a, norm = outcome.w[on], outcome.a[on], np.linalg.norm(self.drift[on], axis=1)
        direction = self.sign[on, None] * self.drift[on] / norm[:, None]
        beta = np.einsum("ij,ij->i", w, direction)
        across = w - beta[:, None] * direction
        square = np.einsum("ij,ij->i", across, across)
        length = length_to_angle(beta, np.sqrt(square), angle)
        position = w + length[:, None] * direction
        later = np.sqrt(np.maximum(outcome.excess[on] + np.einsum("ij,ij->i", position, position), 0.0))
        time[on] += elapsed(a, beta, outcome.excess[on] + square, length, later) / norm
        return time

    def path(self, neuron: int, times: ArrayLike) -> NeuronPath:
        """One neuron's direction, omega and log|a| at `times` (T,), all >= 0 (InputError otherwise)."""
        when = np.atleast_1d(np.asarray(times, dtype=np.float64))
        if not 0 <= neuron < self.width:
            raise InputError(f"there is no neuron {neuron}; they are numbered from 0 to {self.width - 1}")
        if not (when >= 0).all():
            raise InputError("the times of a path must be numbers, none of them negative")
        a, w = self._start
        return follow_path(self._faces, float(a[neuron]), w[neuron], when, self._limit)


class FrozenFlow:
    """The frozen alignment flow of a problem (h = 0, drift D(w, 0)), for any number of starts (theory.md 2.6, 3.1-3.9).

    Raises InputError for an unknown loss and a leak not in [0, 1).
    """

    def __init__(self, problem: Problem | Dataset) -> None:
        self.problem = Problem.of(problem)
        hyperplanes = merge_hyperplanes(self.problem.data, self.problem.pulls_at_zero, self.problem.leak)
        self._field = FrozenField(hyperplanes)
        self._limit = 100 + 20 * len(hyperplanes)  # many times what monotonicity (3.6) lets a neuron need
        self._at_once = max(_WORK_ENTRIES // max(len(hyperplanes), 32), 1)

    def alignment(
        self,
        network: Weights,
        *,
        extremal: ExtremalVectors | None = None,
        record: bool = False,
        deadline: Deadline = UNLIMITED,
    ) -> FrozenAlignment:
        """Follow every neuron of a network to its fate; see `frozen_alignment`."""
        a, w = network.a, network.w
        check_network(network, self.problem.data.d)
        faces, outcome = Faces(self._field), FrozenOutcome.empty(len(a), self.problem.data.d)
        entries: list[tuple[int, float, int, Kind]] = []
        log = (lambda *entry: entries.append(entry)) if record else None

        def in_time(*_: object) -> None:
            deadline.check()

        for first in range(0, len(a), self._at_once):
            neurons = np.arange(first, min(first + self._at_once, len(a)))
            if faces.nbytes > _TABLE_BYTES:
                faces = Faces(self._field)
            swarm = launch(faces, neurons, a[neurons], w[neurons])
            ahead = None
            if not record and _share_few_faces(swarm, self.problem.data.d):
                from .one_by_one import OneByOne  # with it numba, which takes a second to load

                ahead = OneByOne(faces, outcome, self._limit, in_time)
            with one_blas_thread():
                follow(faces, swarm, outcome, self._limit, in_time, log, ahead)
        return FrozenAlignment(
            fate=outcome.fate,
            reason=outcome.reason,
            extremal=_matched(outcome, extremal),
            sign=outcome.sign,
            drift=outcome.drift,
            n_events=outcome.events,
            last_event_time=outcome.time,
            stop_time=outcome.stop,
            events=Events.collect(len(a), entries) if record else None,
            _outcome=outcome,
            _faces=faces,
            _start=(a, w),
            _limit=self._limit,
        )


def frozen_alignment(
    problem: Problem | Dataset,
    network: Weights,
    *,
    extremal: ExtremalVectors | None = None,
    record: bool = False,
    deadline: Deadline = UNLIMITED,
) -> FrozenAlignment:
    """Follow the frozen alignment flow (h = 0, drift D(w, 0)) of every neuron to its fate (theory.md 2.6, 3.1-3.9).

    The network's weights may be at any scale. With `extremal`, neurons of fate (i) carry the
    number of their extremal vector; with `record`, every event is kept. Outside the theory's hypotheses the flow is
    still followed: an undominated neuron's a may vanish and change sign (theory.md 3.5). Starts whose flow is not
    unique or not typical (on a repelling hyperplane, against the drift, a = 0 at rest, w = 0) are undetermined, with
    the reason. Raises InputError for weights of the wrong shape or not finite, an unknown loss, a leak not in [0, 1),
    and OutOfTime after the `deadline`.
    """
    return FrozenFlow(problem).alignment(network, extremal=extremal, record=record, deadline=deadline)


def _share_few_faces(swarm: Swarm, dimension: int) -> bool:
    """Whether neurons are followed faster one by one: most start on a face of their own and will hardly meet others."""
    return dimension >= LEAST_DIMENSION and 2 * len(np.unique(swarm.face)) > len(swarm)


def _matched(outcome: FrozenOutcome, extremal: ExtremalVectors | None) -> NDArray[np.int32]:
    """The number of each aligned neuron's extremal vector: that of its sign nearest to its drift.

    Both are roundings of the same exact vector.
    """
    found = np.full(len(outcome.fate), -1, dtype=np.int32)
    if extremal is None:
        return found
    aligned, norms = outcome.fate == Fate.EXTREMAL, np.linalg.norm(outcome.drift, axis=1)
    for number, candidate in enumerate(extremal.vectors):
        allowed = SAME_VECTOR * candidate.norm
        near = np.abs(norms - candidate.norm) <= np.sqrt(outcome.drift.shape[1]) * allowed
        rows = np.flatnonzero(aligned & (outcome.sign == candidate.sign) & near)
        found[rows[np.abs(outcome.drift[rows] - candidate.vector).max(axis=1, initial=0.0) <= allowed]] = number
    return found
