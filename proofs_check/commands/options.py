"""The options that `predict` and `simulate` share: the data set, the loss, the leak, and the start they describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ...numerics.start import Start

DataFile = Annotated[str, typer.Argument(metavar="DATA.csv", show_default=False, help="The data set.")]
Bias = Annotated[bool, typer.Option("--bias", help="Append the constant 1 to the inputs.")]
LossName = Annotated[str, typer.Option("--loss", metavar="NAME", help="square or logistic.")]
Leak = Annotated[str, typer.Option("--leak", metavar="G", help="Slope for negative input, 0 <= G < 1.")]
Epsilon = Annotated[
    float, typer.Option("--epsilon", metavar="E", help="The early phase lasts E log(1/scale)/D_max, 0 < E < 1.")
]
Width = Annotated[
    int | None, typer.Option("--width", metavar="M", show_default=False, help="Draw a start of M neurons.")
]
Scale = Annotated[
    float | None,
    typer.Option("--scale", metavar="L", show_default=False, help="The scale lambda of the start, L > 0."),
]
Seed = Annotated[
    int | None, typer.Option("--seed", metavar="S", show_default=False, help="Seed of the start. [default: 0]")
]
StartOption = Annotated[
    str | None,
    typer.Option(
        "--start",
        metavar="KIND|FILE.csv",
        show_default=False,
        help="balanced, dominated or unbalanced, or a start file. [default: balanced]",
    ),
]

Animate = Annotated[
    str | None,
    typer.Option(
        "--animate", metavar="F", show_default=False, help="Write an animation: F.gif, or F.mp4 where ffmpeg is."
    ),
]


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
