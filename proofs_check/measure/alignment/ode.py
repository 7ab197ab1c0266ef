"""What the evidence of `alignment.ode` measures (theory.md 3.1)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....theory.alignment import constant_drift
from ....theory.formal.printing import to_numpy
from ....theory.formal.vectors import Inner
from ...cases.alignment.constant_drift import RTOL, STAGES, Array, Segment, integrate
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin
from ...claim.statement import Relations


def solution_beside_the_flow(statement: Relations, case: FlowCase) -> Margin:
    """The solution of the stated equations beside the frozen reference flow."""
    from scipy.integrate import solve_ivp

    segment = integrate(case)
    begin, end = (_observed(statement, segment, a, w) for a, w in ((segment.a0, segment.w0), (segment.a, segment.w)))
    solution = solve_ivp(
        _velocity(statement, segment), (0.0, segment.time), begin, method="DOP853", rtol=RTOL, atol=RTOL
    )
    if not solution.success:
        return Margin(np.inf, 1.0, "the stated equations blow up before the flow does", {"time": solution.t[-1]})
    gap = float(np.max(np.abs(solution.y[:, -1] - end)))
    # Steps of this solver err by rtol (1 + |y|) each; errors of omega grow by at most 4/(1 + c0) (the derivative of
    # w/a by its start), those of the integrals of r omega by r t times that; |y| is the largest value seen.
    size = 1 + float(np.max(np.abs(solution.y)))
    own = (solution.nfev / STAGES) * RTOL * size * float(np.sqrt(len(begin))) * 4 / (1 + segment.start_cosine)
    allowed = (own + segment.omega_error) * (1 + segment.rate * segment.time) * max(1.0, segment.rate)
    return Margin(gap, allowed, "error bounds of both integrations", {"time": segment.time, "r": segment.rate})


def _observed(statement: Relations, segment: Segment, a: float, w: Array) -> Array:
    """(omega, log|a|, c, <D, omega>), shape (d + 3,), omega as the statement defines it."""
    omega = to_numpy(statement["direction"].args[1], constant_drift.weights, constant_drift.output)(w, a)
    correlation = segment.drift @ omega
    return np.array([*omega, np.log(abs(a)), correlation / segment.rate, correlation])


def _velocity(statement: Relations, segment: Segment) -> Any:
    """The stated right-hand sides as a function of (t, y)."""
    product = Inner(constant_drift.drift, constant_drift.direction)
    along = constant_drift.start_cosine  # any real symbol: it stands for <D, omega>
    turn = to_numpy(
        statement["omega"].args[1].subs(product, along), constant_drift.drift, constant_drift.direction, along
    )
    grow, rise = (
        to_numpy(statement[name].args[1].subs(product, along), along, constant_drift.rate)
        for name in ("log_a", "monotone")
    )
    close = to_numpy(statement["cosine"].args[1], constant_drift.cosine, constant_drift.rate)

    def velocity(_time: float, y: Array) -> Array:
        omega, r = y[:-3], segment.rate
        value = float(segment.drift @ omega)
        turned = np.broadcast_to(turn(segment.drift, omega, value), omega.shape)
        return np.array([*turned, grow(value, r), close(y[-2], r), rise(y[-1], r)])

    return velocity
