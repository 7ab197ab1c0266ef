"""What the examples of published figures share: their options, runs that keep networks on the way, and drawing.

A picture and the CSV of everything drawn in it go into one folder, as for the figures of `proofs-check`.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from early_alignment import Dataset, Simulation, Start, simulate
from early_alignment.proofs_check.figures.prediction import Mark, marks_csv, render
from early_alignment.proofs_check.report.output import write_together

GREY = "#555555"
LOSS = r"loss  $\frac{1}{2n}\,\Sigma\,(h - y)^2$"
"""The label of an axis of losses."""
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")  # told apart in every common kind of colour blindness


def chosen_options(description: str, name: str) -> argparse.Namespace:
    """`out`, the folder of the pictures, which is made; `small`, whether to run at the size of the integration."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    folder = Path("results") / name
    parser.add_argument("--out", type=Path, default=folder, help=f"folder of the pictures (default {folder})")
    parser.add_argument("--small", action="store_true", help="the reduced size, in seconds")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    return chosen


def follow(
    data: Dataset, start: Start, times: np.ndarray, kept: Sequence[float]
) -> tuple[Simulation, list[tuple[np.ndarray, np.ndarray]]]:
    """The flow at `times` and at `kept`, and the networks (a, w) at `kept`; it starts at 0."""
    networks = []

    def keep(engine: Any) -> None:
        if engine.time in kept:
            now = engine.state.neurons()
            networks.append((now[:, -1], now[:, :-1]))

    moments = np.union1d(np.append(times, 0.0), kept)
    run = simulate(data, start, float(moments[-1]), times=moments, observe=keep)
    if run.partial:
        raise SystemExit(f"the flow was not followed to its end: {run.reason}")
    return run, networks


def on_line(line: np.ndarray, a: np.ndarray, w: np.ndarray) -> np.ndarray:
    """h on inputs `line` (g,) with a bias."""
    return np.maximum(np.outer(line, w[:, 0]) + w[:, 1], 0.0) @ a


def draw_curve(
    axes: Any, marks: list[Mark], item: str, x: np.ndarray, y: np.ndarray, time: float | None = None, **style: Any
) -> None:
    """A line, and its marks: one item, numbered when others have the same name."""
    index = len({mark.index for mark in marks if mark.item == item})
    axes.plot(x, y, **style)
    label = str(style.get("label") or "")
    marks += [Mark(item, index, 0, label, time, float(u), float(v)) for u, v in zip(x, y, strict=True)]


def draw_points(axes: Any, marks: list[Mark], data: Dataset) -> None:
    """The data on the line."""
    x = data.X[:, 0]
    axes.plot(x, data.y, "o", ms=6 if data.n <= 12 else 4, color="black", mec="white", mew=0.8, zorder=5, label="data")
    marks += [Mark("data", k, 0, "", None, float(u), float(v)) for k, (u, v) in enumerate(zip(x, data.y, strict=True))]


def draw_moments(
    axes: Any, marks: list[Mark], item: str, moments: Sequence[float], level: int = 0, label: str = "", **style: Any
) -> None:
    """Vertical lines at increasing moments, each with its number above the axes, from so many lines of text up.

    Where two numbers would overlap the earlier one is raised. A `label` goes into the legend, once.
    """
    low, high = axes.get_xlim()
    for index, moment in enumerate(moments):
        drawn = axes.axvline(moment, **{"color": GREY, "lw": 0.9, "ls": ":", "zorder": 1, **style})
        drawn.set_label(label if label and not index else "_hidden")
        raised = any(0 < other - moment < 0.07 * (high - low) for other in moments)
        axes.annotate(
            f"{moment:.3g}", (moment, 1.0), (0, 3 + 11 * (level + raised)), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="bottom", color=style.get("color", GREY), fontsize=8.5,
        )  # fmt: skip
        marks.append(Mark(item, index, 0, f"{moment:.6g}", None, float(moment), 0.0))


def legend(axes: Any, **where: Any) -> None:
    """A legend that hides the lines behind it."""
    axes.legend(**{"frameon": True, "framealpha": 1.0, "edgecolor": "white", **where}).set_zorder(6)


def save(folder: Path, name: str, size: tuple[float, float], draw: Callable[[Any], list[Mark]]) -> None:
    """Write NAME.png, as `draw` draws it into a Matplotlib figure, and NAME.csv with its marks; say so."""
    marks, image = render(draw, size, "png")
    picture = folder / f"{name}.png"
    write_together({picture: image, picture.with_suffix(".csv"): marks_csv(marks)})
    print(f"drawn: {picture}, with {picture.with_suffix('.csv')}")
