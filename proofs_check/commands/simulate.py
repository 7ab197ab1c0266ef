"""`proofs-check simulate`: the gradient flow of a network on a data file, from a start."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .options import (
    Animate,
    Bias,
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

if TYPE_CHECKING:
    from rich.text import Text

    from ...numerics.compare.beside import Compared
    from ...numerics.compare.separated import Separated
    from ...numerics.descent.extrapolation import StepExtrapolation
    from ...numerics.flow.simulation import Progress
    from ..runs.run_record import RunOptions
    from .simulate_options import Described

HELP = """Follow the gradient flow itself, from a start, for any width: where the network ends, and what happened.

For example: proofs-check simulate three_points.csv --bias --width 20000 --scale 1e-3 --time 4000 --out run

Time is that of the flow on the mean loss, (1/n) sum (h - y)^2 / 2 for the square loss; --normalise takes --time and
--step in the time of another loss, and --output-factor those of a network with a factor before its output. --method
descent --step H runs gradient descent from the same start, with all points in a step or in batches (--batch), and
--extrapolate says how far it is from the flow. The start is drawn (--width and --scale) or read (--start FILE.csv).
--test, --stable-rank and --teacher compute more at every recorded time. --out DIR keeps the run: trajectory.csv,
neurons.csv (a start file), events.csv and figures with a CSV each. After Ctrl-C, or when it was killed, --resume DIR
goes on to the same result.
"""


SECONDS_FOR_VECTORS = 5.0
"""How long extremal vectors are looked for before the flow starts; without all of them there is no comparison, which is
said on standard error."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("simulate", help=HELP)(simulate_command)


def simulate_command(
    context: typer.Context,
    data: Annotated[str | None, typer.Argument(metavar="DATA.csv", show_default=False, help="The data set.")] = None,
    time: Annotated[
        float | None, typer.Option("--time", metavar="T", show_default=False, help="The time to reach, T > 0.")
    ] = None,
    bias: Bias = False,
    label: Label = None,
    features: Features = None,
    loss: LossName = "square",
    leak: Leak = "0",
    width: Width = None,
    scale: Scale = None,
    seed: Seed = None,
    start: StartOption = None,
    symmetrised: Symmetrised = False,
    epsilon: Epsilon = 0.25,
    tolerance: Annotated[
        float, typer.Option("--tolerance", metavar="R", help="The error allowed in each step, relative to the neurons.")
    ] = 1e-8,
    method: Annotated[
        str, typer.Option("--method", metavar="NAME", help="flow, or descent: gradient descent with steps of --step H.")
    ] = "flow",
    step: Annotated[
        float | None,
        typer.Option("--step", metavar="H", show_default=False, help="The step of descent; step k is at time k H."),
    ] = None,
    batch: Annotated[
        int | None,
        typer.Option(
            "--batch", metavar="B", show_default=False, help="Descent in batches of B points, shuffled by --seed."
        ),
    ] = None,
    extrapolate: Annotated[
        bool,
        typer.Option("--extrapolate", help="Run descent with H/2 and H/4 too: its order, its distance from the flow."),
    ] = False,
    normalise: Annotated[
        str | None,
        typer.Option(
            "--normalise",
            metavar="NAME",
            show_default=False,
            help="The loss whose time and step are given: mean, sum, half-mean or half-sum. [default: that above]",
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="DIR", show_default=False, help="A new or empty folder to keep the run in."),
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(
            "--resume", metavar="DIR", show_default=False, help="Continue the run in DIR; give no DATA.csv then."
        ),
    ] = None,
    record: Annotated[
        int,
        typer.Option("--record", metavar="N", help="How many neurons, the first N, are recorded over time in DIR."),
    ] = 200,
    output_factor: Annotated[
        str | None,
        typer.Option(
            "--output-factor",
            metavar="C",
            show_default=False,
            help="The scale, the time and the step are those of h = C sum a s(<w,x>): a number, 1/m, 1/sqrt(m), ..",
        ),
    ] = None,
    test: Annotated[
        str | None,
        typer.Option(
            "--test", metavar="FILE.csv", show_default=False, help="Test data: the mean loss on them over time."
        ),
    ] = None,
    stable_rank: Annotated[
        bool, typer.Option("--stable-rank", help="The stable rank of the input weights over time.")
    ] = False,
    teacher: Annotated[
        str | None,
        typer.Option(
            "--teacher", metavar="FILE.csv", show_default=False, help="Angles to neurons w1,..,wd in FILE, over time."
        ),
    ] = None,
    animate: Animate = None,
    json: Annotated[
        str | None,
        typer.Option("--json", metavar="F", show_default=False, help="Write the result as JSON; - is standard output."),
    ] = None,
) -> None:
    """Read, simulate, write the files, print the report; exit 1: the time is not reached, or a comparison fails."""
    from ...numerics.errors import InputError
    from ..figures.film import check_film
    from ..report.output import check_writable, write_json
    from ..report.terminal import console_for
    from .simulate_options import Method, ObservedOptions, described_run, given_options

    if json is not None:
        check_writable(json)
    if animate is not None:
        check_film(animate)
        if out is None and resume is None:
            raise InputError(f"--animate {animate} needs --out DIR, where the run is kept")
    if record < 1:
        raise InputError(f"--record is {record}; it must be 1 or more")
    given = given_options(context)
    if out is None and "record" in given and resume is None:
        raise InputError(f"--record {record} needs --out DIR, where the run is kept")
    if resume is not None:
        folder: str | None = resume
        run, result = _resumed(resume, given)
    else:
        folder = out
        if data is None or time is None:
            missing = "DATA.csv" if data is None else "--time T"
            raise InputError(f"{missing} is missing; give DATA.csv and --time T, or --resume DIR")
        source = DataOptions(data, bias, label, features, loss)
        described = StartOptions(width, scale, seed, start, symmetrised)
        observed = ObservedOptions(test, stable_rank, teacher)
        how = Method(method, step, extrapolate, normalise, record, observed, output_factor, batch)
        run = described_run(source, described, leak, time, epsilon, tolerance, how)
        result = _simulated(run, out)
    extrapolation, late = _extrapolated(run, result, folder), _separated(run, result)
    if folder is not None:
        from .plot import draw_folder

        draw_folder(folder, animate)
    if json is not None:
        columns = None if run.points.columns is None else run.points.columns.to_json()
        write_json(json, result.to_json() | {"columns": columns} | _more_json(run, extrapolation, late))
    if json != "-":
        console = console_for()
        for line in _lines(run, result, extrapolation, late):
            console.print(line, soft_wrap=True)
    if result.simulation.partial or not result.within:
        raise typer.Exit(1)


def _simulated(run: Described, out: str | None) -> Compared:
    """Follow the flow, in the folder `out` if one is named."""
    from ...numerics.compare.beside import Compared, compare
    from ...numerics.data.problem import Problem
    from ...numerics.descent.run import descend
    from ...numerics.predict.prediction import predict
    from ..runs.recorded_run import record_new
    from ..runs.run_folder import check_new

    folder = None if out is None else check_new(out)
    options, neurons, observables = run.options, run.neurons, run.observables
    prediction = predict(
        Problem(run.points, options.loss, options.leak), neurons, epsilon=options.epsilon, seconds=SECONDS_FOR_VECTORS
    )
    if not prediction.extremal.understood:
        typer.echo(
            f"not all extremal vectors were found in {SECONDS_FOR_VECTORS:g} s: the flow is not compared with a "
            "prediction; proofs-check predict --enumerate SECONDS searches for longer",
            err=True,
        )
    with _progress(options) as progress:
        if folder is not None:
            return record_new(folder, options, prediction, neurons, observables, progress)
        if options.step is not None:
            descended = descend(
                prediction.problem, neurons, options.time, options.step, progress=progress, observables=observables,
                batches=options.batches,
            )  # fmt: skip
            return Compared(descended, None)
        return compare(prediction, options.time, options.tolerance, progress=progress, observables=observables)


def _resumed(folder: str, given: dict[str, Any]) -> tuple[Described, Compared]:
    """Continue the run in a folder; InputError for options that contradict it."""
    from ..runs.recorded_run import record_on
    from ..runs.run_folder import read_observables, read_record, read_start
    from .simulate_options import Described, check_same

    path, record, points = read_record(folder)
    check_same(folder, record, given)
    observables = read_observables(path, record, points.d)
    run = Described(record.options, points, read_start(path, record, points.d), observables)
    return run, record_on(folder, _progress)


def _extrapolated(run: Described, result: Compared, folder: str | None) -> StepExtrapolation | None:
    """Smaller steps beside a run of descent that has ended, if they are asked for; also written to its folder."""
    from pathlib import Path

    from ...numerics.data.problem import Problem
    from ...numerics.descent.extrapolation import extrapolate_step
    from ...numerics.descent.run import Descended
    from ..runs.run_folder import write_extrapolation

    options, descended = run.options, result.simulation
    if not options.extrapolate or descended.partial:
        return None
    assert isinstance(descended, Descended)
    problem = Problem(run.points, options.loss, options.leak)
    with _progress(options) as progress:
        found = extrapolate_step(problem, run.neurons, descended, tolerance=options.tolerance, progress=progress)
    if folder is not None:
        write_extrapolation(Path(folder), found)
    return found


def _separated(run: Described, result: Compared) -> Separated | None:
    """What a flow that classifies all points correctly has come to beside its limit."""
    from ...numerics.compare.separated import separated
    from ...numerics.data.problem import Problem

    return separated(Problem(run.points, run.options.loss, run.options.leak), result.simulation)


def _more_json(run: Described, extrapolation: StepExtrapolation | None, late: Separated | None) -> dict[str, Any]:
    """The keys that only some options bring."""
    options = run.options
    found: dict[str, Any] = {}
    if options.extrapolate:
        found["extrapolation"] = None if extrapolation is None else extrapolation.to_json()
    if late is not None:
        found["separated"] = late.to_json()
    if run.translation is not None and options.given_time is not None:
        found |= run.translation.to_json(options.given_time, options.given_step, options.given_scale)
    return found


def _lines(
    run: Described, result: Compared, extrapolation: StepExtrapolation | None, late: Separated | None
) -> Iterator[Text]:
    """The report."""
    from rich.text import Text

    from ..report.descent import extrapolation_lines, translation_lines
    from ..report.separated import separated_lines
    from ..report.simulation import simulation_lines

    options = run.options
    yield from simulation_lines(result, run.points, options.loss, options.data)
    if late is not None:
        yield Text()
        yield from separated_lines(late)
    if options.symmetrised:
        yield Text()
        pair = "each neuron (a, w) of the first half appears again as (-a, w), so that h = 0 at the start"
        yield Text(f"symmetrised start: {pair}")
    if run.translation is not None and options.given_time is not None:
        yield Text()
        yield from translation_lines(run.translation, options.given_time, options.given_step, options.given_scale)
    if extrapolation is not None:
        yield Text()
        yield from extrapolation_lines(extrapolation)


@contextlib.contextmanager
def _progress(options: RunOptions) -> Iterator[Progress | None]:
    """A progress bar on standard error when that is a terminal, nothing otherwise."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("t = {task.completed:.4g}"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=options.time)
        yield lambda time, loss: bar.update(task, completed=time, description=f"loss {loss:.4g}")
