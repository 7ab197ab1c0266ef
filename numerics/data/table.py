"""A CSV file of numbers with a header, read exactly or refused in one sentence."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TextIO

from ..errors import InputError
from .exact import parse_number, shown

_SEPARATORS = {";": "semicolons", "\t": "tabs"}
"""What separates columns in files that are not comma-separated, and its name."""

LARGEST_FILE = 64 * 2**20
"""Largest file, in bytes, that is read."""


@dataclass(frozen=True)
class Table:
    """The names of a file's columns, and rows of exact numbers from those of them that were read.

    `places` (c,) are the columns read, as indices into `header`; every row of `rows` (n, c) holds them in this order.
    `lines` (n,) holds the line of the file that each row ends on.
    """

    source: str
    header: tuple[str, ...]
    places: tuple[int, ...]
    rows: tuple[tuple[Fraction, ...], ...]
    lines: tuple[int, ...]

    def place(self, row: int, column: int | None = None) -> str:
        """Where a cell of `rows` stands, in words: 'points.csv, row 2 (line 3), column 1 (x)'; both count from 0."""
        where = f"{self.source}, row {row + 1} (line {self.lines[row]})"
        if column is None:
            return where
        place = self.places[column]
        return f"{where}, column {place + 1} ({shown(self.header[place])[1:-1]})"


Choose = Callable[[str, tuple[str, ...]], tuple[int, ...]]
"""Given the source's name and a header, the columns to read, as indices in the order in which they are wanted."""


def read_table(source: str | os.PathLike[str] | TextIO, choose: Choose | None = None) -> Table:
    """Read a CSV table of numbers from a path or a text stream: the columns that `choose` names, by default all.

    Blank lines are skipped, a byte-order mark and either line ending are accepted; what other columns hold is not read.
    Raises InputError for a file that is missing, unreadable, not text or too large, for an empty file, a missing
    header, a single column, no rows, ragged rows, and cells that are not finite numbers in range.
    """
    name, text = _read_text(source)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: tuple[str, ...] | None = None
    places: tuple[int, ...] = ()
    rows: list[tuple[Fraction, ...]] = []
    lines: list[int] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells) and len(cells) <= 1:
                continue
            if header is None:
                header = _checked_header(name, cells)
                places = tuple(range(len(header))) if choose is None else choose(name, header)
                _check_named(name, header, places)
                continue
            lines.append(reader.line_num)
            rows.append(_checked_row(f"{name}, row {len(lines)} (line {lines[-1]})", header, places, cells))
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: not a CSV line ({error}); write plain numbers") from None
    if header is None:
        raise InputError(f"{name} is empty; it needs a header line and at least one row of numbers")
    if not rows:
        raise InputError(f"{name} has a header but no rows; it needs at least one row of numbers below the header")
    return Table(name, header, places, tuple(rows), tuple(lines))


def _read_text(source: str | os.PathLike[str] | TextIO) -> tuple[str, str]:
    """The name by which messages call the source, and its text without a byte-order mark."""
    if isinstance(source, str | os.PathLike):
        name = shown(Path(source).name or str(source))[1:-1]
        try:
            with Path(source).open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
        except IsADirectoryError:
            raise InputError(f"{name or 'an empty name'} is a folder; give a CSV file") from None
        except FileNotFoundError:
            raise InputError(f"there is no file {shown(str(source))}; give the path of a CSV file") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(f"{name} cannot be read: {reason}") from None
        if len(content) > LARGEST_FILE:
            raise InputError(f"{name} is larger than {LARGEST_FILE // 2**20} MiB, the most that is read")
        return name, _decoded(name, content)
    name = str(getattr(source, "name", "the data"))
    try:
        text = source.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{name} cannot be read: {error}") from None
    if len(text) > LARGEST_FILE:
        raise InputError(f"{name} is larger than {LARGEST_FILE // 2**20} MiB, the most that is read")
    return name, text.removeprefix("\ufeff")


def _decoded(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}, line {line}: not UTF-8 text; save it as a plain CSV file") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"{name}, line {line}: a binary file, not text; save it as a plain CSV file")
    return text


def _checked_header(name: str, cells: list[str]) -> tuple[str, ...]:
    header = tuple(cell.strip() for cell in cells)
    if all(_is_number_like(cell) for cell in header):
        raise InputError(f"{name}: the first line holds numbers; it must be a header that names the columns")
    for column, title in enumerate(header):
        if title and title in header[:column]:
            raise InputError(f"{name}, header: two columns are called {shown(title)}; give each column its own name")
    if len(header) == 1:
        other = next((word for mark, word in _SEPARATORS.items() if mark in header[0]), None)
        hint = "" if other is None else f", not {other}; write decimals with a point"
        raise InputError(
            f"{name} has one column ({shown(header[0])}); at least two are needed, separated by commas{hint}"
        )
    return header


def _check_named(name: str, header: tuple[str, ...], places: tuple[int, ...]) -> None:
    """Refuse columns without a name among those that are read."""
    for place in places:
        if not header[place]:
            raise InputError(
                f"{name}, header, column {place + 1}: no name; name every column that is read, leave out row numbers"
            )


def _is_number_like(cell: str) -> bool:
    if cell.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        return True
    try:
        parse_number(cell)
    except InputError:
        return False
    return True


def _checked_row(
    where: str, header: tuple[str, ...], places: tuple[int, ...], cells: list[str]
) -> tuple[Fraction, ...]:
    if len(cells) != len(header):
        counted = f"{len(cells)} cell{'s' if len(cells) != 1 else ''}"
        named = len(header)
        raise InputError(f"{where}: {counted}, but the header names {named} columns; every row needs {named} cells")
    numbers = []
    for place in places:
        try:
            numbers.append(parse_number(cells[place]))
        except InputError as error:
            raise InputError(f"{where}, column {place + 1} ({shown(header[place])[1:-1]}): {error}") from None
    return tuple(numbers)
