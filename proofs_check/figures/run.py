"""Figures of a run, drawn from its recording alone: what they share, and which there are.

As for predictions, each figure has a CSV with everything drawn beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...numerics.arrays import Floats
from ...numerics.data.dataset import Dataset
from ...numerics.flow.recording import Recording
from ...numerics.predict.escape import escape_time
from ..report.output import write_together
from ..runs.run_record import Record
from .prediction import Mark, marks_csv, render

GUIDE = "#444444"
MUTED = "#9a9a9a"
_NAMES_APART = 0.15
"""Of the width of the axis: names of times nearer to each other than this are put on both sides."""


@dataclass(frozen=True)
class View:
    """A run as the figures see it: the rows of `Recording` as arrays, and the time of its escape, if it had one.

    `neurons` (T, kept, d+1) are rows (w, a); `functions` (T, G) on the inputs `line` (G,), or None; `observed` holds
    the observables (T,) by name.
    """

    record: Record
    data: Dataset
    times: Floats
    losses: Floats
    neurons: Floats
    line: Floats | None
    functions: Floats | None
    escape: float | None
    observed: Mapping[str, Floats]

    @property
    def tau(self) -> float | None:
        """The end of the early phase, where it lies within the run."""
        tau = self.record.theory.tau
        return tau if tau is not None and self.start < tau < self.times[-1] else None

    @property
    def start(self) -> float:
        """The first time that a logarithmic axis can show."""
        return float(self.times[min(1, len(self.times) - 1)])

    @property
    def subtitle(self) -> str:
        """The network and how far it came, in a line."""
        options = self.record.options
        scale = "" if options.scale is None else f", scale {options.scale:g}"
        partial = f"; stopped before t = {options.time:g}" if self.record.partial else ""
        steps = "" if options.step is None else f", descent with step {options.step:.4g}"
        return f"{options.width} neurons{scale}{steps}, to t = {self.times[-1]:.4g}{partial}"


def view_of(record: Record, data: Dataset, recording: Recording) -> View:
    """The view of a run."""
    times, sizes = np.array(recording.times), np.array(recording.sizes)
    return View(
        record,
        data,
        times,
        np.array(recording.losses),
        np.array(recording.neurons),
        recording.line,
        None if recording.line is None else np.array(recording.functions),
        escape_time(times, sizes, record.theory.escape_level),
        recording.observed_arrays(),
    )


def draw_run(folder: Path, view: View) -> list[str]:
    """Draw all figures into the folder, each with its CSV; their names."""
    from .run_alignment import draw_alignment
    from .run_function import draw_function
    from .run_loss import draw_loss

    drawings: dict[str, tuple[Callable[[Any, View], list[Mark]], tuple[float, float]]] = {
        "alignment": (draw_alignment, (9.0, 5.6)),
        "loss": (draw_loss, (8.0, 4.6)),
    }
    if view.functions is not None:
        drawings["function"] = (draw_function, (8.0, 5.0))
    files: dict[str | Path, bytes] = {}
    for name, (draw, size) in drawings.items():
        marks, image = render(lambda figure, draw=draw: draw(figure, view), size, "png")  # type: ignore[misc]
        files |= {folder / f"{name}.csv": marks_csv(marks), folder / f"{name}.png": image}
    write_together(files)
    return [f"{name}.png" for name in drawings]


def log_time(axes: Any, view: View) -> None:
    """A logarithmic time axis over the whole run, with tau and the escape marked above it."""
    axes.set_xscale("log")
    if view.times[-1] > view.start:
        axes.set_xlim(view.start, view.times[-1])
    axes.set_xlabel("time (logarithmic)")
    marked = [(time, name) for name, time in (("tau", view.tau), ("escape", view.escape)) if time is not None]
    span = np.log(view.times[-1] / view.start)
    close = len(marked) == 2 and abs(np.log(marked[0][0] / marked[1][0])) < _NAMES_APART * span
    for place, (time, name) in enumerate(sorted(marked)):
        side = ("right", "left")[place] if close else "center"
        dashes = (0, (5, 3)) if name == "tau" else (0, (1, 1.5))
        axes.axvline(time, color=GUIDE, lw=1.0, ls=dashes, zorder=1.5)
        axes.annotate(
            f"{name} {time:.3g}", (time, 1.0), (0, 4), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha=side, va="bottom", color=GUIDE, fontsize=8.5,
        )  # fmt: skip


def time_marks(view: View) -> list[Mark]:
    """tau and the escape as marks."""
    marked = (("tau", view.tau), ("escape", view.escape))
    return [Mark(name, 0, 0, "", time, time, 0.0) for name, time in marked if time is not None]
