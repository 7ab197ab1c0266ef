"""The weights of a two-layer network h(x) = sum_j a_j sigma(<w_j, x>) (docs/theory.md 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError


class Weights(Protocol):
    """Anything with output weights `a` (m,) and input weights `w` (m, d): a `Network`, a `Start`, a finished run."""

    @property
    def a(self) -> NDArray[np.float64]:
        """Output weights (m,)."""

    @property
    def w(self) -> NDArray[np.float64]:
        """Input weights (m, d)."""


@dataclass(frozen=True, init=False, eq=False)
class Network:
    """Output weights `a` (m,) and input weights `w` (m, d) of m neurons."""

    a: NDArray[np.float64]
    w: NDArray[np.float64]

    def __init__(self, a: ArrayLike, w: ArrayLike) -> None:
        object.__setattr__(self, "a", np.asarray(a, dtype=np.float64))
        object.__setattr__(self, "w", np.asarray(w, dtype=np.float64))

    @classmethod
    def empty(cls, d: int) -> Network:
        """No neurons, in R^d."""
        return cls(np.zeros(0), np.zeros((0, d)))

    def outputs(self, X: NDArray[np.float64], leak: float) -> NDArray[np.float64]:
        """The outputs h (n,) at the points X (n, d), for an activation with this leak."""
        z = X @ self.w.T
        return np.where(z > 0, z, leak * z) @ self.a

    @property
    def norm(self) -> float:
        """||theta||^2 / 2."""
        return float(np.sum(self.a**2) + np.sum(self.w**2)) / 2


def check_network(network: Weights, d: int) -> None:
    """Raise InputError unless the network has neurons in R^d, all of whose weights are finite."""
    a, w = network.a, network.w
    if a.ndim != 1 or w.shape != (len(a), d):
        raise InputError(
            f"the network has shapes a {a.shape} and w {w.shape}; for d = {d} they must be (m,) and (m, {d})"
        )
    bad = np.flatnonzero(~(np.isfinite(a) & np.isfinite(w).all(axis=1)))
    if len(bad):
        raise InputError(f"neuron {bad[0]} of the network has a weight that is not a finite number")
