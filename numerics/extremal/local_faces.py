"""The faces next to rays in general position: which sign choices for the rays' own hyperplanes can be extremal.

With S the e - 1 hyperplanes through a ray and c the sum of all other points' contributions, a choice sigma of signs on
S gives the drift D = c + sum_{j in S} t_j u_j: t_j is the contribution of its side where sigma_j != 0, and on the rest
Z the unique t_Z that makes <D, x_i> = 0 for i in Z. Only the inner products with S matter here: e - 1 of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ..geometry.float_bounds import Enclosure
from .face import Deadline
from .filtered import Filtered


@dataclass(frozen=True)
class Candidates:
    """Rays `rows` (m,) with one sign choice `local` (e - 1,) that no bound excludes, and its drifts (m, e)."""

    rows: NDArray[np.intp]
    local: NDArray[np.int8]
    drifts: Enclosure


def local_candidates(
    floats: Filtered, subsets: NDArray[np.intp], centres: Enclosure, deadline: Deadline
) -> Iterator[Candidates]:
    """For every sign choice, the rays (r of them, hyperplanes `subsets` (r, e - 1)) where it may be extremal.

    `centres` (r, e) are the sums over all points but the ray's own. Kept are the choices for which the signs of
    <D, x_i>, i in S, may agree with the choice or with its opposite, and the needed t_Z may lie within their range.
    Raises OutOfTime at the deadline, which is looked at before each of the 3^(e - 1) choices.
    """
    size = subsets.shape[1]
    own = floats.covector_rows[subsets]
    at_centre = [_row_dot(own[:, place], centres) for place in range(size)]
    gram = [[floats.gram[subsets[:, i], subsets[:, j]] for j in range(size)] for i in range(size)]
    ends = {side: [floats.ends[side][subsets[:, j]] for j in range(size)] for side in (1, -1)}
    for choice in product((-1, 0, 1), repeat=size):
        deadline.check()
        rows = np.arange(len(subsets))
        free = [place for place in range(size) if choice[place] == 0]
        fixed = [place for place in range(size) if choice[place] != 0]
        heights = [at_centre[place] for place in range(size)]
        for j in fixed:
            heights = [heights[i] + gram[i][j] * ends[choice[j]][j] for i in range(size)]
        multiples = _eliminate([heights[i] for i in free], [[gram[i][j] for j in free] for i in free])
        possible = np.ones(len(rows), dtype=bool)
        for place, multiple in zip(free, multiples, strict=True):
            above = (multiple - floats.high[subsets[:, place]]).positive()
            below = (floats.low[subsets[:, place]] - multiple).positive()
            possible &= ~(above | below)
        agrees, opposes = possible.copy(), possible.copy()
        for i in fixed:
            height = heights[i]
            for place, multiple in zip(free, multiples, strict=True):
                height = height + gram[i][place] * multiple
            agrees &= ~height.opposes(choice[i])
            opposes &= ~height.opposes(-choice[i])
        rows = np.flatnonzero(agrees | opposes)
        if not len(rows):
            continue
        drifts = centres[rows]
        for place in range(size):
            vectors = floats.primal[subsets[rows, place]]
            taken = multiples[free.index(place)][rows] if place in free else ends[choice[place]][place][rows]
            drifts = drifts + vectors * taken[:, None]
        yield Candidates(rows, np.array(choice, dtype=np.int8), drifts)


def _row_dot(left: Enclosure, right: Enclosure) -> Enclosure:
    """Row by row inner products of (r, e) and (r, e)."""
    total = left[:, 0] * right[:, 0]
    for axis in range(1, left.value.shape[1]):
        total = total + left[:, axis] * right[:, axis]
    return total


def _eliminate(heights: list[Enclosure], gram: list[list[Enclosure]]) -> list[Enclosure]:
    """t with gram t = -heights, by Gaussian elimination; a Gram matrix needs no pivoting."""
    size = len(heights)
    matrix = [[*gram[line], -heights[line]] for line in range(size)]
    for pivot in range(size):
        for line in range(pivot + 1, size):
            factor = matrix[line][pivot] / matrix[pivot][pivot]
            for column in range(pivot + 1, size + 1):
                matrix[line][column] = matrix[line][column] - factor * matrix[pivot][column]
    solution: list[Enclosure] = []
    for line in reversed(range(size)):
        total = matrix[line][size]
        for offset, known in enumerate(solution):
            total = total - matrix[line][size - 1 - offset] * known
        solution.append(total / matrix[line][line])
    return solution[::-1]
