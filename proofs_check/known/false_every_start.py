"""False certificates for every start, as `false_certificates.py` has them for one start: what `recheck` must reject.

They are written by hand for the points x = (-c, 1), (c, 1) with labels (p, q), turned by a rational angle. Nothing here
comes from the prover. The cone is the closure of K. All constants of `LOOSE` are far on the safe side, so that it stays
true when one of them is replaced by its formula. With c = 3/4, p = q = 1, these are rational: s = 2/5, T_a = 384/35,
min r_A min(1/10, u_in(A)) = 1/16, tan(alpha/2) = 1/2, the eigenvalues 9/16 and 1 of H, and c_C = 3/5; m(v) vanishes at
the facet of the second point for q = 7/25.
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
    "xi": "1/2",
    "size": "1/100",
    "activation": "1000",
    "death": "1000",
    "turning": "1/1000",
    "tangent": "1/100",
    "mu": "1/10",
    "largest": "2",
    "radius": "100",
    "drift": "10",
    "slope": "1/10",
    "q0": "1/100",
    "q1": "1e-5",
    "path": "1e7",
    "eta": "1e-18",
    "epsilon": "1e-10",
    "exponent": "500",
}


@dataclass(frozen=True)
class EveryStartParts:
    """What a certificate is made of; `normals` None for the points themselves, `conclusion` None for the true one."""

    c: str = "3/4"
    p: str = "1"
    q: str = "1"
    delta: str = "1/10"
    bound: str = "1"
    normals: tuple[tuple[Any, Any], ...] | None = None
    multipliers: tuple[tuple[Any, ...], ...] = ((1, 0), (0, 1))
    constants: dict[str, str] = field(default_factory=dict)
    conclusion: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The certificate as `recheck` reads it."""
        return json.dumps(self.tree())

    def tree(self) -> dict[str, Any]:
        """The certificate as docs/certificates.md describes it."""
        c, p, q = (Fraction(value) for value in (self.c, self.p, self.q))
        points = ((-c, Fraction(1)), (c, Fraction(1)))
        limit = _turned(((q - p) / (2 * c), (p + q) / 2)) if c else _turned((0, 0))
        constants = {name: str(Fraction(value)) for name, value in {**CONSTANTS, **self.constants}.items()}
        return {
            "schema": 1,
            "kind": "every start to least squares",
            "data": {"inputs": [_turned(x) for x in points], "labels": [str(p), str(q)]},
            "start": {"bound": self.bound, "delta": self.delta},
            "cone": {
                "normals": [_turned(v) for v in self.normals or points],
                "multipliers": [[str(entry) for entry in row] for row in self.multipliers],
            },
            "constants": constants,
            "conclusion": {"limit": limit, "outputs": [str(p), str(q)], "loss": "0", **self.conclusion},
        }


def _turned(v: tuple[Any, Any]) -> list[str]:
    """The vector turned by the angle with cosine 4/5 and sine 3/5."""
    u, w = map(Fraction, v)
    return [str((4 * u - 3 * w) / 5), str((3 * u + 4 * w) / 5)]


LOOSE = EveryStartParts()
Pair = tuple[str, EveryStartParts, EveryStartParts]
"""A part of the sentence, a certificate to be rejected with it, and one that is not rejected with it."""


_constant = partial(differing_constant, LOOSE)
_part = partial(differing, LOOSE)


def pairs() -> Iterator[Pair]:
    """Every condition of the checker, in its own order; a condition with several parts has a pair for each."""
    yield from _hypotheses()
    yield from _cones()
    yield from _phase_one()
    yield from _phase_two()
    yield from _thresholds()


def _hypotheses() -> Iterator[Pair]:
    yield _part("a label is not positive", "q", "0", "1/100")
    yield _part("inner product that is not positive", "c", "1", "999999/1000000")
    yield _part("do not span the space", "c", "0", "1/100")
    for value in ("0", "1", "-1/10"):
        yield _part("start.delta is not between 0 and 1", "delta", value, "1/10")
    for value in ("0", "-1"):
        yield _part("start.bound is not positive", "bound", value, "1")


def _cones() -> Iterator[Pair]:
    left, right, middle = ("-3/4", "1"), ("3/4", "1"), ("0", "2")
    yield _part("b is not in the interior", "normals", (left, ("1", "0")), (left, right))
    combined = "not the stated combination"
    yield _part(combined, "multipliers", ((1, 0), (0, "999/1000")), ((1, 0), (0, 1)))
    three = replace(LOOSE, normals=(left, right, middle))
    rows: tuple[Any, ...] = (((0, -1, 1), (0, 1, 0)), ((1, 0, 0), (0, 1, 0)))
    negative, proper = (replace(three, multipliers=row) for row in rows)
    yield f"point 1 is {combined}", negative, proper
    yield _part("are not as many as the normals", "multipliers", ((1, 0), (0, 1, 0)), ((1, 0), (0, 1)))


def _phase_one() -> Iterator[Pair]:
    for name in ("zeta", "xi"):
        for value in ("0", "1"):
            yield _constant(f"constants.{name} is not between 0 and 1", name, value, "1/2")
    yield _constant("constants.size", "size", "400000001e-9", "2/5")
    yield _constant("constants.size", "size", "200000001e-9", "1/5", zeta="3/4")
    yield _constant("constants.size is not positive", "size", "0", "1/100")
    yield _constant("constants.activation is negative", "activation", "-1000", "1000")
    yield _constant("constants.activation is below T_a", "activation", "10971428571e-9", "384/35")
    yield _constant("constants.activation is below T_a", "activation", "7314285714e-9", "256/35", zeta="3/4")
    yield _constant("constants.turning is not positive", "turning", "0", "1/1000")
    yield _constant("constants.death is below T_d", "death", "7218224000e-9", "7218224001e-9")
    yield _constant("constants.death is below T_d", "death", "6164014719e-9", "6164014720e-9", xi="1/4")
    yield _constant("constants.turning is above", "turning", "62500001e-9", "62499999e-9")
    yield _constant("constants.turning is above", "turning", "31250001e-9", "31249999e-9", xi="1/4")
    yield _constant("constants.tangent is not between 0 and 1", "tangent", "0", "1/100")
    yield _constant("constants.tangent is not between 0 and 1", "tangent", "100", "1/2")
    yield _constant("constants.tangent is above", "tangent", "500000001e-9", "1/2")


def _phase_two() -> Iterator[Pair]:
    yield _constant("constants.mu is not positive", "mu", "0", "1/10")
    yield _constant("constants.mu is not below", "mu", "9/16", "562499999e-9")
    yield _constant("constants.mu is not below", "mu", "3", "562499999e-9")  # above both eigenvalues
    yield _constant("constants.largest is not above", "largest", "1", "1000000001e-9")
    yield _constant("constants.largest is not above", "largest", "1/2", "1000000001e-9")  # below both
    yield _constant("constants.radius is below R_E", "radius", "4162277660e-9", "4162277661e-9")
    yield _constant("constants.drift is below", "drift", "1414213562e-9", "1414213563e-9")
    yield _constant("constants.drift is below", "drift", "-10", "10")
    yield _constant("constants.slope is not positive", "slope", "0", "1/10")
    yield _constant("constants.slope is above c_C", "slope", "600000001e-9", "3/5")
    yield _constant("constants.q0", "q0", "25000001e-9", "1/40")
    yield _constant("constants.q0 is not positive", "q0", "0", "1/40")
    yield _constant("constants.q1", "q1", "649519053e-12", "649519052e-12")
    yield _constant("constants.q1 is not positive", "q1", "-1e-5", "1e-5")
    yield _constant("constants.path is below Lambda", "path", "316227766016e-6", "316227766017e-6")
    yield _constant("constants.path is below Lambda", "path", "-1e7", "1e7")
    yield _constant("constants.eta is not positive", "eta", "0", "1e-18")
    yield _constant("constants.eta is not positive, or above 1/4", "eta", "251/1000", "1e-18")
    yield _constant("too large for the ratios", "eta", "1249942267e-24", "1249942266e-24")
    yield _part("condition (C) is not certain at facet 2", "q", "7/25", "280001e-6")
    yield _part("condition (C) is not certain at facet 1", "p", "7/25", "280001e-6")
    wide = {"radius": "100000", "q1": "649e-6", "path": "5000"}
    yield _constant("too large for the barrier", "eta", "1329916170e-21", "1329916169e-21", **wide)
    yield _constant("constants.epsilon is not positive", "epsilon", "0", "1e-10")
    yield _constant("or too large", "epsilon", "176776696e-18", "176776695e-18")
    yield _constant("or too large", "epsilon", "1e-10", "33333333e-18", tangent="1e-10")


def _thresholds() -> Iterator[Pair]:
    """The exponent where each term of the last inequality decides; q_0 and q_1/e are never the smallest."""
    exponent = "constants.exponent is too small"
    yield _constant(exponent, "exponent", "449391391916e-9", "449391391917e-9")
    yield _constant(exponent, "exponent", "451794481903e-9", "451794481904e-9", size="1e-15")
    yield _constant(exponent, "exponent", "450541906914e-9", "450541906915e-9", turning="1e-12")
    yield _constant(exponent, "exponent", "883685873819e-9", "883685873820e-9", death="2000")
    yield _constant(exponent, "exponent", "883685873819e-9", "883685873820e-9", activation="2000")
    tight = replace(LOOSE, constants={"exponent": "449391391917e-9"})
    yield exponent, replace(tight, bound="1000001/1000000"), tight
    yield from _conclusions()


def _conclusions() -> Iterator[Pair]:
    for name, false in (("limit", _turned(("0", "999/1000"))), ("outputs", ["1", "999/1000"]), ("loss", "1/1000")):
        yield _part(f"conclusion.{name}", "conclusion", {name: false}, {})


def every_start_answers() -> Iterator[str | None]:
    """For every certificate here what is wrong with the answer of `recheck`, in a sentence; None where it is right."""
    return answers_to((LOOSE,), pairs())
