"""Checking an enclosure of the limit path again (docs/theory.md 5.4), with nothing of what made it.

The path S(t) from 0 obeys S' = s (D + <D, omega> omega), S = s omega, D = b - H S, and leaves 0 along b. The enclosure
is a chain of convex cells, the first a triangle with the corner 0. The path enters each cell by the front edge of the
one before and can leave it by its own front edge only, because the field points inwards everywhere on the other edges;
it cannot stay, because the only stationary point, beta*, lies outside. Behind the last front edge the loss confines it
to a ball around beta*. All of it holds for every data set whose coordinates and labels lie in the given intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import flint

from .phase_two import cubic
from .plane import Ball, Point, ball, need

Interval = tuple[Fraction, Fraction]
PRECISION = 128  # bits of the balls


def recheck_path(
    inputs: Sequence[tuple[Interval, Interval]],
    labels: Sequence[Interval],
    left: Sequence[Point],
    right: Sequence[Point],
    cosine: Fraction,
) -> None:
    """Whether the cells hold the path of all these data, and <omega, x_k>/||x_k|| > `cosine` along all of it.

    `left` and `right` are the ends of the front edges, first cell first; Rejected says in one sentence what fails.
    """
    with flint.ctx.workprec(PRECISION):
        need(len(left) == len(right) > 0, "an enclosure needs as many left as right ends, and at least one of each")
        field = _Field(inputs, labels)
        corners = [tuple(map(_exactly, ends)) for ends in zip(left, right, strict=True)]
        _check_cells(field, corners, ball(cosine))
        _check_end(field, corners[-1], ball(cosine))


def _spanned(interval: Interval) -> Ball:
    need(interval[0] <= interval[1], "an interval of the data ends before it begins")
    return ball(interval[0]).union(ball(interval[1]))


def _exactly(point: Point) -> tuple[Ball, Ball]:
    return (ball(point[0]), ball(point[1]))


def _dot(u: Any, v: Any) -> Ball:
    return u[0] * v[0] + u[1] * v[1]


def _cross(u: Any, v: Any) -> Ball:
    return u[0] * v[1] - u[1] * v[0]


def _minus(u: Any, v: Any) -> tuple[Ball, Ball]:
    return (u[0] - v[0], u[1] - v[1])


class _Field:
    """H, b, beta* and the drift of all data sets in the box, as balls."""

    def __init__(self, inputs: Sequence[tuple[Interval, Interval]], labels: Sequence[Interval]) -> None:
        self.x = [(_spanned(first), _spanned(second)) for first, second in inputs]
        self.y = [_spanned(label) for label in labels]
        n = len(self.y)
        need(n == len(self.x) > 0, "there must be one label for each input, and at least one")
        self.p, self.q, self.r = (
            sum((x[i] * x[j] for x in self.x), flint.arb(0)) / n for i, j in ((0, 0), (0, 1), (1, 1))
        )
        determinant = self.p * self.r - self.q * self.q
        need(determinant > 0, "the inputs of some of the data may be parallel")
        b = [sum((y * x[i] for x, y in zip(self.x, self.y, strict=True)), flint.arb(0)) / n for i in (0, 1)]
        self.beta = ((self.r * b[0] - self.q * b[1]) / determinant, (self.p * b[1] - self.q * b[0]) / determinant)

    def drift(self, S: Any) -> tuple[Ball, Ball]:
        """D = (1/n) sum (y_k - <S, x_k>) x_k: each uncertain number occurs as seldom as it can."""
        pulls = [y - _dot(S, x) for x, y in zip(self.x, self.y, strict=True)]
        first, second = (sum((p * x[i] for p, x in zip(pulls, self.x, strict=True)), flint.arb(0)) for i in (0, 1))
        return (first / len(self.y), second / len(self.y))

    def excess(self, S: Any) -> Ball:
        """Delta = (beta* - S)^T H (beta* - S)/2 = <beta* - S, D>/2."""
        return _dot(_minus(self.beta, S), self.drift(S)) / 2

    def cosines(self, S: Any) -> list[Ball]:
        """<S, x_k>/(||S|| ||x_k||) for every point."""
        return [_dot(S, x) / (_dot(S, S) * _dot(x, x)).sqrt() for x in self.x]


def _check_cells(field: _Field, fronts: Sequence[Any], cosine: Ball) -> None:
    zero = (flint.arb(0), flint.arb(0))
    cells: list[tuple[Any, ...]] = [(zero, fronts[0][1], fronts[0][0])]
    cells += [(R0, R, L, L0) for (L0, R0), (L, R) in pairwise(fronts)]
    for number, corners in enumerate(cells):
        where = f"cell {number}"
        sides = [*pairwise((*corners, corners[0]))]
        edges = [_minus(B, A) for A, B in sides]
        turns = (_cross(edge, after) > 0 for edge, after in pairwise((*edges, edges[0])))
        need(all(turns), f"{where} is not convex and anticlockwise")
        apart = (_cross(edge, _minus(field.beta, A)) < 0 for edge, (A, _) in zip(edges, sides, strict=True))
        need(any(apart), f"{where} may hold beta*")
        for k, (A, B) in enumerate(sides):
            need(k == 1 or _inwards(field, A, B, number == 0), f"{where}: the path may leave through side {k}")
        for S in corners[number == 0 :]:
            need(all(value > cosine for value in field.cosines(S)), f"{where}: a point may be seen at a smaller cosine")
    grows = all(_dot(field.drift(S), S) > 0 for S in fronts[0])
    need(grows, "in the first cell ||S|| may not grow, so that the path may stay near 0")


def _inwards(field: _Field, A: Any, B: Any, from_zero: bool) -> bool:
    """Whether ||S||^2 <D, N> + <D, S> <S, N> > 0 on the whole edge from A to B, N its normal to the left.

    A cubic along the edge, by its Bernstein coefficients; on a side of the first cell <S, N> = 0.
    """
    normal = (A[1] - B[1], B[0] - A[0])
    DA, DB = field.drift(A), field.drift(B)
    push = (_dot(DA, normal), _dot(DB, normal))
    if from_zero:
        return bool(push[0] > 0 and push[1] > 0)
    square = (_dot(A, A), _dot(A, B), _dot(B, B))
    along = (_dot(DA, A), (_dot(DA, B) + _dot(DB, A)) / 2, _dot(DB, B))
    turn = _dot(A, normal)
    whole = (p + q for p, q in zip(cubic(push, square), cubic((turn, turn), along), strict=True))
    return all(value > 0 for value in whole)


def _check_end(field: _Field, front: Any, cosine: Ball) -> None:
    """Behind the last front edge: ||S - beta*|| <= sqrt(2 Delta/mu) = d, Delta its largest value on that edge."""
    L, R = front
    half, part = (field.p + field.r) / 2, (field.p - field.r) / 2
    gap = (part * part + field.q * field.q).sqrt()  # products: python-flint gives no power of a ball around 0
    # half - gap without cancellation; positive, since the determinant is (see `_Field`) and so is the trace
    mu = (field.p * field.r - field.q * field.q) / (half + gap)
    d = (2 * field.excess(L).upper().max(field.excess(R).upper()) / mu.lower()).sqrt()
    norm = _dot(field.beta, field.beta).sqrt()
    need(norm > d, "the ball in which the path ends may hold 0")
    for x in field.x:
        least = (_dot(field.beta, x) / _dot(x, x).sqrt() - d) / (norm + d)
        need(least > cosine, "where the path ends a point may be seen at a smaller cosine")
