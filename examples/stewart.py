"""The Stewart data (theory.md 7): Figure 3 of the two-edged sword paper, and what balanced and smaller starts do.

    python examples/stewart.py [--out FOLDER] [--small]

Figure 3: the 40 points of the published run, read off its figure, and unbalanced neurons from lambda = 1e-3, at the
published iterations; 20,000 neurons (some minutes) where the published run has 200,000, and with --small 2,000. It ends
as published, with five patterns of live neurons.

Then another draw of 40 points, with the limit lambda -> 0 beside it: 20,000 balanced neurons (seed 0) from lambda =
1e-3 up to t = 4000. The function rests at least squares (OLS), then bends and nears the points. From lambda = 1e-20 the
same neurons are still at least squares at t = 4000, where the limit ends: every neuron that lives is active on all
points, and no other grows. Which scale is small enough depends on the width: from 1e-16 200 neurons stay, but 4 of the
20,000 escape at about t = 3000. Draws the functions at chosen times with the data and OLS, and both losses; --small
takes 200 neurons.
"""

from pathlib import Path
from typing import Any

import numpy as np
from drawing import COLOURS, GREY, LOSS, chosen_options, draw_data, follow, inputs_around, legend, on_line, save
from dynamics import Reference, draw_dynamics, follow_iterations, least_squares_line, print_dynamics
from matplotlib import colormaps
from matplotlib.figure import Figure

from early_alignment import Dataset, Simulation, least_squares, limit_process, make_start

UNTIL = 4000.0
KEPT = [10.0, 13.0, 100.0, 500.0, 1500.0, 2100.0, UNTIL]
TIMES = np.geomspace(1.0, UNTIL, 240)
SCALES = (1e-3, 1e-20)
ITERATIONS = (0, 6504, 243_460, 694_629, 1_999_999)
PUBLISHED = ("0.1819", "0.1158", "0.04377", "0.01037", "0.00100")
"""Losses of the functions in Figure 3, read off the published figure."""
KNOTS = np.array([-1.0, -0.7, -0.55, -0.4, 0.0, 0.5, 0.6, 0.7, 1.0])
VALUES = np.array([0.0, 0.7, 0.5, 1.0, 0.0, 1.0, 0.6, 0.7, 0.0])
"""The broken line on which the labels lie."""
Functions = list[np.ndarray]


def draw_functions(axes: Any, data: Dataset, line: np.ndarray, functions: Functions) -> None:
    """The functions at the times KEPT, the data and OLS."""
    for place, (time, values) in enumerate(zip(KEPT, functions, strict=True)):
        colour = colormaps["viridis_r"](0.1 + 0.85 * place / (len(KEPT) - 1))
        # Later curves lie wider below the earlier ones, so that both are seen where they coincide.
        style = {"color": colour, "lw": 1.4 + 0.5 * place, "zorder": 3 - place / len(KEPT), "label": f"t = {time:g}"}
        axes.plot(line, values, gid="function", **style)
    slope, height = (float(value) for value in least_squares(data).coefficients)
    style = {"color": "#E69F00", "lw": 1.8, "ls": "--", "zorder": 4, "label": "least squares (OLS)"}
    axes.plot(line, slope * line + height, gid="OLS", **style)
    draw_data(axes, data)
    axes.set(xlabel="x", ylabel="network output h(x)", xlim=(line[0], line[-1]), ylim=(-0.15, 1.55))
    axes.legend(frameon=False, loc="upper center", ncols=3, fontsize=8)


def draw_losses(axes: Any, data: Dataset, runs: list[Simulation]) -> None:
    """Both losses over log time, and that of OLS."""
    for run, scale, colour in zip(runs, SCALES, COLOURS[:2], strict=True):
        seen = run.times > 0
        label = rf"$\lambda = 10^{{{np.log10(scale):.0f}}}$"
        axes.plot(run.times[seen], run.losses[seen], gid="loss", color=colour, lw=1.8, zorder=3, label=label)
    level = least_squares(data).loss
    axes.axhline(level, gid="OLS loss", color=GREY, lw=0.9, ls="--", zorder=4)
    words = {"textcoords": "offset points", "color": GREY, "fontsize": 8.5}
    axes.annotate(f"least squares {level:.4g}", (1.1, level), (0, -11), **words)
    axes.set(xscale="log", yscale="log", xlabel="time t", ylabel=LOSS, xlim=(1.0, UNTIL))
    legend(axes, loc="lower left")


def draw(data: Dataset, line: np.ndarray, functions: Functions, runs: list[Simulation], width: int) -> Figure:
    """Both, side by side."""
    figure = Figure(figsize=(10.5, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.2, 1.0))
    draw_functions(left, data, line, functions)
    draw_losses(right, data, runs)
    figure.suptitle(
        rf"Stewart: {width:,} neurons, functions from $\lambda = 10^{{-3}}$", x=0.01, ha="left", fontsize=12
    )
    return figure


def published_run(out: Path, width: int) -> None:
    """Figure 3: unbalanced neurons on the points of the published run."""
    data, scale = Dataset.published("stewart-figure-3"), SCALES[0]
    dynamics = follow_iterations(data, make_start(width, scale, 0, "unbalanced", data.d), scale, ITERATIONS)
    print(f"Figure 3: {width} unbalanced neurons, lambda = {scale:.0e}")
    print_dynamics(dynamics, PUBLISHED)
    references = [
        least_squares_line(data),
        Reference(KNOTS, VALUES, "broken line of the labels"),
    ]
    title = rf"Stewart: {width:,} unbalanced neurons from $\lambda = 10^{{-3}}$"
    save(draw_dynamics(dynamics, references, (-0.15, 1.15), title), out, "stewart_figure_3")


def balanced_runs(out: Path, width: int) -> None:
    """Follow both scales, say where they end, draw."""
    data = Dataset.published("stewart")
    line = inputs_around(data)
    found = [follow(data, make_start(width, scale, 0, d=data.d), TIMES, KEPT) for scale in SCALES]
    functions = [on_line(line, *network) for network in found[0][1]]
    runs = [run for run, _ in found]
    print(f"loss of least squares {least_squares(data).loss:.6f}, of the limit {limit_process(data).loss:.6f}")
    for scale, run in zip(SCALES, runs, strict=True):
        print(f"{width} neurons, lambda = {scale:.0e}: loss {run.losses[-1]:.6f} at t = {run.time:g}")
    save(draw(data, line, functions, runs, width), out, "stewart")


def main() -> None:
    """The published run, then the balanced ones."""
    chosen = chosen_options(__doc__, "stewart")
    published_run(chosen.out, 2_000 if chosen.small else 20_000)
    balanced_runs(chosen.out, 200 if chosen.small else 20_000)


if __name__ == "__main__":
    main()
