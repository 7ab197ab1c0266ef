"""Data sets of exact rationals: read from files or arrays, checked once, and written back without loss."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .columns import ColumnChoice, ColumnRoles, columns_of
from .exact import number_text, to_exact
from .published import published_table
from .table import read_table

USUAL_LOSS = "square"


@dataclass(frozen=True)
class Dataset:
    """n points x_k in R^d with labels y_k, as exact rationals (theory.md 1).

    `decimal` is True when every number was written as an integer, decimal or fraction; floats are taken as the dyadic
    rationals they are, and `decimal` is False. A bias is a last coordinate equal to 1. `columns` says how a file was
    understood and is None for other data; it is ignored when data sets are compared. Raises InputError when there
    is no point, when the points differ in dimension or in number from the labels, and when an input is the zero vector.
    """

    inputs: tuple[tuple[Fraction, ...], ...]
    labels: tuple[Fraction, ...]
    decimal: bool = True
    name: str = ""
    columns: ColumnRoles | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not self.inputs:
            raise InputError("a data set needs at least one point")
        if len(self.labels) != len(self.inputs):
            raise InputError(f"{len(self.inputs)} points but {len(self.labels)} labels; each point needs one label")
        for row, point in enumerate(self.inputs):
            if len(point) != len(self.inputs[0]):
                raise InputError(
                    f"row {row + 1}: {len(point)} coordinates, but the first row has {len(self.inputs[0])}"
                )
            if not point:
                raise InputError(f"row {row + 1}: no coordinates; a point needs at least one input")
            if not any(point):
                raise InputError(f"row {row + 1}: the input is the zero vector, on which no neuron acts; leave it out")

    @property
    def n(self) -> int:
        """The number of points."""
        return len(self.inputs)

    @property
    def d(self) -> int:
        """The dimension of the inputs, a bias coordinate included."""
        return len(self.inputs[0])

    @cached_property
    def X(self) -> NDArray[np.float64]:
        """The inputs as floats, shape (n, d), read-only."""
        return _read_only([[float(value) for value in point] for point in self.inputs])

    @cached_property
    def y(self) -> NDArray[np.float64]:
        """The labels as floats, shape (n,), read-only."""
        return _read_only([float(value) for value in self.labels])

    @classmethod
    def from_csv(
        cls,
        source: str | os.PathLike[str] | TextIO,
        *,
        bias: bool = False,
        loss: str = "square",
        label: str | None = None,
        features: Sequence[str] | None = None,
    ) -> Dataset:
        """Read a CSV file (a path or a text stream): a header, then one point a row.

        `label` and `features` are names of columns: by default the label is the last column and the features, which
        become the inputs in the order given, are all others. Columns that are neither are not read. Decimals, exponents
        and fractions such as 3/8 are read exactly. `bias` appends the constant 1 to the inputs. A `loss` may forbid
        labels, as the logistic one does all but 1 and -1. What was understood, with warnings about suspicious columns,
        is in `columns`.

        Raises InputError, with row and column, for everything a table refuses (see `table.read_table`), for names that
        the header does not have, for a single column, a zero input row, and labels the loss forbids.
        """
        choice = ColumnChoice(label, None if features is None else tuple(features))
        table = read_table(source, choice.of)
        for row, cells in enumerate(table.rows):
            if not bias and not any(cells[:-1]):
                raise InputError(
                    f"{table.place(row)}: every input is 0, a zero vector on which no neuron acts; leave the row out "
                    "or append a bias"
                )
        inputs = tuple(_with_bias(cells[:-1], bias) for cells in table.rows)
        labels = tuple(cells[-1] for cells in table.rows)
        _check_labels(loss, labels, lambda number: table.place(number - 1, len(table.rows[0]) - 1))
        columns = columns_of(table.header, table.places, table.rows, bias)
        return cls(inputs, labels, True, Path(table.source).stem, columns)

    @classmethod
    def from_arrays(
        cls, inputs: Any, labels: Any, *, bias: bool = False, loss: str = "square", name: str = ""
    ) -> Dataset:
        """A data set from inputs of shape (n, d) and labels of shape (n,): arrays or nested sequences.

        Integers, `Fraction`, `Decimal` and text such as "3/8" are exact; floats are the dyadic rationals they are and
        make `decimal` False. Raises InputError as `from_csv` does, with row and column.
        """
        points = [_exact_row(row, f"inputs, row {k + 1}") for k, row in enumerate(_iterated(inputs, "inputs"))]
        exact_labels, labels_decimal = _exact_row(_iterated(labels, "labels"), "labels")
        _check_labels(loss, exact_labels, "labels, row {}".format)
        decimal = labels_decimal and all(exact for _, exact in points)
        return cls(tuple(_with_bias(point, bias) for point, _ in points), exact_labels, decimal, name)

    @classmethod
    def published(cls, name: str) -> Dataset:
        """A published data set of theory.md 7 by name (see `PUBLISHED`), with its bias coordinate.

        Raises InputError, with the nearest name, when there is none of that name.
        """
        with published_table(name) as stream:
            return replace(cls.from_csv(stream, bias=True), name=name)

    def to_csv(self, target: str | os.PathLike[str] | TextIO) -> None:
        """Write header x1,..,xd,y and one point a row, exactly: reading the file gives the same rationals back."""
        text = "".join(f"{line}\n" for line in self._lines())
        if isinstance(target, str | os.PathLike):
            Path(target).write_text(text, encoding="utf-8", newline="\n")
        else:
            target.write(text)

    def to_json(self) -> dict[str, Any]:
        """The points and labels as a JSON document, every number as the exact text that `from_arrays` reads back."""
        return {
            "schema": 1,
            "name": self.name,
            "n": self.n,
            "d": self.d,
            "decimal": self.decimal,
            "inputs": [[number_text(value) for value in point] for point in self.inputs],
            "labels": [number_text(value) for value in self.labels],
        }

    def _lines(self) -> Iterable[str]:
        yield ",".join([*(f"x{i + 1}" for i in range(self.d)), "y"])
        for point, label in zip(self.inputs, self.labels, strict=True):
            yield ",".join(number_text(value) for value in (*point, label))


def _check_labels(loss: str, labels: Sequence[Fraction], places: Callable[[int], str]) -> None:
    """Raise InputError for an unknown loss and for the first label that it forbids."""
    if loss != USUAL_LOSS:  # it takes every label; any other one loads SymPy
        from .losses import get_loss

        get_loss(loss).check_labels(labels, places)


def _read_only(values: Sequence[Any]) -> NDArray[np.float64]:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def _with_bias(point: tuple[Fraction, ...], bias: bool) -> tuple[Fraction, ...]:
    return (*point, Fraction(1)) if bias else point


def _iterated(values: Any, what: str) -> list[Any]:
    if isinstance(values, str):
        raise InputError(f"{what}: text where rows of numbers are needed")
    try:
        return list(values)
    except TypeError:
        raise InputError(f"{what}: a single value where rows of numbers are needed") from None


def _exact_row(row: Any, where: str) -> tuple[tuple[Fraction, ...], bool]:
    exact: list[tuple[Fraction, bool]] = []
    for column, value in enumerate(_iterated(row, where)):
        try:
            exact.append(to_exact(value))
        except InputError as error:
            raise InputError(f"{where}, {'row' if where == 'labels' else 'column'} {column + 1}: {error}") from None
    return tuple(value for value, _ in exact), all(written for _, written in exact)
