"""`proofs-check recheck`: a certificate, checked again by independent code."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from fractions import Fraction

    from ..recheck import Accepted, EarlyAccepted, EveryStartAccepted
    from ..recheck.fates import Fate

HELP = """Check every step of a certificate again, with code that shares nothing with the prover.

For example: proofs-check recheck cert.json

Exit codes: 0 accepted; 1 rejected: a step does not hold; 2 the file is not a certificate at all. The checker is
proofs_check/recheck/, on the standard library and python-flint: 400 lines for a flow from one start, 500 for every
start or for early alignment, 300 more where the limit path is used and 200 more for three points without delta.
docs/certificates.md is what it checks.
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


def payload(accepted: Accepted | EveryStartAccepted | EarlyAccepted) -> dict[str, Any]:
    """What `--json` writes."""
    from ..recheck import Accepted, EarlyAccepted

    if isinstance(accepted, EarlyAccepted):
        names = ("epsilon", "exponent", "box", "norm", "growth")
        fates = [
            {
                "fate": fate.name,
                "drift": [str(value) for value in fate.drift],
                **{name: str(getattr(fate, name)) for name in ("time", "first", "second")},
            }
            for fate in accepted.fates
        ]
        return {
            "schema": 1,
            "verdict": "accepted",
            **{name: getattr(accepted, name) for name in ("points", "dimension", "undecided")},
            **{name: str(getattr(accepted, name)) for name in names},
            "fates": fates,
        }
    one = isinstance(accepted, Accepted)
    sizes = ("points", "width", "live", "cells") if one else ("points", "dimension", "segments")
    numbers = ("time",) if one else ("delta", "bound", "exponent")
    return {
        "schema": 1,
        "verdict": "accepted",
        **{name: getattr(accepted, name) for name in sizes},
        "limit": [str(value) for value in accepted.limit],
        "outputs": [str(value) for value in accepted.outputs],
        "loss": str(accepted.loss),
        **{name: str(getattr(accepted, name)) for name in numbers},
    }


def short(value: Fraction) -> str:
    """Six digits of a number that a float may not hold."""
    return f"{float(value):.6g}" if 10**-300 < abs(value) < 10**300 else str(value)


def early_lines(accepted: EarlyAccepted) -> list[str]:
    """What a person reads of early alignment."""
    names = [fate.name for fate in accepted.fates]
    counted = ", ".join(f"{names.count(name)} {name}" for name in dict.fromkeys(names))
    near = f" Also for dominated starts within {accepted.box} of each coordinate." if accepted.box else ""
    left = [number for number, name in enumerate(names, 1) if name == "undecided"]
    return [
        f"accepted for every lambda <= 10^-{ceil(accepted.exponent * 1000) / 1000:.3f}: the fates at "
        f"tau = {accepted.epsilon} log(1/lambda)/D_max.{near}",
        f"of {len(names)} neuron{'s' * (len(names) > 1)}: {counted}",
        *(
            f"  neuron {number}: D = ({', '.join(map(str, fate.drift))}), angle <= {short(fate.first)} "
            f"lambda^{power(accepted, fate)} + {short(fate.second)} lambda^{second_power(accepted)}"
            for number, fate in enumerate(accepted.fates, 1)
            if fate.name == "aligned"
        ),
        *([f"nothing is proved of {_named(left)}"] if left else []),
    ]


def _named(left: list[int]) -> str:
    """Neurons by their numbers."""
    return f"neuron {left[0]}" if len(left) == 1 else f"neurons {', '.join(map(str, left))}"


def power(accepted: EarlyAccepted, fate: Fate) -> str:
    """epsilon r/D_max."""
    square = sum((value * value for value in fate.drift), start=accepted.norm * 0)
    return f"{float(accepted.epsilon) * float(square / accepted.norm) ** 0.5:.4g}"


def second_power(accepted: EarlyAccepted) -> str:
    """2 - 2 epsilon D_1/D_max."""
    return f"{2 - 2 * float(accepted.epsilon) * float(accepted.growth / accepted.norm) ** 0.5:.4g}"


def lines(accepted: Accepted | EveryStartAccepted | EarlyAccepted) -> list[str]:
    """What a person reads."""
    from ..recheck import Accepted, EarlyAccepted

    if isinstance(accepted, EarlyAccepted):
        return early_lines(accepted)
    outputs = ", ".join(map(short, accepted.outputs))
    limit = (
        f"beta* = ({', '.join(map(str, accepted.limit))}), outputs {outputs}, loss {accepted.loss} = "
        f"{short(accepted.loss)}"
    )
    if not isinstance(accepted, Accepted):
        largest = f"10^{-ceil(accepted.exponent * 1000) / 1000:.3f}"
        tube = f" (condition (P), {accepted.segments} segments around the limit path)" if accepted.segments else ""
        angles = (
            f", that one with a > 0 is active on a point, and that tan(theta/2) >= {accepted.delta} for every neuron "
            "with a < 0 that is active on a point"
        )
        return [
            f"accepted{tube}: for every width and every lambda <= {largest}, the flow from every dominated start with "
            f"sum a^2 <= {accepted.bound} lambda^2 ends at least squares on the {accepted.points} points",
            "  provided that no neuron lies on a hyperplane"
            + (angles if accepted.delta else " and that one with a > 0 is active on a point"),
            limit,
        ]
    return [
        f"accepted: the flow of these {accepted.width} neurons ({accepted.live} with a > 0 active on some of the "
        f"{accepted.points} points) ends at least squares",
        f"{limit} > 0",
        f"{accepted.cells} cells; in the trap by t = {short(accepted.time)} at the latest",
    ]
