"""Certificates for every width and every start: Theorem A of theory.md 9.1 with all its constants.

The data are rational. Every constant is a rational number on the safe side of its formula, so that a checker needs one
inequality for each; docs/certificates.md lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

import flint

from ...data.dataset import Dataset
from ..errors import Undecided
from ..instance import PRECISION
from .cone import Cone, Facet, LinearFit, Vector, admissible_facets, best_facets, hull_of, linear_fit_of
from .constants import Constants, RoughExponent, StartBounds, constants_of, data_constants

KIND = "every start to least squares"
LONGEST_NUMBER = 400
"""Digits of a numerator or denominator that a certificate holds at most."""


@dataclass(frozen=True)
class EveryStartCertificate:
    """A proof of Theorem A for one data set; `to_json` is the file that `recheck` reads.

    `cells` is the number of cells gone through, or None where bounds for all sets of points were used.
    """

    fit: LinearFit
    start: StartBounds
    cone: Cone
    cells: int | None
    constants: Constants

    def to_json(self) -> dict[str, Any]:
        """The certificate as docs/certificates.md describes it."""
        return {
            "schema": 1,
            "kind": KIND,
            "data": data_json(self.fit),
            "start": {"bound": str(self.start.bound), "delta": str(self.start.delta)},
            "cone": {"normals": texts(self.cone.normals), "multipliers": texts(self.cone.multipliers)},
            "constants": {name: str(value) for name, value in named(self.constants)},
            "conclusion": conclusion_json(self.fit),
        }

    def summary(self) -> dict[str, Any]:
        """What was proved and how, in numbers."""
        return {
            "condition": "C",
            "exponent": str(self.constants.exponent),
            "delta": str(self.start.delta),
            "bound": str(self.start.bound),
            "limit": text(self.fit.beta),
            "loss": str(self.fit.loss),
            "facets": [_facet_json(facet) for facet in self.cone.facets],
            "cells": self.cells,
            "constants": {name: float(value) for name, value in named(self.constants)},
        }

    def lines(self) -> list[str]:
        """What a person reads: the statement, the cone with (C) at each facet, and the constants in their order."""
        return [
            *theorem_lines("certified by condition (C)", self.fit, self.start, self.constants.exponent),
            "cone C = {w : <w, v> >= 0 for each v below}, m(v) of condition (C) for the unit vector:",
            *(f"  {facet_line(facet)}" for facet in self.cone.facets),
            *self._constant_lines(),
        ]

    def _constant_lines(self) -> list[str]:
        c = {name: float(value) for name, value in named(self.constants)}
        return [
            f"{alignment_line(self.constants, self.cells)}; tan(alpha/2) = {c['tangent']:.6g}",
            f"energy: mu = {c['mu']:.6g}, M = {c['largest']:.6g}, R_E = {c['radius']:.6g}, ||D|| <= {c['drift']:.6g}",
            f"growth: c_C = {c['slope']:.6g}, q_0 = {c['q0']:.6g}, q_1 = {c['q1']:.6g}, Lambda = {c['path']:.6g}",
            f"tightness: eta_2 = {c['eta']:.6g}, epsilon = {c['epsilon']:.6g}",
            f"lambda_0 = {threshold_text(self.constants.exponent)}",
        ]


def alignment_line(constants: Any, cells: int | None) -> str:
    """The constants of phase 1, of a certificate by condition (C) or by condition (P)."""
    activation, death = float(constants.activation), float(constants.death)
    known = "all sets of points" if cells is None else f"{cells} cells"
    return (
        f"alignment: zeta = {constants.zeta}, s = {float(constants.size):.6g}, T_a = {activation:.6g}; "
        f"xi = {constants.xi}, 2 xi min r_A min(delta, u_in) = {float(constants.turning):.6g}, "
        f"T_d = {death:.6g}; by {known}"
    )


def threshold_text(exponent: Fraction) -> str:
    """lambda_0 = 10^-exponent; the exponent has three decimals."""
    return f"10^{-float(exponent):.3f}"


def theorem_lines(certified: str, fit: LinearFit, start: StartBounds, exponent: Fraction) -> list[str]:
    """What is proved, with its hypotheses and the limit; `certified` says by what."""
    return [
        f"{certified}: for every width and every lambda <= {threshold_text(exponent)}, the flow from "
        f"every dominated start with sum a^2 <= {start.bound} lambda^2 ends at least squares",
        "  provided that no neuron lies on a hyperplane, that one with a > 0 is active on a point, and that "
        f"tan(theta/2) >= {start.delta} for every neuron with a < 0 that is active on a point",
        outputs_line(fit),
    ]


def outputs_line(fit: LinearFit) -> str:
    """The least-squares solution, its outputs and its loss."""
    outputs = ", ".join(f"{float(value):.6g}" for value in fit.outputs)
    return f"beta* = ({', '.join(text(fit.beta))}), outputs {outputs}, loss {fit.loss} = {float(fit.loss):.6g}"


def _facet_json(facet: Facet) -> dict[str, Any]:
    normal = [str(entry) for entry in facet.normal]
    return {"normal": normal, "point": facet.point + 1, "share": str(facet.share), "margin": facet.rough_push(0.0, 0.0)}


def facet_line(facet: Facet) -> str:
    """A facet of the cone: its normal, how it was chosen, and m(v)."""
    origin = f"point {facet.point + 1}"
    if facet.share:
        origin += f", moved towards b by s = {facet.share}"
    normal = ", ".join(map(str, facet.normal))
    return f"v = ({normal}), from {origin}: m(v) = {facet.rough_push(0.0, 0.0):.6g} > 0"


def text(row: Iterable[Any]) -> list[str]:
    """The numbers of a row as texts."""
    return [str(value) for value in row]


def texts(rows: Iterable[Iterable[Any]]) -> list[list[str]]:
    """The numbers of several rows as texts."""
    return [text(row) for row in rows]


def named(constants: Any) -> list[tuple[str, Fraction]]:
    """The constants of a certificate, the fields of a dataclass, with their names and in order."""
    return [(field.name, getattr(constants, field.name)) for field in fields(constants)]


def data_json(fit: LinearFit) -> dict[str, Any]:
    """The `data` of a certificate for every start."""
    return {"inputs": texts(fit.data.inputs), "labels": text(fit.data.labels)}


def conclusion_json(fit: LinearFit) -> dict[str, Any]:
    """The `conclusion` of a certificate for every start."""
    return {"limit": text(fit.beta), "outputs": text(fit.outputs), "loss": str(fit.loss)}


def certify_every_start(data: Dataset, start: StartBounds | None = None) -> EveryStartCertificate:
    """A certificate of Theorem A (theory.md 9.1) for `data`: square loss, ReLU, every width, any dimension.

    `start` holds delta and C_0, 1/10 and 1 unless given. Of the cones that are tried and satisfy condition (C), the
    one with the largest lambda_0 is taken. Raises Undecided, one sentence saying what does not hold.
    """
    with flint.ctx.workprec(PRECISION):
        fit = linear_fit_of(data)
        hull = hull_of(fit)
        admissible = admissible_facets(hull)
        known = data_constants(fit, start or StartBounds())
        facets = best_facets(admissible, RoughExponent(known))
        found = EveryStartCertificate(fit, known.start, hull.cone(facets), known.cells, constants_of(known, facets))
    refuse_long_numbers(fit, found.cone.multipliers)
    return found


def refuse_long_numbers(fit: LinearFit, others: Sequence[Vector]) -> None:
    """Undecided where a number of the data, of the limit or of the `others` is too long for a certificate."""
    rows = (*fit.data.inputs, fit.data.labels, *others, fit.beta, fit.outputs)
    whole = [abs(part) for row in rows for value in row for part in (value.numerator, value.denominator)]
    if max(*whole, fit.loss.denominator) >= 10**LONGEST_NUMBER:
        raise Undecided(f"the certificate would hold numbers of more than {LONGEST_NUMBER} digits; round the data")
