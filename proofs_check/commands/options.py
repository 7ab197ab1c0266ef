"""The options that `predict`, `simulate` and `certify` share: the data, the loss, the leak, and the start."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ...numerics.data.columns import ColumnRoles
    from ...numerics.data.dataset import Dataset
    from ...numerics.data.start import Start

DataFile = Annotated[str, typer.Argument(metavar="DATA.csv", show_default=False, help="The data set.")]
Bias = Annotated[bool, typer.Option("--bias", help="Append the constant 1 to the inputs.")]
LossName = Annotated[str, typer.Option("--loss", metavar="NAME", help="The loss; an unknown name lists them.")]
Label = Annotated[
    str | None,
    typer.Option(
        "--label", metavar="NAME", show_default=False, help="The column that holds the labels. [default: the last]"
    ),
]
Features = Annotated[
    str | None,
    typer.Option(
        "--features", metavar="A,B,..", show_default=False, help="The columns that are inputs. [default: all others]"
    ),
]
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
Symmetrised = Annotated[
    bool,
    typer.Option("--symmetrised", help="Each neuron (a,w) of the first half appears again as (-a,w), so that h = 0."),
]

Animate = Annotated[
    str | None,
    typer.Option(
        "--animate", metavar="F", show_default=False, help="Write an animation: F.gif, or F.mp4 where ffmpeg is."
    ),
]


@dataclass(frozen=True)
class DataOptions:
    """The options that say how a data file is read; `label` and `features` as given on the command line."""

    path: str
    bias: bool
    label: str | None
    features: str | None
    loss: str = "square"

    def read(self) -> tuple[Dataset, ColumnRoles]:
        """The data set and its columns, with warnings on standard error; InputError when the file is refused."""
        from pathlib import Path

        from ...numerics.data.columns import split_names
        from ...numerics.data.dataset import Dataset

        features = None if self.features is None else split_names(self.features)
        data = Dataset.from_csv(self.path, bias=self.bias, loss=self.loss, label=self.label, features=features)
        assert data.columns is not None
        for warning in data.columns.warnings:
            print(f"proofs-check: warning: {Path(self.path).name}: {warning}", file=sys.stderr)
        return data, data.columns

    def read_test(self, path: str, data: Dataset) -> Dataset:
        """The test data in a file with the columns of the data, in any order; InputError when the file is refused."""
        from pathlib import Path

        from ...numerics.data.dataset import Dataset
        from ...numerics.errors import InputError

        columns = data.columns
        assert columns is not None
        test = Dataset.from_csv(path, bias=self.bias, loss=self.loss, label=columns.label, features=columns.inputs)
        assert test.columns is not None
        more = [name for name in test.columns.unused if name not in columns.unused]
        if more:
            raise InputError(
                f"{path} has the column {more[0]!r}, which {Path(self.path).name} does not have; test data need the "
                "same columns"
            )
        return test


@dataclass(frozen=True)
class StartOptions:
    """The options that describe a start, or none; `start` is a kind of start or the name of a file."""

    width: int | None
    scale: float | None
    seed: int | None
    start: str | None
    symmetrised: bool = False

    @property
    def file(self) -> str | None:
        """The start file, if one is named."""
        return self.start if is_start_file(self.start) else None

    def check(self, needed: bool = False, batches: bool = False) -> None:
        """Raise InputError unless the options describe one start, or none at all where none is `needed`.

        With `batches` the seed is that of the batches too, so that a start file may have one.
        """
        from ...numerics.data.start import KINDS, check_even, make_start
        from ...numerics.errors import InputError

        if self.file is not None:
            drawn = {
                "--width": self.width is not None,
                "--seed": self.seed is not None and not batches,
                "--symmetrised": self.symmetrised,
            }
            for option, given in drawn.items():
                if given:
                    raise InputError(
                        f"{option} and the start file {self.file} exclude each other; the file holds the neurons"
                    )
        elif self.width is None:
            described = {
                "--scale": self.scale is not None,
                "--seed": self.seed is not None,
                "--start": self.start is not None,
                "--symmetrised": self.symmetrised,
            }
            for option, given in described.items():
                if given and option == "--start" and self.start not in KINDS:
                    raise InputError(
                        f"--start {self.start}: neither one of {', '.join(KINDS)} nor the name of a .csv file"
                    )
                if given:
                    raise InputError(f"{option} describes a start and needs --width M too (or --start FILE.csv)")
            if needed:
                raise InputError("a flow needs a start: give --width M and --scale L, or --start FILE.csv")
        elif self.scale is None:
            raise InputError("--width needs --scale L too: the start's size decides the early phase; try --scale 1e-3")
        else:  # refuses before data are read
            make_start(min(self.width, 1), self.scale, 0 if self.seed is None else self.seed, self.start or "balanced")
            if self.symmetrised:
                check_even(self.width)

    def read(self, d: int) -> Start | None:
        """The start in dimension `d`; None when the options describe none."""
        from ...numerics.data.start import Start, make_start

        if self.file is not None:
            return Start.from_csv(self.file, d, scale=self.scale)
        if self.width is None or self.scale is None:
            return None
        drawn = make_start(self.width, self.scale, 0 if self.seed is None else self.seed, self.start or "balanced", d)
        return drawn.symmetrise() if self.symmetrised else drawn


def is_start_file(start: str | None) -> bool:
    """Whether --start names a file; the three kinds of start are words without a dot or a slash."""
    return start is not None and ("." in start or "/" in start)
