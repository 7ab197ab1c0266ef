"""Phase one of a certificate: by T every neuron is active on all points or none, and the live ones align with b."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import flint

from .plane import Ball, Data, Point, Rejected, ball, cross, dot, need, root

ZERO = flint.arb(0)


class PhaseOneCheck:
    """What is known at the time T: the constructor checks all of it. `grown` is Q_T."""

    def __init__(self, data: Data, fields: dict[str, Any]) -> None:
        self.data, claimed = data, fields["early"]
        self.time, self.size, self.tangent = claimed["time"], claimed["size"], claimed["tangent"]
        live = self._live(fields["start"]["neurons"])
        self.rising, self.falling = ([neuron for neuron in live if neuron[1] * sign > 0] for sign in (1, -1))
        need(bool(self.rising), "no neuron with a > 0 is active on a point at the start: the network stays <= 0")
        plus, minus = (sum((a * a for _, a, _, _ in side), Fraction(0)) for side in (self.rising, self.falling))
        self.r, r2 = root(dot(data.b, data.b)), sum((dot(x, x) for x in data.x), Fraction(0)) / len(data.x)
        self.s0, self.g = ball(max(plus, minus)), self.r + ball(r2 * minus)
        ordered = 0 <= claimed["activation"] <= self.time >= claimed["death"]
        need(ordered, "early.activation (>= 0) and early.death must not exceed early.time")
        need(self.s0 * (2 * self.g * ball(self.time)).exp() <= ball(self.size), "early.size is below s_0 e^{2gT}")
        for x, label in zip(data.x, data.y, strict=True):
            need(self.size**2 * dot(x, x) < label**2, "early.size is too large: a residual may change its sign by T")
        for j, _, w, active in self.falling:
            need(self._death(w, active) <= ball(claimed["death"]), f"neuron {j} (a < 0) may die later than early.death")
        self.grown = self._aligned(ball(claimed["activation"]))

    def _live(self, neurons: Sequence[Point]) -> list[tuple[int, Fraction, Point, list[int]]]:
        """Those active on some point: number, a, w, the points."""
        live = []
        for j, (a, *rest) in enumerate(neurons, 1):
            w = tuple(rest)
            need(a * a >= dot(w, w), f"neuron {j} is not dominated: |a| < ||w||")
            values = [dot(w, x) for x in self.data.x]
            need(all(values), f"neuron {j} lies on a hyperplane <w, x> = 0 at the start")
            if active := [k for k, value in enumerate(values) if value > 0]:
                live.append((j, a, w, active))
        return live

    def _cell(self, active: Sequence[int], time: Ball) -> tuple[Point, Ball, Ball]:
        """D_A, r_A = ||D_A|| and rho_A(time) = f_A R2 s_0 e^{2g time}, A the points in `active`."""
        x, y, n = self.data.x, self.data.y, len(self.data.x)
        D = tuple(sum((y[k] * x[k][i] for k in active), Fraction(0)) / n for i in range(2))
        part = sum((dot(x[k], x[k]) for k in active), Fraction(0)) / n
        return D, root(dot(D, D)), ball(part) * self.s0 * (2 * self.g * time).exp()

    def _next(self, D: Point, w: Point, among: Sequence[int], inwards: bool) -> tuple[int, Point]:
        """The point of `among` whose hyperplane w meets first, towards D or away from it, and w's direction there."""
        side = 1 if cross(D, w) > 0 else -1
        rays = {k: (-side * self.data.x[k][1], side * self.data.x[k][0]) for k in among}
        cotangent = {k: dot(D, ray) / abs(cross(D, ray)) for k, ray in rays.items()}
        first = (min if inwards else max)(among, key=lambda k: cotangent[k])
        return first, rays[first]

    def _activation(self, w: Point, active: Sequence[int], latest: Ball) -> tuple[Ball, Point]:
        """By when a neuron with a > 0 is active on all points, and a multiple of w then."""
        time, left = ZERO, [k for k in range(len(self.data.x)) if k not in active]
        while left:
            D, r, rho = self._cell([k for k in range(len(self.data.x)) if k not in left], latest)
            k, ray = self._next(D, w, left, True)
            end = half_tangent(D, ray) - rho / r
            need(end > 0, f"by early.activation the drift is not certain enough to reach point {k + 1}")
            time += ((half_tangent(D, w) - rho / r) / end).log().max(ZERO) / r
            left.remove(k)
            w = ray
        return time, w

    def _death(self, w: Point, active: Sequence[int]) -> Ball:
        """By when a neuron with a < 0 is active on no point."""
        time, left = ZERO, list(active)
        while left:
            D, r, rho = self._cell(left, time)
            need(cross(D, w) != 0, "a neuron with a < 0 lies exactly along its drift, a repeller")
            k, ray = self._next(D, w, left, False)
            if cross(ray, w) != 0:
                time += self._exit(half_tangent(D, w), half_tangent(D, ray), r, rho, len(left) == 1)
            left.remove(k)
            w = ray
        return time

    def _exit(self, start: Ball, end: Ball, r: Ball, rho: Ball, one: bool) -> Ball:
        """How long u takes at most from `start` to `end`; `rho` is that on entering, `one` a cell with one point."""
        c = 2 * self.g - r
        if one:
            return settled(lambda t: (end / start).log() / r + rho / r * ((2 * self.g * t).exp() - 1) / (2 * self.g))
        return settled(lambda t: (end / (start - rho / c * ((c * t).exp() - 1))).log() / r)

    def _aligned(self, latest: Ball) -> Ball:
        """Check that every v_j(T) is at most early.tangent; returns Q_T."""
        need(0 < self.tangent < 1, "early.tangent must be between 0 and 1")
        time, grown = ball(self.time), ZERO
        rho = self._cell(range(len(self.data.x)), time)[2]
        need(rho < self.r, "at early.time the drift is not certain enough")
        rest = rho / (self.r + 2 * self.g)
        for j, a, w, active in self.rising:
            reached, ray = self._activation(w, active, latest)
            need(reached <= latest, f"neuron {j} may be active on all later than stated")
            cosine = ball(dot(ray, self.data.b)) / (self.r * root(dot(ray, ray))) * root(dot(w, w)) / ball(a)
            v = ((1 - cosine).max(ZERO) / (1 + cosine)).sqrt()
            aligned = v * (-self.r * (time - reached)).exp() + rest <= ball(self.tangent)
            need(aligned, f"neuron {j} is not within early.tangent at T")
            lost = 2 * v**2 + self.r * rest**2 / self.g + rho / (2 * self.g)
            grown += ball(a * a) * (2 * (self.r * (time - reached) - lost).max(ZERO)).exp()
        return grown


def half_tangent(axis: Point, v: Point) -> Ball:
    """tan(theta/2), theta < pi the angle between two vectors."""
    return ball(abs(cross(axis, v))) / (root(dot(axis, axis) * dot(v, v)) + ball(dot(axis, v)))


def settled(later: Callable[[Ball], Ball]) -> Ball:
    """A time t >= 0 with later(t) <= t: each one tried is a little above `later` of the last, by more each time."""
    time = ZERO
    for attempt in range(50):
        bound = later(time)
        if bound <= time:
            return time
        time = (bound * (1 + flint.arb(2) ** (attempt - 60))).upper()
    raise Rejected("a neuron with a < 0 is not certain to die: it is too close to its repeller, or a label is fitted")
