"""Extremal vectors: published cases, routes against one another, equivariances, filters, certificates, refusals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, InputError, Problem, extremal_vectors
from early_alignment.numerics.extremal.arrangement import arrange
from early_alignment.numerics.extremal.exhaustive import exhaust
from early_alignment.numerics.extremal.sign_tree import FREE, Tables, certifies
from early_alignment.numerics.extremal.vectors import extremal_vectors_of
from early_alignment.numerics.geometry.float_bounds import Enclosure
from early_alignment.numerics.geometry.hyperplanes import merge_points
from early_alignment.numerics.geometry.integers import span_coordinates

ROUTES = ("sort", "arrangement", "tree", "auto")


def gaussian(seed, n, d):
    rng = np.random.default_rng(seed)
    inputs = [tuple(Fraction(f"{value:.3f}") for value in row) for row in rng.standard_normal((n, d))]
    return inputs, [Fraction(int(sign)) for sign in rng.choice([-1, 1], n)]


def summary(result):
    return [(v.exact, v.sign, v.pattern, v.stability) for v in result.vectors]


@pytest.mark.parametrize("route", ROUTES)
def test_three_points_have_exactly_one_extremal_vector(route):
    result = extremal_vectors(Dataset.published("three-points"), route=route)
    assert summary(result) == [((Fraction(-31, 120), Fraction(2, 3)), 1, (1, 1, 1), "attracting")]
    assert result.complete
    assert result.d_star == result.vectors[0].norm == result.d_max


@pytest.mark.parametrize("route", ROUTES)
def test_extremal_vectors_of_the_orthogonal_toy(route):
    result = extremal_vectors(Dataset.published("orthogonal-toy"), route=route)
    assert summary(result) == [
        ((Fraction(1), Fraction(1, 2)), 1, (0, 1), "attracting"),
        ((Fraction(1, 4), Fraction(-1, 2)), -1, (-1, 0), "attracting"),
    ]


@pytest.mark.parametrize("route", ["arrangement", "tree"])
def test_orthogonal_data_have_one_extremal_vector_per_subset_of_a_sign(route):
    inputs = [tuple(Fraction(int(i == j)) for j in range(5)) for i in range(5)]
    pulls = [Fraction(1), Fraction(2), Fraction(3), Fraction(-1), Fraction(-2)]
    result = extremal_vectors_of(inputs, pulls, 0, route)
    subsets = [((1 << 3) - 1, 1), ((1 << 2) - 1, -1)]
    for count, sign in subsets:
        assert sum(v.sign == sign for v in result.vectors) == count
        kinds = [v.stability for v in result.vectors if v.sign == sign]
        assert (kinds[0], set(kinds[1:])) == ("attracting", {"one-sided"})


@pytest.mark.parametrize(("seed", "n", "d"), [(1, 12, 3), (2, 8, 4), (3, 7, 5), (4, 25, 2)])
def test_filtered_rays_agree_with_exhaustion_in_integers(seed, n, d):
    data = span_coordinates(merge_points(*gaussian(seed, n, d), Fraction(1, 10)))
    fast, slow = arrange(data), exhaust(data)
    assert {face.pattern: face for face in fast.faces} == {face.pattern: face for face in slow.faces}
    assert data.squared_norm(fast.largest) == data.squared_norm(slow.largest)


@pytest.mark.parametrize("route", ["arrangement", "tree"])
def test_duplicating_the_data_changes_nothing(route):
    inputs, pulls = gaussian(5, 6, 3)
    once, twice = (extremal_vectors_of(inputs * k, pulls * k, 0, route) for k in (1, 2))
    assert [entry[:2] for entry in summary(once)] == [entry[:2] for entry in summary(twice)]
    assert once.d_max == twice.d_max


def test_without_pulls_there_is_no_extremal_vector():
    result = extremal_vectors_of([(Fraction(1), Fraction(2))], [Fraction(0)])
    assert (result.vectors, result.complete, result.d_max, result.d_star) == ((), True, 0.0, 0.0)


@pytest.mark.parametrize("route", ["arrangement", "tree"])
def test_a_search_out_of_time_is_not_complete(route):
    assert not extremal_vectors_of(*gaussian(6, 12, 4), 0, route, seconds=0.0).complete


def test_a_wrong_certificate_is_rejected():
    # x_1 = (1, 0), x_2 = (0, 1), pulls 1: both signs + is possible, so no multipliers can refute it.
    data = span_coordinates(merge_points([(1, 0), (0, 1)], [1, 1]))
    tables = Tables(data, 1)
    strict, none = np.array([0, 1]), np.array([], dtype=np.intp)
    for multipliers in ([1.0, 1.0], [0.0, 0.0], [-1.0, 0.0]):
        assert not certifies(tables, np.array([1, 1], dtype=np.int8), strict, np.array(multipliers), none, np.zeros(0))
    # <D, x_1> < 0 is impossible for a > 0: the contribution of x_1 is then 0 and nothing else points along it.
    assert certifies(tables, np.array([-1, FREE], dtype=np.int8), strict[:1], np.array([1.0]), none, np.zeros(0))


@given(st.lists(st.fractions(max_denominator=10**6), min_size=4, max_size=4).filter(lambda v: v[2] * v[3] != 0))
@settings(max_examples=2 * settings().max_examples)
def test_enclosures_contain_the_exact_value(values):
    a, b, c, e = (Enclosure.rounded(np.array([float(value)])) for value in values)
    exact = (values[0] - values[1]) * values[2] / values[3] + values[0]
    enclosed = (a - b) * c / e + a
    assert abs(Fraction(float(enclosed.value[0])) - exact) <= Fraction(float(enclosed.radius[0]))


def test_refusals():
    inputs, pulls = gaussian(7, 4, 3)
    with pytest.raises(InputError, match="no route 'fast'"):
        extremal_vectors_of(inputs, pulls, 0, "fast")
    with pytest.raises(InputError, match="rank at most 2"):
        extremal_vectors_of(inputs, pulls, 0, "sort")
    with pytest.raises(InputError, match="leak is 1"):
        extremal_vectors_of(inputs, pulls, 1)
    with pytest.raises(InputError, match="4 points but 3 pulls"):
        extremal_vectors_of(inputs, pulls[:3])


def test_logistic_pulls_are_half_the_labels():
    data = Dataset.published("orthogonal-toy")
    square, logistic = extremal_vectors(data), extremal_vectors(Problem(data, "logistic"))
    assert [tuple(2 * c for c in v.exact) for v in logistic.vectors] == [v.exact for v in square.vectors]
    assert [replace(v, vector=None, exact=(), norm=0.0) for v in logistic.vectors] == [
        replace(v, vector=None, exact=(), norm=0.0) for v in square.vectors
    ]
