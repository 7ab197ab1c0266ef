"""The flow of log L in the time s, ds = L dt, with SciPy alone: for late times, which it reaches without large numbers.

theta moves along minus the gradient of log L, and log(1 + t) grows at the rate 1/(L (1 + t)). The right-hand side is
evaluated with the side each neuron is on, and the error control of DOP853 alone finds the kinks; it cannot slide. Both
losses are written by hand, as logarithms, so that nothing underflows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class RescaledFlow:
    """The neurons at the times s asked for, a (S, m) and w (S, m, d), and log(1 + t) there (S,)."""

    a: Array
    w: Array
    log_time: Array


def log_losses(margins: Array, loss: str) -> tuple[Array, Array]:
    """log l and log |p| (n,) at the margins y h (n,) of the exponential or the logistic loss."""
    if loss == "exponential":
        return -margins, -margins
    small = np.log(np.logaddexp(0.0, -np.minimum(margins, 40.0)))
    # From 40 on log(1 + e^-u) is e^-u in double precision.
    return np.where(margins > 40.0, -margins, small), -np.logaddexp(0.0, margins)


def rescaled_flow(
    X: Array, y: Array, a: Array, w: Array, s: Array, loss: str = "exponential", leak: float = 0.0, rtol: float = 1e-11
) -> RescaledFlow:
    """The flow of neurons a (m,), w (m, d) on points X (n, d), y (n,) at increasing times s (S,), from s = 0."""
    from scipy.integrate import solve_ivp

    m, d = w.shape

    def velocity(_s: float, z: Array) -> Array:
        outputs, inputs = z[:m], z[m:-1].reshape(m, d)
        preactivation = inputs @ X.T
        slopes = np.where(preactivation > 0, 1.0, leak)
        margins = y * (outputs @ (slopes * preactivation))
        values, pulls = log_losses(margins, loss)
        log_loss = np.logaddexp.reduce(values) - np.log(len(y))
        drifts = (slopes * (y * np.exp(pulls - log_loss))) @ X / len(y)
        clock = np.exp(-log_loss - z[-1])
        return np.concatenate([(inputs * drifts).sum(axis=1), (outputs[:, None] * drifts).ravel(), [clock]])

    start = np.concatenate([a, w.ravel(), [0.0]])
    atol = rtol * float(np.abs(start).max())
    found = solve_ivp(velocity, (0.0, float(s[-1])), start, "DOP853", t_eval=s, rtol=rtol, atol=atol)
    if not found.success:
        raise RuntimeError(f"the integrator failed at s = {found.t[-1]:g}: {found.message}")
    path = found.y.T
    return RescaledFlow(path[:, :m], path[:, m:-1].reshape(-1, m, d), path[:, -1])
