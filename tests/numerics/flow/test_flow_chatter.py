"""A flow that is not followed where it slides chatters, and a run that chatters is stopped with a clear sentence.

One that is at rest next to a hyperplane is not: what moves its neurons to and fro is the error of the drift.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, Network, Simulation, limit_process, make_start, simulate
from early_alignment.numerics.flow.engine.chatter import APART, EACH, SPARE, Chatter
from early_alignment.numerics.flow.engine.engine import Engine
from early_alignment.numerics.flow.engine.problem import FlowProblem
from early_alignment.proofs_check.cases.strategies import neurons, sliding_datasets


def without_sliding(data: Dataset, a: np.ndarray, w: np.ndarray, time: float, tolerance: float = 1e-8) -> Simulation:
    """The engine with every hyperplane taken for one that is crossed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FlowProblem, "attracting", lambda self, pulls, sign: np.zeros(len(self.normals), dtype=bool))
        return simulate(data, Network(a, w), time, tolerance=tolerance)


@settings(max_examples=3 * settings().max_examples // 20)
@given(st.data(), st.sampled_from((1e-6, 1e-8, 1e-11)))
def test_a_run_without_sliding_is_stopped_where_a_neuron_should_slide(draw: st.DataObject, tolerance: float) -> None:
    data = draw.draw(sliding_datasets())
    start = draw.draw(neurons(data, (1, 4), "balanced"))
    sound = simulate(data, start, 6.0, tolerance=tolerance, history=True)
    assert not sound.partial
    assert sound.history is not None
    sliding = {event.neuron for event in sound.history if event.kind == "slide"}
    # A slide that another neuron's move ends at once leaves no time to chatter.
    assume(any(np.all(np.abs(data.X @ sound.w[j]).min() < 1e-9 * np.linalg.norm(sound.w[j])) for j in sliding))
    stopped = without_sliding(data, start.a, start.w, 6.0, tolerance)
    assert stopped.partial
    assert not stopped.resolved
    assert "chatters where it should slide" in str(stopped.reason)
    assert stopped.events <= len(start.a) * (SPARE + EACH * data.n + 1)


def test_stewart_without_sliding_is_stopped() -> None:
    data = Dataset.published("stewart")
    start = make_start(40, 1e-3, 0, "balanced", data.d)
    stopped = without_sliding(data, start.a, start.w, 4000.0)
    assert stopped.partial
    assert not stopped.resolved
    assert stopped.time < 400.0
    assert "chatters where it should slide" in str(stopped.reason)


def test_events_are_counted_until_some_steps_go_by_without_one() -> None:
    chatter = Chatter(width=3, hyperplanes=1)
    limit = SPARE + EACH
    assert [len(chatter.note(np.array([2]))) for _ in range(limit)] == [0] * limit
    chatter.progress += APART + 0.5  # the counts are reset
    for _ in range(limit):
        assert len(chatter.note(np.array([2]))) == 0
        chatter.progress += 1.0  # they are not
    assert len(chatter.note(np.array([0, 1, 0]))) == 0
    assert chatter.note(np.array([1, 2])).tolist() == [2]


def test_the_event_limit_exceeds_the_events_of_one_step() -> None:
    data = Dataset.published("stewart")
    start = make_start(300, 1e-3, 1, "balanced", data.d)
    counts = []
    note = Chatter.note

    def counted(self: Chatter, chosen: np.ndarray) -> np.ndarray:
        found = note(self, chosen)
        counts.append(int(self.count.max()))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Chatter, "note", counted)
        result = simulate(data, start, 400.0, tolerance=1e-7)
    assert not result.partial
    assert max(counts) <= 2 * data.n  # a quarter of the limit


AT_REST = {
    # Integer points without the bias, and labels: the network stays next to the hyperplane of a point that is fitted
    # (the first two) or at the end of a slope (the last).
    "line-4": ([[-3], [-1], [0], [3]], [1, 1, -3, 0]),
    "plane-6": ([[0, -2], [-1, -1], [-2, 1], [-1, 1], [-2, 2], [2, 2]], [0, 2, 1, -3, -1, 0]),
    "line-5": ([[-3], [-1], [0], [2], [3]], [-1, -2, 2, -2, -1]),
}


def with_bias(name: str) -> Dataset:
    inputs, labels = AT_REST[name]
    return Dataset.from_arrays([[*map(str, row), "1"] for row in inputs], [str(label) for label in labels])


@pytest.mark.parametrize(
    ("name", "seed", "time"),
    [("line-4", 49, 463.0), ("plane-6", 41, 426.0), ("line-5", 1, 1280.0)],
)
def test_a_network_at_rest_next_to_a_hyperplane_stays_there(name: str, seed: int, time: float) -> None:
    """Errors of the drift, far below every motion, put neurons from side to side in step after step."""
    data = with_bias(name)
    limit = limit_process(data)
    run = simulate(data, make_start(100, 1e-60, seed, "balanced", data.d), time)
    assert run.resolved, run.reason
    assert run.losses[-1] == pytest.approx(limit.loss, rel=1e-9)
    assert float((run.a**2).sum()) == pytest.approx(limit.norm, rel=1e-6)


def test_held_neurons_are_looked_for_once_they_may_have_moved() -> None:
    data, gap = Dataset.published("stewart"), 1e-3
    start = make_start(30, 1e-3, 0, "balanced", data.d)
    engine = Engine.start(FlowProblem.of(data), start.a, start.w, 1e-8)
    engine.advance(1.0)
    state, g = engine.state, engine.state.groups.active()
    u = int(np.argmax(g.size))
    members = state.groups.members[u]
    held, rows = members[:1], np.where(state.sign[members] > 0, 0, 1)
    state.hold(held, gap)
    assert g.bound[u, rows[0]] <= state.safe[held[0]]
    # Half of the gap is used up when the distances of all are measured again.
    g.travel[u] += gap / 2 * np.exp(g.turned[u])
    assert not np.isin(held, state.start_measuring(u)).any()
    assert state.safe[held[0]] == pytest.approx(gap / 2)
    g.travel[u] += gap
    assert np.isin(held, state.start_measuring(u)).all()
    state.release(held)
    assert not state.held.any()
