"""Function and weights at published iterations, side by side: what the examples of Figures 2 and 3 draw.

A column is a time. Above stands the learned function, below every neuron as the point w of the plane: its direction,
and the logarithm of its norm as the radius.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from drawing import COLOURS, GREY, draw_data, follow, inputs_around, on_line
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from early_alignment import Dataset, Simulation, Start, least_squares

STEP = 2e-3
"""Our time per published iteration. The published runs take steps of size 1e-3, and their figures agree with our flow
at this time, hence for the gradient of (1/n) sum (h - y)^2, which is twice ours."""
UNTIL = 4000.0
"""Our time after the 2,000,000 published iterations."""
LABELLED = 12
"""Up to so many points the directions of the points and the ends of the cells are drawn."""
DRAWN, LARGEST = 3000, 60
"""Of more neurons than this, every k-th one is drawn, and the largest."""
NOTE = (
    r"Below: direction of w, and radius $\log_{10}\|w\|$ with a ring for each decade. The inner circle stands for "
    r"$\lambda/\sqrt{m}$ and less."
)
SIGNS = ((1, COLOURS[0], "a > 0", 1.7), (-1, COLOURS[1], "a < 0", 2.6))
"""Sign of a, colour, label and size in points. The smaller marks lie on top, so that both kinds are seen."""
SLIDING = 1e-11
"""Cosine: neurons this near to a hyperplane slide on it; on which side they are counted would be rounding."""


@dataclass(frozen=True)
class Reference:
    """A function (g,) on the inputs `line` (g,) to draw beside the learned one."""

    line: np.ndarray
    values: np.ndarray
    label: str


@dataclass(frozen=True)
class Dynamics:
    """A run with its networks (a, w) at the time 0 and at the published iterations given."""

    data: Dataset
    scale: float
    iterations: tuple[int, ...]
    run: Simulation
    networks: list[tuple[np.ndarray, np.ndarray]]

    @property
    def moments(self) -> list[float]:
        """The times at which the networks were kept."""
        return [STEP * iteration for iteration in self.iterations]

    def loss(self, moment: float) -> float:
        """The loss at a recorded time."""
        return float(self.run.losses[np.searchsorted(self.run.times, moment)])


def follow_iterations(data: Dataset, start: Start, scale: float, iterations: tuple[int, ...]) -> Dynamics:
    """The flow up to the published end, with what changes a pattern in its history."""
    moments = [STEP * iteration for iteration in iterations]
    run, networks = follow(data, start, np.array([UNTIL]), moments, history=True)
    return Dynamics(data, scale, iterations, run, networks)


def grown_patterns(dynamics: Dynamics, index: int) -> list[tuple[int, float, np.ndarray]]:
    """The patterns whose neurons have grown: points active, norm of sum a w, pattern (n,); the largest norm first.

    A pattern has grown when this norm exceeds lambda; at the start all neurons together have at most about lambda^2.
    """
    a, w = dynamics.networks[index]
    sizes = np.outer(np.linalg.norm(w, axis=1), np.linalg.norm(dynamics.data.X, axis=1))
    patterns, members = np.unique(w @ dynamics.data.X.T > SLIDING * sizes, axis=0, return_inverse=True)
    sums = np.zeros((len(patterns), w.shape[1]))
    np.add.at(sums, members.ravel(), a[:, None] * w)
    norms = np.linalg.norm(sums, axis=1)
    grown = [place for place in np.argsort(-norms) if patterns[place].any() and norms[place] > dynamics.scale]
    return [(int(patterns[place].sum()), float(norms[place]), patterns[place]) for place in grown]


def print_dynamics(dynamics: Dynamics, published: Sequence[str]) -> None:
    """Time, patterns that have grown and loss at the iterations, beside the loss of the published figure."""
    print("iteration        t  patterns      loss  in the published figure")
    for index, (iteration, moment, read) in enumerate(
        zip(dynamics.iterations, dynamics.moments, published, strict=True)
    ):
        count = len(grown_patterns(dynamics, index))
        print(f"{iteration:>9}  {moment:>7.2f}  {count:>8}  {dynamics.loss(moment):>8.4g}  {read:>23}")
    print("at the end, with a pattern each:")
    for active, norm, _ in grown_patterns(dynamics, len(dynamics.iterations) - 1):
        print(f"  active on {active:>2} of {dynamics.data.n} points, norm of sum a w {norm:.3f}")


def draw_dynamics(
    dynamics: Dynamics, references: Sequence[Reference], heights: tuple[float, float], title: str
) -> Figure:
    """The functions above and the weights below, a column for each time."""
    count = len(dynamics.iterations)
    figure = Figure(figsize=(2.9 * count + 0.4, 6.0), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=(1.0, 1.12))
    functions = upper.subplots(1, count, sharey=True)
    weights = lower.subplots(1, count, subplot_kw={"projection": "polar"})
    norms = [np.linalg.norm(w, axis=1) for _, w in dynamics.networks]
    inner = float(np.log10(dynamics.scale / np.sqrt(len(norms[0]))))
    outer = float(np.log10(max(norm.max() for norm in norms)))
    for index, moment in enumerate(dynamics.moments):
        _draw_function(functions[index], dynamics, index, moment, references)
        _draw_weights(weights[index], dynamics, index, (inner, outer))
    functions[0].set(ylabel="network output h(x)", ylim=heights)
    lower.legend(handles=_legend_of_weights(dynamics), loc="outside lower center", ncols=5, frameon=False)
    handles, labels = functions[0].get_legend_handles_labels()
    upper.legend(handles, labels, loc="outside upper right", ncols=4, frameon=False)
    figure.suptitle(title, x=0.01, ha="left", fontsize=12)
    figure.supxlabel(NOTE, x=0.01, ha="left", fontsize=8.5, color=GREY)
    return figure


def _draw_function(axes: Any, dynamics: Dynamics, index: int, moment: float, references: Sequence[Reference]) -> None:
    line, grid = inputs_around(dynamics.data), {"color": "#e4e4e4", "lw": 0.6}
    axes.grid(**grid)
    axes.set_axisbelow(True)
    for reference, style in zip(references, ((0, (4, 3)), (0, (1, 1.5))), strict=False):
        style = {"color": "black", "lw": 1.0, "ls": style, "zorder": 4, "label": reference.label}
        axes.plot(reference.line, reference.values, gid=reference.label, **style)
    label = "network" if index == 0 else f"_t = {moment:g}"
    values = on_line(line, *dynamics.networks[index])
    axes.plot(line, values, gid=f"function at t = {moment:g}", color=COLOURS[2], lw=2.4, zorder=3, label=label)
    draw_data(axes, dynamics.data)
    axes.set(xlabel="x", xlim=(line[0], line[-1]))
    title = f"t = {moment:.4g}  (iteration {dynamics.iterations[index]:,})"
    axes.set_title(f"{title}\nloss {dynamics.loss(moment):.4g}", fontsize=9)


def _draw_weights(axes: Any, dynamics: Dynamics, index: int, radii: tuple[float, float]) -> None:
    """Every neuron at its direction, at log10 of its norm; what is smaller than `radii` lies on the inner circle."""
    a, w = dynamics.networks[index]
    angles, norms = np.arctan2(w[:, 1], w[:, 0]), np.linalg.norm(w, axis=1)
    inner, outer = radii
    heights = np.maximum(np.log10(np.maximum(norms, 10.0**inner)), inner)
    chosen = np.zeros(len(a), dtype=bool)
    chosen[:: max(1, len(a) // DRAWN)] = True
    chosen[np.argsort(norms)[-LARGEST:]] = True
    for sign, colour, label, size in SIGNS:
        of = chosen & (np.sign(a) == sign)
        style = {"ls": "", "marker": "o", "ms": size, "mew": 0, "color": colour, "zorder": 4 - size / 10}
        gid = f"weights, {label}, at t = {dynamics.moments[index]:g}"
        axes.plot(angles[of], heights[of], gid=gid, rasterized=True, **style)
    _draw_directions(axes, dynamics.data, inner, outer)
    axes.set_rorigin(inner - 0.45 * (outer - inner))
    axes.set_rlim(inner, outer + 0.12 * (outer - inner))
    axes.set_rticks(np.arange(np.ceil(inner), outer + 0.01), [])
    axes.set_thetagrids(range(0, 360, 90), [])
    axes.grid(color="#e4e4e4", lw=0.6)
    axes.spines["polar"].set_color("#bbbbbb")
    axes.spines["inner"].set_color(GREY)


def _draw_directions(axes: Any, data: Dataset, inner: float, outer: float) -> None:
    """The direction of b, and for few points those of the points and the ends of the cells."""
    b, ends = data.X.T @ data.y, (inner, outer + 0.12 * (outer - inner))
    axes.plot(2 * [np.arctan2(b[1], b[0])], ends, color="black", lw=1.0, ls=(0, (4, 3)), zorder=2, gid="direction of b")
    if data.n > LABELLED:
        return
    for angle in np.arctan2(data.X[:, 1], data.X[:, 0]):
        axes.plot([angle], [ends[1]], "x", color="black", ms=5, clip_on=False, zorder=5, gid="direction of a point")
        for side in (angle - np.pi / 2, angle + np.pi / 2):
            axes.plot([side, side], ends, color=GREY, lw=0.8, ls=":", zorder=1, gid="end of a cell")


def _legend_of_weights(dynamics: Dynamics) -> list[Line2D]:
    handles = [Line2D([], [], ls="", marker="o", ms=4, color=colour, label=label) for _, colour, label, _ in SIGNS]
    handles.append(Line2D([], [], color="black", lw=1.0, ls=(0, (4, 3)), label=r"$b = \frac{1}{n}\,\Sigma\,y_k x_k$"))
    if dynamics.data.n <= LABELLED:
        handles.append(Line2D([], [], ls="", marker="x", color="black", label="data point"))
        handles.append(Line2D([], [], color=GREY, lw=0.8, ls=":", label="end of a cell"))
    return handles


def least_squares_line(data: Dataset) -> Reference:
    """The least-squares fit."""
    line = inputs_around(data)
    slope, height = (float(value) for value in least_squares(data).coefficients)
    return Reference(line, slope * line + height, "least squares (OLS)")
