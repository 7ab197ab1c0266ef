"""Extremal vectors that neurons reach, for a list that the search could not complete (theory.md 3.8, 3.9)."""

from __future__ import annotations

import numpy as np

from ..data.network import Network
from ..data.problem import Problem
from ..extremal.face import Deadline
from ..extremal.vectors import ExtremalVectors, with_those_reached
from ..frozen.alignment import Fate, FrozenAlignment, frozen_alignment

STARTS, AT_ONCE = 512, 64
"""Balanced neurons in random directions, half of them with a > 0, that are followed, and how many at a time."""
SECONDS = 5.0
"""No more neurons are started after this, or after an interrupt."""


def with_vectors_of_starts(problem: Problem, known: ExtremalVectors, seed: int = 0) -> ExtremalVectors:
    """A list that is not complete with the vectors added to which the frozen flow takes random starts.

    A vector that attracts a share s of all directions is missed with probability (1 - s)^256.
    """
    rng, deadline = np.random.default_rng(seed), Deadline.after(SECONDS)
    for _ in range(STARTS // AT_ONCE):
        w = rng.standard_normal((AT_ONCE, problem.data.d))
        a = np.linalg.norm(w, axis=1) * np.where(np.arange(AT_ONCE) % 2 == 0, 1.0, -1.0)
        known, _ = aligned_with_listed(problem, known, frozen_alignment(problem, Network(a, w), extremal=known))
        if deadline.left == 0.0:
            break
    return known


def aligned_with_listed(
    problem: Problem, extremal: ExtremalVectors, alignment: FrozenAlignment
) -> tuple[ExtremalVectors, FrozenAlignment]:
    """A partial list with the vectors that neurons have aligned with added, and the alignment that refers to it."""
    unlisted = (alignment.fate == Fate.EXTREMAL) & (alignment.extremal < 0)
    if not unlisted.any():
        return extremal, alignment
    listed = with_those_reached(extremal, problem, alignment.drift[unlisted], alignment.sign[unlisted])
    return listed, alignment.matched_with(listed)
