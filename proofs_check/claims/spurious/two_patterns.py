"""Theory.md 10.7: two groups of neurons with disjoint patterns are trapped independently of each other.

Theorem. Let I_+ and I_- be disjoint sets of points, every live neuron with a > 0 active exactly on I_+, every live
neuron with a < 0 exactly on I_-, all of them dominated. For each group form H, beta*, S, Q, Delta, rho, mu and M of
theory.md 5.5 over its own points and neurons, with the same n; let both H be nonsingular and both rho > 0. As long as
no pattern changes,

    h(x_k) = <S_+, x_k> on I_+,  h(x_k) = <S_-, x_k> on I_-,  h(x_k) = 0 elsewhere,  L = L_+ + L_- + L_0,

with L_+- a function of S_+- alone and L_0 a constant, and each group obeys the four inequalities of spurious.trap with
its own constants. Square loss, ReLU, regular solutions. Consequence (theory.md 10.7): if for each group min
|<omega_j, x_k>|/||x_k|| over all points exceeds its bound of the length, then neither can be the first to change its
pattern; so no pattern ever changes, and h(x_k) -> <beta*_+-, x_k> on I_+-.

Source: new; an extension of theory.md 5.5.
The outputs, the loss and both drifts are derived from the model in SymPy for every width, dimension and data set, and
the inequalities are those of spurious.trap; the consequence is proved in theory.md 10.7 and tested along the reference
flow. Rational networks with overlapping patterns that stay away from least squares are certified.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from ....theory.formal.derivation import Goal, at_most
from ....theory.spurious import two_patterns
from ...cases import network_examples
from ...cases.spurious.two_patterns import TwoPatternCase, two_pattern_cases
from ...claim.evidence import Certificate, Margin, Run, certified, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.spurious.two_patterns import both_groups_within_the_bounds, overlapping_patterns_end_elsewhere

STATEMENT = Relations(two_patterns.STATEMENT, two_patterns.HYPOTHESES)

CLAIM = Claim(
    id="spurious.two-patterns",
    title="Where neurons of the two signs have disjoint patterns, outputs and loss split, and each group is in a trap",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU; live neurons are dominated, those with a > 0 active exactly on I_+, those with a < 0 "
        "exactly on I_-; regular solutions",
        "for each group H = (1/n) sum x x^T over its points is nonsingular with extreme eigenvalues mu and M, beta* = "
        "H^-1 b, b = (1/n) sum y x over its points, n the number of all points",
        "rho_+- = ||beta*_+-|| - sqrt(2 Delta_+-/mu_+-) > 0 at the start; no pattern changes, as is the case if min "
        "|<omega_j, x_k>|/||x_k|| over all points exceeds the bound of the length in both groups",
    ),
    scope="every width, dimension and data set; Delta, S and Q of a group are those of spurious.trap",
    source=Source("this project", "extension of Boursier & Flammarion, JMLR 2025, Lemma 7", "10.7"),
    needs=("symbolic", "property", "certified"),
    mutants=(
        Mutant(
            "overlapping patterns",
            STATEMENT.altered(disjoint=sympy.true),
            "x = (2, -2), (2, 2), (0, 1), (-2, 2), (-2, -2), y = (4, 8, 0, -8, -4), a w = (3, 1) with a > 0 and "
            "(3, -1) with a < 0: h = y, so that nothing moves, and h(x_3) = 0, but <beta*_+, x_3> = 8/9",
        ),
        Mutant(
            "the margin of the other group",
            STATEMENT.altered(
                length_plus=at_most(
                    STATEMENT["length_plus"].args[0],
                    STATEMENT["length_minus"].args[1],
                )
            ),
            "x = (1, 0), (0, 1), (-1, 0), (0, -1), w_+ near (1, 1), w_- near (-1, -1): the bound is 0 if S_- = "
            "beta*_-, but omega_+ turns if S_+ != beta*_+",
        ),
    ),
    depends_on=("spurious.trap",),
    names={
        "common": "the number of points in both patterns",
        "h_+": "h(x_k) at any k in I_+",
        "h_-": "h(x_k) at any k in I_-",
        "h_0": "h(x_k) at any other k",
        "<S_+, x_k>": "the value there of S_+ = sum a_j w_j over the neurons with a > 0",
        "<S_-, x_k>": "the value there of S_- = sum a_j w_j over the neurons with a < 0",
        "L": "the loss",
        "L_+": "(1/2n) sum (<S_+, x_k> - y_k)^2 over I_+",
        "L_-": "(1/2n) sum (<S_-, x_k> - y_k)^2 over I_-",
        "L_0": "(1/2n) sum y_k^2 over the other points",
        **{
            f"{name}_{side}": f"{text} in the group of I_{side}"
            for side in two_patterns.SIDES
            for name, text in (
                ("Q", "sum_j a_j^2"),
                ("Delta_rate", "the derivative of Delta along the flow"),
                ("speed", "the largest ||omega_j'||"),
                ("length", "the largest length of the path of an omega_j from then on"),
            )
        },
    },
    examples=network_examples.two_groups,
)


@symbolic()
def outputs_and_loss_split(statement: Relations) -> Iterable[Goal]:
    """h, L and both drifts from the model, in sums over the points of each pattern; then the goals of spurious.trap.

    Without the hypothesis there is a third sum, over the points of both patterns.
    """
    return two_patterns.goals(statement.relations, statement.hypotheses)


@property_check(two_pattern_cases, quick=8, full=80)
def the_flow_of_both_groups_stays_within_the_bounds(statement: Relations, case: TwoPatternCase) -> Margin:
    """The reference flow: no event, outputs that split, each bound in both groups, and both ends."""
    return both_groups_within_the_bounds(statement, case)


@certified(covers="instance")
def overlapping_patterns_miss_least_squares(statement: Relations, run: Run) -> Certificate:
    """Rational networks at rest with one point in both patterns: all margins suffice, but h is not least squares."""
    return overlapping_patterns_end_elsewhere(statement, run)
