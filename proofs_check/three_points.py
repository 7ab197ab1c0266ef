"""Three points in the plane, as the assumption T(eta) has them (theory.md 5), with a start."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..numerics.dataset import Dataset
from .draws import composite, st
from .early_starts import EarlyStart

ASSUMPTION = (
    "x_1 in (-1, -1+eta] x [1, 1+eta], x_2 in [-eta, eta] x [1-eta, 1+eta], x_3 in [1-eta, 1) x [1, 1+eta]; "
    "y_1, y_3 in [1, 1+eta], y_2 in (0, eta]; eta < 1/6; square loss, ReLU"
)
"""T(eta), a hypothesis of the claims in claims/spurious."""


@composite
def three_points(draw: st.DrawFn) -> Dataset:
    """Data in T(eta), eta up to 15/96 < 1/6, ends of the ranges included."""
    eta = Fraction(draw(st.integers(1, 15)), 96)
    from_zero, above_zero = (st.integers(low, 16).map(lambda k: eta * Fraction(k, 16)) for low in (0, 1))
    side = st.integers(-16, 16).map(lambda k: eta * Fraction(k, 16))
    inputs = (
        (-1 + draw(above_zero), 1 + draw(from_zero)),
        (draw(side), 1 + draw(side)),
        (1 - draw(above_zero), 1 + draw(from_zero)),
    )
    return Dataset(inputs, (1 + draw(from_zero), draw(above_zero), 1 + draw(from_zero)))


def random_three_points(rng: np.random.Generator, below: Fraction = Fraction(1, 6)) -> Dataset:
    """Random rational data in T(eta) with eta < `below`, ends of the ranges included."""
    eta = Fraction(int(rng.integers(1, 64)), 64) * Fraction(below.numerator, below.denominator)

    def share(low: int, high: int) -> Fraction:
        return eta * Fraction(int(rng.integers(low, high + 1)), 16)

    inputs = (
        (-1 + share(1, 16), 1 + share(0, 16)),
        (share(-16, 16), 1 + share(-16, 16)),
        (1 - share(1, 16), 1 + share(0, 16)),
    )
    return Dataset(inputs, (1 + share(0, 16), share(1, 16), 1 + share(0, 16)))


@composite
def three_point_starts(
    draw: st.DrawFn, widths: st.SearchStrategy[int], epsilon: Fraction = Fraction(1, 4), farthest: int = 6
) -> EarlyStart:
    """T(eta) data and a dominated start; lambda from the largest allowed down to 10^-farthest of it."""
    return EarlyStart(
        data=draw(three_points()),
        loss="square",
        leak=Fraction(0),
        width=draw(widths),
        kind=draw(st.sampled_from(("balanced", "dominated"))),
        seed=draw(st.integers(0, 10**6)),
        epsilon=epsilon,
        below=Fraction(1, 10 ** draw(st.integers(0, farthest))),
    )
