"""Theory.md 6.2: orthogonal data are fitted in two steps.

Theorem. Let the points be orthogonal with labels of both signs (ReLU, square loss), and let some a > 0 neuron of the
balanced start be active on all of {y > 0} and some a < 0 neuron on all of {y < 0}. Let D_1 > D_2 be the norms of D_+
and D_-. As lambda -> 0, the labels of the longer drift are fitted at T_1 and the others at T_2, where

    T_1/log(1/lambda) -> 1/D_1,  T_2/log(1/lambda) -> 1/D_2,

and in between the loss is close to (1/(2n)) sum y_k^2 over the others.

Source: Boursier and Flammarion, JMLR 2025; Boursier, Pillaud-Vivien and Flammarion, NeurIPS 2022 (restated).
Tested by slopes of both times against log(1/lambda) from 1e-60 to 1e-100, on the orthogonal toy and random data of 2
to 4 points; the limit process of `bias.limit-process` gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import sympy

from ....numerics.data.dataset import Dataset
from ....theory.early import bounds
from ....theory.formal.derivation import equal
from ....theory.formal.printing import to_numpy
from ...cases.orthogonal import drift_of, orthogonal_data, points_of_sign
from ...claim.evidence import Margin, Run, scaling
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.escape_times import BalancedStart, Slopes, slopes_of_moments
from ...measure.trajectories import worst

longer, shorter = sympy.symbols("D_1 D_2", positive=True)
"""The larger and the smaller of ||D_+|| and ||D_-||."""
fitted_first, fitted_last = sympy.symbols("Q_1 Q_2", nonnegative=True)
"""(1/n) sum y_k^2 over the points that are fitted first, and over the others."""
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
    title="On orthogonal data the labels of one sign are fitted at log(1/lambda)/||D_1||, the others at "
    "log(1/lambda)/||D_2||, with a saddle in between",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "ReLU, square loss, orthogonal points, labels of both signs, none of them 0; balanced start lambda theta_0",
        "some a > 0 neuron starts active on all of {y > 0} and some a < 0 neuron on all of {y < 0}",
        "||D_+|| != ||D_-||; here the shorter one has at most 9/10 of the longer one's norm, and a D_I of fewer points "
        "of a side at most 19/20 of its whole: what is near a tie is decided at scales far below 1e-100 only",
    ),
    scope="the orthogonal toy and random data of 2 to 4 points in up to 5 dimensions; 20 to 60 neurons; slopes of the "
    "times against log(1/lambda) from 1e-60 to 1e-100",
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
        "T_1(lambda)": "the time at which the labels of the longer drift are fitted, for a start of scale lambda",
        "T_2(lambda)": "the time at which the others are fitted",
        "L_saddle(lambda)": "the loss between these times",
    },
)

POWERS = (60, 80, 100)
ROUNDING = 1e-9
"""Of the loss at the saddle: the engine's tolerance, 1e-10 a step, on outputs of order one, for some steps."""


@dataclass(frozen=True)
class Case(BalancedStart):
    """Orthogonal data and a balanced start, with what the theory says of them."""

    @property
    def qualifies(self) -> bool:
        """The hypotheses, decided from the data and the start."""
        norms = [self.norm(sign) for sign in (1, -1)]
        start, sides = self.start(1.0), [points_of_sign(self.data, sign) for sign in (1, -1)]
        if not all(sides) or min(norms) > 0.9 * max(norms) or any(map(self._nearly_tied, sides)):
            return False
        heights = self.data.X @ start.w.T
        return all(
            bool(((sign * start.a > 0) & (heights[list(side)] > 0).all(axis=0)).any())
            for sign, side in zip((1, -1), sides, strict=True)
        )

    def _nearly_tied(self, side: tuple[int, ...]) -> bool:
        """Whether leaving out the least point of a side leaves more than 19/20 of ||D||."""
        squares = (self.data.y * np.linalg.norm(self.data.X, axis=1))[list(side)] ** 2
        return len(side) > 1 and bool(squares.min() < (1 - 0.95**2) * squares.sum())

    def norm(self, sign: int) -> float:
        """||D_+|| or ||D_-||."""
        return float(np.linalg.norm([float(v) for v in drift_of(self.data, points_of_sign(self.data, sign))]))

    @property
    def signs(self) -> tuple[int, int]:
        """The sign that is fitted first, and the other one."""
        return (1, -1) if self.norm(1) > self.norm(-1) else (-1, 1)

    def squares(self, sign: int) -> float:
        """(1/n) sum of y_k^2 over the points of a sign."""
        return float(sum(self.data.labels[k] ** 2 for k in points_of_sign(self.data, sign)) / self.data.n)


@scaling()
def both_times_and_the_saddle(statement: Relations, run: Run) -> Margin:
    """Slopes of the times at which half of either part of the loss is gone, and the loss half way between them."""
    cases = [Case(Dataset.published("orthogonal-toy"), 60, seed) for seed in range(run.choose(1, 3))]
    while len(cases) < run.choose(4, 10):
        d = int(run.rng.integers(2, 6))
        data = orthogonal_data(run.rng, int(run.rng.integers(2, min(d, 4) + 1)), d)
        case = Case(data, int(run.rng.integers(20, 61)), int(run.rng.integers(10**6)))
        if case.qualifies:
            cases.append(case)
    return worst(*(_compared(statement, case) for case in cases))


@scaling()
def the_limit_process_says_the_same(statement: Relations, run: Run) -> Margin:
    """The process predicted for a dense start, whose clock is exact up to the flow's tolerance, beside the formulas."""
    from ....numerics.limit.process import limit_process

    margins: list[Margin] = []
    while len(margins) < run.choose(4, 20):
        d = int(run.rng.integers(2, 5))
        case = Case(orthogonal_data(run.rng, int(run.rng.integers(2, min(d, 4) + 1)), d), 60, 0)
        if not case.qualifies:
            continue
        limit = limit_process(case.data)
        stated = _stated(statement, case)
        found = [limit.saddles[0].time, limit.saddles[1].time, limit.saddles[1].loss]
        where = {"data": case.data.to_json(), "stated": stated, "process": found, "determined": limit.determined}
        distance = max(abs(f - s) / s for f, s in zip(found, stated, strict=True))
        # 1e-8 is left of the pulls at a saddle (`transit.AT_REST`), and a hundredfold at most of that elsewhere.
        whole = limit.determined and limit.interpolates and len(limit.saddles) == 2
        margins.append(Margin(distance if whole else np.inf, 1e-6, "rest of the pulls at a saddle", where))
    return worst(*margins)


def _stated(statement: Relations, case: Case) -> list[float]:
    """First and second clock, and the loss at the saddle."""
    ahead, behind = case.signs
    symbols = (longer, shorter, fitted_first, fitted_last)
    values = (case.norm(ahead), case.norm(behind), case.squares(ahead), case.squares(behind))
    return [float(to_numpy(statement[name].args[1], *symbols)(*values)) for name in ("first", "second", "saddle")]


@lru_cache(maxsize=256)
def _measured(case: Case) -> Slopes:
    ahead, behind = case.signs
    levels = [case.squares(behind) / 2 + case.squares(ahead) / 4, case.squares(behind) / 4]
    return slopes_of_moments(case, levels, POWERS, 1 / case.norm(behind))


def _compared(statement: Relations, case: Case) -> Margin:
    """Both slopes, and the loss recorded nearest to half way between the two times at the smallest scale."""
    slopes, (one, two, plateau) = _measured(case), _stated(statement, case)
    where = case.described
    margins = []
    for place, stated in enumerate((one, two)):
        found = slopes.blocks[:, place]
        described = where | {"time": place + 1, "stated": stated, "slopes": found.tolist()}
        allowed = float(slopes.allowed[place])
        margins.append(Margin(abs(float(found[-1]) - stated), allowed, "change of the slope", described))
    last = slopes.passages[-1]
    middle = int(np.argmin(np.abs(last.run.times - last.moments.mean())))
    loss = float(last.run.losses[middle])
    described = where | {"loss": loss, "stated": plateau}
    margins.append(Margin(abs(loss - plateau), ROUNDING * plateau, "tolerance of the steps", described))
    return worst(*margins)
