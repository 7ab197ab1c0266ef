"""What the evidence of `spurious.extra-condition` and `spurious.extra-condition-flows` measures (theory.md 9.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .....numerics.data.dataset import Dataset
from .....numerics.data.network import Network
from .....numerics.geometry.linear_fit import least_squares
from .....numerics.oracles.rational import inner
from .....numerics.oracles.reference import mean_loss, network_outputs
from ....claim.draws import assume, composite, st
from ....claim.evidence import Certificate, Margin
from ....claim.statement import Predicate
from ...engine_runs import ENGINE, engine_runs
from ...trajectories import DERIVATION, Array, solve, worst

Point = Sequence[Fraction]
PARTS = 16
"""Directions that are tried between two neighbouring rays of the arrangement."""
LONG = (200.0, 110.0)
"""The flow is followed up to the time 200 + 110 log10(1/lambda)."""
TOLERANCES = (1e-10, 1e-8)


def beyond_a_third() -> list[Dataset]:
    """Data in T(eta) for eta >= 0.339 only: x_2 is an outer point, with r_2 < 0."""
    inputs = ((Fraction(-999, 1000), Fraction(1)), (Fraction(339, 1000), Fraction(661, 1000)))
    third = (Fraction(661, 1000), Fraction(1339, 1000))
    return [Dataset((*inputs, third), (Fraction(1), Fraction(1, 100), Fraction(1)))]


def small_neurons_raise_the_loss(statement: Predicate, data: Dataset) -> Margin:
    """How many directions outside the closures of K and -K have G_r <= 0, by the definition, in rationals.

    The rays of the arrangement, and directions at `PARTS` places between neighbouring ones.
    """
    assume(_least_eta(data) < Fraction(int(statement["largest"].high.p), int(statement["largest"].high.q)))
    residuals = least_squares(data).residuals
    rays = [(side * x[1], -side * x[0]) for x in data.inputs for side in (1, -1)]
    rays.sort(key=lambda w: math.atan2(w[1], w[0]))
    wrong = []
    for first, second in zip(rays, [*rays[1:], rays[0]], strict=True):
        for part in range(PARTS):
            share = Fraction(part, PARTS)
            w = [(1 - share) * p + share * q for p, q in zip(first, second, strict=True)]
            heights = [inner(w, x) for x in data.inputs]
            if min(heights) < 0 < max(heights) and _correlation(residuals, heights) <= 0:
                wrong.append(tuple(w))
    return Margin(len(wrong), 0.0, "exact rationals: no direction may violate it", {"w": wrong})


def _least_eta(data: Dataset) -> Fraction:
    """The smallest eta for which these data are in T(eta), up to its open ends."""
    (p1, q1), (p2, q2), (p3, q3) = data.inputs
    y1, y2, y3 = data.labels
    return max(p1 + 1, q1 - 1, abs(p2), abs(q2 - 1), 1 - p3, q3 - 1, y1 - 1, y2, y3 - 1)


def five_points_by_hand(statement: Predicate) -> Certificate:
    """The statement about the exact data in Python's rationals, by the definitions; (C) at both ends of each facet."""
    x, y, n = statement["points"], statement["labels"], len(statement["points"])
    fit = least_squares(Dataset(x, y))
    b = [sum((label * point[i] for label, point in zip(y, x, strict=True)), Fraction(0)) / n for i in (0, 1)]
    r, ray = fit.residuals, statement["ray"]
    values = [_correlation(r, [side * inner(ray, point) for point in x]) / n for side in (1, -1)]
    problems = {
        "the labels and correlations": min(y) <= 0 or min(inner(u, v) for u in x for v in x) <= 0,
        "the fit in K": min(inner(fit.coefficients, point) for point in x) <= 0,
        "the residuals": (r[0], r[-1]) != statement["residuals"] or min(r[0], r[-1]) <= 0,
        "(C)": min(_least_push(x, b, facet) for facet in (0, -1)) <= 0,
        "G_r": any(value != statement["value"] for value in values),
        "the ray": not inner(ray, x[-1]) < 0 < inner(ray, x[0]),
    }
    for wrong, found in problems.items():
        if found:
            return Certificate(1, f"{wrong} is not what is stated", {"residuals": r, "G_r": values[0]})
    for share in (Fraction(1, 1000), Fraction(999, 1000)):
        q = statement["reach"] * share
        gaps = [
            residual - statement["sign"] * q * max(inner(ray, point), Fraction(0))
            for residual, point in zip(r, x, strict=True)
        ]
        change = inner(gaps, gaps) - inner(r, r)
        if (change > 0) - (change < 0) != statement["change"]:
            return Certificate(1, "the loss changes differently", {"q": q, "change": change / (2 * n)})
    return Certificate(1, "exact rationals")


def _least_push(x: Sequence[Point], b: Sequence[Fraction], facet: int) -> Fraction:
    """The least <b - H beta, v> at the ends of the part of the facet's ray that lies in the ellipsoid."""
    v, other = x[facet], x[-1 - facet]
    e = [-v[1], v[0]] if v[0] * other[1] - v[1] * other[0] > 0 else [v[1], -v[0]]
    image = [sum((inner(e, point) * point[i] for point in x), Fraction(0)) / len(x) for i in (0, 1)]
    farthest = max(2 * inner(b, e) / inner(e, image), Fraction(0))
    return min(inner(b, v), inner(b, v) - farthest * inner(image, v))


def _correlation(residuals: Point, heights: Point) -> Fraction:
    """n G_r."""
    return sum((r * max(z, Fraction(0)) for r, z in zip(residuals, heights, strict=True)), Fraction(0))


@dataclass(frozen=True)
class TwoNeurons:
    """lambda = 10^-`power`; the place of the angle in the stated range, and the side of b that w_2 is on."""

    power: int
    share: Fraction
    side: int


@composite
def two_neurons(draw: st.DrawFn) -> TwoNeurons:
    """lambda from 1/100 to 1/100000."""
    share = Fraction(draw(st.integers(0, 16)), 16)
    return TwoNeurons(draw(st.integers(2, 5)), share, draw(st.sampled_from((1, -1))))


def both_ends() -> list[TwoNeurons]:
    """The ends of the range of angles on both sides, at the largest scale and the smallest."""
    ends = (Fraction(0), Fraction(1))
    return [TwoNeurons(power, share, side) for power in (2, 5) for share in ends for side in (1, -1)]


def below_the_fit(statement: Predicate, case: TwoNeurons) -> Margin:
    """L and max_k |h(x_k) - <beta*, x_k>| late in the flow, by the engine and by the reference."""
    data = Dataset(statement["points"], statement["labels"])
    X, y, scale = data.X, data.y, 10.0**-case.power
    axis = X.T @ y / np.linalg.norm(X.T @ y)
    low, high = statement["angles"]
    angle = case.side * scale * float(low + case.share * (high - low))
    turned = math.cos(angle) * axis + math.sin(angle) * np.array([-axis[1], axis[0]])
    start = Network(scale * np.array([1.0, -1.0]), scale * np.array([axis, turned]))
    time = LONG[0] + LONG[1] * case.power
    coefficients = least_squares(data).coefficients
    fit = X @ np.array([float(value) for value in coefficients])
    level = float(np.mean((y - fit) ** 2)) / 2
    margins = []
    for method, loss, distance, errors in (
        _by_the_engine(data, start, time, fit),
        _by_the_reference(data, start, time, fit),
    ):
        where = {"lambda": scale, "angle": angle, "time": time, "by": method, "loss": loss, "fit": level}
        below = (loss, level - errors[0]) if statement["side"] < 0 else (level, loss + errors[0])
        margins.append(Margin(*below, f"the loss beside that of the fit; {method}", where))
        far = float(statement["distance"])
        margins.append(Margin(far, distance + errors[1], f"the stated distance beside that found; {method}", where))
    return worst(*margins)


Found = tuple[str, float, float, tuple[float, float]]
"""A method, the loss and the distance that it finds, and the errors of both."""


def _by_the_engine(data: Dataset, start: Network, time: float, fit: Array) -> Found:
    runs = engine_runs(data, start, time, TOLERANCES)
    (loss, distance), rough = (
        (float(run.losses[-1]), float(np.max(np.abs(run.outputs[-1] - fit)))) for run in (runs.fine, runs.coarse)
    )
    return ENGINE, loss, distance, (2 * abs(loss - rough[0]), 2 * abs(distance - rough[1]))


def _by_the_reference(data: Dataset, start: Network, time: float, fit: Array) -> Found:
    trajectory = solve(data.X, data.y, start.a, start.w, np.array([0.0, time]))

    def loss(a: Array, w: Array) -> Array:
        return mean_loss(data.X, data.y, a, w)

    def distance(a: Array, w: Array) -> Array:
        return np.asarray(np.max(np.abs(network_outputs(data.X, a, w) - fit), axis=-1))

    found = [float(trajectory.of(quantity)[-1]) for quantity in (loss, distance)]
    return DERIVATION, found[0], found[1], (trajectory.error(loss), trajectory.error(distance))
