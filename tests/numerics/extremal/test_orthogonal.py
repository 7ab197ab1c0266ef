"""Orthogonal points: the closed form beside the general search, and lists that are too long to be printed."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, InputError, extremal_vectors, limit_process, make_start, predict
from early_alignment.numerics.extremal import orthogonal
from early_alignment.numerics.extremal.vectors import extremal_vectors_of
from early_alignment.numerics.geometry.hyperplanes import merge_points
from early_alignment.numerics.geometry.integers import span_coordinates

TWENTY = Path(__file__).parents[2] / "data" / "orthogonal_n20.csv"


@st.composite
def orthogonal_problems(draw):
    """Inputs (n, d), pulls (n,) and a leak: multiples of columns of a rational rotation, opposite points included."""
    d = draw(st.integers(2, 4))
    turn = [[Fraction(int(i == j)) for j in range(d)] for i in range(d)]
    for i in range(d - 1):
        if draw(st.booleans()):
            first, second = turn[i], turn[i + 1]
            turn[i] = [Fraction(3, 5) * x + Fraction(4, 5) * y for x, y in zip(first, second, strict=True)]
            turn[i + 1] = [Fraction(-4, 5) * x + Fraction(3, 5) * y for x, y in zip(first, second, strict=True)]
    number = draw(st.integers(1, 5))
    axes = draw(st.lists(st.integers(0, d - 1), min_size=number, max_size=number))
    sizes = draw(st.lists(st.sampled_from([-2, -1, 1, 3]), min_size=number, max_size=number))
    pulls = draw(st.lists(st.integers(-2, 2).map(Fraction), min_size=number, max_size=number))
    inputs = [[size * entry for entry in turn[axis]] for axis, size in zip(axes, sizes, strict=True)]
    return inputs, pulls, draw(st.sampled_from([Fraction(0), Fraction(1, 3)]))


@given(orthogonal_problems())
@settings(max_examples=3 * settings().max_examples // 5)
def test_the_closed_form_agrees_with_the_search(problem) -> None:
    closed, searched = (extremal_vectors_of(*problem, route) for route in ("orthogonal", "tree"))
    assert closed.complete
    assert closed.count == len(searched.vectors)
    assert [(v.exact, v.sign, v.pattern, v.stability) for v in closed.vectors] == [
        (v.exact, v.sign, v.pattern, v.stability) for v in searched.vectors
    ]
    assert closed.d_max == pytest.approx(searched.d_max, rel=1e-12)
    leading = orthogonal.enumerate_leading(span_coordinates(merge_points(*problem)))
    kinds = {v.exact: v.stability for v in searched.vectors if v.stability == "attracting"}
    assert len(leading.faces) <= len(searched.vectors)
    if problem[2] == 0 and len({tuple(map(abs, x)) for x in problem[0]}) == len(problem[0]):
        assert len(leading.faces) == len(kinds)


def test_of_many_vectors_all_are_counted_and_the_attracting_ones_listed() -> None:
    data = Dataset.from_csv(str(TWENTY))
    found = extremal_vectors(data)
    positive = sum(y > 0 for y in data.labels)
    assert found.count == 2**positive + 2 ** (data.n - positive) - 2
    assert not found.complete
    assert found.understood
    assert [(v.sign, v.stability) for v in found.vectors] in (
        [(1, "attracting"), (-1, "attracting")],
        [(-1, "attracting"), (1, "attracting")],
    )
    parts = (
        np.array([[float(y * x) for x in point] for point, y in zip(data.inputs, data.labels, strict=True)]) / data.n
    )
    for vector in found.vectors:
        side = np.array([float(y) * vector.sign > 0 for y in data.labels])
        assert np.allclose(vector.vector, parts[side].sum(axis=0))
    assert found.d_max == pytest.approx(float(np.linalg.norm(parts.sum(axis=0))))
    assert found.d_star == max(v.norm for v in found.vectors)


def test_the_vectors_that_a_start_goes_to_are_added() -> None:
    """Twelve points: every neuron stays inactive on the points on which it starts inactive, and has its own vector."""
    rng = np.random.default_rng(1)
    labels = [str(Fraction(int(y), 7)) for y in rng.choice([-1, 1], 12) * rng.integers(5, 9, 12)]
    data = Dataset.from_arrays([[str(int(i == j)) for j in range(12)] for i in range(12)], labels)
    start = make_start(10, 1e-3, 0, "balanced", 12)
    partial = predict(data, start)
    assert not partial.extremal.complete
    assert partial.fates is not None
    assert not partial.fates.undecided
    assert sum(len(group.neurons) for group in partial.fates.followers) + len(partial.fates.dead) == 10
    whole = predict(data, start, every=True)
    assert whole.extremal.complete
    assert whole.extremal.count == partial.extremal.count == len(whole.extremal.vectors)
    assert whole.alignment is not None
    assert partial.alignment is not None
    for j in range(10):
        if partial.alignment.extremal[j] >= 0:
            one = partial.extremal.vectors[partial.alignment.extremal[j]]
            assert one.exact == whole.extremal.vectors[whole.alignment.extremal[j]].exact


def test_the_limit_of_orthogonal_data_is_determined_without_the_whole_list() -> None:
    data = Dataset.from_arrays(
        [[str(int(i == j)) for j in range(8)] for i in range(8)], ["1", "2", "3", "1", "2", "3", "1", "-5"]
    )
    known = extremal_vectors(data)
    assert known.count == 2**7
    assert not known.complete
    limit = limit_process(data, vectors=known)
    assert limit.determined
    assert limit.interpolates
    assert len(limit.saddles) == 2


def test_only_orthogonal_points_have_the_closed_form() -> None:
    with pytest.raises(InputError, match="orthogonal to one another"):
        extremal_vectors_of([[1, 0, 0], [1, 1, 0], [0, 0, 1]], [1, 1, 1], 0, "orthogonal")
