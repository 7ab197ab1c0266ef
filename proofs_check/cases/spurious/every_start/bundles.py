"""Neurons with a > 0 that are active on all points, which correlate positively (theory.md 9.1): in exact numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .....numerics.data.dataset import Dataset
from .....numerics.oracles.rational import inner
from ....claim.draws import assume, composite, st
from ....kinds.model_points import Example, dot, number
from ...network_examples import NetworkExample
from ...neuron_examples import Vector
from .positive import positive_datasets


@dataclass(frozen=True)
class BundleCase:
    """Data that correlate positively, with H nonsingular, and balanced neurons (unscaled) in the cone of the points."""

    data: Dataset
    w: NDArray[np.float64]
    epsilon: float
    """How far the bundle is to be aligned."""


@composite
def bundle_cases(draw: st.DrawFn) -> BundleCase:
    """1 to 4 neurons, each a positive combination of the points: it is active on all of them."""
    data = draw(positive_datasets((2, 4), (1, 3)))
    assume(np.linalg.matrix_rank(data.X) == data.d and np.linalg.cond(data.X) < 1e3)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    w = rng.uniform(0.05, 1, (draw(st.integers(1, 4)), data.n)) @ data.X
    return BundleCase(data, w / np.linalg.norm(w, axis=1).max(), draw(st.sampled_from((0.25, 0.05, 0.01))))


def bundle(source: random.Random) -> Example:
    """Two neurons of a bundle: for the claims spurious.bundle and spurious.bundle-growth. Written from the "
    "definitions."""
    inputs = tuple((Fraction(source.randint(1, 8), 4), Fraction(source.randint(1, 8), 4)) for _ in range(3))
    labels = tuple(Fraction(source.randint(4, 16), 8) for _ in inputs)
    H = [[sum((x[i] * x[j] for x in inputs), Fraction(0)) / 3 for j in (0, 1)] for i in (0, 1)]
    determinant = H[0][0] * H[1][1] - H[0][1] ** 2
    neurons = tuple(_positive(source) for _ in (1, 2))
    net = NetworkExample(neurons, inputs, labels, Fraction(0))
    if not determinant or any(net.output(x) > y for x, y in zip(inputs, labels, strict=True)):
        return bundle(source)
    b = tuple(sum((y * x[i] for x, y in zip(inputs, labels, strict=True)), Fraction(0)) / 3 for i in (0, 1))
    fit = ((H[1][1] * b[0] - H[0][1] * b[1]) / determinant, (H[0][0] * b[1] - H[0][1] * b[0]) / determinant)
    described = {"neurons (w, a)": str(neurons), "inputs": str(inputs), "labels": str(labels)}
    values = {**_pair(net, b, inputs[0]), **_sizes(net, b, fit, H)}
    return Example(values, _rates(net), described)


def _positive(source: random.Random) -> tuple[Vector, Fraction]:
    """(w, a) of a small dominated neuron with positive weights; nearly balanced, so that eta is small at times."""
    w = (Fraction(source.randint(1, 8), 32), Fraction(source.randint(1, 8), 32))
    least = Fraction(int(float(w[0] ** 2 + w[1] ** 2) ** 0.5 * 1024) + 1, 1024)
    return w, least + Fraction(source.randint(0, 8), 64)


def _rates(net: NetworkExample) -> dict[str, Fraction]:
    """The derivatives of a_i, a_j and <omega_i, omega_j>."""
    (w, a), (v, c) = net.neurons
    (dw, da), (dv, dc) = net.velocity(0), net.velocity(1)
    product = inner(w, v)
    turned = (inner(dw, v) + inner(w, dv)) / (a * c) - product * (da * c + a * dc) / (a * c) ** 2
    return {"a_i": da, "a_j": dc, "<omega_i,omega_j>": turned}


def _pair(net: NetworkExample, b: Vector, x: Vector) -> dict[str, Any]:
    """What the two neurons are to one another, and the first to b and to the facet of x."""
    (_, a), (_, c) = net.neurons
    (dw, da), (_, dc) = net.velocity(0), net.velocity(1)
    D, r, facet = net.drift(0), dot(b, b).sqrt(), dot(x, x).sqrt()
    first, second = (tuple(entry / size for entry in row) for row, size in net.neurons)
    off, apart = ([p - q for p, q in zip(*pair, strict=True)] for pair in ((D, b), (first, second)))
    cosine = dot(first, b) / r
    rate = dot([p / a - q * da / a for p, q in zip(dw, first, strict=True)], b) / r
    u, sine = ((1 - cosine) / (1 + cosine)).sqrt(), dot(b, x) / (r * facet)
    return {
        "a_i": a,
        "a_j": c,
        "<omega_i,omega_j>": inner(first, second),
        "eta": 1 - min(inner(p, q) for p in (first, second) for q in (first, second)),
        "apart": dot(apart, apart).sqrt(),
        "ratio_rate": da / a - dc / c,
        "r": r,
        "rho": dot(off, off).sqrt(),
        "u": u,
        "u_rate": -rate / ((1 + cosine) ** 2 * u),
        "t_i": sine / (1 + (1 - sine * sine).sqrt()),
        "inside": dot(first, x) / facet,
        "||D||": dot(D, D).sqrt(),
    }


def _sizes(net: NetworkExample, b: Vector, fit: Vector, H: list[list[Fraction]]) -> dict[str, Any]:
    """Q, S, the excess of the loss and its rate, and the eigenvalues of H."""
    S = tuple(sum((a * w[i] for w, a in net.neurons), Fraction(0)) for i in (0, 1))
    error = [p - q for p, q in zip(fit, S, strict=True)]
    D, half, part = net.drift(0), number((H[0][0] + H[1][1]) / 2), number((H[0][0] - H[1][1]) / 2)
    gap = (part * part + number(H[0][1]) ** 2).sqrt()
    size = sum((a * a for _, a in net.neurons), Fraction(0))
    return {
        "Q": size,
        "||S||": dot(S, S).sqrt(),
        "beta_norm": dot(fit, fit).sqrt(),
        "Delta_0": inner(b, fit) / 2,
        "Delta": inner(error, D) / 2,
        "Delta_rate": -size * inner(D, D) - sum((inner(w, D) ** 2 for w, _ in net.neurons), Fraction(0)),
        "mu": half - gap,
        "M": half + gap,
    }
