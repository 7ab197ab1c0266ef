"""What both engines are: a run that goes from step to step until the flow has ended (theory.md 2.5, 2.6).

How a step is taken, and what happens in it, is theirs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, Self, TypeVar

import numpy as np

from ...arrays import Floats, Integers
from ...data.losses import get_loss
from ...rounding import DRIFT
from .chatter import Chatter
from .events import Counters, Event, NotResolved, chattering, shrunk
from .problem import FlowProblem
from .scaling import lengths
from .sliding import jump_uncertainty

SMALLEST_STEP = 1e-14
FIRST_STEP = 0.01
AFTER_CUT = 0.1
"""The least share of a step that was cut with which the next one is tried: events close together need shorter steps."""
SHORTER, NEGLIGIBLE = 0.25, 1e-8
"""With this share of its length a step is tried again that contradicts itself: it is 4^8 times as accurate then,
but not when it is no more than NEGLIGIBLE of the time or of the fastest time scale: then rounding decides."""
WANDERING = 10.0
"""Times what it may be off by in one step: how long a drift may be that is not known to move a neuron. Errors of
several steps are in it, and those of a passage back and forth; up to 1.5 was seen where a network is at rest."""


class Followed(Protocol):
    """Where the neurons of a network are, as `Driver` needs it: `State` and `NeuronState`."""

    shrunk: int

    def __len__(self) -> int: ...

    @property
    def group(self) -> Integers:
        """The row (m,) of `drifts` that is that of each neuron."""

    def pulls(self) -> Floats:
        """The pulls p (n,) now."""

    def size(self) -> float:
        """S = sum_j a_j^2."""

    def drifts(self, pulls: Floats) -> Floats:
        """The drifts D (.., d) for the pulls (n,)."""

    def hold(self, neurons: Integers, gap: float) -> None:
        """Do not look for `neurons` at hyperplanes until they may have moved by `gap`."""


AnyState = TypeVar("AnyState", bound=Followed)


@dataclass
class Driver(ABC, Generic[AnyState]):
    """A run at `time`: the state, the step to try next, and what has happened so far.

    `noise` is the speed that rounding left of the drifts at the start, taken now if negative. These fields decide all
    that follows, bit by bit, with the counts of `chatter`; `checkpoint` writes them down. `rescaled_time` is s, ds = L
    dt; it stays 0 for the square loss.
    """

    problem: FlowProblem
    state: AnyState
    tolerance: float
    time: float = 0.0
    step: float = 0.0
    counters: Counters = field(default_factory=Counters)
    log: list[Event] | None = None
    noise: float = -1.0
    rescaled_time: float = 0.0
    _unsure: float = field(default=0.0, repr=False)
    _noise_now: float = field(default=0.0, repr=False)

    def __post_init__(self) -> None:
        self.chatter = Chatter(len(self.state), len(self.problem.normals))
        sizes, fastest = np.abs(self.problem.along), self._drift_bound(self.state.pulls())
        if self.noise < 0.0:
            self.noise = DRIFT * fastest
        if self.step <= 0.0:
            self.step = FIRST_STEP / fastest if fastest else 1.0
        # How much of its own size a crossing neuron's kink in h changes the drifts, but for the curvature of the loss:
        # (1-g) sum ||x|| max||x|| / n.
        weight = np.bincount(self.problem.owner, sizes, len(self.problem.normals)) * sizes.max() / len(sizes)
        self._kink = np.append((1 - self.problem.leak) * weight, 0.0)

    def advance(self, until: float, watch: Callable[[Self], None] | None = None) -> None:
        """Go on to the time `until`; `watch` is called after every step or series of steps. Raises NotResolved."""
        stuck = 0
        while self.time < until:
            if self._fitted():
                self.time = until
                break
            before = self.time
            self._go_on(until)
            if self.state.shrunk >= 0:
                raise shrunk(self.time, self.state.shrunk)
            stuck = stuck + 1 if self.time <= before * (1 + 1e-15) else 0
            if stuck > 40 + 4 * len(self.state):
                raise NotResolved(f"at t = {self.time:.6g} events follow each other without any time between them")
            if watch is not None:
                watch(self)

    @property
    def fades(self) -> bool:
        """Whether the pulls, and with them their rounding, may become small beside those of the start."""
        return get_loss(self.problem.loss).flattens

    @abstractmethod
    def _go_on(self, until: float) -> None:
        """Take a step, or a series of them, towards `until`."""

    def _fitted(self) -> bool:
        """Whether all drifts are below what the tolerance leaves uncertain of them: the flow has ended where it is.

        Going on would follow the errors of the steps: neurons on hyperplanes would be thrown from side to side.
        """
        pulls = self.state.pulls()
        self._unsure = jump_uncertainty(self.problem, pulls, self.state.size(), self.tolerance)
        bound = self._drift_bound(pulls)
        self._noise_now = min(self.noise, DRIFT * bound) if self.fades else self.noise
        return bound <= self._unsure

    def _drift_bound(self, pulls: Floats) -> float:
        """(1/n) sum |p_k| ||x_k||: no drift is longer."""
        return float(np.abs(pulls * self.problem.along).sum()) / len(pulls)

    def _shortest(self) -> float:
        """The length from which on a step that contradicts itself is taken as it is."""
        return max(NEGLIGIBLE * self.time, NEGLIGIBLE / max(self._drift_bound(self.state.pulls()), self._noise_now))

    def _cut_for_kinks(
        self, share: Floats, size: Floats, speed: Floats, hyperplane: Integers, pulls: Floats, length: float, end: float
    ) -> float:
        """Where to cut a step so that the kinks of the events before it change the drifts by less than allowed.

        A neuron with output weight a, of this `size`, that crosses hyperplane i at the speed v = |a <D, normal>| adds a
        kink of a v to the outputs: after a time t the drifts differ by `_kink` l'' a v t from what the interpolant has
        them, and maps or neurons by the integral of that, `_kink` l'' a v t^2 / 2. Events are in the order of `share`;
        l'' is bounded at the `pulls` (9, n) of the step. At late times v and l'' are as small as 1/t: each is
        multiplied by t first, as t^2 may overflow.
        """
        left, curvature = (end - share) * length, self.problem.curvature(pulls)
        change = np.cumsum(size**2 * (speed * left) * self._kink[hyperplane] * (curvature * left))
        over = np.flatnonzero(change / 2 > self.tolerance)
        return float(share[over[0]]) if len(over) else end

    def _hold_or_stop(self, neurons: Integers) -> None:
        """Hold `neurons` that come back to their hyperplanes in step after step; NotResolved if they move.

        A drift that is hardly longer than what it may be off by has no known direction: the network is at rest, and
        which side of a hyperplane they are on is not known either. They are left on the one they have been found on
        until they may have moved by the tolerance, to which all places are known.
        """
        drifts = self.state.drifts(self.state.pulls())[self.state.group[neurons]]
        moving = neurons[lengths(drifts) > WANDERING * self._unsure]
        if len(moving):
            raise chattering(self.time, int(moving[0]))
        self.state.hold(neurons, self.tolerance)
