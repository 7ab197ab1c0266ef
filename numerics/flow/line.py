"""The function of a network whose inputs are one-dimensional, on a grid, compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..arrays import Floats, Integers
from ..data.dataset import Dataset


def line_of(data: Dataset, count: int = 401, margin: float = 0.15) -> Floats | None:
    """Inputs (count,) around the data when these are one-dimensional, with or without a bias; None otherwise."""
    bias = all(point[-1] == 1 for point in data.inputs)
    if data.d != 1 and not (data.d == 2 and bias):
        return None
    x = data.X[:, 0]
    low, high = float(x.min()), float(x.max())
    room = margin * (high - low) if high > low else 1.0
    return np.linspace(low - room, high + room, count)


@njit(cache=True)
def function_on_line(frame: Floats, group: Integers, to_now: Floats, line: Floats, leak: float) -> Floats:
    """h(x) = sum_j a_j s(w_j1 x + w_j2) at evenly spaced increasing inputs `line` (G,); w_j2 is 0 if d = 1.

    Neuron j is (w_j, a_j) = frame[j] @ to_now[group[j]], for `frame` (m, d+1) and `to_now` (g, d+1, d+1). Its slope and
    height are added where it becomes active or leaves, and summed up along the line: O(m + G). Where rounding puts a
    kink into the next interval the neuron is at its kink, so that nothing is lost.
    """
    size, count = frame.shape[1], line.shape[0]
    spacing = (line[-1] - line[0]) / (count - 1)
    slopes, heights = np.zeros(count + 1), np.zeros(count + 1)
    z = np.empty(size)
    for j in range(frame.shape[0]):
        for axis in range(size):
            z[axis] = 0.0
            for i in range(size):
                z[axis] += frame[j, i] * to_now[group[j], i, axis]
        a, slope, height = z[size - 1], z[0], z[1] if size == 3 else 0.0
        never = -1.0 if height > 0.0 else count + 1.0
        reached = (-height / slope - line[0]) / spacing if slope != 0.0 else never
        place = 0 if reached <= 0.0 else count if reached >= count else int(np.ceil(reached))
        part = (1.0 - leak) * a
        before = leak * a + (part if slope < 0.0 else 0.0)  # falling neurons are active up to their kink
        change = -part if slope < 0.0 else part
        slopes[0] += before * slope
        heights[0] += before * height
        slopes[place] += change * slope
        heights[place] += change * height
    found = np.empty(count)
    total_slope = total_height = 0.0
    for place in range(count):
        total_slope += slopes[place]
        total_height += heights[place]
        found[place] = total_slope * line[place] + total_height
    return found
