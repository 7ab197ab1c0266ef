"""The settings of a sweep as its TOML file holds them, checked one by one (docs/sweeps.md explains them).

Pydantic reads them: the annotations are what a file must hold. A list of numbers may also be given as a range,
{ from = A, to = B, count = N }.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StrictBool, StrictInt, StrictStr

from ...numerics.data.exact import checked_leak, number_text
from ...numerics.data.losses import LOSS_NAMES
from ...numerics.data.start import KINDS, LARGEST_WIDTH, check_start
from ...numerics.descent.run import steps_until
from ...numerics.errors import InputError
from ...numerics.flow.simulation import check_options
from ...numerics.sweep.outcome import ENDS
from ..runs.run_record import one_of

LARGEST_LIST = 10_000
DIGITS = 12
"""Significant digits of the numbers of a range, so that each has a short decimal."""
AXES = ("scale", "width", "leak", "d", "n", "seed", "data_seed")
SHOWN_NUMBERS = (
    "end_loss", "left_time", "fit_time", "norm", "path_norm", "live", "directions", "groups", "seconds",
)  # fmt: skip
SHOWN = (*(end for end in ENDS if end != "failed"), *SHOWN_NUMBERS)


def _real(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"{value!r} is not a number")
    number = float(value)
    if not np.isfinite(number):
        raise ValueError("it must be a finite number")
    return number


def _positive(value: float) -> float:
    if value <= 0:
        raise ValueError(f"it is {value:g}; it must be positive")
    return value


def _range(value: dict[str, Any], needed: tuple[str, ...]) -> list[Any]:
    """The entries of a range in the order of `needed`; ValueError unless it has these and no others."""
    if set(value) != set(needed):
        form = ", ".join(f"{name} = .." for name in needed)
        raise ValueError(f"a range is {{ {form} }}, and this one has {', '.join(value) or 'nothing'}")
    return [value[name] for name in needed]


def _count(value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST_LIST:
        raise ValueError(f"the count of a range must be an integer from {least} to {LARGEST_LIST}")
    return value


def _geometric(value: Any) -> Any:
    """A range as numbers of equal ratios; anything else as it is."""
    if not isinstance(value, dict):
        return value
    first, last, count = _range(value, ("from", "to", "count"))
    low, high = _real(first), _real(last)
    if low <= 0 or high <= low:
        raise ValueError("a range of equal ratios must go from a positive number to a larger one")
    return [float(f"{number:.{DIGITS}g}") for number in np.geomspace(low, high, _count(count, 2))]


def _rounded(value: Any) -> Any:
    """The same, rounded to integers, each once."""
    numbers = _geometric(value)
    return sorted({round(number) for number in numbers}) if isinstance(value, dict) else numbers


def _consecutive(value: Any) -> Any:
    """A range { from, count } as consecutive integers; anything else as it is."""
    if not isinstance(value, dict):
        return value
    first, count = _range(value, ("from", "count"))
    if isinstance(first, bool) or not isinstance(first, int):
        raise ValueError("a range of seeds begins with an integer")
    return list(range(first, first + _count(count, 1)))


def _listed(value: Any) -> Any:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is not a list; write [{value}]")
    if not value:
        raise ValueError("the list is empty")
    if len(value) > LARGEST_LIST:
        raise ValueError(f"the list has {len(value)} entries; at most {LARGEST_LIST} are taken")
    return value


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    known: set[Any] = set()
    for value in values:
        if value in known:
            raise ValueError(f"{value} occurs twice")
        known.add(value)
    return values


def _leak(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError(f"{value!r} is not a number")
    return number_text(checked_leak(value))


def _width(value: int) -> int:
    if not 1 <= value <= LARGEST_WIDTH:
        raise ValueError(f"it is {value}; it must be between 1 and {LARGEST_WIDTH}")
    return value


def _at_least_zero(value: int) -> int:
    if value < 0:
        raise ValueError(f"it is {value}; it must be 0 or larger")
    return value


def _at_least_one(value: int) -> int:
    if value < 1:
        raise ValueError(f"it is {value}; it must be 1 or larger")
    return value


def _scale(value: float) -> float:
    check_start(1, value, 0, KINDS[0])
    return value


Real = Annotated[float, BeforeValidator(_real)]
Positive = Annotated[Real, AfterValidator(_positive)]
List = (BeforeValidator(_listed), AfterValidator(_distinct))
Widths = Annotated[tuple[Annotated[StrictInt, AfterValidator(_width)], ...], *List, BeforeValidator(_rounded)]
Scales = Annotated[tuple[Annotated[Real, AfterValidator(_scale)], ...], *List, BeforeValidator(_geometric)]
Seeds = Annotated[
    tuple[Annotated[StrictInt, AfterValidator(_at_least_zero)], ...], *List, BeforeValidator(_consecutive)
]
Sizes = Annotated[tuple[Annotated[StrictInt, AfterValidator(_at_least_one)], ...], *List]
Leaks = Annotated[tuple[Annotated[str, BeforeValidator(_leak)], ...], *List]
Starts = Annotated[tuple[Annotated[StrictStr, one_of(KINDS)], ...], *List]


class Settings(BaseModel):
    """A table of the file: no other names, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Grid(Settings):
    """Every start is run on every data set with every leak."""

    widths: Widths
    scales: Scales
    seeds: Seeds = (0,)
    leaks: Leaks = ("0",)
    starts: Starts = ("balanced",)


class RunSettings(Settings):
    """How each start is followed; see `numerics.sweep.grid.Following`."""

    time: Positive
    loss: Annotated[StrictStr, one_of(LOSS_NAMES)] = "square"
    method: Literal["flow", "descent"] = "flow"
    tolerance: Positive = 1e-8
    step: Positive | None = None
    fitted: Positive = 1e-6
    rest_speed: Positive = 1e-8
    near: Positive = 1e-4

    def check(self) -> None:
        """Raise InputError for settings that do not fit together."""
        check_options(self.time, self.tolerance)
        if self.method == "descent" and self.step is None:
            raise InputError("run.step is missing; descent needs the length of its steps")
        if self.method == "flow" and self.step is not None:
            raise InputError('run.step is for method = "descent"; the flow chooses its steps by run.tolerance')
        if self.step is not None:
            steps_until(self.time, self.step)


class RandomSettings(Settings):
    """Random data sets: one for each number of points, dimension and seed."""

    points: Sizes
    dimensions: Sizes
    seeds: Seeds = (0,)
    teacher: Literal["linear", "neurons"] = "neurons"
    neurons: Annotated[StrictInt, AfterValidator(_at_least_one)] = 1
    noise: Real = 0.0


class DataSettings(Settings):
    """One data set, or several random ones; exactly one of `published`, `file` and `random` is given."""

    published: StrictStr | None = None
    file: StrictStr | None = None
    random: RandomSettings | None = None
    name: StrictStr | None = None
    bias: StrictBool = False
    label: StrictStr | None = None
    features: tuple[StrictStr, ...] | None = None


Axis = Annotated[StrictStr, one_of(AXES)]


class FigureSettings(Settings):
    """What the phase diagram shows: the share of runs that end so, or the median of a number, over two axes."""

    x: Axis = "scale"
    y: Axis = "width"
    show: Annotated[StrictStr, one_of(SHOWN)] = "fit"
    title: StrictStr | None = None


class SweepSettings(Settings):
    """The whole file."""

    grid: Grid
    run: RunSettings
    data: tuple[DataSettings, ...]
    figure: FigureSettings = FigureSettings()
