"""Figures of a prediction: where they go, and the CSV with everything drawn beside each of them.

A drawing adds its `Mark`s to a list while it draws them, so the CSV cannot differ from the figure. Only Matplotlib's
object interface is used: no global state, no display.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from ...numerics.data.dataset import Dataset
from ...numerics.errors import InputError
from ...numerics.predict.prediction import Fates, Prediction
from ..report.output import csv_table, write_together

FORMATS = (".png", ".svg", ".pdf")
PATHS_DRAWN = 200
"""Most neurons whose paths are drawn: those of the first numbers."""

COLOURS = {1: "#0072B2", -1: "#D55E00", 0: "#777777"}
"""By sign of the output weight, distinct in every common kind of colour blindness; grey for neither."""

SETTINGS = {"font.size": 9.0, "svg.hashsalt": "proofs-check", "axes.spines.top": False, "axes.spines.right": False}
"""Of Matplotlib, for every figure."""

MARKERS = {"attracting": "o", "one-sided": "D", "saddle": "s", "repelling": "^", "undetermined": "P"}
"""By stability; only attracting vectors are filled."""


@dataclass(frozen=True)
class Mark:
    """One drawn point: what it belongs to, and its place in the units of the axes."""

    item: str
    index: int
    sign: int
    label: str
    time: float | None
    x: float
    y: float


def check_target(path: str | Path) -> None:
    """Raise InputError unless the path ends in a format that can be drawn."""
    if Path(path).suffix.lower() not in FORMATS:
        raise InputError(f"{path}: the name of a figure must end in .png, .svg or .pdf")


def table_beside(path: str | Path) -> Path:
    """The CSV that goes with a figure."""
    return Path(path).with_suffix(".csv")


def plot(prediction: Prediction, path: str | Path) -> None:
    """Draw a prediction into a file (png, svg or pdf), with a CSV of everything that is drawn beside it.

    For d = 2 the figure is the circle of directions: cells, extremal vectors, and the way of every neuron of the start.
    Otherwise it shows the norms of the extremal vectors beside the angles that the neurons still have to turn; without
    a start, the angles between the vectors. Raises InputError when the name has another ending or a file cannot be
    written.
    """
    check_target(path)
    from .chart import draw_chart
    from .circle import draw_circle

    flat = prediction.data.d == 2
    marks, image = render(
        lambda figure: (draw_circle if flat else draw_chart)(figure, prediction),
        (7.5, 8.0) if flat else (10.0, 5.0),
        Path(path).suffix.lower()[1:],
    )
    write_together({table_beside(path): marks_csv(marks), path: image})


def render(draw: Callable[[Any], list[Mark]], size: tuple[float, float], form: str) -> tuple[list[Mark], bytes]:
    """The marks that `draw` puts into a new Matplotlib figure of so many inches, and the figure in the format `form`.

    The same drawing gives the same bytes.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    image = io.BytesIO()
    with rc_context(SETTINGS):
        figure = Figure(figsize=size)
        marks = draw(figure)
        undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(form)
        figure.savefig(image, format=form, dpi=160, metadata=undated)
    return marks, image.getvalue()


def marks_csv(marks: Sequence[Mark]) -> bytes:
    """The marks as CSV, numbers in full."""
    header = [field.name for field in fields(Mark)]
    return csv_table(header, (["" if value is None else value for value in astuple(mark)] for mark in marks))


def horizon(prediction: Prediction) -> float:
    """The last time drawn: when nine of ten drawn neurons have settled, and tau if that is later; 1 if nothing moves.

    A neuron has settled when it is within the prediction's angle of its limit, or has stopped.
    """
    alignment, fates = prediction.alignment, prediction.fates
    if alignment is None or fates is None:
        return 1.0
    angle = fates.followers[0].angle if fates.followers else 0.01
    settled = alignment.alignment_time(angle)[:PATHS_DRAWN]
    settled = settled[np.isfinite(settled)]
    latest = float(np.quantile(settled, 0.9)) if len(settled) else 0.0
    return 1.1 * max(latest, prediction.tau or 0.0) or 1.0


def title_of(data: Dataset) -> str:
    """The data set's name as Matplotlib can print it: plain ASCII, and no dollar sign that would start a formula."""
    return (data.name or "data").encode("ascii", "replace").decode().replace("$", r"\$")


def fate_words(fates: Fates) -> dict[int, str]:
    """A word for every neuron: dead, pinned, undecided, or the number of its extremal vector in brackets."""
    words = {neuron: f"[{group.extremal}]" for group in fates.followers for neuron in group.neurons}
    for word, neurons in (("dead", fates.dead), ("pinned", fates.pinned), ("undecided", fates.undecided)):
        words.update(dict.fromkeys(neurons, word))
    return words
