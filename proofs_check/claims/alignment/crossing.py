"""Theory.md 3.5: when a neuron meets a hyperplane under a constant drift.

Theorem. Let the drift D be constant, r = ||D|| > 0, Dhat = D/r, and for a point x let beta = <w(0), Dhat> <Dhat, x>,
alpha = <w(0), x> - beta and gamma = a(0) <Dhat, x>. With E = e^{rt},

    2 E <w(t), x> = P(E) = (beta + gamma) E^2 + 2 alpha E + (beta - gamma),

so that the neuron first meets the hyperplane of x at the smallest root E > 1. If |a(0)| >= |<w(0), Dhat>|, as for every
dominated neuron, there is at most one such root, unless P vanishes identically.

Source: Boursier and Flammarion, JMLR 2025, early alignment of one neuron (restated).
The identity and the number of roots are proved in SymPy and by Coq, and tested on hyperplanes that the reference flow
meets; that the first event is at the smallest root is tested on random data.
"""

from __future__ import annotations

import sympy

from ....theory.alignment import crossing
from ....theory.formal.derivation import Goal
from ...cases import neuron_examples
from ...cases.alignment.constant_drift import dominated_cases
from ...cases.strategies import FlowCase
from ...claim.evidence import Margin, kernel, property_check, symbolic
from ...claim.statement import Claim, Mutant, Relations, Source
from ...coq.document import Document
from ...coq.theorems import alignment
from ...measure.alignment.crossing import any_domination, first_event, met_once

STATEMENT = Relations(crossing.STATEMENT, crossing.HYPOTHESES)
DERIVATIONS = (crossing.derivation,)

CLAIM = Claim(
    id="alignment.crossing",
    title="A neuron meets a hyperplane at a root E = e^{rt} > 1 of a quadratic, once at most if it is dominated",
    kind="equality and uniqueness",
    statement=STATEMENT,
    hypotheses=(
        "the drift D is constant, r = ||D|| > 0 and Dhat = D/r; E = e^{rt}",
        "w_x = <w(0), x>, D_x = <Dhat, x> and w_along = <w(0), Dhat>",
        "only the number of roots needs the next hypothesis, which holds for every dominated neuron",
    ),
    scope="every dimension, point x and t > 0",
    source=Source("Boursier & Flammarion, JMLR 2025", "early alignment of one neuron", "3.5", restated=True),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "at most one root without domination",
            STATEMENT.altered(dominated=sympy.true),
            "r = 1, Dhat = (1, 0), w(0) = (-5, 4), a(0) = 4, x = (1, 13/16): <w, x> = 13/4 - E/2 - 9/(2E) vanishes at "
            "E = 2 and at E = 9/2",
        ),
        Mutant(
            "gamma with the wrong sign",
            STATEMENT.altered(
                gamma=sympy.Eq(crossing.gamma, -STATEMENT["gamma"].args[1], evaluate=False),
            ),
            "w(0) = 0, a(0) = 1, Dhat = x = (1), r = 1: <w, x> = sinh t, not -sinh t",
        ),
    ),
    depends_on=("alignment.closed-form",),
    names={
        "alpha": "the constant term of <w(t), x>",
        "beta": "the coefficient of cosh rt in <w(t), x>",
        "gamma": "the coefficient of sinh rt in <w(t), x>",
        "2 E <w(t), x>": "twice E = e^{rt} times the preactivation at time t",
        "#{t > 0 : <w(t), x> = 0}": "the number of roots E > 1, where <w(t), x> does not vanish for all t",
        "a_0": "the output weight at time 0",
    },
    examples=neuron_examples.hyperplane,
)


@symbolic()
def the_polynomial_is_the_preactivation(statement: Relations) -> tuple[Goal, ...]:
    """P(e^{rt}) = 2 e^{rt} <w(t), x>; and a(t), to which d<w, x>/dt is proportional, keeps its sign if dominated."""
    return crossing.goals(statement.by_name)


@kernel()
def coq_accepts_the_polynomial_and_the_single_root(statement: Relations) -> Document:
    """P(e^{rt}) = 2 e^{rt} <w(t), x>, and two roots of a dominated neuron make <D, x> vanish."""
    return alignment.crossing_times(statement.by_name)


@property_check(any_domination, quick=20, full=400)
def it_is_met_once(statement: Relations, case: FlowCase) -> Margin:
    """Take w(T) from the reference flow, and x orthogonal to it as close to Dhat as possible: e^{rT} is a root.

    If the neuron is dominated, the stated polynomial has no more roots above 1 than stated.
    """
    return met_once(statement, case)


@property_check(dominated_cases, quick=10, full=200)
def the_first_event_is_the_smallest_root(statement: Relations, case: FlowCase) -> Margin:
    """The smallest root over all points beside the first events of the reference flow and of the frozen flow."""
    return first_event(statement, case)
