"""What the evidence of `published.constants` decides (theory.md 8.1): the constants of Theorem 1, by hand in the plane.

Patterns are the open sectors between neighbouring rays of the arrangement, and the rays; w = 0, where the set of
drifts holds 0, has no part in the constants. Everything but roots and exponentials is in rationals.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Expr, Rational

from ....numerics.data.dataset import Dataset
from ....numerics.data.problem import Problem
from ....numerics.oracles.rational import inner
from ....numerics.predict.published_constants import pattern_constants
from ...claim.draws import assume
from ...claim.evidence import Certificate, Margin
from ...claim.statement import Predicate
from ...kinds.rechecks import AtPoint, exact

Point = tuple[Fraction, Fraction]
PRINTED = (Fraction(1), Fraction(1, 2), Fraction(1, 10))
"""The values of alpha_0 that the statement is about."""
ROUNDING = math.sqrt(32 * sys.float_info.epsilon)
"""A cosine of 1 that is off by 16 roundings has a sine of this size, by 1 - c^2."""


@dataclass(frozen=True)
class Squares:
    """D_min^2, D_max^2, alpha_min^2 and delta_0^2, the last None where there is no extremal vector."""

    d_min: Fraction
    d_max: Fraction
    alpha_min: Fraction
    delta: Fraction | None


def squares_of(data: Dataset) -> Squares:
    """The squares of the constants of (20) and (22) to (24), ReLU and square loss, no two points parallel, d = 2."""
    norms, highest, lowest, delta = [], Fraction(-1), Fraction(1), None
    for edges in _patterns(data):
        middle = _plus(*edges)
        signs = _signs(middle, data)
        drift, rooms = _shortest(data, signs)
        if not any(drift):
            continue
        norms.append(inner(drift, drift))
        cosines = [_signed_square(inner(w, drift), inner(w, w) * norms[-1]) for w in edges]
        if _signs(drift, data) != signs:
            inside = _between(drift, edges)
            highest = max(highest, Fraction(1) if inside else max(cosines))
        opposite = (-drift[0], -drift[1])
        if _signs(opposite, data) != signs:
            inside = _between(opposite, edges)
            lowest = min(lowest, Fraction(-1) if inside else min(cosines))
        if signs in (_signs(drift, data), _signs(opposite, data)):
            away = [x for x, sign in zip(data.inputs, signs, strict=True) if sign]
            least = min([*(inner(drift, x) ** 2 / inner(x, x) for x in away), *rooms])
            delta = least if delta is None else min(delta, least)
    return Squares(min(norms), max(norms), 1 - max(abs(highest), abs(lowest)), delta)


def _patterns(data: Dataset) -> Iterator[tuple[Point, Point]]:
    """The two edges of each sector, and each ray twice."""
    rays = [(Fraction(-side * x[1]), Fraction(side * x[0])) for x in data.inputs for side in (1, -1)]
    rays.sort(key=lambda w: math.atan2(w[1], w[0]))
    for first, second in zip(rays, [*rays[1:], rays[0]], strict=True):
        yield first, second
        yield first, first


def _shortest(data: Dataset, signs: Sequence[int]) -> tuple[Point, list[Fraction]]:
    """The shortest drift of a pattern with at most one point on its hyperplane.

    For that point also the square of ||p_k x_k||/n times the distance of its slope from the ends of [0, 1].
    """
    rooms = []
    share = [(y * x[0] / data.n, y * x[1] / data.n) for x, y in zip(data.inputs, data.labels, strict=True)]
    drift: Point = (Fraction(0), Fraction(0))
    for part, sign in zip(share, signs, strict=True):
        drift = _plus(drift, part) if sign > 0 else drift
    for part, sign in zip(share, signs, strict=True):
        if sign == 0:
            slope = min(max(-inner(drift, part) / inner(part, part), Fraction(0)), Fraction(1))
            drift = _plus(drift, (slope * part[0], slope * part[1]))
            rooms.append(inner(part, part) * min(slope, 1 - slope) ** 2)
    return drift, rooms


def _between(w: Point, edges: tuple[Point, Point]) -> bool:
    """Whether w lies in the closed cone of the edges, which are at most a right angle and a half apart."""
    first, second = edges
    if first == second:
        return _cross(first, w) == 0 and inner(first, w) > 0
    return _cross(first, w) >= 0 and _cross(w, second) >= 0 and inner(w, _plus(first, second)) > 0


def _signs(w: Point, data: Dataset) -> tuple[int, ...]:
    heights = [inner(w, x) for x in data.inputs]
    return tuple((z > 0) - (z < 0) for z in heights)


def _signed_square(product: Fraction, squares: Fraction) -> Fraction:
    return product * abs(product) / squares


def _cross(u: Sequence[Fraction], v: Sequence[Fraction]) -> Fraction:
    return u[0] * v[1] - u[1] * v[0]


def _plus(u: Point, v: Point) -> Point:
    return u[0] + v[0], u[1] + v[1]


def reproduced(statement: Predicate) -> Certificate:
    """The squares beside those stated; then the threshold, t_2 and the constant of (36), to the stated digits."""
    data = Dataset.published("three-points")
    found = squares_of(data)
    stated = Squares(*(statement[name] for name in ("d_min", "d_max", "alpha_min", "delta")))
    if found != stated:
        return Certificate(1, "the squares are others", {"found": tuple(vars(found).values())})
    toy = squares_of(Dataset.published("orthogonal-toy"))
    if (toy.alpha_min, toy.delta) != (statement["orthogonal"], Fraction(0)):
        return Certificate(1, "orthogonal inputs have other constants", {"alpha_min^2": toy.alpha_min})
    rechecks = []
    columns = (statement[name] for name in ("thresholds", "times", "constants"))
    for alpha, *digits in zip(PRINTED, *columns, strict=True):
        for value, text in zip(_numbers(data, found, alpha), digits, strict=True):
            low, high = _interval(text)
            near = (sympy.Gt(value - low, 0, evaluate=False), sympy.Gt(high - value, 0, evaluate=False))
            if not all(bool(side.lhs.evalf(30) > 0) for side in near):
                return Certificate(1, "a number is another one", {"alpha_0": alpha, "found": str(value.evalf(12))})
            rechecks += [AtPoint(relation, {}) for relation in near]
    return Certificate(1, "every number is the stated one", rechecks=tuple(rechecks))


def beside_the_program(data: Dataset) -> Margin:
    """The largest difference of D_min, D_max, alpha_min and delta_0 from the roots of the squares."""
    assume(all(data.labels))
    found, exactly = pattern_constants(Problem(data)), squares_of(data)
    pairs = {
        "D_min": (found.d_min, exactly.d_min),
        "D_max": (found.d_max, exactly.d_max),
        "alpha_min": (found.alpha_min, exactly.alpha_min),
        "delta_0": (found.delta_0, exactly.delta),
    }
    gaps = {
        name: math.inf if square is None else abs(value - math.sqrt(square))
        for name, (value, square) in pairs.items()
        if not (square is None and math.isinf(value))
    }
    return Margin(max(gaps.values()), ROUNDING * max(1.0, found.d_max), "rounding", {"gaps": gaps})


def _numbers(data: Dataset, squares: Squares, alpha: Fraction) -> tuple[Expr, Expr, Expr]:
    """lambda* of (21) at epsilon = 1/4, where the exponent is 1, t_2 of page 47, and log10 of (36)."""
    d_min, d_max = (sympy.sqrt(exact(value)) for value in (squares.d_min, squares.d_max))
    assert squares.delta is not None
    points = list(zip(data.inputs, data.labels, strict=True))
    mean = exact(sum((inner(x, x) for x, _ in points), Fraction(0)) / data.n)
    alpha_min, alpha_0 = exact(squares.alpha_min), exact(alpha) ** 2
    terms = [alpha_min * d_min / 8, alpha_0 * d_min / 4, sympy.sqrt(exact(squares.delta))]
    candidates = [term / mean for term in terms] + [sympy.sqrt(exact(y * y / inner(x, x))) for x, y in points]
    threshold = min(candidates, key=lambda value: value.evalf(30))
    least = min(alpha_min, alpha_0)
    time = 4 * d_max / (d_min**2 * least)
    log = sympy.log(4 * d_max / least) + time * d_max + sympy.sqrt(2 * mean / d_max) / sympy.E
    constant = log + sympy.log(1 + sympy.exp(-log) * sympy.sqrt(2 * mean / d_max))
    return threshold, time, constant / sympy.log(10)


def _interval(text: str) -> tuple[Rational, Rational]:
    """The numbers that are rounded to this decimal."""
    digits = len(text.partition(".")[2])
    half = Rational(1, 2 * 10**digits)
    return Rational(text) - half, Rational(text) + half
