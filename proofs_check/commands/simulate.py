"""`proofs-check simulate`: the gradient flow of a network on a data file, from a start."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from .options import (
    Bias,
    DataFile,
    Leak,
    LossName,
    Scale,
    Seed,
    StartOption,
    Width,
    check_start_options,
    is_start_file,
    read_start,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ...numerics.flow.simulation import Progress

HELP = """Follow the gradient flow itself, from a start, for any width: where the network ends, and what happened.

For example: proofs-check simulate three_points.csv --bias --width 20000 --scale 1e-3 --time 4000

Time is that of the flow on the mean loss, (1/n) sum (h - y)^2 / 2 for the square loss. The start is drawn (--width and
--scale) or read (--start FILE.csv). --out DIR writes trajectory.csv, neurons.csv (a start file) and events.csv.
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("simulate", help=HELP)(simulate_command)


def simulate_command(
    data: DataFile,
    time: Annotated[float, typer.Option("--time", metavar="T", show_default=False, help="The time to reach, T > 0.")],
    bias: Bias = False,
    loss: LossName = "square",
    leak: Leak = "0",
    width: Width = None,
    scale: Scale = None,
    seed: Seed = None,
    start: StartOption = None,
    tolerance: Annotated[
        float, typer.Option("--tolerance", metavar="R", help="The error allowed in each step, relative to the neurons.")
    ] = 1e-8,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="DIR", show_default=False, help="A new or empty folder for the tables."),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option("--json", metavar="F", show_default=False, help="Write the result as JSON; - is standard output."),
    ] = None,
) -> None:
    """Read, simulate, write the files, and print the report last; exit code 1 when the time is not reached."""
    from pathlib import Path

    from ...numerics.dataset import Dataset
    from ...numerics.errors import InputError
    from ...numerics.flow.simulation import check_options, simulate
    from ...numerics.prediction import checked_leak
    from ..output import check_writable, write_json
    from ..report import console_for
    from ..simulation_report import simulation_lines, write_tables

    exact_leak = checked_leak(leak)
    check_options(time, tolerance)
    check_start_options(width, scale, seed, start)
    if width is None and not is_start_file(start):
        raise InputError("a flow needs a start: give --width M and --scale L, or --start FILE.csv")
    if json is not None:
        check_writable(json)
    folder = None if out is None else check_folder(out)
    points = Dataset.from_csv(data, bias=bias, loss=loss)
    neurons = read_start(points.d, width, scale, seed, start)
    assert neurons is not None
    with _progress(time) as progress:
        result = simulate(
            points, neurons.a, neurons.w, time, loss, exact_leak, tolerance, history=out is not None, progress=progress
        )
    if folder is not None:
        write_tables(result, points, folder)
    if json is not None:
        write_json(json, result.to_json())
    if json != "-":
        console = console_for()
        for line in simulation_lines(result, points, loss, Path(data).name):
            console.print(line, soft_wrap=True)
    if result.partial:
        raise typer.Exit(1)


def check_folder(out: str) -> Path:
    """The folder to write to, which does not exist or is empty; InputError otherwise."""
    from pathlib import Path

    from ...numerics.errors import InputError

    folder = Path(out)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"--out {out} exists and is not an empty folder; name a new one")
    if not folder.parent.is_dir():
        raise InputError(f"--out {out}: there is no folder {folder.parent}; make it first")
    return folder


@contextlib.contextmanager
def _progress(until: float) -> Iterator[Progress | None]:
    """A progress bar on standard error when that is a terminal, nothing otherwise."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("t = {task.completed:.4g}"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=until)
        yield lambda time, loss: bar.update(task, completed=time, description=f"loss {loss:.4g}")
