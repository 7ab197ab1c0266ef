"""Cases on which `alignment.fates` is tested."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ....numerics.data.dataset import Dataset
from ....numerics.oracles.rational import Vector
from ...claim.draws import composite, st
from ..strategies import (
    LEAKS,
    FlowCase,
    Neurons,
    dyadic,
    flow_cases,
    leaving_in_space,
    near_corners,
    neurons,
    scattered,
    sliding_datasets,
)


@composite
def typical_cases(draw: st.DrawFn) -> FlowCase:
    """One to three dominated neurons, mixed labels; some on data that pin a > 0 neurons, some near a corner."""
    width = (1, 3)
    choice = draw(st.integers(0, 5))
    if choice == 0:
        return draw(leaving_in_space())
    if choice == 1:
        return draw(near_corners())
    if choice > 2:
        return draw(flow_cases(n=(1, 5), d=(1, 3), width=width, kinds=("balanced", "dominated")))
    data = draw(sliding_datasets())
    case = draw(flow_cases(d=(2, 2), width=(1, 1), leaks=(draw(st.sampled_from(LEAKS)),)))
    kind = draw(st.sampled_from(("balanced", "dominated")))
    return replace(case, data=data, loss="square", start=draw(neurons(data, width, kind)))


def one_of_either_kind() -> tuple[FlowCase, ...]:
    """A balanced neuron that is pinned, between 0 and a point that holds it, and one that aligns with its only point.

    The first refutes the mutants about pinned neurons, the second the one about the others.
    """
    labels = (Fraction(-3), Fraction(3), Fraction(-1))
    held = Dataset(((Fraction(0), Fraction(1)), (Fraction(1, 8), Fraction(1)), (Fraction(1), Fraction(1))), labels)
    beside = Neurons((Fraction(1),), ((Fraction(31, 32), Fraction(1, 32)),))
    alone = Dataset(((Fraction(1),),), (Fraction(1),))
    ahead = Neurons((Fraction(1),), ((Fraction(1),),))
    return tuple(
        FlowCase(data, "square", Fraction(0), start, Fraction(4)) for data, start in ((held, beside), (alone, ahead))
    )


def leaving_one_by_one() -> tuple[FlowCase, ...]:
    """Neurons in many dimensions that leave one of several hyperplanes on which they slide, and slide on."""
    return tuple(scattered(seed, "square", Fraction(0), 1, (3, 12), (1, 1)) for seed in (20, 32, 52))


@composite
def boxes(draw: st.DrawFn) -> tuple[Vector, tuple[Vector, ...]]:
    """A base and up to 4 columns in R^d, d <= 3: the drift on one side of each hyperplane, and the jumps across."""
    dimension = draw(st.integers(1, 3))
    entries = st.tuples(*[dyadic(-2, 2, 4)] * dimension)
    return draw(entries), tuple(draw(st.lists(entries, min_size=1, max_size=4)))
