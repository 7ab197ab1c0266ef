"""The picture for d other than 2: the norms of the extremal vectors, and the angles that neurons still have to turn."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np

from ...numerics.frozen.alignment import Fate
from ...numerics.geometry.angles import angle_of_chord
from ...numerics.predict.prediction import Fates, Prediction
from .prediction import COLOURS, MARKERS, PATHS_DRAWN, Mark, fate_words, horizon, title_of

_VECTORS_DRAWN = 40
_SAMPLES = 240
_SMALLEST_ANGLE = 1e-6
_BEHIND = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.0}


def draw_chart(figure: Any, prediction: Prediction) -> list[Mark]:
    """Draw norms (left) and angles (right) into a Matplotlib figure and return all marks."""
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.15))
    marks: list[Mark] = []
    _norms(left, prediction, marks)
    if prediction.start is not None:
        _angles_over_time(right, prediction, marks)
    else:
        _angles_between(right, figure, prediction, marks)
    data = prediction.data
    figure.suptitle(
        f"{title_of(prediction.data)}: {data.n} point{'s' if data.n != 1 else ''} in dimension {data.d}", fontsize=12
    )
    figure.tight_layout()
    return marks


def _norms(axes: Any, prediction: Prediction, marks: list[Mark]) -> None:
    from matplotlib.lines import Line2D

    vectors = prediction.extremal.vectors[:_VECTORS_DRAWN]
    counts = {g.extremal: len(g.neurons) for g in prediction.fates.followers} if prediction.fates else {}
    for index, extremal in enumerate(vectors):
        colour = COLOURS[extremal.sign]
        fill = colour if extremal.stability == "attracting" else "white"
        axes.plot([0, extremal.norm], [index, index], color=colour, lw=1.2, alpha=0.6, zorder=2)
        axes.plot([extremal.norm], [index], MARKERS[extremal.stability], mfc=fill, mec=colour, mew=1.4, ms=7, zorder=3)
        marks.append(Mark("norm", index, extremal.sign, extremal.stability, None, extremal.norm, float(index)))
        if index in counts:
            neurons = f"{counts[index]} neuron{'s' if counts[index] != 1 else ''}"
            place = {"textcoords": "offset points", "va": "center", "fontsize": 8, "bbox": _BEHIND}
            axes.annotate(neurons, (extremal.norm, index), (8, 0), color=colour, **place)
    if prediction.extremal.d_max > 0:
        axes.axvline(prediction.extremal.d_max, color="#333333", lw=0.8, ls="--", zorder=1)
        axes.set_xlim(0, 1.25 * prediction.extremal.d_max)
    axes.set_ylim(max(len(vectors), 1) - 0.4, -0.6)
    step = max(1, -(-len(vectors) // 20))
    axes.set_yticks(range(0, len(vectors), step), [f"[{i}]" for i in range(0, len(vectors), step)])
    total = len(prediction.extremal.vectors)
    which = f" (the longest {_VECTORS_DRAWN} of {total})" if total > len(vectors) else ""
    axes.set_title(f"norm of each extremal vector{which}")
    axes.set_xlabel("||D||, dashed: D_max")
    handles = [Line2D([], [], color=COLOURS[s], lw=2, label=f"a {'>' if s > 0 else '<'} 0") for s in (1, -1)]
    for kind in dict.fromkeys(vector.stability for vector in vectors):
        fill = "#444444" if kind == "attracting" else "white"
        handles.append(Line2D([], [], ls="", marker=MARKERS[kind], mfc=fill, mec="#444444", ms=7, label=kind))
    axes.legend(handles=handles, frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=4)


def _angles_over_time(axes: Any, prediction: Prediction, marks: list[Mark]) -> None:
    alignment, fates = prediction.alignment, prediction.fates
    if alignment is None or fates is None:
        return
    last, words, limits = horizon(prediction), fate_words(fates), alignment.limit_direction()
    times = np.linspace(0.0, last, _SAMPLES)
    followers = [j for j in range(min(fates.width, PATHS_DRAWN)) if alignment.fate[j] == Fate.EXTREMAL]
    for neuron in followers:
        path = alignment.path(neuron, times)
        chord = np.linalg.norm(path.direction - limits[neuron], axis=1)
        angle = angle_of_chord(chord)
        seen = angle > _SMALLEST_ANGLE
        sign = int(path.sign[-1])
        axes.plot(times[seen], angle[seen], color=COLOURS[sign], lw=0.9, alpha=max(0.25, min(0.9, 12 / len(followers))))
        marks += [
            Mark("angle", neuron, sign, words[neuron], float(t), float(t), float(v))
            for t, v in zip(times[seen], angle[seen], strict=True)
        ]
    if not any(mark.item == "angle" for mark in marks):
        aligned = "every neuron that follows one is aligned from the start" if followers else "none follows one"
        _say_instead(axes, f"no angle to show: {aligned}{_others_words(fates)}")
        return
    axes.set_yscale("log")
    if prediction.tau is not None and 0 < prediction.tau < last:
        axes.axvline(prediction.tau, color="#333333", lw=0.8, ls="--")
        axes.annotate(
            "tau", (prediction.tau, 0.0), (3, 4), xycoords=("data", "axes fraction"), textcoords="offset points"
        )
    axes.set_xlim(0, last)
    axes.set_title(f"angle of {len(followers)} neurons to their extremal vector")
    axes.set_xlabel(f"time{_others_words(fates)}")
    axes.set_ylabel("angle in radians")


def _others_words(fates: Fates) -> str:
    """How many neurons have no curve, and why, in brackets; nothing when there are none."""
    others = {"dead": len(fates.dead), "pinned": len(fates.pinned), "undecided": len(fates.undecided)}
    rest = ", ".join(f"{count} {word}" for word, count in others.items() if count)
    return f" (not drawn: {rest})" if rest else ""


def _say_instead(axes: Any, sentence: str) -> None:
    """A sentence in place of an empty or trivial picture."""
    text = textwrap.fill(sentence, 50)
    axes.text(0.5, 0.5, text, ha="center", va="center", color="#555555", transform=axes.transAxes)
    axes.set_axis_off()


def _angles_between(axes: Any, figure: Any, prediction: Prediction, marks: list[Mark]) -> None:
    vectors = prediction.extremal.vectors[:_VECTORS_DRAWN]
    axes.set_title("angle between the directions sign(a) D")
    if len(vectors) < 2:
        _say_instead(axes, f"{'one' if vectors else 'no'} extremal vector: no angle to show")
        return
    directions = np.array([v.sign * v.vector / v.norm for v in vectors])
    degrees = np.degrees(np.arccos(np.clip(directions @ directions.T, -1.0, 1.0)))
    np.fill_diagonal(degrees, 0.0)
    image = axes.imshow(degrees, cmap="cividis", vmin=0, vmax=180)
    figure.colorbar(image, ax=axes, label="degrees", ticks=range(0, 181, 45))
    step = max(1, -(-len(vectors) // 10))
    ticks = range(0, len(vectors), step)
    axes.set_xticks(ticks, [f"[{i}]" for i in ticks])
    axes.set_yticks(ticks, [f"[{i}]" for i in ticks])
    marks += [
        Mark("angle between", i, vectors[i].sign, f"[{j}]", None, float(j), float(degrees[i, j]))
        for i in range(len(vectors))
        for j in range(len(vectors))
    ]
