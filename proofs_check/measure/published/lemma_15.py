"""What the evidence of `published.lemma-15` decides (theory.md 10.5)."""

from __future__ import annotations

import sympy

from ....numerics.data.dataset import Dataset
from ....theory.alignment import plane
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import SYMBOLS
from ...claim.evidence import Certificate
from ...claim.statement import Predicate
from ...kinds.rechecks import AtPoint, exact


def a_maximum(statement: Predicate) -> Certificate:
    """<b, x_k> > 0 at the published points: so D(b, 0) = b, and G = <b, .> on a neighbourhood of b."""
    if plane.MAXIMUM in statement["kinds"]:
        return Certificate(1, "a maximum is among what is stated")
    data = Dataset.published("three-points")
    numbers = [value for x in data.inputs for value in x] + list(data.labels)
    place = {symbol: exact(value) for symbol, value in zip(SYMBOLS, numbers, strict=True)}
    drift = points.drift((1, 2, 3))
    heights = [sympy.Add(*(a * b for a, b in zip(drift, x, strict=True))) for x in points.inputs]
    rechecks = tuple(AtPoint(sympy.Gt(height, 0, evaluate=False), place) for height in heights)
    where = {"x": data.inputs, "y": data.labels, "w": "along b = (-31/120, 2/3)"}
    return Certificate(1, "G = <b, w> near b, with a strict maximum on the circle", where, rechecks=rechecks)
