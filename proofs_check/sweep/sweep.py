"""`run_sweep`: what is left of a sweep is run, and its results are written as they come."""

from __future__ import annotations

import time as clock
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ...numerics.sweep.grid import GridRun
from ...numerics.sweep.outcome import Outcome
from ..runs.run_folder import clear_leftovers, locked
from . import folder as store
from .rows import Row
from .specification import Specification
from .workers import run_all

Progress = Callable[[int, int], None]
"""Called with how many runs have a result, and how many there are."""


class Stopped(Exception):
    """Ctrl-C: so many of all runs have a result, and these are in the folder."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__("interrupted")
        self.done, self.total = done, total


@dataclass(frozen=True)
class Swept:
    """A sweep that has ended: its rows in the order of the runs, how many were there before, and the time it took."""

    folder: Path
    specification: Specification
    rows: Sequence[Row]
    before: int
    seconds: float

    @property
    def unresolved(self) -> list[Row]:
        """Rows of runs that could not be followed to their end."""
        return [row for row in self.rows if not row.outcome.resolved]

    @property
    def ends(self) -> dict[str, int]:
        """How many runs ended where, the most frequent end first."""
        return dict(Counter(row.outcome.end for row in self.rows).most_common())

    def to_json(self) -> dict[str, Any]:
        """The JSON object of `proofs-check sweep`."""
        return {
            "schema": 1,
            "folder": str(self.folder),
            "results": str(self.folder / store.RESULTS),
            "runs": len(self.rows),
            "computed_before": self.before,
            "ends": self.ends,
            "unresolved": [
                {"number": row.run.number, "end": row.outcome.end, "message": row.outcome.message}
                for row in self.unresolved
            ],
            "seconds": self.seconds,
        }


def run_sweep(
    specification: Specification,
    out: str,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Swept:
    """Run the runs of a specification that have no result in the folder `out`, in processes or on a Dask cluster.

    Raises InputError for a folder that holds something else, and a scheduler that does not answer; Stopped on Ctrl-C.
    """
    data = {name: source.data for name, source in specification.sources.items()}
    described: dict[str, Any] = {"data": data, "following": specification.following}
    if scheduler is None:
        return _run(specification, out, partial(run_all, jobs=jobs, **described), progress)
    from ..verify.cluster import connected
    from .remote import run_on_cluster

    with connected(scheduler) as client:
        return _run(specification, out, partial(run_on_cluster, client=client, **described), progress)


def _run(specification: Specification, out: str, run_left: Callable[..., None], progress: Progress | None) -> Swept:
    started, runs = clock.monotonic(), specification.runs
    folder = store.begin(out, specification)
    with locked(folder):
        clear_leftovers(folder)
        rows = store.finished(folder, specification)
        before, known = len(rows), {row.run.number for row in rows}
        table = store.Table(folder / store.RESULTS, rows)

        def finished(run: GridRun, outcome: Outcome) -> None:
            table.add(Row(run, outcome))
            if progress is not None:
                progress(len(table.rows), len(runs))

        try:
            if progress is not None:
                progress(before, len(runs))
            if left := [run for run in runs if run.number not in known]:
                run_left(left, finished=finished)
        except KeyboardInterrupt:
            raise Stopped(len(table.rows), len(runs)) from None
        finally:
            if len(table.rows) > before:
                table.write()
    ordered = sorted(table.rows, key=lambda row: row.run.number)
    return Swept(folder, specification, ordered, before, clock.monotonic() - started)
