"""The frozen drift D(w, 0) on every cell and face of the merged hyperplanes (theory.md 2.6, 3.7).

A face is given by a sign per hyperplane; 0 means that the neuron stays on it. The drift of a neuron of sign sigma on a
face is the least-norm element over the attracting hyperplanes it lies on. Signs that floats cannot tell from zero are
decided in exact rational arithmetic, so ties (orthogonal points, vanishing drifts) come out as ties.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..geometry.box_least_squares import BoxMinimum, least_norm_in_box, project_out
from ..geometry.hyperplanes import Hyperplanes
from ..rounding import DOUBTFUL
from .balls import BallField

Signs = NDArray[np.int8]


@dataclass(frozen=True)
class Drift:
    """The drift on a face after Filippov's choice of sides.

    `pattern` (h,): the sides taken, 0 where the neuron stays; `vector` (d,): D; `norm`: r = ||D||; `direction` (d,):
    sigma D/||D||, along which w moves (zeros when D = 0); `speed` (h,): <direction, x_i>, exactly 0 where it vanishes.
    """

    pattern: Signs
    vector: Floats
    norm: float
    direction: Floats
    speed: Floats


class FrozenField:
    """The merged hyperplanes with a jump, their drifts on both sides, and the constant drift of all others.

    `normals` (h, d) and their `lengths` (h,); `jumps` (h, d): what crossing to the positive side adds to the drift;
    `pull_signs` (h,); `acts` (2, h): whether a point acts on the positive and on the negative side, `acts_everywhere`:
    whether one acts on all sides; `scale`: the sum of the sizes of all contributions.
    """

    def __init__(self, hyperplanes: Hyperplanes) -> None:
        keep = [i for i, jump in enumerate(hyperplanes.jump) if jump]
        self.kept = tuple(keep)
        self.dimension = hyperplanes.dimension
        exact = np.empty((len(hyperplanes), self.dimension), dtype=object)
        for i, row in enumerate(hyperplanes.directions):
            exact[i] = row
        positive = np.array([*hyperplanes.positive, None], dtype=object)[:-1, None] * exact
        negative = np.array([*hyperplanes.negative, None], dtype=object)[:-1, None] * exact
        dropped = [i for i in range(len(hyperplanes)) if i not in set(keep)]
        zero = np.array([Fraction(0)] * self.dimension, dtype=object)
        self._exact_constant = sum((positive[i] for i in dropped), zero)
        self._exact_normals = exact[keep]
        self._exact_sides = {1: positive[keep], -1: negative[keep]}
        self.normals: Floats = self._exact_normals.astype(np.float64)
        self.lengths: Floats = np.linalg.norm(self.normals, axis=1)
        self.pull_signs: Signs = np.array([1 if hyperplanes.jump[i] > 0 else -1 for i in keep], dtype=np.int8)
        self._constant = self._exact_constant.astype(np.float64)
        self._sides = {side: rows.astype(np.float64) for side, rows in self._exact_sides.items()}
        self.jumps: Floats = self._sides[1] - self._sides[-1]
        self.acts: Signs = np.array([[any(row) for row in self._exact_sides[side]] for side in (1, -1)], dtype=np.int8)
        self.acts = self.acts.reshape(2, len(keep))
        self.acts_everywhere = bool(self._constant.any())
        sizes = np.maximum(*(np.abs(rows).sum(axis=1) for rows in self._sides.values()))
        self.scale = float(sizes.sum() + np.abs(self._constant).sum())

    def __len__(self) -> int:
        return len(self.pull_signs)

    def is_silent(self, pattern: Signs) -> bool:
        """Whether no point acts strictly inside its half-space: with D = 0, a ReLU neuron that is dead."""
        acting = ((pattern > 0) & (self.acts[0] > 0)) | ((pattern < 0) & (self.acts[1] > 0))
        return not acting.any() and not self.acts_everywhere

    def base_drift(self, pattern: Signs) -> Floats:
        """The drift (d,) with the hyperplanes of sign 0 in `pattern` (h,) taken from their negative sides."""
        above = (pattern > 0).astype(np.float64)
        return self._constant + above @ self._sides[1] + (1.0 - above) @ self._sides[-1]

    def drift(self, pattern: Signs, sign: int) -> Drift:
        """The drift of a neuron of sign `sign` on the hyperplanes of sign 0 in `pattern` (h,), all attracting.

        The least-norm choice decides on each of them whether the neuron stays or which side it leaves to.
        """
        on = np.flatnonzero(pattern == 0)
        jumps = self.jumps[on]
        doubt = DOUBTFUL * self.scale * np.linalg.norm(jumps, axis=1)
        least = least_norm_in_box(self.base_drift(pattern), jumps, doubt, BoxMinimum.all_free(jumps))
        found = pattern.copy()
        doubtful = bool((least.free & ((least.theta < DOUBTFUL) | (least.theta > 1 - DOUBTFUL))).any())
        doubtful = doubtful or bool((~least.free & (np.abs(least.gradient) <= doubt)).any())
        left = on[~least.free]
        found[left] = np.where(least.theta[~least.free] > 0.5, 1, -1)
        vector = least.point
        speed = self.normals @ vector
        speed[on[least.free]] = 0.0
        norm = float(np.linalg.norm(vector))
        unsure = (np.abs(speed) <= DOUBTFUL * self.scale * self.lengths) & (found != 0)
        if doubtful or unsure.any() or norm <= DOUBTFUL * self.scale:
            certain = self.balls.drift(pattern, on, least)
            found, vector, speed = self.exact_drift(pattern, on, least) if certain is None else certain
            norm = float(np.linalg.norm(vector))
        if norm == 0.0:
            return Drift(found, vector, 0.0, np.zeros(self.dimension), np.zeros(len(self)))
        return Drift(found, vector, norm, sign * vector / norm, sign * speed / norm)

    @cached_property
    def balls(self) -> BallField:
        """The same field in ball arithmetic."""
        above, below = self._exact_sides[1], self._exact_sides[-1]
        return BallField.of(self._exact_normals, above - below, self._exact_constant + below.sum(axis=0))

    def exact_drift(self, pattern: Signs, on: NDArray[np.intp], guess: BoxMinimum) -> tuple[Signs, Floats, Floats]:
        """The same choice in exact rationals: (sides, D, <D, x_i>), the last two rounded once."""
        sides = self._exact_sides
        base = self._exact_constant
        for rows in (sides[1][pattern > 0], sides[-1][pattern <= 0]):
            for row in rows:
                base = base + row
        least = least_norm_in_box(base, (sides[1] - sides[-1])[on], guess=guess)
        found = pattern.copy()
        stays = np.array([not slope for slope in least.gradient], dtype=bool)
        left = on[~stays]
        found[left] = [1 if theta == 1 else -1 for theta in least.theta[~stays]]
        vector = np.array([float(entry) for entry in least.point])
        speed = np.array([float(row @ least.point) for row in self._exact_normals]).reshape(len(self))
        return found, vector, speed

    def face(self, pattern: Signs) -> Floats:
        """Orthonormal rows (s, d) that span the normals of the hyperplanes the neuron stays on; s is their rank."""
        on = pattern == 0
        if not on.any():
            return np.zeros((0, self.dimension))
        _, sizes, directions = np.linalg.svd(self.normals[on] / self.lengths[on, None], full_matrices=False)
        if ((sizes < 1e-4) & (sizes > 1e-13)).any():  # nearly dependent normals: decided without rounding
            rows = self._exact_normals[on]
            exact = np.array([project_out(_unit(self.dimension, i), rows) for i in range(self.dimension)])
            parts, vectors = np.linalg.eigh(exact.astype(np.float64))
            return np.ascontiguousarray(vectors[:, parts < 0.5].T)
        return np.ascontiguousarray(directions[sizes > 1e-13])


def _unit(dimension: int, place: int) -> NDArray[np.object_]:
    return np.array([Fraction(int(i == place)) for i in range(dimension)], dtype=object)
