"""The least-norm point of a box of vectors: the Filippov drift on a face (theory.md 2.6).

One active-set method (Stark and Parker's bounded-variable least squares) serves floats and exact rationals alike:
arrays of dtype object that hold `Fraction` are solved without rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


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


def least_norm_in_box(base: NDArray[Any], columns: NDArray[Any], tolerance: Any = 0) -> BoxMinimum:
    """Minimise ||base + theta @ columns|| over theta in [0, 1]^k; base (d,), columns (k, d).

    `tolerance`, a number or one for every column (k,), is the size below which a component of the gradient counts as
    zero: 0 for exact rationals, the rounding error of the gradient for floats. That of a component is in proportion to
    the length of its column: where lengths differ much, one number for all would hide the gradients of the short ones.
    Each round frees the coordinate that violates optimality most and decreases the
    norm, so no free set recurs and the method ends.
    """
    count = len(columns)
    theta = np.zeros(count, dtype=base.dtype)
    if count == 0:
        return BoxMinimum(theta, base, theta, np.zeros(0, dtype=bool))
    upper = np.zeros(count, dtype=bool)
    free = np.zeros(count, dtype=bool)
    one = 1 if base.dtype == object else 1.0
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


def _gram_solve(rows: NDArray[Any], fixed: NDArray[Any]) -> NDArray[Any]:
    """The multipliers theta with <fixed + theta @ rows, row> = 0 for every row; rows independent."""
    gram, right = rows @ rows.T, -(rows @ fixed)
    if rows.dtype != object:
        if len(rows) == 1:
            return np.asarray(right / gram[0, 0])
        lengths = np.sqrt(np.diag(gram))  # rows of one length: none is negligible beside another
        return np.asarray(np.linalg.lstsq((rows / lengths[:, None]).T, -fixed, rcond=None)[0] / lengths)
    size = len(rows)
    table = np.concatenate([gram, right[:, None]], axis=1)
    for pivot in range(size):  # the Gram matrix of independent rows is positive definite: pivots never vanish
        table[pivot] = table[pivot] / table[pivot, pivot]
        for row in range(size):
            if row != pivot:
                table[row] = table[row] - table[row, pivot] * table[pivot]
    return table[:, -1]


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
