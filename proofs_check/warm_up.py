"""Loaded last by the server from which the processes of `runner` are forked, to do once what each of them would do.

Hypothesis mixes constants into its random values that it collects from the sources of all modules it finds loaded.
"""

import random

from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=50, database=None, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def draw_numbers(number: int) -> None:
    """Ask for enough numbers that Hypothesis looks for constants."""


_state = random.getstate()
draw_numbers()
random.setstate(_state)
