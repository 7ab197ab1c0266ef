"""Theory.md 9.3: what neurons with a < 0 can do on three points in the plane, whatever their angles at the start.

Theorem. Square loss, ReLU, y_k > 0. Let N be the sum of a^2 over the live neurons with a < 0 (they are dominated), h_-
<= 0 their output, beta_P = sum a w over the live neurons with a > 0, which are active on all points, Q = sum a^2 over
these, D the drift of a neuron that is active on all points, L_lin the loss of linear predictors, Delta_P =
L_lin(beta_P) - L(beta*), R_2 = (1/n) sum ||x_k||^2.

`falls`: while all pulls are >= 0, no |a| of a neuron with a < 0 grows. `gap`: |L - L_lin(beta_P)| <= N sqrt(2 L R_2) +
N^2 R_2/2. `speed`: |(log|a|)'| <= sqrt(2 L R_2). `loss`: L' <= -q_1 mu Delta_P if Q >= q_1 and R_2 N <= (sqrt(2) - 1)
sqrt(mu Delta_P). `off`: |p_k - r_k| <= sqrt(2 n Delta_P) + N ||x_k||, with the residuals r_k at beta*. A neuron with a
< 0 that is active on all points but x_l, p_l > 0, with gamma = -<w, x_l>/|a|: `mixed`: (log|a|)' <= ||D||. `turns`:
gamma' <= -(p_l/n) (||x_l||^2 - gamma^2) + 2 ||D|| ||x_l||. `reach`: gamma <= ||x_l|| sqrt(1 - c^2) if it is active on a
point whose cosine with x_l is c > 0. `back`, `kept`: <w, x_l>'/|a| >= p_l ||x_l||^2/n - ||D|| ||x_l||, and likewise <w,
x_2>'/|a| >= p_l <x_2, x_l>/n - ||D|| ||x_2||. `alone`: a neuron with a < 0 that is active on x_l only has xi' =
-(p_l/n) (||x_l||^2 - xi^2) for xi = <w, x_l>/|a|.

Source: this project.
Proved in SymPy, from the model's equations of motion and its loss.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from .....theory import model
from .....theory.formal.derivation import Goal
from .....theory.spurious.every_start import data_only
from ....cases.spurious.every_start.negative import one_point_missed
from ....claim.evidence import symbolic
from ....claim.statement import Claim, Mutant, Relations, Source

STATEMENT = Relations(data_only.STATEMENT)


def _with(name: str, bound: sympy.Expr) -> Relations:
    relation = STATEMENT[name]
    return STATEMENT.altered(**{name: relation.func(relation.args[0], bound, evaluate=False)})


CLAIM = Claim(
    id="spurious.negative-neurons",
    title="Near the fit of three points neurons with a < 0 hardly grow: they die, or come to act linearly on the data",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "square loss, ReLU, y_k > 0; dominated neurons; those with a > 0 are active on all points",
        "falls: all pulls are >= 0; loss: Q >= q_1 and R_2 N <= (sqrt(2) - 1) sqrt(mu Delta_P)",
        "mixed, turns, back, kept: a < 0, active on all points but x_l; reach: a < 0, not active on x_l, active on a "
        "point whose cosine with x_l is c > 0",
        "alone: a < 0, active on x_l only",
    ),
    scope="every width, dimension and data set; gamma = -<w, x_l>/|a|, X_l = ||x_l||, X_2 = ||x_2||, g = <x_2, x_l>, "
    "xi = <w, x_l>/|a|",
    source=Source("this project", "Theorem A', steps 1 to 4", "9.3"),
    needs=("symbolic",),
    mutants=(
        Mutant(
            "the gap without its first term",
            _with("gap", data_only.negative**2 * data_only.mean_square / 2),
            "n = 1, x = 1, y = 1, beta_P = 0 and one neuron with a = -1, w = 1: L - L_lin = 2 - 1/2 while N^2 R_2/2 = "
            "1/2",
        ),
        Mutant(
            "half the speed",
            _with("speed", data_only.STATEMENT["speed"].args[1] / 2),
            "n = 1, x = 1, y = 1, a balanced neuron with h = 0: (log|a|)' = 1 = sqrt(2 L R_2)",
        ),
        Mutant(
            "twice the fall of the loss",
            _with("loss", 2 * data_only.STATEMENT["loss"].args[1]),
            "n = d = 1, x = 1, Q = q_1, N small and one neuron with w close to 0: L' = -Q D^2 - w^2 D^2, D^2 = 2 mu "
            "Delta_P (1 + o(1)); with R_2 N = (sqrt(2) - 1) sqrt(mu Delta_P) against D it is D^2 = mu Delta_P",
        ),
        Mutant(
            "gamma falls by the whole pull",
            _with("turns", data_only.STATEMENT["turns"].args[1] - data_only.pull * data_only.inside**2 / model.n),
            "D = 0: gamma' = -(p_l/n) (||x_l||^2 - gamma^2)",
        ),
        Mutant(
            "gamma up to ||x_l|| times half the sine",
            _with("reach", data_only.STATEMENT["reach"].args[1] / 2),
            "a balanced neuron orthogonal to x_1, on the far side of x_l",
        ),
        Mutant(
            "alone without the square of xi",
            _with("alone", -data_only.pull * data_only.norm**2 / model.n),
            "a balanced neuron along x_l: xi = ||x_l|| and xi' = 0",
        ),
    ),
    depends_on=("flow.domination", "early.field-deviation"),
    names={
        "size_rate": "|a|' of a neuron with a < 0",
        "gap": "|L - L_lin(beta_P)|",
        "growth_rate": "|(log|a|)'| of any neuron",
        "loss_rate": "L'",
        "off_k": "|p_k - r_k|",
        "log_rate": "(log|a|)'",
        "gamma_rate": "gamma'",
        "gamma": "-<w, x_l>/|a|",
        "rise_l": "<w, x_l>'/|a|",
        "rise_2": "<w, x_2>'/|a|",
        "xi_rate": "xi'",
    },
    examples=one_point_missed,
)


@symbolic()
def each_bound_follows_from_the_flow_and_the_loss(statement: Relations) -> Iterable[Goal]:
    """One neuron with a < 0 in the drift D - p_l x_l/n, and (1/n) sums over the points; Cauchy-Schwarz."""
    return data_only.goals(statement.relations)
