"""`proofs-check list`: the catalogue of built-in claims."""

from __future__ import annotations

import gc
from typing import Annotated

import typer

from ..output import write_json

HELP = """List the built-in claims: id, title, what each needs, and its source.

For example: proofs-check list --theorem
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
    gc.disable()  # what is loaded stays until the command ends: looking for garbage takes a tenth of the time
    from .. import catalogue
    from ..registry import select
    from ..report import console_for

    items = select(())
    if json is not None:
        write_json(json, catalogue.to_json([item.claim for item in items]))
    if json != "-":
        catalogue.print_catalogue([item.claim for item in items], console_for(), by_theorem=theorem)
    for item in items:
        if item.broken:
            typer.echo(f"proofs-check: {item.shown} is broken: {item.broken}", err=True)
