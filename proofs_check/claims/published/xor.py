"""Appendix G of Boursier and Flammarion (pages 71 to 73): XOR with Gaussian inputs has four extremal directions.

Theorem. Let x ~ N(0, I_d), y = -sign(x_1 x_2), and let w lie in the plane of e_1 and e_2 at the angle phi, w_1 w_2 !=
0. In this plane

    E[y x 1{<w, x> > 0}] = -(1/2) sqrt(2/pi) (sign(w_2) (1 - |cos phi|), sign(w_1) (1 - |sin phi|)),

and the drift at h = 0 of the logistic loss is 1/2 of it, since the pull there is y/2. It is parallel to w exactly if
|w_1| = |w_2|: for phi = pi/4, 3 pi/4, 5 pi/4 and 7 pi/4. On the axes it is orthogonal to w, and not zero.

Source: Boursier and Flammarion, JMLR 2025, Appendix G, equations (62) and (64) in the plane; the formula is new there.
Reading: the drift on page 72 lacks the factor 1/2 of the logistic loss, which changes no direction; the last of the
four vectors on page 73, e_1 + e_2 again, is a misprint for -e_1 - e_2.
Proved in SymPy for every angle, by integration in polar coordinates. That there is no extremal vector outside the
plane, equation (63), is not checked here. Also tested on samples.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Rational, pi

from ....theory.alignment import xor
from ....theory.formal.printing import to_latex
from ...claim.evidence import Margin, Obligation, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.xor import Direction, directions, means_of_a_sample


def _angles_in_latex(angles: tuple[Expr, ...]) -> str:
    """The set of angles."""
    return rf"\{{{', '.join(map(to_latex, angles))}\}}"


STATEMENT = Predicate(
    "extremal directions of XOR in the plane",
    r"D(w, 0) = -$factor \cdot $coefficient\, $exchanged;\quad D(w, 0) \parallel w \iff \varphi \in $angles",
    {"factor": Rational(1, 2), "coefficient": xor.COEFFICIENT, "exchanged": False, "angles": xor.ANGLES},
    words={
        "exchanged": {
            False: r"(\operatorname{sign}(w_2)(1-|\cos\varphi|), \operatorname{sign}(w_1)(1-|\sin\varphi|))",
            True: r"(\operatorname{sign}(w_2)(1-|\sin\varphi|), \operatorname{sign}(w_1)(1-|\cos\varphi|))",
        },
        "angles": _angles_in_latex,
    },
)

CLAIM = Claim(
    id="published.xor",
    title="As printed: XOR with Gaussian inputs has four extremal directions in the plane, those with |w_1| = |w_2|",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(
        "x ~ N(0, I_d), y = -sign(x_1 x_2); population loss, logistic, ReLU, at h = 0",
        "w = (cos phi, sin phi, 0, .., 0) with w_1 w_2 != 0",
    ),
    scope="every angle and dimension, w in the plane of e_1 and e_2; that no extremal vector lies outside the plane "
    "(equation (63)) is not part of the claim",
    source=Source("Boursier & Flammarion, JMLR 2025", "Appendix G, (62) and (64), pages 72 and 73", "12.7"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "without the factor 1/2 of the logistic loss",
            STATEMENT.altered(factor=Rational(1)),
            "-l'(0) = y/2 for l = log(1 + e^(-yh)): at phi = pi/4 the first coordinate is -0.0584, not -0.1168",
        ),
        Mutant(
            "cosine and sine exchanged",
            STATEMENT.altered(exchanged=True),
            "near phi = 0 the half-plane is x_1 > 0, where the mean of y x_1 vanishes, as 1 - cos phi does",
        ),
        Mutant(
            "a fifth direction",
            STATEMENT.altered(angles=(*xor.ANGLES, pi / 8)),
            "at phi = pi/8 the coordinates are as 1 - 0.924 and 1 - 0.383: w has the larger first one, D the second",
        ),
        Mutant(
            "two directions only",
            STATEMENT.altered(angles=(pi / 4, 5 * pi / 4)),
            "at phi = 3 pi/4 both coordinates of D are equal in size, with the signs of w",
        ),
    ),
)


@symbolic(timeout=120.0)
def polar_coordinates_in_every_quadrant(statement: Predicate) -> Iterator[Obligation]:
    """The radial and angular integrals, the pull at 0, and w_1 D_2 - w_2 D_1, which has one root in each quadrant."""
    yield from xor.goals(statement["coefficient"], statement["exchanged"], statement["factor"], statement["angles"])


@property_check(directions, quick=10, full=100)
def a_sample_agrees(statement: Predicate, case: Direction) -> Margin:
    """Means over 400,000 inputs beside the formula, within six standard deviations."""
    return means_of_a_sample(statement, case)
