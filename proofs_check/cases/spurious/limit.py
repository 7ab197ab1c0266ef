"""Cases on which `spurious.limit` is tested."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ...claim.draws import st
from ..early.early_starts import EarlyStart
from .three_points import data_at

WIDEST = 100_000
WITHOUT_LIVE = 1
"""The seed of a single neuron with a < 0."""


def widths() -> st.SearchStrategy[int]:
    """Widths 1 to 60, and 1000 in one case of nine."""
    return st.one_of(*[st.integers(1, 4), st.integers(5, 60)] * 4, st.just(1000))


def edges() -> tuple[EarlyStart, ...]:
    """A start without a live a > 0 neuron, and a wide one at the smallest lambda.

    The first refutes the mutant that needs no live neuron; the statement leaves it out.
    """
    dead = EarlyStart(
        data=data_at(Fraction(1, 8), lambda low, high: low + (high - low) // 3),
        loss="square",
        leak=Fraction(0),
        width=1,
        kind="balanced",
        seed=WITHOUT_LIVE,
        epsilon=Fraction(1, 4),
    )
    return (dead, replace(dead, width=1000, seed=0, kind="dominated", below=Fraction(1, 10**6)))
