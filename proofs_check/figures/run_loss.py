"""The loss over log time, with tau, the escape and the loss of least squares."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...numerics.data.losses import get_loss
from ..report.loss import mean_loss_text
from .prediction import COLOURS, Mark, title_of
from .run import GUIDE, View, log_time, time_marks

_LOGARITHMIC_BELOW = 0.02
"""The axis is logarithmic when the loss falls below this share of its start: the end would lie on the axis."""
_LEAST = 1e-6
"""The lowest share of the start on a logarithmic axis: further down plateaus would look alike. A loss without a minimum
falls for ever, and is shown down to its end."""


_SMALLEST = float(np.finfo(np.float64).tiny)


def draw_loss(figure: Any, view: View) -> list[Mark]:
    """Draw the loss into a Matplotlib figure and return all marks."""
    marks: list[Mark] = []
    draw_loss_curve(figure.add_axes((0.1, 0.12, 0.86, 0.75)), view, marks)
    figure.text(0.1, 0.955, f"{title_of(view.data)}: the loss", fontsize=12)
    figure.text(0.96, 0.955, view.subtitle, fontsize=9, ha="right", color="#555555")
    return marks + time_marks(view)


def draw_loss_curve(axes: Any, view: View, marks: list[Mark]) -> None:
    """The loss over log time, and the level of least squares."""
    log_time(axes, view)
    theory, test = view.record.theory, view.observed.get("test_loss")
    curves = [("loss", view.losses, COLOURS[1])]
    if test is not None:
        curves.append(("test loss", test, COLOURS[-1]))
    seen = view.times > 0
    for name, losses, colour in curves:
        axes.plot(view.times[seen], losses[seen], color=colour, lw=1.8, zorder=3, label=name)
        marks += [Mark(name, 0, 0, "", t, t, v) for t, v in zip(view.times.tolist(), losses.tolist(), strict=True)]
    if test is not None:
        axes.legend(frameon=False)
    drawn = np.concatenate([losses for _, losses, _ in curves])  # a loss on test data that overflows is NaN
    top, lowest = float(np.nanmax(drawn)), float(np.nanmin(drawn))
    if lowest < _LOGARITHMIC_BELOW * top:
        axes.set_yscale("log")
        floor = 0.0 if get_loss(view.record.options.loss).flattens else _LEAST * top
        axes.set_ylim(max(lowest, floor, _SMALLEST) / 2, 2 * top)
    else:
        axes.set_ylim(0, 1.08 * top or 1.0)
    if theory.ols_loss is not None:
        _ols(axes, view, theory.ols_loss, marks)
    axes.set_ylabel(mean_loss_text(view.record.options.loss))
    axes.grid(axis="y", color="#ececec", lw=0.6)
    axes.set_axisbelow(True)


def _ols(axes: Any, view: View, loss: float, marks: list[Mark]) -> None:
    """The level of least squares; its name is put where the curve is not."""
    low, high = axes.get_ylim()
    if not low < loss < high:
        return
    axes.axhline(loss, color=GUIDE, lw=0.9, ls="--", zorder=2)
    at_start = bool(np.abs(view.losses[0] - loss) > 0.1 * view.losses[0])
    place = (0.01, "left") if at_start else (0.99, "right")
    axes.annotate(
        f"least squares (OLS) {loss:.4g}", (place[0], loss), (0, 3), xycoords=("axes fraction", "data"),
        textcoords="offset points", ha=place[1], va="bottom", color=GUIDE, fontsize=8.5,
    )  # fmt: skip
    marks.append(Mark("OLS loss", 0, 0, "", None, 0.0, loss))
