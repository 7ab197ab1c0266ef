"""The least-norm point of a box of vectors: the Filippov drift on a face (theory.md 2.6).

One active-set method (Stark and Parker's bounded-variable least squares) serves floats and exact rationals alike:
arrays of dtype object that hold `Fraction` are solved without rounding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .integers import solve

PLAINLY = 1e-6
"""A guess is taken up where all slopes it frees are this far inside [0, 1]. Nearer to an end there may be several equal
choices, and the method must make the same one with a guess and without."""


@dataclass(frozen=True)
class BoxMinimum:
    """The minimum of ||base + theta @ columns|| over theta in [0, 1]^k.

    `theta` (k,), `point` (d,) = base + theta @ columns, `gradient` (k,) = columns @ point, and `free` (k,) bool: the
    coordinates whose gradient was set to zero by solving for them. Where columns are dependent, theta is one of many
    minimisers; the point is unique.
    """

    theta: NDArray[Any]
    point: NDArray[Any]
    gradient: NDArray[Any]
    free: NDArray[np.bool_]

    @classmethod
    def all_free(cls, columns: NDArray[Any]) -> BoxMinimum:
        """The guess that no coordinate of `columns` (k, d) is at an end of its range."""
        count, d = columns.shape
        return cls(np.zeros(count), np.zeros(d), np.zeros(count), np.ones(count, dtype=bool))


def least_norm_in_box(
    base: NDArray[Any], columns: NDArray[Any], tolerance: Any = 0, guess: BoxMinimum | None = None
) -> BoxMinimum:
    """Minimise ||base + theta @ columns|| over theta in [0, 1]^k; base (d,), columns (k, d).

    `tolerance`, a number or one for every column (k,), is the size below which a component of the gradient counts as
    zero: 0 for exact rationals, the rounding error of the gradient for floats. That of a component is in proportion to
    the length of its column: where lengths differ much, one number for all would hide the gradients of the short ones.
    Each round frees the coordinate that violates optimality most and decreases the
    norm, so no free set recurs and the method ends. It starts from the sets of `guess` if they are plainly possible.
    """
    count = len(columns)
    theta = np.zeros(count, dtype=base.dtype)
    if count == 0:
        return BoxMinimum(theta, base, theta, np.zeros(0, dtype=bool))
    upper = np.zeros(count, dtype=bool)
    free = np.zeros(count, dtype=bool)
    one = 1 if base.dtype == object else 1.0
    if guess is not None:
        theta, free, upper = _started_from(guess, base, columns)
    for _ in range(3 ** min(count, 12) + 1):
        point = base + theta @ columns
        gradient = columns @ point
        wrong = np.where(free, 0, np.where(upper, gradient, -gradient))
        excessive = wrong > tolerance
        if not excessive.any():
            return BoxMinimum(theta, point, gradient, free)
        entering = int(np.where(excessive, wrong, 0).argmax())
        free[entering] = True
        upper[entering] = False
        while free.any():
            active = np.flatnonzero(free)
            fixed = base + np.where(free, 0, theta) @ columns
            target = _gram_solve(columns[active], fixed)
            outside = (target < 0) | (target > one)
            if not outside.any():
                theta[active] = target
                break
            old = theta[active]
            bound = np.where(target < 0, 0, one)
            beyond = np.flatnonzero(outside)
            steps = (bound[beyond] - old[beyond]) / (target[beyond] - old[beyond])
            blocking, step = int(beyond[steps.argmin()]), steps.min()
            theta[active] = old + step * (target - old)
            theta[active[blocking]] = bound[blocking]
            upper[active[blocking]] = bool(bound[blocking] == one)
            free[active[blocking]] = False
    raise ArithmeticError("bounded-variable least squares did not converge; the columns are nearly linearly dependent")


def _started_from(
    guess: BoxMinimum, base: NDArray[Any], columns: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]:
    """(theta, free, upper) with the sets of `guess`, or with all at their lower bounds where theta left the box."""
    theta = np.zeros(len(columns), dtype=base.dtype)
    free, upper = guess.free, ~guess.free & (guess.theta > 0.5)
    theta[upper] = 1
    target = _of_independent(columns[free], base + theta @ columns)
    if target is None or ((target < PLAINLY) | (target > 1 - PLAINLY)).any():
        none = np.zeros(len(columns), dtype=bool)
        return np.zeros(len(columns), dtype=base.dtype), none, none.copy()
    theta[free] = target
    return theta, free.copy(), upper


def _of_independent(rows: NDArray[Any], fixed: NDArray[Any]) -> NDArray[Any] | None:
    """`_gram_solve` for rows that may be dependent: None if they are."""
    if rows.dtype != object and np.linalg.matrix_rank(rows) < len(rows):
        return None
    try:
        return _gram_solve(rows, fixed)
    except ZeroDivisionError:
        return None


def _gram_solve(rows: NDArray[Any], fixed: NDArray[Any]) -> NDArray[Any]:
    """The multipliers theta with <fixed + theta @ rows, row> = 0 for every row; rows independent."""
    gram, right = rows @ rows.T, -(rows @ fixed)
    if rows.dtype != object:
        if len(rows) == 1:
            return np.asarray(right / gram[0, 0])
        lengths = np.sqrt(np.diag(gram))  # rows of one length: none is negligible beside another
        return np.asarray(np.linalg.lstsq((rows / lengths[:, None]).T, -fixed, rcond=None)[0] / lengths)
    scales = [math.lcm(*(entry.denominator for entry in row)) for row in gram]
    whole = [[int(entry * scale) for entry in row] for row, scale in zip(gram, scales, strict=True)]
    solution = solve(whole, [entry * scale for entry, scale in zip(right, scales, strict=True)])
    return np.array([*solution, None], dtype=object)[:-1]


def project_out(vector: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    """`vector` (d,) projected onto the complement of the span of exact `rows` (k, d), which may be dependent."""
    basis: list[NDArray[Any]] = []
    for row in rows:
        rest = row
        for direction in basis:
            rest = rest - (rest @ direction) / (direction @ direction) * direction
        if any(rest):
            basis.append(rest)
    for direction in basis:
        vector = vector - (vector @ direction) / (direction @ direction) * direction
    return vector
