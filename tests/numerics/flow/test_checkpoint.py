"""A run that is saved and restored continues bit by bit like the uninterrupted one; damaged files are refused."""

import io

import numpy as np
import pytest
from hypothesis import given, settings

from early_alignment import Dataset, Network, make_start
from early_alignment.numerics.flow.checkpoint import Damaged
from early_alignment.numerics.flow.engine.engine import Engine
from early_alignment.numerics.flow.engine.events import NotResolved
from early_alignment.numerics.flow.engine.problem import FlowProblem
from early_alignment.numerics.flow.engines import EngineName
from early_alignment.numerics.flow.line import line_of
from early_alignment.numerics.flow.run import FlowRun
from early_alignment.numerics.flow.simulation import Recorded, start_run
from early_alignment.proofs_check.cases.strategies import FlowCase, flow_cases

both_engines = pytest.mark.parametrize("engine", ["patterns", "neurons"])


class _Stopped(Exception):
    pass


def written_and_read(run: FlowRun, problem: FlowProblem) -> FlowRun:
    """The run, saved to a file and restored."""
    file = io.BytesIO()
    np.savez(file, **run.arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as found:
        return FlowRun.restored(problem, {name: found[name] for name in found.files})


def interrupted(run: FlowRun, problem: FlowProblem, every: int) -> tuple[FlowRun, int]:
    """The run, restored after every so many calls of `watch`; and how often that was."""
    restored = 0
    while not run.finished:
        calls = 0

        def watch(_: FlowRun) -> None:
            nonlocal calls
            calls += 1
            if calls == every:
                raise _Stopped

        try:
            run.follow(watch)
        except _Stopped:
            run, restored = written_and_read(run, problem), restored + 1
    return run, restored


def same(one: FlowRun, other: FlowRun) -> bool:
    """Whether two runs are equal bit by bit, apart from the seconds on the clock."""
    first, second = one.arrays(), other.arrays()
    first["run"][3] = second["run"][3] = 0.0
    return first.keys() == second.keys() and all(first[name].tobytes() == second[name].tobytes() for name in first)


@both_engines
@pytest.mark.parametrize(
    ("name", "width", "scale", "time", "every"),
    [
        pytest.param("stewart", 50, 1e-3, 14.0, 4, marks=pytest.mark.slow),
        ("non-orthogonal-toy", 40, 1e-6, 400.0, 2),
        ("three-points", 30, 0.5, 10.0, 1),
    ],
)
def test_a_run_restored_repeatedly_equals_the_uninterrupted_one(name, width, scale, time, every, engine):
    data = Dataset.published(name)
    start, problem = make_start(width, scale, 1), FlowProblem.of(data)
    recorded = Recorded(history=True, kept=20, line=line_of(data))
    whole = start_run(data, start, time, recorded=recorded, engine=engine)
    assert whole.follow() == ""
    run, restored = interrupted(start_run(data, start, time, recorded=recorded, engine=engine), problem, every)
    assert restored > 10
    assert run.engine.counters.events > 10
    assert same(run, whole)


@both_engines
def test_a_run_with_neurons_held_at_their_hyperplanes_is_restored_to_the_bit(engine: EngineName) -> None:
    data = Dataset.published("three-points")
    start, problem, recorded = make_start(30, 0.5, 1), FlowProblem.of(data), Recorded(kept=5)
    plain, whole, parts = (start_run(data, start, 10.0, recorded=recorded, engine=engine) for _ in range(3))
    for run in (whole, parts):
        run.engine.state.hold(np.arange(30), 1e-2)
    assert plain.follow() == whole.follow() == ""
    parts, restored = interrupted(parts, problem, 1)
    assert restored > 10
    assert same(parts, whole)
    assert not same(plain, whole)


@both_engines
@settings(max_examples=3 * settings().max_examples // 25)
@given(case=flow_cases(n=(1, 5), d=(1, 3), width=(1, 4), longest=6))
def test_every_run_can_be_saved_and_restored(engine: EngineName, case: FlowCase) -> None:
    _, _, a, w = case.arrays
    problem = FlowProblem.of(case.problem)
    recorded = Recorded(history=True, kept=2)
    whole, parts = (
        start_run(case.problem, Network(a, w), float(case.time), recorded=recorded, engine=engine) for _ in range(2)
    )
    try:
        whole.follow()
        parts, _ = interrupted(parts, problem, 7)
    except NotResolved:
        return
    assert same(parts, whole)


def written_by(engine):
    data, start = Dataset.published("orthogonal-toy"), make_start(12, 1e-3, 0)
    run = start_run(data, start, 10.0, recorded=Recorded(history=True, kept=5, line=line_of(data)), engine=engine)
    run.follow()
    return FlowProblem.of(data), run.arrays()


@pytest.fixture(scope="module")
def written():
    return written_by("patterns")


@pytest.fixture(scope="module")
def written_neurons():
    return written_by("neurons")


def test_every_array_is_needed_and_checked(written):
    problem, arrays = written
    assert FlowRun.restored(problem, arrays).finished
    required = [
        name for name in arrays if name not in ("engine_events", "line")
    ]  # without them there is no log, no line
    for name in required:
        with pytest.raises(Damaged):
            FlowRun.restored(problem, {key: array for key, array in arrays.items() if key != name})
    for name in arrays:
        for wrong in (arrays[name].astype(np.complex128), np.zeros((1, 2, 3, 4)), arrays[name].ravel()[:-1]):
            differs = wrong.dtype != arrays[name].dtype or wrong.shape != arrays[name].shape
            if differs and not (name == "needed" and wrong.ndim == 1 and wrong.dtype == np.float64):
                with pytest.raises(Damaged):
                    FlowRun.restored(problem, arrays | {name: wrong})


def test_the_arrays_of_single_neurons_are_needed_and_checked(written_neurons):
    problem, arrays = written_neurons
    assert FlowRun.restored(problem, arrays).engine.name == "neurons"
    for name in [name for name in arrays if name not in ("engine_events", "line")]:
        with pytest.raises(Damaged):
            FlowRun.restored(problem, {key: array for key, array in arrays.items() if key != name})
    for name, change in (
        ("engine_places", lambda array: array * np.nan),
        ("engine_places", lambda array: array[:, 1:]),
        ("engine_pattern", lambda array: array * 3),
        ("engine_pattern", lambda array: array[:-1]),
        ("engine_sign", lambda array: array * 0),
        ("engine_gap", lambda array: array - 1),
        ("engine_resting", lambda array: array.astype(np.int8)),
        ("engine_degenerate", lambda array: np.array([99])),
    ):
        with pytest.raises(Damaged):
            FlowRun.restored(problem, arrays | {name: change(arrays[name])})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("engine_members", lambda array: array * 0),
        ("engine_group", lambda array: array + 1),
        ("engine_size", lambda array: -array),
        ("engine_sign", lambda array: array * 0),
        ("engine_pattern", lambda array: array * 0),
        ("engine_frame", lambda array: array * np.nan),
        ("engine_events", lambda array: array + 7),
        ("times", lambda array: array[::-1].copy()),
        ("outputs", lambda array: array * np.nan),
        ("run", lambda array: array + 1),
        ("run", lambda array: array * np.array([1.0, 0.5, 1.0, 1.0, 1.0])),
    ],
)
def test_arrays_that_contradict_each_other_are_refused(written, name, change):
    problem, arrays = written
    with pytest.raises(Damaged):
        FlowRun.restored(problem, arrays | {name: change(arrays[name])})


def test_the_rounding_level_of_the_start_is_restored():
    """Restored at a fitted point, where all drifts are rounding, an engine must not take that for its scale."""
    data, start = Dataset.published("orthogonal-toy"), make_start(12, 1e-3, 0)
    run = start_run(data, start, 400.0, recorded=Recorded(kept=1))
    run.follow()
    problem = FlowProblem.of(data)
    restored = written_and_read(run, problem).engine
    afresh = Engine(problem, restored.state, restored.tolerance)
    assert restored.noise == run.engine.noise > 1e3 * afresh.noise
