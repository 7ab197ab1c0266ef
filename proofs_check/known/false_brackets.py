"""Brackets around the least norm that are known by hand, and certificates that prove nothing and must be rejected.

Each rejected certificate differs from one that proves its bounds in one respect. Nothing here comes from the search.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ...numerics.interpolation.certificate import (
    CellBound,
    CertificateRejected,
    NormCertificate,
    Vector,
    check,
    proved_bounds,
)

ONE, ZERO = Fraction(1), Fraction(0)


@dataclass(frozen=True)
class BracketCase:
    """Data with a certificate, and the square of the bound that it proves from both sides; None: it is rejected."""

    what: str
    certificate: NormCertificate
    inputs: tuple[Vector, ...]
    labels: Vector
    leak: Fraction = ZERO
    squared: Fraction | None = None

    def fault(self) -> str | None:
        """What is wrong with the answer, in a sentence; None where it is right."""
        try:
            lower, upper = proved_bounds(self.certificate, self.inputs, self.labels, self.leak)
        except CertificateRejected:
            return None if self.squared is None else f"rejected: {self.what}"
        if self.squared is None:
            return f"not rejected: {self.what}"
        # at most two roundings from the root, and on the right side of it
        tight = upper <= lower * (1 + 4 * math.ulp(1.0))
        if not (Fraction(lower) ** 2 <= self.squared <= Fraction(upper) ** 2 and tight):
            return f"{self.what}: bounds {lower} and {upper} around the root of {self.squared}"
        return None


def _row(*values: Fraction | int) -> Vector:
    return tuple(Fraction(value) for value in values)


def _cell(*inside: int, above: int | None = None, below: int | None = None) -> CellBound:
    """A cell, with the multiplier 1 of the first point, or another number, for g and -g."""
    return CellBound(inside, *(() if mu is None else ((0, Fraction(mu)),) for mu in (above, below)))


def _on_the_line() -> BracketCase:
    """x = 1, y = 2: the neuron a = 1, w = 2."""
    certificate = NormCertificate(_row(1), (_cell(1), _cell(-1)), _row(1), (_row(2),), 0.0, math.inf)
    return BracketCase("x = 1, y = 2", certificate, (_row(1),), _row(2), squared=Fraction(4))


def _in_the_plane() -> BracketCase:
    """x_1 = (3, 4), x_2 = (4, -3), y = (1, 2): ||S|| with S = sum_k y_k x_k/||x_k||^2 = (11, -2)/25."""
    cells = tuple(_cell(*inside) for inside in ((7, 1), (-1, 7), (1, -7), (-7, -1)))
    certificate = NormCertificate(
        _row(1, 2), cells, _row(1), (_row(Fraction(11, 25), Fraction(-2, 25)),), 0.0, math.inf
    )
    return BracketCase("orthogonal points", certificate, (_row(3, 4), _row(4, -3)), _row(1, 2), squared=Fraction(1, 5))


def _true() -> Iterator[BracketCase]:
    line, plane = _on_the_line(), _in_the_plane()
    yield line
    yield plane
    negative = NormCertificate(_row(-1), (_cell(1, above=1), _cell(-1)), _row(-1), (_row(2),), 0.0, math.inf)
    yield BracketCase("x = 1, y = -2, where only -g is large", negative, (_row(1),), _row(-2), squared=Fraction(4))
    opposite = NormCertificate(_row(1, 1), (_cell(1), _cell(-1)), _row(1), (_row(2),), 0.0, math.inf)
    inputs, labels = (_row(1), _row(-1)), _row(2, -1)
    yield BracketCase("x = 1, -1, y = 2, -1, leak 1/2", opposite, inputs, labels, Fraction(1, 2), Fraction(4))
    yield replace(line, what="x = 1/2, y = 1", inputs=(_row(Fraction(1, 2)),), labels=_row(1))
    yield from _nearest_floats_on_either_side()


def _nearest_floats_on_either_side() -> Iterator[BracketCase]:
    """x = (1, 1): the bound y/sqrt(2) is below the nearest float for y = 1, and above it for y = 3."""
    cells = (_cell(1, 1), _cell(-1, -1))
    for label in (1, 3):
        network = _row(1), (_row(Fraction(label, 2), Fraction(label, 2)),)
        certificate = NormCertificate(_row(1), cells, *network, 0.0, math.inf)
        what = f"x = (1, 1), y = {label}"
        yield BracketCase(what, certificate, (_row(1, 1),), _row(label), squared=Fraction(label**2, 2))


def _false() -> Iterator[BracketCase]:
    line, plane = _on_the_line(), _in_the_plane()

    def altered(what: str, case: BracketCase, **changes: Any) -> BracketCase:
        return replace(case, what=what, squared=None, certificate=replace(case.certificate, **changes))

    cells = plane.certificate.cells
    yield altered("a cell is missing", plane, cells=cells[:3])
    yield altered("a cell is listed twice and another is missing", plane, cells=(*cells[:3], cells[0]))
    yield altered("a point of a cell lies on a hyperplane", plane, cells=(*cells[:3], _cell(-4, 3)))
    yield altered("a multiplier is negative", line, cells=(_cell(1, above=-1), _cell(-1)))
    yield altered("a multiplier is negative, for -g", plane, cells=(_cell(7, 1, below=-1), *cells[1:]))
    beyond = CellBound((1,), ((1, ONE),), ())
    yield altered("a multiplier is that of a point that is not there", line, cells=(beyond, _cell(-1)))
    yield altered("the network does not interpolate", line, w=(_row(Fraction(3, 2)),))
    yield altered("the network misses the second point", plane, w=(_row(Fraction(3, 25), Fraction(4, 25)),))
    yield altered("the dual vector is too long", line, dual=_row(1, 1))
    yield altered("there are more output weights than neurons", line, a=_row(1, 1))
    yield altered("a neuron has three coordinates", plane, w=(_row(Fraction(11, 25), Fraction(-2, 25), 0),))
    yield altered("a point of a cell has one coordinate", plane, cells=(*cells[:3], _cell(-7)))


def _overstated() -> Iterator[str | None]:
    """Certificates that state more than they prove: the true bounds of x = 1, y = 2 are 2 and 2."""
    case = _on_the_line()
    for lower, upper, holds in (
        (2.0, 2.0, True),
        (math.nextafter(2.0, 3.0), 2.0, False),
        (2.0, math.nextafter(2.0, 1.0), False),
    ):
        try:
            check(replace(case.certificate, lower=lower, upper=upper), case.inputs, case.labels, case.leak)
        except CertificateRejected:
            accepted = False
        else:
            accepted = True
        yield None if accepted == holds else f"stated bounds {lower} and {upper} are {'not ' * (not accepted)}accepted"


def answers() -> Iterator[str | None]:
    """For every certificate what is wrong with the answer of the check, in a sentence; None where it is right."""
    for case in (*_true(), *_false()):
        yield case.fault()
    yield from _overstated()
