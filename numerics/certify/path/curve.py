"""The limit path of theory.md 5.4 in floats, by its length: a proposal for the tube, which `segment` decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import Undecided
from ..every_start.cone import LinearFit

Array: TypeAlias = NDArray[np.float64]
NEAR = 0.01
"""How near to beta* the path is followed: sqrt(2 Delta/mu) is this part of the least <beta*, x_k>/||x_k||."""
LONGEST = 50.0
"""The path is followed up to this many times ||beta*||."""


@dataclass(frozen=True)
class LimitPath:
    """The path from near 0 to near beta*: its place at a length, the whole length, and what is seen along it.

    `least_cosine` is the smallest <S, x_k>/(||S|| ||x_k||), seen at `point` (from 0); `effort` is the integral of
    ||D|| in the clock of S' = ||S|| (D + <D, s> s), s = S/||S||.
    """

    place: Callable[[float], Array]
    length: float
    least_cosine: float
    point: int
    effort: float


def limit_path(fit: LinearFit, size: float, stays: bool = True) -> LimitPath:
    """The path that starts at the distance `size` from 0 in the direction of b.

    Undecided where it leaves K, unless not `stays`: then it is followed beyond, as a solution of its equation.
    """
    from scipy.integrate import solve_ivp  # not at the top: listing the claims must not load SciPy

    X, H, b = fit.data.X, np.array(fit.H, dtype=float), np.array(fit.b, dtype=float)
    beta, directions = np.array(fit.beta, dtype=float), X / np.linalg.norm(X, axis=1)[:, None]
    outputs, smallest, whole = directions @ beta, float(np.linalg.eigvalsh(H)[0]), float(np.linalg.norm(beta))
    if outputs.min() <= 0:
        raise Undecided(f"the least-squares solution is not active on point {int(outputs.argmin()) + 1}")
    near = NEAR * float(outputs.min())

    def field(_: float, state: Array) -> Array:
        S = state[:-1]
        s = float(np.linalg.norm(S))
        D = b - H @ S
        rate = D + (D @ S) / s**2 * S
        speed = float(np.linalg.norm(rate))
        return np.append(rate / speed, np.linalg.norm(D) / (s * speed))

    def arrived(_: float, state: Array) -> float:
        gap = beta - state[:-1]
        return float(np.sqrt(gap @ H @ gap / smallest)) - near

    def left(_: float, state: Array) -> float:
        return float((directions @ state[:-1]).min())

    arrived.terminal, left.terminal = True, stays  # type: ignore[attr-defined]
    begin = np.append(size * b / np.linalg.norm(b), 0.0)
    accuracy = {"rtol": 1e-10, "atol": 1e-12 * size}
    events, span = (arrived, left), (0.0, LONGEST * whole)
    solution = solve_ivp(field, span, begin, "LSODA", events=events, dense_output=True, **accuracy)
    places = solution.y[:-1].T
    cosines = places @ directions.T / np.linalg.norm(places, axis=1)[:, None]
    point, least = int(cosines.min(axis=0).argmin()), float(cosines.min())
    if not (solution.success and solution.t_events[0].size) or (stays and least <= 0):
        raise Undecided(f"the limit path seems to leave the cone where all points are active, at point {point + 1}")

    def place(length: float) -> Array:
        return np.asarray(solution.sol(length)[:-1])

    return LimitPath(place, float(solution.t[-1]), least, point, float(solution.y[-1, -1]))
