"""`proofs-check show`: one claim with everything that is said about it."""

from __future__ import annotations

import gc
from typing import Annotated, Any

import typer

from ..report.output import write_json

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
    from ..claim.naming import looks_like_file
    from ..report.catalogue_cache import remembered
    from ..report.catalogue_text import print_claim
    from ..report.terminal import console_for

    said = _read(claim) if looks_like_file(claim) else remembered(f"show {claim}", lambda: _read(claim))
    if said["broken"]:
        typer.echo(f"proofs-check: {said['broken']}", err=True)
        raise typer.Exit(1)
    if json is not None:
        write_json(json, said["claim"])
    if json != "-":
        print_claim(said["claim"], console_for())


def _read(name: str) -> dict[str, Any]:
    """The claim from its file, or a sentence that says why the file is broken."""
    gc.disable()  # as in `proofs-check list`
    from ..claim.registry import claim_reference, load_or_stand_in
    from ..report import catalogue

    item = load_or_stand_in(claim_reference(name))
    if item.broken:
        return {"broken": f"{item.shown} is broken: {item.broken}"}
    return {"broken": "", "claim": catalogue.claim_json(item)}
