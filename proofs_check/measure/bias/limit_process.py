"""What the evidence of `bias.limit-process` measures (theory.md 6.2)."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.start import Start
from ...cases.strategies import signed_eighths
from ...claim.evidence import Margin, Run
from ...claim.statement import Predicate
from ..escape_times import BalancedStart, Slopes, slopes_of_times
from ..trajectories import worst

if TYPE_CHECKING:
    from ....numerics.limit.process import Limit, Saddle

POWERS = {"quick": (60, 80, 100), "full": (4, 40, 60, 80, 100)}
"""lambda = 10^-power by level; the last two blocks decide."""
LEAST_GAP = 0.05
ACCURACY = 1e-6
"""Of the outputs and norms of a predicted limit, as a share of their sizes: pulls are known to 1e-8 at a saddle, and
an ill-conditioned one may multiply that by a hundred (`stationary` would say so beyond)."""


def on_the_published_data_sets(statement: Predicate, run: Run) -> Margin:
    """Times and end of every process on the published data sets."""
    margins: list[Margin] = []
    for name in ("three-points", "orthogonal-toy", "non-orthogonal-toy", "stewart"):
        data, wanted = Dataset.published(name), len(margins) + run.choose(1, 2)
        while len(margins) < wanted:
            case = BalancedStart(data, run.choose(30, 60), int(run.rng.integers(10**6)))
            if _qualifies(case_limit(case)):
                margins.append(_compared(statement, case, case_limit(case), POWERS[run.level]))
    return worst(*margins)


def on_random_data(statement: Predicate, run: Run) -> Margin:
    """Times and end of the process on random data."""
    margins: list[Margin] = []
    while len(margins) < run.choose(2, 8):
        case = _drawn(run.rng)
        limit = case_limit(case)
        if _qualifies(limit):
            margins.append(_compared(statement, case, limit, POWERS[run.level]))
    return worst(*margins)


def reported_tie(statement: Predicate, drawn: tuple[int, int]) -> Margin:
    """Whether a tie of two labels is reported."""
    from ....numerics.limit.process import limit_process

    size, power = drawn
    other = Fraction(size) * (1 + (Fraction(1, 2**power) if power else 0))
    data = Dataset(((Fraction(1), Fraction(0)), (Fraction(0), Fraction(1))), (Fraction(size), -other))
    limit = limit_process(data)
    where = {"data": data, "reason": limit.reason}
    return Margin(float(limit.determined != bool(power)), 0.0, "determined exactly when the labels differ", where)


FITTED_BY_ONE = (
    [["1/4", "1/2", "1/2"], [1, "7/4", -2], ["-5/4", "7/4", "7/4"], ["-3/2", "-1/2", "-7/4"], [1, 0, "-1/2"]],
    ["1/4", "17/4", "29/4", "19/4", "-1/2"],
)
"""Inputs and labels: a neuron along (-3, 3, -1) fits four points and is inactive on the fifth."""


def moved_by_a_fit(statement: Predicate, seed: int) -> Margin:
    """How far neurons move at a saddle that fits their points."""
    from ....numerics.limit.process import limit_process

    data = Dataset.from_arrays(*FITTED_BY_ONE)
    w = np.random.default_rng(seed).standard_normal((12, 3))
    limit = limit_process(data, Start(np.linalg.norm(w, axis=1), w, "balanced", None, None))
    loss = float(data.labels[-1]) ** 2 / (2 * data.n)
    where = {"seed": seed, "saddles": len(limit.saddles), "loss": limit.loss, "reason": limit.reason}
    wrong = abs(len(limit.saddles) - 1) + (not limit.determined)
    return worst(
        Margin(float(wrong), 0.0, "one saddle, and all of it determined", where),
        Margin(abs(limit.loss - loss), ACCURACY * loss, "rest of the pulls at the end", where),
    )


def left_out(statement: Predicate, seed: int) -> Margin:
    """Which neurons the process leaves out, beside those that are dead."""
    from ....numerics.limit.small_neurons import SmallNeurons, at_rest

    rng = np.random.default_rng(seed)
    w, signs = rng.standard_normal((40, 2)), rng.choice((-1.0, 1.0), 40)
    data = Dataset.from_arrays([[1, 0], [0, 1]], [0, 1])
    rest = at_rest(data, Fraction(0), SmallNeurons.of(signs * np.linalg.norm(w, axis=1), w, 1.0))
    stays = (w[:, 0] > 0) & ~((signs > 0) & (w[:, 1] > 0))
    found = int(np.sum((rest.growths == 0) & (rest.neurons.directions[:, 0] > 0)))
    where = {"seed": seed, "at rest": found, "expected": int(stays.sum())}
    return Margin(float(abs(found - stays.sum())), 0.0, "a count: no difference", where)


def _drawn(rng: np.random.Generator) -> BalancedStart:
    d = int(rng.integers(2, 4))
    n = int(rng.integers(2, 5))
    inputs = signed_eighths(rng, 2, (n, d))
    labels = signed_eighths(rng, 2, (n,))
    data = Dataset(tuple(map(tuple, inputs)), tuple(labels))
    return BalancedStart(data, int(rng.integers(20, 41)), int(rng.integers(0, 10**6)))


@lru_cache(maxsize=256)
def case_limit(case: BalancedStart) -> Limit:
    """The predicted process for the directions that the start occupies."""
    from ....numerics.limit.process import limit_process

    return limit_process(case.data, case.start(1.0))


def _qualifies(limit: Limit) -> bool:
    """Whether the process is determined and, at every escape, no other neurons are near."""
    return limit.determined and bool(limit.saddles) and _gap(limit) >= LEAST_GAP


def _gap(limit: Limit) -> float:
    """The least depth left to the neurons that do not leave a saddle when others do."""
    left = [
        (other.time - saddle.time) * other.norm for saddle in limit.saddles for other in saddle.candidates[1:]
    ]  # fmt: skip
    return min(left, default=1.0)


@lru_cache(maxsize=256)
def _measured(case: BalancedStart, powers: tuple[int, ...]) -> Slopes:
    """Slopes of the times at which the loss is half way between a saddle and the next."""
    limit = case_limit(case)
    losses = [saddle.loss for saddle in limit.saddles] + [limit.loss]
    levels = [(above + below) / 2 for above, below in pairwise(losses)]
    return slopes_of_times(case, levels, powers, limit.saddles[-1].time, limit.transit_time)


def _compared(statement: Predicate, case: BalancedStart, limit: Limit, powers: tuple[int, ...]) -> Margin:
    """The slopes of the last block beside the stated clocks, and the simulated end beside the stated one."""
    slopes = _measured(case, powers)
    margins = []
    for i in range(len(limit.saddles)):
        stated = _stated_clock(statement, limit.saddles, i)
        where = case.described | {"escape": i + 1, "stated": stated, "slopes": slopes.blocks[:, i].tolist()}
        distance = abs(float(slopes.blocks[-1, i]) - stated)
        margins.append(Margin(distance, float(slopes.allowed[i]), "change of the slope, error of the times", where))
    return worst(*margins, _end(statement, case, limit, slopes))


def _stated_clock(statement: Predicate, saddles: tuple[Saddle, ...], i: int) -> float:
    """When the statement has the escape number i, counted from 0."""
    candidates = saddles[i].candidates
    if statement["leaves"] == "smallest norm":
        return min(candidates, key=lambda candidate: candidate.norm).time
    if statement["pulls"] == "labels":
        at_zero = saddles[0].candidates
        return at_zero[i].time if i < len(at_zero) else np.inf
    return candidates[0].time


def _end(statement: Predicate, case: BalancedStart, limit: Limit, slopes: Slopes) -> Margin:
    """The outputs and ||theta||^2/2 at the smallest scale; what is left falls from scale to scale by two or more."""
    before, last = (_final(slopes, place) for place in (-2, -1))
    expected = np.append(limit.outputs, limit.norm)
    if statement["ends"] == "interpolation":
        expected[:-1] = case.data.y
    allowed = float(np.max(np.abs(last - before))) + ACCURACY * float(np.max(np.abs(expected)))
    where = case.described | {"stated": expected.tolist(), "simulated": last.tolist()}
    return Margin(float(np.max(np.abs(last - expected))), allowed, "change with the scale, 1e-6 of its size", where)


def _final(slopes: Slopes, place: int) -> np.ndarray:
    run = slopes.passages[place].run
    return np.append(run.outputs[-1], float(np.sum(run.a**2) + np.sum(run.w**2)) / 2)
