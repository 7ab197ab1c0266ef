"""`proofs-check certify`: a proof about the flow from a start, or from every start, as a file."""

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
    from fractions import Fraction

    from ...numerics.certify.data_only.certificate import DataOnlyCertificate
    from ...numerics.certify.early_alignment.certificate import EarlyCertificate
    from ...numerics.certify.every_start.constants import StartBounds
    from ...numerics.certify.instance import RationalStart
    from ...numerics.certify.one_start.prove import FlowCertificate
    from ...numerics.certify.path.either import DecidedConditions
    from ...numerics.data.problem import Problem
    from ...numerics.data.start import Start

HELP = """Prove that the gradient flow from a start ends at least squares, and nowhere else; write the proof down.

For example: proofs-check certify three_points.csv --bias --width 20 --scale 1e-3 --out cert.json

Square loss, ReLU, inputs in the plane (a bias counts), positive labels, inputs with positive inner products. The start
is drawn (--width and --scale) or read (--start FILE.csv), and taken as the rational numbers that it is; where |a| is
below ||w|| by rounding only, it is raised, and the file says so. Exit code 1: not decided, and where the proof stops.
docs/certificates.md describes the file; proofs-check recheck checks it.

With --every-start no start is given: the proof (theory.md 9.1) is for every width, any dimension, and every dominated
start with sum a^2 <= C lambda^2 and tan(theta/2) >= D for the neurons with a < 0, and gives the largest lambda. Two
conditions are enough for it: (C), and (P), a tube around the limit path (theory.md 9.2). Both are decided unless
--condition names one, and the certificate with the larger lambda is written. For three points in the plane --delta 0
leaves the neurons with a < 0 at any angle (theory.md 9.3).
For example: proofs-check certify three_points.csv --bias --every-start --out cert.json

With --early the proof is about early alignment (theory.md 4.4): at tau = E log(1/lambda)/D_max, for every lambda below
an explicit one, each neuron of the start file, times lambda/sqrt(m), has the fate of its frozen trajectory. Square or
logistic loss, any leak, labels and dimension. Exit code 1 if a neuron is undecided; the certificate of the others is
written all the same.
For example: proofs-check certify three_points.csv --bias --early --start neurons.csv --out cert.json
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
            "--delta",
            metavar="D",
            show_default=False,
            help="With --every-start: tan(theta/2) >= D; 0 for any angle. [default: 1/10]",
        ),
    ] = None,
    bound: Annotated[
        str | None,
        typer.Option(
            "--bound", metavar="C", show_default=False, help="With --every-start: sum a^2 <= C lambda^2. [default: 1]"
        ),
    ] = None,
    condition: Annotated[
        str | None,
        typer.Option(
            "--condition",
            metavar="C|P",
            show_default=False,
            help="With --every-start: by this condition only. [default: the one with the larger lambda]",
        ),
    ] = None,
    early: Annotated[
        bool, typer.Option("--early", help="Prove the fate of each neuron of a start file in the early phase.")
    ] = False,
    epsilon: Annotated[
        str | None,
        typer.Option(
            "--epsilon",
            metavar="E",
            show_default=False,
            help="With --early: at E log(1/lambda)/D_max, 0 < E < 1. [default: 1/4]",
        ),
    ] = None,
    box: Annotated[
        str | None,
        typer.Option(
            "--box",
            metavar="R",
            show_default=False,
            help="With --early: every dominated start within R of each coordinate of the file. [default: 0]",
        ),
    ] = None,
    loss: Annotated[
        str | None,
        typer.Option("--loss", metavar="NAME", show_default=False, help="With --early: the loss. [default: square]"),
    ] = None,
    leak: Annotated[
        str | None,
        typer.Option(
            "--leak", metavar="G", show_default=False, help="With --early: slope for negative input. [default: 0]"
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

    from ...numerics.certify.data_only.certificate import certify_three_points
    from ...numerics.certify.errors import Undecided
    from ...numerics.certify.one_start.prove import certify
    from ...numerics.certify.path.either import certify_by_either
    from ...numerics.data.problem import Problem
    from ...numerics.errors import InputError
    from ..report.output import check_writable, write_json
    from ..report.terminal import console_for

    described = StartOptions(width, scale, seed, start)
    phase = {"epsilon": epsilon, "box": box, "loss": loss, "leak": leak}
    _check_modes(described, early, every_start, {"delta": delta, "bound": bound, "condition": condition}, phase)
    conditions = _conditions(condition)
    any_angle = every_start and _is_zero(delta)
    if any_angle and "C" not in conditions:
        raise InputError("--delta 0 is proved by condition (C) only; leave --condition P out")
    bounds = _start_bounds(described, None if any_angle else delta, bound) if every_start else None
    numbers = _early_numbers(epsilon, box) if early else None
    if out == json:
        raise InputError(f"--out and --json would both be written to {out}; name two files")
    read = [Path(name).resolve() for name in (data, described.file) if name is not None]
    for option, target in (("--out", out), ("--json", json)):
        if target is not None and target != "-" and Path(target).resolve() in read:
            raise InputError(f"{option} {target} would be written over a file that is read; choose another name")
        if target is not None:
            check_writable(target)
    points, columns = DataOptions(data, bias, label, features, loss or "square").read()
    neurons = None if bounds is not None else described.read(points.d)
    problem = Problem(points, loss or "square", leak or 0)
    console = console_for(stderr="-" in (out, json))
    verdict: dict[str, Any] = {"schema": 1, "columns": columns.to_json()}
    console.print(f"{Path(data).name}: {columns.describe()}", soft_wrap=True, markup=False, highlight=False)
    try:
        with console.status("proving") as status:
            certificate: FlowCertificate | DecidedConditions | DataOnlyCertificate | EarlyCertificate
            if numbers is not None:
                certificate = _proved_early(problem, described.file or "", *numbers)
            elif bounds is not None and any_angle:
                certificate = certify_three_points(points, bounds.bound)
            elif bounds is not None:
                certificate = certify_by_either(
                    points, bounds, conditions, lambda name: status.update(f"deciding condition ({name})")
                )
            else:
                certificate = certify(points, _exact_start(described, neurons))
    except Undecided as reason:
        if json is not None:
            write_json(json, {**verdict, "verdict": "undecided", "reason": str(reason)})
        console.print(f"undecided: {reason}", soft_wrap=True, markup=False, highlight=False)
        raise typer.Exit(1) from None
    write_json(out, certificate.to_json())
    if json is not None:
        undecided = "undecided" if getattr(certificate, "undecided", None) else "certified"
        write_json(json, {**verdict, "verdict": undecided, **certificate.summary()})
    for line in certificate.lines():
        console.print(line, soft_wrap=True, markup=False, highlight=False)
    if getattr(certificate, "undecided", None):
        raise typer.Exit(1)


def _check_modes(
    described: StartOptions,
    early: bool,
    every_start: bool,
    bounds: dict[str, str | None],
    phase: dict[str, str | None],
) -> None:
    """Raise InputError for options that do not go together."""
    from ...numerics.errors import InputError

    if early and every_start:
        raise InputError("--early and --every-start are two different proofs; choose one")
    if early and (described.file is None or described.scale is not None):
        raise InputError(
            "--early needs --start FILE.csv with the neurons before they are scaled, and no other start option"
        )
    if not every_start:
        described.check(needed=True)
        for option, given in bounds.items():
            if given is not None:
                raise InputError(f"--{option} needs --every-start; one start is described by --width or --start")
    if not early:
        for option, given in phase.items():
            if given is not None:
                raise InputError(f"--{option} needs --early; the other proofs are for the square loss and ReLU")


def _early_numbers(epsilon: str | None, box: str | None) -> tuple[Fraction, Fraction]:
    """epsilon and the half width of the box."""
    from fractions import Fraction

    from ...numerics.data.exact import to_exact
    from ...numerics.errors import InputError

    chosen = Fraction(1, 4) if epsilon is None else to_exact(epsilon)[0]
    size = Fraction(0) if box is None else to_exact(box)[0]
    if not 0 < chosen < 1:
        raise InputError(f"epsilon is {chosen}; it must be greater than 0 and less than 1")
    if size < 0:
        raise InputError(f"the box has half width {size}; it must be 0 or greater")
    return chosen, size


def _proved_early(problem: Problem, file: str, epsilon: Fraction, box: Fraction) -> EarlyCertificate:
    from ...numerics.certify.early_alignment.certificate import certify_early
    from ...numerics.certify.early_alignment.setting import read_unscaled_start

    return certify_early(problem, read_unscaled_start(file, box), epsilon)


def _exact_start(described: StartOptions, neurons: Start | None) -> RationalStart:
    """The start in rationals; Undecided where it is not dominated."""
    from ...numerics.certify.instance import drawn_start, read_exact_start

    assert neurons is not None
    return drawn_start(neurons) if described.file is None else read_exact_start(described.file)


def _conditions(condition: str | None) -> tuple[str, ...]:
    """The conditions to be decided: the one that --condition names, or both."""
    from ...numerics.errors import InputError

    both = ("C", "P")
    if condition is not None and condition not in both:
        raise InputError(f"the condition is {condition!r}; it must be C or P")
    return both if condition is None else (condition,)


def _is_zero(delta: str | None) -> bool:
    """Whether --delta says that neurons with a < 0 may start at any angle."""
    from ...numerics.data.exact import to_exact

    return delta is not None and to_exact(delta)[0] == 0


def _start_bounds(described: StartOptions, delta: str | None, bound: str | None) -> StartBounds:
    """What --delta and --bound say about the starts, once no single start is described beside --every-start."""
    from ...numerics.certify.every_start.constants import StartBounds
    from ...numerics.data.exact import to_exact
    from ...numerics.errors import InputError

    for option in ("width", "scale", "seed", "start"):
        if getattr(described, option) is not None:
            raise InputError(f"--{option} describes one start and cannot stand beside --every-start; leave one out")
    numbers = {"delta": delta, "bound": bound}
    return StartBounds(**{name: to_exact(text)[0] for name, text in numbers.items() if text is not None})
