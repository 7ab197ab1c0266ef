"""What the evidence of `published.lemma-2` and `published.lemma-3` decides (theory.md 8.1)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

from ....numerics.data.dataset import Dataset
from ....numerics.data.problem import Problem
from ....numerics.oracles.rational import (
    Inequality,
    Pattern,
    Vector,
    determinant,
    drift_on,
    extremal_by_definition,
    inner,
    pattern_of,
    solvable,
)
from ....theory.alignment import generic
from ....theory.formal.derivation import Goal
from ...cases.strategies import LEAKS
from ...claim.draws import assume, st
from ...claim.evidence import Margin
from ...claim.statement import Predicate

VALUES = 2**40
"""Coordinates and labels are drawn uniformly from the odd multiples of 2^-39 in (-2, 2). The lemmas fail only on the
zeros of fewer than 500 polynomials of degree at most 12, which these meet with a probability below 500 * 12 / 2^40."""


@dataclass(frozen=True)
class DataCase:
    """A problem, and whether its data were drawn from a law with (nearly) a density."""

    problem: Problem
    generic: bool


def generic_cases() -> st.SearchStrategy[DataCase]:
    """Up to four points in dimension up to three, with coordinates and labels uniform on a fine grid, from a seed."""
    return st.integers(0, 10**9).map(_drawn)


def _drawn(seed: int) -> DataCase:
    rng = random.Random(seed)
    n, d = rng.randint(1, 4), rng.randint(1, 3)

    def number() -> Fraction:
        return Fraction(2 * rng.randrange(-VALUES // 2, VALUES // 2) + 1, VALUES // 2)

    inputs = tuple(tuple(number() for _ in range(d)) for _ in range(n))
    return DataCase(Problem(Dataset(inputs, tuple(number() for _ in range(n))), "square", rng.choice(LEAKS)), True)


def _case(inputs: list[list[int]], labels: list[int], generic: bool = True) -> DataCase:
    return DataCase(Problem(Dataset.from_arrays(inputs, labels)), generic)


def boundary_examples() -> list[DataCase]:
    """One point, and two orthogonal ones, where D_u lies on the boundary of its cell."""
    return [_case([[1]], [1]), _case([[1, 0], [0, 1]], [1, 1], generic=False)]


def existence_examples() -> list[DataCase]:
    """One vector only; none seen by a > 0; and data for which G vanishes."""
    published = DataCase(Problem(Dataset.published("three-points")), True)
    return [published, _case([[1]], [-1]), _case([[1, 0], [1, 0]], [1, -1], generic=False)]


def boundary_obligations(statement: Predicate) -> Iterator[Goal]:
    """Of Lemma 2."""
    yield from generic.boundary_goals(statement["excepted"])
    yield from generic.independence_goals(statement["size"])
    if not statement["generic"]:
        yield generic.for_every_data_set()


def existence_obligations(statement: Predicate) -> Iterator[Goal]:
    """Of Lemma 3."""
    yield from generic.extremal_goals()
    yield from generic.not_constant_goals()
    yield from generic.count_goals(statement["count"], statement["either_sign"])
    if not statement["generic"]:
        yield generic.for_every_data_set()


def off_the_boundary(statement: Predicate, case: DataCase) -> Margin:
    """Lemma 2 by its definitions in rationals: every pattern, and every family of at most the stated size."""
    assume(case.generic or not statement["generic"])
    inputs, pulls, leak = case.problem.data.inputs, case.problem.pulls_at_zero, case.problem.leak
    for pattern in product((-1, 0, 1), repeat=len(inputs)):
        # An element of frakD_u on the boundary is orthogonal to the face, hence the shortest: is 0 in frakD_u, it is 0.
        drift = drift_on(pattern, inputs, pulls, leak) if _occurs(pattern, inputs) else None
        allowed = drift is None or (statement["excepted"] and not any(drift))
        if drift is not None and not allowed and _on_the_boundary(drift, pattern, inputs):
            return Margin(1.0, 0.0, "exact numbers", {"pattern": pattern, "drift": drift})
    size = int(statement["size"].subs(generic.dimension, case.problem.data.d))
    scaled = [tuple(pull * value for value in x) for pull, x in zip(pulls, inputs, strict=True)]
    for count in range(1, min(size, len(scaled)) + 1):
        for chosen in combinations(scaled, count):
            if not determinant([tuple(inner(u, v) for v in chosen) for u in chosen]):
                return Margin(1.0, 0.0, "exact numbers", {"dependent": chosen})
    return Margin(0.0, 0.0, "exact numbers")


def _occurs(pattern: Pattern, inputs: tuple[Vector, ...]) -> bool:
    """Whether some w has this pattern."""
    system: list[Inequality] = []
    for side, x in zip(pattern, inputs, strict=True):
        for factor in (side,) if side else (1, -1):
            system.append((tuple(factor * value for value in x), Fraction(0), side != 0))
    return solvable(system, len(inputs[0]))


def _on_the_boundary(drift: Vector, pattern: Pattern, inputs: tuple[Vector, ...]) -> bool:
    """Whether D or -D is in the closure of the cone of the pattern, but not in the cone."""
    signs = pattern_of(drift, inputs)
    return any(
        all(own in (0, side * sign) for own, sign in zip(signs, pattern, strict=True))
        and any(own != side * sign for own, sign in zip(signs, pattern, strict=True))
        for side in (1, -1)
    )


def some_extremal_vector(statement: Predicate, case: DataCase) -> Margin:
    """How many extremal vectors there are by the definition, of the signs that count."""
    assume(case.generic or not statement["generic"])
    found = extremal_by_definition(case.problem.data.inputs, case.problem.pulls_at_zero, case.problem.leak)
    counted = [drift for drift, signs in found.items() if statement["either_sign"] or 1 in signs]
    return Margin(max(float(statement["count"] - len(counted)), 0.0), 0.0, "exact numbers", {"found": len(counted)})
