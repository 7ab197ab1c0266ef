"""Theory.md 2.7: equivariances of the flow.

Theorem. If (a, w)(t) is a flow, so are
(a) (a, Qw)(t) on the inputs Q x_k, for Q orthogonal; (b) the same with points or neurons in another order;
(c) the flow in which a neuron (a_j, w_j) is replaced by two copies of (a_j, w_j)/sqrt(2);
(d) (a, w)(ct) for the loss cL, c > 0; (e) (a, w)(t) on the data set taken twice, as L is a mean.
Hypothesis: the start lies on no hyperplane of the data, where the flow is unique.

Source: this project; elementary.
Tested on random flows with crossings and sliding, each transformed flow beside the reference flow of the transformed
problem.
"""

from __future__ import annotations

import math

from ...cases.flow.equivariance import Symmetry, cases_by_hand, symmetries
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.flow.equivariance import image_beside_the_flow

STATEMENT = Predicate(
    "equivariance of the flow",
    r"(a, Qw)(t) \text{ on the data } $rotated,\ \text{points or neurons in another order},\ "
    r"$copy\big((a_j, w_j), (a_j, w_j)\big)(t),\ (a, w)($clock)\ \text{under}\ cL,\ "
    r"\text{the data set twice: these are flows again}",
    {"rotated": True, "copy": 1 / math.sqrt(2), "clock": 1},
    words={
        "rotated": {True: "(Qx_k, y_k)", False: "(x_k, y_k)"},
        "copy": {
            1 / math.sqrt(2): r"\tfrac{1}{\sqrt 2}",
            1.0: "",
            (1 + 1e-7) / math.sqrt(2): r"(1 + 10^{-7}) \tfrac{1}{\sqrt 2}",
        },
        "clock": {1: "ct", -1: "t/c"},
    },
)

CLAIM = Claim(
    id="flow.equivariance",
    title="Equivariances: rotations, permutations, splitting a neuron, multiplying the loss, duplicating the data set",
    kind="equality",
    statement=STATEMENT,
    hypotheses=("Q is orthogonal; c > 0; the start lies on no hyperplane of the data (the flow is then unique)",),
    scope="every width, dimension, data set, leak, square and logistic loss; crossings and sliding included",
    source=Source("this project", "symmetries of the loss and of its gradient flow", "2.7"),
    needs=("property",),
    mutants=(
        Mutant(
            "splitting without the 1/sqrt(2)",
            STATEMENT.altered(copy=1.0),
            "n = d = m = 1, x = y = a = w = 1, square loss: at rest, as h = 1 = y; with the neuron twice h = 2",
        ),
        Mutant(
            "splitting with 10^-7 more",
            STATEMENT.altered(copy=(1 + 1e-7) / math.sqrt(2)),
            "n = d = m = 1, x = y = a = w = 1, square loss: at rest, as h = 1 = y; split, h = (1 + 10^-7)^2",
        ),
        Mutant(
            "the clock runs the wrong way",
            STATEMENT.altered(clock=-1),
            "n = d = m = 1, x = y = 1, a = w = 1/2, square loss: a' = 3/8, under 2L it is 3/4, not 3/16",
        ),
        Mutant(
            "rotating the neurons alone",
            STATEMENT.altered(rotated=False),
            "n = m = 1, d = 2, x = (1, 0), y = a = 1, w = (1, 1)/2, Q a quarter turn, Qw = (-1, 1)/2: "
            "a' = 1/4, but the turned neuron is inactive and rests",
        ),
    ),
    depends_on=("flow.equations",),
)


@property_check(symmetries, quick=17, full=400, edges=cases_by_hand)
def the_image_is_the_flow_of_the_image(statement: Predicate, symmetry: Symmetry) -> Margin:
    """The mapped trajectory beside the reference flow of the mapped problem, at 17 times."""
    return image_beside_the_flow(statement, symmetry)
