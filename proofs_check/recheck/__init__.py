"""Checking a certificate again: every step of docs/certificates.md, without any code of the prover.

This folder uses the standard library and python-flint only, and imports nothing else of this project. Numbers of the
file are rationals; where a root or an exponential is needed there is a ball of python-flint, and a comparison of balls
is true only if it is certain. To be read in this order: `plane`, `phase_one` (the start, up to the time T), `phase_two`
(the tube, and the trap at its end), this file, `certificate_file` (from text to rationals, or a refusal).

A certificate for every start is checked by `every_start`, with `spaces` and `intervals`, by the folder `path` where it
uses the limit path, and by `three_points` where it leaves no start out; one of early alignment by `early_alignment` and
`fates`: standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from .certificate_file import EARLY, EVERY_START, FLOW, LARGEST_FILE, THREE_POINTS, NotACertificate, parse
from .early_alignment import EarlyAccepted, check_early_alignment
from .every_start import EveryStartAccepted, check_every_start
from .path.condition import check_path_condition
from .phase_one import PhaseOneCheck
from .phase_two import PhaseTwoCheck, check_trap
from .plane import Data, Point, Rejected, data_of, dot, need
from .three_points import check_three_points

__all__ = [
    "LARGEST_FILE",
    "Accepted",
    "EarlyAccepted",
    "EveryStartAccepted",
    "NotACertificate",
    "Rejected",
    "recheck",
    "recheck_every_start",
    "recheck_flow",
]

PRECISION = 128  # bits of the balls


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


def recheck(text: str) -> Accepted | EveryStartAccepted | EarlyAccepted:
    """What the certificate in `text` proves; raises NotACertificate or Rejected, in one sentence."""
    fields = parse(text)
    if fields["kind"] == EARLY:
        return check_early_alignment(fields)
    return _recheck_flow(fields) if fields["kind"] == FLOW else _recheck_every_start(fields)


def recheck_flow(text: str) -> Accepted:
    """The same for the certificate of a flow from one start; NotACertificate if it is of another kind."""
    fields = parse(text)
    if fields["kind"] != FLOW:
        raise NotACertificate(f"the kind must be {FLOW!r}")
    return _recheck_flow(fields)


def recheck_every_start(text: str) -> EveryStartAccepted:
    """The same for a certificate for every start; NotACertificate if it is about one start."""
    fields = parse(text)
    if fields["kind"] in (FLOW, EARLY):
        raise NotACertificate(f"the kind is {fields['kind']!r}, about one start")
    return _recheck_every_start(fields)


def _recheck_every_start(fields: dict[str, Any]) -> EveryStartAccepted:
    if fields["kind"] == THREE_POINTS:
        return check_three_points(fields)
    return check_every_start(fields) if fields["kind"] == EVERY_START else check_path_condition(fields)


def _recheck_flow(fields: dict[str, Any]) -> Accepted:
    with flint.ctx.workprec(PRECISION):
        data = data_of(fields)
        early = PhaseOneCheck(data, fields)
        tube = PhaseTwoCheck(data, early, fields)
        tube.check()
        check_trap(data, tube, fields)
        limit, outputs, loss = conclusion(data, fields["conclusion"])
    sizes = len(data.x), len(fields["start"]["neurons"]), len(early.rising), len(tube.cells)
    return Accepted(*sizes, limit, outputs, loss, fields["trap"]["time"])


def conclusion(data: Data, stated: dict[str, Any]) -> tuple[Point, Point, Fraction]:
    """The least-squares solution, its outputs and its loss, once they are those of the file."""
    outputs = tuple(dot(data.beta, x) for x in data.x)
    loss = sum(((y - h) ** 2 for y, h in zip(data.y, outputs, strict=True)), Fraction(0)) / (2 * len(outputs))
    need(stated["limit"] == data.beta, "conclusion.limit is not the least-squares solution")
    need(stated["outputs"] == outputs, "conclusion.outputs are not those of the least-squares solution")
    need(stated["loss"] == loss, "conclusion.loss is not that of the least-squares solution")
    need(loss > 0, "the least-squares solution interpolates: its loss is 0")
    return data.beta, outputs, loss
