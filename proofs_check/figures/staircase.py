"""The staircase of the limit of small starts: the loss against s = t / log(1/lambda), saddle after saddle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...numerics.geometry.linear_fit import least_squares
from ..report.limit import DescribedLimit
from ..report.output import write_together
from .prediction import COLOURS, Mark, check_target, marks_csv, render, table_beside, title_of
from .run import GUIDE

_LONGEST_LABEL = 3
"""Vectors of more entries are named by their norm alone."""

_LATE = 0.6
"""Share of the axis after which there is no room to the right of an escape."""


def draw_staircase(described: DescribedLimit, path: str) -> None:
    """Draw a limit to `path` (png, svg or pdf) with its CSV beside it; InputError for another ending."""
    check_target(path)
    marks, image = render(lambda figure: _staircase(figure, described), (7.5, 4.6), Path(path).suffix.lower()[1:])
    write_together({table_beside(path): marks_csv(marks), path: image})


def _staircase(figure: Any, described: DescribedLimit) -> list[Mark]:
    """Draw into a Matplotlib figure and return all marks."""
    limit, data = described.limit, described.prediction.data
    axes = figure.add_axes((0.11, 0.13, 0.85, 0.72))
    times = [0.0, *(saddle.time for saddle in limit.saddles)]
    losses = [*(saddle.loss for saddle in limit.saddles), limit.loss]
    end = 1.25 * times[-1] or 1.0
    axes.step([*times, end], [*losses, losses[-1]], where="post", color="#222222", lw=1.8, zorder=3)
    marks = [Mark("saddle", i, 0, "", t, t, v) for i, (t, v) in enumerate(zip(times, losses, strict=True))]
    marks.append(Mark("end", 0, 0, "", end, end, losses[-1]))
    top = max(losses)
    axes.set_xlim(0, end)
    axes.set_ylim(-0.03 * top, 1.12 * top)
    for number, saddle in enumerate(limit.saddles):
        middle = (saddle.loss + losses[number + 1]) / 2
        colour, escape = COLOURS[saddle.escape.sign], saddle.escape
        axes.plot([saddle.time] * 2, [losses[number + 1], saddle.loss], color=colour, lw=2.6, zorder=4)
        late = saddle.time > _LATE * end
        axes.annotate(
            _escape_text(saddle.time, escape.vector.tolist(), escape.norm), (saddle.time, middle),
            (-5 if late else 5, 0), textcoords="offset points", ha="right" if late else "left", va="center",
            fontsize=8, color=colour,
        )  # fmt: skip
        marks.append(Mark("escape", number, escape.sign, f"norm {escape.norm!r}", saddle.time, saddle.time, middle))
    fit = least_squares(data).loss
    if fit > 1e-3 * top:
        axes.axhline(fit, color=GUIDE, lw=0.9, ls="--", zorder=2)
        right = abs(losses[-1] - fit) > abs(losses[0] - fit)  # where the staircase is farther away
        axes.annotate(
            f"least squares (OLS) {fit:.4g}", (0.99 if right else 0.01, fit), (0, 3),
            xycoords=("axes fraction", "data"), textcoords="offset points", ha="right" if right else "left",
            color=GUIDE, fontsize=8.5,
        )  # fmt: skip
        marks.append(Mark("OLS loss", 0, 0, "", None, 0.0, fit))
    axes.set_xlabel("s = t / log(1/lambda)")
    axes.set_ylabel("L = (1/2n) sum (h - y)^2")
    axes.grid(axis="y", color="#ececec", lw=0.6)
    axes.set_axisbelow(True)
    figure.text(0.11, 0.93, f"{title_of(data)}: the limit of small starts", fontsize=12)
    signs = {saddle.escape.sign for saddle in limit.saddles}
    words = ", ".join(
        f"{'blue' if sign > 0 else 'orange'}: a {'>' if sign > 0 else '<'} 0" for sign in sorted(signs)[::-1]
    )
    doubt = "" if limit.determined else "not determined; " if limit.complete else "not complete; "
    figure.text(0.96, 0.93, doubt + words, fontsize=9, ha="right")
    return marks


def _escape_text(time: float, vector: list[float], norm: float) -> str:
    direction = (
        f"D = ({', '.join(f'{v:.3g}' for v in vector)})" if len(vector) <= _LONGEST_LABEL else f"||D|| = {norm:.3g}"
    )
    return f"s = {time:.4g}, {direction}"
