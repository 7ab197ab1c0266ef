"""What the evidence of `early.field-deviation` measures (theory.md 4.1)."""

from __future__ import annotations

import numpy as np

from ....numerics.data.losses import get_loss
from ....numerics.flow.simulation import simulate
from ....numerics.oracles.reference import handwritten_pull, network_outputs
from ....theory.early import bounds
from ....theory.formal.printing import to_numpy
from ...cases.early.early_starts import EarlyStart
from ...claim.evidence import Margin
from ...claim.statement import Relations
from ..trajectories import Array, worst

DIRECTIONS = 64
SIZES = (1e-6, 1e-3, 0.1, 1.0)


def deviation_along_a_flow(statement: Relations, drawn: tuple[EarlyStart, float]) -> Margin:
    """Deviations of the drift along a flow beside the stated bound."""
    case, scale = drawn
    X, y, start = case.data.X, case.data.y, case.start(scale)
    rng = np.random.default_rng(case.seed)
    fastest = float(np.mean(np.abs(handwritten_pull(0 * y, y, case.loss)) * np.linalg.norm(X, axis=1)))
    times = np.linspace(0.0, (2.0 + np.log(1 / scale)) / fastest, 9)
    looks: list[Array] = []
    simulate(
        case.problem, start, float(times[-1]), times=times, observe=lambda engine: looks.append(engine.state.neurons())
    )
    margins = [_deviation(statement, case, look[:, -1], look[:, :-1], rng) for look in looks]
    return worst(*margins)


def _deviation(statement: Relations, case: EarlyStart, a: Array, w: Array, rng: np.random.Generator) -> Margin:
    """The largest change of a drift in a network a (m,), w (m, d), beside the stated bound."""
    X, y, leak = case.data.X, case.data.y, float(case.leak)
    lengths = np.linalg.norm(X, axis=1)
    h = network_outputs(X, a, w, leak)
    change = handwritten_pull(h, y, case.loss) - handwritten_pull(0 * y, y, case.loss)
    distance = float(np.linalg.norm((_slopes(X, w, leak, rng) * change) @ X / len(y), axis=1).max())
    bound = to_numpy(statement["deviation"].args[1], bounds.curvature_bound, bounds.mean_square_input, bounds.size)
    allowed = float(bound(get_loss(case.loss).kappa, float(np.mean(lengths**2)), float(np.sum(a**2))))
    # Sums of n terms of the size of the bound, and pulls that are themselves differences of numbers of the size |y|.
    rounding = 64 * float(np.finfo(float).eps) * (allowed + float(np.mean(np.abs(y) * lengths)))
    where = {"S": float(np.sum(a**2)), "outputs": h}
    return Margin(distance, allowed + rounding, "the stated bound, and the rounding of the sums", where)


def _slopes(X: Array, w: Array, leak: float, rng: np.random.Generator) -> Array:
    """Slopes (q, n) of some of the neurons, of random directions, and of directions put on one hyperplane each."""
    free = rng.standard_normal((DIRECTIONS, X.shape[1]))
    normal = X[rng.integers(0, len(X), DIRECTIONS)]
    on = free - (np.sum(free * normal, axis=1) / np.sum(normal**2, axis=1))[:, None] * normal
    directions = np.concatenate([w[:DIRECTIONS], free, on])
    values = directions @ X.T
    sizes = np.linalg.norm(directions, axis=1)[:, None] * np.linalg.norm(X, axis=1)
    at_the_kink = rng.uniform(leak, 1.0, values.shape)
    return np.where(np.abs(values) <= 1e-12 * sizes, at_the_kink, np.where(values > 0, 1.0, leak))
