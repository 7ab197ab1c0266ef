"""Cases on which `spurious.every-start` is tested."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from .....numerics.data.dataset import Dataset
from ....claim.draws import composite, st
from ...early.early_starts import EarlyStart
from .. import limit
from ..three_points import three_points
from .positive import positive_datasets


@composite
def every_start_cases(draw: st.DrawFn) -> EarlyStart:
    """T(eta) data or other points that correlate positively; balanced and dominated starts of 1 to 60 neurons."""
    return EarlyStart(
        data=draw(st.one_of(three_points(), positive_datasets((2, 4), (2, 3)))),
        loss="square",
        leak=Fraction(0),
        width=draw(st.one_of(st.integers(1, 4), st.integers(5, 60))),
        kind=draw(st.sampled_from(("balanced", "dominated"))),
        seed=draw(st.integers(0, 10**6)),
        epsilon=Fraction(1, 4),
        below=Fraction(1, 10 ** draw(st.integers(0, 3))),
    )


def without_the_cone_condition() -> Dataset:
    """Five points that correlate positively, whose limit path leaves the cone K (theory.md 9.1)."""
    inputs = ((45, 90), (18, 48), (3, 45), (1, 59), (-22, 28))
    return Dataset(
        tuple((Fraction(u, 64), Fraction(v, 64)) for u, v in inputs),
        tuple(Fraction(y, 64) for y in (120, 48, 24, 1, 9)),
    )


def edges() -> tuple[EarlyStart, ...]:
    """A start without a live a > 0 neuron, and a network on the five points: the hypotheses leave both out."""
    dead = limit.edges()[0]
    return dead, replace(dead, data=without_the_cone_condition(), width=20, seed=0)
