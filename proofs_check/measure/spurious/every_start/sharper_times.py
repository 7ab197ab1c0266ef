"""What the evidence of `spurious.sharper-times` measures (theory.md 9.1)."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from .....numerics.interpolation.cells import find_cells
from .....numerics.oracles.reference import reference_flow
from .....theory.formal.printing import to_numpy
from .....theory.spurious.every_start import phase_one
from .....theory.spurious.every_start import sharper_times as times
from ....cases.spurious.every_start.positive import PositiveCase
from ....claim.draws import assume
from ....claim.evidence import Margin
from ....claim.statement import Predicate
from ...trajectories import Array, worst
from .phase_one import ERROR, SMALLEST, half_tangent

SHARES = {"zeta": Fraction(3, 4), "xi": Fraction(1, 8)}
Cell = frozenset[int]


def active_and_dead_in_time(statement: Predicate, case: PositiveCase) -> Margin:
    """Neurons with a > 0 are active on all points by the stated T_a, those with a < 0 dead by the stated T_d."""
    X, y = case.data.X, case.data.y
    cells = [frozenset(np.flatnonzero(row > 0).tolist()) for row in find_cells(case.data.inputs).signs]
    drifts = {cell: np.asarray(sum(y[k] * X[k] for k in cell) / len(y)) for cell in sorted(cells, key=len) if cell}
    unscaled = case.start(1.0)
    begun = [half_tangent(X, y, w, a, w @ X.T > 0) for w, a in zip(unscaled.w, unscaled.a, strict=True)]
    delta = min([u for u, a in zip(begun, unscaled.a, strict=True) if a < 0 and u is not None], default=1.0)
    assume(delta > 0)  # none of them is on its repeller
    latest = _activation(statement, X, drifts)
    dead, turning = _death(statement, X, drifts, delta)
    norms, r, last = np.linalg.norm(X, axis=1), float(np.linalg.norm(y @ X)) / len(y), max(latest, dead)
    zeta, xi = (float(SHARES[name]) for name in ("zeta", "xi"))
    enough = min((1 - zeta) * float(np.min(y / norms)), xi * turning / float(np.mean(norms**2)))
    total = float(np.sum(unscaled.a**2))
    scale = float(case.share) * min(1.0, math.sqrt(enough / total) * math.exp(-r * last))
    assume(scale > SMALLEST and latest > 0)
    start = case.start(scale)
    flow = reference_flow(X, y, start.a, start.w, np.array([0.0, last]), rtol=1e-11)
    at_activation, at_death = flow.path(np.array([latest, dead]))
    live, down = (start.w @ X.T > 0).any(axis=1) & (start.a > 0), start.a < 0
    arrived = at_activation[live, :-1] @ X.T
    left = at_death[down, :-1] @ X.T / (np.abs(at_death[down, -1])[:, None] * norms)
    return worst(
        Margin(float(np.count_nonzero((arrived <= 0).any(axis=1))), 0.0, "active on all points at T_a: none is not"),
        Margin(float(left.max(initial=0.0)), ERROR, "<w, x_k>/(|a| ||x_k||) at T_d where a < 0; the reference"),
    )


def _activation(statement: Predicate, X: Array, drifts: dict[Cell, Array]) -> float:
    """The largest stated T_a over the cells and the points outside; 0 for a single cell."""
    stated = to_numpy(statement["activation"], times.depth, phase_one.zeta, times.pushed)
    squares, found = (X**2).sum(axis=1), 0.0
    for cell, drift in drifts.items():
        for at in set(range(len(X))) - cell:
            depth = math.sqrt(max(min(squares[at] - (X[k] @ X[at]) ** 2 / squares[k] for k in cell), 0.0))
            found = max(found, float(stated(depth, float(SHARES["zeta"]), float(drift @ X[at]))))
    return found


def _death(statement: Predicate, X: Array, drifts: dict[Cell, Array], delta: float) -> tuple[float, float]:
    """The stated T_d, from the stays in decreasing chains of cells, and the least r_A min(delta, u_in(A))."""
    stated = to_numpy(statement["stay"], phase_one.entered, phase_one.drift_norm, times.xi)
    latest, turning = 0.0, math.inf
    later: dict[Cell, float] = {}
    for cell, drift in drifts.items():  # smaller cells come first
        r, rest = float(np.linalg.norm(drift)), max((later[other] for other in later if other < cell), default=0.0)
        sines = [float(drift @ X[k]) / (r * float(np.linalg.norm(X[k]))) for k in set(range(len(X))) - cell]
        entered = math.tan(math.asin(min(min(sines), 1.0)) / 2) if sines else 1.0
        latest = max(latest, float(stated(delta, r, float(SHARES["xi"]))) + rest)
        later[cell] = float(stated(entered, r, float(SHARES["xi"]))) + rest
        turning = min(turning, r * min(delta, entered))
    return latest, turning
