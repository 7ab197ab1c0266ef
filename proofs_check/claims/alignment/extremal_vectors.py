"""Theory.md 3.7: extremal vectors are the fixed points of the frozen drift.

Theorem. Call D != 0 extremal if it lies in frakD(w, 0) for some w with A(D) = A(w) or A(D) = -A(w). Then

    D is extremal  if and only if  D lies in frakD(sD, 0) for s = 1 or s = -1 (the sign of the neurons that see it).

There are finitely many, their largest norm is D*, and the enumeration finds all of them. D is attracting if and only
if all starts near sD align with D; near a one-sided vector only some do. Hypotheses: rational data; any dimension,
leak in [0, 1) and loss.

Source: Maennel, Bousquet and Gelly 2018; Boursier and Flammarion, JMLR 2025, Definition 1 and Lemma 3 (restated).
Certified on the published data sets: every cell and ray is decided in rationals. Tested on random data: the list
against all 3^n patterns, norms against exact squares, stability against the frozen flow, and each algorithm that the
list uses.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ....numerics.data.dataset import Dataset
from ....numerics.data.losses import LOSS_NAMES, get_loss
from ....numerics.data.network import Network
from ....numerics.data.problem import Problem
from ....numerics.data.published import PUBLISHED
from ....numerics.extremal.filtered import cross_product
from ....numerics.extremal.longest_drift import longest_drift
from ....numerics.extremal.vectors import ROUTES, ExtremalVector, ExtremalVectors, extremal_vectors
from ....numerics.frozen.alignment import frozen_alignment
from ....numerics.geometry.float_bounds import Enclosure
from ....numerics.oracles.exact import (
    Vector,
    determinant,
    drift_on,
    extremal_by_definition,
    inner,
    longest_drift_squared,
    pattern_of,
    plane_patterns,
)
from ....numerics.oracles.reference import HANDWRITTEN_LOSSES
from ...cases.enumeration import Member, Opposite, Refutation, members, opposite_points, refutations, saddle_data
from ...cases.strategies import LEAKS, datasets, points
from ...claim.draws import composite, st
from ...claim.evidence import Certificate, Margin, Run, certified, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source

Seen = dict[Vector, set[int]]

STATEMENT = Predicate(
    "extremal vectors are the fixed points of the frozen drift",
    r"D \text{ extremal} \iff D \ne 0 \text{ and } D \in \mathfrak{D}(sD, 0) \text{ for some } s \in $seen_by"
    r"$on_faces;\quad \text{$keeps_all} \iff \text{all starts near } sD \text{ align with } D",
    {"seen_by": (1, -1), "on_faces": True, "keeps_all": ("attracting",)},
    words={
        "seen_by": {(1, -1): r"\{1, -1\}", (1,): r"\{1\}"},
        "on_faces": {True: "", False: r",\ \langle D, x_k\rangle \ne 0\ \forall k"},
        "keeps_all": " or ".join,
    },
)

CLAIM = Claim(
    id="alignment.extremal-vectors",
    title="Extremal vectors are the D in frakD(D, 0) or frakD(-D, 0); there are finitely many, and all are enumerated",
    kind="equivalence",
    statement=STATEMENT,
    hypotheses=("extremal: D != 0 lies in frakD(w, 0) for some w with A(D) = A(w) or A(D) = -A(w)",),
    scope="every data set, dimension, leak in [0, 1) and loss; rational data, exact arithmetic",
    source=Source("Maennel, Bousquet & Gelly 2018; Boursier & Flammarion, JMLR 2025", "extremal vectors", "3.7", True),
    needs=("certified", "property"),
    mutants=(
        Mutant(
            "only D in frakD(D, 0) counts",
            STATEMENT.altered(seen_by=(1,)),
            "x = (1), y = -1: w = 1 sees D = -1 with A(D) = -A(w), so D is extremal; but frakD(-1, 0) = {0}",
        ),
        Mutant(
            "only drifts of cells count",
            STATEMENT.altered(on_faces=False),
            "x = (1, 0), (0, 1) and y = (1, -1), leak 0: D = (1/2, 0) is extremal, and orthogonal to the second point",
        ),
        Mutant(
            "one-sided vectors attract a neighbourhood",
            STATEMENT.altered(keeps_all=("attracting", "one-sided")),
            "x = (1, 0), (0, 1) and y = (1, 1), leak 0: D = (1/2, 0) is one-sided; w = (1, e) with e > 0 is active on "
            "both points and ends at (1/2, 1/2)",
        ),
    ),
    depends_on=("alignment.fates",),
)


def _seen(statement: Predicate, result: ExtremalVectors) -> Seen:
    """Exact vectors and the signs that see them, as far as the statement counts them."""
    found: Seen = {}
    for vector in result.vectors:
        counts = statement["on_faces"] or all(vector.pattern)
        if vector.sign in statement["seen_by"] and counts:
            found.setdefault(vector.exact, set()).add(vector.sign)
    return found


@cache
def _published(name: str) -> tuple[ExtremalVectors, Seen]:
    """What the enumeration finds on a published data set, and all cells and rays, once for every statement."""
    data = Dataset.published(name)
    by_definition = extremal_by_definition(data.inputs, data.labels, Fraction(0), plane_patterns(data.inputs))
    return extremal_vectors(data), by_definition


@certified(covers="instance")
def the_published_data_sets_are_enumerated_completely(statement: Predicate, run: Run) -> Certificate:
    """On the published data sets (the plane): all cells and rays, each decided by its definition in rationals."""
    for name in PUBLISHED:
        result, expected = _published(name)
        found = _seen(statement, result)
        if not result.complete:
            return Certificate(len(PUBLISHED), "not decided", undecided=f"the enumeration on {name} is not complete")
        if found != expected:
            where = {"data": name, "enumerated": found, "by definition": expected}
            return Certificate(len(PUBLISHED), "the two sets of extremal vectors differ", counterexample=where)
    return Certificate(len(PUBLISHED), "equal sets of exact vectors and signs")


@dataclass(frozen=True)
class Enumeration:
    """A small data set with loss and leak, and the route by which its extremal vectors are enumerated."""

    data: Dataset
    loss: str
    leak: Fraction
    route: str

    @property
    def pulls(self) -> tuple[Fraction, ...]:
        """The pulls at h = 0, written by hand."""
        slope = HANDWRITTEN_LOSSES[self.loss].slope_at_zero
        return tuple(slope * label for label in self.data.labels)

    @property
    def problem(self) -> Problem:
        """Data, loss and leak."""
        return Problem(self.data, self.loss, self.leak)

    def enumerated(self) -> ExtremalVectors:
        """What the enumeration finds."""
        return extremal_vectors(self.problem, route=self.route)


ANY_DATA = tuple(route for route in ROUTES if route != "orthogonal")
"""The routes that refuse no data; what holds for orthogonal points is checked by bias.orthogonal-extremal."""


@composite
def small_problems(draw: st.DrawFn) -> Enumeration:
    """Up to 4 points of R^d, d <= 3, duplicates and opposite points and zero labels included; every route.

    Half of them have coordinates in {-1, 0, 1}: there points are orthogonal, slopes come out at an end exactly, and in
    space three points often lie in a plane, so that the slopes on a face are not unique.
    """
    loss, route = draw(st.sampled_from(LOSS_NAMES)), draw(st.sampled_from(ANY_DATA))
    largest = 2 if route == "sort" else 3
    if draw(st.booleans()):
        data = draw(datasets(n=(1, 4), d=(1, largest), loss=loss))
    else:
        dimension = draw(st.integers(1, largest))
        flat = points(2, size=1, denominator=1).map(lambda point: (*point, *[Fraction(0)] * (dimension - 2)))
        any_point = points(dimension, size=1, denominator=1)
        inputs = draw(st.lists(any_point, min_size=1, max_size=4))
        if dimension == 3 and draw(st.booleans()):
            inputs = [*draw(st.lists(flat, min_size=3, max_size=3, unique=True)), inputs[0]]
        sizes = get_loss(loss).labels or tuple(map(Fraction, (1, -1, 2, -2, 0)))
        labels = draw(st.lists(st.sampled_from(sizes), min_size=len(inputs), max_size=len(inputs)))
        data = Dataset(tuple(inputs), tuple(labels))
    return Enumeration(data, loss, draw(st.sampled_from(LEAKS)), route)


NEARBY = 128
"""Starts around each vector: a one-sided one keeps 2^-k of them, k <= n - 1 = 3, and (7/8)^128 is below 1e-7."""


def _stable_problems() -> st.SearchStrategy[Enumeration]:
    """Small problems, one in three of which has a saddle."""
    routes = st.sampled_from(("auto", "arrangement", "tree"))
    saddles = st.builds(Enumeration, saddle_data(), st.just("square"), st.just(Fraction(0)), routes)
    return st.one_of(small_problems(), small_problems(), saddles)


@property_check(_stable_problems, quick=20, full=200)
def stability_is_what_the_flow_does(statement: Predicate, case: Enumeration) -> Margin:
    """Frozen flow from 128 starts within 1e-8 of each vector: all, some or none of them come back to it."""
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
            wrong[vector.exact] = (vector.sign, vector.stability, kept)
    return Margin(len(wrong), 0.0, "the share of starts that come back is 1, between 0 and 1, or 0", {"wrong": wrong})


@property_check(small_problems, quick=60, full=800)
def brute_force_finds_the_same(statement: Predicate, case: Enumeration) -> Margin:
    """All 3^n ternary patterns in rationals, against each route of the enumeration that the project uses."""
    result = case.enumerated()
    found = _seen(statement, result)
    expected = extremal_by_definition(case.data.inputs, case.pulls, case.leak)
    pairs = [{(vector, sign) for vector, signs in side.items() for sign in signs} for side in (found, expected)]
    wrong = sum(vector.pattern != pattern_of(vector.exact, case.data.inputs) for vector in result.vectors)
    differing = len(pairs[0] ^ pairs[1]) + wrong + (not result.complete)
    return Margin(differing, 0.0, "two exact sets: none may differ", {"enumerated": found, "by definition": expected})


@property_check(small_problems, quick=25, full=250)
def the_norms_are_those_of_the_definition(statement: Predicate, case: Enumeration) -> Margin:
    """||D|| of every vector, D* and D_max, against exact squares; D_max by every pattern and every choice of slopes."""
    result = case.enumerated()
    longest = longest_drift_squared(case.data.inputs, case.pulls, case.leak)
    squares = [inner(vector.exact, vector.exact) for vector in result.vectors]
    stated = [*(vector.norm for vector in result.vectors), result.d_star, result.d_max]
    exact = [*squares, max(squares, default=Fraction(0)), longest]
    gaps = [abs(value - math.sqrt(square)) for value, square in zip(stated, exact, strict=True)]
    allowed = 8 * float(np.finfo(float).eps) * max(stated)
    return Margin(max(gaps), allowed, "a few roundings of a norm", {"stated": stated, "squares": exact})


@property_check(opposite_points, covers="lemma", quick=25, full=250)
def branch_and_bound_finds_the_longest_drift(statement: Predicate, case: Opposite) -> Margin:
    """D_max as it is found where rays are too many, on data with opposite points, against every pattern and slope."""
    drift, settled = longest_drift(case.spanned)
    longest = longest_drift_squared(case.data.inputs, case.data.labels, case.leak)
    exact = case.spanned.lift(drift)
    gap = abs(inner(exact, exact) - longest)
    where = {"found": exact, "squared norm": longest, "settled": settled}
    return Margin(float(gap) + (not settled), 0.0, "exact squares: no difference", where)


@property_check(members, covers="lemma", quick=60, full=400)
def sums_of_slopes_are_decided(statement: Predicate, case: Member) -> Margin:
    """Whether dependent points on a face can give a contribution: all facets against elimination of the slopes."""
    decided, expected = case.decided, case.solvable
    return Margin(float(decided != expected), 0.0, "exact: no difference", {"decided": decided, "solvable": expected})


@property_check(refutations, covers="lemma", quick=60, full=400)
def no_node_is_closed_that_holds_a_drift(statement: Predicate, case: Refutation) -> Margin:
    """Multipliers accepted as a proof that no contributions give the signs of a node: elimination finds none either."""
    tables = case.tables
    accepted = case.accepted(tables)
    wrong = accepted and case.feasible(tables)
    return Margin(float(wrong), 0.0, "exact: no wrong proof", {"accepted": accepted})


def _runs_away_everywhere(case: Enumeration, vector: ExtremalVector) -> bool:
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


@property_check(
    lambda: st.tuples(st.integers(0, 2**32 - 1), st.integers(-20, 20), st.sampled_from((0.0, 1e-3, 0.3))),
    covers="lemma",
    quick=20,
    full=200,
)
def the_filter_encloses_exact_numbers(statement: Predicate, drawn: tuple[int, int, float]) -> Margin:
    """Sums, products, quotients, minors of 3 x 3 enclosures: numbers at the ends of the operands stay inside.

    `drawn`: the seed, the size of the second operand as a power of two, and the relative radius of both.
    """
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
