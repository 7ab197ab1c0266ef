"""Polyhedral cones in exact rationals: non-negative combinations of vectors, and extreme rays."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq

from .integers import Integers, dot, meeting_lines

Vector = tuple[Fraction, ...]


def conic_combination(target: Sequence[Fraction], generators: Sequence[Sequence[Fraction]]) -> Vector | None:
    """Numbers lambda_i >= 0 with sum_i lambda_i g_i = `target`, shape (N,); None when there are none.

    The first phase of the simplex method, with Bland's rule, so that it ends; all numbers are exact.
    """
    rows = [_row(coordinate, generators, value) for coordinate, value in enumerate(target)]
    count, basis = len(generators), [len(generators) + i for i in range(len(rows))]
    missing = [sum(column, fmpq(0)) for column in zip(*rows, strict=True)] if rows else [fmpq(0)] * (count + 1)
    while (enter := next((i for i in range(count) if missing[i] > 0), None)) is not None:
        ratios = [(row[-1] / row[enter], basis[i], i) for i, row in enumerate(rows) if row[enter] > 0]
        leave = min(ratios)[2]  # not empty: what is missing is bounded below by 0
        pivot = rows[leave] = [entry / rows[leave][enter] for entry in rows[leave]]
        basis[leave] = enter
        rows = [row if i == leave else _reduced(row, pivot, enter) for i, row in enumerate(rows)]
        missing = _reduced(missing, pivot, enter)
    if missing[-1] != 0:
        return None
    found = [Fraction(0)] * count
    for place, row in zip(basis, rows, strict=True):
        if place < count:
            found[place] = Fraction(int(row[-1].p), int(row[-1].q))
    return tuple(found)


def _row(coordinate: int, generators: Sequence[Sequence[Fraction]], value: Fraction) -> list[fmpq]:
    """One coordinate of the equation, with a right-hand side >= 0 as its last entry."""
    entries = [*(generator[coordinate] for generator in generators), value]
    return [fmpq(entry.numerator, entry.denominator) * (-1 if value < 0 else 1) for entry in entries]


def _reduced(row: list[fmpq], pivot: list[fmpq], enter: int) -> list[fmpq]:
    factor = row[enter]
    return [entry - factor * part for entry, part in zip(row, pivot, strict=True)] if factor != 0 else row


def extreme_rays(normals: Sequence[Integers], dimension: int) -> tuple[Integers, ...]:
    """The extreme rays of {w : <w, v_i> >= 0 for all i}, primitive integers; the v_i must span the space.

    Goes through the lines where hyperplanes meet. The rays of a cone with lines are not found.
    """
    found: dict[Integers, None] = {}
    for line in meeting_lines(normals, dimension):
        for ray in (line, tuple(-entry for entry in line)):
            if all(dot(ray, normal) >= 0 for normal in normals):
                found[ray] = None
    return tuple(found)
