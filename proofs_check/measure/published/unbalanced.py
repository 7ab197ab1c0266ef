"""What the evidence of `published.unbalanced-remark` and `published.unbalanced-wide` decides (theory.md 8.4)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy
from sympy import Rational, Symbol

from ....numerics.data.dataset import Dataset
from ....numerics.data.start import make_start
from ....numerics.flow.simulation import Simulation, simulate
from ....theory.formal.derivation import at_most
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import SYMBOLS
from ....theory.spurious.two_neurons import neurons
from ...cases.spurious.three_points import three_points
from ...claim.draws import composite, st
from ...claim.evidence import Certificate, Margin
from ...claim.statement import Predicate
from ...kinds.rechecks import AtPoint, exact
from ..spurious.two_edged import AT_LEAST_SQUARES, AT_REST, FITTED, TOLERANCE

STARTS = 4
WIDEST = 1000
LATEST = 20_000.0
"""A flow stops when it has ended; a few need thousands of units of time on the way to a fit."""
A, W1, W2 = (Symbol(name, real=True) for name in ("a", "w1", "w2"))
NEURON = {A: Rational(-1), W1: Rational(0), W2: Rational(1, 2)}
"""A neuron over lambda with a < 0 and |a| > ||w||."""


def centre() -> Dataset:
    """The centre of T(1/6), up to its open ends."""
    twelfths = [(Fraction(u, 12), Fraction(v, 12)) for u, v in ((-11, 13), (0, 12), (11, 13))]
    return Dataset(tuple(twelfths), (Fraction(13, 12), Fraction(1, 12), Fraction(13, 12)))


def negative_output_weights(statement: Predicate) -> Certificate:
    """Neurons with a_j < 0 and |a_j| > ||w_j||, as many as one likes, where the statement is about every start.

    Every a_j keeps its sign, so that h <= 0 for all times and the loss stays at (1/2n) sum y_k^2 or more. With one
    neuron the least-squares fit has a smaller loss, and with two or more the least loss is 0.
    """
    if statement["share"] != "all":
        return Certificate(1, "few starts are like this")
    data = centre()
    numbers = [value for x in data.inputs for value in x] + list(data.labels)
    place = {symbol: exact(value) for symbol, value in zip(SYMBOLS, numbers, strict=True)}
    eta = place | {points.eta: Rational(1, 11)}
    inside = [_at(relation, eta) for relation in points.assumption()]
    start = [AtPoint(A < 0, NEURON), AtPoint(sympy.Lt(W1**2 + W2**2, A**2, evaluate=False), NEURON)]
    positive = [points.determinant(), *points.labels, *(points.prediction(k) for k in (1, 2, 3))]
    fit = [_at(sympy.Gt(value, 0, evaluate=False), place) for value in positive]
    two = []
    for point, label in zip(points.inputs, points.labels, strict=True):
        heights = [w[0] * point[0] + w[1] * point[1] for w in neurons()]
        active = [height for height in heights if height.xreplace(place) > 0]
        idle = [height for height in heights if not height.xreplace(place) > 0]
        two.append(_at(sympy.Eq(sympy.Add(*active), label, evaluate=False), place))
        two += [_at(at_most(height, 0), place) for height in idle]
    where = {"x": data.inputs, "y": data.labels, "every a": "-lambda", "every w": ("0", "lambda/2")}
    rechecks = (*inside, *start, *fit, *two)
    return Certificate(1, "h <= 0 for all times; two neurons fit the data", where, rechecks=rechecks)


def _at(relation: sympy.Basic, place: dict[Symbol, Rational]) -> AtPoint:
    return AtPoint(relation, {symbol: place[symbol] for symbol in relation.free_symbols if isinstance(symbol, Symbol)})


@dataclass(frozen=True)
class UnbalancedStarts:
    """Data in T(1/6); the places of the width and of the scale in the stated ranges; the first seed."""

    data: Dataset
    wide: Fraction
    large: Fraction
    seed: int


@composite
def unbalanced_starts(draw: st.DrawFn) -> UnbalancedStarts:
    """Random data, widths and scales."""
    wide, large = (Fraction(draw(st.integers(0, 8)), 8) for _ in range(2))
    return UnbalancedStarts(draw(three_points()), wide, large, draw(st.integers(0, 10**6)))


def narrowest_and_smallest() -> list[UnbalancedStarts]:
    """The centre of the box at the least width and the smallest scale."""
    return [UnbalancedStarts(centre(), Fraction(0), Fraction(0), 0)]


def share_that_ends_elsewhere(statement: Predicate, case: UnbalancedStarts) -> Margin:
    """The share of `STARTS` networks that end elsewhere than stated.

    The width is drawn up to `WIDEST`, and the scale from the smallest one stated, 1/1000 where there is none, to 1.
    """
    narrow, small = max(statement["width"], 2), float(statement["scale"] or Fraction(1, 1000))
    width = round(narrow * (WIDEST / narrow) ** float(case.wide))
    scale = small ** (1 - float(case.large))
    ends = [_end(case.data, width, statement["kind"], scale, case.seed + number) for number in range(STARTS)]
    where = {"width": width, "scale": scale, "stated": statement["limit"], "ends": ends}
    allowed = {"all": 0.0, "most": 0.25}[statement["share"]]
    return Margin(sum(end != statement["limit"] for end in ends) / STARTS, allowed, "the share stated", where)


def _end(data: Dataset, width: int, kind: str, scale: float, seed: int) -> str:
    """Where one flow ends, from its outputs."""
    start, times = make_start(width, scale, seed, kind, data.d), np.geomspace(LATEST / 1e6, LATEST, 121)
    result: Simulation = simulate(
        data, start, LATEST, tolerance=TOLERANCE, times=times, until_loss=FITTED, until_speed=AT_REST
    )
    if result.losses[-1] <= FITTED:
        return "interpolation"
    fit = data.X @ np.linalg.lstsq(data.X, data.y, rcond=None)[0]
    near = float(np.max(np.abs(result.outputs[-1] - fit))) <= AT_LEAST_SQUARES
    return "least squares" if near else f"loss {result.losses[-1]:.3g} at t = {result.time:g}"
