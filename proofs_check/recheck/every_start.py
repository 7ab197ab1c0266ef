"""Checking a certificate for every width and every start (docs/certificates.md): standard library only.

Every constant of theory.md 9.1 is a rational number of the file. One inequality is checked for each, in rationals where
it can be, otherwise in intervals. To be read with `spaces` (linear algebra, cells) and `intervals`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

from .intervals import Interval, exactly
from .plane import need
from .spaces import Row, across, cells, image, inner, positive_definite, rays, solved

MOST_CELLS = 1_000
MOST_SETS_OF_NORMALS = 1_000
ONE, TWO = exactly(1), exactly(2)


@dataclass(frozen=True)
class EveryStartAccepted:
    """What an accepted certificate proves: lambda_0 is 10^-`exponent`; `delta`, `bound` say for which starts.

    `delta` 0 leaves out no start; there, solutions do not rest on a hyperplane that repels a neuron on both sides.
    `inputs` (n, d) and `labels` (n,) are the data that it is about. `segments` is the number of segments of the tube, 0
    where condition (C) was used.
    """

    points: int
    dimension: int
    inputs: tuple[Row, ...]
    labels: Row
    delta: Fraction
    bound: Fraction
    exponent: Fraction
    limit: Row
    outputs: Row
    loss: Fraction
    segments: int = 0


@dataclass(frozen=True)
class Setting:
    """The data with H, b, beta* and <b, beta*>, and the constants of the file."""

    x: tuple[Row, ...]
    y: Row
    H: tuple[Row, ...]
    b: Row
    beta: Row
    gain: Fraction
    constants: dict[str, Fraction]


def check_every_start(fields: dict[str, Any]) -> EveryStartAccepted:
    """What the certificate proves; raises Rejected, in one sentence."""
    setting, start, normals = setting_of(fields), fields["start"], fields["cone"]["normals"]
    check_cone(setting, normals, fields["cone"]["multipliers"])
    check_start(setting, start)
    check_tangent(setting, normals)
    check_eigenvalues(setting)
    check_energy(setting)
    check_growth(setting, normals)
    check_tightness(setting, normals)
    check_threshold(setting, start["bound"])
    outputs, loss = conclusion(setting, fields["conclusion"])
    sizes = len(setting.x), len(setting.b)
    chosen = start["delta"], start["bound"], setting.constants["exponent"]
    return EveryStartAccepted(*sizes, setting.x, setting.y, *chosen, setting.beta, outputs, loss)


def setting_of(fields: dict[str, Any]) -> Setting:
    """The data, once the hypotheses of Theorem A on them hold."""
    x, y = fields["data"]["inputs"], fields["data"]["labels"]
    need(all(len(point) == len(x[0]) for point in x), "the inputs differ in dimension")
    need(all(label > 0 for label in y), "a label is not positive")
    need(all(inner(u, v) > 0 for u in x for v in x), "two inputs have an inner product that is not positive")
    columns = tuple(zip(*x, strict=True))
    H = tuple(tuple(inner(u, v) / len(x) for v in columns) for u in columns)
    b = tuple(inner(u, y) / len(x) for u in columns)
    beta = solved(H, b)
    need(beta is not None, "the inputs do not span the space")
    assert beta is not None
    return Setting(x, y, H, b, beta, inner(b, beta), fields["constants"])


def check_cone(setting: Setting, normals: Sequence[Row], multipliers: Sequence[Row]) -> None:
    """The cone lies in the closure of K, and b in its interior."""
    need(all(len(normal) == len(setting.b) for normal in normals), "cone.normals differ in dimension from the inputs")
    need(all(inner(setting.b, normal) > 0 for normal in normals), "b is not in the interior of the cone")
    columns = tuple(zip(*normals, strict=True))
    for k, (point, row) in enumerate(zip(setting.x, multipliers, strict=True), 1):
        need(len(row) == len(normals), f"cone.multipliers of point {k} are not as many as the normals")
        combined = min(row) >= 0 and image(columns, row) == point
        need(combined, f"point {k} is not the stated combination of the normals with multipliers >= 0")


def check_start(setting: Setting, start: dict[str, Fraction]) -> None:
    """The hypotheses on the start, and the constants of phase 1: zeta, s, T_a, xi, T_d, the least turning."""
    n, c, delta = len(setting.x), setting.constants, start["delta"]
    need(0 < delta < 1, "start.delta is not between 0 and 1")
    check_pulls(setting, start["bound"])
    need(0 < c["xi"] < 1, "constants.xi is not between 0 and 1")
    need(c["turning"] > 0, "constants.turning is not positive")
    sets = [frozenset({k}) for k in range(n)]
    time, turning = death_by_size(setting, delta)
    rough = activated(setting, sets) and time <= exactly(c["death"]) and exactly(c["turning"]) <= turning
    if not rough and 2 * sum(comb(n - 1, i) for i in range(len(setting.b))) <= MOST_CELLS:
        sets = active_cells(setting)
        time, turning = death_by_cells(setting, delta, sets)
    check_activation(setting, sets)
    need(time <= exactly(c["death"]), "constants.death is below T_d")
    need(exactly(c["turning"]) <= turning, "constants.turning is above min 2 xi r_A min(delta, u_in(A))")


def check_pulls(setting: Setting, bound: Fraction) -> None:
    """C_0, zeta and s: pulls are at least zeta y_k while S <= s."""
    x, y, c = setting.x, setting.y, setting.constants
    need(bound > 0, "start.bound is not positive")
    need(0 < c["zeta"] < 1, "constants.zeta is not between 0 and 1")
    size = all(c["size"] ** 2 * inner(p, p) <= ((1 - c["zeta"]) * q) ** 2 for p, q in zip(x, y, strict=True))
    need(c["size"] > 0 and size, "constants.size is not positive, or above s")


def check_activation(setting: Setting, sets: list[frozenset[int]]) -> None:
    """T_a, for neurons that are active on one of the sets, or on more points, at the start."""
    need(setting.constants["activation"] >= 0, "constants.activation is negative")
    need(activated(setting, sets), "constants.activation is below T_a")


def active_cells(setting: Setting) -> list[frozenset[int]]:
    """The sets of points on which some w is active, but the empty one; smaller ones first."""
    x = setting.x
    found = {frozenset(k for k in range(len(x)) if inner(w, x[k]) > 0) for w in cells(x)} - {frozenset()}
    return sorted(found, key=len)


def drift_of(setting: Setting, points: frozenset[int]) -> Row:
    """D_A."""
    x, y = setting.x, setting.y
    return tuple(sum((y[k] * x[k][i] for k in points), Fraction(0)) / len(x) for i in range(len(setting.b)))


def activated(setting: Setting, sets: list[frozenset[int]]) -> bool:
    """Whether T_a is enough for a neuron that is active on one of the sets, or on more points, at the start."""
    x, time = setting.x, setting.constants["activation"] * setting.constants["zeta"]
    for points in sets:
        drift = drift_of(setting, points)
        for j in set(range(len(x))) - points:
            depths = (inner(x[j], x[j]) - inner(x[k], x[j]) ** 2 / inner(x[k], x[k]) for k in points)
            if (time * inner(drift, x[j])) ** 2 < min(depths):
                return False
    return True


def check_tangent(setting: Setting, normals: Sequence[Row]) -> None:
    """tan(alpha/2), from the angles between b and the facets."""
    t, square = setting.constants["tangent"], inner(setting.b, setting.b)
    need(0 < t <= 1, "constants.tangent is not between 0 and 1")
    for v in normals:
        near = (inner(setting.b, v) * (1 + t * t)) ** 2 >= 4 * t * t * square * inner(v, v)
        need(near, "constants.tangent is above tan(alpha/2)")


def half_tangent(sine_square: Fraction) -> Interval:
    """tan(arcsin(s)/2) from s^2."""
    return exactly(sine_square).root() / (ONE + exactly(1 - sine_square).root())


def death_by_size(setting: Setting, delta: Fraction) -> tuple[Interval, Interval]:
    """Bounds of T_d and of min 2 xi r_A min(delta, u_in(A)) from the number of points of A alone."""
    x, y, n, xi = setting.x, setting.y, len(setting.x), setting.constants["xi"]
    cosines = [inner(u, v) ** 2 / (inner(u, u) * inner(v, v)) for u in x for v in x]
    cosine, entered = exactly(min(cosines)).root(), half_tangent(min(cosines))
    norms = [exactly(z).root() for z in sorted((q / n) ** 2 * inner(p, p) for p, q in zip(x, y, strict=True))]
    drifts, total, square = [], exactly(0), exactly(0)
    for z in norms:
        square = square + z * (z + TWO * cosine * total)
        total = total + z
        drifts.append(square.root())
    time = growth(exactly(delta), xi) / drifts[0]
    for drift in drifts[:-1]:
        time = time + growth(entered, xi) / drift
    return time, exactly(2 * xi) * drifts[0] * exactly(delta).smaller(entered)


def growth(tangent: Interval, xi: Fraction) -> Interval:
    """r_A times the longest time until u = tan(theta/2) has grown from `tangent` to 1."""
    return (ONE / (exactly(1 - xi) * tangent)).log()


def death_by_cells(setting: Setting, delta: Fraction, known: list[frozenset[int]]) -> tuple[Interval, Interval]:
    """T_d and min 2 xi r_A min(delta, u_in(A)) over all cells, which are given with the smaller ones first."""
    x, xi = setting.x, setting.constants["xi"]
    time, turning = exactly(0), exactly(0)
    entered: list[tuple[frozenset[int], Interval]] = []
    for place, cell in enumerate(known):
        drift = drift_of(setting, cell)
        square, least = inner(drift, drift), exactly(delta)
        size, later = exactly(square).root(), exactly(0)
        for other, rest in entered:
            later = later.larger(rest) if other < cell else later
        time = time.larger(growth(least, xi) / size + later)
        outside = [inner(drift, x[k]) ** 2 / (square * inner(x[k], x[k])) for k in range(len(x)) if k not in cell]
        if outside:
            tangent = half_tangent(min(outside))
            entered.append((cell, growth(tangent, xi) / size + later))
            least = least.smaller(tangent)
        turning = size * least if place == 0 else turning.smaller(size * least)
    return time, exactly(2 * xi) * turning


def check_eigenvalues(setting: Setting) -> None:
    """mu and M."""
    c, H = setting.constants, setting.H
    need(c["mu"] > 0, "constants.mu is not positive")
    need(positive_definite(_shifted(H, 1, -c["mu"])), "constants.mu is not below the smallest eigenvalue of H")
    need(positive_definite(_shifted(H, -1, c["largest"])), "constants.largest is not above the largest eigenvalue of H")


def check_energy(setting: Setting) -> None:
    """Step (2a): R_E and bar D."""
    c = setting.constants
    radius = exactly(inner(setting.beta, setting.beta)).root() + exactly(setting.gain / c["mu"]).root()
    need(radius <= exactly(c["radius"]), "constants.radius is below R_E")
    drift = c["drift"] > 0 and c["drift"] ** 2 >= c["largest"] * setting.gain
    need(drift, "constants.drift is below the bound of ||D||")


def _shifted(matrix: Sequence[Row], factor: int, shift: Fraction) -> list[Row]:
    return [
        tuple(factor * entry + (shift if i == j else 0) for j, entry in enumerate(row)) for i, row in enumerate(matrix)
    ]


def check_growth(setting: Setting, normals: Sequence[Row]) -> None:
    """Step (2c): c_C, q_0, q_1 and Lambda."""
    c, square = setting.constants, inner(setting.b, setting.b)
    check_slope(setting, normals)
    need(0 < c["q0"] <= c["slope"] / (2 * c["largest"]), "constants.q0 is not positive, or above q_0")
    later = c["q1"] > 0 and 64 * c["q1"] ** 2 * square <= 27 * (c["slope"] * c["q0"]) ** 2
    need(later, "constants.q1 is not positive, or above q_1")
    path = c["path"] > 0 and (c["path"] * c["q1"]) ** 2 * c["mu"] >= setting.gain
    need(path, "constants.path is below Lambda")


def check_slope(setting: Setting, normals: Sequence[Row]) -> None:
    """c_C."""
    need(setting.constants["slope"] > 0, "constants.slope is not positive")
    need(_slope_holds(setting, normals), "constants.slope is above c_C")


def _slope_holds(setting: Setting, normals: Sequence[Row]) -> bool:
    """Whether <w, b> >= slope ||w|| in the cone: by w = (1/n) sum <w, x_k> H^-1 x_k, or at the extreme rays."""
    slope, b = setting.constants["slope"], setting.b
    backs = [solved(setting.H, point) for point in setting.x]
    pairs = zip(backs, setting.y, strict=True)
    if all(back is not None and slope**2 * inner(back, back) <= label**2 for back, label in pairs):
        return True
    if comb(len(normals), len(b) - 1) > MOST_SETS_OF_NORMALS:
        return False
    return all(inner(ray, b) > 0 and inner(ray, b) ** 2 >= slope**2 * inner(ray, ray) for ray in rays(normals))


def check_tightness(
    setting: Setting, normals: Sequence[Row], gap: Fraction = Fraction(0), error: Fraction = Fraction(0)
) -> None:
    """Condition (C), step (2b) at eta_2, and the other bounds of eta_2 and epsilon.

    The loss of beta may be above L(0) by `gap`, and the drift may be off b - H beta by a vector of length `error`.
    """
    c = setting.constants
    need(0 < c["eta"] <= Fraction(1, 4), "constants.eta is not positive, or above 1/4")
    turn = exactly(4 * c["drift"] / c["slope"]) / exactly(3).root() + exactly(c["path"])
    need(exactly(8 * c["eta"]) * turn * turn <= ONE, "constants.eta is too large for the ratios of the a_j")
    wide = exactly(2 * c["eta"]).root()
    distance = exactly(c["radius"]) / exactly(1 - c["eta"]).root() * wide
    slack = TWO * exactly(c["drift"]) * distance + exactly(c["largest"]) * distance * distance
    for number, v in enumerate(normals, 1):
        base, room, bend = facet_numbers(setting, v)
        need(base > 0 and base**2 > room * bend, f"condition (C) is not certain at facet {number}")
        pushed = image(setting.H, v)
        reach = ((exactly(room + 2 * gap) + slack) * exactly(bend)).root()
        least = exactly(base) - reach - distance * exactly(inner(pushed, pushed)).root()
        least = least - exactly(error) * exactly(inner(v, v)).root()
        need(exactly(0) < least, f"constants.eta is too large for the barrier at facet {number}")
    small = c["epsilon"] > 0 and 32 * c["epsilon"] ** 2 <= c["eta"] and 3 * c["epsilon"] <= c["tangent"]
    need(small, "constants.epsilon is not positive, or too large")


def facet_numbers(setting: Setting, v: Row) -> tuple[Fraction, Fraction, Fraction]:
    """<b, v> - <p, c>, <b, c> and <p, H_v^+ p> of theory.md 9.1, in a basis of the complement of v."""
    basis, pushed = across(v), image(setting.H, v)
    inside = [tuple(inner(u, image(setting.H, w)) for w in basis) for u in basis]
    along, against = (tuple(inner(u, w) for u in basis) for w in (setting.b, pushed))
    first, second = solved(inside, along), solved(inside, against)
    assert first is not None  # H is positive definite
    assert second is not None
    return inner(setting.b, v) - inner(against, first), inner(along, first), inner(against, second)


def check_threshold(setting: Setting, bound: Fraction) -> None:
    """The last inequality of the proof, in logarithms: lambda_0 = 10^-exponent."""
    c, mean = setting.constants, mean_square(setting)
    r = exactly(inner(setting.b, setting.b)).root()
    least = exactly(c["size"]).smaller(exactly(c["q0"])).smaller(exactly(c["turning"] / (2 * mean))).log()
    least = least.smaller(exactly(c["q1"]).log() - ONE).smaller((r * exactly(c["epsilon"] / mean)).log())
    grown = exactly(bound).log() + TWO * r * exactly(max(c["activation"], c["death"]))
    grown = grown - exactly(2 * c["exponent"]) * exactly(10).log()
    need(grown <= TWO * exactly(c["epsilon"]).log() + least, "constants.exponent is too small: lambda_0 is too large")


def mean_square(setting: Setting) -> Fraction:
    """R_2."""
    return sum((inner(x, x) for x in setting.x), Fraction(0)) / len(setting.x)


def conclusion(setting: Setting, stated: dict[str, Any]) -> tuple[Row, Fraction]:
    """The outputs and the loss of the least-squares solution, once they are those of the file."""
    outputs = image(setting.x, setting.beta)
    loss = sum(((h - y) ** 2 for h, y in zip(outputs, setting.y, strict=True)), Fraction(0)) / (2 * len(outputs))
    need(stated["limit"] == setting.beta, "conclusion.limit is not the least-squares solution")
    need(stated["outputs"] == outputs, "conclusion.outputs are not those of the least-squares solution")
    need(stated["loss"] == loss, "conclusion.loss is not that of the least-squares solution")
    return outputs, loss
