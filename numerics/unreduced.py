"""The flow of many neurons as they stand, with SciPy alone: slow, and independent of patterns, groups and events.

Nothing here knows that neurons share drifts or when they change sides: the right-hand side is evaluated anew with the
side each neuron is on, and DOP853's error control alone finds the kinks. It cannot slide: where two sides push towards
a hyperplane it chatters, and gives up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .reference import handwritten_pull

Array = NDArray[np.float64]

MOST_EVALUATIONS = 50_000


class Chattered(Exception):
    """The right-hand side was evaluated too often: some neuron slides."""


def unreduced_flow(
    X: Array, y: Array, a: Array, w: Array, times: Array, loss: str = "square", leak: float = 0.0, rtol: float = 1e-9
) -> tuple[Array, Array, int]:
    """a (T, m), w (T, m, d) at increasing `times` (T,) from a (m,), w (m, d) at the first, and the right-hand sides.

    Raises `Chattered` after `MOST_EVALUATIONS` right-hand sides.
    """
    from scipy.integrate import solve_ivp

    m, d = w.shape
    evaluations = 0

    def velocity(_t: float, z: Array) -> Array:
        nonlocal evaluations
        evaluations += 1
        if evaluations > MOST_EVALUATIONS:
            raise Chattered(f"more than {MOST_EVALUATIONS} right-hand sides by t = {_t:g}")
        outputs, inputs = z[:m], z[m:].reshape(m, d)
        preactivation = inputs @ X.T
        p = handwritten_pull(outputs @ np.maximum(preactivation, leak * preactivation), y, loss)
        drifts = np.where(preactivation > 0, p, leak * p) @ X / len(y)
        return np.concatenate([(inputs * drifts).sum(axis=1), (outputs[:, None] * drifts).ravel()])

    start = np.concatenate([a, w.ravel()])
    span = (float(times[0]), float(times[-1]))
    found = solve_ivp(velocity, span, start, "DOP853", t_eval=times, rtol=rtol, atol=rtol * float(np.abs(start).max()))
    if not found.success:
        raise RuntimeError(f"the integrator failed at t = {found.t[-1]:g}: {found.message}")
    return found.y[:m].T, found.y[m:].T.reshape(-1, m, d), evaluations
