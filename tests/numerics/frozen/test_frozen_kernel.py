"""The fast closed forms of the frozen flow against the SymPy expressions they stand for, and against 60 digits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_alignment.numerics.frozen.closed_form import (
    elapsed,
    grown_sum,
    length_to_angle,
    length_to_rest,
    scaled_position,
)
from early_alignment.theory.alignment import constant_drift
from early_alignment.theory.flow import lorentz
from early_alignment.theory.formal.printing import to_numpy

SYMBOLS = (lorentz.start_output, constant_drift.weights_along, lorentz.rate, lorentz.time)
OUTPUT = to_numpy(constant_drift.output_path, *SYMBOLS)
LENGTH = to_numpy(constant_drift.weights_coefficient, *SYMBOLS)
EPS = np.finfo(float).eps


def states(seed: int, dominated: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(a, beta, perpendicular^2, rt) of 500 neurons with a > 0."""
    rng = np.random.default_rng(seed)
    w = rng.standard_normal((500, 3))
    a = np.linalg.norm(w, axis=1) * (1 + rng.random(500) if dominated else rng.random(500))
    return a, w[:, 0], (w[:, 1:] ** 2).sum(axis=1), rng.uniform(0, 5, 500)


@pytest.mark.parametrize("dominated", [True, False])
def test_position_equals_the_theory(dominated):
    a, beta, _, phase = states(1, dominated)
    size, along = scaled_position(a, beta, phase)
    # Sums of a few terms of size (|a| + |beta|) e^rt; the exponent rt rounds by 5 eps.
    allowed = 40 * EPS * (a + np.abs(beta)) * np.exp(phase)
    assert (np.abs(size * np.exp(phase) - OUTPUT(a, beta, 1.0, phase)) <= allowed).all()
    assert (np.abs(along * np.exp(phase) - beta - LENGTH(a, beta, 1.0, phase)) <= allowed).all()


@pytest.mark.parametrize("dominated", [True, False])
def test_elapsed_inverts_the_theorys_path(dominated):
    """After the time `elapsed` says, theory's w has moved by the length and theory's a is the later one (3.2, 3.5)."""
    a, beta, _, phase = states(2, dominated)
    rest = np.where(a < -beta, np.arctanh(np.minimum(a / np.maximum(-beta, 1e-300), 1 - 1e-9)), np.inf)
    phase = np.minimum(phase, 0.9 * rest)
    length, later = LENGTH(a, beta, 1.0, phase), OUTPUT(a, beta, 1.0, phase)
    assert (length > 0).all()
    found = elapsed(a, beta, a**2 - beta**2, length, later)
    # ds/d(rt) = a(t): an error of eps (|a| + |beta|) e^rt in s is one of that over a(t) in rt.
    scale = (a + np.abs(beta)) * np.exp(phase)
    assert (np.abs(found - phase) <= 200 * EPS * scale / later * (scale / np.abs(a + beta))).all()


def test_rest_is_where_the_theorys_output_vanishes():
    a, beta, _, _ = states(3, dominated=False)
    constant = a**2 - beta**2
    length = length_to_rest(a, beta, constant)
    stops = (constant < 0) & (beta < 0)
    assert stops.any()
    assert (np.isinf(length) == ~stops).all()
    phase = elapsed(a, beta, constant, np.where(stops, length, 0.0), np.zeros_like(a))[stops]
    np.testing.assert_allclose(np.tanh(phase), (a / -beta)[stops], rtol=1e-12)
    allowed = 1e3 * EPS * np.abs(beta[stops]) * np.exp(2 * phase)
    assert (np.abs(OUTPUT(a[stops], beta[stops], 1.0, phase)) <= allowed).all()


@given(st.floats(0.05, 3.0), st.floats(-0.99, 0.99))
def test_length_to_an_angle_takes_the_theorys_time(angle, cosine):
    """For a balanced neuron the angle of w is that of omega, whose time theory.md 3.3 gives."""
    perpendicular = np.sqrt(1 - cosine**2)
    length = length_to_angle(np.array([cosine]), np.array([perpendicular]), angle)
    later = np.sqrt((cosine + length) ** 2 + perpendicular**2)
    found = elapsed(np.ones(1), np.array([cosine]), np.array([perpendicular**2]), length, later)[0]
    time = to_numpy(constant_drift.angle_time, lorentz.rate, constant_drift.start_cosine, constant_drift.angle)
    expected = float(time(1.0, cosine, angle)) if np.cos(angle) > cosine else 0.0
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-13)


@given(st.floats(-16, 1), st.floats(-14, 0), st.booleans())
def test_no_digits_are_lost_to_cancellation(log_length, log_across, outward):
    """Near c0 = -1 and for the shortest lengths alike, the time keeps nearly all its digits (balanced, a = ||w||)."""
    across = 10.0**log_across
    beta = (1.0 if outward else -1.0) * 1.0
    length = 10.0**log_length
    square = across**2
    with mpmath.workdps(60):
        a = mpmath.sqrt(mpmath.mpf(1) + mpmath.mpf(across) ** 2)
        after = mpmath.mpf(beta) + mpmath.mpf(length)
        later = mpmath.sqrt(after**2 + mpmath.mpf(across) ** 2)
        exact = mpmath.log((later + after) / (a + mpmath.mpf(beta)))
        conditioning = 1 + abs(mpmath.mpf(length)) / (later * exact)
    found = elapsed(
        np.array([float(a)]), np.array([beta]), np.array([square]), np.array([length]), np.array([float(later)])
    )[0]
    # beta + length is rounded once: relative error eps / |after| of it enters the time through later + after.
    rounding = 8 * EPS * float(conditioning + abs(1 / (later * exact)) * (1 if abs(after) < 0.5 else float(exact)))
    assert found == pytest.approx(float(exact), rel=max(rounding, 16 * EPS))


def test_grown_sum_equals_a_plus_beta():
    a, beta, _, _ = states(4, dominated=True)
    np.testing.assert_allclose(grown_sum(a, beta, a**2 - beta**2), a + beta, rtol=1e-12)
