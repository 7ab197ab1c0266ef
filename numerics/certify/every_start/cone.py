"""Cones that small networks of every width cannot leave: condition (C) of theory.md 9.1, decided in rationals.

A cone C = {w : <w, v_i> >= 0 for all i} lies in the closure of K = {w : <w, x_k> > 0 for all k} and holds b in its
interior. With kappa = <v, H^-1 v> the closed form of theory.md 9.1 becomes

    kappa m(v) = <v, v> <beta*, v> - sqrt((<b, beta*> kappa - <beta*, v>^2) (<v, H v> kappa - <v, v>^2)),

because the pseudo-inverse of P H P is H^-1 - H^-1 v v^T H^-1/kappa. So the sign of m(v) is that of a rational number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import flint

from ...data.dataset import Dataset
from ...geometry.conic import conic_combination, extreme_rays
from ...geometry.integers import Integers, primitive
from ..errors import Undecided
from ..instance import LARGEST_POINTS, Ball, ball

Vector: TypeAlias = tuple[Fraction, ...]

SHARES = (*(Fraction(i, 32) for i in range(32)), *(1 - Fraction(1, 2**i) for i in range(6, 17)))
"""The shares s of choice (2) that are tried, in order; 0 is choice (1), and in the plane the others are choice (3)."""
LARGEST_RAY_SEARCH = 1_000
"""Most sets of d - 1 normals that are gone through for the extreme rays of a cone."""
FEW_FACETS = 6


def dot(u: Sequence[Fraction], v: Sequence[Fraction | int]) -> Fraction:
    """<u, v> in rationals."""
    return sum((p * q for p, q in zip(u, v, strict=True)), Fraction(0))


def times(matrix: Sequence[Vector], v: Sequence[Fraction | int]) -> Vector:
    """A matrix times a vector."""
    return tuple(dot(row, v) for row in matrix)


@dataclass(frozen=True)
class LinearFit:
    """What the square loss of linear predictors on the data is made of, exactly (theory.md 9.1).

    `H`, `inverse` (d, d), `b` and `beta` = beta* (d,), `gain` = <b, beta*> = 2 Delta_0.
    """

    data: Dataset
    H: tuple[Vector, ...]
    inverse: tuple[Vector, ...]
    b: Vector
    beta: Vector
    gain: Fraction

    @cached_property
    def outputs(self) -> Vector:
        """<beta*, x_k>."""
        return tuple(dot(self.beta, x) for x in self.data.inputs)

    @cached_property
    def loss(self) -> Fraction:
        """L(beta*)."""
        gaps = (h - y for h, y in zip(self.outputs, self.data.labels, strict=True))
        return sum((gap * gap for gap in gaps), Fraction(0)) / (2 * self.data.n)


def linear_fit_of(data: Dataset) -> LinearFit:
    """The least-squares problem of `data`; raises Undecided where the setting of theory.md 9.1 does not hold."""
    if data.n > LARGEST_POINTS:
        raise Undecided(f"there are {data.n} points; a certificate holds at most {LARGEST_POINTS}")
    x, n = data.inputs, data.n
    for k, label in enumerate(data.labels):
        if label <= 0:
            raise Undecided(f"the label of point {k + 1} is not positive, so that neurons with a > 0 may lose points")
        for other in range(k):
            if dot(x[k], x[other]) <= 0:
                raise Undecided(f"points {other + 1} and {k + 1} have an inner product that is not positive")
    columns = tuple(zip(*x, strict=True))
    H = tuple(tuple(dot(u, v) / n for v in columns) for u in columns)
    matrix = flint.fmpq_mat([[flint.fmpq(h.numerator, h.denominator) for h in row] for row in H])
    if matrix.det() == 0:
        raise Undecided("the inputs do not span the space, so that the least-squares solution is not unique")
    inverse = tuple(tuple(Fraction(int(e.p), int(e.q)) for e in row) for row in matrix.inv().tolist())
    b = tuple(dot(column, data.labels) / n for column in columns)
    beta = times(inverse, b)
    return LinearFit(data, H, inverse, b, beta, dot(b, beta))


@dataclass(frozen=True)
class Facet:
    """A facet {w : <w, v> = 0} of a cone: the normal v, primitive integers, and how it was chosen.

    v is proportional to x - s <x, b> b/<b, b> with the point x of number `point` and s = `share`.
    """

    fit: LinearFit
    point: int
    share: Fraction
    normal: Integers

    @cached_property
    def square(self) -> Fraction:
        """<v, v>."""
        return Fraction(sum(entry * entry for entry in self.normal))

    @cached_property
    def kappa(self) -> Fraction:
        """<v, H^-1 v>."""
        return dot(times(self.fit.inverse, self.normal), self.normal)

    @cached_property
    def base(self) -> Fraction:
        """<b, v> - <p, c> for the integer v."""
        return self.square * dot(self.fit.beta, self.normal) / self.kappa

    @cached_property
    def room(self) -> Fraction:
        """<b, c>: beta in E with <beta, v> = 0 is c + z with <z, H z> at most this."""
        return self.fit.gain - dot(self.fit.beta, self.normal) ** 2 / self.kappa

    @cached_property
    def bend(self) -> Fraction:
        """<p, H_v^+ p> for the integer v."""
        return dot(times(self.fit.H, self.normal), self.normal) - self.square**2 / self.kappa

    @cached_property
    def push(self) -> Fraction:
        """||H v||^2 for the integer v."""
        image = times(self.fit.H, self.normal)
        return dot(image, image)

    @property
    def holds(self) -> bool:
        """Whether m(v) > 0, exactly: it is sufficient for (C) at this facet, and in the plane also necessary."""
        return self.base > 0 and self.base**2 > self.room * self.bend

    def least_push(self, slack: Ball, distance: Ball) -> Ball:
        """The lower bound of <D, v> in step (2b), for the v in integers.

        `slack` is by how much beta_0 may be outside E, `distance` bounds ||beta - beta_0||.
        """
        reach = ((ball(self.room) + slack) * ball(self.bend)).sqrt() if self.bend > 0 else flint.arb(0)
        return ball(self.base) - reach - distance * ball(self.push).sqrt()

    @cached_property
    def _rough(self) -> tuple[float, ...]:
        """base, room, bend and push for the unit vector, in floats."""
        base, push = (math.sqrt(value / self.square) for value in (self.base**2, self.push))
        return base, float(self.room), float(self.bend / self.square), push

    def rough_push(self, slack: float, distance: float) -> float:
        """`least_push` for the unit vector, in floats; m(v) when both arguments are 0."""
        base, room, bend, push = self._rough
        return base - math.sqrt((room + slack) * bend) - distance * push

    @cached_property
    def sine_square(self) -> Fraction:
        """(<b, v>/(||b|| ||v||))^2."""
        return dot(self.fit.b, self.normal) ** 2 / (self.square * dot(self.fit.b, self.fit.b))


@dataclass(frozen=True)
class Cone:
    """A cone by its facets, and the `multipliers` (n, N) >= 0 with x_k = sum_i multipliers[k][i] v_i.

    They show that the cone lies in the closure of K.
    """

    facets: tuple[Facet, ...]
    multipliers: tuple[Vector, ...]

    @property
    def normals(self) -> tuple[Integers, ...]:
        """The v_i, integers."""
        return tuple(facet.normal for facet in self.facets)


def slope_square(facets: Sequence[Facet]) -> Fraction:
    """A lower bound of c_C^2, where c_C is the minimum of <w, b> over unit vectors w of the cone with these facets.

    The minimum is attained at an extreme ray, because the w with <w, b> >= c ||w|| form a convex cone. Where there
    are too many sets of normals, min_k y_k^2/||H^-1 x_k||^2 is used: with t_k = <w, x_k> >= 0 one has
    <w, b> = (1/n) sum y_k t_k and w = (1/n) sum t_k H^-1 x_k.
    """
    fit = facets[0].fit
    images = [times(fit.inverse, x) for x in fit.data.inputs]
    simple = min(y * y / dot(image, image) for y, image in zip(fit.data.labels, images, strict=True))
    if math.comb(len(facets), fit.data.d - 1) > LARGEST_RAY_SEARCH:
        return simple
    rays = extreme_rays([facet.normal for facet in facets], fit.data.d)
    return max(simple, min(dot(fit.b, ray) ** 2 / sum(entry * entry for entry in ray) for ray in rays))


@dataclass(frozen=True)
class Hull:
    """The extreme points of the data: `members`, and how the others and b are combined of them.

    `combined` (n, h): x_k = sum_i combined[k][i] x_members[i]; `drift` (h,): b in the same way.
    """

    fit: LinearFit
    members: tuple[int, ...]
    combined: tuple[Vector, ...]
    drift: Vector

    def facet(self, i: int, share: Fraction) -> Facet:
        """The facet of x = x_members[i] narrowed by s: v is proportional to x - s <x, b> b/<b, b>."""
        point = self.members[i]
        x, b = self.fit.data.inputs[point], self.fit.b
        factor = share * dot(x, b) / dot(b, b)
        return Facet(self.fit, point, share, primitive([p - factor * q for p, q in zip(x, b, strict=True)])[0])

    def cone(self, facets: Sequence[Facet]) -> Cone:
        """The cone with these facets, one for each member.

        With b = sum_i d_i x_i and x_i = v_i + f_i b one has b = sum_i d_i v_i/(1 - q) with q = sum_i d_i f_i < 1.
        """
        x, b = self.fit.data.inputs, self.fit.b
        parts = [facet.share * dot(x[facet.point], b) / dot(b, b) for facet in facets]
        scales = [self._scale(facet, part) for facet, part in zip(facets, parts, strict=True)]
        rest = 1 - dot(self.drift, parts)
        axis = [weight / rest for weight in self.drift]
        rows = []
        for combination in self.combined:
            along = dot(combination, parts)
            terms = zip(combination, axis, scales, strict=True)
            rows.append(tuple((own + along * common) * scale for own, common, scale in terms))
        return Cone(tuple(facets), tuple(rows))

    def _scale(self, facet: Facet, part: Fraction) -> Fraction:
        """(x - s <x, b> b/<b, b>) over the normal in integers."""
        whole = zip(self.fit.data.inputs[facet.point], self.fit.b, facet.normal, strict=True)
        return next((p - part * q) / entry for p, q, entry in whole if entry)


def hull_of(fit: LinearFit) -> Hull:
    """The points that are not non-negative combinations of the others: the facets of K, one for each."""
    x = fit.data.inputs
    members = list(range(len(x)))
    for k in range(len(x)):
        others = [x[j] for j in members if j != k]
        if others and conic_combination(x[k], others) is not None:
            members.remove(k)
    generators = [x[j] for j in members]
    combined = tuple(_combined(point, generators) for point in x)
    drift = tuple(
        sum((y * row[i] for y, row in zip(fit.data.labels, combined, strict=True)), Fraction(0)) / len(x)
        for i in range(len(members))
    )
    return Hull(fit, tuple(members), combined, drift)


def _combined(point: Vector, generators: Sequence[Vector]) -> Vector:
    found = conic_combination(point, generators)
    assert found is not None  # each point that was removed is a combination of those that were kept
    return found


def admissible_facets(hull: Hull) -> list[list[Facet]]:
    """For each member the facets of `SHARES` that satisfy m(v) > 0, in order; Undecided where there is none."""
    found = []
    for i, point in enumerate(hull.members):
        facets = [facet for facet in (hull.facet(i, share) for share in SHARES) if facet.holds]
        if not facets:
            raise Undecided(
                f"condition (C) of theory.md 9.1 is not shown at any of the facets between that of point {point + 1} "
                "and b that were tried"
            )
        found.append(facets)
    return found


def best_facets(admissible: list[list[Facet]], exponent: Callable[[list[Facet]], float]) -> list[Facet]:
    """The facets, one of each row, with the smallest `exponent` among those that are tried.

    First for each share the facets nearest to it; where there are few facets, then each facet in turn is replaced by
    the best of its row.
    """
    nearest = [[min(row, key=lambda facet: abs(facet.share - share)) for row in admissible] for share in SHARES]
    found = min({tuple(f.share for f in facets): facets for facets in nearest}.values(), key=exponent)
    if len(found) > FEW_FACETS:
        return found
    for i, row in enumerate(admissible):
        found = min(([*found[:i], facet, *found[i + 1 :]] for facet in row), key=exponent)
    return found
