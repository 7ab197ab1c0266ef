"""Cases on which `flow.sliding` is tested."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ....numerics.data.losses import lipschitz_losses
from ...claim.draws import composite, st
from ..strategies import (
    LEAKS,
    FlowCase,
    datasets,
    flow_cases,
    leaving_flows,
    leaving_in_space,
    neurons,
    scattered,
    sliding_datasets,
)


@composite
def sliding_flows(draw: st.DrawFn) -> FlowCase:
    """Flows with neurons that slide: on plane data that hold them, on random data, and such that leave again."""
    choice = draw(st.integers(0, 4))
    if choice == 4:
        return draw(leaving_in_space(halvings=12))
    if choice < 2:
        return draw(leaving_flows())
    case = draw(flow_cases(n=(2, 5), d=(2, 3), width=(1, 4), kinds=("balanced", "dominated"), longest=6))
    if choice == 2:
        return case
    data = draw(sliding_datasets())
    plane = draw(flow_cases(d=(2, 2), width=(1, 1), longest=6))
    return replace(plane, data=data, loss="square", start=draw(neurons(data, (1, 3), "balanced")))


def leaving_in_many_dimensions() -> tuple[FlowCase, ...]:
    """Neurons that leave faces: by themselves, and as they die where they pass another hyperplane."""
    return tuple(scattered(seed, "square", Fraction(0), 3) for seed in (11, 26, 208, 236))


@composite
def starts_on_a_hyperplane(draw: st.DrawFn) -> FlowCase:
    """One or two neurons in the plane, the first of them orthogonal to a point."""
    loss, leak = draw(st.sampled_from(lipschitz_losses())), draw(st.sampled_from(LEAKS))
    data = draw(datasets(n=(2, 4), d=(2, 2), loss=loss))
    start = draw(neurons(data, (1, 2), draw(st.sampled_from(("balanced", "dominated")))))
    p, q = draw(st.sampled_from(data.inputs))
    side = draw(st.sampled_from((Fraction(1, 2), Fraction(-1, 2))))
    on = replace(start, weights=((-side * q, side * p), *start.weights[1:]))
    return FlowCase(data, loss, leak, on, Fraction(2))
