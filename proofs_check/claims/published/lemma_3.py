"""Lemma 3 of Boursier and Flammarion (page 6): generic data have an extremal vector. It is true.

As printed. If the points (x_k, y_k) are independent with densities in R^{d+1} and the pull p_k = -dl/dh(0, y_k) is not
0 for y_k != 0, there is almost surely at least one extremal vector: a D != 0 with D in frakD(w, 0), A(D) = +-A(w).

Proved in SymPy, for every d and n: at a unit vector w that maximises |G| some D in frakD(w, 0) is G(w) w, so that it is
extremal unless G vanishes; and n G(x_1) is a polynomial in the inputs for each choice of slopes, which is not 0 in an
example. What is left is measure theory: the zeros of a polynomial that is not 0 are a null set. The proof needs no
Clarke gradient, as the printed one does. Tested in rationals, by the definition, on data drawn from a fine grid.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...claim.evidence import Margin, Obligation, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.generic_data import (
    DataCase,
    existence_examples,
    existence_obligations,
    generic_cases,
    some_extremal_vector,
)

STATEMENT = Predicate(
    "generic data have an extremal vector",
    r"\text{for $generic data there are at least } $count \text{ extremal vectors$either_sign}",
    {"generic": True, "count": 1, "either_sign": True},
    words={
        "generic": {True: "almost all", False: "all"},
        "either_sign": {True: "", False: r" that neurons with } a > 0 \text{ see"},
    },
)

CLAIM = Claim(
    id="published.lemma-3",
    title="As printed, and true: generic data have at least one extremal vector",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(
        "independent points with densities in R^{d+1}; the pull at h = 0 is not 0 for y != 0",
        "extremal: D != 0, D in frakD(w, 0) and A(D) = A(w) or A(D) = -A(w) for some w",
    ),
    scope="every dimension, number of points, loss and leak; almost surely",
    source=Source("Boursier & Flammarion, JMLR 2025", "Lemma 3, page 6", "3.7, 8.1"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "for every data set",
            STATEMENT.altered(generic=False),
            "x = (1, 0), (1, 0), y = (1, -1): every drift of least norm is 0",
        ),
        Mutant(
            "at least two",
            STATEMENT.altered(count=2),
            "the published three points have one, (-31/120, 2/3)",
        ),
        Mutant(
            "one that neurons with a > 0 see",
            STATEMENT.altered(either_sign=False),
            "n = d = 1, x = 1, y = -1, ReLU: D = -1 is the only one, with the pattern opposite to that of w = 1",
        ),
    ),
    depends_on=("flow.equations",),
)


@symbolic()
def the_largest_correlation_has_one(statement: Predicate) -> Iterator[Obligation]:
    """The derivative of G/||w|| along the shortest tangential drift, and G(x_1) != 0 in an example.

    What is left is that |G| has a maximum on the sphere, and that zeros of a polynomial that is not 0 are a null set.
    """
    yield from existence_obligations(statement)


@property_check(generic_cases, quick=20, full=200, edges=existence_examples)
def drawn_data_have_one(statement: Predicate, case: DataCase) -> Margin:
    """All ternary patterns in exact rationals; data from a grid of 2^40 values."""
    return some_extremal_vector(statement, case)
