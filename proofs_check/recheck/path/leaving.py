"""Checking that the limit path of a data set leaves the cone K (theory.md 9.2): standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..every_start import check_eigenvalues, setting_of
from ..plane import need
from ..spaces import Row, inner
from .condition import check_beginning
from .tube import above, check_segment, segments_of


def recheck_leaving(
    inputs: Sequence[Row], labels: Row, path: dict[str, Any], constants: dict[str, Fraction], point: int
) -> None:
    """Rejected unless the tube is one of the limit path, and <S, x> < 0 at its end for the input of number `point`.

    `path` and the constants `tangent`, `entry`, `mu` and `largest` are those of a certificate for every start. The
    path is that of exactly parallel neurons (eta = 0), a solution of its equation outside of K too.
    """
    setting = setting_of({"data": {"inputs": tuple(inputs), "labels": labels}, "constants": constants})
    count = len(path["rates"])
    fits = len(path["points"]) == 2 * count + 1 and len(path["radii"]) == count + 1 and count > 0
    need(fits and all(len(row) == len(setting.b) for row in path["points"]), "the tube is not made of segments")
    check_eigenvalues(setting)
    check_beginning(setting, path)
    for number, segment in enumerate(segments_of(path), 1):
        check_segment(setting, segment, Fraction(0), f"segment {number}")
    x, last = setting.x[point - 1], path["points"][-1]
    beyond = inner(last, x) + path["radii"][-1] * above(inner(last, last) * inner(x, x)) < 0
    need(beyond, f"point {point} may still be active at the end of the tube")
