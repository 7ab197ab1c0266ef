"""An oracle in floats for certificates by the limit path."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from early_alignment import Dataset

from .phase_one_kit import phase_one

F = Fraction
Tree = dict[str, Any]

POINTS = Dataset.published("three-points")


class Floats:
    """The numbers of a certificate in floats."""

    def __init__(self, tree: Tree) -> None:
        def array(rows: Any) -> np.ndarray:
            return np.vectorize(lambda text: float(F(text)))(np.array(rows, dtype=object))

        self.X, self.y = array(tree["data"]["inputs"]), array(tree["data"]["labels"])
        self.c = {name: float(F(value)) for name, value in tree["constants"].items()}
        self.P, self.R = array(tree["path"]["points"]), array(tree["path"]["radii"])
        self.delta, self.bound = float(F(tree["start"]["delta"])), float(F(tree["start"]["bound"]))
        n = len(self.y)
        self.H, self.b = self.X.T @ self.X / n, self.X.T @ self.y / n
        self.beta, self.r = np.linalg.solve(self.H, self.b), float(np.linalg.norm(self.b))
        self.norms = np.linalg.norm(self.X, axis=1)

    def curve(self, i: int, u: float) -> tuple[np.ndarray, np.ndarray]:
        """C and C' in segment i."""
        A, M, B = self.P[2 * i : 2 * i + 3]
        return (1 - u) ** 2 * A + 2 * u * (1 - u) * M + u * u * B, 2 * (1 - u) * (M - A) + 2 * u * (B - M)

    def radius(self, i: int, u: float) -> float:
        return float(self.R[i] + u * (self.R[i + 1] - self.R[i]))


def distance(S: np.ndarray, C: np.ndarray) -> float:
    """V(S; C)."""
    s, c = np.linalg.norm(S), np.linalg.norm(C)
    return float(np.sum((S / s - C / c) ** 2) / 2 - np.log1p(-(((s - c) / (s + c)) ** 2)))


def outward(given: Floats, eta: float, samples: int, rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """At random points of the boundary of the tube: the growth of sqrt(2 V), and that of R, per ||D|| and R.

    The error E of the field is the worst one of this tightness. Derivatives are differences, with C at its own speed.
    """
    for _ in range(samples):
        i, u = int(rng.integers(len(given.R) - 1)), float(rng.uniform())
        C, v = given.curve(i, u)
        R, c = given.radius(i, u), float(np.linalg.norm(C))
        unit, share = C / c, float(rng.choice([rng.uniform(), 0.0, 1.0]))
        theta = rng.choice([-1, 1]) * math.sqrt(-math.expm1(-R * R * (1 - share) / 2))
        side = rng.normal(size=len(C))
        side -= (side @ unit) * unit
        cosine = 1 - R * R * share / 2
        omega = cosine * unit + math.sqrt(1 - cosine**2) * side / np.linalg.norm(side)
        S = c * (1 + theta) / (1 - theta) * omega
        D, at_C = given.b - given.H @ S, given.b - given.H @ C
        gradient = (unit @ omega) * omega - unit + theta * omega
        E = eta * np.linalg.norm(D) * gradient / max(float(np.linalg.norm(gradient)), 1e-300)
        field = at_C + (at_C @ unit) * unit
        speed = field @ v / (v @ v)
        S_rate = np.linalg.norm(S) * (D + (D @ omega) * omega + E)
        step = 1e-6 / float(np.linalg.norm(D) + np.linalg.norm(at_C))
        ends = [distance(S + h * S_rate, C + h * c * speed * v) for h in (step, -step)]
        scale = R * float(np.linalg.norm(at_C))
        yield (ends[0] - ends[1]) / (2 * step) / R / scale, (given.R[i + 1] - given.R[i]) * c * speed / scale


def unsafe(tree: Tree, samples: int = 300) -> list[str]:
    """What is on the wrong side of theory.md 9.2 by more than rounding, in floats and at random points of the tube."""
    given, wrong = Floats(tree), []
    c, r, R2 = given.c, given.r, float(np.mean(given.norms**2))
    eigenvalues = np.linalg.eigvalsh(given.H)
    sines, v = given.X @ given.b / (given.norms * r), c["tangent"]
    activation, death, turning = phase_one(given.X, given.y, given.delta, c["zeta"], c["xi"])
    first = float(np.linalg.norm(given.P[0]))
    rng = np.random.default_rng(0)
    if any(grown >= allowed + 1e-6 for grown, allowed in outward(given, c["eta"], samples, rng)):
        wrong.append("tube")
    length, least, cosines = 0.0, math.inf, []
    for i in range(len(given.R) - 1):
        for u in np.linspace(0.05, 0.95, 10).tolist():
            C, velocity = given.curve(i, u)
            size, at_C = float(np.linalg.norm(C)), given.b - given.H @ C
            field = at_C + (at_C @ C) / size**2 * C
            length += float(np.linalg.norm(at_C) * (velocity @ velocity) / (size * (field @ velocity)) / 10)
            least = min(least, size * math.exp(-math.sqrt(2) * given.radius(i, u)) * 0.999)
            cosines.append(float((given.X @ C / (given.norms * size)).min()) - given.radius(i, u))
    tight, spread = math.sqrt(1 - c["eta"]), math.sqrt(2 * c["eta"])
    gap, last = given.beta - given.P[-1], float(np.linalg.norm(given.P[-1]))
    away = last * math.expm1(math.sqrt(2) * given.R[-1]) * math.sqrt(eigenvalues[-1]) * 0.99
    end = float((given.X @ given.P[-1] / (given.norms * last)).min()) - given.R[-1]
    early = 8 * c["epsilon"] / c["growth"] * (r + c["largest"] * c["entry"])
    late = (3 * c["eta"] + 2 * spread) * c["length"]
    sizes = (c["size"], first, r * c["epsilon"] / R2, c["turning"] / (2 * R2))
    grown = math.log(given.bound) + 2 * r * max(c["activation"], c["death"]) - 2 * c["exponent"] * math.log(10)
    small = 2 * math.log(c["epsilon"]) + math.log(max(min(sizes), 1e-300))
    conditions = {
        "size": c["size"] <= (1 - c["zeta"]) * min(given.y / given.norms) * (1 + 1e-9),
        "activation": c["activation"] >= activation * (1 - 1e-9),
        "death": c["death"] >= death * (1 - 1e-9),
        "turning": c["turning"] <= turning * (1 + 1e-9),
        "mu": 0 < c["mu"] <= eigenvalues[0] * (1 + 1e-9),
        "largest": c["largest"] >= eigenvalues[-1] * (1 - 1e-9),
        "tangent": v > 0 and 2 * v / (1 + v * v) < sines.min() and given.R[0] >= 2 * v * (1 - 1e-9),
        "entry": c["largest"] * c["entry"] * (1 + v * v) < 2 * v * r * (1 + 1e-9),
        "epsilon": 0 < 2 * c["epsilon"] <= v * (1 + 1e-9),
        "growth": 0 < c["growth"] <= (r * (1 - v * v) / (1 + v * v) - c["largest"] * c["entry"]) * (1 + 1e-9),
        "first": first <= math.sqrt(1 - 32 * c["epsilon"] ** 2) * c["entry"] * (1 + 1e-9),
        "eta": 0 < c["eta"] <= 0.25,
        "length": c["length"] >= length * 0.99,
        "least": 0 < c["least"] <= least * 1.01,
        "active": min(cosines) * tight > spread,
        "distance": c["distance"] >= (math.sqrt(gap @ given.H @ gap) + away) / math.sqrt(eigenvalues[0]) * 0.99,
        "trap": tight * end - spread > c["distance"] / (np.linalg.norm(given.beta) - c["distance"]) > 0,
        "exponent": grown <= small + 1e-9,
        "tight": grown < math.log(c["eta"] * c["least"] / 32) - 2 * early - late + 1e-9,
    }
    return wrong + [name for name, holds in conditions.items() if not holds]
