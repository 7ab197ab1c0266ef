"""A network as single neurons: where each is, and its ternary pattern (theory.md 2.5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats, Integers, Pattern
from ..engine.problem import FlowProblem
from ..engine.scaling import exponents, lengths, unit_sized
from ..engine.sliding import projection, settle
from ..engine.standing import EngineState, Standing, balanced
from ..engine.state import LEAST
from .faces import bases


class NeuronState(EngineState):
    """A network of m neurons (w, a), rows of `places` (m, d+1), with their `pattern` (m, h) and the `sign` (m,) of a.

    `imbalance` (m,): the square root of |a^2 - ||w||^2| with its sign, conserved; 0 for neurons that are balanced up to
    rounding. `resting` (m,): reached w = 0. `gap` (m,): how far those that are held may still move, as a share of |a|,
    before they are looked for at hyperplanes again; 0 for the others. `degenerate`: the numbers of the neurons that
    start on a hyperplane. `slopes` (m, n) of the points, `sliding` (k,) the neurons on hyperplanes and `faces`
    (k, r, d) what spans their normals are kept by `refresh`.
    """

    shrunk = -1
    """The number of a neuron that has become smaller than 2^LEAST, if one has."""

    def _take_up(self, problem: FlowProblem, standing: Standing) -> None:
        self.problem = problem
        self.places, self.pattern = standing.places.copy(), standing.pattern.copy()
        self.sign, self.imbalance = standing.sign.copy(), standing.imbalance.copy()
        self.resting = standing.resting.copy()
        self.gap = np.zeros(len(self.places))
        self.refresh()

    def __len__(self) -> int:
        return len(self.places)

    @property
    def carried(self) -> int:
        """How many neurons are carried."""
        return len(self)

    @property
    def undominated(self) -> NDArray[np.bool_]:
        """The neurons (m,) whose a may vanish."""
        return np.asarray(self.imbalance < 0)

    def refresh(self, changed: Integers | None = None) -> None:
        """Take note of new patterns, of all neurons or of those that `changed`."""
        if changed is None:
            self.slopes = self._slopes(self.pattern)
        else:
            self.slopes[changed] = self._slopes(self.pattern[changed])
        self.sliding: Integers = np.flatnonzero((self.pattern == 0).any(axis=1) & ~self.resting)
        self.faces = bases(self.sliding, self.pattern, self.problem.normals)

    def _slopes(self, pattern: NDArray[np.int8]) -> Floats:
        side = pattern[:, self.problem.owner] * self.problem.orientation
        return np.where(side > 0, 1.0, np.where(side < 0, self.problem.leak, 0.0))

    # -- what there is now ----------------------------------------------------------------------------------------

    def neurons(self) -> Floats:
        """All neurons now, (m, d+1) rows (w, a)."""
        return self.places.copy()

    def outputs(self) -> Floats:
        """The outputs h (n,) now."""
        return self.outputs_at(self.places)

    def outputs_at(self, places: Floats) -> Floats:
        """The outputs h (n,) where the neurons are at other places, with the patterns of now."""
        seen = places[:, :-1] @ self.problem.X.T
        return np.asarray(places[:, -1] @ np.multiply(seen, self.slopes, out=seen))

    def pulls(self) -> Floats:
        """The pulls p (n,) now."""
        return self.problem.pulls(self.outputs())

    def drifts(self, pulls: Floats) -> Floats:
        """The drift D (m, d) of every neuron for the pulls (n,)."""
        D = (self.slopes * (pulls / len(pulls))) @ self.problem.X
        if len(self.sliding):
            j, faces = self.sliding, self.faces
            D[j] -= np.einsum("krd,kr->kd", faces, np.einsum("krd,kd->kr", faces, D[j]))
        return np.asarray(D)

    def size(self) -> float:
        """S = sum_j a_j^2."""
        return float(self.places[:, -1] @ self.places[:, -1])

    def speed(self) -> float:
        """||theta'||: -dL/dt is its square (theory.md 2.4)."""
        (D, power), w, a = unit_sized(self.drifts(self.pulls())), self.places[:, :-1], self.places[:, -1]
        grown = a * a * np.einsum("jd,jd->j", D, D)
        return float(np.ldexp(np.sqrt((grown + np.einsum("jd,jd->j", w, D) ** 2).sum()), power))

    def fastest(self) -> float:
        """The largest ||D|| of a neuron now."""
        return float(lengths(self.drifts(self.pulls())).max())

    def populated(self) -> Iterator[tuple[Pattern, Integers, Floats]]:
        """The patterns (h,) that neurons have, the numbers of those neurons, and their sum of a w (d,)."""
        patterns, group = np.unique(self.pattern, axis=0, return_inverse=True)
        order = np.argsort(group.ravel(), kind="stable")
        ends = np.searchsorted(group.ravel()[order], np.arange(1, len(patterns)))
        for pattern, members in zip(patterns, np.split(order, ends), strict=True):
            yield pattern, members, self.places[members, -1] @ self.places[members, :-1]

    @property
    def group(self) -> Integers:
        """The row (m,) of `drifts` that is that of each neuron."""
        return np.arange(len(self))

    def patterns(self) -> Pattern:
        """The ternary patterns of all neurons, (m, h)."""
        return self.pattern.copy()

    def standing(self) -> Standing:
        """Where the neurons stand now."""
        return Standing(self.places, self.sign, self.imbalance, self.pattern, self.resting)

    # -- where neurons go ------------------------------------------------------------------------------------------

    def balance(self, places: Floats) -> None:
        """Put all neurons on their a^2 - ||w||^2 of the start."""
        power = exponents(places)
        if (power < LEAST).any():
            small = np.flatnonzero((power < LEAST) & (places != 0.0).any(axis=1))
            self.shrunk = int(small[0]) if len(small) else -1
        scaled = np.ldexp(places, -power[:, None])
        w, a = balanced(scaled[:, :-1], scaled[:, -1], self.sign, np.ldexp(self.imbalance, -power))
        places[:] = np.ldexp(np.concatenate([w, a[:, None]], axis=1), power[:, None])

    def onto_faces(self, places: Floats) -> None:
        """Put the neurons that slide exactly on their hyperplanes."""
        if len(self.sliding):
            w, faces = places[self.sliding, :-1], self.faces
            places[self.sliding, :-1] = w - np.einsum("krd,kr->kd", faces, np.einsum("krd,kd->kr", faces, w))

    def put_on_sides(self, patterns: Pattern) -> None:
        """Give the first q neurons these patterns (q, h); where they lie on a hyperplane their weights do not tell."""
        changed = np.flatnonzero((self.pattern[: len(patterns)] != patterns).any(axis=1))
        self.pattern[changed] = patterns[changed]
        self.refresh(changed)

    def forget_empty_groups(self) -> None:
        """Nothing: there are none where neurons are followed one by one."""

    def rescale(self, neurons: Integers, factors: Floats) -> None:
        """Multiply `neurons` (k,) by positive `factors` (k,) where they stand."""
        self.places[neurons] *= factors[:, None]
        self.imbalance[neurons] *= factors

    def hold(self, neurons: Integers, gap: float) -> None:
        """Do not look for `neurons` at hyperplanes until they may have moved by `gap`, as a share of |a|."""
        self.gap[neurons] = gap

    def use_up(self, time: float, drifts: tuple[Floats, Floats]) -> None:
        """Take what neurons that are held may have moved in this time from their gaps."""
        held = np.flatnonzero(self.gap > 0.0)
        if len(held):
            speed = np.maximum(*(lengths(D[held]) for D in drifts))
            self.gap[held] = np.maximum(self.gap[held] - time * speed, 0.0)

    def _settle_start(self, patterns: Pattern) -> None:
        pulls = self.pulls()
        for j in self.degenerate.tolist():
            sign, on = int(self.sign[j]), np.flatnonzero(patterns[j] == 0)
            attracting = on[self.problem.attracting(pulls, sign)[on]]
            if len(attracting):
                pattern = np.where(patterns[j] == 0, 1, patterns[j]).astype(np.int8)
                self.pattern[j] = settle(self.problem, pattern, attracting, sign, pulls)
                self.places[j, :-1] = self.places[j, :-1] @ projection(self.problem.normals[on])
        self.refresh(self.degenerate)
