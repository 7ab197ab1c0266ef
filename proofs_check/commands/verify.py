"""`proofs-check verify`: check claims and print their verdicts."""

from __future__ import annotations

from typing import Annotated

import typer

from ..claim.naming import looks_like_file
from ..report.formats import check_report, write_report
from ..report.output import StoppedByUser, check_writable, write_json
from ..verify.backends import DEFAULT_BACKEND

HELP = """Check claims, and whatever they depend on, and print a verdict for each.

For example: proofs-check verify alignment my_claim.py --level full

A claim is named by its id (flow.balancedness), by its group (flow), or by the path of a claim file of your own
(my_claim.py). A claim file is Python and runs as such: only check files you would also run. Without a name, every
built-in claim is checked. Each verdict is shown as it falls, and the whole table at the end. Symbolic and kernel
evidence that was decided before by the same code is remembered, and says so.

Exit code: 0 when every verdict is proved, certified, supported or refuted as expected, 1 otherwise or when one is
lower than in the baseline, 2 for unusable input, 130 when interrupted: the file of --json then holds the claims that
were decided.
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
    cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="Whether to use what earlier runs of the same code decided.")
    ] = True,
    backend: Annotated[
        str,
        typer.Option(metavar="NAME", help="Where checks run: processes, or sequential, for a debugger."),
    ] = DEFAULT_BACKEND,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", show_default=False, help="Run on the Dask cluster of this scheduler."),
    ] = None,
    out: Annotated[
        list[str] | None,
        typer.Option("--out", metavar="FILE", show_default=False, help="Write a report too: FILE.md or FILE.json."),
    ] = None,
    json: Annotated[
        str | None, typer.Option(metavar="F", help="Write the results as JSON; - is standard output.")
    ] = None,
) -> None:
    """Run the checks, print or write the report, and set the exit code."""
    selected = tuple(names or ())
    if json is not None:
        check_writable(json)
    for path in out or ():
        check_report(path)
    from ..verify.server import start

    reads_files = any(map(looks_like_file, selected))  # what the server has to load for one is known once it is read
    if backend == DEFAULT_BACKEND and scheduler is None and not reads_files:
        start(selected)
    from ..claim.registry import built_in_references
    from ..report.progress import screen
    from ..report.terminal import console_for
    from ..report.verdicts import print_report
    from ..verify import baseline as earlier
    from ..verify.verification import Stopped, verify

    required = (require,) if require is not None else ()
    recorded = earlier.read_baseline(baseline) if baseline is not None else None
    try:
        with screen(lines=json != "-") as watcher:
            run = verify(
                *selected,
                level=level,
                require=required,
                jobs=jobs,
                seed=seed,
                timeout=timeout,
                remember=cache,
                backend=backend,
                scheduler=scheduler,
                watcher=watcher,
            )
    except Stopped as stop:
        for path in out or ():
            write_report(path, stop.finished)
        if json is not None:
            write_json(json, stop.finished.to_json())
        done, unfinished = len(stop.finished.claims), len(stop.finished.unfinished)
        kept = f"; they are in {json}" if json is not None and json != "-" else ""
        how_far = f"{done} of {done + unfinished} claims were decided" if done + unfinished else "no claim was read yet"
        raise StoppedByUser(f"interrupted; {how_far}{kept}") from None
    comparison = None
    if recorded is not None:
        comparison = earlier.compare(recorded, run, built_in_references() if selected else ())
    for path in out or ():
        write_report(path, run)
    if json is not None:
        write_json(json, run.to_json())
    if json == "-":
        for sentence in comparison.lowered + comparison.changed if comparison else ():
            typer.echo(sentence, err=True)
    else:
        typer.echo()
        print_report(run, console_for(), comparison)
    if not run.good or (comparison is not None and comparison.lowered):
        raise typer.Exit(1)
