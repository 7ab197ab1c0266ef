"""`proofs-check certify`: a proof that the flow from a start, or every start, ends at least squares, as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

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

if TYPE_CHECKING:
    from ...numerics.certify.constants import StartBounds
    from ...numerics.certify.every_start import EveryStartCertificate
    from ...numerics.certify.instance import RationalStart
    from ...numerics.certify.path.certificate import PathCertificate
    from ...numerics.certify.prove import FlowCertificate
    from ...numerics.data.dataset import Dataset
    from ...numerics.data.start import Start

HELP = """Prove that the gradient flow from a start ends at least squares, and nowhere else; write the proof down.

For example: proofs-check certify three_points.csv --bias --width 20 --scale 1e-3 --out cert.json

Square loss, ReLU, inputs in the plane (a bias counts), positive labels, inputs with positive inner products. The start
is drawn (--width and --scale) or read (--start FILE.csv), and taken as the rational numbers that it is; where |a| is
below ||w|| by rounding only, it is raised, and the file says so. Exit code 1: not decided, and where the proof stops.
docs/certificates.md describes the file; proofs-check recheck checks it.

With --every-start no start is given: the proof (theory.md 9.1) is for every width, any dimension, and every dominated
start with sum a^2 <= C lambda^2 and tan(theta/2) >= D for the neurons with a < 0, and gives the largest lambda. Where
condition (C) is not shown, a tube around the limit path is tried (condition (P), theory.md 9.2).
For example: proofs-check certify three_points.csv --bias --every-start --out cert.json
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
    every_start: Annotated[
        bool, typer.Option("--every-start", help="Prove it for every width and every start of theory.md 9.1.")
    ] = False,
    delta: Annotated[
        str | None,
        typer.Option(
            "--delta", metavar="D", show_default=False, help="With --every-start: tan(theta/2) >= D. [default: 1/10]"
        ),
    ] = None,
    bound: Annotated[
        str | None,
        typer.Option(
            "--bound", metavar="C", show_default=False, help="With --every-start: sum a^2 <= C lambda^2. [default: 1]"
        ),
    ] = None,
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
    from ...numerics.errors import InputError
    from ..report.output import check_writable, write_json
    from ..report.terminal import console_for

    described = StartOptions(width, scale, seed, start)
    bounds = _start_bounds(described, delta, bound) if every_start else None
    if bounds is None:
        described.check(needed=True)
        for option, given in (("--delta", delta), ("--bound", bound)):
            if given is not None:
                raise InputError(f"{option} needs --every-start; one start is described by --width or --start")
    if out == json:
        raise InputError(f"--out and --json would both be written to {out}; name two files")
    read = [Path(name).resolve() for name in (data, described.file) if name is not None]
    for option, target in (("--out", out), ("--json", json)):
        if target is not None and target != "-" and Path(target).resolve() in read:
            raise InputError(f"{option} {target} would be written over a file that is read; choose another name")
        if target is not None:
            check_writable(target)
    points, columns = DataOptions(data, bias, label, features).read()
    neurons = None if bounds is not None else described.read(points.d)
    console = console_for(stderr="-" in (out, json))
    verdict: dict[str, Any] = {"schema": 1, "columns": columns.to_json()}
    console.print(f"{Path(data).name}: {columns.describe()}", soft_wrap=True, markup=False, highlight=False)
    try:
        with console.status("proving"):
            certificate = _proved(points, bounds or _exact_start(described, neurons))
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


def _exact_start(described: StartOptions, neurons: Start | None) -> RationalStart:
    """The start in rationals; Undecided where it is not dominated."""
    from ...numerics.certify.instance import drawn_start, read_exact_start

    assert neurons is not None
    return drawn_start(neurons) if described.file is None else read_exact_start(described.file)


def _proved(
    points: Dataset, start: StartBounds | RationalStart
) -> FlowCertificate | EveryStartCertificate | PathCertificate:
    from ...numerics.certify.constants import StartBounds
    from ...numerics.certify.path.certificate import certify_by_either
    from ...numerics.certify.prove import certify

    return certify_by_either(points, start) if isinstance(start, StartBounds) else certify(points, start)


def _start_bounds(described: StartOptions, delta: str | None, bound: str | None) -> StartBounds:
    """What --delta and --bound say about the starts, once no single start is described beside --every-start."""
    from ...numerics.certify.constants import StartBounds
    from ...numerics.data.exact import to_exact
    from ...numerics.errors import InputError

    for option in ("width", "scale", "seed", "start"):
        if getattr(described, option) is not None:
            raise InputError(f"--{option} describes one start and cannot stand beside --every-start; leave one out")
    numbers = {"delta": delta, "bound": bound}
    return StartBounds(**{name: to_exact(text)[0] for name, text in numbers.items() if text is not None})
