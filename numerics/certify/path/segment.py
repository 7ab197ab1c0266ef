"""The tube along one segment, in balls (theory.md 9.2, docs/certificates.md).

A segment is a curve C of degree 2 with control points A, M, B. The tube around it holds the S with V(S; C) <= R^2/2,
where V is the function of theory.md 9.2, and R changes linearly along the curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import Any, TypeAlias

import flint

from ..every_start.cone import LinearFit, Vector
from ..instance import Ball, ball
from ..one_start.tube import least, most

ROOT_2 = Fraction(17, 12)
"""At least the root of 2, and half of it at least the root of 1/2: the certificate is in rationals."""

Polynomial: TypeAlias = Any
"""A flint.arb_poly in the parameter u of the curve, 0 <= u <= 1."""


@dataclass(frozen=True)
class Field:
    """What the field of the limit path is made of, in balls; `mu` and `largest` bound the eigenvalues of H."""

    H: tuple[tuple[Ball, ...], ...]
    b: tuple[Ball, ...]
    mu: Ball
    largest: Ball

    @classmethod
    def of(cls, fit: LinearFit, mu: Fraction, largest: Fraction) -> Field:
        """The field of a least-squares problem."""
        rows = tuple(tuple(map(ball, row)) for row in fit.H)
        return cls(rows, tuple(map(ball, fit.b)), ball(mu), ball(largest))


def bernstein(polynomial: Polynomial, degree: int) -> list[Ball]:
    """The Bernstein coefficients on [0, 1]: sum_{j <= k} binom(k, j) a_j/binom(degree, j)."""
    powers = [polynomial[j] / comb(degree, j) for j in range(degree + 1)]
    return [sum((comb(k, j) * powers[j] for j in range(k + 1)), flint.arb(0)) for k in range(degree + 1)]


def _scalar(u: Sequence[Polynomial], v: Sequence[Polynomial]) -> Polynomial:
    return sum((p * q for p, q in zip(u, v, strict=True)), flint.arb_poly(0))


def _longest(vector: Sequence[Polynomial], degree: int) -> Ball:
    """A bound of the length: the largest among the control vectors.

    Where the curve is straight, some are 0 up to rounding: the ball of their square holds negative numbers, and has no
    root. So the root is that of its upper end.
    """
    controls = zip(*(bernstein(entry, degree) for entry in vector), strict=True)
    return most(sum((entry * entry for entry in control), flint.arb(0)).upper().sqrt() for control in controls)


def apart(radius: Ball) -> Ball:
    """A bound of ||S - C||/||C|| where V(S; C) <= radius^2/2."""
    root = ball(ROOT_2)
    return root * radius / (1 - root / 2 * radius)


@dataclass(frozen=True)
class Segment:
    """A piece of the path, with the bounds along it that the tube needs."""

    field: Field
    controls: tuple[Vector, Vector, Vector]

    @cached_property
    def _polynomials(self) -> tuple[list[Polynomial], list[Polynomial], list[Polynomial]]:
        """C, C' and D = b - H C."""
        rows = [tuple(map(ball, entries)) for entries in zip(*self.controls, strict=True)]
        C = [flint.arb_poly([a, 2 * (m - a), a - 2 * m + b]) for a, m, b in rows]
        D = [
            value - _scalar([flint.arb_poly(h) for h in row], C)
            for row, value in zip(self.field.H, self.field.b, strict=True)
        ]
        return C, [entry.derivative() for entry in C], D

    @cached_property
    def bounds(self) -> Bounds | None:
        """The bounds, or None where the curve may touch 0 or the path may turn back."""
        C, velocity, D = self._polynomials
        square, along, speed = _scalar(C, C), _scalar(D, C), _scalar(velocity, velocity)
        F = [square * p + along * q for p, q in zip(D, C, strict=True)]
        turning = [square * p - along * q for p, q in zip(D, C, strict=True)]
        progress = _scalar(F, velocity)
        squares, progresses, speeds = bernstein(square, 4), bernstein(progress, 7), bernstein(speed, 2)
        lowest, slowest = least(squares), least(progresses)
        if not (lowest > 0 and slowest > 0):
            return None
        near, far = lowest.sqrt().lower(), most(squares).sqrt().upper()
        defect = [speed * p - progress * v for p, v in zip(F, velocity, strict=True)]
        return Bounds(
            near,
            far,
            least(bernstein(along, 4)),
            _longest(D, 2),
            (_longest(turning, 6) / lowest).upper(),
            (least(speeds).max(flint.arb(0)) * near / most(progresses)).lower(),
            (most(speeds) * far / slowest).upper(),
            (_longest(defect, 8) / (near * slowest)).upper(),
        )


@dataclass(frozen=True)
class Bounds:
    """Bounds along a segment: balls that are numbers on the safe side.

    `near` <= ||C|| <= `far`, `slow` <= <D, C>, `drift` >= ||D||, `turn` >= ||D - <D, c> c|| with c = C/||C||,
    `quick` <= d sigma/du <= `late` in the clock sigma of S, and `defect` >= ||delta|| d sigma/du.
    """

    near: Ball
    far: Ball
    slow: Ball
    drift: Ball
    turn: Ball
    quick: Ball
    late: Ball
    defect: Ball

    def away(self, field: Field, wide: Ball) -> Ball:
        """A bound of ||D(S) - D(C)|| in a tube of radius `wide`."""
        return field.largest * apart(wide) * self.far

    def form(self, field: Field, wide: Ball) -> tuple[Ball, Ball, Ball]:
        """alpha, gamma and N of theory.md 9.2: V' <= -2 alpha A - gamma theta^2 + N |omega - c| |theta| + errors."""
        away = self.away(field, wide)
        pull = field.mu * self.near / (1 + ball(ROOT_2) / 2 * wide)
        forward = self.slow / (self.far if self.slow >= 0 else self.near)
        alpha = pull + forward - (self.drift * wide + away) / 2
        return alpha, pull * (4 - wide**2), 2 * self.turn + self.drift * wide + away

    def admits(self, field: Field, wide: Fraction, rate: Fraction) -> bool:
        """Whether V' <= rate V + errors is certain in a tube of radius `wide`."""
        alpha, gamma, mixed = self.form(field, ball(wide))
        grown = ball(rate) if rate >= 0 else ball(rate) / (1 - ball(wide) ** 2 / 2)
        across, outward = ball(rate) / 2 + alpha, grown + gamma
        return bool(across > 0 and outward > 0 and 4 * across * outward > mixed**2)

    def growth(self, field: Field, radii: tuple[Fraction, Fraction], rate: Fraction, eta: Ball) -> Ball:
        """What R must gain along the segment at least, for a tube between these radii."""
        narrow, wide = min(radii), max(radii)
        push = ball(rate * (wide if rate >= 0 else narrow) / 2) + eta * (self.drift + self.away(field, ball(wide)))
        return push * (self.late if push.upper() >= 0 else self.quick) + self.defect

    def least_size(self, wide: Ball) -> Ball:
        """A lower bound of ||S|| in a tube of radius `wide`."""
        half = ball(ROOT_2) / 2 * wide
        return self.near * (1 - half) / (1 + half)
