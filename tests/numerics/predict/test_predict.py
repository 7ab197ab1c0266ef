"""Predictions: the published numbers, the JSON schema, and agreement of every part with an independent computation."""

import json
import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, InputError, Problem, Start, get_loss, make_start, predict
from early_alignment.numerics.data.losses import LOSS_NAMES
from early_alignment.numerics.predict.early_phase import alignment_horizon, largest_scale

STABILITIES = {"attracting", "one-sided", "saddle", "repelling", "undetermined"}
NUMBER = (int, float)


def test_the_prediction_on_the_three_points():
    """The numbers of theory.md 7; which neurons follow is checked against theory.md 5.3."""
    start = make_start(200, 1e-3, 0)
    found = predict(Dataset.published("three-points"), start)
    (extremal,) = found.extremal.vectors
    assert extremal.exact == (Fraction(-31, 120), Fraction(2, 3))
    assert extremal.norm == pytest.approx(math.sqrt(31**2 / 120**2 + 4 / 9), rel=1e-15)
    assert (extremal.sign, extremal.stability, extremal.pattern) == (1, "attracting", (1, 1, 1))
    assert found.extremal.complete
    assert found.least_squares.coefficients == (Fraction(-4, 65), Fraction(251, 390))
    active = (start.w @ np.array([[-0.75, -0.5, 0.125], [1, 1, 1]]) > 0).any(axis=1)
    (group,) = found.fates.followers
    assert group.neurons == tuple(np.flatnonzero((start.a > 0) & active))
    assert found.fates.dead == tuple(np.flatnonzero((start.a < 0) | ~active))
    assert (found.fates.pinned, found.fates.undecided) == ((), ())


def test_the_prediction_on_the_orthogonal_toy():
    found = predict(Dataset.published("orthogonal-toy"))
    assert {(v.exact, v.sign) for v in found.extremal.vectors} == {
        ((1, Fraction(1, 2)), 1),
        ((Fraction(1, 4), Fraction(-1, 2)), -1),
    }


@given(
    st.floats(1e-50, 0.9), st.floats(0.01, 0.99), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3),
    st.sampled_from([1.0, 0.25]),
)  # fmt: skip
def test_the_numbers_of_the_early_phase(scale, epsilon, d_max, c0, mean_square, kappa):
    """At tau e^{D t} is lambda^-epsilon; at lambda* the excess (q c0/2) lambda^(2-2 epsilon) of 4.3 is log 2."""
    tau = alignment_horizon(scale, epsilon, d_max)
    assert -d_max * tau == pytest.approx(epsilon * math.log(scale), rel=1e-12)
    threshold = largest_scale(epsilon, d_max, c0, mean_square, kappa)
    assume(
        threshold >= sys.float_info.min
    )  # with epsilon near 1 lambda* can be too small for a float of full precision
    log_excess = math.log(kappa * mean_square / d_max * c0 / 2) + (2 - 2 * epsilon) * math.log(threshold)
    assert log_excess == pytest.approx(math.log(math.log(2)), abs=1e-10 * (1 + abs(math.log(threshold))))


@st.composite
def questions(draw):
    """A small random data set, a loss, a leak, and a start or none."""
    d = draw(st.integers(1, 3))
    loss = draw(st.sampled_from(LOSS_NAMES))
    points = draw(st.lists(st.tuples(*[st.integers(-3, 3)] * d).filter(any), min_size=1, max_size=4))
    label = st.sampled_from([-1, 1]) if get_loss(loss).labels is not None else st.integers(-2, 2)
    labels = draw(st.lists(label, min_size=len(points), max_size=len(points)))
    start = None
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["balanced", "dominated", "unbalanced"]))
        start = make_start(
            draw(st.integers(1, 8)), draw(st.sampled_from([1e-8, 0.5])), draw(st.integers(0, 99)), kind, d
        )
    data = Dataset.from_arrays(points, labels, loss=loss)
    return data, loss, draw(st.sampled_from([Fraction(0), Fraction(1, 10)])), start


def check_schema(document):
    """The document against `predict --json` as it is specified, key by key."""
    assert list(document) == [
        "schema", "n", "d", "columns", "rank", "general_position", "correlations", "extremal", "complete", "count",
        "d_max", "d_max_bound", "epsilon", "tau", "scale_threshold", "ols", "neurons",
    ]  # fmt: skip
    assert document["schema"] == 1
    if document["columns"] is not None:
        assert list(document["columns"]) == ["inputs", "label", "bias", "unused", "warnings"]
    assert list(document["correlations"]) == ["min", "max"]
    for entry in document["extremal"]:
        assert list(entry) == ["vector", "exact", "norm", "pattern", "sign", "stability"]
        assert len(entry["vector"]) == document["d"]
        assert len(entry["pattern"]) == document["n"]
        assert entry["sign"] in (1, -1)
        assert entry["stability"] in STABILITIES
        if entry["exact"] is not None:
            np.testing.assert_allclose([float(Fraction(v)) for v in entry["exact"]], entry["vector"], rtol=1e-15)
    assert list(document["ols"]) == ["coefficients", "exact", "loss"]
    for key in ("tau", "scale_threshold"):
        assert document[key] is None or isinstance(document[key], NUMBER)
    if document["neurons"] is None:
        return
    neurons = document["neurons"]
    assert list(neurons) == ["width", "dead", "pinned", "undecided", "counts"]
    for group in neurons["counts"]:
        assert list(group) == ["extremal", "count", "latest_time", "angle"]
        assert 0 <= group["extremal"] < len(document["extremal"])
    total = sum(group["count"] for group in neurons["counts"])
    assert neurons["dead"] + neurons["pinned"] + neurons["undecided"] + total == neurons["width"]


@given(questions())
@settings(max_examples=3 * settings().max_examples // 5)
def test_every_prediction_is_a_document_of_the_schema(question):
    data, loss, leak, start = question
    found = predict(Problem(data, loss, leak), start)
    document = found.to_json()
    check_schema(json.loads(json.dumps(document, allow_nan=False)))
    assert (document["tau"] is None) == (start is None or document["d_max"] == 0)
    assert (document["neurons"] is None) == (start is None)
    assert document["ols"]["exact"] == [str(v) for v in found.least_squares.coefficients]


@given(questions())
@settings(max_examples=2 * settings().max_examples // 5)
def test_neurons_end_at_the_vector_they_are_predicted_to_follow(question):
    """From the latest time on, the path of every follower is within the angle of sign(a) D."""
    data, loss, leak, start = question
    if start is None or start.kind == "unbalanced":  # an undominated neuron may change the sign of its a
        return
    found = predict(Problem(data, loss, leak), start, angle=0.05)
    for group in found.fates.followers:
        extremal = found.extremal.vectors[group.extremal]
        target = extremal.sign * extremal.vector / extremal.norm
        for neuron in group.neurons:
            assert np.sign(start.a[neuron]) == extremal.sign
            path = found.alignment.path(neuron, group.latest_time * np.array([1.0, 1.5, 3.0]) + 1e-9)
            # the chord is shorter than the angle; 1e-6 covers rounding in the times of arrival
            assert (np.linalg.norm(path.direction - target, axis=1) <= 0.05 + 1e-6).all()


def test_float_data_have_no_exact_numbers():
    document = predict(Dataset.from_arrays([[0.1, 1.0], [0.7, 1.0]], [1.0, 0.3])).to_json()
    assert document["ols"]["exact"] is None
    assert document["extremal"]
    assert all(entry["exact"] is None for entry in document["extremal"])


def test_zero_labels_give_no_extremal_vector_to_follow():
    document = predict(Dataset.from_arrays([[1, 1], [2, 1]], [0, 0]), make_start(4, 1e-3, 0)).to_json()
    assert document["extremal"] == []
    assert document["d_max"] == 0
    assert document["tau"] is document["scale_threshold"] is None
    assert document["ols"]["exact"] == ["0", "0"]


def test_a_start_without_a_scale_has_no_tau():
    start = Start(np.array([1.0]), np.array([[0.0, 1.0]]), "balanced", None, None)
    found = predict(Dataset.published("three-points"), start)
    assert found.tau is found.scale_threshold is None
    assert found.fates.width == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"epsilon": 0.0}, "epsilon is 0"),
        ({"epsilon": 1.0}, "strictly between 0 and 1"),
        ({"epsilon": float("nan")}, "epsilon is nan"),
        ({"angle": 0.0}, "the angle is 0"),
        ({"start": make_start(2, 1.0, 0, d=3)}, "the start has dimension 3, but the data have dimension 2"),
    ],
)
def test_impossible_questions_are_refused(options, words):
    with pytest.raises(InputError, match=words):
        predict(Dataset.published("three-points"), **options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"leak": "-0.1"}, "the leak is -0.1"),
        ({"leak": 1}, "the leak is 1"),
        ({"leak": "x"}, "the leak: 'x' is not a number"),
        ({"loss": "hinge"}, "square, logistic and exponential"),
        ({"loss": "logistic"}, "row 1: the label is 1.1; the logistic loss takes 1 and -1"),
    ],
)
def test_impossible_problems_are_refused(options, words):
    with pytest.raises(InputError, match=words):
        Problem(Dataset.published("three-points"), **options)
