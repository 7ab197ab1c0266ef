"""What the evidence of `published.lemma-8` and `published.lemma-8-repaired` decides (theory.md 8.2)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from ....theory.formal.derivation import Zero
from ....theory.positivity.algebraic import Root
from ....theory.positivity.prover import PositiveGoal
from ....theory.spurious import assumption_five as assumption
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import RANGES, SYMBOLS, mirror_difference, vanishes_at_a_corner
from ...claim.evidence import Certificate, Obligation
from ...claim.statement import Predicate
from ...kinds.rechecks import AtPoint

TENTH = Fraction(1, 10)
INPUTS = ((Fraction(-9, 10), Fraction(1)), (Fraction(-1, 10), Fraction(11, 10)), (Fraction(9, 10), Fraction(11, 10)))
LABELS = (Fraction(1), TENTH, Fraction(11, 10))
"""Data in T(1/10) at which Assumption 5 as printed fails for k = 1."""


def holds_on_the_box(labels: str, largest: Root) -> Iterator[Obligation]:
    """K_0 = {1, 3} and the inequality for k = 1, for all data in T(eta); k = 3 is the reflected case.

    Let m_kl = det(x_k, x_l). Orthogonal to x_1 is (q_1, -p_1), with <., x_l> = -m_1l; to x_3 (-q_3, p_3), with -m_l3;
    to x_2 (q_2, -p_2), with m_12 and -m_23. So 1 and 3 are in K_0 and 2 is not when all m_kl, k < l, are negative.
    """
    for k, j in ((1, 2), (1, 3), (2, 3)):
        yield PositiveGoal(f"-m_{k}{j}", -points.minor(k, j), RANGES, points.eta, largest)
    reflected = mirror_difference(assumption.excess(assumption.ALL), assumption.excess(assumption.ALL, 3))
    yield Zero("k = 3 is k = 1 of the reflected data", reflected)
    value = assumption.excess(labels)
    yield PositiveGoal("excess", value, RANGES, points.eta, largest, assumption.steps(labels))


def fails_at(labels: str, largest: Root) -> Iterator[Obligation]:
    """At eta = `largest` the two sides are equal at a corner that belongs to T(eta)."""
    at_corner, name = assumption.at_first_failure(labels), f"equality at the largest eta ({labels})"
    yield from vanishes_at_a_corner(assumption.FIRST_FAILURE, at_corner, largest, name)


def printed_example(statement: Predicate) -> Certificate:
    """Both sides, squared, for k = 1 at `INPUTS`, `LABELS`."""
    if statement["largest"].within(sympy.Rational(1, 10**6)).high <= sympy.Rational(1, 10):
        return Certificate(1, "the data are not in T(eta) for any eta of the statement")
    first, products = INPUTS[0], [sum(u * v for u, v in zip(INPUTS[0], x, strict=True)) for x in INPUTS[1:]]
    summed = LABELS if statement["labels"] == assumption.ALL else LABELS[1:]
    left = (LABELS[0] * sum(u * u for u in first)) ** 2
    right = sum((y * y for y in summed), Fraction(0)) * sum((value * value for value in products), Fraction(0))
    numbers = [value for point in INPUTS for value in point] + list(LABELS)
    place = {points.eta: TENTH, **dict(zip(SYMBOLS, numbers, strict=True))}
    if left > right:
        return Certificate(1, f"{left} > {right}")
    inside = tuple(AtPoint(relation, place) for relation in points.assumption())
    fails = AtPoint(assumption.excess(statement["labels"]) <= 0, place)
    where = {"x": INPUTS, "y": LABELS, "k": 1, "squares of the two sides": (left, right)}
    return Certificate(1, "Assumption 5 fails", where, rechecks=(*inside, fails))
