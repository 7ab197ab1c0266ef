"""Lemma 8 of Boursier and Flammarion (page 28) as printed: T(eta) with eta < 1/6 implies Assumption 5. It is false.

Assumption 5 (page 28). For every k for which some w != 0 has <w, x_k> = 0 and <w, x_l> >= 0 for all l,

    y_k ||x_k||^2 > sqrt(sum y_l^2) sqrt(sum over l != k of <x_l, x_k>^2),

with the first sum over all points l. On T(eta) these are k = 1 and k = 3.

Counterexample, in T(1/10): x = (-9/10, 1), (-1/10, 11/10), (9/10, 11/10), y = (1, 1/10, 11/10). For k = 1 the squares
of the two sides are 3.2761 and 3.330444. Reading: the sum is over all l, as it is printed; the proof of the lemma drops
y_k from it, and with a sum over l != k the lemma is true (`published.lemma-8-repaired`): it may be called a misprint.

Refuted in exact rationals by SymPy, and at this example by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from ....theory.positivity.algebraic import Root
from ....theory.spurious import assumption_five as assumption
from ....theory.spurious import three_points as points
from ...cases.spurious.three_points import ASSUMPTION
from ...claim.evidence import Certificate, Obligation, Run, certified, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.published.lemma_8 import holds_on_the_box, printed_example
from ...sharp.latex import root_in_latex

STATEMENT = Predicate(
    "Assumption 5 holds on T(eta)",
    r"0 < \eta < $largest \implies \text{on } T(\eta):\quad y_k\|x_k\|^2 > \sqrt{$labels}\, "
    r"\sqrt{\textstyle\sum_{l\ne k}\langle x_l, x_k\rangle^2}\quad \text{for all } k \in K_0",
    {"largest": Root.rational(points.PUBLISHED), "labels": assumption.ALL},
    words={
        "largest": root_in_latex,
        "labels": {
            assumption.ALL: r"\textstyle\sum_l y_l^2",
            assumption.OTHERS: r"\textstyle\sum_{l\ne k} y_l^2",
        },
    },
)

CLAIM = Claim(
    id="published.lemma-8",
    title="As printed: on three points T(eta) with eta < 1/6 Assumption 5 holds (false inside T(1/10))",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=(ASSUMPTION, "K_0: the points k for which some w != 0 has <w, x_k> = 0 and <w, x_l> >= 0 for all l"),
    scope="every data set in T(eta); of the three assumptions that the lemma is about, the fifth",
    source=Source("Boursier & Flammarion, JMLR 2025", "Lemma 8 and Assumption 5, pages 28 and 29", "8.2"),
    needs=("symbolic", "certified"),
    expected="refuted",
    repaired="published.lemma-8-repaired",
    mutants=(
        Mutant(
            "the first sum over the other points",
            STATEMENT.altered(labels=assumption.OTHERS),
            "1/6 is below 0.1761, up to which the inequality with this sum is proved by published.lemma-8-repaired",
        ),
        Mutant(
            "eta below 0.0976",
            STATEMENT.altered(largest=assumption.LARGEST[assumption.ALL]),
            "up to this number the inequality as printed is proved by published.lemma-8-repaired",
        ),
    ),
)


@symbolic()
def the_inequality_on_the_whole_box(statement: Predicate) -> Iterator[Obligation]:
    """K_0 = {1, 3} by the signs of the minors; for k = 1 Bernstein coefficients and an identity, or corners."""
    yield from holds_on_the_box(statement["labels"], statement["largest"])


@certified(covers="instance")
def the_example_by_hand(statement: Predicate, run: Run) -> Certificate:
    """Both sides at the example in Python's rationals, if it lies in T(eta) for some eta that the statement admits."""
    return printed_example(statement)
