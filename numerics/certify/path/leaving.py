"""A tube of the limit path up to a place outside of the cone K: condition (P) of theory.md 9.2 does not hold."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from ...data.dataset import Dataset
from ..errors import Undecided
from ..every_start.cone import dot, linear_fit_of
from ..every_start.constants import DataConstants, StartBounds, data_constants
from ..instance import PRECISION, ball
from .constants import TubeStart, tube_starts
from .curve import limit_path
from .segment import Field
from .tube import PathTube, TubeBuilder


@dataclass(frozen=True)
class LeavingTube:
    """At the end of the tube `point` (from 1) is seen at a cosine of at most `cosine` < 0.

    `path` and `constants` are fields of a certificate for every start.
    """

    path: dict[str, Any]
    constants: dict[str, Fraction]
    point: int
    cosine: float


def leaving_tube(data: Dataset) -> LeavingTube:
    """Where the limit path of `data` is certainly outside of K, farthest; Undecided where no such place is found."""
    with flint.ctx.workprec(PRECISION):
        return _leaving(data_constants(linear_fit_of(data), StartBounds()))


def _leaving(known: DataConstants) -> LeavingTube:
    tube, start = tube_beyond_the_cone(known, Fraction(0))
    cosine, point, count = min(_seen(known, tube))
    if cosine >= 0:
        raise Undecided("no tube was found that leads out of the cone where all points are active")
    path: dict[str, Any] = {
        "points": tuple(tube.points[: 2 * count + 1]),
        "radii": tuple(tube.radii[: count + 1]),
        "rates": tuple(tube.rates[:count]),
    }
    constants = {"mu": known.mu, "largest": known.largest, "tangent": start.tangent, "entry": start.entry}
    return LeavingTube(path, constants, point, cosine)


def tube_beyond_the_cone(known: DataConstants, eta: Fraction) -> tuple[PathTube, TubeStart]:
    """A tube to beta* and where it begins; neurons need not stay active on all points along it."""
    field = Field.of(known.fit, known.mu, known.largest)
    for start in tube_starts(known):
        path, radius = limit_path(known.fit, float(start.size), stays=False), start.radius
        tolerance, widest = float(radius) / (4 * path.effort), min(4 * radius, Fraction(1, 2))
        builder = TubeBuilder(known.fit, field, eta, tolerance, widest, stays=False)
        tube = builder.build(path, start.first, radius)
        if isinstance(tube, PathTube):
            return tube, start
    raise Undecided("no tube was found around the limit path")


def _seen(known: DataConstants, tube: PathTube) -> list[tuple[float, int, int]]:
    """Bounds of the cosines with all points at the ends of all segments, with the numbers of both."""
    found = []
    for count, (place, radius) in enumerate(zip(tube.points[2::2], tube.radii[1:], strict=True), 1):
        for point, x in enumerate(known.fit.data.inputs, 1):
            cosine = ball(dot(place, x)) / ball(dot(place, place) * dot(x, x)).sqrt() + ball(radius)
            found.append((float(cosine.upper()), point, count))
    return found
