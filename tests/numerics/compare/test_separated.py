"""The end of a flow on separated classes beside its limit, and when theory.md 11.2 does not apply."""

from fractions import Fraction

import numpy as np
import pytest

from early_alignment import Dataset, Network, Problem, Separated, separated, simulate

INPUTS = [["1", "9/10"], ["8/5", "3/5"], ["9/10", "7/5"], ["-1", "-1/5"], ["-3/2", "-1"]]
LABELS = [1, 1, 1, -1, -1]
PAIRS = np.array([[0.06, 0.08], [0.08, 0.06], [-0.06, -0.08], [-0.08, -0.06]])


def ended(
    inputs: list[list[str]] = INPUTS, labels: list[int] = LABELS, leak: str = "0", a: tuple[float, ...] = (1, 1, -1, -1)
) -> Separated | None:
    """The exponential loss up to t = e^60, from balanced neurons along the classes."""
    problem = Problem(Dataset.from_arrays(inputs, labels, loss="exponential"), "exponential", Fraction(leak))
    start = Network(0.1 * np.array(a), PAIRS[: len(a)])
    return separated(problem, simulate(problem, start, float(np.exp(60.0))))


def test_the_shares_of_the_example() -> None:
    """theory.md 11.2 predicts 0.464315 and 0.533303, with errors of order 1/||theta||^2."""
    found = ended()
    assert found is not None
    assert found.reason is None
    assert found.log_time == pytest.approx(60.0)
    assert [side.sign for side in found.sides] == [1, -1]
    positive, negative = found.sides
    assert positive.predicted_share == pytest.approx(0.464315, abs=1e-6)
    assert negative.predicted_share == pytest.approx(0.533303, abs=1e-6)
    for side in found.sides:
        assert side.predicted_share is not None
        assert abs(side.share - side.predicted_share) < 1 / found.norm**2
        assert side.angle < 1 / found.norm
        assert np.linalg.norm(side.direction) == pytest.approx(1.0)
    # h on a class is ||beta|| gamma at least, and ||theta||^2 = 2 (||beta_+|| + ||beta_-||).
    both = 1 / (2 * (1 / positive.margin + 1 / negative.margin))
    assert found.normalised_margin == pytest.approx(both, rel=0.05)
    assert found.to_json()["applies"] is True


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"leak": "1/4"}, "the leak is not 0"),
        ({"inputs": INPUTS[:3], "labels": [1, 1, 1], "a": (1, 1)}, "all points are in one class"),
    ],
)
def test_what_the_limit_does_not_apply_to(changed: dict, words: str) -> None:
    found = ended(**changed)
    assert found is not None
    assert found.reason is not None
    assert words in found.reason
    assert all(side.predicted_share is None for side in found.sides)


def test_neurons_and_directions_that_have_not_taken_sides_are_named() -> None:
    """Shortly after a start that classifies the points: a small neuron is still active on the other class."""
    problem = Problem(Dataset.from_arrays(INPUTS, LABELS, loss="logistic"), "logistic")
    small = Network(np.array([1.0, -1.0, 1e-3]), np.array([[0.6, 0.8], [-0.6, -0.8], [-6e-4, -8e-4]]))
    found = separated(problem, simulate(problem, small, 1e-3))
    assert found is not None
    assert found.reason == "1 of 2 live neurons with a > 0 are not active exactly on the positive points"
    # The third point is near the second one, so that the limit of a < 0 neurons is active on the second one too.
    inputs, labels = [["1/6", "1"], ["1/6", "-1"], ["-1/20", "1"]], [1, 1, -1]
    close = Problem(Dataset.from_arrays(inputs, labels, loss="logistic"), "logistic")
    found = separated(
        close, simulate(close, Network(np.array([1.0, -1.0]), np.array([[1.0, 0.0], [-0.99, 0.1]])), 1e-3)
    )
    assert found is not None
    assert found.reason is not None
    assert "of the negative points is active on points of the other class" in found.reason


def test_only_networks_that_classify_all_points_are_described() -> None:
    assert ended(a=(1, 1)) is None
    data = Dataset.from_arrays(INPUTS, LABELS)
    assert separated(Problem(data), simulate(data, Network(np.array([0.1]), PAIRS[:1]), 50.0)) is None
