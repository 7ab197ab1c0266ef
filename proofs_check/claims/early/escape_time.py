"""Theory.md 4.6: when the network leaves the neighbourhood of 0.

Theorem. Let D_1 be the largest extremal norm that some neuron of the fixed, unscaled, dominated start follows, and
let no neuron follow a one-sided vector (except for leak 0 and orthogonal inputs). The first time T(lambda) at which
S = sum_j a_j^2 reaches a fixed level, if it reaches it, satisfies

    T(lambda)/log(1/lambda) -> 1/D_1  as lambda -> 0.

Source: Boursier and Flammarion, JMLR 2025, end of the early phase (restated).
Tested by slopes of T against log(1/lambda), from lambda = 1e-12 to 1e-60, on four published data sets and on random
data, for square and logistic loss; the level is D_1/(4 kappa R2).
"""

from __future__ import annotations

import sympy

from ....theory.early import bounds
from ....theory.early.bounds import largest_followed, smallest_followed
from ....theory.formal.derivation import equal
from ...cases.early.early_starts import STAYS_ON_ITS_SIDE
from ...claim.draws import st
from ...claim.evidence import Margin, Run, property_check, scaling
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.early.escape_time import slope_of_the_escape_time, times_of_exponentials

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
        "the level is reached",
    ),
    scope="four published data sets and random data, square and logistic loss; lambda from 1e-12 to 1e-60; the level "
    "D_1/(4 kappa R2), at which the drifts of the leading neurons still have 3/4 of their norm",
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


@scaling()
def the_slope_of_the_escape_time(statement: Relations, run: Run) -> Margin:
    """Slopes of T against log(1/lambda) in blocks of twelve decades, per data set and start.

    T D_1 = log(1/lambda) + c + R, where R is a sum of powers lambda^p: what followers of shorter vectors add to S,
    and what is left of the angles. Where p >= 1/10 (shorter vectors have at most 19/20 of D_1) R falls by more than
    ten from block to block, so that the last slope is no farther from its limit than from the one before.
    """
    return slope_of_the_escape_time(statement, run)


@property_check(lambda: st.tuples(*[st.integers(1, 40)] * 4), covers="lemma", quick=20, full=100)
def times_of_escape_are_read_off_exponentials(statement: Relations, drawn: tuple[int, int, int, int]) -> Margin:
    """S = s e^{2rt} at a few uneven times: the time at which it reaches a level is log(level/s)/(2r)."""
    return times_of_exponentials(statement, drawn)
