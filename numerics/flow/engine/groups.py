"""The groups of a network: one per ternary pattern that neurons have had, with their map, moment and neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...arrays import Pattern
from .problem import FlowProblem
from .records import OF_MEMBERS, Columns
from .sliding import multipliers, projection


class Groups:
    """All groups; `members[u]` are the numbers of the neurons of group u."""

    def __init__(self, problem: FlowProblem) -> None:
        self.problem = problem
        self.members: list[NDArray[np.int64]] = []
        self._numbers: dict[bytes, int] = {}
        (n, d), h = problem.X.shape, len(problem.normals)
        floats, whole, flags = np.float64, np.int64, np.bool_
        shapes = (
            ((h,), np.int8), ((n,), floats), ((), flags), ((), flags), ((), flags), ((d, d), floats), ((h, d), floats),
            ((h,), whole), ((h,), whole), ((d + 1, d + 1), floats), ((d + 1, d + 1), floats), ((), whole),
            ((), np.int8), ((2,), whole), ((2, h), flags), ((2,), floats), ((2,), floats), ((2,), floats),
        )  # fmt: skip
        self._all = Columns(*(np.zeros((16, *shape), dtype=kind) for shape, kind in shapes))
        self._active = self._all.resized(0)

    def __len__(self) -> int:
        return len(self.members)

    def active(self) -> Columns:
        """The columns of the groups there are: views, so that what is written to them is kept."""
        return self._active

    def at(self, pattern: Pattern) -> int:
        """The number of the group with this pattern (h,), made now if there is none; its frame is then now."""
        key = pattern.tobytes()
        if key not in self._numbers:
            self._numbers[key] = self._add(pattern)
        return self._numbers[key]

    def populated(self) -> Groups:
        """The groups that have members, and these in their groups, in the same order."""
        found, kept = Groups(self.problem), [u for u, members in enumerate(self.members) if len(members)]
        for u in kept:
            found.at(self._active.pattern[u])
        for name in OF_MEMBERS:
            getattr(found.active(), name)[...] = getattr(self._active, name)[kept]
        found.members = [self.members[u] for u in kept]
        return found

    def _add(self, pattern: Pattern) -> int:
        u = len(self.members)
        if u == len(self._all.moves):
            self._all = self._all.resized(2 * u)
        self.members.append(np.zeros(0, dtype=np.int64))
        self._active = g = self._all.resized(u + 1)
        problem, on = self.problem, pattern == 0
        g.pattern[u] = pattern
        g.slopes[u] = problem.slopes(pattern)
        g.moves[u] = bool(g.slopes[u].any())
        g.slides[u] = bool(on.any())
        g.onto[u] = projection(problem.normals[on])
        g.on_ray[u] = g.slides[u] and round(float(np.trace(g.onto[u]))) <= 1
        g.multipliers[u] = multipliers(problem.normals, pattern)
        g.to_now[u] = np.eye(len(g.to_now[u]))
        g.flip[u] = g.face[u] = -1
        for i, side in enumerate(pattern):
            if side:
                g.flip[u, i] = behind = self._changed(pattern, i, -side)
                g.face[u, i] = self._changed(pattern, i, 0)
                if behind >= 0:
                    g.flip[behind, i] = u
            else:
                for cell in (self._changed(pattern, i, 1), self._changed(pattern, i, -1)):
                    if cell >= 0:
                        g.face[cell, i] = u
        return u

    def _changed(self, pattern: Pattern, i: int, side: int) -> int:
        other = pattern.copy()
        other[i] = side
        return self._numbers.get(other.tobytes(), -1)
