"""T_a and T_d of theory.md 9.1 beside the frozen flow of many neurons, with pulls that differ as far as is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from early_alignment import Dataset, Network, Problem, frozen_alignment
from early_alignment.numerics.certify.every_start.activation import activation_square, active_cells, drift_of
from early_alignment.numerics.certify.every_start.cone import LinearFit, linear_fit_of
from early_alignment.numerics.certify.every_start.death import death_of

F = Fraction
DELTA = F(1, 10)


def data_sets() -> Iterator[LinearFit]:
    """The published points, and random ones in two to four dimensions with positive correlations."""
    yield linear_fit_of(Dataset.published("three-points"))
    rng = np.random.default_rng(0)
    for d in (2, 3, 4):
        for _ in range(2):
            X = np.abs(rng.normal(size=(d + 2, d))).round(3) + 0.05
            rows = [[str(value) for value in row] for row in X.tolist()]
            yield linear_fit_of(
                Dataset.from_arrays(rows, [str(v) for v in rng.uniform(0.2, 2.0, d + 2).round(3).tolist()])
            )


def last_events(fit: LinearFit, labels: np.ndarray, a: np.ndarray, w: np.ndarray) -> np.ndarray:
    data = Dataset.from_arrays(fit.data.inputs, labels.tolist())
    return frozen_alignment(Problem(data), Network(a, w)).last_event_time


@pytest.mark.parametrize("fit", list(data_sets()))
def test_neurons_with_positive_sign_are_active_on_all_points_by_then(fit):
    """Pulls between zeta y_k and y_k; balanced and dominated starts, many of them next to a hyperplane."""
    rng, zeta = np.random.default_rng(1), 0.75
    X, y, count = fit.data.X, fit.data.y, 400
    w = rng.normal(size=(count, fit.data.d))
    beside = X[rng.integers(fit.data.n, size=count // 2)]
    half = w[: count // 2]
    half -= ((half * beside).sum(axis=1) / (beside**2).sum(axis=1) * (1 - 1e-6))[:, None] * beside
    size = np.linalg.norm(w, axis=1) * np.where(rng.random(count) < 0.7, 1.0, rng.uniform(1, 3, count))
    live = (w @ X.T > 0).any(axis=1)
    bound = float(activation_square(fit, active_cells(fit))) ** 0.5 / zeta
    for pulls in (y, zeta * y, y * rng.uniform(zeta, 1, len(y))):
        late = last_events(fit, pulls, size[live], w[live])
        assert 0 < late.max() <= bound


@pytest.mark.parametrize("fit", list(data_sets()))
@pytest.mark.parametrize("xi", [F(1, 2), F(1, 64)])
def test_neurons_with_negative_sign_are_dead_by_then(fit, xi):
    """Starts at the least angle from the repeller of their cell, and drifts that are wrong by what is allowed."""
    rng = np.random.default_rng(2)
    X, y, n, cells = fit.data.X, fit.data.y, fit.data.n, active_cells(fit)
    found = death_of(fit, DELTA, cells, xi)
    rows = []
    for cell in cells:
        drift = np.array(drift_of(fit, cell), dtype=float)
        drift /= np.linalg.norm(drift)
        for tangent in (float(DELTA), *rng.uniform(float(DELTA), 1, 10)):
            side = rng.normal(size=fit.data.d)
            side -= side @ drift * drift
            angle = 2 * np.arctan(tangent * (1 + 1e-9))
            w = np.cos(angle) * drift + np.sin(angle) * side / np.linalg.norm(side)
            if tuple(np.flatnonzero(X @ w > 0).tolist()) == cell:
                rows.append(w)
    w = np.array(rows)
    error = float(found.turning) / 2
    for _ in range(3):
        shift = rng.choice([-1, 1], n) * rng.dirichlet(np.ones(n)) * error * n / np.linalg.norm(X, axis=1)
        late = last_events(fit, y + shift, -np.ones(len(w)), w)
        assert 0 < late.max() <= float(found.time)
