"""Certificates of Theorem A' (theory.md 9.3): every width and every start on three points, whatever the angles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from ...data.dataset import Dataset
from ..errors import Undecided
from ..every_start.certificate import (
    conclusion_json,
    data_json,
    facet_line,
    named,
    outputs_line,
    refuse_long_numbers,
    text,
    texts,
    threshold_text,
)
from ..every_start.cone import Cone, Facet, best_facets
from ..every_start.constants import StartBounds
from ..instance import PRECISION
from .setting import ThreePoints, three_points_of
from .stages import DataOnlyConstants, constants_of

KIND = "every start of three points to least squares"


@dataclass(frozen=True)
class DataOnlyCertificate:
    """A proof of Theorem A' for one data set; `to_json` is the file that `recheck` reads."""

    three: ThreePoints
    cone: Cone
    constants: DataOnlyConstants

    def to_json(self) -> dict[str, Any]:
        """The certificate as docs/certificates.md describes it."""
        fit = self.three.fit
        return {
            "schema": 1,
            "kind": KIND,
            "data": data_json(fit),
            "start": {"bound": str(self.three.known.start.bound)},
            "cone": {"normals": texts(self.cone.normals), "multipliers": texts(self.cone.multipliers)},
            "constants": {name: str(value) for name, value in named(self.constants)},
            "conclusion": conclusion_json(fit),
        }

    def summary(self) -> dict[str, Any]:
        """What was proved and how, in numbers."""
        fit = self.three.fit
        return {
            "condition": "C",
            "exponent": str(self.constants.exponent),
            "delta": "0",
            "bound": str(self.three.known.start.bound),
            "limit": text(fit.beta),
            "loss": str(fit.loss),
            "normals": texts(self.cone.normals),
            "constants": {name: float(value) for name, value in named(self.constants)},
        }

    def lines(self) -> list[str]:
        """What a person reads: the statement, the cone with (C) at each facet, and the constants in their order."""
        c = {name: float(value) for name, value in named(self.constants)}
        bound, scale = self.three.known.start.bound, threshold_text(self.constants.exponent)
        return [
            f"certified: for every width and every lambda <= {scale}, the flow from every dominated start with "
            f"sum a^2 <= {bound} lambda^2 ends at least squares",
            "  provided that no neuron lies on a hyperplane and that one with a > 0 is active on a point; neurons with "
            "a < 0 may start at any angle",
            outputs_line(self.three.fit),
            "cone C = {w : <w, v> >= 0 for each v below}, m(v) of condition (C) for the unit vector:",
            *(f"  {facet_line(facet)}" for facet in self.cone.facets),
            f"alignment: zeta = {self.constants.zeta}, s = {c['size']:.6g}, T_a = {c['activation']:.6g}; "
            f"tan(alpha/2) = {c['tangent']:.6g}",
            f"neurons with a < 0: N = sum of their a^2 <= nu = {c['few']:.6g} for ever, so that the loss is that of "
            f"the others up to g = {c['gap']:.6g}",
            f"energy: mu = {c['mu']:.6g}, M = {c['largest']:.6g}, R_E = {c['radius']:.6g}, ||D|| <= {c['drift']:.6g}",
            f"growth: c_C = {c['slope']:.6g}, q_0 = {c['q0']:.6g}, q_1 = {c['q1']:.6g}, Lambda = {c['path']:.6g}",
            f"middle stage: to L - L(beta*) = Delta_e = {c['level']:.6g} within tau_e = {c['stage']:.6g}; N grows by "
            f"at most e^(2 W), W = {c['growth']:.6g}",
            f"tightness: eta_2 = {c['eta']:.6g}, epsilon = {c['epsilon']:.6g}",
            f"lambda_0 = {scale}",
        ]


def certify_three_points(data: Dataset, bound: Fraction = Fraction(1)) -> DataOnlyCertificate:
    """A certificate of Theorem A' (theory.md 9.3) for `data`: square loss, ReLU, three points in the plane.

    `bound` is C_0: the starts have sum a_j^2 <= C_0 lambda^2. The neurons with a < 0 may start at any angle. Of the
    cones that are tried and satisfy condition (C), the one with the largest lambda_0 is taken. Raises Undecided, one
    sentence saying which hypothesis does not hold or is not shown.
    """
    with flint.ctx.workprec(PRECISION):
        three = three_points_of(data, StartBounds(bound=bound))
        facets = best_facets(three.admissible, lambda tried: _exponent(three, tried))
        found = DataOnlyCertificate(three, three.hull.cone(facets), constants_of(three, facets))
    refuse_long_numbers(three.fit, found.cone.multipliers)
    return found


def _exponent(three: ThreePoints, facets: Sequence[Facet]) -> float:
    """log10(1/lambda_0) for the cone with these facets; infinite where its constants are not found."""
    try:
        return float(constants_of(three, facets).exponent)
    except Undecided:
        return float("inf")
