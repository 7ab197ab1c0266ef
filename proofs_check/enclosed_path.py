"""An enclosure of the limit path checked again on one data set, in exact numbers: independent of numerics/certify.

The path obeys S' = s (D + <D, s> s), s = S/||S||, D = b - H S, and leaves S = 0 along b (docs/certificates.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import flint
import sympy
from flint import fmpq, fmpq_poly

from ..numerics.certify.limit_path import DataBox, PathEnclosure
from ..numerics.dataset import Dataset

Pair: TypeAlias = tuple[Fraction, Fraction]
PRECISION = 128  # bits of the balls in which the roots at the end are taken


def data_in(box: DataBox, choose: Callable[[], bool]) -> Dataset:
    """A corner of the box: `choose` says for every interval in turn whether its upper end is taken."""

    def end(interval: Pair) -> Fraction:
        return interval[choose()]

    inputs = [(end(first), end(second)) for first, second in box.inputs]
    return Dataset.from_arrays(inputs, [end(label) for label in box.labels])


def fault(found: PathEnclosure, data: Dataset) -> str | None:
    """What does not hold for these data, in a sentence; None when the path stays in the cells, and in the cone."""
    problem, cosine = _Fit.of(data), Fraction(found.cosine)
    L, R = found.left, found.right
    for i in range(len(L)):
        corners = [(Fraction(0), Fraction(0)), R[0], L[0]] if i == 0 else [R[i - 1], R[i], L[i], L[i - 1]]
        sides = [(A, corners[(k + 1) % len(corners)]) for k, A in enumerate(corners)]
        if not all(_left_of(*side, S) > 0 for side in sides for S in corners if S not in side):
            return f"cell {i} is not convex and anticlockwise"
        if all(_left_of(*side, problem.beta) >= 0 for side in sides):
            return f"cell {i} holds beta*"
        if not all(problem.inwards(*side) for k, side in enumerate(sides) if k != 1):
            return f"the path may leave cell {i} otherwise than by its front edge"
        if not all(_within(S, u, cosine) for S in corners[i == 0 :] for u in data.inputs):
            return f"the path may turn further from an input than stated in cell {i}"
    origin, b = (Fraction(0), Fraction(0)), problem.drift((Fraction(0), Fraction(0)))
    if not (_left_of(origin, R[0], b) > 0 > _left_of(origin, L[0], b)):
        return "the path does not leave 0 in the first cell"
    if not all(_dot(problem.drift(S), S) > 0 for S in (L[0], R[0])):
        return "the path may not grow in the first cell"
    return problem.fault_at_the_end((L[-1], R[-1]), data.inputs, found)


@dataclass(frozen=True)
class _Fit:
    """H = ((p, q), (q, r)), b and beta* = H^-1 b, by Cramer's rule."""

    p: Fraction
    q: Fraction
    r: Fraction
    b: Pair
    beta: Pair

    @classmethod
    def of(cls, data: Dataset) -> _Fit:
        x, y, n = data.inputs, data.labels, data.n
        p, q, r = (sum((u[i] * u[j] for u in x), Fraction(0)) / n for i, j in ((0, 0), (0, 1), (1, 1)))
        s, t = (sum((label * u[i] for label, u in zip(y, x, strict=True)), Fraction(0)) / n for i in (0, 1))
        return cls(p, q, r, (s, t), ((r * s - q * t) / (p * r - q * q), (p * t - q * s) / (p * r - q * q)))

    def drift(self, S: Pair) -> Pair:
        return self.b[0] - self.p * S[0] - self.q * S[1], self.b[1] - self.q * S[0] - self.r * S[1]

    def inwards(self, A: Pair, B: Pair) -> bool:
        """Whether S' points to the left of A -> B on the whole edge: a cubic without roots, or linear from 0 on."""
        normal = (A[1] - B[1], B[0] - A[0])
        if not any(A) or not any(B):  # <S, normal> = 0, and the factor ||S||^2 is positive
            return all(_dot(self.drift(S), normal) > 0 for S in (A, B))
        S = tuple(fmpq_poly([_exact(u), _exact(v - u)]) for u, v in zip(A, B, strict=True))
        D = (_exact(self.b[0]) - _exact(self.p) * S[0] - _exact(self.q) * S[1],
             _exact(self.b[1]) - _exact(self.q) * S[0] - _exact(self.r) * S[1])  # fmt: skip
        n1, n2 = map(_exact, normal)
        crossing = (D[0] * n1 + D[1] * n2) * (S[0] ** 2 + S[1] ** 2) + (D[0] * S[0] + D[1] * S[1]) * (
            S[0] * n1 + S[1] * n2
        )
        return bool(crossing(fmpq(0)) > 0) and _has_no_root(crossing)

    def fault_at_the_end(self, ends: tuple[Pair, Pair], inputs: Sequence[Pair], found: PathEnclosure) -> str | None:
        """Delta falls: so ||S - beta*|| <= d if 2 Delta <= mu d^2 at the ends, that is if H - 2 Delta/d^2 is >= 0."""
        d, (u, v) = Fraction(found.distance), self.beta
        excess = max(_dot((u - S[0], v - S[1]), self.drift(S)) for S in ends) / d**2
        p, r = self.p - excess, self.r - excess
        if not (min(p, r) >= 0 and p * r >= self.q**2):
            return "the path may be further from beta* at the end than stated"
        with flint.ctx.workprec(PRECISION):
            beta, cosine = _root(_dot(self.beta, self.beta)), flint.arb(found.cosine)
            for x in inputs:
                output = flint.arb(_exact(_dot(self.beta, x))) / _root(_dot(x, x))
                if not output - flint.arb(found.distance) >= cosine * (beta + flint.arb(found.distance)):
                    return "the path may leave the cone, or turn further from an input than stated, at the end"
        return None


def _dot(u: Pair, v: Pair) -> Fraction:
    return u[0] * v[0] + u[1] * v[1]


def _exact(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _root(value: Fraction) -> flint.arb:
    return flint.arb(_exact(value)).sqrt()


def _left_of(A: Pair, B: Pair, S: Pair) -> Fraction:
    """Positive when S lies to the left of the line from A to B."""
    return (B[0] - A[0]) * (S[1] - A[1]) - (B[1] - A[1]) * (S[0] - A[0])


def _within(S: Pair, x: Pair, cosine: Fraction) -> bool:
    """Whether <S, x> >= cosine ||S|| ||x|| > 0."""
    return _dot(S, x) > 0 and _dot(S, x) ** 2 >= cosine**2 * _dot(S, S) * _dot(x, x)


def _has_no_root(polynomial: fmpq_poly) -> bool:
    """Whether it vanishes nowhere on [0, 1], by Sturm's count."""
    coefficients = [sympy.Rational(int(value.p), int(value.q)) for value in reversed(polynomial.coeffs())]
    return bool(sympy.Poly(coefficients, sympy.Symbol("t"), domain=sympy.QQ).count_roots(0, 1) == 0)
