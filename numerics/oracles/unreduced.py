"""The flow of many neurons, each by itself, with SciPy alone: slow, and independent of patterns, groups and events.

Nothing here uses that neurons share drifts, or when they change sides: the right-hand side is evaluated with the
side each neuron is on, and the error control of VODE's Adams formulas alone finds the kinks. Where neurons cross
often, several steps take fewer right-hand sides than one of high order. It cannot slide: where two sides push towards
a hyperplane it chatters, and gives up.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from .reference import handwritten_pull

Array = NDArray[np.float64]

MOST_STEPS = 20_000
_TOO_MANY_STEPS = -1
"""VODE's return code."""


class Chattered(Exception):
    """The steps became too many: some neuron slides."""


def unreduced_flow(
    X: Array, y: Array, a: Array, w: Array, time: float, loss: str = "square", leak: float = 0.0, rtol: float = 1e-11
) -> tuple[Array, Array, int]:
    """a (m,), w (m, d) after the given time from a (m,), w (m, d), and the number of right-hand sides.

    Raises `Chattered` after `MOST_STEPS` steps.
    """
    from scipy.integrate import ode

    m, d = w.shape
    evaluations = 0

    def velocity(_t: float, z: Array) -> Array:
        nonlocal evaluations
        evaluations += 1
        outputs, inputs = z[:m], z[m:].reshape(m, d)
        preactivation = inputs @ X.T
        slopes = np.where(preactivation > 0, 1.0, leak)
        p = handwritten_pull(outputs @ (slopes * preactivation), y, loss)
        drifts = (slopes * p) @ X / len(y)
        return np.concatenate([(inputs * drifts).sum(axis=1), (outputs[:, None] * drifts).ravel()])

    start = np.concatenate([a, w.ravel()])
    solver = ode(velocity).set_initial_value(start, 0.0)
    atol = rtol * float(np.abs(start).max())
    solver.set_integrator("vode", method="adams", rtol=rtol, atol=atol, nsteps=MOST_STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of what the return code says as well
        end = solver.integrate(time)
    if solver.get_return_code() == _TOO_MANY_STEPS:
        raise Chattered(f"more than {MOST_STEPS} steps by t = {solver.t:g}")
    if not solver.successful():
        raise RuntimeError(
            f"the integrator failed at t = {solver.t:g}: VODE's return code is {solver.get_return_code()}"
        )
    return end[:m], end[m:].reshape(m, d), evaluations
