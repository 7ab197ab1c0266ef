"""A small network with a neuron with a < 0 that misses one point: for the claim spurious.negative-neurons."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import flint

from .....numerics.oracles.rational import inner
from ....kinds.model_points import Example, dot, number
from ...network_examples import NetworkExample
from ...neuron_examples import Vector


def one_point_missed(source: random.Random) -> Example:
    """Three points, a neuron with a > 0 that is active on all, one with a < 0 on all but x_l. From the definitions."""
    inputs = tuple((Fraction(source.randint(1, 8), 4), Fraction(source.randint(1, 8), 4)) for _ in range(3))
    labels = tuple(Fraction(source.randint(4, 16), 8) for _ in inputs)
    w = (Fraction(source.randint(1, 4), 16), Fraction(source.randint(1, 4), 16))
    v = (Fraction(source.randint(-8, 8), 64), Fraction(source.randint(-8, 8), 64))
    net = NetworkExample(((w, w[0] + w[1]), (v, -abs(v[0]) - abs(v[1]) - Fraction(1, 64))), inputs, labels, Fraction(0))
    missed = [k for k, x in enumerate(inputs) if inner(v, x) < 0]
    pulls = [y - net.output(x) for x, y in zip(inputs, labels, strict=True)]
    fit = _fit(inputs, labels)
    if len(missed) != 1 or min(pulls) <= 0 or fit is None or any(inner(v, x) == 0 for x in inputs):
        return one_point_missed(source)
    described = {"neurons (w, a)": str(net.neurons), "inputs": str(inputs), "labels": str(labels)}
    return Example({**_of_the_neuron(net, pulls, missed[0]), **_of_the_loss(net, pulls, fit, missed[0])}, {}, described)


def _fit(inputs: tuple[Vector, ...], labels: Vector) -> Vector | None:
    """beta*; None where the points are dependent."""
    (p, q), (_, r) = ([sum((x[i] * x[j] for x in inputs), Fraction(0)) for j in (0, 1)] for i in (0, 1))
    b = [sum((y * x[i] for x, y in zip(inputs, labels, strict=True)), Fraction(0)) for i in (0, 1)]
    determinant = p * r - q * q
    return ((r * b[0] - q * b[1]) / determinant, (p * b[1] - q * b[0]) / determinant) if determinant else None


def _of_the_neuron(net: NetworkExample, pulls: list[Fraction], missed: int) -> dict[str, Any]:
    """The second neuron: its size and what it sees of x_l, and of one other point as x_2."""
    (v, a), (fall, growth) = net.neurons[1], net.velocity(1)
    x, other = net.inputs[missed], net.inputs[(missed + 1) % 3]
    D = [sum((p * point[i] for p, point in zip(pulls, net.inputs, strict=True)), Fraction(0)) / 3 for i in (0, 1)]
    norm, other_norm = dot(x, x).sqrt(), dot(other, other).sqrt()
    return {
        "size_rate": -growth,
        "log_rate": growth / a,
        "gamma": inner(v, x) / a,
        "gamma_rate": (inner(fall, x) * a - inner(v, x) * growth) / a**2,
        "rise_l": -inner(fall, x) / a,
        "rise_2": -inner(fall, other) / a,
        "p_l": pulls[missed],
        "X_l": norm,
        "X_2": other_norm,
        "g": inner(x, other),
        "c": dot(x, other) / (norm * other_norm),
        "||D||": dot(D, D).sqrt(),
        "growth_rate": max(abs(net.velocity(j)[1] / net.neurons[j][1]) for j in (0, 1)),
        "n": 3,
    }


def _of_the_loss(net: NetworkExample, pulls: list[Fraction], fit: Vector, missed: int) -> dict[str, Any]:
    """L, N, R_2, and how far the loss and the pulls are from those of linear predictors."""
    (w, a), (_, c) = net.neurons
    outputs = [a * inner(w, x) for x in net.inputs]
    gaps = [inner(fit, x) - h for x, h in zip(net.inputs, outputs, strict=True)]
    linear = sum(((h - y) ** 2 for h, y in zip(outputs, net.labels, strict=True)), Fraction(0)) / 6
    residual = net.labels[missed] - inner(fit, net.inputs[missed])
    return {
        "L": net.loss(),
        "N": c * c,
        "R_2": sum((inner(x, x) for x in net.inputs), Fraction(0)) / 3,
        "gap": abs(net.loss() - linear),
        "Delta_P": sum((gap * gap for gap in gaps), Fraction(0)) / 6,
        "off_k": abs(number(pulls[missed] - residual)) if pulls[missed] != residual else flint.arb(0),
    }
