"""Random data with a start, and a scale small enough for the early phase, decided from the start alone (theory.md 4).

Which scale is small enough is not asked of the flow. T is the time at which the frozen flow has settled the last
neuron: its pattern is final, and it is within half the angle between its extremal vector and the next hyperplane. T
does not see the scale. Up to T drifts are within kappa R2 S(0) e^{2 D* t} of the frozen ones, and neighbouring paths
part like e^{2 D_max t} at most between events: with tau >= T + 1/D_max, lambda is so small that the product
stays below `DEVIATION` and half of those angles. What crossings add to it is not bounded: the rule is stated, and
checked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ....numerics.compare.watch import half_way, pulls_at_zero
from ....numerics.data.dataset import Dataset
from ....numerics.data.losses import get_loss, lipschitz_losses
from ....numerics.data.start import Start, make_start
from ....numerics.frozen.alignment import Fate, FrozenAlignment
from ....numerics.predict.early_phase import alignment_horizon, drift_deviation
from ....numerics.predict.prediction import Prediction, predict
from ...claim.draws import assume, composite, st
from ..strategies import LEAKS, ProblemCase, datasets, points_in_many_dimensions, signed_eighths, sliding_datasets

Array = NDArray[np.float64]

DEVIATION = 1e-4
"""How far drifts, as a share of D_max, and with them directions may be from the frozen ones until all settle."""
STAYS_ON_ITS_SIDE = (
    "no neuron follows a one-sided vector, except for leak 0 and orthogonal inputs (elsewhere the outputs may push it "
    "across its hyperplane, theory.md 4.4)"
)
SMALL_ENOUGH = (
    "lambda is small enough for this start (q, c0 as in theory.md 1.2): with K = 1 + D_max T, lambda <= "
    "e^{-K/epsilon}, and q c0 lambda^2 "
    "e^{3K} is at most 1e-4 and half the smallest angle between a followed vector and the next hyperplane; T is the "
    "time from which on every neuron is dead, pinned or within those half angles under the frozen flow; "
    f"{STAYS_ON_ITS_SIDE}"
)
"""The hypothesis as the claims state it."""
STANDING = 1e-9
"""The sine of the angle to a hyperplane below which a neuron counts as standing on it, not beyond it: many roundings,
while neurons that are beyond it by tau have moved much farther."""
SMALLEST = 1e-90
"""Cases that need a smaller scale are skipped: some neuron starts all but on a repeller."""


@dataclass(frozen=True)
class EarlyStart(ProblemCase):
    """Data, loss, leak, and the unscaled start of `make_start`; `below` is lambda as a share of the largest allowed."""

    width: int
    kind: str
    seed: int
    epsilon: Fraction
    below: Fraction = Fraction(1)

    def start(self, scale: float) -> Start:
        """The start at a scale."""
        return make_start(self.width, scale, self.seed, self.kind, self.data.d)

    def prediction(self, scale: float) -> Prediction:
        """What the theory says at a scale."""
        return predict(self.problem, self.start(scale), epsilon=float(self.epsilon))

    def rescaled(self, prediction: Prediction, scale: float) -> Prediction:
        """The prediction for another scale: the frozen flow is homogeneous, so that fates and times stay."""
        tau = alignment_horizon(scale, float(self.epsilon), prediction.extremal.d_max)
        return replace(prediction, start=self.start(scale), tau=tau)


@composite
def early_starts(
    draw: st.DrawFn,
    widths: st.SearchStrategy[int],
    n: tuple[int, int] = (2, 5),
    d: tuple[int, int] = (1, 3),
    epsilons: tuple[Fraction, ...] = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)),
) -> EarlyStart:
    """Data with mixed labels, parallel and repeated points included; losses with a kappa, any leak; dominated starts.

    One case in four is on plane data that pin some a > 0 neurons. Where `d` is (1, 3), one in four has up to `FEW`
    points in 5 to 30 dimensions.
    """
    choice = draw(st.integers(0, 3))
    pins = d[0] <= 2 <= d[1] and n[0] <= 3 <= n[1] and choice == 3
    scattered = d == (1, 3) and choice == 2
    loss = "square" if pins else draw(st.sampled_from(lipschitz_losses()))
    return EarlyStart(
        data=draw(sliding_datasets() if pins else _scattered(n, loss) if scattered else datasets(n, d, loss)),
        loss=loss,
        leak=Fraction(0) if pins else draw(st.sampled_from(LEAKS)),
        width=draw(widths),
        kind=draw(st.sampled_from(("balanced", "dominated"))),
        seed=draw(st.integers(0, 10**6)),
        epsilon=draw(st.sampled_from(epsilons)),
        below=Fraction(1, 10 ** draw(st.integers(0, 3))),
    )


FEW = 4
"""All extremal vectors are enumerated, and in many dimensions there are up to 3^n of them."""


def _scattered(n: tuple[int, int], loss: str) -> st.SearchStrategy[Dataset]:
    """Few points in 5 to 30 dimensions."""
    few = (n[0], min(n[1], FEW))
    return st.integers(0, 10**6).map(lambda seed: points_in_many_dimensions(seed, few, loss))


def settling(prediction: Prediction) -> tuple[Array, float]:
    """When the frozen flow has settled each neuron (m,), and the smallest of the angles that this is judged by."""
    alignment = prediction.alignment
    assert alignment is not None
    settled, smallest = np.array(alignment.last_event_time), np.pi / 4
    for index in np.unique(alignment.extremal[alignment.extremal >= 0]):
        followers = alignment.extremal == index
        angle = half_way(prediction, int(index))
        settled[followers] = alignment.alignment_time(angle)[followers]
        smallest = min(smallest, angle)
    return settled, smallest


def may_be_pushed_across(prediction: Prediction) -> bool:
    """Whether a neuron follows a one-sided vector while the outputs may act on its hyperplanes (theory.md 4.4)."""
    alignment, data = prediction.alignment, prediction.data
    assert alignment is not None
    followed = np.unique(alignment.extremal[alignment.extremal >= 0])
    if all(prediction.extremal.vectors[index].stability != "one-sided" for index in followed):
        return False
    products = data.X @ data.X.T
    return bool(prediction.leak > 0 or np.any(products != np.diag(np.diag(products))))


@dataclass(frozen=True)
class EarlyPhase:
    """A start at a small scale, what the theory says of it, its frozen alignment, and tau."""

    prediction: Prediction
    start: Start
    alignment: FrozenAlignment
    tau: float

    @classmethod
    def of(cls, prediction: Prediction) -> EarlyPhase:
        """The early phase of a prediction with a start at a scale below 1."""
        start, alignment, tau = prediction.start, prediction.alignment, prediction.tau
        assert start is not None
        assert alignment is not None
        assert tau is not None
        return cls(prediction, start, alignment, tau)


def small_enough(case: EarlyStart) -> EarlyPhase:
    """The early phase at a lambda small enough for this start; skips the null set that theory.md 4.4 leaves out."""
    unscaled = case.prediction(1.0)
    alignment, vectors = unscaled.alignment, unscaled.extremal
    assert alignment is not None
    assume(vectors.d_max > 0 and not np.any(alignment.fate == Fate.UNDETERMINED))
    assume(not may_be_pushed_across(unscaled))
    settled, smallest = settling(unscaled)
    horizon = 1.0 + vectors.d_max * float(settled.max())
    epsilon, spread = float(case.epsilon), case.start(1.0).c0
    assert spread is not None
    deviation = min(DEVIATION, smallest) * vectors.d_max / (drift_deviation(case.problem) * spread)
    logarithm = min(-horizon / epsilon, -1.5 * horizon + 0.5 * math.log(deviation), 0.0)
    scale = float(case.below) * math.exp(logarithm)
    assume(SMALLEST < scale < 0.5)
    return EarlyPhase.of(case.rescaled(unscaled, scale))


def drifts_at_zero(prediction: Prediction, w: Array) -> Array:
    """The drifts (m, d) of neurons w (m, d) at h = 0, summed point by point; slope g on hyperplanes."""
    data = prediction.data
    sizes = np.linalg.norm(w, axis=1)[:, None] * np.linalg.norm(data.X, axis=1)
    slopes = np.where(w @ data.X.T > STANDING * sizes, 1.0, float(prediction.leak))
    return np.asarray((slopes * pulls_at_zero(prediction)) @ data.X / data.n)


def random_case(rng: np.random.Generator, width: int, epsilon: Fraction) -> EarlyStart:
    """Data for checks that draw their own: multiples of 1/8, mixed labels, losses with a kappa, leak 0 or 1/8."""
    d, n = int(rng.integers(1, 4)), int(rng.integers(2, 5))
    inputs = tuple(map(tuple, signed_eighths(rng, 1, (n, d))))
    loss = str(rng.choice(lipschitz_losses()))
    labels = signed_eighths(rng, 4, (n,))
    if get_loss(loss).labels is not None:
        labels = labels / abs(labels)
    leak, seed = Fraction(int(rng.choice((0, 1))), 8), int(rng.integers(0, 10**6))
    return EarlyStart(Dataset(inputs, tuple(labels)), loss, leak, width, "balanced", seed, epsilon)
