"""Where the neurons of a network stand, whichever engine carries them (theory.md 2.1, 2.5)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats, Integers, Pattern
from ...geometry.patterns import starting_signs
from ...rounding import balanced_allowance
from .problem import FlowProblem
from .scaling import exponents


def balanced(w: Floats, a: Floats, sign: Pattern, imbalance: Floats) -> tuple[Floats, Floats]:
    """Neurons w (k, d), a (k,) of size one put on a^2 - ||w||^2 = imbalance |imbalance| (k,): by a, of that `sign`.

    Where a is small beside ||w|| it is known better than the square root of ||w||^2 + a^2 - ||w||^2, and the length of
    w is put right instead, which leaves it on all hyperplanes it lies on.
    """
    square, excess = np.einsum("jd,jd->j", w, w), imbalance * np.abs(imbalance)
    small = (excess < 0.0) & (a * a < 0.5 * square)
    kept = sign * np.sqrt(np.maximum(square + excess, 0.0))
    if not small.any():
        return w, kept
    longer = np.ones(len(w))
    longer[small] = np.sqrt((a[small] ** 2 - excess[small]) / square[small])
    return longer[:, None] * w, np.where(small, a, kept)


@dataclass(frozen=True)
class Standing:
    """Neurons (w, a), rows of `places` (m, d+1), the `sign` (m,) of a, and their `pattern` (m, h), 0 on a hyperplane.

    `imbalance` (m,): the square root of |a^2 - ||w||^2| with its sign, conserved; 0 for neurons that are balanced up to
    rounding. `resting` (m,): reached w = 0.
    """

    places: Floats
    sign: Pattern
    imbalance: Floats
    pattern: Pattern
    resting: NDArray[np.bool_]

    @classmethod
    def at_start(cls, problem: FlowProblem, a: Floats, w: Floats) -> Standing:
        """Neurons a (m,), w (m, d) at the start of a flow, where floats tell on which side of a hyperplane they are."""
        places = np.concatenate([w, a[:, None]], axis=1)
        power = exponents(places)
        scaled, output = np.ldexp(w, -power[:, None]), np.ldexp(a, -power)
        square = np.einsum("jd,jd->j", scaled, scaled)
        excess = output * output - square
        excess = np.where(np.abs(excess) <= balanced_allowance(w.shape[1]) * square, 0.0, excess)
        return cls(
            places,
            np.where(a > 0, 1, -1).astype(np.int8),
            np.ldexp(np.sign(excess) * np.sqrt(np.abs(excess)), power),
            starting_signs(w, problem.normals),
            np.zeros(len(a), dtype=bool),
        )


class EngineState(ABC):
    """Where the neurons of a network are, as an engine carries them.

    `degenerate`: the numbers of the neurons that start on a hyperplane.
    """

    degenerate: Integers

    def __init__(self, problem: FlowProblem, a: Floats, w: Floats) -> None:
        start = Standing.at_start(problem, a, w)
        above = np.where(start.pattern == 0, 1, start.pattern).astype(np.int8)
        self._take_up(problem, replace(start, pattern=above))
        self.degenerate = np.flatnonzero((start.pattern == 0).any(axis=1))
        if len(self.degenerate):
            self._settle_start(start.pattern)

    @classmethod
    def continued(cls, problem: FlowProblem, standing: Standing, degenerate: Integers) -> Self:
        """The state of neurons in the middle of a flow."""
        state = cls.__new__(cls)
        state._take_up(problem, standing)
        state.degenerate = degenerate.copy()
        return state

    @abstractmethod
    def _take_up(self, problem: FlowProblem, standing: Standing) -> None:
        """Begin to carry neurons that stand there."""

    @abstractmethod
    def _settle_start(self, patterns: Pattern) -> None:
        """Neurons that start on hyperplanes stay on the attracting ones, as the least-norm drift has it.

        Repelling ones may be left for either side: the side x_k is on is the convention, and `degenerate` names these
        neurons. `patterns` (m, h) are those of the start, 0 on a hyperplane.
        """
