"""Extremal vectors through the rays of the arrangement, vectorised, with float filters in front of exact integers.

Every face of a central arrangement of full rank e >= 1, but the origin, has a ray in its closure; a ray is cut out by
e - 1 independent hyperplanes. Next to a ray in general position the faces are the 3^(e-1) choices of signs for those
hyperplanes. Each choice gives a drift, a linear function of the other points' sum; a face is discarded when a rigorous
bound (`float_bounds`) shows a wrong sign or a slope out of reach, and whatever is left is decided in integers. Rays
through which more hyperplanes pass, and rays with an undecided sign, go to exact integers from the start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, islice
from math import comb

import numpy as np
from numpy.typing import NDArray

from ..geometry.covectors import Pattern, around_ray, covectors
from ..geometry.integers import Integers, Spanned, dot, null_vector, sign
from .exhaustive import exhaust, zonotope_corners
from .face import Deadline, Enumeration, ExtremalFace, OutOfTime, extremal_face
from .filtered import Filtered, cross_product, filtered
from .local_faces import Candidates, local_candidates

ENTRIES_PER_CHUNK = 1 << 20
HIGHEST_OF_MINORS = 14
"""Of higher rank e the few rays that there can be are exact: a float one takes 2^(e - 1) minors, minutes at e = 20."""
RAYS_PER_CHUNK = 1 << 13
FIRST_LOOK = 24
NEAR_LARGEST = 1.0 - 1e-10


@dataclass
class Findings:
    """What the enumeration has met so far; drifts in span coordinates. What takes time raises OutOfTime."""

    data: Spanned
    deadline: Deadline
    tried: set[bytes] = field(default_factory=set)
    faces: list[ExtremalFace] = field(default_factory=list)
    largest: tuple[int, Integers] = (0, ())
    largest_float: float = 0.0
    degenerate: set[tuple[int, ...]] = field(default_factory=set)
    only_largest: bool = False

    def try_face(self, pattern: Pattern | NDArray[np.int8]) -> None:
        """Decide one face exactly, once (never when only the longest drift is wanted)."""
        if self.only_largest:
            return
        key = np.asarray(pattern, dtype=np.int8).tobytes()
        if key in self.tried:
            return
        self.tried.add(key)
        self.deadline.check()
        face = extremal_face(self.data, tuple(int(value) for value in pattern))
        if face is not None:
            self.faces.append(face)

    def try_largest(self, corner: Integers) -> None:
        """Keep the drift if it is longer than all before."""
        self.largest = max(self.largest, (self.data.squared_norm(corner), corner))


def arrange(data: Spanned, seconds: float | None = None, only_largest: bool = False) -> Enumeration:
    """All extremal faces and a longest drift by rays; incomplete only if `seconds` run out.

    With `only_largest` the faces are left out, and `complete` is about the longest drift alone.
    """
    if data.rank < 2:
        return exhaust(data)
    findings = Findings(data, Deadline.after(seconds), largest=(0, (0,) * data.rank), only_largest=only_largest)
    floats = filtered(data)
    rays_at_once = max(1, min(RAYS_PER_CHUNK, ENTRIES_PER_CHUNK // len(data)))
    # An infinite radius times a zero is NaN: it compares as unknown, which is what it means.
    with np.errstate(invalid="ignore", over="ignore"):
        try:
            _through_rays(data, floats, findings, rays_at_once)
        except OutOfTime:
            return Enumeration(tuple(findings.faces), findings.largest[1], False)
    return Enumeration(tuple(findings.faces), findings.largest[1], True)


def _through_rays(data: Spanned, floats: Filtered, findings: Findings, rays_at_once: int) -> None:
    for subsets in _subsets(len(data), data.rank - 1, rays_at_once):
        findings.deadline.check()
        subsets, signs = _ray_signs(data, floats, subsets, findings)
        for orientation in (1, -1):
            _faces_at_rays(floats, subsets, np.asarray(orientation * signs, dtype=np.int8), findings)


def number_of_subsets(data: Spanned) -> int:
    """How many (e - 1)-subsets of the hyperplanes `arrange` goes through."""
    return comb(len(data), max(data.rank - 1, 0))


def _subsets(count: int, size: int, at_once: int) -> Iterator[NDArray[np.intp]]:
    every = combinations(range(count), size)
    while chunk := list(islice(every, at_once)):
        yield np.array(chunk, dtype=np.intp)


def _ray_signs(
    data: Spanned, floats: Filtered, subsets: NDArray[np.intp], findings: Findings
) -> tuple[NDArray[np.intp], NDArray[np.int8]]:
    """Sign rows (r, h) of the rays in general position among `subsets`; the others are handled here."""
    if data.rank <= HIGHEST_OF_MINORS:
        heights = cross_product(floats.covector_rows[subsets]) @ floats.covector
        positive, negative = heights.positive(), heights.negative()
    else:
        positive = negative = np.zeros((len(subsets), len(data)), dtype=bool)
    signs = positive.astype(np.int8) - negative.astype(np.int8)
    lines = np.arange(len(subsets))[:, None]
    signs[lines, subsets] = 0
    unknown = ~(positive | negative)
    unknown[lines, subsets] = False
    regular = np.ones(len(subsets), dtype=bool)
    for line in np.flatnonzero(unknown.any(axis=1)):
        findings.deadline.check()
        ray = null_vector([data.covector[place] for place in subsets[line]], data.rank)
        if ray is None:
            regular[line] = False
            continue
        # The whole row is replaced, so it does not matter if the exact ray is the opposite of the float one.
        exact = np.array([sign(dot(ray, covector)) for covector in data.covector], dtype=np.int8)
        if np.count_nonzero(exact == 0) > data.rank - 1:
            regular[line] = False
            _degenerate_ray(data, tuple(int(value) for value in exact), findings)
        signs[line] = exact
    return subsets[regular], signs[regular]


def _degenerate_ray(data: Spanned, at_ray: Pattern, findings: Findings) -> None:
    """A ray with more than e - 1 hyperplanes through it: all faces next to it and to its opposite, exactly."""
    through = tuple(place for place, value in enumerate(at_ray) if value == 0)
    if through in findings.degenerate:
        return
    findings.degenerate.add(through)
    local = covectors([data.covector[place] for place in through])
    whole_box = data.rank < data.hyperplanes.dimension
    for pattern in around_ray(at_ray, through, local):
        findings.try_face(pattern)
        if whole_box and all(pattern):
            findings.try_largest(_box_corner(data, pattern))
    if not whole_box:
        for orientation in (1, -1):
            centre = tuple(orientation * value for value in at_ray)
            for corner in zonotope_corners(data, centre, through):
                findings.deadline.check()
                findings.try_largest(corner)


def _box_corner(data: Spanned, pattern: Pattern | NDArray[np.int8]) -> Integers:
    return data.combine([hi if value > 0 else lo for value, lo, hi in zip(pattern, data.low, data.high, strict=True)])


def _faces_at_rays(floats: Filtered, subsets: NDArray[np.intp], signs: NDArray[np.int8], findings: Findings) -> None:
    """The faces next to rays in general position, whose sign rows are `signs` (r, h)."""
    if not len(subsets):
        return
    _longest_at_rays(floats, subsets, signs, findings)
    if findings.only_largest:
        return
    centres = floats.centres(signs)
    for candidates in local_candidates(floats, subsets, centres, findings.deadline):
        _decide(floats, subsets, signs, candidates, findings)


def _decide(
    floats: Filtered,
    subsets: NDArray[np.intp],
    signs: NDArray[np.int8],
    candidates: Candidates,
    findings: Findings,
) -> None:
    """Compare the candidates' drifts with their faces, on a few hyperplanes first, then on all; then exactly."""
    patterns = signs[candidates.rows]
    patterns[np.arange(len(patterns))[:, None], subsets[candidates.rows]] = candidates.local
    count = patterns.shape[1]
    first = np.unique(np.linspace(0, count - 1, FIRST_LOOK).astype(np.intp))
    drifts = candidates.drifts
    for columns in (first, slice(None)):
        heights = drifts @ floats.covector[:, columns]
        wanted = patterns[:, columns]
        wrong = [heights.opposes(side * wanted).any(axis=1) for side in (1, -1)]
        left = ~(wrong[0] & wrong[1])
        patterns, drifts = patterns[left], drifts[left]
        if not len(patterns):
            return
    for pattern in patterns:
        findings.try_face(pattern)


def _longest_at_rays(floats: Filtered, subsets: NDArray[np.intp], signs: NDArray[np.int8], findings: Findings) -> None:
    """The longest corner of the zonotopes frakD(w, 0) at these rays; floats propose, integers compare.

    If the data do not span R^d the union is one zonotope instead, with a corner for every cell: its generators take
    the upper end on the positive side.
    """
    data = findings.data
    whole_box = data.rank < data.hyperplanes.dimension
    above, below = ("high", "low") if whole_box else ("positive", "negative")
    centre = (signs > 0).astype(float) @ floats.cartesian[above]
    centre += (signs < 0).astype(float) @ floats.cartesian[below]
    best: NDArray[np.float64] = np.zeros(len(subsets))
    choice = np.zeros(len(subsets), dtype=np.intp)
    size = subsets.shape[1]
    ends = (floats.cartesian["low"], floats.cartesian["high"])
    for number in range(1 << size):
        findings.deadline.check()
        ups = _bits(number, size)
        drift = centre + sum(ends[up][subsets[:, place]] for place, up in enumerate(ups))
        squared = np.einsum("ij,ij->i", drift, drift)
        longer = squared > best
        best[longer], choice[longer] = squared[longer], number
    findings.largest_float = max(findings.largest_float, float(best.max()))
    seen: set[bytes] = set()
    for row in np.flatnonzero(best >= findings.largest_float * NEAR_LARGEST):
        multiples = np.where(signs[row] > 0, 1, np.where(signs[row] < 0, -1, 0))
        ups = _bits(int(choice[row]), size)
        multiples[subsets[row]] = [2 if up else 3 for up in ups]
        if (key := multiples.tobytes()) in seen:
            continue
        seen.add(key)
        options = {1: data.high if whole_box else data.positive, -1: data.low if whole_box else data.negative}
        options |= {2: data.high, 3: data.low}
        findings.try_largest(data.combine([options[int(m)][place] for place, m in enumerate(multiples)]))


def _bits(number: int, size: int) -> tuple[bool, ...]:
    """The last `size` binary digits of a number."""
    return tuple(bool(number >> place & 1) for place in range(size))
