"""Checking a certificate again: every step of docs/certificates.md, with nothing of the prover.

This folder uses the standard library and python-flint only, and imports nothing else of this project: who has read it
and docs/certificates.md need not trust the prover. Numbers of the file are rationals; where a root or an exponential is
needed there is a ball of python-flint, and a comparison of balls is true only if it is certain.

| module | holds |
|---|---|
| `reading` | from text to rationals, or a refusal |
| `plane` | vectors, balls, the data set |
| `phase_one` | the start, up to the time T |
| `phase_two` | the tube, and the trap at its end |
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from .phase_one import Early
from .phase_two import Tube, check_trap
from .plane import Data, Point, Rejected, data_of, dot, need
from .reading import LARGEST_FILE, NotACertificate, parse

__all__ = ["LARGEST_FILE", "Accepted", "NotACertificate", "Rejected", "recheck"]

PRECISION = 128
"""Bits of the balls."""


@dataclass(frozen=True)
class Accepted:
    """What an accepted certificate proves: sizes of the instance, the limit, and by when the trap is entered."""

    points: int
    width: int
    live: int
    cells: int
    limit: Point
    outputs: Point
    loss: Fraction
    time: Fraction

    def to_json(self) -> dict[str, Any]:
        """The payload of `recheck --json`."""
        return {
            "schema": 1,
            "verdict": "accepted",
            "points": self.points,
            "width": self.width,
            "live": self.live,
            "cells": self.cells,
            "limit": [str(value) for value in self.limit],
            "outputs": [str(value) for value in self.outputs],
            "loss": str(self.loss),
            "time": str(self.time),
        }

    def lines(self) -> list[str]:
        """What a person reads."""
        outputs = ", ".join(f"{float(value):.6g}" for value in self.outputs)
        return [
            f"accepted: the flow of these {self.width} neurons ({self.live} with a > 0 active on some of the "
            f"{self.points} points) ends at least squares",
            f"beta* = ({', '.join(map(str, self.limit))}), outputs {outputs}, loss {self.loss} = "
            f"{float(self.loss):.6g} > 0",
            f"{self.cells} cells; in the trap by t = {float(self.time):.6g} at the latest",
        ]


def recheck(text: str) -> Accepted:
    """What the certificate in `text` proves; raises NotACertificate or Rejected, in one sentence."""
    fields = parse(text)
    before = flint.ctx.prec
    flint.ctx.prec = PRECISION
    try:
        data = data_of(fields)
        early = Early(data, fields)
        cells = Tube(data, early, fields)
        cells.check()
        check_trap(data, cells, fields)
        return _conclusion(data, early, cells, fields)
    finally:
        flint.ctx.prec = before


def _conclusion(data: Data, early: Early, tube: Tube, fields: dict[str, Any]) -> Accepted:
    stated = fields["conclusion"]
    outputs = tuple(dot(data.beta, x) for x in data.x)
    squares = sum(((y - h) ** 2 for y, h in zip(data.y, outputs, strict=True)), Fraction(0))
    loss = squares / (2 * len(outputs))
    need(stated["limit"] == data.beta, "conclusion.limit is not the least-squares solution")
    need(stated["outputs"] == outputs, "conclusion.outputs are not those of the least-squares solution")
    need(stated["loss"] == loss, "conclusion.loss is not that of the least-squares solution")
    need(loss > 0, "the least-squares solution interpolates: its loss is 0")
    width, live = len(early.neurons), len(early.live[1])
    cells, time = len(tube.left), fields["trap"]["time"]
    return Accepted(len(data.x), width, live, cells, data.beta, outputs, loss, time)
