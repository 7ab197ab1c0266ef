"""The flow from starts whose squares underflow: the same as from larger ones, later by log(1/lambda)."""

import numpy as np
import pytest

from early_alignment import Dataset, InputError, Network, make_start, simulate
from early_alignment.numerics.flow.engine.scaling import lengths
from early_alignment.numerics.flow.simulation import SMALLEST_NEURON

DATA = Dataset.published("orthogonal-toy")


@pytest.mark.parametrize("kind", ["balanced", "dominated"])
@pytest.mark.parametrize("scale", [1e-150, 1e-160, 1e-170, 1e-250, 1e-280])
def test_tiny_starts_escape_at_the_predicted_time(kind: str, scale: float) -> None:
    """On orthogonal-toy the labels are fitted one after the other, at s = t / log(1/lambda) near 0.894 and 1.789."""
    start, clock = make_start(60, scale, 0, kind, DATA.d), -np.log(scale)
    run = simulate(DATA, start, 2.0 * clock)
    assert run.resolved
    assert run.losses[-1] < 1e-15
    for level, slope in ((0.375, 0.894427), (0.125, 1.788854)):
        passed = run.times[np.argmax(run.losses < level)]
        assert passed / clock == pytest.approx(slope, abs=20 / clock)  # a time of order 1 beside the clock


def test_a_dominated_start_keeps_its_imbalance_at_any_scale() -> None:
    """As long as the outputs are negligible nothing depends on the scale, nor does the conserved a^2 - ||w||^2."""
    runs = []
    for scale in (1e-20, 1e-220):
        start = make_start(30, scale, 4, "dominated", DATA.d)
        run = simulate(DATA, start, 6.0)
        runs.append((run.a / scale, run.w / scale, run.events))
        excess = [(a / scale) ** 2 - np.square(w / scale).sum(axis=1) for a, w in ((start.a, start.w), (run.a, run.w))]
        assert np.allclose(*excess, rtol=0, atol=1e-13 * float(np.square(run.a / scale).max()))
    assert runs[0][2] == runs[1][2] > 0
    assert np.allclose(runs[0][0], runs[1][0], rtol=1e-10)
    assert np.allclose(runs[0][1], runs[1][1], rtol=0, atol=1e-10 * np.abs(runs[0][1]).max())


def test_lengths_of_tiny_neurons_do_not_underflow() -> None:
    rows = np.array([[3e-200, 4e-200], [0.0, 0.0], [3.0, -4.0]])
    assert lengths(rows) == pytest.approx([5e-200, 0.0, 5.0], rel=1e-15, abs=0.0)


def test_starts_that_lose_digits_are_refused() -> None:
    start = make_start(4, 1e-250, 0, "balanced", DATA.d)
    small = 1e-2 * SMALLEST_NEURON / np.abs(start.a).max()
    with pytest.raises(InputError, match="neuron 1 has size"):
        simulate(DATA, Network(small * start.a, small * start.w), 1.0)
    with pytest.raises(InputError, match="between 1e-280"):
        make_start(4, 1e-281, 0, "balanced", DATA.d)


@pytest.mark.parametrize(
    ("points", "labels", "seed"),
    [((-1, 0, 1), (-3, 0, -2), 11), ((-3, -2, -1, 1, 3), (2, 0, -2, -2, -2), 23)],
    ids=["three", "five"],
)
def test_neurons_that_shrink_for_long_are_turned_by_rounding_and_followed(points, labels, seed) -> None:
    """Two inputs are orthogonal, so that a neuron on the one's hyperplane moves straight towards the origin."""
    data = Dataset.from_arrays([[str(x), "1"] for x in points], [str(y) for y in labels])
    run = simulate(data, make_start(100, 1e-60, seed, "balanced", data.d), 600.0)
    assert run.resolved, run.reason
    assert run.losses[-1] < 1e-13
    assert np.abs(run.a).min() > 0.0
    assert np.linalg.norm(1e100 * run.w, axis=1) == pytest.approx(1e100 * np.abs(run.a), rel=1e-9)


def test_a_neuron_that_shrinks_below_the_doubles_ends_the_run() -> None:
    """Pinned neurons shrink for as long as they are pinned."""
    data = Dataset.from_arrays([[str(x), "1"] for x in (-3, -1, 0, 2, 3)], ["-1", "-2", "2", "-2", "-1"])
    run = simulate(data, make_start(60, 1e-250, 1, "balanced", data.d), 600.0)
    assert not run.resolved
    assert "has shrunk below 1e-300" in str(run.reason)
    assert np.abs(run.a).min() > 0.0
