"""Both engines from the line to R^30: beside independent solvers, beside each other, and under symmetries."""

import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, Network, Problem, Simulation, make_start, reference_flow, simulate
from early_alignment.numerics.flow.checkpoint import engine_arrays, restored_engine
from early_alignment.numerics.flow.engine.problem import FlowProblem
from early_alignment.numerics.flow.engines import EngineName, start_engine
from early_alignment.numerics.flow.passage import passed_on
from early_alignment.numerics.oracles.descent import Slides, gradient_descent
from early_alignment.numerics.oracles.time_stepping import time_stepping
from early_alignment.proofs_check.cases.strategies import FlowCase, flow_cases
from early_alignment.proofs_check.measure.trajectories import follow

FINE, COARSE = 1e-12, 1e-10
SHORT = 0.05
LEAKS = (Fraction(0), Fraction(1, 10), Fraction(9, 10))
ENGINES: tuple[EngineName, ...] = ("patterns", "neurons")
both_engines = pytest.mark.parametrize("engine", ENGINES)


def network(a: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.concatenate([w, a[..., None]], axis=-1)


def distance(one: Simulation, other: Simulation) -> float:
    return float(np.max(np.abs(network(one.a, one.w) - network(other.a, other.w))))


def in_many_dimensions(width: tuple[int, int] = (1, 4)) -> st.SearchStrategy[FlowCase]:
    """Flows of few points in R^2 to R^30: fewer points than coordinates, as many, and more."""
    return flow_cases(n=(2, 6), d=(2, 30), width=width, leaks=LEAKS, longest=4)


def run(case: FlowCase, engine: EngineName, tolerance: float) -> Simulation:
    _, _, a, w = case.arrays
    return simulate(case.problem, Network(a, w), float(case.time), tolerance=tolerance, engine=engine, history=True)


@both_engines
@settings(max_examples=settings().max_examples // 4)
@given(case=in_many_dimensions())
def test_the_engines_agree_with_the_unreduced_reference(engine: EngineName, case: FlowCase) -> None:
    try:
        trusted = follow(case, np.linspace(0.0, float(case.time), 3))
    except RuntimeError:
        assume(False)
    fine, coarse = run(case, engine, FINE), run(case, engine, COARSE)
    assume(not len(fine.resting))
    assert not fine.partial
    expected = network(trusted.fine.a[-1], trusted.fine.w[-1])
    theirs = trusted.error(lambda a, w: np.concatenate([a[..., None], w], axis=-1))
    own = 2 * distance(fine, coarse)
    assert np.max(np.abs(network(fine.a, fine.w) - expected)) <= own + theirs
    assert own <= 1e-6 * max(1.0, float(np.max(np.abs(expected))))


@both_engines
@pytest.mark.parametrize("method", [gradient_descent, time_stepping])
@settings(max_examples=settings().max_examples // 5)
@given(case=in_many_dimensions())
def test_the_engines_agree_with_first_order_solvers(engine: EngineName, method, case: FlowCase) -> None:
    """With steps that are short beside the fastest rate, (1/n) sum ||x||^2 S + |y| ||x||: longer ones are off by more
    than they estimate."""
    fine, coarse = run(case, engine, FINE), run(case, engine, COARSE)
    assume(not len(fine.resting))
    lengths = np.linalg.norm(case.data.X, axis=1)
    rate = np.mean(lengths**2 * fine.sizes.max() + lengths * np.abs(case.data.y))
    steps = max(800, math.ceil(float(case.time) * rate / SHORT))
    assume(steps <= 8000)
    try:
        oracle = method(*case.arrays, np.linspace(0.0, float(case.time), 3), float(case.time) / steps, **case.options)
    except Slides:
        assume(False)
    assume(oracle.weights_error <= 0.02 * np.max(np.abs(fine.w)))
    gap = np.max(np.abs(network(fine.a, fine.w) - network(oracle.a, oracle.w)))
    assert gap <= 2 * distance(fine, coarse) + oracle.weights_error


def gaussian(n: int, d: int, seed: int) -> Dataset:
    """Gaussian points with labels of both signs, in sixty-fourths."""
    rng = np.random.default_rng([n, d, seed])
    X, y = np.rint(64 * rng.standard_normal((n, d))) / 64, np.rint(64 * rng.standard_normal(n)) / 64
    return Dataset(tuple(tuple(map(Fraction, x)) for x in X), tuple(map(Fraction, y)))


@pytest.mark.parametrize(
    ("n", "d", "width", "kind"),
    [(4, 2, 60, "balanced"), (8, 3, 40, "undominated"), (6, 5, 40, "dominated"), (12, 8, 30, "balanced"),
     (10, 30, 20, "unbalanced")],
)  # fmt: skip
def test_the_engines_agree_with_each_other_on_larger_networks(n: int, d: int, width: int, kind: str) -> None:
    data, events = gaussian(n, d, 0), 0
    for leak, loss in ((Fraction(0), "square"), (Fraction(1, 4), "logistic")):
        labelled = (
            data if loss == "square" else Dataset(data.inputs, tuple(Fraction(1 if y > 0 else -1) for y in data.y))
        )
        start = make_start(width, 0.3, 1, "unbalanced" if kind == "unbalanced" else "balanced", d)
        a = start.a * {"dominated": 1.5, "undominated": 0.5}.get(kind, 1.0)
        runs = {
            (engine, tolerance): simulate(
                Problem(labelled, loss, leak), Network(a, start.w), 3.0, tolerance=tolerance, engine=engine
            )
            for engine in ENGINES
            for tolerance in (FINE, COARSE)
        }
        assert all(found.resolved for found in runs.values())
        own = 2 * sum(distance(runs[engine, FINE], runs[engine, COARSE]) for engine in ENGINES)
        assert distance(runs["patterns", FINE], runs["neurons", FINE]) <= own
        assert own <= 1e-6 * np.max(np.abs(runs["neurons", FINE].w))
        assert runs["patterns", FINE].events == runs["neurons", FINE].events
        events += runs["neurons", FINE].events
    assert events >= 40


@both_engines
@settings(max_examples=settings().max_examples // 5)
@given(case=in_many_dimensions(), seed=st.integers(0, 10**6))
def test_exchanged_coordinates_and_split_neurons_change_nothing(engine: EngineName, case: FlowCase, seed: int) -> None:
    plain, coarse = run(case, engine, FINE), run(case, engine, COARSE)
    assume(not len(plain.resting))
    order = np.random.default_rng(seed).permutation(case.data.d)
    data = Dataset(tuple(tuple(x[k] for k in order) for x in case.data.inputs), case.data.labels)
    _, _, a, w = case.arrays
    halves = Network(np.tile(a, 2) / np.sqrt(2), np.tile(w[:, order], (2, 1)) / np.sqrt(2))
    other = simulate(Problem(data, case.loss, case.leak), halves, float(case.time), tolerance=FINE, engine=engine)
    gap = np.max(np.abs(np.sqrt(2) * network(other.a, other.w)[: len(a)] - network(plain.a, plain.w[:, order])))
    assert gap <= 4 * distance(plain, coarse) + 1e-12 * max(1, plain.steps) * np.max(np.abs(plain.w))


@pytest.mark.parametrize(("n", "d", "width"), [(10, 20, 40), (30, 30, 20), (40, 8, 60)])
def test_where_patterns_are_many_neurons_are_followed_one_by_one(n: int, d: int, width: int) -> None:
    start = make_start(width, 1e-3, 0, "balanced", d)
    assert start_engine(FlowProblem.of(gaussian(n, d, 0)), start.a, start.w, 1e-8).name == "neurons"
    assert start_engine(FlowProblem.of(gaussian(4, 2, 0)), start.a, start.w[:, :2], 1e-8).name == "patterns"


def test_a_neuron_sliding_in_many_dimensions_agrees_with_the_reference() -> None:
    """Points along the first two axes that drive neurons onto hyperplanes, in R^12: slides are among the events."""
    slides = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        data = gaussian(6, 12, seed)
        a, w = np.sign(rng.standard_normal(3)), rng.standard_normal((3, 12)) / 8
        a = a * np.linalg.norm(w, axis=1)
        times = np.array([0.0, 12.0])
        fine, coarse = (reference_flow(data.X, data.y, a, w, times, rtol=rtol) for rtol in (FINE, COARSE))
        expected, other = (network(flow.a[-1], flow.w[-1]) for flow in (fine, coarse))
        found, rough = (
            simulate(data, Network(a, w), 12.0, tolerance=tolerance, engine="neurons") for tolerance in (FINE, COARSE)
        )
        theirs = 2 * np.max(np.abs(expected - other)) + fine.right_hand_sides / 12 * FINE * np.max(np.abs(expected))
        assert np.max(np.abs(network(found.a, found.w) - expected)) <= 2 * distance(found, rough) + theirs
        slides += found.slides
    assert slides >= 2


@settings(max_examples=settings().max_examples // 4)
@given(case=in_many_dimensions((2, 6)), first=st.sampled_from(ENGINES), data=st.data())
def test_a_run_that_passes_between_the_engines_agrees_with_one_that_does_not(first, case: FlowCase, data) -> None:
    """At any moments, also while neurons slide; and with the unreduced reference."""
    end = float(case.time)
    moments = sorted(data.draw(st.lists(st.floats(0.05, 0.95), min_size=1, max_size=3, unique=True)))
    _, _, a, w = case.arrays
    try:
        trusted = follow(case, np.linspace(0.0, end, 3))
    except RuntimeError:
        assume(False)
    alone, coarse = run(case, first, FINE), run(case, first, COARSE)
    assume(not len(alone.resting) and not alone.partial)
    engine = start_engine(FlowProblem.of(case.problem), a.copy(), w.copy(), FINE, first)
    engine.log = []
    for moment in moments:
        engine.advance(moment * end)
        other: EngineName = "neurons" if engine.name == "patterns" else "patterns"
        engine = passed_on(engine, other)
        assert engine.name == other
    engine.advance(end)
    # Every part of the run has its own steps, which differ by the tolerance even where coarse and fine steps are equal.
    own = 2 * distance(alone, coarse) + FINE * float(np.max(np.abs(network(alone.a, alone.w))))
    theirs = trusted.error(lambda a, w: np.concatenate([a[..., None], w], axis=-1))
    there = engine.state.neurons()
    assert np.max(np.abs(there - network(alone.a, alone.w))) <= own
    assert np.max(np.abs(there - network(trusted.fine.a[-1], trusted.fine.w[-1]))) <= own + theirs
    assert alone.history is not None
    expected = [(event.neuron, event.hyperplane, event.kind) for event in alone.history]
    assert Counter((event.neuron, event.hyperplane, event.kind) for event in engine.log) == Counter(expected)
    assert engine.counters.events == alone.events


def test_a_long_run_passes_to_patterns_as_they_fill_and_can_be_resumed() -> None:
    """Eight points in R^6 and 400 neurons: at first 127 patterns or so, after alignment few."""
    rng = np.random.default_rng(3)
    data = Dataset.from_arrays(rng.standard_normal((8, 6)), rng.standard_normal(8))
    start = make_start(400, 1e-3, 0, "balanced", 6)
    seen: list[tuple[float, str]] = []
    found = simulate(data, start, 40.0, observe=lambda engine: seen.append((engine.time, engine.name)))
    names = [name for _, name in seen]
    assert names[0] == "neurons"
    assert names[-1] == "patterns"
    by_neurons, by_patterns = (simulate(data, start, 40.0, engine=engine) for engine in ENGINES)
    assert distance(found, by_patterns) <= 2 * max(distance(by_neurons, by_patterns), 1e-8)
    assert found.events == by_patterns.events


def test_an_engine_that_was_passed_on_is_restored_as_it_is() -> None:
    rng = np.random.default_rng(5)
    problem = FlowProblem.of(Problem(Dataset.from_arrays(rng.standard_normal((6, 8)), rng.standard_normal(6))))
    start = make_start(12, 0.1, 0, "balanced", 8)
    for first, then in (ENGINES, ENGINES[::-1]):
        engine = start_engine(problem, start.a.copy(), start.w.copy(), 1e-8, first)
        engine.advance(1.0)
        engine = passed_on(engine, then)
        restored = restored_engine(problem, engine_arrays(engine))
        for one in (engine, restored):
            one.advance(3.0)
        assert restored.name == then
        assert np.array_equal(restored.state.neurons(), engine.state.neurons())
        assert restored.counters == engine.counters
