"""`proofs-check sharpen`: the largest constant for which a claim holds."""

from __future__ import annotations

from typing import Annotated

import typer

HELP = """Find the largest constant for which each inequality of a claim holds: proved up to it, refuted just beyond it.

For example: proofs-check sharpen spurious.sharp-constants --json constants.json

Everything is exact: proofs by signs of polynomials, counterexamples in rationals. Exit codes: 0 decided; 1 a constant
could not be decided; 2 the claim has no constant.
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("sharpen", help=HELP)(sharpen_command)


def sharpen_command(
    claim: Annotated[str, typer.Argument(metavar="ID|FILE.py", show_default=False, help="The claim.")],
    json: Annotated[
        str | None, typer.Option("--json", metavar="F", help="Write the constants as JSON; - is standard output.")
    ] = None,
) -> None:
    """Decide the constants again, and print or write them."""
    from ..claim.registry import claim_reference, load
    from ..report.output import check_writable, write_json
    from ..report.terminal import console_for
    from ..sharp import constants as sharpening

    if json is not None:
        check_writable(json)
    hook = sharpening.constants_of(claim)
    claim_id = load(claim_reference(claim)).claim.id
    try:
        constants = hook()
    except sharpening.NotSharp as reason:
        typer.echo(f"proofs-check: a constant of {claim_id} is not decided: {reason}", err=True)
        raise typer.Exit(1) from None
    if json is not None:
        write_json(json, sharpening.to_json(claim_id, constants))
    if json != "-":
        sharpening.print_constants(claim_id, constants, console_for())
