"""Theory.md 2.5: a network of any width is an ODE for one map per activation pattern, and events.

Theorem. All neurons of one activation pattern u share a drift D_u, so that z_j(t) = Phi_u(t) z_j(0) with Phi_u' =
A(D_u) Phi_u, Phi_u(0) = I, Phi_u^-1 = J Phi_u^T J. With S_u the sum of a_j w_j over the neurons of u, u contributes
h_u(x_k) = eta_u(k) <S_u, x_k> to the output. A neuron whose pattern changes joins the map of its new one.
Hypotheses: regular starts and solutions, in which dead neurons stay dead, and w_j does not vanish.

Source: this project.
The reduction itself (one drift and one linear map a pattern, outputs, transfer at an event) is proved in SymPy as a
lemma.
That the reduced flow is the flow is tested against the flow of every neuron, for small networks and for crowded
patterns, and so is the engine that integrates it: placing of neurons, events in long steps, accuracy, and the error
it reports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.losses import LOSS_NAMES, get_loss
from ....numerics.data.network import Network
from ....numerics.data.problem import Problem
from ....numerics.data.start import Start, make_start
from ....numerics.flow.simulation import Simulation, simulate
from ....numerics.oracles.reference import handwritten_pull
from ....numerics.oracles.unreduced import Chattered, unreduced_flow
from ....theory.flow import reduction
from ....theory.formal.derivation import Goal, equal
from ...cases import neuron_examples
from ...cases.hand_calculations import Fit, fits
from ...cases.strategies import (
    LEAKS,
    FlowCase,
    Neurons,
    flow_cases,
    leaving_flows,
    neurons,
    signed_eighths,
    sliding_datasets,
)
from ...claim.draws import assume, composite, st
from ...claim.evidence import Margin, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.engine_runs import ENGINE, check_resolved, engine_runs, network
from ...measure.trajectories import COARSE, DERIVATION, FINE, Array, follow, worst

if TYPE_CHECKING:
    from ....numerics.flow.engine.engine import Engine

STATEMENT = Relations(reduction.STATEMENT)
DERIVATIONS = (reduction.derivation,)

_STARTING = reduction.activation_pattern(reduction.weights_at(0))

CLAIM = Claim(
    id="flow.reduction",
    title="All neurons of one activation pattern move by one map: any width is an ODE for these maps, and events",
    kind="equality",
    statement=STATEMENT,
    hypotheses=(
        "regular starts and solutions: dead neurons stay dead; w does not vanish",
        "Phi' = A(D_u(t)) Phi, D_u the drift of the pattern u; S = sum a_j w_j over its neurons, J = diag(1, .., -1)",
    ),
    scope="every width, dimension, data set and leak, both losses; sliding included (ternary patterns)",
    source=Source("this project", "reduction to activation patterns", "2.5"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "patterns never change",
            STATEMENT.altered(pattern=equal(STATEMENT["pattern"].args[0], _STARTING)),
            "n = m = 1, d = 2, x = (1, 0), y = 1, a = 1, w = (-1/4, 0), leak 1/2: w_1' = a p/2 > 0, so that w_1 passes "
            "0 and h = a w_1 from then on, not a w_1/2",
        ),
    ),
    depends_on=("flow.lorentz", "flow.sliding"),
    names={
        "u_j(t)": "the pattern that the reduced flow gives neuron j",
        "h_u": "the share of one pattern in the output at x_k",
        "Phi": "the map of one pattern from time 0 to time t",
        "J": "diag(1, .., 1, -1)",
    },
    examples=neuron_examples.lorentz_map,
)

PLAIN = 1e-11
"""rtol of the unreduced flow; at kinks its steps shrink, which sets the price."""


@symbolic(covers="lemma")
def the_model_reduces(statement: Relations) -> Iterable[Goal]:
    """One drift and one linear map per pattern, the outputs from S, M' = A M + M A^T, the transfer, no jump of h."""
    return reduction.goals(statement.relations)


@composite
def small_networks(draw: st.DrawFn) -> FlowCase:
    """Up to four neurons, mixed labels, zero labels, parallel and repeated points; half of the cases slide or leave."""
    choice = draw(st.integers(0, 3))
    if choice == 0:
        return draw(leaving_flows())
    case = draw(flow_cases(n=(1, 5), d=(1, 3), width=(1, 4), longest=6))
    if choice > 1:
        return case
    data = draw(sliding_datasets())
    return replace(
        draw(flow_cases(d=(2, 2), width=(1, 1), longest=6)), data=data, loss="square", start=draw(neurons(data, (1, 3)))
    )


def one_that_stays() -> tuple[FlowCase, ...]:
    """Neurons reach a hyperplane from which the far side pushes back, though it did not when the step began."""
    whole = ((8, -20), (-32, 32), (0, 64), (8, 40)), (56, -128, 96, 16), ((5, 15), *[(-13, -17)] * 3)
    inputs, weights = (tuple(tuple(Fraction(c, 32) for c in point) for point in points) for points in whole[::2])
    data = Dataset(inputs, tuple(Fraction(label, 32) for label in whole[1]))
    return (FlowCase(data, "square", Fraction(1, 2), Neurons((Fraction(1),) * 4, weights), Fraction(7, 2)),)


@property_check(small_networks, quick=20, full=200, edges=one_that_stays)
def the_reduced_flow_is_the_flow(statement: Relations, case: FlowCase) -> Margin:
    """Every neuron of the reduced flow beside the reference that integrates each as it stands."""
    times = np.linspace(0.0, float(case.time), 5)
    try:
        trusted = follow(case, times)
    except RuntimeError:
        assume(False)
    _, _, a, w = case.arrays
    start = Start(a, w, "unbalanced", None, None)
    reduced, own = _reduced(statement, case.problem, start, float(case.time))
    expected = np.concatenate([trusted.fine.w[-1], trusted.fine.a[-1][:, None]], axis=1)
    theirs = trusted.error(lambda a, w: np.concatenate([a[..., None], w], axis=-1))
    gap = float(np.max(np.abs(reduced - expected)))
    return Margin(gap, own + theirs, f"{ENGINE}; {DERIVATION}", {"case": case})


@dataclass(frozen=True)
class Crowd:
    """Positive points and labels with a start of many neurons: `make_start`'s, at a scale."""

    data: Dataset
    loss: str
    leak: Fraction
    width: int
    scale: Fraction
    kind: str
    seed: int
    time: Fraction

    @property
    def problem(self) -> Problem:
        """Data, loss and leak."""
        return Problem(self.data, self.loss, self.leak)


@composite
def crowds(draw: st.DrawFn) -> Crowd:
    """Data whose inputs and labels are positive: while these are not fitted no hyperplane holds a neuron."""
    d, n = draw(st.integers(2, 3)), draw(st.integers(2, 4))
    coordinate = st.integers(1, 16).map(lambda value: Fraction(value, 8))
    inputs = tuple(draw(st.tuples(*[coordinate] * d)) for _ in range(n))
    loss = draw(st.sampled_from(LOSS_NAMES))
    labels = tuple(draw(coordinate) if get_loss(loss).labels is None else Fraction(1) for _ in range(n))
    scale = Fraction(1, 2 ** draw(st.integers(1, 5)))
    kind = draw(st.sampled_from(("balanced", "dominated", "unbalanced")))
    time = draw(st.integers(4, 24).map(lambda value: Fraction(value, 8)))
    width, seed = draw(st.integers(60, 200)), draw(st.integers(0, 10**6))
    return Crowd(Dataset(inputs, labels), loss, draw(st.sampled_from(LEAKS)), width, scale, kind, seed, time)


@property_check(crowds, quick=2, full=25)
def crowded_patterns_are_no_exception(statement: Relations, case: Crowd) -> Margin:
    """Crowds of neurons that pass from one populated pattern to the next, beside SciPy's VODE on all of them."""
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


@property_check(lambda: st.tuples(st.integers(0, 10**6), st.integers(-2, 12)), covers="lemma", quick=10, full=100)
def neurons_start_where_they_are_put(statement: Relations, drawn: tuple[int, int]) -> Margin:
    """Sixteen neurons with |a| = 10^-k ||w||, as the engine places them in their groups: a and w, each to rounding.

    An output weight far below ||w|| cannot be read off the conserved a^2 - ||w||^2.
    """
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


@property_check(crowds, covers="lemma", quick=12, full=100)
def crossings_cost_no_accuracy(statement: Relations, case: Crowd) -> Margin:
    """Six neurons of order one: what a thousand times the tolerance changes, beside that tolerance for every step.

    A neuron that crosses leaves a kink in the drifts of all others, which the error control of a step does not see. An
    error may grow as fast as neurons do, at the rate r = (1/n) sum |p_k| ||x_k|| at most: by e^3 in a time 3/r.
    """
    data = case.data
    start = make_start(6, 0.5, case.seed, case.kind, data.d)
    pulls = handwritten_pull(np.zeros(data.n), data.y, case.loss)
    end = 3.0 / float(np.mean(np.abs(pulls) * np.linalg.norm(data.X, axis=1)))
    runs = engine_runs(Problem(data, case.loss, case.leak), start, end, tolerances=(1e-3 * KINKS, KINKS))
    weights = network(runs.fine)
    change = float(np.max(np.abs(weights - network(runs.coarse)))) / float(np.max(np.abs(weights)))
    allowed = np.exp(3.0) * (runs.coarse.steps + 1) * KINKS
    return Margin(change, float(allowed), "the tolerance for every step, grown by e^3", {"events": runs.fine.events})


@dataclass(frozen=True)
class DenseCells:
    """Few cells with many neurons each, small: `make_start`'s on plane data with mixed labels, all from one seed."""

    seed: int

    def problem(self) -> tuple[Dataset, Fraction, Start]:
        """The data, the leak and the start."""
        rng = np.random.default_rng(self.seed)
        n = int(rng.integers(3, 6))
        data = Dataset(tuple(map(tuple, signed_eighths(rng, 1, (n, 2)))), tuple(signed_eighths(rng, 2, (n,))))
        leak, width = Fraction(int(rng.integers(0, 8)), 8), int(rng.integers(40, 200))
        kind = str(rng.choice(("balanced", "dominated", "unbalanced")))
        return data, leak, make_start(width, 2.0**-7, self.seed, kind, 2)


LONG_STEPS, SHORT_STEPS = 1e-6, 1e-10
BRIEF = 0.1
"""In units of 1/r: a few times what the derivation below leaves."""


@property_check(lambda: st.builds(DenseCells, st.integers(0, 10**6)), quick=10, full=150)
def long_steps_miss_no_passage(statement: Relations, case: DenseCells) -> Margin:
    """Every change of pattern in some tens of long steps, with many in one step, beside hundreds of short steps.

    At the loose tolerance heights are off by 1e-6 for each of some hundred steps. A neuron that is behind a hyperplane
    for a time u is there r^2 u^2/8 deep, as a share of its length: what is missed may have lasted 0.03/r at most.
    """
    data, leak, start = case.problem()
    rate = float(np.mean(np.abs(data.y) * np.linalg.norm(data.X, axis=1)))
    end = 8.0 / rate
    runs = engine_runs(Problem(data, leak=leak), start, end, tolerances=(SHORT_STEPS, LONG_STEPS), times=[end])
    both = (runs.fine, runs.coarse)
    short, long = (Counter((e.neuron, e.hyperplane, e.kind) for e in run.history or ()) for run in both)
    missed = sum((short - long).values())  # what is met once too often is another matter
    where = {"events": [run.events for run in both], "steps": [run.steps for run in both]}
    return Margin(float(missed), float(_brief(runs.fine, BRIEF / rate)), "events of a brief stay behind", where)


def _brief(run: Simulation, duration: float) -> int:
    """How many events belong to a neuron that passes a hyperplane and comes back within `duration`."""
    last: dict[tuple[int, int], float] = {}
    found = 0
    for event in run.history or ():
        place = (event.neuron, event.hyperplane)
        found += 2 * (event.time - last.get(place, -np.inf) <= duration)
        last[place] = event.time
    return found


@composite
def nearly_balanced(draw: st.DrawFn) -> FlowCase:
    """Small networks whose first neuron is within 2^-4 to 2^-30 of balanced, on either side."""
    case = draw(flow_cases(n=(1, 4), d=(1, 3), width=(1, 3), longest=2))
    sign, power = draw(st.sampled_from((1, -1))), draw(st.integers(4, 30))
    first, *others = case.start.ratios
    ratio = (1 if first > 0 else -1) * (1 + Fraction(sign, 2**power))
    return replace(case, start=replace(case.start, ratios=(ratio, *others)))


LORENTZ_TOLERANCE = 1e-7


@property_check(nearly_balanced, covers="lemma", quick=10, full=100)
def the_maps_in_use_stay_lorentz(statement: Relations, case: FlowCase) -> Margin:
    """Y J Y^T J = I for every map of the engine at nine times, and a^2 - ||w||^2 at the end as at the start.

    A step leaves a defect e of the order of the tolerance, and putting it right leaves e^2 and some roundings.
    """
    _, _, a, w = case.arrays
    form = np.diag([1.0] * case.data.d + [-1.0])
    defects, sizes = [0.0], [1.0]

    def observe(engine: Engine) -> None:
        groups = engine.state.groups.active()
        maps = groups.to_now[groups.size > 0]
        defects.append(float(np.abs(maps @ form @ maps.transpose(0, 2, 1) @ form - np.eye(case.data.d + 1)).max()))
        sizes.append(float(np.abs(maps).max()))

    times = np.linspace(0.0, float(case.time), 9)
    run = simulate(
        case.problem, Network(a, w), float(case.time), tolerance=LORENTZ_TOLERANCE, times=times, observe=observe
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


@property_check(fits, covers="lemma", quick=12, full=100)
def a_fit_is_followed_to_its_end(statement: Relations, case: Fit) -> Margin:
    """One neuron until its output is its label to rounding, at 65 times, beside the logistic curve.

    h'/h falls with h, so that relative errors never grow: a tolerance for every step, twice since h = a <w, x>, is the
    most that is left of them.
    """
    times = np.linspace(0.0, 20.0 / case.rate, 65)
    a, w = case.start
    run = simulate(case.data, Network(a, w), float(times[-1]), tolerance=SHORT_STEPS, times=times)
    check_resolved(run)
    expected = case.output(times)
    sizes = np.linalg.norm(case.data.X[0]) * run.sizes  # h = a <w, x> = a^2 ||x||
    off = np.maximum(np.abs(run.outputs[:, 0] - expected), np.abs(sizes - expected)) / expected
    allowed = 2 * (run.steps + 1) * SHORT_STEPS
    return Margin(float(off.max()), allowed, "the tolerance for every step", {"time": times[int(np.argmax(off))]})


@property_check(fits, covers="lemma", quick=8, full=60)
def the_estimated_error_is_that_of_the_tolerance(statement: Relations, case: Fit) -> Margin:
    """What the engine's two runs say of their error half way to a fit: no more than their tolerances leave, no less.

    On such a path errors do not grow, so that no weight is off by more than a tolerance of its size for every step.
    """
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
    """All neurons (m, d+1) at the end of the reduced flow, and what they may be off by."""
    if statement["pattern"].args[1] != _STARTING:
        runs = engine_runs(problem, start, time)
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
