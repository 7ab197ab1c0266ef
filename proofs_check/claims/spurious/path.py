"""Theory.md 5.4: the limit path of small starts on three points.

Theorem. For data in T(eta), eta < 1/6, or the published three points, let H = (1/n) sum x_k x_k^T, b = (1/n) sum y_k
x_k and beta* = H^-1 b. The solution of

    omega' = D - <D, omega> omega,  s' = 2 <D, omega> s,  D = H (beta* - s omega),  ||omega|| = 1,

that leaves s = 0 along b ends at the least-squares fit, s omega -> beta*, and the cosines of omega with all points
stay above a positive number.

Source: Boursier and Flammarion, JMLR 2025, three-point example, second phase (restated).
Certified by enclosures in ball arithmetic, which the runner checks again: for the published points, for all data
within 1/300 of them, for all of T(1/30) at once, and for random data in T(eta), eta < 1/6. The checker itself is
tested on enclosures written by hand.
"""

from __future__ import annotations

from functools import partial

from ...claim.evidence import Certificate, Run, certified
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...known.answers import each_as_known, each_left_undecided
from ...known.false_paths import path_answers
from ...measure.spurious.path import cells_told_apart, enclosed_path, enclosures, without_an_enclosure

STATEMENT = Predicate(
    "the limit path on three points",
    r"\omega' = D - \langle D, \omega\rangle\omega,\ s' = 2\langle D, \omega\rangle s,\ D = H(\beta^* - s\omega),\ "
    r"s \to 0,\ \omega \to \hat b \text{ at the start} \implies $end,\quad $cone",
    {"cone": "stays", "end": "least squares"},
    words={
        "cone": {
            "stays": r"\inf_t \langle\omega, x_k\rangle > 0\ \forall k",
            "leaves": r"\exists t, k: \langle\omega(t), x_k\rangle \le 0",
        },
        "end": {"least squares": r"s\omega \to \beta^*", "on the ray of b": r"\omega(t) = \hat b\ \forall t"},
    },
)

CLAIM = Claim(
    id="spurious.path",
    title="The limit path on three points ends at the least-squares fit and stays active on all points",
    kind="limit",
    statement=STATEMENT,
    hypotheses=(
        "data in T(eta), eta < 1/6, or the published three points",
        "H = (1/n) sum x_k x_k^T, b = (1/n) sum y_k x_k, beta* = H^-1 b; ||omega|| = 1, the path leaves s = 0 along b",
    ),
    scope="the published points, and all data within 1/300 of them; all of T(1/30) at once; random T(eta), eta < 1/6",
    source=Source("Boursier & Flammarion, JMLR 2025", "three-point example, second phase", "5.4", restated=True),
    needs=("certified",),
    mutants=(
        Mutant(
            "the path leaves the cone",
            STATEMENT.altered(cone="leaves"),
            "x = (-1, 1), (0, 1), (1, 1), y = (1, 1/8, 1): by symmetry omega = (0, 1) always, and <omega, x_k> = 1",
        ),
        Mutant(
            "the direction never turns",
            STATEMENT.altered(end="on the ray of b"),
            "the published points: b = (-31/120, 2/3), beta* = (-4/65, 251/390) is not parallel to it",
        ),
    ),
    depends_on=("alignment.ode",),
)


@certified(timeout=600.0)
def the_path_is_enclosed(statement: Predicate, run: Run) -> Certificate:
    """Cells that the path of all data in a box crosses, up to a neighbourhood of beta* that it does not leave."""
    return enclosures(statement, run)


@certified(covers="lemma")
def cells_that_lose_the_flow_are_told_apart(statement: Predicate, run: Run) -> Certificate:
    """Cells written by hand, in pairs: one violates one condition of docs/certificates.md, the other satisfies it."""
    return cells_told_apart(statement, run)


@certified(covers="lemma")
def what_has_no_enclosure_is_left_undecided(statement: Predicate, run: Run) -> Certificate:
    """Data that may be parallel, whose path does not leave 0, or (at the full level) ends outside the cone."""
    return each_left_undecided([(reason, partial(enclosed_path, box)) for reason, box in without_an_enclosure(run)])


@certified(covers="lemma")
def the_checker_of_paths_decides_each_condition(statement: Predicate, run: Run) -> Certificate:
    """Enclosures written by hand: for each condition one that violates it, and one that satisfies it."""
    return each_as_known(path_answers())
