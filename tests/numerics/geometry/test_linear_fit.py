"""Exact linear algebra of data sets, against brute force over all subsets and SymPy's own matrices."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from early_alignment import Dataset, least_squares
from early_alignment.numerics.geometry.linear_fit import correlations, general_position, rank


@st.composite
def data_sets(draw, largest=6):
    d = draw(st.integers(1, 4))
    numbers = st.fractions(-3, 3, max_denominator=draw(st.sampled_from([1, 2, 7])))
    points = draw(st.lists(st.tuples(*[numbers] * d).filter(any), min_size=1, max_size=largest))
    labels = draw(st.lists(numbers, min_size=len(points), max_size=len(points)))
    return Dataset(tuple(points), tuple(labels))


def matrix(rows):
    return sympy.Matrix([[sympy.Rational(v) for v in row] for row in rows])


@given(data_sets())
def test_general_position_against_all_subsets(data):
    size = min(data.n, data.d)
    expected = all(matrix(subset).rank() == size for subset in combinations(data.inputs, size))
    assert general_position(data) == expected
    assert rank(data) == matrix(data.inputs).rank()


@given(st.integers(0, 2**32), st.integers(3, 5), st.integers(2, 5))
@settings(max_examples=3 * settings().max_examples // 10)
def test_one_planted_dependence_among_many_points_is_found(seed, d, size):
    """Random points are in general position; replacing one by a combination of fewer than d others ends that."""
    rng = np.random.default_rng(seed)
    points = [tuple(Fraction(int(v)) for v in rng.integers(-(10**6), 10**6, d)) for _ in range(14)]
    points = [point if any(point) else (Fraction(1),) * d for point in points]
    labels = (Fraction(1),) * 14
    assert general_position(Dataset(tuple(points), labels))
    chosen = rng.permutation(14)[: min(size, d)]
    combined = tuple(sum(points[k][i] for k in chosen[1:]) for i in range(d))
    points[chosen[0]] = combined if any(combined) else points[chosen[1]]
    assert general_position(Dataset(tuple(points), labels)) is False


def test_a_zero_modulo_the_prime_alone_does_not_count_as_dependence():
    prime = 2**31 - 1
    assert general_position(Dataset(((1, 0), (1, prime), (0, 1)), (1, 1, 1)))
    assert general_position(Dataset(((1, 0, 0), (0, prime, 0), (0, 0, 1), (1, 1, 1)), (1,) * 4))


def test_general_position_is_undecided_when_the_search_would_be_too_long():
    points = tuple(tuple(Fraction(k**i) for i in range(8)) for k in range(1, 101))
    assert general_position(Dataset(points, (Fraction(1),) * 100)) is None


@given(data_sets())
def test_the_fit_is_the_pseudo_inverse_of_sympy(data):
    fit = least_squares(data)
    x, y = matrix(data.inputs), matrix([[label] for label in data.labels])
    expected = x.pinv() * y
    assert matrix([[v] for v in fit.coefficients]) == expected
    residuals = y - x * expected
    assert matrix([[v] for v in fit.residuals]) == residuals
    mean = sum(residuals.multiply_elementwise(residuals)) / (2 * data.n)
    assert fit.loss == pytest.approx(
        float(mean), rel=1e-12, abs=1e-30 + 1e-15 * float(sum(y.applyfunc(lambda v: v**2)))
    )


def test_the_fit_of_the_three_points():
    """The numbers of theory.md 7."""
    f = Fraction
    fit = least_squares(Dataset.published("three-points"))
    assert fit.coefficients == (f(-4, 65), f(251, 390))
    assert fit.residuals == (f(16, 39), f(-112, 195), f(32, 195))
    assert sum(r * r for r in fit.residuals) / 3 == f(512, 2925)
    assert fit.loss == pytest.approx(256 / 2925, rel=1e-14)


def test_the_logistic_loss_is_taken_at_the_least_squares_fit():
    data = Dataset.from_arrays([[1], [2]], [1, -1], loss="logistic")
    fit = least_squares(data, "logistic")
    assert fit.coefficients == (Fraction(-1, 5),)
    assert fit.loss == pytest.approx((np.log1p(np.exp(0.2)) + np.log1p(np.exp(-0.4))) / 2, rel=1e-14)


@given(data_sets())
def test_correlations_are_the_extreme_cosines(data):
    pairs = [
        float(sum(a * b for a, b in zip(p, q, strict=True)))
        / float(np.sqrt(float(sum(a * a for a in p)) * float(sum(b * b for b in q))))
        for p, q in combinations(data.inputs, 2)
    ]
    found = correlations(data)
    if not pairs:
        assert found is None
        return
    assert found == pytest.approx((min(pairs), max(pairs)), abs=1e-14)
    assert -1 <= found[0] <= found[1] <= 1
