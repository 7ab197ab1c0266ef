"""By when neurons with a < 0 are dead, whatever their start: T_d of theory.md 9.1, steps (1b) of the proof."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import flint

from ..geometry.covectors import most_cells
from ..interpolation.cells import find_cells
from .cone import LinearFit, Vector, dot
from .instance import Ball, ball

LARGEST_CELLS = 1_000
"""Most cells of which the decreasing chains are gone through."""


@dataclass(frozen=True)
class Death:
    """`time` bounds T_d above, `turning` bounds min_A r_A min(delta, u_in(A)) below.

    `cells` is the number of cells gone through, or None where bounds for all sets of points were used.
    """

    time: Ball
    turning: Ball
    cells: int | None


def death_of(fit: LinearFit, delta: Fraction) -> Death:
    """The bounds of step (1b) of the proof, from all cells, or for all sets of points where there may be too many."""
    few = most_cells(fit.data.n, fit.data.d) <= LARGEST_CELLS
    return _from_cells(fit, delta) if few else _for_all_sets(fit, delta)


def half_tangent(sine_square: Fraction) -> Ball:
    """tan(arcsin(s)/2) = s/(1 + sqrt(1 - s^2)), from s^2."""
    return ball(sine_square).sqrt() / (1 + ball(1 - sine_square).sqrt())


def _from_cells(fit: LinearFit, delta: Fraction) -> Death:
    patterns = {tuple(int(k) for k, sign in enumerate(row) if sign > 0) for row in find_cells(fit.data.inputs).signs}
    cells = sorted((cell for cell in patterns if cell), key=lambda cell: (len(cell), cell))
    time, turning = flint.arb(0), None
    below: list[tuple[frozenset[int], Ball]] = []  # each smaller cell, with the longest time from entering it to death
    for cell in cells:
        drift = _drift(fit, cell)
        size, members = ball(dot(drift, drift)).sqrt(), frozenset(cell)
        entry = _entry_sine_square(fit, cell, drift)
        later = _largest([rest for other, rest in below if other < members])
        time = time.max((2 / ball(delta)).log() / size + later)
        least = ball(delta)
        if entry is not None:
            entered = half_tangent(entry)
            least = least.min(entered)
            below.append((members, (2 / entered).log() / size + later))
        turning = size * least if turning is None else turning.min(size * least)
    return Death(time, turning, len(cells))


def _drift(fit: LinearFit, cell: tuple[int, ...]) -> Vector:
    """D_A."""
    x, y = fit.data.inputs, fit.data.labels
    return tuple(sum((y[k] * x[k][i] for k in cell), Fraction(0)) / fit.data.n for i in range(fit.data.d))


def _entry_sine_square(fit: LinearFit, cell: tuple[int, ...], drift: Vector) -> Fraction | None:
    """The smallest s_k^2 over the points k that are not in the cell; None for the cell of all points."""
    x, square = fit.data.inputs, dot(drift, drift)
    others = (x[k] for k in range(fit.data.n) if k not in cell)
    return min((dot(drift, point) ** 2 / (square * dot(point, point)) for point in others), default=None)


def _largest(balls: list[Ball]) -> Ball:
    found = flint.arb(0)
    for value in balls:
        found = found.max(value)
    return found


def _for_all_sets(fit: LinearFit, delta: Fraction) -> Death:
    """The same for all sets of points, by their number alone.

    Let g be the smallest cosine between two points and z_1 <= .. <= z_n the numbers y_k ||x_k||/n in order. Then
    s_k >= g for every set, because D_A is a combination of its points with weights >= 0, and a set of j points has
    r_A^2 >= sum_i z_i^2 + g sum_{i != l} z_i z_l over the first j. A decreasing chain has at most one set of each size.
    """
    data = fit.data
    squares = [dot(x, x) for x in data.inputs]
    pairs = [(k, other) for k in range(data.n) for other in range(k)]
    cosine_square = min(dot(data.inputs[k], data.inputs[j]) ** 2 / (squares[k] * squares[j]) for k, j in pairs)
    cosine, entered = ball(cosine_square).sqrt(), half_tangent(cosine_square)
    sizes = sorted(y * y * square / data.n**2 for y, square in zip(data.labels, squares, strict=True))
    total, square_sum, drifts = flint.arb(0), flint.arb(0), []
    for size in sizes:
        total, square_sum = total + ball(size).sqrt(), square_sum + ball(size)
        drifts.append((square_sum + cosine * (total * total - square_sum)).sqrt())
    time = (2 / ball(delta)).log() / drifts[0]
    time += sum(((2 / entered).log() / drift for drift in drifts[:-1]), flint.arb(0))
    return Death(time, drifts[0] * ball(delta).min(entered), None)
