"""One neuron that follows a one-sided extremal vector, on data where its own output tilts the drift (theory.md 4.4).

x = (1, u), (0, 1), (1, -v), y = (v, z, u) with 0 < u < v and z > 0 small. D = ((u + v)/3, 0) is orthogonal to x_2,
whose pull is positive: one-sided for a > 0. A neuron that is active on x_1 and x_3 changes <D, x_2> by
-h_1 u/3 + h_3 v/3 > 0, so that <w, x_2> < 0 grows by a multiple of lambda^3 e^{3 ||D|| t}. As lambda -> 0 it vanishes
before tau if epsilon is above 2 D_max/(||D|| + 2 D_1), here with D_1 = ||D||, and does not if epsilon is below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.predict.prediction import Prediction, predict
from ...claim.draws import composite, st


@dataclass(frozen=True)
class OneSidedStart:
    """u, v and z as above; the neuron's angle below D; `share` of the largest epsilon claimed; lambda = 10^-power."""

    u: Fraction
    v: Fraction
    z: Fraction
    angle: float
    share: float
    power: int

    @property
    def data(self) -> Dataset:
        """The three points."""
        inputs = ((Fraction(1), self.u), (Fraction(0), Fraction(1)), (Fraction(1), -self.v))
        return Dataset(inputs, (self.v, self.z, self.u))

    @property
    def followed(self) -> float:
        """||D||, which is D_1 as well."""
        return float(self.u + self.v) / 3

    @property
    def scale(self) -> float:
        """Lambda, the size of the neuron at the start."""
        return 10.0**-self.power

    def prediction(self) -> Prediction:
        """What the theory says of the data."""
        return predict(self.data)

    def run(self, tau: float) -> Simulation:
        """The flow up to tau from the balanced neuron of this scale."""
        direction: NDArray[np.float64] = np.array([[math.cos(self.angle), -math.sin(self.angle)]])
        return simulate(
            self.data, Network(np.array([self.scale]), self.scale * direction), tau, tolerance=1e-10, times=[tau]
        )


@composite
def one_sided_starts(draw: st.DrawFn) -> OneSidedStart:
    """Small multiples of 1/2 for u and v - u; scales from 1e-6 to 1e-10, at which a share of 4/5 decides the side."""
    u = Fraction(draw(st.integers(1, 2)), 2)
    return OneSidedStart(
        u=u,
        v=u + Fraction(draw(st.integers(1, 2)), 2),
        z=Fraction(1, draw(st.integers(10, 20))),
        angle=draw(st.floats(0.1, 0.2)),
        share=draw(st.floats(0.8, 0.9)),
        power=draw(st.integers(6, 10)),
    )
