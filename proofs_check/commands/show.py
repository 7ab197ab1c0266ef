"""`proofs-check show`: one claim with everything that is said about it."""

from __future__ import annotations

import gc
from typing import Annotated

import typer

from ..output import write_json

HELP = """Show one claim: statement, hypotheses, derivation, sources, evidence, and why its mutants are false.

For example: proofs-check show alignment.closed-form

A claim is named by its id or by the path of a claim file, which is Python and runs as such.
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("show", help=HELP)(show_command)


def show_command(
    claim: Annotated[str, typer.Argument(metavar="ID|FILE.py", show_default=False)],
    json: Annotated[
        str | None, typer.Option(metavar="F", help="Write the claim as JSON; - is standard output.")
    ] = None,
) -> None:
    """Print the claim, or write it as JSON."""
    gc.disable()  # as in `proofs-check list`
    from .. import catalogue
    from ..registry import claim_reference, load_or_stand_in
    from ..report import console_for

    item = load_or_stand_in(claim_reference(claim))
    if item.broken:
        typer.echo(f"proofs-check: {item.shown} is broken: {item.broken}", err=True)
        raise typer.Exit(1)
    if json is not None:
        write_json(json, catalogue.claim_json(item))
    if json != "-":
        catalogue.print_claim(item, console_for())
