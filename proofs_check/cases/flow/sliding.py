"""Cases on which `flow.sliding` is tested."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.losses import get_loss, lipschitz_losses
from ...claim.draws import composite, st
from ..strategies import (
    LEAKS,
    FlowCase,
    Neurons,
    datasets,
    flow_cases,
    leaving_flows,
    leaving_in_space,
    neurons,
    signed_eighths,
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


def scattered(seed: int, loss: str, leak: Fraction, thirds: int) -> FlowCase:
    """Two to four dominated neurons and 3 to 8 points with mixed labels in 5 to 30 dimensions, all from one seed.

    There neurons are followed one by one, and most of them slide, on several hyperplanes at once. In a third of the
    time they grow by e or so at most, at the rate (1/n) sum |y_k| ||x_k||.
    """
    rng = np.random.default_rng(seed)
    n, d, m = int(rng.integers(3, 9)), int(rng.integers(5, 31)), int(rng.integers(2, 5))
    labels = signed_eighths(rng, 8, (n,)) if get_loss(loss).labels is None else rng.choice((-1, 1), n)
    data = Dataset(tuple(map(tuple, signed_eighths(rng, 1, (n, d)))), tuple(map(Fraction, labels.tolist())))
    sizes = rng.choice((-12, -8, -8, 8, 8, 12), m)
    places = 2 * rng.integers(-16, 16, (m, d)) + 1
    weights = tuple(tuple(Fraction(int(value), 128) for value in row) for row in places)
    rate = float(np.mean(np.abs(data.y) * np.linalg.norm(data.X, axis=1)))
    time = Fraction(thirds * max(1, round(128 / rate)), 128)
    return FlowCase(data, loss, leak, Neurons(tuple(Fraction(int(size), 8) for size in sizes), weights), time)


def in_many_dimensions() -> st.SearchStrategy[FlowCase]:
    """Flows from seeds, see `scattered`."""
    return st.builds(
        scattered,
        st.integers(0, 10**6),
        st.sampled_from(lipschitz_losses()),
        st.sampled_from(LEAKS[:2]),
        st.integers(1, 3),
    )


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
