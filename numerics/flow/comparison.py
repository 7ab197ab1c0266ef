"""A simulated flow beside its prediction: is every neuron, at tau, where the theory has it? (theory.md 4.1-4.4).

What is allowed is a bound on the angle, not a guess. Where the drift of a neuron at h = 0 is its extremal vector D, its
drift is D + E with ||E|| <= kappa R2 S (4.1), and the angle phi between w and sign(a) D obeys

    phi' <= -r sin(phi) + rho ||E||,   r = ||D||, rho = |a|/||w|| >= 1, which decreases while phi <= pi/2,

so that phi(t + s) <= 2 arctan(tan(phi(t)/2) e^{-rs}) + rho kappa R2 int S, and S(t + s) <= S(t) e^{2 D* s} (4.2). The
bound starts from the first recorded time at which the simulated neuron feels D, and the theory says which neurons must:
those that the frozen flow has brought, by tau, within half the angle between D and the next hyperplane.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..frozen import Fate
from ..losses import get_loss
from ..prediction import Prediction
from .engine import Engine

Floats = NDArray[np.float64]

LOOKS = 24
"""Recorded times up to tau: between two of them the bound uses the S of the earlier one."""
SAME_DRIFT = 1e-9
"""Two drifts at h = 0 are the same when they differ by less than this share of ||D||: a few roundings, with room."""
ROUNDING = 1e-14
"""Angles between directions computed in doubles are off by a few roundings."""


@dataclass(frozen=True)
class VectorComparison:
    """The neurons that must follow one extremal vector at tau, and where the simulation has them.

    `extremal` is the vector's number in the prediction. `count` neurons are compared; `unsettled` others follow it too,
    but the frozen flow has not brought them within `angle` of it by tau. Of the `count`, the one that uses most of its
    allowance is `worst_error` radians away, `allowed` being its bound (0 when it does not feel D at all).
    `predicted_time` and `measured_time` are the last times at which one of the `count`, its pattern settled, comes
    within `angle`; the second is None when that has not happened by tau, and is as fine as the recorded times.
    """

    extremal: int
    count: int
    unsettled: int
    worst_error: float
    allowed: float
    angle: float
    predicted_time: float
    measured_time: float | None

    @property
    def within(self) -> bool:
        """Whether the neuron that uses most of its allowance stays inside it."""
        return self.worst_error <= self.allowed

    def to_json(self) -> dict[str, Any]:
        """One entry of `alignment`."""
        names = ("extremal", "count", "unsettled", "worst_error", "allowed", "angle", "predicted_time", "measured_time")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Comparison:
    """Prediction and simulation at tau, one entry per extremal vector that some neuron follows."""

    tau: float
    epsilon: float
    alignment: tuple[VectorComparison, ...]

    @property
    def within(self) -> bool:
        """Whether every entry is inside its allowance."""
        return all(entry.within for entry in self.alignment)

    def to_json(self) -> dict[str, Any]:
        """The `comparison` of `proofs-check simulate --json`."""
        entries = [entry.to_json() for entry in self.alignment]
        return {"tau": self.tau, "epsilon": self.epsilon, "alignment": entries, "within": self.within}


def is_comparable(prediction: Prediction, time: float) -> bool:
    """Whether there is an alignment to compare within [0, time]: tau in it, a dominated start, all vectors known."""
    start, tau = prediction.start, prediction.tau
    known = start is not None and start.within_theory and prediction.extremal.complete
    return known and tau is not None and 0.0 < tau <= time


def looks(prediction: Prediction) -> Floats:
    """The times that `AlignmentWatch` needs recorded: `LOOKS` of them up to tau, equally spaced."""
    assert prediction.tau is not None
    return np.linspace(0.0, prediction.tau, LOOKS + 1)


@dataclass
class Followed:
    """The compared neurons (q,) of one extremal vector, and the bounds (q,) on their angles as the flow goes on.

    `bound` is infinite until a neuron feels `drift`, the vector; `within_since` (q,) the time from which it does so and
    is within `angle`, `error` (q,) its angle and `overhang` (q,) its |a|/||w|| at the last look.
    """

    extremal: int
    neurons: NDArray[np.int64]
    unsettled: int
    direction: Floats
    rate: float
    angle: float
    predicted_time: float
    drift: Floats
    bound: Floats
    error: Floats
    overhang: Floats
    within_since: Floats

    def look(self, now: Floats) -> None:
        """Measure the angles and |a|/||w|| of the neurons (q, d+1) now."""
        w, a = now[:, :-1], np.abs(now[:, -1])
        lengths = np.linalg.norm(w, axis=1)
        gaps = np.linalg.norm(w / lengths[:, None] - self.direction, axis=1)
        self.error = 2 * np.arcsin(np.minimum(gaps / 2, 1.0))
        self.overhang = a / lengths

    def carry(self, feels: NDArray[np.bool_], time: float, passed: float, deviation: float, overhang: Floats) -> None:
        """Take the bounds to the present look, `passed` after the last one; `feels` (q,): whose drift is D.

        `deviation` is kappa R2 int S in between, and `overhang` (q,) was |a|/||w|| at the last look.
        """
        arrived = feels & (self.error <= self.angle)
        self.within_since = np.where(arrived, np.minimum(self.within_since, time), np.inf)
        shrunk = 2 * np.arctan(np.tan(np.minimum(self.bound, np.pi) / 2) * np.exp(-self.rate * passed))
        carried = np.where(np.isfinite(self.bound), shrunk + overhang * deviation, np.inf)
        fresh = np.where(self.error <= np.pi / 2, self.error, np.inf)
        self.bound = np.where(feels, np.where(carried <= np.pi / 2, carried, fresh), np.inf)


@dataclass
class AlignmentWatch:
    """Follows the compared neurons of a prediction through a simulation: give `observe` to `simulate`.

    The simulation must record the times of `looks`.
    """

    prediction: Prediction
    followed: list[Followed] = field(default_factory=list)
    _time: float = field(default=0.0, init=False)
    _size: float = field(default=0.0, init=False)
    _solver_error: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """Choose the neurons."""
        alignment, tau = self.prediction.alignment, self.prediction.tau
        assert alignment is not None
        assert tau is not None
        aligns = alignment.fate == Fate.EXTREMAL
        for index in np.unique(alignment.extremal[aligns & (alignment.extremal >= 0)]):
            angle = half_way(self.prediction, int(index))
            times = alignment.alignment_time(angle)
            all_of_them = aligns & (alignment.extremal == index)
            settled = np.flatnonzero(all_of_them & (times <= tau))
            if len(settled):
                unsettled = int(all_of_them.sum()) - len(settled)
                self.followed.append(self._start(int(index), settled, unsettled, angle, float(times[settled].max())))

    def _start(self, index: int, neurons: NDArray[np.int64], unsettled: int, angle: float, latest: float) -> Followed:
        vector = self.prediction.extremal.vectors[index]
        never = np.full(len(neurons), np.inf)
        direction = vector.sign * vector.vector / vector.norm
        return Followed(
            index, neurons, unsettled, direction, vector.norm, angle, latest, vector.vector,
            never, never.copy(), np.ones(len(neurons)), never.copy(),
        )  # fmt: skip

    def observe(self, engine: Engine) -> None:
        """Carry the bounds from the last recorded time to this one; nothing after tau."""
        tau, state = self.prediction.tau, engine.state
        if tau is None or engine.time > tau * (1 + 1e-12):
            return
        deviation, passed = self._deviation(engine.time), engine.time - self._time
        now, drifts = state.neurons(), state.drifts(pulls_at_zero(self.prediction))
        for group in self.followed:
            earlier = group.overhang
            group.look(now[group.neurons])
            same = np.linalg.norm(drifts - group.drift, axis=1) <= SAME_DRIFT * group.rate
            group.carry(same[state.group[group.neurons]], engine.time, passed, deviation, earlier)
        self._time, self._size = engine.time, state.size()
        self._solver_error = engine.tolerance * engine.counters.steps

    def _deviation(self, time: float) -> float:
        """kappa R2 int S between the last recorded time and this one."""
        data, d_star = self.prediction.data, self.prediction.extremal.d_star
        mean_square = float(np.mean(np.sum(data.X**2, axis=1)))
        grown = np.expm1(2 * d_star * (time - self._time)) / (2 * d_star)
        return float(get_loss(self.prediction.loss).kappa * mean_square * self._size * grown)

    def result(self) -> Comparison | None:
        """The comparison at tau; None when the simulation has not come so far.

        Every step may turn a direction by the engine's tolerance, and none of the later ones makes that larger.
        """
        tau = self.prediction.tau
        assert tau is not None
        if self._time < tau * (1 - 1e-12):
            return None
        slack = self._solver_error + ROUNDING
        return Comparison(tau, self.prediction.epsilon, tuple(_entry(group, slack) for group in self.followed))


def _entry(group: Followed, slack: float) -> VectorComparison:
    feels = np.isfinite(group.bound)
    allowed = np.where(feels, group.bound + slack, 0.0)
    use = np.divide(group.error, allowed, out=np.full(len(allowed), np.inf), where=feels)
    worst = int(np.argmax(use))
    last = float(group.within_since.max())
    return VectorComparison(
        extremal=group.extremal,
        count=len(group.neurons),
        unsettled=group.unsettled,
        worst_error=float(group.error[worst]),
        allowed=float(allowed[worst]),
        angle=group.angle,
        predicted_time=group.predicted_time,
        measured_time=last if np.isfinite(last) else None,
    )


def half_way(prediction: Prediction, index: int) -> float:
    """Half the angle between an extremal vector and the nearest hyperplane it is not on; pi/4 when there is none."""
    X, vector = prediction.data.X, prediction.extremal.vectors[index]
    off = (np.array(vector.pattern) != 0) & (pulls_at_zero(prediction) != 0)
    sines = np.abs(X[off] @ vector.vector) / (np.linalg.norm(X[off], axis=1) * vector.norm)
    return float(np.arcsin(min(1.0, sines.min(initial=1.0)))) / 2


def pulls_at_zero(prediction: Prediction) -> Floats:
    """The pulls (n,) at h = 0."""
    data = prediction.data
    return get_loss(prediction.loss).pull(np.zeros(data.n), data.y)
