"""Rational data in T(eta) and starts for certified evidence: drawn from a generator, never with an unstated seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..numerics.certify.instance import RationalStart, drawn_start
from ..numerics.dataset import Dataset
from ..numerics.start import make_start
from .three_points import random_three_points


@dataclass(frozen=True)
class CertifiedCase:
    """Data and a rational start, with a name for reports."""

    name: str
    data: Dataset
    start: RationalStart


def is_live(start: RationalStart, data: Dataset) -> bool:
    """Whether some neuron with a > 0 is active on some point, in rationals."""
    return any(a > 0 and any(u * x[0] + v * x[1] > 0 for x in data.inputs) for a, u, v in start.neurons)


def without_live(start: RationalStart, data: Dataset) -> RationalStart:
    """The same start with the signs of all live a > 0 neurons turned."""
    turned = tuple(
        (-abs(a), u, v) if any(u * x[0] + v * x[1] > 0 for x in data.inputs) else (a, u, v) for a, u, v in start.neurons
    )
    return RationalStart(turned, f"{start.note}; no a > 0 neuron active on a point")


def certified_cases(rng: np.random.Generator, published: int, drawn: int) -> Iterator[CertifiedCase]:
    """`published` starts on the published three points, `drawn` data sets in T(eta); every start has a live neuron.

    The first is the published scale, 1e-3, at width 20. The others have widths 1 to 100 and scales 1e-6 to 1e-24: small
    enough, since a < 0 neurons die and a > 0 ones align before the network has grown to the size of the labels.
    """
    points = Dataset.published("three-points")
    for number in range(published + drawn):
        while True:
            data = points if number < published else random_three_points(rng)
            width, scale = int(rng.choice((1, 2, 5, 20, 50, 100))), float(rng.choice((1e-6, 1e-9, 1e-12, 1e-24)))
            seed, kind = int(rng.integers(10**6)), str(rng.choice(("balanced", "dominated")))
            if number == 0:
                width, scale, seed, kind = 20, 1e-3, 0, "balanced"
            start = drawn_start(make_start(width, scale, seed, kind))
            if is_live(start, data):
                break
        yield CertifiedCase(f"{'published' if number < published else data.to_json()}: {start.note}", data, start)
