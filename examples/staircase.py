"""Loss and learned function on the way from saddle to saddle, beside `limit_process`: what both toy examples draw."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from drawing import COLOURS, GREY, draw_curve, draw_moments, draw_points, follow, legend, on_line

from early_alignment.numerics import Dataset, Limit, Simulation, make_start
from early_alignment.numerics.line import line_of
from early_alignment.proofs_check.figures import Mark


@dataclass(frozen=True)
class Climb:
    """A run from the scale lambda: `unit` = log(1/lambda), and the networks half way between predicted escapes."""

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


def middles(limit: Limit, end: float) -> np.ndarray:
    """Moments half way from each escape to the next one, and the end."""
    escapes = np.array([saddle.time for saddle in limit.saddles])
    return np.append((escapes[1:] + escapes[:-1]) / 2, end)


def climb(data: Dataset, limit: Limit, width: int, scale: float, end: float) -> Climb:
    """Follow a balanced start of seed 0 up to the clock `end`."""
    start, unit = make_start(width, scale, 0, d=data.d), -float(np.log(scale))
    run, networks = follow(data, start, np.linspace(0.0, end, 1201) * unit, (middles(limit, end) * unit).tolist())
    return Climb(scale, unit, run, networks)


def print_passages(limit: Limit, climbs: list[Climb]) -> None:
    """For each saddle the predicted clock of its escape, and when each run has lost half of what it loses next."""
    levels = [saddle.loss for saddle in limit.saddles] + [limit.loss]
    print("predicted escape  " + "  ".join(f"lambda = {one.scale:.0e}" for one in climbs))
    for saddle, above, below in zip(limit.saddles, levels, levels[1:], strict=False):
        found = (f"{one.passes((above + below) / 2):>14.2f}" for one in climbs)
        print(f"{saddle.time:>16.2f}  " + "  ".join(found))


def draw_losses(axes: Any, marks: list[Mark], limit: Limit, climbs: list[Climb]) -> None:
    """The losses of the runs over their clocks, and the limit: its staircase, and a line at each escape."""
    end = max(float(one.clock[-1]) for one in climbs)
    axes.set(xlabel=r"clock $s = t\,/\,\log(1/\lambda)$", ylabel="mean square loss", xlim=(0, end))
    for one, colour in zip(climbs, COLOURS, strict=False):
        label = rf"$\lambda = 10^{{{np.log10(one.scale):.0f}}}$"
        draw_curve(axes, marks, "loss", one.clock, one.run.losses, color=colour, lw=1.8, zorder=3, label=label)
    draw_limit(axes, marks, limit, end)
    axes.set_ylim(0.0, 1.06 * limit.saddles[0].loss)
    legend(axes, loc="upper right")


def draw_limit(axes: Any, marks: list[Mark], limit: Limit, end: float) -> None:
    """The predicted staircase up to the clock `end`."""
    escapes = [saddle.time for saddle in limit.saddles]
    levels = [saddle.loss for saddle in limit.saddles] + [limit.loss]
    clock = np.concatenate([[0.0], np.repeat(escapes, 2), [end]])
    draw_curve(
        axes, marks, "limit", clock, np.repeat(levels, 2), color="black", lw=1.0, ls=(0, (4, 3)), zorder=4,
        label="predicted limit",
    )  # fmt: skip
    draw_moments(axes, marks, "predicted escape", escapes)


def draw_functions(axes: Any, marks: list[Mark], data: Dataset, limit: Limit, run: Climb) -> None:
    """The functions at the saddles and at the end: the limit's dashed, the run's half way between two escapes solid."""
    line = line_of(data)
    assert line is not None
    predicted = [(saddle.a, saddle.w) for saddle in limit.saddles[1:]] + [(limit.a, limit.w)]
    names = [f"saddle {number}" for number in range(2, len(predicted) + 1)] + ["end"]
    power = rf"$\lambda = 10^{{{np.log10(run.scale):.0f}}}$"
    for name, foreseen, network, colour in zip(names, predicted, run.networks, COLOURS[1:], strict=False):
        draw_curve(
            axes, marks, "function", line, on_line(line, *network), color=colour, lw=2.2, label=f"{name}, {power}"
        )
        draw_curve(
            axes, marks, "function of the limit", line, on_line(line, *foreseen), color="black", lw=1.0, ls=(0, (4, 3)),
            label="predicted limit" if name == "end" else None,
        )  # fmt: skip
    draw_points(axes, marks, data)
    axes.set(xlabel="x", ylabel="network output h(x)", xlim=(line[0], line[-1]))
    legend(axes)


def draw_staircase(
    figure: Any, data: Dataset, limit: Limit, climbs: list[Climb], title: str, note: str, closer: Closer | None = None
) -> list[Mark]:
    """Both, side by side; the functions are those of the smallest scale. `closer`: what is drawn once more, larger."""
    marks: list[Mark] = []
    figure.set_layout_engine("constrained")
    left, right = figure.subplots(1, 2)
    draw_losses(left, marks, limit, climbs)
    if closer is not None:
        inset = left.inset_axes(closer.place, xlim=closer.clock, ylim=closer.loss)
        for line in left.get_lines():
            inset.plot(*line.get_data(), color=line.get_color(), lw=line.get_linewidth(), ls=line.get_linestyle())
        inset.tick_params(labelsize=7)
        left.indicate_inset_zoom(inset, edgecolor=GREY)
    draw_functions(right, marks, data, limit, climbs[-1])
    figure.suptitle(title, x=0.01, ha="left", fontsize=12)
    figure.supxlabel(note, x=0.01, ha="left", fontsize=8.5, color=GREY)
    return marks
