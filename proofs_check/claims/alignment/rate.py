"""Theory.md 3.4: how fast a neuron aligns with a constant drift.

Theorem. Let D be constant, r = ||D|| > 0, Dhat = D/r, omega = w/a, c = <omega, Dhat>, omega_perp = omega - c Dhat and
-1 < c0 = c(0) < 1. As t -> infinity,

    (1 - c(t)) e^{2rt} -> 2 (1 - c0)/(1 + c0),  ||omega_perp(t)|| e^{rt} -> 2 ||omega_perp(0)||/(1 + c0).

Hence, among dominated starts, c0 = -1 is the only one that never aligns.

Source: Boursier and Flammarion, JMLR 2025, early alignment of one neuron (restated).
Proved in SymPy, which takes both limits again from the exponential of the flow; both exponents and constants are
fitted to the reference flow.
"""

from __future__ import annotations

import sympy

from ....theory.alignment import constant_drift, rates
from ....theory.flow.lorentz import rate, time
from ....theory.formal.derivation import Goal, equal
from ...claim.evidence import Margin, Run, scaling, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...measure.alignment.rate import gap_between, steady

STATEMENT = Relations(rates.STATEMENT)
DERIVATIONS = (rates.derivation,)
_FAST, _SLOW = sympy.exp(2 * rate * time), sympy.exp(rate * time)

CLAIM = Claim(
    id="alignment.rate",
    title="1 - cosine decays like e^{-2rt}, the perpendicular part of omega like e^{-rt}, with explicit constants",
    kind="limit",
    statement=STATEMENT,
    hypotheses=("the drift D is constant, r = ||D|| > 0 and Dhat = D/r", "-1 < c0 = <omega(0), Dhat> < 1, omega = w/a"),
    scope="every dimension",
    source=Source(
        "Boursier & Flammarion, JMLR 2025", "equation (8), page 9, for a constant drift", "3.4", restated=True
    ),
    needs=("symbolic", "scaling"),
    mutants=(
        Mutant(
            "the two rates exchanged",
            STATEMENT.altered(
                cosine=equal(sympy.Limit((1 - constant_drift.cosine) * _SLOW, time, sympy.oo), rates.cosine_limit),
                perpendicular=equal(
                    sympy.Limit(rates.perpendicular * _FAST, time, sympy.oo), rates.perpendicular_limit
                ),
            ),
            "c0 = 0: 1 - c = 1 - tanh(rt), so (1 - c) e^{rt} -> 0, not 2",
        ),
        Mutant(
            "half the constant",
            STATEMENT.altered(cosine=equal(STATEMENT["cosine"].args[0], rates.cosine_limit / 2)),
            "c0 = 0: (1 - tanh(rt)) e^{2rt} = 2/(1 + e^{-2rt}) -> 2, not 1",
        ),
    ),
    depends_on=("alignment.closed-form",),
    names={
        "c": "the cosine <omega(t), Dhat>",
        "omega_perp": "the norm of omega_perp(t) in units of its start",
    },
)


@symbolic()
def the_limits_are_recomputed(statement: Relations) -> tuple[Goal, ...]:
    """Each limit, taken again from the exponential of the flow, minus its stated value."""
    return rates.goals(statement.relations)


@scaling()
def exponents_and_constants_of_the_reference_flow(statement: Relations, run: Run) -> Margin:
    """Fit log(1 - c) and log||omega_perp|| of the reference flow against r t, between r t = 3 and 6.

    With q = (1 - c0)/(1 + c0) both quantities are their asymptote divided by 1 + q e^{-2rt}: a remainder of q e^{-2rt}.
    """
    margins = [
        gap_between(statement, name, case)
        for case in (steady(run.rng) for _ in range(run.choose(4, 40)))
        for name in ("cosine", "perpendicular")
    ]
    return max(margins, key=lambda margin: margin.ratio)
