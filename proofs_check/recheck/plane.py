"""Vectors of the plane in rationals, balls where roots are needed, and the data set (docs/certificates.md)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import flint

Point: TypeAlias = tuple[Fraction, ...]
Ball: TypeAlias = Any  # a flint.arb: a comparison of two is true only when it is certain


class Rejected(ValueError):
    """A certificate with a step that does not hold; the message is one sentence that says which."""


def need(holds: bool, sentence: str) -> None:
    """Raise Rejected with the sentence unless `holds`."""
    if not holds:
        raise Rejected(sentence)


def dot(u: Point, v: Point) -> Fraction:
    """<u, v>."""
    return sum((p * q for p, q in zip(u, v, strict=True)), Fraction(0))


def cross(u: Point, v: Point) -> Fraction:
    """u_1 v_2 - u_2 v_1: positive when v lies to the left of u."""
    return u[0] * v[1] - u[1] * v[0]


def minus(u: Point, v: Point) -> Point:
    """u - v."""
    return (u[0] - v[0], u[1] - v[1])


def ball(value: Fraction) -> Ball:
    """A ball around a rational."""
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def root(value: Fraction) -> Ball:
    """A ball around the square root of a rational >= 0."""
    return ball(value).sqrt()


@dataclass(frozen=True)
class Data:
    """The data set and what follows from it: H = X^T X/n, b = X^T y/n, beta* = H^-1 b."""

    x: tuple[Point, ...]
    y: Point
    H: tuple[Point, ...]
    b: Point
    beta: Point

    def drift(self, at: Point) -> Point:
        """D = b - H S."""
        return (self.b[0] - dot(self.H[0], at), self.b[1] - dot(self.H[1], at))

    def excess(self, at: Point) -> Fraction:
        """Delta = (beta* - S)^T H (beta* - S)/2 = <beta* - S, D>/2."""
        return dot(minus(self.beta, at), self.drift(at)) / 2


def data_of(fields: dict[str, Any]) -> Data:
    """The data of the certificate, once the hypotheses on them hold."""
    x, y = fields["data"]["inputs"], fields["data"]["labels"]
    need(all(label > 0 for label in y), "a label is not positive")
    need(all(dot(u, v) > 0 for u in x for v in x), "two inputs have an inner product that is not positive")
    columns = tuple(zip(*x, strict=True))
    H = tuple(tuple(dot(u, v) / len(x) for v in columns) for u in columns)
    b = tuple(dot(u, y) / len(x) for u in columns)
    determinant = cross(*H)
    need(determinant > 0, "the inputs are all parallel")
    return Data(x, y, H, b, (cross(b, H[1]) / determinant, cross(H[0], b) / determinant))
