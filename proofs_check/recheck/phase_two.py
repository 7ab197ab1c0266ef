"""Phases two and three of a certificate: the tube that S = sum a_j w_j cannot leave but at its end, and the trap."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .phase_one import ZERO, PhaseOneCheck
from .plane import Ball, Data, Point, ball, cross, dot, minus, need, root


class PhaseTwoCheck:
    """Phase two: the cells that S crosses, and what is left of eta when it has crossed them."""

    def __init__(self, data: Data, early: PhaseOneCheck, fields: dict[str, Any]) -> None:
        self.data, self.early, (H, J) = data, early, data.H
        self.tail, self.mu = fields["tube"]["tail"], fields["trap"]["mu"]
        left, right = fields["tube"]["left"], fields["tube"]["right"]
        # the corners of each cell, anticlockwise: side 1 is the front edge, the back edge joins the last to the first
        self.cells: list[tuple[Point, ...]] = [((Fraction(0), Fraction(0)), right[0], left[0])]
        self.cells += [(R0, R, L, L0) for (R0, R), (L0, L) in zip(pairwise(right), pairwise(left), strict=True)]
        need(1 <= self.tail <= len(self.cells), "tube.tail must be from 1 to the number of cells")
        least = 0 < self.mu <= min(H[0], J[1]) and (H[0] - self.mu) * (J[1] - self.mu) >= H[1] * J[0]
        need(least, "trap.mu must be positive and at most the smallest eigenvalue of H")

    def check(self) -> None:
        """Check every cell; afterwards `eta` and `time` are those of the last front edge."""
        self._entry()
        v, size, epsilon = self.early.tangent, ball(self.early.size), ZERO
        first = self.eta = ball(8 * v * v / (1 + v * v) ** 2)
        self.time = ball(self.early.time)
        for i in range(len(self.cells)):
            if i == self.tail:
                self.eta = self.eta * self._tail_factor()
            self._cell(i)
            epsilon = epsilon.max(self._head(i)) if i < self.tail else epsilon
            self.time += self._pass(i) if i else self._pass_first()
            if i < self.tail:
                self.eta = first * (-(1 - epsilon) * (self._distance(i) / size).log().max(ZERO)).exp()

    def _entry(self) -> None:
        v, b, (_, right, left) = self.early.tangent, self.data.b, self.cells[0]
        for outer, turn in ((left, cross(b, left)), (right, cross(right, b))):
            far = turn > 0 and turn**2 * (1 + v * v) ** 2 > 4 * v * v * dot(b, b) * dot(outer, outer)
            need(far, "the first cell does not hold all directions that are possible at T")
        need(ball(self.early.size) < self._distance(0), "the first cell ends before early.size")

    def _distance(self, i: int) -> Ball:
        """The distance from 0 to the line through L_i and R_i."""
        R, L = self.cells[i][1:3]
        return ball(abs(cross(R, L))) / root(dot(minus(L, R), minus(L, R)))

    def _cell(self, i: int) -> None:
        """Items 1 to 3 for cell i."""
        corners, where = self.cells[i], f"cell {i} of the tube"
        sides = [*pairwise((*corners, corners[0]))]
        edges = [minus(B, A) for A, B in sides]
        convex = all(cross(edge, after) > 0 for edge, after in pairwise((*edges, edges[0])))
        need(convex, f"{where} is not convex and anticlockwise")
        outside = any(cross(edge, minus(self.data.beta, A)) < 0 for edge, A in zip(edges, corners, strict=True))
        need(outside, f"{where} holds beta*")
        for k, (A, B) in enumerate(sides):
            need(k == 1 or self._inwards(A, B, i == 0), f"{where}: the flow may leave through side {k}")
        for x in self.data.x:
            for S in corners[i == 0 :]:
                size = (2 * self.eta / (1 - self.eta) * ball(dot(S, S) * dot(x, x))).sqrt()
                need(ball(dot(S, x)) > size, f"{where}: a neuron may leave the half-plane of a point")

    def _inwards(self, A: Point, B: Point, from_zero: bool) -> bool:
        """Item 2: whether S' points to the left of A -> B everywhere on the edge."""
        normal, (DA, DB) = (A[1] - B[1], B[0] - A[0]), (self.data.drift(A), self.data.drift(B))
        push, turn = (dot(DA, normal), dot(DB, normal)), dot(A, normal)
        allowed = self.eta * root(dot(normal, normal) * max(dot(DA, DA), dot(DB, DB)))
        if from_zero:
            return bool(ball(min(push)) > allowed)
        square = (dot(A, A), dot(A, B), dot(B, B))
        along = (dot(DA, A), (dot(DA, B) + dot(DB, A)) / 2, dot(DB, B))
        left = min(p + q for p, q in zip(cubic(push, square), cubic((turn, turn), along), strict=True))
        return bool(ball(left) > allowed * ball(max(square[0], square[2])))

    def _head(self, i: int) -> Ball:
        """Item 4: epsilon of cell i; the corner 0 counts for ||D|| only."""
        corners, sizes = self.cells[i][i == 0 :], [dot(D, D) for D in map(self.data.drift, self.cells[i])]
        along = min(dot(self.data.drift(S), S) for S in corners)
        need(along > 0, f"cell {i} of the tube is in the head, but <D, S> is not positive in it")
        largest = ball(max(sizes) * max(dot(S, S) for S in corners))
        epsilon = (2 * self.eta / (1 - self.eta) * largest).sqrt() / ball(along)
        need(epsilon < 1, f"cell {i} of the tube is in the head, but a neuron may shrink in it")
        return epsilon

    def _forward(self, corners: Iterable[Point]) -> Ball:
        """A lower bound of ||S|| on a cell: the smallest <S, beta*>/||beta*|| at its corners."""
        least = min(dot(corner, self.data.beta) for corner in corners)
        need(least > 0, "a cell after the first is not in the half-plane of beta*")
        return ball(least) / root(dot(self.data.beta, self.data.beta))

    def _tail_factor(self) -> Ball:
        """How much eta may grow from the tail's back edge on."""
        R, *_, L = self.cells[self.tail]
        slow = self._forward(corner for corners in self.cells[self.tail :] for corner in corners)
        return (2 * root(2 * max(self.data.excess(L), self.data.excess(R)) / self.mu) / slow).exp()

    def _pass_first(self) -> Ball:
        """The time that S may spend in cell 0."""
        ends, shrink = self.cells[0][1:], (1 - self.eta).sqrt()
        largest = root(max(dot(S, S) for S in ends))
        speed = ball(min(dot(self.data.drift(S), S) for S in ends)) / largest
        return (largest / shrink / self.early.grown).log().max(ZERO) / (2 * shrink * speed)

    def _pass(self, i: int) -> Ball:
        """The time that S may spend in another cell."""
        excess, drifts = self.data.excess, [self.data.drift(S) for S in self.cells[i]]
        (R0, R, L, L0), mu = self.cells[i], self.mu
        enter, across = max(excess(R0), excess(L0)), minus(L, R)
        slope = dot(drifts[1], across)  # Delta is Delta(R) - slope t + (slope - <D(L), L - R>) t^2/2 at R + t (L - R)
        place = min(max(slope / (slope - dot(drifts[2], across)), Fraction(0)), Fraction(1))
        leave = excess((R[0] + place * across[0], R[1] + place * across[1]))
        axis = tuple(sum(component, Fraction(0)) for component in zip(*drifts, strict=True))
        least = max(min(dot(D, axis) for D in drifts), Fraction(0))  # over ||axis||: a lower bound of ||D||
        rate = max(2 * mu, least**2 / dot(axis, axis) / enter) if any(axis) else 2 * mu
        return (ball(enter) / ball(leave)).log().max(ZERO) / (ball(rate) * self._forward(self.cells[i]))


def cubic(p: Point, q: Point) -> Point:
    """The Bernstein coefficients of a linear times a quadratic function, from theirs."""
    return (p[0] * q[0], (p[1] * q[0] + 2 * p[0] * q[1]) / 3, (2 * p[1] * q[1] + p[0] * q[2]) / 3, p[1] * q[2])


def check_trap(data: Data, tube: PhaseTwoCheck, fields: dict[str, Any]) -> None:
    """Phase three, at the last front edge."""
    d, ends = fields["trap"]["distance"], tube.cells[-1][1:3]
    need(d > 0 and d * d * tube.mu >= 2 * max(map(data.excess, ends)), "trap.distance is below sqrt(2 Delta/mu)")
    rest = root(dot(data.beta, data.beta)) - ball(d)
    need(rest > 0, "trap.distance is not below ||beta*||")
    largest = root(max(dot(S, S) for S in ends))
    for x in data.x:
        cosine = ball(min(dot(S, x) for S in ends)) / (largest * root(dot(x, x)))
        margin = (1 - tube.eta).sqrt() * cosine - (2 * tube.eta).sqrt()
        need(margin > ball(d) / rest, "the trap is not reached: a neuron may still leave the half-plane of a point")
    need(tube.time <= ball(fields["trap"]["time"]), "the trap may be reached later than trap.time")
