"""One neuron while its drift is constant: random cases, the reference flow up to the first event, and its error bound.

The drift is written by hand from the data, and the trajectory is that of `numerics.oracles.reference`; neither knows
the closed forms that claims state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ....numerics.data.dataset import Dataset
from ....numerics.data.losses import get_loss, lipschitz_losses
from ....numerics.oracles.reference import handwritten_pull, reference_flow
from ...claim.draws import composite, st
from ..strategies import FlowCase, Neurons, Point, dyadic, in_any_dimension, ratios

Array = NDArray[np.float64]
RTOL = 1e-12
"""The relative tolerance of the reference, for each step."""
STAGES = 11
"""At least so many right-hand sides make one step of DOP853."""
FARTHEST_COSINE = -15 / 16
"""Starts nearly opposite to the drift amplify every error by 1/(1 + c0); nearly aligned ones lose 1 - c to rounding."""


@dataclass(frozen=True)
class Segment:
    """A neuron under the constant drift `drift` (d,) from time 0 to `time`, with its state at both ends.

    `error` bounds the distance of the computed (w, a) at the end from the true one, in units of |a(0)| e^{rt}.
    """

    drift: Array
    time: float
    a0: float
    w0: Array
    a: float
    w: Array
    error: float

    @property
    def rate(self) -> float:
        """r = ||D||."""
        return float(np.linalg.norm(self.drift))

    @property
    def unit(self) -> Array:
        """The unit vector along the drift, shape (d,)."""
        return self.drift / self.rate

    @property
    def start_cosine(self) -> float:
        """c0 = <w, Dhat>/a at time 0."""
        return float(self.w0 @ self.unit) / self.a0

    @property
    def cosine(self) -> float:
        """c = <w, Dhat>/a at the end."""
        return float(self.w @ self.unit) / self.a

    @property
    def omega_error(self) -> float:
        """A bound on the error of w/a at the end: |a| >= |a0| e^{rt} (1 + c0)/2, and both w and a are in error."""
        return 4 * self.error / (1 + self.start_cosine)


def initial_drift(case: FlowCase) -> Array:
    """D(w, 0) of the first neuron at the start, shape (d,), point by point."""
    X, y, _, w = case.arrays
    slopes = np.where(X @ w[0] > 0, 1.0, float(case.leak))
    return np.asarray((slopes * handwritten_pull(np.zeros(len(y)), y, case.loss)) @ X / len(y))


def integrate(case: FlowCase) -> Segment:
    """The first neuron of `case` along the frozen flow up to its time, or half-way to its first event if sooner.

    Error bound: every step errs by at most rtol sqrt(d+1) max|z|, |z| <= sqrt(2) |a| as the neuron is dominated, and
    exp((t-s)A) has norm e^{r(t-s)}, so that N steps err by at most N rtol sqrt(2(d+1)) |a(0)| e^{rt}. The neuron is
    integrated to the end point itself: no interpolation.
    """
    X, y, a, w = case.arrays
    time = float(case.time)
    for _ in range(2):
        flow = reference_flow(X, y, a[:1], w[:1], np.array([0.0, time]), frozen=True, rtol=RTOL, **case.options)
        if flow.first_event_time() > time:
            break
        time = flow.first_event_time() / 2
    steps = flow.right_hand_sides / STAGES
    error = steps * RTOL * float(np.sqrt(2 * (len(w[0]) + 1)))
    return Segment(initial_drift(case), time, float(a[0]), w[0], float(flow.a[-1, 0]), flow.w[-1, 0], error)


def _typical(case: FlowCase) -> bool:
    """Whether the neuron moves at all, is not born dead on an event, and is neither aligned nor nearly opposed."""
    drift, w, a = initial_drift(case), case.start.w[0], case.start.a[0]
    rate = np.linalg.norm(drift)
    if rate < 1 / 64:
        return False
    cosine = w @ drift / (a * rate)
    return bool(FARTHEST_COSINE < cosine < -FARTHEST_COSINE)


def dominated_cases() -> st.SearchStrategy[FlowCase]:
    """Balanced and strictly dominated neurons on any data, losses and leaks, up to time 4 or an earlier event."""
    cases = in_any_dimension(d=(2, 3), width=(1, 1), kinds=("balanced", "dominated"))
    return cases.filter(_typical)


@composite
def positive_flows(draw: st.DrawFn, width: tuple[int, int] = (1, 1), longest: int = 3) -> FlowCase:
    """Dominated neurons active on all points at the start: inputs, labels and weights are positive.

    Along the frozen flow they meet no event, as every drift is positive too.
    """
    d, n = draw(st.one_of(st.integers(2, 3), st.integers(2, 3), st.integers(5, 30))), draw(st.integers(1, 3))
    coordinates = st.integers(1, 16).map(lambda value: Fraction(value, 8))
    points = st.tuples(*[coordinates] * d) if d < 5 else st.integers(0, 10**6).map(partial(_positive_point, d))
    inputs = tuple(draw(points) for _ in range(n))
    loss, leak = draw(st.sampled_from(lipschitz_losses())), draw(st.sampled_from((Fraction(0), Fraction(1, 2))))
    labels = tuple(draw(coordinates) if get_loss(loss).labels is None else Fraction(1) for _ in range(n))
    count = draw(st.integers(*width))
    size = st.sampled_from(("balanced", "dominated")).flatmap(ratios).map(abs)
    start = Neurons(tuple(draw(size) for _ in range(count)), tuple(draw(points) for _ in range(count)))
    return FlowCase(Dataset(inputs, labels), loss, leak, start, draw(dyadic(0, longest, 8)) + Fraction(1, 8))


def _positive_point(d: int, seed: int) -> Point:
    """A point of R^d with coordinates 1/8 to 2."""
    return tuple(Fraction(int(value), 8) for value in np.random.default_rng(seed).integers(1, 17, d))


@composite
def steady_cases(draw: st.DrawFn) -> FlowCase:
    """One neuron of `positive_flows`, for r t between 1 and 6.

    That is long enough for 1 - c to become small, and short enough for it to stay above rounding.
    """
    case = draw(positive_flows())
    rate = Fraction(float(np.linalg.norm(initial_drift(case)))).limit_denominator(64)
    return replace(case, time=draw(dyadic(1, 6, 2)) / max(rate, Fraction(1, 64)))


def steady() -> st.SearchStrategy[FlowCase]:
    """`steady_cases` that are not aligned from the start."""
    return steady_cases().filter(_typical)
