"""Three points (theory.md 5, 7): Figures 1 and 2 of the two-edged sword paper, from our own runs.

    python examples/three_points.py [--out FOLDER] [--small]

Figure 1 shows three points that satisfy Assumption 3 of the paper with eta = 1/6; drawn here with the boxes of that
assumption and with where a small network ends, which is least squares (OLS). Figure 2 is the run on other three points:
200,000 balanced neurons from lambda = 1e-3, as published, at the published iterations. All neurons with a > 0 that are
active on some point become active on all of them and turn to b; then they grow as one neuron, and end at OLS. --small
takes 2,000 neurons.
"""

from typing import Any

import numpy as np
from drawing import COLOURS, GREY, chosen_options, draw_data, legend, on_line, save
from dynamics import (
    Dynamics,
    draw_dynamics,
    follow_iterations,
    inputs_around,
    least_squares_line,
    print_dynamics,
)
from matplotlib.figure import Figure

from early_alignment import Dataset, least_squares, make_start, predict

SCALE, ITERATIONS = 1e-3, (0, 3031, 6504, 1_999_999)
PUBLISHED = ("0.31", "0.3086", "0.08882", "0.08752")
"""Losses of the functions in Figure 2, read off the published figure."""
ETA = 1 / 6
BOXES = ((-1.0, -1 + ETA, 1.0, 1 + ETA), (-ETA, ETA, 0.0, ETA), (1 - ETA, 1.0, 1.0, 1 + ETA))
"""Left, right, low, high of x_1, x_2, x_3 with their labels in Assumption 3, where the second coordinate is 1."""


def draw_assumption(data: Dataset, dynamics: Dynamics) -> Figure:
    """Figure 1: the points in the boxes of Assumption 3, OLS, and where a network ends."""
    figure = Figure(figsize=(6.4, 3.4), layout="constrained")
    axes: Any = figure.subplots()
    for left, right, low, high in BOXES:
        corners = np.array([(left, low), (right, low), (right, high), (left, high), (left, low)])
        label = r"Assumption 3, $\eta = \frac{1}{6}$" if left == -1.0 else None
        axes.fill(*corners.T, color="#eeeeee", zorder=0)
        axes.plot(*corners.T, gid="Assumption 3", color=GREY, lw=0.9, label=label, zorder=1)
    line, reference = inputs_around(data), least_squares_line(data)
    values = on_line(line, *dynamics.networks[-1])
    axes.plot(line, values, gid="function", color=COLOURS[2], lw=2.4, zorder=3, label="network at the end")
    axes.plot(reference.line, reference.values, gid="OLS", color="black", lw=1.0, ls=(0, (4, 3)), zorder=4,
              label=reference.label)  # fmt: skip
    draw_data(axes, data)
    axes.set(xlabel="x", ylabel="label y, network output h(x)", xlim=(-1.1, 1.1), ylim=(-0.05, 1.25))
    axes.set_title("Three points that satisfy Assumption 3", loc="left")
    legend(axes, loc="center left", bbox_to_anchor=(0.02, 0.32))
    return figure


def print_alignment(dynamics: Dynamics) -> None:
    """When the neurons with a > 0 become active on all points, and how near they are to b after the early phase."""
    data, run = dynamics.data, dynamics.run
    groups = {group.pattern: group for group in run.groups}
    live, dead = groups[(1,) * data.n], groups[(-1,) * data.n]
    moments = [event.time for event in run.history or () if run.a[event.neuron] > 0]
    (extremal,) = predict(data).extremal.vectors
    a, w = dynamics.networks[1]
    active = (a > 0) & ((w @ data.X.T) > 0).all(axis=1)
    cosines = w[active] @ extremal.vector / np.linalg.norm(w[active], axis=1) / extremal.norm
    angle = float(np.arccos(np.clip(cosines, -1.0, 1.0)).max())
    others = len(run.a) - live.size - dead.size
    print(f"at the end {live.size} neurons are active on all points, {dead.size} on none, {others} on some")
    print(f"the last one with a > 0 to become active on all points does so at t = {max(moments):.3f}")
    print(f"at t = {dynamics.moments[1]:.2f} they are within {angle:.2f} radians of the extremal vector")


def main() -> None:
    """Follow both, say what happens when, draw."""
    chosen = chosen_options(__doc__, "three_points")
    width = 2_000 if chosen.small else 200_000
    first = Dataset.published("three-points-figure-1")
    ends = follow_iterations(first, make_start(width, SCALE, 0, d=first.d), SCALE, ITERATIONS)
    print(
        f"Figure 1: loss {ends.loss(ends.moments[-1]):.6f} at the end, of least squares {least_squares(first).loss:.6f}"
    )
    save(draw_assumption(first, ends), chosen.out, "three_points_figure_1")
    data = Dataset.published("three-points")
    dynamics = follow_iterations(data, make_start(width, SCALE, 0, d=data.d), SCALE, ITERATIONS)
    print(f"Figure 2: {width} balanced neurons, lambda = {SCALE:.0e}")
    print_dynamics(dynamics, PUBLISHED)
    print_alignment(dynamics)
    title = rf"Three points: {width:,} balanced neurons from $\lambda = 10^{{-3}}$"
    save(draw_dynamics(dynamics, [least_squares_line(data)], (-0.2, 1.3), title), chosen.out, "three_points")


if __name__ == "__main__":
    main()
