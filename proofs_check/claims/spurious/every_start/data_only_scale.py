"""Theory.md 9.3: how the constants of Theorem A' close its argument, with an explicit scale lambda_0.

Theorem. Three points in the plane as in spurious.data-only, a cone as in spurious.every-start, 0 < q_0 <= c_C/(2 M)
with q_0 ||x_k|| <= y_k, and two numbers nu > 0 and Delta_e > 0. Let N be the sum of a^2 over the live neurons with a <
0, beta_P and Q the sums of a w and of a^2 over those with a > 0, L_lin the loss of linear predictors, Delta = L -
L(beta*), R_2 = (1/n) sum ||x_k||^2, L_0 the loss at h = 0, L* = L(beta*), r_0 = min |r_k|, X = min(||x_1||, ||x_3||), c
= cos(x_1, x_3). As long as N <= nu, from the time T on at which the bundle is aligned:

`gap`: |L - L_lin(beta_P)| and L_lin(beta_P) - L_0 are at most g. `barrier`: <D, v> on a facet. From the time
t_0 on at which Q = q_0: `level`: <b, beta_P> - beta_P^T H beta_P/2 >= kappa_1 at t_0; `floor`: Q >= (Delta_0 - g -
Delta)/r, and `least`: Q >= q_1. While Delta >= Delta_e, for theta the square of the bound of `drift` over 2 mu Delta:
`fall`: Delta' <= -2 mu theta Delta (Delta_0 - g - Delta)/r; this takes at most tau_e, `middle`, the integral of Delta
is at most B, `mass`, and log|a| changes by at most what `grown` says. Afterwards, if g <= Delta_e/8, 36 n Delta_e <=
r_0^2, 4 nu ||x_k|| <= r_0 and (3/2) sqrt(M Delta_e) + R_2 nu <= r_0 X c^2/(8 n): `last`: until all neurons with a < 0
are dead or act linearly on the data no log|a| of theirs grows by more than 1/2; `path`: the integral of ||D|| after t_0
is at most Lambda. With W the sum of the three bounds on log|a|, `number`: N <= C_0 lambda^2 e^{2 W}, and this is below
nu for all lambda below `scale`.

Source: this project.
Proved in SymPy from the relations of spurious.negative-neurons and spurious.bundle-growth. What is left is calculus:
comparison of scalar functions, and that N <= nu is not the first inequality to fail. Tested along flows from the
certified scale, from starts next to repellers.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from .....theory.formal.derivation import Goal
from .....theory.spurious.every_start import data_only_scale as scale
from ....cases.spurious.every_start.repellers import RepellerCase, repeller_cases
from ....claim.evidence import Margin, property_check, symbolic
from ....claim.statement import Claim, Mutant, Predicate, Source
from ....measure.spurious.every_start.data_only_scale import along_the_stages

STATEMENT = Predicate(
    "the scale of Theorem A'",
    r"|L-L_{\mathrm{lin}}|,\, L_{\mathrm{lin}}-L_0 \le $gap =: g;\ \kappa_1 = $level;\ Q \ge $floor,\ Q \ge $least;\ "
    r"\langle D, v\rangle \ge $barrier;\ \lVert D\rVert \ge $drift;\ \Delta' \le $fall,\ t_e - t_0 \le $middle,\ "
    r"\int_{t_0}^{t_e}\Delta \le $mass,\ |\log(|a(t_e)|/|a(t_0)|)| \le $grown,\ \log(|a(t)|/|a(t_e)|) \le $last;\ "
    r"\int_{t_0}\lVert D\rVert \le $path;\ N \le $number \le \nu \text{ if } \lambda \le $scale",
    dict(scale.BOUNDS),
)


def _times(name: str, factor: sympy.Expr | int) -> Predicate:
    return STATEMENT.altered(**{name: factor * scale.BOUNDS[name]})


CLAIM = Claim(
    id="spurious.data-only-scale",
    title="Theorem A' with numbers: what neurons with a < 0 can do until all act linearly, and the scale lambda_0",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "three points in the plane, (C) and the starts of spurious.data-only; q_0 <= c_C/(2 M), q_0 ||x_k|| <= y_k",
        "N <= nu so far; kappa_1 > 2 g, Delta_e < Delta_0 - kappa_1 + g, sqrt(2 mu (Delta_e - g)) > R_2 nu",
        "g <= Delta_e/8, 36 n Delta_e <= r_0^2, 4 nu ||x_k|| <= r_0, (3/2) sqrt(M Delta_e) + R_2 nu <= r_0 X c^2/(8 n)",
    ),
    scope="every width and every start of Theorem A'; tested on T(eta) data, eta < 1/6, from 2 to 5 neurons, at the "
    "certified scale",
    source=Source("this project", "Theorem A', the scale", "9.3"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "half the gap",
            _times("gap", sympy.S.Half),
            "n = 1, x = y = 1, h_- = -nu: where beta_P is 0 at T and 2 + 2 nu later, L is the same, and L_lin - L_0 = "
            "2 nu + 2 nu^2 = g",
        ),
        Mutant(
            "twice the level",
            _times("level", 2),
            "d = 1, one neuron with w = a sqrt(3)/2 and Q = q_0 = c_C/(2 M): <b, S> - S^T H S/2 = 0.68 c_C q_0",
        ),
        Mutant("twice the floor", _times("floor", 2), "d = 1, one balanced neuron: Delta_0 - Delta = r Q + O(Q^2)"),
        Mutant("twice the drift", _times("drift", 2), "d = 1, no neuron with a < 0: ||D||^2 = 2 mu Delta"),
        Mutant(
            "four times the fall",
            _times("fall", 4),
            "d = 1, one balanced neuron, Q small: Delta' = -2 Q D^2 with Q = (Delta_0 - Delta)/r to first order",
        ),
        Mutant(
            "an eighth of the time",
            _times("middle", sympy.Rational(1, 8)),
            "d = 1, one balanced neuron: near the fit Delta' = -4 mu ||beta*|| Delta, ||beta*|| = 2 Delta_0/r, so that "
            "from Delta = 1e-9 Delta_0 to half of it takes a quarter of the time",
        ),
        Mutant(
            "half the growth",
            _times("grown", sympy.S.Half),
            "n = 1, x = y = 1, a balanced neuron with h = 0: (log|a|)' = 1 = sqrt(2 L R_2)",
        ),
        Mutant(
            "N grows as |a|",
            STATEMENT.altered(number=scale.BOUNDS["number"].subs(2 * scale.growth, scale.growth)),
            "one neuron whose log|a| has grown by W: a^2 has grown by e^{2 W}",
        ),
        Mutant("twice the scale", _times("scale", 2), "C_0 lambda^2 e^{2 W} = 4 nu"),
    ),
    depends_on=("spurious.every-start", "spurious.negative-neurons", "spurious.bundle-growth", "spurious.data-only"),
)


@symbolic()
def the_constants_close_the_argument(statement: Predicate) -> Iterable[Goal]:
    """Each bound follows from the relations of the neurons with a < 0 and of the bundle."""
    return scale.goals(statement.parameters)


@property_check(repeller_cases, quick=4, full=40)
def the_flow_keeps_the_bounds(statement: Predicate, case: RepellerCase) -> Margin:
    """The flow from the certified scale: Q, Delta, N and the time of the middle stage beside their bounds."""
    return along_the_stages(statement, case)
