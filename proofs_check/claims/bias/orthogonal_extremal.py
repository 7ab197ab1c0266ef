"""Theory.md 6.1: the extremal vectors of orthogonal data, and where the neurons go.

Theorem. Let <x_k, x_l> = 0 for k != l, x_k != 0 and y_k != 0 (ReLU, square loss). The extremal vectors are the

    D_I = (1/n) sum_{k in I} y_k x_k,  I not empty, in {y > 0} (seen by a > 0) or in {y < 0} (seen by a < 0).

Only D_+ and D_-, those of all points of one sign, attract a neighbourhood. Under the frozen flow a neuron aligns with
D_I if sign(a) is the sign that sees D_I and it starts active exactly on I among the points with y_k a > 0.

Source: Boursier and Flammarion, JMLR 2025, orthogonal data (restated).
That each slope agrees with the sign that it produces is proved in SymPy for every n and d. The list, with signs and
stability, is certified on random rational data of up to 5 points; the frozen flow of random starts is tested.
"""

from __future__ import annotations

from collections.abc import Iterator

from ....theory.bias import orthogonal
from ....theory.formal.derivation import Goal
from ...claim.draws import st
from ...claim.evidence import Certificate, Margin, Run, certified, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.bias.orthogonal_extremal import ends_of_starts, enumeration_beside_the_formula, partial_list

STATEMENT = Predicate(
    "extremal vectors of orthogonal data",
    r"\{D \text{ extremal}\} = \{D_I = \tfrac1n \textstyle\sum_{k \in I} y_k x_k : \emptyset \ne I \subseteq "
    r"$mixed\};\quad \text{a neighbourhood is attracted $attracting,"
    r"\quad D_I \text{ collects the starts active exactly on } I \text{ among the points of its sign}",
    {"attracting": "whole sides", "mixed": False},
    words={
        "attracting": {"whole sides": "only by } D_+, D_-", "all": "by every } D_I"},
        "mixed": {False: r"\{y > 0\} \text{ or } I \subseteq \{y < 0\}", True: r"\{1, \dots, n\}"},
    },
)

CLAIM = Claim(
    id="bias.orthogonal-extremal",
    title="On orthogonal data the extremal vectors are the D_I of points of one sign; only D_+ and D_- attract a "
    "neighbourhood",
    kind="equivalence",
    statement=STATEMENT,
    hypotheses=("ReLU, square loss", "<x_k, x_l> = 0 for k != l, x_k != 0, y_k != 0"),
    scope="exact on random rational data of up to 5 orthogonal points in R^5; the lemma on slopes for every n and d",
    source=Source("Boursier & Flammarion, JMLR 2025", "orthogonal data", "6.1", restated=True),
    needs=("certified", "symbolic"),
    mutants=(
        Mutant(
            "every D_I attracts a neighbourhood",
            STATEMENT.altered(attracting="all"),
            "x = (1, 0), (0, 1) and y = (1, 1): near D_{1} = (1/2, 0), w = (1, e) with e > 0 is active on both points "
            "and goes to (1/2, 1/2)",
        ),
        Mutant(
            "I may hold points of both signs",
            STATEMENT.altered(mixed=True),
            "x = (1, 0), (0, 1) and y = (1, -1): D_{1,2} = (1/2, -1/2) is active on the first point only, where the "
            "drift is (1/2, 0), and -D_{1,2} on the second only",
        ),
    ),
    depends_on=("alignment.extremal-vectors",),
)


@symbolic(covers="lemma")
def each_slope_agrees_with_the_sign_it_produces(statement: Predicate) -> Iterator[Goal]:
    """<D, x_k> = eta_k y_k ||x_k||^2/n: so eta_k is 0 or 1 where y_k has the sign that sees D, and 0 elsewhere."""
    yield from orthogonal.goals()


@certified(covers="instance")
def the_enumeration_finds_these_and_no_others(statement: Predicate, run: Run) -> Certificate:
    """All extremal vectors of random orthogonal data, with signs and stability, in exact rationals."""
    return enumeration_beside_the_formula(statement, run)


@property_check(lambda: st.integers(0, 10**9), covers="lemma", quick=2, full=40)
def a_partial_list_says_how_many_there_are(statement: Predicate, seed: int) -> Margin:
    """Seven points of one sign and one of the other, which have 2^7 + 2^1 - 2 vectors: more than are listed.

    Their number is right, those listed are among them, what twelve neurons reach is listed, and the list is called
    complete only when it holds all of them.
    """
    return partial_list(statement, seed)


@property_check(lambda: st.integers(0, 10**9), quick=20, full=150)
def starts_go_to_the_points_they_are_active_on(statement: Predicate, seed: int) -> Margin:
    """Sixteen starts under the frozen flow: a neuron ends at the D_I of its active points of its sign, I not empty.

    If I is empty, it loses the other points, and ends dead or pinned.
    """
    return ends_of_starts(statement, seed)
