"""`proofs-check verify`: check claims and print their verdicts."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ..output import StoppedByUser, check_writable, write_json

if TYPE_CHECKING:
    from ..results import Verification

HELP = """Check claims, and whatever they depend on, and print a verdict for each.

For example: proofs-check verify alignment my_claim.py --level full

A claim is named by its id (flow.balancedness), by its group (flow), or by the path of a claim file of your own
(my_claim.py). A claim file is Python and runs as such: only check files you would also run. Without a name, every
built-in claim is checked.

Exit code: 0 when every verdict is proved, certified or supported, 1 when one is refuted or inconclusive or lower than
in the baseline, 2 for unusable input, 130 when interrupted.
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("verify", help=HELP)(verify_command)


def verify_command(
    names: Annotated[list[str] | None, typer.Argument(metavar="ID|GROUP|FILE.py", show_default=False)] = None,
    level: Annotated[str, typer.Option(metavar="quick|full", help="How many random cases are drawn.")] = "quick",
    require: Annotated[
        str | None, typer.Option(metavar="kernel", help="Make kernel evidence needed where a claim has it.")
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="OLD.json", help="Fail on any verdict lower than in this earlier run.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Processes at a time; never changes a result. Default: all cores.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", help="Where every random case comes from.")] = 0,
    timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Limit for each check, in place of its own.")
    ] = None,
    json: Annotated[
        str | None, typer.Option(metavar="F", help="Write the results as JSON; - is standard output.")
    ] = None,
) -> None:
    """Run the checks, print or write the report, and set the exit code."""
    from .. import baseline as earlier
    from ..registry import built_in_references
    from ..report import console_for, print_report
    from ..verification import Stopped, verify

    selected = tuple(names or ())
    if json is not None:
        check_writable(json)
    required = (require,) if require is not None else ()
    recorded = earlier.read_baseline(baseline) if baseline is not None else None
    try:
        with _progress() as on_progress:
            run = verify(
                *selected,
                level=level,
                require=required,
                jobs=jobs,
                seed=seed,
                timeout=timeout,
                on_progress=on_progress,
            )
    except Stopped as stop:
        raise StoppedByUser(_what_was_finished(stop.finished, stop.total)) from None
    comparison = None
    if recorded is not None:
        comparison = earlier.compare(recorded, run, built_in_references() if selected else ())
    if json is not None:
        write_json(json, run.to_json())
    if json == "-":
        for sentence in comparison.lowered + comparison.changed if comparison else ():
            typer.echo(sentence, err=True)
    else:
        print_report(run, console_for(), comparison)
    if not run.good or (comparison is not None and comparison.lowered):
        raise typer.Exit(1)


def _what_was_finished(finished: Verification, total: int) -> str:
    done = ", ".join(f"{claim.id} {claim.verdict}" for claim in finished.claims)
    counted = f"{len(finished.claims)} of {total} claims were finished"
    return f"interrupted; workers stopped, no file written; {counted}{f': {done}' if done else ''}"


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error when that is a terminal, nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda finished, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("checking", total=None)
        yield lambda finished, total: bar.update(task, completed=finished, total=total)
