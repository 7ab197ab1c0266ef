"""What the evidence of `spurious.every-start` measures (theory.md 9.1)."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from .....numerics.certify.errors import Undecided
from .....numerics.certify.every_start.certificate import certify_every_start
from .....numerics.certify.every_start.constants import StartBounds
from .....numerics.data.start import Start
from ....cases.early.early_starts import EarlyStart
from ....claim.draws import assume
from ....claim.evidence import Margin
from ....claim.statement import Predicate
from ..limit import end_beside_the_limit
from .phase_one import half_tangent

DIGITS = 10**6
"""delta and C_0 of a start are rounded to the safe side at this many parts."""
TRIED = 1e-6
"""The scale of data without the condition, which has no lambda_0."""
SMALLEST = 90
"""Cases whose lambda_0 is below 10^-90 are skipped."""


def at_the_certified_scale(statement: Predicate, case: EarlyStart) -> Margin:
    """The flow from lambda_0 down, lambda_0 with delta and C_0 of this start, to its end."""
    unscaled = case.start(1.0)
    active = unscaled.w @ case.data.X.T > 0
    assume(np.all(unscaled.w @ case.data.X.T != 0))
    live = bool(np.any(active.any(axis=1) & (unscaled.a > 0)))
    assume(live or not statement["needs_live"])
    scale, settled = _scale(statement, case, unscaled)
    return end_beside_the_limit(statement, case, live, scale, settled)


def _scale(statement: Predicate, case: EarlyStart, unscaled: Start) -> tuple[float, float]:
    """lambda, and the time T_1 of the certificate."""
    bound = Fraction(math.ceil(float(np.sum(unscaled.a**2)) * DIGITS), DIGITS)
    delta = Fraction(math.floor(_least_half_tangent(case, unscaled) * DIGITS), DIGITS)
    assume(delta > 0)
    try:
        constants = certify_every_start(case.data, StartBounds(delta, bound)).constants
    except Undecided:
        assume(not statement["needs_cone"])
        return float(case.below) * TRIED, 100.0
    assume(constants.exponent < SMALLEST)
    return float(case.below) * 10 ** -float(constants.exponent), float(max(constants.activation, constants.death))


def _least_half_tangent(case: EarlyStart, unscaled: Start) -> float:
    """The least tan(theta/2) over the neurons with a < 0 that are active on a point; 1/2 if that is larger."""
    X, y = case.data.X, case.data.y
    neurons = zip(unscaled.w, unscaled.a, strict=True)
    found = [half_tangent(X, y, w, float(a), w @ X.T > 0) for w, a in neurons if a < 0]
    return min([0.5, *(u for u in found if u is not None)])
