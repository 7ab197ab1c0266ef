"""The folder of a sweep: sweep.json (the specification), data/NAME.csv, results.parquet, and the figure.

The table is rewritten as a whole while the sweep runs, so that it can be read at any time.
"""

from __future__ import annotations

import contextlib
import json
import time as clock
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...numerics.errors import InputError
from ..report.output import write_together
from .rows import Row, read_rows, write_rows
from .specification import Specification

SPECIFICATION, RESULTS, DATA, FIGURE = "sweep.json", "results.parquet", "data", "phase_diagram"
SCHEMA = 1
EVERY = 2.0
"""Seconds between two times at which the table is written."""
SPARING = 20
"""It is written this many times as rarely as writing it takes."""


def begin(out: str, specification: Specification) -> Path:
    """The folder `out`, made for this sweep, or that of the same sweep begun before; InputError for any other."""
    folder = Path(out)
    described = {"schema": SCHEMA} | specification.to_json()
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--out {out} is not a folder; name another one")
    if (folder / SPECIFICATION).is_file():
        _check_same(folder, described)
        return folder
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"--out {out} is neither empty nor the folder of a sweep; name another one")
    if not folder.parent.is_dir():
        raise InputError(f"--out {out}: there is no folder {folder.parent}; create it first")
    made = not folder.exists()
    files: dict[str | Path, bytes] = {
        folder / DATA / f"{name}.csv": source.table for name, source in specification.sources.items()
    }
    try:
        (folder / DATA).mkdir(parents=True)
        write_together(files | {folder / SPECIFICATION: (json.dumps(described, indent=1) + "\n").encode("utf-8")})
    except BaseException as error:
        for empty in (folder / DATA, folder) if made else (folder / DATA,):
            with contextlib.suppress(OSError):
                empty.rmdir()
        if isinstance(error, OSError):
            raise InputError(f"cannot make the folder {out}: {(error.strerror or str(error)).lower()}") from error
        raise
    return folder


def finished(folder: Path, specification: Specification) -> list[Row]:
    """The rows of runs that need not be run again: all but those that failed."""
    path = folder / RESULTS
    rows = read_rows(path, specification.runs) if path.is_file() else []
    return [row for row in rows if row.outcome.end != "failed"]


@dataclass
class Table:
    """The results of a sweep while it runs, written now and then."""

    path: Path
    rows: list[Row]
    _due: float = field(default_factory=lambda: clock.monotonic() + EVERY)

    def add(self, row: Row) -> None:
        """Take in a row, and write the table if it is time."""
        self.rows.append(row)
        if clock.monotonic() >= self._due:
            self.write()

    def write(self) -> None:
        """Write all rows now."""
        begun = clock.monotonic()
        write_rows(self.path, self.rows)
        ended = clock.monotonic()
        self._due = ended + max(EVERY, SPARING * (ended - begun))


def _check_same(folder: Path, described: Mapping[str, Any]) -> None:
    path = folder / SPECIFICATION
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(f"{path} is damaged; name another --out") from None
    if kept == json.loads(json.dumps(described)):
        return
    before, now = dict(_leaves(kept)), dict(_leaves(described))
    names = [name for name in (*now, *before) if before.get(name) != now.get(name)]
    raise InputError(
        f"{folder} holds a sweep with another specification, which differs in {names[0]}; name another --out, or "
        "restore the specification"
    )


def _leaves(value: Any, place: str = "") -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{place}.{name}" if place else name)
    else:
        yield place, list(value) if isinstance(value, tuple) else value
