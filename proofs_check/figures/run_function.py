"""The learned function of one-dimensional inputs at chosen times, with the data and the least-squares fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...numerics.arrays import Floats
from .prediction import Mark, title_of
from .run import View

SHARES = (0.1, 0.5, 0.9, 0.99)
"""Of the way from the first loss to the lowest: the function is drawn when these are reached, at tau and at the end."""
_CLOSEST = 0.03
"""Functions that differ by less than this share of the height of the picture are drawn once."""
OLS_COLOUR = "#E69F00"
"""Drawn over the functions, one of which often ends there."""


def chosen_times(view: View) -> list[int]:
    """The rows of the recording whose functions are drawn: different from each other, the last one among them."""
    assert view.functions is not None
    fallen = np.maximum(view.losses[0] - view.losses, 0.0)  # with a large step the loss may rise
    fall = fallen / max(float(fallen.max()), np.finfo(float).tiny)
    rows = [int(np.searchsorted(view.times, view.tau))] if view.tau is not None else [0]
    rows += [int(np.argmax(fall >= share)) for share in SHARES]
    last = len(view.times) - 1
    height = np.ptp(np.append(view.functions[rows], view.data.y)) or 1.0
    kept = [last]
    for row in sorted(set(rows), reverse=True):
        if all(np.abs(view.functions[row] - view.functions[other]).max() > _CLOSEST * height for other in kept):
            kept.insert(0, row)
    return kept


def ols_on(view: View) -> Floats:
    """The least-squares fit on the line."""
    assert view.line is not None
    ols = view.record.theory.ols
    return ols[0] * view.line + (ols[1] if len(ols) == 2 else 0.0)


def draw_data(axes: Any, view: View, marks: list[Mark]) -> None:
    """The data points and the least-squares fit."""
    assert view.line is not None
    fit = ols_on(view)
    axes.plot(view.line, fit, color=OLS_COLOUR, lw=1.5, ls="--", zorder=4, label="least squares (OLS)")
    marks += [
        Mark("OLS", 0, 0, "", None, float(x), float(y)) for x, y in zip(view.line[[0, -1]], fit[[0, -1]], strict=True)
    ]
    x, y = view.data.X[:, 0], view.data.y
    axes.plot(x, y, "o", ms=6 if len(x) <= 12 else 4, color="black", mec="white", mew=0.8, zorder=5, label="data")
    marks += [Mark("data", k, 0, "", None, float(u), float(v)) for k, (u, v) in enumerate(zip(x, y, strict=True))]
    axes.set_xlim(view.line[0], view.line[-1])
    axes.set_xlabel("x")


def height_limits(view: View, rows: list[int]) -> tuple[float, float]:
    """The heights that show the data and the functions of these rows."""
    assert view.functions is not None
    shown = np.concatenate([view.data.y, view.functions[rows].ravel()])
    low, high = float(shown.min()), float(shown.max())
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def draw_function(figure: Any, view: View) -> list[Mark]:
    """Draw the functions into a Matplotlib figure and return all marks."""
    from matplotlib import colormaps

    assert view.line is not None
    assert view.functions is not None
    axes = figure.add_axes((0.09, 0.12, 0.65, 0.76))
    marks: list[Mark] = []
    rows = chosen_times(view)
    for place, row in enumerate(rows):
        colour = colormaps["viridis_r"](0.15 + 0.8 * (place + 1) / len(rows))
        time = float(view.times[row])
        axes.plot(
            view.line, view.functions[row], color=colour, lw=2.4 if row == rows[-1] else 1.5, zorder=3,
            label=f"t = {time:.4g}",
        )  # fmt: skip
        marks += [
            Mark("function", place, 0, "", time, float(x), float(y))
            for x, y in zip(view.line, view.functions[row], strict=True)
        ]
    draw_data(axes, view, marks)
    axes.set_ylim(*height_limits(view, rows))
    axes.set_ylabel("network output h(x)")
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1.0))
    figure.text(0.09, 0.94, f"{title_of(view.data)}: the learned function", fontsize=12)
    figure.text(0.97, 0.94, view.subtitle, fontsize=9, ha="right", color="#555555")
    return marks
