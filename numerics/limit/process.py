"""The limit of small starts as a process: saddle after saddle, on the clock s = t / log(1/lambda).

At a saddle the network stays for a time of order log(1/lambda). The neurons that are still small align with extremal
vectors of the pulls there and grow at rates ||D||; the first whose size reaches order one leaves the saddle, and the
flow carries the network on to the next one in a time that does not grow with log(1/lambda). Extends theory.md 6.2 from
orthogonal data to any (restated: Boursier & Flammarion, JMLR 2025, and the saddle-to-saddle picture for small starts).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.network import Network
from ..data.problem import Problem
from ..data.start import Start
from ..errors import InputError
from ..extremal.face import Deadline, OutOfTime
from ..extremal.vectors import ExtremalVectors, extremal_vectors
from ..flow.engine.events import NotResolved
from .scales import Distance, distance_from_limit, slowest_approach
from .small_neurons import AtRest, SmallNeurons, at_rest
from .stationary import stationary_pulls
from .transit import Grown, Units, carry

if TYPE_CHECKING:
    from ..interpolation.least import LeastNorm


TIE = 1e-6
"""Two escapes within this share of each other's waiting time are a tie: which comes first is below our accuracy."""
INTERPOLATES = 1e-12
"""The loss, as a share of that at h = 0, at which the data count as fitted: `stationary.FITTED` squared."""
MOST_SADDLES = 200


@dataclass(frozen=True)
class Candidate:
    """Small neurons of one kind at a saddle: their extremal vector of the pulls there, and when they would escape.

    `vector` (d,) with its `norm`, `sign` of the output weights, `time` the absolute clock of their escape.
    """

    vector: Floats
    norm: float
    sign: int
    time: float

    def to_json(self) -> dict[str, Any]:
        """The `escape` of a saddle."""
        return {"vector": self.vector.tolist(), "norm": self.norm, "sign": self.sign}


@dataclass(frozen=True)
class Saddle:
    """A saddle that the limit stays at until the clock `time`, and which neurons then leave it.

    `outputs` (n,) and `loss` there; `a` (q,), `w` (q, d) the neurons that have escaped before; `candidates`: the
    occupied directions that grow there, by the clock of their escape, `escape` the first of them. `approach` is the
    slowest rate at which the network comes to rest there, infinite at h = 0.
    """

    time: float
    loss: float
    outputs: Floats
    a: Floats
    w: Floats
    candidates: tuple[Candidate, ...]
    approach: float

    @property
    def escape(self) -> Candidate:
        """What leaves the saddle."""
        return self.candidates[0]

    def to_json(self) -> dict[str, Any]:
        """An entry of `saddles`."""
        return {
            "time": self.time,
            "loss": self.loss,
            "escape": self.escape.to_json(),
            "outputs": self.outputs.tolist(),
            "approach": self.approach if np.isfinite(self.approach) else None,
            "occupied": [candidate.to_json() | {"time": candidate.time} for candidate in self.candidates],
        }


@dataclass(frozen=True)
class Limit:
    """Where small starts go as lambda -> 0: the `saddles` on the way, then the end.

    `a` (q,), `w` (q, d): the network there (neurons that go the same way are one), `outputs` (n,), `loss`, `norm` =
    ||theta||^2/2. `transit_time` is the time, not a clock, that all flows between saddles took. `complete` is false
    where the process was stopped before its end: the network is then the one at the last saddle that was reached.
    `reason` says why the process is not determined by the theory or not complete, None if it is both; what was computed
    is then one of the possible continuations.
    """

    saddles: tuple[Saddle, ...]
    a: Floats
    w: Floats
    outputs: Floats
    loss: float
    norm: float
    interpolates: bool
    transit_time: float
    complete: bool
    reason: str | None

    @property
    def determined(self) -> bool:
        """Whether the theory decides where small starts go, and the process was followed to its end."""
        return self.reason is None

    @property
    def distance(self) -> Distance | None:
        """The order of the distance of runs at finite scales from the limit; None without saddles."""
        return distance_from_limit(self.saddles)

    def to_json(self, least: LeastNorm | None = None, scale: float | None = None) -> dict[str, Any]:
        """The object `limit` of `predict --limit --json`, for a start of this scale.

        Null for the least norm and its bounds without `least`.
        """
        final = {
            "loss": self.loss,
            "outputs": self.outputs.tolist(),
            "norm": self.norm,
            "least_norm": None if least is None else least.norm,
            "least_norm_bounds": None if least is None else [least.lower, least.upper],
            "interpolates": self.interpolates,
            "neurons": [{"a": float(a), "w": w.tolist()} for a, w in zip(self.a, self.w, strict=True)],
        }
        return {
            "saddles": [saddle.to_json() for saddle in self.saddles],
            "final": final,
            "distance": None if self.distance is None else self.distance.to_json(scale),
            "complete": self.complete,
            "determined": self.determined,
            "reason": self.reason,
        }


Progress = Callable[[int, float], None]
"""Called with the number of saddles that were left, and the loss now."""


def limit_process(
    problem: Problem | Dataset,
    start: Start | None = None,
    *,
    vectors: ExtremalVectors | None = None,
    seed: int = 0,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Limit:
    """The limit as lambda -> 0 of the flow with the square loss from lambda times a start.

    Without a `start` every direction and both signs are occupied (see `SmallNeurons.dense`, which draws from `seed`);
    `vectors` may be given when the extremal vectors are known. After so many `seconds`, or where an interrupt ends
    searches (`extremal.face.ended_by_interrupt`), the saddles found so far are returned. Raises InputError for another
    loss, a start of another dimension, and labels that are all 0.
    """
    posed = Problem.of(problem)
    if posed.loss != "square":
        raise InputError(f"the loss is {posed.loss}; limits of small starts are predicted for the square loss only")
    if not any(posed.data.labels):
        raise InputError("all labels are 0: the network is at its limit from the start")
    process = _Process(posed.data, posed.leak, Deadline.after(seconds), progress)
    began = time.monotonic()
    try:
        process.occupy(start, vectors, seed)
        while process.leave_saddle():
            pass
    except OutOfTime:
        process.complete = False
        process.doubts.append(
            f"it was stopped after {time.monotonic() - began:.3g} s, before its end; a longer time limit goes on"
        )
    except NotResolved as unresolved:
        process.complete = False
        process.doubts.append(f"the flow from saddle {len(process.saddles)} cannot be followed: {unresolved}")
    return process.result()


class _Process:
    """Where the process has come to: the network and the small neurons at a saddle, the clock, and what came before."""

    def __init__(self, data: Dataset, leak: Fraction, deadline: Deadline, progress: Progress | None) -> None:
        self.data, self.leak, self.deadline, self.progress = data, leak, deadline, progress
        self.grown, self.small = Grown.empty(data), SmallNeurons.none(data.d)
        self.clock = self.transit_time = 0.0
        self.units: Units | None = None
        self.saddles: list[Saddle] = []
        self.doubts: list[str] = []
        self.complete = True
        self.first_loss = self.loss

    @property
    def outputs(self) -> Floats:
        """The outputs (n,) at the saddle."""
        return self.grown.network.outputs(self.data.X, float(self.leak))

    @property
    def loss(self) -> float:
        """The loss at the saddle."""
        return float(np.mean((self.data.y - self.outputs) ** 2)) / 2

    @property
    def interpolates(self) -> bool:
        """Whether the data count as fitted."""
        return self.loss <= INTERPOLATES * self.first_loss

    def occupy(self, start: Start | None, vectors: ExtremalVectors | None, seed: int) -> None:
        """Put the small neurons of the start in place."""
        self.small = _occupied(self.data, self.leak, start, vectors, seed, self.doubts, self.deadline)

    def leave_saddle(self) -> bool:
        """Go on to the next saddle, or return false where nothing leaves this one. Raises OutOfTime, NotResolved."""
        network, outputs = self.grown.network, self.outputs
        self._tell(self.loss)
        if self.interpolates:
            return False
        residual = self.data
        if len(network.a):
            residual = _residual(self.data, self.leak, outputs, network, self.doubts, self.deadline)
        rest = at_rest(residual, self.leak, self.small, self.deadline)
        self.doubts += rest.doubts
        waiting = rest.waiting
        wait = float(waiting.min(initial=np.inf))
        if not np.isfinite(wait):
            return False
        if len(self.saddles) == MOST_SADDLES:
            self.doubts.append(f"the process was stopped after {MOST_SADDLES} saddles")
            self.complete = False
            return False
        self.units = self.units or Units.of(self.data, float(rest.growths.max()))
        escaping = waiting <= wait * (1 + TIE)
        if escaping.sum() > 1:
            number = len(self.saddles) + 1
            self.doubts.append(f"{int(escaping.sum())} kinds of neurons leave saddle {number} at the same time")
        if rest.shrunk_to_start(wait).any():
            self.doubts.append("neurons shrink to the size they started with, where a^2 - ||w||^2 decides their sign")
        candidates = _candidates(rest, self.clock)
        approach = slowest_approach(self.data, self.leak, network)
        self.saddles.append(Saddle(self.clock + wait, self.loss, outputs, network.a, network.w, candidates, approach))
        self.clock, later = self.clock + wait, rest.after(wait)
        arrival = carry(
            self.data, self.leak, self.units, self.grown, later.pick(escaping), later.pick(~escaping), self._watch
        )
        self.doubts += arrival.doubts
        self.grown, self.small = arrival.grown, arrival.neurons
        self.transit_time += arrival.time
        return True

    def _tell(self, loss: float) -> None:
        if self.progress is not None:
            self.progress(len(self.saddles), loss)

    def _watch(self, loss: float) -> None:
        """Keep the time limit while the network is on its way between saddles."""
        self._tell(loss)
        self.deadline.check()

    def result(self) -> Limit:
        """The limit so far."""
        network = self.grown.network
        reason = "; ".join(dict.fromkeys(self.doubts)) or None
        return Limit(
            tuple(self.saddles), network.a, network.w, self.outputs, self.loss, network.norm, self.interpolates,
            self.transit_time, self.complete, reason,
        )  # fmt: skip


def _occupied(
    data: Dataset,
    leak: Fraction,
    start: Start | None,
    vectors: ExtremalVectors | None,
    seed: int,
    doubts: list[str],
    deadline: Deadline,
) -> SmallNeurons:
    """The small neurons at h = 0."""
    if start is None:
        left = deadline.left if np.isfinite(deadline.end) else None
        known = extremal_vectors(Problem(data, leak=leak), seconds=left) if vectors is None else vectors
        if not known.understood:
            doubts.append("not all extremal vectors are known; those that few directions converge to may be missing")
        return SmallNeurons.dense(data, leak, known, seed)
    start.check_dimension(data.d)
    return SmallNeurons.of_start(start)


def _residual(
    data: Dataset, leak: Fraction, outputs: Floats, network: Network, doubts: list[str], deadline: Deadline
) -> Dataset:
    """The data with the pulls at a saddle as labels."""
    pulls, moved = stationary_pulls(data, leak, data.y - outputs, network.w, deadline)
    if moved > 1e-5 * float(np.abs(data.y).max()):
        doubts.append(
            f"the network does not come to rest at a saddle: its pulls differ by {moved:.2g} from stationary ones"
        )
    return Dataset(data.inputs, pulls, False, data.name)


def _candidates(rest: AtRest, clock: float) -> tuple[Candidate, ...]:
    """The neurons that grow, by the clock of their escape."""
    waiting = rest.waiting
    order = [int(j) for j in np.argsort(waiting, kind="stable") if np.isfinite(waiting[j])]
    return tuple(
        Candidate(
            rest.drifts[j], float(rest.growths[j]), int(np.sign(rest.neurons.ratios[j])),
            clock + float(waiting[j]),
        )
        for j in order
    )  # fmt: skip
