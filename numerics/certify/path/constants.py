"""The constants of the proof by condition (P), theory.md 9.2, each a rational on the safe side of its formula."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import flint

from ..every_start.cone import Vector, dot
from ..every_start.constants import DataConstants
from ..instance import Ball, ball, rational_above, rational_below
from .curve import LimitPath
from .tube import PathTube

TANGENTS = tuple(Fraction(1, 2**power) for power in range(3, 14))
"""The values of v_0 that are tried, in order: the radius of the tube is 2 v_0 at the start."""


@dataclass(frozen=True)
class PathConstants:
    """The constants of the proof.

    At least their formulas: `activation` T_a, `death` T_d, `largest` M, `length`, `distance` and `exponent`, log10 of
    1/lambda_0. At most their formulas: `size` s_y, `turning` min_A 2 xi r_A min(delta, u_in(A)), `mu`, `growth`
    gamma_0 and `least` s_min. Chosen: `zeta`, `xi`, `tangent` v_0, `entry` q_0, `epsilon` and `eta` eta_2.
    """

    zeta: Fraction
    xi: Fraction
    size: Fraction
    activation: Fraction
    death: Fraction
    turning: Fraction
    mu: Fraction
    largest: Fraction
    tangent: Fraction
    entry: Fraction
    epsilon: Fraction
    growth: Fraction
    eta: Fraction
    length: Fraction
    least: Fraction
    distance: Fraction
    exponent: Fraction


@dataclass(frozen=True)
class TubeStart:
    """Where a tube begins: at `first`, a multiple of b; `tangent`, `entry`, `epsilon`, `growth` as in PathConstants."""

    tangent: Fraction
    entry: Fraction
    epsilon: Fraction
    growth: Fraction
    first: Vector

    @property
    def radius(self) -> Fraction:
        """R_0 = 2 v_0."""
        return 2 * self.tangent

    @property
    def size(self) -> Ball:
        """c_0."""
        return ball(dot(self.first, self.first)).sqrt()

    def tightness(self, path: LimitPath) -> Fraction:
        """A value of eta_2 that hardly widens the tube, nor makes neurons inactive."""
        most = min(1 / 64, path.least_cosine**2 / 128, float(self.radius) / (8 * path.effort))
        return Fraction(2) ** math.floor(math.log2(most))


def tube_starts(known: DataConstants) -> Iterator[TubeStart]:
    """The starts that are tried, those with the largest lambda_0 first; each satisfies the conditions of the entry."""
    fit, r, M = known.fit, known.r, ball(known.largest)
    for v in TANGENTS:
        t, epsilon = ball(v), v / 2
        sines = (ball(dot(fit.b, x)) / (r * ball(dot(x, x)).sqrt()) for x in fit.data.inputs)
        if not all(2 * t / (1 + t * t) < sine for sine in sines):
            continue
        entry = rational_below(2 * t * r / (M * (1 + t * t)) * (1 - flint.arb(2) ** -40))
        growth = rational_below(r * (1 - t * t) / (1 + t * t) - M * ball(entry))
        part = rational_below(ball(1 - 32 * epsilon**2).sqrt() * ball(entry) / r)
        if growth > 0:
            yield TubeStart(v, entry, epsilon, growth, tuple(part * value for value in fit.b))


def path_constants(known: DataConstants, start: TubeStart, tube: PathTube, eta: Fraction) -> PathConstants:
    """All constants, once the tube is known."""
    outward = 1 + flint.arb(2) ** -30  # the bounds of a checker with other roundings are worse by less than this
    length, least = rational_above(tube.length * outward), rational_below(tube.least / outward)
    early = 8 * ball(start.epsilon / start.growth) * (known.r + ball(known.largest * start.entry))
    late = (3 * ball(eta) + 2 * (2 * ball(eta)).sqrt()) * ball(length)
    tight = ball(eta * least / 32).log() - 2 * early - late
    twice = 2 * ball(start.epsilon).log()
    others = start.size.min(known.r * ball(start.epsilon / known.mean_square))
    activation, death = known.phase_one(float(others.min((tight - twice).exp())))
    late_death, turning = rational_above(death.time), rational_below(death.turning)
    small = twice + ball(min(activation.size, turning / (2 * known.mean_square))).min(others).log()
    grown = ball(known.start.bound).log() + 2 * known.r * ball(max(activation.time, late_death))
    exponent = float(((grown - small.min(tight)) / (2 * flint.arb(10).log())).upper())
    return PathConstants(
        zeta=activation.zeta,
        xi=death.xi,
        size=activation.size,
        activation=activation.time,
        death=late_death,
        turning=turning,
        mu=known.mu,
        largest=known.largest,
        tangent=start.tangent,
        entry=start.entry,
        epsilon=start.epsilon,
        growth=start.growth,
        eta=eta,
        length=length,
        least=least,
        distance=tube.distance,
        exponent=Fraction(math.ceil(exponent * 1000), 1000),
    )
