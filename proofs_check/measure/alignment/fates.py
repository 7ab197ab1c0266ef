"""What the evidence of `alignment.fates` measures (theory.md 3.9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.problem import Problem
from ....numerics.data.start import make_start
from ....numerics.extremal.vectors import extremal_vectors
from ....numerics.frozen.alignment import Fate, FrozenAlignment, frozen_alignment
from ....numerics.frozen.faces import Kind, Reason
from ....numerics.geometry.box_least_squares import least_norm_in_box
from ....numerics.geometry.hyperplanes import merge_hyperplanes
from ....numerics.oracles.rational import Vector, shortest_in_box
from ....numerics.oracles.reference import correlation
from ....numerics.predict.prediction import fates_of
from ...cases.flow.hand_calculations import EPS, NearRepeller, Sinking
from ...cases.strategies import FlowCase
from ...claim.draws import assume
from ...claim.evidence import Margin
from ...claim.statement import Predicate
from ..trajectories import DERIVATION, Array, Trajectory, solve, worst

ANGLE = 1 / 64
"""How close, in radians, an aligning neuron is to its limit at the predicted time."""
LONGEST = 60.0
"""Longest flow, in units of 1/D_max; a start that needs more is all but on a repeller."""
SMALLEST = 1e-4
"""Directions are compared while ||w|| is above this share of its start: a pinned neuron shrinks towards 0."""


@dataclass(frozen=True)
class Ending:
    """A neuron's predicted fate, the time from which its prediction is final, and a later time to compare with."""

    fate: str
    settled: float
    later: float


def ended_as_predicted(statement: Predicate, case: FlowCase) -> Margin:
    """The closed form beside the reference: fates, paths, events, times and growth rates of every neuron."""
    _, _, a, w = case.arrays
    vectors = extremal_vectors(case.problem)
    flow = frozen_alignment(case.problem, Network(a, w), extremal=vectors, record=True)
    sinks = flow.reason == Reason.REACHES_ZERO
    assume(np.all(sinks | (flow.reason == Reason.NONE)))  # the others are the claim's null set
    balanced = np.abs(np.array(case.start.ratios, dtype=float)) == 1
    if np.any(sinks & balanced):
        return Margin(1.0, 0.0, "a balanced neuron never reaches w = 0", {"neuron": int(np.argmax(sinks & balanced))})
    endings = [_ending(flow, neuron, vectors.d_max) for neuron in range(flow.width)]
    growths = {"extremal": statement["growth_aligned"], "dead": 0, "pinned": statement["growth_pinned"]}
    for neuron, ending in enumerate(endings):
        if ending.fate not in statement["fates"] or (ending.fate == "extremal" and flow.extremal[neuron] < 0):
            return Margin(1.0, 0.0, "a fate that is not stated", {"fate": ending.fate})
    latest = max(ending.later for ending in endings)
    assume(latest * vectors.d_max <= LONGEST)
    assert flow.events is not None
    fixed = [when for ending in endings for when in (ending.settled, ending.later)]
    times = np.unique([*np.linspace(0.0, latest, 9), *fixed, *flow.events.time])
    trajectory = solve(*case.arrays, times, frozen=True, **case.options)
    compared: list[Margin] = []
    for neuron, ending in enumerate(endings):
        compared += [
            *_path_margins(flow, neuron, trajectory, ending),
            *_event_margins(flow, neuron, trajectory, ending, case),
        ]
        if sinks[neuron]:
            compared.append(_sinking_margin(flow, neuron, trajectory, ending))
        else:
            growth = float(growths[ending.fate])
            compared += [*_ending_margins(flow, neuron, trajectory, ending, growth, case)]
    return worst(*compared)


LARGEST = 12.0
"""The most that log|a| may gain: in components of w that stay small the reference meets rounding where |a| is large."""


def single_ended_as_predicted(statement: Predicate, case: FlowCase) -> Margin:
    """One neuron that compiled code follows, beside the reference: all but single events."""
    X, _, a, w = case.arrays
    assume(np.all(w @ X.T != 0))  # exact, as these are dyadic: the reference would start beside a hyperplane
    flow = frozen_alignment(case.problem, Network(a, w))
    assume(flow.reason[0] == Reason.NONE)
    ending = _ending(flow, 0, 1.0)
    if ending.fate not in statement["fates"]:
        return Margin(1.0, 0.0, "a fate that is not stated", {"fate": ending.fate})
    assume(flow.path(0, ending.later).log_a[0] - np.log(abs(a[0])) <= LARGEST)
    times = np.unique([*np.linspace(0.0, ending.later, 9), flow.last_event_time[0], ending.settled])
    trajectory = solve(*case.arrays, times, frozen=True, **case.options)
    growth = {"extremal": statement["growth_aligned"], "dead": 0, "pinned": statement["growth_pinned"]}[ending.fate]
    compared = [
        *_path_margins(flow, 0, trajectory, ending),
        *_last_event_margins(flow, trajectory, ending, case),
        *_ending_margins(flow, 0, trajectory, ending, float(growth), case),
    ]
    return worst(*compared, *([_extremality(flow, case)] if ending.fate == "extremal" else []))


def _last_event_margins(
    flow: FrozenAlignment, trajectory: Trajectory, ending: Ending, case: FlowCase
) -> Iterable[Margin]:
    """As many times of events as the reference has, and at the last of them the neuron is on a hyperplane."""
    # At time 0 the reference reports that a neuron is dead from the start.
    found = {event.time for event in trajectory.fine.events if 0 < event.time <= ending.later}
    where = {"predicted": int(flow.n_events[0]), "found": sorted(found)}
    yield Margin(float(abs(len(found) - flow.n_events[0])), 0.0, "as many events", where)
    if flow.n_events[0]:
        w = trajectory.fine.w[np.searchsorted(trajectory.times, flow.last_event_time[0]), 0]
        heights = np.abs(case.data.X @ w) / np.linalg.norm(case.data.X, axis=1)
        error = 2 * _error(trajectory, 0)
        yield Margin(float(heights.min()), error, f"of <w, x> at the last event: {DERIVATION}", where)


def _extremality(flow: FrozenAlignment, case: FlowCase) -> Margin:
    """How far D is from frakD(sign(a) D, 0), by least squares over the slopes on its own face; in units of ||D||."""
    from scipy.optimize import lsq_linear

    X, drift, leak = case.data.X, flow.drift[0], float(case.leak)
    length = float(np.linalg.norm(drift))
    parts = _pulls(case)[:, None] * X / case.data.n
    side = flow.sign[0] * (X @ drift)
    on_face = np.abs(side) <= SAME_SIDE * length * np.linalg.norm(X, axis=1)
    rest = drift - np.where(side > 0, 1.0, leak)[~on_face] @ parts[~on_face]
    if on_face.any():
        rest = lsq_linear(parts[on_face].T, rest, bounds=(leak, 1.0), method="bvls", tol=1e-14).fun
    where = {"face": np.flatnonzero(on_face).tolist()}
    return Margin(float(np.linalg.norm(rest)) / length, SAME_SIDE, "rounding of the drift and of its face", where)


SAME_SIDE = 1e-9
"""The sine of the angle to a hyperplane below which a drift lies on it: far above rounding and below generic angles."""


def _pulls(case: FlowCase) -> Array:
    """The pulls (n,) at h = 0."""
    return np.array(case.problem.pulls_at_zero, dtype=float)


def _ending(flow: FrozenAlignment, neuron: int, d_max: float) -> Ending:
    """When the prediction is final, and a later time: by 2/||D||, or nine tenths of what is left until w = 0."""
    settled = float(flow.last_event_time[neuron])
    if flow.reason[neuron] == Reason.REACHES_ZERO:
        return Ending("pinned", settled, settled + 0.9 * (float(flow.stop_time[neuron]) - settled))
    fate = str(flow.fate_names[neuron])
    if fate == "extremal":
        settled = float(flow.alignment_time(ANGLE)[neuron])
    rate = float(np.linalg.norm(flow.drift[neuron])) or max(d_max, 1.0)
    return Ending(fate, settled, settled + 2 / rate)


def _error(trajectory: Trajectory, neuron: int) -> float:
    """The reference's error of one neuron's (a, w)."""
    return trajectory.error(lambda a, w: np.concatenate([a[:, neuron, None], w[:, neuron]], axis=1))


def _path_margins(flow: FrozenAlignment, neuron: int, trajectory: Trajectory, ending: Ending) -> Iterable[Margin]:
    """Direction and log|a| until the later time: first the angle that an error of w makes, then that of a."""
    until = trajectory.times <= ending.later
    a, w = trajectory.fine.a[until, neuron], trajectory.fine.w[until, neuron]
    path = flow.path(neuron, trajectory.times[until])
    lengths = np.linalg.norm(w, axis=1)
    seen = lengths >= SMALLEST * lengths[0]
    error = _error(trajectory, neuron)
    turned = np.linalg.norm(w / lengths[:, None] - path.direction, axis=1) * lengths / 2
    grown = np.abs(np.expm1(np.log(np.abs(a)) - path.log_a)) * np.abs(a)
    yield Margin(float(np.max(turned[seen])), error, f"of w: {DERIVATION}", {"compared": "path"})
    yield Margin(float(np.max(grown)), error, f"of a: {DERIVATION}", {"compared": "growth along the path"})
    yield Margin(float(np.any(np.sign(a) != path.sign)), 0.0, "the sign of a", {"compared": "sign"})


def _event_margins(
    flow: FrozenAlignment, neuron: int, trajectory: Trajectory, ending: Ending, case: FlowCase
) -> Iterable[Margin]:
    """The predicted changes of pattern: the reference has the same ones, and is on the hyperplane at their times."""
    assert flow.events is not None
    merged = merge_hyperplanes(case.data, case.problem.pulls_at_zero, case.leak)
    place = {k: i for k, (i, _) in enumerate(merged.member) if i >= 0 and merged.jump[i]}
    w, error = trajectory.fine.w[:, neuron], _error(trajectory, neuron)
    predicted: Counter[tuple[int, bool]] = Counter()
    leaves = {hyperplane for _, hyperplane, kind in flow.events.of(neuron) if kind == Kind.LEAVE}
    for when, hyperplane, kind in flow.events.of(neuron):
        predicted[hyperplane, kind == Kind.LEAVE] += 1
        x = case.data.X[next(k for k, i in place.items() if i == hyperplane)]
        height = abs(float(w[np.searchsorted(trajectory.times, when)] @ x)) / float(np.linalg.norm(x))
        yield Margin(height, 2 * error, f"of <w, x> at the event: {DERIVATION}", {"time": when, "x": x})
        if kind == Kind.SLIDE and hyperplane not in leaves:
            height = abs(float(w[np.searchsorted(trajectory.times, ending.later)] @ x)) / float(np.linalg.norm(x))
            yield Margin(height, 2 * error, f"it stays on the hyperplane: {DERIVATION}", {"time": when, "x": x})
    # Where pulls are 0 or cancel nothing happens; the reference reports those crossings all the same. Where the far
    # side moves along the hyperplane, to cross it or to stay on it is the same (so it is for a neuron that dies there).
    found = Counter(
        (place[event.points[0]], event.kind == "leave")
        for event in trajectory.fine.events
        if event.neuron == neuron and event.time <= ending.later and event.points and event.points[0] in place
        if not (event.kind == "cross" and _is_the_start(event.points[0], event.time, neuron, case, error))
    )
    differing = sum(((predicted - found) + (found - predicted)).values())
    yield Margin(differing, 0.0, "the same events", {"predicted": dict(predicted), "found": dict(found)})


def _is_the_start(k: int, time: float, neuron: int, case: FlowCase, error: float) -> bool:
    """Whether a neuron that starts exactly on the hyperplane of point k is still there, up to the reference's error.

    The reference leaves the hyperplane by an event of its own; for the prediction the pattern begins behind it. A
    neuron moves by at most |a| (1/n) sum |p_k| ||x_k|| in a unit of time, and |a| has not doubled by then.
    """
    exactly = sum((p * q for p, q in zip(case.start.weights[neuron], case.data.inputs[k], strict=True)), Fraction(0))
    sizes = np.abs(_pulls(case)) * np.linalg.norm(case.data.X, axis=1)
    speed = 2 * abs(case.start.a[neuron]) * float(np.mean(sizes))
    return exactly == 0 and speed * time <= 2 * error


def _ending_margins(
    flow: FrozenAlignment, neuron: int, trajectory: Trajectory, ending: Ending, growth: float, case: FlowCase
) -> Iterable[Margin]:
    """What the fate says of the reference alone, between the time it is settled and the later one."""
    at, after = np.searchsorted(trajectory.times, [ending.settled, ending.later])
    a, w = np.abs(trajectory.fine.a[:, neuron]), trajectory.fine.w[:, neuron]
    lengths = np.linalg.norm(w, axis=1)
    error = _error(trajectory, neuron)
    blur = 4 * error / min(lengths[at], lengths[after])  # of a direction, twice the error of w over ||w||
    where = {"fate": ending.fate, "settled": ending.settled}
    drift = flow.drift[neuron]
    rate = float(np.linalg.norm(drift))
    direction = w / lengths[:, None]
    limit = flow.limit_direction()[neuron]
    missing = 0.0
    if ending.fate == "extremal":
        angle = 2 * float(np.arcsin(np.linalg.norm(direction[at] - limit) / 2))
        late = ending.settled > float(flow.last_event_time[neuron])
        off = abs(angle - ANGLE) if late else max(angle - ANGLE, 0.0)
        yield Margin(off, 2 * blur, f"angle at the predicted time: {DERIVATION}", where)
        # From a cosine c on, log|a| falls behind r t by log(2/(1 + c)) in all: theory.md 3.2 as t -> oo.
        missing = float(np.log(2 / (1 + np.sign(trajectory.fine.a[at, neuron]) * (w[at] @ drift) / (a[at] * rate))))
    else:
        away = float(np.max(np.linalg.norm(direction[[at, after]] - limit, axis=1)))
        yield Margin(away, blur, f"the direction stays at its limit: {DERIVATION}", where)
    if ending.fate == "pinned":
        yield Margin(max(0.0, _correlation(case, neuron, w[at])), 0.0, "sign(a) G(w) < 0", where)
    gained = float(np.log(a[after] / a[at])) - growth * rate * (ending.later - ending.settled)
    allowed = missing + 4 * error / min(a[at], a[after])
    yield Margin(abs(gained), allowed, f"growth of log|a| to its limit, and {DERIVATION}", where)


def _sinking_margin(flow: FrozenAlignment, neuron: int, trajectory: Trajectory, ending: Ending) -> Margin:
    """artanh||omega|| = r (stop - t) once a strictly dominated neuron is pinned; r is eliminated between two times."""
    at, after = np.searchsorted(trajectory.times, [ending.settled, ending.later])
    a, w = np.abs(trajectory.fine.a[:, neuron]), trajectory.fine.w[:, neuron]
    stop = float(flow.stop_time[neuron])
    omega = np.linalg.norm(w, axis=1) / a
    left = (stop - trajectory.times[[at, after]]) / (stop - trajectory.times[at])
    gap = float(abs(np.arctanh(omega[after]) - left[1] * np.arctanh(omega[at])))
    # artanh has the slope 1/(1 - omega^2), and omega errs by twice the error of w over |a|.
    error = 2 * _error(trajectory, neuron) / min(a[at], a[after])
    allowed = error * float(np.sum(1 / (1 - omega[[at, after]] ** 2)))
    return Margin(gap, allowed, f"of artanh||omega||: {DERIVATION}", {"stop": stop})


def _correlation(case: FlowCase, neuron: int, w: Array) -> float:
    """sign(a) G(w), summed point by point."""
    X, y, a, _ = case.arrays
    return float(np.sign(a[neuron]) * correlation(X, y, w, **case.options))


def first_event_near_a_repeller(statement: Predicate, case: NearRepeller) -> Margin:
    """The first event of one neuron beside the time found by hand."""
    flow = frozen_alignment(Problem(case.data, leak=case.leak), Network(*case.start), record=True)
    assert flow.events is not None
    expected, allowed = case.crossing
    events = flow.events.of(0)
    where = {"expected": expected, "events": events, "reason": flow.why(0)}
    if flow.reason[0] != Reason.NONE or not events:
        return Margin(1.0, 0.0, "the neuron is on no repeller, and reaches the hyperplane", where)
    return Margin(abs(events[0][0] - expected), allowed, "rounding of the start", where)


def kept_tie(statement: Predicate, drawn: tuple[int, int, int]) -> Margin:
    """How far a neuron at a tie is moved off it."""
    p, q, thirds = map(Fraction, drawn)
    data = Dataset(((p, q), (-q, p)), (thirds / 3, Fraction(1)))
    w = np.array([[float(8 * p + q), float(8 * q - p)]])
    flow = frozen_alignment(data, Network(np.linalg.norm(w, axis=1), w), extremal=extremal_vectors(data))
    stays = flow.fate[0] == Fate.EXTREMAL and flow.extremal[0] >= 0 and flow.n_events[0] == 0
    where = {"data": data, "fate": flow.fate_names[0], "events": int(flow.n_events[0])}
    return Margin(float(not stays), 0.0, "it aligns with the first point without an event", where)


def arrival_at_the_origin(statement: Predicate, case: Sinking) -> Margin:
    """The time at which w = 0, beside the one found by hand."""
    flow = frozen_alignment(case.data, Network(*case.start))
    where = {"expected": case.sunk, "reason": flow.why(0)}
    if flow.reason[0] != Reason.REACHES_ZERO:
        return Margin(1.0, 0.0, "the neuron is pinned and reaches w = 0", where)
    # artanh(1/ratio) = log((ratio + 1)/sqrt(ratio^2 - 1)), and the solver knows ratio^2 - 1 to some roundings of it.
    ratio = float(case.ratio)
    allowed = 8 * EPS * (case.sunk - ratio**2 / (ratio**2 - 1) / float(case.along))
    return Margin(abs(float(flow.stop_time[0]) - case.sunk), allowed, "rounding of the start", where)


def fates_that_occur(statement: Predicate, seed: int) -> Margin:
    """The fates of 200 neurons on the non-orthogonal toy, beside those stated."""
    data = Dataset.published("non-orthogonal-toy")
    start = make_start(200, 1e-3, seed, "balanced", data.d)
    flow = frozen_alignment(data, start, extremal=extremal_vectors(data))
    found = set(flow.fate_names.tolist())
    differing = found ^ set(statement["fates"])
    return worst(
        Margin(len(differing), 0.0, "two sets: none may differ", {"found": sorted(found)}),
        Margin(_misreported(data, flow), 0.0, "every neuron in one list, and the last arrival of each"),
    )


def _misreported(data: Dataset, flow: FrozenAlignment) -> float:
    """How many neurons stand in no list of the prediction or in two, or come near their vector after the last one."""
    fates, times = fates_of(flow, ANGLE), flow.alignment_time(ANGLE)
    lists = [fates.dead, fates.pinned, fates.undecided, *(group.neurons for group in fates.followers)]
    counted = Counter(neuron for neurons in lists for neuron in neurons)
    wrong = sum(counted[neuron] != 1 for neuron in range(flow.width))
    late = sum(group.latest_time != max(times[j] for j in group.neurons) for group in fates.followers)
    return float(wrong + late)


def least_norm_in_the_box(statement: Predicate, box: tuple[Vector, tuple[Vector, ...]]) -> Margin:
    """The active-set method beside all choices of slopes, in rationals and in floats."""
    base, columns = box
    expected = shortest_in_box(base, columns)
    exact = least_norm_in_box(np.array(base, dtype=object), np.array(columns, dtype=object))
    if tuple(exact.point) != expected:
        return Margin(1.0, 0.0, "exact rationals: no difference", {"found": tuple(exact.point), "least": expected})
    found = least_norm_in_box(np.array(base, dtype=float), np.array(columns, dtype=float), tolerance=1e-12)
    gap = float(np.max(np.abs(found.point - np.array(expected, dtype=float))))
    # A gradient within the tolerance of 0 leaves the squared norm within 4 of them of the least one.
    return Margin(gap, np.sqrt(8e-12), "the tolerance of the gradient, k <= 4", {"found": tuple(found.point)})
