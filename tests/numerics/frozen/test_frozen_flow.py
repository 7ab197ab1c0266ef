"""The whole frozen flow against an independent integration with events, on random data of every sort."""

from __future__ import annotations

import numpy as np
import pytest

from early_alignment import Dataset, Fate, FrozenAlignment, Network, Problem, extremal_vectors, frozen_alignment
from early_alignment.numerics.frozen.faces import Kind, Reason

from .frozen_oracle import NotUnique, Oracle

LEAKS = (0.0, 0.1, 0.9)
LOSSES = ("square", "logistic")
NEURONS = 4
# DOP853 runs at rtol 1e-13 with steps of 0.05 relaxation times: some hundred steps, each within 1e-13, grown by at most
# e^3 over the horizon, give 1e-10; event times divide by the speed at the crossing, hence the two further digits.
ALLOWED = 1e-8


def random_case(seed: int) -> tuple[Dataset, float, str, np.ndarray, np.ndarray]:
    """Data (d = 1..4, every fourth with duplicate and opposite points), leak, loss, and starts of each kind."""
    rng = np.random.default_rng(seed)
    d, n, leak, loss = int(rng.integers(1, 5)), int(rng.integers(1, 8)), LEAKS[seed % 3], LOSSES[seed // 3 % 2]
    X = rng.standard_normal((n, d))
    y = rng.choice([-1.0, 1.0], n) if loss == "logistic" else rng.standard_normal(n)
    if seed % 4 == 0:
        X, y = np.vstack([X, 2 * X[:1], -X[:1]]), np.append(y, [1.0, -1.0])
    w = rng.standard_normal((NEURONS, d))
    length = np.linalg.norm(w, axis=1)
    size = (length, length, length * (1 + rng.random(NEURONS)), 1.5 * length, length * rng.random(NEURONS))[seed % 5]
    return Dataset.from_arrays(X, y), leak, loss, rng.choice([-1, 1], NEURONS) * size, w


def event_times(result: FrozenAlignment, neuron: int, until: float) -> np.ndarray:
    """The distinct times, up to `until`, at which a neuron meets hyperplanes."""
    times = np.array([time for time, _, kind in result.events.of(neuron) if kind != Kind.SIGN])
    return np.unique(times[times <= until])


@pytest.mark.parametrize("seed", range(60))
def test_the_frozen_flow_equals_the_reference(seed):
    data, leak, loss, a, w = random_case(seed)
    result = frozen_alignment(Problem(data, loss, leak), Network(a, w), record=True)
    horizon = 3 / (np.abs(data.y).mean() * np.linalg.norm(data.X, axis=1).mean())
    oracle = Oracle(data.X, data.y, loss, leak)
    for j in range(NEURONS):
        until = min(horizon, 0.9 * result.stop_time[j])  # where the flow stops being unique there is nothing to compare
        trace = oracle.run(a[j], w[j], until)
        path = result.path(j, [until])
        assert np.linalg.norm(path.direction[0] - trace.w / np.linalg.norm(trace.w)) < ALLOWED
        assert abs(path.log_a[0] - np.log(abs(trace.a))) < ALLOWED
        assert path.sign[0] == np.sign(trace.a)
        np.testing.assert_allclose(event_times(result, j, until), trace.event_times, rtol=0, atol=ALLOWED)


def test_the_random_cases_meet_every_fate_and_event():
    results = []
    for seed in range(60):
        data, leak, loss, a, w = random_case(seed)
        results.append(frozen_alignment(Problem(data, loss, leak), Network(a, w), record=True))
    assert {int(fate) for r in results for fate in r.fate} == set(Fate)
    assert {int(kind) for r in results for kind in r.events.kind} == set(Kind)
    assert {int(reason) for r in results for reason in r.reason} >= {Reason.REACHES_ZERO}


@pytest.mark.parametrize("seed", range(0, 200, 5))
def test_an_aligned_neuron_follows_a_vector_of_the_enumeration(seed):
    data, leak, loss, a, w = random_case(seed)
    vectors = extremal_vectors(Problem(data, loss, leak))
    result = frozen_alignment(Problem(data, loss, leak), Network(a, w), extremal=vectors)
    aligned = result.fate == Fate.EXTREMAL
    assert (result.extremal[aligned] >= 0).all()
    assert (result.extremal[~aligned] == -1).all()
    for number in set(result.extremal[aligned].tolist()):
        assert vectors.vectors[number].stability not in ("saddle", "repelling")


def test_the_oracle_refuses_a_repelling_hyperplane():
    oracle = Oracle(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([2.0, -1.0]), "square", 0.0)
    with pytest.raises(
        NotUnique
    ):  # the drift is (-1, -1)/2 on one side of the first hyperplane, (1, -1)/2 on the other
        oracle.choose([0, 1], {0: (-1, 0, 1)}, 1)
    assert oracle.choose([0, 1], {0: (-1, 0, 1)}, -1) == [0, 1]
