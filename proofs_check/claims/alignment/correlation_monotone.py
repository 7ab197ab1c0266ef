"""Theory.md 3.6: the correlation of a direction with the pulls never decreases along the frozen flow.

Theorem. Let G(w) = (1/n) sum_k p_k(0) sigma(<w, x_k>), p_k(0) the pull -dl/dh of point k at h = 0 and sigma(z) =
max(z, g z). Along the frozen flow (h = 0, drift in frakD(w, 0)), as long as a keeps its sign and w != 0,

    d/dt (sign(a) G(w)/||w||) >= 0,

for every dimension, data set, leak and loss, across changes of pattern and while the neuron slides.

Source: Maennel, Bousquet and Gelly 2018; Boursier and Flammarion, JMLR 2025, the potential G (restated).
Proved in SymPy: the derivative is |a| ||e||^2/||w|| with e the part of D orthogonal to w, and on a face every slope
gives the same G. Tested along the reference flow and along the paths from which fates are predicted (theory.md 3.9).
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from ....theory.alignment import correlation
from ....theory.formal.derivation import Goal, at_least
from ...cases import neuron_examples
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin, property_check, symbolic
from ...claim.statement import Claim, Mutant, Source
from ...measure.alignment.correlation_monotone import growth_along_the_path, growth_along_the_reference, moving_cases

DERIVATIONS = (correlation.derivation,)

CLAIM = Claim(
    id="alignment.correlation-monotone",
    title="sign(a) G(w)/||w|| never decreases along the frozen flow, across events and while sliding",
    kind="inequality",
    statement=correlation.STATEMENT,
    hypotheses=(
        "frozen flow: h = 0 and D in frakD(w, 0); G(w) = (1/n) sum_k p_k(0) sigma(<w, x_k>), p_k(0) the pulls at h = 0",
        "a keeps its sign and w != 0 (always so for a balanced neuron)",
    ),
    scope="every dimension, data set, leak and loss; crossings and sliding included",
    source=Source(
        "Maennel, Bousquet & Gelly 2018; Boursier & Flammarion, JMLR 2025",
        "the function G, equation (7), page 6",
        "3.6",
        restated=True,
    ),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "G(w)/||w|| itself",
            at_least(sympy.Derivative(correlation.correlation / correlation.norm, sympy.Symbol("t")), 0),
            "n = 1, d = 2, x = (1, 0), y = 1, a = -sqrt(2), w = (1, 1): D = (1, 0), and w = (1 - sqrt(2) t + .., 1) "
            "turns away from it, so that G(w)/||w|| falls from 1/sqrt(2)",
        ),
        Mutant(
            "it never increases",
            at_least(-sympy.Derivative(correlation.quantity, sympy.Symbol("t")), 0),
            "n = 1, d = 2, x = (1, 0), y = 1, a = sqrt(2), w = (1, 1): w turns towards x, and G(w)/||w|| grows",
        ),
    ),
    depends_on=("flow.equations",),
    names={
        "G": "the correlation G(w) along the frozen flow",
        "a": "the output weight along the frozen flow",
        "||w||": "the norm of the inner weights along the frozen flow",
    },
    examples=neuron_examples.frozen_neuron,
)


@symbolic()
def its_derivative_is_a_square(statement: sympy.Basic) -> Iterable[Goal]:
    """|a| ||e||^2/||w|| with e the part of D orthogonal to w, for either sign of a; on a face all slopes give one G."""
    return correlation.goals(statement)


@property_check(moving_cases, quick=15, full=300)
def it_grows_along_the_frozen_reference_flow(statement: sympy.Basic, case: FlowCase) -> Margin:
    """G summed point by point along the reference flow, at 33 times and just before and after every event."""
    return growth_along_the_reference(statement, case)


@property_check(moving_cases, quick=25, full=600)
def it_grows_along_the_closed_form_path(statement: sympy.Basic, case: FlowCase) -> Margin:
    """The same at 97 times of the path in closed form between events, from which fates are predicted."""
    return growth_along_the_path(statement, case)
