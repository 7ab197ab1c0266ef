"""How small neurons grow at a saddle, on the clock s = t / log(1/lambda) (theory.md 3.1, 4.6).

At a saddle the drifts do not change, so that a small neuron of size lambda^depth comes to rest in direction after a
time that does not grow with log(1/lambda): where <D, omega> does not change any more. Then log|a| grows at that rate.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Symbol

from ..flow.lorentz import rate
from ..formal.derivation import Goal, Zero
from ..formal.vectors import Inner
from .constant_drift import ODE, direction, drift

depth = Symbol("depth", nonnegative=True)
"""log|a| / log(lambda): 1 for a neuron of the start, 0 for one that has escaped."""
clock = Symbol("s", nonnegative=True)
growth = Symbol("growth", real=True)
"""d log|a| / dt where the direction is at rest."""

pinned_growth, aligned_growth = -rate, rate
"""d log|a| / dt where <D, omega> is at rest: -r against the drift and r along it."""

later_depth: Expr = depth - growth * clock
"""The depth after the saddle has been stayed at for `clock`, for the growth `growth`."""
waiting: Expr = depth / growth
"""The clock at which the depth reaches 0: the neuron escapes."""

power: Expr = growth * clock
"""By which power of lambda a size changes at the rate `growth` in the time clock log(1/lambda)."""


def goals() -> tuple[Goal, ...]:
    """What these formulas need: the alignment ODE at rest, and the depth at the end of the waiting time."""
    along = Inner(drift, direction)
    turning, growing = ODE["monotone"].args[1], ODE["log_a"].args[1]
    at_rest = (("along the drift", aligned_growth), ("against the drift", pinned_growth))
    return (
        *(Zero(f"<D, omega> is at rest {where}", turning.xreplace({along: value})) for where, value in at_rest),
        Zero("log|a| grows by <D, omega>", growing.xreplace({along: growth}) - growth),
        Zero("depth = log|a| / log(lambda) at the clock s", sympy.diff(later_depth, clock) + growth),
        Zero("at the end of the waiting time the depth is 0", later_depth.xreplace({clock: waiting})),
        Zero("what grows to one within the clock s was that power of lambda", waiting.xreplace({depth: power}) - clock),
    )
