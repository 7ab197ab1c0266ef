"""Theory.md 3.7: what extremal vectors are, and that the enumeration finds all of them."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from ....numerics.dataset import LOSS_NAMES, Dataset
from ....numerics.extremal import extremal_vectors
from ....numerics.published import PUBLISHED
from ...claim import Claim, Mutant, Predicate, Source
from ...evidence import Certificate, Margin, Run, certified, property_check
from ...oracles import Pattern, Vector, extremal_by_definition, plane_patterns
from ...strategies import LEAKS, datasets

Seen = dict[Vector, set[int]]

STATEMENT = Predicate(
    "extremal vectors are the fixed points of the frozen drift",
    r"D \text{ extremal} \iff D \ne 0 \text{ and } D \in \mathfrak{D}(sD, 0) \text{ for some } s \in \{1, -1\}",
    {"seen_by": (1, -1), "free_slopes_on_the_face": True},
)

CLAIM = Claim(
    id="alignment.extremal-vectors",
    title="Extremal vectors are the D in frakD(D, 0) or frakD(-D, 0); there are finitely many, and all are enumerated",
    kind="equivalence",
    statement=STATEMENT,
    hypotheses=("extremal: D != 0 lies in frakD(w, 0) for some w with A(D) = A(w) or A(D) = -A(w)",),
    scope="every data set, dimension, leak in [0, 1) and loss; rational data, exact arithmetic",
    source=Source("Maennel, Bousquet & Gelly 2018; Boursier & Flammarion, JMLR 2025", "extremal vectors", "3.7", True),
    needs=("certified", "property"),
    mutants=(
        Mutant(
            "only D in frakD(D, 0) counts",
            STATEMENT.altered(r"D \text{ extremal} \iff D \ne 0 \text{ and } D \in \mathfrak{D}(D, 0)", seen_by=(1,)),
            "x = (1), y = -1: w = 1 sees D = -1 with A(D) = -A(w), so D is extremal; but frakD(-1, 0) = {0}",
        ),
        Mutant(
            "only drifts of cells count",
            STATEMENT.altered(
                r"D \text{ extremal} \iff D \in \mathfrak{D}(\pm D, 0),\ \langle D, x_k\rangle \ne 0\ \forall k",
                free_slopes_on_the_face=False,
            ),
            "x = (1, 0), (0, 1) and y = (1, -1), leak 0: D = (1/2, 0) is extremal, and orthogonal to the second point",
        ),
    ),
)


def _enumerated(statement: Predicate, data: Dataset, loss: str, leak: Fraction) -> tuple[Seen, bool]:
    """Exact vectors and the signs that see them, as far as the statement counts them; and whether none is missing."""
    result = extremal_vectors(data, loss, leak)
    found: Seen = {}
    for vector in result.vectors:
        counts = statement["free_slopes_on_the_face"] or all(vector.pattern)
        if vector.sign in statement["seen_by"] and counts:
            found.setdefault(vector.exact, set()).add(vector.sign)
    return found, result.complete


def _by_definition(data: Dataset, loss: str, leak: Fraction, patterns: set[Pattern] | None = None) -> Seen:
    """The oracle's vectors: every pattern, taken literally."""
    pulls = data.labels if loss == "square" else tuple(label / 2 for label in data.labels)
    return extremal_by_definition(data.inputs, pulls, leak, patterns)


@certified(covers="instance")
def the_published_data_sets_are_enumerated_completely(statement: Predicate, run: Run) -> Certificate:
    """On the published data sets (the plane): all cells and rays, each decided by its definition in rationals."""
    for name in PUBLISHED:
        data = Dataset.published(name)
        found, complete = _enumerated(statement, data, "square", Fraction(0))
        expected = _by_definition(data, "square", Fraction(0), plane_patterns(data.inputs))
        if not complete:
            return Certificate(len(PUBLISHED), "not decided", undecided=f"the enumeration on {name} is not complete")
        if found != expected:
            where = {"data": name, "enumerated": found, "by definition": expected}
            return Certificate(len(PUBLISHED), "the two sets of extremal vectors differ", counterexample=where)
    return Certificate(len(PUBLISHED), "equal sets of exact vectors and signs")


@st.composite
def _small_problems(draw: st.DrawFn) -> tuple[Dataset, str, Fraction]:
    """Up to 4 points of R^d, d <= 3, duplicates and opposite points and zero labels included; either loss, any leak."""
    loss = draw(st.sampled_from(LOSS_NAMES))
    return draw(datasets(n=(1, 4), d=(1, 3), loss=loss)), loss, draw(st.sampled_from(LEAKS))


@property_check(_small_problems(), quick=25, full=250)
def brute_force_finds_the_same(statement: Predicate, case: tuple[Dataset, str, Fraction]) -> Margin:
    """All 3^n ternary patterns in rationals, against the enumeration that the rest of the project uses."""
    data, loss, leak = case
    found, complete = _enumerated(statement, data, loss, leak)
    expected = _by_definition(data, loss, leak)
    pairs = [{(vector, sign) for vector, signs in side.items() for sign in signs} for side in (found, expected)]
    differing = len(pairs[0] ^ pairs[1]) + (not complete)
    return Margin(differing, 0.0, "two exact sets: none may differ", {"enumerated": found, "by definition": expected})
