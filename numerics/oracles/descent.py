"""Full-batch gradient descent with the step sent to zero: an oracle for the gradient flow away from sliding.

Explicit Euler steps theta <- theta - h grad L on the loss of `reference`, written by hand, with its complex-step pull.
At a kink (a preactivation of 0) the slope is that of the side the neuron is on, and a step is cut where a preactivation
vanishes: the neuron then changes sides. So every step lies in one smooth piece of the loss. Without the cuts a crossing
would leave an error of h times the share of the step after it, which depends on h irregularly, and no extrapolation
would help.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .extrapolation import Extrapolated, Sampled, extrapolate
from .reference import handwritten_pull

Array = NDArray[np.float64]

STANDING = 64 * float(np.finfo(float).eps)
"""A neuron lies on a hyperplane when |<w, x>| is at most this share of the sum of its terms: rounding."""
RETURNS = 8
"""A neuron that changes sides so often in steps of length 0 stays on its hyperplane: it slides."""


class Slides(ValueError):
    """A neuron meets a hyperplane that both sides push it to; then descent steps on neither side follow the flow."""


def gradient_descent(
    X: Array, y: Array, a: Array, w: Array, times: Array, step: float, loss: str = "square", leak: float = 0.0
) -> Extrapolated:
    """The gradient flow at increasing `times` by descent with steps of about `step`, a half and a quarter of it.

    X (n, d), y (n,), a (m,), w (m, d), the start at times[0], off all hyperplanes. Raises `Slides` where a neuron
    slides.
    """
    return extrapolate(times, lambda parts: _descend(X, y, a, w, times, step, parts, loss, leak))


def _descend(
    X: Array, y: Array, a: Array, w: Array, times: Array, step: float, parts: int, loss: str, leak: float
) -> Sampled:
    """One run: between recorded times the steps are equal, `parts` for each one of about `step`."""
    a, w = np.array(a, float), np.array(w, float)
    n = len(y)
    positive = w @ X.T > 0.0

    def outputs() -> Array:
        return np.asarray(a @ (np.where(positive, 1.0, leak) * (w @ X.T)))

    sampled = [outputs()]
    for start, stop in pairwise(times):
        count = parts * max(1, round((stop - start) / step))
        for _ in range(count):
            left, returns = (stop - start) / count, np.zeros(len(a), dtype=int)
            while left > 0.0:
                slopes = np.where(positive, 1.0, leak)
                pull = handwritten_pull(outputs(), y, loss)
                # -dL/dw_j = (1/n) sum_k p_k a_j slope_jk x_k and -dL/da_j = (1/n) sum_k p_k slope_jk <w_j, x_k>
                downhill = (slopes * pull) @ X / n
                w_rate, a_rate = a[:, None] * downhill, np.einsum("jd,jd->j", w, downhill)
                taken, crossing = _until_a_kink(w @ X.T, w_rate @ X.T, np.abs(w) @ np.abs(X).T, positive, left)
                w += taken * w_rate
                a += taken * a_rate
                positive ^= crossing
                left -= taken
                returns = np.where(crossing.any(axis=1), returns + 1, returns)
                if returns.max() > RETURNS * n:
                    raise Slides(f"neuron {returns.argmax()} slides near t = {stop}; descent does not follow it there")
        sampled.append(outputs())
    return np.array(sampled), np.concatenate([w, a[:, None]], axis=1)


def _until_a_kink(
    heights: Array, rates: Array, sizes: Array, positive: NDArray[np.bool_], left: float
) -> tuple[float, NDArray[np.bool_]]:
    """The step, at most `left`, up to the first vanishing height (m, n), and which neurons change sides there."""
    side = np.where(positive, 1.0, -1.0)
    above, closing = np.maximum(side * heights, 0.0), -side * rates
    with np.errstate(divide="ignore", over="ignore"):
        arrival = np.where(closing > 0.0, above / np.where(closing > 0.0, closing, 1.0), np.inf)
    step = float(min(left, arrival.min()))
    after = side * (heights + step * rates)
    crossing = (closing > 0.0) & (after <= STANDING * sizes) & (arrival <= left)
    return step, crossing
