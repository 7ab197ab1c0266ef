"""`proofs-check certify`: a proof that the flow from a start ends at least squares, as a file."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .options import (
    Bias,
    DataFile,
    DataOptions,
    Features,
    Label,
    Scale,
    Seed,
    StartOption,
    StartOptions,
    Width,
)

HELP = """Prove that the gradient flow from a start ends at least squares, and nowhere else; write the proof down.

For example: proofs-check certify three_points.csv --bias --width 20 --scale 1e-3 --out cert.json

Square loss, ReLU, inputs in the plane (a bias counts), positive labels, inputs with positive inner products. The start
is drawn (--width and --scale) or read (--start FILE.csv), and taken as the rational numbers that it is; where |a| is
below ||w|| by rounding only, it is raised, and the file says so. Exit code 1: not decided, and where the proof stops.
docs/certificates.md describes the file; proofs-check recheck checks it.
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("certify", help=HELP)(certify_command)


def certify_command(
    data: DataFile,
    out: Annotated[
        str, typer.Option("--out", metavar="F", show_default=False, help="Write the certificate; - is standard output.")
    ],
    bias: Bias = False,
    label: Label = None,
    features: Features = None,
    width: Width = None,
    scale: Scale = None,
    seed: Seed = None,
    start: StartOption = None,
    json: Annotated[
        str | None,
        typer.Option(
            "--json", metavar="F", show_default=False, help="Write the verdict as JSON; - is standard output."
        ),
    ] = None,
) -> None:
    """Read, prove, write the certificate, and print what was proved; exit 1 when it is not decided."""
    from pathlib import Path

    from ...numerics.certify.errors import Undecided
    from ...numerics.certify.instance import drawn_start, read_exact_start
    from ...numerics.certify.prove import certify
    from ...numerics.errors import InputError
    from ..report.output import check_writable, write_json
    from ..report.terminal import console_for

    described = StartOptions(width, scale, seed, start)
    described.check(needed=True)
    if out == json:
        raise InputError(f"--out and --json would both be written to {out}; name two files")
    read = [Path(name).resolve() for name in (data, described.file) if name is not None]
    for option, target in (("--out", out), ("--json", json)):
        if target is not None and target != "-" and Path(target).resolve() in read:
            raise InputError(f"{option} {target} would be written over a file that is read; choose another name")
        if target is not None:
            check_writable(target)
    points, columns = DataOptions(data, bias, label, features).read()
    neurons = described.read(points.d)
    assert neurons is not None
    console = console_for(stderr="-" in (out, json))
    verdict: dict[str, Any] = {"schema": 1, "columns": columns.to_json()}
    console.print(f"{Path(data).name}: {columns.describe()}", soft_wrap=True, markup=False, highlight=False)
    try:
        exact = drawn_start(neurons) if described.file is None else read_exact_start(described.file)
        with console.status("proving"):
            certificate = certify(points, exact)
    except Undecided as reason:
        if json is not None:
            write_json(json, {**verdict, "verdict": "undecided", "reason": str(reason)})
        console.print(f"undecided: {reason}", soft_wrap=True, markup=False, highlight=False)
        raise typer.Exit(1) from None
    write_json(out, certificate.to_json())
    if json is not None:
        write_json(json, {**verdict, "verdict": "certified", **certificate.summary()})
    for line in certificate.lines():
        console.print(line, soft_wrap=True, markup=False, highlight=False)
