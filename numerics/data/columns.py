"""Which columns of a data file are inputs and which is the label, and what is suspicious about them."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ..errors import InputError
from .exact import number_text, shown

NAMES_SHOWN = 12
"""Most input columns that are listed by name in a line; the last one is always shown."""
FEWEST_COUNTED = 3
"""Fewest rows in which a constant step means something: any two different integers have one."""

_LABEL_NAMES = frozenset({"y", "label", "labels", "target", "targets", "class", "response", "outcome"})
_ROW_NAMES = re.compile(r"(?:row_?)?(?:id|idx|index|no|nr|num|number)|rows?|unnamed(?:[ :_].*)?|#", re.IGNORECASE)
_INPUT_NAMES = re.compile(r"(?:x|feature|input)_?[0-9]*", re.IGNORECASE)


@dataclass(frozen=True)
class ColumnRoles:
    """The columns of a data file as they were understood.

    `inputs` holds the names of the input columns in the order of the coordinates, `label` that of the label, `bias`
    says whether the constant 1 is appended as a last coordinate, `unused` holds the columns that were not read, and
    `warnings` one sentence for everything that makes this choice doubtful.
    """

    inputs: tuple[str, ...]
    label: str
    bias: bool
    unused: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def describe(self) -> str:
        """One line, such as 'inputs x1, x2; label y; bias appended'."""
        inputs = f"input{'s' if len(self.inputs) != 1 else ''} {_listed(self.inputs)}"
        bias = "bias appended" if self.bias else "no bias"
        unused = f"; not used: {_listed(self.unused)}" if self.unused else ""
        return f"{inputs}; label {shown(self.label)[1:-1]}; {bias}{unused}"

    def to_json(self) -> dict[str, Any]:
        """The object `columns` of `predict`, `simulate` and `certify --json`."""
        return {
            "inputs": list(self.inputs),
            "label": self.label,
            "bias": self.bias,
            "unused": list(self.unused),
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True)
class ColumnChoice:
    """The names that a reader gives to the label and to the inputs of a file; None leaves them to the default.

    By default the label is the last column and the inputs are all the others.
    """

    label: str | None = None
    features: tuple[str, ...] | None = None

    def of(self, source: str, header: tuple[str, ...]) -> tuple[int, ...]:
        """The places of the inputs in a header, in the order chosen, and last that of the label.

        Raises InputError for a name that the header does not have, with the nearest one, and for a choice that takes a
        column twice or leaves no input.
        """
        label = len(header) - 1 if self.label is None else _place(source, header, self.label, "label")
        if self.features is None:
            return (*(place for place in range(len(header)) if place != label), label)
        inputs = tuple(_place(source, header, name, "feature") for name in self.features)
        if not inputs:
            raise InputError(f"{source}: no feature is chosen; name at least one column")
        for number, place in enumerate(inputs):
            if place in inputs[:number]:
                raise InputError(f"{source}: the feature {shown(header[place])} is named twice; name each column once")
        if label in inputs:
            how = "" if self.label is not None else " (the last column)"
            raise InputError(
                f"{source}: the feature {shown(header[label])} is also the label{how}; choose another label or leave "
                "it out of the features"
            )
        return (*inputs, label)


def split_names(text: str) -> tuple[str, ...]:
    """The column names in a comma-separated list; a name that holds a comma is put in double quotes.

    Raises InputError for an empty list and an empty name.
    """
    try:
        names = tuple(name.strip() for name in next(csv.reader([text], strict=True, skipinitialspace=True), []))
    except csv.Error:
        names = ()
    if not names or not all(names):
        raise InputError(f"the features {shown(text)} are not a list of column names; write them as in x1,x2")
    return names


def columns_of(
    header: tuple[str, ...], places: Sequence[int], rows: Sequence[Sequence[Fraction]], bias: bool
) -> ColumnRoles:
    """The columns of a table that was read, with warnings.

    `header` (c,) holds all names of the file, `places` (d + 1,) the indices of the inputs and of the label in it, and
    `rows` (n, d + 1) the values in this order.
    """
    *inputs, label = (header[place] for place in places)
    unused = tuple(name for place, name in enumerate(header) if place not in places)
    warnings = [
        *_misnamed(places, header),
        *_counting(places, header, rows),
        *_constant(places, header, rows, bias),
        *_equal_to_label(places, header, rows),
        *_repeated(rows),
    ]
    return ColumnRoles(tuple(inputs), label, bias, unused, tuple(warnings))


def _place(source: str, header: tuple[str, ...], name: str, role: str) -> int:
    stripped = name.strip()
    if stripped in header:
        return header.index(stripped)
    folded = {title.lower(): title for title in header}
    near = difflib.get_close_matches(stripped.lower(), folded, n=1, cutoff=0.4)
    hint = f"the nearest is {shown(folded[near[0]])}" if near else f"the columns are {_listed(header)}"
    raise InputError(f"{source} has no column {shown(stripped)} for the {role}; {hint}")


def _listed(names: Sequence[str]) -> str:
    """Names in a line, the middle ones left out when there are many."""
    clean = [shown(name)[1:-1] or "a column without a name" for name in names]
    if len(clean) <= NAMES_SHOWN:
        return ", ".join(clean)
    return f"{', '.join(clean[: NAMES_SHOWN - 2])}, .., {clean[-1]} ({len(clean)} columns)"


def _column(header: tuple[str, ...], place: int) -> str:
    return f"column {place + 1} ({shown(header[place])[1:-1]})"


def _misnamed(places: Sequence[int], header: tuple[str, ...]) -> list[str]:
    """A column with a label's name that is not the label, and a label with the name of something else."""
    *inputs, label = places
    title = header[label]
    named = [place for place in inputs if header[place].lower() in _LABEL_NAMES]
    if title.lower() in _LABEL_NAMES and "x" in (header[place].lower() for place in inputs):
        named = [place for place in named if header[place].lower() != "y"]  # the coordinates x and y of a point
    if named:
        return [
            f"{_column(header, named[0])} has the name of a label but is read as an input, and "
            f"{_column(header, label)} is read as the label; if that is not meant, choose the label by name "
            f"(--label {shown(header[named[0]])[1:-1]})"
        ]
    unread = [place for place in range(len(header)) if place not in places and header[place].lower() in _LABEL_NAMES]
    if unread and _INPUT_NAMES.fullmatch(title):
        return [
            f"{_column(header, label)} has the name of an input but is read as the label, and "
            f"{_column(header, unread[0])} is not used; if that is not meant, choose the label by name "
            f"(--label {shown(header[unread[0]])[1:-1]})"
        ]
    if _ROW_NAMES.fullmatch(title):
        return [
            f"{_column(header, label)} has the name of a row number but is read as the label; if that is not meant, "
            "choose the label by name (--label)"
        ]
    return []


def _counting(places: Sequence[int], header: tuple[str, ...], rows: Sequence[Sequence[Fraction]]) -> list[str]:
    """Input columns that number the rows."""
    found = []
    for coordinate, place in enumerate(places[:-1]):
        values = [row[coordinate] for row in rows]
        if _ROW_NAMES.fullmatch(header[place]):
            how = "has the name of a row number"
        elif _counts(values):
            how = f"counts the rows ({', '.join(number_text(value) for value in values[:3])}, ..)"
        else:
            continue
        found.append(
            f"{_column(header, place)} {how} but is read as an input; if that is not meant, choose the inputs by name "
            "(--features)"
        )
    return found


def _counts(values: Sequence[Fraction]) -> bool:
    """Whether integers increase by a constant step."""
    if len(values) < FEWEST_COUNTED or any(value.denominator != 1 for value in values):
        return False
    step = values[1] - values[0]
    return step > 0 and all(after - before == step for before, after in pairwise(values))


def _constant(
    places: Sequence[int], header: tuple[str, ...], rows: Sequence[Sequence[Fraction]], bias: bool
) -> list[str]:
    """Constant inputs beside a bias or beside each other, and inputs that are 0 on every point."""
    if len(rows) < 2:
        return []
    constant = [(place, rows[0][i]) for i, place in enumerate(places[:-1]) if all(row[i] == rows[0][i] for row in rows)]
    found = [
        f"{_column(header, place)} is 0 in every row, so that no neuron moves in this coordinate; leave it out"
        for place, value in constant
        if not value
    ]
    biases = [(place, value) for place, value in constant if value]
    if bias:
        found += [
            f"{_column(header, place)} is {number_text(value)} in every row and a bias is appended to it, so that the "
            "inputs have two biases; leave one of them out"
            for place, value in biases
        ]
    elif len(biases) > 1:
        first, second = biases[0][0], biases[1][0]
        found.append(
            f"{_column(header, first)} and {_column(header, second)} are both constant, so that the inputs have two "
            "biases; leave one of them out"
        )
    return found


def _equal_to_label(places: Sequence[int], header: tuple[str, ...], rows: Sequence[Sequence[Fraction]]) -> list[str]:
    """Input columns that hold the label."""
    if len(rows) < 2:
        return []
    return [
        f"{_column(header, place)} equals the label, {_column(header, places[-1])}, in every row; if that is not "
        "meant, choose the inputs by name (--features)"
        for i, place in enumerate(places[:-1])
        if all(row[i] == row[-1] for row in rows)
    ]


def _repeated(rows: Sequence[Sequence[Fraction]]) -> list[str]:
    """Equal rows, and equal inputs with different labels: in either case the first pair, and the number of others."""
    seen: dict[tuple[Fraction, ...], int] = {}
    equal: list[tuple[int, int]] = []
    contradictory: list[tuple[int, int]] = []
    for number, row in enumerate(rows):
        first = seen.setdefault(tuple(row[:-1]), number)
        if first != number:
            (equal if rows[first][-1] == row[-1] else contradictory).append((first, number))
    found = []
    if equal:
        found.append(
            f"{_pairs(equal)} are equal; every row counts in the loss, so that a repeated point has more weight, and "
            "the points share one hyperplane"
        )
    if contradictory:
        found.append(
            f"{_pairs(contradictory)} have equal inputs but different labels; no function fits both, so that the loss "
            "stays above 0, and the points share one hyperplane"
        )
    return found


def _pairs(pairs: Sequence[tuple[int, int]]) -> str:
    first, second = pairs[0]
    more = len(pairs) - 1
    others = f" (and {more} more row{'s' if more != 1 else ''} likewise)" if more else ""
    return f"rows {first + 1} and {second + 1}{others}"
