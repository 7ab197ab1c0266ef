"""Cases on which `flow.reduction` is tested."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.losses import get_loss, lipschitz_losses
from ....numerics.data.start import Start, make_start
from ...claim.draws import composite, st
from ..strategies import (
    LEAKS,
    FlowCase,
    Neurons,
    ProblemCase,
    flow_cases,
    in_any_dimension,
    leaving_flows,
    neurons,
    signed_eighths,
    sliding_datasets,
)


@composite
def small_networks(draw: st.DrawFn) -> FlowCase:
    """Up to four neurons, mixed labels, zero labels, parallel and repeated points; half of the cases slide or leave."""
    choice = draw(st.integers(0, 3))
    if choice == 0:
        return draw(leaving_flows())
    case = draw(in_any_dimension(n=(1, 5), width=(1, 4), longest=6))
    if choice > 1:
        return case
    data = draw(sliding_datasets())
    return replace(
        draw(flow_cases(d=(2, 2), width=(1, 1), longest=6)), data=data, loss="square", start=draw(neurons(data, (1, 3)))
    )


def one_that_stays() -> tuple[FlowCase, ...]:
    """Neurons reach a hyperplane from which the far side pushes back, though it did not when the step began."""
    whole = ((8, -20), (-32, 32), (0, 64), (8, 40)), (56, -128, 96, 16), ((5, 15), *[(-13, -17)] * 3)
    inputs, weights = (tuple(tuple(Fraction(c, 32) for c in point) for point in points) for points in whole[::2])
    data = Dataset(inputs, tuple(Fraction(label, 32) for label in whole[1]))
    return (FlowCase(data, "square", Fraction(1, 2), Neurons((Fraction(1),) * 4, weights), Fraction(7, 2)),)


@dataclass(frozen=True)
class Crowd(ProblemCase):
    """Positive points and labels with a start of many neurons: `make_start`'s, at a scale."""

    width: int
    scale: Fraction
    kind: str
    seed: int
    time: Fraction


@composite
def crowds(draw: st.DrawFn) -> Crowd:
    """Data whose inputs and labels are positive: while these are not fitted no hyperplane holds a neuron."""
    d, n = draw(st.integers(2, 3)), draw(st.integers(2, 4))
    coordinate = st.integers(1, 16).map(lambda value: Fraction(value, 8))
    inputs = tuple(draw(st.tuples(*[coordinate] * d)) for _ in range(n))
    loss = draw(st.sampled_from(lipschitz_losses()))
    labels = tuple(draw(coordinate) if get_loss(loss).labels is None else Fraction(1) for _ in range(n))
    scale = Fraction(1, 2 ** draw(st.integers(1, 5)))
    kind = draw(st.sampled_from(("balanced", "dominated", "unbalanced")))
    time = draw(st.integers(4, 24).map(lambda value: Fraction(value, 8)))
    width, seed = draw(st.integers(60, 200)), draw(st.integers(0, 10**6))
    return Crowd(Dataset(inputs, labels), loss, draw(st.sampled_from(LEAKS)), width, scale, kind, seed, time)


@dataclass(frozen=True)
class DenseCells:
    """Few cells with many neurons each, small: `make_start`'s on plane data with mixed labels, all from one seed."""

    seed: int

    def problem(self) -> tuple[Dataset, Fraction, Start]:
        """The data, the leak and the start."""
        rng = np.random.default_rng(self.seed)
        n = int(rng.integers(3, 6))
        data = Dataset(tuple(map(tuple, signed_eighths(rng, 1, (n, 2)))), tuple(signed_eighths(rng, 2, (n,))))
        leak, width = Fraction(int(rng.integers(0, 8)), 8), int(rng.integers(40, 200))
        kind = str(rng.choice(("balanced", "dominated", "unbalanced")))
        return data, leak, make_start(width, 2.0**-7, self.seed, kind, 2)


@composite
def nearly_balanced(draw: st.DrawFn) -> FlowCase:
    """Small networks whose first neuron is within 2^-4 to 2^-30 of balanced, on either side."""
    case = draw(in_any_dimension(n=(1, 4), longest=2))
    sign, power = draw(st.sampled_from((1, -1))), draw(st.integers(4, 30))
    first, *others = case.start.ratios
    ratio = (1 if first > 0 else -1) * (1 + Fraction(sign, 2**power))
    return replace(case, start=replace(case.start, ratios=(ratio, *others)))
