"""What the evidence of `spurious.limit` measures (theory.md 5.6)."""

from __future__ import annotations

import math

import numpy as np

from ....numerics.data.start import Start
from ....numerics.extremal.vectors import extremal_vectors
from ....numerics.flow.simulation import Simulation
from ....numerics.frozen.alignment import Fate, frozen_alignment
from ....numerics.predict.early_phase import drift_deviation
from ...cases.early.early_starts import EarlyStart
from ...claim.draws import assume
from ...claim.evidence import Margin
from ...claim.statement import Predicate
from ..trajectories import Array
from .flow_to_fit import LinearFit, followed

DEVIATION = 1e-3
"""How far, as a share of D_max, a drift may be from the frozen one when the last neuron has settled."""
STOPPED = 1e-9
"""The sine of the angle to a hyperplane below which a neuron counts as lying on it."""
SPEED = 1e-6
"""||theta'|| at the end: the flow has stopped when it is below."""


def at_least_squares(statement: Predicate, case: EarlyStart) -> Margin:
    """The outputs at the end beside those stated; excludes starts that the hypotheses leave out."""
    unscaled = case.start(1.0)
    X = case.data.X
    live = bool(np.any((unscaled.w @ X.T > 0).any(axis=1) & (unscaled.a > 0)))
    assume(live or not statement["needs_live"])
    scale, settled = _scale(case, unscaled)
    return end_beside_the_limit(statement, case, live, scale, settled)


def end_beside_the_limit(statement: Predicate, case: EarlyStart, live: bool, scale: float, settled: float) -> Margin:
    """The flow from the start at a scale to its end beside the stated limit; neurons have settled by `settled`.

    `live` says whether a neuron with a > 0 is active on some point.
    """
    X, y, fit = case.data.X, case.data.y, LinearFit.of(case.data)
    end = followed(fit, case.start(scale), fit.time(settled, 2, scale, 40), 1e-9)
    where = {"scale": scale} | end.where
    speed, size, active = _at_the_end(X, y, end.result)
    if live and not (active and speed < SPEED):
        return Margin(1.0, 0.0, "the flow stops with every live neuron active on all points", where | {"speed": speed})
    gap = end.gap(fit.outputs if statement["limit"] == "least squares" else y)
    # 5.5: speed^2 = -dL/dt >= 2 mu Q Delta with Delta = (1/2n) sum (h - <beta*, x>)^2, so each term is at most this:
    allowed = speed * math.sqrt(len(y) / (fit.slowest * size)) if live else 0.0
    rounding = 1e-12 * float(np.max(np.abs(y)))
    return Margin(gap, allowed + rounding, "|h - <beta*, x>| <= ||theta'|| sqrt(n/(mu Q)), 5.5; and rounding", where)


def _scale(case: EarlyStart, unscaled: Start) -> tuple[float, float]:
    """lambda from the start alone, and T, the last event of the frozen flow (which does not see the scale)."""
    vectors = extremal_vectors(case.data)
    frozen = frozen_alignment(case.data, unscaled, extremal=vectors)
    assume(not np.any(frozen.fate == Fate.UNDETERMINED))
    settled = float(np.max(frozen.last_event_time))
    q = drift_deviation(case.problem) / vectors.d_max
    c0 = unscaled.c0
    assert c0 is not None
    bound = math.sqrt(DEVIATION / (q * c0)) * math.exp(-vectors.d_max * settled)
    assume(bound > 1e-60)
    return float(case.below) * min(bound, 1.0), settled


def _at_the_end(X: Array, y: Array, result: Simulation) -> tuple[float, float, bool]:
    """||theta'||, Q = sum a^2 of the live neurons, written out here; and whether these are active on all points.

    A neuron that died stopped on the hyperplane it was last active on (2.6): rounding may leave it on either side.
    """
    sizes = np.linalg.norm(result.w, axis=1)[:, None] * np.linalg.norm(X, axis=1)
    slopes = (result.w @ X.T > STOPPED * sizes).astype(float)
    acting = slopes.any(axis=1)
    drift = (slopes * (y - result.outputs[-1])) @ X / len(y)
    turned, grown = np.einsum("jd,jd->j", result.w, drift), result.a[:, None] * drift
    speed = math.sqrt(float(np.sum(turned**2) + np.sum(grown**2)))
    return speed, float(np.sum(result.a[acting] ** 2)), bool(acting.any() and slopes[acting].all())
