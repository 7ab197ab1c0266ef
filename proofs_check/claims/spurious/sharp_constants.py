"""Theory.md 5.1: the largest eta for which each inequality on three points holds.

Theorem. Each of the 31 inequalities of `spurious.geometry` holds for all data in T(eta) if and only if eta is below
(or at most) its own constant, an algebraic number; two hold for every eta > 0. The smallest constant is 1/3, that of
r_1 > 0 and r_3 > 0: together they hold for eta < 1/3, twice the published 1/6. T(eta) is as published, with its open
and closed ends, for every eta > 0.

Source: Boursier and Flammarion, JMLR 2025, Assumption 3 (the constants are new).
Certified from both sides. Up to the constant: signs of polynomials by Bernstein coefficients and identities. Beyond
it: exact data in T(eta), within 1e-12 of the constant, at which the inequality fails. The procedure that decides
signs is tested on polynomials with signs known by hand, and on false proofs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sympy import Rational

from ....theory.positivity.algebraic import Root
from ....theory.spurious.sharp import CONSTANTS, Claimed
from ...claim.evidence import Certificate, Run, certified
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...known.answers import each_as_known
from ...known.signs import answers
from ...sharp.constant_certificate import every_inequality, failure_beyond, proof_on_the_box
from ...sharp.constants import JUST_ABOVE, fails_beyond, holds_up_to, sharp_constants
from ...sharp.latex import constants_in_latex

SHARPEN = sharp_constants
"""What `proofs-check sharpen` shows of this claim."""
STATEMENT = Predicate(
    "the largest eta of each inequality on T(eta)",
    r"\text{on all of } T(\eta):\quad $constants",
    {"constants": CONSTANTS},
    words={"constants": constants_in_latex},
)


def with_constants(changes: Mapping[str, Claimed]) -> Predicate:
    """The statement with other constants of some inequalities."""
    return STATEMENT.altered(constants={**CONSTANTS, **changes})


def enlarged(claimed: Claimed, by: Rational = JUST_ABOVE) -> Claimed:
    """The constant made larger, to a rational."""
    if claimed.largest is None:
        return claimed
    return replace(claimed, largest=Root.rational(Rational(claimed.largest.decimal()) + by))


def _at(value: Rational, attained: bool = False) -> Claimed:
    return Claimed(Root.rational(value), attained)


CLAIM = Claim(
    id="spurious.sharp-constants",
    title="Each inequality on three points T(eta) has an exact largest eta; together they hold for eta < 1/3",
    kind="sharp constants",
    statement=STATEMENT,
    hypotheses=(
        "T(eta) as published, with its open and closed ends, for every eta > 0",
        "H = (1/n) sum x_k x_k^T, D_I = (1/n) sum over I of y_k x_k, r_k = y_k - <beta*, x_k>, beta* the least-squares "
        "fit; where det H = 0 the inequalities for beta* and r_k count as false",
    ),
    scope="all data in T(eta) for all eta at once; what fails is shown at exact data within 1e-12 of each constant",
    source=Source("Boursier & Flammarion, JMLR 2025", "Assumption 3, page 11", "5.1", restated=True),
    needs=("certified",),
    mutants=(
        Mutant(
            "every constant is larger by a billionth",
            with_constants({name: enlarged(claimed) for name, claimed in CONSTANTS.items()}),
            "eta = 1/2 + e, x_1 near (-1, 1), x_2 = (eta, 1 - eta): <x_1, x_2> is near -2 e",
        ),
        Mutant(
            "the residual signs hold up to 0.34",
            with_constants({"r_1 > 0": _at(Rational(34, 100))}),
            "eta = 0.339, x_2 = (eta, 1 - eta), x_3 = (1 - eta, 1 + eta): det(x_2, x_3) = 3 eta - 1 > 0 turns "
            "the sign of r_1",
        ),
        Mutant(
            "the published 1/6 is the largest eta for r_3",
            with_constants({"r_3 > 0": _at(Rational(1, 6))}),
            "for eta <= 1/4, with m_kl = det(x_k, x_l): m_12 <= 3 eta - 1 < 0 and N = m_23 y_1 - m_13 y_2 + m_12 y_3 "
            "< 0, so that r_3 = m_12 N/(n^2 det H) > 0",
        ),
        Mutant(
            "r_1 > 0 at eta = 1/3 too",
            with_constants({"r_1 > 0": _at(Rational(1, 3), attained=True)}),
            "eta = 1/3, x_2 = (1/3, 2/3), x_3 = (2/3, 4/3) are parallel, and r_1 is a multiple of det(x_2, x_3)",
        ),
        Mutant(
            "<x_1, x_2> > 0 only for eta < 1/2",
            with_constants({"<x_1, x_2> > 0": _at(Rational(1, 2))}),
            "eta = 1/2, x_k = (p_k, q_k): p_1 p_2 >= -|p_1|/2 > -1/2 since p_1 > -1, and q_1 q_2 >= 1/2",
        ),
        Mutant(
            "<beta*, x_1> > 0 for every eta",
            with_constants({"<beta*, x_1> > 0": Claimed(None, False)}),
            "eta = 1: x_1 = x_2 = x_3 = (0, 1) is in T(1), and there is no unique fit",
        ),
    ),
)


@certified()
def each_inequality_holds_up_to_its_constant(statement: Predicate, run: Run) -> Certificate:
    """All data in T(eta), all eta below the constant (up to it, if attained): Bernstein coefficients and identities."""
    return every_inequality(statement, holds_up_to, proof_on_the_box)


@certified()
def each_inequality_fails_beyond_its_constant(statement: Predicate, run: Run) -> Certificate:
    """Data that depend on eta, for each eta up to 1e-9 beyond it (and at it, if not attained), and rational data."""
    return every_inequality(statement, fails_beyond, failure_beyond)


@certified(covers="lemma")
def signs_known_by_hand_are_found(statement: Predicate, run: Run) -> Certificate:
    """Signs of polynomials that anybody can check, and false proofs of false signs, which must not be accepted."""
    return each_as_known(answers())
