"""`proofs-check list`: the catalogue of built-in claims."""

from __future__ import annotations

import gc
from typing import Annotated, Any

import typer

from ..report.output import write_json

HELP = """List the built-in claims: id, title, what each needs, and its source.

For example: proofs-check list --theorem

With --theorem they are in the order of the publications, with the verdict of the run that this version was recorded
with; proofs-check verify decides it again.
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("list", help=HELP)(list_command)


def list_command(
    theorem: Annotated[
        bool, typer.Option("--theorem", help="Sort by the published theorem a claim comes from.")
    ] = False,
    json: Annotated[
        str | None, typer.Option(metavar="F", help="Write the catalogue as JSON; - is standard output.")
    ] = None,
) -> None:
    """Print the catalogue, or write it as JSON."""
    from ..report.catalogue_cache import recorded_verdicts, remembered
    from ..report.catalogue_text import print_catalogue
    from ..report.terminal import console_for

    said = remembered("list", _read)
    for claim in said["catalogue"]["claims"]:
        claim["recorded_verdict"] = recorded_verdicts().get(claim["id"])
    if json is not None:
        write_json(json, said["catalogue"])
    if json != "-":
        print_catalogue(said["catalogue"]["claims"], console_for(), by_theorem=theorem)
    for sentence in said["broken"]:
        typer.echo(f"proofs-check: {sentence}", err=True)


def _read() -> dict[str, Any]:
    """The catalogue from the claim files, and a sentence for each that is broken."""
    gc.disable()  # what is loaded stays until the command ends: garbage collection would take a tenth of the time
    from ..claim.registry import select
    from ..report import catalogue

    items = select(())
    broken = [f"{item.shown} is broken: {item.broken}" for item in items if item.broken]
    return {"catalogue": catalogue.to_json([item.claim for item in items]), "broken": broken}
