"""What the evidence of `spurious.end-of-phase-one` measures (theory.md 5.3)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ....numerics.compare.watch import AlignmentWatch
from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.predict.early_phase import drift_deviation
from ....theory.alignment import crossing
from ....theory.alignment.constant_drift import output_path, weights_along
from ....theory.flow.lorentz import rate, start_output, time
from ....theory.formal.printing import to_numpy
from ...cases.early.early_starts import STANDING, EarlyPhase, EarlyStart, small_enough
from ...claim.draws import assume, st
from ...claim.evidence import Margin
from ...claim.statement import Predicate
from ..trajectories import Array, worst

if TYPE_CHECKING:
    from ....numerics.flow.engines import AnyEngine

TOLERANCE = 1e-11


def widths() -> st.SearchStrategy[int]:
    """Widths 1 to 60, and 300 or 1000 in one case of three."""
    return st.one_of(st.integers(1, 60), st.integers(1, 60), st.sampled_from((300, 1000)))


def phase_one(statement: Predicate, case: EarlyStart) -> Margin:
    """The flow up to tau: sides, constancy, falls, directions and first events."""
    early_phase = small_enough(case)
    prediction, start, tau = early_phase.prediction, early_phase.start, early_phase.tau
    assume(np.all(start.w @ case.data.X.T != 0))
    watch, path = AlignmentWatch.of(prediction), []

    def observe(engine: AnyEngine) -> None:
        watch.observe(engine)
        path.append(engine.state.neurons())

    result = simulate(case.data, start, tau, tolerance=TOLERANCE, times=watch.times, history=True, observe=observe)
    places = np.array(path)
    favoured = statement["sign"] * start.a > 0
    begins = (start.w @ case.data.X.T > 0).any(axis=1)
    assert result.history is not None
    return worst(
        _active_on_all(case, places, favoured & begins),
        _aligned(case, watch, places, favoured & begins),
        _constant(places, favoured & ~begins),
        _falling(case, places, ~favoured, watch.slack),
        _dead(case, places, ~favoured),
        _first_meetings(case, early_phase, np.flatnonzero(~favoured & begins), result),
    )


def _active_on_all(case: EarlyStart, places: Array, chosen: Array) -> Margin:
    """How many of the chosen neurons are not active on all points at tau."""
    w = places[-1][chosen, :-1]
    return Margin(
        float(np.count_nonzero((w @ case.data.X.T <= 0).any(axis=1))), 0.0, "active on all points: none is not"
    )


def _aligned(case: EarlyStart, watch: AlignmentWatch, places: Array, chosen: Array) -> Margin:
    """The angle to b of the chosen neuron that uses most of its bound (4.1-4.4); there is none for whom b does not."""
    bounds = np.zeros(len(chosen))
    for group in watch.followed:
        bounds[group.neurons] = np.where(np.isfinite(group.bound), group.bound, 0.0)
    b = case.data.y @ case.data.X
    w = places[-1][chosen, :-1]
    gaps = np.linalg.norm(w / np.linalg.norm(w, axis=1, keepdims=True) - b / np.linalg.norm(b), axis=1)
    angles, allowed = 2 * np.arcsin(np.minimum(gaps / 2, 1.0)), bounds[chosen] + watch.slack
    at = int(np.argmax(angles / allowed)) if len(angles) else 0
    found = (float(angles[at]), float(allowed[at])) if len(angles) else (0.0, 0.0)
    return Margin(*found, "phi' <= -r sin(phi) + rho kappa R2 S, and rounding")


def _constant(places: Array, chosen: Array) -> Margin:
    """How far the chosen neurons move: not at all, up to the rounding of a product with the identity."""
    moved = np.abs(places[:, chosen] - places[0, chosen])
    size = float(np.abs(places[0]).max())
    return Margin(float(moved.max(initial=0.0)), 8 * float(np.finfo(float).eps) * size, "no motion, up to rounding")


def _falling(case: EarlyStart, places: Array, chosen: Array, slack: float) -> Margin:
    """The largest rise of a preactivation of the chosen neurons between two looks, in units of |a|."""
    values = places[:, chosen, :-1] @ case.data.X.T
    rises = np.diff(values, axis=0) / (np.abs(places[1:, chosen, -1:]) * np.linalg.norm(case.data.X, axis=1))
    return Margin(float(rises.max(initial=0.0)), slack, "no rise, up to the flow's tolerance for every step")


def _dead(case: EarlyStart, places: Array, chosen: Array) -> Margin:
    """The sine by which the chosen neurons are still inside the active side of a point at tau."""
    w = places[-1][chosen, :-1]
    sizes = np.linalg.norm(w, axis=1)[:, None] * np.linalg.norm(case.data.X, axis=1)
    return Margin(float((w @ case.data.X.T / sizes).max(initial=0.0)), STANDING, "on no point's active side at tau")


def _first_meetings(
    case: EarlyStart, early_phase: EarlyPhase, neurons: NDArray[np.int64], result: Simulation
) -> Margin:
    """Times of first events beside the root E of 3.5, of the neuron that uses most of what its drift may deviate.

    z' = A(D + E) z with ||E|| <= kappa R2 S puts z off by e^{D_max t} (e^{kappa R2 int S} - 1) ||z(0)||, to first
    order, and the flow's tolerance does so once per step. A time is off by that over the speed; a factor 2 allows for
    the second order and for the change of the speed.
    """
    start, vectors = early_phase.start, early_phase.prediction.extremal
    X, y = case.data.X, case.data.y
    happened: dict[int, float] = {}
    for event in result.history or ():
        happened.setdefault(event.neuron, event.time)
    normals = X / np.linalg.norm(X, axis=1, keepdims=True)
    d_max, d_star = vectors.d_max, vectors.d_star
    reach, size = drift_deviation(case.problem), float(np.sum(start.a**2))
    margins = [Margin(0.0, 0.0, "no neuron meets a hyperplane")]
    for j in map(int, neurons):
        drift = (start.w[j] @ X.T > 0) * y @ X / len(y)
        root, normal = _first_root(start.a[j], start.w[j], drift, normals)
        where = {"neuron": j, "root": root, "event": happened.get(j)}
        if j not in happened or root == math.inf:
            margins.append(Margin(1.0, 0.0, "the neuron meets a hyperplane, by tau", where))
            continue
        deviation = reach * size * math.expm1(2 * d_star * root) / (2 * d_star) + TOLERANCE * result.steps
        off = math.exp(d_max * root) * deviation * float(np.linalg.norm([*start.w[j], start.a[j]]))
        speed = abs(_output(start.a[j], start.w[j], drift, root)) * abs(float(drift @ normal))
        margins.append(Margin(abs(happened[j] - root), 2 * off / speed, "deviation of the drift over the speed", where))
    return worst(*margins)


def _first_root(a: float, w: Array, drift: Array, normals: Array) -> tuple[float, Array]:
    """The first time at which a neuron meets a hyperplane of `normals` under a constant drift, and that normal."""
    r = float(np.linalg.norm(drift))
    found = []
    for normal in normals[normals @ w > 0]:
        values = (a, float(w @ drift) / r, float(w @ normal), float(drift @ normal) / r)
        symbols = (start_output, weights_along, crossing.start_value, crossing.drift_value)
        parts = (crossing.alpha_definition, crossing.beta_definition, crossing.gamma_definition)
        alpha, beta, gamma = (float(to_numpy(part, *symbols)(*values)) for part in parts)
        roots = np.roots([beta + gamma, 2 * alpha, beta - gamma])
        later = [float(root.real) for root in roots if abs(root.imag) < 1e-12 * abs(root) and root.real > 1.0]
        found += [(math.log(root) / r, normal) for root in later]
    return min(found, key=lambda pair: pair[0], default=(math.inf, np.zeros_like(w)))


def _output(a: float, w: Array, drift: Array, root: float) -> float:
    """a(t) under a constant drift (3.2)."""
    r = float(np.linalg.norm(drift))
    return float(to_numpy(output_path, start_output, weights_along, rate, time)(a, float(w @ drift) / r, r, root))
