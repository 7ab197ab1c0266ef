"""Theory.md 6.6: after alignment the loss falls like 1/t, and the weights have two directions at most.

Theorem. On data with <y_i x_i, y_j x_j> >= mu ||x_i|| ||x_j||, mu > 0 (logistic loss, ReLU, small balanced start
with a live neuron for each class), log L/log t -> -1, L = O(1/t), and limsup ||W||_F^2/||W||_2^2 <= 2/(1 + mu).

Why 1/t: h grows like log t, L' = -L^2 log(1/L) up to constants, and d log L/d log t = -1 - 1/log t + O(1/log^2 t).
Why 2/(1 + mu): in the limit the rows of W are multiples of two unit vectors u and v, one a class, with |<u, v>| >=
mu.
How near at a finite time: a_i a_j - <w_i, w_j> is constant for neurons of one drift (2.3), so that from tau on W is
within e = 5 sqrt(S(tau)) of such a matrix in the Frobenius norm: twice 2 sqrt(S) for the directions, and the dead
neurons.

Source: Min, Mallada and Vidal, ICLR 2024, convergence and stable rank, where the bound is 2 (restated).
Tested by slopes of log L up to t = 1e49 and the stable rank there, n = 2 to 6, d = 3 to 5, width 40.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import sympy

from ....numerics.data.problem import Problem
from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.frozen.alignment import Fate
from ....theory.formal.printing import to_numpy
from ...cases.correlated import least_correlation, random_correlated
from ...cases.early_starts import SMALLEST, EarlyPhase, EarlyStart, settling
from ...claim.evidence import Margin, Run, scaling
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.engine_runs import check_resolved
from ...measure.trajectories import Array, worst

if TYPE_CHECKING:
    from ....numerics.flow.engine.engine import Engine

t, mu = sympy.symbols("t mu", positive=True)


STATEMENT = Predicate(
    "rate of the loss",
    r"t \to \infty:\quad \log L/$clock \to $limit;\quad \limsup\, \|W\|_F^2/\|W\|_2^2 \le $bound",
    {"clock": sympy.log(t), "limit": -1, "bound": 2 / (1 + mu)},
    words={"clock": {sympy.log(t): r"\log t", t: "t"}, "limit": {-1: r"-1,\ L = O(1/t)", None: r"-c,\ c > 0"}},
)

CLAIM = Claim(
    id="classification.loss-rate",
    title="On correlated data the logistic loss falls like 1/t, and the stable rank of W ends at 2/(1 + mu) or below",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "logistic loss, ReLU, balanced start outside a null set; <y_i x_i, y_j x_j> >= mu ||x_i|| ||x_j||, mu > 0",
        "some a > 0 neuron is active on a positive point, and some a < 0 neuron on a negative one: these never die",
        "lambda <= e^{-4 K}, K = 1 + ||D_max|| T, T the time at which the frozen flow has settled the last neuron",
    ),
    scope="n = 2 to 6, d = 3 to 5, width 40, times to 1e49; the exponential loss is left out. The rate "
    "is the same in the times of the mean and of the sum loss",
    source=Source("Min, Mallada & Vidal, ICLR 2024", "convergence and stable rank", "6.6", restated=True),
    needs=("scaling",),
    mutants=(
        Mutant(
            "exponential rate",
            STATEMENT.altered(clock=t, limit=None),
            "n = d = 1, x = y = 1, a = w: h' = 2 h/(1 + e^h) <= 2 h e^{-h}, so that e^h grows like t log t at most, "
            "and L >= e^{-h}/2",
        ),
        Mutant(
            "one direction in the end",
            STATEMENT.altered(bound=sympy.Integer(1)),
            "x = (1, 0, 0), (0, -1, 0) turned a little so that mu > 0, y = 1, -1: the rows of W end along both points, "
            "and a stable rank of 1 means rank one",
        ),
    ),
    depends_on=("classification.alignment-time", "early.growth-bound"),
)

MOMENTS = (1e3, 1e12, 1e48)
"""Each has its block, up to ten times as late; from the second to the third log t is four times as large."""
BLOCK = 10.0
TIMES = tuple(moment * share for moment in MOMENTS for share in (1.0, BLOCK))
EPSILON = Fraction(1, 4)
TOLERANCE = 1e-10
RATE = "change of the slope from the block before, three times what is left of 1/log t; and the flow's error"


@scaling()
def the_loss_and_the_stable_rank(statement: Predicate, run: Run) -> Margin:
    """Slopes of log L in three blocks, 36 decades apart in the end, and the stable rank at t = 1e49; one start each."""
    margins: list[Margin] = []
    wanted = run.choose(5, 25)
    for _ in range(100 * wanted):
        margins += _measured(statement, _random_case(run.rng))
        if len(margins) >= wanted:
            return worst(*margins)
    raise ArithmeticError(f"only {len(margins)} of {wanted} starts could be measured")


def _random_case(rng: np.random.Generator) -> EarlyStart:
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


def _measured(statement: Predicate, case: EarlyStart) -> list[Margin]:
    """The worst margin of one start, or none for a start that the hypotheses leave out."""
    scale = _scale(case)
    if not scale:
        return []
    phase, result, ranks = _followed(case, scale)
    if not result.losses.min() > 0:
        return [Margin(1.0, 0.0, "the loss is positive at every time", {"case": case, "losses": result.losses})]
    passed = np.diff(to_numpy(statement["clock"], t)(np.array(TIMES)))[::2]
    slopes = np.diff(np.log(result.losses[1:]))[::2] / passed
    # The neurons err by the tolerance in every step, h by twice that share, and log L by no more than h.
    errors = 4 * TOLERANCE * result.steps * float(np.abs(result.outputs[-1]).max()) / passed
    where = {"case": case, "scale": scale, "slopes": slopes.tolist(), "stable ranks": ranks}
    last = max((event.time for event in result.history or ()), default=0.0)
    return [
        worst(
            Margin(last, phase.tau, "by tau all have taken sides", where),
            *_rates(statement, slopes, errors, where),
            _rank(statement, case, phase, ranks[-1], float(np.linalg.norm(result.w, 2)), where),
        )
    ]


@cache
def _followed(case: EarlyStart, scale: float) -> tuple[EarlyPhase, Simulation, list[float]]:
    """The flow up to the last of `TIMES`, and the stable ranks; mutants meet the flows of the statement."""
    phase = EarlyPhase.of(case.prediction(scale))
    ranks: list[float] = []

    def observe(engine: Engine) -> None:
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
