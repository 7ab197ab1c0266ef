"""Neurons that are still small, at a saddle: where they come to rest, and how fast they grow there (theory.md 3.9)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ...theory.alignment import saddles
from ...theory.formal.printing import to_numpy
from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.network import Network
from ..data.problem import Problem
from ..data.start import Start
from ..extremal.face import UNLIMITED, Deadline
from ..extremal.vectors import ExtremalVector, ExtremalVectors
from ..flow.engine.scaling import lengths
from ..frozen.alignment import Fate, FrozenAlignment, frozen_alignment
from ..frozen.faces import Reason
from ..rounding import AT_REST_ON_HYPERPLANE, SAME_VECTOR, balanced_allowance

DIRECTIONS = 2048
"""Of a dense start, for either sign of the output weight."""
ASIDE = 1e-3
"""How far beside an extremal vector a neuron starts that it attracts from one side only, in radians."""
BESIDE = 1e-6
"""The angle, in radians, at which neurons that align with a vector on a hyperplane are placed: at the vector itself
the side that they came from would be lost. It is below the accuracy to which escapes and ties are distinguished."""


@dataclass(frozen=True)
class SmallNeurons:
    """q small neurons of sizes lambda^depth.

    `directions` (q, d): w/||w||; `ratios` (q,): a/||w||; `depths` (q,): 1 at the start, 0 at an escape;
    `cornered` (q,): stopped on a hyperplane behind which nothing moves them, so that what they do later depends on what
    is left out; `unbalanced` (q,): a^2 - ||w||^2 is not 0, but of order lambda^2, which is nothing beside neurons that
    have grown.
    """

    directions: Floats
    ratios: Floats
    depths: Floats
    cornered: NDArray[np.bool_]
    unbalanced: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.depths)

    @classmethod
    def none(cls, d: int) -> SmallNeurons:
        """No neurons."""
        return cls.of(np.zeros(0), np.zeros((0, d)), 1.0)

    @classmethod
    def of(cls, a: Floats, w: Floats, depth: float) -> SmallNeurons:
        """Neurons a (q,), w (q, d) of any size, all with the same depth."""
        sizes = lengths(w)
        no = np.zeros(len(a), dtype=bool)
        return cls(w / sizes[:, None], a / sizes, np.full(len(a), depth), no, no)

    @classmethod
    def dense(cls, data: Dataset, leak: Fraction, vectors: ExtremalVectors, seed: int = 0) -> SmallNeurons:
        """A start in which every direction and either sign occurs.

        It is represented by `DIRECTIONS` balanced random ones from `seed` and, from the list of extremal `vectors` at
        h = 0, one neuron for each to which a whole open set of starts goes: no basin is missed.
        """
        drawn = np.random.default_rng(seed).standard_normal((2 * DIRECTIONS, data.d))
        listed = [v for v in vectors.vectors if v.stability in ("attracting", "one-sided")]
        w = np.concatenate([drawn, *(_near(v, data, float(leak))[None, :] for v in listed)])
        signs = np.concatenate([np.repeat([1.0, -1.0], DIRECTIONS), [float(v.sign) for v in listed]])
        return cls.of(signs * np.linalg.norm(w, axis=1), w, 1.0)

    @classmethod
    def of_start(cls, start: Start) -> SmallNeurons:
        """The neurons of a start."""
        small = cls.of(start.a, start.w, 1.0)
        allowed = balanced_allowance(start.w.shape[1])
        return replace(small, unbalanced=np.abs(small.ratios**2 - 1) > allowed)

    def pick(self, where: NDArray[np.bool_] | NDArray[np.intp]) -> SmallNeurons:
        """The neurons selected by a mask or by numbers."""
        return SmallNeurons(*(getattr(self, column.name)[where] for column in fields(self)))

    def joined(self, other: SmallNeurons) -> SmallNeurons:
        """These neurons and others."""
        pairs = ((getattr(self, column.name), getattr(other, column.name)) for column in fields(self))
        return SmallNeurons(*(np.concatenate(pair) for pair in pairs))


def _near(vector: ExtremalVector, data: Dataset, leak: float) -> Floats:
    """A weight (d,) that the extremal vector D attracts.

    That is sign(a) D itself or, where the contribution of a point whose hyperplane holds D is that of one side of it, a
    place a little on that side: the other side may be repelled.
    """
    pulls, along = data.y / data.n, vector.sign * np.asarray(vector.vector, dtype=float)
    on = np.array(vector.pattern) == 0
    slopes = np.where(vector.sign * np.array(vector.pattern) > 0, 1.0, leak)
    rest = vector.vector - (slopes * pulls)[~on] @ data.X[~on]
    slopes[on] = np.linalg.lstsq((pulls[:, None] * data.X)[on].T, rest, rcond=None)[0]
    above, below = on & (slopes > 1 - AT_REST_ON_HYPERPLANE), on & (slopes < leak + AT_REST_ON_HYPERPLANE)
    sides = above.astype(float) - below.astype(float)
    ended = above | below
    aside = np.linalg.lstsq(data.X[ended], sides[ended], rcond=None)[0] if ended.any() else np.zeros(data.d)
    size = np.linalg.norm(aside)
    return along + (ASIDE * vector.norm / size * aside if size else aside)


@dataclass(frozen=True)
class AtRest:
    """Small neurons at rest at a saddle, one of each kind: those of one drift and sign move together.

    `drifts` (q, d), `growths` (q,) = d log|a| / dt, both 0 for neurons that nothing moves. `doubts` says, in sentences,
    what is not decided by the theory.
    """

    neurons: SmallNeurons
    drifts: Floats
    growths: Floats
    doubts: tuple[str, ...]

    @property
    def waiting(self) -> Floats:
        """The clock (q,) after which each would escape, were it alone; infinite for those that do not grow."""
        wait = to_numpy(saddles.waiting, saddles.depth, saddles.growth)
        grows = self.growths > 0
        return np.where(grows, wait(self.neurons.depths, np.where(grows, self.growths, 1.0)), np.inf)

    def shrunk_to_start(self, clock: float) -> NDArray[np.bool_]:
        """Which unbalanced neurons (q,) are, after so long a time at the saddle, as small again as they started."""
        return self.neurons.unbalanced & (self.growths < 0) & (self.after(clock).depths >= 1)

    def after(self, clock: float) -> SmallNeurons:
        """The same neurons after so long a time at the saddle."""
        later = to_numpy(saddles.later_depth, saddles.depth, saddles.growth, saddles.clock)
        return replace(self.neurons, depths=later(self.neurons.depths, self.growths, clock))


def at_rest(residual: Dataset, leak: Fraction, small: SmallNeurons, deadline: Deadline = UNLIMITED) -> AtRest:
    """Follow the frozen flow of the pulls at a saddle, which are the labels of `residual`, to its end.

    Dead neurons, inactive on every input, are left out. So are those whose fate the theory does not
    decide (`doubts` says which). Raises OutOfTime after the `deadline`.
    """
    network = Network(small.ratios, small.directions)
    alignment = frozen_alignment(Problem(residual, leak=leak), network, deadline=deadline)
    fate, count = alignment.fate, len(small)
    stopped = alignment.reason == Reason.ZERO_DRIFT
    resting = np.where(stopped[:, None], alignment.last_direction(), alignment.limit_direction())
    drifts = np.where((fate == Fate.EXTREMAL)[:, None] | (fate == Fate.PINNED)[:, None], alignment.drift, 0.0)
    norms = np.linalg.norm(drifts, axis=1)
    aligned, pinned = (to_numpy(growth, saddles.rate) for growth in (saddles.aligned_growth, saddles.pinned_growth))
    growths = np.select([fate == Fate.EXTREMAL, fate == Fate.PINNED], [aligned(norms), pinned(norms)], 0.0)
    undecided = (fate == Fate.UNDETERMINED) & ~stopped
    sides = residual.X @ resting.T / np.linalg.norm(residual.X, axis=1)[:, None]
    silent = (sides <= AT_REST_ON_HYPERPLANE).all(axis=0) if leak == 0 else np.zeros(count, dtype=bool)
    moved = small.cornered & ((alignment.n_events > 0) | (growths != 0))
    found = SmallNeurons(
        directions=resting,
        ratios=np.where(growths > 0, alignment.sign, small.ratios),
        depths=small.depths,
        cornered=(growths == 0) & (small.cornered | stopped) & (np.abs(sides) <= AT_REST_ON_HYPERPLANE).any(axis=0),
        unbalanced=small.unbalanced,
    )
    doubts: list[str] = []
    if undecided.any():
        first = int(np.flatnonzero(undecided)[0])
        doubts.append(f"the fate of {int(undecided.sum())} of the small neurons is not decided: {alignment.why(first)}")
    if moved.any():
        doubts.append(
            "neurons that had come to rest on a hyperplane move again: the side to which they move depends on the "
            "approach to the saddle, which is not resolved"
        )
    kept = _one_of_each(found, drifts, growths, ~undecided & ~(silent & (growths == 0)))
    aligned_on = (fate == Fate.EXTREMAL) & (np.abs(sides) <= AT_REST_ON_HYPERPLANE).any(axis=0)
    _step_back(alignment, kept[aligned_on[kept]], found.directions, deadline)
    return AtRest(found.pick(kept), drifts[kept], growths[kept], tuple(doubts))


def _step_back(alignment: FrozenAlignment, neurons: NDArray[np.intp], directions: Floats, deadline: Deadline) -> None:
    """Put the `directions` (q, d) of these neurons where they last were `BESIDE` from their limit, if ever so far."""
    times = alignment.alignment_time(BESIDE)
    for j in map(int, neurons):
        deadline.check()
        directions[j] = alignment.path(j, [times[j]]).direction[0]


def _one_of_each(small: SmallNeurons, drifts: Floats, growths: Floats, where: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The neurons to keep: of those that grow with one drift and sign the least deep; all that do not grow."""
    kept: list[int] = []
    grows = growths > 0
    left = np.flatnonzero(where & grows)
    left = left[np.argsort(small.depths[left], kind="stable")]
    while len(left):
        first = left[0]
        kept.append(int(first))
        gaps = np.linalg.norm(drifts[left] - drifts[first], axis=1)
        other = np.sign(small.ratios[left]) != np.sign(small.ratios[first])
        left = left[other | (gaps > SAME_VECTOR * growths[first])]
    return np.array([*kept, *np.flatnonzero(where & ~grows)], dtype=np.intp)
