"""What the evidence of `alignment.closed-form` measures (theory.md 3.2)."""

from __future__ import annotations

import numpy as np

from ....theory.alignment import constant_drift
from ....theory.flow.lorentz import rate, start_output, start_weights, time, unit_drift
from ....theory.formal.printing import to_numpy
from ...cases.constant_drift import integrate
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin
from ...claim.statement import Relations


def closed_form_beside_the_flow(statement: Relations, case: FlowCase) -> Margin:
    """(w, a) and w/a by the closed form beside the reference."""
    stretch = integrate(case)
    values = {
        rate: stretch.rate,
        time: stretch.time,
        start_output: stretch.a0,
        constant_drift.weights_along: float(stretch.w0 @ stretch.unit),
        constant_drift.start_cosine: stretch.start_cosine,
        start_weights: stretch.w0,
        unit_drift: stretch.unit,
    }
    w, a, c, factor = (
        to_numpy(statement[name].args[1], *values)(*values.values())
        for name in ("weights", "output", "cosine", "perpendicular")
    )
    growth = abs(stretch.a0) * np.exp(stretch.rate * stretch.time)
    omega0, omega = stretch.w0 / stretch.a0, stretch.w / stretch.a
    across0 = omega0 - stretch.start_cosine * stretch.unit
    gap_state = float(np.linalg.norm([*(w - stretch.w), a - stretch.a])) / growth
    gap_omega = float(np.linalg.norm(c * stretch.unit + factor * across0 - omega))
    # Both are compared in units of their own bound: the state's, and that of w/a, which divides by a small |a|.
    worst = max(gap_state / stretch.error, gap_omega / stretch.omega_error)
    where = {"t": stretch.time, "r": stretch.rate, "c0": stretch.start_cosine}
    return Margin(worst, 1.0, "error bound of the reference: its steps times their tolerance, grown by the flow", where)
