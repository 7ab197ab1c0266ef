"""What `run.json` says of a run: its options, what the theory says of its data, and how far it came."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from ...numerics.data.columns import ColumnRoles
from ...numerics.data.losses import LOSS_NAMES
from ...numerics.predict.escape import escape_level
from ...numerics.predict.prediction import Prediction

SCHEMA = 1
RUNNING, STOPPED, ENDED = "running", "stopped", "ended"
"""Of a run: under way or killed; stopped by Ctrl-C; ended, at its time or where it could not be followed further."""
T = TypeVar("T")


@dataclass(frozen=True)
class RunOptions:
    """The options of `proofs-check simulate` that decide a run; `start` is a kind of start or the name of a file."""

    data: str
    bias: bool
    loss: str
    leak: str
    width: int
    scale: float | None
    seed: int | None
    start: str
    time: float
    tolerance: float
    epsilon: float


@dataclass(frozen=True)
class Direction:
    """An extremal vector as the figures need it."""

    vector: tuple[float, ...]
    sign: int
    stability: str


@dataclass(frozen=True)
class Theory:
    """What is marked in the figures: extremal vectors, tau, the level of S at the escape, and least squares (OLS).

    `complete` says whether `directions` are all. `tau` and `escape_level` are None where theory.md 4.3 has none; the
    loss of OLS is None for a loss that OLS does not minimise.
    """

    directions: tuple[Direction, ...]
    complete: bool
    d_max: float
    epsilon: float
    tau: float | None
    escape_level: float | None
    ols: tuple[float, ...]
    ols_loss: float | None


@dataclass(frozen=True)
class Record:
    """A run as `run.json` has it; `time` and the counts (the loss among them) are those of when it was last written.

    `columns` is how the data file of `simulate` was understood, None for a run of a version that did not note it.
    `data_sha256` is that of `data.csv`; `comparison` is that of `simulate --json`, shown and never read.
    """

    options: RunOptions
    data_sha256: str
    theory: Theory
    state: str = RUNNING
    partial: bool = True
    reason: str | None = None
    time: float = 0.0
    counts: dict[str, float] = field(default_factory=dict)
    comparison: dict[str, Any] | None = None
    columns: ColumnRoles | None = None

    def to_json(self) -> dict[str, Any]:
        """The object of `run.json`."""
        return {"schema": SCHEMA, **asdict(self)}


def theory_of(prediction: Prediction) -> Theory:
    """What the figures show of a prediction, with tau where the start's scale is known and below 1."""
    found, tau = prediction.extremal, prediction.tau
    fit = prediction.least_squares
    return Theory(
        directions=tuple(Direction(tuple(v.vector.tolist()), v.sign, v.stability) for v in found.vectors),
        complete=found.complete,
        d_max=float(found.d_max),
        epsilon=prediction.epsilon,
        tau=tau if tau is not None and tau > 0 else None,
        escape_level=escape_level(prediction.problem, float(found.d_max)),
        ols=tuple(float(value) for value in fit.coefficients),
        ols_loss=fit.loss if prediction.loss == "square" else None,
    )


def parse_record(text: str, d: int) -> Record:
    """The record in the text of a `run.json` about inputs in R^d; ValueError, one clause, when it is none."""
    found = _is(dict)(json.loads(text))
    if found.get("schema") != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}")
    try:
        return Record(
            options=_options(found["options"]),
            data_sha256=_is(str)(found["data_sha256"]),
            theory=_theory(found["theory"], d),
            state=_one_of(RUNNING, STOPPED, ENDED)(found["state"]),
            partial=_is(bool)(found["partial"]),
            reason=_or_none(_is(str))(found["reason"]),
            time=_number(found["time"]),
            counts={_is(str)(name): _number(value) for name, value in _is(dict)(found["counts"]).items()},
            comparison=_or_none(_is(dict))(found["comparison"]),
            columns=_or_none(_columns)(found.get("columns")),
        )
    except KeyError as missing:
        raise ValueError(f"{missing} is missing") from None


def _options(found: Any) -> RunOptions:
    found = _is(dict)(found)
    return RunOptions(
        data=_is(str)(found["data"]),
        bias=_is(bool)(found["bias"]),
        loss=_one_of(*LOSS_NAMES)(found["loss"]),
        leak=_is(str)(found["leak"]),
        width=_is(int)(found["width"]),
        scale=_or_none(_number)(found["scale"]),
        seed=_or_none(_is(int))(found["seed"]),
        start=_is(str)(found["start"]),
        time=_number(found["time"]),
        tolerance=_number(found["tolerance"]),
        epsilon=_number(found["epsilon"]),
    )


def _columns(found: Any) -> ColumnRoles:
    found = _is(dict)(found)
    inputs, unused, warnings = (
        tuple(_is(str)(text) for text in _is(list)(found[name])) for name in ("inputs", "unused", "warnings")
    )
    return ColumnRoles(inputs, _is(str)(found["label"]), _is(bool)(found["bias"]), unused, warnings)


def _theory(found: Any, d: int) -> Theory:
    found = _is(dict)(found)
    return Theory(
        directions=tuple(
            Direction(_vector(entry["vector"], d), _one_of(1, -1)(entry["sign"]), _is(str)(entry["stability"]))
            for entry in map(_is(dict), _is(list)(found["directions"]))
        ),
        complete=_is(bool)(found["complete"]),
        d_max=_number(found["d_max"]),
        epsilon=_number(found["epsilon"]),
        tau=_or_none(_number)(found["tau"]),
        escape_level=_or_none(_number)(found["escape_level"]),
        ols=_vector(found["ols"], d),
        ols_loss=_or_none(_number)(found["ols_loss"]),
    )


def _is(kind: type[T]) -> Callable[[Any], T]:
    def check(value: Any) -> T:
        if not isinstance(value, kind):
            raise ValueError(f"{str(value)[:40]!r} stands where {kind.__name__} is needed")
        return value

    return check


def _one_of(*values: T) -> Callable[[Any], T]:
    def check(value: Any) -> T:
        if value not in values:
            raise ValueError(f"{str(value)[:40]!r} is none of {', '.join(map(str, values))}")
        return value

    return check


def _or_none(check: Callable[[Any], T]) -> Callable[[Any], T | None]:
    return lambda value: None if value is None else check(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
        raise ValueError(f"{str(value)[:40]!r} stands where a finite number is needed")
    return float(value)


def _vector(value: Any, d: int) -> tuple[float, ...]:
    found = tuple(_number(entry) for entry in _is(list)(value))
    if len(found) != d:
        raise ValueError(f"a vector has {len(found)} entries, not {d}")
    return found
