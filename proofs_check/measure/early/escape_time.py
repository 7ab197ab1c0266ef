"""What the evidence of `early.escape-time` measures (theory.md 4.6)."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.flow.simulation import simulate
from ....numerics.frozen.alignment import Fate
from ....numerics.predict.early_phase import drift_deviation
from ....numerics.predict.escape import escape_time
from ....numerics.predict.prediction import Prediction
from ....theory.early.bounds import largest_followed, smallest_followed
from ....theory.formal.printing import to_numpy
from ...cases.early.early_starts import EarlyStart, may_be_pushed_across, random_case
from ...claim.evidence import Margin, Run
from ...claim.statement import Relations
from ..trajectories import Array, worst

POWERS = {"quick": (36, 48, 60), "full": (12, 24, 36, 48, 60)}
"""lambda = 10^-power by level, in blocks of twelve decades; the last two blocks decide."""
COARSE, FINE = 200, 40
TOLERANCE, BRACKETING = 1e-10, 1e-6
"""Of the second run, and of the first, which only says between which recorded times S reaches the level."""
WIDER = 0.05
"""Share of the time between two recorded times by which that bracket is widened on each side: S of the looser run is
off by its tolerance for every step."""


def slope_of_the_escape_time(statement: Relations, run: Run) -> Margin:
    """The slope of T against log(1/lambda), the worst over all data sets."""
    margins = []
    for name in run.choose(
        ("three-points", "orthogonal-toy"), ("three-points", "orthogonal-toy", "non-orthogonal-toy", "stewart")
    ):
        data = Dataset.published(name)
        for seed in run.rng.integers(0, 10**6, run.choose(1, 3)):
            case = EarlyStart(data, "square", Fraction(0), 40, "balanced", int(seed), Fraction(1, 2))
            margins += _slopes(statement, name, case, POWERS[run.level])
    for index in range(run.choose(2, 10)):
        case = random_case(run.rng, 20, Fraction(1, 2))
        margins += _slopes(statement, f"random data, case {index}", case, POWERS[run.level])
    return worst(*margins)


def times_of_exponentials(statement: Relations, drawn: tuple[int, int, int, int]) -> Margin:
    """Times of escape of exponentials beside those by hand."""
    rate, depth, share, shape = drawn
    expected = depth * share / (41.0 * 2 * rate)
    times = depth / (2.0 * rate) * np.linspace(0.0, 1.0, 7) ** (1 + shape / 40)
    found = escape_time(times, np.exp(2 * rate * times - depth), float(np.exp(2 * rate * expected - depth)))
    gap = np.inf if found is None else abs(found - expected)
    rounding = 16 * float(np.finfo(float).eps) * (1 + depth) / (2 * rate)
    return Margin(float(gap), rounding, "rounding of the exponentials", {"found": found, "expected": expected})


def _slopes(statement: Relations, name: str, case: EarlyStart, powers: tuple[int, ...]) -> list[Margin]:
    unscaled = case.prediction(1.0)
    norms = _followed_norms(unscaled)
    if may_be_pushed_across(unscaled) or not len(norms) or np.any((norms > 0.95 * norms[0]) & (norms < norms[0])):
        return []
    found = [_escape(case, float(10.0**-power), norms[0]) for power in powers]
    times, errors = np.array(found).T
    slopes = np.diff(times) / (np.diff(powers) * np.log(10))
    error = (errors[-1] + errors[-2]) / ((powers[-1] - powers[-2]) * np.log(10))
    predicted = float(to_numpy(statement["time"].args[1], largest_followed, smallest_followed)(norms[0], norms[-1]))
    where = {"data": name, "case": case, "slopes": slopes.tolist(), "stated": predicted}
    allowed = abs(slopes[-1] - slopes[-2]) + error
    return [Margin(abs(slopes[-1] - predicted), allowed, "change of the slope, and the error of the times", where)]


def _followed_norms(prediction: Prediction) -> Array:
    """Norms of the followed extremal vectors, largest first."""
    alignment = prediction.alignment
    assert alignment is not None
    indices = np.unique(alignment.extremal[alignment.fate == Fate.EXTREMAL])
    return np.sort([prediction.extremal.vectors[index].norm for index in indices])[::-1]


@cache
def _escape(case: EarlyStart, scale: float, largest: float) -> tuple[float, float]:
    """The first time S reaches the level, and what it may be off by.

    A first run brackets it. A second one records S there; S being smooth, the line through log S at two neighbouring
    times is off by less than the bend between them, and S itself by the flow's tolerance for every step.
    """
    level = largest / (4 * drift_deviation(case.problem))
    longest = (np.log(1 / scale) + 60) / largest
    times, sizes, _ = _sizes(case, scale, np.linspace(0.0, longest, COARSE + 1), BRACKETING)
    reached = int(np.argmax(sizes >= level))
    if sizes[reached] < level:
        raise ArithmeticError(f"S stays below {level:g} up to t = {longest:g}, at lambda = {scale:g}")
    times, sizes, steps = _sizes(case, scale, _bracket(times, reached, longest), TOLERANCE)
    escape, logs = escape_time(times, sizes, level), np.log(sizes)
    assert escape is not None
    after = int(np.argmax(sizes >= level))
    if not after:
        raise ArithmeticError("the looser run does not say where S reaches the level")
    rate = float((logs[after] - logs[after - 1]) / (times[after] - times[after - 1]))
    return escape, (float(np.max(np.abs(np.diff(logs, 2)))) + 2 * TOLERANCE * steps) / rate


def _bracket(times: Array, reached: int, longest: float) -> Array:
    """`FINE` times from before `times[reached - 1]` to after `times[reached]`, up to `longest` at most."""
    before, after = times[reached - 1], times[reached]
    spare = WIDER * (after - before)
    return np.linspace(max(before - spare, 0.0), min(after + spare, longest), FINE)


def _sizes(case: EarlyStart, scale: float, times: Array, tolerance: float) -> tuple[Array, Array, int]:
    start = case.start(scale)
    result = simulate(case.problem, start, float(times[-1]), tolerance=tolerance, times=times)
    return result.times, result.sizes, result.steps
