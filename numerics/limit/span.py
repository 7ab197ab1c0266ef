"""The flow in the span of the inputs: what a neuron has across it never changes (theory.md 1.1).

Every drift is a combination of the inputs, so that d coordinates can be replaced by those of the span and one more, the
length of the part across it, where points are fewer than dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Floats
from ..flow.engine.problem import FlowProblem

OUTSIDE = 1e-13
"""Of the largest singular value of the inputs: those below it are rounding."""


@dataclass(frozen=True)
class Span:
    """Orthonormal columns `basis` (d, r) of the span of the inputs; the identity where that saves nothing."""

    basis: Floats

    @classmethod
    def of(cls, X: Floats) -> Span:
        """The span of the rows of X (n, d)."""
        d = X.shape[1]
        _, sizes, rows = np.linalg.svd(X, full_matrices=False)
        basis = rows[sizes > OUTSIDE * sizes[0]].T
        return cls(basis if basis.shape[1] + 1 < d else np.eye(d))

    @property
    def whole(self) -> bool:
        """Whether the coordinates are those of R^d."""
        return self.basis.shape[0] == self.basis.shape[1]

    def problem(self, problem: FlowProblem) -> FlowProblem:
        """The same problem in these coordinates."""
        if self.whole:
            return problem
        return replace(problem, X=self._points(problem.X), normals=self._points(problem.normals))

    def _points(self, rows: Floats) -> Floats:
        return np.concatenate([rows @ self.basis, np.zeros((len(rows), 1))], axis=1)

    def inside(self, w: Floats) -> Floats:
        """Weights (m, d) in these coordinates, (m, r + 1)."""
        if self.whole:
            return w
        within = w @ self.basis
        return np.concatenate([within, np.linalg.norm(w - within @ self.basis.T, axis=1)[:, None]], axis=1)

    def back(self, coordinates: Floats, start: Floats) -> Floats:
        """The weights (m, d) with these coordinates (m, r + 1), of neurons that were at `start` (m, d)."""
        if self.whole:
            return coordinates
        across = start - (start @ self.basis) @ self.basis.T
        sizes = np.linalg.norm(across, axis=1, keepdims=True)
        units = np.divide(across, sizes, out=np.zeros_like(across), where=sizes > 0)
        return np.asarray(coordinates[:, :-1] @ self.basis.T + coordinates[:, -1:] * units)
