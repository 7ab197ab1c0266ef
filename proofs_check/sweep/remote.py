"""Follow the runs of a sweep on the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...numerics.data.dataset import Dataset
from ...numerics.sweep.grid import Following, GridRun
from ...numerics.sweep.outcome import Outcome, failed
from ..verify.cluster import run_calls
from .workers import Finished, run_safely


def run_on_cluster(
    runs: Sequence[GridRun], data: Mapping[str, Dataset], following: Following, finished: Finished, client: Any
) -> None:
    """Follow the runs, as `workers.run_all` does; one whose worker is lost again and again has failed."""

    def ended(run: GridRun, result: Outcome | Exception) -> Iterable[GridRun]:
        if isinstance(result, Exception):
            result = failed(f"{type(result).__name__}: {' '.join(str(result).split())}")
        finished(run, result)
        return ()

    run_calls(client, _run, runs, (dict(data), following), ended)


def _run(run: GridRun, data: Mapping[str, Dataset], following: Following) -> Outcome:
    return run_safely(run, data[run.data], following)
