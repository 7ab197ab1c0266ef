"""Complete extremal vectors of a data set, with signs, patterns, stability, D_max and D* (theory.md 3.7)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .angular_sort import sweep
from .arrangement import arrange, number_of_subsets
from .consistency_tree import grow_tree
from .dataset import Dataset
from .errors import InputError
from .exhaustive import exhaust
from .faces import Enumeration, ExtremalFace
from .hyperplanes import merge_points
from .losses import get_loss
from .spanning import Spanned, span_coordinates
from .stability import stability

ROUTES = ("auto", "arrangement", "tree", "sort")


@dataclass(frozen=True)
class ExtremalVector:
    """An extremal vector D as neurons of one output sign see it (theory.md 3.7).

    `exact` (d,) is D, `vector` the same in floats; `pattern` (n,) is sign <D, x_k> over all points, in {-1, 0, 1};
    `sign` is 1 if D in frakD(D, 0) (seen by a > 0) and -1 if D in frakD(-D, 0) (seen by a < 0); `stability` is one of
    attracting, one-sided, saddle, repelling, undetermined, for neurons of that sign.
    """

    vector: NDArray[np.float64]
    exact: tuple[Fraction, ...]
    norm: float
    pattern: tuple[int, ...]
    sign: int
    stability: str


@dataclass(frozen=True)
class ExtremalVectors:
    """All extremal vectors, longest first; one entry per vector and sign.

    `d_max` is the largest norm in the union over w != 0 of frakD(w, 0), `d_star` the largest extremal norm (0 if there
    is none); `complete` is True only when exact arithmetic shows that none is missing. If it is False, both norms are
    only lower bounds.
    """

    vectors: tuple[ExtremalVector, ...]
    complete: bool
    d_max: float
    d_star: float
    route: str


def extremal_vectors(
    data: Dataset,
    loss: str = "square",
    leak: Fraction | int | float = Fraction(0),
    route: str = "auto",
    seconds: float | None = None,
) -> ExtremalVectors:
    """Every extremal vector of `data` at the origin, where the pulls are y (square) or y/2 (logistic).

    Routes: "sort" (rank at most 2, O(n log n)), "arrangement" (all faces, about n^(rank - 1)), "tree"
    (self-consistency), "auto" chooses. All are exact and agree. `seconds` limits the search (arrangement and tree):
    what was found by then is returned, with `complete` False. Raises InputError for an unknown loss or route, a leak
    outside [0, 1), or "sort" on data of rank above 2.
    """
    return extremal_vectors_of(data.inputs, get_loss(loss).exact_pull_at_zero(data.labels), leak, route, seconds)


def extremal_vectors_of(
    inputs: Sequence[Sequence[Fraction]],
    pulls: Sequence[Fraction],
    leak: Fraction | int | float = Fraction(0),
    route: str = "auto",
    seconds: float | None = None,
) -> ExtremalVectors:
    """`extremal_vectors` for inputs (n, d) and any pulls (n,), exact rationals or integers."""
    data = span_coordinates(merge_points(inputs, pulls, leak))
    chosen, enumerate_faces = _choose(data, route)
    result = enumerate_faces(data, seconds)
    vectors = sorted(
        (_report(data, face, inputs) for face in _distinct(result.faces)),
        key=lambda entry: (-entry[0], -entry[1].sign, entry[1].exact),
    )
    return ExtremalVectors(
        vectors=tuple(vector for _, vector in vectors),
        complete=result.complete,
        d_max=_norm(data.lift(result.largest)),
        d_star=vectors[0][1].norm if vectors else 0.0,
        route=chosen,
    )


def _choose(data: Spanned, route: str) -> tuple[str, Callable[[Spanned, float | None], Enumeration]]:
    """The route's name and function; "auto" as the measurements of benchmarks/extremal_vectors.py say."""
    if route not in ROUTES:
        raise InputError(f"there is no route {route!r}; the routes are {', '.join(ROUTES)}")
    if route == "sort" and data.rank > 2:
        raise InputError(f"route sort is for data of rank at most 2, and these have rank {data.rank}; use arrangement")
    if data.rank == 2 and route in ("auto", "sort"):
        return "sort", sweep
    if route == "sort":
        return "sort", exhaust
    if route == "tree" or (route == "auto" and _tree_seconds(data) < _arrangement_seconds(data)):
        return "tree", grow_tree
    return "arrangement", arrange


def _arrangement_seconds(data: Spanned) -> float:
    """A rough cost of the arrangement: 3^(e - 1) sign choices on both ends of every ray, vectorised over rays."""
    subsets = number_of_subsets(data)
    return 2.0 * 3.0 ** max(data.rank - 1, 0) * (1e-3 + 1e-6 * subsets) + 1e-8 * subsets * len(data)


def _tree_seconds(data: Spanned) -> float:
    """A rough cost of the tree: it branches three ways on the hyperplanes that are not monotone for a sign."""
    return sum(3e-3 * 3.0 ** sum(sign * jump >= 0 for jump in data.jump_sign) for sign in (1, -1))


def _distinct(faces: Sequence[ExtremalFace]) -> list[ExtremalFace]:
    """Each face once, however many rays it was met from."""
    return list({face.pattern: face for face in faces}.values())


def _report(data: Spanned, face: ExtremalFace, inputs: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ExtremalVector]:
    """The exact squared norm, to sort by, and the public description of an extremal face."""
    exact = data.lift(face.drift, face.scale)
    pattern = _pattern(data, face, exact, inputs)
    squared = sum((entry * entry for entry in exact), Fraction(0))
    vector = np.array([float(entry) for entry in exact])
    return squared, ExtremalVector(vector, exact, _norm(exact), pattern, face.seen_by, stability(data, face))


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
