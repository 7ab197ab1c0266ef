"""When neurons of the frozen flow are followed one by one, and what the compiled code does for a swarm (`single`)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..arrays import Floats
from ..compiled_code import announce_compilation
from .face_factors import Planes
from .faces import Faces, Motion
from .field import FrozenField
from .flow import Fate, FrozenOutcome, Swarm
from .single import SIGN, Ending, Single, follow_single

FATES = {Ending.EXTREMAL: Fate.EXTREMAL, Ending.DEAD: Fate.DEAD}


class OneByOne:
    """Follows the neurons of a swarm as far as floats decide clearly, to their fate or to an event that they do not.

    Fates are written to `outcome`; a neuron is followed for at most `limit` events, and `in_time` is called for each.
    """

    def __init__(self, faces: Faces, outcome: FrozenOutcome, limit: int, in_time: Callable[[], None]) -> None:
        announce_compilation(follow_single)
        self._faces, self._outcome, self._limit, self._in_time = faces, outcome, limit, in_time
        self._planes = planes_of(faces.field)

    def __call__(self, swarm: Swarm) -> Swarm:
        """The neurons of `swarm` whose fate is still open, each before the event that is not clear."""
        faces, endings = self._faces, np.full(len(swarm), Ending.UNCLEAR)
        signs, drifts = np.zeros(len(swarm), dtype=np.int8), np.empty_like(swarm.w)
        for row in np.flatnonzero(faces.motion[swarm.face] == Motion.MOVES).tolist():
            self._in_time()
            neuron = _single(faces, swarm, row)
            endings[row] = follow_single(self._planes, neuron, self._limit, drifts[row])
            signs[row] = neuron.numbers[SIGN]
            _write(swarm, row, neuron)
            if endings[row] == Ending.UNCLEAR:
                swarm.face[row] = faces.at(neuron.pattern, int(signs[row]))
        for ending, fate in FATES.items():
            found = endings == ending
            self._outcome.record(swarm.pick(found), fate, signs[found], drifts[found])
        return swarm.pick(endings == Ending.UNCLEAR)


def planes_of(field: FrozenField) -> Planes:
    """The hyperplanes of a field as the arrays that compiled code reads."""
    jumps = field.jumps
    return Planes(
        normals=np.ascontiguousarray(field.normals),
        lengths=field.lengths,
        jumps=jumps,
        jump_lengths=np.linalg.norm(jumps, axis=1),
        below=field.base_drift(np.full(len(field), -1, dtype=np.int8)),
        pull_signs=field.pull_signs,
        acts=field.acts,
        always=np.array([field.acts_everywhere], dtype=np.int8),
        scale=np.array([field.scale]),
    )


def _single(faces: Faces, swarm: Swarm, row: int) -> Single:
    face = swarm.face[row]
    numbers: Floats = np.array([swarm.a[row], swarm.excess[row], swarm.time[row], faces.sign[face]], dtype=np.float64)
    counts = np.array([swarm.exponent[row], swarm.events[row]], dtype=np.int64)
    return Single(swarm.w[row].copy(), faces.pattern[face].copy(), numbers, counts)


def _write(swarm: Swarm, row: int, neuron: Single) -> None:
    swarm.w[row] = neuron.w
    swarm.a[row], swarm.excess[row], swarm.time[row] = neuron.numbers[:3]
    swarm.exponent[row], swarm.events[row] = neuron.counts
