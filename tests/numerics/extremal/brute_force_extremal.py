"""The oracle for extremal vectors: every ternary pattern, taken literally, in rationals; shares no code with numerics.

It does not merge points, does not restrict to the span, uses neither arrangements nor zonotopes: for each of the 3^n
patterns it decides whether D in frakD(+-D, 0), with Fourier-Motzkin elimination for the slopes.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product


def inner(x, y):
    return sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0))


def sgn(value):
    return (value > 0) - (value < 0)


def without_components(vector, others):
    """`vector` minus its orthogonal projection on the span of `others`, by Gram-Schmidt."""
    frame = []
    for other in others:
        rest = list(other)
        for e in frame:
            c = inner(rest, e) / inner(e, e)
            rest = [a - c * b for a, b in zip(rest, e, strict=True)]
        if any(rest):
            frame.append(rest)
    rest = list(vector)
    for e in frame:
        c = inner(rest, e) / inner(e, e)
        rest = [a - c * b for a, b in zip(rest, e, strict=True)]
    return tuple(rest)


def feasible(rows):
    """Whether some v has row[:-1] . v + row[-1] >= 0 (strict False) or > 0 (strict True) for all (row, strict)."""
    rows = list(rows)
    variables = len(rows[0][0]) - 1 if rows else 0
    for _ in range(variables):
        up = [(r, s) for r, s in rows if r[0] > 0]
        down = [(r, s) for r, s in rows if r[0] < 0]
        kept = {(r[1:], s) for r, s in rows if r[0] == 0}
        for (r, s), (q, t) in product(up, down):
            kept.add((tuple(a / r[0] - b / q[0] for a, b in zip(r[1:], q[1:], strict=True)), s or t))
        rows = list(kept)
    return all(r[0] > 0 if strict else r[0] >= 0 for r, strict in rows)


def slopes_exist(target, vectors, leak):
    """Whether eta in [leak, 1]^m solves sum eta_k vectors_k = target."""
    unknown = len(vectors)
    equations = [[v[i] for v in vectors] + [-target[i]] for i in range(len(target))]
    solved, row = [], 0
    for column in range(unknown):
        pivot = next((i for i in range(row, len(equations)) if equations[i][column]), None)
        if pivot is None:
            continue
        equations[row], equations[pivot] = equations[pivot], equations[row]
        lead = equations[row][column]
        equations[row] = [a / lead for a in equations[row]]
        for i in range(len(equations)):
            if i != row and equations[i][column]:
                c = equations[i][column]
                equations[i] = [a - c * b for a, b in zip(equations[i], equations[row], strict=True)]
        solved.append(column)
        row += 1
    if any(equation[-1] for equation in equations[row:]):
        return False
    free = [column for column in range(unknown) if column not in solved]
    rows = []
    for column in range(unknown):
        if column in free:
            expression = [Fraction(int(f == column)) for f in free] + [Fraction(0)]
        else:
            equation = equations[solved.index(column)]
            expression = [-equation[f] for f in free] + [-equation[-1]]
        rows.append(((*tuple(expression[:-1]), expression[-1] - leak), False))
        rows.append(((*tuple(-a for a in expression[:-1]), 1 - expression[-1]), False))
    return feasible(rows)


def extremal(inputs, pulls, leak):
    """{(D, sign): pattern of D} over all extremal vectors."""
    n, d = len(inputs), len(inputs[0])
    found = {}
    for pattern in product((-1, 0, 1), repeat=n):
        fixed = [Fraction(0)] * d
        for s, x, p in zip(pattern, inputs, pulls, strict=True):
            eta = {1: Fraction(1), -1: leak, 0: Fraction(0)}[s]
            fixed = [f + eta * p * c / n for f, c in zip(fixed, x, strict=True)]
        on_face = [k for k in range(n) if pattern[k] == 0]
        drift = without_components(fixed, [inputs[k] for k in on_face])
        if not any(drift):
            continue
        signs = tuple(sgn(inner(drift, x)) for x in inputs)
        seen = [s for s in (1, -1) if signs == tuple(s * value for value in pattern)]
        if not seen:
            continue
        gap = [a - b for a, b in zip(drift, fixed, strict=True)]
        if slopes_exist(gap, [tuple(pulls[k] * c / n for c in inputs[k]) for k in on_face], leak):
            for s in seen:
                found[drift, s] = signs
    return found


def largest_squared_norm(inputs, pulls, leak):
    """The square of D_max: corners of frakD(w, 0) over every pattern that some w != 0 has."""
    n, d = len(inputs), len(inputs[0])
    best = Fraction(0)
    for pattern in product((-1, 0, 1), repeat=n):
        rows = []
        for s, x in zip(pattern, inputs, strict=True):
            if s >= 0:
                rows.append(((*tuple(x), Fraction(0)), s > 0))
            if s <= 0:
                rows.append(((*tuple(-c for c in x), Fraction(0)), s < 0))
        if any(pattern):
            realised = feasible(rows)
        else:
            realised = any(any(without_components([Fraction(int(i == j)) for j in range(d)], inputs)) for i in range(d))
        if not realised:
            continue
        choices = [{1: (Fraction(1),), -1: (leak,), 0: (leak, Fraction(1))}[s] for s in pattern]
        for slopes in product(*choices):
            drift = [sum(e * p * x[i] for e, p, x in zip(slopes, pulls, inputs, strict=True)) / n for i in range(d)]
            best = max(best, inner(drift, drift))
    return best


def stability(inputs, pulls, leak, drift, sign):
    """The stability for a neuron of output sign `sign`, from the slopes on the two sides of each direction; or None.

    Only where it is simple: the points on the face are independent, so that their slopes are unique.
    """
    n = len(inputs)
    signs = [sgn(inner(drift, x)) for x in inputs]
    face = [k for k in range(n) if signs[k] == 0 and pulls[k] != 0]
    for position, k in enumerate(face):
        if not any(without_components(inputs[k], [inputs[j] for j in face[:position]])):
            return None
    fixed = [Fraction(0)] * len(drift)
    for k in range(n):
        if signs[k]:
            eta = Fraction(1) if sign * signs[k] > 0 else leak
            fixed = [f + eta * pulls[k] * c / n for f, c in zip(fixed, inputs[k], strict=True)]
    gap = [a - b for a, b in zip(drift, fixed, strict=True)]
    kinds = set()
    for k in face:
        dual = without_components(inputs[k], [inputs[j] for j in face if j != k])
        eta = inner(gap, dual) * n / (pulls[k] * inner(inputs[k], dual))
        both_sides_aligned = sign * pulls[k] < 0
        kinds.add("in" if both_sides_aligned else "half" if eta in (leak, 1) else "out")
    if kinds <= {"in"}:
        return "attracting"
    if kinds <= {"in", "half"}:
        return "one-sided"
    return "repelling" if kinds == {"out"} and len(face) == len(inputs[0]) - 1 else "saddle"
