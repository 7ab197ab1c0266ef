"""What the evidence of `spurious.path` measures (theory.md 5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import flint
from sympy import Rational

from ....numerics.certify.errors import Undecided
from ....numerics.certify.instance import ball, problem_of
from ....numerics.certify.one_start.limit_path import BoxProblem, DataBox, PathEnclosure, enclose_path, problem_in_box
from ....numerics.certify.one_start.tube import cell_holds
from ....numerics.data.dataset import Dataset
from ....theory.spurious import three_points as points
from ....theory.spurious.sharp import RANGES
from ...cases.spurious.three_points import random_three_points
from ...claim.evidence import Certificate, Run
from ...claim.statement import Predicate
from ...kinds.rechecks import PathStaysInCone
from ...known.false_paths import cells


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
def enclosed_path(box: DataBox) -> tuple[BoxProblem, PathEnclosure]:
    """The data of the box and the cells of their paths, once for the statement and its mutants."""
    problem = problem_in_box(box)
    return problem, enclose_path(problem)


def enclosures(statement: Predicate, run: Run) -> Certificate:
    """The enclosure of every box, and what it says of the stated end and cone."""
    cases, enclosed = [*boxes(run)], []
    for name, box in cases:
        try:
            problem, found = enclosed_path(box)
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


def cells_told_apart(statement: Predicate, run: Run) -> Certificate:
    """Cells with known answers beside what the test of a cell says."""
    wrong = []
    known = [*cells()]
    for parts, number, _, holds in known:
        problem = problem_of(parts.data)
        corners = [(ball(u), ball(v)) for u, v in parts.corners(number)]
        if cell_holds(problem, flint.arb(0), corners, number == 0) is not holds:
            wrong.append(f"cell {number} with right corners {parts.right} and left ones {parts.left}")
    undecided = f"wrongly classified: {wrong[0]}" if wrong else None
    return Certificate(len(known), "all are classified correctly", undecided=undecided)


def without_an_enclosure(run: Run) -> Iterator[tuple[str, DataBox]]:
    """Data for which there are no such cells, with part of the sentence that says so."""
    parallel = Dataset.from_arrays([[1, 2], [2, 3]], [1, 2])  # x_1 = (1, 3/2), x_2 = (2, 3) lie within 1/2
    at_zero = Dataset.from_arrays([[1, 0], [0, 1]], [0, 0])  # b = 0: no path leaves S = 0
    outside = Dataset.from_arrays([[1, 0], [1, 1]], [2, Fraction(-1, 10)])  # <beta*, x_2> = -1/10
    yield "may be parallel", DataBox.around(parallel, Fraction(1, 2))
    yield "no cells were found", DataBox.around(at_zero, Fraction(0))
    if run.choose(False, True):
        yield "no cells were found", DataBox.around(outside, Fraction(0))
