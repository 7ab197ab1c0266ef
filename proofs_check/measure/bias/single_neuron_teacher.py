"""What the evidence of `bias.single-neuron-teacher` measures (theory.md 6.5)."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.frozen.alignment import Fate
from ....numerics.predict.early_phase import drift_deviation
from ....numerics.rounding import DIRECTION
from ...cases.bias.teacher import TeacherCase, eigenvalues_of, random_teacher_case
from ...cases.early.early_starts import SMALLEST, STANDING, EarlyStart, settling, small_enough
from ...cases.strategies import Point
from ...claim.draws import assume
from ...claim.evidence import Margin, Run
from ...claim.statement import Predicate
from ..engine_runs import check_resolved
from ..trajectories import Array, worst

if TYPE_CHECKING:
    from ....numerics.flow.engines import AnyEngine

TOLERANCE = 1e-9
FITTING = 12.0
"""The flow is looked at when it has escaped and the loss has then had 1/(mu ||v||) of time so often: it has fallen by
about e^{-2 FITTING}, while the trap (5.5) closes at a share of the order of (mu/M)^2."""
CONDITION = 1e-3
"""The least eigenvalue of H beside the largest: for smaller ones the fit takes too long to follow."""


def aligned_and_fitted(statement: Predicate, case: TeacherCase) -> Margin:
    """The flow at T_1 and at the end: activity, angles, dead neurons, and the trap."""
    early_start = _early_start(statement, case)
    data, epsilon = early_start.data, float(early_start.epsilon)
    unscaled = early_start.start(1.0)
    live = (unscaled.a > 0) & (unscaled.w @ data.X.T > 0).any(axis=1)
    eigenvalues = eigenvalues_of(data.X)
    assume(live.any() and eigenvalues[0] >= CONDITION * eigenvalues[-1])
    scale = _scale(early_start)
    start, gamma = early_start.start(scale), data.y @ data.X / data.n
    first = epsilon * math.log(1 / scale) / float(np.linalg.norm(gamma))
    fit: Array = np.asarray(np.linalg.lstsq(data.X, data.y, rcond=None)[0], dtype=float)
    last = 2 * first / epsilon + FITTING / (eigenvalues[0] * float(np.linalg.norm(fit)))
    seen: list[Array] = []

    def observe(engine: AnyEngine) -> None:
        if not seen:  # the first recorded time is T_1
            seen.extend((engine.state.neurons(), np.array(2 * TOLERANCE * engine.counters.steps + 1e-14)))

    result = simulate(data, start, last, tolerance=TOLERANCE, times=[first, last], observe=observe)
    check_resolved(result)
    where = {"scale": scale, "T_1": first, "time": result.time, "loss": result.losses[-1]}
    aligned = Margin(
        float(_angles(seen[0][live, :-1], gamma).max()),
        2 * math.asin(math.sqrt(scale**epsilon / 2)) + float(seen[1]),
        "cos = 1 - lambda^epsilon, and the flow's tolerance for every step",
        where,
    )
    active = _sines(data.X, seen[0][:, :-1])
    asleep = float((~(active[live] > 0)).any(axis=1).sum())
    return worst(
        Margin(asleep, 0.0, "every live a > 0 neuron is active on all points at T_1", where),
        aligned,
        Margin(float(active[unscaled.a < 0].max(initial=0.0)), STANDING, "no a < 0 neuron is active at T_1", where),
        _trap(data.X, fit, result, eigenvalues, where),
    )


def _early_start(statement: Predicate, case: TeacherCase) -> EarlyStart:
    return case.early_start(statement["cosine_squared"], statement["epsilon"])


def _scale(case: EarlyStart) -> float:
    """lambda from the start alone, as the hypotheses say; from epsilon = 4/5 on none meets the last of them."""
    scale, epsilon = small_enough(replace(case, epsilon=case.epsilon / 2)).start.scale, float(case.epsilon)
    c0 = case.start(1.0).c0
    assert scale is not None
    assert c0 is not None
    q = drift_deviation(case.problem) / float(np.linalg.norm(case.data.y @ case.data.X / case.data.n))
    if case.epsilon < Fraction(4, 5):
        scale = min(scale, (2 / (q * c0)) ** (1 / (2 - 2.5 * epsilon)))
    assume(scale > SMALLEST)
    return scale


def _angles(w: Array, direction: Array) -> Array:
    """Angles (m,) between the rows of w (m, d) and a vector (d,), accurate when they are small."""
    unit = w / np.linalg.norm(w, axis=1, keepdims=True)
    gaps = np.linalg.norm(unit - direction / np.linalg.norm(direction), axis=1)
    angles: Array = 2 * np.arcsin(np.minimum(gaps / 2, 1.0))
    return angles


def _sines(X: Array, w: Array) -> Array:
    """<w_j, x_k> / (||w_j|| ||x_k||), shape (m, n)."""
    sines: Array = w @ X.T / np.linalg.norm(w, axis=1)[:, None] / np.linalg.norm(X, axis=1)
    return sines


def _trap(X: Array, fit: Array, result: Simulation, eigenvalues: Array, where: dict[str, object]) -> Margin:
    """The condition of 5.5 under which no pattern changes any more and h -> <v, x_k>: then L -> 0.

    `fit` (d,) is v, or its projection on the span of the points: what H vanishes on moves nothing.
    """
    sines = _sines(X, result.w)
    acting = (sines > STANDING).any(axis=1)
    slowest, loss = float(eigenvalues[0]), float(result.losses[-1])
    rho = float(np.linalg.norm(fit)) - math.sqrt(2 * loss / slowest)
    if not acting.any() or not rho > 0:
        return Margin(1.0, 0.0, "the network has come near the fit", where)
    needed = math.sqrt(2 * float(eigenvalues[-1]) * loss) / (slowest * rho)
    return Margin(needed, max(float(sines[acting].min()), 0.0), "min <omega, x>/||x|| > sqrt(2 M L)/(mu rho)", where)


POWERS = (3, 6, 9, 12)
"""lambda = 10^-power: three blocks of three decades."""
SETTLED = 6.9
"""Largest 1 + ||gamma|| T of the starts whose excess is measured: half of log(10^6), the second lambda."""
FINE, COARSE = 1e-12, 1e-11
SLOPE = "change of the slope from the block before, and the flow's error over the excess"


def excess_exponent(statement: Predicate, run: Run) -> Margin:
    """The slope of the excess over ||v|| against lambda."""
    margins: list[Margin] = []
    wanted = run.choose(2, 15)
    for _ in range(100 * wanted):
        case = random_teacher_case(run.rng)
        early_start = _early_start(statement, case)
        if _typical(early_start):
            margins.append(_slope(statement, case.teacher, early_start))
        if len(margins) == wanted:
            return worst(*margins)
    raise ArithmeticError(f"only {len(margins)} of {wanted} starts could be measured")


def _typical(case: EarlyStart) -> bool:
    """Points that span R^d, early settling, and two live neurons at least: one alone has no excess."""
    unscaled = case.prediction(1.0)
    alignment, eigenvalues = unscaled.alignment, eigenvalues_of(case.data.X)
    assert alignment is not None
    spread = len(eigenvalues) == case.data.d and eigenvalues[0] >= eigenvalues[-1] / 100
    if not spread or np.any(alignment.fate == Fate.UNDETERMINED) or np.sum(alignment.fate == Fate.EXTREMAL) < 2:
        return False
    return 1 + unscaled.extremal.d_max * float(settling(unscaled)[0].max()) <= SETTLED


def _slope(statement: Predicate, teacher: Point, case: EarlyStart) -> Margin:
    norm = float(np.linalg.norm(np.array(teacher, dtype=float)))
    plain = replace(case, epsilon=Fraction(1, 2))  # no flow depends on the epsilon that a mutant has changed
    found = np.array([_excess(plain, 10.0**-power, norm) for power in POWERS])
    excess, errors, sums, allowed = found.T
    slopes = -np.diff(np.log10(excess)) / np.diff(POWERS)
    if not np.all(np.isfinite(slopes)):
        raise ArithmeticError(f"the excess has no logarithm: {excess.tolist()}")
    error = float(np.sum(errors[-2:] / excess[-2:])) / ((POWERS[-1] - POWERS[-2]) * math.log(10))
    where = {"case": case, "slopes": slopes.tolist(), "excess": excess.tolist(), "stated": statement["excess"]}
    off = abs(float(slopes[-1]) - statement["excess"])
    return worst(
        Margin(off, abs(float(slopes[-1] - slopes[-2])) + error, SLOPE, where),
        Margin(float(sums[-1]), float(allowed[-1]), "the excess, and ||S - v|| <= sqrt(2 L/mu)", {"case": case}),
    )


@cache
def _excess(case: EarlyStart, scale: float, norm: float) -> tuple[float, float, float, float]:
    """sum_j ||w_j||^2 - ||sum_live a_j w_j|| without cancellation, its error, and how far the sum itself is from ||v||.

    The last number is what that distance may be.
    """
    start, slowest = case.start(scale), float(eigenvalues_of(case.data.X)[0])
    time = 2 * math.log(1 / scale) / float(np.linalg.norm(case.data.y @ case.data.X / case.data.n))
    time += 40 / (slowest * norm)
    runs = [simulate(case.data, start, time, tolerance=value, times=[time]) for value in (FINE, COARSE)]
    values = []
    for run in runs:
        check_resolved(run)
        live = (_sines(case.data.X, run.w) > STANDING).any(axis=1)
        squares = np.sum(run.w**2, axis=1)
        angles = _angles(run.w[live], run.a[live] @ run.w[live])
        values.append(float(np.sum(squares[live] * 2 * np.sin(angles / 2) ** 2) + np.sum(squares[~live])))
    total, value = float(np.sum(runs[0].w ** 2)), values[0]
    error = 2 * abs(values[0] - values[1]) + 2 * DIRECTION * math.sqrt(2 * total * value)
    # X (S - v) = h - y, so that ||S - v||^2 <= 2 L / mu; the flow keeps balance up to its tolerance for every step.
    allowed = value + math.sqrt(2 * float(runs[0].losses[-1]) / slowest) + FINE * runs[0].steps * total
    return value, error, abs(total - norm), allowed
