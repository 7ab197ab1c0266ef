"""What the examples of published figures share: their options, runs that keep networks on the way, and drawing.

Every line that is drawn with the name of an item as its `gid` is written to the CSV beside the picture.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from early_alignment import Dataset, Simulation, Start, simulate

matplotlib.rcParams.update({"font.size": 9.0, "axes.spines.top": False, "axes.spines.right": False})

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
    data: Dataset, start: Start, times: np.ndarray, kept: Sequence[float], history: bool = False
) -> tuple[Simulation, list[tuple[np.ndarray, np.ndarray]]]:
    """The flow at `times` and at `kept`, and the networks (a, w) at `kept`, from 0 on; `history` as in `simulate`."""
    networks = []

    def keep(engine: Any) -> None:
        if engine.time in kept:
            now = engine.state.neurons()
            networks.append((now[:, -1], now[:, :-1]))

    moments = np.union1d(np.append(times, 0.0), kept)
    run = simulate(data, start, float(moments[-1]), times=moments, history=history, observe=keep)
    if run.partial:
        raise SystemExit(f"the flow was not followed to its end: {run.reason}")
    return run, networks


def on_line(line: np.ndarray, a: np.ndarray, w: np.ndarray) -> np.ndarray:
    """h on inputs `line` (g,) with a bias."""
    return np.maximum(np.outer(line, w[:, 0]) + w[:, 1], 0.0) @ a


def inputs_around(data: Dataset, count: int = 401, margin: float = 0.15) -> np.ndarray:
    """Evenly spaced inputs (count,) over the range of one-dimensional data and a margin on both sides."""
    low, high = data.X[:, 0].min(), data.X[:, 0].max()
    room = margin * (high - low)
    return np.linspace(low - room, high + room, count)


def draw_data(axes: Any, data: Dataset) -> None:
    """The points of one-dimensional data."""
    style = {"ms": 6 if data.n <= 12 else 4, "color": "black", "mec": "white", "mew": 0.8, "zorder": 5}
    axes.plot(data.X[:, 0], data.y, "o", gid="data", label="data", **style)


def draw_moments(axes: Any, item: str, moments: Sequence[float], level: int = 0, label: str = "", **style: Any) -> None:
    """Vertical lines at increasing moments, each with its number above the axes, from so many lines of text up.

    Where two numbers would overlap the earlier one is raised. A `label` goes into the legend, once.
    """
    low, high = axes.get_xlim()
    for index, moment in enumerate(moments):
        drawn = axes.axvline(moment, gid=item, **{"color": GREY, "lw": 0.9, "ls": ":", "zorder": 1, **style})
        drawn.set_label(label if label and not index else "_hidden")
        raised = any(0 < other - moment < 0.07 * (high - low) for other in moments)
        axes.annotate(
            f"{moment:.3g}", (moment, 1.0), (0, 3 + 11 * (level + raised)), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="bottom", color=style.get("color", GREY), fontsize=8.5,
        )  # fmt: skip


def legend(axes: Any, **where: Any) -> None:
    """A legend that hides the lines behind it."""
    axes.legend(**{"frameon": True, "framealpha": 1.0, "edgecolor": "white", **where}).set_zorder(6)


def lines_drawn(figure: Figure) -> Iterator[tuple[str, int, str, float | str, float | str]]:
    """item, index among the lines of this item, label, x and y of each point; of a vertical line x alone."""
    count: Counter[str] = Counter()
    for axes in figure.axes:
        for line in axes.get_lines():
            item, label = line.get_gid(), str(line.get_label())
            if item is None:
                continue
            has_x, has_y = line.get_transform().contains_branch_seperately(axes.transData)
            points = [(x if has_x else "", y if has_y else "") for x, y in line.get_xydata().tolist()]
            for x, y in points if has_x and has_y else points[:1]:
                yield item, count[item], "" if label.startswith("_") else label, x, y
            count[item] += 1


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write NAME.png, and NAME.csv with all lines that are drawn in it; say so."""
    picture, table = folder / f"{name}.png", folder / f"{name}.csv"
    figure.savefig(picture, dpi=160)
    with table.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("item", "index", "label", "x", "y"), *lines_drawn(figure)])
    print(f"drawn: {picture}, with {table}")
