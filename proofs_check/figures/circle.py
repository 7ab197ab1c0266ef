"""The picture for d = 2: the circle of directions, its cells, the extremal vectors, and every neuron's way to its fate.

Directions are those of w, so the cells are the same for both signs of a: a vector D seen by a < 0 stands at -D/||D||.
The radius is time, log(1 + D_max t): neurons start on the inner ring and move outwards, and where a path turns its
neuron turns.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...numerics.geometry.patterns import activation_pattern
from ...numerics.predict.prediction import Prediction
from .prediction import COLOURS, MARKERS, PATHS_DRAWN, Mark, fate_words, horizon, title_of

_INNER = 0.22
_LABELLED_POINTS = 12
_LABELLED_CELLS = 14
_LONGEST_PATTERN = 500  # 2n cells of n signs each: beyond this the CSV would be all patterns
_CLOSE = 0.1
"""Directions less than this many radians apart would have overlapping names."""
_SAMPLES = 240
_BEHIND = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8}


def draw_circle(figure: Any, prediction: Prediction) -> list[Mark]:
    """Draw the prediction for a data set with d = 2 into a Matplotlib figure and return all marks."""
    axes = figure.add_axes((0.02, 0.14, 0.96, 0.80))
    axes.set_aspect("equal")
    axes.set_axis_off()
    reach = 1.38 if _has_labels(prediction) else 1.12
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-reach, reach)
    marks: list[Mark] = []
    last = horizon(prediction)
    inner = _INNER if prediction.start is not None else 0.0
    _cells(axes, prediction, inner, marks)
    _rings(axes, prediction, inner, last)
    _normals(axes, prediction, marks)
    if prediction.start is not None:
        _paths(axes, prediction, last, marks)
    _vectors(axes, prediction, marks)
    _words(figure, prediction, last)
    return marks


def _point(angle: float, radius: float) -> tuple[float, float]:
    return radius * float(np.cos(angle)), radius * float(np.sin(angle))


def _has_labels(prediction: Prediction) -> bool:
    """Whether points and cells are few enough to be labelled."""
    return prediction.data.n <= _LABELLED_POINTS and len(_boundaries(prediction)) <= _LABELLED_CELLS


def _radius(times: NDArray[np.float64], rate: float, last: float) -> NDArray[np.float64]:
    """The radius at which times are drawn: from the inner ring at 0 to 1 at the last time, by log(1 + rate t)."""
    radius: NDArray[np.float64] = _INNER + (1 - _INNER) * np.log1p(rate * times) / np.log1p(rate * last)
    return radius


def _boundaries(prediction: Prediction) -> NDArray[np.float64]:
    """The angles at which some preactivation changes sign, increasing in [0, 2 pi); parallel points once."""
    angles = np.arctan2(prediction.data.X[:, 1], prediction.data.X[:, 0])
    both = np.sort(np.mod(np.concatenate([angles + np.pi / 2, angles - np.pi / 2]), 2 * np.pi))
    apart = np.diff(both, append=both[0] + 2 * np.pi) > 1e-9
    return both[apart]


def _cells(axes: Any, prediction: Prediction, inner: float, marks: list[Mark]) -> None:
    from matplotlib.patches import Wedge

    angles = _boundaries(prediction)
    following = np.roll(angles, -1)
    following[-1] += 2 * np.pi
    for index, (low, high) in enumerate(zip(angles, following, strict=True)):
        shade = "#f1f1f1" if index % 2 else "#fafafa"
        wedge = Wedge((0, 0), 1.0, np.degrees(low), np.degrees(high), width=1.0 - inner, color=shade, lw=0, zorder=0)
        axes.add_patch(wedge)
        start, end = _point(low, inner), _point(low, 1.0)
        axes.plot([start[0], end[0]], [start[1], end[1]], color="#c4c4c4", lw=0.7, zorder=1)
        middle = (low + high) / 2
        direction = np.array([_point(middle, 1.0)])
        signs = activation_pattern(direction, prediction.data.X)[0]
        pattern = "".join("-0+"[sign + 1] for sign in signs) if len(signs) <= _LONGEST_PATTERN else ""
        marks.append(Mark("cell boundary", index, 0, "", None, *end))
        place = _point(middle, 1.29)
        marks.append(Mark("cell", index, 0, pattern, None, *_point(middle, 1.0)))
        if _has_labels(prediction):
            axes.text(
                *place, pattern.replace("-", "\N{MINUS SIGN}"), color="#666666", family="monospace", fontsize=9,
                ha="center", va="center",
            )  # fmt: skip


def _rings(axes: Any, prediction: Prediction, inner: float, last: float) -> None:
    from matplotlib.patches import Circle

    axes.add_patch(Circle((0, 0), 1.0, fill=False, color="#333333", lw=1.1, zorder=2))
    if not inner:
        return
    axes.add_patch(Circle((0, 0), inner, fill=False, color="#333333", lw=0.8, zorder=2))
    axes.text(0, 0, "t = 0\non this\nring", ha="center", va="center", color="#555555", fontsize=6.5)
    if prediction.tau is not None and 0 < prediction.tau < last:
        radius = float(_radius(np.array(prediction.tau), prediction.extremal.d_max, last))
        axes.add_patch(Circle((0, 0), radius, fill=False, color="#333333", lw=0.8, ls=(0, (4, 3)), zorder=2))


def _normals(axes: Any, prediction: Prediction, marks: list[Mark]) -> None:
    for index, (x, label) in enumerate(zip(prediction.data.X, prediction.data.y, strict=True)):
        angle = float(np.arctan2(x[1], x[0]))
        sign = int(np.sign(label))
        low, high = _point(angle, 1.0), _point(angle, 1.075)
        axes.plot([low[0], high[0]], [low[1], high[1]], color=COLOURS[sign], lw=1.6, zorder=3, solid_capstyle="butt")
        marks.append(Mark("data normal", index, sign, f"x_{index + 1}", None, *high))
    if _has_labels(prediction):
        _point_names(axes, prediction)


def _point_names(axes: Any, prediction: Prediction) -> None:
    """Names beside the data normals; points of one direction share a name's place, close directions take turns."""
    data = prediction.data
    angles = np.arctan2(data.X[:, 1], data.X[:, 0])
    groups: list[list[int]] = []
    for index in np.argsort(angles, kind="stable"):
        if groups and angles[index] - angles[groups[-1][-1]] < 1e-9:
            groups[-1].append(int(index))
        else:
            groups.append([int(index)])
    outward = False
    for group, previous in zip(groups, [None, *groups], strict=False):
        close = previous is not None and angles[group[0]] - angles[previous[0]] < _CLOSE
        outward = close and not outward
        signs = {int(np.sign(data.y[index])) for index in group}
        names = f"$x_{{{','.join(str(index + 1) for index in group)}}}$"
        colour = COLOURS[signs.pop() if len(signs) == 1 else 0]
        x, y = _point(float(angles[group[0]]), 1.18 if outward else 1.1)
        side = "left" if x > 0.3 else "right" if x < -0.3 else "center"  # a long name grows away from the circle
        axes.text(x, 1.03 * y, names, ha=side, va="center", color=colour, zorder=9)


def _paths(axes: Any, prediction: Prediction, last: float, marks: list[Mark]) -> None:
    alignment, fates = prediction.alignment, prediction.fates
    if alignment is None or fates is None:
        return
    words, rate = fate_words(fates), prediction.extremal.d_max or 1.0
    grid = np.expm1(np.linspace(0.0, np.log1p(rate * last), _SAMPLES)) / rate
    drawn = min(fates.width, PATHS_DRAWN)
    faint = float(np.clip(12.0 / drawn, 0.25, 0.9))
    for neuron in range(drawn):
        end = float(alignment.last_event_time[neuron]) if words[neuron] in ("dead", "undecided") else np.inf
        times = np.sort(np.append(grid, end)) if end < grid[-1] else grid  # a path that stops is drawn to its very end
        path = alignment.path(neuron, times)
        x, y = (_radius(times, rate, last)[:, None] * path.direction).T
        moving, resting = times <= end, times >= end
        sign = int(path.sign[0])
        axes.plot(x[moving], y[moving], color=COLOURS[sign], lw=1.0, alpha=faint, zorder=4)
        axes.plot(x[resting], y[resting], color="#999999", lw=0.7, alpha=faint, ls=":", zorder=3)
        axes.plot(x[:1], y[:1], "o", ms=2.2, color=COLOURS[sign], zorder=4)
        if words[neuron] == "pinned":
            axes.plot(x[-1:], y[-1:], "X", ms=6, mfc=COLOURS[sign], mec="white", mew=0.7, zorder=8)
        marks += [
            Mark("neuron", neuron, int(s), words[neuron], float(t), float(u), float(v))
            for t, u, v, s in zip(times, x, y, path.sign, strict=True)
            if np.isfinite(u)
        ]


def _vectors(axes: Any, prediction: Prediction, marks: list[Mark]) -> None:
    vectors = prediction.extremal.vectors
    placed: list[tuple[float, float]] = []
    for index, extremal in enumerate(vectors):
        x, y = (float(v) for v in extremal.sign * extremal.vector / extremal.norm)
        colour = COLOURS[extremal.sign]
        filled = extremal.stability == "attracting"
        size = 5.0 + 8.0 * extremal.norm / vectors[0].norm
        fill = colour if filled else "white"
        axes.plot([x], [y], MARKERS[extremal.stability], ms=size, mfc=fill, mec=colour, mew=1.5, zorder=6)
        marks.append(Mark("extremal vector", index, extremal.sign, extremal.stability, None, x, y))
        if len(vectors) <= _LABELLED_POINTS:
            # Further in for each earlier vector beside it, so that no name covers another.
            inwards = 19 + 15 * sum(float(np.hypot(x - u, y - v)) < _CLOSE for u, v in placed)
            place = {"textcoords": "offset points", "ha": "center", "va": "center", "bbox": _BEHIND}
            offset = (-inwards * x, -inwards * y)
            axes.annotate(f"[{index}]", (x, y), offset, fontsize=8, color=colour, zorder=7, **place)
        placed.append((x, y))


def _words(figure: Any, prediction: Prediction, last: float) -> None:
    from matplotlib.lines import Line2D

    found = prediction.extremal
    title = f"{title_of(prediction.data)}: directions of w, cells and extremal vectors"
    figure.text(0.5, 0.965, title, ha="center", fontsize=12)
    present = [kind for kind in MARKERS if any(vector.stability == kind for vector in found.vectors)]
    handles = [Line2D([], [], color=COLOURS[1], lw=2, label="a > 0, label > 0")]
    handles.append(Line2D([], [], color=COLOURS[-1], lw=2, label="a < 0, label < 0"))
    for kind in present:
        fill = "#444444" if kind == "attracting" else "white"
        handles.append(Line2D([], [], ls="", marker=MARKERS[kind], mfc=fill, mec="#444444", ms=8, label=kind))
    if prediction.fates is not None:
        if prediction.fates.dead:
            handles.append(Line2D([], [], color="#999999", lw=1, ls=":", label="dead"))
        if prediction.fates.pinned:
            handles.append(Line2D([], [], color="#444444", ls="", marker="X", label="pinned"))
        if prediction.tau is not None and 0 < prediction.tau < last:
            handles.append(Line2D([], [], color="#333333", lw=0.8, ls="--", label=f"tau = {prediction.tau:.3g}"))
    figure.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 0.055), ncols=4, frameon=False)
    note = "An extremal vector D stands at sign(a) D/||D||, larger for larger ||D||; ticks outside: data normals."
    if prediction.fates is not None:
        count = min(prediction.fates.width, PATHS_DRAWN)
        shown = f"{count}" if count == prediction.fates.width else f"{count} of {prediction.fates.width}"
        note += (
            f"\nRadius is time, log(1 + D_max t): {shown} neurons start on the inner ring; the circle: t = {last:.3g}."
        )
    figure.text(0.5, 0.02, note, ha="center", va="bottom", fontsize=8, color="#555555")
