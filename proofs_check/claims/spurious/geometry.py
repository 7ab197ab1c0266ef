"""Theory.md 5.1: the inequalities on which the example of three points rests.

Theorem. T(eta) is the box x_1 in (-1, -1 + eta] x [1, 1 + eta], x_2 in [-eta, eta] x [1 - eta, 1 + eta], x_3 in
[1 - eta, 1) x [1, 1 + eta], y_1, y_3 in [1, 1 + eta], y_2 in (0, eta]; H = (1/n) sum x_k x_k^T. For all data in T(eta)
with 0 < eta < 1/6: <x_k, x_l> > 0; <D_I, x_l> > 0 for D_I = (1/n) sum over I of y_k x_k, I not empty; det H > 0; the
least-squares fit beta* has <beta*, x_k> > 0; and its residuals r_k = y_k - <beta*, x_k> have the signs

    r_1 > 0, r_2 < 0, r_3 > 0.

Source: Boursier and Flammarion, JMLR 2025, Assumption 3 and its discussion; 1/6 is the published constant.
Proved in SymPy over the whole box by Bernstein coefficients and identities, and by Coq; also checked in rationals at
corners of the box.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ....theory.positivity.algebraic import Root
from ....theory.positivity.prover import CLOSE, PositiveGoal, PositivityStep, near_corners
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import RANGES, steps_for
from ...cases.spurious.three_points import ASSUMPTION
from ...claim.evidence import Certificate, Obligation, Run, Zero, certified, kernel, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...coq.document import Document
from ...coq.theorems import geometry
from ...sharp.constants import sharp_constants

SHARPEN = sharp_constants
"""What `proofs-check sharpen` shows of this claim: how far each inequality goes beyond the published 1/6."""

STATEMENT = Predicate(
    "on T(eta) <x_k, x_l> > 0, <D_I, x_l> > 0 for every point, and the least-squares residuals have the signs +, -, +",
    r"\langle x_k, x_l\rangle > 0,\quad \langle D_I, x_l\rangle > 0\ (I \ne \emptyset),\quad \det H > 0,\quad "
    r"$residuals,\quad \langle\beta^*, x_k\rangle > 0 \qquad (\eta < $below)",
    {"below": points.PUBLISHED, "residuals": (1, -1, 1)},
    words={"residuals": {(1, -1, 1): r"r_1 > 0,\ r_2 < 0,\ r_3 > 0", (1, 1, 1): "r_k > 0"}},
)

CLAIM = Claim(
    id="spurious.geometry",
    title="On three points T(eta) the inputs form acute angles and the least-squares residuals have the signs +, -, +",
    kind="inequalities over a box",
    statement=STATEMENT,
    hypotheses=(
        ASSUMPTION,
        "H = (1/n) sum x_k x_k^T, D_I = (1/n) sum over I of y_k x_k, r_k = y_k - <beta*, x_k>, beta* the solution of "
        "the normal equations",
    ),
    scope="every data set in T(eta) with 0 < eta < 1/6, and every set I of points that is not empty",
    source=Source(
        "Boursier & Flammarion, JMLR 2025", "Assumption 3, page 11, and Lemma 8, pages 28 to 30", "5.1", restated=True
    ),
    needs=("symbolic", "certified"),
    mutants=(
        Mutant(
            "residual signs at eta = 0.34",
            STATEMENT.altered(below=sympy.Rational(34, 100)),
            "eta = 0.339, x_2 = (eta, 1 - eta), x_3 = (1 - eta, 1 + eta): det(x_2, x_3) = 3 eta - 1 > 0 turns "
            "the sign of r_1",
        ),
        Mutant(
            "all residuals are positive",
            STATEMENT.altered(residuals=(1, 1, 1)),
            "x = (-19/20, 1), (0, 1), (19/20, 1), y = (1, 1/20, 1): by symmetry the fit is 41/60 at every point",
        ),
    ),
)


@symbolic()
def every_inequality_on_the_box(statement: Predicate) -> Iterator[Obligation]:
    """For all data in T(eta): Bernstein coefficients, polynomials in eta, and identities; beta* by Cramer's rule."""
    normal = points.X.T * points.X * points.fit() - points.determinant() * points.X.T * points.Y
    yield from (Zero(f"normal equation {row + 1}", value) for row, value in enumerate(normal))
    below = Root.rational(statement["below"])
    for name, value in _claimed(statement["residuals"]).items():
        yield PositiveGoal(name, value, RANGES, points.eta, below, _steps(name, value))


@kernel(timeout=240)
def coq_accepts_every_inequality_on_the_box(statement: Predicate) -> Document:
    """Each inequality for all data in T(eta); those of the fit for every solution of the normal equations."""
    return geometry.geometry(statement.parameters)


@certified(covers="instance")
def rationals_agree_at_corners(statement: Predicate, run: Run) -> Certificate:
    """All inequalities in exact rationals at corners of T(eta), eta near its bound; open ends are approached."""
    values = _claimed(statement["residuals"])
    corners = list(near_corners(RANGES, points.eta, statement["below"] * (1 - CLOSE)))
    chosen = corners if run.level == "full" else corners[::2]
    for corner in chosen:
        for name, value in values.items():
            if not value.xreplace(corner) > 0:
                where = {str(symbol): number for symbol, number in corner.items()}
                return Certificate(len(chosen), f"{name} does not hold", where)
    return Certificate(len(chosen), "corners, eta within 0.1% of its bound")


def _claimed(signs: tuple[int, int, int]) -> dict[str, sympy.Expr]:
    """What is claimed positive; the residuals with the signs that are claimed."""
    rest = {name: value for name, value in points.inequalities().items() if not name.startswith("r_")}
    residuals = {f"r_{k} {'>' if sign > 0 else '<'} 0": sign * points.residual(k) for k, sign in enumerate(signs, 1)}
    return {**rest, **residuals}


def _steps(name: str, value: sympy.Expr) -> tuple[PositivityStep, ...]:
    """The proof of an inequality of theory.md 5.1; none for a residual that is claimed to have the other sign."""
    return steps_for(name) if points.inequalities().get(name) == value else ()
