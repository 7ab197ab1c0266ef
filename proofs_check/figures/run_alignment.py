"""How the directions of the neurons turn, over log time: an angle for d = 2, else a projection and angles."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...numerics.arrays import Floats
from ...numerics.data.exact import checked_leak
from ...numerics.flow.engine.scaling import lengths
from ...numerics.geometry.angles import angle_of_chord
from .prediction import COLOURS, MARKERS, Mark, title_of
from .run import GUIDE, MUTED, View, log_time, time_marks

Flags = NDArray[np.bool_]

_VISIBLE = 1e-3
"""Points of a curve whose neighbours differ by less, in radians, are not drawn one by one."""
_LABELLED_BOUNDARIES = 24
_CLOSE = 0.2
"""Extremal vectors nearer than this, in radians, share the place of their names."""
_MOST_NAMES = 4
_DEAD = 1e-9


def draw_alignment(figure: Any, view: View) -> list[Mark]:
    """Draw directions into a Matplotlib figure and return all marks."""
    shown, width = view.neurons.shape[1], view.record.options.width
    count = f"{shown} neurons" if shown == width else f"the first {shown} neurons"
    marks: list[Mark] = []
    if view.data.d <= 2:
        axes = figure.add_axes((0.075, 0.165, 0.845, 0.72))
        _angles(axes, view, marks)
    else:
        left, right = figure.add_axes((0.075, 0.165, 0.4, 0.68)), figure.add_axes((0.555, 0.165, 0.42, 0.68))
        _plane(left, view, marks)
        _distances(right, view, marks)
    _legend(figure, view)
    figure.text(0.06, 0.955, f"{title_of(view.data)}: directions of {count}", fontsize=12)
    figure.text(0.97, 0.955, view.subtitle, fontsize=9, ha="right", color="#555555")
    return marks + time_marks(view)


def directions(view: View) -> Floats:
    """w_j / ||w_j|| at every recorded time, (T, kept, d); 0 for neurons at w = 0."""
    w = view.neurons[:, :, :-1]
    sizes = lengths(w.reshape(-1, w.shape[2])).reshape(*w.shape[:2], 1)
    return np.divide(w, sizes, out=np.zeros_like(w), where=sizes > 0)


def dead(view: View) -> Flags:
    """Which neurons no point moves, (T, kept): ReLU neurons that are active on none of them."""
    if checked_leak(view.record.options.leak) > 0:
        return np.zeros(view.neurons.shape[:2], dtype=bool)
    points = view.data.X / np.linalg.norm(view.data.X, axis=1, keepdims=True)
    active: Flags = (directions(view) @ points.T).max(axis=2) <= _DEAD
    return active


def _angle(vectors: Floats) -> Floats:
    """The angles (...,) of vectors (..., 1) or (..., 2) from the first axis."""
    first = vectors[..., 0]
    found: Floats = np.arctan2(vectors[..., 1] if vectors.shape[-1] == 2 else np.zeros_like(first), first)
    return found


def _faint(count: int) -> float:
    return float(np.clip(25.0 / count, 0.2, 0.85))


def _angles(axes: Any, view: View, marks: list[Mark]) -> None:
    angle = _angle(directions(view))
    log_time(axes, view)
    axes.set_ylim(-np.pi, np.pi)
    axes.set_yticks(np.pi * np.linspace(-1, 1, 5), ["\u2212\u03c0", "\u2212\u03c0/2", "0", "\u03c0/2", "\u03c0"])
    axes.set_ylabel("angle of w from the first axis, in radians")
    normals = _angle(view.data.X)
    edges = np.unique(np.mod(np.concatenate([normals - np.pi / 2, normals + np.pi / 2]) + np.pi, 2 * np.pi) - np.pi)
    for index, edge in enumerate(edges):
        strength = 0.9 if len(edges) <= _LABELLED_BOUNDARIES else 0.45
        axes.axhline(edge, color="#dddddd", lw=strength, zorder=0.5)
        marks.append(Mark("cell boundary", index, 0, "", None, view.start, float(edge)))
    _curves(axes, view, angle, dead(view), marks)
    _references(axes, view, marks)


def _curves(axes: Any, view: View, values: Floats, stopped: Flags, marks: list[Mark]) -> None:
    """A curve per neuron (T, kept), cut where it goes round the circle; grey and dotted where nothing moves it."""
    from matplotlib.collections import LineCollection

    count = values.shape[1]
    lines: dict[tuple[int, bool], list[Floats]] = {}
    for neuron in range(count):
        curve, sign = values[:, neuron], np.where(view.neurons[:, neuron, -1] < 0, -1, 1)
        seen = np.flatnonzero((view.times > 0) & np.isfinite(curve))
        rows = seen[_worth(curve[seen]) | _worth(stopped[seen, neuron])]
        for low, high in pairwise(rows):
            if abs(curve[high] - curve[low]) <= np.pi:
                key = (int(sign[high]), bool(stopped[low, neuron]))
                lines.setdefault(key, []).append(
                    np.array([[view.times[low], curve[low]], [view.times[high], curve[high]]])
                )
        for row in rows:
            word = "dead" if stopped[row, neuron] else ""
            time = float(view.times[row])
            marks.append(Mark("neuron", neuron, int(sign[row]), word, time, time, float(curve[row])))
        if len(rows):
            axes.plot(
                view.times[rows[:1]], curve[rows[:1]], "o", ms=2.2, color=COLOURS[int(sign[rows[0]])], zorder=4,
                clip_on=False,
            )  # fmt: skip
    for (sign_, still), segments in sorted(lines.items()):
        style = {"colors": MUTED, "linestyles": ":", "linewidths": 0.7} if still else {"colors": COLOURS[sign_]}
        axes.add_collection(
            LineCollection(segments, **{"linewidths": 1.0, "alpha": _faint(count), "zorder": 2 if still else 3} | style)
        )


def _worth(curve: NDArray) -> Flags:
    """The points of a curve (T,) at which it can be seen to turn, and its ends."""
    if not len(curve):
        return np.zeros(0, dtype=bool)
    moved = np.abs(np.diff(curve.astype(float))) > _VISIBLE
    return np.concatenate([[True], moved]) | np.concatenate([moved, [True]])


def _references(axes: Any, view: View, marks: list[Mark]) -> None:
    """The directions sign(a) D of the extremal vectors, as lines, with their numbers at the right edge."""
    named: list[tuple[float, list[int], int]] = []
    for index, direction in enumerate(view.record.theory.directions):
        angle = float(_angle(direction.sign * np.array(direction.vector)))
        strong = direction.stability == "attracting"
        axes.axhline(
            angle, color=COLOURS[direction.sign], lw=1.3 if strong else 0.8, ls="-" if strong else (0, (6, 3)),
            alpha=0.75, zorder=2.5,
        )  # fmt: skip
        colour = COLOURS[direction.sign]
        axes.plot(
            [1.008], [angle], MARKERS[direction.stability], ms=5, mfc=colour if strong else "white", mec=colour,
            mew=1.2, transform=axes.get_yaxis_transform(), clip_on=False, zorder=6,
        )  # fmt: skip
        marks.append(Mark("extremal vector", index, direction.sign, direction.stability, None, view.start, angle))
        named.append((angle, [index], direction.sign))
    for angle, numbers, sign in _merged(sorted(named)):
        names = ",".join(map(str, numbers[:_MOST_NAMES])) + (",..." if len(numbers) > _MOST_NAMES else "")
        axes.annotate(
            f"[{names}]", (1.0, angle), (9, 0), xycoords=axes.get_yaxis_transform(),
            textcoords="offset points", va="center", fontsize=8, color=COLOURS[sign],
        )  # fmt: skip


def _merged(named: list[tuple[float, list[int], int]]) -> list[tuple[float, list[int], int]]:
    """Names by increasing angle, those that would overlap put together."""
    found: list[tuple[float, list[int], int]] = []
    for angle, numbers, sign in named:
        if found and angle - found[-1][0] < _CLOSE:
            before, others, other = found[-1]
            middle = before + (angle - before) / (len(others) + 1)
            found[-1] = (middle, others + numbers, sign if sign == other else 0)
        else:
            found.append((angle, numbers, sign))
    return found


def plane_of(view: View) -> Floats:
    """An orthonormal basis (d, 2) of the principal plane of all recorded directions, the same way up every time."""
    way = directions(view).reshape(-1, view.data.d)
    _, basis = np.linalg.eigh(way.T @ way)
    plane = basis[:, :-3:-1] if view.data.d > 1 else np.array([[1.0, 0.0]])
    largest = np.argmax(np.abs(plane), axis=0)
    flipped: Floats = plane * np.where(plane[largest, [0, 1]] < 0, -1.0, 1.0)
    return flipped


def _plane(axes: Any, view: View, marks: list[Mark]) -> None:
    """The directions projected to their principal plane; the small dots are where the neurons start."""
    from matplotlib.patches import Circle

    plane, count = plane_of(view), view.neurons.shape[1]
    places = directions(view) @ plane
    axes.set_aspect("equal")
    axes.set_xlim(-1.08, 1.08)
    axes.set_ylim(-1.08, 1.08)
    axes.set_xticks(np.linspace(-1, 1, 5))
    axes.set_yticks(np.linspace(-1, 1, 5))
    axes.add_patch(Circle((0, 0), 1.0, fill=False, color="#bbbbbb", lw=0.8))
    for neuron in range(count):
        x, y = places[:, neuron].T
        sign = 1 if view.neurons[-1, neuron, -1] > 0 else -1
        rows = _worth(x) | _worth(y)
        axes.plot(x[rows], y[rows], color=COLOURS[sign], lw=0.9, alpha=_faint(count), zorder=3)
        axes.plot(x[:1], y[:1], "o", ms=2.2, color=COLOURS[sign], alpha=0.7, zorder=3)
        marks += [
            Mark("projection", neuron, sign, "", float(view.times[row]), float(x[row]), float(y[row]))
            for row in np.flatnonzero(rows)
        ]
    for index, direction in enumerate(view.record.theory.directions):
        vector = direction.sign * np.array(direction.vector)
        x, y = (vector / np.linalg.norm(vector)) @ plane
        colour = COLOURS[direction.sign]
        fill = colour if direction.stability == "attracting" else "white"
        axes.plot([x], [y], MARKERS[direction.stability], ms=8, mfc=fill, mec=colour, mew=1.4, zorder=5)
        marks.append(Mark("projected vector", index, direction.sign, direction.stability, None, float(x), float(y)))
    axes.set_xlabel("first principal direction of w")
    axes.set_ylabel("second principal direction of w")


def _distances(axes: Any, view: View, marks: list[Mark]) -> None:
    """The angle from each neuron to the nearest direction sign(a) D of its sign."""
    log_time(axes, view)
    way = directions(view)
    values = np.full(way.shape[:2], np.nan)
    for sign in (1, -1):
        vectors = [np.array(v.vector) for v in view.record.theory.directions if v.sign == sign]
        if vectors:
            goals = sign * np.array([vector / np.linalg.norm(vector) for vector in vectors])
            chords = np.linalg.norm(way[:, :, None] - goals, axis=3).min(axis=2)
            mine = view.neurons[:, :, -1] * sign > 0
            values[mine] = angle_of_chord(chords)[mine]
    _curves(axes, view, values, dead(view), marks)
    axes.set_ylim(0, np.pi)
    axes.set_yticks(np.pi * np.linspace(0, 1, 5), ["0", "\u03c0/4", "\u03c0/2", "3\u03c0/4", "\u03c0"])
    axes.set_ylabel("angle to the nearest extremal vector")


def _legend(figure: Any, view: View) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=COLOURS[1], lw=2, label="a > 0"),
        Line2D([], [], color=COLOURS[-1], lw=2, label="a < 0"),
    ]
    if dead(view).any():
        handles.append(Line2D([], [], color=MUTED, lw=1, ls=":", label="dead"))
    kinds = dict.fromkeys(direction.stability for direction in view.record.theory.directions)
    for kind in kinds:
        fill = GUIDE if kind == "attracting" else "white"
        handles.append(Line2D([], [], ls="", marker=MARKERS[kind], mfc=fill, mec=GUIDE, ms=6, label=f"{kind} D"))
    if view.data.d <= 2:
        handles.append(Line2D([], [], color="#cccccc", lw=1, label="pattern changes"))
    style = {"loc": "lower center", "bbox_to_anchor": (0.5, 0.0), "frameon": False}
    figure.legend(handles=handles, ncols=min(len(handles), 7), **style)
