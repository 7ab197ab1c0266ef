"""The flow engine beside independent solvers, and under the symmetries of the flow (theory.md 2.7).

Data with labels of both signs, parallel, opposite and repeated points, labels of 0; both losses; leaks 0, 1/10, 9/10;
balanced, dominated and undominated starts. What a distance may be is the error estimate of one side plus that of the
other; the engine's is twice its distance from a run at a hundred times the tolerance.
"""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, Network, Problem, Simulation, reference_flow, simulate
from early_alignment.numerics.flow.engines import EngineName
from early_alignment.numerics.oracles.descent import Slides, gradient_descent
from early_alignment.numerics.oracles.time_stepping import time_stepping
from early_alignment.proofs_check.cases.strategies import (
    KINDS,
    FlowCase,
    Neurons,
    flow_cases,
    leaving_flows,
    neurons,
    sliding_datasets,
)

LEAKS = (Fraction(0), Fraction(1, 10), Fraction(9, 10))
STEPS = 800
RESOLVED = 0.02
"""Cases whose first-order solvers leave a larger error, relative to the weights, are skipped."""
FINE, COARSE = 1e-12, 1e-10
both_engines = pytest.mark.parametrize("engine", ["patterns", "neurons"])


def network(a: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.concatenate([w, a[..., None]], axis=-1)


def run(case: FlowCase, engine: EngineName, tolerance: float = FINE) -> Simulation:
    _, _, a, w = case.arrays
    return simulate(case.problem, Network(a, w), float(case.time), tolerance=tolerance, history=True, engine=engine)


def run_with_error(case: FlowCase, engine: EngineName) -> tuple[Simulation, float]:
    """The fine run, and twice its distance from the coarse one; cases in which w = 0 is reached are skipped."""
    fine, coarse = run(case, engine), run(case, engine, COARSE)
    assume(not len(fine.resting))
    assert not fine.partial
    return fine, 2 * float(np.max(np.abs(network(fine.a, fine.w) - network(coarse.a, coarse.w))))


def scaled(case: FlowCase, scale: Fraction) -> FlowCase:
    """The case with all weights multiplied by `scale`."""
    weights = tuple(tuple(scale * value for value in w) for w in case.start.weights)
    return replace(case, start=Neurons(case.start.ratios, weights))


@st.composite
def special_cases(draw: st.DrawFn, width: tuple[int, int] = (1, 4)) -> FlowCase:
    """Flows in which a point may be repeated, with another label or with the same one."""
    case = draw(flow_cases(n=(2, 4), d=(1, 3), width=width, leaks=LEAKS, longest=4))
    if draw(st.booleans()):
        return case
    place = draw(st.integers(0, case.data.n - 1))
    label = draw(st.sampled_from(case.data.labels))
    data = Dataset((*case.data.inputs, case.data.inputs[place]), (*case.data.labels, label))
    return replace(case, data=data)


@both_engines
@settings(max_examples=settings().max_examples // 4)
@given(case=special_cases())
def test_the_engine_and_descent_agree(engine: EngineName, case: FlowCase) -> None:
    times = np.linspace(0.0, float(case.time), 3)
    try:
        oracle = gradient_descent(*case.arrays, times, float(case.time) / STEPS, **case.options)
    except Slides:
        assume(False)
    found, own = run_with_error(case, engine)
    distance = np.max(np.abs(network(found.a, found.w) - network(oracle.a, oracle.w)))
    assume(oracle.weights_error <= RESOLVED * np.max(np.abs(found.w)))
    assert distance <= own + oracle.weights_error


HALTED = FlowCase(
    Dataset.from_arrays([["1/2", 0], ["1/8", "1/8"], [0, "1/8"], ["1/2", 0]], [-1, 1, 0, "1/8"]),
    "square",
    Fraction(1, 10),
    Neurons(
        (Fraction(1),) * 4,
        (*((Fraction(1, 32), Fraction(1, 32)),) * 3, (Fraction(1, 32), Fraction(-19, 32))),
    ),
    Fraction(1, 2),
)
"""A neuron crosses an attracting hyperplane and reaches no further than it by the end of a step of every length."""


@st.composite
def where_neurons_slide(draw: st.DrawFn) -> FlowCase:
    """Networks in the plane: any, on points with an attracting hyperplane, and with a neuron that leaves one."""
    kinds, source = ("balanced", "dominated"), draw(st.integers(0, 2))
    if source == 0:
        return draw(leaving_flows())
    case = draw(flow_cases(n=(3, 4), d=(2, 2), width=(4, 8), kinds=kinds, leaks=LEAKS[:2], longest=4))
    if source == 1:
        return case
    data = draw(sliding_datasets())
    return replace(case, data=data, loss="square", start=draw(neurons(data, (4, 8), draw(st.sampled_from(kinds)))))


@both_engines
@pytest.mark.slow
def test_the_engine_and_time_stepping_agree_where_neurons_slide(engine: EngineName) -> None:
    """With fewer cases hardly a neuron leaves a face."""
    seen: Counter[str] = Counter()

    @settings(max_examples=60)
    @given(where_neurons_slide(), st.sampled_from((Fraction(1), Fraction(1, 128))))
    @example(HALTED, Fraction(1, 128))
    def agree(case: FlowCase, scale: Fraction) -> None:
        small = scaled(case, scale)
        times = np.linspace(0.0, float(case.time), 3)
        oracle = time_stepping(*small.arrays, times, float(case.time) / STEPS, **small.options)
        found, own = run_with_error(small, engine)
        assume(oracle.weights_error <= RESOLVED * np.max(np.abs(found.w)))
        assert found.history is not None
        seen.update({event.kind for event in found.history} | {"case"})
        distance = np.max(np.abs(network(found.a, found.w) - network(oracle.a, oracle.w)))
        assert distance <= own + oracle.weights_error

    agree()
    assert seen["slide"] >= seen["case"] / 4
    assert seen["leave"] >= 2


def dense(seed: int, width: int, scale: float, kind: str, n: int = 4) -> tuple[Dataset, np.ndarray, np.ndarray]:
    """Mixed labels in the plane, few cells and many neurons in each: arrivals are among others that have moved on."""
    rng = np.random.default_rng([seed, width])
    X, y = rng.integers(-16, 17, (n, 2)) / 8 + 1 / 16, rng.integers(1, 33, n) / 8
    y[1::2] *= -1
    data = Dataset(tuple(tuple(map(Fraction, x)) for x in X), tuple(map(Fraction, y)))
    w = (2 * rng.integers(-512, 512, (width, 2)) + 1) / 1024
    ratio = {"balanced": 1.0, "dominated": 1.5, "undominated": 0.5}[kind]
    a = rng.choice([-1.0, 1.0], width) * ratio * np.linalg.norm(w, axis=1)
    return data, scale / np.sqrt(width) * a, scale / np.sqrt(width) * w


@both_engines
@pytest.mark.parametrize("kind", KINDS)
def test_many_neurons_in_each_cell_agree_with_the_reference(kind: str, engine: EngineName) -> None:
    times, events = np.array([0.0, 2.5]), 0
    for seed in range(3):
        data, a, w = dense(seed, 12, 2.0**-7, kind, n=3)
        fine, coarse = (reference_flow(data.X, data.y, a, w, times, rtol=rtol) for rtol in (FINE, COARSE))
        expected, other = (network(flow.a[-1], flow.w[-1]) for flow in (fine, coarse))
        found, rough = (
            simulate(data, Network(a, w), 2.5, tolerance=tolerance, engine=engine) for tolerance in (FINE, COARSE)
        )
        own = 2 * np.max(np.abs(network(found.a, found.w) - network(rough.a, rough.w)))
        theirs = np.max(np.abs(expected - other)) + fine.right_hand_sides / 12 * FINE * np.max(np.abs(expected))
        assert np.max(np.abs(network(found.a, found.w) - expected)) <= own + theirs
        assert own <= 1e-6 * np.max(np.abs(expected))
        events += found.events
    assert events >= 12


@both_engines
@pytest.mark.parametrize(("seed", "kind"), [(0, "balanced"), (1, "dominated"), (2, "undominated")])
def test_hundreds_of_neurons_agree_with_time_stepping(seed: int, kind: str, engine: EngineName) -> None:
    data, a, w = dense(seed, 400, 2.0**-7, kind)
    times = np.array([0.0, 1.5, 3.0])
    oracle = time_stepping(data.X, data.y, a, w, times, 3.0 / STEPS)
    found, rough = (
        simulate(data, Network(a, w), 3.0, tolerance=tolerance, engine=engine) for tolerance in (FINE, COARSE)
    )
    assert not found.partial
    assert not len(found.resting)
    assert found.events >= 100
    own = 2 * np.max(np.abs(network(found.a, found.w) - network(rough.a, rough.w)))
    distance = np.max(np.abs(network(found.a, found.w) - network(oracle.a, oracle.w)))
    assert oracle.weights_error <= RESOLVED * np.max(np.abs(found.w))
    assert distance <= own + oracle.weights_error


@both_engines
def test_rotated_data_and_starts_give_the_rotated_flow(engine: EngineName) -> None:
    """By the angle whose cosine is 3/5: exact for the data, up to rounding for the weights."""
    c, s = Fraction(3, 5), Fraction(4, 5)

    @settings(max_examples=3 * settings().max_examples // 20)
    @given(flow_cases(n=(2, 4), d=(2, 2), width=(1, 4), leaks=LEAKS))
    def turned(case: FlowCase) -> None:
        data = Dataset(tuple((c * x - s * y, s * x + c * y) for x, y in case.data.inputs), case.data.labels)
        plain, own = run_with_error(case, engine)
        _, _, a, w = case.arrays
        rotation = np.array([[float(c), -float(s)], [float(s), float(c)]])
        other = simulate(
            Problem(data, case.loss, case.leak), Network(a, w @ rotation.T), float(case.time), tolerance=FINE,
            engine=engine,
        )  # fmt: skip
        assume(not len(other.resting))
        rounding = 1e-12 * np.max(np.abs(plain.w)) * max(1, plain.steps)
        assert np.max(np.abs(other.w - plain.w @ rotation.T)) <= 2 * own + rounding

    turned()


@both_engines
@settings(max_examples=3 * settings().max_examples // 20)
@given(case=flow_cases(n=(2, 4), width=(1, 4), losses=("square",), leaks=LEAKS), factor=st.sampled_from((2, 4)))
def test_labels_and_weights_scale_together(engine: EngineName, case: FlowCase, factor: int) -> None:
    """Square loss: labels times c^2, weights times c and time over c^2 is the same flow, since h is of degree two."""
    plain, own = run_with_error(case, engine)
    _, _, a, w = case.arrays
    labels = tuple(factor**2 * label for label in case.data.labels)
    data = Dataset(case.data.inputs, labels)
    other = simulate(
        Problem(data, case.loss, case.leak),
        Network(factor * a, factor * w),
        float(case.time) / factor**2,
        tolerance=FINE,
        engine=engine,
    )
    rounding = 1e-12 * np.max(np.abs(plain.w)) * plain.steps
    assert np.max(np.abs(other.w / factor - plain.w)) <= 2 * own + rounding


@st.composite
def dips(draw: st.DrawFn) -> tuple[Dataset, np.ndarray, np.ndarray, float, Fraction]:
    """One undominated neuron that is behind a hyperplane for a short while: it is lowest where its a vanishes.

    At this scale the drift D is constant up to 1e-4, and the height on the second point is alpha + beta cosh(rt) +
    gamma sinh(rt) (theory.md 3.5), made to vanish at times `around` -+ `half`, in units of 1/r.
    """
    second, label = (Fraction(draw(st.integers(8, 24)), 16), Fraction(1)), Fraction(draw(st.integers(-12, 12)), 16)
    data = Dataset(((Fraction(2), Fraction(0)), second), (Fraction(1), label))
    D = data.y @ data.X / 2
    r = float(np.linalg.norm(D))
    along, across = D / r, np.array([-D[1], D[0]]) / r
    assume(abs(along @ data.X[1]) > 0.1 and abs(across @ data.X[1]) > 0.1)
    around, half = draw(st.integers(30, 100)) / 100, draw(st.integers(2, 15)) / 100
    beta = np.sign(along @ data.X[1])
    a = -beta * np.tanh(around)
    lowest = abs(along @ data.X[1]) * np.sqrt(1 - a * a)
    w = beta * along - lowest * np.cosh(half) / (across @ data.X[1]) * across
    return data, np.array([a]) / 256, w[None] / 256, (around + half + 1.0) / r, draw(st.sampled_from(LEAKS))


@both_engines
@settings(max_examples=3 * settings().max_examples // 5)
@given(dip=dips(), tolerance=st.sampled_from((1e-5, 1e-8, FINE)))
def test_two_crossings_within_one_step_are_found(
    engine: EngineName, dip: tuple[Dataset, np.ndarray, np.ndarray, float, Fraction], tolerance: float
) -> None:
    data, a, w, time, leak = dip
    trusted = reference_flow(data.X, data.y, a, w, np.array([0.0, time]), leak=float(leak))
    crossings = [event for event in trusted.events if event.kind == "cross"]
    assume(len(crossings) == 2)
    found = simulate(Problem(data, leak=leak), Network(a, w), time, tolerance=tolerance, history=True, engine=engine)
    assert found.history is not None
    times = [event.time for event in found.history if event.kind == "cross"]
    assert len(times) == 2
    # A time is off by the error of the height over its speed, which near a dip of half-width u is as small as u.
    width = crossings[1].time - crossings[0].time
    assert np.max(np.abs(np.array(times) - [event.time for event in crossings])) <= 1e3 * tolerance / width


@both_engines
@pytest.mark.parametrize("tolerance", [1e-4, 1e-5, 1e-6])
def test_long_steps_find_double_crossings_where_the_drift_turns(tolerance: float, engine: EngineName) -> None:
    """In these dense cells neurons cross a hyperplane and come back within one step while their drift turns.

    Not looking there loses two of the events and 2e-3 of the weights.
    """
    data, a, w = dense(23, 200, 2.0**-7, "dominated")
    leak = Fraction(9, 10)
    oracle = time_stepping(data.X, data.y, a, w, np.array([0.0, 6.0]), 6.0 / STEPS / 2, leak=float(leak))
    long, short = (
        simulate(Problem(data, leak=leak), Network(a, w), 6.0, tolerance=value, engine=engine)
        for value in (tolerance, FINE)
    )
    assert long.steps < short.steps / 2
    assert long.events == short.events
    own = 2 * np.max(np.abs(network(long.a, long.w) - network(short.a, short.w)))
    distance = np.max(np.abs(network(long.a, long.w) - network(oracle.a, oracle.w)))
    assert distance <= own + oracle.weights_error
