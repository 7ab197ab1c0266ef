"""What the evidence of `classification.loss-rate` measures (theory.md 6.6)."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ....numerics.data.problem import Problem
from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.frozen.alignment import Fate
from ....theory.bias.classification import mu, time
from ....theory.formal.printing import to_numpy
from ...cases.classification.correlated import least_correlation, random_correlated
from ...cases.early.early_starts import SMALLEST, EarlyPhase, EarlyStart, settling
from ...claim.evidence import Margin
from ...claim.statement import Predicate
from ..engine_runs import check_resolved
from ..trajectories import Array, worst

if TYPE_CHECKING:
    from ....numerics.flow.engines import AnyEngine

BLOCK_STARTS = (1e3, 1e12, 1e48)
"""Each has its block, up to ten times as late; from the second to the third log t is four times as large."""
BLOCK = 10.0
TIMES = tuple(time * share for time in BLOCK_STARTS for share in (1.0, BLOCK))
EPSILON = Fraction(1, 4)
TOLERANCE = 1e-10
RATE = "change of the slope from the block before, three times what is left of 1/log t; and the flow's error"


def random_case(rng: np.random.Generator) -> EarlyStart:
    """Two to six correlated points in R^3 to R^5 with a balanced start of width 40."""
    data = random_correlated(rng, int(rng.integers(2, 7)), int(rng.integers(3, 6)))
    return EarlyStart(data, "logistic", Fraction(0), 40, "balanced", int(rng.integers(0, 10**6)), EPSILON)


def _scale(case: EarlyStart) -> float:
    """lambda = e^{-4 K} from the start alone; 0 for a start that the hypotheses leave out."""
    unscaled, data = case.prediction(1.0), case.data
    alignment, start = unscaled.alignment, case.start(1.0)
    assert alignment is not None
    active = start.w @ data.X.T > 0
    live = [np.any(active[start.a * side > 0][:, data.y * side > 0]) for side in (1, -1)]
    if not all(live) or np.any(alignment.fate == Fate.UNDETERMINED):
        return 0.0
    scale = math.exp(-4 * (1 + unscaled.extremal.d_max * float(settling(unscaled)[0].max())))
    return scale if scale > SMALLEST else 0.0


def measured(statement: Predicate, case: EarlyStart) -> list[Margin]:
    """The worst margin of one start, or none for a start that the hypotheses leave out."""
    scale = _scale(case)
    if not scale:
        return []
    phase, result, ranks = _followed(case, scale)
    if not result.losses.min() > 0:
        return [Margin(1.0, 0.0, "the loss is positive at every time", {"case": case, "losses": result.losses})]
    passed = np.diff(to_numpy(statement["clock"], time)(np.array(TIMES)))[::2]
    slopes = np.diff(np.log(result.losses[1:]))[::2] / passed
    # The neurons err by the tolerance in every step, h by twice that share, and log L by no more than h.
    errors = 4 * TOLERANCE * result.steps * float(np.abs(result.outputs[-1]).max()) / passed
    where = {"case": case, "scale": scale, "slopes": slopes.tolist(), "stable ranks": ranks}
    last = max((event.time for event in result.history or ()), default=0.0)
    return [
        worst(
            Margin(last, phase.tau, "the last event is before tau", where),
            *_rates(statement, slopes, errors, where),
            _rank(statement, case, phase, ranks[-1], float(np.linalg.norm(result.w, 2)), where),
        )
    ]


@cache
def _followed(case: EarlyStart, scale: float) -> tuple[EarlyPhase, Simulation, list[float]]:
    """The flow up to the last of `TIMES`, and the stable ranks; mutants meet the flows of the statement."""
    phase = EarlyPhase.of(case.prediction(scale))
    ranks: list[float] = []

    def observe(engine: AnyEngine) -> None:
        values = np.linalg.svd(engine.state.neurons()[:, :-1], compute_uv=False)
        ranks.append(float(np.sum(values**2)) / float(values[0]) ** 2)

    result = simulate(
        Problem(case.data, "logistic"),
        phase.start,
        TIMES[-1],
        tolerance=TOLERANCE,
        times=[0.0, *TIMES],
        history=True,
        observe=observe,
    )
    check_resolved(result)
    return phase, result, ranks


def _rates(statement: Predicate, slopes: Array, errors: Array, where: dict[str, object]) -> list[Margin]:
    """The slope of log L against the stated clock has a limit below 0; which, if stated; and L = O(1/t) then."""
    before, last = map(float, slopes[-2:])
    change, error = abs(last - before), float(errors[-2:].sum())
    margins = [Margin(change, abs(before) / 2 + error, "a limit that is not 0", where)]
    if statement["limit"] is not None:
        margins.append(Margin(abs(last - statement["limit"]), change + error, RATE, where))
        growth = max(0.0, float(slopes.max()) - statement["limit"])
        margins.append(Margin(growth, error, "t L does not grow, up to the flow's error", where))
    return margins


def _rank(
    statement: Predicate, case: EarlyStart, phase: EarlyPhase, found: float, largest: float, where: dict[str, object]
) -> Margin:
    """The stable rank at the end; `largest` is ||W||_2. S(tau) <= c0 lambda^{2 - 2 epsilon} (4.3)."""
    c0, scale = phase.start.c0, phase.start.scale
    assert c0 is not None
    assert scale is not None
    bound = float(to_numpy(statement["bound"], mu)(least_correlation(case.data)))
    apart = 5 * math.sqrt(c0 * scale ** (2 - 2 * float(case.epsilon)))
    allowed = bound * (1 + 2 * apart / largest) ** 2
    return Margin(found, allowed, "||W||_F <= sqrt(bound) (||W||_2 + e) + e, e = 5 sqrt(S(tau))", where)
