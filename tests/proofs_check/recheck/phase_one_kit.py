"""The constants of phase 1 of theory.md 9.1 in floats: an oracle for both kinds of certificates for every start."""

from __future__ import annotations

import math

import numpy as np


def phase_one(X: np.ndarray, y: np.ndarray, delta: float, zeta: float, xi: float) -> tuple[float, float, float]:
    """T_a, T_d and min 2 xi r_A min(delta, u_in(A)) over the cells that random w are in."""
    n, w = len(y), np.random.default_rng(1).normal(size=(20_000, X.shape[1]))
    cells = {frozenset(np.flatnonzero(row).tolist()) for row in w @ X.T > 0} - {frozenset()}
    norms = np.linalg.norm(X, axis=1)
    drift = {cell: sum(y[k] * X[k] for k in cell) / n for cell in cells}
    size = {cell: np.linalg.norm(drift[cell]) for cell in cells}
    outside = {cell: [k for k in range(n) if k not in cell] for cell in cells}
    sines = {cell: [drift[cell] @ X[k] / (size[cell] * norms[k]) for k in outside[cell]] for cell in cells}
    tangent = {cell: math.tan(math.asin(min(found)) / 2) if found else math.inf for cell, found in sines.items()}
    rest: dict[frozenset[int], float] = {}
    for cell in sorted(cells, key=len):
        below = (-math.log((1 - xi) * tangent[c]) / size[c] + rest[c] for c in rest if c < cell)
        rest[cell] = max(below, default=0.0)
    late = [
        min(norms[j] * math.sin(math.acos(X[k] @ X[j] / (norms[k] * norms[j]))) for k in cell) / (drift[cell] @ X[j])
        for cell in cells
        for j in outside[cell]
    ]
    return (
        max(late) / zeta,
        max(-math.log((1 - xi) * delta) / size[cell] + rest[cell] for cell in cells),
        2 * xi * min(size[cell] * min(delta, tangent[cell]) for cell in cells),
    )
