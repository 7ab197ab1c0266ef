"""Cases for `flow.descent-order`: starts and how long their flows and descents may last."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.problem import Problem
from ...claim.draws import st
from ...kinds.model_points import Example, number
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
    """Random cases in dimensions up to 30."""
    sampled = st.sampled_from
    return st.builds(
        Descending, st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 30), st.integers(1, 8), sampled(LOSSES),
        sampled(LEAKS), sampled(SIZES), sampled(SHARES), sampled(STEPS),
    )  # fmt: skip


def random_case(rng: np.random.Generator) -> Descending:
    """One of them, with 8 steps."""
    n, d, m = (int(rng.integers(1, most + 1)) for most in (6, 30, 8))
    leak = LEAKS[int(rng.integers(len(LEAKS)))]
    loss, size = str(rng.choice(LOSSES)), float(rng.choice(SIZES))
    return Descending(int(rng.integers(10**6)), n, d, m, loss, leak, size, 0.1, 8)


def sharp() -> tuple[Descending, ...]:
    """One balanced neuron that fits one point: ||theta_1 - theta(H)|| = ||theta_0|| (e^H - 1 - H) up to its output."""
    return tuple(
        Descending(0, 1, 1, 1, "square", Fraction(0), 1e-3, share, steps, aligned=True)
        for share, steps in ((0.02, 1), (0.02, 4), (0.1, 2))
    )


def one_point(source: random.Random) -> Example:
    """A balanced neuron on one point x > 0 with the label y > 0: descent in rationals, the flow in closed form.

    With w = a, u = a^2 and p = y - x u the flow is u' = 2 x u (y - x u), so that x u/(y - x u) grows like e^{2 x y t},
    and a step multiplies a by 1 + H x p. The output stays below the label, so that u is largest at the end.
    """
    x, y = Fraction(source.randint(2, 6), 4), Fraction(source.randint(2, 8), 4)
    size, step, steps = Fraction(1, source.randint(16, 64)), Fraction(1, source.randint(16, 64)), source.randint(1, 4)
    a = size
    for _ in range(steps):
        a *= 1 + step * x * (y - x * a * a)
    time = steps * step
    odds = number(x * size**2 / (y - x * size**2)) * (2 * number(x * y * time)).exp()
    reached = number(y / x) * odds / (1 + odds)
    largest = 2 * number(a * a).max(reached)
    values = {
        "descent_gap": number(Fraction(2)).sqrt() * abs(reached.sqrt() - number(a)),
        "H": step,
        "t": time,
        "q": x * y,
        "N": largest,
        "r": number(x * x) * largest,
    }
    return Example(values, {}, {"x": str(x), "y": str(y), "a = w": str(size), "H": str(step), "k": str(steps)})
