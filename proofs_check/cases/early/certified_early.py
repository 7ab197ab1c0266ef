"""Rational data and unscaled starts for certified early alignment: some by hand, others from a generator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ....numerics.certify.early_alignment.setting import UnscaledStart, unscaled_start
from ....numerics.data.dataset import Dataset
from ....numerics.data.problem import Problem

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


@dataclass(frozen=True)
class EarlyCase:
    """A problem, a start before it is scaled, and epsilon, with a name for reports."""

    name: str
    problem: Problem
    start: UnscaledStart
    epsilon: Fraction


def _start(rows: Sequence[Sequence[str]], box: str = "0") -> UnscaledStart:
    neurons = [(Fraction(a), [Fraction(value) for value in w]) for a, *w in rows]
    return unscaled_start(neurons, Fraction(box), "by hand")


def by_hand() -> Iterator[EarlyCase]:
    """Neurons that align, die, slide and are pinned, and a box of starts."""
    points = Problem(Dataset.published("three-points"))
    five = (
        ("-1", "-3/5", "4/5"),
        ("-2", "1", "1"),
        ("1", "4/5", "-3/5"),
        ("1", "7/25", "24/25"),
        ("1", "-12/13", "-5/13"),
    )
    yield EarlyCase("published points", points, _start(five), QUARTER)
    counterexample = _start((("1", "-4/5", "-29/50"),))
    yield EarlyCase("the counterexample to Theorem 1 (ii) as printed", points, counterexample, QUARTER)
    yield EarlyCase("the same with epsilon = 1/10", points, counterexample, Fraction(1, 10))
    yield EarlyCase("published points, a box", points, _start(five, "1e-5"), HALF)
    two = Problem(Dataset.from_arrays([[1, 0], [-1, 1]], [2, 1]))
    yield EarlyCase("two vectors", two, _start((("1", "-3/5", "4/5"), ("1", "4/5", "3/5"))), QUARTER)
    pinned = Problem(Dataset.from_arrays([["0", "1"], ["1/10", "1"], ["1", "1"]], [-3, 3, -1]))
    yield EarlyCase("a pinned neuron", pinned, _start((("1", "99/101", "20/101"),)), QUARTER)
    slides = Problem(
        Dataset.from_arrays([["3/5", "4/5", "0"], ["-3/5", "4/5", "1/10"]], ["-1/2", "1"]), "square", "1/8"
    )
    rows = (("2", "-1", "1/5", "0"), ("-1", "1/3", "1/3", "-1/3"))
    yield EarlyCase("sliding in space, leak 1/8", slides, _start(rows), HALF)
    classes = Dataset.from_arrays([[1, 2, 1], [2, -1, 1], ["-1", "-1/2", "1"]], [1, 1, -1], loss="logistic")
    mixed = (("2", "1", "1", "1/2"), ("-2", "1", "1/3", "-1"), ("2", "-1", "1/7", "-1/2"))
    yield EarlyCase("logistic loss in space", Problem(classes, "logistic"), _start(mixed), HALF)


def drawn(rng: np.random.Generator, count: int) -> Iterator[EarlyCase]:
    """Random data in dimension 2 to 4, both losses, four leaks, and dominated neurons; some are left undecided."""
    for number in range(count):
        d, n = int(rng.integers(2, 5)), int(rng.integers(2, 6))
        loss = str(rng.choice(("square", "logistic")))
        X = [[Fraction(int(value), 12) for value in row] for row in rng.integers(-30, 31, (n, d))]
        X = [row if any(row) else [Fraction(1)] * d for row in X]
        y = [
            Fraction(int(sign) * (1 if loss == "logistic" else int(size)), 1)
            for sign, size in zip(rng.choice((-1, 1), n), rng.integers(1, 9, n), strict=True)
        ]
        leak = Fraction(int(rng.choice((0, 0, 1, 4))), 8)
        neurons = []
        for row in rng.integers(-20, 21, (4, d)):
            w = [Fraction(2 * int(value) + 1, 41) for value in row]
            neurons.append((Fraction(int(rng.choice((-d, d)))), w))
        problem = Problem(Dataset.from_arrays(X, y, loss=loss), loss, leak)
        start = unscaled_start(neurons, Fraction(0), "drawn")
        yield EarlyCase(f"random data {number + 1}", problem, start, Fraction(int(rng.integers(1, 7)), 8))


def uncertified() -> Iterator[tuple[str, EarlyCase]]:
    """Starts in the exceptional set, each with a part of the reason."""

    def case(reason: str, problem: Problem, *row: str) -> tuple[str, EarlyCase]:
        return reason, EarlyCase(reason, problem, _start((row,)), QUARTER)

    points = Problem(Dataset.published("three-points"))
    yield case("starts on the hyperplane of point 1", points, "1", "-4/5", "-3/5")
    one_sided = Problem(Dataset.from_arrays([[1, 1], [0, 1], [1, -2]], ["2", "1/5", "1"]))
    yield case("(one-sided)", one_sided, "1", "12/13", "-1/13")
    symmetric = Problem(Dataset.from_arrays([[2, 1], [1, 2]], [1, 1]))
    yield case("points 1 and 2 at nearly the same time", symmetric, "-1", "1/2", "1/2")
    yield case("along the vector that repels it", Problem(Dataset.from_arrays([[3, 4]], [1])), "-1", "3/5", "4/5")
    cancels = Problem(Dataset.from_arrays([[1, 0], [1, 0], [0, 1]], [1, -1, 1]))
    yield case("its drift is 0", cancels, "2", "1", "-1")
    orthogonal = Problem(Dataset.from_arrays([[1, 0], [0, 1]], [2, 1]))
    yield case("nearly parallel", orthogonal, "-1", "2/3", "1/3")
    pinned = Problem(Dataset.from_arrays([["0", "1"], ["1/10", "1"], ["1", "1"]], [-3, 3, -1]))
    yield case("reaches w = 0", pinned, "2", "99/101", "20/101")
