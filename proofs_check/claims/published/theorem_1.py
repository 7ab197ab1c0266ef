"""Theorem 1 of Boursier and Flammarion (page 7), part (ii), as printed: one threshold for every epsilon. It is false.

As printed. Let the data be generic, without saddle, tau = epsilon log(1/lambda)/D_max, 0 < epsilon < 1/3. For lambda
below a threshold lambda* that depends on the data and alpha_0 (equation (21) gives it) every neuron that meets
Condition 1 has at tau a drift D(w_j, 0) that is extremal or 0, and a direction near it.

Counterexample: the published points, alpha_0 = 1, m = 1, a = lambda, w = lambda (-4/5, -29/50), any lambda < 1. Up to
the time 1/200 the neuron stays in its first cell, where its drift is D = (-11/40, 11/30), neither extremal nor 0; and
tau < 1/200 for small epsilon. Reading: a threshold that does not depend on epsilon, or that of (21), which stays
above a positive number for all epsilon <= 1/4. If lambda* may depend on epsilon and is made smaller, for example at
most exp(-t_2 D_max/epsilon), the statement is right: `early.alignment` tests it, with the exponents.

Refuted in exact rationals. The same start fails at epsilon = 1/4 and lambda = 1/100 too (theory.md 8.1).
"""

from __future__ import annotations

from fractions import Fraction

from ...cases.early.early_starts import SMALL_ENOUGH, EarlyStart, early_starts
from ...claim.evidence import Certificate, Margin, Run, certified, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.early.alignment import fates_at_tau, widths
from ...measure.published.theorem_1 import first_cell

STATEMENT = Predicate(
    "early alignment with one threshold",
    r"\exists\, \lambda^*($threshold)\ \forall \lambda < \lambda^*:\quad D(w_j(\tau), 0) \text{ is extremal or } 0, "
    r"\text{ and } \angle(w_j, \pm D) \to 0 \text{ or } $pinned",
    {"threshold": "data", "pinned": "on its ray"},
    words={
        "threshold": {"data": r"\text{data}, \alpha_0", "epsilon": r"\text{data}, \alpha_0, \varepsilon"},
        "pinned": {"on its ray": r"w_j \text{ is on its ray}"},
    },
)

CLAIM = Claim(
    id="published.theorem-1",
    title="As printed: below one scale for all epsilon every drift at tau is extremal or 0 (false: tau may be early)",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(
        "Condition 1 for alpha_0: <D(w_j, 0), w_j> > -sqrt(1 - alpha_0^2) ||D(w_j, 0)|| ||w_j|| at the start",
        "generic data without saddle, dominated start, 0 < epsilon < 1/3, tau = epsilon log(1/lambda)/D_max",
    ),
    scope=f"the published points; for the true neighbour random data, {SMALL_ENOUGH}",
    source=Source("Boursier & Flammarion, JMLR 2025", "Theorem 1 (ii), page 7, and equation (21)", "8.1"),
    needs=("certified",),
    expected="refuted",
    repaired="early.alignment",
    mutants=(
        Mutant(
            "a threshold that depends on epsilon",
            STATEMENT.altered(threshold="epsilon"),
            "this is early.alignment, without its exponents: tau grows beyond every arrival time as lambda falls",
        ),
    ),
)


@certified(covers="instance")
def a_neuron_is_still_in_its_first_cell(statement: Predicate, run: Run) -> Certificate:
    """Condition 1, domination, the drift of the cell, and how far the neuron moves, in rationals at the start."""
    return first_cell(statement, Fraction(1, 200))


@property_check(lambda: early_starts(widths()), quick=8, full=80)
def at_a_scale_that_is_small_enough_it_holds(statement: Predicate, case: EarlyStart) -> Margin:
    """Fates and angles at tau, at a scale decided from the start and epsilon."""
    return fates_at_tau(statement, case)
