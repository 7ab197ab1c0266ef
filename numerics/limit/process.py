"""The limit of small starts as a process: saddle after saddle, on the clock s = t / log(1/lambda).

At a saddle the network stays for a time of order log(1/lambda). The neurons that are still small align with extremal
vectors of the pulls there and grow at rates ||D||; the first whose size reaches order one leaves the saddle, and the
flow carries the network on to the next one in a time that does not grow with log(1/lambda). Extends theory.md 6.2 from
orthogonal data to any (restated: Boursier & Flammarion, JMLR 2025, and the saddle-to-saddle picture for small starts).
"""

from __future__ import annotations

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
from ..extremal.vectors import ExtremalVectors, extremal_vectors
from ..flow.engine.events import NotResolved
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
    occupied directions that grow there, by the clock of their escape, `escape` the first of them.
    """

    time: float
    loss: float
    outputs: Floats
    a: Floats
    w: Floats
    candidates: tuple[Candidate, ...]

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
            "occupied": [candidate.to_json() | {"time": candidate.time} for candidate in self.candidates],
        }


@dataclass(frozen=True)
class Limit:
    """Where small starts go as lambda -> 0: the `saddles` on the way, then the end.

    `a` (q,), `w` (q, d): the network there (neurons that go the same way are one), `outputs` (n,), `loss`, `norm` =
    ||theta||^2/2. `transit_time` is the time, not a clock, that all flows between saddles took. `reason` says why the
    process is not determined by the theory, None if it is; what was computed is then one of the possible continuations.
    """

    saddles: tuple[Saddle, ...]
    a: Floats
    w: Floats
    outputs: Floats
    loss: float
    norm: float
    interpolates: bool
    transit_time: float
    reason: str | None

    @property
    def determined(self) -> bool:
        """Whether the theory decides everything that was computed."""
        return self.reason is None

    def to_json(self, least: LeastNorm | None = None) -> dict[str, Any]:
        """The object `limit` of `predict --limit --json`; null for the least norm and its bounds without `least`."""
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
            "determined": self.determined,
            "reason": self.reason,
        }


def limit_process(
    problem: Problem | Dataset,
    start: Start | None = None,
    *,
    vectors: ExtremalVectors | None = None,
    seed: int = 0,
) -> Limit:
    """The limit as lambda -> 0 of the flow with the square loss from lambda times a start.

    Without a `start` every direction and both signs are occupied (see `SmallNeurons.dense`, which draws from `seed`);
    `vectors` may be given when the extremal vectors are known. Raises InputError for another loss, a start of
    another dimension, one that is not dominated, and labels that are all 0.
    """
    posed = Problem.of(problem)
    if posed.loss != "square":
        raise InputError(f"the loss is {posed.loss}; limits of small starts are predicted for the square loss only")
    data, exact_leak = posed.data, posed.leak
    doubts: list[str] = []
    small = _occupied(data, exact_leak, start, vectors, seed, doubts)
    grown, clock, units, residual = Grown.empty(data), 0.0, None, data
    saddles: list[Saddle] = []
    transit_time = 0.0
    first_loss = float(np.mean(data.y**2)) / 2
    while True:
        network = grown.network
        outputs = network.outputs(data.X, float(exact_leak))
        loss = float(np.mean((data.y - outputs) ** 2)) / 2
        interpolates = loss <= INTERPOLATES * first_loss
        if interpolates:
            break
        if len(network.a):
            residual = _residual(data, exact_leak, outputs, network, doubts)
        rest = at_rest(residual, exact_leak, small)
        doubts += rest.doubts
        waiting = rest.waiting
        wait = float(waiting.min(initial=np.inf))
        if not np.isfinite(wait):
            break
        if len(saddles) == MOST_SADDLES:
            doubts.append(f"the process was stopped after {MOST_SADDLES} saddles")
            break
        units = units or Units.of(data, float(rest.growths.max()))
        escaping = waiting <= wait * (1 + TIE)
        if escaping.sum() > 1:
            doubts.append(f"{int(escaping.sum())} kinds of neurons leave saddle {len(saddles) + 1} at the same time")
        saddles.append(Saddle(clock + wait, loss, outputs, network.a, network.w, _candidates(rest, clock)))
        clock, later = clock + wait, rest.after(wait)
        try:
            arrival = carry(data, exact_leak, units, grown, later.pick(escaping), later.pick(~escaping))
        except NotResolved as unresolved:
            doubts.append(f"the flow from saddle {len(saddles)} cannot be followed: {unresolved}")
            break
        doubts += arrival.doubts
        grown, small, transit_time = arrival.grown, arrival.neurons, transit_time + arrival.time
    reason = "; ".join(dict.fromkeys(doubts)) or None
    return Limit(tuple(saddles), network.a, network.w, outputs, loss, network.norm, interpolates, transit_time, reason)


def _occupied(
    data: Dataset,
    leak: Fraction,
    start: Start | None,
    vectors: ExtremalVectors | None,
    seed: int,
    doubts: list[str],
) -> SmallNeurons:
    """The small neurons at h = 0."""
    if not any(data.labels):
        raise InputError("all labels are 0: the network is at its limit from the start")
    if start is None:
        known = extremal_vectors(Problem(data, leak=leak)) if vectors is None else vectors
        if not known.understood:
            doubts.append("not all extremal vectors are known; those that few directions converge to may be missing")
        return SmallNeurons.dense(data, leak, known, seed)
    start.check_dimension(data.d)
    if not start.within_theory:
        raise InputError("the start is unbalanced; the limit is predicted for starts with |a| >= ||w||")
    return SmallNeurons.of_start(start)


def _residual(data: Dataset, leak: Fraction, outputs: Floats, network: Network, doubts: list[str]) -> Dataset:
    """The data with the pulls at a saddle as labels."""
    pulls, moved = stationary_pulls(data, leak, data.y - outputs, network.w)
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
