"""The options of `simulate`: what they say together, and whether they agree with a run that is resumed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from ...numerics.data.columns import split_names
from ...numerics.data.conventions import Translation, convention
from ...numerics.data.dataset import Dataset
from ...numerics.data.exact import checked_leak
from ...numerics.data.output_factor import OutputFactor
from ...numerics.data.start import Start
from ...numerics.descent.run import check_batches, steps_until
from ...numerics.descent.steps import Batches
from ...numerics.errors import InputError
from ...numerics.flow.observables import Observables, read_teacher
from ...numerics.flow.simulation import check_options
from ...numerics.predict.prediction import check_epsilon
from ..runs.run_record import Record, RunOptions
from .options import DataOptions, StartOptions, is_start_file


@dataclass(frozen=True)
class ObservedOptions:
    """The options that say what is computed at the recorded times."""

    test: str | None = None
    stable_rank: bool = False
    teacher: str | None = None

    def read(self, source: DataOptions, points: Dataset) -> Observables:
        """What is computed, with the files read; InputError for a file that does not fit the data."""
        test = None if self.test is None else source.read_test(self.test, points)
        teacher = None if self.teacher is None else read_teacher(self.teacher, points.d)
        return Observables(test, self.stable_rank, teacher)


@dataclass(frozen=True)
class Method:
    """The options that say how the start is followed, in which time, and what is recorded."""

    method: str
    step: float | None
    extrapolate: bool
    normalise: str | None
    record: int
    observed: ObservedOptions
    output_factor: str | None
    batch: int | None

    def check(self) -> None:
        """Raise InputError for options that do not fit together."""
        if self.method not in ("flow", "descent"):
            raise InputError(f"--method {self.method}: the methods are flow and descent")
        if self.method == "descent" and self.step is None:
            raise InputError("--method descent needs --step H, the length of its steps")
        if self.method == "flow" and self.step is not None:
            raise InputError("--step is for --method descent; the flow chooses its steps by --tolerance")
        if self.method == "flow" and self.extrapolate:
            raise InputError("--extrapolate is for --method descent; the flow has no step to extrapolate")
        if self.method == "flow" and self.batch is not None:
            raise InputError("--batch is for --method descent; the flow follows the loss on all points")
        if self.extrapolate and self.batch is not None:
            raise InputError("--extrapolate and --batch exclude each other; smaller steps would see other batches")


@dataclass(frozen=True)
class Described:
    """A run that options or a folder describe."""

    options: RunOptions
    points: Dataset
    neurons: Start
    observables: Observables

    @property
    def translation(self) -> Translation | None:
        """What --normalise and --output-factor have changed."""
        options = self.options
        return Translation.of(options.normalise, options.output_factor, options.loss, self.points, options.width)


def described_run(
    source: DataOptions, described: StartOptions, leak: str, time: float, epsilon: float, tolerance: float, how: Method
) -> Described:
    """What the options say, with the data and the start they name; InputError when they do not describe a run."""
    checked_leak(leak)
    check_epsilon(epsilon)
    check_options(time, tolerance)
    how.check()
    if how.step is not None:
        steps_until(time, how.step)
    if how.normalise is not None:
        convention(how.normalise, source.loss, 1)
    if how.output_factor is not None:
        OutputFactor.parse(how.output_factor)
    described.check(needed=True, batches=how.batch is not None)
    points, _ = source.read()
    if how.batch is not None:
        check_batches(Batches(how.batch, described.seed or 0), points.n)
    observables = how.observed.read(source, points)
    neurons = described.read(points.d)
    assert neurons is not None
    translation = Translation.of(how.normalise, how.output_factor, source.loss, points, neurons.width)
    given_time, given_step, given_scale = None, None, None
    step = how.step
    if translation is not None:
        given_time, given_step, given_scale = time, step, neurons.scale
        time, step = translation.ours(time), None if step is None else translation.ours(step)
        neurons = translation.start(neurons)
    seed = neurons.seed if how.batch is None else described.seed or 0
    kind = neurons.kind if described.file is None else Path(described.file).name
    options = RunOptions(
        Path(source.path).name, source.bias, source.loss, leak, neurons.width, neurons.scale, seed, kind, time,
        tolerance, epsilon, "flow" if step is None else "descent", step, how.extrapolate, how.normalise, given_time,
        given_step, how.record, _name(how.observed.test), how.output_factor, given_scale, described.symmetrised,
        how.observed.stable_rank, _name(how.observed.teacher), how.batch,
    )  # fmt: skip
    return Described(options, points, neurons, observables)


def _name(path: str | None) -> str | None:
    return None if path is None else Path(path).name


def given_options(context: typer.Context) -> dict[str, Any]:
    """The parameters given on the command line, by name."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    return {
        name: context.params[name]
        for name, source in sources.items()
        if source is not None and source.name == "COMMANDLINE"
    }


def check_same(folder: str, record: Record, given: dict[str, Any]) -> None:
    """Raise InputError for given options that contradict the run in a folder."""
    options, columns = record.options, record.columns
    if columns is not None:
        chosen = {"label": columns.label, "features": columns.inputs}
        for name, kept in chosen.items():
            value = given.get(name, kept)
            if (split_names(value) if name == "features" and isinstance(value, str) else value) != kept:
                shown = kept if isinstance(kept, str) else ",".join(kept)
                raise InputError(f"--{name} {value} contradicts the run in {folder}, which has {shown}; leave it out")
    for name, value in given.items():
        option = "DATA.csv" if name == "data" else f"--{name}"
        if name in ("data", "out", "test", "teacher") or (name == "start" and is_start_file(value)):
            raise InputError(f"{option} {value} and --resume {folder} exclude each other; the folder holds the run")
        translated = name in ("time", "step", "scale") and options.given_time is not None
        own = f"given_{name}" if translated else name
        if hasattr(options, own) and getattr(options, own) != value:
            kept = getattr(options, own)
            raise InputError(f"{option} {value} contradicts the run in {folder}, which has {kept}; leave it out")
