"""The constants of Theorem A' (theory.md 9.3, "The scale"), each a rational number on the safe side of its formula."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from ..errors import Undecided
from ..every_start.activation import Activation
from ..every_start.cone import Facet, slope_square
from ..every_start.constants import Reach, first_lost_pull, reached_at_alignment, tightness
from ..instance import Ball, ball, rational_above, rational_below
from .setting import ThreePoints

HALVINGS_OF_LEVEL = range(4)
"""Delta_e is tried as the largest that is allowed, over these powers of 2."""
HALVINGS_OF_FEW = range(4, 61, 4)
"""nu is tried as Delta_e over these powers of 2."""
SLACK = Fraction(15, 16)
"""The part of r_0 X c^2/(8 n) that ||D|| takes near beta* before the a < 0 neurons' share is added."""


@dataclass(frozen=True)
class Stages:
    """The constants of the growth and of the stages after it.

    Chosen: `few` nu and `level` Delta_e. At most their formulas: `slope` c_C, `q0`, `q1` and `share` theta. At least
    their formulas: `gap` g, `stage` tau_e, `mass` B, `growth` W, `path` Lambda, and those of `reach`.
    """

    slope: Fraction
    q0: Fraction
    few: Fraction
    gap: Fraction
    level: Fraction
    share: Fraction
    q1: Fraction
    stage: Fraction
    mass: Fraction
    growth: Fraction
    path: Fraction
    reach: Reach


@dataclass(frozen=True)
class DataOnlyConstants:
    """The constants of a certificate, in the order of the proof.

    Chosen: `zeta`, `few` nu and `level` Delta_e. At least their formulas: `activation` T_a, `largest` M, `gap` g,
    `stage` tau_e, `mass` B, `growth` W, `radius` R_E, `drift` bar D, `path` Lambda and `exponent`, log10 of 1/lambda_0.
    At most their formulas: `size` s, `tangent` tan(alpha/2), `mu`, `slope` c_C, `q0`, `share` theta, `q1`, `eta` eta_2
    and `epsilon`.
    """

    zeta: Fraction
    size: Fraction
    activation: Fraction
    tangent: Fraction
    mu: Fraction
    largest: Fraction
    slope: Fraction
    q0: Fraction
    few: Fraction
    gap: Fraction
    level: Fraction
    share: Fraction
    q1: Fraction
    stage: Fraction
    mass: Fraction
    growth: Fraction
    radius: Fraction
    drift: Fraction
    path: Fraction
    eta: Fraction
    epsilon: Fraction
    exponent: Fraction


def largest_level(three: ThreePoints) -> Fraction:
    """The largest Delta_e with 36 n Delta_e <= r_0^2 and (3/2) sqrt(M Delta_e) <= 15/16 r_0 X c^2/(8 n)."""
    turn = ball(SLACK) * three.turn
    return min(three.residual**2 / 108, rational_below(4 * turn**2 / (9 * ball(three.known.largest))))


def choices(three: ThreePoints, slope: Fraction) -> Iterator[Stages]:
    """The stages for the values of Delta_e and nu that are tried and allowed."""
    largest = largest_level(three)
    for halvings in HALVINGS_OF_LEVEL:
        for more in HALVINGS_OF_FEW:
            level = largest / 2**halvings
            found = stages(three, slope, level, level / 2**more)
            if found is not None:
                yield found


def stages(three: ThreePoints, slope: Fraction, level: Fraction, few: Fraction) -> Stages | None:
    """The constants of the stages for a cone with c_C >= `slope`, or None where a side condition fails."""
    known = three.known
    mean, mu, M = ball(known.mean_square), ball(known.mu), ball(known.largest)
    lost = known.mean_square * few
    gap = rational_above(2 * ball(few) * (2 * ball(three.loss_at_zero) * mean).sqrt() + 2 * ball(few) ** 2 * mean)
    q0 = min(slope / (2 * known.largest), rational_below(first_lost_pull(three.fit)))
    first = 3 * flint.arb(3).sqrt() / 8 * ball(slope * q0)
    q1 = rational_below((first - ball(2 * gap)) / known.r)
    whole, start = ball(three.excess - gap), ball(three.excess + gap) - first
    if not (q1 > 0 and start > ball(level) and _near_enough(three, level, few, gap)):
        return None
    left = (2 * mu * ball(level - gap)).sqrt() - ball(lost)
    share = rational_below(left**2 / (2 * mu * ball(level)))
    rate, last = known.r / (2 * mu * ball(share)), first - ball(2 * gap)
    stage = rational_above(rate / whole * (start * (whole - ball(level)) / (ball(level) * last)).log())
    mass = rational_above(rate * ((whole - ball(level)) / last).log())
    end = rational_above((2 * ball(level) / mu).sqrt() / ball(q1)) + Fraction(1, 2)
    middle = (2 * mean * ball(stage) * (ball(three.fit.loss) * ball(stage) + ball(mass))).sqrt()
    beta_square = sum((entry * entry for entry in three.fit.beta), Fraction(0))
    return Stages(
        slope=slope,
        q0=q0,
        few=few,
        gap=gap,
        level=level,
        share=share,
        q1=q1,
        stage=stage,
        mass=mass,
        growth=rational_above(middle + ball(end)),
        path=rational_above((2 * start / (mu * ball(share))).sqrt() / ball(q1) + ball(end)),
        reach=Reach(
            radius=rational_above(ball(beta_square).sqrt() + (2 * ball(three.excess + gap) / mu).sqrt()),
            drift=rational_above((2 * M * ball(three.excess + gap)).sqrt() + ball(lost)),
            largest=known.largest,
            gap=gap,
            lost=lost,
        ),
    )


def _near_enough(three: ThreePoints, level: Fraction, few: Fraction, gap: Fraction) -> bool:
    """The conditions on Delta_e and nu, with those that make theta positive."""
    known, lost = three.known, ball(three.known.mean_square * few)
    drift = 3 * (ball(known.largest) * ball(level)).sqrt() / 2 + lost
    return (
        8 * gap <= level
        and 108 * level <= three.residual**2
        and 16 * few**2 * three.longest_square <= three.residual**2
        and drift <= three.turn
        and (2 * ball(known.mu) * ball(level - gap)).sqrt() > lost
    )


def spent(three: ThreePoints, found: Stages) -> float:
    """2 W + log(C_0/nu), in floats: lambda_0 is at most e^-half of it."""
    return 2 * float(found.growth) + math.log(three.known.start.bound) - _log(found.few)


def _log(value: Fraction) -> float:
    return math.log(value.numerator) - math.log(value.denominator)


def best_stages(three: ThreePoints, facets: Sequence[Facet]) -> Stages:
    """Those with the largest lambda_0 that the growth of the a < 0 neurons allows; Undecided if none is allowed."""
    slope = rational_below(ball(slope_square(facets)).sqrt())
    found = min(choices(three, slope), key=lambda stage: spent(three, stage), default=None)
    if found is None:
        raise Undecided("no level of the loss near least squares was found at which Theorem A' can be made explicit")
    return found


def constants_of(three: ThreePoints, facets: Sequence[Facet]) -> DataOnlyConstants:
    """The constants for the cone with these facets, in the order of the proof."""
    known, found = three.known, best_stages(three, facets)
    tangent, eta, epsilon = tightness(found.reach, found.slope, found.path, facets)
    others = reached_at_alignment(known, found.q0, found.q1, epsilon)
    aligned = min((_alignment(three, entry, epsilon, others) for entry in known.activations), key=lambda pair: pair[0])
    log_bound = ball(known.start.bound).log()
    grown = log_bound + 2 * ball(found.growth) - ball(found.few).log()
    exponent = max(aligned[0], rational_above(grown / (2 * flint.arb(10).log())))
    return DataOnlyConstants(
        zeta=aligned[1].zeta,
        size=aligned[1].size,
        activation=aligned[1].time,
        tangent=tangent,
        mu=known.mu,
        largest=known.largest,
        slope=found.slope,
        q0=found.q0,
        few=found.few,
        gap=found.gap,
        level=found.level,
        share=found.share,
        q1=found.q1,
        stage=found.stage,
        mass=found.mass,
        growth=found.growth,
        radius=found.reach.radius,
        drift=found.reach.drift,
        path=found.path,
        eta=eta,
        epsilon=epsilon,
        exponent=Fraction(math.floor(exponent * 1000) + 1, 1000),
    )


def _alignment(
    three: ThreePoints, entry: Activation, epsilon: Fraction, others: Sequence[Ball]
) -> tuple[Fraction, Activation]:
    """The exponent that phase 1 needs with these constants of activation."""
    least = ball(entry.size).min(others[0]).min(others[1]).min(others[2])
    needed = ball(three.known.start.bound).log() + 2 * three.known.r * ball(entry.time)
    needed = needed - 2 * ball(epsilon).log() - least.log()
    return rational_above(needed / (2 * flint.arb(10).log())), entry
