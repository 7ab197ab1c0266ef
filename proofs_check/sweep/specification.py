"""The specification of a sweep: read from TOML, with its data sets, and spread out into runs."""

from __future__ import annotations

import difflib
import hashlib
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ...numerics.data.dataset import Dataset
from ...numerics.data.losses import get_loss
from ...numerics.errors import InputError
from ...numerics.sweep.grid import Following, GridRun
from ...numerics.sweep.random_data import RandomData
from .settings import DataSettings, RandomSettings, SweepSettings

LARGEST_GRID = 1_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", re.ASCII)


@dataclass(frozen=True)
class Source:
    """A data set of a sweep by name; `seed` is that of random data."""

    data: Dataset
    seed: int | None

    @property
    def table(self) -> bytes:
        """The data set as CSV, exactly, a bias included."""
        text = io.StringIO()
        self.data.to_csv(text)
        return text.getvalue().encode("utf-8")


@dataclass(frozen=True)
class Specification:
    """A sweep: its settings, and its data sets by name, in the order of the file."""

    settings: SweepSettings
    sources: Mapping[str, Source]

    @property
    def following(self) -> Following:
        """How every start is followed."""
        run = self.settings.run
        return Following(run.method, run.time, run.tolerance, run.step, run.fitted, run.rest_speed, run.near)

    @property
    def runs(self) -> list[GridRun]:
        """All runs, numbered from 0: the data vary slowest, the seeds fastest."""
        grid, loss = self.settings.grid, self.settings.run.loss
        points = product(self.sources.items(), grid.leaks, grid.starts, grid.widths, grid.scales, grid.seeds)
        return [
            GridRun(number, name, source.data.n, source.data.d, source.seed, loss, leak, start, width, scale, seed)
            for number, ((name, source), leak, start, width, scale, seed) in enumerate(points)
        ]

    def to_json(self) -> dict[str, Any]:
        """All that decides the results, and nothing else: the grid, how it is run, and a hash of each data set."""
        settings = self.settings.model_dump(mode="json", include={"grid", "run"})
        data = {name: hashlib.sha256(source.table).hexdigest() for name, source in self.sources.items()}
        return settings | {"data": data}


def read_specification(path: str) -> Specification:
    """The sweep that a TOML file describes; InputError, with the name of the setting, for any other file."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError:
        raise InputError(f"{path} is not text in UTF-8") from None
    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}") from None
    try:
        settings = SweepSettings.model_validate(found)
    except ValidationError as error:
        raise InputError(f"{path}: {_first(error)}") from None
    try:
        settings.run.check()
        sources = dict(_sources(settings, Path(path).parent))
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    grid = settings.grid
    count = len(sources)
    for values in (grid.leaks, grid.starts, grid.widths, grid.scales, grid.seeds):
        count *= len(values)
    if count > LARGEST_GRID:
        raise InputError(f"{path}: the grid has {count} runs; at most {LARGEST_GRID} are taken")
    return Specification(settings, sources)


def _sources(settings: SweepSettings, folder: Path) -> Iterator[tuple[str, Source]]:
    """The data sets by name; InputError for a name that occurs twice, and for data that cannot be read."""
    names: set[str] = set()
    if not settings.data:
        raise InputError('data is empty; name a data set, such as [[data]] and published = "three-points"')
    for number, entry in enumerate(settings.data, start=1):
        place = f"data, entry {number}"
        try:
            for name, source in _entry(entry, settings.run.loss, folder):
                if not _NAME.fullmatch(name):
                    raise InputError(
                        f"the name {name!r} must consist of at most 60 letters, digits, dots, dashes and underscores"
                    )
                if name in names:
                    raise InputError(f"the name {name} occurs twice; give one of them another name")
                names.add(name)
                yield name, replace(source, data=replace(source.data, name=name))
        except InputError as error:
            raise InputError(f"{place}: {error}") from None


def _entry(entry: DataSettings, loss: str, folder: Path) -> Iterator[tuple[str, Source]]:
    given = [kind for kind in ("published", "file", "random") if getattr(entry, kind) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none of them"
        raise InputError(f"one of published, file and random must be given, and here is {found}")
    columns = {"bias": entry.bias, "label": entry.label is not None, "features": entry.features is not None}
    for option, is_given in columns.items():
        if is_given and entry.file is None:
            raise InputError(f"{option} is for a file; leave it out")
    if entry.published is not None:
        data = Dataset.published(entry.published)
        Dataset.from_arrays(data.inputs, data.labels, loss=loss)  # refuses labels that the loss forbids
        yield entry.name or entry.published, Source(data, None)
    elif entry.file is not None:
        data = Dataset.from_csv(
            folder / entry.file, bias=entry.bias, loss=loss, label=entry.label, features=entry.features
        )
        yield entry.name or Path(entry.file).stem, Source(data, None)
    elif entry.random is not None:
        yield from _random(entry.name or "random", entry.random, loss)


def _random(prefix: str, chosen: RandomSettings, loss: str) -> Iterator[tuple[str, Source]]:
    if get_loss(loss).labels is not None and chosen.teacher != "linear":
        raise InputError(f'the {loss} loss needs labels of both signs; choose teacher = "linear"')
    for points, dimension, seed in product(chosen.points, chosen.dimensions, chosen.seeds):
        name = f"{prefix}-n{points}-d{dimension}-s{seed}"
        described = RandomData(points, dimension, seed, chosen.teacher, chosen.neurons, chosen.noise)
        yield name, Source(described.draw(loss, name), seed)


def _first(error: ValidationError) -> str:
    """The first fault of a file in one clause, with the name of the setting; unknown names come first."""
    faults = error.errors(include_url=False)
    fault = next(
        (fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0]
    )  # explains what is missing
    parts = [f"entry {part + 1}" if isinstance(part, int) else str(part) for part in fault["loc"]]
    place = ".".join(parts).replace(".entry", ", entry")
    if fault["type"] == "missing":
        return f"{place} is missing"
    if fault["type"] == "extra_forbidden":
        known = _settings_beside(fault["loc"])
        near = difflib.get_close_matches(parts[-1], known, n=1)
        hint = f"the nearest is {near[0]}" if near else f"there are {', '.join(known)}"
        return f"there is no setting {place}; {hint}"
    if fault["type"] in ("model_type", "model_attributes_type"):
        return f"{place} must be a table, such as [{parts[0]}]"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{place}: {message[:1].lower()}{message[1:]}"


def _settings_beside(place: tuple[int | str, ...]) -> list[str]:
    """The names of the settings in the table that holds the setting at `place`."""
    model: Any = SweepSettings
    for part in place[:-1]:
        if isinstance(part, str):
            annotation = model.model_fields[part].annotation
            inner = [annotation, *getattr(annotation, "__args__", ())]
            model = next(kind for kind in inner if isinstance(kind, type) and issubclass(kind, BaseModel))
    return list(model.model_fields)
