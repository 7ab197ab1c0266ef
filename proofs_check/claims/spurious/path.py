"""Theory.md 5.4: the limit path of small starts on three points.

Theorem. For data in T(eta), or the published three points, the solution of

    omega' = D - <D, omega> omega,  s' = 2 <D, omega> s,  D = H (beta* - s omega),  ||omega|| = 1,

that leaves s = 0 along b ends at the least-squares fit, s omega -> beta*, and the cosines of omega with all points
stay above a positive number.

Source: Boursier and Flammarion, JMLR 2025, three-point example, second phase (restated).
Certified by enclosures in ball arithmetic, which the runner checks again: for the published points, for all data
within 1/300 of them, for all of T(1/30) at once, and for random data in T(eta), eta < 1/6. The checker itself is
tested on enclosures written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache, partial

import flint
from sympy import Rational

from ....numerics.certify.errors import Undecided
from ....numerics.certify.instance import ball, problem_of
from ....numerics.certify.limit_path import BoxProblem, DataBox, PathEnclosure, enclose_path, problem_in_box
from ....numerics.certify.tube import cell_holds
from ....numerics.data.dataset import Dataset
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import RANGES
from ...cases.three_points import random_three_points
from ...claim.evidence import Certificate, Run, certified
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...kinds.rechecks import PathStaysInCone
from ...known.answers import each_as_known, each_left_undecided
from ...known.false_paths import cells, path_answers

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
        "T(eta) or the published three points; ||omega|| = 1",
        "the path is the solution that leaves s = 0 along b; every solution that enters the first cell is enclosed too",
    ),
    scope="the published points, and all data within 1/300 of them; all of T(1/30) at once; random T(eta), eta < 1/6",
    source=Source("Boursier & Flammarion, JMLR 2025", "three-point example, second phase", "5.4", True),
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


def t_box(eta: Fraction) -> DataBox:
    """All of T(eta), boundaries included."""
    at = {points.eta: Rational(eta.numerator, eta.denominator)}
    ends = [(Fraction(str(entry.low.subs(at))), Fraction(str(entry.high.subs(at)))) for entry in RANGES]
    return DataBox(((ends[0], ends[1]), (ends[2], ends[3]), (ends[4], ends[5])), (ends[6], ends[7], ends[8]))


def boxes(run: Run) -> Iterator[tuple[str, DataBox]]:
    """The boxes of data whose paths are enclosed, with their names."""
    published = Dataset.published("three-points")
    yield "the published points", DataBox.around(published, Fraction(0), 1)
    yield "within 1/300 of the published points", DataBox.around(published, Fraction(1, 300), 1)
    yield "T(1/30)", t_box(Fraction(1, 30))
    for _ in range(run.choose(2, 20)):
        data = random_three_points(run.rng)
        yield str(data.to_json()), DataBox.around(data, Fraction(0))


@cache
def _enclosed(box: DataBox) -> tuple[BoxProblem, PathEnclosure]:
    """The data of the box and the cells of their paths, once for the statement and its mutants."""
    problem = problem_in_box(box)
    return problem, enclose_path(problem)


@certified(timeout=600.0)
def the_path_is_enclosed(statement: Predicate, run: Run) -> Certificate:
    """Cells that the path of all data in a box crosses, up to a neighbourhood of beta* that it does not leave."""
    cases, enclosed = [*boxes(run)], []
    for name, box in cases:
        try:
            problem, found = _enclosed(box)
        except Undecided as reason:
            return Certificate(len(cases), "not decided", undecided=f"{name}: {reason}")
        if not found.cosine > 0:
            return Certificate(len(cases), "not decided", undecided=f"{name}: the path may leave the cone")
        least = Fraction(found.cosine) * Fraction(999, 1000)
        enclosed.append(PathStaysInCone(box.inputs, box.labels, found.left, found.right, least))
        turned = problem.b[0] * problem.beta[1] - problem.b[1] * problem.beta[0]
        if statement["cone"] == "leaves":
            where = {"data": name, "least <omega, x_k>/||x_k|| along the path": found.cosine}
            return Certificate(len(cases), "the path stays in the cone", counterexample=where)
        if statement["end"] == "on the ray of b" and turned != 0:
            where = {"data": name, "beta*": problem.beta, "b": problem.b}
            return Certificate(len(cases), "the path ends at beta*, which is not parallel to b", counterexample=where)
    detail = "every path is enclosed, and active on all points"
    return Certificate(len(cases), detail, rechecks=tuple(enclosed))


@certified(covers="lemma")
def cells_that_lose_the_flow_are_told_apart(statement: Predicate, run: Run) -> Certificate:
    """Cells written by hand, in pairs: one violates one condition of docs/certificates.md, the other satisfies it."""
    wrong = []
    known = [*cells()]
    for parts, number, _, holds in known:
        problem = problem_of(parts.data)
        corners = [(ball(u), ball(v)) for u, v in parts.corners(number)]
        if cell_holds(problem, flint.arb(0), corners, number == 0) is not holds:
            wrong.append(f"cell {number} with right corners {parts.right} and left ones {parts.left}")
    undecided = f"wrongly told apart: {wrong[0]}" if wrong else None
    return Certificate(len(known), "each is told apart", undecided=undecided)


def without_an_enclosure(run: Run) -> Iterator[tuple[str, DataBox]]:
    """Data for which there are no such cells, with part of the sentence that says so."""
    parallel = Dataset.from_arrays([[1, 2], [2, 3]], [1, 2])  # x_1 = (1, 3/2), x_2 = (2, 3) lie within 1/2
    at_zero = Dataset.from_arrays([[1, 0], [0, 1]], [0, 0])  # b = 0: no path leaves S = 0
    outside = Dataset.from_arrays([[1, 0], [1, 1]], [2, Fraction(-1, 10)])  # <beta*, x_2> = -1/10
    yield "may be parallel", DataBox.around(parallel, Fraction(1, 2))
    yield "no cells are found", DataBox.around(at_zero, Fraction(0))
    if run.choose(False, True):
        yield "no cells are found", DataBox.around(outside, Fraction(0))


@certified(covers="lemma")
def what_has_no_enclosure_is_left_undecided(statement: Predicate, run: Run) -> Certificate:
    """Data that may be parallel, whose path does not leave 0, or (at the full level) ends outside the cone."""
    return each_left_undecided([(reason, partial(_enclosed, box)) for reason, box in without_an_enclosure(run)])


@certified(covers="lemma")
def the_checker_of_paths_decides_each_condition(statement: Predicate, run: Run) -> Certificate:
    """Enclosures written by hand: for each condition one that violates it, and one that satisfies it."""
    return each_as_known(path_answers())
