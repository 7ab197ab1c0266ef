"""Theory.md 6.3-6.4: the least norm of an interpolating ReLU network.

Theorem. Let <x_k, x_l> = 0 for k != l and y_k != 0. Among ReLU networks of any width that interpolate, the least
||theta||^2/2 = sum_j |a_j| ||w_j|| is

    N_min = ||S_+|| + ||S_-||,  S_+ (S_-) the sum of y_k x_k/||x_k||^2 over y_k > 0 (y_k < 0),

attained by two neurons. The dual certificate is nu_k = y_k/(||S|| ||x_k||^2), with S that of the sign of y_k.

Source: Boursier, Pillaud-Vivien and Flammarion, NeurIPS 2022; Pilanci and Ergen, ICML 2020 (restated).
Proved in SymPy for every dimension and number of points. On data of any other kind the convex program of theory.md
6.4 gives a bracket for each data set; brackets, networks and the checker of certificates are tested, nothing is
claimed with a leak.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import sympy

from ....numerics.data.dataset import Dataset
from ....numerics.interpolation.certificate import Certificate as NormCertificate
from ....numerics.interpolation.certificate import CertificateRejected
from ....numerics.interpolation.certificate import check as check_certificate
from ....numerics.interpolation.least import LeastNorm, least_norm
from ....numerics.interpolation.program import ConvexSolverMissing
from ....numerics.oracles.exact import Vector, inner
from ....theory.bias import minimum_norm
from ....theory.bias.minimum_norm import dual, input_squared, label, least, size, size_minus, size_plus
from ....theory.formal.balls import sign_at
from ....theory.formal.derivation import Goal, equal
from ....theory.formal.printing import to_numpy
from ...cases import network_examples
from ...cases.strategies import dyadic, points
from ...claim.draws import assume, composite, st
from ...claim.evidence import Certificate, Margin, Run, Unavailable, certified, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...known.false_brackets import answers
from ...measure.trajectories import worst

STATEMENT = Relations(minimum_norm.STATEMENT)
DERIVATIONS = (minimum_norm.derivation,)

CLAIM = Claim(
    id="bias.minimum-norm",
    title="On orthogonal data the least norm of an interpolating ReLU network is ||S_+|| + ||S_-||, by two neurons",
    kind="equality",
    statement=STATEMENT,
    hypotheses=(
        "<x_k, x_l> = 0 for k != l, y_k != 0; ReLU",
        "N_min: the least ||theta||^2/2 = sum_j |a_j| ||w_j|| of networks of any width that interpolate",
        "S_+ (S_-): the sum of y_k x_k/||x_k||^2 over y_k > 0 (< 0), the vector 0 if there are none",
        "||S||: that of S_+ for y_k > 0, of S_- for y_k < 0; |sum_k nu_k s(<w, x_k>)| <= ||w|| for all w",
    ),
    scope="every dimension and number of orthogonal points. On data of any other kind the convex program of 6.4 gives "
    "a proved bracket for each data set (numerics/interpolation), not a formula; nothing is claimed with a leak",
    source=Source(
        "Boursier, Pillaud-Vivien & Flammarion, NeurIPS 2022; Pilanci & Ergen, ICML 2020",
        "implicit bias on orthogonal data; convex program over activation patterns",
        "6.3-6.4",
        restated=True,
    ),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "||S_+ + S_-||",
            STATEMENT.altered(least=equal(least, sympy.sqrt(size_plus**2 + size_minus**2))),
            "x = (1, 0), (0, 1), y = (1, -1): any network with these outputs has sum over a_j > 0 of a_j ||w_j|| >= 1, "
            "for s(<w, x_1>) <= ||w||, and sum over a_j < 0 >= 1 likewise; not sqrt(2), which is what the program "
            "without the cones of its cells gives",
        ),
        Mutant(
            "a dual certificate that is not divided by ||S||",
            STATEMENT.altered(dual=equal(dual, label / input_squared)),
            "x = 1, y = 2: nu = 2, and 2 s(w) > |w| at w = 1",
        ),
    ),
    depends_on=("flow.equations",),
    names={
        "N_min": "the least ||theta||^2/2 of a network that interpolates",
        "||S+||": "the norm of S_+",
        "||S-||": "the norm of S_-",
        "||S||": "that of S_+ for y > 0 and of S_- for y < 0",
        "nu": "the weight of a point in the dual certificate",
    },
    examples=network_examples.one_point,
)


@symbolic(timeout=120.0)
def the_network_interpolates_and_the_certificate_bounds_all_others(statement: Relations) -> Iterable[Goal]:
    """The network of S_+ and -S_-, weak duality, Bessel and Cauchy-Schwarz, for symbolic numbers of points."""
    return minimum_norm.goals(statement.relations)


Pair = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Orthogonal:
    """Orthogonal rational points with labels that are not 0."""

    data: Dataset

    @property
    def sums(self) -> tuple[Vector, Vector]:
        """S_+ and S_-."""
        return self._sum(1), self._sum(-1)

    @property
    def squared_sizes(self) -> Pair:
        """||S_+||^2 and ||S_-||^2."""
        plus, minus = self.sums
        return inner(plus, plus), inner(minus, minus)

    def _sum(self, sign: int) -> Vector:
        chosen = [(x, y) for x, y in zip(self.data.inputs, self.data.labels, strict=True) if sign * y > 0]
        return tuple(sum((y * x[i] / inner(x, x) for x, y in chosen), Fraction(0)) for i in range(self.data.d))

    def stated_least(self, statement: Relations) -> sympy.Expr:
        """The stated least norm, an exact expression."""
        plus, minus = (sympy.sqrt(sympy.Rational(s.numerator, s.denominator)) for s in self.squared_sizes)
        return statement["least"].args[1].subs({size_plus: plus, size_minus: minus}, simultaneous=True)


@composite
def orthogonal_data(draw: st.DrawFn) -> Orthogonal:
    """Columns of a product of two rational reflections, each times a rational: up to 5 points in up to 5 dimensions."""
    d = draw(st.integers(1, 5))
    n = draw(st.integers(1, d))
    frame = [tuple(Fraction(int(i == j)) for j in range(d)) for i in range(d)]
    for _ in range(2):
        mirror = draw(points(d, size=3, denominator=1))
        frame = [_reflected(vector, mirror) for vector in frame]
    scales = draw(st.lists(st.sampled_from((Fraction(1, 2), Fraction(1), Fraction(3))), min_size=n, max_size=n))
    labels = draw(st.lists(dyadic(-4, 4).filter(bool), min_size=n, max_size=n))
    inputs = [tuple(scale * value for value in vector) for scale, vector in zip(scales, frame, strict=False)]
    return Orthogonal(Dataset(tuple(inputs), tuple(labels)))


def _reflected(vector: Vector, mirror: Vector) -> Vector:
    """The vector mirrored in the hyperplane orthogonal to `mirror`; vectors that are orthogonal remain so."""
    factor = 2 * inner(vector, mirror) / inner(mirror, mirror)
    return tuple(value - factor * part for value, part in zip(vector, mirror, strict=True))


def _bracket(data: Dataset) -> LeastNorm:
    try:
        return least_norm(data)
    except ConvexSolverMissing as missing:
        raise Unavailable(str(missing)) from missing


NARROW = 1e-6
"""Relative width above which a bracket is no evidence: mutants differ by more on nearly all cases."""


@property_check(orthogonal_data, quick=12, full=250)
def the_convex_program_agrees(statement: Relations, case: Orthogonal) -> Margin:
    """The stated least norm lies in the bracket that the program over all activation patterns proves."""
    found = _bracket(case.data)
    assume(found.upper - found.lower <= NARROW * found.upper)
    stated = case.stated_least(statement)
    value = float(stated)
    outside = 0.0 if _within(stated, found) else max(found.lower - value, value - found.upper, np.finfo(float).tiny)
    where = {"bracket": (found.lower, found.upper), "stated": value}
    return Margin(outside, 0.0, "the bracket is proved, and the stated number compared by exact arithmetic", where)


@property_check(orthogonal_data, covers="lemma", quick=3, full=40)
def altered_certificates_are_rejected(statement: Relations, case: Orthogonal) -> Margin:
    """The bracket's certificate passes; without a cell, or with an output weight off by 2^-40, not."""
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


@property_check(orthogonal_data, quick=25, full=500)
def two_neurons_attain_it(statement: Relations, case: Orthogonal) -> Margin:
    """The balanced neurons S_+/sqrt||S_+|| and -S_-/sqrt||S_-|| have the labels as outputs and the stated norm."""
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


@property_check(lambda: st.tuples(orthogonal_data(), st.integers(0, 2**32 - 1)), quick=25, full=500)
def the_certificate_is_below_the_norm(statement: Relations, drawn: tuple[Orthogonal, int]) -> Margin:
    """With the stated nu, |sum_k nu_k s(<w, x_k>)| <= ||w|| at S_+, -S_- and 20 random w; sum nu_k y_k as stated."""
    case, seed = drawn
    X, y = case.data.X, case.data.y
    sizes = np.array([math.sqrt(square) for square in case.squared_sizes])
    own = np.where(y > 0, sizes[0], sizes[1])
    nu = to_numpy(statement["dual"].args[1], label, input_squared, size)(y, np.sum(X**2, axis=1), own)
    plus, minus = (np.array(S, dtype=float) for S in case.sums)
    w = np.vstack([plus, -minus, np.random.default_rng(seed).standard_normal((20, case.data.d))])
    terms = nu * np.maximum(w @ X.T, 0.0)
    excess = np.abs(terms.sum(axis=1)) - np.linalg.norm(w, axis=1)
    # Each term has a sum of d products in it, at most ||w|| ||x_k||, and a few roundings more.
    roundings = (case.data.n + case.data.d + 10) * float(np.finfo(float).eps)
    scale = np.linalg.norm(w, axis=1) * (1 + np.abs(nu) @ np.linalg.norm(X, axis=1))
    place = int(np.argmax(excess - roundings * scale))
    value, reached = float(case.stated_least(statement)), float(nu @ y)
    return worst(
        Margin(max(0.0, float(excess[place])), float(roundings * scale[place]), "roundings", {"w": w[place]}),
        Margin(abs(value - reached), roundings * float(np.abs(nu) @ np.abs(y)) + roundings * value, "roundings"),
    )


@certified(covers="instance")
def the_bracket_of_the_published_toy_contains_it(statement: Relations, run: Run) -> Certificate:
    """Published orthogonal data, x = (-1/2, 2) with bias, y = (-1, 1): 1/sqrt(5) + 2/sqrt(5) by exact arithmetic."""
    case = Orthogonal(Dataset.published("orthogonal-toy"))
    found = _bracket(case.data)
    stated = case.stated_least(statement)
    where = {"stated": str(stated), "bracket": (found.lower, found.upper)}
    if _within(stated, found):
        return Certificate(1, f"{stated} lies in [{found.lower}, {found.upper}]")
    return Certificate(1, "the stated least norm lies outside the bracket", counterexample=where)


@certified(covers="lemma")
def the_check_of_brackets_decides_each_condition(statement: Relations, run: Run) -> Certificate:
    """Brackets known by hand, and certificates that prove nothing, each of them for one reason."""
    found = [*answers()]
    wrong = next((sentence for sentence in found if sentence is not None), None)
    return Certificate(len(found), "each is answered as it must be", None if wrong is None else {"answer": wrong})
