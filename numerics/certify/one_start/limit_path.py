"""The limit path of theory.md 5.4 enclosed, for single data sets or for all data in a box, with the cells of `tube.py`.

omega' = D - <D, omega> omega, s' = 2 <D, omega> s, D = H (beta* - s omega), ||omega|| = 1: then S = s omega obeys
S' = s (D + <D, omega> omega), the field of docs/certificates.md with eta = 0. The path leaves S = 0 along b.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from typing import TypeAlias

import flint

from ...data.dataset import Dataset
from ..errors import Undecided
from ..instance import PRECISION, Ball, PlaneProblem, Vector, ball, dot, length
from .curves import Ends, Field, first_section, sections
from .tube import Section, cell_holds, least, longest_reach, most, section_of, smallest_eigenvalue

HALF_ANGLES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4)
TILTS = (0.01, 0.03, 0.06, 0.12, 0.2, 0.3)
NEAR = 0.1
"""How near to beta* the curves lead: within this part of the least <beta*, x_k>/||x_k||."""


Interval: TypeAlias = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class PathEnclosure:
    """Cells that hold the limit path of all data in a box, and a lower bound of <omega, x_k>/||x_k|| along all of it.

    From the last front edge on, ||S - beta*|| <= `distance`, and S -> beta*.
    """

    left: tuple[tuple[Fraction, Fraction], ...]
    right: tuple[tuple[Fraction, Fraction], ...]
    cosine: float
    distance: float


@dataclass(frozen=True)
class DataBox:
    """All data sets in the plane whose coordinates and labels lie in these intervals (low, high), ends included."""

    inputs: tuple[tuple[Interval, Interval], ...]
    labels: tuple[Interval, ...]

    @classmethod
    def around(cls, data: Dataset, radius: Fraction, fixed: int = 0) -> DataBox:
        """Everything within `radius` of `data`, but for the last `fixed` coordinates of the inputs (a bias stays 1)."""

        def near(value: Fraction, vary: bool = True) -> Interval:
            return (value - radius, value + radius) if vary else (value, value)

        inputs = tuple((near(p[0], fixed < 2), near(p[1], fixed < 1)) for p in data.inputs)
        return cls(inputs, tuple(near(label) for label in data.labels))

    @property
    def centre(self) -> Dataset:
        """The data set in the middle."""
        inputs = [[(low + high) / 2 for low, high in point] for point in self.inputs]
        return Dataset.from_arrays(inputs, [(low + high) / 2 for low, high in self.labels])


@dataclass(frozen=True)
class BoxProblem(PlaneProblem):
    """A problem whose points are balls: D point by point, where each uncertain number meets fewer others."""

    def drift(self, S: Vector) -> Vector:
        """D = (1/n) sum (y_k - <S, x_k>) x_k."""
        pulls = [label - dot(S, x) for label, x in zip(self.y, self.x, strict=True)]
        first, second = (
            sum((p * x[i] for p, x in zip(pulls, self.x, strict=True)), flint.arb(0)) / len(self.x) for i in (0, 1)
        )
        return (first, second)


def problem_in_box(box: DataBox) -> BoxProblem:
    """The data of the box as balls, with H, b and beta* of all of them; the exact fields are those of the centre.

    Raises Undecided when H may be singular for some of them.
    """
    x = tuple((_spanned(first), _spanned(second)) for first, second in box.inputs)
    y, data, n = tuple(_spanned(label) for label in box.labels), box.centre, len(box.labels)
    p, q, r = (sum((u[i] * u[j] for u in x), flint.arb(0)) / n for i, j in ((0, 0), (0, 1), (1, 1)))
    b: Vector = (
        sum((label * u[0] for label, u in zip(y, x, strict=True)), flint.arb(0)) / n,
        sum((label * u[1] for label, u in zip(y, x, strict=True)), flint.arb(0)) / n,
    )
    det = p * r - q * q
    if not det > 0:
        raise Undecided("the inputs of some data in the box may be parallel")
    beta = ((r * b[0] - q * b[1]) / det, (p * b[1] - q * b[0]) / det)
    centre = tuple(Fraction(int(v.mid().fmpq().p), int(v.mid().fmpq().q)) for v in beta)
    return BoxProblem(data, x, y, ((p, q), (q, r)), b, beta, centre, (), Fraction(0))


def _spanned(interval: Interval) -> Ball:
    """A ball that holds the interval."""
    low, high = interval
    return ball((low + high) / 2) + flint.arb(0, ball((high - low) / 2).upper())


def enclose_path(problem: PlaneProblem) -> PathEnclosure:
    """An enclosure of the limit path; raises Undecided when no proposal of cells passes."""
    with flint.ctx.workprec(PRECISION):
        field = Field.of(problem)
        best: PathEnclosure | None = None
        for half_angle in HALF_ANGLES:
            first = first_section(field, 0.0, 0.0, 0.0, half_angle)
            if first is None or (best and field.least_output(*first) <= best.cosine * math.hypot(*first[0])):
                continue  # the first section is part of the enclosure: none that begins there has a larger cosine
            for tilt in TILTS:
                fine = sections(field, first, tilt, partial(_near, field))
                if fine is None:
                    break  # curves that are turned farther outwards do not get there either
                found = _cut(problem, fine)
                if found is not None and (best is None or found.cosine > best.cosine):
                    best = found
        if best is None:
            raise Undecided("no cells were found that contain the limit path of all these data")
        return best


def _near(field: Field, ends: Ends) -> bool:
    """Whether sqrt(2 Delta/mu) is a part NEAR of the least <beta*, x_k>/||x_k||, in floats."""
    return field.distance(ends) < NEAR * field.least_output((float(field.beta[0]), float(field.beta[1])))


def _cut(problem: PlaneProblem, fine: Sequence[Ends]) -> PathEnclosure | None:
    """Cells along the curves that pass, and the end; None when one does not."""

    @cache
    def edge(number: int) -> Section:
        return section_of(fine[number], Fraction(1))

    zero, eta, last = flint.arb(0), flint.arb(0), len(fine) - 1
    ends = (edge(0).R, edge(0).L)
    # <D, S> > 0 in the first cell: s grows there, so that the path does not stay near 0
    if not (
        cell_holds(problem, eta, ((zero, zero), *ends), True) and least(dot(problem.drift(S), S) for S in ends) > 0
    ):
        return None
    chosen, best = [edge(0)], None
    at: int | None = 0
    while at is not None:
        ended = _ended(problem, chosen)
        best = ended if ended is not None and (best is None or ended.cosine > best.cosine) else best
        at = longest_reach(at, last, partial(_fits, problem, edge, at)) if at < last else None
        if at is not None:
            chosen.append(edge(at))
    return best


def _fits(problem: PlaneProblem, edge: Callable[[int], Section], back: int, front: int) -> bool:
    B, F = edge(back), edge(front)
    return cell_holds(problem, flint.arb(0), (B.R, F.R, F.L, B.L), False)


def _ended(problem: PlaneProblem, edges: Sequence[Section]) -> PathEnclosure | None:
    """The end: Delta falls, so that ||S - beta*|| <= sqrt(2 Delta/mu) = d, <S, x_k> >= <beta*, x_k> - d ||x_k||."""
    mu = ball(smallest_eigenvalue(problem))
    if not mu > 0:
        return None
    d = (2 * most(problem.excess(S) for S in (edges[-1].L, edges[-1].R)) / mu).sqrt()
    norm = length(problem.beta)
    rest = [(dot(problem.beta, x) / length(x) - d) / (norm + d) for x in problem.x]
    corners = [S for edge in edges for S in (edge.L, edge.R)]
    cosine = least([*rest, *(dot(S, x) / (length(S) * length(x)) for S in corners for x in problem.x)])
    if not (norm > d and cosine > 0):
        return None
    return PathEnclosure(
        tuple(edge.left for edge in edges),
        tuple(edge.right for edge in edges),
        math.nextafter(float(cosine), -math.inf),
        math.nextafter(float(d.upper()), math.inf),
    )
