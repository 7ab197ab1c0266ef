"""Theorem A of theory.md 9.1: small networks of every width end at least squares, from an explicit scale on.

Theorem. Square loss, ReLU, any dimension d and number n of points with y_k > 0, <x_k, x_l> > 0 for all k, l, and H =
(1/n) sum x x^T nonsingular. Let b = (1/n) sum y x, r = ||b||, beta* = H^-1 b, and let C = {w : <w, v_i> >= 0 for all i}
be a cone that lies in the closure of K = {w : <w, x_k> > 0 for all k}, has b in its interior, and satisfies

    (C)  m(v_i) > 0 for all i, m(v) = <b, v> - <p, c> - sqrt(<b, c> <p, H_v^+ p>),

with c, p and H_v^+ as in spurious.bundle-growth. Let C_0 > 0, 0 < delta < 1. There is an explicit lambda_0 > 0, which
depends on the data, the cone, C_0 and delta only, with the following property for every width and every lambda <=
lambda_0. Let the start be dominated with sum a_j(0)^2 <= C_0 lambda^2; let no neuron lie on a hyperplane and some
neuron with a > 0 be active on some point; and let every neuron with a < 0 whose active set A is not empty satisfy
tan(theta/2) >= delta, cos theta = |<omega, D_A>|/||D_A||. Then every regular solution has h(x_k) -> <beta*, x_k> for
all k. The scale is

    lambda_0 = epsilon sqrt(s_0/C_0) e^{-r T_1},

with T_1 = max(T_a, T_d) from spurious.phase-one, s_0 the least of min y_k/(2||x_k||), q_0, q_1/e, r epsilon/R_2 and r_A
min(delta, u_in(A))/(2 R_2) over the cells A, and epsilon = min(sqrt(eta_2/32), tan(alpha/2)/3), where eta_2 is at most
1/4, at most the eta_* up to which the barrier holds, and at most (4 D_bar/(sqrt(3) c_C) + Lambda)^-2/8.

Source: this project; for three points it makes Theorem 2 of Boursier and Flammarion, JMLR 2025, explicit, for starts
that keep away from the repellers by delta.
Proved in SymPy: the steps (1a) to (2d), which are claims of their own, and how the constants close them. What is left
is calculus: no inequality can fail first, a comparison of scalar functions, and that the loss does not increase. Tested
at the scales lambda_0 of `proofs-check certify --every-start --condition C` on data for which that finds a cone.
"""

from __future__ import annotations

from collections.abc import Iterable

from .....theory.formal.derivation import Goal
from .....theory.formal.printing import to_latex
from .....theory.spurious.every_start import every_start
from ....cases.early.early_starts import EarlyStart
from ....cases.spurious.every_start.every_start import edges, every_start_cases
from ....claim.evidence import Margin, property_check, symbolic
from ....claim.statement import Claim, Mutant, Predicate, Source
from ....measure.spurious.every_start.every_start import at_the_certified_scale

STATEMENT = Predicate(
    "Theorem A",
    r"$needs_cone$needs_live\lambda \le $scale \implies $limit",
    {"limit": "least squares", "needs_cone": True, "needs_live": True, "scale": every_start.SCALE},
    words={
        "limit": {"least squares": r"h(x_k) \to \langle \beta^*, x_k\rangle \ \forall k"},
        "needs_cone": {True: r"m(v_i) > 0 \ \forall i,\ ", False: ""},
        "needs_live": {
            True: r"\exists j: a_j(0) > 0,\ \langle w_j(0), x_k\rangle > 0 \text{ for some } k;\ ",
            False: "",
        },
        "scale": to_latex,
    },
)

CLAIM = Claim(
    id="spurious.every-start",
    title="Theorem A: under a cone condition, networks of every width end at least squares from all small starts",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU, y_k > 0, <x_k, x_l> > 0 for all k, l, H nonsingular; regular solutions",
        "v_i: unit normals of the facets of a cone in the closure of K = {w : <w, x_k> > 0}, with b in its interior",
        "dominated start, sum a_j(0)^2 <= C_0 lambda^2, no neuron on a hyperplane",
        "every neuron with a < 0 and an active set A that is not empty has tan(theta/2) >= delta, cos theta = "
        "|<omega, D_A>|/||D_A||",
        "r = ||b||; T_1, s_0 and epsilon are explicit numbers that depend on the data, the cone, C_0 and delta only",
    ),
    scope="every width, dimension, data set and start; tested on T(eta) data, eta < 1/6, and on random points in "
    "dimensions 2 and 3 for which the condition holds, at the largest lambda that is certified and below",
    source=Source("this project", "Theorem A", "9.1"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "without the cone condition",
            STATEMENT.altered(needs_cone=False),
            "x = (45, 90), (18, 48), (3, 45), (1, 59), (-22, 28) over 64, y = (120, 48, 24, 1, 9)/64: the limit path "
            "leaves K, and the outputs end at the distance 0.39289 from least squares for lambda = 1e-4, 1e-6 and 1e-8",
        ),
        Mutant(
            "without a live a > 0 neuron",
            STATEMENT.altered(needs_live=False),
            "a single neuron with a < 0: h <= 0 for ever, but <beta*, x_k> > 0 for some k",
        ),
    ),
    depends_on=(
        "early.field-deviation",
        "early.growth-bound",
        "spurious.phase-one",
        "spurious.bundle",
        "spurious.bundle-growth",
    ),
)


@symbolic()
def the_constants_close_the_steps(statement: Predicate) -> Iterable[Goal]:
    """When lambda <= lambda_0 the hypotheses of the steps, which are claims of their own, hold together."""
    return every_start.goals(statement["scale"], statement["needs_cone"], statement["needs_live"])


@property_check(every_start_cases, quick=6, full=80, edges=edges)
def the_flow_ends_at_least_squares(statement: Predicate, case: EarlyStart) -> Margin:
    """The flow from the certified lambda_0 of each data set and start, to its end."""
    return at_the_certified_scale(statement, case)
