"""The constants of Theorem A (theory.md 9.1), each a rational number on the safe side of its formula."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import flint
import numpy as np

from ...errors import InputError
from ..errors import Undecided
from ..instance import Ball, ball, rational_above, rational_below
from .activation import Activation, activation_square, active_cells
from .cone import Facet, LinearFit, dot, slope_square
from .death import Death, death_of, half_tangent

ZETAS = tuple(1 - Fraction(k, 2**power) for power in range(3, 11) for k in (4, 3))
XIS = tuple(Fraction(1, 2**power) for power in range(1, 7))
"""The values of zeta and xi that are tried; theory.md 9.1 has 1/2 for both."""


@dataclass(frozen=True)
class StartBounds:
    """What Theorem A asks of a start: sum a_j^2 <= `bound` lambda^2, and tan(theta/2) >= `delta` where a < 0."""

    delta: Fraction = Fraction(1, 10)
    bound: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if not 0 < self.delta < 1:
            raise InputError(f"delta is {self.delta}; it must be greater than 0 and less than 1")
        if not self.bound > 0:
            raise InputError(f"the bound on sum a^2/lambda^2 is {self.bound}; it must be greater than 0")


@dataclass(frozen=True)
class Constants:
    """The constants of the proof in their order.

    Chosen: `zeta` and `xi`. At least their formulas: `activation` T_a, `death` T_d, `largest` M, `radius` R_E,
    `drift` bar D, `path` Lambda and `exponent`, log10 of 1/lambda_0. At most their formulas: `size` s, `turning`
    min_A 2 xi r_A min(delta, u_in(A)), `tangent` tan(alpha/2), `mu`, `slope` c_C, `q0`, `q1`, `eta` eta_2 and
    `epsilon`.
    """

    zeta: Fraction
    xi: Fraction
    size: Fraction
    activation: Fraction
    death: Fraction
    turning: Fraction
    tangent: Fraction
    mu: Fraction
    largest: Fraction
    radius: Fraction
    drift: Fraction
    slope: Fraction
    q0: Fraction
    q1: Fraction
    path: Fraction
    eta: Fraction
    epsilon: Fraction
    exponent: Fraction


@dataclass(frozen=True)
class Reach:
    """Where the bundle can be, step (2a): ||S|| <= `radius` R_E, ||D|| <= `drift` bar D, and M <= `largest`.

    In Theorem A' the loss of S may exceed that of 0 by `gap`, and D differs from b - H S by at most `lost`.
    """

    radius: Fraction
    drift: Fraction
    largest: Fraction
    gap: Fraction = Fraction(0)
    lost: Fraction = Fraction(0)

    def spread(self, eta: Any) -> tuple[Any, Any]:
        """Step (2b), in balls or floats: how far outside E beta_0 may be, and a bound of ||beta - beta_0||."""
        floats = isinstance(eta, float)
        root: Callable[[Any], Any] = math.sqrt if floats else lambda value: value.sqrt()
        radius, drift, largest, gap = (
            float(value) if floats else ball(value) for value in (self.radius, self.drift, self.largest, self.gap)
        )
        most, wide = radius / root(1 - eta), root(2 * eta)
        return 2 * drift * most * wide + 2 * largest * most * most * eta + 2 * gap, most * wide


@dataclass(frozen=True)
class DataConstants:
    """What does not depend on the cone: ||b||, R_2, and constants of the proof under the names of `Constants`.

    `activations` and `deaths` are the constants of phase 1 for each zeta and each xi that is tried.
    """

    fit: LinearFit
    start: StartBounds
    r: Ball
    mean_square: Fraction
    mu: Fraction
    largest: Fraction
    radius: Fraction
    drift: Fraction
    activations: tuple[Activation, ...]
    deaths: tuple[Death, ...]

    @property
    def reach(self) -> Reach:
        """Where the bundle can be, step (2a)."""
        return Reach(self.radius, self.drift, self.largest)

    @property
    def cells(self) -> int | None:
        """The number of cells gone through, or None where bounds for all sets of points were used."""
        return self.deaths[0].cells

    def phase_one(self, least: float) -> tuple[Activation, Death]:
        """Those with the largest lambda_0, where `least` is the smallest of the other terms of the last inequality."""
        pairs = itertools.product(range(len(ZETAS)), range(len(XIS)))
        i, j = min(pairs, key=lambda pair: self._needed(least, *pair))
        return self.activations[i], self.deaths[j]

    def rough_needed(self, least: float) -> float:
        """The smallest 2 r max(T_a, T_d) - log(terms of the last inequality), in floats."""
        return min(self._needed(least, *pair) for pair in itertools.product(range(len(ZETAS)), range(len(XIS))))

    def _needed(self, least: float, i: int, j: int) -> float:
        (size, activation), (turning, death) = self._rough[0][i], self._rough[1][j]
        return 2 * float(self.r) * max(activation, death) - math.log(min(size, turning, least))

    @cached_property
    def _rough(self) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        twice = 2 * float(self.mean_square)
        return (
            [(float(entry.size), float(entry.time)) for entry in self.activations],
            [(float(entry.turning) / twice, float(entry.time)) for entry in self.deaths],
        )


def first_lost_pull(fit: LinearFit) -> Ball:
    """min_k y_k/||x_k||: no pull is negative while sum a^2 is at most this."""
    pairs = zip(fit.data.inputs, fit.data.labels, strict=True)
    return ball(min(y * y / dot(x, x) for x, y in pairs)).sqrt()


def data_constants(fit: LinearFit, start: StartBounds) -> DataConstants:
    """The constants that do not depend on the cone."""
    squares = [dot(point, point) for point in fit.data.inputs]
    label = first_lost_pull(fit)
    cells = active_cells(fit)
    slowest = ball(activation_square(fit, cells)).sqrt()
    mu, largest = _eigenvalues(fit)
    norm, gain = ball(dot(fit.beta, fit.beta)).sqrt(), ball(fit.gain)
    return DataConstants(
        fit=fit,
        start=start,
        r=ball(dot(fit.b, fit.b)).sqrt(),
        mean_square=sum(squares, Fraction(0)) / fit.data.n,
        mu=mu,
        largest=largest,
        radius=rational_above(norm + (gain / ball(mu)).sqrt()),
        drift=rational_above((ball(largest) * gain).sqrt()),
        activations=tuple(
            Activation(zeta, rational_below(ball(1 - zeta) * label), rational_above(slowest / ball(zeta)))
            for zeta in ZETAS
        ),
        deaths=tuple(death_of(fit, start.delta, cells, xi) for xi in XIS),
    )


def _eigenvalues(fit: LinearFit) -> tuple[Fraction, Fraction]:
    """Rational bounds of the eigenvalues of H: the smallest from below, the largest from above.

    Proposed in floats; accepted when H - mu and M - H are positive definite, which is decided exactly.
    """
    order = range(fit.data.d)
    found = np.linalg.eigvalsh(np.array([[float(entry) for entry in row] for row in fit.H])).tolist()
    for power in range(12, 0, -1):
        part = Fraction(1, 10**power)
        mu, largest = (rational_below(ball(Fraction(value))) for value in (found[0], found[-1]))
        mu, largest = mu * (1 - part), largest * (1 + part)
        low = [[fit.H[i][j] - (mu if i == j else 0) for j in order] for i in order]
        high = [[(largest if i == j else 0) - fit.H[i][j] for j in order] for i in order]
        if mu > 0 and _is_positive_definite(low) and _is_positive_definite(high):
            return rational_below(ball(mu)), rational_above(ball(largest))
    raise Undecided("the inputs are too nearly dependent to bound the smallest eigenvalue of H from below")


def _is_positive_definite(matrix: list[list[Fraction]]) -> bool:
    """By the signs of the leading minors."""
    entries = [[flint.fmpq(entry.numerator, entry.denominator) for entry in row] for row in matrix]
    minors = (flint.fmpq_mat([row[:size] for row in entries[:size]]).det() for size in range(1, len(entries) + 1))
    return all(minor > 0 for minor in minors)


@dataclass(frozen=True)
class RoughExponent:
    """log10(1/lambda_0) in floats, to choose a cone; the values of eta at which a facet fails are remembered."""

    data: DataConstants
    _barriers: dict[tuple[int, Fraction], float] = field(default_factory=dict)

    def __call__(self, facets: Sequence[Facet]) -> float:
        """For the cone with these facets."""
        data, slope = self.data, math.sqrt(slope_square(facets))
        r, mean_square = float(data.r), float(data.mean_square)
        q0 = slope / (2 * float(data.largest))
        q1 = 3 * math.sqrt(3) / 8 * slope * q0 / r
        path = math.sqrt(data.fit.gain / data.mu) / q1
        ratios = 1 / (8 * (4 * float(data.drift) / (math.sqrt(3) * slope) + path) ** 2)
        eta = min(0.25, ratios, *map(self._barrier, facets))
        alpha = math.asin(math.sqrt(min(facet.sine_square for facet in facets)))
        epsilon = min(math.sqrt(eta / 32), math.tan(alpha / 2) / 3)
        needed = data.rough_needed(min(q0, q1 / math.e, r * epsilon / mean_square))
        return (needed - 2 * math.log(epsilon)) / (2 * math.log(10))

    def _barrier(self, facet: Facet) -> float:
        """The value of eta at which step (2b) fails at a facet, at most 1/4."""
        key = facet.point, facet.share
        if key not in self._barriers:
            low, high = -300.0, math.log(0.25)
            while high - low > 1e-4:
                middle = (low + high) / 2
                kept = facet.rough_push(*self.data.reach.spread(math.exp(middle))) > 0
                low, high = (middle, high) if kept else (low, middle)
            self._barriers[key] = math.exp(low)
        return self._barriers[key]


def constants_of(data: DataConstants, facets: Sequence[Facet]) -> Constants:
    """The constants for the cone with these facets, in the order of the proof.

    eta_2 is taken below the value at which step (2b) fails, where theory.md 9.1 takes half of that value.
    """
    fit, three = data.fit, flint.arb(3).sqrt()
    slope = rational_below(ball(slope_square(facets)).sqrt())
    q0 = slope / (2 * data.largest)
    q1 = rational_below(3 * three / 8 * ball(slope * q0) / data.r)
    path = rational_above(ball(fit.gain / data.mu).sqrt() / ball(q1))
    tangent, eta, epsilon = tightness(data.reach, slope, path, facets)
    others = reached_at_alignment(data, q0, q1, epsilon)
    activation, death = data.phase_one(min(map(float, others)))
    late, turning = rational_above(death.time), rational_below(death.turning)
    least = ball(min(activation.size, turning / (2 * data.mean_square))).min(others[0]).min(others[1]).min(others[2])
    grown = ball(data.start.bound).log() + 2 * data.r * ball(max(activation.time, late))
    needed = grown - 2 * ball(epsilon).log() - least.log()
    exponent = rational_above(needed / (2 * flint.arb(10).log()))
    return Constants(
        zeta=activation.zeta,
        xi=death.xi,
        size=activation.size,
        activation=activation.time,
        death=late,
        turning=turning,
        tangent=tangent,
        mu=data.mu,
        largest=data.largest,
        radius=data.radius,
        drift=data.drift,
        slope=slope,
        q0=q0,
        q1=q1,
        path=path,
        eta=eta,
        epsilon=epsilon,
        exponent=Fraction(math.ceil(exponent * 1000), 1000),
    )


def tightness(
    reach: Reach, slope: Fraction, path: Fraction, facets: Sequence[Facet]
) -> tuple[Fraction, Fraction, Fraction]:
    """tan(alpha/2), eta_2 and epsilon of theory.md 9.1, from `slope` c_C and `path` Lambda."""
    ratios = 4 * ball(reach.drift) / (flint.arb(3).sqrt() * ball(slope)) + ball(path)
    eta = below_barrier(reach, facets, min(Fraction(1, 4), rational_below(1 / (8 * ratios**2))))
    tangent = rational_below(half_tangent(min(facet.sine_square for facet in facets)))
    return tangent, eta, min(rational_below((ball(eta) / 32).sqrt()), tangent / 3)


def reached_at_alignment(data: DataConstants, q0: Fraction, q1: Fraction, epsilon: Fraction) -> tuple[Ball, Ball, Ball]:
    """What sum a^2 may be at most once the bundle is aligned: q_0, q_1/e and r epsilon/R_2."""
    return ball(q0), ball(q1) / flint.arb(1).exp(), data.r * ball(epsilon / data.mean_square)


def below_barrier(reach: Reach, facets: Sequence[Facet], most: Fraction) -> Fraction:
    """A number <= `most`, nearly the largest, at which step (2b) is certain at every facet; Undecided if tiny."""

    def kept(eta: Fraction) -> bool:
        slack, distance = reach.spread(ball(eta))
        lost = ball(reach.lost)
        return all(facet.least_push(slack, distance) > lost * ball(facet.square).sqrt() for facet in facets)

    if kept(most):
        return most
    low, high = most / 16, most
    while not kept(low):
        low, high = low / 16, low
        if low < Fraction(1, 2**400):
            raise Undecided("condition (C) of theory.md 9.1 holds with too small a margin to give constants")
    for _ in range(48):
        middle = (low + high) / 2
        low, high = (middle, high) if kept(middle) else (low, middle)
    return rational_below(ball(low))
