"""Phase one of a certificate: by T every neuron has taken its side, and the live ones are aligned with b."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint

from .plane import Ball, Data, Point, Rejected, ball, cross, dot, half_tangent, need, root


class Early:
    """Phase one: what is known of the start at the time T; the constructor checks all of it."""

    def __init__(self, data: Data, fields: dict[str, Any]) -> None:
        self.data, claimed = data, fields["early"]
        self.time, self.size, self.tangent = claimed["time"], claimed["size"], claimed["tangent"]
        self.neurons = fields["start"]["neurons"]
        self.live: dict[int, list[tuple[Fraction, Point, tuple[int, ...]]]] = {1: [], -1: []}
        for j, (a, *w) in enumerate(self.neurons):
            self._sort(j, a, tuple(w))
        need(bool(self.live[1]), "no neuron with a > 0 is active on a point at the start: the network stays <= 0")
        rising = sum((a * a for a, _, _ in self.live[1]), Fraction(0))
        falling = sum((a * a for a, _, _ in self.live[-1]), Fraction(0))
        self.r = root(dot(data.b, data.b))
        self.r2 = sum((dot(p, p) for p in data.x), Fraction(0)) / len(data.x)
        self.s0 = ball(max(rising, falling))
        self.g = self.r + ball(self.r2 * falling)
        need(claimed["time"] >= 0, "early.time is negative")
        need(
            claimed["activation"] <= self.time and claimed["death"] <= self.time,
            "early.activation and early.death must not exceed early.time",
        )
        need(self.rho(ball(self.time)) <= ball(self.r2 * self.size), "early.size is below s_0 e^{2gT}")
        for p, label in zip(data.x, data.y, strict=True):
            need(self.size**2 * dot(p, p) < label**2, "early.size is too large: a residual may change its sign by T")
        for a, w, active in self.live[-1]:
            need(
                self._death(w, active) <= ball(claimed["death"]),
                f"the neuron a = {float(a):.6g} may die later than early.death",
            )
        self.grown = flint.arb(0)
        self._aligned(claimed["activation"])

    def _sort(self, j: int, a: Fraction, w: Point) -> None:
        need(a != 0 and a * a >= dot(w, w), f"neuron {j} is not dominated: |a| < ||w||, or a = 0")
        values = [dot(w, p) for p in self.data.x]
        need(all(values), f"neuron {j} stands on a hyperplane <w, x> = 0 at the start")
        active = tuple(k for k, value in enumerate(values) if value > 0)
        if active:
            self.live[1 if a > 0 else -1].append((a, w, active))

    def rho(self, time: Ball) -> Ball:
        """R2 s_0 e^{2 g t}: how far a drift may be from the frozen one at any time up to t."""
        return ball(self.r2) * self.s0 * (2 * self.g * time).exp()

    def share(self, active: Sequence[int]) -> Ball:
        """The part of R2 that belongs to the points in A: ||D - D_A|| <= share rho while w is active on A."""
        squares = [dot(p, p) for p in self.data.x]
        return ball(sum((squares[k] for k in active), Fraction(0)) / sum(squares, Fraction(0)))

    def frozen(self, active: Sequence[int]) -> Point:
        """D_A = (1/n) sum over A of y_k x_k."""
        n, (x, y) = len(self.data.x), (self.data.x, self.data.y)
        return tuple(sum((y[k] * x[k][i] for k in active), Fraction(0)) / n for i in range(2))

    def _next(self, D: Point, w: Point, among: Sequence[int], inwards: bool) -> tuple[int, Point]:
        """The point of `among` whose hyperplane w meets first, towards D or away from it, and w's direction there."""
        side = 1 if cross(D, w) > 0 else -1
        rays = {k: (-side * self.data.x[k][1], side * self.data.x[k][0]) for k in among}
        first = among[0]
        for k in among[1:]:
            ahead = side * cross(rays[first], rays[k])  # > 0: ray k lies further from D
            if ahead > 0 if inwards else ahead < 0:
                first = k
        return first, rays[first]

    def _activation(self, w: Point, active: Sequence[int], latest: Fraction) -> tuple[Ball, Point]:
        """By when a neuron with a > 0 is active on all points, and its direction when it becomes so."""
        total, left = flint.arb(0), [k for k in range(len(self.data.x)) if k not in active]
        while left:
            now = [k for k in range(len(self.data.x)) if k not in left]
            D = self.frozen(now)
            r = root(dot(D, D))
            k, ray = self._next(D, w, left, True)
            error = self.share(now) * self.rho(ball(latest)) / r
            end = half_tangent(D, ray) - error
            need(end > 0, f"by early.activation the drift is not certain enough to reach point {k}")
            if ray != w:
                step = ((half_tangent(D, w) - error) / end).log() / r
                total += step.max(flint.arb(0))
            left.remove(k)
            w = ray
        return total, w

    def _death(self, w: Point, active: Sequence[int]) -> Ball:
        """By when a neuron with a < 0 is active on no point."""
        time, left = flint.arb(0), list(active)
        while left:
            D = self.frozen(left)
            need(cross(D, w) != 0, "a neuron with a < 0 stands exactly along its drift, a repeller")
            k, ray = self._next(D, w, left, False)
            if ray != w and len(left) == 1:
                time += self._last_exit(k, time, half_tangent(D, w))
            elif ray != w:
                time += self._exit(
                    self.share(left) * self.rho(time), root(dot(D, D)), half_tangent(D, w), half_tangent(D, ray)
                )
            left.remove(k)
            w = ray
        return time

    def _exit(self, rho: Ball, r: Ball, start: Ball, end: Ball) -> Ball:
        """How long u takes at most from `start` to `end` in a cell, when the deviation is `rho` at its beginning."""
        c, zero = 2 * self.g - r, flint.arb(0)
        k = rho / c
        for share in (2, 4, 8, 16):
            lost = start / share
            time = ((end / (start - lost)).log().max(zero) / r).upper()
            speed = r * (start - lost) * (r * time).exp()
            if k * ((c * time).exp() - 1) <= lost and speed >= rho * (2 * self.g * time).exp():
                break
        else:
            raise Rejected("a neuron with a < 0 starts too close to its repeller for this scale")
        for _ in range(3):  # what is lost by a time is not more by an earlier one
            kept = start - k * ((c * time).exp() - 1)
            time = ((end / kept).log().max(zero) / r).upper()
        return time

    def _last_exit(self, k: int, time: Ball, start: Ball) -> Ball:
        """How long u takes at most from `start` to 1 where w is active on point k only, from `time` on."""
        norm, label = root(dot(self.data.x[k], self.data.x[k])), ball(self.data.y[k])
        rate, missing = label * norm / len(self.data.x), norm * self.s0 * (2 * self.g * time).exp() / label
        for part in (64, 16, 8, 4, 2):
            spent = (-start.log() / (rate * (1 - flint.arb(1) / part))).upper()
            if missing * ((2 * self.g * spent).exp() - 1) * part <= 2 * self.g * spent:
                break
        else:
            raise Rejected("a neuron with a < 0 is still active on one point when that point's label may be fitted")
        for _ in range(3):  # what is missing by a time is not more by an earlier one
            spent = (-start.log() / rate + missing * ((2 * self.g * spent).exp() - 1) / (2 * self.g)).upper()
        return spent

    def _aligned(self, latest: Fraction) -> None:
        """Every live neuron's v at T is at most early.tangent."""
        need(0 < self.tangent < 1, "early.tangent must be between 0 and 1")
        need(self.rho(ball(self.time)) < self.r, "at early.time the drift is not certain enough")
        rest = self.rho(ball(self.time)) / (self.r + 2 * self.g)
        for a, w, active in self.live[1]:
            reached, ray = self._activation(w, active, latest)
            need(reached <= ball(latest), f"the neuron a = {float(a):.6g} may be active on all later than stated")
            cosine = ball(dot(ray, self.data.b)) / (self.r * root(dot(ray, ray))) * root(dot(w, w)) / ball(a)
            v = ((1 - cosine).max(flint.arb(0)) / (1 + cosine)).sqrt()
            need(cosine > 0, "a neuron is at a right angle to b when it has become active on all points")
            at_the_end = v * (-self.r * (ball(self.time) - reached)).exp() + rest
            need(at_the_end <= ball(self.tangent), f"the neuron a = {float(a):.6g} is not within early.tangent at T")
            lost = 2 * v**2 + self.r * rest**2 / self.g + self.rho(ball(self.time)) / (2 * self.g)
            growth = (self.r * (ball(self.time) - reached) - lost).max(flint.arb(0))
            self.grown += ball(a * a) * (2 * growth).exp()
