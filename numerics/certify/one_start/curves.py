"""Where the tube of a certificate might lie: two curves beside the limit path, in floats (docs/certificates.md).

Nothing here is rigorous: what comes out is a proposal, and `tube.py` decides. The curves take thousands of steps in the
plane, where plain floats are many times faster than small arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..instance import PlaneProblem

Array: TypeAlias = NDArray[np.float64]
Place: TypeAlias = tuple[float, float]
Ends: TypeAlias = tuple[Place, Place]
"""A section: its left end and its right end."""
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
    def of(cls, problem: PlaneProblem) -> Field:
        """The field in floats."""
        X, y = problem.data.X, problem.data.y
        H, b = X.T @ X / len(y), X.T @ y / len(y)
        return cls(H, b, np.array([float(value) for value in problem.limit]), X)

    @cached_property
    def _numbers(self) -> tuple[float, ...]:
        """b, the rows of H, and beta*, as plain floats."""
        return tuple(float(value) for value in (*self.b, *self.H.ravel(), *self.beta))

    @cached_property
    def _directions(self) -> list[Place]:
        """x_k/||x_k||."""
        return [(u / math.hypot(u, v), v / math.hypot(u, v)) for u, v in self.x.tolist()]

    @cached_property
    def slowest(self) -> float:
        """The smallest eigenvalue of H."""
        return float(np.linalg.eigvalsh(self.H)[0])

    def at(self, S: Place, turn: Place = (1.0, 0.0)) -> Place:
        """The field at S, turned anticlockwise by an angle whose cosine and sine are `turn`."""
        b1, b2, h11, h12, h21, h22, _, _ = self._numbers
        s1, s2 = S
        d1, d2 = b1 - h11 * s1 - h12 * s2, b2 - h21 * s1 - h22 * s2
        along = (d1 * s1 + d2 * s2) / (s1 * s1 + s2 * s2)
        u, v = d1 + along * s1, d2 + along * s2
        return turn[0] * u - turn[1] * v, turn[1] * u + turn[0] * v

    def gap(self, S: Place) -> float:
        """||S - beta*||."""
        return math.hypot(self._numbers[6] - S[0], self._numbers[7] - S[1])

    def distance(self, ends: Ends) -> float:
        """sqrt(2 Delta/mu), the larger of the two at the ends."""
        _, _, h11, h12, h21, h22, beta1, beta2 = self._numbers
        gaps = [(beta1 - u, beta2 - v) for u, v in ends]
        return math.sqrt(max(p * (h11 * p + h12 * q) + q * (h21 * p + h22 * q) for p, q in gaps) / self.slowest)

    def least_output(self, *places: Place) -> float:
        """The least <S, x_k>/||x_k|| over all points and these S."""
        return min(u * S[0] + v * S[1] for S in places for u, v in self._directions)

    def trapped(self, ends: Ends, eta: float) -> bool:
        """Whether the trap's condition holds, with some room, for S on the segment between `ends`."""
        d = self.distance(ends)
        rest = math.hypot(*self._numbers[6:]) - d
        cosine = self.least_output(*ends) / max(math.hypot(*S) for S in ends)
        return rest > 0 and math.sqrt(1 - eta) * cosine - math.sqrt(2 * eta) > 1.02 * d / rest


def first_section(field: Field, psi: float, size: float, eta: float, half_angle: float) -> Ends | None:
    """L_0 and R_0: at `half_angle` to both sides of b, as far from 0 as the flow enters with room; or None."""
    r = float(np.linalg.norm(field.b))
    if half_angle <= 1.02 * psi:
        return None
    base, reach = math.atan2(field.b[1], field.b[0]), math.inf
    for side in (1, -1):
        angle = base + side * half_angle
        e, inner = np.array([np.cos(angle), np.sin(angle)]), side * np.array([np.sin(angle), -np.cos(angle)])
        push, loss = float(field.b @ inner) - 1.2 * eta * r, float((field.H @ e) @ inner)
        if push <= 0:
            return None
        if loss > 0:
            reach = min(reach, push / loss)
    reach = min(0.7 * reach, 0.25 * float(np.linalg.norm(field.beta)))
    if reach * math.cos(half_angle) <= 1.05 * size:
        return None
    left, right = base + half_angle, base - half_angle
    return (reach * math.cos(left), reach * math.sin(left)), (reach * math.cos(right), reach * math.sin(right))


def sections(field: Field, first: Ends, tilt: float, ended: Callable[[Ends], bool]) -> list[Ends] | None:
    """L_i and R_i from `first` to where `ended(ends)` holds: curves of the field turned outwards.

    `tilt` is the angle; both move at the same speed along the curve between them. None when they do not get there.
    """
    cosine, sine = math.cos(tilt), math.sin(tilt)
    turns = ((cosine, sine), (1.0, 0.0), (cosine, -sine))
    (l1, l2), (r1, r2) = first
    state: tuple[Place, ...] = (first[0], ((l1 + r1) / 2, (l2 + r2) / 2), first[1])
    found, whole = [first], math.hypot(*field.beta)

    def slopes(state: tuple[Place, ...]) -> list[Place] | None:
        rates = [field.at(S, turn) for S, turn in zip(state, turns, strict=True)]
        u, v = rates[1]
        length = math.hypot(u, v)
        forward = [(p * u + q * v) / length for p, q in rates] if length > 0 else [0.0]
        if not min(forward) > 0:
            return None
        return [(p / along, q / along) for (p, q), along in zip(rates, forward, strict=True)]

    def moved(step: float, rates: list[Place]) -> tuple[Place, ...]:
        return tuple((S[0] + step * p, S[1] + step * q) for S, (p, q) in zip(state, rates, strict=True))

    for _ in range(LONGEST):
        step = min(0.01 * math.hypot(*state[1]), 0.004 * whole)
        begin = slopes(state)
        middle = None if begin is None else slopes(moved(step / 2, begin))
        if middle is None:
            return None
        state = moved(step, middle)
        if not min(map(field.gap, state)) >= 1e-3 * whole:
            return None
        ends = (state[0], state[2])
        found.append(ends)
        if ended(ends):
            return found
    return None
