"""Cases on which `spurious.two-patterns` is tested."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...claim.draws import assume, composite, st
from ..alignment.constant_drift import Array
from .trap import TrapCase, bound_of, margin_of

GROUPS = (1, -1)
"""The signs of a in the two groups of neurons."""


@dataclass(frozen=True)
class TwoPatternCase:
    """Points with labels, neurons of both signs, and the group whose pattern a point belongs to (0: neither)."""

    X: Array
    y: Array
    pattern: Array
    a: Array
    w: Array

    def neurons(self, sign: int) -> Array:
        """Which neurons belong to the group."""
        return np.asarray(self.a * sign > 0)

    def group(self, sign: int) -> TrapCase:
        """A group as a case of the trap with a > 0: the other points are put to 0, and n stays the number of all."""
        own, of = (self.pattern == sign).astype(float), self.neurons(sign)
        return TrapCase(self.X * own[:, None], self.y * own * sign, sign * self.a[of], self.w[of])


@composite
def two_pattern_cases(draw: st.DrawFn) -> TwoPatternCase:
    """Two narrow cones of points at an angle of 120 to 180 degrees, a fit on each, neurons near it, and other points.

    What is off the fits is scaled down until both margins, over all points, are large enough.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    d, apart = draw(st.integers(2, 3)), float(draw(st.floats(2 * np.pi / 3, np.pi)))
    others = draw(st.integers(0, 2))
    blocks = [_cone(rng, d, angle, int(rng.integers(d, 5))) for angle in (0.0, apart)]
    if others:
        blocks.append(_cone(rng, d, apart / 2 + np.pi, others))
    X = np.concatenate(blocks)
    pattern = np.repeat((*GROUPS, 0)[: len(blocks)], [len(block) for block in blocks])
    fits = [_axis(d, angle) + 0.2 * rng.uniform(-1, 1, d) for angle in (0.0, apart)]
    y = rng.uniform(-1, 1, len(X))
    for sign, fit in zip(GROUPS, fits, strict=True):
        y[pattern == sign] = sign * X[pattern == sign] @ fit + 0.05 * rng.standard_normal(int(np.sum(pattern == sign)))
    shares = [rng.uniform(0.2, 1, draw(st.integers(1, 3))) for _ in GROUPS]
    turns = [rng.standard_normal(d) for _ in GROUPS]
    jitters = [rng.standard_normal((len(share), d)) for share in shares]
    surplus, scale = draw(st.sampled_from((0.0, 0.01))), draw(st.sampled_from((0.1, 0.3)))
    for _ in range(30):
        a, w = [], []
        for sign, share, turn, jitter in zip(GROUPS, shares, turns, jitters, strict=True):
            limit = _fit(X, y, pattern == sign) * sign + scale * turn
            directions = limit + scale * jitter
            directions /= np.linalg.norm(directions, axis=1, keepdims=True)
            size = np.sqrt(share / share.sum() * np.linalg.norm(limit))
            a.append(sign * size * (1 + surplus))
            w.append(size[:, None] * directions)
        case = TwoPatternCase(X, y, pattern, np.concatenate(a), np.concatenate(w))
        if all(_trapped(case, sign) for sign in GROUPS):
            return case
        scale *= 0.7
    assume(False)
    raise AssertionError


def _axis(d: int, angle: float) -> Array:
    """The unit vector at this angle in the plane of the first two coordinates."""
    return np.concatenate([[np.cos(angle), np.sin(angle)], np.zeros(d - 2)])


def _cone(rng: np.random.Generator, d: int, angle: float, count: int) -> Array:
    """Points around a direction."""
    return np.asarray((_axis(d, angle) + 0.3 * rng.uniform(-1, 1, (count, d))) * rng.uniform(0.7, 1.4, (count, 1)))


def _fit(X: Array, y: Array, own: Array) -> Array:
    """The least-squares fit on some of the points."""
    return np.asarray(np.linalg.lstsq(X[own], y[own], rcond=None)[0])


def _trapped(case: TwoPatternCase, sign: int) -> bool:
    """Whether a group has its pattern exactly, and the margin over all points exceeds the bound of theory.md 5.5."""
    group, of = case.group(sign), case.neurons(sign)
    sides = np.where(case.pattern == sign, 1.0, -1.0)
    return group.constants[2] > 1e-3 and bound_of(group) < margin_of(case.X, case.a[of], case.w[of], sides)
