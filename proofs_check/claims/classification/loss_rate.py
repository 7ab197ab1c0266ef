"""Theory.md 6.6: after alignment the loss is t^(-1 + o(1)), and the weights have two directions at most.

Theorem. On data with <y_i x_i, y_j x_j> >= mu ||x_i|| ||x_j||, mu > 0 (logistic loss, ReLU, balanced start outside a
null set with a live neuron for each class, lambda <= e^{-4K}), log L/log t -> -1, L = O(1/t), and the matrix W with the
rows w_j has limsup ||W||_F^2/||W||_2^2 <= 2/(1 + mu).

Why -1: h grows like log t, L' = -L^2 log(1/L) up to constants, and d log L/d log t = -1 - 1/log t + O(1/log^2 t).
Why 2/(1 + mu): in the limit the rows of W are multiples of unit vectors u and v, one a class, and |<u, v>| >= mu.
How close at a finite time: a_i a_j - <w_i, w_j> is constant for neurons with one drift (2.3). Hence from the alignment
time tau on W is within delta = 5 sqrt(S(tau)) in the Frobenius norm of a matrix whose rows have two directions: 2
sqrt(S(tau)) for each class, and sqrt(S(tau)) for the dead neurons; S = sum a_j^2.

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
    title="On correlated data log L/log t -> -1 for the logistic loss, and the stable rank of W ends at <= 2/(1 + mu)",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "logistic loss, ReLU, balanced start outside a null set; <y_i x_i, y_j x_j> >= mu ||x_i|| ||x_j||, mu > 0",
        "some a > 0 neuron is active on a positive point, and some a < 0 neuron on a negative one: these never die",
        "lambda <= e^{-4 K}, K = 1 + ||D_max|| T, T the time from which on every neuron is dead or near its vector "
        "under the frozen flow",
    ),
    scope="n = 2 to 6, d = 3 to 5, width 40, times to 1e49; the exponential loss is left out. The rate "
    "is the same in the times of the mean and of the sum loss",
    source=Source("Min, Mallada & Vidal, ICLR 2024", "convergence and stable rank", "6.6, 11.3", restated=True),
    needs=("scaling",),
    mutants=(
        Mutant(
            "exponential rate",
            STATEMENT.altered(clock=time, limit=None),
            "n = 2, d = 1, x = 1, -1, y = 1, -1, neurons a = w = s and a = w = -s: h = s^2 at x = 1 obeys h' = "
            "h/(1 + e^h) <= h e^{-h}, so that e^h grows like t log t at most, and L >= e^{-h}/2",
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
    """Slopes of log L against log t over a decade each, from t = 1e3, 1e12, 1e48; the stable rank at t = 1e49."""
    margins: list[Margin] = []
    wanted = run.choose(5, 25)
    for _ in range(100 * wanted):
        margins += measured(statement, random_case(run.rng))
        if len(margins) >= wanted:
            return worst(*margins)
    raise ArithmeticError(f"only {len(margins)} of {wanted} starts could be measured")
