"""Theory.md 9.1: the cone condition (C) of Theorem A on three points, with its sharp constant.

Theorem. On T(eta), eta > 0, let K = {w : <w, x_k> > 0 for all k}, b = (1/n) sum y_k x_k and H = (1/n) sum x_k x_k^T.
The condition

    (C)  <b - H beta, v> > 0 for v = x_1, x_3 and every beta in the closure of K with <beta, v> = 0 and
         beta^T H beta <= 2 <b, beta>

holds for all data in T(eta) if eta < eta_C = 0.1985547871..., a root of a polynomial of degree seven, and in particular
on T(1/6); for eta > eta_C it fails for some data in T(eta). Under (C) small networks of every width and every start end
at the least-squares fit (Theorem A of theory.md 9.1).

Source: this project; it replaces Assumption 5 of Boursier and Flammarion, JMLR 2025.
Proved in SymPy over the whole box by Bernstein coefficients. At eta_C the two sides are equal at a corner of the
closure of T(eta), where their difference changes its sign. Also checked in rationals on random data.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Rational

from .....numerics.data.dataset import Dataset
from .....theory.positivity.algebraic import Root
from .....theory.spurious.every_start import cone_condition
from ....cases.spurious.three_points import assumption_in_words, three_points
from ....claim.evidence import Margin, Obligation, property_check, symbolic
from ....claim.statement import Claim, Mutant, Predicate, Source
from ....measure.spurious.every_start.cone_condition import beside_the_definition, holds_up_to_the_constant
from ....sharp.latex import root_in_latex

STATEMENT = Predicate(
    "the cone condition holds on T(eta)",
    r"\langle b - $facet H\beta, v\rangle > 0 \text{ for } v \in \{x_1, x_3\},\ "
    r"\beta \in \overline{K} \cap v^\perp,\ \beta^\top H\beta \le 2\langle b,\beta\rangle \quad "
    r"\text{on all of } T(\eta) \text{ for } \eta < $largest",
    {"largest": cone_condition.LARGEST, "facet": 1},
    words={"largest": root_in_latex, "facet": {1: "", 2: "2"}},
)

CLAIM = Claim(
    id="spurious.cone-condition",
    title="On three points T(eta) the cone condition of Theorem A holds up to eta = 0.198554787..., hence on T(1/6)",
    kind="sharp constant",
    statement=STATEMENT,
    hypotheses=(
        assumption_in_words("eta > 0"),
        "K: <w, x_k> > 0 for all k; b = (1/n) sum y_k x_k, H = (1/n) sum x_k x_k^T",
    ),
    scope="all data in T(eta), all eta below the constant; beyond it data next to the corner x = (-1 + e, 1), "
    "(-e, 1 + e), (1 - e, 1 + e), y = (1, 0, 1 + e)",
    source=Source("this project", "Theorem A, cone condition", "9.1"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "up to 1/5",
            STATEMENT.altered(largest=Root.rational(Rational(1, 5))),
            "at e = 0.1998 and y_2 = e/1000 the data next to the corner violate it",
        ),
        Mutant(
            "not beyond 1/6",
            STATEMENT.altered(largest=Root.rational(Rational(1, 6))),
            "0.19 < eta_C: it still holds on all of T(0.19)",
        ),
        Mutant(
            "twice the fit on the facets",
            STATEMENT.altered(facet=2),
            "x = (-9/10, 1), (0, 1), (9/10, 1), y = (1, 1/20, 1): at the end of the facet of x_1, beta = t e with e = "
            "(1, 9/10) and t = 2 <b, e>/<e, He>, twice the image H beta is too long",
        ),
    ),
)


@symbolic()
def it_holds_up_to_the_constant_and_not_beyond(statement: Predicate) -> Iterator[Obligation]:
    """Bernstein coefficients below it; at it a corner with a polynomial that has the constant as a simple root."""
    yield from holds_up_to_the_constant(statement["largest"], statement["facet"])


@property_check(lambda: three_points(19), quick=60, full=600)
def the_definition_agrees(statement: Predicate, data: Dataset) -> Margin:
    """The condition by its definition on both facets, in rationals, for data in T(eta), eta up to 19/96 = 0.1979."""
    return beside_the_definition(statement, data)
