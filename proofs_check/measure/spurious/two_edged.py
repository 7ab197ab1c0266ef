"""What the evidence of `spurious.two-edged` measures (theory.md 5.7)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.start import make_start
from ....numerics.flow.simulation import Simulation, simulate
from ...claim.draws import st
from ...claim.evidence import Margin

SMALL, LARGE = 1e-3, 4.0
STARTS = 8
FITTED = 1e-8
"""The loss at which a flow counts as interpolating: it falls forever, and L(beta*) is seven decades above."""
AT_LEAST_SQUARES = 1e-6
"""Distance of the outputs; on T(eta) and on the published points labels and least squares differ by tenths."""
LONGEST = 2000.0
CHECKS = 101
"""Times at which the end of a flow is tested, evenly in log time from `LONGEST`/1e5 on."""
TOLERANCE = 1e-9
"""Of a step: at 1e-7 the errors of the steps throw neurons from side to side of a hyperplane on the way to a fit."""
AT_REST = 1e-10
"""||theta'|| of a flow that has ended: outputs then move by less than 1e-10 a unit of time, AT_LEAST_SQUARES / 2000 is
five times that, and a small start, at speed 1e-3, is not mistaken for it."""


@dataclass(frozen=True)
class Starts:
    """Eight starts of one width and kind, from consecutive seeds."""

    width: int
    kind: str
    seed: int


def starts() -> st.SearchStrategy[Starts]:
    """Widths 40 to 200, either kind of start, any seeds."""
    return st.builds(Starts, st.integers(40, 200), st.sampled_from(("balanced", "dominated")), st.integers(0, 10**6))


def share_elsewhere(data: Dataset, case: Starts, scale: float, end: str) -> Margin:
    """The share of `STARTS` starts that end elsewhere than stated."""
    ends = [_end(data, case.width, case.kind, scale, case.seed + number) for number in range(STARTS)]
    where = {"scale": scale, "stated": end, "ends": ends}
    return Margin(sum(found != end for found in ends) / STARTS, 0.25, "three starts in four, as stated", where)


@cache
def _end(data: Dataset, width: int, kind: str, scale: float, seed: int) -> str:
    """Where one flow ends, from its outputs alone; mutants meet the same flows as the statement."""
    start, times = make_start(width, scale, seed, kind, data.d), np.geomspace(LONGEST / 1e5, LONGEST, CHECKS)
    result: Simulation = simulate(
        data, start, LONGEST, tolerance=TOLERANCE, times=times, until_loss=FITTED, until_speed=AT_REST
    )
    if result.losses[-1] <= FITTED:
        return "interpolation"
    fit = data.X @ np.linalg.lstsq(data.X, data.y, rcond=None)[0]
    near = float(np.max(np.abs(result.outputs[-1] - fit))) <= AT_LEAST_SQUARES
    return "least squares" if near else f"loss {result.losses[-1]:.3g} at t = {result.time:g}"
