"""Theory.md 4.5: at tau a network of any width occupies a few directions.

Theorem. Under the hypotheses of theory.md 4.4, at the time tau and up to angles that vanish with lambda, the neurons
with D_j != 0 occupy at most as many pairs (sign a_j, w_j/||w_j||) as there are attracting and one-sided extremal
vectors, counted once for each sign that sees them, plus rays on which neurons are pinned. The width does not enter.

Source: Boursier and Flammarion, JMLR 2025, discussion of Theorem 1 (restated).
Tested on random data in dimensions 1 to 30, square and logistic loss and any leak, at widths 1 to 10^6; directions
count as different if they differ by more than the angles that the theory allows.
"""

from __future__ import annotations

from ...cases.early.early_starts import SMALL_ENOUGH, EarlyStart, early_starts
from ...claim.draws import st
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.early.sparsity import WIDEST, directions_at_tau, widths

STATEMENT = Predicate(
    "directions at tau",
    r"\#\{(\mathrm{sign}\, a_j,\ w_j/\|w_j\|)(\tau) : D_j \ne 0\} $fewer \#\{\text{extremal vectors, attracting or "
    r"one-sided}\} + \#\{\text{pinned rays}\}\quad\text{up to angles that vanish with } \lambda",
    {"fewer": 0},
    words={"fewer": {0: r"\le", 1: "<"}},
)

CLAIM = Claim(
    id="early.sparsity",
    title="At tau the live neurons occupy at most as many directions as there are attracting and one-sided vectors and "
    "pinned rays, whatever the width",
    kind="inequality",
    statement=STATEMENT,
    hypotheses=(
        "dominated start outside the exceptional set of `early.alignment`",
        SMALL_ENOUGH,
        "each extremal vector counts once for each sign of a that sees it; its points on the face are independent",
    ),
    scope="random data in dimensions 1 to 30, square and logistic loss, any leak; widths 1 to 10^6",
    source=Source("Boursier & Flammarion, JMLR 2025", "sparsity after early alignment", "4.5", restated=True),
    needs=("property",),
    mutants=(
        Mutant(
            "one direction fewer",
            STATEMENT.altered(fewer=1),
            "n = d = 1, x = y = 1, leak 0, one neuron a = w > 0: it is live; D = 1 is the only extremal vector, seen "
            "by a > 0, and attracts",
        ),
    ),
    depends_on=("early.alignment", "alignment.extremal-vectors"),
)


@property_check(lambda: early_starts(widths()), quick=12, full=200)
def the_directions_at_tau_are_counted(statement: Predicate, case: EarlyStart) -> Margin:
    """Directions of the simulated live neurons, distinguished by the angles that the theory allows."""
    return directions_at_tau(statement, case)


@property_check(lambda: early_starts(st.sampled_from((WIDEST // 10, WIDEST)), n=(2, 3), d=(2, 2)), quick=1, full=8)
def a_million_neurons_are_no_exception(statement: Predicate, case: EarlyStart) -> Margin:
    """The same at widths 10^5 and 10^6."""
    return directions_at_tau(statement, case)
