"""D_max by branch and bound: the largest norm in the union over all w != 0 of frakD(w, 0) (theory.md 1).

Each point takes one end of its range, so the norm is largest at a choice of ends. A choice counts if some w != 0 has
<w, x_h> of the right sign, or 0, for every h (if the data do not span R^d, w can be orthogonal to all and every choice
counts). Branches are cut by a bound on the norm and by an exact proof that only w = 0 is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ..geometry.integers import Integers, Spanned, dot, kernel, null_vector, primitive, rank, sign
from ..rounding import BOUND, EPS
from .face import Deadline

Choice = tuple[int, int]
DIRECTION_BITS = 40


def longest_drift(data: Spanned, deadline: Deadline | None = None) -> tuple[Integers, bool]:
    """A drift of largest norm (span coordinates), and whether exact arithmetic settled that it is one.

    False if time runs out, or if some branch could be neither realised nor refuted: the drift is then the longest one
    that was realised.
    """
    if len(data) == 0:
        return (), True
    whole_box = data.rank < data.hyperplanes.dimension
    options = [_options(data, place, whole_box) for place in range(len(data))]
    gram = np.array([[float(Fraction(dot(p, q))) for q in data.points] for p in data.points])
    reach = np.array([max(abs(t) for _, t in choices) for choices in options], dtype=float)
    order = np.argsort(-reach * np.sqrt(np.diag(gram)))
    ranges = [(min(t for _, t in choices), max(t for _, t in choices)) for choices in options]
    best: tuple[int, Integers] = (-1, (0,) * data.rank)
    best_float = -1.0
    settled = True
    stack: list[dict[int, Choice]] = [{}]
    while stack:
        if deadline is not None and deadline.left == 0.0:
            return best[1], False
        chosen = stack.pop()
        if _norm_bound(gram, ranges, chosen) < best_float:
            continue
        realised = True if whole_box else _realisable(data, {place: side for place, (side, _) in chosen.items()})
        if realised is False:
            continue
        if len(chosen) == len(data):
            if realised is None:
                settled = False
                continue
            corner = data.combine([chosen[place][1] for place in range(len(data))])
            best = max(best, (data.squared_norm(corner), corner))
            best_float = max(best_float, _norm_bound(gram, ranges, chosen) / BOUND**2)
            continue
        place = int(order[len(chosen)])
        lead = _lead(gram, ranges, chosen, place)
        stack += [{**chosen, place: choice} for choice in sorted(options[place], key=lambda choice: lead * choice[1])]
    return best[1], settled


def no_drift_is_longer(data: Spanned) -> float:
    """An upper bound on D_max, at once: every point takes its part from a range, whatever the others take.

    The better of two bounds on ||sum t_i x_i|| over a box: each product t_i t_j <x_i, x_j> at its own largest, and
    ||c|| + sqrt(h) s, with c the drift at the middle of the box and s the largest singular value of the rest, as a
    matrix of h rows.
    """
    if len(data) == 0:
        return 0.0
    points = np.array([[float(data.unit * entry) for entry in point] for point in data.points])
    low, high = np.array(data.low, dtype=float), np.array(data.high, dtype=float)
    reach = np.maximum(np.abs(low), np.abs(high)) * np.linalg.norm(points, axis=1)
    rounding = (points.shape[1] + 3) * EPS * float(reach.sum())
    square = _norm_bound(points @ points.T, list(zip(data.low, data.high, strict=True)), {}) + rounding * reach.sum()
    spread = float(np.linalg.norm((high - low)[:, None] / 2 * points, 2))
    centre = float(np.linalg.norm((low + high) / 2 @ points))
    return min(float(np.sqrt(square)), centre + np.sqrt(len(data)) * spread + rounding) * BOUND


def _options(data: Spanned, place: int, whole_box: bool) -> list[Choice]:
    """(side, multiple) of one hyperplane: a side's contribution, or an end that only slopes on it can give (side 0)."""
    low, high = data.low[place], data.high[place]
    if whole_box:
        return [(0, low), (0, high)]
    sides = [(1, data.positive[place]), (-1, data.negative[place])]
    return sides + [(0, end) for end in (low, high) if end not in (data.positive[place], data.negative[place])]


def _norm_bound(gram: np.ndarray, ranges: Sequence[Choice], chosen: dict[int, Choice]) -> float:
    """An upper bound on the squared norm of every completion: each entry of the quadratic form at its own largest.

    Float, with room for its rounding: the bound only has to stay above what exact arithmetic would give.
    """
    low = np.array([chosen[k][1] if k in chosen else ranges[k][0] for k in range(len(ranges))], dtype=float)
    high = np.array([chosen[k][1] if k in chosen else ranges[k][1] for k in range(len(ranges))], dtype=float)
    products = np.stack([np.outer(a, b) for a in (low, high) for b in (low, high)])
    terms = (gram * products).max(axis=0)
    square = np.maximum(low * low, high * high) * np.diag(gram)
    np.fill_diagonal(terms, square)
    # A sum of h^2 floats errs by at most (h^2 + 4) u times the sum of their sizes.
    room = (terms.size + 8) * EPS * np.abs(terms).sum()
    return float(terms.sum() + room) * BOUND


def _lead(gram: np.ndarray, ranges: Sequence[Choice], chosen: dict[int, Choice], place: int) -> float:
    """The inner product of point `place` with the drift so far, undecided points at their middle: which end helps."""
    middle = [float(chosen[k][1]) if k in chosen else (ranges[k][0] + ranges[k][1]) / 2.0 for k in range(len(ranges))]
    return float(gram[place] @ np.array(middle))


def _realisable(data: Spanned, sides: dict[int, int]) -> bool | None:
    """Whether some w != 0 has side * <w, x> >= 0 (= 0 for side 0) for all sides; None if it could not be proved.

    True and False are exact: a witness w, or a positive dependence of the sided points together with full rank.
    """
    from scipy.optimize import linprog

    if rank([data.covector[place] for place in sides]) < data.rank:
        return True
    rows = [[value * side for value in data.covector[place]] for place, side in sides.items() if side]
    rows += [list(data.covector[place]) for place, side in sides.items() if not side]
    rows += [[-value for value in data.covector[place]] for place, side in sides.items() if not side]
    floats = np.array([[value / max(abs(v) for v in row) for value in row] for row in rows])
    found = linprog(
        -floats.sum(axis=0), A_ub=-floats, b_ub=np.zeros(len(rows)), bounds=[(-1.0, 1.0)] * data.rank, method="highs-ds"
    )
    if found.status == 0 and -found.fun > 1e-9:
        return True if _witnessed(rows, floats, found.x) else None
    return False if _positively_dependent(rows) else None


def _witnessed(rows: list[list[int]], floats: np.ndarray, direction: np.ndarray) -> bool:
    """Whether `direction`, rounded so that it keeps its zero heights, is an exact witness."""
    rounded = [round(float(value) * (1 << DIRECTION_BITS)) for value in direction]
    candidates = [rounded]
    flat = [rows[line] for line in np.flatnonzero(np.abs(floats @ direction) <= 1e-9)]
    frame = kernel(flat) if flat else ()
    if frame:
        axes = np.array([[value / max(abs(v) for v in vector) for value in vector] for vector in frame])
        parts = np.linalg.lstsq(axes.T, direction, rcond=None)[0]
        scaled = [
            Fraction(round(float(part) * (1 << DIRECTION_BITS)), max(abs(v) for v in vector))
            for part, vector in zip(parts, frame, strict=True)
        ]
        combined = [
            sum((c * vector[axis] for c, vector in zip(scaled, frame, strict=True)), Fraction(0))
            for axis in range(len(direction))
        ]
        if any(combined):
            candidates.append(list(primitive(combined)[0]))
    return any(any(w) and all(dot(w, row) >= 0 for row in rows) for w in candidates)


def _positively_dependent(rows: list[list[int]]) -> bool:
    """Whether positive multiples of all rows sum to 0, so that row . w >= 0 for all rows forces row . w = 0.

    For each row a basic solution of sum lambda_k row_k = 0 with lambda_row = 1 is proposed by a linear program and
    solved again in integers.
    """
    from scipy.optimize import linprog

    floats = np.array([[value / max(abs(v) for v in row) for value in row] for row in rows])
    left = set(range(len(rows)))
    while left:
        target = min(left)
        bounds = [(0.0, None)] * len(rows)
        bounds[target] = (1.0, None)
        found = linprog(
            np.ones(len(rows)), A_eq=floats.T, b_eq=np.zeros(floats.shape[1]), bounds=bounds, method="highs-ds"
        )
        if found.status != 0:
            return False
        support = [line for line in range(len(rows)) if found.x[line] > 1e-9]
        columns = [[rows[line][axis] for line in support] for axis in range(len(rows[0]))]
        dependence = null_vector(columns, len(support))
        if dependence is None or len({sign(value) for value in dependence}) != 1 or target not in support:
            return False
        left -= set(support)
    return True
