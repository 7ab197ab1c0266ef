"""The constants of Theorem 1 of Boursier and Flammarion (pages 36, 37, 47 and 48) on the published three points.

Theorem. For the square loss and ReLU the published three points have D_min^2 = 13/180, D_max^2 = 7361/14400,
alpha_min^2 = 121801/229385 and delta_0^2 = 41209/104000. The threshold (21) for epsilon = 1/4, the time t_2 within
which the proof lets every neuron arrive, and log10 of the constant (36) are

    alpha_0 = 1:     0.0139787,    74.5745,  24.1890,
    alpha_0 = 1/2:   0.0131629,   158.393,   50.5424,
    alpha_0 = 1/10:  0.000526515, 3959.83, 1232.31.

On the orthogonal toy data of the same authors alpha_min = delta_0 = 0, and so lambda* = 0: Theorem 1 does not cover
orthogonal data, although page 8 says that it grasps the first phase there (its description of that phase is right).

Source: Boursier and Flammarion, JMLR 2025, equations (20) to (24) and (36). With the constant of (36) part (ii) of the
theorem says something for lambda below about 10^-96 (alpha_0 = 1) only; measured constants are below 5.
Certified: sectors and rays in rationals, roots and exponentials in balls. What `predict --published` computes for any
data agrees with it on random data in the plane.
"""

from __future__ import annotations

from fractions import Fraction

from ....numerics.data.dataset import Dataset
from ...cases.strategies import datasets
from ...claim.evidence import Certificate, Margin, Run, certified, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.constants import beside_the_program, reproduced

STATEMENT = Predicate(
    "the constants of Theorem 1 on the published points",
    r"D_{\min}^2 = $d_min,\ D_{\max}^2 = $d_max,\ \alpha_{\min}^2 = $alpha_min,\ \delta_0^2 = $delta;\quad "
    r"\alpha_0 = 1, \tfrac12, \tfrac1{10}:\ \lambda^* = $thresholds,\ t_2 = $times,\ \log_{10} c = $constants;\quad "
    r"\text{orthogonal toy: } \alpha_{\min}^2 = $orthogonal",
    {
        "d_min": Fraction(13, 180),
        "d_max": Fraction(7361, 14400),
        "alpha_min": Fraction(121801, 229385),
        "delta": Fraction(41209, 104000),
        "thresholds": ("0.0139787", "0.0131629", "0.000526515"),
        "times": ("74.5745", "158.393", "3959.83"),
        "constants": ("24.1890", "50.5424", "1232.31"),
        "orthogonal": Fraction(0),
    },
    words=dict.fromkeys(("thresholds", "times", "constants"), ",\\ ".join),
)

CLAIM = Claim(
    id="published.constants",
    title="The threshold (21), t_2 and the constant (36) on the published points; lambda* = 0 on orthogonal data",
    kind="exact instance",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU; epsilon = 1/4; the decimals are rounded",
        "a maximum or minimum in (23) and (24) is squared whatever its sign, as printed",
    ),
    scope="the published three points with bias, and the orthogonal toy data",
    source=Source("Boursier & Flammarion, JMLR 2025", "Equations (20) to (24) and (36), pages 36 to 48", "8.1"),
    needs=("certified",),
    mutants=(
        Mutant(
            "the threshold is 0.02 for alpha_0 = 1",
            STATEMENT.altered(thresholds=("0.02", "0.0131629", "0.000526515")),
            "alpha_min^2 D_min/(8 R_2) = 0.0139787 with R_2 = 1.276",
        ),
        Mutant(
            "the constant is less than 10^3",
            STATEMENT.altered(constants=("3", "50.5424", "1232.31")),
            "its exponent 4 D_max^2/(D_min^2 alpha_min^2) alone is 53.3, and e^53.3 > 10^23",
        ),
        Mutant(
            "orthogonal inputs are covered",
            STATEMENT.altered(orthogonal=Fraction(1, 10)),
            "where only x_1 is active D_u is along x_1, on the boundary of that cell, since <x_1, x_2> = 0",
        ),
        Mutant(
            "another shortest drift",
            STATEMENT.altered(d_min=Fraction(1, 180)),
            "on x_3 alone D = (1/3)(4/5)(1/8, 1): D^2 = 13/180",
        ),
    ),
)


@certified()
def every_constant_by_hand(statement: Predicate, run: Run) -> Certificate:
    """All sectors and rays in rationals; then the printed formulas in balls, to the stated digits."""
    return reproduced(statement)


@property_check(lambda: datasets(n=(2, 4), d=(2, 2), special=False), covers="lemma", quick=40, full=400)
def the_program_agrees(statement: Predicate, data: Dataset) -> Margin:
    """D_min, D_max, alpha_min and delta_0 of `predict --published` beside the squares by hand, on random data."""
    return beside_the_program(data)
