"""Lists of extremal vectors that a search could not complete: what starts reach is added to them."""

import itertools
import signal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, extremal_vectors, make_start, predict
from early_alignment.numerics.extremal import face
from early_alignment.numerics.extremal.face import ended_by_interrupt

GAUSSIAN = Path(__file__).parents[2] / "data" / "gaussian_n30_d10.csv"


@settings(max_examples=3 * settings().max_examples // 20)
@given(st.integers(0, 10**6))
def test_the_start_has_the_fates_that_a_complete_list_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(3, 9)), int(rng.integers(3, 5))
    data = Dataset.from_arrays(rng.standard_normal((n, d)), rng.standard_normal(n))
    start = make_start(40, 1e-3, seed, "balanced", d)
    whole, partial = predict(data, start), predict(data, start, route="tree", seconds=0.0)
    assert whole.extremal.complete
    assert not partial.extremal.complete
    assert partial.extremal.d_max <= whole.extremal.d_max * (1 + 1e-12)
    assert partial.extremal.d_star <= partial.extremal.d_max
    found = {(vector.exact, vector.sign): vector for vector in whole.extremal.vectors}
    for vector in partial.extremal.vectors:
        assert found[vector.exact, vector.sign].pattern == vector.pattern
        assert found[vector.exact, vector.sign].stability == vector.stability
    fates = [
        {
            (result.extremal.vectors[group.extremal].exact, group.neurons, group.latest_time)
            for group in result.fates.followers
        }
        for result in (whole, partial)
    ]
    assert fates[0] == fates[1]
    assert partial.fates.undecided == whole.fates.undecided


def test_random_starts_find_vectors_where_the_search_finds_none() -> None:
    data = Dataset.from_csv(str(GAUSSIAN))
    assert not extremal_vectors(data, route="tree", seconds=0.0).vectors
    found = predict(data, route="tree", seconds=0.0).extremal
    assert not found.complete
    assert not found.understood
    assert len(found.vectors) >= 5
    assert {vector.stability for vector in found.vectors} == {"attracting"}
    assert {vector.sign for vector in found.vectors} == {1, -1}
    assert found.d_star == found.vectors[0].norm <= found.d_max


def test_an_interrupt_ends_a_search_and_keeps_what_it_has_found(request: pytest.FixtureRequest) -> None:
    data = Dataset.from_csv(str(GAUSSIAN))
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, inherited))
    before = signal.getsignal(signal.SIGINT)
    with ended_by_interrupt():
        signal.raise_signal(signal.SIGINT)
        found = extremal_vectors(data)  # without a time limit
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert not found.complete
    assert signal.getsignal(signal.SIGINT) is before
    assert extremal_vectors(Dataset.published("three-points")).complete


def test_a_time_limit_holds_for_general_position_and_in_high_dimension(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that advances by one second at every reading."""
    rng = np.random.default_rng(0)
    readings = itertools.count()
    monkeypatch.setattr(face, "time", SimpleNamespace(monotonic=lambda: float(next(readings))))
    for n, d in ((60, 5), (20, 20)):
        data = Dataset.from_arrays(rng.standard_normal((n, d)), rng.standard_normal(n))
        begun = next(readings)
        found = predict(data, make_start(10, 1e-3, 0, "balanced", d), seconds=4.0)
        assert next(readings) < begun + 40
        assert not found.extremal.complete
        assert len(found.extremal.vectors) > 1
        assert not found.fates.undecided
        assert found.general_position is (None if n > d else True)
