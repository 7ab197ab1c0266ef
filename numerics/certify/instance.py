"""What is proved about: rational data in the plane and a rational start, in balls (docs/certificates.md)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any, TextIO, TypeAlias

import flint

from ..data.dataset import Dataset
from ..data.start import Start
from ..data.table import read_table
from ..geometry.linear_fit import least_squares
from ..rounding import balanced_allowance
from .errors import Undecided

Ball: TypeAlias = Any
"""A flint.arb: a comparison of two is true only when it is certain."""
Vector: TypeAlias = tuple[Ball, Ball]
Neuron: TypeAlias = tuple[Fraction, Fraction, Fraction]

PRECISION = 128
"""Bits of the balls: sums of a few hundred products of doubles keep about 60 bits."""
LARGEST_WIDTH = 10_000
LARGEST_POINTS = 64


def ball(value: Fraction) -> Ball:
    """A ball around a rational."""
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def dot(u: Vector, v: Vector) -> Ball:
    """<u, v>."""
    return u[0] * v[0] + u[1] * v[1]


def cross(u: Vector, v: Vector) -> Ball:
    """u_1 v_2 - u_2 v_1: positive when v lies to the left of u."""
    return u[0] * v[1] - u[1] * v[0]


def length(u: Vector) -> Ball:
    """||u||."""
    return dot(u, u).sqrt()


def rational_above(value: Ball, bits: int = 48) -> Fraction:
    """A rational of about `bits` bits that is certainly at least the ball."""
    return -rational_below(-value, bits)


def rational_below(value: Ball, bits: int = 48) -> Fraction:
    """A rational of about `bits` bits that is certainly at most the ball."""
    low = value.lower().fmpq()
    exact = Fraction(int(low.p), int(low.q))
    if exact == 0:
        return exact
    size = abs(exact.numerator).bit_length() - exact.denominator.bit_length()
    grain = Fraction(2) ** (size - bits)
    return (exact // grain) * grain


@dataclass(frozen=True)
class PlaneProblem:
    """Data in the plane with what follows from them: H = X^T X/n, b = X^T y/n, beta* and the loss there."""

    data: Dataset
    x: tuple[Vector, ...]
    y: tuple[Ball, ...]
    H: tuple[Vector, Vector]
    b: Vector
    beta: Vector
    limit: tuple[Fraction, ...]
    outputs: tuple[Fraction, ...]
    loss: Fraction

    def drift(self, S: Vector) -> Vector:
        """D = b - H S."""
        return (self.b[0] - dot(self.H[0], S), self.b[1] - dot(self.H[1], S))

    def excess(self, S: Vector) -> Ball:
        """Delta = (beta* - S)^T H (beta* - S)/2."""
        return dot((self.beta[0] - S[0], self.beta[1] - S[1]), self.drift(S)) / 2


def problem_of(data: Dataset) -> PlaneProblem:
    """The problem that `data` pose; raises Undecided where the hypotheses of docs/certificates.md do not hold."""
    if data.d != 2:
        raise Undecided(f"the inputs have dimension {data.d}; the tube is in the plane (2, a bias included)")
    if data.n > LARGEST_POINTS:
        raise Undecided(f"there are {data.n} points; a certificate holds at most {LARGEST_POINTS}")
    x, y, n = data.inputs, data.labels, data.n
    for k in range(n):
        if y[k] <= 0:
            raise Undecided(f"the label of point {k + 1} is not positive, so that neurons with a > 0 may lose points")
        for other in range(k):
            if x[k][0] * x[other][0] + x[k][1] * x[other][1] <= 0:
                raise Undecided(f"points {other + 1} and {k + 1} have an inner product that is not positive")
    H = [[sum((p[i] * p[j] for p in x), Fraction(0)) / n for j in range(2)] for i in range(2)]
    if H[0][0] * H[1][1] == H[0][1] ** 2:
        raise Undecided("the inputs are all parallel, so that the least-squares solution is not unique")
    fit = least_squares(data)
    if not any(fit.residuals):
        raise Undecided("the least-squares solution interpolates: the loss of the limit is 0, so it is not spurious")
    b = [sum((label * p[i] for p, label in zip(x, y, strict=True)), Fraction(0)) / n for i in range(2)]
    points = tuple((ball(p[0]), ball(p[1])) for p in x)
    return PlaneProblem(
        data,
        points,
        tuple(ball(label) for label in y),
        ((ball(H[0][0]), ball(H[0][1])), (ball(H[1][0]), ball(H[1][1]))),
        (ball(b[0]), ball(b[1])),
        (ball(fit.coefficients[0]), ball(fit.coefficients[1])),
        fit.coefficients,
        tuple(label - r for label, r in zip(y, fit.residuals, strict=True)),
        sum((r * r for r in fit.residuals), Fraction(0)) / (2 * n),
    )


@dataclass(frozen=True)
class RationalStart:
    """Neurons (a, w1, w2) in rationals, and a note on where they come from."""

    neurons: tuple[Neuron, ...]
    note: str


def drawn_start(start: Start) -> RationalStart:
    """The rationals nearest a drawn start: w as the doubles are, |a| raised where rounding put it below ||w||."""
    rows = [(float(a), float(w[0]), float(w[1])) for a, w in zip(start.a, start.w, strict=True)]
    drawn = f"{start.kind}, width {start.width}, scale {start.scale!r}, seed {start.seed}"
    return _rational([(Fraction(a), (Fraction(u), Fraction(v))) for a, u, v in rows], drawn)


def read_exact_start(source: str | os.PathLike[str] | TextIO) -> RationalStart:
    """The numbers of a start file as they are written; the caller has read it with `Start.from_csv` before."""
    table = read_table(source)
    return _rational([(row[0], (row[1], row[2])) for row in table.rows], f"from {table.source}")


def _rational(rows: Sequence[tuple[Fraction, tuple[Fraction, Fraction]]], origin: str) -> RationalStart:
    """Raise |a| to ||w|| where it is below by rounding only, see `balanced_allowance`."""
    if len(rows) > LARGEST_WIDTH:
        raise Undecided(f"the start has {len(rows)} neurons; a certificate holds at most {LARGEST_WIDTH}")
    allowance, raised, neurons = Fraction(balanced_allowance(2)), 0, []
    for j, (a, w) in enumerate(rows):
        square = w[0] ** 2 + w[1] ** 2
        if a == 0 or a * a < (1 - allowance) * square:
            raise Undecided(f"neuron {j + 1} is not dominated: |a| = {abs(float(a)):.6g} < ||w||")
        if a * a < square:
            raised += 1
            a = norm_above(square) * (1 if a > 0 else -1)
        neurons.append((a, w[0], w[1]))
    note = f"; |a| raised to at least ||w|| by rounding up, relative 2^-64, in {raised} neurons" if raised else ""
    return RationalStart(tuple(neurons), origin + note)


def norm_above(square: Fraction) -> Fraction:
    """A dyadic number at least the root of `square`, by at most one part in 2^64."""
    grain = Fraction(2) ** ((square.numerator.bit_length() - square.denominator.bit_length()) // 2 - 66)
    ratio = square / grain**2
    whole = -(-ratio.numerator // ratio.denominator)
    floor = isqrt(whole)
    return (floor if floor * floor == whole else floor + 1) * grain
