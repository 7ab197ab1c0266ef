"""Cases for `flow.descent-order`: starts and how long their flows and descents may last."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.problem import Problem
from ...claim.draws import st
from ..strategies import LEAKS, signed_eighths


@dataclass(frozen=True)
class Descending:
    """Data and neurons by a seed, n points in R^d and m neurons; `steps` steps up to the time `share`/q.

    q = (1/n) sum |p_k(0)| ||x_k|| is the fastest rate at h = 0. The weights have the size `size`; with `aligned` there
    is one balanced neuron along one point with the label 1 instead, whose distance is the stated one for short times.
    """

    seed: int
    n: int
    d: int
    m: int
    loss: str
    leak: Fraction
    size: float
    share: float
    steps: int
    aligned: bool = False

    @property
    def problem(self) -> Problem:
        """The problem, exact."""
        if self.aligned:
            return Problem(Dataset(((Fraction(1),),), (Fraction(1),)), self.loss, self.leak)
        rng = np.random.default_rng(self.seed)
        labels = signed_eighths(rng, 2, (self.n,))
        if self.loss == "logistic":
            labels = np.array([Fraction(1 if label > 0 else -1) for label in labels], dtype=object)
        points = tuple(map(tuple, signed_eighths(rng, 2, (self.n, self.d))))
        return Problem(Dataset(points, tuple(labels)), self.loss, self.leak)

    @property
    def start(self) -> Network:
        """The neurons, neither balanced nor dominated in general."""
        if self.aligned:
            return Network(np.array([self.size]), np.array([[self.size]]))
        rng = np.random.default_rng((self.seed, 1))
        return Network(self.size * rng.standard_normal(self.m), self.size * rng.standard_normal((self.m, self.d)))


LOSSES = ("square", "logistic")
SIZES, SHARES, STEPS = (1e-3, 0.1, 0.5), (0.02, 0.1, 0.4), (1, 2, 5, 20, 100)


def descending() -> st.SearchStrategy[Descending]:
    """Random cases in dimensions up to 12."""
    sampled = st.sampled_from
    return st.builds(
        Descending, st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 12), st.integers(1, 8), sampled(LOSSES),
        sampled(LEAKS), sampled(SIZES), sampled(SHARES), sampled(STEPS),
    )  # fmt: skip


def random_case(rng: np.random.Generator) -> Descending:
    """One of them, with 8 steps."""
    n, d, m = (int(rng.integers(1, most + 1)) for most in (6, 12, 8))
    leak = LEAKS[int(rng.integers(len(LEAKS)))]
    loss, size = str(rng.choice(LOSSES)), float(rng.choice(SIZES))
    return Descending(int(rng.integers(10**6)), n, d, m, loss, leak, size, 0.1, 8)


def sharp() -> tuple[Descending, ...]:
    """One balanced neuron that fits one point: ||theta_1 - theta(H)|| = ||theta_0|| (e^H - 1 - H) up to its output."""
    return tuple(
        Descending(0, 1, 1, 1, "square", Fraction(0), 1e-3, share, steps, aligned=True)
        for share, steps in ((0.02, 1), (0.02, 4), (0.1, 2))
    )
