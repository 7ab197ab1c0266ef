"""A simulated flow beside its prediction: is every neuron, at tau, where the theory has it? (theory.md 4.1-4.4).

What is allowed is a bound on the angle, not a guess. Where the drift of a neuron at h = 0 is its extremal vector D, its
drift is D + E with ||E|| <= kappa R2 S (4.1), and the angle phi between w and sign(a) D obeys

    phi' <= -r sin(phi) + rho ||E||,   r = ||D||, rho = |a|/||w|| >= 1, which decreases while r cos(phi) >= ||E||,

so that phi(t + s) <= 2 arctan(tan(phi(t)/2) e^{-rs}) + rho kappa R2 int S, and S(t + s) <= S(t) e^{2 D* s} (4.2). The
bound starts from the first recorded time at which the drift of the simulated neuron is D, at an angle of pi/3 at most.
Where it is D at two recorded times it is taken to be D in between: up to ||E|| it moves straight within a convex cell.

Which neurons must have the drift D at tau? Those that the frozen flow has brought, at a time T <= tau, within half the
angle between D and the next hyperplane, if until then the flow can be at most that far from the frozen one: drifts
differ by kappa R2 S(0) e^{2 D* t}, neighbouring paths part like e^{2 ||D_max|| t} at most between events, together
kappa R2 S(0) T e^{2 ||D_max|| T}. Vectors for which kappa R2 S(0) e^{2 D* tau} exceeds r/2 are not compared.

When must they come within that angle? With delta the distance above up to tau, and what the solver may add to it, they
do so while the frozen flow is within delta of the angle. Its last approach is at the speed r sin(angle) or more, hence
within delta / (r sin(angle - delta)) of T, as the next recorded time shows. Where it is no approach without events, or
delta exceeds the angle, the time of a neuron is not judged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..data.losses import get_loss
from ..flow.checkpoint import Damaged
from ..flow.engine.scaling import lengths
from ..frozen.alignment import Fate
from ..geometry.angles import angle_of_chord
from ..predict.early_phase import drift_deviation
from ..predict.prediction import Prediction
from ..rounding import ANGLE, SAME_VECTOR, TIME
from .comparison import Comparison, VectorComparison

if TYPE_CHECKING:
    from ..flow.engines import AnyEngine


RECORDED_TIMES = 24
"""Recorded times up to tau: between two of them the bound uses the S of the earlier one."""
WIDEST = np.pi / 3
"""The bound starts at angles up to this: where also ||E|| <= r/2, |a|/||w|| decreases."""


def watch_for(prediction: Prediction, time: float) -> AlignmentWatch | None:
    """The watch of a flow up to `time` from the start of the prediction; None where nothing can be compared."""
    return AlignmentWatch.of(prediction) if is_comparable(prediction, time) else None


def is_comparable(prediction: Prediction, time: float) -> bool:
    """Whether there is an alignment to compare within [0, time].

    That takes tau in it, a dominated start, vectors understood, and a loss with a constant kappa.
    """
    start, tau = prediction.start, prediction.tau
    known = start is not None and start.within_theory and prediction.extremal.understood
    known = known and math.isfinite(get_loss(prediction.loss).kappa)
    return known and tau is not None and 0.0 < tau <= time


@dataclass
class Followed:
    """The compared neurons (q,) of one extremal vector D, and the bounds (q,) on their angles as the flow goes on.

    `direction` (d,) is sign(a) D/||D||, `rate` ||D||, and `unsettled`, `angle` are those of `VectorComparison`.
    `arrivals` (q,) are the frozen flow's times of coming within `angle`, `last_events` (q,) those of its last events,
    and `distance` is how far the flow may be from it until tau. At the last recorded time: `bound` (q,) on the angle,
    infinite until the neuron has the drift D; `error` (q,) its angle, `overhang` (q,) its |a|/||w||, and `within_since`
    (q,) the time from which it had the drift D and was within `angle`.
    """

    extremal: int
    sign: int
    neurons: NDArray[np.int64]
    unsettled: int
    direction: Floats
    rate: float
    angle: float
    distance: float
    arrivals: Floats
    last_events: Floats
    bound: Floats
    error: Floats
    overhang: Floats
    within_since: Floats

    @classmethod
    def of(cls, prediction: Prediction, index: int) -> Followed:
        """The neurons that the frozen flow has settled by tau near the extremal vector of this number."""
        alignment, tau, vector = prediction.alignment, prediction.tau, prediction.extremal.vectors[index]
        assert alignment is not None
        assert tau is not None
        all_of_them = (alignment.fate == Fate.EXTREMAL) & (alignment.extremal == index)
        angle = half_way(prediction, index)
        times = np.where(all_of_them, alignment.alignment_time(angle), np.inf)
        settled = np.flatnonzero(times <= min(tau, resolved_until(prediction, angle, vector.norm)))
        never, direction = np.full(len(settled), np.inf), vector.sign * vector.vector / vector.norm
        return cls(
            index, vector.sign, settled, int(all_of_them.sum()) - len(settled), direction, vector.norm, angle,
            distance_until(prediction, tau), times[settled], alignment.last_event_time[settled],
            never, never.copy(), np.ones(len(settled)), never.copy(),
        )  # fmt: skip

    @property
    def drift(self) -> Floats:
        """D (d,)."""
        return self.sign * self.rate * self.direction

    def measure(self, now: Floats) -> None:
        """Measure the angles and |a|/||w|| of the neurons (q, d+1) now."""
        w, a = now[:, :-1], np.abs(now[:, -1])
        size = lengths(w)
        self.error = angle_of_chord(np.linalg.norm(w / size[:, None] - self.direction, axis=1))
        self.overhang = a / size

    def carry(self, driven: NDArray[np.bool_], time: float, passed: float, deviation: float, overhang: Floats) -> None:
        """Take the bounds to the present time, `passed` after the last one; `driven` (q,): whose drift is D.

        `deviation` is kappa R2 int S in between, and `overhang` (q,) was |a|/||w|| at the last recorded time.
        """
        arrived = driven & (self.error <= self.angle)
        self.within_since = np.where(arrived, np.minimum(self.within_since, time), np.inf)
        shrunk = 2 * np.arctan(np.tan(np.minimum(self.bound, np.pi) / 2) * np.exp(-self.rate * passed))
        carried = np.where(np.isfinite(self.bound), shrunk + overhang * deviation, np.inf)
        fresh = np.where(self.error <= WIDEST, self.error, np.inf)
        self.bound = np.where(driven, np.where(carried <= WIDEST, carried, fresh), np.inf)

    def allowed_time(self, slack: float) -> float:
        """How far a time of arrival may be from the frozen flow's; infinite without a bound."""
        distance = self.distance + slack
        return distance / (self.rate * np.sin(self.angle - distance)) if distance < self.angle else np.inf

    def entry(self, slack: float, tau: float) -> VectorComparison:
        """The neuron that uses most of its bound, `slack` included; zeros when none is compared."""
        if not len(self.neurons):
            return VectorComparison(self.extremal, 0, self.unsettled, 0.0, 0.0, self.angle, 0.0, None, 0, 0, 0.0)
        earlier = self.allowed_time(slack)
        later = earlier + tau / RECORDED_TIMES
        timed = (self.arrivals - earlier > self.last_events) & (self.arrivals + later <= tau)
        off = timed & ~((self.arrivals - earlier <= self.within_since) & (self.within_since <= self.arrivals + later))
        driven = np.isfinite(self.bound)
        allowed = np.where(driven, self.bound + slack, 0.0)
        use = np.divide(self.error, allowed, out=np.full(len(allowed), np.inf), where=driven)
        worst = int(np.argmax(use))
        last = float(self.within_since.max())
        return VectorComparison(
            extremal=self.extremal,
            count=len(self.neurons),
            unsettled=self.unsettled,
            worst_error=float(self.error[worst]),
            allowed=float(allowed[worst]),
            angle=self.angle,
            predicted_time=float(self.arrivals.max()),
            measured_time=last if np.isfinite(last) else None,
            timed=int(timed.sum()),
            off_time=int(off.sum()),
            allowed_time=float(later) if timed.any() else 0.0,
        )


@dataclass
class AlignmentWatch:
    """Follows the compared neurons of a prediction through a simulation that records `times`.

    `pulls` (n,) are those at h = 0, `reach` is kappa R2, `d_star` the largest extremal norm. `time`, `size` = S and
    `solver_error` are those of the last recorded time.
    """

    tau: float
    epsilon: float
    d_star: float
    reach: float
    pulls: Floats
    followed: list[Followed]
    time: float = 0.0
    size: float = 0.0
    solver_error: float = 0.0

    @classmethod
    def of(cls, prediction: Prediction) -> AlignmentWatch:
        """The watch for a prediction with a start and a scale (see `is_comparable`)."""
        alignment, tau = prediction.alignment, prediction.tau
        assert alignment is not None
        assert tau is not None
        chosen = np.unique(alignment.extremal[(alignment.fate == Fate.EXTREMAL) & (alignment.extremal >= 0)])
        followed = [Followed.of(prediction, int(index)) for index in chosen]
        reach, pulls = drift_deviation(prediction.problem), pulls_at_zero(prediction)
        return cls(tau, prediction.epsilon, prediction.extremal.d_star, reach, pulls, followed)

    @property
    def times(self) -> Floats:
        """The times that must be recorded: `RECORDED_TIMES` of them up to tau, equally spaced, after 0."""
        return np.linspace(0.0, self.tau, RECORDED_TIMES + 1)

    def observe(self, engine: AnyEngine) -> None:
        """Carry the bounds from the last recorded time to this one; nothing after tau."""
        state = engine.state
        if engine.time > self.tau * (1 + TIME):
            return
        passed = engine.time - self.time
        grown = np.expm1(2 * self.d_star * passed) / (2 * self.d_star) if self.d_star else passed
        now, drifts = state.neurons(), state.drifts(self.pulls)
        for group in self.followed:
            earlier = group.overhang
            group.measure(now[group.neurons])
            same = np.linalg.norm(drifts - group.drift, axis=1) <= SAME_VECTOR * group.rate
            driven = same[state.group[group.neurons]]
            group.carry(driven, engine.time, passed, float(self.reach * self.size * grown), earlier)
        self.time, self.size = engine.time, state.size()
        # Every step may be off by the tolerance, and by as much again for the crossings within it.
        self.solver_error = 2 * engine.tolerance * engine.counters.steps

    @property
    def slack(self) -> float:
        """What the angles may be off by: later steps make nothing larger that an earlier one has turned too far."""
        return self.solver_error + ANGLE

    def result(self) -> Comparison | None:
        """The comparison at tau; None when the simulation has not come so far, or no neuron is compared."""
        if self.time < self.tau * (1 - TIME) or not any(len(group.neurons) for group in self.followed):
            return None
        return Comparison(self.tau, self.epsilon, tuple(group.entry(self.slack, self.tau) for group in self.followed))

    def arrays(self) -> dict[str, NDArray]:
        """Everything that `restored` needs, as named arrays."""
        numbers = [self.tau, self.epsilon, self.d_star, self.reach, self.time, self.size, self.solver_error]
        found: dict[str, NDArray] = {"numbers": np.array([*numbers, len(self.followed)]), "pulls": self.pulls}
        for place, group in enumerate(self.followed):
            fixed = [group.extremal, group.sign, group.unsettled, group.rate, group.angle, group.distance]
            found[f"{place}_fixed"] = np.array([*fixed, *group.direction])
            found[f"{place}_neurons"] = group.neurons
            found[f"{place}_looks"] = np.stack(
                [group.arrivals, group.last_events, group.bound, group.error, group.overhang, group.within_since]
            )
        return found

    @classmethod
    def restored(cls, arrays: Mapping[str, NDArray], n: int, d: int, width: int) -> AlignmentWatch:
        """The watch that `arrays` described, for n points in R^d and this width; Damaged when they do not fit."""
        numbers = _checked(arrays, "numbers", (8,))
        *values, count = numbers.tolist()
        tau, epsilon, d_star, reach, time, size, solver_error = values
        pulls = _checked(arrays, "pulls", (n,))
        followed = [_followed(arrays, place, d, width) for place in range(int(count))]
        return cls(tau, epsilon, d_star, reach, pulls, followed, time, size, solver_error)


def _followed(arrays: Mapping[str, NDArray], place: int, d: int, width: int) -> Followed:
    fixed = _checked(arrays, f"{place}_fixed", (6 + d,))
    neurons = np.array(arrays.get(f"{place}_neurons", np.zeros(0)))
    proper = neurons.dtype == np.int64 and neurons.ndim == 1
    if not proper or neurons.min(initial=0) < 0 or neurons.max(initial=0) >= width:
        raise Damaged("the compared neurons are missing, or are not neurons of the network")
    columns = _checked(arrays, f"{place}_looks", (6, len(neurons)))
    extremal, sign, unsettled, rate, angle, distance = fixed[:6].tolist()
    return Followed(
        int(extremal), int(sign), neurons, int(unsettled), fixed[6:], rate, angle, distance,
        *(row.copy() for row in columns),
    )  # fmt: skip


def _checked(arrays: Mapping[str, NDArray], name: str, shape: tuple[int, ...]) -> Floats:
    found = np.array(arrays.get(name, np.zeros(0, dtype=np.int8)))
    if found.dtype != np.float64 or found.shape != shape or np.isnan(found).any():
        raise Damaged(f"the array {name} of the comparison is missing, or has the wrong type or shape")
    return found


def half_way(prediction: Prediction, index: int) -> float:
    """Half the angle between an extremal vector and the nearest hyperplane it is not on; pi/4 when there is none."""
    X, vector = prediction.data.X, prediction.extremal.vectors[index]
    off = (np.array(vector.pattern) != 0) & (pulls_at_zero(prediction) != 0)
    sines = np.abs(X[off] @ vector.vector) / (np.linalg.norm(X[off], axis=1) * vector.norm)
    return float(np.arcsin(min(1.0, sines.min(initial=1.0)))) / 2


def resolved_until(prediction: Prediction, angle: float, norm: float) -> float:
    """The largest T with the flow within `angle` of the frozen one up to T, see above; -1 where `norm` is too small."""
    from scipy.special import lambertw

    tau, vectors = prediction.tau, prediction.extremal
    assert tau is not None
    deviation = deviation_at_start(prediction)
    if deviation * np.exp(2 * vectors.d_star * tau) > norm / 2:
        return -1.0
    # T e^{2 ||D_max|| T} = angle / deviation is solved by Lambert's W.
    return float(lambertw(2 * vectors.d_max * angle / deviation).real) / (2 * vectors.d_max)


def distance_until(prediction: Prediction, time: float) -> float:
    """How far, as an angle, the flow may be from the frozen one up to `time`, see above."""
    return deviation_at_start(prediction) * time * float(np.exp(2 * prediction.extremal.d_max * time))


def deviation_at_start(prediction: Prediction) -> float:
    """kappa R2 S(0): how much the drifts of the start differ from those at h = 0, at most (theory.md 4.1).

    Not less than the smallest double with all its digits: the squares of starts below 1e-154 underflow.
    """
    assert prediction.start is not None
    return max(drift_deviation(prediction.problem) * float(np.sum(prediction.start.a**2)), np.finfo(np.float64).tiny)


def pulls_at_zero(prediction: Prediction) -> Floats:
    """The pulls (n,) at h = 0."""
    data = prediction.data
    return get_loss(prediction.loss).pull(np.zeros(data.n), data.y)
