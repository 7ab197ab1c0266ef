"""The published data sets that ship with the package (theory.md 7)."""

from __future__ import annotations

import difflib
import io
from dataclasses import dataclass
from importlib import resources
from typing import TextIO

from ..errors import InputError


@dataclass(frozen=True)
class PublishedData:
    """One published data set: its name, the publication it comes from, and what a reader should know about it.

    Every file holds the inputs without the bias coordinate; the published experiments append it.
    """

    name: str
    source: str
    notes: str


PUBLISHED = {
    entry.name: entry
    for entry in (
        PublishedData(
            "three-points",
            "Boursier and Flammarion, Early alignment in two-layer networks training is a two-edged sword",
            "x = (-3/4, -1/2, 1/8), y = (11/10, 1/10, 4/5); a small scale ends at the least-squares fit",
        ),
        PublishedData(
            "stewart",
            "Stewart, Bach, Berthet and Vert, Regression as classification; used in the two-edged sword paper",
            "40 points: x ~ U(-1, 1), drawn from seed 0, y on the published broken line, both rounded to 4 decimals",
        ),
        PublishedData(
            "orthogonal-toy",
            "Boursier, Pillaud-Vivien and Flammarion, Gradient flow dynamics of shallow ReLU networks for square loss "
            "and orthogonal inputs",
            "x = (-1/2, 2), y = (-1, 1): orthogonal once the bias is appended",
        ),
        PublishedData(
            "non-orthogonal-toy",
            "Boursier, Pillaud-Vivien and Flammarion, Gradient flow dynamics of shallow ReLU networks for square loss "
            "and orthogonal inputs",
            "5 points on a line, labels of both signs; pinned neurons occur",
        ),
    )
}
"""The published data sets by name."""


def published_text(name: str) -> str:
    """The CSV text of a published data set, byte for byte; InputError, with the nearest name, if there is none."""
    if name not in PUBLISHED:
        near = difflib.get_close_matches(name.lower(), PUBLISHED, n=1, cutoff=0.4)
        hint = f"the nearest is {near[0]}" if near else f"there are {', '.join(PUBLISHED)}"
        raise InputError(f"there is no published data set named {name!r}; {hint}")
    return (resources.files(__package__) / f"{name}.csv").read_text(encoding="utf-8")


def published_table(name: str) -> TextIO:
    """The CSV text of a published data set as a stream."""
    return io.StringIO(published_text(name))
