"""What the evidence of `spurious.data-only` measures (theory.md 9.3)."""

from __future__ import annotations

import math

import numpy as np

from .....numerics.flow.simulation import simulate
from ....cases.spurious.every_start.repellers import RepellerCase
from ....claim.draws import assume
from ....claim.evidence import Margin
from ....claim.statement import Predicate
from ...engine_runs import check_resolved

TOLERANCE = 1e-10
LATE = 20
"""The flow is followed for this many times log(1/lambda)/||b||, after which the neurons with a > 0 have long grown."""
FOLDS = 30
"""The last stage is followed for e^{-30}, in the time scale of the linear fit."""


def from_the_repellers(statement: Predicate, case: RepellerCase) -> Margin:
    """The outputs at the end beside the least-squares fit; data with more points where the statement admits them."""
    assume(case.data.n == 3 or not statement["three"])
    X, y = case.data.X, case.data.y
    H, b = X.T @ X / len(y), y @ X / len(y)
    beta, slowest = np.linalg.solve(H, b), float(np.linalg.eigvalsh(H)[0])
    fit = float(np.linalg.norm(beta))
    time = LATE * math.log(1 / case.scale) / float(np.linalg.norm(b)) + 100 + FOLDS / (slowest * fit)
    result = simulate(case.data, case.start(), time, tolerance=TOLERANCE)
    check_resolved(result)
    gap = float(np.max(np.abs(result.outputs[-1] - X @ beta)))
    allowed = float(np.max(np.abs(y))) * (math.exp(-FOLDS / 2) + TOLERANCE * result.steps)
    where = {"time": time, "outputs": result.outputs[-1], "least squares": X @ beta}
    return Margin(
        gap, allowed, "Delta' <= -2 mu q_1 Delta, q_1 > ||beta*||/2 near the end; the flow's tolerance", where
    )
