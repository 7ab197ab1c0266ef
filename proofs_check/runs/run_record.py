"""What `run.json` says of a run: its options, what the theory says of its data, and how far it came.

Pydantic reads the file: the annotations of the fields are what a file must hold.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, FiniteFloat, TypeAdapter, ValidationError

from ...numerics.data.columns import ColumnRoles
from ...numerics.data.conventions import CONVENTIONS
from ...numerics.data.losses import LOSS_NAMES
from ...numerics.descent.steps import Batches
from ...numerics.flow.recording import NEURONS_KEPT
from ...numerics.predict.escape import escape_level
from ...numerics.predict.prediction import Prediction

SCHEMA: Literal[1] = 1
State = Literal["running", "stopped", "ended"]
RUNNING: State = "running"
"""Under way, or killed."""
STOPPED: State = "stopped"
"""Stopped by Ctrl-C."""
ENDED: State = "ended"
"""At its time, or where it could not be followed further."""


def one_of(names: Collection[str]) -> AfterValidator:
    """That a string is one of `names`, said in words where it is not."""

    def check(value: str) -> str:
        if value not in names:
            raise ValueError(f"{value!r} is none of {', '.join(names)}")
        return value

    return AfterValidator(check)


@dataclass(frozen=True)
class RunOptions:
    """The options of `proofs-check simulate` that decide a run; `start` is a kind of start or the name of a file.

    `method` is the flow or gradient descent with steps of length `step`, in batches of `batch` points drawn by `seed`.
    `time` and `step` are in the time of theory.md 1, and `scale` is that of its network; `given_time`, `given_step` and
    `given_scale` are those of the loss convention `normalise` and of the network with the factor `output_factor`, None
    where neither was named. The first `record` neurons are recorded over time. `test` and `teacher` are names of files.
    """

    data: str
    bias: bool
    loss: Annotated[str, one_of(LOSS_NAMES)]
    leak: str
    width: int
    scale: FiniteFloat | None
    seed: int | None
    start: str
    time: FiniteFloat
    tolerance: FiniteFloat
    epsilon: FiniteFloat
    method: Literal["flow", "descent"] = "flow"
    step: FiniteFloat | None = None
    extrapolate: bool = False
    normalise: Annotated[str, one_of(CONVENTIONS)] | None = None
    given_time: FiniteFloat | None = None
    given_step: FiniteFloat | None = None
    record: Annotated[int, Field(ge=1)] = NEURONS_KEPT
    test: str | None = None
    output_factor: str | None = None
    given_scale: FiniteFloat | None = None
    symmetrised: bool = False
    stable_rank: bool = False
    teacher: str | None = None
    batch: Annotated[int, Field(ge=1)] | None = None

    @property
    def batches(self) -> Batches | None:
        """The batches of descent; None where it takes all points in every step."""
        return None if self.batch is None else Batches(self.batch, self.seed or 0)


@dataclass(frozen=True)
class Direction:
    """An extremal vector as the figures need it."""

    vector: tuple[FiniteFloat, ...]
    sign: Literal[1, -1]
    stability: str


@dataclass(frozen=True)
class Theory:
    """What is marked in the figures: extremal vectors, tau, the level of S at the escape, and least squares (OLS).

    `complete` says whether `directions` are all. `tau` and `escape_level` are None where theory.md 4.3 has none; the
    loss of OLS is None for a loss that OLS does not minimise.
    """

    directions: tuple[Direction, ...]
    complete: bool
    d_max: FiniteFloat
    epsilon: FiniteFloat
    tau: FiniteFloat | None
    escape_level: FiniteFloat | None
    ols: tuple[FiniteFloat, ...]
    ols_loss: FiniteFloat | None


@dataclass(frozen=True)
class Record:
    """A run as `run.json` has it; `time` and the counts (the loss among them) are those of when it was last written.

    `columns` is how the data file of `simulate` was understood, None for a run of a version that did not note it.
    `data_sha256` is that of `data.csv`; `comparison` is that of `simulate --json`, shown and never read.
    """

    schema: Literal[1]
    options: RunOptions
    data_sha256: str
    theory: Theory
    state: State
    partial: bool
    reason: str | None
    time: FiniteFloat
    counts: dict[str, FiniteFloat]
    comparison: dict[str, Any] | None
    columns: ColumnRoles | None = None

    @classmethod
    def begun(cls, options: RunOptions, data_sha256: str, theory: Theory, columns: ColumnRoles | None) -> Record:
        """The record of a run that is about to start."""
        return cls(SCHEMA, options, data_sha256, theory, RUNNING, True, None, 0.0, {}, None, columns)

    def to_json(self) -> dict[str, Any]:
        """The object of `run.json`."""
        return asdict(self)


def theory_of(prediction: Prediction) -> Theory:
    """What the figures show of a prediction, with tau where the start's scale is known and below 1."""
    found, tau = prediction.extremal, prediction.tau
    fit = prediction.least_squares
    return Theory(
        directions=tuple(
            Direction(tuple(v.vector.tolist()), 1 if v.sign > 0 else -1, v.stability) for v in found.vectors
        ),
        complete=found.complete,
        d_max=float(found.d_max),
        epsilon=prediction.epsilon,
        tau=tau if tau is not None and tau > 0 else None,
        escape_level=escape_level(prediction.problem, float(found.d_max)),
        ols=tuple(float(value) for value in fit.coefficients),
        ols_loss=fit.loss if prediction.loss == "square" else None,
    )


def parse_record(text: str, d: int) -> Record:
    """The record in the text of a `run.json` about inputs in R^d; ValueError, one clause, for other texts."""
    try:
        record = TypeAdapter(Record).validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        message = first["msg"].removeprefix("Value error, ")
        raise ValueError(f"{place}: {message}" if place else message) from None
    if (record.options.method == "descent") != (record.options.step is not None):
        raise ValueError("options.step: descent has a step, and the flow has none")
    for vector in (record.theory.ols, *(direction.vector for direction in record.theory.directions)):
        if len(vector) != d:
            raise ValueError(f"a vector of its theory has {len(vector)} entries, not {d}")
    return record
