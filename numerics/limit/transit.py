"""From one saddle to the next: the flow engine carries the network along an escape (theory.md 2.5, 2.6).

The escaping neurons start at a size delta, far below that of the network, so that they leave along the direction they
escape in up to delta^2. All other small neurons are followed at a negligible size, so that they turn as the drifts
turn. They grow by e^{rt} with r <= sqrt(2 L R2) (Cauchy-Schwarz for (1/n) sum |p_k| ||x_k||), and L never
increases: the flow is followed in intervals in which that is at most e^100, and they are made small again in between.

The flow is not restarted in between, and at a saddle the network keeps its sides of the hyperplanes. A neuron may lie
on a hyperplane to within rounding and belong to one side: when that hyperplane comes to repel it later, it stays on
that side, and a start from the same place would put it on the other (theory.md 2.6).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats, Pattern
from ..data.dataset import Dataset
from ..data.network import Network
from ..data.problem import Problem
from ..flow.compilation import announce_compilation
from ..flow.engine.events import NotResolved
from ..flow.engine.problem import FlowProblem
from ..flow.engine.scaling import lengths
from ..flow.engines import AnyEngine, EngineName, start_engine
from ..flow.recording import Recording
from ..flow.run import FlowRun
from ..flow.simulation import check_start
from ..predict.early_phase import mean_square_input
from .small_neurons import SmallNeurons
from .span import Span

if TYPE_CHECKING:
    from ..flow.engine.state import State
    from ..flow.neurons.state import NeuronState

TOLERANCE = 1e-12
"""Of every step of the engine: below AT_REST by what many hundred steps may add up to, and as much again."""
LAUNCH = 1e-6
"""The size delta of an escaping neuron, in the unit of size: its square is rounding beside what it reaches."""
TRACER = 1e-80
"""The size of the others, in that unit: it may grow by e^100 and its square is still nothing beside 1."""
LONGEST_GROWTH = 100.0
AT_REST = 1e-8
"""The flow has arrived when ||theta'|| is this small, in the units of the data; what is left of the pulls is then as
small, which is what `stationary` counts on."""
GIVE_UP = 1e6
"""In the unit of time: a flow that has not come to rest by then is said not to."""
MOST_STEPS = 20_000
"""Of the engine in one interval; at most 6,400 have been seen: a flow that needs more is too stiff to be followed."""
MOST_EMPTY, FEW_GROUPS = 2, 64
"""Groups that neurons have left are kept until there are so many for each neuron, and so many more. In many dimensions
a neuron hardly ever comes back to one, and each costs time in every step."""
FEW_ENTRIES = 1000
"""Points times coordinates up to which patterns are followed, whatever they are: at this TOLERANCE a step of single
neurons is shorter, and costs more than one of maps where these are small (8 points in R^9 take a third of the time)."""
VANISHED = 1e-5
"""In the unit of size: a smaller neuron at a saddle, on its way to 0 when the flow came to rest, is small again."""
BALANCED = 1e-9
"""Of ||w||: within this, |a| = ||w||, as for all neurons that have grown. The weights come from a run of up to some
hundred steps at TOLERANCE; rounding alone (`rounding.balanced_allowance`) would be far less."""


@dataclass(frozen=True)
class Units:
    """What sizes and times of a data set are measured in: `size` = sqrt(||D||/R2) and `time` = 1/||D||."""

    size: float
    time: float

    @classmethod
    def of(cls, data: Dataset, rate: float) -> Units:
        """From the fastest growth ||D|| at h = 0."""
        return cls(float(np.sqrt(rate / mean_square_input(data))), 1.0 / rate)


@dataclass(frozen=True)
class Grown:
    """The neurons of order one: the `network`, and on which side of the hyperplanes they are.

    `sides` (q, h), for the hyperplanes of the flow in their order: 0 where a neuron slides. Where a neuron lies on a
    hyperplane to within rounding, its weights do not tell.
    """

    network: Network
    sides: Pattern

    @classmethod
    def empty(cls, data: Dataset) -> Grown:
        """No neurons."""
        return cls(Network.empty(data.d), np.zeros((0, 0), dtype=np.int8))


@dataclass(frozen=True)
class Arrival:
    """The saddle that was reached: the network there, the small neurons as they arrive, and the flow's time.

    `doubts` says, in sentences, why this may not be where the limit goes.
    """

    grown: Grown
    neurons: SmallNeurons
    time: float
    doubts: tuple[str, ...]


def carry(
    data: Dataset,
    leak: Fraction,
    units: Units,
    grown: Grown,
    escaping: SmallNeurons,
    small: SmallNeurons,
    watch: Callable[[float], None] | None = None,
) -> Arrival:
    """Follow the flow from a saddle along the escape of some neurons until it comes to rest. Raises NotResolved.

    `watch` is called with the loss after every few steps; what it raises is passed on.
    """
    network = grown.network
    active = len(network.a) + len(escaping)
    launched, traced = LAUNCH * units.size, TRACER * units.size
    a = np.concatenate([network.a, launched * np.sign(escaping.ratios), traced * small.ratios])
    w = np.concatenate([network.w, launched * escaping.directions, traced * small.directions])
    speed = AT_REST * units.size / units.time
    longest = GIVE_UP * units.time
    span = Span.of(data.X)
    engine = _engine(data, leak, Network(a, w), span)
    state, tracers = engine.state, np.arange(active, len(a))
    if len(network.a):
        state.put_on_sides(grown.sides)

    def at_rest(run: FlowRun) -> str | None:
        return "at rest" if run.engine.state.speed() <= speed else None

    def watched(run: FlowRun) -> None:
        if state.carried > MOST_EMPTY * len(a) + FEW_GROUPS:
            state.forget_empty_groups()
        if watch is not None:
            watch(float(np.mean((data.y - run.engine.state.outputs()) ** 2)) / 2)

    arrived = False
    while not arrived and engine.time < longest:
        fastest = float(np.sqrt(np.mean((data.y - state.outputs()) ** 2) * mean_square_input(data)))
        run = FlowRun(engine, engine.time + LONGEST_GROWTH / fastest, Recording(), target=engine.time)
        reason = run.follow(watched, at_rest, partial(_check_steps, engine.counters.steps))
        if not run.resolved:
            raise NotResolved(reason)
        arrived = not run.finished  # it ended early: at rest
        _make_small(state, tracers, traced, engine.time)
    doubts = () if arrived else (f"the flow from the saddle has not come to rest after t = {engine.time:.3g}",)
    now = state.neurons()
    there = Network(now[:, -1].copy(), span.back(now[:, :-1].copy(), w))
    kept, small_then = _sorted(there, state.patterns(), active, units, small)
    return Arrival(kept, small_then, engine.time, doubts)


def _engine(data: Dataset, leak: Fraction, network: Network, span: Span) -> AnyEngine:
    """The flow engine at the start of a passage, in the coordinates of the span of the inputs."""
    announce_compilation()
    check_start(data, network)
    problem = span.problem(FlowProblem.of(Problem(data, leak=leak)))
    name: EngineName | None = "patterns" if problem.X.size <= FEW_ENTRIES else None
    return start_engine(problem, network.a, span.inside(network.w), TOLERANCE, name)


def _check_steps(before: int, engine: AnyEngine) -> None:
    """Raise NotResolved when an engine has taken too many steps since it had taken `before`."""
    taken = engine.counters.steps - before
    if taken > MOST_STEPS:
        raise NotResolved(f"it has taken {taken} steps to t = {engine.time:.6g}: it is stiff")


def _make_small(state: State | NeuronState, tracers: NDArray[np.int64], size: float, time: float) -> None:
    """Bring the neurons that are only followed back to a negligible `size` of ||w||. Raises NotResolved."""
    sizes = lengths(state.neurons()[tracers, :-1])
    if not sizes.all():
        raise NotResolved(f"a small neuron has come to rest at w = 0 by t = {time:.6g}")
    # What is left of an imbalance would take a neuron that is pinned later to w = 0 in a finite time.
    tiny = np.abs(state.imbalance[tracers]) <= np.sqrt(2 * BALANCED) * sizes
    state.imbalance[tracers[tiny]] = 0.0
    state.rescale(tracers, size / sizes)


def _sorted(
    there: Network, patterns: NDArray[np.int8], active: int, units: Units, small: SmallNeurons
) -> tuple[Grown, SmallNeurons]:
    """The neurons that are of order one where the flow has come to rest, and those that are small."""
    a, w = there.a, there.w
    vanished = np.abs(a[:active]) <= VANISHED * units.size
    turned = SmallNeurons.of(a[active:], w[active:], 0.0)
    directed = replace(small, directions=turned.directions, ratios=_balanced(turned.ratios))
    fallen = SmallNeurons.of(a[:active][vanished], w[:active][vanished], 0.0)
    kept = Network(a[:active][~vanished], w[:active][~vanished])
    return Grown(kept, patterns[:active][~vanished]), fallen.joined(directed)


def _balanced(ratios: Floats) -> Floats:
    """Ratios a/||w|| with those of balanced neurons made +-1."""
    return np.where(np.abs(np.abs(ratios) - 1.0) <= BALANCED, np.sign(ratios), ratios)
