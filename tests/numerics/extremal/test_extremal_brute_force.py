"""Complete extremal vectors against the brute-force oracle, on data chosen to be awkward."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from early_alignment.numerics.extremal.longest_drift import no_drift_is_longer
from early_alignment.numerics.extremal.vectors import extremal_vectors_of
from early_alignment.numerics.geometry.hyperplanes import merge_points
from early_alignment.numerics.geometry.integers import span_coordinates

from . import brute_force_extremal as oracle

LEAKS = (Fraction(0), Fraction(1, 10), Fraction(9, 10))
SHAPES = ("plain", "duplicates", "opposite", "zero labels", "few points", "one sign", "ties", "collinear", "multiples")


def awkward_data(seed: int):
    """(inputs, pulls, leak, shape): small rationals with the degeneracy that `seed` selects."""
    rng = random.Random(seed)
    shape = SHAPES[seed % len(SHAPES)]
    dimension = rng.choice((1, 2, 2, 3, 3, 4))
    count = rng.randint(2, 5)
    reach = 1 if shape == "ties" else 6
    if shape == "few points":
        dimension = rng.choice((3, 4))
        count = rng.randint(1, dimension - 1)

    def point():
        while True:
            x = tuple(
                Fraction(rng.randint(-reach, reach), rng.choice((1, 2, 3)) if reach > 1 else 1)
                for _ in range(dimension)
            )
            if any(x):
                return x

    inputs = [point() for _ in range(count)]
    pulls = [Fraction(rng.choice((-3, -2, -1, 1, 2, 3)), rng.choice((1, 2))) for _ in inputs]
    if shape == "duplicates":
        inputs.append(inputs[0])
        pulls.append(rng.choice((pulls[0], -pulls[0], pulls[-1])))
    if shape == "opposite":
        inputs.append(tuple(-c for c in inputs[0]))
        pulls.append(rng.choice((pulls[0], -pulls[0], pulls[-1])))
    if shape == "multiples":
        factor = Fraction(rng.choice((-3, -2, 2, 3)), rng.choice((1, 2)))
        inputs.append(tuple(factor * c for c in inputs[0]))
        pulls.append(rng.choice((pulls[0] / abs(factor), -pulls[0] / abs(factor), pulls[-1])))
    if shape == "collinear" and count >= 2:
        inputs.append(tuple(a + b for a, b in zip(inputs[0], inputs[1], strict=True)))
        if not any(inputs[-1]):
            inputs[-1] = inputs[0]
        pulls.append(Fraction(rng.choice((-1, 1))))
    if shape == "zero labels":
        pulls[rng.randrange(len(pulls))] = Fraction(0)
    if shape == "one sign":
        pulls = [abs(p) * (1 if seed % 2 else -1) for p in pulls]
    return inputs, pulls, LEAKS[(seed // len(SHAPES)) % 3], shape


SEEDS = [pytest.param(seed, marks=pytest.mark.slow if seed >= 60 else ()) for seed in range(200)]
"""The claim alignment.extremal-vectors makes the same comparison on cases of its own."""


def compare(inputs, pulls, leak, route):
    """The result of `route`, after comparing vectors, signs, patterns and stabilities with the oracle's."""
    result = extremal_vectors_of(inputs, pulls, leak, route)
    expected = oracle.extremal(inputs, pulls, leak)
    assert {(v.exact, v.sign): v.pattern for v in result.vectors} == expected
    assert len(result.vectors) == len(expected)
    assert result.complete
    for vector in result.vectors:
        plain = oracle.stability(inputs, pulls, leak, vector.exact, vector.sign)
        if plain is not None:
            assert vector.stability == plain, vector
    return result


@pytest.mark.parametrize("route", ["arrangement", "tree"])
@pytest.mark.parametrize("seed", SEEDS)
def test_extremal_vectors_equal_those_of_brute_force(seed, route):
    inputs, pulls, leak, _ = awkward_data(seed)
    compare(inputs, pulls, leak, route)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sort_agrees_with_brute_force_on_data_of_rank_two(seed):
    inputs, pulls, leak, _ = awkward_data(seed)
    inputs = [
        (*x[:2], *(0 for _ in x[2:])) if any(x[:2]) else (Fraction(1), *x[1:2], *(0 for _ in x[2:])) for x in inputs
    ]
    inputs = [tuple(Fraction(c) for c in x) for x in inputs]
    compare(inputs, pulls, leak, "sort")


@pytest.mark.parametrize("route", ["arrangement", "tree"])
@pytest.mark.parametrize("seed", SEEDS[::3])
def test_largest_drift_equals_that_of_brute_force(seed, route):
    inputs, pulls, leak, _ = awkward_data(seed)
    squared = oracle.largest_squared_norm(inputs, pulls, leak)
    # d_max is one square root of an exact sum of squares; hypot and the conversions each err by a few ulp.
    assert extremal_vectors_of(inputs, pulls, leak, route).d_max == pytest.approx(float(squared) ** 0.5, rel=1e-14)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_drift_is_longer_than_the_bound(seed):
    """Beside all choices of slopes; a single point leaves no room."""
    inputs, pulls, leak, _ = awkward_data(seed)
    squared = oracle.largest_squared_norm(inputs, pulls, leak)
    bound = no_drift_is_longer(span_coordinates(merge_points(inputs, pulls, leak)))
    assert float(squared) ** 0.5 <= bound
    alone = no_drift_is_longer(span_coordinates(merge_points(inputs[:1], pulls[:1], leak)))
    assert alone == pytest.approx(abs(float(pulls[0])) * float(sum(v * v for v in inputs[0])) ** 0.5, rel=1e-8)
