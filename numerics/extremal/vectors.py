"""Complete extremal vectors of a data set, with signs, patterns, stability, D_max and D* (theory.md 3.7)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..data.dataset import Dataset
from ..data.problem import Problem
from ..errors import InputError
from ..geometry.hyperplanes import merge_points
from ..geometry.integers import Spanned, span_coordinates
from . import orthogonal
from .arrangement import arrange, number_of_subsets
from .exhaustive import exhaust
from .face import Deadline, Enumeration, ExtremalFace, extremal_face
from .longest_drift import no_drift_is_longer
from .plane_sweep import sweep
from .sign_tree import grow_tree
from .stability import stability

AT_ONCE = 0.1
"""An arrangement that takes less than this, in seconds, is not preceded by another attempt."""
EXACT_WORK = 4e7
"""Of vectors that neurons were followed to, so many are made exact that (n d)^(3/2) times their number is at most this:
one takes 0.3 s at n = d = 200, a fifteenth of that at n = d = 80, and as many as there are neurons may be reached."""
LONGEST_ARRANGEMENT = 1e5
"""An arrangement that would take longer, in seconds, is never started: the tree runs until it ends."""
ROUTES = ("auto", "arrangement", "tree", "sort", "orthogonal")


@dataclass(frozen=True)
class ExtremalVector:
    """An extremal vector D as neurons of one output sign see it (theory.md 3.7).

    `exact` (d,) is D, `vector` the same in floats; `exact` is None where D was only followed to in floats, among many;
    `pattern` (n,) is sign <D, x_k> over all points, in {-1, 0, 1};
    `sign` is 1 if D in frakD(D, 0) (seen by a > 0) and -1 if D in frakD(-D, 0) (seen by a < 0); `stability` is one of
    attracting, one-sided, saddle, repelling, undetermined, for neurons of that sign.
    """

    vector: NDArray[np.float64]
    exact: tuple[Fraction, ...] | None
    norm: float
    pattern: tuple[int, ...]
    sign: int
    stability: str

    @property
    def exactly(self) -> tuple[Fraction, ...]:
        """D (d,) as rationals; raises ValueError where it is known in floats only."""
        if self.exact is None:
            raise ValueError("this extremal vector is known in floats only: it was followed to, among many")
        return self.exact

    @property
    def entries(self) -> tuple[Fraction, ...]:
        """D (d,): exact where it is known exactly, else the floats."""
        return tuple(map(Fraction, self.vector.tolist())) if self.exact is None else self.exact


@dataclass(frozen=True)
class ExtremalVectors:
    """All extremal vectors, longest first; one entry per vector and sign.

    `d_max` is the largest norm in the union over w != 0 of frakD(w, 0), `d_star` the largest extremal norm (0 if there
    is none); `complete` is True only when exact arithmetic shows that none is missing. If it is False, both norms are
    only lower bounds, and `d_max_bound` is an upper bound on both, unless `count` says how many there are: points
    orthogonal to one another have so many that only the leading ones are listed unless all are asked for, but their
    number and both norms are known in closed form. Where D_max is known `d_max_bound` is the same.
    """

    vectors: tuple[ExtremalVector, ...]
    complete: bool
    d_max: float
    d_star: float
    d_max_bound: float
    route: str
    count: int | None = None

    @property
    def understood(self) -> bool:
        """Whether the norms are exact and no vector of another kind than those listed is missing."""
        return self.complete or (self.count is not None and bool(self.vectors))


def extremal_vectors(
    problem: Problem | Dataset,
    *,
    route: str = "auto",
    seconds: float | None = None,
) -> ExtremalVectors:
    """Every extremal vector of the problem at the origin, where the pulls are y (square) or y/2 (logistic).

    Routes: "sort" (rank at most 2, O(n log n)), "arrangement" (all faces, about n^(rank - 1)), "tree"
    (self-consistency), "orthogonal" (all, by the closed form of theory.md 6.1), "auto": rank and size decide, else the
    tree is tried first; of points orthogonal to one another with many vectors the leading ones are listed. All are
    exact and agree. `seconds` limits the search: what was found by then is returned, with `complete` False. Raises
    InputError for an unknown loss or route, a leak outside [0, 1), or a route that is not for these data.
    """
    posed = Problem.of(problem)
    return extremal_vectors_of(posed.data.inputs, posed.pulls_at_zero, posed.leak, route, seconds)


def extremal_vectors_of(
    inputs: Sequence[Sequence[Fraction]],
    pulls: Sequence[Fraction],
    leak: Fraction | int | float = Fraction(0),
    route: str = "auto",
    seconds: float | None = None,
) -> ExtremalVectors:
    """`extremal_vectors` for inputs (n, d) and any pulls (n,), exact rationals or integers."""
    data = span_coordinates(merge_points(inputs, pulls, leak))
    chosen, result = _search(data, route, seconds)
    vectors, d_max = _described(data, result.faces, inputs), _norm(data.lift(result.largest))
    known = result.complete or result.count is not None
    return ExtremalVectors(
        vectors=vectors,
        complete=result.complete,
        d_max=d_max,
        d_star=vectors[0].norm if vectors else 0.0,
        d_max_bound=d_max if known else max(d_max, no_drift_is_longer(data)),
        route=chosen,
        count=len(vectors) if result.complete else result.count,
    )


def with_those_reached(
    known: ExtremalVectors, problem: Problem, drifts: NDArray[np.float64], signs: NDArray[np.int8]
) -> ExtremalVectors:
    """A list that is not complete with the vectors that neurons of `signs` (q,) have aligned with, `drifts` (q, d).

    What is added is exact, a float drift only says on which sides of the hyperplanes the vector lies: for as many as
    `EXACT_WORK` allows in the whole list, those with most neurons first, then in the order given. The others are
    added in floats. Both norms are those of the longer list.
    """
    spanned = span_coordinates(merge_points(problem.data.inputs, problem.pulls_at_zero, problem.leak))
    normals = spanned.hyperplanes.normals
    heights = drifts @ (normals / np.linalg.norm(normals, axis=1, keepdims=True)).T
    patterns = [orthogonal.pattern_of(row, int(sign)) for row, sign in zip(heights, signs, strict=True)]
    listed = {(vector.pattern, vector.sign) for vector in known.vectors}
    room = EXACT_WORK / (problem.data.n * problem.data.d) ** 1.5 - sum(v.exact is not None for v in known.vectors)
    new: list[ExtremalVector] = []
    for pattern, _ in Counter(patterns).most_common():
        place = patterns.index(pattern)
        followed = _followed(spanned, pattern, drifts[place], int(signs[place]), problem.data)
        if followed is None or len(new) < room:
            face = extremal_face(spanned, pattern)
            followed = None if face is None else _report(spanned, face, problem.data.inputs)
        if followed is not None and (followed.pattern, followed.sign) not in listed:
            new.append(followed)
    vectors = tuple(sorted((*known.vectors, *new), key=_order))
    longest = max(known.d_star, vectors[0].norm if vectors else 0.0)
    longer = replace(known, vectors=vectors, complete=len(vectors) == known.count)
    return replace(longer, d_max=max(known.d_max, longest), d_star=longest)


def _followed(
    spanned: Spanned, pattern: tuple[int, ...], drift: NDArray[np.float64], sign: int, data: Dataset
) -> ExtremalVector | None:
    """The float vector (d,) that neurons of this sign align with, from the hyperplanes' `pattern` (h,).

    None unless it is plainly attracting: all hyperplanes it lies on, with independent normals, push towards it.
    """
    on = [place for place, side in enumerate(pattern) if side == 0]
    normals = spanned.hyperplanes.normals[on]
    if any(sign * spanned.jump_sign[place] >= 0 for place in on) or not _plainly_independent(normals):
        return None
    heights = data.X @ drift
    around = np.where(np.abs(heights) <= orthogonal.SMALL * np.abs(heights).max(initial=0.0), 0, np.sign(heights))
    return ExtremalVector(drift, None, math.hypot(*drift), tuple(around.astype(int).tolist()), sign, "attracting")


def _plainly_independent(rows: NDArray[np.float64]) -> bool:
    """Whether the sine of the angle of every row (k, d) to the span of those before it is more than 1e-3."""
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    try:
        return bool((np.diag(np.linalg.cholesky(unit @ unit.T)) > 1e-3).all())
    except np.linalg.LinAlgError:
        return False


def _described(
    data: Spanned, faces: Sequence[ExtremalFace], inputs: Sequence[Sequence[Fraction]]
) -> tuple[ExtremalVector, ...]:
    """The public descriptions of extremal faces, longest vector first."""
    return tuple(sorted((_report(data, face, inputs) for face in _distinct(faces)), key=_order))


def _order(vector: ExtremalVector) -> tuple[Fraction, int, tuple[Fraction, ...]]:
    if vector.exact is None:
        return -(Fraction(vector.norm) ** 2), -vector.sign, vector.entries
    return -sum((entry * entry for entry in vector.exact), Fraction(0)), -vector.sign, vector.exact


def _search(data: Spanned, route: str, seconds: float | None) -> tuple[str, Enumeration]:
    """The name of the route that ended the search, and what was found."""
    if route not in ROUTES:
        raise InputError(f"there is no route {route!r}; the routes are {', '.join(ROUTES)}")
    if route == "sort" and data.rank > 2:
        raise InputError(f"route sort is for data of rank at most 2, and these have rank {data.rank}; use arrangement")
    if data.rank == 2 and route in ("auto", "sort"):
        return "sort", sweep(data, seconds)
    if route == "sort":
        return "sort", exhaust(data, seconds)
    if route == "orthogonal" and not orthogonal.are_orthogonal(data):
        raise InputError("route orthogonal is for points orthogonal to one another, and these are not; use auto")
    if route == "orthogonal":
        return "orthogonal", orthogonal.enumerate_all(data, seconds)
    if route == "tree":
        return "tree", grow_tree(data, seconds)
    if route == "arrangement":
        return "arrangement", arrange(data, seconds)
    if orthogonal.are_orthogonal(data) and orthogonal.number_of_vectors(data) > orthogonal.MOST_LISTED:
        return "orthogonal", orthogonal.enumerate_leading(data)
    return _tree_or_arrangement(data, Deadline.after(seconds))


def _tree_or_arrangement(data: Spanned, deadline: Deadline) -> tuple[str, Enumeration]:
    """The tree for as long as the arrangement would take, then the arrangement if it can be done in what is left.

    The cost of the arrangement is known in advance, that of the tree is not: it may be a fraction of a second where the
    number of its nodes could be 3^h. So no more than about twice the time of the better one is spent.
    """
    expected = _arrangement_seconds(data)
    if expected <= AT_ONCE:
        return "arrangement", arrange(data, _seconds(deadline))
    feasible = expected <= min(deadline.left, LONGEST_ARRANGEMENT)
    tree = grow_tree(data, expected if feasible else _seconds(deadline))
    if tree.complete or not feasible:
        return "tree", tree
    rays = arrange(data, _seconds(deadline))
    return "arrangement", rays if rays.complete else _joined(data, tree, rays)


def _seconds(deadline: Deadline) -> float | None:
    return None if math.isinf(deadline.left) else deadline.left


def _joined(data: Spanned, one: Enumeration, other: Enumeration) -> Enumeration:
    """What two searches that were broken off have found together."""
    largest = max(one.largest, other.largest, key=data.squared_norm)
    return Enumeration((*one.faces, *other.faces), largest, False)


def _arrangement_seconds(data: Spanned) -> float:
    """A rough cost of the arrangement: 3^(e - 1) sign choices on both ends of every ray, vectorised over rays."""
    subsets = number_of_subsets(data)
    return 2.0 * 3.0 ** max(data.rank - 1, 0) * (1e-3 + 1e-6 * subsets) + 1e-8 * subsets * len(data)


def _distinct(faces: Sequence[ExtremalFace]) -> list[ExtremalFace]:
    """Each face once, however many rays it was met from."""
    return list({face.pattern: face for face in faces}.values())


def _report(data: Spanned, face: ExtremalFace, inputs: Sequence[Sequence[Fraction]]) -> ExtremalVector:
    """The public description of an extremal face."""
    exact = data.lift(face.drift, face.scale)
    pattern = _pattern(data, face, exact, inputs)
    vector = np.array([float(entry) for entry in exact])
    return ExtremalVector(vector, exact, _norm(exact), pattern, face.seen_by, stability(data, face))


def _pattern(
    data: Spanned, face: ExtremalFace, exact: Sequence[Fraction], inputs: Sequence[Sequence[Fraction]]
) -> tuple[int, ...]:
    """sign <D, x_k> for every point: from the face for merged points, computed for those without hyperplane."""
    signs = []
    for (place, multiple), point in zip(data.hyperplanes.member, inputs, strict=True):
        if place >= 0:
            signs.append(face.seen_by * face.pattern[place] * (1 if multiple > 0 else -1))
        else:
            inner = sum((a * b for a, b in zip(exact, point, strict=True)), Fraction(0))
            signs.append((inner > 0) - (inner < 0))
    return tuple(signs)


def _norm(vector: Sequence[Fraction]) -> float:
    return math.hypot(*(float(entry) for entry in vector))
