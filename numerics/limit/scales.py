"""How far a run at a finite scale lambda is from the limit: at most of the order lambda^e (theory.md 6.2).

The limit stays at saddle k for T_k on the clock s = t / log(1/lambda), which is a time of T_k log(1/lambda). What
decays at a rate mu, or grows, in that time changes by a power of lambda. When the first neurons leave the saddle,

- the network is lambda^(mu_k T_k) away from it, with mu_k the slowest rate at which it comes to rest there;
- those neurons are off their direction by an angle of lambda^depth, where lambda^depth was their size when they
  arrived: only what is along the drift has grown;
- the other small neurons have sizes lambda^depth, and add the square of that to the outputs.

The least of these exponents over all saddles is e. An error may also decay at later saddles, or leave the end as it is:
lambda^e bounds the order, without the constant.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from ...theory.alignment import saddles as formulas
from ...theory.formal.printing import to_numpy
from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.network import Network
from ..flow.engine.sliding import projection
from .stationary import STANDING

if TYPE_CHECKING:
    from .process import Saddle

NEUTRAL = 1e-10
"""Of the largest rate: what rounding leaves of the rates of directions along which the network stays at rest."""
SMALL = 0.01
"""A distance up to which a scale counts as small enough."""


class Cause(StrEnum):
    """Why a run is away from the limit."""

    APPROACH = "approach"
    ANGLE = "angle"
    OTHERS = "others"


@dataclass(frozen=True)
class Distance:
    """The order lambda^`exponent` of the distance of a run from the limit, and the saddle and cause it is due to."""

    exponent: float
    saddle: int
    cause: Cause

    def at(self, scale: float) -> float:
        """The order of the distance at a scale below 1."""
        return min(1.0, math.exp(self.exponent * math.log(scale)))

    @property
    def power_of_ten(self) -> float:
        """log10 of the scale from which on the distance is `SMALL`; -infinity where it does not tend to 0."""
        return math.log10(SMALL) / self.exponent if self.exponent > 0 else -math.inf

    def to_json(self, scale: float | None) -> dict[str, Any]:
        """The object `distance` of `predict --limit --json`, for the scale of a start if it has one."""
        return {
            "exponent": self.exponent,
            "saddle": self.saddle,
            "cause": self.cause.value,
            "scale": scale,
            "at_scale": None if scale is None else self.at(scale),
        }


def distance_from_limit(saddles: Sequence[Saddle]) -> Distance | None:
    """How far runs are from a process with these saddles; None without saddles."""
    power = to_numpy(formulas.power, formulas.growth, formulas.clock)
    found: list[Distance] = []
    before = 0.0
    for number, saddle in enumerate(saddles):
        stay, before = saddle.time - before, saddle.time
        if np.isfinite(saddle.approach):
            found.append(Distance(float(power(saddle.approach, stay)), number, Cause.APPROACH))
        found.append(Distance(float(power(saddle.escape.norm, stay)), number, Cause.ANGLE))
        found += [
            Distance(2 * float(power(other.norm, other.time - saddle.time)), number, Cause.OTHERS)
            for other in saddle.candidates[1:]
        ]
    return min(found, key=lambda distance: distance.exponent, default=None)


def slowest_approach(data: Dataset, leak: Fraction, network: Network) -> float:
    """The smallest rate at which a network comes to rest, infinite for one without neurons.

    At rest no neuron has a drift, so that the linearised flow is -J^T J / n, with J the derivatives of the outputs with
    respect to the parameters; its rates are the eigenvalues of J J^T / n other than 0. Weights move along the
    hyperplanes that their neuron lies on.
    """
    columns: list[Floats] = []
    lengths = np.linalg.norm(data.X, axis=1)
    for a, w in zip(network.a, network.w, strict=True):
        heights = data.X @ w
        on = np.abs(heights) <= STANDING * lengths * np.linalg.norm(w)
        slopes = np.where(on, 0.0, np.where(heights > 0, 1.0, float(leak)))
        onto = projection(data.X[on] / lengths[on, None])
        columns += [(slopes * heights)[:, None], a * slopes[:, None] * (data.X @ onto)]
    if not columns:
        return np.inf
    rates = np.linalg.svd(np.concatenate(columns, axis=1), compute_uv=False) ** 2 / data.n
    return float(rates[rates > NEUTRAL * rates[0]].min(initial=np.inf))
