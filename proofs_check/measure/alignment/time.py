"""What the evidence of `alignment.time` measures (theory.md 3.3)."""

from __future__ import annotations

from ....theory.alignment import constant_drift
from ....theory.flow.lorentz import rate
from ....theory.formal.printing import to_numpy
from ...cases.alignment.constant_drift import Segment, integrate
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin
from ...claim.statement import Relations

_ARGUMENTS = (rate, constant_drift.start_cosine, constant_drift.delta)


def time_beside_the_flow(statement: Relations, case: FlowCase) -> Margin:
    """The stated time beside that of the reference flow."""
    segment = integrate(case)
    delta = 1 - segment.cosine
    stated = float(to_numpy(statement["time"].args[1], *_ARGUMENTS)(segment.rate, segment.start_cosine, delta))
    return Margin(
        segment.rate * abs(stated - segment.time),
        _time_error(segment),
        "error of c times dT/dc, in units of 1/r",
        {"delta": delta, "c0": segment.start_cosine},
    )


def asymptote_beside_the_flow(statement: Relations, case: FlowCase) -> Margin:
    """The stated asymptote beside the time of the reference flow."""
    segment = integrate(case)
    delta = 1 - segment.cosine
    asymptote = to_numpy(constant_drift.asymptote_of(statement["asymptote"]), *_ARGUMENTS)
    stated = float(asymptote(segment.rate, segment.start_cosine, delta))
    return Margin(
        segment.rate * abs(stated - segment.time),
        delta / 2 + _time_error(segment),
        "remainder delta/2, plus the error of c times dT/dc, in units of 1/r",
        {"delta": delta, "c0": segment.start_cosine},
    )


def _time_error(segment: Segment) -> float:
    """r times the error of T: r dT/dc = 1/(1 - c^2), at c up to its error.

    In `steady` cases c0 <= 15/16 and r t <= about 6, so that delta >= 2 (1/31) e^{-12} is far above that error.
    The terms of T are rounded as well: a few eps, relative to artanh, which is at most r T and that of the start.
    """
    slope = 1 / (1 - segment.cosine**2 - 2 * segment.omega_error)
    rounding = 2**-50 * (1 + segment.rate * segment.time)
    return segment.omega_error * slope + rounding
