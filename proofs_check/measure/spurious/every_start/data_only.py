"""What the evidence of `spurious.data-only` measures (theory.md 9.3)."""

from __future__ import annotations

import math

import numpy as np

from ....cases.spurious.every_start.repellers import RepellerCase
from ....claim.draws import assume
from ....claim.evidence import Margin
from ....claim.statement import Predicate
from ..flow_to_fit import LinearFit, followed

TOLERANCE = 1e-10
BEFORE, LATE = 100.0, 20
"""The flow is followed for BEFORE and LATE times log(1/lambda)/||b||: then the neurons with a > 0 have long grown."""
FOLDS = 30
"""The last stage is followed for e^{-30}, in the time scale of the linear fit."""


def from_the_repellers(statement: Predicate, case: RepellerCase) -> Margin:
    """The outputs at the end beside the least-squares fit; data with more points where the statement admits them."""
    assume(case.data.n == 3 or not statement["three"])
    fit = LinearFit.of(case.data)
    end = followed(fit, case.start(), fit.time(BEFORE, LATE, case.scale, FOLDS), TOLERANCE)
    allowed = float(np.max(np.abs(case.data.y))) * (math.exp(-FOLDS / 2) + TOLERANCE * end.result.steps)
    derivation = "Delta' <= -2 mu q_1 Delta, q_1 > ||beta*||/2 near the end; the flow's tolerance"
    return Margin(end.gap(fit.outputs), allowed, derivation, end.where)
