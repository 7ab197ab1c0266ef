"""Where the tube of a certificate might lie: two curves beside the limit path, in floats (docs/certificates.md).

Nothing here is rigorous: what comes out is a proposal, and `tube.py` decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .instance import Problem

Array = NDArray[np.float64]
LONGEST = 20_000
"""Steps of the curves at most."""


@dataclass(frozen=True)
class Field:
    """The plane field S' = D + <D, s> s, s = S/||S||, D = b - H S: that of the limit path, up to the clock."""

    H: Array
    b: Array
    beta: Array
    x: Array

    @classmethod
    def of(cls, problem: Problem) -> Field:
        """The field in floats."""
        X, y = problem.data.X, problem.data.y
        H, b = X.T @ X / len(y), X.T @ y / len(y)
        return cls(H, b, np.array([float(value) for value in problem.limit]), X)

    def __call__(self, S: Array, turn: float = 0.0) -> Array:
        """The field at S, turned anticlockwise by an angle."""
        D, s = self.b - self.H @ S, S / np.linalg.norm(S)
        u, v = D + (D @ s) * s
        c, sine = np.cos(turn), np.sin(turn)
        return np.array([c * u - sine * v, sine * u + c * v])

    def trapped(self, ends: Array, eta: float) -> bool:
        """Whether the trap's condition holds, with some room, for S on the segment between `ends` (2, 2)."""
        gap = self.beta - ends
        d = float(np.sqrt(np.max(np.einsum("ki,ij,kj->k", gap, self.H, gap)) / np.linalg.eigvalsh(self.H)[0]))
        rest = float(np.linalg.norm(self.beta)) - d
        inner = np.min(ends @ self.x.T, axis=0) / np.linalg.norm(self.x, axis=1)
        cosine = float(np.min(inner)) / float(np.max(np.linalg.norm(ends, axis=1)))
        return rest > 0 and np.sqrt(1 - eta) * cosine - np.sqrt(2 * eta) > 1.02 * d / rest


def first_section(field: Field, psi: float, size: float, eta: float, half_angle: float) -> Array | None:
    """L_0 and R_0 (2, 2): at `half_angle` to both sides of b, as far from 0 as the flow enters with room; or None."""
    r = float(np.linalg.norm(field.b))
    if half_angle <= 1.02 * psi:
        return None
    base, reach = float(np.arctan2(field.b[1], field.b[0])), np.inf
    for side in (1, -1):
        angle = base + side * half_angle
        e, inner = np.array([np.cos(angle), np.sin(angle)]), side * np.array([np.sin(angle), -np.cos(angle)])
        push, loss = float(field.b @ inner) - 1.2 * eta * r, float((field.H @ e) @ inner)
        if push <= 0:
            return None
        if loss > 0:
            reach = min(reach, push / loss)
    reach = min(0.7 * reach, 0.25 * float(np.linalg.norm(field.beta)))
    if reach * np.cos(half_angle) <= 1.05 * size:
        return None
    angles = base + np.array([half_angle, -half_angle])
    return reach * np.column_stack((np.cos(angles), np.sin(angles)))


def sections(field: Field, first: Array, tilt: float, ended: Callable[[Array], bool]) -> Array | None:
    """L_i and R_i, shape (N, 2, 2), from `first` to where `ended(ends)` holds: curves of the field turned outwards.

    `tilt` is the angle; both move at the same speed along the curve between them. None when they do not get there.
    """
    state = np.array([first[0], first.mean(axis=0), first[1]])
    turns, found = (tilt, 0.0, -tilt), [first]
    whole = float(np.linalg.norm(field.beta))

    def slope(state: Array) -> Array:
        rates = np.array([field(S, turn) for S, turn in zip(state, turns, strict=True)])
        along = rates[1] / np.linalg.norm(rates[1])
        forward = rates @ along
        return rates / np.where(forward > 0, forward, np.nan)[:, None]

    for _ in range(LONGEST):
        step = min(0.01 * float(np.linalg.norm(state[1])), 0.004 * whole)
        begin = slope(state)
        state = state + step * slope(state + step / 2 * begin)
        gaps = np.linalg.norm(field.beta - state, axis=1)
        if not np.all(np.isfinite(state)) or np.min(gaps) < 1e-3 * whole:
            return None
        found.append(state[[0, 2]])
        if ended(state[[0, 2]]):
            return np.array(found)
    return None
