"""Theory.md 9.1: sharper times of phase one, as `certify --every-start` uses them.

Theorem. ReLU, y_k > 0, <x_k, x_l> > 0 for all points, a dominated start, no neuron on a hyperplane, omega = w/|a|,
D_A = (1/n) sum_{k in A} y_k x_k, 0 < zeta < 1, 0 < xi < 1. Let S = sum a_j^2 <= (1 - zeta) min_k y_k/||x_k|| up to some
time. Up to that time p_k >= zeta y_k, and:

(1a) A neuron with a > 0 that is active on the points of A != {} at the start is active on x_l from the time
||z_kl||/(zeta <D_A, x_l>) on, for every k in A; z_kl is the part of x_l that is orthogonal to x_k. Cells A are enough.
(1b) Let ||D - D_A|| <= xi r u_0, r = ||D_A||, u_0 <= 1. A neuron with a < 0 that has tan(theta/2) >= u_0 when A becomes
its active set leaves A within the time log(1/((1 - xi) u_0))/r; theta is as in spurious.phase-one.

Source: this project. With zeta = xi = 1/2, and pairs of points in place of cells, these are the times of Theorem A.
Proved in SymPy for every dimension, width and number of points: the rate from the model's equations of motion, the
bound of <omega, x_l> at the start, and the solution of u' = r u - rho. What is left is calculus: the comparison with
this solution, and that <omega, x_l> grows by the rate times the time. Tested along the reference flow, over all cells.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from .....theory.formal.derivation import Goal
from .....theory.formal.printing import to_latex
from .....theory.spurious.every_start import phase_one, sharper_times
from ....cases.spurious.every_start.positive import PositiveCase, positive_cases
from ....claim.evidence import Margin, property_check, symbolic
from ....claim.statement import Claim, Mutant, Predicate, Source
from ....measure.spurious.every_start.sharper_times import active_and_dead_in_time

STATEMENT = Predicate(
    "sharper times of phase one",
    r"a > 0:\ t \ge $activation \implies \langle w, x_l\rangle > 0;\qquad "
    r"a < 0:\ \text{active exactly on } A \text{ no longer than } $stay",
    {"activation": sharper_times.ACTIVATION, "stay": sharper_times.STAY},
    words={"activation": to_latex, "stay": to_latex},
)

CLAIM = Claim(
    id="spurious.sharper-times",
    title="Neurons activate in a time that depends on their cell, and die in times that hardly depend on the errors",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "ReLU, y_k > 0, <x_k, x_l> > 0 for all points; dominated start, no neuron on a hyperplane; S <= (1 - zeta) "
        "min y_k/||x_k|| up to the time t",
        "a > 0: active exactly on the points of A at the start, A not empty, k in A, x_l not in A",
        "a < 0: r = ||D_A||, ||D - D_A|| <= xi r u_0, tan(theta/2) >= u_0 when A becomes the active set, u_0 <= 1",
    ),
    scope="every width, dimension, number of points and start; D_A = (1/n) sum_{k in A} y_k x_k, 0 < zeta, xi < 1",
    source=Source("this project", "Theorem A, steps (1a) and (1b)", "9.1"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "half the time of activation",
            STATEMENT.altered(activation=sharper_times.ACTIVATION / 2),
            "x = (1, 0), (4, 1), y = (1, 1), w next to (0, -1), frozen pulls: <omega, x_2> = 4 tanh(t/2) - sech(t/2) "
            "vanishes at t = 0.4949, and the stated time is 1/2",
        ),
        Mutant(
            "a stay as without errors",
            STATEMENT.altered(stay=sympy.log(1 / phase_one.entered) / phase_one.drift_norm),
            "u' = r u - rho with xi = 1/2, u_0 = 1/10: u = 11/20 at r t = log 10",
        ),
    ),
    depends_on=("flow.domination", "early.field-deviation", "spurious.phase-one"),
)


@symbolic()
def each_time_follows_from_the_flow(statement: Predicate) -> Iterable[Goal]:
    """Pulls, the depth at the start, the rate from the model's equations of motion, and the solution for u."""
    return sharper_times.goals(statement["activation"], statement["stay"])


@property_check(positive_cases, quick=10, full=150)
def the_flow_keeps_the_times(statement: Predicate, case: PositiveCase) -> Margin:
    """The reference flow of random dominated networks, over all cells, at scales that keep the pulls and the errors."""
    return active_and_dead_in_time(statement, case)
