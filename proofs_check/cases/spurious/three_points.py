"""Three points in the plane, as the assumption T(eta) has them (theory.md 5), with a start."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import numpy as np
from sympy import Expr, Poly, Rational

from ....numerics.data.dataset import Dataset
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import RANGES
from ...claim.draws import composite, st
from ..early.early_starts import EarlyStart


def assumption_in_words(bound: str) -> str:
    """T(eta) in words, from its intervals, with what is asked of eta."""
    shown = [f"{'[('[entry.low_open]}{entry.low}, {entry.high}{'])'[entry.high_open]}" for entry in RANGES]
    places = [f"x_{k} in {shown[2 * k - 2]} x {shown[2 * k - 1]}" for k in (1, 2, 3)]
    values = [f"y_{k} in {shown[5 + k]}" for k in (1, 2, 3)]
    return f"{', '.join(places)}; {', '.join(values)}; {bound}; square loss, ReLU"


ASSUMPTION = assumption_in_words(f"eta < {points.PUBLISHED}")
"""T(eta), a hypothesis of the claims in claims/spurious."""
PARTS = 32
"""Data are drawn at multiples of 1/PARTS of their intervals."""


def data_at(eta: Fraction, share: Callable[[int, int], int]) -> Dataset:
    """Data in T(eta): `share(low, high)` draws an integer, the place in each interval in units of 1/PARTS.

    The ends of the intervals are drawn too where they belong to T(eta).
    """
    values = []
    for entry in RANGES:
        low, high = (_at(end, eta) for end in (entry.low, entry.high))
        place = share(int(entry.low_open), PARTS - int(entry.high_open))
        values.append(low + (high - low) * Fraction(place, PARTS))
    p1, q1, p2, q2, p3, q3, *labels = values
    return Dataset(((p1, q1), (p2, q2), (p3, q3)), tuple(labels))


def _at(end: Expr, eta: Fraction) -> Fraction:
    """The end of an interval, which is linear in eta."""
    constant, slope = (Fraction(int(value.p), int(value.q)) for value in _linear(end))
    return constant + slope * eta


@cache
def _linear(end: Expr) -> tuple[Rational, Rational]:
    slope, constant = Poly(end, points.eta).coeff_monomial(points.eta), Poly(end, points.eta).coeff_monomial(1)
    return Rational(constant), Rational(slope)


@composite
def three_points(draw: st.DrawFn, largest: int = 15) -> Dataset:
    """Data in T(eta), eta up to `largest`/96, by default below 1/6, ends of the ranges included."""
    eta = Fraction(draw(st.integers(1, largest)), 96)
    return data_at(eta, lambda low, high: draw(st.integers(low, high)))


def random_three_points(rng: np.random.Generator, below: Fraction = Fraction(1, 6)) -> Dataset:
    """Random rational data in T(eta) with eta < `below`, ends of the ranges included."""
    eta = Fraction(int(rng.integers(1, 64)), 64) * Fraction(below.numerator, below.denominator)
    return data_at(eta, lambda low, high: int(rng.integers(low, high + 1)))


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
