"""What the evidence of `bias.orthogonal-limit` measures (theory.md 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ....numerics.data.dataset import Dataset
from ....theory.bias.orthogonal import fitted_first, fitted_last, longer, shorter
from ....theory.formal.printing import to_numpy
from ...cases.bias.orthogonal import drift_of, orthogonal_data, points_of_sign
from ...claim.evidence import Margin, Run
from ...claim.statement import Relations
from ..escape_times import BalancedStart, Slopes, slopes_of_times
from ..trajectories import worst

POWERS = (60, 80, 100)
ERROR = 1e-9
"""Of the loss at the saddle: the engine's tolerance, 1e-10 a step, on outputs of order one, for some steps."""


@dataclass(frozen=True)
class OrthogonalStart(BalancedStart):
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


def times_and_saddle(statement: Relations, run: Run) -> Margin:
    """Slopes of both times, and the loss between them."""
    cases = [OrthogonalStart(Dataset.published("orthogonal-toy"), 60, seed) for seed in range(run.choose(1, 3))]
    while len(cases) < run.choose(4, 10):
        d = int(run.rng.integers(2, 6))
        data = orthogonal_data(run.rng, int(run.rng.integers(2, min(d, 4) + 1)), d)
        case = OrthogonalStart(data, int(run.rng.integers(20, 61)), int(run.rng.integers(10**6)))
        if case.qualifies:
            cases.append(case)
    return worst(*(_compared(statement, case) for case in cases))


def limit_process_of_a_dense_start(statement: Relations, run: Run) -> Margin:
    """Times and saddle of the predicted process."""
    from ....numerics.limit.process import limit_process

    margins: list[Margin] = []
    while len(margins) < run.choose(4, 20):
        d = int(run.rng.integers(2, 5))
        case = OrthogonalStart(orthogonal_data(run.rng, int(run.rng.integers(2, min(d, 4) + 1)), d), 60, 0)
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


def _stated(statement: Relations, case: OrthogonalStart) -> list[float]:
    """First and second clock, and the loss at the saddle."""
    ahead, behind = case.signs
    symbols = (longer, shorter, fitted_first, fitted_last)
    values = (case.norm(ahead), case.norm(behind), case.squares(ahead), case.squares(behind))
    return [float(to_numpy(statement[name].args[1], *symbols)(*values)) for name in ("first", "second", "saddle")]


@lru_cache(maxsize=256)
def _measured(case: OrthogonalStart) -> Slopes:
    ahead, behind = case.signs
    levels = [case.squares(behind) / 2 + case.squares(ahead) / 4, case.squares(behind) / 4]
    return slopes_of_times(case, levels, POWERS, 1 / case.norm(behind))


def _compared(statement: Relations, case: OrthogonalStart) -> Margin:
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
    middle = int(np.argmin(np.abs(last.run.times - last.times.mean())))
    loss = float(last.run.losses[middle])
    described = where | {"loss": loss, "stated": plateau}
    margins.append(Margin(abs(loss - plateau), ERROR * plateau, "tolerance of the steps", described))
    return worst(*margins)
