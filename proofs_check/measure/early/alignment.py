"""What the evidence of `early.alignment` measures (theory.md 4.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ....numerics.compare.beside import compare
from ....numerics.compare.watch import AlignmentWatch
from ....numerics.data.dataset import Dataset
from ....numerics.extremal.vectors import ExtremalVector
from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.frozen.alignment import Fate
from ....numerics.oracles.rational import drift_on
from ....numerics.predict.early_phase import drift_deviation
from ....numerics.predict.prediction import Prediction
from ....numerics.rounding import ANGLE
from ....theory.early import bounds
from ....theory.formal.printing import to_numpy
from ...cases.early.early_starts import (
    STANDING,
    EarlyPhase,
    EarlyStart,
    drifts_at_zero,
    early_starts,
    random_case,
    small_enough,
)
from ...cases.early.one_sided import OneSidedStart
from ...claim.draws import assume, st
from ...claim.evidence import Margin, Run
from ...claim.statement import Predicate
from ..engine_runs import check_resolved
from ..trajectories import Array, worst

TOLERANCE = 1e-12
LAST = {Fraction(1, 4): 20, Fraction(1, 2): 18, Fraction(9, 10): 18}
"""The smallest scale is 10^-last, by epsilon."""
BLOCK, BLOCKS = 3, {"quick": 2, "full": 4}
"""Decades of lambda in a block, and how many blocks there are, by level; the last two decide."""
BOUND = "phi' <= -r sin(phi) + rho kappa R2 S from the time at which the drift of a neuron is its vector"
SLOPE = "change of the slope from the block before, and the flow's error over the angle"
APART = 0.1
"""Left out are vectors whose two exponents are closer than this, or one of them smaller: what is beside the leading
term, the weaker one or phi^2 from tan(phi/2), would then fade by less than half in a block of three decades."""


@dataclass(frozen=True)
class Look:
    """The settled followers (q,) of one vector at tau, and their angles (q,)."""

    neurons: NDArray[np.int64]
    angles: Array

    def worst(self, neurons: NDArray[np.int64]) -> float:
        """The largest angle among these followers; all of them are in this look, as tau only grows."""
        return float(self.angles[np.isin(self.neurons, neurons)].max())


def exponents(statement: Predicate, run: Run) -> Margin:
    """The worst margin over data sets, epsilons and vectors, of slopes in blocks of decades."""
    names = run.choose(("three-points", "non-orthogonal-toy"), ("three-points", "non-orthogonal-toy", "stewart"))
    margins: list[Margin] = []
    for name in names:
        data, before = Dataset.published(name), len(margins)
        for epsilon in LAST:
            for seed in run.rng.integers(0, 10**6, run.choose(1, 2)):
                case = EarlyStart(data, "square", Fraction(0), 30, "balanced", int(seed), epsilon)
                margins += _slopes(statement, name, case, BLOCKS[run.level], sharp=True)
        if len(margins) == before:
            raise ArithmeticError(f"no exponent could be measured on {name}")
    for number in range(run.choose(1, 10)):
        for epsilon in LAST:
            case = random_case(run.rng, 30, epsilon)
            margins += _slopes(statement, f"random data, case {number}", case, BLOCKS[run.level], sharp=False)
    return worst(*margins)


def _slopes(statement: Predicate, name: str, case: EarlyStart, blocks: int, sharp: bool) -> list[Margin]:
    last = LAST[case.epsilon]
    powers = np.arange(last - blocks * BLOCK, last + 1, BLOCK)
    unscaled, epsilon = _unscaled(case), float(case.epsilon)
    vectors, alignment = unscaled.extremal, unscaled.alignment
    assert alignment is not None
    if not vectors.d_max > 0 or np.any(alignment.fate == Fate.UNDETERMINED):
        return []
    indices = np.unique(alignment.extremal[alignment.fate == Fate.EXTREMAL])
    largest = max((vectors.vectors[index].norm for index in indices), default=0.0)
    looks = [_angles_at_tau(case, float(10.0**-power), TOLERANCE) for power in powers]
    looser = _angles_at_tau(case, float(10.0 ** -powers[-1]), 10 * TOLERANCE)
    symbols = (bounds.epsilon, bounds.followed, bounds.largest_followed, bounds.d_max)
    margins = []
    for index, begin in looks[0].items():
        values = (epsilon, vectors.vectors[index].norm, largest, vectors.d_max)
        aligned, deviated, stated = (
            float(to_numpy(term, *symbols)(*values))
            for term in (bounds.aligned, bounds.deviated, statement["exponent"])
        )
        angles = np.array([look[index].worst(begin.neurons) for look in looks])
        apart = min(abs(aligned - deviated), aligned, deviated)
        if not angles.min() > 0 or _on_a_ray(case, vectors.vectors[index]) or apart < APART:
            continue
        slopes = -np.diff(np.log10(angles)) / np.diff(powers)
        # an angle errs by twice its change when the tolerance is ten times larger
        change = np.max(np.abs(looks[-1][index].angles - looser[index].angles))
        error = 2 * (2 * float(change) + ANGLE) / angles[-1] / (BLOCK * np.log(10))
        allowed = abs(slopes[-1] - slopes[-2]) + error
        where = {"data": name, "case": case, "vector": index, "slopes": slopes.tolist(), "stated": stated}
        short = stated - slopes[-1]
        margins.append(Margin(abs(short) if sharp else max(short, 0.0), allowed, SLOPE, where))
    return margins


def _on_a_ray(case: EarlyStart, vector: ExtremalVector) -> bool:
    """Whether neurons arrive at the vector in finite time: its face has rank d - 1 and its slopes there are inside."""
    data = case.data
    face = data.X[np.array(vector.pattern) == 0]
    if not len(face) or int(np.linalg.matrix_rank(face)) < data.d - 1:
        return False
    sides = tuple(vector.sign * side for side in vector.pattern)
    return drift_on(sides, data.inputs, case.problem.pulls_at_zero, case.leak, inside=True) is not None


@cache
def _unscaled(case: EarlyStart) -> Prediction:
    return case.prediction(1.0)


@cache
def _angles_at_tau(case: EarlyStart, scale: float, tolerance: float) -> dict[int, Look]:
    """A look at every followed vector."""
    prediction = case.rescaled(_unscaled(case), scale)
    phase = EarlyPhase.of(prediction)
    start = phase.start
    run = simulate(prediction.problem, start, phase.tau, tolerance=tolerance, times=[phase.tau])
    unit = run.w / np.linalg.norm(run.w, axis=1, keepdims=True)
    found = {}
    for group in AlignmentWatch.of(prediction).followed:
        if len(group.neurons):
            gaps = np.linalg.norm(unit[group.neurons] - group.direction, axis=1)
            found[group.extremal] = Look(group.neurons, 2 * np.arcsin(np.minimum(gaps / 2, 1.0)))
    return found


def widths() -> st.SearchStrategy[int]:
    """Widths 1 to 300, half of them at most 8."""
    return st.one_of(st.integers(1, 8), st.integers(20, 300))


def on_its_side(statement: Predicate, case: OneSidedStart) -> Margin:
    """How far the follower of a one-sided vector is beyond its hyperplane at tau."""
    d_max = case.prediction().extremal.d_max
    limit = to_numpy(statement["one_sided"], bounds.followed, bounds.largest_followed, bounds.d_max)
    epsilon = case.share * float(limit(case.followed, case.followed, d_max))
    tau = epsilon * np.log(1 / case.scale) / d_max
    result = case.run(tau)
    check_resolved(result)
    sine = float(result.w[0] @ case.data.X[1] / np.linalg.norm(result.w[0]))
    return Margin(max(sine, 0.0), STANDING, "rounding of the side", {"epsilon": epsilon, "tau": tau})


def fates_at_tau(statement: Predicate, case: EarlyStart) -> Margin:
    """The worst margin of dead, pinned and aligned neurons at tau."""
    early_phase = small_enough(case)
    start, tau = early_phase.start, early_phase.tau
    compared = compare(early_phase.prediction, tau, tolerance=1e-10, times=[tau])
    result = compared.simulation
    check_resolved(result)
    assume(not len(result.resting))
    where: dict[str, object] = {"scale": start.scale, "tau": tau}
    entries = () if compared.comparison is None else compared.comparison.alignment
    missing = int(np.sum(early_phase.alignment.fate == Fate.EXTREMAL)) - sum(entry.count for entry in entries)
    return worst(
        Margin(float(missing), 0.0, "all that follow a vector are compared", where),
        _dead(early_phase, result, where),
        _pinned(statement, early_phase, result, where),
        *(Margin(entry.worst_error, entry.allowed, BOUND, where) for entry in entries),
    )


ARCSINE = 1e-7
"""What an arcsine makes of rounding: where a sine is off by e, and near 1, the angle is off by sqrt(2 e)."""


def near_the_limit() -> st.SearchStrategy[EarlyStart]:
    """Balanced starts of few neurons on few points, tau a quarter of log(1/lambda)/D_max."""
    quarter = (Fraction(1, 4),)
    starts = early_starts(st.integers(2, 12), n=(1, 3), d=(2, 3), epsilons=quarter)
    return starts.map(lambda case: replace(case, kind="balanced"))


def allowances(statement: Predicate, case: EarlyStart) -> Margin:
    """The allowances of the comparison command beside those of the theory."""
    phase = EarlyPhase.of(case.prediction(1e-12))
    prediction, start, tau = phase.prediction, phase.start, phase.tau
    watch = AlignmentWatch.of(prediction)
    assume(any(len(group.neurons) for group in watch.followed))
    result = simulate(case.problem, start, tau, tolerance=1e-10, times=watch.times, observe=watch.observe)
    check_resolved(result)
    d_star, size = prediction.extremal.d_star, float(np.sum(start.a**2))
    left = drift_deviation(case.problem) * size * float(np.exp(2 * d_star * tau)) / d_star
    comparison = watch.result()
    entries = () if comparison is None else [entry for entry in comparison.alignment if entry.count]
    spare = [entry.allowed - entry.worst_error for entry in entries]
    late = sum(entry.off_time for entry in entries)
    angles = [_half_way_to_the_next(prediction, entry.extremal) - entry.angle for entry in entries]
    return worst(
        Margin(max(spare, default=0.0), left + 2 * watch.slack, "the deviation twice, and the solver's error twice"),
        Margin(float(late), 0.0, "every neuron comes near its vector when it should"),
        Margin(max(map(abs, angles), default=0.0), ARCSINE, "half the angle to the next hyperplane"),
    )


def _half_way_to_the_next(prediction: Prediction, index: int) -> float:
    """Half the least angle between a vector and a hyperplane that it is not on; pi/4 when there is none."""
    vector, angles = prediction.extremal.vectors[index], [np.pi / 2]
    for x, label, side in zip(prediction.data.X, prediction.data.y, vector.pattern, strict=True):
        if side and label:
            along = abs(float(x @ vector.vector))
            across = np.linalg.norm(x * vector.norm**2 - (x @ vector.vector) * vector.vector) / vector.norm
            angles.append(float(np.arctan2(along, across)))
    return min(angles) / 2


def _dead(early_phase: EarlyPhase, result: Simulation, where: dict[str, object]) -> Margin:
    """The drift at h = 0 of the neurons for which it should vanish, over D_max."""
    drifts = drifts_at_zero(early_phase.prediction, result.w[early_phase.alignment.fate == Fate.DEAD])
    share = float(np.linalg.norm(drifts, axis=1).max(initial=0.0)) / early_phase.prediction.extremal.d_max
    return Margin(share, STANDING, "rounding of the sides", {**where, "fate": "dead"})


def _pinned(statement: Predicate, early_phase: EarlyPhase, result: Simulation, where: dict[str, object]) -> Margin:
    """How far the pinned neurons are from the rays that the frozen flow puts them on: they stay on them exactly."""
    alignment = early_phase.alignment
    pinned = alignment.fate == Fate.PINNED
    unit = result.w[pinned] / np.linalg.norm(result.w[pinned], axis=1, keepdims=True)
    along_drift = -1.0 if statement["pinned"] == "along its drift" else 1.0  # the ray is against the drift (3.9)
    gaps = np.linalg.norm(unit - along_drift * alignment.limit_direction()[pinned], axis=1)
    return Margin(float(gaps.max(initial=0.0)), STANDING, "rounding of the ray", {**where, "fate": "pinned"})
