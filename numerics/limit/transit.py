"""From one saddle to the next: the flow engine carries the network along an escape (theory.md 2.5, 2.6).

The escaping neurons start at a size delta, far below that of the network, so that they leave along the direction they
escape in up to delta^2. All other small neurons are followed at a negligible size, so that they turn as the drifts
turn. They grow by e^{rt} with r <= sqrt(2 L R2) (Cauchy-Schwarz for (1/n) sum |p_k| ||x_k||), and L never
increases: the flow is followed in intervals in which that is at most e^100, and they are made small again in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.network import Network
from ..data.problem import Problem
from ..flow.engine.engine import Engine
from ..flow.engine.events import NotResolved
from ..flow.engine.scaling import lengths
from ..flow.simulation import simulate
from ..predict.early_phase import mean_square_input
from .small_neurons import SmallNeurons

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
class Arrival:
    """The saddle that was reached: the network there, the small neurons as they arrive, and the flow's time.

    `doubts` says, in sentences, why this may not be where the limit goes.
    """

    network: Network
    neurons: SmallNeurons
    time: float
    doubts: tuple[str, ...]


def carry(
    data: Dataset, leak: Fraction, units: Units, network: Network, escaping: SmallNeurons, small: SmallNeurons
) -> Arrival:
    """Follow the flow from a saddle along the escape of some neurons until it comes to rest. Raises NotResolved."""
    active = len(network.a) + len(escaping)
    launched, traced = LAUNCH * units.size, TRACER * units.size
    a = np.concatenate([network.a, launched * np.sign(escaping.ratios), traced * small.ratios])
    w = np.concatenate([network.w, launched * escaping.directions, traced * small.directions])
    speed = AT_REST * units.size / units.time
    time, arrived, doubts = 0.0, False, []
    while not arrived and time < GIVE_UP * units.time:
        residual = data.y - Network(a[:active], w[:active]).outputs(data.X, float(leak))
        fastest = float(np.sqrt(np.mean(residual**2) * mean_square_input(data)))
        duration = LONGEST_GROWTH / fastest
        run = simulate(
            Problem(data, leak=leak),
            Network(a, w),
            duration,
            tolerance=TOLERANCE,
            until_speed=speed,
            observe=_check_steps,
        )
        if not run.resolved:
            raise NotResolved(str(run.reason))
        arrived = run.partial  # it ended early: at rest
        time += run.time
        a, w = run.a.copy(), run.w.copy()
        sizes = lengths(w[active:])
        if not sizes.all():
            raise NotResolved(f"a small neuron has come to rest at w = 0 by t = {time:.6g}")
        # Rounding would be an imbalance in the next interval, and take a pinned neuron to w = 0 in a finite time.
        a[active:] = traced * _balanced(a[active:] / sizes)
        w[active:] *= traced / sizes[:, None]
    if not arrived:
        doubts.append(f"the flow from the saddle has not come to rest after t = {time:.3g}")
    kept, small_then = _sorted(Network(a, w), active, units, small)
    return Arrival(kept, small_then, time, tuple(doubts))


def _check_steps(engine: Engine) -> None:
    """Raise NotResolved when an interval has taken too many steps."""
    if engine.counters.steps > MOST_STEPS:
        raise NotResolved(f"it has taken {engine.counters.steps} steps to t = {engine.time:.6g}: it is stiff")


def _sorted(network: Network, active: int, units: Units, small: SmallNeurons) -> tuple[Network, SmallNeurons]:
    """The neurons that are of order one where the flow has come to rest, and those that are small."""
    a, w = network.a, network.w
    vanished = np.abs(a[:active]) <= VANISHED * units.size
    turned = SmallNeurons.of(a[active:], w[active:], 0.0)
    there = SmallNeurons(turned.directions, _balanced(turned.ratios), small.depths, small.cornered)
    fallen = SmallNeurons.of(a[:active][vanished], w[:active][vanished], 0.0)
    kept = Network(a[:active][~vanished], w[:active][~vanished])
    return kept, fallen.joined(there)


def _balanced(ratios: Floats) -> Floats:
    """Ratios a/||w|| with those of balanced neurons made +-1."""
    return np.where(np.abs(np.abs(ratios) - 1.0) <= BALANCED, np.sign(ratios), ratios)
