"""What proves a bracket around the least norm of an interpolating network, and the exact check of it from scratch.

For every network that interpolates, sum_k nu_k y_k = sum_j a_j g(w_j) with g(w) = sum_k nu_k s(<w, x_k>). If
|g(w)| <= M ||w|| for all w, then sum_j |a_j| ||w_j|| >= (sum_k nu_k y_k)/M. On a closed cell g is <c, w> with
c = sum_k nu_k A_k x_k, and s_k <w, x_k> >= 0, so that +-g(w) <= <+-c + sum_k mu_k s_k x_k, w> for any mu >= 0: the norm
of the vector on the right bounds +-g(w)/||w|| on that cell. The upper bound is a network that interpolates exactly.
The check shares no code with the search: it reads signs off points, counts cells by `count`, and rounds outwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from .count import number_of_cells

Vector = tuple[Fraction, ...]
Multipliers = tuple[tuple[int, Fraction], ...]
"""Pairs (k, mu_k); points that are not named have mu_k = 0."""

Exact = TypeVar("Exact", int, Fraction)

ROOT_BITS = 128
"""Bits after the point of a square root of a number >= 1: far below the rounding to a float, at 53."""


class CertificateRejected(ValueError):
    """The certificate does not prove what it states; the message says at what it fails."""


@dataclass(frozen=True)
class CellBound:
    """A cell, given by an integer vector (d,) inside it, with the multipliers mu that bound g and -g on it."""

    inside: tuple[int, ...]
    above: Multipliers
    below: Multipliers


@dataclass(frozen=True)
class NormCertificate:
    """lower <= least value of sum_j |a_j| ||w_j|| <= upper: a dual vector nu (n,) with a bound for each cell, and a
    network, output weights `a` (m,) and inner weights `w` (m, d), that interpolates exactly."""

    dual: Vector
    cells: tuple[CellBound, ...]
    a: Vector
    w: tuple[Vector, ...]
    lower: float
    upper: float


def check(certificate: NormCertificate, inputs: Sequence[Vector], labels: Vector, leak: Fraction) -> None:
    """Prove both bounds again, from the data and the certificate alone; CertificateRejected if that fails.

    Data: inputs (n, d) without zero vectors, labels (n,), leak in [0, 1), all exact.
    """
    lower, upper = proved_bounds(certificate, inputs, labels, leak)
    if not certificate.lower <= lower:
        raise CertificateRejected(f"the lower bound {certificate.lower} is stated, {lower} is proved")
    if not certificate.upper >= upper:
        raise CertificateRejected(f"the upper bound {certificate.upper} is stated, {upper} is proved")


def proved_bounds(
    certificate: NormCertificate, inputs: Sequence[Vector], labels: Vector, leak: Fraction
) -> tuple[float, float]:
    """The bounds that a certificate proves, whatever it states; CertificateRejected where it proves nothing."""
    _check_shapes(certificate, len(inputs), len(inputs[0]))
    upper = _size_of_network(certificate, inputs, labels, leak)
    value = sum((nu * label for nu, label in zip(certificate.dual, labels, strict=True)), Fraction(0))
    if value <= 0:
        return 0.0, upper
    slope = _largest_slope_squared(certificate, inputs, leak)
    if slope == 0:
        raise CertificateRejected(
            "g vanishes everywhere although sum nu_k y_k > 0: no network interpolates these labels"
        )
    return _float_below(value / _root_above(slope)), upper


def _check_shapes(certificate: NormCertificate, n: int, d: int) -> None:
    vectors = [*certificate.w, *(cell.inside for cell in certificate.cells)]
    sizes = [len(certificate.dual) == n, len(certificate.a) == len(certificate.w), *(len(v) == d for v in vectors)]
    if not all(sizes):
        raise CertificateRejected(f"the shapes do not fit one another or {n} points in {d} dimensions")


def _size_of_network(certificate: NormCertificate, inputs: Sequence[Vector], labels: Vector, leak: Fraction) -> float:
    """sum_j |a_j| ||w_j||, rounded upwards, of a network that must interpolate."""
    for row, (point, label) in enumerate(zip(inputs, labels, strict=True)):
        heights = [_dot(w, point) for w in certificate.w]
        output = sum((a * (z if z > 0 else leak * z) for a, z in zip(certificate.a, heights, strict=True)), Fraction(0))
        if output != label:
            raise CertificateRejected(f"point {row + 1}: the network has output {float(output)}, not {label}")
    size = sum(
        (abs(a) * _root_above(_dot(w, w)) for a, w in zip(certificate.a, certificate.w, strict=True)), Fraction(0)
    )
    return _float_above(size)


def _largest_slope_squared(certificate: NormCertificate, inputs: Sequence[Vector], leak: Fraction) -> Fraction:
    """M^2, the largest of the squared norms that bound +-g(w)/||w|| on the cells, after none proves to be missing.

    Every w lies in a closed cell. Listed patterns without zeros belong to cells, for a listed vector has them; when
    there are as many different ones as there are cells, every cell is listed.
    """
    scale = math.lcm(*(value.denominator for point in inputs for value in point))
    points = [[int(value * scale) for value in point] for point in inputs]
    columns = list(zip(*points, strict=True))
    multipliers = [mu for cell in certificate.cells for _, mu in (*cell.above, *cell.below)]
    slopes = {1: certificate.dual, -1: [leak * nu for nu in certificate.dual]}
    # From here on integers: points in units of 1/scale, slopes and multipliers in units of 1/fine.
    fine = math.lcm(*(value.denominator for value in (*slopes[1], *slopes[-1], *multipliers)))
    whole = {side: [int(value * fine) for value in slopes[side]] for side in slopes}
    patterns, largest = set(), 0
    for number, cell in enumerate(certificate.cells):
        signs = tuple(_sign(_dot(cell.inside, point)) for point in points)
        if 0 in signs:
            raise CertificateRejected(f"cell {number + 1}: the point given lies on a hyperplane, not inside a cell")
        patterns.add(signs)
        for orientation, named in ((1, cell.above), (-1, cell.below)):
            weights = [orientation * whole[side][place] for place, side in enumerate(signs)]
            for place, mu in named:
                if not 0 <= place < len(points) or mu < 0:
                    raise CertificateRejected(f"cell {number + 1}: {mu} is not a multiplier for point {place + 1}")
                weights[place] += int(mu * fine) * signs[place]
            bound = [_dot(weights, column) for column in columns]
            largest = max(largest, _dot(bound, bound))
    expected = number_of_cells(inputs)
    if len(patterns) != expected:
        raise CertificateRejected(f"{len(patterns)} different cells are listed, there are {expected}")
    return Fraction(largest, (scale * fine) ** 2)


def _dot(left: Sequence[Exact], right: Sequence[Exact]) -> Exact:
    # Started from 0 of the same type, for the sum of no terms.
    return sum((a * b for a, b in zip(left, right, strict=True)), left[0] * 0)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _root_above(value: Fraction) -> Fraction:
    """A rational >= the square root, by less than 2^-ROOT_BITS of it where it is not 0."""
    if value == 0:
        return Fraction(0)
    # sqrt(p/q) = sqrt(p q)/q, and p q >= 1.
    product = value.numerator * value.denominator
    root = math.isqrt((product << 2 * ROOT_BITS) - 1) + 1
    return Fraction(root, value.denominator << ROOT_BITS)


def _float_above(value: Fraction) -> float:
    nearest = float(value)
    return nearest if Fraction(nearest) >= value else math.nextafter(nearest, math.inf)


def _float_below(value: Fraction) -> float:
    nearest = float(value)
    return nearest if Fraction(nearest) <= value else math.nextafter(nearest, -math.inf)
