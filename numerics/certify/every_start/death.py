"""By when neurons with a < 0 are dead, whatever their start: T_d of theory.md 9.1, step (1b) of the proof."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import flint

from ..instance import Ball, ball
from .activation import Cell, drift_of
from .cone import LinearFit, Vector, dot

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Death:
    """The constants of (1b): `time` is at least T_d, `turning` at most min_A 2 xi r_A min(delta, u_in(A)).

    `cells` is the number of cells gone through, or None where bounds for all sets of points were used.
    """

    xi: Fraction
    time: Ball
    turning: Ball
    cells: int | None


def death_of(fit: LinearFit, delta: Fraction, cells: list[Cell] | None, xi: Fraction = HALF) -> Death:
    """The bounds of step (1b) of the proof, from the cells, or for all sets of points where these are not known."""
    return _for_all_sets(fit, delta, xi) if cells is None else _from_cells(fit, delta, cells, xi)


def half_tangent(sine_square: Fraction) -> Ball:
    """tan(arcsin(s)/2) = s/(1 + sqrt(1 - s^2)), from s^2."""
    return ball(sine_square).sqrt() / (1 + ball(1 - sine_square).sqrt())


def _from_cells(fit: LinearFit, delta: Fraction, cells: list[Cell], xi: Fraction) -> Death:
    left = ball(1 - xi)
    time, turning = flint.arb(0), None
    below: list[tuple[frozenset[int], Ball]] = []  # each smaller cell, with the longest time from entering it to death
    for cell in cells:
        drift = drift_of(fit, cell)
        size, members = ball(dot(drift, drift)).sqrt(), frozenset(cell)
        entry = _entry_sine_square(fit, cell, drift)
        later = _largest([rest for other, rest in below if other < members])
        time = time.max(-(left * ball(delta)).log() / size + later)
        least = ball(delta)
        if entry is not None:
            entered = half_tangent(entry)
            least = least.min(entered)
            below.append((members, -(left * entered).log() / size + later))
        turning = size * least if turning is None else turning.min(size * least)
    return Death(xi, time, 2 * ball(xi) * turning, len(cells))


def _entry_sine_square(fit: LinearFit, cell: Cell, drift: Vector) -> Fraction | None:
    """The smallest s_k^2 over the points k that are not in the cell; None for the cell of all points."""
    x, square = fit.data.inputs, dot(drift, drift)
    others = (x[k] for k in range(fit.data.n) if k not in cell)
    return min((dot(drift, point) ** 2 / (square * dot(point, point)) for point in others), default=None)


def _largest(balls: list[Ball]) -> Ball:
    found = flint.arb(0)
    for value in balls:
        found = found.max(value)
    return found


def _for_all_sets(fit: LinearFit, delta: Fraction, xi: Fraction = HALF) -> Death:
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
    left = ball(1 - xi)
    time = -(left * ball(delta)).log() / drifts[0]
    time += sum((-(left * entered).log() / drift for drift in drifts[:-1]), flint.arb(0))
    return Death(xi, time, 2 * ball(xi) * drifts[0] * ball(delta).min(entered), None)
