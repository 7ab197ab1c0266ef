"""What the evidence of `spurious.phase-one` measures (theory.md 9.1 (1a), (1b))."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .....numerics.oracles.reference import ReferenceFlow, reference_flow
from .....theory.formal.printing import to_numpy
from .....theory.spurious.every_start import phase_one
from ....cases.spurious.every_start.positive import PositiveCase
from ....claim.draws import assume
from ....claim.evidence import Margin
from ....claim.statement import Relations
from ...trajectories import Array, worst

SHARE = 0.5
"""zeta: the scale is so small that pulls stay above this share of the labels."""
SMALLEST = 1e-80
"""Cases that need a smaller scale are skipped."""
ERROR = 1e-8
"""The relative tolerance of the reference is 1e-11; neighbouring paths part by less than 1000 here."""


def gains_and_losses(statement: Relations, case: PositiveCase) -> Margin:
    """Neurons with a > 0 are active on all points by the stated time; the others leave each cell within its time."""
    X, y, b = case.data.X, case.data.y, case.first_drift
    latest, turning = _arrival(statement, X, y), _least_turning(statement, X, y)
    unscaled = case.start(1.0)
    begun = [half_tangent(X, y, w, a, w @ X.T > 0) for w, a in zip(unscaled.w, unscaled.a, strict=True)]
    least = min([u for u, a in zip(begun, unscaled.a, strict=True) if a < 0 and u is not None], default=1.0)
    assume(least > 0)  # a neuron that starts exactly on the repeller of its cell has no bound
    last = max(latest, _longest(statement, X, y, min(least, turning)))
    norms, r = np.linalg.norm(X, axis=1), float(np.linalg.norm(b))
    square, total = float(np.mean(norms**2)), float(np.sum(unscaled.a**2))
    slow = min(_drift_norms(X, y)) * min(least, turning) / (2 * square)
    enough = min((1 - SHARE) * float(np.min(y / norms)), slow)
    scale = float(case.share) * min(1.0, math.sqrt(enough / total) * math.exp(-r * last))
    assume(scale > SMALLEST)
    start = case.start(scale)
    flow = reference_flow(X, y, start.a, start.w, np.array([0.0, latest, last]), rtol=1e-11)
    live = (start.w @ X.T > 0).any(axis=1)
    arrived = flow.w[1][live & (start.a > 0)] @ X.T
    dead = flow.w[2][start.a < 0] @ X.T / (np.abs(flow.a[2][start.a < 0])[:, None] * norms)
    return worst(
        Margin(float(np.count_nonzero((arrived <= 0).any(axis=1))), 0.0, "active on all points at T_a: none is not"),
        Margin(
            float(dead.max(initial=0.0)), ERROR, "<w, x_k>/(|a| ||x_k||) when a < 0 neurons are dead; the reference"
        ),
        *_stays(statement, case, start.w, start.a, flow),
    )


def _arrival(statement: Relations, X: Array, y: Array) -> float:
    """The largest T_a over the points."""
    products = X @ X.T
    stated = to_numpy(statement["arrival"].args[1], phase_one.norm, phase_one.zeta, phase_one.least)
    points = range(len(y))
    least = [min(y[k] * products[k, at] for k in points if k != at) / len(y) for at in points]
    return max(float(stated(float(np.linalg.norm(X[at])), SHARE, least[at])) for at in points)


def _drift_norms(X: Array, y: Array) -> list[float]:
    """||D_A|| for every set A of points that is not empty."""
    return [float(np.linalg.norm(_drift(X, y, active))) for active in _sets(len(y))]


def _sets(n: int) -> Iterator[NDArray[np.bool_]]:
    return (np.array([bool(code >> k & 1) for k in range(n)]) for code in range(1, 2**n))


def _drift(X: Array, y: Array, active: NDArray[np.bool_]) -> Array:
    return np.asarray((active * y) @ X / len(y))


def _least_turning(statement: Relations, X: Array, y: Array) -> float:
    """The smallest stated u where a set is entered, over all sets and points outside."""
    stated, found = to_numpy(statement["entry"].args[1], phase_one.sine), 1.0
    for active in _sets(len(y)):
        drift = _drift(X, y, active)
        for x in X[~active]:
            found = min(found, float(stated(float(drift @ x) / float(np.linalg.norm(drift) * np.linalg.norm(x)))))
    return found


def _longest(statement: Relations, X: Array, y: Array, least: float) -> float:
    """By when every neuron with a < 0 is dead: one stay for each number of active points, in the slowest cell."""
    stated = to_numpy(statement["stay"].args[1], phase_one.entered, phase_one.drift_norm)
    return len(y) * float(stated(least, min(_drift_norms(X, y))))


def half_tangent(X: Array, y: Array, w: Array, a: float, active: NDArray[np.bool_]) -> float | None:
    """tan(theta/2) to the drift of the active points; None without any."""
    if not active.any():
        return None
    drift = _drift(X, y, active)
    cosine = float(w @ drift) / (abs(a) * float(np.linalg.norm(drift)))
    return math.sqrt(max(1 - cosine, 0.0) / (1 + cosine))


def _stays(statement: Relations, case: PositiveCase, w: Array, a: Array, flow: ReferenceFlow) -> Iterator[Margin]:
    """Each time that a neuron with a < 0 spends in a cell beside the stated one, from the u with which it enters."""
    X, y = case.data.X, case.data.y
    stated = to_numpy(statement["stay"].args[1], phase_one.entered, phase_one.drift_norm)
    for j in np.flatnonzero(a < 0):
        active, entered = w[j] @ X.T > 0, 0.0
        for event in (event for event in flow.events if event.neuron == j):
            z = flow.path(np.array([entered]))[0, j]
            u = half_tangent(X, y, z[:-1], float(z[-1]), active)
            if u is None:
                break
            allowed = float(stated(min(u, 1.0), float(np.linalg.norm(_drift(X, y, active)))))
            yield Margin(event.time - entered, allowed + ERROR * (1 + allowed), "log(2/u)/r; the reference's tolerance")
            gained = [k for k in event.points if not active[k]]
            yield Margin(float(len(gained)), 0.0, "a neuron with a < 0 gains no point")
            active, entered = active & ~np.isin(np.arange(len(y)), event.points), event.time
