"""Several comparisons in one check: the one that decides."""

import math

import pytest

from early_alignment import Margin
from early_alignment.proofs_check.measure.trajectories import worst


@pytest.mark.parametrize("flawed", [Margin(math.nan, 1.0, ""), Margin(0.0, math.inf, ""), Margin(0.0, math.nan, "")])
def test_an_undecided_margin_is_never_hidden(flawed: Margin) -> None:
    good, bad = Margin(0.1, 1.0, ""), Margin(2.0, 1.0, "")
    for order in ((good, flawed), (flawed, good), (good, flawed, bad), (bad, flawed, good)):
        assert worst(*order) is flawed
    assert worst(good, bad) is bad
