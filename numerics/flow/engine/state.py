"""Where every neuron of a network is: its group, and its place in the frame of that group (theory.md 2.5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ...arrays import Floats, Integers, Pattern
from ...compiled_code import drop_stale_code
from ...rounding import STANDING
from .groups import Groups
from .problem import FlowProblem
from .records import Columns, Neurons
from .scaling import exponents, lengths, unit_sized
from .sliding import projection, settle
from .standing import EngineState, Standing, balanced
from .step import drifts, outputs_at_start

READ_AGAIN = STANDING / 4
"""A place that is written down in a group's frame must be read there as it was, to this share of the neuron; the group
gets a new frame otherwise. The error is rounding times the square of the entries of the group's map. A neuron that was
put on a hyperplane is then found to be behind it by `STANDING` only when most of that was gained afterwards: it would
meet that hyperplane in step after step if the reading alone could put it there."""

LEAST = -997
"""Neurons below 2^LEAST, 1e-300, are not followed: a pinned one shrinks for as long as it is pinned. Frames are renewed
before it shrinks by more than some 10^3, so that it is noticed before digits are lost, below 2^-1022."""


class State(EngineState):
    """A network of m neurons (w, a) in R^d and their groups.

    `group`, `sign` (of a), `imbalance` (m,), the square root of |a^2 - ||w||^2| with its sign, conserved: 0 for neurons
    that are balanced up to rounding. (Its square underflows for neurons below 1e-154, and nothing here squares a
    neuron that is not scaled to size one, but `moment`: what underflows there adds nothing to the outputs.)
    `safe` (m,): the travel of its group up to which neuron j cannot have met a hyperplane, see `event_free`.
    `frame` (m, d+1): neuron j is at frame[j] @ to_now[group[j]]. `resting` (m,): reached w = 0. `held` (m,): not
    looked for at hyperplanes while it is safe, see `hold`. `degenerate`: the numbers of the neurons that start on a
    hyperplane.
    """

    shrunk = -1
    """The number of a neuron that has become smaller than 2^LEAST, if one has."""

    def _take_up(self, problem: FlowProblem, standing: Standing) -> None:
        drop_stale_code(drifts)
        m = len(standing.places)
        self.problem = problem
        self.groups = Groups(problem)
        self.sign, self.imbalance = standing.sign.copy(), standing.imbalance.copy()
        self.undominated = bool((self.imbalance < 0).any())
        self.frame = standing.places.copy()
        self.group = np.full(m, -1, dtype=np.int64)
        self.safe = np.full(m, -np.inf)
        self.resting = standing.resting.copy()
        self.held = np.zeros(m, dtype=bool)
        keys, inverse = np.unique(standing.pattern, axis=0, return_inverse=True)
        order = np.argsort(inverse.ravel(), kind="stable")
        edges = np.searchsorted(inverse.ravel()[order], np.arange(len(keys) + 1))
        for place, pattern in enumerate(keys):
            neurons = order[edges[place] : edges[place + 1]]
            self.arrive(self.groups.at(pattern), neurons, standing.places[neurons])

    # -- what there is now ----------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.group)

    @property
    def carried(self) -> int:
        """How many patterns are carried, those without neurons among them."""
        return len(self.groups)

    def columns(self) -> Neurons:
        """The neurons as compiled code sees them: the arrays of the state, not copies."""
        return Neurons(self.frame, self.group, self.sign, self.safe, self.undominated)

    def neurons(self) -> Floats:
        """All neurons now, (m, d+1) rows (w, a)."""
        now = np.empty_like(self.frame)
        for u, members in enumerate(self.groups.members):
            now[members] = self.here(u, members)
        return now

    def here(self, u: int, neurons: Integers) -> Floats:
        """Neurons of group u now, rows (w, a)."""
        return self.frame[neurons] @ self.groups.active().to_now[u]

    def outputs(self) -> Floats:
        """The outputs h (n,) now."""
        g, h = self.groups.active(), np.empty(len(self.problem.y))
        outputs_at_start(g, self.problem.X, h)
        return h

    def pulls(self) -> Floats:
        """The pulls p (n,) now."""
        return self.problem.pulls(self.outputs())

    def drifts(self, pulls: Floats) -> Floats:
        """The drift D (g, d) of every group for the pulls (n,)."""
        g = self.groups.active()
        D = np.empty((len(self.groups), self.problem.X.shape[1]))
        drifts(pulls, g, g.moves, self.problem.X, D)
        return D

    def size(self) -> float:
        """S = sum_j a_j^2."""
        return float(self.groups.active().moment[:, -1, -1].sum())

    def speed(self) -> float:
        """||theta'||, the square root of sum_j a_j^2 ||D_j||^2 + <w_j, D_j>^2: -dL/dt is its square (theory.md 2.4)."""
        g = self.groups.active()
        D, power = unit_sized(self.drifts(self.pulls()))
        grown = g.moment[:, -1, -1] * np.einsum("ud,ud->u", D, D)
        turned = np.einsum("ud,ude,ue->u", D, g.moment[:, :-1, :-1], D)
        return float(np.ldexp(np.sqrt(np.maximum(grown + turned, 0.0).sum()), power))

    def patterns(self) -> NDArray[np.int8]:
        """The ternary patterns of all neurons, (m, h)."""
        return np.asarray(self.groups.active().pattern[self.group])

    def standing(self) -> Standing:
        """Where the neurons stand now."""
        return Standing(self.neurons(), self.sign, self.imbalance, self.patterns(), self.resting)

    def fastest(self) -> float:
        """The largest ||D|| of a neuron now."""
        drifts = self.drifts(self.pulls())[self.groups.active().size > 0]
        return float(lengths(drifts).max())

    def populated(self) -> Iterator[tuple[Pattern, Integers, Floats]]:
        """The patterns (h,) that neurons have, the numbers of those neurons, and their sum of a w (d,)."""
        g = self.groups.active()
        for u in np.flatnonzero(g.size).tolist():
            yield g.pattern[u], self.groups.members[u], g.moment[u][:-1, -1]

    # -- moving neurons between groups ------------------------------------------------------------------------------

    def depart(self, u: int, neurons: Integers, places: Floats) -> None:
        """Take neurons that are at `places` now out of group u."""
        g = self.groups.active()
        self.group[neurons] = -1
        members = self.groups.members[u]
        self.groups.members[u] = members[self.group[members] == u]
        if len(self.groups.members[u]):
            g.moment[u] -= places.T @ places
        else:
            g.moment[u] = 0.0
        self.recount(u)

    def arrive(self, u: int, neurons: Integers, places: Floats) -> None:
        """Put neurons at `places` (k, d+1), on their balancedness and on the face, into group u."""
        g = self.groups.active()
        if not g.size[u]:
            g.to_now[u] = np.eye(len(g.to_now[u]))
            g.travel[u] = g.turned[u] = 0.0
        power = exponents(places)
        if (power < LEAST).any():
            self.shrunk = int(neurons[np.argmin(power)])
        scaled = np.ldexp(places, -power[:, None])
        w = scaled[:, :-1] @ g.onto[u] if g.slides[u] else scaled[:, :-1]
        a, imbalance = scaled[:, -1], np.ldexp(self.imbalance[neurons], -power)
        w, a = balanced(w, a, self.sign[neurons], imbalance)
        z = np.ldexp(np.concatenate([w, a[:, None]], axis=1), power[:, None])
        frame = _mirrored(_mirrored(z) @ g.to_now[u].T)  # z to_now^-1 = z J to_now^T J
        if (np.abs(frame @ g.to_now[u] - z).max(axis=1) > READ_AGAIN * np.abs(z).max(axis=1)).any():
            self._rebase(u)
            frame = z
        g.moment[u] += z.T @ z
        self.frame[neurons] = frame
        self.group[neurons] = u
        self.safe[neurons] = -np.inf
        self.groups.members[u] = np.concatenate([self.groups.members[u], neurons])
        self.recount(u)

    def recount(self, u: int) -> None:
        """Count the neurons of group u, those of either sign that can meet something, and how far these are safe."""
        g = self.groups.active()
        _recount(g, u, self.groups.members[u], self.sign, self.imbalance, self.safe)

    def put_on_sides(self, patterns: NDArray[np.int8]) -> None:
        """Give the first q neurons these patterns (q, h); where they lie on a hyperplane their weights do not tell."""
        for j in np.flatnonzero((self.patterns()[: len(patterns)] != patterns).any(axis=1)).tolist():
            self.send(int(self.group[j]), np.array([j]), patterns[j])

    def forget_empty_groups(self) -> None:
        """Leave out the groups that neurons have left; they are made again when somebody arrives."""
        self.groups = self.groups.populated()
        for u, members in enumerate(self.groups.members):
            self.group[members] = u

    def rescale(self, neurons: Integers, factors: Floats) -> None:
        """Multiply `neurons` (k,) by positive `factors` (k,) where they stand: they stay in their groups."""
        groups = self.group[neurons]
        for u in np.unique(groups).tolist():
            chosen, factor = neurons[groups == u], factors[groups == u]
            places = self.here(u, chosen)
            self.depart(u, chosen, places)
            self.imbalance[chosen] *= factor
            self.arrive(u, chosen, factor[:, None] * places)

    # -- which neurons are looked for at hyperplanes ------------------------------------------------------------------

    def hold(self, neurons: Integers, gap: float) -> None:
        """Take `neurons` for safe until they may have moved by `gap`, as a share of |a|, towards any hyperplane."""
        g, u = self.groups.active(), self.group[neurons]
        row = np.where(self.sign[neurons] > 0, 0, 1)
        self.safe[neurons] = g.travel[u, row] + gap * np.exp(g.turned[u, row])
        self.held[neurons] = True
        for v in np.unique(u).tolist():
            self.recount(v)

    def release(self, neurons: Integers) -> None:
        """Look for `neurons` at hyperplanes again."""
        if self.held.any():
            self.held[neurons] = False

    def start_measuring(self, u: int) -> Integers:
        """Measure distances in group u from now on; the neurons (k,) whose distances are needed.

        Those that are held have what is left of their gap, and are not looked for.
        """
        g, members = self.groups.active(), self.groups.members[u]
        if self.held.any():
            held = members[self.held[members]]
            row = np.where(self.sign[held] > 0, 0, 1)
            self.safe[held] = (self.safe[held] - g.travel[u, row]) * np.exp(-g.turned[u, row])
            members = members[~(self.held[members] & (self.safe[members] > 0.0))]
        g.turned[u] = g.travel[u] = 0.0
        return members

    def rebase(self) -> None:
        """Make now the frame of every group: maps stay well conditioned, and balancedness is put right.

        A group without neurons gets its frame when some arrive.
        """
        g = self.groups.active()
        for u in np.flatnonzero(g.moves & (g.size > 0)).tolist():
            self._rebase(u)

    def _rebase(self, u: int) -> None:
        g, members = self.groups.active(), self.groups.members[u]
        places, safe = self.here(u, members), self.safe[members]
        g.to_now[u], g.moment[u] = np.eye(len(g.to_now[u])), 0.0
        self.groups.members[u] = members[:0]
        self.arrive(u, members, places)
        self.safe[members] = safe
        self.recount(u)

    def send(self, u: int, neurons: Integers, pattern: Pattern, on: Integers | None = None) -> None:
        """Move neurons of group u to the group of `pattern` where they stand, exactly on the hyperplanes `on`."""
        places = self.here(u, neurons)
        self.depart(u, neurons, places)
        if on is not None:
            places[:, :-1] = places[:, :-1] @ projection(self.problem.normals[on])
        self.arrive(self.groups.at(pattern), neurons, places)

    def rest(self, j: int) -> None:
        """Lay down a strictly dominated pinned neuron that has reached w = 0, where the flow is not unique."""
        u, neuron = int(self.group[j]), np.array([j])
        places = self.here(u, neuron)
        self.depart(u, neuron, places)
        places[:, :-1] = 0.0
        self.arrive(self.groups.at(np.zeros(len(self.problem.normals), dtype=np.int8)), neuron, places)
        self.resting[j] = True

    # -- the start --------------------------------------------------------------------------------------------------

    def _settle_start(self, patterns: Pattern) -> None:
        pulls = self.pulls()
        kinds = np.concatenate([patterns[self.degenerate], self.sign[self.degenerate, None]], axis=1)
        for kind in np.unique(kinds, axis=0):
            neurons = self.degenerate[(kinds == kind).all(axis=1)]
            pattern, s = kind[:-1], int(kind[-1])
            on = np.flatnonzero(pattern == 0)
            attracting = on[self.problem.attracting(pulls, s)[on]]
            if len(attracting):
                target = settle(self.problem, np.where(pattern == 0, 1, pattern).astype(np.int8), attracting, s, pulls)
                self.send(int(self.group[neurons[0]]), neurons, target, on)


@njit(cache=True)
def _recount(g: Columns, u: int, members: Integers, sign: Pattern, imbalance: Floats, safe: Floats) -> None:
    """See `State.recount`."""
    total = 0
    g.watched[u] = 0
    g.bound[u] = np.inf
    for j in members:
        total += sign[j]
        # On a ray only what is not balanced can meet anything: it can reach w = 0.
        if g.moves[u] and (not g.on_ray[u] or imbalance[j] != 0.0):
            row = 0 if sign[j] > 0 else 1
            g.watched[u, row] += 1
            g.bound[u, row] = min(g.bound[u, row], safe[j])
    g.size[u] = len(members)
    g.common_sign[u] = 0 if abs(total) != len(members) else 1 if total > 0 else -1 if total < 0 else 0


def _mirrored(rows: Floats) -> Floats:
    """rows J: the last coordinate reversed."""
    reversed_rows = rows.copy()
    reversed_rows[:, -1] *= -1
    return reversed_rows
