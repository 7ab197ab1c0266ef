"""One neuron's frozen path at chosen times, for figures and checks (theory.md 3.2, from event to event)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..rounding import TIME
from .closed_form import scaled_position
from .faces import Faces, Motion
from .flow import FrozenOutcome, Swarm, follow, launch


@dataclass(frozen=True)
class NeuronPath:
    """A neuron along the frozen flow at `times` (T,).

    `omega` (T, d) = w/a, `direction` (T, d) = w/||w||, `log_a` (T,) = log|a|, `sign` (T,) of a. Rows after the time at
    which an undetermined neuron's flow stops being known are NaN (and sign 0).
    """

    times: Floats
    omega: Floats
    direction: Floats
    log_a: Floats
    sign: NDArray[np.int8]


@dataclass
class _Segments:
    """The states at which one neuron entered each face."""

    states: list[tuple[float, Swarm, int]] = field(default_factory=list)

    def observe(self, swarm: Swarm, faces: Faces) -> None:
        if len(swarm):
            copy = swarm.pick(np.ones(len(swarm), dtype=bool))  # the flow changes its own columns later
            self.states.append((float(copy.time[0]), copy, int(copy.face[0])))


def follow_path(faces: Faces, start_a: float, start_w: Floats, times: Floats, limit: int) -> NeuronPath:
    """Follow one neuron, a and w (d,), and evaluate it at `times` (T,), all >= 0, in any order."""
    segments = _Segments()
    outcome = FrozenOutcome.empty(1, len(start_w))
    swarm = launch(faces, np.zeros(1, dtype=np.int64), np.array([start_a]), start_w[None, :])
    follow(faces, swarm, outcome, limit, observe=segments.observe)
    begins = np.array([time for time, _, _ in segments.states])
    place = np.searchsorted(begins, times, side="right") - 1
    w, log_a, a = np.full((len(times), len(start_w)), np.nan), np.full(len(times), np.nan), np.full(len(times), np.nan)
    sign = np.zeros(len(times), dtype=np.int8)
    for number, (begin, state, face) in enumerate(segments.states):
        rows = np.flatnonzero((place == number) & (times <= outcome.stop[0] * (1 + TIME)))
        if not len(rows):
            continue
        w[rows], a[rows], log_a[rows] = _evaluate(faces, state, face, times[rows] - begin)
        sign[rows] = faces.sign[face]
    with np.errstate(invalid="ignore", divide="ignore"):
        direction = w / np.linalg.norm(w, axis=1, keepdims=True)
        omega = w / (sign * a)[:, None]
    return NeuronPath(times, omega, direction, log_a, sign)


def _evaluate(faces: Faces, state: Swarm, face: int, after: Floats) -> tuple[Floats, Floats, Floats]:
    """(w, |a|, log|a|) at times `after` >= 0 into a segment; w and |a| share a scale that does not overflow."""
    with np.errstate(divide="ignore"):
        offset = np.log(2.0) * float(state.exponent[0])
        if faces.motion[face] != Motion.MOVES:
            ones = np.ones(len(after))
            return np.outer(ones, state.w[0]), ones * state.a[0], np.log(ones * state.a[0]) + offset
        direction = faces.direction[face]
        beta = float(state.w[0] @ direction)
        across = np.zeros_like(direction) if faces.on_ray[face] else state.w[0] - beta * direction
        phase = faces.norm[face] * after
        a, along = scaled_position(state.a, np.array([beta]), phase)
        return np.exp(-phase)[:, None] * across + along[:, None] * direction, a, np.log(a) + phase + offset
