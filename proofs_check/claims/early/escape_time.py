"""Theory.md 4.6: when the network leaves the neighbourhood of 0.

Theorem. Let D_1 be the largest extremal norm that some neuron of the fixed, unscaled, dominated start follows, and
let no neuron follow a one-sided vector (except for leak 0 and orthogonal inputs). The first time T(lambda) at which
S = sum_j a_j^2 reaches a fixed level, if it reaches it, satisfies

    T(lambda)/log(1/lambda) -> 1/D_1  as lambda -> 0.

Source: Boursier and Flammarion, JMLR 2025, end of the early phase (restated).
Tested by slopes of T against log(1/lambda), from lambda = 1e-12 to 1e-60, on four published data sets and on random
data, for both losses; the level is D_1/(4 kappa R2).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import sympy

from ....numerics.data.dataset import Dataset
from ....numerics.flow.simulation import simulate
from ....numerics.frozen.alignment import Fate
from ....numerics.predict.early_phase import drift_deviation
from ....numerics.predict.escape import escape_time
from ....numerics.predict.prediction import Prediction
from ....theory.early import bounds
from ....theory.formal.derivation import equal
from ....theory.formal.printing import to_numpy
from ...cases.early_starts import STAYS_ON_ITS_SIDE, EarlyStart, may_be_pushed_across, random_case
from ...claim.draws import st
from ...claim.evidence import Margin, Run, property_check, scaling
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.trajectories import Array, worst

largest_followed, smallest_followed = sympy.symbols("D_1 D_min", positive=True)
"""The largest and the smallest extremal norm that some neuron follows."""
escape = sympy.Function("T", positive=True)(bounds.scale)
STATEMENT = Relations(
    {"time": equal(sympy.Limit(escape / sympy.log(1 / bounds.scale), bounds.scale, 0, "+"), 1 / largest_followed)}
)

CLAIM = Claim(
    id="early.escape-time",
    title="The first time S = sum_j a_j^2 reaches a fixed level is log(1/lambda)/D_1 (1 + o(1))",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "D_1 is the largest extremal norm that some neuron of the (fixed, unscaled, dominated) start follows",
        STAYS_ON_ITS_SIDE,
        "the level is reached: here D_1/(4 kappa R2), where the drift of the leading neurons has 3/4 of its norm left "
        "(a level for D_1; that of the figures, D_max/(2 kappa R2), is known before any neuron is followed)",
    ),
    scope="four published data sets and random data, both losses; lambda from 1e-12 to 1e-60",
    source=Source("Boursier & Flammarion, JMLR 2025", "end of the early phase", "4.6", restated=True),
    needs=("scaling",),
    mutants=(
        Mutant(
            "the smallest followed norm",
            STATEMENT.altered(time=equal(STATEMENT["time"].args[0], 1 / smallest_followed)),
            "orthogonal toy, a neuron along each of D_+ = (1, 1/2) and D_- = (1/4, -1/2): S >= a_+^2, which grows like "
            "e^{2 ||D_+|| t}, so that the level is reached by log(1/lambda)/||D_+||, half of log(1/lambda)/||D_-||",
        ),
        Mutant(
            "S grows at the rate of a",
            STATEMENT.altered(time=equal(STATEMENT["time"].args[0], 2 / largest_followed)),
            "n = d = 1, x = y = 1, a = w = lambda: S' = 2 (1 - S) S, so that S reaches 1/4 by log(1/lambda) + O(1)",
        ),
    ),
    depends_on=("early.alignment", "early.growth-bound"),
    names={
        "T(lambda)": "the first time at which S reaches the level, for a start of scale lambda",
    },
)

POWERS = {"quick": (36, 48, 60), "full": (12, 24, 36, 48, 60)}
"""lambda = 10^-power by level, in blocks of twelve decades; the last two blocks decide."""
COARSE, FINE = 200, 40
TOLERANCE, BRACKETING = 1e-10, 1e-6
"""Of the second run, and of the first, which only says between which recorded times S reaches the level."""
WIDER = 0.05
"""Share of the time between two recorded times by which that bracket is widened on each side: S of the looser run is
off by its tolerance for every step."""


@scaling()
def the_slope_of_the_escape_time(statement: Relations, run: Run) -> Margin:
    """Slopes of T against log(1/lambda) in blocks of twelve decades, per data set and start.

    T D_1 = log(1/lambda) + c + R, where R is a sum of powers lambda^p: what followers of shorter vectors add to S,
    and what is left of the angles. Where p >= 1/10 (shorter vectors have at most 19/20 of D_1) R falls by more than
    ten from block to block, so that the last slope is no farther from its limit than from the one before.
    """
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


@property_check(lambda: st.tuples(*[st.integers(1, 40)] * 4), covers="lemma", quick=20, full=100)
def times_of_escape_are_read_off_exponentials(statement: Relations, drawn: tuple[int, int, int, int]) -> Margin:
    """S = s e^{2rt} at a few uneven times: the moment at which it reaches a level is log(level/s)/(2r)."""
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
    moment, logs = escape_time(times, sizes, level), np.log(sizes)
    assert moment is not None
    after = int(np.argmax(sizes >= level))
    if not after:
        raise ArithmeticError("the looser run does not say where S reaches the level")
    rate = float((logs[after] - logs[after - 1]) / (times[after] - times[after - 1]))
    return moment, (float(np.max(np.abs(np.diff(logs, 2)))) + 2 * TOLERANCE * steps) / rate


def _bracket(times: Array, reached: int, longest: float) -> Array:
    """`FINE` times from before `times[reached - 1]` to after `times[reached]`, up to `longest` at most."""
    before, after = times[reached - 1], times[reached]
    spare = WIDER * (after - before)
    return np.linspace(max(before - spare, 0.0), min(after + spare, longest), FINE)


def _sizes(case: EarlyStart, scale: float, times: Array, tolerance: float) -> tuple[Array, Array, int]:
    start = case.start(scale)
    result = simulate(case.problem, start, float(times[-1]), tolerance=tolerance, times=times)
    return result.times, result.sizes, result.steps
