"""Certifying a flow: from rational data and a rational start to a certificate (docs/certificates.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from ...data.dataset import Dataset
from ...data.start import Start
from ..instance import PRECISION, PlaneProblem, RationalStart, drawn_start, problem_of
from .early import PhaseOne, early_phase
from .tube import Tube, build_tube

KIND = "flow to least squares"


@dataclass(frozen=True)
class FlowCertificate:
    """A proof that the flow from `start` ends at least squares; `to_json` is the file that `recheck` reads."""

    problem: PlaneProblem
    start: RationalStart
    early: PhaseOne
    tube: Tube

    def to_json(self) -> dict[str, Any]:
        """The certificate as docs/certificates.md describes it."""
        early, tube, data = self.early, self.tube, self.problem.data
        return {
            "schema": 1,
            "kind": KIND,
            "data": {"inputs": _texts(data.inputs), "labels": [str(label) for label in data.labels]},
            "start": {"neurons": _texts(self.start.neurons), "note": self.start.note},
            "early": {name: str(getattr(early, name)) for name in ("time", "size", "activation", "death", "tangent")},
            "tube": {"left": _texts(tube.left), "right": _texts(tube.right), "tail": tube.tail},
            "trap": {name: str(getattr(tube, name)) for name in ("mu", "distance", "time")},
            "conclusion": {
                "limit": [str(value) for value in self.problem.limit],
                "outputs": [str(value) for value in self.problem.outputs],
                "loss": str(self.problem.loss),
            },
        }

    def summary(self) -> dict[str, Any]:
        """What was proved and how, in numbers."""
        return {
            "width": len(self.start.neurons),
            "live": len(self.early.live),
            "limit": [str(value) for value in self.problem.limit],
            "loss": str(self.problem.loss),
            "aligned_at": float(self.early.time),
            "angle": 2 * math.atan(float(self.early.tangent)),
            "cells": len(self.tube.left),
            "enclosure": float(self.tube.enclosure(self.problem)),
            "trapped_by": float(self.tube.time),
        }

    def lines(self) -> list[str]:
        """What a person reads."""
        said, outputs = self.summary(), ", ".join(f"{float(value):.6g}" for value in self.problem.outputs)
        return [
            f"certified: the flow from this start ({self.start.note}) ends at least squares",
            f"beta* = ({', '.join(said['limit'])}), outputs {outputs}, loss {said['loss']} = "
            f"{float(self.problem.loss):.6g} > 0",
            f"by t = {said['aligned_at']:.6g} the {said['live']} live neurons (a > 0) are within {said['angle']:.3g} "
            f"of b; {said['cells']} cells lead to the trap, entered by t = {said['trapped_by']:.6g} at the latest, "
            f"with every output known within {said['enclosure']:.3g}",
        ]


def _texts(rows: tuple[tuple[Fraction, ...], ...]) -> list[list[str]]:
    return [[str(value) for value in row] for row in rows]


def certify(data: Dataset, start: Start | RationalStart) -> FlowCertificate:
    """A certificate that the flow on `data` from `start` ends at least squares (square loss, ReLU).

    A start in floats is taken as the rational numbers that it is, see `drawn_start`.
    Raises Undecided, one sentence saying where the proof stops and why, when there is none.
    """
    with flint.ctx.workprec(PRECISION):
        if isinstance(start, Start):
            start = drawn_start(start)
        problem = problem_of(data)
        early = early_phase(problem, start)
        return FlowCertificate(problem, start, early, build_tube(problem, early))
