"""Data with positive labels whose points correlate positively, and a start (theory.md 9.1): in exact numbers."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from .....numerics.data.dataset import Dataset
from .....numerics.data.start import Start, make_start
from .....numerics.oracles.rational import inner
from ....claim.draws import composite, st
from ....kinds.model_points import Example, dot, number
from ...classification.correlated import correlated_datasets
from ...network_examples import NetworkExample
from ...neuron_examples import Vector


@dataclass(frozen=True)
class PositiveCase:
    """Data with <x_k, x_l> > 0 and y_k > 0, and the unscaled start of `make_start`; lambda is a `share` of its "
    "bound."""

    data: Dataset
    width: int
    kind: str
    seed: int
    share: Fraction

    def start(self, scale: float) -> Start:
        """The start at a scale."""
        return make_start(self.width, scale, self.seed, self.kind, self.data.d)

    @property
    def first_drift(self) -> np.ndarray:
        """b = (1/n) sum y_k x_k, shape (d,)."""
        return np.asarray(self.data.y @ self.data.X / self.data.n)


@composite
def positive_datasets(draw: st.DrawFn, n: tuple[int, int], d: tuple[int, int]) -> Dataset:
    """The points y_i x_i of correlated data, with labels from 1/8 to 2."""
    found = draw(correlated_datasets(n, d))
    turned = tuple(tuple(label * value for value in x) for x, label in zip(found.inputs, found.labels, strict=True))
    return Dataset(turned, tuple(Fraction(draw(st.integers(1, 16)), 8) for _ in turned))


@composite
def positive_cases(draw: st.DrawFn, n: tuple[int, int] = (2, 4), d: tuple[int, int] = (1, 3)) -> PositiveCase:
    """Balanced and dominated starts of 1 to 8 neurons; lambda from its bound down to 1/1000 of it."""
    return PositiveCase(
        draw(positive_datasets(n, d)),
        draw(st.integers(1, 8)),
        draw(st.sampled_from(("balanced", "dominated"))),
        draw(st.integers(0, 10**6)),
        Fraction(1, draw(st.sampled_from((1, 10, 1000)))),
    )


def two_neurons(source: random.Random) -> Example:
    """A neuron with a > 0 that is inactive on a point, and one with a < 0: for the claim spurious.phase-one.

    Written from the definitions. `u_entry` belongs to a third neuron, which lies on the hyperplane of that point.
    """
    inputs = tuple((Fraction(source.randint(1, 8), 4), Fraction(source.randint(1, 8), 4)) for _ in range(3))
    labels = tuple(Fraction(source.randint(1, 16), 8) for _ in inputs)
    looked_at = source.randrange(3)
    first, second = (_small(source) for _ in (1, 2))
    net = NetworkExample((first, (second[0], -second[1])), inputs, labels, Fraction(0))
    pulls = [y - net.output(x) for x, y in zip(inputs, labels, strict=True)]
    others, x = [k for k in range(3) if k != looked_at], inputs[looked_at]
    gains, falls, enters = (_active(w, inputs, others) for w in (first[0], second[0], _on(x)))
    on_a_hyperplane = any(inner(second[0], point) == 0 for point in inputs)
    if inner(first[0], x) >= 0 or not (gains and falls and enters and min(pulls) > 0) or on_a_hyperplane:
        return two_neurons(source)
    (w, a), (dw, da), (fall, _) = first, net.velocity(0), net.velocity(1)
    entered = _drift(inputs, labels, enters)
    cosine = dot(_on(x), entered) / (dot(x, x).sqrt() * dot(entered, entered).sqrt())
    values = {
        "gain_rate": (inner(dw, x) * a - inner(w, x) * da) / (a * a),
        "fall_rate": inner(fall, x) / second[1],
        "c_l": min(labels[k] * inner(inputs[k], x) for k in others) / 3,
        "zeta": min(p / y for p, y in zip(pulls, labels, strict=True)),
        "u_entry": ((1 - cosine) / (1 + cosine)).sqrt(),
        "sigma": dot(entered, x) / (dot(entered, entered).sqrt() * dot(x, x).sqrt()),
        **_turning(net, _drift(inputs, labels, _active(second[0], inputs, range(3)))),
    }
    return Example(values, {}, {"neurons (w, a)": str(net.neurons), "inputs": str(inputs), "labels": str(labels)})


def _turning(net: NetworkExample, drift: Vector) -> dict[str, Any]:
    """r, rho, u and u' of the second neuron, a < 0, from cos theta = <w, D_A>/(|a| r)."""
    (v, c), (fall, growth) = net.neurons[1], net.velocity(1)
    r = dot(drift, drift).sqrt()
    cosine = dot(v, drift) / (number(-c) * r)
    rate = (dot(fall, drift) * number(-c) + dot(v, drift) * number(growth)) / (number(c * c) * r)
    u = ((1 - cosine) / (1 + cosine)).sqrt()
    off = [p - q for p, q in zip(net.drift(1), drift, strict=True)]
    return {"r": r, "rho": dot(off, off).sqrt(), "u": u, "u_rate": -rate / ((1 + cosine) ** 2 * u)}


def _active(w: Vector, inputs: tuple[Vector, ...], points: Iterable[int]) -> list[int]:
    """The points among those given on which w is active."""
    return [k for k in points if inner(w, inputs[k]) > 0]


def _small(source: random.Random) -> tuple[Vector, Fraction]:
    """(w, |a|) of a dominated neuron of size about 1/8."""
    w = (Fraction(source.randint(-8, 8), 64), Fraction(source.randint(-8, 8), 64))
    return w, sum(map(abs, w)) + Fraction(source.randint(1, 8), 64)


def _on(x: Vector) -> Vector:
    return (-x[1], x[0])


def _drift(inputs: tuple[Vector, ...], labels: Vector, active: list[int]) -> Vector:
    """(1/n) sum over the active points of y_k x_k."""
    return tuple(sum((labels[k] * inputs[k][i] for k in active), Fraction(0)) / len(labels) for i in (0, 1))
