"""A prediction rescaled to another scale equals the prediction made at that scale."""

from fractions import Fraction

import numpy as np
import pytest

from early_alignment.proofs_check.cases.early.early_starts import random_case

ROUNDING = 1e-9
"""Scaled weights are rounded again, which changes angles near a hyperplane."""


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("scale", [1e-3, 1e-40])
def test_a_rescaled_prediction_is_that_of_the_scale(seed: int, scale: float) -> None:
    case = random_case(np.random.default_rng(seed), 20, Fraction(1, 3))
    carried, made = case.rescaled(case.prediction(1.0), scale), case.prediction(scale)
    assert carried.tau == made.tau
    assert [v.exact for v in carried.extremal.vectors] == [v.exact for v in made.extremal.vectors]
    np.testing.assert_array_equal(carried.start.w, made.start.w)
    np.testing.assert_array_equal(carried.start.a, made.start.a)
    np.testing.assert_array_equal(carried.alignment.fate, made.alignment.fate)
    np.testing.assert_array_equal(carried.alignment.extremal, made.alignment.extremal)
    for name, value in vars(made.alignment).items():
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            np.testing.assert_allclose(getattr(carried.alignment, name), value, rtol=ROUNDING)
