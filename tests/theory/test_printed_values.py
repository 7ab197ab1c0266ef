"""The lambdified formulas agree with mpmath integrations of the flow written out by hand.

mpmath works with 30 digits, so that the distance is the rounding of double precision: a few dozen operations with
conditioning at most cosh(rt) <= 4 stay well below 1e-13 relative.
"""

from __future__ import annotations

import mpmath
import pytest

from early_alignment.theory.alignment import constant_drift, crossing
from early_alignment.theory.early import bounds
from early_alignment.theory.formal.printing import to_numpy

ROUNDING = 1e-13
CASES = [(0.7, 0.4, 0.3, 1.3), (1.5, -0.8, 0.5, 0.9), (0.25, 1.0, -0.6, 4.0)]


def follow(r: float, a0: float, w0: float, until: float) -> tuple[mpmath.mpf, mpmath.mpf]:
    """a and <w, Dhat> at the end of a' = r <w, Dhat>, <w, Dhat>' = r a, by mpmath's Taylor series."""
    with mpmath.workdps(30):
        path = mpmath.odefun(lambda _, z: [r * z[1], r * z[0]], 0, [mpmath.mpf(a0), mpmath.mpf(w0)])
        output, along = path(until)
    return output, along


@pytest.mark.parametrize(("r", "a0", "w0", "t"), CASES)
def test_closed_forms_follow_the_flow(r, a0, w0, t):
    output, along = follow(r, a0, w0, t)
    symbols = (constant_drift.rate, constant_drift.start_output, constant_drift.weights_along, constant_drift.time)
    assert to_numpy(constant_drift.output_path, *symbols)(r, a0, w0, t) == pytest.approx(float(output), rel=ROUNDING)
    moved = to_numpy(constant_drift.weights_coefficient, *symbols)(r, a0, w0, t)
    assert w0 + moved == pytest.approx(float(along), rel=ROUNDING)
    cosine = to_numpy(
        constant_drift.cosine_path, constant_drift.rate, constant_drift.start_cosine, constant_drift.time
    )(r, w0 / a0, t)
    assert cosine == pytest.approx(float(along / output), rel=ROUNDING)


@pytest.mark.parametrize(("r", "a0", "w0", "t"), CASES)
def test_alignment_time_is_the_integral_of_dt(r, a0, w0, t):
    start, end = w0 / a0, 0.95
    with mpmath.workdps(30):
        elapsed = mpmath.quad(lambda c: 1 / (r * (1 - c**2)), [start, 0.9 * end, end])
    symbols = (constant_drift.rate, constant_drift.start_cosine, constant_drift.delta)
    assert to_numpy(constant_drift.alignment_time, *symbols)(r, start, 1 - end) == pytest.approx(
        float(elapsed), rel=ROUNDING
    )


@pytest.mark.parametrize(("r", "a0", "w0", "t"), CASES)
def test_crossing_polynomial_is_the_preactivation(r, a0, w0, t):
    at_input, drift_at_input = 0.6, -0.7
    _, along = follow(r, a0, w0, t)
    symbols = (constant_drift.start_output, constant_drift.weights_along, crossing.start_value, crossing.drift_value)
    alpha, beta, gamma = (
        float(to_numpy(value, *symbols)(a0, w0, at_input, drift_at_input))
        for value in (crossing.alpha_definition, crossing.beta_definition, crossing.gamma_definition)
    )
    growth = float(mpmath.exp(r * t))
    symbols = (crossing.alpha, crossing.beta, crossing.gamma, crossing.exponential)
    polynomial = to_numpy(crossing.crossing_polynomial, *symbols)(alpha, beta, gamma, growth)
    preactivation = at_input + (float(along) - w0) * drift_at_input
    assert polynomial == pytest.approx(2 * growth * preactivation, rel=10 * ROUNDING)


def test_growth_bound_solves_the_riccati_equation():
    kappa, mean_square, d_max, start, t = 0.25, 2.0, 0.8, 1e-2, 1.1
    with mpmath.workdps(30):
        path = mpmath.odefun(lambda _, s: [2 * (d_max + kappa * mean_square * s[0]) * s[0]], 0, [mpmath.mpf(start)])
        expected = path(t)[0]
    symbols = (bounds.curvature_bound, bounds.mean_square_input, bounds.d_max, bounds.initial_size, bounds.time)
    bound = to_numpy(bounds.growth_bound_smooth, *symbols)
    assert bound(kappa, mean_square, d_max, start, t) == pytest.approx(float(expected), rel=ROUNDING)


def test_threshold_is_where_the_excess_is_log_two():
    q, c0, epsilon = 3.0, 1.7, 0.4
    scale = to_numpy(bounds.scale_threshold, bounds.deviation_ratio, bounds.spread, bounds.epsilon)(q, c0, epsilon)
    assert q * c0 / 2 * scale ** (2 - 2 * epsilon) == pytest.approx(float(mpmath.log(2)), rel=ROUNDING)
