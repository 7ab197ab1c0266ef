"""Random single neurons in exact numbers and balls, written from the definitions of docs/theory.md 1 alone.

They are oracles: no formula of `theory/` is used here. A neuron under a constant drift is followed by the exponential
of its matrix, summed by python-flint.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from ..kinds.model_points import Example, dot, number

Vector = tuple[Fraction, ...]


def rational(source: random.Random, low: int = -8, high: int = 8) -> Fraction:
    """A fraction between `low` and `high` with a small denominator."""
    denominator = source.randint(1, 8)
    return Fraction(source.randint(low * denominator, high * denominator), denominator)


def positive(source: random.Random) -> Fraction:
    """A fraction above 0, at most 4."""
    return Fraction(source.randint(1, 32), 8)


def vector(source: random.Random, size: int) -> Vector:
    """A vector that is not 0."""
    found = tuple(rational(source, -2, 2) for _ in range(size))
    return found if any(found) else vector(source, size)


@dataclass(frozen=True)
class NeuronExample:
    """A neuron under a constant drift of rational norm `r` > 0; `unit` is the drift's unit vector."""

    r: Fraction
    unit: Vector
    w: Vector
    a: Fraction

    @property
    def drift(self) -> Vector:
        """D = r Dhat."""
        return tuple(self.r * value for value in self.unit)

    def matrix(self) -> Any:
        """[[0, D], [D^T, 0]], which moves (w, a)."""
        size = len(self.w) + 1
        entries = [[flint.arb(0)] * size for _ in range(size)]
        for i, value in enumerate(self.drift):
            entries[i][-1] = entries[-1][i] = number(value)
        return flint.arb_mat(size, size, [entry for row in entries for entry in row])

    def at(self, time: Any) -> tuple[list[Any], Any]:
        """(w, a) at a time, as balls."""
        size = len(self.w) + 1
        start = flint.arb_mat(size, 1, [number(value) for value in (*self.w, self.a)])
        moved = ((self.matrix() * number(time)).exp() * start).entries()
        return moved[:-1], moved[-1]

    def cosine(self, time: Any) -> Any:
        """<w, Dhat>/a at a time."""
        w, a = self.at(time)
        return dot(w, self.unit) / a


UNITS: tuple[Vector, ...] = tuple(
    tuple(Fraction(value) for value in unit)
    for unit in (
        (1, 0),
        (Fraction(3, 5), Fraction(-4, 5)),
        (Fraction(-5, 13), Fraction(12, 13)),
        (Fraction(1, 3), Fraction(2, 3), Fraction(-2, 3)),
        (Fraction(2, 7), Fraction(-3, 7), Fraction(6, 7)),
        (-1,),
    )
)
"""Rational unit vectors of dimension 1 to 3."""


def dominated_neuron(source: random.Random) -> NeuronExample:
    """A dominated neuron that is neither aligned with its drift nor opposed to it, |c0| < 1."""
    unit = source.choice(UNITS)
    w = vector(source, len(unit))
    size = sum(abs(value) for value in w)  # at least ||w||
    a = source.choice((-1, 1)) * (size + Fraction(source.randint(1, 8), 8))
    return NeuronExample(positive(source), unit, w, a)


def constant_drift(source: random.Random) -> Example:
    """A neuron under a constant drift, at a random time: for the claims alignment.closed-form, .time and .ode."""
    neuron, time = dominated_neuron(source), Fraction(source.randint(1, 16), 8)
    w, a = neuron.at(time)
    along = sum((p * q for p, q in zip(neuron.w, neuron.unit, strict=True)), Fraction(0))
    c = dot(w, neuron.unit) / a
    growth = dot(w, neuron.drift) / a
    values = {
        "r": neuron.r,
        "t": time,
        "w_0": neuron.w,
        "a_0": neuron.a,
        "Dhat": neuron.unit,
        "D": neuron.drift,
        "w_along": along,
        "c_0": along / neuron.a,
        "w_t": w,
        "a_t": a,
        "c_t": c,
        "perp_t": _shrunk(neuron, w, a),
        "T": time,
        "delta": 1 - c,
        "w": w,
        "a": a,
        "omega": [value / a for value in w],
        "c": c,
        "log|a|": abs(a).log(),
    }
    # w' = a D and a' = <w, D>; omega' = w'/a - w a'/a^2, and c' = <omega', Dhat>.
    turn = [number(d) - value / a * growth for d, value in zip(neuron.drift, w, strict=True)]
    rates = {
        "w": [a * number(value) for value in neuron.drift],
        "a": dot(w, neuron.drift),
        "omega": turn,
        "c": dot(turn, neuron.unit),
        "log|a|": growth,
    }
    described = {"D": shown(neuron.drift), "w(0)": shown(neuron.w), "a(0)": str(neuron.a), "t": str(time)}
    return Example(values, rates, described)


def shown(values: Sequence[Fraction]) -> str:
    """A vector as text."""
    return f"({', '.join(map(str, values))})"


def _shrunk(neuron: NeuronExample, w: Sequence[Any], a: Any) -> Any:
    """omega_perp(t) over omega_perp(0), in a coordinate in which the latter is not 0."""
    along0 = sum((p * q for p, q in zip(neuron.w, neuron.unit, strict=True)), Fraction(0))
    along = dot(w, neuron.unit)
    for i, unit in enumerate(neuron.unit):
        before = (neuron.w[i] - along0 * unit) / neuron.a
        if before != 0:
            return (w[i] - along * number(unit)) / a / number(before)
    return number(neuron.a) / a  # omega_perp is 0; w moves along Dhat only, so that its factor is that of 1/a


def frozen_neuron(source: random.Random) -> Example:
    """A neuron of the frozen flow between events, G(w) = <D, w>: for the claim alignment.correlation-monotone."""
    neuron = dominated_neuron(source)
    w, a, D = neuron.w, number(neuron.a), neuron.drift
    norm = dot(w, w).sqrt()
    rates = {"G": a * dot(D, D), "a": dot(w, D), "||w||": a * dot(w, D) / norm}
    described = {"D": shown(D), "w": shown(w), "a": str(neuron.a)}
    return Example({"G": dot(D, w), "a": a, "||w||": norm}, rates, described)


def hyperplane(source: random.Random) -> Example:
    """A neuron, a point x and a time: for the claim alignment.crossing.

    The three parts of <w(t), x> are found from its values at the times 0, t and -t.
    """
    neuron, time = dominated_neuron(source), Fraction(source.randint(1, 16), 8)
    x = vector(source, len(neuron.unit))
    grown = (number(neuron.r) * number(time)).exp()
    cosh, sinh = (grown + 1 / grown) / 2, (grown - 1 / grown) / 2
    begin, ahead, behind = (dot(neuron.at(t)[0], x) for t in (Fraction(0), time, -time))
    beta, gamma = (ahead + behind - 2 * begin) / (2 * (cosh - 1)), (ahead - behind) / (2 * sinh)
    values = {
        "E": grown,
        "a_0": neuron.a,
        "w_along": dot(neuron.w, neuron.unit),
        "w_x": begin,
        "D_x": dot(neuron.unit, x),
        "alpha": begin - beta,
        "beta": beta,
        "gamma": gamma,
        "2 E <w(t), x>": 2 * grown * ahead,
    }
    if (roots := _later_roots(beta + gamma, 2 * (begin - beta), beta - gamma)) is not None:
        values["#{t > 0 : <w(t), x> = 0}"] = roots
    described = {"D": shown(neuron.drift), "w(0)": shown(neuron.w), "a(0)": str(neuron.a), "x": shown(x)}
    return Example(values, {}, {**described, "t": str(time)})


def _later_roots(first: Any, second: Any, third: Any) -> int | None:
    """How many roots E > 1 a quadratic with these balls as coefficients has; None where the balls do not decide it."""
    inside = second * second - 4 * first * third
    if inside < 0:
        return 0
    if not (inside > 0 and (first > 0 or first < 0)):
        return None
    roots = [(-second + sign * inside.sqrt()) / (2 * first) for sign in (1, -1)]
    return None if any(root.contains(1) for root in roots) else sum(bool(root > 1) for root in roots)


def lorentz_map(source: random.Random) -> Example:
    """The matrix of a neuron's flow under a constant drift and its exponential: for the claim flow.lorentz."""
    neuron, time = dominated_neuron(source), Fraction(source.randint(1, 16), 8)
    size = len(neuron.unit) + 1
    form = flint.arb_mat(size, size, [(i == j) * (1 if i < size - 1 else -1) for i in range(size) for j in range(size)])
    values = {"A": neuron.matrix(), "J": form, "Phi": (neuron.matrix() * number(time)).exp(), "r": neuron.r, "t": time}
    return Example(values, {}, {"D": shown(neuron.drift), "t": str(time)})


def cells(source: random.Random) -> Example:
    """Lines through 0 in the plane, or points of a line: for the claim alignment.cell-count.

    In the plane the cells are the sectors between neighbouring rays of the lines: there are as many as rays. On a line
    the cells are its two halves, however many points there are.
    """
    d = source.choice((1, 2))
    count = source.randint(1, 7)
    lines = {_direction(vector(source, 2)) for _ in range(count)}
    n, found = (len(lines), 2 * len(lines)) if d == 2 else (count, 2)
    return Example({"n": n, "d": d, "C(n, d)": found}, {}, {"n": str(n), "d": str(d)})


def _direction(p: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The multiple of a vector whose last coordinate that is not 0 is 1: the same for all vectors of a line."""
    last = next(value for value in reversed(p) if value != 0)
    return tuple(value / last for value in p)
