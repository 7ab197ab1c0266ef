"""Theory.md 5.5: near the least-squares fit the patterns never change again.

Theorem. Let all live neurons be dominated with a > 0 and active on the same points; over these let H = (1/n) sum x
x^T be nonsingular with extreme eigenvalues mu <= M, beta* = H^-1 b, b = (1/n) sum y x, S = sum a_j w_j, Q = sum
a_j^2, Delta = (beta* - S)^T H (beta* - S)/2 and rho = ||beta*|| - sqrt(2 Delta/mu) > 0. Then

    Q >= ||beta*|| - sqrt(2 Delta/mu),  Delta' <= -2 mu Q Delta,  ||omega_j'|| <= sqrt(2 M Delta)

as long as no pattern changes, and until then each omega_j moves along a path of length at most sqrt(2 M Delta)/(mu
rho), with Delta and rho at the start. Square loss, ReLU, regular solutions. Consequence (theory.md 5.5): if min
|<omega_j, x_k>|/||x_k|| over the live neurons and all points exceeds this length, no pattern ever changes, and h(x_k)
-> <beta*, x_k> on these points.

Source: Boursier and Flammarion, JMLR 2025, three-point example, last phase; the explicit margin is new.
The four inequalities are proved in SymPy for every width and dimension; the consequence is proved in theory.md 5.5 and
tested along the reference flow. Rational states with too small a margin that lose a pattern are certified.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from ....theory.formal.derivation import Goal, at_most
from ....theory.spurious import trap
from ...cases import network_examples
from ...cases.spurious.trap import TrapCase, trap_cases
from ...claim.evidence import Certificate, Margin, Run, certified, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.spurious.trap import doomed_states_have_small_margins, flow_within_the_bounds

STATEMENT = Relations(trap.STATEMENT)


def _length(bound: sympy.Expr) -> Relations:
    return STATEMENT.altered(length=at_most(STATEMENT["length"].args[0], bound))


CLAIM = Claim(
    id="spurious.trap",
    title="Near the least-squares fit of their pattern neurons converge along paths that are shorter than a margin",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU; live neurons are dominated with a > 0 and active on the same points; regular solutions",
        "H = (1/n) sum x x^T over these points is nonsingular, mu and M its extreme eigenvalues, beta* = H^-1 b, b = "
        "(1/n) sum y x over them, n the number of all points",
        "rho = ||beta*|| - sqrt(2 Delta/mu) > 0 at the start; no pattern changes, as is the case if min "
        "|<omega_j, x_k>|/||x_k|| exceeds the bound of the length",
    ),
    scope="every width, dimension and data set; Delta = (beta* - S)^T H (beta* - S)/2, S = sum a_j w_j, Q = sum a_j^2. "
    "Tested with neurons that are active on all points",
    source=Source("Boursier & Flammarion, JMLR 2025", "Lemma 7 (last phase), page 15", "5.5", restated=True),
    needs=("symbolic", "property", "certified"),
    mutants=(
        Mutant(
            "no margin needed",
            _length(sympy.S.Zero),
            "n = 2, x = (sqrt 2, 0), (0, sqrt 2), so that H is the unit matrix: omega = (1, 0) and D = (0, 1) give "
            "omega' = (0, 1)",
        ),
        Mutant(
            "half the margin",
            _length(STATEMENT["length"].args[1] / 2),
            "x as above, S = (1, 0), beta* = (1, e): omega ends at beta*/||beta*||, at distance e (1 + o(1)) as "
            "e -> 0, while sqrt(2 M Delta)/(mu rho) -> e",
        ),
        Mutant(
            "twice the rate",
            STATEMENT.altered(
                fall=at_most(STATEMENT["fall"].args[0], -4 * trap.mu * trap.size * trap.excess),
            ),
            "x as above, one neuron a = 1, w = (1, 0), D = (0, e): Delta' = -e^2, Delta = e^2/2, mu = Q = 1",
        ),
    ),
    depends_on=("flow.balancedness", "flow.lorentz", "alignment.ode"),
    names={
        "Q": "sum_j a_j^2 over the live neurons",
        "Delta_rate": "the derivative of Delta = L - L(beta*) along the flow",
        "speed": "the largest ||omega_j'||",
        "length": "the length of the path of any omega_j from then on",
    },
    examples=network_examples.near_least_squares,
)


@symbolic()
def each_inequality_follows_from_the_flow(statement: Relations) -> Iterable[Goal]:
    """||omega'||^2 and <D, S'> for every width and dimension; then each bound, in an eigenbasis of H."""
    return (*trap.identities(), *trap.goals(statement.relations))


@property_check(trap_cases, quick=15, full=300)
def the_flow_stays_within_the_bounds(statement: Relations, case: TrapCase) -> Margin:
    """The reference flow: no event, Q, Delta', ||omega_j'|| and the path of omega_j beside the bounds, and the end."""
    return flow_within_the_bounds(statement, case)


@certified(covers="instance")
def the_margin_excludes_states_that_lose_a_pattern(statement: Relations, run: Run) -> Certificate:
    """Rational states near least squares that provably lose a pattern soon: their margin is too small."""
    return doomed_states_have_small_margins(statement, run)
