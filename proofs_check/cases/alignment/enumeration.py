"""Cases for the parts of the enumeration of extremal vectors that small data seldom or never reach.

Each part is asked for what it alone decides, beside eliminations in rationals (`oracles`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.extremal.sign_tree import FREE, Tables, certifies
from ....numerics.geometry.hyperplanes import merge_points
from ....numerics.geometry.integers import Spanned, rank, span_coordinates
from ....numerics.geometry.zonotope import contains
from ....numerics.oracles.rational import Inequality, Vector, solvable
from ...claim.draws import composite, st
from ..strategies import LEAKS, points

Whole = tuple[int, ...]


@composite
def saddle_data(draw: st.DrawFn) -> Dataset:
    """Data of space with a point that repels neurons along D, and at most one more on its hyperplane: D is a saddle.

    x_1 = (s, 0, 0), x_2 = (-u, v, 0) and labels of one sign: D = y_1 x_1/n + eta y_2 x_2/n is orthogonal to x_2 when
    eta (u^2 + v^2) y_2 = s u y_1. Where eta lies strictly between the leak and 1, x_2 pushes to either side of D. The
    third coordinate is free, so that some directions keep to D.
    """
    s, u, v = (draw(st.integers(1, 4)) for _ in range(3))
    sign = draw(st.sampled_from((1, -1)))
    inputs = [(s, 0, 0), (-u, v, 0)]
    labels = [Fraction(sign * draw(st.integers(1, 4)), 2) for _ in inputs]
    if draw(st.booleans()):
        inputs.append((0, 0, draw(st.sampled_from((1, -1)))))
        labels.append(Fraction(draw(st.sampled_from((1, -1)))))
    return Dataset(tuple(tuple(map(Fraction, point)) for point in inputs), tuple(labels))


@dataclass(frozen=True)
class Opposite:
    """A data set that holds a point and a negative multiple of it, with labels of opposite signs, and a leak.

    On their common hyperplane both slopes may be 1, so that both push the same way: no side allows that.
    """

    data: Dataset
    leak: Fraction

    @property
    def spanned(self) -> Spanned:
        """The merged hyperplanes in integers."""
        return span_coordinates(merge_points(self.data.inputs, self.data.labels, self.leak))


@composite
def opposite_points(draw: st.DrawFn) -> Opposite:
    """The pair of opposite points and up to two others, in dimensions 1 to 3."""
    dimension = draw(st.integers(1, 3))
    others = draw(st.lists(points(dimension, denominator=1), max_size=2))
    first = draw(points(dimension, denominator=1))
    factor = draw(st.sampled_from((Fraction(-1), Fraction(-2), Fraction(-1, 2))))
    sizes = st.integers(1, 4).map(Fraction)
    sign = draw(st.sampled_from((1, -1)))
    labels = [sign * draw(sizes), -sign * draw(sizes), *(draw(sizes) * draw(st.sampled_from((1, -1))) for _ in others)]
    return Opposite(
        Dataset((first, tuple(factor * value for value in first), *others), tuple(labels)),
        draw(st.sampled_from(LEAKS)),
    )


@dataclass(frozen=True)
class Member:
    """Whether `vector` / `scale` is a sum of multiples, in [low, high], of the generators (m, r) of rank r."""

    generators: tuple[Whole, ...]
    low: Whole
    high: Whole
    vector: Whole
    scale: int

    @property
    def decided(self) -> bool:
        """What `numerics.zonotope` says."""
        return contains(self.generators, self.low, self.high, self.vector, self.scale)

    @property
    def solvable(self) -> bool:
        """The same by elimination: low <= t <= high, and sum_i t_i c_i = vector / scale in every coordinate."""
        system = _within(list(zip(self.low, self.high, strict=True)))
        for axis, value in enumerate(self.vector):
            row = tuple(Fraction(generator[axis]) for generator in self.generators)
            system += _equal(row, Fraction(-value, self.scale))
        return solvable(system, len(self.generators))


@composite
def members(draw: st.DrawFn) -> Member:
    """Two to four generators in dimensions 1 to 3, with vectors inside, outside and on the boundary."""
    dimension = draw(st.integers(1, 3))
    entry = st.integers(-2, 2)
    generator = st.tuples(*[entry] * dimension)
    drawn = draw(st.lists(generator, min_size=dimension, max_size=4).filter(lambda rows: rank(rows) == dimension))
    low = [draw(st.integers(-2, 1)) for _ in drawn]
    high = [start + draw(st.integers(0, 2)) for start in low]
    scale = draw(st.integers(1, 2))
    middle = [sum((a + b) * row[axis] for a, b, row in zip(low, high, drawn, strict=True)) for axis in range(dimension)]
    vector = tuple(scale * value // 2 + draw(st.integers(-4, 4)) for value in middle)
    return Member(tuple(drawn), tuple(low), tuple(high), vector, scale)


@dataclass(frozen=True)
class Refutation:
    """A node of the search by self-consistency, and multipliers that are said to close it.

    `signs` (h,) in {-1, 0, 1, 2} are those fixed for the hyperplanes (2: free), as far as the data have so many;
    `multipliers` (h,) are taken for the inequalities where a sign is fixed, and for the equalities where it is 0.
    """

    data: Dataset
    leak: Fraction
    seen_by: int
    signs: Whole
    multipliers: Whole

    @property
    def tables(self) -> Tables:
        """The node's exact inner products."""
        return Tables(span_coordinates(merge_points(self.data.inputs, self.data.labels, self.leak)), self.seen_by)

    def accepted(self, tables: Tables) -> bool:
        """Whether `numerics.consistency_tree` accepts the multipliers."""
        signs = np.array(self.signs[: len(tables.gram)], dtype=np.int8)
        strict, equal = np.flatnonzero(np.abs(signs) == 1), np.flatnonzero(signs == 0)
        values = np.array(self.multipliers, dtype=float)
        return certifies(tables, signs, strict, np.abs(values[strict]), equal, values[equal])

    def feasible(self, tables: Tables) -> bool:
        """Whether some contributions t, each in its range, give the fixed signs: by elimination."""
        signs = np.array(self.signs[: len(tables.gram)], dtype=np.int8)
        system = _within(tables.ranges(signs))
        for row, side in zip(tables.gram, signs, strict=True):
            exact = tuple(map(Fraction, row))
            if side == 0:
                system += _equal(exact, Fraction(0))
            elif side != FREE:
                system.append((tuple(int(side) * value for value in exact), Fraction(0), True))
        return solvable(system, len(signs))


@composite
def refutations(draw: st.DrawFn) -> Refutation:
    """Up to three points of the plane or of space, with signs and multipliers drawn at random."""
    dimension = draw(st.integers(1, 3))
    inputs = draw(st.lists(points(dimension, denominator=1), min_size=1, max_size=3))
    labels = [Fraction(draw(st.sampled_from((1, -1, 2, -3)))) for _ in inputs]
    signs = tuple(draw(st.sampled_from((-1, 1, FREE, 0))) for _ in range(3))
    multipliers = tuple(draw(st.integers(-2, 3)) for _ in range(3))
    data = Dataset(tuple(inputs), tuple(labels))
    return Refutation(data, draw(st.sampled_from(LEAKS)), draw(st.sampled_from((1, -1))), signs, multipliers)


def _within(ranges: list[tuple[int, int]]) -> list[Inequality]:
    """low <= t_i <= high for every i."""
    system: list[Inequality] = []
    for place, (low, high) in enumerate(ranges):
        for factor, bound in ((1, low), (-1, high)):
            unit: Vector = tuple(Fraction(factor * int(place == other)) for other in range(len(ranges)))
            system.append((unit, Fraction(-factor * bound), False))
    return system


def _equal(row: Vector, rest: Fraction) -> list[Inequality]:
    """<row, t> + rest = 0."""
    return [(row, rest, False), (tuple(-value for value in row), -rest, False)]
