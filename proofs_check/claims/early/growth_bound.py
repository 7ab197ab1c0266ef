"""Theory.md 4.1-4.3: how fast a dominated network can grow, and how long the early phase lasts.

Theorem. Notation of theory.md 1.2: S = sum_j a_j^2, R2 = (1/n) sum_k ||x_k||^2, q = kappa R2/D_max; D_max and D* are
the largest norms of a drift at h = 0 and of an extremal vector. Let the start be dominated with S(0) = c0 lambda^2 and
D_max > 0. If the pull -dl/dh is kappa-Lipschitz in h, every element of frakD(w, theta) is within kappa R2 S of
frakD(w, 0), and S(t) <= S(0) e^{2 D_max t}/(1 - q S(0) (e^{2 D_max t} - 1)) while the denominator is positive. If the
loss is convex in h, S(t) <= S(0) e^{2 D* t}. If both hold, then at tau = epsilon log(1/lambda)/D_max, for 0 < epsilon <
1 and 0 < lambda < 1,

    |log|a_j(tau)/a_j(0)|| <= epsilon log(1/lambda) + (q c0/2) lambda^{2-2 epsilon},  S(tau) <= c0 lambda^{2-2 epsilon},

and (q c0/2) lambda^{2-2 epsilon} <= log 2 for lambda <= lambda* = (2 log 2/(q c0))^{1/(2-2 epsilon)}.

Source: Boursier and Flammarion, JMLR 2025, Theorem 1(i) and the control of the norms, with other constants.
Proved in SymPy: the rates of S and |a_j| from the model, and the solutions of their comparison equations; these are
integrated by Coq too. Tested along the flow up to its escape.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from ....theory.early import bounds, growth
from ....theory.formal.derivation import Goal, at_most
from ...cases import network_examples
from ...cases.early.early_starts import EarlyStart, early_starts
from ...cases.early.growth_bound import EarlyCase, early_cases
from ...claim.draws import st
from ...claim.evidence import Margin, kernel, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...coq.document import Document
from ...coq.theorems import early
from ...measure.early.growth_bound import below_the_bounds, numbers_in_use, within_the_bounds_at_tau

STATEMENT = Relations(growth.STATEMENT)
DERIVATIONS = (growth.derivation,)


def _bounded_by(name: str, bound: sympy.Expr) -> dict[str, sympy.Basic]:
    return {name: at_most(STATEMENT[name].args[0], bound)}


CLAIM = Claim(
    id="early.growth-bound",
    title="S = sum_j a_j^2 grows at most like e^{2 D* t}, and up to tau no |a_j| grows or shrinks by more than a "
    "factor 2 lambda^-epsilon for small lambda",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "dominated start with S(0) = c0 lambda^2",
        "convex, log and size: the loss is convex in h",
        "deviation, smooth and log: the pull -dl/dh is kappa-Lipschitz in h; R2 = (1/n) sum_k ||x_k||^2",
        "smooth: the denominator is positive",
        "D_max > 0: some drift at h = 0 does not vanish; q = kappa R2/D_max",
        "log and size: tau = epsilon log(1/lambda)/D_max, 0 < epsilon < 1, 0 < lambda < 1",
    ),
    scope="every width, dimension, data set and leak",
    source=Source("Boursier & Flammarion, JMLR 2025", "Theorem 1 (i), page 7", "4.1-4.3, 10.3", restated=True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "half the growth rate",
            STATEMENT.altered(**_bounded_by("convex", bounds.initial_size * sympy.exp(bounds.d_star * bounds.time))),
            "n = d = 1, x = y = 1, square loss, a = w = s: D* = 1 and S' = 2 (1 - S) S, which exceeds S while S < 1/2",
        ),
        Mutant(
            "half the deviation of the drift",
            STATEMENT.altered(**_bounded_by("deviation", bounds.field_deviation / 2)),
            "n = d = 1, x = y = 1, square loss, a = w = s: h = s^2 = S, so that the drift is 1 - S beside 1 at h = 0, "
            "and kappa R2 S / 2 = S / 2",
        ),
        Mutant(
            "no growth up to tau",
            STATEMENT.altered(**_bounded_by("size", bounds.initial_size_definition)),
            "n = d = 1, x = y = 1, square loss, a = w = s: S' = 2 (1 - S) S > 0 while S < 1",
        ),
    ),
    depends_on=("flow.balancedness", "flow.domination"),
    names={
        "deviation": "the largest distance of an element of frakD(w, theta) from frakD(w, 0)",
        "S(t)": "the sum of a_j^2 over all neurons at time t",
        "log_growth": "the largest |log|a_j(tau)/a_j(0)||",
        "S(tau)": "the sum of a_j^2 over all neurons at time tau",
        "lambda_star": "the largest lambda at which the term with q in the bound on log_growth is at most log 2",
    },
    examples=network_examples.one_balanced_neuron,
)


@symbolic()
def each_bound_solves_its_comparison_equation(statement: Relations) -> Iterable[Goal]:
    """S' and |a|' from the model, by Cauchy-Schwarz; bound(0) >= S(0) and bound' >= rate(bound) for each bound.

    What is left is calculus: S' <= rate(S) and S(0) <= bound(0) give S <= bound, and log|a| is an integral.
    """
    first = (growth.output_goal(), *growth.rate_goals(), *growth.driven_goals())
    return (*first, *growth.goals(statement.relations))


@kernel(covers="lemma")
def coq_integrates_the_differential_inequalities(statement: Relations) -> Document:
    """The bounds on S from S' <= 2 D* S and from S' <= 2 (D_max + kappa R2 S) S; not how these come about."""
    return early.growth_bound(statement.relations)


@property_check(early_cases, quick=12, full=120)
def the_full_flow_stays_below_the_bounds(statement: Relations, case: EarlyCase) -> Margin:
    """S against both bounds, |h_k| against S ||x_k||, and the deviation, up to the time (log(1/lambda) + 1)/D_max."""
    return below_the_bounds(statement, case)


@property_check(early_cases, quick=12, full=120)
def at_tau_every_neuron_is_within_its_bound(statement: Relations, case: EarlyCase) -> Margin:
    """|log |a_j(tau)/a_j(0)|| and S(tau), and below lambda* also |a_j| <= 2 |a_j(0)| lambda^-epsilon."""
    return within_the_bounds_at_tau(statement, case)


@property_check(lambda: early_starts(st.integers(64, 1000), n=(1, 4)), covers="lemma", quick=12, full=100)
def the_numbers_in_use_are_those_stated(statement: Relations, case: EarlyStart) -> Margin:
    """c0 of a drawn start by its law, and kappa R2, tau and lambda* as `predict` gives them, from their definitions.

    ||w_j||^2 m/lambda^2 is a sum of d squared normal variables when balanced, so that the mean c0 of m of them is d, up
    to six times sqrt(2 d/m); a dominated start has a_j^2 = d lambda^2/m, and d/3 for the mean of its ||w_j||^2.
    """
    return numbers_in_use(statement, case)
