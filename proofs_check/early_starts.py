"""Random data with a start, and a scale small enough for the early phase, decided from the start alone (theory.md 4).

Which scale is small enough is not asked of the flow. T is the time at which the frozen flow has settled the last
neuron: its pattern is final, and it is within half the angle between its extremal vector and the next hyperplane. T
does not see the scale. Up to T every drift is within kappa R2 S of the frozen one and S <= S(0) e^{2 D* t}, so that a
path is off by that times the e^{D_max T} by which neighbouring paths part. lambda is so small that tau is at least
T + 1/||D_max|| and that this product is below `DEVIATION`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from numpy.typing import NDArray

from ..numerics.dataset import LOSS_NAMES, Dataset
from ..numerics.flow.alignment_watch import half_way
from ..numerics.frozen import Fate
from ..numerics.losses import get_loss
from ..numerics.prediction import Prediction, predict
from ..numerics.start import Start, make_start
from .strategies import LEAKS, datasets

Array = NDArray[np.float64]

DEVIATION = 1e-4
"""How far, as a share of ||D_max||, drifts and with them paths may be from the frozen ones until all have settled."""
SMALLEST = 1e-90
"""Cases that need a smaller scale are skipped: some neuron starts all but on a repeller."""


@dataclass(frozen=True)
class EarlyStart:
    """Data, loss, leak, and the unscaled start of `make_start`; `below` is lambda as a share of the largest allowed."""

    data: Dataset
    loss: str
    leak: Fraction
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
        return predict(self.data, self.loss, self.leak, float(self.epsilon), self.start(scale))


@st.composite
def early_starts(
    draw: st.DrawFn,
    widths: st.SearchStrategy[int],
    n: tuple[int, int] = (2, 5),
    d: tuple[int, int] = (1, 3),
    epsilons: tuple[Fraction, ...] = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)),
) -> EarlyStart:
    """Data with mixed labels, parallel and repeated points included; both losses, any leak; dominated starts."""
    loss = draw(st.sampled_from(LOSS_NAMES))
    return EarlyStart(
        data=draw(datasets(n, d, loss)),
        loss=loss,
        leak=draw(st.sampled_from(LEAKS)),
        width=draw(widths),
        kind=draw(st.sampled_from(("balanced", "dominated"))),
        seed=draw(st.integers(0, 10**6)),
        epsilon=draw(st.sampled_from(epsilons)),
        below=Fraction(1, 10 ** draw(st.integers(0, 3))),
    )


def settling_times(prediction: Prediction) -> Array:
    """When the frozen flow has settled each neuron (m,); see above."""
    alignment = prediction.alignment
    assert alignment is not None
    settled = np.array(alignment.last_event_time)
    for index in np.unique(alignment.extremal[alignment.extremal >= 0]):
        followers = alignment.extremal == index
        angle = half_way(prediction, int(index))
        settled[followers] = alignment.alignment_time(angle)[followers]
    return settled


def small_enough(case: EarlyStart) -> Prediction:
    """The prediction at a lambda small enough for this start; skips the null set that theory.md 4.4 leaves out."""
    unscaled = case.prediction(1.0)
    alignment, vectors = unscaled.alignment, unscaled.extremal
    assert alignment is not None
    assume(vectors.d_max > 0 and not np.any(alignment.fate == Fate.UNDETERMINED))
    horizon = 1.0 + vectors.d_max * float(settling_times(unscaled).max())
    epsilon = float(case.epsilon)
    ratio = get_loss(case.loss).kappa * float(np.mean(np.sum(case.data.X**2, axis=1))) / vectors.d_max
    spread = case.start(1.0).c0
    assert spread is not None
    logarithm = min(-horizon / epsilon, -1.5 * horizon + 0.5 * math.log(DEVIATION / (ratio * spread)), 0.0)
    scale = float(case.below) * math.exp(logarithm)
    assume(SMALLEST < scale < 0.5)
    return case.prediction(scale)
