"""Theory.md 4.4: from a small start every neuron has, at tau, the fate of its frozen trajectory; how close, and why."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy
from hypothesis import assume
from hypothesis import strategies as st
from numpy.typing import NDArray

from ....numerics.dataset import Dataset
from ....numerics.extremal import ExtremalVectors
from ....numerics.flow.alignment_watch import AlignmentWatch, pulls_at_zero
from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.frozen import Fate
from ....numerics.prediction import Prediction
from ....theory import early
from ....theory.derivation import equal
from ....theory.printing import to_numpy
from ...claim import Claim, Mutant, Relations, Source
from ...early_starts import EarlyStart, early_starts, small_enough
from ...evidence import Margin, Run, property_check, scaling
from ...trajectories import Array, worst

followed = sympy.Symbol("D", positive=True)
"""The norm of the extremal vector that the neuron follows."""
largest_followed = sympy.Symbol("D_1", positive=True)
"""The largest extremal norm that some live neuron follows."""
exponent = sympy.Symbol("alpha", positive=True)

ALIGNED = early.epsilon * followed / early.d_max
DEVIATED = 2 - 2 * early.epsilon * largest_followed / early.d_max
STATEMENT = Relations({"exponent": equal(exponent, sympy.Min(ALIGNED, DEVIATED))})

CLAIM = Claim(
    id="early.alignment",
    title="At tau every neuron is where its frozen trajectory ends: dead, pinned, or within lambda^alpha of its vector",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "tau = epsilon log(1/lambda)/||D_max||, 0 < epsilon < 1; dominated start",
        "data and unscaled start are fixed, outside the exceptional set; lambda is small enough for this start: tau is "
        "beyond the time at which the frozen flow has settled the last neuron (proofs_check/early_starts.py)",
        "alpha: the angle between w and its extremal vector D is C lambda^alpha to leading order; D_1 is the largest "
        "norm that a live neuron follows; the face of D is of rank below d - 1 (else the angle is 0)",
    ),
    scope="both losses, any leak; four published data sets for the exponent, random data for the fates",
    source=Source("Boursier & Flammarion, JMLR 2025", "early alignment theorem", "4.4", restated=True),
    needs=("scaling", "property"),
    mutants=(
        Mutant(
            "exponent 2 epsilon",
            STATEMENT.altered(exponent=equal(exponent, 2 * early.epsilon)),
            "n = 1, d = 2, x = (1, 0), y = 1, one neuron a = ||w|| with <w, x> > 0 at angle phi to x: until h matters "
            "tan(phi/2) falls like e^{-t}, so at tau = epsilon log(1/lambda) it is of the order lambda^epsilon",
        ),
        Mutant(
            "the drift's deviation does not count",
            STATEMENT.altered(exponent=equal(exponent, ALIGNED)),
            "three points at epsilon = 4/5: the neurons that grow move the drift away from D by kappa R2 S = "
            "lambda^{2 - 8/5} at tau, more than the lambda^{4/5} that alignment alone would leave",
        ),
    ),
    depends_on=("alignment.fates", "alignment.rate", "early.growth-bound", "early.field-deviation"),
)

STANDING = 1e-9
"""The sine of the angle to a hyperplane below which a neuron counts as standing on it, not beyond it."""
TOLERANCE = 1e-12
DECADES = {Fraction(1, 4): (8, 20), Fraction(1, 2): (6, 18), Fraction(4, 5): (6, 18)}
"""lambda = 10^-first .. 10^-last: twelve decades each, where the smallest angle is far above rounding."""
BLOCKS = 4
SLOPE = "change of the slope from the block before, and the flow's error over the angle"
APART = 0.1
"""Vectors whose two exponents are closer than this are left out: the larger one fades by less than half in a block."""


@dataclass(frozen=True)
class Look:
    """The settled followers (q,) of one vector at tau, their angles (q,), and what an angle may be off by."""

    neurons: NDArray[np.int64]
    angles: Array
    error: float

    def worst(self, neurons: NDArray[np.int64]) -> float:
        """The largest angle among these followers; all of them are in this look, as tau only grows."""
        return float(self.angles[np.isin(self.neurons, neurons)].max())


@scaling()
def the_exponent_of_every_followed_vector(statement: Relations, run: Run) -> Margin:
    """Slopes of log(worst angle at tau) against log(lambda) over twelve decades, per data set, epsilon and vector.

    The second term of the angle fades by at least half from one block of three decades to the next, so that the slope
    over the last block is as far from its limit as that of the block before, at most; both are measured.
    """
    names = run.choose(("three-points",), ("three-points", "orthogonal-toy", "non-orthogonal-toy", "stewart"))
    starts = run.choose(1, 3)
    margins = []
    for name in names:
        data = Dataset.published(name)
        for epsilon in DECADES:
            for seed in run.rng.integers(0, 10**6, starts):
                case = EarlyStart(data, "square", Fraction(0), 30, "balanced", int(seed), epsilon)
                margins += _slopes(statement, name, case)
    return worst(*margins)


def _slopes(statement: Relations, name: str, case: EarlyStart) -> list[Margin]:
    first, last = DECADES[case.epsilon]
    powers = np.linspace(first, last, BLOCKS + 1)
    looks = [_angles_at_tau(case.prediction(float(10.0**-power))) for power in powers]
    vectors, epsilon = case.prediction(1.0).extremal, float(case.epsilon)
    largest = max((vectors.vectors[index].norm for index in looks[0]), default=0.0)
    symbols = (early.epsilon, followed, largest_followed, early.d_max)
    margins = []
    for index, begin in looks[0].items():
        values = (epsilon, vectors.vectors[index].norm, largest, vectors.d_max)
        aligned, deviated, stated = (
            float(to_numpy(term, *symbols)(*values)) for term in (ALIGNED, DEVIATED, statement["exponent"].args[1])
        )
        angles = np.array([look[index].worst(begin.neurons) for look in looks])
        if not angles.min() > 0 or _on_a_ray(vectors, index, case.data) or abs(aligned - deviated) < APART:
            continue
        slopes = -np.diff(np.log10(angles)) / np.diff(powers)
        error = 2 * looks[-1][index].error / angles[-1] / ((powers[1] - powers[0]) * np.log(10))
        allowed = abs(slopes[-1] - slopes[-2]) + error
        where = {"data": name, "epsilon": case.epsilon, "vector": index, "slopes": slopes.tolist(), "stated": stated}
        margins.append(Margin(abs(slopes[-1] - stated), allowed, SLOPE, where))
    return margins


def _on_a_ray(vectors: ExtremalVectors, index: int, data: Dataset) -> bool:
    """Whether the vector's face has rank d - 1: neurons reach it in finite time and stay on it."""
    face = data.X[np.array(vectors.vectors[index].pattern) == 0]
    return len(face) > 0 and int(np.linalg.matrix_rank(face)) >= data.d - 1


def _angles_at_tau(prediction: Prediction) -> dict[int, Look]:
    """A look at every followed vector."""
    start, tau = prediction.start, prediction.tau
    assert start is not None
    assert tau is not None
    result = simulate(prediction.data, start.a, start.w, tau, tolerance=TOLERANCE)
    unit = result.w / np.linalg.norm(result.w, axis=1, keepdims=True)
    found = {}
    for group in AlignmentWatch.of(prediction).followed:
        gaps = np.linalg.norm(unit[group.neurons] - group.direction, axis=1)
        found[group.extremal] = Look(group.neurons, 2 * np.arcsin(gaps / 2), TOLERANCE * result.steps)
    return found


@property_check(early_starts(st.one_of(st.integers(1, 8), st.integers(20, 300))), quick=30, full=300)
def every_neuron_has_the_fate_of_its_frozen_trajectory(statement: Relations, case: EarlyStart) -> Margin:
    """Fates, and angles within the bound of `flow.alignment_watch`, at a scale decided from the start alone."""
    prediction = small_enough(case)
    start, alignment, tau = prediction.start, prediction.alignment, prediction.tau
    assert start is not None
    assert alignment is not None
    assert tau is not None
    result = simulate(case.data, start.a, start.w, tau, case.loss, case.leak, tolerance=1e-10, prediction=prediction)
    assume(not len(result.resting))
    where: dict[str, object] = {"scale": start.scale, "tau": tau}
    if result.partial or (result.comparison is None and np.any(alignment.fate == Fate.EXTREMAL)):
        return Margin(1.0, 0.0, "the flow reaches tau", where)
    margins = [_dead(prediction, result, where), _pinned(prediction, result, where)]
    for entry in () if result.comparison is None else result.comparison.alignment:
        margins.append(Margin(float(entry.unsettled), 0.0, "neurons settle by tau", where))
        margins.append(
            Margin(entry.worst_error, entry.allowed, "phi' <= -r sin(phi) + rho kappa R2 S from arrival on", where)
        )
    return worst(*margins)


def _dead(prediction: Prediction, result: Simulation, where: dict[str, object]) -> Margin:
    """The drift at h = 0 of the neurons that should feel none, over ||D_max||, summed point by point here."""
    alignment, data = prediction.alignment, prediction.data
    assert alignment is not None
    w = result.w[alignment.fate == Fate.DEAD]
    sizes = np.linalg.norm(w, axis=1)[:, None] * np.linalg.norm(data.X, axis=1)
    slopes = np.where(w @ data.X.T > STANDING * sizes, 1.0, float(prediction.leak))
    drifts = (slopes * pulls_at_zero(prediction)) @ data.X / data.n
    largest = float(np.linalg.norm(drifts, axis=1).max(initial=0.0))
    return Margin(largest / prediction.extremal.d_max, STANDING, "rounding of the sides", {**where, "fate": "dead"})


def _pinned(prediction: Prediction, result: Simulation, where: dict[str, object]) -> Margin:
    """How far the pinned neurons are from the rays that the frozen flow puts them on: they are held there exactly."""
    alignment = prediction.alignment
    assert alignment is not None
    pinned = alignment.fate == Fate.PINNED
    unit = result.w[pinned] / np.linalg.norm(result.w[pinned], axis=1, keepdims=True)
    gaps = np.linalg.norm(unit - alignment.limit_direction()[pinned], axis=1)
    return Margin(float(gaps.max(initial=0.0)), STANDING, "rounding of the ray", {**where, "fate": "pinned"})
