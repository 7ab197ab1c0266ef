"""What the evidence of `alignment.extremal-vectors` measures (theory.md 3.7)."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.published import PUBLISHED
from ....numerics.extremal.filtered import cross_product
from ....numerics.extremal.longest_drift import longest_drift, no_drift_is_longer
from ....numerics.extremal.vectors import ExtremalVector, ExtremalVectors, extremal_vectors
from ....numerics.frozen.alignment import frozen_alignment
from ....numerics.geometry.float_bounds import Enclosure
from ....numerics.oracles.rational import (
    Vector,
    determinant,
    drift_on,
    extremal_by_definition,
    inner,
    longest_drift_squared,
    pattern_of,
    plane_patterns,
)
from ...cases.alignment.enumeration import Opposite
from ...cases.alignment.extremal_vectors import EnumerationCase
from ...claim.evidence import Certificate, Margin, Run
from ...claim.statement import Predicate
from ..trajectories import worst

Seen = dict[Vector, set[int]]


def _seen(statement: Predicate, result: ExtremalVectors) -> Seen:
    """Exact vectors and the signs that see them, as far as the statement counts them."""
    found: Seen = {}
    for vector in result.vectors:
        counts = statement["on_faces"] or all(vector.pattern)
        if vector.sign in statement["seen_by"] and counts:
            found.setdefault(vector.exactly, set()).add(vector.sign)
    return found


@cache
def _published(name: str) -> tuple[ExtremalVectors, Seen]:
    """What the enumeration finds on a published data set, and all cells and rays, once for every statement."""
    data = Dataset.published(name)
    by_definition = extremal_by_definition(data.inputs, data.labels, Fraction(0), plane_patterns(data.inputs))
    return extremal_vectors(data), by_definition


def enumerated_completely(statement: Predicate, run: Run) -> Certificate:
    """The enumeration of the published data sets beside the definition, in rationals."""
    for name in PUBLISHED:
        result, expected = _published(name)
        found = _seen(statement, result)
        if not result.complete:
            return Certificate(len(PUBLISHED), "not decided", undecided=f"the enumeration on {name} is not complete")
        if found != expected:
            where = {"data": name, "enumerated": found, "by definition": expected}
            return Certificate(len(PUBLISHED), "the two sets of extremal vectors differ", counterexample=where)
    return Certificate(len(PUBLISHED), "equal sets of exact vectors and signs")


NEARBY = 128
"""Starts around each vector: a one-sided one keeps 2^-k of them, k <= n - 1 = 3, and (7/8)^128 is below 1e-7."""


def ends_of_nearby_starts(statement: Predicate, case: EnumerationCase) -> Margin:
    """Where the frozen flow takes starts near each vector, beside its stability."""
    result = case.enumerated()
    offsets = np.random.default_rng(0).standard_normal((NEARBY, case.data.d))
    wrong = {}
    for number, vector in enumerate(result.vectors):
        w = vector.sign * vector.vector / vector.norm + 1e-8 * offsets
        a = vector.sign * np.linalg.norm(w, axis=1)
        flow = frozen_alignment(case.problem, Network(a, w), extremal=result)
        kept = float(np.mean(flow.extremal == number))
        if vector.stability in statement["keeps_all"]:
            right = kept == 1
        elif vector.stability == "one-sided":
            right = 0 < kept < 1
        else:
            right = vector.stability == "undetermined" or (
                kept == 0 and (vector.stability == "repelling") == _runs_away_everywhere(case, vector)
            )
        if not right:
            wrong[vector.exactly] = (vector.sign, vector.stability, kept)
    return Margin(len(wrong), 0.0, "the share of starts that come back is 1, between 0 and 1, or 0", {"wrong": wrong})


def beside_all_patterns(statement: Predicate, case: EnumerationCase) -> Margin:
    """The list beside all 3^n ternary patterns."""
    result = case.enumerated()
    found = _seen(statement, result)
    expected = extremal_by_definition(case.data.inputs, case.pulls, case.leak)
    pairs = [{(vector, sign) for vector, signs in side.items() for sign in signs} for side in (found, expected)]
    wrong = sum(vector.pattern != pattern_of(vector.exactly, case.data.inputs) for vector in result.vectors)
    differing = len(pairs[0] ^ pairs[1]) + wrong + (not result.complete)
    return Margin(differing, 0.0, "two exact sets: none may differ", {"enumerated": found, "by definition": expected})


def norms(statement: Predicate, case: EnumerationCase) -> Margin:
    """Norms, D* and D_max beside exact squares."""
    result = case.enumerated()
    longest = longest_drift_squared(case.data.inputs, case.pulls, case.leak)
    squares = [inner(vector.exactly, vector.exactly) for vector in result.vectors]
    stated = [*(vector.norm for vector in result.vectors), result.d_star, result.d_max]
    exact = [*squares, max(squares, default=Fraction(0)), longest]
    gaps = [abs(value - math.sqrt(square)) for value, square in zip(stated, exact, strict=True)]
    allowed = 8 * float(np.finfo(float).eps) * max(stated)
    return Margin(max(gaps), allowed, "a few roundings of a norm", {"stated": stated, "squares": exact})


def longest_drift_found(statement: Predicate, case: Opposite) -> Margin:
    """D_max of branch and bound, and the bound on it, beside every pattern and slope."""
    drift, settled = longest_drift(case.spanned)
    longest = longest_drift_squared(case.data.inputs, case.data.labels, case.leak)
    exact = case.spanned.lift(drift)
    gap = abs(inner(exact, exact) - longest)
    where = {"found": exact, "squared norm": longest, "settled": settled}
    bound = no_drift_is_longer(case.spanned)
    return worst(
        Margin(float(gap) + (not settled), 0.0, "exact squares: no difference", where),
        Margin(max(math.sqrt(longest) - bound, 0.0), 0.0, "a bound that is rounded up", {**where, "bound": bound}),
    )


def _runs_away_everywhere(case: EnumerationCase, vector: ExtremalVector) -> bool:
    """Whether D is alone on its face (rank d - 1), its slopes are inside, and every merged hyperplane repels."""
    merged: dict[Vector, Fraction] = {}
    for point, pull, side in zip(case.data.inputs, case.pulls, vector.pattern, strict=True):
        if side == 0:
            pivot = next(value for value in point if value)
            key = tuple(value / pivot for value in point)
            merged[key] = merged.get(key, Fraction(0)) + abs(pivot) * pull
    acting = {direction: pull for direction, pull in merged.items() if pull}
    alone = any(
        determinant([tuple(inner(u, v) for v in chosen) for u in chosen])
        for chosen in combinations(acting, case.data.d - 1)
    )
    sides = tuple(vector.sign * side for side in vector.pattern)
    inside = drift_on(sides, case.data.inputs, case.pulls, case.leak, inside=True) is not None
    return alone and inside and all(vector.sign * pull > 0 for pull in acting.values())


def escapes_from_the_filter(statement: Predicate, drawn: tuple[int, int, float]) -> Margin:
    """How many exact results lie outside their enclosures."""
    seed, power, relative = drawn
    rng = np.random.default_rng(seed)
    sizes = rng.standard_normal((2, 3, 3)) * np.array([1.0, 2.0**power])[:, None, None]
    first, second = (Enclosure(value, relative * np.abs(value)) for value in sizes)
    x, y = (_ends(operand, rng.choice((-1, 1), (3, 3))) for operand in (first, second))
    minors = [[x[i][:j] + x[i][j + 1 :] for i in range(2)] for j in range(3)]
    pairs = {
        do.__name__: (do(first, second), [tuple(map(do, *rows)) for rows in zip(x, y, strict=True)])
        for do in (operator.add, operator.sub, operator.mul, operator.truediv)
    }
    pairs["product"] = (first @ second, [tuple(inner(row, column) for column in zip(*y, strict=True)) for row in x])
    exact = tuple((-1) ** j * determinant(minor) for j, minor in enumerate(minors))
    pairs["minors"] = (cross_product(first[None, :2]), [exact])
    outside = [name for name, (found, exact) in pairs.items() if not _encloses(found, exact)]
    return Margin(len(outside), 0.0, "the exact number lies within the radius", {"not enclosed": outside})


def _ends(operand: Enclosure, side: NDArray[np.int64]) -> list[Vector]:
    """Exact numbers value + side * radius, row by row."""
    rows = zip(operand.value, operand.radius, side, strict=True)
    return [tuple(Fraction(v) + int(s) * Fraction(r) for v, r, s in zip(*row, strict=True)) for row in rows]


def _encloses(found: Enclosure, exact: Sequence[Sequence[Fraction]]) -> bool:
    """Whether every exact number is within the radius, in rationals."""
    entries = zip(found.value.flat, found.radius.flat, (number for row in exact for number in row), strict=True)
    return all(abs(number - Fraction(value)) <= Fraction(radius) for value, radius, number in entries)
