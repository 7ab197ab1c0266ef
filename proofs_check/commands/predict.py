"""`proofs-check predict`: what the theory says about a data file, and about a start on it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

from .options import (
    Bias,
    DataFile,
    DataOptions,
    Epsilon,
    Features,
    Label,
    Leak,
    LossName,
    Scale,
    Seed,
    StartOption,
    StartOptions,
    Symmetrised,
    Width,
)

HELP = """What the theory says about a data set, and about a start: extremal vectors, least squares, each neuron's fate.

For example: proofs-check predict three_points.csv --bias --width 200 --scale 1e-3 --plot circle.png

DATA.csv has a header. The last column is the label, the others are the inputs, unless --label and --features choose
columns by name. Decimals and fractions such as 3/8 are read exactly. A start file has the header a,w1,..,wd and one
neuron a row. The least-squares fit does not depend on --loss; the mean loss at the fit does. --limit follows the flow
of the square loss to where starts of scale lambda -> 0 end, saddle after saddle, on the clock s = t / log(1/lambda);
without a start every direction and sign is taken to occur in it. After --limit-seconds, or Ctrl-C, it prints the
saddles that were reached; with --scale it says how far a run from there may end from the limit. --published adds the
constants of Theorem 1 of Boursier and Flammarion (JMLR 26(183), 2025) as they are printed, beside the time that neurons
really need. --basins says for data in the plane where balanced neurons of every direction end, and when; it is decided
in exact arithmetic.
"""

SECONDS_FOR_VECTORS = 30.0
"""How long all extremal vectors are searched for unless `--enumerate` says so."""
SECONDS_FOR_LIMIT = 300.0
"""How long the limit of small starts is followed unless `--limit-seconds` says so."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("predict", help=HELP)(predict_command)


def predict_command(
    data: DataFile,
    bias: Bias = False,
    label: Label = None,
    features: Features = None,
    loss: LossName = "square",
    leak: Leak = "0",
    epsilon: Epsilon = 0.25,
    width: Width = None,
    scale: Scale = None,
    seed: Seed = None,
    start: StartOption = None,
    symmetrised: Symmetrised = False,
    plot: Annotated[
        str | None,
        typer.Option(
            "--plot",
            metavar="F",
            show_default=False,
            help="Draw F.png, F.svg or F.pdf, with a CSV beside it; with --limit, the loss against the clock.",
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="List all extremal vectors of points orthogonal to one another, 2^n of them.")
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--enumerate",
            metavar="SECONDS",
            show_default=False,
            help="How long all extremal vectors are searched for; Ctrl-C keeps what was found. [default: 30]",
        ),
    ] = None,
    limit: Annotated[
        bool, typer.Option("--limit", help="Where small starts go as their scale tends to 0: saddles, times, the end.")
    ] = False,
    limit_seconds: Annotated[
        float | None,
        typer.Option(
            "--limit-seconds",
            metavar="SECONDS",
            show_default=False,
            help="How long --limit follows it; Ctrl-C keeps the saddles that were found. [default: 300]",
        ),
    ] = None,
    published: Annotated[
        bool,
        typer.Option("--published", help="Add the constants of the published alignment theorem, and arrival times."),
    ] = False,
    basins: Annotated[
        bool,
        typer.Option(
            "--basins", help="For data in the plane: where balanced neurons end, for every direction, exactly."
        ),
    ] = False,
    alpha: Annotated[
        float | None,
        typer.Option(
            "--alpha",
            metavar="A",
            show_default=False,
            help="With --published: alpha_0 of the theorem's Condition 1, 0 < A <= 1. [default: 1]",
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

    from ...numerics.data.exact import checked_leak
    from ...numerics.data.problem import Problem
    from ...numerics.errors import InputError
    from ...numerics.extremal.pattern_drifts import check_patterns
    from ...numerics.frozen.plane_basins import check_plane
    from ...numerics.predict.prediction import check_epsilon, predict
    from ...numerics.predict.published_constants import DEFAULT_ALPHA, check_published
    from ..report.basins import described_basins
    from ..report.limit import described_limit, limit_of
    from ..report.output import write_json
    from ..report.prediction import prediction_lines
    from ..report.published_theorem import check_alpha, described_theorem
    from ..report.terminal import console_for

    if limit and loss != "square":
        raise InputError(f"--limit is known for the square loss only; leave out --limit or --loss {loss}")
    for option, given in (("--enumerate", seconds), ("--limit-seconds", limit_seconds)):
        if given is not None and not given > 0:
            raise InputError(f"{option} is {given:g}; it must be a positive number of seconds")
    if limit_seconds is not None and not limit:
        raise InputError("--limit-seconds is the time for --limit; add --limit or leave it out")
    exact_leak = checked_leak(leak)
    check_epsilon(epsilon)
    check_alpha(alpha, published)
    alpha_0 = DEFAULT_ALPHA if alpha is None else alpha
    if published:
        check_published(alpha_0, epsilon)
    described_start = StartOptions(width, scale, seed, start, symmetrised)
    described_start.check()
    check_outputs([data, *([described_start.file] if described_start.file is not None else [])], plot, json)
    points, _ = DataOptions(data, bias, label, features, loss).read()
    problem = Problem(points, loss, exact_leak)
    if published:
        check_patterns(problem)
    if basins:
        check_plane(points)
    with searching(seconds, every) as longest:
        prediction = predict(problem, described_start.read(points.d), epsilon=epsilon, every=every, seconds=longest)
    described = None
    if limit:
        with following(SECONDS_FOR_LIMIT if limit_seconds is None else limit_seconds) as (longest, progress):
            found = limit_of(prediction, longest, progress)
        described = described_limit(prediction, found)
    theorem = described_theorem(prediction, alpha_0) if published else None
    circle = described_basins(prediction) if basins else None
    if plot is not None:
        from ..figures.prediction import plot as plot_prediction
        from ..figures.staircase import draw_staircase

        if described is None:
            plot_prediction(prediction, plot)
        else:
            draw_staircase(described, plot)
    if json is not None:
        added: dict[str, Any] = {"published": None if theorem is None else theorem.to_json()}
        asked = {"basins": circle, "limit": described}
        added |= {name: part.to_json() for name, part in asked.items() if part is not None}
        write_json(json, prediction.to_json() | added)
    if json != "-":
        console = console_for()
        for line in prediction_lines(prediction, Path(data).name):
            console.print(line, soft_wrap=True)
        for part in (circle, theorem, described):
            for line in () if part is None else part.lines():
                console.print(line, soft_wrap=True)


@contextlib.contextmanager
def searching(seconds: float | None, every: bool) -> Iterator[float | None]:
    """How long to search, None for any time, which `--all` takes; Ctrl-C ends the search, and a terminal shows it."""
    longest = SECONDS_FOR_VECTORS if seconds is None and not every else seconds
    with _shown("extremal vectors", longest):
        yield longest


@contextlib.contextmanager
def following(seconds: float) -> Iterator[tuple[float, Callable[[int, float], None]]]:
    """How long to follow the limit, and what to tell its progress; Ctrl-C ends it, and a terminal shows it."""
    with _shown("limit of small starts", seconds) as describe:
        yield seconds, lambda saddles, loss: describe(f"saddle {saddles}, loss {loss:.4g}")


@contextlib.contextmanager
def _shown(what: str, longest: float | None) -> Iterator[Callable[[str], None]]:
    """Let Ctrl-C end what is computed, and show on a terminal what that is, and how far it is when that is told."""
    from ...numerics.extremal.face import ended_by_interrupt

    with ended_by_interrupt():
        if not sys.stderr.isatty():
            yield lambda _: None
            return
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        ending = ("" if longest is None else f", at most {longest:g} s") + "; Ctrl-C keeps what was found"
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what + ending, total=None)
            yield lambda state: bar.update(task, description=f"{what}: {state}{ending}")


def check_outputs(inputs: list[str], plot: str | None, json: str | None) -> None:
    """Raise InputError unless every output can be written, to a file of its own that is not an input."""
    from pathlib import Path

    from ...numerics.errors import InputError
    from ..report.output import check_writable

    outputs = {f"--json {json}": json} if json is not None and json != "-" else {}
    if plot is not None:
        from ..figures.prediction import check_target, table_beside

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
