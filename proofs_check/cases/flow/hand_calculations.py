"""Single neurons whose flow can be solved by hand: oracles that use no formula of `theory` and none of `numerics`.

The cases lie where a solver is tempted to round: starts all but opposite to their drift, starts that are all but
balanced, rays that hold a neuron until it reaches the origin, and fits that are all but exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ....numerics.data.dataset import Dataset
from ....numerics.rounding import EPS
from ...claim.draws import st
from ..strategies import LEAKS, sliding_datasets

Array = NDArray[np.float64]


@dataclass(frozen=True)
class NearRepeller:
    """One point (p, q) of the plane and one neuron that is `aside` = 2^-k away from the point, across it.

    w = x + aside (-q, p), a = +-(1 + surplus) ||w||, and the label's sign is opposite to that of a: the drift -|y| x/n
    turns w from x to the hyperplane of x.
    """

    point: tuple[int, int]
    label: Fraction
    leak: Fraction
    aside: Fraction
    surplus: Fraction

    @property
    def data(self) -> Dataset:
        """The point and its label."""
        return Dataset((tuple(map(Fraction, self.point)),), (self.label,))

    @property
    def start(self) -> tuple[Array, Array]:
        """a (1,) and w (1, 2)."""
        p, q = self.point
        w = np.array([[float(p - self.aside * q), float(q + self.aside * p)]])
        ratio = float(1 + self.surplus) * (-1 if self.label > 0 else 1)
        return ratio * np.linalg.norm(w, axis=1), w

    @property
    def crossing(self) -> tuple[float, float]:
        """The time at which the neuron reaches the hyperplane of x, and what rounding may add to it.

        With beta = <w, x>/||x|| and rate r = |y| ||x||, beta' = -r |a| and |a|' = -r beta give beta = 0 when
        tanh(r t) = beta/|a|, so r t = log((|a| + beta)/sqrt(a^2 - beta^2)). In units of ||x||^2 the last root is that
        of s = ((1 + surplus)^2 - 1)(1 + aside^2) + aside^2, which a solver knows from rounded a and w: a^2 to some
        roundings of itself, unless it is balanced, and aside to some roundings of 1.
        """
        aside, surplus = float(self.aside), float(self.surplus)
        rate = abs(float(self.label)) * math.hypot(*self.point)
        square = surplus * (2 + surplus) * (1 + aside**2) + aside**2
        output = (1 + surplus) * math.sqrt(1 + aside**2)
        turned = math.log((output + 1) / math.sqrt(square))
        doubt = 8 * EPS * ((output**2 if surplus else 0.0) + aside) / square + 8 * EPS * (1 + turned)
        return turned / rate, doubt / rate


def near_repellers() -> st.SearchStrategy[NearRepeller]:
    """Starts from 1/4 to 2^-40 beside the direction opposite to the drift, balanced or from 2^-3 to 2^-40 above it."""
    whole = st.integers(-4, 4)
    powers = st.integers(2, 40).map(lambda k: Fraction(1, 2**k))
    return st.builds(
        NearRepeller,
        st.tuples(whole, whole).filter(any),
        st.sampled_from((Fraction(-1), Fraction(3, 2), Fraction(-1, 2), Fraction(2))),
        st.sampled_from(LEAKS),
        powers,
        st.one_of(st.just(Fraction(0)), st.integers(3, 40).map(lambda k: Fraction(1, 2**k))),
    )


@dataclass(frozen=True)
class Sinking:
    """A strictly dominated neuron with a > 0 that starts on the ray (1, 0), held there by the first point.

    `data` are x = (0, 1), (s, 1), (1, 1) with labels -low, high, -last. On the ray the last two points push along
    (high s - last, high - last)/3, and the first can cancel the second entry with a slope between 0 and 1.
    """

    data: Dataset
    ratio: Fraction

    @property
    def pinned(self) -> bool:
        """Whether the first point holds the neuron, and the drift is against it."""
        slope = -(self.data.labels[1] + self.data.labels[2]) / self.data.labels[0]
        return 0 < slope < 1 and self.along < 0

    @property
    def along(self) -> Fraction:
        """The drift along the ray."""
        return (self.data.labels[1] * self.data.inputs[1][0] + self.data.labels[2] * self.data.inputs[2][0]) / 3

    @property
    def start(self) -> tuple[Array, Array]:
        """a (1,) and w (1, 2)."""
        return np.array([float(self.ratio)]), np.array([[1.0, 0.0]])

    @property
    def sunk(self) -> float:
        """The time at which w = 0: (w/a)' = -r (1 - (w/a)^2), so that artanh(w/a) falls at the rate r."""
        return math.atanh(1 / float(self.ratio)) / -float(self.along)


def sinking() -> st.SearchStrategy[Sinking]:
    """Pinned neurons with a/||w|| from 9/8 to 4, or all but balanced."""
    ratios = st.one_of(
        st.integers(9, 32).map(lambda value: Fraction(value, 8)),
        st.integers(4, 20).map(lambda k: 1 + Fraction(1, 2**k)),
    )
    return st.builds(Sinking, sliding_datasets(), ratios).filter(lambda case: case.pinned)


@dataclass(frozen=True)
class Fit:
    """One point x = (p, q) with a positive label, and one balanced neuron along it: h follows a logistic curve."""

    point: tuple[int, int]
    label: Fraction
    share: Fraction

    @property
    def data(self) -> Dataset:
        """The point and its label."""
        return Dataset((tuple(map(Fraction, self.point)),), (self.label,))

    @property
    def start(self) -> tuple[Array, Array]:
        """a (1,) and w (1, 2) = share x."""
        w = float(self.share) * np.array([self.point], dtype=float)
        return np.linalg.norm(w, axis=1), w

    @property
    def rate(self) -> float:
        """r = y ||x||."""
        return float(self.label) * math.hypot(*self.point)

    def output(self, times: Array) -> Array:
        """h (T,): h' = 2 ||x|| h (y - h), as a^2 = h/||x|| and a' = a ||x|| (y - h)."""
        y, begin = float(self.label), float(self.share) ** 2 * math.hypot(*self.point) ** 3
        return np.asarray(y / (1 + (y / begin - 1) * np.exp(-2 * self.rate * times)))


def fits() -> st.SearchStrategy[Fit]:
    """Neurons with an output below their label or above it."""
    whole = st.integers(1, 4)
    shares = st.integers(1, 16).map(lambda value: Fraction(value, 32))
    return st.builds(Fit, st.tuples(whole, whole), st.integers(1, 6).map(lambda v: Fraction(v, 2)), shares)
