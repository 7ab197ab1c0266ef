"""The published data sets that ship with the package (theory.md 7): the CSV files of this folder.

A file begins with the lines `# source:` and `# notes:`, which are shown with the data set; the rest holds the inputs
without the bias coordinate, which the published experiments append.
"""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import TextIO

from ..errors import InputError

FIELDS = ("source", "notes")
"""What the first lines of a file say, in this order."""


@dataclass(frozen=True)
class PublishedData:
    """One published data set: its name, the publication it comes from, and what a reader should know about it."""

    name: str
    source: str
    notes: str


class PublishedDataSets(Mapping[str, PublishedData]):
    """All published data sets by name, in alphabetical order; the folder is read when they are first asked for."""

    @cached_property
    def _entries(self) -> dict[str, PublishedData]:
        names = [file.name for file in resources.files(__package__).iterdir() if file.name.endswith(".csv")]
        return {name: _described(name) for name in sorted(name.removesuffix(".csv") for name in names)}

    def __getitem__(self, name: str) -> PublishedData:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


PUBLISHED = PublishedDataSets()
"""The published data sets by name."""


def published_text(name: str) -> str:
    """The CSV text of a published data set, byte for byte; InputError, with the nearest name, if there is none."""
    if name not in PUBLISHED:
        near = difflib.get_close_matches(name.lower(), PUBLISHED, n=1, cutoff=0.4)
        hint = f"the nearest is {near[0]}" if near else f"there are {', '.join(PUBLISHED)}"
        raise InputError(f"there is no published data set named {name!r}; {hint}")
    return "".join(_lines(name)[len(FIELDS) :])


def published_table(name: str) -> TextIO:
    """The CSV text of a published data set as a stream."""
    return io.StringIO(published_text(name))


def _lines(name: str) -> list[str]:
    return (resources.files(__package__) / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)


def _described(name: str) -> PublishedData:
    """What the first lines of a file say; ValueError for a file that does not begin with them."""
    said: list[str] = []
    for field, line in zip(FIELDS, _lines(name), strict=False):
        if not line.startswith(f"# {field}: "):
            raise ValueError(f"line {len(said) + 1} of {name}.csv must begin with '# {field}: '")
        said.append(line.removeprefix(f"# {field}: ").strip())
    return PublishedData(name, *said)
