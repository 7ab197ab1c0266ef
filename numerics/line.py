"""The function of a network whose inputs are one-dimensional, on a grid, at a cost that does not multiply with it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .dataset import Dataset

Floats = NDArray[np.float64]


def line_of(data: Dataset, count: int = 401, margin: float = 0.15) -> Floats | None:
    """Inputs (count,) around the data when these are one-dimensional, with or without a bias; None otherwise."""
    bias = all(point[-1] == 1 for point in data.inputs)
    if data.d != 1 and not (data.d == 2 and bias):
        return None
    x = data.X[:, 0]
    low, high = float(x.min()), float(x.max())
    room = margin * (high - low) if high > low else 1.0
    return np.linspace(low - room, high + room, count)


def function_on_line(a: Floats, w: Floats, line: Floats, leak: float = 0.0) -> Floats:
    """h(x) = sum_j a_j s(w_j1 x + w_j2) at the increasing inputs `line` (G,), for a (m,), w (m, 1) or (m, 2).

    A neuron is active on one side of its kink: its slope and height are added where it becomes active, and summed up
    along the line. Costs O(m log G + G).
    """
    slope = w[:, 0]
    height = w[:, 1] if w.shape[1] == 2 else np.zeros(len(a))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        kink = np.where(slope != 0, -height / slope, np.where(height > 0, -np.inf, np.inf))
    place = np.searchsorted(line, kink)
    rising = slope >= 0
    # Falling neurons are active up to their kink: they start active and leave there.
    sign = np.where(rising, 1.0, -1.0)
    found = leak * (float(a @ slope) * line + float(a @ height))
    for power, part in ((line, a * slope), (np.ones_like(line), a * height)):
        steps = np.bincount(place, sign * part, len(line) + 1)[:-1]
        found += (1 - leak) * power * (float(part[~rising].sum()) + np.cumsum(steps))
    return found
