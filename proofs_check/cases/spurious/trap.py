"""Cases on which `spurious.trap` is tested."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...claim.draws import assume, composite, st
from ..alignment.constant_drift import Array


@dataclass(frozen=True)
class TrapCase:
    """Points with their labels and all-active neurons near least squares; `share` < 1 of the margin is used up."""

    X: Array
    y: Array
    a: Array
    w: Array

    @property
    def constants(self) -> tuple[Array, Array, float, float]:
        """H, beta*, mu, M."""
        H = self.X.T @ self.X / len(self.y)
        eigenvalues = np.linalg.eigvalsh(H)
        beta = np.asarray(np.linalg.solve(H, self.X.T @ self.y / len(self.y)), dtype=np.float64)
        return H, beta, float(eigenvalues[0]), float(eigenvalues[-1])


@composite
def trap_cases(draw: st.DrawFn) -> TrapCase:
    """n points in a half-space of R^d, a fit that is positive on them, and 1 to 4 neurons around its direction.

    Orthonormal points (H a multiple of the unit matrix) are among them: there the bounds are attained.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    d, orthonormal = draw(st.integers(2, 3)), draw(st.booleans())
    n = d if orthonormal else draw(st.integers(d, 6))
    X = np.sqrt(d) * np.eye(d) if orthonormal else np.hstack((0.4 * rng.uniform(-1, 1, (n, d - 1)), np.ones((n, 1))))
    beta = rng.uniform(0.3, 1, d) if orthonormal else np.append(0.5 * rng.uniform(-1, 1, d - 1), 1.0)
    y = X @ beta + 0.05 * rng.standard_normal(n)
    H = X.T @ X / n
    assume(np.linalg.eigvalsh(H)[0] > 1e-3)
    limit, m = np.linalg.solve(H, X.T @ y / n), draw(st.integers(1, 4))
    turn, jitter = rng.standard_normal(d), rng.standard_normal((m, d))
    weights, surplus = rng.uniform(0.2, 1, m), draw(st.sampled_from((0.0, 0.01)))
    apart, aside = draw(st.sampled_from((0.1, 0.3, 0.6))), draw(st.sampled_from((0.0, 0.03, 0.3)))
    for _ in range(30):
        directions = limit + apart * turn + aside * jitter
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        squares = weights / weights.sum() * float(np.linalg.norm(limit + apart * turn))
        w = np.sqrt(squares)[:, None] * directions
        case = TrapCase(X, y, np.sqrt(squares) * (1 + surplus), w)
        if bound_of(case) < margin_of(case.X, case.a, case.w):
            return case
        apart, aside = 0.8 * apart, 0.8 * aside
    assume(False)
    raise AssertionError


def excess_of(case: TrapCase, S: Array) -> Array:
    """Delta = (beta* - S)^T H (beta* - S)/2 for S (.., d)."""
    H, beta, _, _ = case.constants
    return np.einsum("...i,ij,...j->...", beta - S, H, beta - S) / 2


def room_of(case: TrapCase, excess: float) -> float:
    """rho = ||beta*|| - sqrt(2 Delta/mu)."""
    _, beta, mu, _ = case.constants
    return float(np.linalg.norm(beta)) - float(np.sqrt(2 * excess / mu))


def bound_of(case: TrapCase) -> float:
    """The margin of theory.md 5.5, written out; infinite where rho <= 0."""
    _, _, mu, largest = case.constants
    excess = float(excess_of(case, case.a @ case.w))
    room = room_of(case, excess)
    return float(np.sqrt(2 * largest * excess)) / (mu * room) if room > 0 else np.inf


def margin_of(X: Array, a: Array, w: Array, sides: Array | float = 1.0) -> float:
    """min over neurons and points of |<omega_j, x_k>|/||x_k||; negative if a point is not on its side, 1 or -1."""
    return float(np.min(sides * (w @ X.T) / np.abs(a)[:, None] / np.linalg.norm(X, axis=1)))
