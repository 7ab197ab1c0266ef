"""Extremal vectors that neurons reach, for a list that the search could not complete (theory.md 3.8, 3.9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..data.network import Network
from ..extremal.face import Deadline, OutOfTime
from ..extremal.vectors import ExtremalVectors, with_those_reached
from ..frozen.alignment import Fate, FrozenAlignment, FrozenFlow

STARTS, AT_ONCE = 512, 64
"""Balanced neurons in random directions, half of them with a > 0, that are followed, and how many at a time."""
MOST_WORK = 2e9
"""Fewer are followed where they times n^2 d, events times the work of one, are more than this: a second or two."""
SECONDS = 5.0
"""No more neurons are followed after this, or after an interrupt."""

Reached = tuple[Floats, NDArray[np.int8]]


def with_reached(
    flow: FrozenFlow, known: ExtremalVectors, alignment: FrozenAlignment | None, random: bool
) -> ExtremalVectors:
    """A partial list with the vectors that the neurons of `alignment` reach added and, with `random`, random starts.

    Those of `alignment` come first. A vector that attracts a share s of all directions is missed by 256 of them with
    its sign with probability (1 - s)^256.
    """
    found = [] if alignment is None else [_unlisted(alignment)]
    found += _reached_from_anywhere(flow, known) if random else []
    drifts = np.concatenate([np.zeros((0, flow.problem.data.d)), *(drifts for drifts, _ in found)])
    signs = np.concatenate([np.zeros(0, dtype=np.int8), *(signs for _, signs in found)])
    return with_those_reached(known, flow.problem, drifts, signs) if len(drifts) else known


def _reached_from_anywhere(flow: FrozenFlow, known: ExtremalVectors, seed: int = 0) -> list[Reached]:
    """The vectors to which the frozen flow takes random starts, as far as they are not `known`."""
    rng, deadline, found = np.random.default_rng(seed), Deadline.after(SECONDS), []
    data = flow.problem.data
    for _ in range(max(1, int(min(STARTS, MOST_WORK / (data.n**2 * data.d)) // AT_ONCE))):
        w = rng.standard_normal((AT_ONCE, data.d))
        a = np.linalg.norm(w, axis=1) * np.where(np.arange(AT_ONCE) % 2 == 0, 1.0, -1.0)
        try:
            found.append(_unlisted(flow.alignment(Network(a, w), extremal=known, deadline=deadline)))
        except OutOfTime:
            break
    return found


def _unlisted(alignment: FrozenAlignment) -> Reached:
    """The drifts (q, d) and signs (q,) of neurons that align with a vector that is not in the alignment's list."""
    unlisted = (alignment.fate == Fate.EXTREMAL) & (alignment.extremal < 0)
    return alignment.drift[unlisted], alignment.sign[unlisted]
