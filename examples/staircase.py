"""Loss and learned function on the way from saddle to saddle, beside `limit_process`: what both toy examples draw."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from drawing import COLOURS, GREY, LOSS, draw_data, draw_moments, follow, inputs_around, legend, on_line
from matplotlib.figure import Figure

from early_alignment import Dataset, Limit, Simulation, make_start

SIZE = (10.5, 4.6)
"""Of the picture, in inches."""
DRAWN = (4.4, 3.2, 2.0)
"""Widths, in points, of the functions of a run. A curve is called that of a predicted state when it is within half of
the least width, at the scale of an axis as high as the whole picture: the predicted curve then lies on it."""
PREDICTED = {"color": "black", "lw": 1.0, "ls": (0, (4, 3))}
"""The style of predicted curves: thin and dashed."""


@dataclass(frozen=True)
class Climb:
    """A run from the scale lambda: `unit` = log(1/lambda), and the networks (a, w) at its times, or none."""

    scale: float
    unit: float
    run: Simulation
    networks: list[tuple[np.ndarray, np.ndarray]]

    @property
    def clock(self) -> np.ndarray:
        """The times of the run on the clock of the limit, t / log(1/lambda)."""
        return self.run.times / self.unit

    def passes(self, loss: float) -> float:
        """The clock at which the loss falls to a level; infinite if it does not."""
        below = self.run.losses <= loss
        return float(self.clock[np.argmax(below)]) if below.any() else float("inf")


@dataclass(frozen=True)
class Closer:
    """A part of the losses, drawn larger at a place (left, bottom, width, height) of the axes."""

    place: tuple[float, float, float, float]
    clock: tuple[float, float]
    loss: tuple[float, float]


@dataclass(frozen=True)
class Visit:
    """A run where it comes nearest to a state of the limit, a saddle or the end, as functions (g,) on the line.

    `distance` is the largest one between the `values` of the run and those `predicted`. `reached` says whether the
    curves cannot be told apart in the picture; a curve is named after a state only then.
    """

    state: str
    clock: float
    values: np.ndarray
    predicted: np.ndarray
    distance: float
    reached: bool

    def name(self, scale: float) -> str:
        """What the curve of the run is called: the state if it is there, otherwise its time and how far it is."""
        moment = rf"$\lambda = 10^{{{np.log10(scale):.0f}}}$, s = {self.clock:.2f}"
        return f"{self.state}, {moment}" if self.reached else f"{moment}, {self.distance:.2g} from {self.state}"


def climb(data: Dataset, limit: Limit, width: int, scale: float, end: float) -> Climb:
    """Follow a balanced start of seed 0 up to the clock `end`."""
    start, unit = make_start(width, scale, 0, d=data.d), -float(np.log(scale))
    times = np.linspace(0.0, end, 1201) * unit
    run, networks = follow(data, start, times, times.tolist())
    return Climb(scale, unit, run, networks)


def visits(data: Dataset, limit: Limit, run: Climb) -> list[Visit]:
    """Where a run comes nearest to each saddle after the first, and its end beside that of the limit.

    The transit from one saddle to the next takes a time that does not shrink with log(1/lambda): half way between two
    predicted escapes a run may not have arrived yet, and it may leave for the next saddle before it does.
    """
    line = inputs_around(data)
    functions = np.array([on_line(line, *network) for network in run.networks])
    states = [(f"saddle {k}", saddle.a, saddle.w) for k, saddle in enumerate(limit.saddles[1:], 2)]
    foreseen = [(name, on_line(line, a, w)) for name, a, w in [*states, ("end", limit.a, limit.w)]]
    low, high = heights(data, [values for _, values in foreseen])
    allowed = DRAWN[-1] / 2 / (72 * SIZE[1]) * (high - low)
    found = []
    for name, predicted in foreseen:
        distances = np.abs(functions - predicted).max(axis=1)
        place = len(distances) - 1 if name == "end" else int(np.argmin(distances))
        away = float(distances[place])
        found.append(Visit(name, float(run.clock[place]), functions[place], predicted, away, away <= allowed))
    return found


def heights(data: Dataset, functions: list[np.ndarray]) -> tuple[float, float]:
    """The limits of an axis that shows the data and the functions."""
    low, high = (float(edge(np.append(data.y, functions))) for edge in (np.min, np.max))
    return low - 0.06 * (high - low), high + 0.06 * (high - low)


def print_visits(run: Climb, found: list[Visit]) -> None:
    """Which states of the limit a run reaches, and how near it comes to the others."""
    reached = [visit.state for visit in found if visit.reached]
    print(f"lambda = {run.scale:.0e} is drawn at {', '.join(reached) or 'no state of the limit'}")
    for visit in found:
        if not visit.reached:
            print(f"it is no nearer to {visit.state} than {visit.distance:.2g}, at s = {visit.clock:.2f}")


def print_passages(limit: Limit, climbs: list[Climb]) -> None:
    """For each saddle the predicted clock of its escape, and when each run has lost half of what it loses next."""
    levels = [saddle.loss for saddle in limit.saddles] + [limit.loss]
    print("predicted escape  " + "  ".join(f"lambda = {one.scale:.0e}" for one in climbs))
    for saddle, above, below in zip(limit.saddles, levels, levels[1:], strict=False):
        found = (f"{one.passes((above + below) / 2):>14.2f}" for one in climbs)
        print(f"{saddle.time:>16.2f}  " + "  ".join(found))


def draw_losses(axes: Any, limit: Limit, climbs: list[Climb]) -> None:
    """The losses of the runs over their clocks, and the limit: its staircase, and a line at each escape."""
    end = max(float(one.clock[-1]) for one in climbs)
    axes.set(xlabel=r"clock $s = t\,/\,\log(1/\lambda)$", ylabel=LOSS, xlim=(0, end))
    for one, colour in zip(climbs, COLOURS, strict=False):
        label = rf"$\lambda = 10^{{{np.log10(one.scale):.0f}}}$"
        axes.plot(one.clock, one.run.losses, gid="loss", color=colour, lw=1.8, zorder=3, label=label)
    draw_limit(axes, limit, end)
    axes.set_ylim(0.0, 1.06 * limit.saddles[0].loss)
    legend(axes, loc="upper right")


def draw_limit(axes: Any, limit: Limit, end: float) -> None:
    """The predicted staircase up to the clock `end`."""
    escapes = [saddle.time for saddle in limit.saddles]
    levels = [saddle.loss for saddle in limit.saddles] + [limit.loss]
    clock = np.concatenate([[0.0], np.repeat(escapes, 2), [end]])
    axes.plot(clock, np.repeat(levels, 2), gid="limit", zorder=4, label="predicted limit", **PREDICTED)
    draw_moments(axes, "predicted escape", escapes)


def draw_functions(axes: Any, data: Dataset, run: Climb, found: list[Visit]) -> None:
    """The functions of a run where it visits the states of the limit, and on top of them, dashed, the predicted ones.

    Later curves are narrower, so that the earlier ones are seen beside them where they coincide.
    """
    line = inputs_around(data)
    for visit, colour, width in zip(found, COLOURS[1:], DRAWN[-len(found) :], strict=False):
        label = visit.name(run.scale)
        axes.plot(line, visit.values, gid="function", color=colour, lw=width, zorder=3, label=label)
    for visit in found:
        label = "predicted limit" if visit is found[-1] else None
        axes.plot(line, visit.predicted, gid="function of the limit", zorder=4, label=label, **PREDICTED)
    draw_data(axes, data)
    predicted = [visit.predicted for visit in found]
    axes.set(xlabel="x", ylabel="network output h(x)", xlim=(line[0], line[-1]), ylim=heights(data, predicted))
    legend(axes)


def draw_staircase(
    data: Dataset, limit: Limit, climbs: list[Climb], title: str, note: str, closer: Closer | None = None
) -> Figure:
    """Both, side by side; the functions are those of the smallest scale. `closer`: what is drawn once more, larger."""
    figure = Figure(figsize=SIZE, layout="constrained")
    left, right = figure.subplots(1, 2)
    draw_losses(left, limit, climbs)
    if closer is not None:
        inset = left.inset_axes(closer.place, xlim=closer.clock, ylim=closer.loss)
        for line in left.get_lines():
            inset.plot(*line.get_data(), color=line.get_color(), lw=line.get_linewidth(), ls=line.get_linestyle())
        inset.tick_params(labelsize=7)
        left.indicate_inset_zoom(inset, edgecolor=GREY)
    draw_functions(right, data, climbs[-1], visits(data, limit, climbs[-1]))
    figure.suptitle(title, x=0.01, ha="left", fontsize=12)
    figure.supxlabel(note, x=0.01, ha="left", fontsize=8.5, color=GREY)
    return figure
