"""Rational data in T(eta) and starts for certified evidence: drawn from a generator, never with an unstated seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ....numerics.certify.instance import RationalStart, drawn_start
from ....numerics.data.dataset import Dataset
from ....numerics.data.start import Start, make_start
from ...known.false_certificates import ALL, ALL_THEN_NONE, LOOSE, ONE_THEN_NONE, TWO_THEN_NONE, WIDE, Parts, Row
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


@dataclass(frozen=True)
class Unproved:
    """Data and a start for which no certificate exists, or none of this size; `reason` is part of the sentence."""

    reason: str
    data: Dataset
    start: RationalStart


def unproved() -> Iterator[Unproved]:
    """A case for each condition of the prover, in its own order; those without a start at a small scale are false."""

    def case(reason: str, parts: Parts, *neurons: Row) -> Unproved:
        chosen = replace(parts, neurons=neurons) if neurons else parts
        rows = tuple((Fraction(a), Fraction(u), Fraction(v)) for a, u, v in chosen.tree()["start"]["neurons"])
        return Unproved(reason, chosen.data, RationalStart(rows, "written by hand"))

    small, large = replace(LOOSE, neurons=(ALL,)), replace(WIDE, p="1", q="142/100")
    yield case("the label of point 2 is not positive", replace(small, q="-1/100"))
    yield case("the label of point 2 is not positive", replace(small, q="0"))
    yield case("have an inner product that is not positive", replace(WIDE, c="1"))
    yield case("the inputs are all parallel", replace(small, c="0"))
    yield case("the least-squares solution interpolates", replace(small, p="1/2", q="1"))
    yield case("neuron 1 is not dominated", small, (13, 12, "5000001/1000000"), ALL)
    yield case("neuron 1 is not dominated", small, (0, 12, 5), ALL)
    yield case("neuron 1 lies on the hyperplane of point 1", small, (3, 2, 1), ALL)
    yield case("no neuron with a > 0 is active on a point", small, TWO_THEN_NONE)
    yield case("is too nearly parallel to its drift", small, ALL, (-5, 0, 4))
    yield case("from its repeller, too close at this scale", small, ALL, (-5, "1/1000000", 4))
    yield case("when its label may be fitted", replace(small, unit="1/60"), ALL, ONE_THEN_NONE)
    yield case("not proved to become active on point 1", replace(WIDE, q="1/50", unit="1/1000"), (13, 12, 5), ALL)
    yield case("may exceed the smallest label", replace(small, unit="1/160"), ALL, ALL_THEN_NONE)
    yield case("the drift is not known precisely enough", replace(large, unit="16/100"), ALL)
    yield case("not proved to be aligned with b", replace(small, unit="9/100"), (5, "-3/20", "4/20"))
    yield case("not aligned well enough for any first cell", replace(small, unit="1/30"))
    yield case("the trap is not reached", replace(small, unit="1/100"))
    line = [[Fraction(1), Fraction(k, 100)] for k in range(65)]
    neuron = RationalStart(((Fraction(1), Fraction(1), Fraction(0)),), "written by hand")
    many = Dataset.from_arrays(line, [Fraction(1 + k % 2) for k in range(65)])
    yield Unproved("a certificate holds at most 64", many, neuron)
    space = Dataset.from_arrays([[1, 0, 1], [0, 1, 1], [1, 1, 1]], [1, 2, 4])
    yield Unproved("the inputs have dimension 3", space, neuron)


def too_large_or_unbalanced() -> Iterator[tuple[str, Start]]:
    """Starts that no certificate takes, with part of the sentence that says so."""
    w = np.array([[0.6, 0.8]])
    yield "is not dominated", Start(np.array([0.999]), w, "unbalanced", None, None)
    yield "is not dominated", Start(np.array([0.0]), 0.0 * w, "unbalanced", None, None)
    yield (
        "a certificate holds at most 10000",
        Start(np.ones(10_001), np.repeat(w, 10_001, axis=0), "balanced", None, None),
    )
