"""Lemma 2 of Boursier and Flammarion (page 6): drifts of generic data avoid the boundaries of their cones. It is true.

As printed. If the points (x_k, y_k) are independent with densities in R^{d+1} and the pull p_k = -dl/dh(0, y_k) is not
0 for y_k != 0, then almost surely, for every u in {-1, 0, 1}^n,

    frakD_u meets neither the boundary of A^{-1}(u) nor its opposite, or 0 is in frakD_u,

the boundary being the closure without A^{-1}(u); and any family of at most d of the p_k x_k is linearly independent.

Proved in SymPy, for every d and n: an element D of frakD_u on such a boundary is orthogonal to a further point x_0; n
<D, x_0> times a Gram determinant is then a polynomial in the inputs, which is p_0 sum s_k p_k^2 != 0 in an example.
What is left is measure theory: for almost all labels the inputs have a density, the zeros of a polynomial that is not 0
are a null set, and there are finitely many of them. Tested in rationals, by the definitions, on data from a fine grid.
"""

from __future__ import annotations

from collections.abc import Iterator

from ....theory.alignment import generic
from ...claim.evidence import Margin, Obligation, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.generic_data import (
    DataCase,
    boundary_examples,
    boundary_obligations,
    generic_cases,
    off_the_boundary,
)

STATEMENT = Predicate(
    "drifts of generic data avoid boundaries",
    r"\text{for $generic data, } \forall u \in \{-1, 0, 1\}^n:\ \mathfrak D_u \cap \left(\partial A^{-1}(u) \cup "
    r"-\partial A^{-1}(u)\right) = \emptyset $excepted;\quad \text{any } $size \text{ of the } p_k x_k \text{ or fewer "
    r"are independent}",
    {"generic": True, "excepted": True, "size": generic.dimension},
    words={
        "generic": {True: r"almost all", False: "all"},
        "excepted": {True: r"\text{ or } 0 \in \mathfrak D_u", False: ""},
    },
)

CLAIM = Claim(
    id="published.lemma-2",
    title="As printed, and true: drifts of generic data are not on the boundary of their cone, or the opposite one",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(
        "independent points with densities in R^{d+1}; the pull at h = 0 is not 0 for y != 0",
        "A^{-1}(u): the w with pattern u; its boundary: the closure without A^{-1}(u)",
    ),
    scope="every dimension, number of points, loss and leak; almost surely",
    source=Source("Boursier & Flammarion, JMLR 2025", "Lemma 2, page 6", "8.1"),
    needs=("symbolic", "property"),
    mutants=(
        Mutant(
            "for every data set",
            STATEMENT.altered(generic=False),
            "x = (1, 0), (0, 1), y = (1, 1), ReLU, u = (1, -1): frakD_u = {(1/2, 0)}, which is orthogonal to x_2",
        ),
        Mutant(
            "without the exception",
            STATEMENT.altered(excepted=False),
            "n = d = 1, x = y = 1, ReLU, u = -1: frakD_u = {0}, and 0 is in the closure of A^{-1}(u), not in A^{-1}(u)",
        ),
        Mutant(
            "one vector more",
            STATEMENT.altered(size=generic.dimension + 1),
            "d + 1 vectors of R^d are dependent",
        ),
    ),
    depends_on=("flow.sliding-drift",),
)


@symbolic()
def boundaries_are_zeros_of_polynomials(statement: Predicate) -> Iterator[Obligation]:
    """n <D, x_0> does not depend on the slopes on the face, and is not 0 where every other point is p_k times x_0/p_0.

    What is left is measure theory: the zeros of a polynomial that is not 0 are a null set.
    """
    yield from boundary_obligations(statement)


@property_check(generic_cases, quick=20, full=200, edges=boundary_examples)
def drawn_data_obey_the_definitions(statement: Predicate, case: DataCase) -> Margin:
    """Every pattern and every family of points, in exact rationals; data from a grid of 2^40 values."""
    return off_the_boundary(statement, case)
