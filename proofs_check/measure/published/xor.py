"""What the evidence of `published.xor` measures (theory.md 12.7)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...claim.draws import composite, st
from ...claim.evidence import Margin
from ...claim.statement import Predicate

SAMPLES = 400_000
DEVIATIONS = 6.0
"""A mean of bounded variance is farther off with a probability of about 1e-9."""


@dataclass(frozen=True)
class Direction:
    """The angle of w in units of pi/64, off the axes; the dimension of the inputs, and the seed of the sample."""

    angle: int
    dimension: int
    seed: int


@composite
def directions(draw: st.DrawFn) -> Direction:
    """All quadrants, d = 2 to 4."""
    angle = draw(st.integers(0, 127).filter(lambda value: value % 32 != 0))
    return Direction(angle, draw(st.integers(2, 4)), draw(st.integers(0, 10**6)))


def means_of_a_sample(statement: Predicate, case: Direction) -> Margin:
    """The mean of -l'(0) x 1{<w, x> > 0} over a sample beside the formula, in all coordinates.

    -l'(0) = y/2 for the logistic loss, by hand. A coordinate times an indicator has a variance of at most 1/2, so that
    the mean of N of them, halved, has a standard deviation of at most sqrt(1/(8 N)).
    """
    phi = case.angle * math.pi / 64
    w = np.array([math.cos(phi), math.sin(phi), *([0.0] * (case.dimension - 2))])
    x = np.random.default_rng(case.seed).standard_normal((SAMPLES, case.dimension))
    labels = -np.sign(x[:, 0]) * np.sign(x[:, 1])
    found = np.mean((labels / 2 * (x @ w > 0))[:, None] * x, axis=0)
    first, second = (1 - abs(math.cos(phi))) * np.sign(w[1]), (1 - abs(math.sin(phi))) * np.sign(w[0])
    if statement["exchanged"]:
        first, second = (1 - abs(math.sin(phi))) * np.sign(w[1]), (1 - abs(math.cos(phi))) * np.sign(w[0])
    scale = -float(statement["factor"]) * float(statement["coefficient"])
    expected = np.array([scale * first, scale * second, *([0.0] * (case.dimension - 2))])
    gap = float(np.max(np.abs(found - expected)))
    allowed = DEVIATIONS * math.sqrt(1 / (8 * SAMPLES))
    where = {"phi": phi, "d": case.dimension, "mean": found.tolist(), "formula": expected.tolist()}
    return Margin(gap, allowed, "six standard deviations of the mean", where)
