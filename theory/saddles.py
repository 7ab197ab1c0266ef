"""How dormant neurons grow at a saddle, on the clock s = t / log(1/lambda) (theory.md 3.1, 4.6).

At a saddle the drifts do not change, so that a dormant neuron of size lambda^depth comes to rest in direction after a
time that does not grow with log(1/lambda): where <D, omega> does not change any more. Then log|a| grows at that rate.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Symbol

from .alignment import ODE, direction, drift
from .inner import Inner
from .lorentz import rate

depth = Symbol("kappa", nonnegative=True)
"""log|a| / log(lambda): 1 for a neuron of the start, 0 for one that has escaped."""
clock = Symbol("s", nonnegative=True)
growth = Symbol("growth", real=True)
"""d log|a| / dt where the direction is at rest."""

pinned_growth, aligned_growth = sorted(
    sympy.solve(ODE["monotone"].args[1].subs(Inner(drift, direction), growth), growth), key=lambda root: root / rate
)
"""d log|a| / dt where <D, omega> is at rest: -r against the drift and r along it."""
growth_at_rest: Expr = ODE["log_a"].args[1].subs(Inner(drift, direction), growth)

later_depth: Expr = depth - growth_at_rest * clock
"""The depth after the saddle has been stayed at for `clock`, for the growth `growth`."""
waiting: Expr = sympy.solve(later_depth, clock)[0]
"""The clock at which the depth reaches 0: the neuron escapes."""
