"""Theory.md 6.2: orthogonal data are fitted in two steps.

Theorem. Let the points be orthogonal with labels of both signs, none of them 0 (ReLU, square loss), and let some a > 0
neuron of the balanced start lambda theta_0 be active on all of {y > 0} and some a < 0 neuron on all of {y < 0}. Let D_+
and D_- be (1/n) sum y_k x_k over y_k > 0 and over y_k < 0, and D_1 > D_2 the larger and the smaller of their norms. Let
T_1 be the time at which the part of the loss on the labels of the sign whose drift is longer has halved, and T_2 that
for the other labels. As lambda -> 0,

    T_1/log(1/lambda) -> 1/D_1,  T_2/log(1/lambda) -> 1/D_2,

and the loss at (T_1 + T_2)/2 tends to Q_2/2, where Q_2 is (1/n) sum y_k^2 over the other labels.

Source: Boursier and Flammarion, JMLR 2025; Boursier, Pillaud-Vivien and Flammarion, NeurIPS 2022 (restated).
Tested by slopes of both times against log(1/lambda) from 1e-60 to 1e-100, on the orthogonal toy and random data of 2
to 4 points; the limit process of `bias.limit-process` gives the same.
"""

from __future__ import annotations

import sympy

from ....theory.bias.orthogonal import fitted_first, fitted_last, longer, shorter
from ....theory.early import bounds
from ....theory.formal.derivation import equal
from ...claim.evidence import Margin, Run, scaling
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.bias.orthogonal_limit import limit_process_of_a_dense_start, times_and_saddle

first, second, loss = (sympy.Function(name, positive=True)(bounds.scale) for name in ("T_1", "T_2", "L_saddle"))


def _limit(time: sympy.Expr, value: sympy.Expr) -> sympy.Eq:
    return equal(sympy.Limit(time / sympy.log(1 / bounds.scale), bounds.scale, 0, "+"), value)


STATEMENT = Relations(
    {
        "first": _limit(first, 1 / longer),
        "second": _limit(second, 1 / shorter),
        "saddle": equal(sympy.Limit(loss, bounds.scale, 0, "+"), fitted_last / 2),
    }
)

CLAIM = Claim(
    id="bias.orthogonal-limit",
    title="On orthogonal data the labels of one sign are fitted at log(1/lambda)/D_1, the others at "
    "log(1/lambda)/D_2, with a saddle in between",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "ReLU, square loss, orthogonal points, labels of both signs, none of them 0; balanced start lambda theta_0",
        "some a > 0 neuron starts active on all of {y > 0} and some a < 0 neuron on all of {y < 0}",
        "D_+ and D_- are (1/n) sum y_k x_k over y_k > 0 and over y_k < 0; D_1 > D_2 are the larger and the smaller of "
        "their norms, and Q_2 is (1/n) sum y_k^2 over the labels of the sign with the smaller norm",
    ),
    scope="the orthogonal toy and random data of 2 to 4 points in up to 5 dimensions; 20 to 60 neurons; slopes of the "
    "times against log(1/lambda) from 1e-60 to 1e-100. D_2 <= 9 D_1/10, and (1/n) sum y_k x_k over part of the points "
    "of one sign has at most 19/20 of the norm of the whole sum: closer to a tie, much smaller scales are needed",
    source=Source("Boursier & Flammarion, JMLR 2025", "orthogonal data", "6.2", restated=True),
    needs=("scaling",),
    mutants=(
        Mutant(
            "the times exchanged",
            STATEMENT.altered(first=_limit(first, 1 / shorter), second=_limit(second, 1 / longer)),
            "orthogonal toy, a neuron along each of D_+ = (1, 1/2) and D_- = (1/4, -1/2): S >= a_+^2 grows like "
            "e^{2 ||D_+|| t}, so that something is fitted by log(1/lambda)/||D_+||, half of log(1/lambda)/||D_-||",
        ),
        Mutant(
            "the second step takes as long again",
            STATEMENT.altered(second=_limit(second, 1 / longer + 1 / shorter)),
            "orthogonal toy: the a < 0 neuron grows at ||D_-|| from t = 0 on, whatever the others do, since no point "
            "with y > 0 acts on it",
        ),
        Mutant(
            "the saddle has the loss of the labels fitted first",
            STATEMENT.altered(saddle=equal(STATEMENT["saddle"].args[0], fitted_first / 2)),
            "x = (1, 0), (0, 1), y = (2, -1): once y_1 is fitted the loss is 1/4, and 1 would be the loss of y_1 alone",
        ),
    ),
    depends_on=("bias.orthogonal-extremal", "early.escape-time"),
    names={
        "T_1(lambda)": "the time at which the loss on the labels of the sign with the longer drift has halved",
        "T_2(lambda)": "the time at which the loss on the other labels has halved",
        "L_saddle(lambda)": "the loss at the time (T_1 + T_2)/2",
    },
)


@scaling()
def both_times_and_the_saddle(statement: Relations, run: Run) -> Margin:
    """Slopes of the times at which either part of the loss has halved, and the loss half way between them."""
    return times_and_saddle(statement, run)


@scaling()
def the_limit_process_says_the_same(statement: Relations, run: Run) -> Margin:
    """Times and loss at the saddle of the limit process (`bias.limit-process`) for a start in all directions."""
    return limit_process_of_a_dense_start(statement, run)
