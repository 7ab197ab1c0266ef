"""`proofs-check sweep`: many starts on many data sets, in parallel, and a phase diagram of where they end."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..sweep.sweep import Progress

HELP = """Run a grid of starts over scale, width, seed, data set, dimension and leak, and draw where they end.

For example: proofs-check sweep two_edged.toml --out two_edged

SPEC.toml names the data sets, the grid, how each start is followed, and what the phase diagram shows; docs/sweeps.md
describes it. The folder of --out gets results.parquet, one row a run, and phase_diagram.png, .svg and .csv. The same
command continues a sweep that was stopped or killed, and draws one that has ended again. What a run results in depends
on the seeds in SPEC.toml alone, not on the number of processes.

Exit code: 0 when every run was followed to its end, 1 otherwise, 2 for unusable input, 130 when interrupted: what was
computed is kept.
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("sweep", help=HELP)(sweep_command)


def sweep_command(
    specification: Annotated[str, typer.Argument(metavar="SPEC.toml", show_default=False, help="What to run.")],
    out: Annotated[
        str | None,
        typer.Option(
            "--out", metavar="DIR", show_default=False, help="The folder of the results. [default: the name of SPEC]"
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", metavar="N", show_default=False, help="Processes at a time. [default: all cores]"),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler", metavar="ADDRESS", show_default=False, help="Run on the Dask cluster of this scheduler."
        ),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option("--json", metavar="F", show_default=False, help="Write a summary as JSON; - is standard output."),
    ] = None,
) -> None:
    """Read the specification, run what is left, write the table and the figure, print the report."""
    from pathlib import Path

    from ...numerics.errors import InputError
    from ..report.output import StoppedByUser, check_writable, write_json
    from ..sweep.rows import check_installed
    from ..verify.backends.processes import available_cores

    if json is not None:
        check_writable(json)
    if jobs is not None and jobs < 1:
        raise InputError(f"the number of jobs is {jobs}; it must be at least 1")
    if jobs is not None and scheduler is not None:
        raise InputError(
            "--jobs is for processes of this machine; the workers of --scheduler decide how many run there"
        )
    check_installed()
    from ..figures.phase_diagram import check_panels, draw_phase_diagram
    from ..report.sweep import sweep_lines
    from ..report.terminal import console_for
    from ..sweep.folder import FIGURE
    from ..sweep.specification import read_specification
    from ..sweep.sweep import Stopped, run_sweep

    chosen = read_specification(specification)
    try:
        check_panels(chosen.runs, chosen.settings.figure)
    except InputError as error:
        raise InputError(f"{specification}: {error}") from None
    folder, name = out or Path(specification).stem, Path(specification).name
    try:
        with _progress() as progress:
            swept = run_sweep(chosen, folder, jobs=jobs or available_cores(), scheduler=scheduler, progress=progress)
    except Stopped as stop:
        raise StoppedByUser(
            f"interrupted; {stop.done} of {stop.total} runs have a result in {folder}, and the same command goes on"
        ) from None
    figure = draw_phase_diagram(
        swept.rows, chosen.settings.figure, Path(specification).stem.replace("_", " "), swept.folder / FIGURE
    )
    found = swept.to_json() | {"figure": [str(path) for path in figure]}
    if json is not None:
        write_json(json, found)
    if json != "-":
        console = console_for()
        for line in sweep_lines(name, found, figure):
            console.print(line, soft_wrap=True)
    if swept.unresolved:
        raise typer.Exit(1)


@contextlib.contextmanager
def _progress() -> Iterator[Progress | None]:
    """A progress bar on standard error when that is a terminal, nothing otherwise."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
