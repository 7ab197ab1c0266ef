"""What the evidence of `alignment.closed-form` measures (theory.md 3.2)."""

from __future__ import annotations

import numpy as np

from ....theory.alignment import constant_drift
from ....theory.flow.lorentz import rate, start_output, start_weights, time, unit_drift
from ....theory.formal.printing import to_numpy
from ...cases.alignment.constant_drift import integrate
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin
from ...claim.statement import Relations


def closed_form_beside_the_flow(statement: Relations, case: FlowCase) -> Margin:
    """(w, a) and w/a by the closed form beside the reference."""
    segment = integrate(case)
    values = {
        rate: segment.rate,
        time: segment.time,
        start_output: segment.a0,
        constant_drift.weights_along: float(segment.w0 @ segment.unit),
        constant_drift.start_cosine: segment.start_cosine,
        start_weights: segment.w0,
        unit_drift: segment.unit,
    }
    w, a, c, factor = (
        to_numpy(statement[name].args[1], *values)(*values.values())
        for name in ("weights", "output", "cosine", "perpendicular")
    )
    growth = abs(segment.a0) * np.exp(segment.rate * segment.time)
    omega0, omega = segment.w0 / segment.a0, segment.w / segment.a
    across0 = omega0 - segment.start_cosine * segment.unit
    gap_state = float(np.linalg.norm([*(w - segment.w), a - segment.a])) / growth
    gap_omega = float(np.linalg.norm(c * segment.unit + factor * across0 - omega))
    # Both are compared in units of their own bound: the state's, and that of w/a, which divides by a small |a|.
    worst = max(gap_state / segment.error, gap_omega / segment.omega_error)
    where = {"t": segment.time, "r": segment.rate, "c0": segment.start_cosine}
    return Margin(worst, 1.0, "error bound of the reference: its steps times their tolerance, grown by the flow", where)
