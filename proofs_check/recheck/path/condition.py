"""The certificate as a whole: the entry, the tube, the trap and lambda_0 (theory.md 9.2)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..every_start import EveryStartAccepted, Setting, check_eigenvalues, check_start, conclusion, setting_of
from ..intervals import Interval, exactly
from ..plane import need
from ..spaces import Row, image, inner
from .tube import apart, below, check_active, check_segment, segments_of

TWO = exactly(2)


def check_path_condition(fields: dict[str, Any]) -> EveryStartAccepted:
    """What the certificate proves; raises Rejected, in one sentence."""
    setting, start, path = setting_of(fields), fields["start"], fields["path"]
    check_start(setting, start)
    check_eigenvalues(setting)
    check_entry(setting, path)
    check_tube(setting, path)
    check_trap(setting, path["points"][-1], path["radii"][-1])
    check_threshold(setting, start["bound"], path["points"][0])
    outputs, loss = conclusion(setting, fields["conclusion"])
    sizes = len(setting.x), len(setting.b)
    chosen = start["delta"], start["bound"], setting.constants["exponent"]
    return EveryStartAccepted(*sizes, setting.x, setting.y, *chosen, setting.beta, outputs, loss, len(path["rates"]))


def check_entry(setting: Setting, path: dict[str, Any]) -> None:
    """From T until ||S|| = ||C_0|| all live neurons are within 2 arctan(v_0) of b and grow."""
    c, b, first = setting.constants, setting.b, path["points"][0]
    r, v, q = exactly(inner(b, b)).root(), c["tangent"], c["entry"]
    check_beginning(setting, path)
    for k, x in enumerate(setting.x, 1):
        seen = (inner(b, x) * (1 + v * v)) ** 2 > 4 * v * v * inner(b, b) * inner(x, x)
        need(seen, f"constants.tangent is too large for point {k}")
    need(0 < 2 * c["epsilon"] <= v and 64 * c["epsilon"] ** 2 <= 1, "constants.epsilon is not in its range")
    speed = r * exactly((1 - v * v) / (1 + v * v)) - exactly(c["largest"] * q)
    need(c["growth"] > 0 and exactly(c["growth"]) <= speed, "constants.growth is not positive, or too large")
    need(inner(first, first) <= (1 - 32 * c["epsilon"] ** 2) * q * q, "the tube begins beyond constants.entry")


def check_beginning(setting: Setting, path: dict[str, Any]) -> None:
    """What is within 2 arctan(v_0) of b stays so while ||S|| <= q_0, and is in the tube when ||S|| = ||C_0||."""
    c, b, first = setting.constants, setting.b, path["points"][0]
    r, v, q = exactly(inner(b, b)).root(), c["tangent"], c["entry"]
    need(0 < v <= 1, "constants.tangent is not between 0 and 1")
    need(q > 0 and exactly(c["largest"] * q * (1 + v * v)) < exactly(2 * v) * r, "constants.entry is not in its range")
    along = all(p * inner(b, b) == inner(first, b) * entry for p, entry in zip(first, b, strict=True))
    need(along and inner(first, b) > 0, "the tube does not begin in the direction of b")
    need(inner(first, first) <= q * q, "the tube begins beyond constants.entry")
    need(path["radii"][0] >= 2 * v, "the first radius is below 2 tan(psi_0/2)")


def check_tube(setting: Setting, path: dict[str, Any]) -> None:
    """No segment is left before its end; the integral of ||D|| and the least ||S||."""
    c = setting.constants
    need(0 < c["eta"] <= Fraction(1, 4), "constants.eta is not positive, or above 1/4")
    need(c["least"] > 0, "constants.least is not positive")
    total = Fraction(0)
    for number, segment in enumerate(segments_of(path), 1):
        name = f"segment {number}"
        crossed = check_segment(setting, segment, c["eta"], name)
        check_active(setting, segment, c["eta"], name)
        need(c["least"] <= crossed.least, f"constants.least is above ||S|| in {name}")
        total = (exactly(total) + exactly(crossed.length)).high
    need(total <= c["length"], "constants.length is below the integral of ||D||")


def check_trap(setting: Setting, last: Row, radius: Fraction) -> None:
    """At the end of the tube no neuron can become inactive any more."""
    c, gap = setting.constants, tuple(p - q for p, q in zip(setting.beta, last, strict=True))
    square, distance = inner(last, last), c["distance"]
    excess = exactly(inner(gap, image(setting.H, gap))).root()
    excess = excess + exactly(c["largest"] * square).root() * exactly(apart(radius))
    need(distance > 0 and excess * excess <= exactly(c["mu"] * distance**2), "constants.distance is too small")
    rest = below(inner(setting.beta, setting.beta)) - distance
    need(rest > 0, "the tube ends too far from the least-squares solution")
    tight, spread = exactly(1 - c["eta"]).root(), exactly(2 * c["eta"]).root()
    for k, x in enumerate(setting.x, 1):
        need(inner(last, x) > 0, f"the tube ends where point {k} is not active")
        cosine = exactly(inner(last, x) ** 2 / (square * inner(x, x))).root() - exactly(radius)
        trapped = exactly(distance / rest) < tight * cosine - spread and cosine.low > 0
        need(trapped, f"at the end of the tube a neuron may still become inactive on point {k}")


def check_threshold(setting: Setting, bound: Fraction, first: Row) -> None:
    """The last inequalities of the proof, in logarithms: lambda_0 = 10^-exponent."""
    c = setting.constants
    mean = sum((inner(x, x) for x in setting.x), Fraction(0)) / len(setting.x)
    r = exactly(inner(setting.b, setting.b)).root()
    grown = exactly(bound).log() + TWO * r * exactly(max(c["activation"], c["death"]))
    grown = grown - exactly(2 * c["exponent"]) * exactly(10).log()
    least = exactly(c["size"]).smaller(exactly(inner(first, first)).root()).smaller(exactly(c["turning"] / (2 * mean)))
    least = least.smaller(r * exactly(c["epsilon"] / mean))
    small = TWO * exactly(c["epsilon"]).log() + least.log()
    need(grown <= small, "constants.exponent is too small: lambda_0 is too large for phase 1")
    need(grown < _tightness(setting, r), "constants.exponent is too small: the bundle may not be tight enough")


def _tightness(setting: Setting, r: Interval) -> Interval:
    """log(eta least/32) - 2 X_1 - X_2."""
    c = setting.constants
    early = exactly(8 * c["epsilon"] / c["growth"]) * (r + exactly(c["largest"] * c["entry"]))
    late = (exactly(3 * c["eta"]) + TWO * exactly(2 * c["eta"]).root()) * exactly(c["length"])
    return exactly(c["eta"] * c["least"] / 32).log() - TWO * early - late
