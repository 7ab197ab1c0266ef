"""The comparison of prediction and simulation: inside its bounds on the published data, outside for a wrong theory."""

from dataclasses import replace

import numpy as np
import pytest

from early_alignment import Dataset, InputError, Prediction, compare, make_start, predict, simulate
from early_alignment.numerics.compare.watch import AlignmentWatch, is_comparable


def prediction_of(name: str, width: int, scale: float, kind: str = "balanced", **options) -> Prediction:
    data = Dataset.published(name)
    return predict(data, make_start(width, scale, 0, kind, data.d), **options)


def compared(prediction: Prediction, time: float, tolerance: float = 1e-8):
    return compare(prediction, time, tolerance).comparison


@pytest.mark.parametrize(
    "name", ["three-points", "orthogonal-toy", "non-orthogonal-toy", pytest.param("stewart", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(("scale", "epsilon"), [(1e-2, 0.25), (1e-3, 0.25), (1e-9, 0.5), (1e-30, 0.8)])
@pytest.mark.parametrize("kind", ["balanced", "dominated"])
def test_every_settled_neuron_is_within_its_predicted_bound(name: str, scale: float, epsilon: float, kind: str) -> None:
    prediction = prediction_of(name, 200, scale, kind, epsilon=epsilon)
    assert prediction.tau is not None
    comparison = compared(prediction, 1.01 * prediction.tau)
    assert comparison is not None
    assert comparison.within
    assert prediction.fates is not None
    followers = {group.extremal: len(group.neurons) for group in prediction.fates.followers}
    assert {
        entry.extremal: entry.count + entry.unsettled for entry in comparison.alignment
    }.items() <= followers.items()
    for entry in comparison.alignment:
        assert entry.count + entry.unsettled > 0
        assert entry.allowed < np.pi / 2
    assert any(entry.count for entry in comparison.alignment)
    if scale < 1e-3:
        assert any(entry.timed for entry in comparison.alignment)


def test_angles_and_their_bounds_vanish_with_the_scale() -> None:
    worst = []
    for scale in (1e-10, 1e-20):
        prediction = prediction_of("three-points", 100, scale)
        # What the bound allows for the solver, 2e-12 for each of some hundred steps, is far below the angles.
        comparison = compared(prediction, float(prediction.tau or 0), 1e-12)
        assert comparison is not None
        worst.append(comparison.alignment[0])
    # lambda^epsilon (theory.md 4.4): ten decades at epsilon = 1/4 are 10^2.5
    for name in ("worst_error", "allowed"):
        assert abs(np.log10(getattr(worst[0], name) / getattr(worst[1], name)) - 2.5) < 0.01


def test_a_wrong_direction_or_a_wrong_rate_is_outside() -> None:
    prediction = prediction_of("three-points", 100, 1e-20)
    assert prediction.tau is not None
    start = prediction.start
    assert start is not None

    def entry_after(change) -> tuple[float, float]:
        watch = AlignmentWatch.of(prediction)
        change(watch.followed[0])
        simulate(prediction.data, start, prediction.tau, times=watch.times[1:], observe=watch.observe)
        comparison = watch.result()
        assert comparison is not None
        return comparison.alignment[0].worst_error, comparison.alignment[0].allowed

    def turned(followed) -> None:
        followed.direction = followed.direction @ np.array(
            [[np.cos(0.01), np.sin(0.01)], [-np.sin(0.01), np.cos(0.01)]]
        )

    def faster(followed) -> None:
        followed.rate *= 1.1

    def unchanged(followed) -> None:
        pass

    assert np.less_equal(*entry_after(unchanged))
    assert np.greater(*entry_after(turned))
    assert np.greater(*entry_after(faster))


def test_a_late_neuron_is_outside() -> None:
    prediction = prediction_of("three-points", 100, 1e-20)
    start = prediction.start
    assert start is not None
    assert prediction.tau is not None
    watch = AlignmentWatch.of(prediction)
    simulate(prediction.data, start, prediction.tau, times=watch.times[1:], observe=watch.observe)
    comparison, group = watch.result(), watch.followed[0]
    assert comparison is not None
    on_time = comparison.alignment[0]
    assert comparison.within
    assert on_time.timed > 20
    # a step between recorded times on either side of the allowance
    for shift in (1.1 * on_time.allowed_time, -1.1 * on_time.allowed_time):
        group.arrivals = group.arrivals + shift
        late = watch.result()
        group.arrivals = group.arrivals - shift
        assert late is not None
        assert late.alignment[0].off_time > 0
        assert not late.within


def test_a_wrong_theory_is_outside() -> None:
    prediction = prediction_of("non-orthogonal-toy", 200, 1e-20)
    shifted = replace(prediction.extremal, vectors=prediction.extremal.vectors[::-1])
    comparison = compared(replace(prediction, extremal=shifted), float(prediction.tau or 0))
    assert comparison is not None
    assert not comparison.within


def test_there_is_nothing_to_compare_before_tau_or_outside_the_theory() -> None:
    prediction = prediction_of("three-points", 50, 1e-6)
    assert prediction.tau is not None
    assert compared(prediction, prediction.tau / 2) is None
    for other in (
        prediction_of("three-points", 50, 1e-6, "unbalanced"),
        prediction_of("three-points", 50, 2.0),
        predict(prediction.data),
    ):
        assert not is_comparable(other, 100.0)
    early = compare(prediction, 40.0, until_loss=1.0)
    assert early.simulation.partial
    assert early.comparison is None
    assert early.within
    with pytest.raises(InputError, match="has no start"):
        compare(predict(prediction.data), 40.0)


def test_a_start_whose_square_underflows_is_compared_with_its_prediction() -> None:
    result = compare(predict(Dataset.published("orthogonal-toy"), make_start(60, 1e-200, 0, "balanced", 2)), 2000.0)
    assert result.comparison is not None
    assert result.within
    assert sum(group.count for group in result.comparison.alignment) > 0
