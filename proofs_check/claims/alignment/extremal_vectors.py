"""Theory.md 3.7: extremal vectors are the fixed points of the frozen drift.

Theorem. Let A(w) be the activation pattern of w, and call D != 0 extremal if it lies in frakD(w, 0) for some w with
A(D) = A(w) or A(D) = -A(w). Then

    D is extremal  if and only if  D lies in frakD(sD, 0) for s = 1 or s = -1 (the sign of the neurons that see it).

There are finitely many, and the enumeration finds all of them. Let the directions on the face of D be independent, and
call D attracting if s p_k(0) < 0 on its face (pulls of parallel points added up, theory.md 3.7), one-sided if s p_k(0)
> 0 for some points of the face, but only for such whose slope is the leak or 1. Then D is attracting if and only if all
dominated neurons with sign(a) = s that start with their direction near sD align with D; near a one-sided vector only
some do. Hypotheses: rational data; any dimension, leak in [0, 1) and loss.

Source: Maennel, Bousquet and Gelly 2018; Boursier and Flammarion, JMLR 2025, Definition 1 and Lemma 3 (restated).
Certified on the published data sets: every cell and ray is decided in rationals. Tested on random data: the list
against all 3^n patterns, norms against exact squares, stability against the frozen flow, and each algorithm that the
list uses.
"""

from __future__ import annotations

from ...cases.alignment.enumeration import Member, Opposite, Refutation, members, opposite_points, refutations
from ...cases.alignment.extremal_vectors import MANY, EnumerationCase, small_problems, stable_problems
from ...claim.draws import st
from ...claim.evidence import Certificate, Margin, Run, certified, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.alignment.extremal_vectors import (
    beside_all_patterns,
    ends_of_nearby_starts,
    enumerated_completely,
    escapes_from_the_filter,
    longest_drift_found,
    norms,
)

STATEMENT = Predicate(
    "extremal vectors are the fixed points of the frozen drift",
    r"D \text{ extremal} \iff D \ne 0 \text{ and } D \in \mathfrak{D}(sD, 0) \text{ for some } s \in $seen_by"
    r"$on_faces;\quad \text{$keeps_all} \iff \text{all dominated starts with } \operatorname{sign} a = s \text{ near } "
    r"sD \text{ align with } D",
    {"seen_by": (1, -1), "on_faces": True, "keeps_all": ("attracting",)},
    words={
        "seen_by": {(1, -1): r"\{1, -1\}", (1,): r"\{1\}"},
        "on_faces": {True: "", False: r",\ \langle D, x_k\rangle \ne 0\ \forall k"},
        "keeps_all": " or ".join,
    },
)

CLAIM = Claim(
    id="alignment.extremal-vectors",
    title="Extremal vectors are the D in frakD(D, 0) or frakD(-D, 0); there are finitely many, and all are enumerated",
    kind="equivalence",
    statement=STATEMENT,
    hypotheses=(
        "extremal: D != 0 lies in frakD(w, 0) for some w with A(D) = A(w) or A(D) = -A(w), A the activation pattern",
        "stability: the directions on the face of D are independent (otherwise it is reported as undetermined)",
    ),
    scope="every data set, dimension, leak in [0, 1) and loss; rational data, exact arithmetic",
    source=Source(
        "Maennel, Bousquet & Gelly 2018; Boursier & Flammarion, JMLR 2025",
        "Definition 1 and Lemma 3, page 6",
        "3.7",
        restated=True,
    ),
    needs=("certified", "property"),
    mutants=(
        Mutant(
            "only D in frakD(D, 0) counts",
            STATEMENT.altered(seen_by=(1,)),
            "x = (1), y = -1, leak 0: w = 1 sees D = -1 with A(D) = -A(w), so D is extremal; but frakD(-1, 0) = {0}",
        ),
        Mutant(
            "only drifts of cells count",
            STATEMENT.altered(on_faces=False),
            "x = (1, 0), (0, 1) and y = (1, -1), leak 0: D = (1/2, 0) is extremal, and orthogonal to the second point",
        ),
        Mutant(
            "one-sided vectors attract a neighbourhood",
            STATEMENT.altered(keeps_all=("attracting", "one-sided")),
            "x = (1, 0), (0, 1) and y = (1, 1), leak 0: D = (1/2, 0) is one-sided; w = (1, e) with e > 0 is active on "
            "both points and ends at (1/2, 1/2)",
        ),
    ),
    depends_on=("alignment.fates",),
)


@certified(covers="instance")
def the_published_data_sets_are_enumerated_completely(statement: Predicate, run: Run) -> Certificate:
    """On the published data sets (the plane): all cells and rays, each decided by its definition in rationals."""
    return enumerated_completely(statement, run)


@property_check(stable_problems, quick=20, full=200)
def stability_is_what_the_flow_does(statement: Predicate, case: EnumerationCase) -> Margin:
    """Frozen flow from 128 starts within 1e-8 of each vector: all, some or none of them come back to it."""
    return ends_of_nearby_starts(statement, case)


@property_check(small_problems, quick=60, full=800)
def brute_force_finds_the_same(statement: Predicate, case: EnumerationCase) -> Margin:
    """All 3^n sign patterns in rationals against the enumeration, by each of its algorithms that accept any data."""
    return beside_all_patterns(statement, case)


@property_check(lambda: small_problems(MANY), covers="lemma", quick=25, full=250)
def the_norms_are_those_of_the_definition(statement: Predicate, case: EnumerationCase) -> Margin:
    """||D|| of every vector, D* and D_max, against exact squares; D_max by every pattern and every choice of slopes."""
    return norms(statement, case)


@property_check(opposite_points, covers="lemma", quick=25, full=250)
def branch_and_bound_finds_the_longest_drift(statement: Predicate, case: Opposite) -> Margin:
    """D_max by the branch-and-bound algorithm for many points, on opposite points, against all patterns and slopes."""
    return longest_drift_found(statement, case)


@property_check(members, covers="lemma", quick=60, full=400)
def sums_of_slopes_are_decided(statement: Predicate, case: Member) -> Margin:
    """Whether D lies in frakD when the points on its face are dependent: the facet test against elimination."""
    decided, expected = case.decided, case.solvable
    return Margin(float(decided != expected), 0.0, "exact: no difference", {"decided": decided, "solvable": expected})


@property_check(refutations, covers="lemma", quick=60, full=400)
def no_node_is_closed_that_holds_a_drift(statement: Predicate, case: Refutation) -> Margin:
    """Where Farkas multipliers are accepted as proof that a node of the search holds no drift, elimination agrees."""
    tables = case.tables
    accepted = case.accepted(tables)
    wrong = accepted and case.feasible(tables)
    return Margin(float(wrong), 0.0, "exact: no wrong proof", {"accepted": accepted})


@property_check(
    lambda: st.tuples(st.integers(0, 2**32 - 1), st.integers(-20, 20), st.sampled_from((0.0, 1e-3, 0.3))),
    covers="lemma",
    quick=20,
    full=200,
)
def the_filter_encloses_exact_numbers(statement: Predicate, drawn: tuple[int, int, float]) -> Margin:
    """Sums, products, quotients, minors of 3 x 3 enclosures: numbers at the ends of the operands stay inside.

    `drawn`: the seed, the size of the second operand as a power of two, and the relative radius of both.
    """
    return escapes_from_the_filter(statement, drawn)
