"""A flow that is not followed where it slides chatters, and a run that chatters is stopped with a clear sentence."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, Network, Simulation, make_start, simulate
from early_alignment.numerics.flow.engine.chatter import APART, EACH, SPARE, Chatter
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
    assert [chatter.note(np.array([2])) for _ in range(limit)] == [None] * limit
    chatter.progress += APART + 0.5  # the counts are reset
    for _ in range(limit):
        assert chatter.note(np.array([2])) is None
        chatter.progress += 1.0  # they are not
    assert chatter.note(np.array([0, 1, 0])) is None
    assert chatter.note(np.array([1, 2])) == 2


def test_the_event_limit_exceeds_the_events_of_one_step() -> None:
    data = Dataset.published("stewart")
    start = make_start(300, 1e-3, 1, "balanced", data.d)
    counts = []
    note = Chatter.note

    def counted(self: Chatter, chosen: np.ndarray) -> int | None:
        found = note(self, chosen)
        counts.append(int(self._count.max()))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Chatter, "note", counted)
        result = simulate(data, start, 400.0, tolerance=1e-7)
    assert not result.partial
    assert max(counts) <= 2 * data.n  # a quarter of the limit
