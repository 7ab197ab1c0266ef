"""A run as a film: the learned function (or the loss) and the neurons side by side, over log time.

The neurons stand in the direction of w, further out the larger |a| ||w|| is, on a logarithmic scale: on the inner ring
where they start they turn without growing, and then they grow without turning.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from ...numerics.arrays import Floats
from ...numerics.errors import InputError
from ..report.output import check_writable, write_atomically
from .prediction import COLOURS, MARKERS, SETTINGS, title_of
from .run import GUIDE, View
from .run_alignment import directions, plane_of
from .run_function import draw_data, height_limits
from .run_loss import draw_loss_curve

FRAMES = 110
LAST_FRAMES = 12
"""Frames for which the last picture is shown."""
PER_SECOND = 15
SIZE, DOTS = (9.0, 4.3), 90
"""Inches, and dots an inch."""
_INNER = 0.3
"""The radius at which the median neuron starts."""


def check_film(path: str) -> None:
    """Raise InputError unless a film can be written to the path: a GIF, or an MP4 where ffmpeg is installed."""
    from matplotlib.animation import FFMpegWriter

    ending = Path(path).suffix.lower()
    if ending not in (".gif", ".mp4"):
        raise InputError(f"--animate {path}: the name must end in .gif or .mp4")
    if ending == ".mp4" and not FFMpegWriter.isAvailable():
        raise InputError(f"--animate {path}: an MP4 needs the program ffmpeg on the path; install it, or name a .gif")
    check_writable(path)


def write_film(path: str, view: View) -> None:
    """Write the film; all of it or nothing."""
    from matplotlib import rc_context
    from matplotlib.animation import FFMpegWriter, FuncAnimation, PillowWriter
    from matplotlib.figure import Figure

    rows = frame_rows(view)
    with rc_context(SETTINGS), tempfile.TemporaryDirectory() as folder:
        figure = Figure(figsize=SIZE)
        update = _Pictures(figure, view).show
        film = FuncAnimation(
            figure, update, frames=[*rows, *[rows[-1]] * LAST_FRAMES], blit=False, cache_frame_data=False
        )
        part = Path(folder) / f"film{Path(path).suffix.lower()}"
        writer = PillowWriter if part.suffix == ".gif" else FFMpegWriter
        film.save(part, writer=writer(fps=PER_SECOND), dpi=DOTS)

        def copy(stream: Any) -> None:
            with part.open("rb") as made:
                shutil.copyfileobj(made, stream)

        write_atomically(path, copy)


def frame_rows(view: View) -> list[int]:
    """The rows of the recording that are shown: from 0 on, spread over log time and over the fall of the loss."""
    last = len(view.times) - 1
    if last <= FRAMES:
        return list(range(last + 1))
    clock = np.log(np.maximum(view.times, view.start) / view.start)
    fallen = np.maximum.accumulate(view.losses[0] - view.losses)  # with a large step the loss of descent may rise
    progress = clock / clock[-1] + fallen / (fallen.max() or 1.0) + np.linspace(0.0, 1e-9, last + 1)
    places = np.searchsorted(progress, np.linspace(progress[0], progress[-1], FRAMES))
    return sorted({0, last, *np.minimum(places, last).tolist()})


class _Pictures:
    """The two panels; `show` puts them to a row of the recording."""

    def __init__(self, figure: Any, view: View) -> None:
        self.view = view
        left, self.right = figure.add_axes((0.085, 0.13, 0.42, 0.7)), figure.add_axes((0.54, 0.02, 0.43, 0.84))
        self.clock = figure.text(0.5, 0.93, "", ha="center", fontsize=11, family="monospace")
        figure.text(0.02, 0.93, title_of(view.data), fontsize=11)
        self.curve: Any = None
        self.dot: Any = None
        if view.functions is not None and view.line is not None:
            left.set_ylim(*height_limits(view, frame_rows(view)))
            draw_data(left, view, [])
            (self.curve,) = left.plot(view.line, view.functions[0], color=COLOURS[1], lw=2.2, zorder=3)
            left.set_ylabel("network output h(x)")
            left.legend(frameon=False, loc="lower left", bbox_to_anchor=(0.0, 0.99), ncols=2, fontsize=8)
        else:
            draw_loss_curve(left, view, [])
            (self.dot,) = left.plot([], [], "o", ms=7, color="black", zorder=6)
        self.places = self._places()
        self._plane()

    def _places(self) -> Floats:
        """Where the neurons are, (T, kept, 2): the logarithm of |a| ||w|| as the radius, the largest at 1."""
        way = directions(self.view)
        flat = way if self.view.data.d == 2 else way @ plane_of(self.view)
        sizes = np.abs(self.view.neurons[:, :, -1]) * np.linalg.norm(self.view.neurons[:, :, :-1], axis=2)
        positive = sizes[0][sizes[0] > 0]
        low, high = float(np.log(np.median(positive))), float(np.log(sizes.max()))
        slope = (1 - _INNER) / max(high - low, 1.0)
        radius = np.clip(_INNER + slope * (np.log(np.maximum(sizes, np.exp(-700.0))) - low), 0.03, None)
        placed: Floats = radius[:, :, None] * flat
        return placed

    def _plane(self) -> None:
        from matplotlib.lines import Line2D
        from matplotlib.patches import Circle

        axes, view = self.right, self.view
        axes.set_aspect("equal")
        axes.set_axis_off()
        axes.set_xlim(-1.2, 1.2)
        axes.set_ylim(-1.32, 1.14)
        for radius in (_INNER, 1.0):
            axes.add_patch(Circle((0, 0), radius, fill=False, color="#c8c8c8", lw=0.9, zorder=1))
        if view.data.d == 2:
            for x in view.data.X / np.linalg.norm(view.data.X, axis=1, keepdims=True):
                axes.plot([-x[1], x[1]], [x[0], -x[0]], color="#e2e2e2", lw=0.7, zorder=0)
        turned = np.eye(2) if view.data.d == 2 else plane_of(view)
        for direction in view.record.theory.directions:
            vector = direction.sign * np.array(direction.vector)
            x, y = vector / np.linalg.norm(vector) @ turned
            colour = COLOURS[direction.sign]
            strong = direction.stability == "attracting"
            axes.plot([0, x], [0, y], color=colour, lw=1.2 if strong else 0.6, alpha=0.6, zorder=2)
            axes.plot([1.07 * x], [1.07 * y], MARKERS[direction.stability], ms=7, mfc=colour if strong else "white",
                      mec=colour, mew=1.3, zorder=3)  # fmt: skip
        colours = [COLOURS[1 if a > 0 else -1] for a in view.neurons[0, :, -1]]
        self.cloud = axes.scatter([], [], s=16, zorder=5, alpha=0.8, linewidths=0.4, edgecolors="white")
        self.cloud.set_offsets(self.places[0])
        self.cloud.set_facecolor(colours)
        handles = [
            Line2D([], [], ls="", marker="o", ms=5, color=COLOURS[1], label="a > 0"),
            Line2D([], [], ls="", marker="o", ms=5, color=COLOURS[-1], label="a < 0"),
        ]
        axes.legend(handles=handles, frameon=False, loc="lower left", fontsize=8, borderaxespad=0.0)
        words = "direction of w; radius: log |a| ||w||,\nthe inner ring is the median start"
        axes.text(1.2, -1.32, words, fontsize=7, color=GUIDE, ha="right", va="bottom")

    def show(self, row: int) -> None:
        """Put both panels to this row."""
        view = self.view
        if self.curve is not None and view.functions is not None:
            self.curve.set_ydata(view.functions[row])
        if self.dot is not None:
            self.dot.set_data([max(float(view.times[row]), view.start)], [float(view.losses[row])])
        self.cloud.set_offsets(self.places[row])
        self.clock.set_text(f"t = {view.times[row]:<8.4g} loss {view.losses[row]:<9.4g}")
