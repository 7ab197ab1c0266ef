"""`proofs-check recheck`: a certificate, checked again by independent code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from fractions import Fraction

    from ..recheck import Accepted

HELP = """Check every step of a certificate again, with code that shares nothing with the prover.

For example: proofs-check recheck cert.json

Exit codes: 0 accepted; 1 rejected: a step does not hold; 2 the file is not a certificate at all. The checker is
proofs_check/recheck/, 400 lines on the standard library and python-flint; docs/certificates.md is what it checks.
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("recheck", help=HELP)(recheck_command)


def recheck_command(
    certificate: Annotated[str, typer.Argument(metavar="CERT.json", show_default=False, help="The certificate.")],
    json: Annotated[
        str | None,
        typer.Option(
            "--json", metavar="F", show_default=False, help="Write the verdict as JSON; - is standard output."
        ),
    ] = None,
) -> None:
    """Read the file, check it, and say what it proves or what does not hold."""
    from pathlib import Path

    from ...numerics.errors import InputError
    from ..recheck import LARGEST_FILE, NotACertificate, Rejected, recheck
    from ..report.output import check_writable, write_json
    from ..report.terminal import console_for

    if json is not None and json != "-":
        if Path(json).resolve() == Path(certificate).resolve():
            raise InputError(f"--json {json} would be written over the certificate; choose another name")
        check_writable(json)
    console = console_for(stderr=json == "-")
    try:
        with Path(certificate).open("rb") as file:
            text = file.read(LARGEST_FILE + 1).decode("utf-8")
        accepted = recheck(text)
    except (OSError, UnicodeDecodeError, NotACertificate) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{Path(certificate).name} is not a certificate: {reason}") from None
    except Rejected as reason:
        if json is not None:
            write_json(json, {"schema": 1, "verdict": "rejected", "reason": str(reason)})
        console.print(f"rejected: {reason}", soft_wrap=True, markup=False, highlight=False)
        raise typer.Exit(1) from None
    if json is not None:
        write_json(json, payload(accepted))
    for line in lines(accepted):
        console.print(line, soft_wrap=True, markup=False, highlight=False)


def payload(accepted: Accepted) -> dict[str, Any]:
    """What `--json` writes."""
    return {
        "schema": 1,
        "verdict": "accepted",
        "points": accepted.points,
        "width": accepted.width,
        "live": accepted.live,
        "cells": accepted.cells,
        "limit": [str(value) for value in accepted.limit],
        "outputs": [str(value) for value in accepted.outputs],
        "loss": str(accepted.loss),
        "time": str(accepted.time),
    }


def lines(accepted: Accepted) -> list[str]:
    """What a person reads."""

    def short(value: Fraction) -> str:
        """Six digits of a number that a float may not hold."""
        return f"{float(value):.6g}" if 10**-300 < abs(value) < 10**300 else str(value)

    outputs = ", ".join(map(short, accepted.outputs))
    return [
        f"accepted: the flow of these {accepted.width} neurons ({accepted.live} with a > 0 active on some of the "
        f"{accepted.points} points) ends at least squares",
        f"beta* = ({', '.join(map(str, accepted.limit))}), outputs {outputs}, loss {accepted.loss} = "
        f"{short(accepted.loss)} > 0",
        f"{accepted.cells} cells; in the trap by t = {short(accepted.time)} at the latest",
    ]
