"""Checking a certificate for every start of three points in the plane, at any angle: standard library only.

Every constant of theory.md 9.3 (the scale) is a rational number of the file. One inequality is checked for each, in
rationals where it can be, otherwise in intervals; docs/certificates.md lists them. What Theorem A has too is checked by
`every_start`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .every_start import (
    ONE,
    TWO,
    EveryStartAccepted,
    Setting,
    active_cells,
    check_activation,
    check_cone,
    check_eigenvalues,
    check_pulls,
    check_slope,
    check_tangent,
    check_tightness,
    conclusion,
    mean_square,
    setting_of,
)
from .intervals import Interval, exactly
from .plane import need
from .spaces import Row, inner, solved

HALF = exactly(Fraction(1, 2))


@dataclass(frozen=True)
class Triangle:
    """What the three points are measured by: r_0, the square of X, and c^2."""

    residual: Fraction
    square: Fraction
    cosine: Fraction


@dataclass(frozen=True)
class Levels:
    """L*, Delta_0, and from the constants of the file G, Delta_s and G - Delta_s = kappa_1 - 2g; and r, R_2."""

    least: Fraction
    whole: Fraction
    lower: Fraction
    after: Interval
    room: Interval
    r: Interval
    mean: Fraction


def check_three_points(fields: dict[str, Any]) -> EveryStartAccepted:
    """What the certificate proves; raises Rejected, in one sentence."""
    setting, bound, normals = setting_of(fields), fields["start"]["bound"], fields["cone"]["normals"]
    triangle = triangle_of(setting)
    check_cone(setting, normals, fields["cone"]["multipliers"])
    check_pulls(setting, bound)
    check_activation(setting, active_cells(setting))
    check_tangent(setting, normals)
    check_eigenvalues(setting)
    check_slope(setting, normals)
    check_few(setting, triangle)
    levels = levels_of(setting)
    check_near_the_fit(setting, triangle, levels)
    check_middle_stage(setting, levels)
    check_bundle(setting, normals, levels)
    check_thresholds(setting, bound, levels)
    outputs, loss = conclusion(setting, fields["conclusion"])
    chosen = Fraction(0), bound, setting.constants["exponent"]
    return EveryStartAccepted(3, 2, setting.x, setting.y, *chosen, setting.beta, outputs, loss)


def triangle_of(setting: Setting) -> Triangle:
    """r_0, X and c, once the hypotheses of Theorem A' on the data hold."""
    x = setting.x
    need((len(x), len(setting.b)) == (3, 2), "the data are not three points in the plane")
    middle = next((k for k in range(3) if _inside(x[k], x[k - 2], x[k - 1])), None)
    need(middle is not None, "no point is in the open cone of the two others")
    assert middle is not None
    outputs = [inner(setting.beta, point) for point in x]
    residuals = [label - output for label, output in zip(setting.y, outputs, strict=True)]
    left, right = x[middle - 2], x[middle - 1]
    need(min(residuals[middle - 2], residuals[middle - 1]) > 0, "the residual of an outer point is not positive")
    need(min(outputs) > 0, "the least-squares solution is not positive on a point")
    squares = inner(left, left), inner(right, right)
    return Triangle(min(map(abs, residuals)), min(squares), inner(left, right) ** 2 / (squares[0] * squares[1]))


def _inside(point: Row, left: Row, right: Row) -> bool:
    """Whether the point is a combination of the two others with positive coefficients."""
    shares = solved(tuple(zip(left, right, strict=True)), point)
    return shares is not None and min(shares) > 0


def check_few(setting: Setting, triangle: Triangle) -> None:
    """q_0; nu, the bound of N; and g, by which the two losses differ."""
    c, mean = setting.constants, mean_square(setting)
    need(0 < c["q0"] <= c["slope"] / (2 * c["largest"]), "constants.q0 is not positive, or above q_0")
    pulled = all(c["q0"] ** 2 * inner(p, p) <= q * q for p, q in zip(setting.x, setting.y, strict=True))
    need(pulled, "constants.q0 is too large for the pulls to be positive until t_0")
    need(c["few"] > 0, "constants.few is not positive")
    few = all(16 * c["few"] ** 2 * inner(p, p) <= triangle.residual**2 for p in setting.x)
    need(few, "constants.few is too large for the signs of the pulls")
    rest = c["gap"] - 2 * c["few"] ** 2 * mean
    need(rest > 0 and rest**2 >= 8 * c["few"] ** 2 * first_loss(setting) * mean, "constants.gap is below g")


def first_loss(setting: Setting) -> Fraction:
    """L_0."""
    return inner(setting.y, setting.y) / (2 * len(setting.x))


def levels_of(setting: Setting) -> Levels:
    """The values of the loss, once q_1 leaves room between G and Delta_s."""
    c, whole, r = setting.constants, setting.gain / 2, exactly(inner(setting.b, setting.b)).root()
    fallen = exactly(3 * c["slope"] * c["q0"] / 8) * exactly(3).root()
    room = fallen - exactly(2 * c["gap"])
    need(c["q1"] > 0 and exactly(c["q1"]) * r <= room, "constants.q1 is not positive, or above q_1")
    after = exactly(whole + c["gap"]) - fallen
    return Levels(first_loss(setting) - whole, whole, whole - c["gap"], after, room, r, mean_square(setting))


def check_near_the_fit(setting: Setting, triangle: Triangle, levels: Levels) -> None:
    """Delta_e: near the fit the pulls have the signs of the residuals, and neurons with a < 0 come to rest soon."""
    c, n = setting.constants, len(setting.x)
    need(c["level"] > 0 and exactly(c["level"]) < levels.after, "constants.level is not positive, or not below Delta_s")
    need(8 * c["gap"] <= c["level"], "constants.level is below 8 g")
    need(36 * n * c["level"] <= triangle.residual**2, "constants.level is too large for the signs of the pulls")
    drift = exactly(Fraction(3, 2)) * exactly(c["largest"] * c["level"]).root() + exactly(levels.mean * c["few"])
    turning = exactly(triangle.residual * triangle.cosine / (8 * n)) * exactly(triangle.square).root()
    need(drift <= turning, "constants.level is too large for neurons with a < 0 to turn")


def check_middle_stage(setting: Setting, levels: Levels) -> None:
    """theta, tau_e, B and W: how long the loss takes to fall to Delta_e, and how much N grows for ever."""
    c = setting.constants
    need(c["share"] > 0, "constants.share is not positive")
    slow = exactly(2 * c["mu"] * c["share"] * c["level"]).root() + exactly(levels.mean * c["few"])
    need(slow <= exactly(2 * c["mu"] * (c["level"] - c["gap"])).root(), "constants.share is above theta")
    length = levels.r / exactly(2 * c["mu"] * c["share"])
    floor = exactly(levels.lower - c["level"]) / levels.room
    need(length * floor.log() <= exactly(c["mass"]), "constants.mass is below B")
    fallen = (floor * levels.after / exactly(c["level"])).log()
    need(length * fallen / exactly(levels.lower) <= exactly(c["stage"]), "constants.stage is below tau_e")
    loss = levels.least * c["stage"] + c["mass"]
    grown = exactly(2 * levels.mean * c["stage"] * loss).root() + HALF + late(setting)
    need(grown <= exactly(c["growth"]), "constants.growth is below W")


def late(setting: Setting) -> Interval:
    """The integral of ||D|| once the outputs are linear."""
    c = setting.constants
    return exactly(2 * c["level"] / c["mu"]).root() / exactly(c["q1"])


def check_bundle(setting: Setting, normals: Sequence[Row], levels: Levels) -> None:
    """R_E, bar D and Lambda beside neurons with a < 0; then (C), eta and epsilon."""
    c, error, most = setting.constants, levels.mean * setting.constants["few"], levels.whole + setting.constants["gap"]
    radius = exactly(inner(setting.beta, setting.beta)).root() + exactly(2 * most / c["mu"]).root()
    need(radius <= exactly(c["radius"]), "constants.radius is below R_E")
    rest = c["drift"] - error
    need(rest > 0 and rest**2 >= 2 * c["largest"] * most, "constants.drift is below the bound of ||D||")
    middle = (TWO * levels.after / exactly(c["mu"] * c["share"])).root() / exactly(c["q1"])
    need(middle + HALF + late(setting) <= exactly(c["path"]), "constants.path is below Lambda")
    check_tightness(setting, normals, c["gap"], error)


def check_thresholds(setting: Setting, bound: Fraction, levels: Levels) -> None:
    """The two last inequalities, in logarithms: lambda_0 = 10^-exponent."""
    c, r = setting.constants, levels.r
    squared = exactly(bound).log() - exactly(2 * c["exponent"]) * exactly(10).log()
    least = exactly(c["size"]).smaller(exactly(c["q0"])).log().smaller(exactly(c["q1"]).log() - ONE)
    least = least.smaller((r * exactly(c["epsilon"] / levels.mean)).log())
    grown = squared + TWO * r * exactly(c["activation"])
    need(grown <= TWO * exactly(c["epsilon"]).log() + least, "constants.exponent is too small: lambda_0 is too large")
    few = squared + exactly(2 * c["growth"]) < exactly(c["few"]).log()
    need(few, "constants.exponent is too small for neurons with a < 0 to stay few")
