"""Phase two of a certificate: a tube in the plane that S = sum a_j w_j can leave only at its end.

The curves of `curves.py` are cut into as few cells as pass the inequalities of docs/certificates.md, in balls.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from itertools import pairwise

import flint

from ..errors import Undecided
from ..instance import Ball, PlaneProblem, Vector, ball, cross, dot, length, rational_above
from .curves import Ends, Field, first_section, sections
from .early import PhaseOne

GRAIN = 2**30
"""Corners are multiples of 1/GRAIN times a power of two near ||beta*||."""
HALF_ANGLES = (0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.25, 0.4)
TILTS = (0.004, 0.008, 0.015, 0.03, 0.06, 0.12, 0.2)


@dataclass(frozen=True)
class Tube:
    """The fields of phases two and three; points are pairs of rationals."""

    left: tuple[tuple[Fraction, Fraction], ...]
    right: tuple[tuple[Fraction, Fraction], ...]
    tail: int
    mu: Fraction
    distance: Fraction
    time: Fraction

    def enclosure(self, problem: PlaneProblem) -> Fraction:
        """The widest interval in which some output h(x_k) is known when S leaves the tube."""
        return widest_output(problem, self.left[-1], self.right[-1])


@dataclass(frozen=True)
class Section:
    """A front edge: its ends as rationals and as balls."""

    left: tuple[Fraction, Fraction]
    right: tuple[Fraction, Fraction]
    L: Vector
    R: Vector

    @property
    def from_origin(self) -> Ball:
        """The distance from 0 to its line."""
        return abs(cross(self.R, self.L)) / length((self.L[0] - self.R[0], self.L[1] - self.R[1]))


def build_tube(problem: PlaneProblem, early: PhaseOne) -> Tube:
    """The narrowest tube found from phase one to the trap; raises Undecided, saying how far the best attempt came."""
    best, furthest = "at t = T the neurons are not aligned well enough for any first cell", (-1.0, 0)
    attempts = [_Attempt(problem, early, fine) for fine in _proposals(problem, early)]
    for number, attempt in sorted(enumerate(attempts), key=lambda item: item[1].enclosure):
        if attempt.run():
            return attempt.tube
        if (attempt.reached, -number) > furthest:
            best, furthest = attempt.reason, (attempt.reached, -number)
    raise Undecided(f"phase two: {best}")


def _proposals(problem: PlaneProblem, early: PhaseOne) -> Iterator[list[Ends]]:
    """Curves from a first cell to where the trap is likely to be reached, in floats: many, and not all of them pass."""
    field, v = Field.of(problem), float(early.tangent)
    psi, eta = 2 * math.atan(v), 8 * v * v / (1 + v * v) ** 2
    for half_angle in HALF_ANGLES:
        first = first_section(field, psi, float(early.size), eta, half_angle)
        if first is None:
            continue
        for tilt in TILTS:
            fine = sections(field, first, tilt, partial(field.trapped, eta=min(eta, 0.02)))
            if fine is not None:
                yield fine


class _Attempt:
    """One proposal of curves, cut into cells as long as they pass."""

    def __init__(self, problem: PlaneProblem, early: PhaseOne, fine: Sequence[Ends]) -> None:
        self.problem, self.early = problem, early
        scale = Fraction(2) ** math.frexp(math.hypot(*fine[-1][0], *fine[-1][1]))[1]
        self.ends, self.scale = fine, scale
        last = section_of(fine[-1], scale)
        self.enclosure = widest_output(problem, last.left, last.right)
        self.mu = smallest_eigenvalue(problem)
        v = ball(early.tangent)
        self.first = 8 * v * v / (1 + v * v) ** 2
        self.eta, self.epsilon = self.first, flint.arb(0)
        self.chosen: list[int] = []
        self.tail: int | None = None
        self.seconds = ball(early.time)
        self.reason, self.reached = "", 0.0

    @cached_property
    def fine(self) -> list[Section]:
        """All sections; the last one alone tells how narrow the tube would be."""
        return [section_of(ends, self.scale) for ends in self.ends]

    def run(self) -> bool:
        """Whether all cells pass and the trap is reached; `tube` then holds them, else `reason` says what failed."""
        if not self._entry():
            return False
        last = len(self.fine) - 1
        self._take(0, True)
        while self.chosen[-1] < last:
            if self.tail is None and not self._fits(self.chosen[-1] + 1, True):
                self._enter_tail()
            head = self.tail is None
            at = longest_reach(self.chosen[-1], last, partial(self._fits, head=head))
            if at is None:
                S = self.fine[self.chosen[-1]]
                self.reached = self.chosen[-1] / last
                place = f"S = ({float(S.left[0]):.4g}, {float(S.left[1]):.4g})"
                spread = f"1 - <omega_i, omega_j> may be {float(self.eta):.3g} there"
                self.reason = f"no cell that contains the flow was found beyond {place}; {spread}"
                return False
            self._take(at, head)
        return self._close()

    def _entry(self) -> bool:
        zero = (flint.arb(0), flint.arb(0))
        ends = (self.fine[0].R, self.fine[0].L)
        fits = cell_holds(self.problem, self.eta, (zero, *ends), True) and self._epsilon(ends, True) < 1
        self.reason = "the first cell does not contain the flow; the neurons are not aligned well enough at t = T"
        return bool(fits and ball(self.early.size) < self.fine[0].from_origin)

    def _corners(self, at: int) -> tuple[Vector, ...]:
        back, front = self.fine[self.chosen[-1]], self.fine[at]
        return (back.R, front.R, front.L, back.L)

    def _fits(self, at: int, head: bool) -> bool:
        corners = self._corners(at)
        return cell_holds(self.problem, self.eta, corners, False) and (
            not head or bool(self._epsilon(corners, False) < 1)
        )

    def _take(self, at: int, head: bool) -> None:
        """Append the cell up to section `at`; eta and the time are carried to its front edge."""
        section = self.fine[at]
        if not self.chosen:
            ends = (section.R, section.L)
            self.epsilon = self._epsilon(ends, True)
            widest, shrink = max((length(S) for S in ends), key=float).upper(), (1 - self.eta).sqrt()
            speed = min((dot(self.problem.drift(S), S) for S in ends), key=float).lower() / widest
            self.seconds += (widest / shrink / self.early.grown).log().max(flint.arb(0)) / (2 * shrink * speed)
        else:
            corners = self._corners(at)
            if head:
                self.epsilon = self.epsilon.max(self._epsilon(corners, False))
            self.seconds += self._passing(corners)
        self.chosen.append(at)
        if head:
            gain = (section.from_origin / ball(self.early.size)).log().max(flint.arb(0))
            self.eta = self.first * (-(1 - self.epsilon) * gain).exp()

    def _enter_tail(self) -> None:
        self.tail = len(self.chosen)
        back = self.fine[self.chosen[-1]]
        excess = most(self.problem.excess(S) for S in (back.L, back.R))
        slow = self._forward([S for section in self.fine[self.chosen[-1] :] for S in (section.L, section.R)])
        self.eta = self.eta * (2 * (2 * excess / ball(self.mu)).sqrt() / slow).exp()

    def _forward(self, corners: Sequence[Vector]) -> Ball:
        """A lower bound of ||S|| on the hull of the corners."""
        return least(dot(S, self.problem.beta) for S in corners) / length(self.problem.beta)

    def _epsilon(self, corners: Sequence[Vector], triangle: bool) -> Ball:
        """Item 4: above 1 when the cell cannot be in the head."""
        drifts = [self.problem.drift(S) for S in corners] + ([self.problem.b] if triangle else [])
        along = least(dot(self.problem.drift(S), S) for S in corners)
        if not along > 0:
            return flint.arb(2)
        sizes = most(length(D) for D in drifts) * most(length(S) for S in corners)
        return (2 * self.eta / (1 - self.eta)).sqrt() * sizes / along

    def _passing(self, corners: Sequence[Vector]) -> Ball:
        """The longest time in a cell: ln(Delta_in/Delta_out)/(2 mu q)."""
        excess, beta = self.problem.excess, self.problem.beta
        R, L = corners[1], corners[2]
        f0, f2 = excess(R), excess(L)
        f1 = dot((beta[0] - R[0], beta[1] - R[1]), self.problem.drift(L)) / 2
        place = ((f0 - f1) / (f0 - 2 * f1 + f2)).max(flint.arb(0)).min(flint.arb(1))
        out = (1 - place) ** 2 * f0 + 2 * place * (1 - place) * f1 + place**2 * f2
        enter = most((excess(corners[0]), excess(corners[3])))
        drifts = [self.problem.drift(S) for S in corners]
        axis = (sum((D[0] for D in drifts), flint.arb(0)), sum((D[1] for D in drifts), flint.arb(0)))
        slowest = least(dot(D, axis) for D in drifts).max(flint.arb(0)) / length(axis)
        rate = (2 * ball(self.mu)).max(slowest**2 / enter)
        return (enter / out).log().max(flint.arb(0)) / (rate * self._forward(corners))

    def _close(self) -> bool:
        """The trap at the last front edge."""
        problem, end = self.problem, self.fine[self.chosen[-1]]
        d = (2 * most(problem.excess(S) for S in (end.L, end.R)) / ball(self.mu)).sqrt()
        distance = rational_above(d)
        rest = length(problem.beta) - ball(distance)
        wide = most(length(S) for S in (end.L, end.R))
        self.reached, self.reason = (
            1.0,
            "the trap is not reached: the directions of the neurons differ too much at the end of the tube",
        )
        if not rest > 0:
            return False
        for x in problem.x:
            cosine = least(dot(S, x) for S in (end.L, end.R)) / (wide * length(x))
            if not (1 - self.eta).sqrt() * cosine - (2 * self.eta).sqrt() > ball(distance) / rest:
                return False
        chosen = [self.fine[at] for at in self.chosen]
        self.tube = Tube(
            tuple(section.left for section in chosen),
            tuple(section.right for section in chosen),
            len(chosen) if self.tail is None else self.tail,
            self.mu,
            distance,
            rational_above(self.seconds),
        )
        return True


def widest_output(problem: PlaneProblem, left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    """The widest interval of an output h(x_k) on the section between these ends."""
    across = [u - v for u, v in zip(left, right, strict=True)]
    return max(abs(x[0] * across[0] + x[1] * across[1]) for x in problem.data.inputs)


def cell_holds(problem: PlaneProblem, eta: Ball, corners: Sequence[Vector], triangle: bool) -> bool:
    """Items 1 to 3 of docs/certificates.md for a cell: convex, without beta*, left by its front edge only."""
    sides = [*pairwise((*corners, corners[0]))]
    edges = [(B[0] - A[0], B[1] - A[1]) for A, B in sides]
    if not all(cross(edge, edges[(k + 1) % len(edges)]) > 0 for k, edge in enumerate(edges)):
        return False
    beta = problem.beta
    if not any(cross(e, (beta[0] - A[0], beta[1] - A[1])) < 0 for e, (A, _) in zip(edges, sides, strict=True)):
        return False
    spread = (2 * eta / (1 - eta)).sqrt()
    for S in corners[triangle:]:
        if not all(dot(S, x) > spread * length(S) * length(x) for x in problem.x):
            return False
    return all(_holds_in(problem, eta, A, B, triangle) for k, (A, B) in enumerate(sides) if k != 1)


def _holds_in(problem: PlaneProblem, eta: Ball, A: Vector, B: Vector, triangle: bool) -> bool:
    """Whether S' crosses the edge from A to B to its left: a cubic by its Bernstein coefficients."""
    normal, DA, DB = (A[1] - B[1], B[0] - A[0]), problem.drift(A), problem.drift(B)
    bound = eta * length(normal) * most((length(DA), length(DB)))
    p, q = dot(DA, normal), dot(DB, normal)
    if triangle:
        return bool(p > bound and q > bound)
    s0, s1, s2 = dot(A, A), dot(A, B), dot(B, B)
    m0, m1, m2 = dot(DA, A), (dot(DA, B) + dot(DB, A)) / 2, dot(DB, B)
    t, bound = dot(A, normal), bound * most((s0, s2))
    cubic = (
        p * s0 + t * m0,
        (q * s0 + 2 * p * s1 + t * (m0 + 2 * m1)) / 3,
        (2 * q * s1 + p * s2 + t * (2 * m1 + m2)) / 3,
        q * s2 + t * m2,
    )
    return all(c > bound for c in cubic)


def longest_reach(now: int, last: int, fits: Callable[[int], bool]) -> int | None:
    """The furthest section up to `last` that a cell from section `now` can reach, by doubling and halving, or None."""
    step = 1
    if not fits(now + 1):
        return None
    while now + 2 * step <= last and fits(now + 2 * step):
        step *= 2
    low, high = now + step, min(now + 2 * step, last + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def most(values: Iterable[Ball]) -> Ball:
    """A number that is certainly at least all values."""
    return max((value.upper() for value in values), key=lambda value: float(value))


def least(values: Iterable[Ball]) -> Ball:
    """A number that is certainly at most all values."""
    return min((value.lower() for value in values), key=lambda value: float(value))


def section_of(ends: Ends, scale: Fraction) -> Section:
    """The front edge with these ends, rounded to rationals of about 30 bits beside `scale`."""
    left, right = (
        (
            Fraction(round(x / float(scale) * GRAIN), GRAIN) * scale,
            Fraction(round(y / float(scale) * GRAIN), GRAIN) * scale,
        )
        for x, y in ends
    )
    return Section(left, right, (ball(left[0]), ball(left[1])), (ball(right[0]), ball(right[1])))


def smallest_eigenvalue(problem: PlaneProblem) -> Fraction:
    """A rational just below the smallest eigenvalue of H."""
    (p, q), (_, s) = problem.H
    half, gap = (p + s) / 2, (((p - s) / 2) ** 2 + q * q).sqrt()
    return -rational_above(-((half**2 - gap**2) / (half + gap)) * (1 - flint.arb(2) ** -40))
