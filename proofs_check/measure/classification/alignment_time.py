"""What the evidence of `classification.alignment-time` measures (theory.md 6.6)."""

from __future__ import annotations

import math

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.problem import Problem
from ....numerics.flow.simulation import Simulation, simulate
from ....theory.bias.classification import depth, length, mu
from ....theory.formal.printing import to_numpy
from ...cases.classification.alignment_time import CorrelatedStart, depths
from ...cases.classification.correlated import least_correlation
from ...cases.early.early_starts import SMALLEST, STANDING, EarlyStart, small_enough
from ...claim.draws import assume
from ...claim.evidence import Margin
from ...claim.statement import Predicate
from ..engine_runs import check_resolved
from ..trajectories import Array, worst

DEVIATION = 1e-3
"""How far, as a share of 1/2, a pull may be from that at h = 0."""
TOLERANCE = 1e-9


def taken_in_time(statement: Predicate, case: CorrelatedStart) -> Margin:
    """The last event beside the stated time, and the sides at the end."""
    data, least = case.data, least_correlation(case.data)
    deepest = float(to_numpy(statement["deepest"], mu)(least))
    shortest, total = float(_lengths(data).min()), float(_lengths(data).sum())
    a, w = case.unscaled(deepest)
    found = float(depths(data, np.sign(a), w).max())
    bound = to_numpy(statement["time"], mu, depth, length)
    time = float(bound(least, found, shortest)) / (1 - DEVIATION)
    assume(time > 0)
    # D* <= D_max <= (1/2n) sum ||x_k||, over the time n t_1 of the mean loss: 2 D* t <= t_1 sum ||x_k||.
    reach = math.log(2 * DEVIATION / (float(a @ a) * float(_lengths(data).max())))
    scale = math.exp(min((reach - time * total) / 2, 0.0))
    assume(scale > SMALLEST)
    end = 2 * data.n * time
    result = simulate(
        Problem(data, "logistic"), Network(scale * a, scale * w), end, tolerance=TOLERANCE, times=[end], history=True
    )
    check_resolved(result)
    where = {"mu": least, "depth": found, "scale": scale} | _measured(data, result, least)
    return worst(
        Margin(_last_event(data, result), time, "artanh(c/sqrt(mu))/(sqrt(mu) min p min ||x||)", where),
        _sides(statement, data, result, where),
    )


def _lengths(data: Dataset) -> Array:
    lengths: Array = np.linalg.norm(data.X, axis=1)
    return lengths


def _last_event(data: Dataset, result: Simulation) -> float:
    """The time, in that of the sum loss, of the last change of a pattern: t = t_mean / n."""
    return max((event.time for event in result.history or ()), default=0.0) / data.n


def _measured(data: Dataset, result: Simulation, least: float) -> dict[str, object]:
    """The published C: t_1 sqrt(mu) min ||x|| / log n, for n >= 2."""
    if data.n < 2:
        return {}
    return {"C": _last_event(data, result) * math.sqrt(least) * float(_lengths(data).min()) / math.log(data.n)}


def _sides(statement: Predicate, data: Dataset, result: Simulation, where: dict[str, object]) -> Margin:
    """How many neurons are, at the end, active on something else than the class of their sign, or nothing."""
    sines = result.w @ data.X.T / np.linalg.norm(result.w, axis=1)[:, None] / _lengths(data)
    active, inactive = sines > STANDING, sines <= STANDING
    on_its_class = np.where(data.y == np.sign(result.a)[:, None], active, inactive).all(axis=1)
    dead = inactive.all(axis=1) & statement["dead"]
    return Margin(float(np.sum(~on_its_class & ~dead)), 0.0, "on its class, or dead: there is no other neuron", where)


LONGER = 4
"""The flow is followed up to so many times tau: the network has long escaped, and no pattern may change after tau."""


def taken_by_tau(statement: Predicate, case: EarlyStart) -> Margin:
    """The last event beside tau, and the sides at the end."""
    early_phase, data = small_enough(case), case.data
    start, tau = early_phase.start, early_phase.tau
    result = simulate(
        Problem(data, "logistic"), start, LONGER * tau, tolerance=TOLERANCE, times=[LONGER * tau], history=True
    )
    check_resolved(result)
    where = {"scale": start.scale, "tau": tau} | _measured(data, result, least_correlation(data))
    return worst(
        _sides(statement, data, result, where),
        Margin(_last_event(data, result), tau / data.n, "tau, decided from the start", where),
    )
