"""Phases two and three of a certificate: the tube that S = sum a_j w_j cannot leave but at its end, and the trap."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import flint

from .phase_one import Early
from .plane import Ball, Data, Point, ball, cross, dot, minus, need, root


class Tube:
    """Phase two: the cells that S crosses, and what is left of eta when it has crossed them."""

    def __init__(self, data: Data, early: Early, fields: dict[str, Any]) -> None:
        self.data, self.early = data, early
        self.left, self.right = fields["tube"]["left"], fields["tube"]["right"]
        self.tail, self.mu = fields["tube"]["tail"], fields["trap"]["mu"]
        need(1 <= self.tail <= len(self.left), "tube.tail must be from 1 to the number of cells")
        H = data.H
        need(
            self.mu > 0 and H[0][0] > self.mu and (H[0][0] - self.mu) * (H[1][1] - self.mu) >= H[0][1] * H[1][0],
            "trap.mu must be positive and at most the smallest eigenvalue of H",
        )

    def corners(self, i: int) -> tuple[Point, ...]:
        """The corners of cell i, anticlockwise, those of the back edge first and last."""
        if i == 0:
            return ((Fraction(0), Fraction(0)), self.right[0], self.left[0])
        return (self.right[i - 1], self.right[i], self.left[i], self.left[i - 1])

    def from_origin(self, i: int) -> Ball:
        """The distance from 0 to the line through L_i and R_i."""
        across = minus(self.left[i], self.right[i])
        return ball(abs(cross(self.right[i], self.left[i]))) / root(dot(across, across))

    def forward(self, corners: Sequence[Point]) -> Ball:
        """A lower bound of ||S|| on a cell: the smallest <S, beta*>/||beta*|| at its corners."""
        least = min(dot(corner, self.data.beta) for corner in corners)
        need(least > 0, "a cell after the first is not in the half-plane of beta*")
        return ball(least) / root(dot(self.data.beta, self.data.beta))

    def check(self) -> None:
        """Check every cell; afterwards `eta` and `time` are those of the last front edge."""
        self._entry()
        v, size = self.early.tangent, ball(self.early.size)
        first = self.eta = ball(8 * v * v / (1 + v * v) ** 2)
        epsilon, self.time = flint.arb(0), ball(self.early.time)
        for i in range(len(self.left)):
            if i == self.tail:
                self.eta = self.eta * self._tail_factor()
            self._cell(i)
            if i < self.tail:
                epsilon = epsilon.max(self._head(i))
                gain = (self.from_origin(i) / size).log().max(flint.arb(0))
                self._pass(i)
                self.eta = first * (-(1 - epsilon) * gain).exp()
            else:
                self._pass(i)

    def _entry(self) -> None:
        v, b, (left, right) = self.early.tangent, self.data.b, (self.left[0], self.right[0])
        sine = 2 * v / (1 + v * v)
        for outer, turn in ((left, cross(b, left)), (right, cross(right, b))):
            far = turn > 0 and turn**2 > sine**2 * dot(b, b) * dot(outer, outer)
            need(far and dot(b, outer) > 0, "the first cell does not hold all directions that are possible at T")
        need(ball(self.early.size) < self.from_origin(0), "the first cell ends before early.size")

    def _cell(self, i: int) -> None:
        """Items 1 to 3 for cell i."""
        corners, where = self.corners(i), f"cell {i} of the tube"
        sides = [*pairwise((*corners, corners[0]))]
        edges = [minus(B, A) for A, B in sides]
        convex = all(cross(edge, edges[(k + 1) % len(edges)]) > 0 for k, edge in enumerate(edges))
        need(convex, f"{where} is not convex and anticlockwise")
        outside = any(cross(edge, minus(self.data.beta, A)) < 0 for edge, (A, _) in zip(edges, sides, strict=True))
        need(outside, f"{where} holds beta*")
        for k, (A, B) in enumerate(sides):
            if k != 1:  # side 1 is the front edge
                need(self._inwards(A, B, i == 0), f"{where}: the flow may leave through side {k}")
        for x in self.data.x:
            for S in corners[i == 0 :]:
                size = (2 * self.eta / (1 - self.eta) * ball(dot(S, S) * dot(x, x))).sqrt()
                need(ball(dot(S, x)) > size, f"{where}: a neuron may leave the half-plane of a point")

    def _inwards(self, A: Point, B: Point, from_zero: bool) -> bool:
        """Item 2: whether S' points to the left of A -> B everywhere on the edge."""
        normal, (DA, DB) = (A[1] - B[1], B[0] - A[0]), (self.data.drift(A), self.data.drift(B))
        push = (dot(DA, normal), dot(DB, normal))
        allowed = self.eta * root(dot(normal, normal) * max(dot(DA, DA), dot(DB, DB)))
        if from_zero:
            return bool(ball(min(push)) > allowed)
        square = (dot(A, A), dot(A, B), dot(B, B))
        along = (dot(DA, A), (dot(DA, B) + dot(DB, A)) / 2, dot(DB, B))
        turn = dot(A, normal)
        coefficients = (
            push[0] * square[0] + turn * along[0],
            (push[1] * square[0] + 2 * push[0] * square[1] + turn * (along[0] + 2 * along[1])) / 3,
            (2 * push[1] * square[1] + push[0] * square[2] + turn * (2 * along[1] + along[2])) / 3,
            push[1] * square[2] + turn * along[2],
        )
        return bool(ball(min(coefficients)) > allowed * ball(max(square[0], square[2])))

    def _head(self, i: int) -> Ball:
        """Item 4: epsilon of cell i."""
        corners = self.corners(i)[i == 0 :]
        drifts = [self.data.drift(S) for S in corners] + ([self.data.b] if i == 0 else [])
        along = min(dot(self.data.drift(S), S) for S in corners)
        largest = max(dot(D, D) for D in drifts) * max(dot(S, S) for S in corners)
        need(along > 0, f"cell {i} of the tube is in the head, but <D, S> is not positive in it")
        epsilon = (2 * self.eta / (1 - self.eta) * ball(largest)).sqrt() / ball(along)
        need(epsilon < 1, f"cell {i} of the tube is in the head, but a neuron may shrink in it")
        return epsilon

    def _tail_factor(self) -> Ball:
        """How much eta may grow from the tail's back edge on."""
        back = max(self.data.excess(self.left[self.tail - 1]), self.data.excess(self.right[self.tail - 1]))
        cells = [corner for i in range(self.tail, len(self.left)) for corner in self.corners(i)]
        return (2 * root(2 * back / self.mu) / self.forward(cells)).exp()

    def _pass(self, i: int) -> None:
        """Add the time that S may spend in cell i; `eta` is still that inside the cell."""
        L, R = self.left[i], self.right[i]
        if i == 0:
            largest = root(max(dot(L, L), dot(R, R)))
            speed = ball(min(dot(self.data.drift(S), S) for S in (L, R))) / largest
            shrink = (1 - self.eta).sqrt()
            self.time += (largest / shrink / self.early.grown).log().max(flint.arb(0)) / (2 * shrink * speed)
            return
        enter = max(self.data.excess(self.left[i - 1]), self.data.excess(self.right[i - 1]))
        ends = (self.data.excess(R), self.data.excess(L))
        middle = dot(minus(self.data.beta, R), self.data.drift(L)) / 2
        bend = ends[0] - 2 * middle + ends[1]
        place = min(max((ends[0] - middle) / bend, Fraction(0)), Fraction(1))
        leave = (1 - place) ** 2 * ends[0] + 2 * place * (1 - place) * middle + place**2 * ends[1]
        need(leave > 0, "the last front edge holds beta*")
        drifts = [self.data.drift(S) for S in self.corners(i)]
        axis = (sum((D[0] for D in drifts), Fraction(0)), sum((D[1] for D in drifts), Fraction(0)))
        least = max(min(dot(D, axis) for D in drifts), Fraction(0))  # over ||axis||: a lower bound of ||D||
        rate = max(2 * self.mu, least**2 / dot(axis, axis) / enter) if any(axis) else 2 * self.mu
        self.time += (ball(enter) / ball(leave)).log().max(flint.arb(0)) / (ball(rate) * self.forward(self.corners(i)))


def check_trap(data: Data, tube: Tube, fields: dict[str, Any]) -> None:
    """Phase three, at the last front edge."""
    d, ends = fields["trap"]["distance"], (tube.left[-1], tube.right[-1])
    need(d > 0 and d * d * tube.mu >= 2 * max(map(data.excess, ends)), "trap.distance is below sqrt(2 Delta/mu)")
    rest = root(dot(data.beta, data.beta)) - ball(d)
    need(rest > 0, "trap.distance is not below ||beta*||")
    largest = root(max(dot(S, S) for S in ends))
    for x in data.x:
        cosine = ball(min(dot(S, x) for S in ends)) / (largest * root(dot(x, x)))
        margin = (1 - tube.eta).sqrt() * cosine - (2 * tube.eta).sqrt()
        need(margin > ball(d) / rest, "the trap is not reached: a neuron may still leave the half-plane of a point")
    need(tube.time <= ball(fields["trap"]["time"]), "the trap may be reached later than trap.time")
