"""False certificates for every start of three points, as `false_every_start.py` has them: what must be rejected.

They are written by hand for x = (-3/4, 1), (0, 1), (3/4, 1) and y = (1, 1/4, 1), turned by a rational angle. Nothing
here comes from the prover. The cone is the closure of K. All constants of `LOOSE` are far on the safe side, so that it
stays true when one of them is replaced by its formula. These are rational: s = 1/8, T_a = 576/35, tan(alpha/2) = 1/2,
the eigenvalues 3/8 and 1 of H, c_C = 9/20, r = 3/4, R_2 = 11/8, Delta_0 = 9/32, L* = 1/16, r_0 = 1/4, c = 7/25 and
X = 5/4; m(v) vanishes at the facet of the first point for y_1 = 16/25. The other numbers are the formulas of theory.md
9.3, cut off.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Any

from .answers import answers_to, differing, differing_constant

CONSTANTS = {
    "zeta": "1/2",
    "size": "1/100",
    "activation": "1000",
    "tangent": "1/100",
    "mu": "1/10",
    "largest": "2",
    "slope": "1/10",
    "q0": "1/100",
    "few": "1e-12",
    "gap": "1e-11",
    "level": "1e-8",
    "share": "1/10",
    "q1": "1e-4",
    "stage": "1e5",
    "mass": "1e4",
    "growth": "1e6",
    "radius": "100",
    "drift": "10",
    "path": "1e7",
    "eta": "1e-18",
    "epsilon": "1e-10",
    "exponent": "1e6",
}


@dataclass(frozen=True)
class ThreePointsParts:
    """What a certificate is made of; `normals` None for the first and the last point, before the turn."""

    inputs: tuple[tuple[str, ...], ...] = (("-3/4", "1"), ("0", "1"), ("3/4", "1"))
    labels: tuple[str, ...] = ("1", "1/4", "1")
    bound: str = "1"
    normals: tuple[tuple[str, ...], ...] | None = None
    multipliers: tuple[tuple[str, ...], ...] = (("1", "0"), ("1/2", "1/2"), ("0", "1"))
    constants: dict[str, str] = field(default_factory=dict)
    conclusion: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The certificate as `recheck` reads it."""
        return json.dumps(self.tree())

    def tree(self) -> dict[str, Any]:
        """The certificate as docs/certificates.md describes it."""
        points = [[*map(Fraction, row)] for row in self.inputs]
        labels = [*map(Fraction, self.labels)]
        limit = _fitted(points, labels)
        outputs = [sum(p * q for p, q in zip(point, limit, strict=False)) for point in points]
        loss = sum((h - y) ** 2 for h, y in zip(outputs, labels, strict=True)) / (2 * len(labels))
        constants = {name: str(Fraction(value)) for name, value in {**CONSTANTS, **self.constants}.items()}
        return {
            "schema": 1,
            "kind": "every start of three points to least squares",
            "data": {"inputs": [_turned(x) for x in self.inputs], "labels": [*self.labels]},
            "start": {"bound": self.bound},
            "cone": {
                "normals": [_turned(v) for v in self.normals or (self.inputs[0], self.inputs[-1])],
                "multipliers": [[*row] for row in self.multipliers],
            },
            "constants": constants,
            "conclusion": {
                "limit": _turned(limit),
                "outputs": [*map(str, outputs)],
                "loss": str(loss),
                **self.conclusion,
            },
        }


def _fitted(points: list[list[Fraction]], labels: list[Fraction]) -> list[Fraction]:
    """The least-squares solution in the first two coordinates; 0 where there is none."""

    def total(i: int, j: int) -> Fraction:
        return sum((row[i] * row[j] for row in points), Fraction(0))

    p, q = (sum((y * row[i] for row, y in zip(points, labels, strict=True)), Fraction(0)) for i in (0, 1))
    determinant = total(0, 0) * total(1, 1) - total(0, 1) ** 2
    if not determinant:
        return [Fraction(0), Fraction(0)]
    return [(p * total(1, 1) - q * total(0, 1)) / determinant, (q * total(0, 0) - p * total(0, 1)) / determinant]


def _turned(v: Any) -> list[str]:
    """The vector turned by the angle with cosine 4/5 and sine 3/5 in its first two coordinates."""
    u, w, *rest = map(Fraction, v)
    return [str(value) for value in ((4 * u - 3 * w) / 5, (3 * u + 4 * w) / 5, *rest)]


LOOSE = ThreePointsParts()
PERMUTED = ThreePointsParts(
    inputs=(("0", "1"), ("3/4", "1"), ("-3/4", "1")),
    labels=("1/4", "1", "1"),
    normals=(("-3/4", "1"), ("3/4", "1")),
    multipliers=(("1/2", "1/2"), ("0", "1"), ("1", "0")),
)
"""The point in the middle comes first."""
SKEW = ThreePointsParts(
    inputs=(("-3/4", "1"), ("0", "1"), ("27/40", "9/10")),
    labels=("1", "1/4", "9/10"),
    multipliers=(("1", "0"), ("1/2", "5/9"), ("0", "1")),
)
"""The last point is shorter, so that X is its length; the first has the least residual."""
BESIDE = {"few": "1e-8", "gap": "22e-9", "level": "2e-7"}
"""Constants with which what neurons with a < 0 may do is seen in the ninth digit."""
Pair = tuple[str, ThreePointsParts, ThreePointsParts]
"""A part of the sentence, a certificate to be rejected with it, and one that is not rejected with it."""


_constant = partial(differing_constant, LOOSE)
_part = partial(differing, LOOSE)


def pairs() -> Iterator[Pair]:
    """Every condition of the checker, in its own order; a condition with several parts has a pair for each."""
    yield from _hypotheses()
    yield from _cones()
    yield from _phase_one()
    yield from _growth()
    yield from _near_the_fit()
    yield from _middle_stage()
    yield from _bundle()
    yield from _thresholds()


def _hypotheses() -> Iterator[Pair]:
    left, middle, right = LOOSE.inputs

    def labelled(condition: str, violated: tuple[str, ...], satisfied: tuple[str, ...]) -> Pair:
        return _part(condition, "labels", violated, satisfied)

    yield labelled("a label is not positive", ("1", "0", "1"), ("1", "1/100", "1"))
    wide, narrow = ((("-1", "1"), middle, (end, "1")) for end in ("1", "999999/1000000"))
    yield _part("inner product that is not positive", "inputs", wide, narrow)
    yield _part("do not span the space", "inputs", (middle,) * 3, LOOSE.inputs)
    other = "not three points in the plane"
    four, two = (("1", "1/4", "1", "1"), ("1", "1"))
    yield other, replace(LOOSE, inputs=(*LOOSE.inputs, right), labels=four, multipliers=(("1", "0"),) * 4), LOOSE
    yield other, replace(LOOSE, inputs=(left, right), labels=two, multipliers=(("1", "0"),) * 2), LOOSE
    yield _part(other, "inputs", ((*left, "0"), (*middle, "1"), (*right, "0")), LOOSE.inputs)
    edge, inside = ((left, (place, "1"), right) for place in ("3/4", "749999/1000000"))
    yield _part("open cone of the two others", "inputs", edge, inside)
    yield labelled("the residual of an outer point", ("1", "1", "1"), ("1", "999999/1000000", "1"))
    yield labelled("not positive on a point", ("1/10", "1/4", "1"), ("100001/1000000", "1/4", "1"))
    for value in ("0", "-1"):
        yield _part("start.bound is not positive", "bound", value, "1")


def _cones() -> Iterator[Pair]:
    left, right = LOOSE.inputs[0], LOOSE.inputs[2]
    yield _part("b is not in the interior", "normals", (left, ("1", "0")), (left, right))
    combined, (first, second, third) = "not the stated combination", LOOSE.multipliers
    yield _part(combined, "multipliers", (first, ("1/2", "499/1000"), third), LOOSE.multipliers)
    three = replace(LOOSE, normals=(left, right, ("0", "2")))
    rest = (("0", "0", "1/2"), ("0", "1", "0"))
    negative, proper = (replace(three, multipliers=(row, *rest)) for row in (("0", "-1", "1"), ("1", "0", "0")))
    yield f"point 1 is {combined}", negative, proper
    yield _part("are not as many as the normals", "multipliers", (first, (*second, "0"), third), LOOSE.multipliers)


def _phase_one() -> Iterator[Pair]:
    for value in ("0", "1"):
        yield _constant("constants.zeta is not between 0 and 1", "zeta", value, "1/2")
    yield _constant("constants.size", "size", "125000001e-9", "1/8")
    yield _constant("constants.size", "size", "62500001e-9", "1/16", zeta="3/4")
    yield _constant("constants.size is not positive", "size", "0", "1/100")
    yield _constant("constants.activation is negative", "activation", "-1000", "1000")
    yield _constant("constants.activation is below T_a", "activation", "16457142857e-9", "576/35")
    yield _constant("constants.activation is below T_a", "activation", "10971428571e-9", "384/35", zeta="3/4")
    yield _constant("constants.tangent is not between 0 and 1", "tangent", "0", "1/100")
    yield _constant("constants.tangent is not between 0 and 1", "tangent", "100", "1/2")
    yield _constant("constants.tangent is above", "tangent", "500000001e-9", "1/2")


def _growth() -> Iterator[Pair]:
    yield _constant("constants.mu is not positive", "mu", "0", "1/10")
    yield _constant("constants.mu is not below", "mu", "3/8", "374999999e-9")
    yield _constant("constants.largest is not above", "largest", "1", "1000000001e-9")
    yield _constant("constants.slope is not positive", "slope", "0", "1/10")
    yield _constant("constants.slope is above c_C", "slope", "450000001e-9", "9/20")
    yield _constant("constants.q0 is not positive, or above q_0", "q0", "25000001e-9", "1/40")
    yield _constant("constants.q0 is not positive", "q0", "0", "1/40")
    left, _, right = LOOSE.inputs
    low = replace(LOOSE, inputs=(left, ("0", "1/2"), right), labels=("1", "1/200", "1"))
    low = replace(low, multipliers=(LOOSE.multipliers[0], ("1/4", "1/4"), LOOSE.multipliers[2]))
    yield differing_constant(
        low, "constants.q0 is too large for the pulls", "q0", "10000001e-9", "1/100", size="1/1000"
    )
    for value in ("0", "-1e-12"):
        yield _constant("constants.few is not positive", "few", value, "1e-12")
    yield _constant("constants.few is too large for the signs", "few", "50000001e-9", "1/20")
    yield _constant("constants.gap is below g", "gap", "1944543648265e-24", "1944543648266e-24")
    yield _constant("constants.gap is below g", "gap", "104102182413e-12", "104102182414e-12", few="1/20")
    yield _constant("constants.gap is below g", "gap", "-1", "1")
    yield _constant("constants.q1 is not positive", "q1", "0", "1e-4")
    yield _constant("constants.q1 is not positive, or above q_1", "q1", "599358738e-12", "599358737e-12", gap="1e-4")


def _near_the_fit() -> Iterator[Pair]:
    yield _constant("constants.level is not positive", "level", "0", "1e-8")
    below = "not below Delta_s"
    yield _constant(below, "level", "280700481e-9", "280700480e-9", gap="1e-4")
    yield _constant("constants.level is below 8 g", "level", "175999999e-15", "176e-9", **BESIDE)
    yield _constant("constants.level is too large for the signs", "level", "578703704e-12", "578703703e-12")
    turn = "constants.level is too large for neurons with a < 0 to turn"
    yield _constant(turn, "level", "2315716938e-16", "2315716937e-16", **BESIDE)
    yield differing_constant(SKEW, turn, "level", "1737288607e-16", "1737288606e-16")


def _middle_stage() -> Iterator[Pair]:
    yield _constant("constants.share is not positive", "share", "0", "1/10")
    yield _constant("constants.share is above theta", "share", "889870288e-9", "889870287e-9", **BESIDE)
    yield _constant("constants.mass is below B", "mass", "227656275659e-9", "227656275660e-9", **BESIDE)
    yield _constant("constants.stage is below tau_e", "stage", "2696661433481e-9", "2696661433482e-9", **BESIDE)
    yield _constant("constants.growth is below W", "growth", "66869209785e-6", "66869209786e-6", **BESIDE)


def _bundle() -> Iterator[Pair]:
    yield _constant("constants.radius is below R_E", "radius", "3121708337e-9", "3121708338e-9", **BESIDE)
    yield _constant("constants.drift is below", "drift", "1060660227e-9", "1060660228e-9", **BESIDE)
    yield _constant("constants.drift is below", "drift", "-10", "10")
    yield _constant("constants.path is below Lambda", "path", "74933850338e-6", "74933850339e-6", **BESIDE)
    yield _constant("constants.eta is not positive", "eta", "0", "1e-18")
    yield _constant("constants.eta is not positive, or above 1/4", "eta", "251/1000", "1e-18")
    yield _constant("too large for the ratios", "eta", "1249942267e-24", "1249942266e-24")
    yield _part("(C) is not certain at facet 1", "labels", ("16/25", "1/4", "1"), ("640001/1000000", "1/4", "1"))
    yield _part("(C) is not certain at facet 2", "labels", ("1", "1/4", "16/25"), ("1", "1/4", "640001/1000000"))
    yield _constant("too large for the barrier", "eta", "3101606933e-31", "3101606932e-31", radius="1e9", **BESIDE)
    yield _constant("constants.epsilon is not positive", "epsilon", "0", "1e-10")
    yield _constant("or too large", "epsilon", "176776696e-18", "176776695e-18")
    yield _constant("or too large", "epsilon", "1e-10", "33333333e-18", tangent="1e-10")


def _thresholds() -> Iterator[Pair]:
    """The exponent where each term of the last inequalities decides; q_0 and q_1/e are never the smallest."""
    exponent, late = "constants.exponent is too small: lambda_0", {"activation": "1e7"}
    yield _constant(exponent, "exponent", "3257223745895106e-9", "3257223745895107e-9", **late)
    yield _constant(exponent, "exponent", "3257226114274e-6", "3257226114275e-6", size="1e-15", **late)
    few = "constants.exponent is too small for neurons with a < 0"
    yield _constant(few, "exponent", "434300481903251e-9", "434300481903252e-9")
    for condition, constants in (
        (exponent, {"exponent": "3257223745895107e-9", **late}),
        (few, {"exponent": "434300481903252e-9"}),
    ):
        tight = replace(LOOSE, constants=constants)
        yield condition, replace(tight, bound="1000001/1000000"), tight
    for name, false in (("limit", _turned(("0", "751/1000"))), ("outputs", ["3/4", "3/4", "1"]), ("loss", "1/15")):
        yield _part(f"conclusion.{name}", "conclusion", {name: false}, {})


def three_points_answers() -> Iterator[str | None]:
    """For every certificate here what is wrong with the answer of `recheck`, in a sentence; None where it is right."""
    return answers_to((LOOSE, PERMUTED, SKEW), pairs())
