"""The rows of a sweep's table, one a run: the types of its columns, and reading and writing it as Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

from ...numerics.errors import InputError
from ...numerics.sweep.grid import GridRun
from ...numerics.sweep.outcome import ENDS, Outcome
from ..report.output import write_atomically

INSTALL = "python -m pip install 'early-alignment-proofs[sweep]'"


@dataclass(frozen=True)
class Row:
    """A run with its outcome."""

    run: GridRun
    outcome: Outcome

    def to_dict(self) -> dict[str, Any]:
        """The columns in order."""
        return asdict(self.run) | asdict(self.outcome)


def _columns() -> dict[str, type]:
    """The fields of both, without the None that stands for a missing value; where a run ends is text."""
    found: dict[str, type] = {}
    for holder in (GridRun, Outcome):
        for name, hint in get_type_hints(holder).items():
            (kind,) = (kind for kind in get_args(hint) or (hint,) if kind is not NoneType) if name != "end" else (str,)
            found[name] = kind
    return found


COLUMNS: Mapping[str, type] = _columns()
"""The names and types of the columns."""


def check_installed() -> None:
    """Raise InputError unless pyarrow, which reads and writes Parquet, is installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise InputError(f"a sweep needs pyarrow to write its results; install it with {INSTALL}") from None


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write the rows to a Parquet file in the order of their runs, all of it or nothing."""
    import pyarrow
    import pyarrow.parquet

    ordered = [row.to_dict() for row in sorted(rows, key=lambda row: row.run.number)]
    table = pyarrow.Table.from_pylist(ordered, schema=_schema())
    write_atomically(path, lambda stream: pyarrow.parquet.write_table(table, stream))


def read_rows(path: Path, runs: Iterable[GridRun]) -> list[Row]:
    """The rows of a file that `write_rows` wrote about these runs; InputError for any other file."""
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(path, partitioning=None)
    except (OSError, pyarrow.ArrowException) as error:
        raise _damaged(path, "it is cut off or not a Parquet file") from error
    if table.schema.names != list(COLUMNS):
        raise _damaged(path, "its columns are not those of a sweep")
    known, found = {run.number: run for run in runs}, []
    names = [field.name for field in fields(Outcome)]
    for values in table.to_pylist():
        run = known.pop(values["number"], None)
        if run is None or any(values[name] != value for name, value in asdict(run).items()):
            raise _damaged(path, f"its run {values['number']} is not one of the specification")
        if values["end"] not in ENDS:
            raise _damaged(path, f"its run {values['number']} ends at {values['end']!r}")
        found.append(Row(run, Outcome(**{name: values[name] for name in names})))
    return found


def _schema() -> Any:
    import pyarrow

    types = {int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_(), str: pyarrow.string()}
    return pyarrow.schema([pyarrow.field(name, types[kind]) for name, kind in COLUMNS.items()])


def _damaged(path: Path, why: str) -> InputError:
    return InputError(f"{path} is damaged: {why}; remove it, or name another --out")
