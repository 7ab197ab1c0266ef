"""The phase diagram of a sweep: over two of its axes, how often runs end somewhere, or the median of a number.

There is a panel for each combination of the other axes; seeds of starts and of random data are counted together.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

import numpy as np

from ...numerics.errors import InputError
from ...numerics.sweep.grid import GridRun
from ...numerics.sweep.outcome import ENDS
from ..report.output import csv_table, write_together
from ..sweep.rows import Row
from ..sweep.settings import FigureSettings
from .prediction import COLOURS, Mark, render

MOST_PANELS = 12
FORMATS = ("png", "svg")
LOGARITHMIC_FROM = 10.0
"""An axis of positive values is logarithmic when the largest is this many times the smallest."""
MOST_TICKS = 12
WIDE_RANGE = 100.0
"""The same for the colours of a median."""
WIDTH, HEIGHT = (1.5, 4.6), (0.7, 3.7)
"""Inches around all panels, and of each."""
LETTERS_PER_INCH = 13
"""Of the title."""
CONFIDENCE = 0.95
"""Of the intervals in the table for the probability that a run ends in a certain way."""
LABELS = {
    "scale": r"scale $\lambda$ of the start",
    "width": "width $m$",
    "leak": "leak of the activation",
    "d": "dimension $d$",
    "n": "number of points $n$",
    "seed": "seed of the start",
    "data_seed": "seed of the data",
}
_GRID = "#ffffff"
_NOTHING = "#e8e8e8"

Key: TypeAlias = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Tile:
    """One tile of a panel: its place, the value that its colour shows (None: there is none), and where runs ended."""

    panel: Key
    x: float
    y: float
    value: float | None
    ends: Counter[str]

    @property
    def unresolved(self) -> int:
        """Runs that could not be followed to their end."""
        return self.ends["unresolved"] + self.ends["failed"]


def check_panels(runs: Sequence[GridRun], figure: FigureSettings) -> None:
    """Raise InputError for axes that a sweep does not have, and for more panels than can be looked at."""
    if figure.x == figure.y:
        raise InputError(f"figure.x and figure.y are both {figure.x}; name two axes")
    if "data_seed" in (figure.x, figure.y) and any(run.data_seed is None for run in runs):
        raise InputError("data_seed is an axis of random data only; name another one in figure.x or figure.y")
    count = len({_panel(run, figure) for run in runs})
    if count > MOST_PANELS:
        raise InputError(
            f"the phase diagram would have {count} panels, one for each combination of the axes other than figure.x, "
            f"figure.y and seeds; at most {MOST_PANELS} are drawn, so name other axes or run several sweeps"
        )


def draw_phase_diagram(rows: Sequence[Row], figure: FigureSettings, title: str, path: Path) -> list[Path]:
    """Draw `path` with the endings .png and .svg, and .csv with every tile; the paths, that of the CSV last."""
    tiles = tiles_of(rows, figure)
    panels = list(dict.fromkeys(tile.panel for tile in tiles))
    shown = figure.title or title
    written: dict[str | Path, bytes] = {}
    columns = _columns(len(panels))
    size = (WIDTH[0] + WIDTH[1] * columns, HEIGHT[0] + HEIGHT[1] * math.ceil(len(panels) / columns))
    for form in FORMATS:
        _, image = render(partial(_draw, tiles=tiles, panels=panels, figure=figure, title=shown), size, form)
        written[path.with_suffix(f".{form}")] = image
    written[path.with_suffix(".csv")] = _table(tiles, figure)
    write_together(written)
    return [Path(name) for name in written]


def tiles_of(rows: Sequence[Row], figure: FigureSettings) -> list[Tile]:
    """The tiles of a sweep, in the order of its runs."""
    found: dict[tuple[Key, float, float], list[Row]] = {}
    runs = [row.run for row in rows]
    varying = _varying(runs, figure)
    for row in rows:
        key = tuple((name, value) for name, value in _panel(row.run, figure) if name in varying)
        found.setdefault((key, _place(row.run, figure.x), _place(row.run, figure.y)), []).append(row)
    return [
        Tile(panel, x, y, _value(together, figure.show), Counter(row.outcome.end for row in together))
        for (panel, x, y), together in found.items()
    ]


def _value(rows: Sequence[Row], show: str) -> float | None:
    """The share of the resolved runs that end so, or the median of a number over those that have it."""
    resolved = [row.outcome for row in rows if row.outcome.resolved]
    if show in ENDS:
        return sum(outcome.end == show for outcome in resolved) / len(resolved) if resolved else None
    numbers = [getattr(outcome, show) for outcome in resolved if getattr(outcome, show) is not None]
    return float(median(numbers)) if numbers else None


def _place(run: GridRun, axis: str) -> float:
    value = getattr(run, axis)
    if axis == "leak":
        numerator, _, denominator = value.partition("/")
        return float(numerator) / float(denominator or 1)
    return float(value)


def _panel(run: GridRun, figure: FigureSettings) -> Key:
    """What a run has in common with those of its panel."""
    suffix = f"-n{run.n}-d{run.d}-s{run.data_seed}"
    names = [("data", run.data.removesuffix(suffix) if run.data_seed is not None else run.data)]
    others = ("n", "d", "leak", "start", "width", "scale")
    return (*names, *((name, getattr(run, name)) for name in others if name not in (figure.x, figure.y)))


def _varying(runs: Sequence[GridRun], figure: FigureSettings) -> set[str]:
    """The names in the keys of panels that have several values."""
    values: dict[str, set[Any]] = {}
    for run in runs:
        for name, value in _panel(run, figure):
            values.setdefault(name, set()).add(value)
    return {name for name, found in values.items() if len(found) > 1}


def _columns(panels: int) -> int:
    """How many panels stand in a row."""
    return min(panels, 2 if panels <= 4 else 3 if panels <= 6 else 4)


def _draw(drawn: Any, tiles: Sequence[Tile], panels: Sequence[Key], figure: FigureSettings, title: str) -> list[Mark]:
    """Draw all panels into a Matplotlib figure, with one bar of colours; `_table` lists the tiles in place of marks."""
    from matplotlib.cm import ScalarMappable

    drawn.set_layout_engine("constrained")
    columns = _columns(len(panels))
    rows = math.ceil(len(panels) / columns)
    axes = drawn.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    colours, norm = _colours(tiles, figure.show)
    lines = Line.of(figure.x, (tile.x for tile in tiles)), Line.of(figure.y, (tile.y for tile in tiles))
    for place, panel in zip(axes, panels, strict=False):
        _panel_tiles(place, [tile for tile in tiles if tile.panel == panel], lines, lambda value: colours(norm(value)))
        if panel:
            place.set_title(", ".join(_named(name, value) for name, value in panel), fontsize=9, loc="left")
    for number, place in enumerate(axes):
        if number >= len(panels):
            place.set_visible(False)
        if number % columns == 0:
            place.set_ylabel(LABELS[figure.y])
        if number + columns >= len(panels):
            place.set_xlabel(LABELS[figure.x])
            place.tick_params(labelbottom=True)
    bar = drawn.colorbar(ScalarMappable(norm, colours), ax=axes, fraction=0.06, pad=0.02, aspect=28)
    bar.set_label(_bar_label(figure.show, max(sum(tile.ends.values()) for tile in tiles)))
    bar.outline.set_visible(False)
    letters = int(LETTERS_PER_INCH * drawn.get_figwidth())
    drawn.suptitle(_plain("\n".join(textwrap.wrap(title, letters))), x=0.01, ha="left", fontsize=11)
    return []


def _colours(tiles: Sequence[Tile], show: str) -> tuple[Any, Any]:
    """The map of colours and the range of values: orange to blue for a share, cividis for a median."""
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap, LogNorm, Normalize

    if show in ENDS:
        return LinearSegmentedColormap.from_list("share", [COLOURS[-1], "#f5ead6", COLOURS[1]]), Normalize(0.0, 1.0)
    values = [tile.value for tile in tiles if tile.value is not None] or [0.0]
    low, high = min(values), max(values)
    if low > 0 and high >= WIDE_RANGE * low:
        return colormaps["cividis"], LogNorm(low, high)
    return colormaps["cividis"], Normalize(low, high if high > low else low + 1)


def _panel_tiles(axes: Any, tiles: Sequence[Tile], lines: tuple[Line, Line], colour: Callable[[float], Any]) -> None:
    """Draw the tiles of one panel, with a cross where runs could not be followed to their end."""
    from matplotlib.patches import Rectangle

    columns, rows = (line.edges for line in lines)
    for tile in tiles:
        (left, right), (low, high) = columns[tile.x], rows[tile.y]
        fill = _NOTHING if tile.value is None else colour(tile.value)
        axes.add_patch(Rectangle((left, low), right - left, high - low, facecolor=fill, edgecolor=_GRID, lw=0.6))
    crossed = [tile for tile in tiles if tile.unresolved]
    axes.plot([tile.x for tile in crossed], [tile.y for tile in crossed], "x", color="#222222", ms=5, mew=1.1)
    for line, set_scale, set_limits, axis in zip(
        lines, (axes.set_xscale, axes.set_yscale), (axes.set_xlim, axes.set_ylim), (axes.xaxis, axes.yaxis), strict=True
    ):
        set_scale("log" if line.logarithmic else "linear")
        set_limits(min(low for low, _ in line.edges.values()), max(high for _, high in line.edges.values()))
        line.put_ticks(axis)
    axes.spines[["left", "bottom"]].set_visible(False)


@dataclass(frozen=True)
class Line:
    """One axis of all panels: its name, whether it is logarithmic, and where the tile of each value begins and ends."""

    name: str
    logarithmic: bool
    edges: Mapping[float, tuple[float, float]]

    @classmethod
    def of(cls, name: str, found: Iterable[float]) -> Line:
        """Tiles end half-way to their neighbours, on a logarithmic axis in logarithms."""
        values = sorted(set(found))
        logarithmic = values[0] > 0 and values[-1] >= LOGARITHMIC_FROM * values[0]
        places = np.log(values) if logarithmic else np.array(values)
        middles = (places[1:] + places[:-1]) / 2
        first, last = places[0] - 0.5, places[-1] + 0.5
        if len(values) > 1:
            first, last = 2 * places[0] - middles[0], 2 * places[-1] - middles[-1]
        ends = np.array([first, *middles, last])
        ends = np.exp(ends) if logarithmic else ends
        return cls(name, logarithmic, {value: (float(ends[k]), float(ends[k + 1])) for k, value in enumerate(values)})

    def put_ticks(self, axis: Any) -> None:
        """A tick at every value where these are few; scales keep the powers of ten."""
        if (self.name == "scale" and self.logarithmic) or len(self.edges) > MOST_TICKS:
            return
        axis.set_ticks(list(self.edges), [f"{value:g}" for value in self.edges])
        axis.set_ticks([], minor=True)


def _named(name: str, value: Any) -> str:
    return (
        _plain(str(value))
        if name in ("data", "start")
        else f"{name} {value:g}"
        if name == "scale"
        else f"{name} {value}"
    )


def _plain(text: str) -> str:
    return text.encode("ascii", "replace").decode().replace("$", r"\$")


def _bar_label(show: str, runs: int) -> str:
    """What the colours mean; `runs` is the largest number of runs of a tile."""
    if show not in ENDS:
        return f"{show.replace('_', ' ')}, median of {runs} runs" if runs > 1 else show.replace("_", " ")
    where = "at zero loss" if show == "fit" else f"at: {show}"
    return f"share of {runs} runs that end {where}"


def _table(tiles: Sequence[Tile], figure: FigureSettings) -> bytes:
    """The tiles as CSV: the panel, the place, how many runs, the value that is drawn, and how many ended where.

    Of a share, `low` and `high` are the ends of a confidence interval.
    """
    names = [name for name, _ in tiles[0].panel] if tiles else []
    bounds = ["low", "high"] if figure.show in ENDS else []
    rows = (
        [
            *(value for _, value in tile.panel), tile.x, tile.y, sum(tile.ends.values()),
            "" if tile.value is None else tile.value, *(_interval(tile) if bounds else ()),
            *(tile.ends[end] for end in ENDS),
        ]
        for tile in tiles
    )  # fmt: skip
    return csv_table([*names, figure.x, figure.y, "runs", f"shown: {figure.show}", *bounds, *ENDS], rows)


def _interval(tile: Tile) -> tuple[float | str, float | str]:
    """The exact binomial confidence interval (Clopper and Pearson) of a share of the resolved runs."""
    from scipy.stats import binomtest  # slow to load

    resolved = sum(tile.ends.values()) - tile.unresolved
    if tile.value is None:
        return "", ""
    interval = binomtest(round(tile.value * resolved), resolved).proportion_ci(CONFIDENCE, method="exact")
    return float(interval.low), float(interval.high)
