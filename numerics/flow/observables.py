"""What is computed of a network at every recorded time on request, beside its outputs and its loss."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.losses import get_loss
from ..data.network import Network
from ..data.table import read_table
from ..errors import InputError
from ..geometry.angles import angle_of_chord
from ..rounding import STANDING
from .engine.problem import FlowProblem

AT_ONCE = 10**7
"""Most preactivations, of neurons on test points, that are held at the same time."""


@dataclass(frozen=True, eq=False)
class Observables:
    """Which numbers are computed; `values` gives them by name, NaN where they are not defined.

    `test` adds `test_loss`, the mean loss on these points, with the loss and the leak of the flow. `stable_rank` adds
    ||W||_F^2 / ||W||_2^2 of the input weights W (m, d). `teacher` (k, d), the input weights of other neurons, adds
    `largest_teacher_angle` and `mean_teacher_angle`: of every live neuron the angle in radians between w and the
    nearest row of `teacher`; the mean is weighted by |a| ||w||, what a neuron adds to the output.
    """

    test: Dataset | None = None
    stable_rank: bool = False
    teacher: Floats | None = None

    def values(self, neurons: Floats, problem: FlowProblem) -> dict[str, float]:
        """The numbers for a network with neurons (m, d+1), rows (w, a)."""
        found: dict[str, float] = {}
        if self.test is not None:
            found["test_loss"] = _test_loss(neurons, problem, self.test)
        if self.stable_rank:
            found["stable_rank"] = _stable_rank(neurons[:, :-1])
        if self.teacher is not None:
            found |= _teacher_angles(neurons, problem, self.teacher)
        return found


def read_teacher(source: str | os.PathLike[str], d: int) -> Floats:
    """The input weights (k, d) in the columns w1,..,wd of a file; other columns, such as a, are not read.

    Raises InputError, with row and column, for everything a table refuses, for missing columns and for zero weights.
    """
    names = tuple(f"w{axis}" for axis in range(1, d + 1))
    table = read_table(source, lambda name, header: _places(name, header, names))
    for row, weights in enumerate(table.rows):
        if not any(weights):
            raise InputError(f"{table.place(row)}: all input weights are 0; a teacher neuron needs a direction")
    return np.array([[float(value) for value in row] for row in table.rows])


def _places(source: str, header: tuple[str, ...], names: tuple[str, ...]) -> tuple[int, ...]:
    missing = [name for name in names if name not in header]
    more = f"w{len(names) + 1}"
    if missing or more in header:
        what = f"no column {missing[0]}" if missing else f"a column {more}"
        raise InputError(f"{source} has {what}; for d = {len(names)} a teacher has the columns {','.join(names)}")
    return tuple(header.index(name) for name in names)


def _parts(rows: Floats, points: int) -> Iterator[Floats]:
    """Rows in parts that have `AT_ONCE` preactivations on so many points at most."""
    size = max(1, AT_ONCE // points)
    return (rows[first : first + size] for first in range(0, len(rows), size))


def _test_loss(neurons: Floats, problem: FlowProblem, test: Dataset) -> float:
    """The mean loss on test data; outputs are summed over parts of the network, so that memory stays bounded."""
    outputs = np.zeros(test.n)
    for part in _parts(neurons, test.n):
        outputs += Network(part[:, -1], part[:, :-1]).outputs(test.X, problem.leak)
    with np.errstate(over="ignore"):
        loss = float(np.mean(get_loss(problem.loss).value(outputs, test.y)))
    return loss if math.isfinite(loss) else math.nan


def _stable_rank(w: Floats) -> float:
    """The sum of the squared singular values divided by the largest of them; NaN for w = 0."""
    size = float(np.abs(w).max(initial=0.0))
    if size == 0:
        return math.nan
    unit = w / size  # squares of tiny weights would underflow
    squares = np.linalg.eigvalsh(unit.T @ unit)
    return float(squares.sum() / squares[-1])


def _teacher_angles(neurons: Floats, problem: FlowProblem, teacher: Floats) -> dict[str, float]:
    """The largest and the mean angle of live neurons to the nearest teacher neuron; NaN if no neuron is live.

    Live are neurons that are active on some point; those within rounding of its hyperplane are not.
    """
    w, a = neurons[:, :-1], neurons[:, -1]
    lengths = np.linalg.norm(w, axis=1)
    reach = np.linalg.norm(problem.X, axis=1).max()
    highest = np.concatenate([(part @ problem.X.T).max(axis=1) for part in _parts(w, len(problem.X))])
    live = (lengths > 0) & ((problem.leak > 0) | (highest > STANDING * reach * lengths))
    largest = mean = math.nan
    if live.any():
        directions = w[live] / lengths[live, None]
        others = teacher / np.linalg.norm(teacher, axis=1)[:, None]
        nearest = others[np.argmax(directions @ others.T, axis=1)]
        angles = angle_of_chord(np.linalg.norm(directions - nearest, axis=1))
        shares = np.abs(a[live]) * lengths[live]
        largest = float(angles.max())
        mean = float(angles @ shares / shares.sum()) if shares.sum() > 0 else math.nan
    return {"largest_teacher_angle": largest, "mean_teacher_angle": mean}
