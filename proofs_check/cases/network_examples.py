"""Random small networks with rational data, in exact numbers, written from the definitions of docs/theory.md 1 alone.

They are oracles: no formula of `theory/` is used here. Outputs and loss come from the data point by point, and the
gradient from differences of the loss, which are exact because the loss is a polynomial near the start.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ...numerics.oracles.rational import inner
from ..kinds.model_points import Example, dot, number
from .neuron_examples import Vector, positive, rational, shown, vector


@dataclass(frozen=True)
class NetworkExample:
    """A small network with rational data, square loss: neurons (w_j, a_j), points x_k with labels, the leak."""

    neurons: tuple[tuple[Vector, Fraction], ...]
    inputs: tuple[Vector, ...]
    labels: Vector
    leak: Fraction

    def slope(self, w: Vector, x: Vector) -> Fraction:
        """The slope of the activation at <w, x>."""
        return Fraction(1) if inner(w, x) > 0 else self.leak

    def output(self, x: Vector) -> Fraction:
        """h(x) = sum_j a_j sigma(<w_j, x>)."""
        return sum((a * self.slope(w, x) * inner(w, x) for w, a in self.neurons), Fraction(0))

    def loss(self) -> Fraction:
        """(1/2n) sum_k (h(x_k) - y_k)^2."""
        gaps = (self.output(x) - y for x, y in zip(self.inputs, self.labels, strict=True))
        return sum((gap**2 for gap in gaps), Fraction(0)) / (2 * len(self.labels))

    def drift(self, j: int, pulls: Sequence[Fraction] | None = None) -> Vector:
        """D_j = (1/n) sum_k eta_jk p_k x_k, with the pulls y_k - h(x_k) unless others are given."""
        own = [y - self.output(x) for x, y in zip(self.inputs, self.labels, strict=True)] if pulls is None else pulls
        w = self.neurons[j][0]
        return tuple(
            sum((self.slope(w, x) * p * x[i] for x, p in zip(self.inputs, own, strict=True)), Fraction(0)) / len(own)
            for i in range(len(w))
        )

    def moved(self, j: int, place: int, by: Fraction) -> NetworkExample:
        """The network with one parameter of neuron j changed: a coordinate of w, or a for the last place."""
        w, a = self.neurons[j]
        new = (w, a + by) if place == len(w) else ((*w[:place], w[place] + by, *w[place + 1 :]), a)
        return NetworkExample((*self.neurons[:j], new, *self.neurons[j + 1 :]), self.inputs, self.labels, self.leak)

    def velocity(self, j: int) -> tuple[Vector, Fraction]:
        """(w', a') of neuron j: minus the gradient, by a difference that is exact for polynomials of degree 4."""
        found = []
        for place in range(len(self.neurons[j][0]) + 1):
            far_back, back, ahead, far = (self.moved(j, place, step * STEP).loss() for step in (-2, -1, 1, 2))
            found.append(-(far_back - 8 * back + 8 * ahead - far) / (12 * STEP))
        return tuple(found[:-1]), found[-1]


STEP = Fraction(1, 2**60)
"""The step of differences of the loss: no neuron of an example is so close to a hyperplane."""


def random_network(source: random.Random) -> NetworkExample:
    """Up to three dominated neurons on up to three points in dimension 1 or 2, off every hyperplane."""
    d, n, m = source.randint(1, 2), source.randint(1, 3), source.randint(1, 3)
    inputs = tuple(vector(source, d) for _ in range(n))
    neurons: list[tuple[Vector, Fraction]] = []
    while len(neurons) < m:
        w = vector(source, d)
        if all(inner(w, x) for x in inputs):
            neurons.append((w, source.choice((-1, 1)) * (sum(map(abs, w)) + Fraction(source.randint(0, 8), 8))))
    labels = tuple(rational(source, -3, 3) for _ in range(n))
    return NetworkExample(tuple(neurons), inputs, labels, source.choice((Fraction(0), Fraction(1, 4))))


def network(source: random.Random) -> Example:
    """A random network at one time: for the claims flow.balancedness, .energy, .equations, early.field-deviation."""
    net = random_network(source)
    (w, a), (w_rate, a_rate) = net.neurons[0], net.velocity(0)
    speeds = [net.velocity(j) for j in range(len(net.neurons))]
    apart = tuple(p - q for p, q in zip(net.drift(0), net.drift(0, net.labels), strict=True))
    values = {
        "a^2": a * a,
        "||w||^2": inner(w, w),
        "a": a,
        "w": w,
        "D": net.drift(0),
        "L'": _loss_rate(net, speeds),
        "||theta'||^2": sum((inner(v, v) + b * b for v, b in speeds), Fraction(0)),
        "kappa": 1,
        "R_2": sum((inner(x, x) for x in net.inputs), Fraction(0)) / len(net.inputs),
        "S": sum((b * b for _, b in net.neurons), Fraction(0)),
        "deviation": dot(apart, apart).sqrt(),
    }
    rates = {"a": a_rate, "w": w_rate, "a^2": 2 * a * a_rate, "||w||^2": 2 * inner(w, w_rate)}
    described = {"neurons (w, a)": str(net.neurons), "inputs": str(net.inputs), "labels": str(net.labels)}
    return Example(values, rates, {**described, "leak": str(net.leak)})


def _loss_rate(net: NetworkExample, speeds: Sequence[tuple[Vector, Fraction]]) -> Fraction:
    """The derivative of the loss along a velocity, through the outputs: (1/n) sum_k (h_k - y_k) h_k'."""
    total = Fraction(0)
    for x, y in zip(net.inputs, net.labels, strict=True):
        change = sum(
            (
                net.slope(w, x) * (b * inner(w, x) + a * inner(v, x))
                for (w, a), (v, b) in zip(net.neurons, speeds, strict=True)
            ),
            Fraction(0),
        )
        total += (net.output(x) - y) * change
    return total / len(net.labels)


def one_balanced_neuron(source: random.Random) -> Example:
    """One balanced neuron a = w > 0 on x = y = 1, square loss: for the claim early.growth-bound.

    S = a^2 obeys S' = 2 (1 - S) S, so that S = S_0 e^{2t} / (1 + S_0 (e^{2t} - 1)); D* = D_max = kappa = R_2 = 1.
    """
    scale, epsilon = Fraction(1, source.randint(2, 200)), Fraction(source.randint(1, 15), 16)
    spread, time = Fraction(source.randint(1, 16), 8), Fraction(source.randint(1, 12), 8)
    start = spread * scale**2

    def size(grown: Any) -> Any:
        return number(start) * grown / (1 + number(start) * (grown - 1))

    here, at_tau = size((2 * number(time)).exp()), size((-2 * number(epsilon) * number(scale).log()).exp())
    values = {
        "S": here,
        "S(t)": here,
        "S(tau)": at_tau,
        "log_growth": abs((at_tau / number(start)).log()) / 2,
        "deviation": here,
        "S_0": start,
        "c_0": spread,
        "lambda": scale,
        "epsilon": epsilon,
        "t": time,
        **dict.fromkeys(("kappa", "R_2", "D_star", "D_max", "q"), 1),
    }
    described = {name: str(values[name]) for name in ("c_0", "lambda", "epsilon", "t")}
    return Example(values, {}, described)


def near_least_squares(source: random.Random) -> Example:
    """Neurons with a > 0 that are active on all points: for the claim spurious.trap."""
    inputs = tuple((Fraction(source.randint(1, 8), 4), Fraction(source.randint(1, 8), 4)) for _ in range(3))
    (p, q), (_, r) = _gram(inputs)
    if p * r == q * q:
        return near_least_squares(source)
    fit = (Fraction(source.randint(1, 8), 4), Fraction(source.randint(1, 8), 4))
    labels = tuple(inner(fit, x) + Fraction(source.randint(-4, 4), 8) for x in inputs)
    b = tuple(sum((y * x[i] for x, y in zip(inputs, labels, strict=True)), Fraction(0)) / 3 for i in (0, 1))
    beta = ((r * b[0] - q * b[1]) / (p * r - q * q), (p * b[1] - q * b[0]) / (p * r - q * q))
    neurons = []
    for _ in range(source.randint(1, 3)):
        w = (Fraction(source.randint(1, 8), 8), Fraction(source.randint(1, 8), 8))
        neurons.append((w, w[0] + w[1] + Fraction(source.randint(0, 4), 8)))
    net = NetworkExample(tuple(neurons), inputs, labels, Fraction(0))
    least = sum(((inner(beta, x) - y) ** 2 for x, y in zip(inputs, labels, strict=True)), Fraction(0)) / 6
    half, part = number((p + r) / 2), number((p - r) / 2)
    gap = (part * part + number(q) * number(q)).sqrt()
    speeds = [net.velocity(j) for j in range(len(neurons))]
    values = {
        "Q": sum((a * a for _, a in neurons), Fraction(0)),
        "Delta": net.loss() - least,
        "Delta_rate": _loss_rate(net, speeds),
        "speed": max((_turning(w, a, v, c) for (w, a), (v, c) in zip(neurons, speeds, strict=True)), key=float),
        "mu": half - gap,
        "M": half + gap,
        "beta_norm": dot(beta, beta).sqrt(),
    }
    described = {"neurons (w, a)": str(neurons), "inputs": str(inputs), "labels": str(labels)}
    return Example(values, {}, described)


def two_groups(source: random.Random) -> Example:
    """Neurons of both signs, each group with a pattern of its own: for the claim spurious.two-patterns.

    A neuron with a > 0 has 0 < w_1 < w_2, one with a < 0 has w_1 < w_2 < 0. So I_+ holds the points with positive
    coordinates, I_- those with negative ones, neither holds (1, -1), and both hold (-1, 1) where that is a point.
    """
    both = source.randint(0, 2) == 0
    alone = {sign: tuple(_quarters(source, sign) for _ in range(2)) for sign in (1, -1)}
    shared = ((Fraction(-1), Fraction(1)),) * both
    inputs = (*alone[1], *alone[-1], *shared, (Fraction(1), Fraction(-1)))
    labels = tuple(rational(source, -3, 3) for _ in inputs)
    neurons = []
    for sign in (1, -1):
        for _ in range(source.randint(1, 2)):
            low, more = Fraction(source.randint(1, 8), 8), Fraction(source.randint(1, 8), 8)
            w = (low, low + more) if sign > 0 else (-low - more, -low)
            neurons.append((w, sign * (2 * low + more + Fraction(source.randint(0, 4), 8))))
    net = NetworkExample(tuple(neurons), inputs, labels, Fraction(0))
    speeds = [net.velocity(j) for j in range(len(neurons))]
    values: dict[str, Any] = {"common": len(shared), "h_0": net.output(inputs[-1]), "L": net.loss()}
    values["L_0"] = labels[-1] ** 2 / (2 * len(labels))
    for sign, side in ((1, "+"), (-1, "-")):
        own = [(x, y) for x, y in zip(inputs, labels, strict=True) if x in (*alone[sign], *shared)]
        group = [(w, a, *speed) for (w, a), speed in zip(neurons, speeds, strict=True) if a * sign > 0]
        found = _group_values(net, own, group)
        if found is None:
            return two_groups(source)
        values |= {f"{name}_{side}": value for name, value in found.items()}
        seen = values.pop(f"seen_{side}")
        values |= {f"<S_{side}, x_k>": seen}
    described = {"neurons (w, a)": str(neurons), "inputs": str(inputs), "labels": str(labels)}
    return Example(values, {}, described)


def _quarters(source: random.Random, sign: int) -> Vector:
    """A point with both coordinates of this sign."""
    return (sign * Fraction(source.randint(1, 8), 4), sign * Fraction(source.randint(1, 8), 4))


def _group_values(
    net: NetworkExample,
    own: Sequence[tuple[Vector, Fraction]],
    group: Sequence[tuple[Vector, Fraction, Vector, Fraction]],
) -> dict[str, Any] | None:
    """What spurious.trap names, of the neurons (w, a, w', a') of a group and the points of its pattern.

    None where these do not span the plane. h and <S, x> are those at the last point of the pattern.
    """
    n, points = len(net.labels), [x for x, _ in own]
    p, q, r = (sum((x[i] * x[j] for x in points), Fraction(0)) / n for i, j in ((0, 0), (0, 1), (1, 1)))
    b = tuple(sum((y * x[i] for x, y in own), Fraction(0)) / n for i in (0, 1))
    if p * r == q * q:
        return None
    beta = ((r * b[0] - q * b[1]) / (p * r - q * q), (p * b[1] - q * b[0]) / (p * r - q * q))
    S = tuple(sum((a * w[i] for w, a, _, _ in group), Fraction(0)) for i in (0, 1))
    moved = tuple(sum((c * w[i] + a * v[i] for w, a, v, c in group), Fraction(0)) for i in (0, 1))
    off = (beta[0] - S[0], beta[1] - S[1])
    drift = (p * off[0] + q * off[1], q * off[0] + r * off[1])
    half, part = number((p + r) / 2), number((p - r) / 2)
    gap = (part * part + number(q) * number(q)).sqrt()
    return {
        "h": net.output(points[-1]),
        "seen": inner(S, points[-1]),
        "L": sum(((inner(S, x) - y) ** 2 for x, y in own), Fraction(0)) / (2 * n),
        "Q": sum((a * a for _, a, _, _ in group), Fraction(0)),
        "Delta": inner(off, drift) / 2,
        "Delta_rate": -inner(drift, moved),
        "speed": max((_turning(w, a, v, c) for w, a, v, c in group), key=float),
        "mu": half - gap,
        "M": half + gap,
        "beta_norm": dot(beta, beta).sqrt(),
    }


def _gram(inputs: Sequence[Vector]) -> tuple[Vector, Vector]:
    """H = (1/n) sum x x^T."""
    entries = [sum((x[i] * x[j] for x in inputs), Fraction(0)) / len(inputs) for i in (0, 1) for j in (0, 1)]
    return (entries[0], entries[1]), (entries[2], entries[3])


def _turning(w: Vector, a: Fraction, v: Vector, c: Fraction) -> Any:
    """||(w/a)'|| = ||w' - w a'/a|| / |a|."""
    turn = [p - q * c / a for p, q in zip(v, w, strict=True)]
    return dot(turn, turn).sqrt() / abs(number(a))


def one_point(source: random.Random) -> Example:
    """One point with a positive label: for the claim bias.minimum-norm.

    a <w, x> = y with ||w|| ||x|| >= <w, x> gives (a^2 + ||w||^2)/2 >= |a| ||w|| >= y/||x||, attained at w along x; the
    largest weight nu with nu <w, x> <= ||w|| for all w is 1/||x||.
    """
    x, y = vector(source, source.randint(1, 3)), positive(source)
    norm, w = dot(x, x).sqrt(), vector(source, len(x))
    values = {
        "y_k": y,
        "||x_k||": norm,
        "N_min": number(y) / norm,
        "||S+||": number(y) / norm,
        "||S-||": 0,
        "||S||": number(y) / norm,
        "nu_k": 1 / norm,
        "|sum_k nu_k sigma(<w, x_k>)|": number(max(inner(w, x), Fraction(0))) / norm,
        "||w||": dot(w, w).sqrt(),
    }
    return Example(values, {}, {"x": shown(x), "y": str(y), "w": shown(w)})
