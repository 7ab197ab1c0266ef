"""Theory.md 9.1 (2a) to (2d): a tight bundle that stays in a cone grows, stays tight, and fits the data linearly.

Theorem. Square loss, ReLU. Let all live neurons have a > 0 and be active on all points, and let dead ones contribute
nothing: h(x_k) = <S, x_k>, S = sum a_j w_j. Put Q = sum a_j^2, H = (1/n) sum x x^T with extreme eigenvalues 0 < mu <=
M, b = (1/n) sum y x, r = ||b||, beta* = H^-1 b, Delta = L - L(beta*), Delta_0 = <b, beta*>/2, D = b - H S; eta is the
tightness of spurious.bundle, at most 1/4.

Energy: L(0) - L = (1/n) sum (y_k - h_k/2) h_k. While this is >= 0, as it is for ever once 0 <= h_k <= y_k,
||S|| <= ||beta*|| + sqrt(2 Delta_0/mu) and ||D|| <= sqrt(2 M Delta_0).
Barrier: let ||D|| <= D_bar and Q <= Q_max. At the first time at which some omega_i lies on a facet <omega, v> = 0 of a
cone, S_0 = Q omega_i satisfies S_0^T H S_0 - 2 <b, S_0> <= kappa (`inflation`), and <D, v> >= m_1 - sqrt((m_2 + kappa)
m_3) - Q_max sqrt(2 eta) m_4, with m_1 = <b, v> - <p, c>, m_2 = <b, c>, m_3 = <p, H_v^+ p>, m_4 = ||H v||, P the
projection onto the complement of v, H_v = P H P, c = H_v^+ P b, p = P H v. If this is positive, the neuron does not
leave the cone. Growth: let c_C be the least <w, b> over unit vectors w of the cone. While Q <= q_0 = c_C/(2M) every log
a_j grows at the rate sqrt(3) c_C/4 at least; from Q = q_0 on ||S|| >= 3 sqrt(3) c_C^2/(16 M r). Tightness: while Q >=
q_1 the integral of ||D|| is at most Lambda = sqrt(2 Delta/mu)/q_1; with eta <= eta_2 no log(a_i/a_j) changes by more
than X = sqrt(2 eta_2) (4 D_bar/(sqrt(3) c_C) + Lambda), and eta(t) <= eta(T) e^{2X} Q(T)/Q(t). Convergence: Delta' <=
-2 mu Q Delta.

Source: this project.
Proved in SymPy for every dimension, width and number of points: each relation at one time from the model, the loss and
the properties of H; what is left is calculus, the comparison of integrals and the loss that does not increase. Coq
proves radius, drift, inflation and barrier as well. Tested along the reference flow as far as its quantities can be
read off there.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from .....theory.formal.derivation import Goal, at_least, at_most
from .....theory.spurious import trap
from .....theory.spurious.every_start import bundle_growth as growth
from .....theory.spurious.every_start.bundle import size, tightness
from ....cases.spurious.every_start.bundles import BundleCase, bundle, bundle_cases
from ....claim.evidence import Margin, kernel, property_check, symbolic
from ....claim.statement import Claim, Mutant, Relations, Source
from ....coq.document import Document
from ....coq.theorems import every_start
from ....measure.spurious.every_start.bundle import growth_along_the_flow

STATEMENT = Relations(growth.STATEMENT)


def _bounded(name: str, bound: sympy.Expr) -> Relations:
    relation = STATEMENT[name]
    return STATEMENT.altered(**{name: relation.func(relation.args[0], bound, evaluate=False)})


def _half(name: str) -> Relations:
    return _bounded(name, STATEMENT[name].args[1] / 2)


CLAIM = Claim(
    id="spurious.bundle-growth",
    title="A tight bundle in a cone grows at an explicit rate, stays tight, and its loss falls to least squares",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU; live neurons have a > 0 and are active on all points, dead ones contribute nothing; H is "
        "nonsingular, mu <= M are its extreme eigenvalues; beta* = H^-1 b, Delta_0 = <b, beta*>/2, r = ||b||",
        "radius and drift: <b, S> >= S^T H S/2",
        "inflation, barrier: S_0 = Q omega_i, <omega_i, v> = 0, Q <= Q_max, ||D|| <= D_bar; m_1 = <b, v> - <p, c>, "
        "m_2 = <b, c>, m_3 = <p, H_v^+ p>, m_4 = ||H v|| for the unit vector v",
        "growth: <omega, b> >= c_C ||omega||, Q <= c_C/(2M), eta <= 1/4; level: Q = c_C/(2M) at an earlier time, then "
        "in the cone, eta <= 1/4",
        "path: Q >= q_1; ratios: eta <= eta_2 until Q = c_C/(2M) and later, Lambda bounds the integral of ||D|| from "
        "then on",
        "kept: no log(a_i/a_j) changes by more than X",
    ),
    scope="every width, dimension, number of points and data set; S = sum a_j w_j, Q = sum a_j^2, Delta = L - L(beta*)",
    source=Source("this project", "Theorem A, steps (2a) to (2d)", "9.1"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "the whole product y_k h_k as energy",
            STATEMENT.altered(
                energy=STATEMENT["energy"].subs(sympy.Rational(1, 2), 0),
            ),
            "n = 1, y = h = 1: L(0) - L = 1/2",
        ),
        Mutant(
            "half the drift",
            _half("drift"),
            "n = d = 1, x = y = 1: M = 1, Delta_0 = 1/2 and ||D|| = 1 at S = 0",
        ),
        Mutant(
            "the barrier without the tightness",
            _bounded("barrier", growth.base - sympy.sqrt((growth.room + growth.inflation) * growth.bend)),
            "d = 2, H v of norm m_4: S = S_0 + Q e with e = sqrt(2 eta) H v/m_4 lowers <D, v> by Q sqrt(2 eta) m_4",
        ),
        Mutant(
            "twice the growth",
            _bounded("growth", 2 * growth.STATEMENT["growth"].args[1]),
            "d = 1, x = 1: one neuron with ||omega|| = sqrt(3)/2 at Q = q_0: (log a)' = sqrt(3)/2 (b - S), b - S >= "
            "b/2",
        ),
        Mutant(
            "half the path",
            _half("path"),
            "d = 2, H = 1, one balanced neuron at S = (1, 0), beta* = (1, e): S' = (1 + S S^T) D to first order, so "
            "that the integral of ||D|| is e (1 + o(1)) as e -> 0, and so is sqrt(2 Delta/mu)/q_1",
        ),
        Mutant(
            "twice the fall",
            _bounded("fall", 2 * growth.STATEMENT["fall"].args[1]),
            "d = 2, H = 1, one neuron with D orthogonal to w: Delta' = -Q ||D||^2 = -2 Q Delta",
        ),
    ),
    depends_on=("spurious.bundle", "flow.energy", "alignment.ode"),
    assuming=(at_most(tightness, 1), at_least(growth.GROWN - size, 0)),
    names={
        "energy": "L(0) - L",
        "h": "the outputs h(x_k)",
        "y": "the labels",
        "n": "the number of points",
        "||S||": "the norm of sum_j a_j w_j",
        "||D||": "the norm of the drift b - H S",
        "inflated": "S_0^T H S_0 - 2 <b, S_0>",
        "push": "<D, v>",
        "log_rate": "(log a_j)'",
        "path": "the integral of ||D|| from a time at which Delta = Delta_0",
        "log_ratio": "the largest change of a log(a_i/a_j)",
        "eta(t)": "the tightness at the time t",
        str(trap.STATEMENT["fall"].args[0]): "the derivative of Delta",
    },
    examples=bundle,
)


@symbolic()
def each_bound_follows_from_the_flow_and_the_loss(statement: Relations) -> Iterable[Goal]:
    """H as the form (1/n) sum <u, x_k> <v, x_k>, Lagrange's identity for it, and an eigenbasis for its extreme
    values."""
    return growth.goals(statement.relations)


@kernel(covers="lemma")
def coq_follows_the_ellipsoid_to_the_facet(statement: Relations) -> Document:
    """`radius`, `drift`, `inflation` and `barrier` from their hypotheses, for n points in R^d."""
    return every_start.bundle_growth_steps(statement.relations)


@property_check(bundle_cases, quick=10, full=120)
def the_flow_stays_within_the_bounds(statement: Relations, case: BundleCase) -> Margin:
    """The reference flow of nearly aligned neurons, until a pattern changes or near least squares."""
    return growth_along_the_flow(statement, case)
