"""The tube around the limit path, one segment at a time (theory.md 9.2).

A segment is a curve C of degree 2 with control points A, M, B. Around it the tube holds the S with V(S; C) <= R^2/2,
where V is the function of theory.md 9.2, and R changes linearly along the segment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..every_start import Setting
from ..intervals import exactly
from ..plane import need
from ..spaces import Row, inner
from .bernstein import Curve, Polynomial, coefficients, inner_product, longest_square, plus, stretched

ROOT_2 = Fraction(17, 12)
"""At least the root of 2; half of it is at least the root of 1/2."""


@dataclass(frozen=True)
class Segment:
    """The control points A, M, B, the radius at A and at B, and the growth rate of V."""

    controls: tuple[Row, Row, Row]
    radii: tuple[Fraction, Fraction]
    rate: Fraction


def segments_of(path: dict[str, Any]) -> list[Segment]:
    """The segments of the field `path` of a certificate."""
    points, radii = path["points"], path["radii"]
    return [
        Segment((points[2 * i], points[2 * i + 1], points[2 * i + 2]), (radii[i], radii[i + 1]), rate)
        for i, rate in enumerate(path["rates"])
    ]


@dataclass(frozen=True)
class Crossing:
    """What a segment adds to the bound of the integral of ||D||, and a lower bound of ||S|| in it."""

    length: Fraction
    least: Fraction


def above(square: Fraction) -> Fraction:
    """A number at least the root."""
    return exactly(square).root().high


def below(square: Fraction) -> Fraction:
    """A number at most the root."""
    return exactly(square).root().low


def apart(radius: Fraction) -> Fraction:
    """A bound of ||S - C||/||C|| in a tube of this radius."""
    return ROOT_2 * radius / (1 - ROOT_2 / 2 * radius)


@dataclass(frozen=True)
class Bounds:
    """Bounds along a segment.

    `near` <= ||C|| <= `far`, `slow` <= <D, C> with D = b - H C, `drift` >= ||D||, `turn` >= ||D - <D, c> c|| with
    c = C/||C||, `quick` <= d sigma/du <= `late`, `defect` >= ||delta|| d sigma/du.
    """

    near: Fraction
    far: Fraction
    slow: Fraction
    drift: Fraction
    turn: Fraction
    quick: Fraction
    late: Fraction
    defect: Fraction


def bounds_along(setting: Setting, controls: Sequence[Row], name: str) -> Bounds:
    """The bounds, from the Bernstein coefficients of polynomials in the parameter u of the curve."""
    start, middle, end = controls
    curve: Curve = [(p, 2 * q, r) for p, q, r in zip(start, middle, end, strict=True)]
    velocity: Curve = [(2 * (q - p), 2 * (r - q)) for p, q, r in zip(start, middle, end, strict=True)]
    drift: list[Polynomial] = []
    for row, value in zip(setting.H, setting.b, strict=True):
        entry: Polynomial = (value, 2 * value, value)
        for factor, coordinate in zip(row, curve, strict=True):
            entry = plus(entry, coordinate, -factor)
        drift.append(entry)
    square, along, speed = inner_product(curve, curve), inner_product(drift, curve), inner_product(velocity, velocity)
    pulled, outward = stretched(square, drift), stretched(along, curve)
    field = [plus(p, q) for p, q in zip(pulled, outward, strict=True)]  # ||C||^2 (D + <D, c> c)
    turning = [plus(p, q, -1) for p, q in zip(pulled, outward, strict=True)]  # ||C||^2 (D - <D, c> c)
    progress = inner_product(field, velocity)
    straight, sideways = stretched(speed, field), stretched(progress, velocity)
    defect = [plus(p, q, -1) for p, q in zip(straight, sideways, strict=True)]
    squares, progresses, speeds = coefficients(square), coefficients(progress), coefficients(speed)
    need(min(squares) > 0, f"{name} may come near 0")
    need(min(progresses) > 0, f"the limit path may turn back along {name}")
    near, far = below(min(squares)), above(max(squares))
    return Bounds(
        near=near,
        far=far,
        slow=min(coefficients(along)),
        drift=above(longest_square(drift)),
        turn=above(longest_square(turning)) / min(squares),
        quick=max(min(speeds), Fraction(0)) * near / max(progresses),
        late=max(speeds) * far / min(progresses),
        defect=above(longest_square(defect)) / (near * min(progresses)),
    )


def check_segment(setting: Setting, segment: Segment, eta: Fraction, name: str) -> Crossing:
    """The tube along one segment is not left: R' > (rate/2) R + ||delta|| + ||E|| in the clock of S."""
    c, radii, rate = setting.constants, segment.radii, segment.rate
    at = bounds_along(setting, segment.controls, name)
    narrow, wide = min(radii), max(radii)
    need(narrow > 0 and wide <= Fraction(1, 2), f"a radius at {name} is not positive, or above 1/2")
    away = c["largest"] * apart(wide) * at.far  # ||D(S) - D(C)||
    grown = rate if rate >= 0 else rate / (1 - wide**2 / 2)
    pull = c["mu"] * at.near / (1 + ROOT_2 / 2 * wide)
    forward = at.slow / (at.far if at.slow >= 0 else at.near)
    across = rate / 2 + pull + forward - (at.drift * wide + away) / 2
    outward = grown + pull * (4 - wide**2)
    mixed = 2 * at.turn + at.drift * wide + away
    steady = across >= 0 and outward >= 0 and 4 * across * outward >= mixed**2
    need(steady, f"the rate along {name} is too small")
    push = rate / 2 * (wide if rate >= 0 else narrow) + eta * (at.drift + away)
    needed = push * (at.late if push >= 0 else at.quick) + at.defect
    need(radii[1] - radii[0] > needed, f"the tube may be left along {name}")
    shrink = (1 - ROOT_2 / 2 * wide) / (1 + ROOT_2 / 2 * wide)
    return Crossing((at.drift + away) * at.late, at.near * shrink)


def check_active(setting: Setting, segment: Segment, eta: Fraction, name: str) -> None:
    """All neurons of a bundle of this tightness are active on all points in the tube along the segment."""
    spread = max(segment.radii) + above(2 * eta / (1 - eta))
    for k, x in enumerate(setting.x, 1):
        seen = all(inner(point, x) > spread * above(inner(x, x) * inner(point, point)) for point in segment.controls)
        need(seen, f"a neuron may become inactive on point {k} along {name}")
