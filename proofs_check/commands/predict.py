"""`proofs-check predict`: what the theory says about a data file, and about a start on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ...numerics.start import Start

HELP = """What the theory says about a data set, and about a start: extremal vectors, least squares, each neuron's fate.

DATA.csv has a header; the last column is the label, the others are the inputs. Decimals and fractions such as 3/8 are
read exactly. A start file has the header a,w1,..,wd and one neuron a row. The least-squares fit does not depend on the
loss; the mean loss at it does.
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("predict", help=HELP)(predict_command)


def predict_command(
    data: Annotated[str, typer.Argument(metavar="DATA.csv", show_default=False, help="The data set.")],
    bias: Annotated[bool, typer.Option("--bias", help="Append the constant 1 to the inputs.")] = False,
    loss: Annotated[str, typer.Option("--loss", metavar="NAME", help="square or logistic.")] = "square",
    leak: Annotated[str, typer.Option("--leak", metavar="G", help="Slope for negative input, 0 <= G < 1.")] = "0",
    epsilon: Annotated[
        float, typer.Option("--epsilon", metavar="E", help="The early phase lasts E log(1/scale)/D_max, 0 < E < 1.")
    ] = 0.25,
    width: Annotated[
        int | None, typer.Option("--width", metavar="M", show_default=False, help="Draw a start of M neurons.")
    ] = None,
    scale: Annotated[
        float | None,
        typer.Option("--scale", metavar="L", show_default=False, help="The scale lambda of the start, L > 0."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="S", show_default=False, help="Seed of the start. [default: 0]")
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--start",
            metavar="KIND|FILE.csv",
            show_default=False,
            help="balanced, dominated or unbalanced, or a start file. [default: balanced]",
        ),
    ] = None,
    plot: Annotated[
        str | None,
        typer.Option(
            "--plot", metavar="F", show_default=False, help="Draw F.png, F.svg or F.pdf, with a CSV beside it."
        ),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option(
            "--json", metavar="F", show_default=False, help="Write the prediction as JSON; - is standard output."
        ),
    ] = None,
) -> None:
    """Read, predict, write the files, and print the report last."""
    from pathlib import Path

    from ...numerics.dataset import Dataset
    from ...numerics.prediction import check_epsilon, checked_leak, predict
    from ..output import write_json
    from ..prediction_text import prediction_lines
    from ..report import console_for

    exact_leak = checked_leak(leak)
    check_epsilon(epsilon)
    check_start_options(width, scale, seed, start)
    check_outputs([data, *([start] if start is not None and is_start_file(start) else [])], plot, json)
    points = Dataset.from_csv(data, bias=bias, loss=loss)
    prediction = predict(points, loss, exact_leak, epsilon, read_start(points.d, width, scale, seed, start))
    if plot is not None:
        from ..figures import draw

        draw(prediction, plot)
    if json is not None:
        write_json(json, prediction.to_json())
    if json != "-":
        console = console_for()
        for line in prediction_lines(prediction, Path(data).name):
            console.print(line, soft_wrap=True)


def check_outputs(inputs: list[str], plot: str | None, json: str | None) -> None:
    """Raise InputError unless every output can be written, to a file of its own that is none of the inputs."""
    from pathlib import Path

    from ...numerics.errors import InputError
    from ..output import check_writable

    outputs = {f"--json {json}": json} if json is not None and json != "-" else {}
    if plot is not None:
        from ..figures import check_target, table_beside

        check_target(plot)
        outputs |= {f"--plot {plot}": plot, f"the CSV beside --plot {plot}": str(table_beside(plot))}
    taken = {Path(path).resolve() for path in inputs}
    for option, output in outputs.items():
        if Path(output).resolve() in taken:
            raise InputError(
                f"{option} would be written over {output}, which this command reads or writes; choose another name"
            )
        taken.add(Path(output).resolve())
        check_writable(output)


def check_start_options(width: int | None, scale: float | None, seed: int | None, start: str | None) -> None:
    """Raise InputError unless the options describe one start, or none at all."""
    from ...numerics.errors import InputError
    from ...numerics.start import KINDS

    if is_start_file(start):
        for option, given in (("--width", width is not None), ("--seed", seed is not None)):
            if given:
                raise InputError(f"{option} and the start file {start} exclude each other; the file holds the neurons")
        return
    if width is None:
        described = {"--scale": scale is not None, "--seed": seed is not None, "--start": start is not None}
        for option, given in described.items():
            if given and option == "--start" and start not in KINDS:
                raise InputError(f"--start {start}: neither one of {', '.join(KINDS)} nor the name of a .csv file")
            if given:
                raise InputError(f"{option} describes a start and needs --width M too (or --start FILE.csv)")
    elif scale is None:
        raise InputError("--width needs --scale L too: the start's size decides the early phase; try --scale 1e-3")
    else:
        from ...numerics.start import make_start

        make_start(
            min(width, 1), scale, 0 if seed is None else seed, start or "balanced"
        )  # refuses before data are read


def is_start_file(start: str | None) -> bool:
    """Whether --start names a file; the three kinds of start are words without a dot or a slash."""
    return start is not None and ("." in start or "/" in start)


def read_start(d: int, width: int | None, scale: float | None, seed: int | None, start: str | None) -> Start | None:
    """The start that the options describe, in dimension `d`; None when they describe none."""
    from ...numerics.start import Start, make_start

    if start is not None and is_start_file(start):
        return Start.from_csv(start, d, scale=scale)
    if width is None or scale is None:
        return None
    return make_start(width, scale, 0 if seed is None else seed, start or "balanced", d)
