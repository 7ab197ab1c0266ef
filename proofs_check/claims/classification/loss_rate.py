"""Theory.md 6.6: after alignment the loss falls like 1/t, and the weights have two directions at most.

Theorem. On data with <y_i x_i, y_j x_j> >= mu ||x_i|| ||x_j||, mu > 0 (logistic loss, ReLU, small balanced start
with a live neuron for each class), log L/log t -> -1, L = O(1/t), and limsup ||W||_F^2/||W||_2^2 <= 2/(1 + mu).

Why 1/t: h grows like log t, L' = -L^2 log(1/L) up to constants, and d log L/d log t = -1 - 1/log t + O(1/log^2 t).
Why 2/(1 + mu): in the limit the rows of W are multiples of unit vectors u and v, one a class, and |<u, v>| >= mu.
How near at a finite time: a_i a_j - <w_i, w_j> is constant for neurons of one drift (2.3). From tau on W is in the
Frobenius norm within e = 5 sqrt(S(tau)) of such a matrix: twice 2 sqrt(S) for directions, and the dead neurons.

Source: Min, Mallada and Vidal, ICLR 2024, convergence and stable rank, where the bound is 2 (restated).
Tested by slopes of log L up to t = 1e49 and the stable rank there, n = 2 to 6, d = 3 to 5, width 40.
"""

from __future__ import annotations

import sympy

from ....theory.bias.classification import stable_rank, time
from ...claim.evidence import Margin, Run, scaling
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.classification.loss_rate import measured, random_case
from ...measure.trajectories import worst

STATEMENT = Predicate(
    "rate of the loss",
    r"t \to \infty:\quad \log L/$clock \to $limit;\quad \limsup\, \|W\|_F^2/\|W\|_2^2 \le $bound",
    {"clock": sympy.log(time), "limit": -1, "bound": stable_rank},
    words={"clock": {sympy.log(time): r"\log t", time: "t"}, "limit": {-1: r"-1,\ L = O(1/t)", None: r"-c,\ c > 0"}},
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
    source=Source("Min, Mallada & Vidal, ICLR 2024", "convergence and stable rank", "6.6, 11.3", restated=True),
    needs=("scaling",),
    mutants=(
        Mutant(
            "exponential rate",
            STATEMENT.altered(clock=time, limit=None),
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


@scaling()
def the_loss_and_the_stable_rank(statement: Predicate, run: Run) -> Margin:
    """Slopes of log L in three blocks, 36 decades apart in the end, and the stable rank at t = 1e49; one start each."""
    margins: list[Margin] = []
    wanted = run.choose(5, 25)
    for _ in range(100 * wanted):
        margins += measured(statement, random_case(run.rng))
        if len(margins) >= wanted:
            return worst(*margins)
    raise ArithmeticError(f"only {len(margins)} of {wanted} starts could be measured")
