"""A tube around the limit path, from near 0 to where no neuron can become inactive any more (theory.md 9.2)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

import flint
import numpy as np

from ..every_start.cone import LinearFit, Vector, dot, times
from ..instance import Ball, ball, rational_above
from .curve import LimitPath
from .segment import Bounds, Field, Segment, apart

MOST_SEGMENTS = 2_000
SPAN, CHANGE = 1.6, 9.0
"""Along one segment ||C|| changes at most by the first factor, and the time of passage by the second."""
GRAIN = Fraction(1, 2**44)
"""Control points are multiples of GRAIN times a power of 2 near their length."""


@dataclass
class PathTube:
    """The segments of the tube: `points` are the control points A, M, B, M', B', ..; one radius more than segments.

    `length` bounds the integral of ||D|| above, `least` bounds ||S|| below, and `cosine` every cosine between
    S and a point in the tube; `distance` is d_N of the trap.
    """

    points: list[Vector]
    radii: list[Fraction]
    rates: list[Fraction] = field(default_factory=list)
    length: Ball = field(default_factory=lambda: flint.arb(0))
    least: Ball = field(default_factory=lambda: flint.arb("inf"))
    cosine: float = 1.0
    distance: Fraction = Fraction(0)


@dataclass(frozen=True)
class TubeBuilder:
    """How a tube is built: `eta` bounds the tightness, `tolerance` the angle between the curve and the field.

    No radius exceeds `widest`. With `stays` every neuron is to be active on all points along the tube.
    """

    fit: LinearFit
    field: Field
    eta: Fraction
    tolerance: float
    widest: Fraction
    stays: bool = True

    def build(self, path: LimitPath, first: Vector, radius: Fraction) -> PathTube | str:
        """The tube along `path` from the point `first`; or a sentence that says where it ends, and why."""
        tube, done, step = PathTube([first], [radius]), 0.0, path.length / 200
        while not self._closed(tube):
            if done >= path.length or len(tube.rates) >= MOST_SEGMENTS:
                return "the tube is too wide at its end"
            step = min(1.7 * step, path.length - done)
            while (found := self._segment(path, tube.points[-1], done, step)) is None:
                step /= 2
                if step < 1e-9 * path.length:
                    return f"no segment was found beyond S = ({_shown(tube.points[-1])})"
            done += step
            reason = self._append(tube, *found)
            if reason:
                return reason
        return tube

    def _segment(self, path: LimitPath, begin: Vector, done: float, step: float) -> tuple[Segment, Bounds] | None:
        """The segment from `begin` along `step` of the path, if it is accurate enough."""
        start, middle, end = (path.place(done + part * step) for part in (0.0, 0.5, 1.0))
        grain = GRAIN * Fraction(2) ** math.frexp(float(np.linalg.norm(start)))[1]
        through = 2 * middle - (start + end) / 2  # the control point with which the curve passes through the middle
        M, B = (tuple(round(Fraction(value) / grain) * grain for value in row.tolist()) for row in (through, end))
        segment = Segment(self.field, (begin, M, B))
        bounds = segment.bounds
        if bounds is None or not (bounds.far < SPAN * bounds.near and bounds.late < CHANGE * bounds.quick):
            return None
        return (segment, bounds) if bounds.defect < self.tolerance * bounds.late * bounds.drift else None

    def _append(self, tube: PathTube, segment: Segment, bounds: Bounds) -> str:
        """Append a segment; a sentence if the tube cannot be continued along it, else an empty text."""
        found = self._radius(tube.radii[-1], bounds)
        if found is None:
            return f"the tube would become wider than {float(self.widest):.3g} beyond S = ({_shown(tube.points[-1])})"
        radius, rate = found
        wide = ball(max(radius, tube.radii[-1]))
        spread = (2 * ball(self.eta) / (1 - ball(self.eta))).sqrt()
        for k, x in enumerate(self.fit.data.inputs, 1):
            for point in segment.controls:
                cosine = ball(dot(point, x)) / ball(dot(point, point) * dot(x, x)).sqrt() - wide
                if self.stays and not cosine > spread:
                    return f"a neuron may become inactive on point {k} near S = ({_shown(point)})"
                tube.cosine = min(tube.cosine, math.nextafter(float(cosine.lower()), -1.0))
        tube.points += segment.controls[1:]
        tube.radii.append(radius)
        tube.rates.append(rate)
        tube.length += (bounds.drift + bounds.away(self.field, wide)) * bounds.late
        tube.least = tube.least.min(bounds.least_size(wide).lower())
        return ""

    def _radius(self, begin: Fraction, bounds: Bounds) -> tuple[Fraction, Fraction] | None:
        """The radius at the end of a segment, and the rate of V along it; None where none up to the widest is found.

        The radius that is needed depends on itself, weakly; after some rounds a slack is added.
        """
        end, eta = begin, ball(self.eta)
        for slack in (0, 0, 0, 1, 2, 4, 8):
            wide = max(begin, end)
            if wide > self.widest:
                return None
            rate = self._rate(wide, bounds)
            gain = bounds.growth(self.field, (begin, end), rate, eta)
            if slack and bounds.admits(self.field, wide, rate) and ball(end - begin) > gain * (1 + flint.arb(2) ** -40):
                return end, rate
            roomy = gain + (1 + slack) * (abs(gain) + ball(begin)) * flint.arb(2) ** -12
            end = max(begin + rational_above(roomy, 24), Fraction(1, 2**40))
        return None

    def _rate(self, wide: Fraction, bounds: Bounds) -> Fraction:
        """Just above the smallest rate that is admitted."""
        alpha, gamma, mixed = (float(value) for value in bounds.form(self.field, ball(wide)))
        rate = -(alpha + gamma / 2) + math.hypot(alpha - gamma / 2, mixed / math.sqrt(2))
        slack = 1e-6 * (abs(alpha) + abs(gamma) + abs(mixed)) + (float(wide) ** 2 * abs(rate) if rate < 0 else 0.0)
        return rational_above(ball(Fraction(rate + slack)), 24)

    def _closed(self, tube: PathTube) -> bool:
        """Whether the trap holds at the end of the tube; `distance` is then set."""
        last, radius = tube.points[-1], tube.radii[-1]
        gap = tuple(p - q for p, q in zip(self.fit.beta, last, strict=True))
        norm, whole, eta = ball(dot(last, last)).sqrt(), ball(dot(self.fit.beta, self.fit.beta)).sqrt(), ball(self.eta)
        excess = ball(dot(gap, times(self.fit.H, gap))).sqrt() + self.field.largest.sqrt() * apart(ball(radius)) * norm
        distance = rational_above(excess / self.field.mu.sqrt() * (1 + flint.arb(2) ** -40))
        rest = whole - ball(distance)
        if not rest > 0:
            return False
        for x in self.fit.data.inputs:
            seen = ball(dot(last, x)) / (norm * ball(dot(x, x)).sqrt()) - ball(radius)
            if not (1 - eta).sqrt() * seen - (2 * eta).sqrt() > ball(distance) / rest:
                return False
        tube.distance = distance
        return True


def _shown(point: Vector) -> str:
    return ", ".join(f"{float(entry):.4g}" for entry in point)
