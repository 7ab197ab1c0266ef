"""Certificates of Theorem A by condition (P) of theory.md 9.2: a tube around the limit path, and all constants."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from ...data.dataset import Dataset
from ..errors import Undecided
from ..every_start.certificate import (
    alignment_line,
    conclusion_json,
    data_json,
    named,
    refuse_long_numbers,
    text,
    texts,
    theorem_lines,
    threshold_text,
)
from ..every_start.cone import linear_fit_of
from ..every_start.constants import DataConstants, StartBounds, data_constants
from ..instance import PRECISION
from .constants import PathConstants, path_constants, tube_starts
from .curve import limit_path
from .segment import Field
from .tube import PathTube, TubeBuilder

KIND = "every start to least squares by the limit path"


@dataclass(frozen=True)
class PathCertificate:
    """A proof of Theorem A by condition (P) for one data set; `to_json` is the file that `recheck` reads."""

    known: DataConstants
    tube: PathTube
    constants: PathConstants

    def to_json(self) -> dict[str, Any]:
        """The certificate as docs/certificates.md describes it."""
        fit, tube = self.known.fit, self.tube
        return {
            "schema": 1,
            "kind": KIND,
            "data": data_json(fit),
            "start": {"bound": str(self.known.start.bound), "delta": str(self.known.start.delta)},
            "path": {"points": texts(tube.points), "radii": text(tube.radii), "rates": text(tube.rates)},
            "constants": {name: str(value) for name, value in named(self.constants)},
            "conclusion": conclusion_json(fit),
        }

    def summary(self) -> dict[str, Any]:
        """What was proved and how, in numbers."""
        return {
            "condition": "P",
            "exponent": str(self.constants.exponent),
            "delta": str(self.known.start.delta),
            "bound": str(self.known.start.bound),
            "limit": text(self.known.fit.beta),
            "loss": str(self.known.fit.loss),
            "segments": len(self.tube.rates),
            "widest": float(max(self.tube.radii)),
            "cosine": self.tube.cosine,
            "cells": self.known.cells,
            "constants": {name: float(value) for name, value in named(self.constants)},
        }

    def lines(self) -> list[str]:
        """What a person reads: the statement, the tube, and the constants in their order."""
        c = {name: float(value) for name, value in named(self.constants)}
        statement = ("certified by condition (P)", self.known.fit, self.known.start, self.constants.exponent)
        return [
            *theorem_lines(*statement),
            f"tube: {len(self.tube.rates)} segments around the limit path, of radius R <= "
            f"{float(max(self.tube.radii)):.4g}; along it every cosine with a point is above {self.tube.cosine:.4g}",
            alignment_line(self.constants, self.known.cells),
            f"entry: v_0 = {c['tangent']:.6g}, q_0 = {c['entry']:.6g}, epsilon = {c['epsilon']:.6g}, "
            f"gamma_0 = {c['growth']:.6g}",
            f"path: mu = {c['mu']:.6g}, M = {c['largest']:.6g}, eta_2 = {c['eta']:.6g}, integral of ||D|| <= "
            f"{c['length']:.6g}, ||S|| >= {c['least']:.6g}, at its end ||S - beta*|| <= {c['distance']:.6g}",
            f"lambda_0 = {threshold_text(self.constants.exponent)}",
        ]


def certify_by_limit_path(data: Dataset, start: StartBounds | None = None) -> PathCertificate:
    """A certificate of Theorem A for `data` by condition (P): square loss, ReLU, every width, any dimension.

    `start` holds delta and C_0, 1/10 and 1 unless given. Of the tubes that are tried, the first that reaches the end is
    taken; wide ones, which admit larger lambda, come first. Raises Undecided, one sentence saying what does not hold.
    """
    with flint.ctx.workprec(PRECISION):
        fit = linear_fit_of(data)
        known = data_constants(fit, start or StartBounds())
        found = _prove(known)
    refuse_long_numbers(fit, [found.tube.points[0]])
    return found


def _prove(known: DataConstants) -> PathCertificate:
    reason = "the points are too nearly orthogonal to b"
    for start in tube_starts(known):
        path = limit_path(known.fit, float(start.size))
        radius, field = start.radius, Field.of(known.fit, known.mu, known.largest)
        tolerance, widest = float(radius) / (4 * path.effort), min(4 * radius, Fraction(1, 2))
        builder = TubeBuilder(known.fit, field, start.tightness(path), tolerance, widest)
        found = builder.build(path, start.first, radius)
        if isinstance(found, PathTube):
            return PathCertificate(known, found, path_constants(known, start, found, builder.eta))
        reason = found
    raise Undecided(f"condition (P) of theory.md 9.2 is not shown: {reason}")
