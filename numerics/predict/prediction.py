"""What the theory says about a data set, and about a start on it (theory.md 3.7-3.9, 4.3, 5)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.dataset import Dataset
from ..data.losses import get_loss
from ..data.problem import Problem
from ..data.start import Start
from ..errors import InputError
from ..extremal.face import Deadline
from ..extremal.vectors import ExtremalVectors, extremal_vectors
from ..frozen.alignment import Fate, FrozenAlignment, FrozenFlow
from ..geometry.linear_fit import LeastSquares, correlations, general_position, least_squares, rank
from .early_phase import alignment_horizon, largest_scale, mean_square_input
from .reached import with_reached

DEFAULT_EPSILON = 0.25
DEFAULT_ANGLE = 0.01
SECONDS_FOR_POSITION = 2.0
"""Where `seconds` are limited, so long at most it is examined whether the data are in general position."""


@dataclass(frozen=True)
class Followers:
    """The neurons that the frozen flow takes to one extremal vector.

    `extremal` is the vector's index in `ExtremalVectors.vectors`, `neurons` (count,) the neurons' indices from 0, and
    `latest_time` the last time at which one of them comes within `angle` radians of the vector.
    """

    extremal: int
    neurons: tuple[int, ...]
    latest_time: float
    angle: float


@dataclass(frozen=True)
class Fates:
    """What becomes of every neuron of a start under the frozen flow (theory.md 3.9); neurons by index from 0."""

    width: int
    followers: tuple[Followers, ...]
    dead: tuple[int, ...]
    pinned: tuple[int, ...]
    undecided: tuple[int, ...]


@dataclass(frozen=True)
class Prediction:
    """What the theory predicts for a data set and, when there is one, for a start.

    `extremal` holds the extremal vectors, one entry per vector and seeing sign; `least_squares` the exact least-squares
    fit, whatever the loss, with the mean loss at it. `tau` is the time up to which neurons align and `scale_threshold`
    the lambda* of theory.md 4.3: None without a scale or when D_max = 0. From lambda = 1 on there is no early phase and
    `tau` is not positive. `general_position` is None when n and d are too large to decide it, `correlations` None for
    one point.
    """

    problem: Problem
    epsilon: float
    rank: int
    general_position: bool | None
    correlations: tuple[float, float] | None
    extremal: ExtremalVectors
    least_squares: LeastSquares
    start: Start | None
    tau: float | None
    scale_threshold: float | None
    alignment: FrozenAlignment | None
    fates: Fates | None

    @property
    def data(self) -> Dataset:
        """The data set of the problem."""
        return self.problem.data

    @property
    def loss(self) -> str:
        """The name of the problem's loss."""
        return self.problem.loss

    @property
    def leak(self) -> Fraction:
        """The leak of the problem's activation."""
        return self.problem.leak

    def to_json(self) -> dict[str, Any]:
        """The document of `predict --json`, schema 1; `exact` is null when the data were given as floats.

        It is null as well where a vector was only followed to in floats.

        `published` is null: the constants of the published theorem are computed when `--published` asks for them.
        """
        low, high = self.correlations or (None, None)
        return {
            "schema": 1,
            "n": self.data.n,
            "d": self.data.d,
            "columns": None if self.data.columns is None else self.data.columns.to_json(),
            "rank": self.rank,
            "general_position": self.general_position,
            "correlations": {"min": low, "max": high},
            "extremal": [
                {
                    "vector": [float(value) for value in extremal.vector],
                    "exact": self._exact(extremal.exact),
                    "norm": float(extremal.norm),
                    "pattern": [int(sign) for sign in extremal.pattern],
                    "sign": int(extremal.sign),
                    "stability": str(extremal.stability),
                }
                for extremal in self.extremal.vectors
            ],
            "complete": self.extremal.complete,
            "count": self.extremal.count,
            "d_max": float(self.extremal.d_max),
            "d_max_bound": float(self.extremal.d_max_bound),
            "epsilon": self.epsilon,
            "tau": self.tau,
            "scale_threshold": self.scale_threshold,
            "ols": {
                "coefficients": [float(value) for value in self.least_squares.coefficients],
                "exact": self._exact(self.least_squares.coefficients),
                "loss": self.least_squares.loss,
            },
            "neurons": None if self.fates is None else _fates_document(self.fates),
        }

    def _exact(self, values: tuple[Fraction, ...] | None) -> list[str] | None:
        return None if values is None or not self.data.decimal else [str(value) for value in values]


def predict(
    problem: Problem | Dataset,
    start: Start | None = None,
    *,
    epsilon: float = DEFAULT_EPSILON,
    angle: float = DEFAULT_ANGLE,
    route: str = "auto",
    seconds: float | None = None,
    every: bool = False,
) -> Prediction:
    """What the theory says about a problem, and about `start` if one is given.

    A data set alone stands for the square loss and ReLU. `epsilon` in (0, 1) sets the horizon
    tau = epsilon log(1/lambda)/||D_max||; `angle`, in radians, is the distance at which a neuron counts as arrived;
    `route` and `seconds` are those of `extremal_vectors`. Where the list is not complete by then, the vectors are added
    to it to which random starts go, and those that the neurons of `start` reach. With `every`, all vectors of
    orthogonal data are listed, however many. Raises InputError for an epsilon or angle out of range, and a start of
    another dimension.
    """
    posed = Problem.of(problem)
    data = posed.data
    _check(data, epsilon, start, angle)
    in_position = Deadline.after(None if seconds is None else min(seconds, SECONDS_FOR_POSITION))
    general = general_position(data, lambda: in_position.left == 0.0)
    extremal = extremal_vectors(posed, route=route, seconds=seconds)
    if every and extremal.understood and not extremal.complete:
        extremal = extremal_vectors(posed, route="orthogonal", seconds=seconds)
    alignment = fates = tau = threshold = None
    flow = FrozenFlow(posed)
    if start is not None:
        alignment = flow.alignment(start, extremal=extremal)
    if not extremal.complete:
        extremal = with_reached(flow, extremal, alignment, random=not extremal.understood)
    if start is not None and alignment is not None:
        alignment = alignment.matched_with(extremal)
        fates = fates_of(alignment, angle)
        if start.scale is not None and start.c0 is not None and extremal.d_max > 0:
            tau = alignment_horizon(start.scale, epsilon, extremal.d_max)
            kappa = get_loss(posed.loss).kappa
            if math.isfinite(kappa):
                threshold = largest_scale(epsilon, extremal.d_max, start.c0, mean_square_input(data), kappa)
    return Prediction(
        problem=posed,
        epsilon=float(epsilon),
        rank=rank(data),
        general_position=general,
        correlations=correlations(data),
        extremal=extremal,
        least_squares=least_squares(data, posed.loss),
        start=start,
        tau=tau,
        scale_threshold=threshold,
        alignment=alignment,
        fates=fates,
    )


def check_epsilon(epsilon: float) -> None:
    """Raise InputError unless 0 < epsilon < 1."""
    if not 0 < epsilon < 1:
        raise InputError(f"epsilon is {epsilon:g}; it must lie strictly between 0 and 1")


def fates_of(alignment: FrozenAlignment, angle: float) -> Fates:
    """The neurons of a frozen alignment sorted by fate, with the time at which the last follower is within `angle`."""
    times = alignment.alignment_time(angle)
    fate, extremal = np.asarray(alignment.fate), np.asarray(alignment.extremal)
    followers = []
    for index in np.unique(extremal[(fate == Fate.EXTREMAL) & (extremal >= 0)]):
        neurons = np.flatnonzero((fate == Fate.EXTREMAL) & (extremal == index))
        followers.append(Followers(int(index), _indices(neurons), float(np.max(times[neurons])), angle))
    lost = (fate == Fate.UNDETERMINED) | ((fate == Fate.EXTREMAL) & (extremal < 0))
    return Fates(
        width=len(fate),
        followers=tuple(followers),
        dead=_indices(np.flatnonzero(fate == Fate.DEAD)),
        pinned=_indices(np.flatnonzero(fate == Fate.PINNED)),
        undecided=_indices(np.flatnonzero(lost)),
    )


def _check(data: Dataset, epsilon: float, start: Start | None, angle: float) -> None:
    check_epsilon(epsilon)
    if not 0 < angle < math.pi:
        raise InputError(f"the angle is {angle:g}; it must lie strictly between 0 and pi")
    if start is not None:
        start.check_dimension(data.d)


def _indices(neurons: NDArray[np.intp]) -> tuple[int, ...]:
    return tuple(neurons.tolist())


def _fates_document(fates: Fates) -> dict[str, Any]:
    return {
        "width": fates.width,
        "dead": len(fates.dead),
        "pinned": len(fates.pinned),
        "undecided": len(fates.undecided),
        "counts": [
            {
                "extremal": group.extremal,
                "count": len(group.neurons),
                "latest_time": group.latest_time if math.isfinite(group.latest_time) else None,
                "angle": group.angle,
            }
            for group in fates.followers
        ],
    }
