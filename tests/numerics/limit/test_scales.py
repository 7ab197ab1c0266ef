"""How far runs at finite scales are from the limit: rates of approach and exponents, beside simulated flows."""

import numpy as np
import pytest

from early_alignment import Dataset, Limit, Network, Start, limit_process, make_start, simulate
from early_alignment.numerics.limit import transit
from early_alignment.numerics.limit.scales import Cause

SLOW = Dataset.from_arrays(
    [["0", "-2", "1"], ["2", "-1", "1"], ["1", "0", "1"], ["0", "1", "1"], ["0", "2", "1"]],
    ["-3", "-1", "3", "-3", "2"],
)
"""The network leaves its last saddle so soon that it has not come to rest there."""
TWO_KINDS = Dataset.from_arrays(
    [["-1", "-1", "1"], ["0", "-1", "1"], ["2", "-1", "1"], ["-1", "2", "1"]], ["-1", "-3", "2", "3"]
)
"""Neurons of the second kind have a size of lambda^0.12 when those of the first leave the origin."""

TOY = Dataset.published("non-orthogonal-toy")


def limit_and_errors(data: Dataset, seed: int, scales: list[float]) -> tuple[Limit, np.ndarray]:
    """The limit from a start of 16 neurons, and how much the norms of runs from it differ, as a share."""
    limit = limit_process(data, make_start(16, 1.0, seed, "balanced", data.d))
    norms = []
    for scale in scales:
        until = -1.3 * np.log(scale) * limit.saddles[-1].time + 300
        run = simulate(data, make_start(16, scale, seed, "balanced", data.d), until, tolerance=1e-10)
        norms.append(float((run.a**2).sum()))
    return limit, np.abs(np.array(norms) / limit.norm - 1)


@pytest.mark.parametrize(("data", "seed"), [(SLOW, 16), (TWO_KINDS, 19), (TOY, 0)])
def test_the_slowest_rate_is_that_at_which_the_flow_comes_to_rest(
    data: Dataset, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[tuple[float, float]]] = []

    class Recorded(transit.FlowRun):
        def follow(self, watch, done, observe):
            def noted(run):
                seen[-1].append((run.engine.time, run.engine.state.speed()))
                return done(run)

            if self.engine.time == 0.0:
                seen.append([])
            return super().follow(watch, noted, observe)

    monkeypatch.setattr(transit, "FlowRun", Recorded)
    limit = limit_process(data, make_start(16, 1.0, seed, "balanced", data.d))
    rates = []
    for passage in seen[:-1]:
        times, speeds = np.array(passage).T
        late = (speeds < 1e4 * speeds[-1]) & (times > times[np.argmax(speeds)])
        rates.append(-np.polyfit(times[late], np.log(speeds[late]), 1)[0])
    assert rates == pytest.approx([saddle.approach for saddle in limit.saddles[1:]], rel=2e-3)
    assert limit.saddles[0].approach == np.inf


def test_the_distance_falls_with_the_rate_of_approach() -> None:
    scales = [1e-160, 1e-240]
    limit, errors = limit_and_errors(SLOW, 16, scales)
    distance = limit.distance
    assert distance is not None
    assert (distance.saddle, distance.cause) == (2, Cause.APPROACH)
    slope = np.log(errors[0] / errors[1]) / np.log(scales[0] / scales[1])
    assert slope == pytest.approx(distance.exponent, rel=0.05)


def test_the_distance_falls_with_the_size_of_the_neurons_that_leave_later() -> None:
    scales = [1e-8, 1e-14]
    limit, errors = limit_and_errors(TWO_KINDS, 19, scales)
    first, distance = limit.saddles[0], limit.distance
    second = first.candidates[1]
    others = 2 * second.norm * (second.time - first.time)
    slope = np.log(errors[0] / errors[1]) / np.log(scales[0] / scales[1])
    assert slope == pytest.approx(others, rel=0.02)
    # When these neurons leave the next saddle, they are off their direction by the root of that: a bound.
    assert distance is not None
    assert (distance.saddle, distance.cause) == (1, Cause.ANGLE)
    assert distance.exponent == pytest.approx(others / 2)
    assert np.all(errors <= [distance.at(scale) for scale in scales])


def test_the_angle_of_the_first_neurons_is_their_size() -> None:
    """On three points one kind leaves the origin: from lambda to any size it turns by lambda over that size."""
    data = Dataset.published("three-points")
    w = np.array([[-0.8, 1.0]])
    limit = limit_process(data, Start(np.linalg.norm(w, axis=1), w, "balanced", 1.0, None))
    assert limit.distance is not None
    assert (limit.distance.exponent, limit.distance.cause) == (pytest.approx(1.0), Cause.ANGLE)
    escape = limit.saddles[0].escape
    along, angles = escape.vector / escape.norm, []
    for scale in (1e-6, 1e-8):
        small = Network(scale * np.linalg.norm(w, axis=1), scale * w)
        run = simulate(data, small, np.log(1e-4 / scale) / escape.norm, tolerance=1e-12)
        across = run.w[0] - (run.w[0] @ along) * along
        angles.append(float(np.linalg.norm(across) / np.linalg.norm(run.w[0])))
    assert np.log(angles[0] / angles[1]) / np.log(1e2) == pytest.approx(1.0, rel=0.02)


def test_a_tie_has_no_scale_that_is_small_enough() -> None:
    distance = limit_process(Dataset.from_arrays([["1", "0"], ["0", "1"]], ["1", "-1"])).distance
    assert distance is not None
    assert distance.cause == Cause.OTHERS
    assert distance.exponent == pytest.approx(0.0, abs=1e-9)
    assert distance.at(1e-300) == pytest.approx(1.0)
