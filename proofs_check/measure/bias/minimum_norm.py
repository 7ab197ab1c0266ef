"""What the evidence of `bias.minimum-norm` measures (theory.md 6.3-6.4)."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import sympy

from ....numerics.data.dataset import Dataset
from ....numerics.interpolation.certificate import CertificateRejected, NormCertificate
from ....numerics.interpolation.certificate import check as check_certificate
from ....numerics.interpolation.least import LeastNorm, least_norm
from ....numerics.interpolation.program import ConvexSolverMissing
from ....numerics.oracles.rational import inner
from ....theory.bias.minimum_norm import input_norm, label, size, weight
from ....theory.formal.balls import sign_at
from ....theory.formal.printing import to_numpy
from ...cases.bias.minimum_norm import Orthogonal
from ...claim.draws import assume
from ...claim.evidence import Certificate, Margin, Run, Unavailable
from ...claim.statement import Relations
from ..trajectories import worst


def _bracket(data: Dataset) -> LeastNorm:
    try:
        return least_norm(data)
    except ConvexSolverMissing as missing:
        raise Unavailable(str(missing)) from missing


NARROW = 1e-6
"""Relative width above which a bracket is no evidence: mutants differ by more on nearly all cases."""


def convex_program(statement: Relations, case: Orthogonal) -> Margin:
    """The bracket of the convex program beside the formula."""
    found = _bracket(case.data)
    assume(found.upper - found.lower <= NARROW * found.upper)
    stated = case.stated_least(statement)
    value = float(stated)
    outside = 0.0 if _within(stated, found) else max(found.lower - value, value - found.upper, np.finfo(float).tiny)
    where = {"bracket": (found.lower, found.upper), "stated": value}
    return Margin(outside, 0.0, "the bracket is proved, and the stated number compared by exact arithmetic", where)


def rejected_when_altered(statement: Relations, case: Orthogonal) -> Margin:
    """Which altered certificates the check accepts."""
    certificate = _bracket(case.data).certificate
    *others, last = certificate.a
    altered = (
        replace(certificate, cells=certificate.cells[1:]),
        replace(certificate, a=(*others, last * (1 + Fraction(1, 2**40)))),
    )
    accepted = [_accepted(each, case.data) for each in (certificate, *altered)]
    return Margin(float(accepted != [True, False, False]), 0.0, "the first is accepted alone", {"accepted": accepted})


def _accepted(certificate: NormCertificate, data: Dataset) -> bool:
    try:
        check_certificate(certificate, data.inputs, data.labels, Fraction(0))
    except CertificateRejected:
        return False
    return True


def _within(stated: sympy.Expr, found: LeastNorm) -> bool:
    """Whether lower <= stated <= upper, certainly."""
    below, above = (stated - sympy.Rational(Fraction(found.lower)), sympy.Rational(Fraction(found.upper)) - stated)
    return all(bool(gap >= 0) if gap.is_Rational else sign_at(gap, {}) == 1 for gap in (below, above))


def two_neurons(statement: Relations, case: Orthogonal) -> Margin:
    """A network of two neurons: its outputs and its norm."""
    plus, minus = case.sums
    wrong = 0
    for x, y in zip(case.data.inputs, case.data.labels, strict=True):
        wrong += max(inner(plus, x), Fraction(0)) - max(-inner(minus, x), Fraction(0)) != y
    sizes = [math.sqrt(square) for square in case.squared_sizes]
    w = np.array([np.array(S, dtype=float) / math.sqrt(s) for S, s in zip((plus, minus), sizes, strict=True) if s])
    norm = float(np.sum(w**2))  # ||theta||^2/2 with |a| = ||w||
    stated = float(case.stated_least(statement))
    allowed = (case.data.d + 10) * float(np.finfo(float).eps) * norm
    return worst(
        Margin(float(wrong), 0.0, "outputs in exact rationals"),
        Margin(abs(stated - norm), allowed, "a rounding for each term and a few for each root", {"stated": stated}),
    )


def dual_certificate(statement: Relations, drawn: tuple[Orthogonal, int]) -> Margin:
    """|sum nu_k sigma(<w, x_k>)| over many directions, beside the stated ||w||."""
    case, seed = drawn
    X, y = case.data.X, case.data.y
    sizes = np.array([math.sqrt(square) for square in case.squared_sizes])
    own = np.where(y > 0, sizes[0], sizes[1])
    nu = to_numpy(statement["dual"].args[1], label, input_norm, size)(y, np.linalg.norm(X, axis=1), own)
    plus, minus = (np.array(S, dtype=float) for S in case.sums)
    w = np.vstack([plus, -minus, np.random.default_rng(seed).standard_normal((20, case.data.d))])
    terms = nu * np.maximum(w @ X.T, 0.0)
    bound = to_numpy(statement["bound"].args[1], weight)(np.linalg.norm(w, axis=1))
    excess = np.abs(terms.sum(axis=1)) - bound
    # Each term has a sum of d products in it, at most ||w|| ||x_k||, and a few roundings more.
    roundings = (case.data.n + case.data.d + 10) * float(np.finfo(float).eps)
    scale = np.linalg.norm(w, axis=1) * (1 + np.abs(nu) @ np.linalg.norm(X, axis=1))
    place = int(np.argmax(excess - roundings * scale))
    value, reached = float(case.stated_least(statement)), float(nu @ y)
    return worst(
        Margin(max(0.0, float(excess[place])), float(roundings * scale[place]), "roundings", {"w": w[place]}),
        Margin(abs(value - reached), roundings * float(np.abs(nu) @ np.abs(y)) + roundings * value, "roundings"),
    )


def published_bracket(statement: Relations, run: Run) -> Certificate:
    """The bracket of the orthogonal toy beside the formula."""
    case = Orthogonal(Dataset.published("orthogonal-toy"))
    found = _bracket(case.data)
    stated = case.stated_least(statement)
    where = {"stated": str(stated), "bracket": (found.lower, found.upper)}
    if _within(stated, found):
        return Certificate(1, f"{stated} lies in [{found.lower}, {found.upper}]")
    return Certificate(1, "the stated least norm lies outside the bracket", counterexample=where)
