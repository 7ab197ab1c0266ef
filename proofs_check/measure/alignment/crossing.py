"""What the evidence of `alignment.crossing` measures (theory.md 3.5)."""

from __future__ import annotations

import numpy as np
import sympy

from ....numerics.data.network import Network
from ....numerics.frozen.alignment import frozen_alignment
from ....numerics.oracles.reference import reference_flow
from ....theory.alignment import crossing
from ....theory.flow.lorentz import start_output
from ....theory.formal.printing import to_numpy
from ...cases.alignment.constant_drift import RTOL, Array, Segment, initial_drift, integrate
from ...cases.strategies import FlowCase, in_any_dimension
from ...claim.draws import st
from ...claim.evidence import Margin
from ...claim.statement import Relations


def any_domination() -> st.SearchStrategy[FlowCase]:
    """Balanced, dominated and undominated neurons whose w has a part across its drift, and whose drift is not 0."""

    def moves_across(case: FlowCase) -> bool:
        drift, w = initial_drift(case), case.start.w[0]
        along, sizes = w @ drift, np.linalg.norm(w) * np.linalg.norm(drift)
        return bool(np.linalg.norm(drift) > 1 / 64 and abs(along) < 63 / 64 * sizes)

    return in_any_dimension(d=(2, 3), width=(1, 1)).filter(moves_across)


def met_once(statement: Relations, case: FlowCase) -> Margin:
    """Roots of the stated quadratic beside the time at which the reference meets a hyperplane."""
    segment = integrate(case)
    x = segment.unit - (segment.unit @ segment.w) / (segment.w @ segment.w) * segment.w
    coefficients = _coefficients(statement, segment, x)
    later = _later_roots(coefficients)
    dominated = statement["dominated"].subs(
        {start_output: segment.a0, crossing.weights_along: float(segment.w0 @ segment.unit)}
    )
    where = {"x": tuple(x), "roots": later, "t": segment.time, "r": segment.rate}
    most = int(statement["roots"].args[1])
    if dominated == sympy.true and len(later) > most:
        return Margin(len(later), float(most), "roots E > 1 of a dominated neuron, and the most that are stated", where)
    E = np.exp(segment.rate * segment.time)
    size = np.hypot(segment.a0, np.linalg.norm(segment.w0)) * np.linalg.norm(x)
    residual = abs(np.polyval(coefficients, E)) / (2 * E)
    return Margin(residual, segment.error * size * E, "error of the reference's <w(T), x>", where)


def first_event(statement: Relations, case: FlowCase) -> Margin:
    """The first event over all points beside the smallest root."""
    X, y, a, w = case.arrays
    until = float(case.time)
    flow = reference_flow(X, y, a, w, np.array([0.0, until]), frozen=True, rtol=RTOL, **case.options)
    segment = integrate(case)
    roots = {k: _later_roots(_coefficients(statement, segment, x)) for k, x in enumerate(X)}
    times = {k: np.log(found[0]) / segment.rate for k, found in roots.items() if found}
    first = min(times, key=lambda k: times[k], default=None)
    stated = until if first is None else min(times[first], until)
    events = frozen_alignment(case.problem, Network(a, w), record=True).events
    assert events is not None
    kernel = [when for when, _, _ in events.of(0)]
    seen = [min(flow.first_event_time(), until)]
    # The kernel has no event where pulls are 0 or cancel: nothing happens there.
    if all(case.data.labels) and not _parallel_points(case):
        seen.append(min([*kernel[:1], until]))
    gap = max(abs(stated - when) for when in seen)
    where = {"point": first, "stated": stated, "reference": seen[0]}
    return Margin(gap, _time_error(segment, X, first, stated), "the reference's error over the speed |a <D, x>|", where)


def _parallel_points(case: FlowCase) -> bool:
    """Whether two points are parallel."""
    directions = case.data.X / np.linalg.norm(case.data.X, axis=1, keepdims=True)
    cosines = np.abs(directions @ directions.T) - np.eye(len(directions))
    return bool(cosines.max() > 1 - 1e-12)


def _coefficients(statement: Relations, segment: Segment, x: Array) -> Array:
    """The stated polynomial's coefficients (3,), highest power of E first."""
    values = {
        start_output: segment.a0,
        crossing.weights_along: float(segment.w0 @ segment.unit),
        crossing.start_value: float(segment.w0 @ x),
        crossing.drift_value: float(segment.unit @ x),
    }
    parts = [float(to_numpy(statement[name].args[1], *values)(*values.values())) for name in ("alpha", "beta", "gamma")]
    symbols = (crossing.alpha, crossing.beta, crossing.gamma)
    polynomial = sympy.Poly(statement["polynomial"].args[1], crossing.exponential)
    return np.array([float(to_numpy(part, *symbols)(*parts)) for part in polynomial.all_coeffs()])


def _later_roots(coefficients: Array) -> list[float]:
    """The real roots E > 1 in order; the smaller one by the product, free of cancellation."""
    A, B, C = coefficients
    discriminant = B * B - 4 * A * C
    if discriminant < 0:
        return []
    half = -(B + np.copysign(np.sqrt(discriminant), B)) / 2
    roots = [part / whole for part, whole in ((half, A), (C, half)) if whole]
    return sorted(float(root) for root in roots if root > 1)


def _time_error(segment: Segment, X: Array, point: int | None, when: float) -> float:
    """The error of <w, x> at the event, over its speed; DOP853 interpolates to the order 7, hence the power 7/8."""
    if point is None:
        return 0.0
    phase = segment.rate * when
    growth = np.cosh(phase) + segment.start_cosine * np.sinh(phase)
    speed = growth * abs(segment.a0 * (segment.drift @ X[point]))
    steps = segment.error / RTOL
    return float(steps * RTOL ** (7 / 8) * abs(segment.a0) * np.exp(phase) * np.linalg.norm(X[point]) / speed)
