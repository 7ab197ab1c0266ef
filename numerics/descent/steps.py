"""The steps of gradient descent: theta <- theta - H grad L, Euler's steps of the flow (theory.md 1), or in batches.

At a preactivation of 0 the activation has the slope of its negative side: the derivative of ReLU at 0 is 0, as in
common libraries. Nothing is cut at a kink. A neuron that slides in the flow jumps from one side of its hyperplane to
the other and back instead, at a distance of the order of H.
"""

from __future__ import annotations

import time as clock
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..flow.engine.events import CROSS, Event
from ..flow.engine.problem import FlowProblem

EVENTS_KEPT = 100_000
"""Most changes of sides that are listed one by one; all are counted. Neurons that would slide change in every step."""
PAUSE = 0.05
"""Seconds between two calls of the observer at most, up to one step."""


LARGEST = 1e60
"""Of outputs, pulls and weights: what lies beyond has diverged. Products of four of them are still doubles."""


class Diverged(RuntimeError):
    """The next step leads beyond `LARGEST`; the message says when, and what to do."""


@dataclass(frozen=True)
class Batches:
    """Batches of `size` points, drawn without replacement: every epoch goes through all points in a new order.

    The last batch of an epoch holds what is left. The order of an epoch depends on `seed` and its number alone.
    """

    size: int
    seed: int

    def points(self, number: int, n: int) -> NDArray[np.int64]:
        """The points of the step after step `number`, of n."""
        epoch, place = divmod(number, -(-n // self.size))
        order = np.random.default_rng([self.seed, epoch]).permutation(n)
        return order[place * self.size : (place + 1) * self.size]


@dataclass
class Descent:
    """A network of m neurons in descent: step `number` of `last` is done, the steps have the length `step`.

    `neurons` (m, d+1) are rows (w, a). `positive` (m, n): the preactivations above 0; `outputs` and `pulls` (n,) are
    those of the network now. `events` counts changes of a neuron's side of a hyperplane from one step to the next,
    points on one line through the origin counted once; `log` lists the first of them, if they are listed. With
    `batches` a step goes along the gradient of the mean loss on a batch.
    """

    problem: FlowProblem
    neurons: Floats
    step: float
    until: float
    last: int
    number: int = 0
    events: int = 0
    log: list[Event] | None = None
    batches: Batches | None = None

    def __post_init__(self) -> None:
        self._one_each = np.unique(self.problem.owner, return_index=True)[1]  # a point of each hyperplane
        with np.errstate(over="ignore", invalid="ignore"):
            self.positive, self.outputs, self.pulls = self._evaluated(self.neurons)
        if not _within(self.neurons, self.outputs, self.pulls):
            raise Diverged(f"a weight, an output or a pull of the start exceeds {LARGEST:g}")

    @property
    def time(self) -> float:
        """The time number * step; exactly `until` at the last step."""
        return self.time_of(self.number)

    def time_of(self, number: int) -> float:
        """The time of a step."""
        return self.until if number == self.last else number * self.step

    @property
    def tangent(self) -> tuple[Floats, Floats]:
        """The drifts D (m, d), and -grad L (m, d+1) as rows (a D, <w, D>)."""
        return self._tangent(slice(None))

    def _tangent(self, points: slice | NDArray[np.int64]) -> tuple[Floats, Floats]:
        """The same for the mean loss on some of the points."""
        pulls, positive = self.pulls[points], self.positive[:, points]
        share = pulls / len(pulls)
        w, a = self.neurons[:, :-1], self.neurons[:, -1]
        drifts = np.where(positive, share, self.problem.leak * share) @ self.problem.X[points]
        downhill = np.empty_like(self.neurons)
        np.multiply(a[:, None], drifts, out=downhill[:, :-1])
        np.einsum("jd,jd->j", w, drifts, out=downhill[:, -1])
        return drifts, downhill

    def advance(self, number: int, look: Callable[[], None]) -> None:
        """Take steps up to the one of this number; `look` is called now and then. Raises Diverged."""
        due = clock.monotonic() + PAUSE
        with np.errstate(over="ignore", invalid="ignore"):
            while self.number < number:
                self._take_step()
                if clock.monotonic() >= due:
                    look()
                    due = clock.monotonic() + PAUSE

    def _take_step(self) -> None:
        points = slice(None) if self.batches is None else self.batches.points(self.number, len(self.pulls))
        moved = self.neurons + self.step * self._tangent(points)[1]
        positive, outputs, pulls = self._evaluated(moved)
        if not _within(moved, outputs, pulls):
            raise Diverged(
                f"descent diverges: after step {self.number + 1} a weight, an output or a pull exceeds {LARGEST:g}; "
                f"take a smaller step than {self.step:g}"
            )
        changed = (positive != self.positive)[:, self._one_each]
        self.neurons, self.positive, self.outputs, self.pulls = moved, positive, outputs, pulls
        self.number += 1
        if changed.any():
            self._note(changed)

    def _note(self, changed: NDArray[np.bool_]) -> None:
        """Count the neurons and hyperplanes (m, h) where a side has changed, and list them."""
        self.events += int(np.count_nonzero(changed))
        if self.log is not None and len(self.log) < EVENTS_KEPT:
            rows = np.argwhere(changed)[: EVENTS_KEPT - len(self.log)].tolist()
            self.log.extend(Event(self.time, neuron, hyperplane, CROSS) for neuron, hyperplane in rows)

    def _evaluated(self, neurons: Floats) -> tuple[NDArray[np.bool_], Floats, Floats]:
        """Which preactivations are above 0, the outputs and the pulls."""
        problem = self.problem
        heights = neurons[:, :-1] @ problem.X.T
        positive = heights > 0.0
        outputs = neurons[:, -1] @ np.where(positive, heights, problem.leak * heights)
        return positive, outputs, problem.pulls(outputs)


def _within(*arrays: Floats) -> bool:
    """Whether all entries are numbers up to `LARGEST`."""
    return all(array.min() >= -LARGEST and array.max() <= LARGEST for array in arrays)
