"""Independent oracles in exact rationals: cells of an arrangement, and extremal vectors straight from their definition.

Slow and literal on purpose. Nothing here uses `theory` or `numerics`: no merged hyperplanes, no closed forms, no
enumeration along an arrangement. Points, normals and vectors are tuples of `Fraction`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cmp_to_key
from itertools import product

Vector = tuple[Fraction, ...]
Pattern = tuple[int, ...]
Inequality = tuple[Vector, Fraction, bool]
"""(c, b, strict): <c, v> + b >= 0, or > 0 when strict."""


def inner(first: Sequence[Fraction], second: Sequence[Fraction]) -> Fraction:
    """The inner product."""
    return sum((p * q for p, q in zip(first, second, strict=True)), Fraction(0))


def sign(value: Fraction) -> int:
    """-1, 0 or 1."""
    return (value > 0) - (value < 0)


def pattern_of(direction: Vector, inputs: Sequence[Vector]) -> Pattern:
    """A(w): the sign of <w, x_k> for every point."""
    return tuple(sign(inner(direction, point)) for point in inputs)


def solvable(system: Iterable[Inequality], unknowns: int) -> bool:
    """Whether some v satisfies all inequalities, by Fourier-Motzkin elimination of one unknown after the other."""
    rows = set(system)
    for _ in range(unknowns):
        below: list[Inequality] = []
        above: list[Inequality] = []
        rest: set[Inequality] = set()
        for c, b, strict in rows:
            if c[0] == 0:
                rest.add((c[1:], b, strict))
            else:
                scaled = (tuple(value / abs(c[0]) for value in c[1:]), b / abs(c[0]), strict)
                (below if c[0] > 0 else above).append(scaled)
        for (c, b, s), (e, f, t) in product(below, above):
            rest.add((tuple(p + q for p, q in zip(c, e, strict=True)), b + f, s or t))
        rows = rest
    return all(b > 0 if strict else b >= 0 for _, b, strict in rows)


def determinant(rows: Sequence[Vector]) -> Fraction:
    """The determinant of a square matrix, by expansion along the first row."""
    if not rows:
        return Fraction(1)
    total = Fraction(0)
    for column, value in enumerate(rows[0]):
        minor = [row[:column] + row[column + 1 :] for row in rows[1:]]
        total += (-1) ** column * value * determinant(minor) if value else 0
    return total


def cells(normals: Sequence[Vector]) -> set[Pattern]:
    """The patterns without zeros that some w has: sign by sign, each extension decided as a system of inequalities."""
    dimension = len(normals[0])
    found: set[Pattern] = {()}
    for count in range(1, len(normals) + 1):
        extended = {(*pattern, side) for pattern in found for side in (1, -1)}
        found = {
            pattern
            for pattern in extended
            if solvable(
                [
                    (tuple(side * value for value in normal), Fraction(0), True)
                    for side, normal in zip(pattern, normals[:count], strict=True)
                ],
                dimension,
            )
        }
    return found


def count_cells(normals: Sequence[Vector]) -> int:
    """The number of cells by deletion and restriction: those without the last hyperplane, plus those it is cut into."""
    distinct = list(dict.fromkeys(_projective(normal) for normal in normals if any(normal)))
    if not distinct:
        return 1
    *others, last = distinct
    pivot = next(place for place, value in enumerate(last) if value)
    restricted = [
        tuple(v - normal[pivot] * u for place, (v, u) in enumerate(zip(normal, last, strict=True)) if place != pivot)
        for normal in others
    ]
    return count_cells(others) + count_cells(restricted)


def _projective(normal: Vector) -> Vector:
    pivot = next(value for value in normal if value)
    return tuple(value / pivot for value in normal)


def drift_on(
    pattern: Pattern, inputs: Sequence[Vector], pulls: Sequence[Fraction], leak: Fraction, inside: bool = False
) -> Vector | None:
    """The element D of frakD(w, 0), A(w) = `pattern`, that is orthogonal to the points on the face; None if none is.

    D is the projection of the other points' sum; it counts if slopes in [leak, 1] on the face produce it, or in
    (leak, 1) when they must lie `inside`.
    """
    share = [tuple(pull * value / len(inputs) for value in x) for pull, x in zip(pulls, inputs, strict=True)]
    slope = {1: Fraction(1), -1: leak}
    base = [Fraction(0)] * len(inputs[0])
    for side, part in zip(pattern, share, strict=True):
        if side:
            base = [total + slope[side] * value for total, value in zip(base, part, strict=True)]
    face = [k for k, side in enumerate(pattern) if side == 0]
    drift = _orthogonal_part(tuple(base), [inputs[k] for k in face])
    system: list[Inequality] = []
    for axis, (start, goal) in enumerate(zip(base, drift, strict=True)):
        row, offset = tuple(share[k][axis] for k in face), start - goal
        system += [(row, offset, False), (tuple(-value for value in row), -offset, False)]
    for place in range(len(face)):
        unit = tuple(Fraction(int(other == place)) for other in range(len(face)))
        system += [(unit, -leak, inside), (tuple(-value for value in unit), Fraction(1), inside)]
    return drift if solvable(system, len(face)) else None


def shortest_in_box(base: Vector, columns: Sequence[Vector]) -> Vector:
    """The point of least norm in {base + sum_i t_i columns_i : 0 <= t_i <= 1}.

    Every choice of t_i = 0, t_i = 1 or t_i free is solved for its stationary point; the shortest one inside the box
    wins. A least point exists whose free columns are independent, so that singular choices may be left out.
    """
    best = None
    for choice in product((0, 1, None), repeat=len(columns)):
        free = [column for column, t in zip(columns, choice, strict=True) if t is None]
        fixed = tuple(
            entry + sum((column[axis] for column, t in zip(columns, choice, strict=True) if t == 1), Fraction(0))
            for axis, entry in enumerate(base)
        )
        gram = [tuple(inner(u, v) for v in free) for u in free]
        scale = determinant(gram)
        if not scale:
            continue
        right = [-inner(u, fixed) for u in free]
        # Cramer's rule: the Gram matrix with one row replaced (it is symmetric).
        t = [determinant([*gram[:i], tuple(right), *gram[i + 1 :]]) / scale for i in range(len(free))]
        if all(0 <= value <= 1 for value in t):
            point = tuple(
                entry + sum((value * column[axis] for value, column in zip(t, free, strict=True)), Fraction(0))
                for axis, entry in enumerate(fixed)
            )
            best = point if best is None or inner(point, point) < inner(best, best) else best
    if best is None:
        raise AssertionError("the choice without a free column is never singular")
    return best


def _orthogonal_part(vector: Vector, others: Iterable[Vector]) -> Vector:
    """`vector` minus its projection on the span of `others`, by Gram-Schmidt."""
    frame: list[Vector] = []
    for other in [*others, vector]:
        rest = other
        for axis in frame:
            share = inner(rest, axis) / inner(axis, axis)
            rest = tuple(value - share * part for value, part in zip(rest, axis, strict=True))
        if other is vector:
            return rest
        if any(rest):
            frame.append(rest)
    raise AssertionError("the vector itself comes last")


def extremal_by_definition(
    inputs: Sequence[Vector],
    pulls: Sequence[Fraction],
    leak: Fraction,
    patterns: Iterable[Pattern] | None = None,
) -> dict[Vector, set[int]]:
    """Every D != 0 with D in frakD(w, 0) and A(D) = s A(w) for some w, with the set of those s in {1, -1}.

    Goes through all ternary patterns, or those given, which must contain every pattern that some w has.
    """
    found: dict[Vector, set[int]] = {}
    for pattern in product((-1, 0, 1), repeat=len(inputs)) if patterns is None else patterns:
        drift = drift_on(pattern, inputs, pulls, leak)
        if drift is None or not any(drift):
            continue
        signs = pattern_of(drift, inputs)
        for side in (1, -1):
            if signs == tuple(side * value for value in pattern):
                found.setdefault(drift, set()).add(side)
    return found


def longest_drift_squared(inputs: Sequence[Vector], pulls: Sequence[Fraction], leak: Fraction) -> Fraction:
    """D_max^2: the largest squared norm in the union over w != 0 of frakD(w, 0).

    Goes through every ternary pattern that some w != 0 has and every choice of leak or 1 on its zeros: the norm is
    convex, so that it is largest where all slopes are at an end.
    """
    dimension = len(inputs[0])
    largest = Fraction(0)
    for pattern in product((-1, 0, 1), repeat=len(inputs)):
        if not _has_a_direction(pattern, inputs):
            continue
        choices = [(Fraction(1),) if side > 0 else (leak,) if side < 0 else (leak, Fraction(1)) for side in pattern]
        for slopes in product(*choices):
            total = [
                sum((s * p * x[axis] for s, p, x in zip(slopes, pulls, inputs, strict=True)), Fraction(0)) / len(inputs)
                for axis in range(dimension)
            ]
            largest = max(largest, inner(total, total))
    return largest


def _has_a_direction(pattern: Pattern, inputs: Sequence[Vector]) -> bool:
    """Whether some w != 0 has this pattern; for the pattern of zeros, one of the coordinates of w is then not 0."""
    system: list[Inequality] = []
    for side, point in zip(pattern, inputs, strict=True):
        for factor in (side,) if side else (1, -1):
            system.append((tuple(factor * value for value in point), Fraction(0), side != 0))
    if any(pattern):
        return solvable(system, len(inputs[0]))
    units = [
        tuple(Fraction(factor * int(place == axis)) for place in range(len(inputs[0])))
        for axis in range(len(inputs[0]))
        for factor in (1, -1)
    ]
    return any(solvable([*system, (unit, Fraction(0), True)], len(inputs[0])) for unit in units)


def plane_patterns(inputs: Sequence[Vector]) -> set[Pattern]:
    """All patterns that some w != 0 of the plane has: on the rays orthogonal to a point, and between neighbours."""
    rays = sorted({r for x in inputs for r in _rays(x)}, key=cmp_to_key(_by_angle))
    between = []
    for first, second in zip(rays, rays[1:] + rays[:1], strict=True):
        turn = first[0] * second[1] - first[1] * second[0]
        # Opposite neighbours (one line only): the direction in between is a quarter turn from the first.
        between.append((-first[1], first[0]) if turn == 0 else tuple(p + q for p, q in zip(first, second, strict=True)))
    return {pattern_of(direction, inputs) for direction in [*rays, *between]}


def _rays(point: Vector) -> tuple[Vector, Vector]:
    """The two rays orthogonal to a point of the plane, largest coordinate 1 in size."""
    size = max(abs(value) for value in point)
    across = (-point[1] / size, point[0] / size)
    return across, (-across[0], -across[1])


def _by_angle(first: Vector, second: Vector) -> int:
    """Order by the angle from the first axis, counter-clockwise, exactly."""
    halves = [0 if (v[1], v[0]) > (Fraction(0), Fraction(0)) else 1 for v in (first, second)]
    if halves[0] != halves[1]:
        return halves[0] - halves[1]
    return -sign(first[0] * second[1] - first[1] * second[0])
