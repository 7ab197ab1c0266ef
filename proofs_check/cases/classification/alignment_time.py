"""Cases on which `classification.alignment-time` is tested."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.start import make_start
from ...claim.draws import composite, st
from ..alignment.constant_drift import Array
from ..early.early_starts import EarlyStart
from .correlated import correlated_datasets


@dataclass(frozen=True)
class CorrelatedStart:
    """Correlated data and a balanced start, moved so that no neuron is deeper than `share` of what is allowed."""

    data: Dataset
    width: int
    seed: int
    share: Fraction

    def unscaled(self, floor: float) -> tuple[Array, Array]:
        """Weights a (m,) and w (m, d) at scale 1, no deeper than share times `floor`.

        Neurons that are deeper are moved along the sum of the unit vectors y_k x_k/||x_k||, whose products with these
        are positive, or against it where a < 0.
        """
        start = make_start(self.width, 1.0, self.seed, "balanced", self.data.d)
        sign, w = np.sign(start.a), start.w.copy()
        axis = _unit_points(self.data).sum(axis=0)
        while np.any(deep := depths(self.data, sign, w) > float(self.share) * floor):
            w[deep] += sign[deep, None] * np.linalg.norm(w[deep], axis=1, keepdims=True) * axis / 16
        return sign * np.linalg.norm(w, axis=1), w


def _unit_points(data: Dataset) -> Array:
    """y_k x_k / ||x_k||, shape (n, d)."""
    found: Array = data.y[:, None] * data.X / np.linalg.norm(data.X, axis=1, keepdims=True)
    return found


def depths(data: Dataset, sign: Array, w: Array) -> Array:
    """The least c >= 0 with sign(a_j) <w_j, y_k x_k> >= -c ||w_j|| ||x_k|| for all k, per neuron: shape (m,)."""
    cosines = sign[:, None] * (w @ _unit_points(data).T) / np.linalg.norm(w, axis=1, keepdims=True)
    found: Array = np.maximum(-cosines.min(axis=1), 0.0)
    return found


def correlated_starts() -> st.SearchStrategy[CorrelatedStart]:
    """One to eight correlated points in R^2 to R^5, widths 1 to 40."""
    return st.builds(
        CorrelatedStart,
        correlated_datasets((1, 8), (2, 5)),
        st.one_of(st.integers(1, 3), st.integers(4, 40)),
        st.integers(0, 10**6),
        st.sampled_from((Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(15, 16))),
    )


def barely_correlated() -> tuple[CorrelatedStart]:
    """Two points with mu of about 1/16 and starts that may be deep: sides are taken long after mu = 1 would have it."""
    inputs = ((Fraction(1), Fraction(0)), (Fraction(1, 16), Fraction(1)))
    return (CorrelatedStart(Dataset(inputs, (Fraction(1), Fraction(1))), 40, 0, Fraction(15, 16)),)


@composite
def any_starts(draw: st.DrawFn) -> EarlyStart:
    """Correlated data in the plane and in space with an unrestricted balanced start."""
    data, width = draw(correlated_datasets((1, 5), (2, 3))), draw(st.integers(1, 40))
    below = Fraction(1, 10 ** draw(st.integers(0, 3)))
    return EarlyStart(
        data, "logistic", Fraction(0), width, "balanced", draw(st.integers(0, 10**6)), Fraction(1, 2), below
    )
