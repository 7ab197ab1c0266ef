"""One neuron under a constant drift, in closed form and free of cancellation (theory.md 3.2, 3.3, 3.5).

While the drift D is constant, w moves along a straight line, w = w0 + s u with u = sign(a) D/||D||, and ds/dt = r |a|:
s grows until a vanishes. So *where* a neuron goes is decided by lengths s alone, and times follow from them. With
beta = <w0, u> and the constant K = a^2 - beta^2, |a| + beta grows like e^{rt} and (|a| + beta)(|a| - beta) = K.
All functions are elementwise; `a` stands for |a|. They are tested against the expressions of `theory`.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Floats


def grown_sum(a: Floats, beta: Floats, constant: Floats) -> Floats:
    """|a| + beta without cancellation: K / (|a| - beta) where beta < 0."""
    return np.where(beta < 0, constant / np.where(beta < 0, a - beta, 1.0), a + beta)


def elapsed(a: Floats, beta: Floats, constant: Floats, length: Floats, a_later: Floats) -> Floats:
    """r t at which the neuron has moved by `length` >= 0, where |a| is then `a_later` (theory.md 3.5, solved for E).

    E - 1 = s (p + p') / ((a + a') p) with p = a + beta before and p' after: every factor is free of cancellation.
    """
    before = grown_sum(a, beta, constant)
    after = grown_sum(a_later, beta + length, constant)
    both = a + a_later
    moving = (length > 0) & (both > 0)
    excess = np.where(moving, length * (before + after) / np.where(moving, both * before, 1.0), 0.0)
    return np.log1p(np.maximum(excess, 0.0))


def length_to_rest(a: Floats, beta: Floats, constant: Floats) -> Floats:
    """The length s at which a vanishes (undominated neurons moving against their drift), else infinity.

    a^2 after a length s is a^2 + s (2 beta + s); the smaller root is a^2 / (-beta + sqrt(-K)).
    """
    stops = (constant < 0) & (beta < 0)
    return np.where(stops, a * a / np.where(stops, np.sqrt(np.abs(constant)) - beta, 1.0), np.inf)


def scaled_position(a: Floats, beta: Floats, phase: Floats) -> tuple[Floats, Floats]:
    """(|a|, beta) at r t = `phase` >= 0, both times e^{-phase} so that nothing overflows (theory.md 3.2)."""
    shrunk = np.exp(-2.0 * phase)
    grows, decays = a + beta, (a - beta) * shrunk
    return (grows + decays) / 2.0, (grows - decays) / 2.0


def length_to_angle(beta: Floats, perpendicular: Floats, angle: float) -> Floats:
    """The length after which w is within `angle` (radians, in (0, pi)) of its drift: beta + s = |w_perp| cot(angle)."""
    return np.maximum(perpendicular / np.tan(angle) - beta, 0.0)
