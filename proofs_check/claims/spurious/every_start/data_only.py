"""Theorem A' of theory.md 9.3: on three points in the plane the scale depends on the data only.

Theorem. Square loss, ReLU, d = 2, n = 3, y_k > 0, <x_k, x_l> > 0 for all k, l, x_2 in the open cone of x_1 and x_3, the
residuals r_1 > 0 and r_3 > 0 at the fit beta*, <beta*, x_k> > 0 for all k, and condition (C) of spurious.every-start.
For every C_0 there is lambda_0 > 0, which depends on the data and C_0 only, such that for every width, every lambda <=
lambda_0 and every dominated start with sum a_j(0)^2 <= C_0 lambda^2, no neuron on a hyperplane and some neuron with a >
0 active on some point, every regular solution has h(x_k) -> <beta*, x_k> for all k. Neurons with a < 0 may start at any
angle, however close to their repellers. (Regular also means that no neuron rests on a hyperplane that repels it on both
sides.)

Source: this project; with T(1/6) it is Theorem 2 of Boursier and Flammarion (published.theorem-2-repaired).
Proved in SymPy: the steps of Theorem A that are kept, those of spurious.negative-neurons, what is particular to three
points, and how small N has to be. What is left is calculus: that no inequality fails first over the stages of theory.md
9.3, each of which takes a time that the data bound, and the comparison of scalar functions. Tested with neurons at
angles down to 1e-14 from their repellers.
"""

from __future__ import annotations

from collections.abc import Iterable

from .....theory.formal.derivation import Goal
from .....theory.spurious.every_start import data_only, every_start
from ....cases.spurious.every_start.repellers import RepellerCase, edges, repeller_cases
from ....claim.evidence import Margin, property_check, symbolic
from ....claim.statement import Claim, Mutant, Predicate, Source
from ....measure.spurious.every_start.data_only import from_the_repellers

STATEMENT = Predicate(
    "Theorem A'",
    r"$three$needs_live\lambda \le \lambda_0(x, y, C_0) \implies h(x_k) \to \langle \beta^*, x_k\rangle \ \forall k",
    {"three": True, "needs_live": True},
    words={
        "three": {True: r"n = 3,\ ", False: r"r_1, r_n > 0,\ "},
        "needs_live": {
            True: r"\exists j: a_j(0) > 0,\ \langle w_j(0), x_k\rangle > 0 \text{ for some } k;\ ",
            False: "",
        },
    },
)

CLAIM = Claim(
    id="spurious.data-only",
    title="Theorem A': on three points in the plane the scale below which all starts end at least squares has no delta",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU, d = 2, y_k > 0, <x_k, x_l> > 0 for all k, l, x_2 in the open cone of x_1 and x_3, r_1 > "
        "0, r_3 > 0, <beta*, x_k> > 0 for all k, and (C) of spurious.every-start",
        "dominated start, sum a_j(0)^2 <= C_0 lambda^2, no neuron on a hyperplane; regular solutions",
    ),
    scope="every width and every such start; tested on T(eta) data, eta < 1/6, from 2 to 5 neurons",
    source=Source("this project", "Theorem A'", "9.3"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "any number of points in the plane",
            STATEMENT.altered(three=False),
            "x = (3, 4), (6, 10), (2, 9), (-6, 9), (-5, 6) over 8, y = (3, 3, 12, 7, 7)/8: (C) holds, and with one "
            "neuron a < 0 at an angle 5 lambda from b the outputs end at the distance 0.567 "
            "(spurious.extra-condition-flows)",
        ),
        Mutant(
            "without a live a > 0 neuron",
            STATEMENT.altered(needs_live=False),
            "a single neuron with a < 0: h <= 0 for ever, but <beta*, x_k> > 0",
        ),
    ),
    depends_on=(
        "early.growth-bound",
        "spurious.phase-one",
        "spurious.bundle",
        "spurious.bundle-growth",
        "spurious.negative-neurons",
    ),
)


@symbolic()
def the_steps_fit_together(statement: Predicate) -> Iterable[Goal]:
    """The bundle beside neurons with a < 0, the plane, the levels and times of the last stage; the steps are claims."""
    return (
        every_start.longest_drift_goal(),
        every_start.pull_goal(),
        every_start.live_goal(statement["needs_live"]),
        *data_only.assembling_goals(statement["three"]),
    )


@property_check(repeller_cases, quick=6, full=80, edges=edges)
def the_flow_ends_at_least_squares(statement: Predicate, case: RepellerCase) -> Margin:
    """The flow from starts next to repellers, at scales from 1e-3 to 1e-5, to its end."""
    return from_the_repellers(statement, case)
