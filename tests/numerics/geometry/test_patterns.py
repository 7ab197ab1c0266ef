"""Activation patterns are the signs of the exact inner products, wherever those are not lost to rounding."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from early_alignment import activation_pattern
from early_alignment.numerics.geometry import patterns


@given(st.data(), st.integers(1, 4), st.integers(0, 5), st.integers(0, 5))
def test_patterns_are_the_signs_of_the_exact_products(data, d, m, n):
    """Eighths up to 8 in absolute value: every product and sum is an exact double, so zeros are decided too."""
    eighths = st.integers(-64, 64).map(lambda k: k / 8)
    weights = data.draw(arrays(np.float64, (m, d), elements=eighths))
    inputs = data.draw(arrays(np.float64, (n, d), elements=eighths))
    patterns_found = activation_pattern(weights, inputs)
    assert patterns_found.dtype == np.int8
    assert patterns_found.shape == (m, n)
    for j in range(m):
        for k in range(n):
            exact = sum(Fraction(a) * Fraction(b) for a, b in zip(weights[j], inputs[k], strict=True))
            assert patterns_found[j, k] == (exact > 0) - (exact < 0)


def test_the_block_size_does_not_change_the_patterns(monkeypatch):
    rng = np.random.default_rng(0)
    weights, inputs = rng.standard_normal((23, 3)), rng.standard_normal((4, 3))
    whole = activation_pattern(weights, inputs)
    monkeypatch.setattr(patterns, "_ROWS_AT_ONCE", 5)
    np.testing.assert_array_equal(activation_pattern(weights, inputs), whole)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="must share d"):
        activation_pattern(np.ones((2, 3)), np.ones((2, 2)))
    with pytest.raises(ValueError, match="must share d"):
        activation_pattern(np.ones(3), np.ones((2, 3)))
