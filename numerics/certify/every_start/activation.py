"""By when neurons with a > 0 are active on all points, whatever their start: T_a of theory.md 9.1, step (1a)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...geometry.covectors import most_cells
from ...interpolation.cells import find_cells
from .cone import LinearFit, Vector, dot

LARGEST_CELLS = 1_000
"""Most cells that are gone through."""
Cell = tuple[int, ...]
"""The points on which a neuron is active, in order."""


@dataclass(frozen=True)
class Activation:
    """The constants of (1a): while S <= `size` pulls are at least zeta y_k, and `time` is at least T_a."""

    zeta: Fraction
    size: Fraction
    time: Fraction


def active_cells(fit: LinearFit) -> list[Cell] | None:
    """The cells but the empty one, smaller ones first; None where there may be too many."""
    if most_cells(fit.data.n, fit.data.d) > LARGEST_CELLS:
        return None
    patterns = {tuple(int(k) for k, sign in enumerate(row) if sign > 0) for row in find_cells(fit.data.inputs).signs}
    return sorted((cell for cell in patterns if cell), key=lambda cell: (len(cell), cell))


def activation_square(fit: LinearFit, cells: list[Cell] | None) -> Fraction:
    """(zeta T_a)^2 of step (1a), from the cells, or from single points where these are not known."""
    n = fit.data.n
    if cells is None:
        cells = [(k,) for k in range(n)]
    return max((_slowest(fit, cell) for cell in cells), default=Fraction(0))


def _slowest(fit: LinearFit, cell: Cell) -> Fraction:
    """The largest (depth/rate)^2 over the points outside a cell: how far they may be from it, and their least rate."""
    x, drift = fit.data.inputs, drift_of(fit, cell)
    found = Fraction(0)
    for j in range(fit.data.n):
        if j not in cell:
            depth = dot(x[j], x[j]) - max(dot(x[k], x[j]) ** 2 / dot(x[k], x[k]) for k in cell)
            found = max(found, depth / dot(drift, x[j]) ** 2)
    return found


def drift_of(fit: LinearFit, cell: Cell) -> Vector:
    """D_A."""
    x, y = fit.data.inputs, fit.data.labels
    return tuple(sum((y[k] * x[k][i] for k in cell), Fraction(0)) / fit.data.n for i in range(fit.data.d))
