"""`proofs-check data`: the published data sets, listed or written out as CSV."""

from __future__ import annotations

from typing import Annotated

import typer

HELP = """List the published data sets, or write one as CSV to standard output.

For example: proofs-check data three-points --out three_points.csv
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("data", help=HELP)(data_command)


def data_command(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", show_default=False, help="The data set to write; none: list all.")
    ] = None,
    out: Annotated[
        str | None, typer.Option("--out", metavar="FILE", help="Write the CSV to FILE, not to standard output.")
    ] = None,
    json: Annotated[
        str | None, typer.Option("--json", metavar="F", help="Write the list as JSON; - is standard output.")
    ] = None,
) -> None:
    """List the data sets, or write one out."""
    from ...numerics.data.published import published_text
    from ...numerics.errors import InputError
    from ..report.output import write_json, write_standard_output, write_text_atomically
    from ..report.published import list_document, list_text

    if name is not None:
        text = published_text(name)
        if json is not None:
            raise InputError("--json writes the list of data sets; with a NAME use --out FILE, which writes CSV")
        if out is None:
            write_standard_output(text)
        else:
            write_text_atomically(out, text)
        return
    if out is not None:
        raise InputError("--out needs the NAME of a data set; proofs-check data lists the names")
    if json is not None:
        write_json(json, list_document())
    if json != "-":
        write_standard_output(list_text())
