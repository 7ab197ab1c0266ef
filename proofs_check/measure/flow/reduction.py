"""What the evidence of `flow.reduction` measures (theory.md 2.5)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.problem import Problem
from ....numerics.data.start import Start, make_start
from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.oracles.reference import handwritten_pull
from ....numerics.oracles.unreduced import Chattered, unreduced_flow
from ....theory.flow import reduction
from ...cases.flow.hand_calculations import Fit
from ...cases.flow.reduction import Crowd, DenseCells
from ...cases.strategies import FlowCase, signed_eighths
from ...claim.draws import assume
from ...claim.evidence import Margin
from ...claim.statement import Relations
from ..engine_runs import ENGINE, check_resolved, engine_runs, network
from ..trajectories import COARSE, DERIVATION, FINE, Array, follow, worst

if TYPE_CHECKING:
    from ....numerics.flow.engines import AnyEngine

PLAIN = 1e-11
"""rtol of the unreduced flow; at kinks its steps shrink, which sets the price."""


def beside_every_neuron(statement: Relations, case: FlowCase) -> Margin:
    """The reduced flow beside the reference that integrates every neuron."""
    times = np.linspace(0.0, float(case.time), 5)
    try:
        reference = follow(case, times)
    except RuntimeError:
        assume(False)
    _, _, a, w = case.arrays
    start = Start(a, w, "unbalanced", None, None)
    reduced, own = _reduced(statement, case.problem, start, float(case.time))
    expected = np.concatenate([reference.fine.w[-1], reference.fine.a[-1][:, None]], axis=1)
    theirs = reference.error(lambda a, w: np.concatenate([a[..., None], w], axis=-1))
    gap = float(np.max(np.abs(reduced - expected)))
    return Margin(gap, own + theirs, f"{ENGINE}; {DERIVATION}", {"case": case})


def beside_the_unreduced_flow(statement: Relations, case: Crowd) -> Margin:
    """A crowd of neurons beside VODE on all of them."""
    start = make_start(case.width, float(case.scale), case.seed, case.kind, case.data.d)
    X, y, leak = case.data.X, case.data.y, float(case.leak)
    try:
        fine, coarse = (
            unreduced_flow(X, y, start.a, start.w, float(case.time), case.loss, leak, rtol)
            for rtol in (PLAIN, 100 * PLAIN)
        )
    except Chattered:
        assume(False)
    expected, other = (np.concatenate([w, a[:, None]], axis=1) for a, w, _ in (fine, coarse))
    theirs = float(np.max(np.abs(expected - other))) + fine[2] * PLAIN * float(np.abs(expected).max())
    reduced, own = _reduced(statement, case.problem, start, float(case.time))
    gap = float(np.max(np.abs(reduced - expected)))
    derivation = f"{ENGINE}; VODE's change from rtol 1e-9 to 1e-11, and 1e-11 for every right-hand side"
    return Margin(gap, own + theirs, derivation)


def placed_to_rounding(statement: Relations, drawn: tuple[int, int]) -> Margin:
    """Weights as the engine places them, beside those that were drawn."""
    from ....numerics.flow.engine.problem import FlowProblem
    from ....numerics.flow.engine.state import State

    seed, power = drawn
    rng = np.random.default_rng(seed)
    data = Dataset(tuple(map(tuple, signed_eighths(rng, 2, (3, 2)))), tuple(signed_eighths(rng, 2, (3,))))
    w = rng.standard_normal((16, 2))
    norms = np.linalg.norm(w, axis=1)
    a = 10.0**-power * norms * rng.choice((-1, 1), 16)
    placed = State(FlowProblem.of(data), a, w).neurons()
    gaps = np.concatenate([np.abs(placed[:, -1] - a) / np.abs(a), np.linalg.norm(placed[:, :-1] - w, axis=1) / norms])
    where = {"seed": seed, "|a|/||w||": 10.0**-power, "neuron": int(np.argmax(gaps)) % 16}
    return Margin(float(np.max(gaps)), 16 * float(np.finfo(float).eps), "roundings of squares and a root", where)


KINKS = 1e-9


def changed_by_the_tolerance(statement: Relations, case: Crowd) -> Margin:
    """What a thousand times the tolerance changes, beside that tolerance for every step."""
    data = case.data
    start = make_start(6, 0.5, case.seed, case.kind, data.d)
    pulls = handwritten_pull(np.zeros(data.n), data.y, case.loss)
    end = 3.0 / float(np.mean(np.abs(pulls) * np.linalg.norm(data.X, axis=1)))
    runs = engine_runs(Problem(data, case.loss, case.leak), start, end, tolerances=(1e-3 * KINKS, KINKS))
    weights = network(runs.fine)
    change = float(np.max(np.abs(weights - network(runs.coarse)))) / float(np.max(np.abs(weights)))
    allowed = np.exp(3.0) * (runs.coarse.steps + 1) * KINKS
    return Margin(change, float(allowed), "the tolerance for every step, grown by e^3", {"events": runs.fine.events})


LONG_STEPS, SHORT_STEPS = 1e-6, 1e-10
BRIEF = 0.1
"""In units of 1/r: a few times what may be missed, 0.03/r, by the estimate in the claim."""


def missed_passages(statement: Relations, case: DenseCells) -> Margin:
    """Changes of pattern seen in long steps, beside those seen in short ones."""
    data, leak, start = case.problem()
    rate = float(np.mean(np.abs(data.y) * np.linalg.norm(data.X, axis=1)))
    end = 8.0 / rate
    runs = engine_runs(Problem(data, leak=leak), start, end, tolerances=(SHORT_STEPS, LONG_STEPS), times=[end])
    both = (runs.fine, runs.coarse)
    short, long = (Counter((e.neuron, e.hyperplane, e.kind) for e in run.history or ()) for run in both)
    missed = sum((short - long).values())  # what is met once too often is another matter
    where = {"events": [run.events for run in both], "steps": [run.steps for run in both]}
    return Margin(
        float(missed), float(_brief(runs.fine, BRIEF / rate)), "events of neurons that return after a short time", where
    )


def _brief(run: Simulation, duration: float) -> int:
    """How many events belong to a neuron that passes a hyperplane and comes back within `duration`."""
    last: dict[tuple[int, int], float] = {}
    found = 0
    for event in run.history or ():
        place = (event.neuron, event.hyperplane)
        found += 2 * (event.time - last.get(place, -np.inf) <= duration)
        last[place] = event.time
    return found


LORENTZ_TOLERANCE = 1e-7


def defect_of_the_maps(statement: Relations, case: FlowCase) -> Margin:
    """Y J Y^T J - I for every map of the engine, and the change of a^2 - ||w||^2."""
    _, _, a, w = case.arrays
    form = np.diag([1.0] * case.data.d + [-1.0])
    defects, sizes = [0.0], [1.0]

    def observe(engine: AnyEngine) -> None:
        assert engine.name == "patterns"
        groups = engine.state.groups.active()
        maps = groups.to_now[groups.size > 0]
        defects.append(float(np.abs(maps @ form @ maps.transpose(0, 2, 1) @ form - np.eye(case.data.d + 1)).max()))
        sizes.append(float(np.abs(maps).max()))

    times = np.linspace(0.0, float(case.time), 9)
    run = simulate(
        case.problem,
        Network(a, w),
        float(case.time),
        tolerance=LORENTZ_TOLERANCE,
        times=times,
        observe=observe,
        engine="patterns",
    )
    check_resolved(run)
    assume(not len(run.resting))
    rounding = 16 * (case.data.d + 1) * float(np.finfo(float).eps)
    allowed = (run.steps + 1) * max(sizes) ** 2 * (rounding + LORENTZ_TOLERANCE**2)
    lengths = np.sum(run.w**2, axis=1), np.sum(w**2, axis=1)
    change = np.abs(run.a**2 - lengths[0] - (a**2 - lengths[1])) / (lengths[0] + lengths[1] + a**2)
    return worst(
        Margin(max(defects), allowed, "e^2 and roundings for every step", {"steps": run.steps}),
        Margin(
            float(change.max()), allowed, "as much of a^2 + ||w||^2", {"a^2 - ||w||^2": (a**2 - lengths[1]).tolist()}
        ),
    )


def beside_the_logistic_curve(statement: Relations, case: Fit) -> Margin:
    """The output of one neuron beside the logistic curve, at 65 times."""
    times = np.linspace(0.0, 20.0 / case.rate, 65)
    a, w = case.start
    run = simulate(case.data, Network(a, w), float(times[-1]), tolerance=SHORT_STEPS, times=times)
    check_resolved(run)
    expected = case.output(times)
    sizes = np.linalg.norm(case.data.X[0]) * run.sizes  # h = a <w, x> = a^2 ||x||
    off = np.maximum(np.abs(run.outputs[:, 0] - expected), np.abs(sizes - expected)) / expected
    allowed = 2 * (run.steps + 1) * SHORT_STEPS
    return Margin(float(off.max()), allowed, "the tolerance for every step", {"time": times[int(np.argmax(off))]})


def estimated_error(statement: Relations, case: Fit) -> Margin:
    """The error that the engine reports, beside what its tolerances leave."""
    time = 1.0 / case.rate
    a, w = case.start
    runs = engine_runs(case.data, Network(a, w), time)
    size = float(np.abs(network(runs.fine)).max())
    own, theirs = (size * (run.steps + 1) * run.tolerance for run in (runs.fine, runs.coarse))
    a_there = np.sqrt(case.output(np.array([time])) / np.linalg.norm(case.data.X[0]))
    gap = float(np.abs(runs.fine.a - a_there).max())
    return worst(
        Margin(runs.error, 2 * (own + theirs), "twice the tolerances of all steps"),
        Margin(gap, runs.error + own, ENGINE),
    )


def _reduced(statement: Relations, problem: Problem, start: Start, time: float) -> tuple[Array, float]:
    """All neurons (m, d+1) at the end of the reduced flow, and what they may be off by.

    The maps of patterns are integrated in many dimensions, too, where by itself `simulate` would follow neurons.
    """
    if statement["pattern"].args[1] != reduction.starting_pattern:
        runs = engine_runs(problem, start, time, engine="patterns")
        return network(runs.fine), runs.error
    fine, coarse = (_with_starting_patterns(problem, start, time, rtol) for rtol in (FINE, COARSE))
    return fine, 2 * float(np.max(np.abs(fine - coarse)))


def _with_starting_patterns(problem: Problem, start: Start, time: float, rtol: float) -> Array:
    """What 2.5 says without its events: one map per starting pattern, by SciPy; all neurons (m, d+1) at the end."""
    from scipy.integrate import solve_ivp

    data, leak = problem.data, float(problem.leak)
    X, y, size = data.X, data.y, data.d + 1
    z = np.concatenate([start.w, start.a[:, None]], axis=1)
    patterns, group = np.unique(start.w @ X.T > 0, axis=0, return_inverse=True)
    group, slopes = group.ravel(), np.where(patterns, 1.0, leak)
    moments = np.array([z[group == u].T @ z[group == u] for u in range(len(patterns))])

    def velocity(_t: float, flat: Array) -> Array:
        maps = flat.reshape(-1, size, size)
        moved = maps @ moments @ maps.transpose(0, 2, 1)
        p = handwritten_pull(np.einsum("uk,ud,kd->k", slopes, moved[:, :-1, -1], X), y, problem.loss)
        generators = np.zeros_like(maps)
        generators[:, :-1, -1] = generators[:, -1, :-1] = (slopes * p) @ X / len(y)
        return (generators @ maps).ravel()

    begin = np.tile(np.eye(size), (len(patterns), 1, 1)).ravel()
    end = solve_ivp(velocity, (0.0, time), begin, "DOP853", rtol=rtol, atol=rtol).y[:, -1].reshape(-1, size, size)
    return np.einsum("jpq,jq->jp", end[group], z)
