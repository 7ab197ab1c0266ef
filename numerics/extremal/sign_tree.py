"""Extremal vectors by self-consistency: branch on the signs of <w, x_h> with w = s D, prune with exact proofs.

For output sign s, D is extremal if y_h = s <D, x_h> has the signs sigma_h that give D its contributions t_h. A node
fixes some sigma_h. It is closed by one of these exact arguments:

- bounds: with every undecided t_h in [low_h, high_h] each y_k has exact bounds; they force or contradict signs;
- a Farkas certificate: non-negative integer multipliers of the fixed signs' inequalities, free ones of the equalities,
  whose sum is at most 0 on the whole box of t (found by a linear program, rechecked in integers);
- monotonicity: hyperplanes with s P < 0 need no branching. Once all others are fixed, s D is the *unique* least-norm
  point of the box spanned by their contributions; a least-squares solver proposes it, and integers verify it;
- all signs fixed: the face is decided exactly; or so many zeros fixed that only D = 0 is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..geometry.float_bounds import TINY, Floats, accumulated
from ..geometry.integers import Spanned, dot, rank
from .arrangement import arrange, number_of_subsets
from .face import Deadline, Enumeration, ExtremalFace, OutOfTime, extremal_face
from .longest_drift import longest_drift
from .monotone_face import unique_least_norm_face

FREE = 2
MULTIPLIER_BITS = 40
RAY_CORNERS = 1 << 25  # up to here going through all rays finds D_max within seconds
Signs = NDArray[np.int8]


@dataclass(frozen=True)
class Tables:
    """For one output sign s: s times the inner products <t_j x_j, x_k>, scaled per row k, as floats and as integers.

    `least`, `most` (h, h): over the range of t_j; `end[side]` (h, h): t_j on one side. Each float is correctly rounded.
    """

    data: Spanned
    seen_by: int

    @cached_property
    def gram(self) -> list[list[int]]:
        """Exact s <x_k, x_j> (up to a common positive factor)."""
        return [[self.seen_by * dot(row, u) for u in self.data.primal] for row in self.data.covector]

    @cached_property
    def shift(self) -> list[int]:
        """Powers of two that bring each row to order one."""
        reach = [max(abs(lo), abs(hi)) for lo, hi in zip(self.data.low, self.data.high, strict=True)]
        return [max((abs(g) * t).bit_length() for g, t in zip(row, reach, strict=True)) for row in self.gram]

    def products(self, multiples: tuple[int, ...]) -> Floats:
        """Floats of gram[k][j] multiples[j] / 2^shift[k]."""
        return np.array(
            [
                [g * t / (1 << shift) for g, t in zip(row, multiples, strict=True)]
                for row, shift in zip(self.gram, self.shift, strict=True)
            ]
        ).reshape(len(self.gram), len(self.gram))  # two axes even without any hyperplane

    @cached_property
    def low(self) -> Floats:
        """Products with the lower ends."""
        return self.products(self.data.low)

    @cached_property
    def high(self) -> Floats:
        """Products with the upper ends."""
        return self.products(self.data.high)

    @cached_property
    def end(self) -> dict[int, Floats]:
        """Products with the contributions of either side."""
        return {1: self.products(self.data.positive), -1: self.products(self.data.negative)}

    @cached_property
    def needs_branching(self) -> NDArray[np.bool_]:
        """False where s P < 0 and the range on the hyperplane is the one between its two sides: monotone there."""
        data = self.data
        return np.array(
            [
                self.seen_by * jump >= 0 or lo != min(a, b) or hi != max(a, b)
                for jump, lo, hi, a, b in zip(
                    data.jump_sign, data.low, data.high, data.positive, data.negative, strict=True
                )
            ],
            dtype=bool,
        )

    @cached_property
    def influence(self) -> Floats:
        """How much fixing t_j narrows all the bounds together; branch on the largest first."""
        return np.abs(self.high - self.low).sum(axis=0)

    def ranges(self, signs: Signs) -> list[tuple[int, int]]:
        """Exact ranges of t_j under the fixed signs."""
        ends = {1: self.data.positive, -1: self.data.negative}
        return [
            (ends[int(s)][j], ends[int(s)][j]) if abs(s) == 1 else (self.data.low[j], self.data.high[j])
            for j, s in enumerate(signs)
        ]

    def bound_signs(self, signs: Signs) -> tuple[Signs, Signs]:
        """Exact signs of the lower and of the upper bound of every y_k under the fixed signs."""
        first = np.where(signs == 1, self.end[1], np.where(signs == -1, self.end[-1], self.low))
        second = np.where(signs == 1, self.end[1], np.where(signs == -1, self.end[-1], self.high))
        error = accumulated(len(signs) + 3) * np.maximum(np.abs(first), np.abs(second)).sum(axis=1) + TINY
        answer = []
        for take, floats in (
            (min, np.minimum(first, second).sum(axis=1)),
            (max, np.maximum(first, second).sum(axis=1)),
        ):
            certain = (floats > error).astype(np.int8) - (floats < -error).astype(np.int8)
            for k in np.flatnonzero(certain == 0):
                exact = sum(take(g * a, g * b) for g, (a, b) in zip(self.gram[k], self.ranges(signs), strict=True))
                certain[k] = (exact > 0) - (exact < 0)
            answer.append(certain)
        return answer[0], answer[1]


def grow_tree(data: Spanned, seconds: float | None = None) -> Enumeration:
    """All extremal faces of data of any rank; incomplete only if `seconds` run out (or D_max could not be settled)."""
    deadline = Deadline.after(seconds)
    if data.rank == data.hyperplanes.dimension and number_of_subsets(data) << data.rank <= RAY_CORNERS:
        rays = arrange(data, seconds, only_largest=True)
        largest, complete = rays.largest, rays.complete
    else:
        largest, complete = longest_drift(data, deadline)
    faces: list[ExtremalFace] = []
    try:
        for seen_by in (1, -1):
            tables = Tables(data, seen_by)
            stack = [np.full(len(data), FREE, dtype=np.int8)]
            while stack:
                deadline.check()
                stack += _visit(tables, stack.pop(), faces)
    except OutOfTime:
        complete = False
    return Enumeration(tuple(faces), largest, complete)


def _visit(tables: Tables, signs: Signs, faces: list[ExtremalFace]) -> list[Signs]:
    """Close the node, adding what it holds to `faces`, or return its children."""
    narrowed = propagate(tables, signs)
    if narrowed is None or _only_zero(tables.data, narrowed):
        return []
    open_places = np.flatnonzero(narrowed == FREE)
    if not len(open_places):
        _try_face(tables, narrowed, faces)
        return []
    undecided = open_places[tables.needs_branching[open_places]]
    if not len(undecided):
        proposed = unique_least_norm_face(tables.data, tables.seen_by, narrowed, ~tables.needs_branching)
        if proposed is not None:
            _try_face(tables, proposed, faces)
            return []
        undecided = open_places
    elif _refuted(tables, narrowed):
        return []
    place = undecided[np.argmax(tables.influence[undecided])]
    children = []
    for value in (0, -1, 1):
        child = narrowed.copy()
        child[place] = value
        children.append(child)
    return children


def _only_zero(data: Spanned, signs: Signs) -> bool:
    """Whether the fixed zeros leave only D = 0: their hyperplanes meet in the origin of the span."""
    zeros = np.flatnonzero(signs == 0)
    return len(zeros) >= data.rank and rank([data.covector[place] for place in zeros]) == data.rank


def _try_face(tables: Tables, signs: Signs, faces: list[ExtremalFace]) -> None:
    face = extremal_face(tables.data, tuple(int(value) for value in signs))
    if face is not None and face.seen_by == tables.seen_by:
        faces.append(face)


def propagate(tables: Tables, signs: Signs) -> Signs | None:
    """Fix every sign that the bounds force, to the end; None if they contradict a fixed one."""
    signs = signs.copy()
    while True:
        low, high = tables.bound_signs(signs)
        may = {1: high > 0, -1: low < 0, 0: (low <= 0) & (high >= 0)}
        for value, allowed in may.items():
            if np.any((signs == value) & ~allowed):
                return None
        choices = may[1].astype(int) + may[-1] + may[0]
        if np.any(choices == 0):
            return None
        forced = (signs == FREE) & (choices == 1)
        if not forced.any():
            return signs
        signs[forced] = np.where(may[1], 1, np.where(may[-1], -1, 0))[forced].astype(np.int8)


def _refuted(tables: Tables, signs: Signs) -> bool:
    """Whether a linear program over t proves the fixed signs impossible, by a certificate that integers confirm."""
    from scipy.optimize import linprog

    strict, equal = np.flatnonzero(np.abs(signs) == 1), np.flatnonzero(signs == 0)
    if not len(strict):
        return False
    width = tables.high - tables.low
    movable = np.abs(signs) != 1
    fixed = np.where(signs == 1, tables.end[1], np.where(signs == -1, tables.end[-1], tables.low)).sum(axis=1)
    # maximise delta subject to sigma_k y_k >= delta, y_k = 0 on the face, 0 <= slope parameter <= 1
    size = int(movable.sum())
    side = signs[strict].astype(float)
    above = np.column_stack([-side[:, None] * width[np.ix_(strict, movable)], np.ones(len(strict))])
    result = linprog(
        np.append(np.zeros(size), -1.0),
        A_ub=above,
        b_ub=side * fixed[strict],
        A_eq=np.column_stack([width[np.ix_(equal, movable)], np.zeros(len(equal))]) if len(equal) else None,
        b_eq=-fixed[equal] if len(equal) else None,
        bounds=[(0.0, 1.0)] * size + [(None, 1.0)],
        method="highs-ds",
    )
    if result.status != 0 or result.fun < -1e-12:
        return False
    return certifies(
        tables, signs, strict, -result.ineqlin.marginals, equal, result.eqlin.marginals if len(equal) else np.zeros(0)
    )


def certifies(
    tables: Tables,
    signs: Signs,
    strict: NDArray[np.intp],
    multipliers: Floats,
    equal: NDArray[np.intp],
    free_multipliers: Floats,
) -> bool:
    """Recheck a Farkas certificate in integers.

    True only if, with rounded multipliers lambda_k >= 0 (one of them positive) and mu_k, the sum of the
    lambda_k sigma_k y_k and mu_k y_k is at most 0 for every t in its range, although the signs make it positive.
    """
    top = max(tables.shift)
    weights: dict[int, int] = {}
    for k, value in zip(strict, multipliers, strict=True):
        rounded = max(round(float(value) * (1 << MULTIPLIER_BITS)), 0)
        weights[int(k)] = (rounded * int(signs[k])) << (top - tables.shift[k])
    if not any(weights.values()):
        return False
    for k, value in zip(equal, free_multipliers, strict=True):
        # HiGHS reports the derivative of the least value -delta: the equality's multiplier enters with this sign.
        weights[int(k)] = round(float(value) * (1 << MULTIPLIER_BITS)) << (top - tables.shift[k])
    used = [(k, weight) for k, weight in weights.items() if weight]
    most = 0
    for j, (a, b) in enumerate(tables.ranges(signs)):
        along = sum(weight * tables.gram[k][j] for k, weight in used)
        most += max(along * a, along * b)
    return most <= 0
