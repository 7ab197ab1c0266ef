"""Parallel points merged into hyperplanes: what the drift D(w, 0) sees of a data set (theory.md 2.6).

Points that are multiples of one another switch on the same hyperplane {w : <w, x> = 0}, so they act as one. A point
whose pull is 0 never contributes to the drift and has no hyperplane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..data.exact import checked_leak
from ..errors import InputError

Vector = tuple[Fraction, ...]


class HasInputs(Protocol):
    """Anything with exact inputs, n rows of d rationals: a `Dataset`."""

    @property
    def inputs(self) -> tuple[Vector, ...]:
        """The points x_k."""


@dataclass(frozen=True)
class Hyperplanes:
    """One entry per direction of the data with a non-zero pull; h of them in R^d.

    `directions[i]` is the first point x of its direction; every member is x_k = c_k x. All numbers below include 1/n.
    On the side <w, x> > 0 the members contribute `positive[i]` * x to the drift, on the other `negative[i]` * x, and
    on <w, x> = 0, with all their slopes free in [g, 1], any multiple in [`low[i]`, `high[i]`].
    The jump across is (1 - g)/n sum p_k |c_k|, (1 - g) times the merged pull.
    `member[k]` is (i, c_k), or (-1, 0) for a point without hyperplane (pull 0 or x_k = 0).
    """

    dimension: int
    leak: Fraction
    directions: tuple[Vector, ...]
    positive: tuple[Fraction, ...]
    negative: tuple[Fraction, ...]
    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]
    member: tuple[tuple[int, Fraction], ...]

    def __len__(self) -> int:
        return len(self.directions)

    @cached_property
    def normals(self) -> NDArray[np.float64]:
        """The directions as floats, shape (h, d)."""
        return np.array([[float(entry) for entry in row] for row in self.directions]).reshape(len(self), self.dimension)

    @cached_property
    def jump(self) -> tuple[Fraction, ...]:
        """What the multiple of x gains from the side <w, x> < 0 to the side > 0; its sign is the merged pull's."""
        return tuple(above - below for above, below in zip(self.positive, self.negative, strict=True))


def merge_hyperplanes(data: HasInputs, pulls: Sequence[Fraction], leak: Fraction | int | float = 0) -> Hyperplanes:
    """Merge the parallel points of `data`, whose pulls at the origin are `pulls` (theory.md 2.6).

    Raises InputError if the leak is outside [0, 1) or the number of pulls is not the number of points.
    """
    return merge_points(data.inputs, pulls, leak)


def merge_points(
    inputs: Sequence[Sequence[Fraction]], pulls: Sequence[Fraction], leak: Fraction | int | float = 0
) -> Hyperplanes:
    """`merge_hyperplanes` for plain sequences: inputs (n, d), pulls (n,), exact rationals or integers."""
    slope = checked_leak(leak)
    if len(inputs) != len(pulls):
        raise InputError(f"there are {len(inputs)} points but {len(pulls)} pulls; every point needs one pull")
    count = len(inputs)
    index: dict[Vector, int] = {}
    directions: list[Vector] = []
    parts: list[list[Fraction]] = []
    member: list[tuple[int, Fraction]] = []
    for row, pull in zip(inputs, pulls, strict=True):
        point = tuple(Fraction(entry) for entry in row)
        first = next((entry for entry in point if entry), None)
        if first is None or pull == 0:
            member.append((-1, Fraction(0)))
            continue
        projective = tuple(entry / first for entry in point)
        place = index.setdefault(projective, len(directions))
        if place == len(directions):
            directions.append(point)
            parts.append([Fraction(0)] * 4)
        multiple = first / next(entry for entry in directions[place] if entry)
        share = Fraction(pull) * multiple / count
        on_positive, on_negative = (share, slope * share) if multiple > 0 else (slope * share, share)
        terms = (on_positive, on_negative, min(share, slope * share), max(share, slope * share))
        parts[place] = [total + term for total, term in zip(parts[place], terms, strict=True)]
        member.append((place, multiple))
    columns = [tuple(column) for column in zip(*parts, strict=True)] if parts else [()] * 4
    return Hyperplanes(
        dimension=len(inputs[0]) if count else 0,
        leak=slope,
        directions=tuple(directions),
        positive=columns[0],
        negative=columns[1],
        low=columns[2],
        high=columns[3],
        member=tuple(member),
    )
