"""Phase one of a certificate: by when every neuron is active on all points or on none, and how well it is aligned.

The bounds (docs/certificates.md) are in balls; only the choice of the time T is made in floats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np

from ..errors import Undecided
from ..instance import (
    Ball,
    Neuron,
    PlaneProblem,
    RationalStart,
    Vector,
    ball,
    cross,
    dot,
    length,
    rational_above,
)

ZERO = flint.arb(0)


@dataclass(frozen=True)
class PhaseOne:
    """The fields of phase one: T, the size s, the activation and death times, and v (all rationals)."""

    time: Fraction
    size: Fraction
    activation: Fraction
    death: Fraction
    tangent: Fraction
    live: tuple[Neuron, ...]
    grown: Ball
    """A lower bound of Q(T) = sum a_j^2 over the live neurons."""


@dataclass(frozen=True)
class _Live:
    """A live neuron: its number from 0, |a|, w, and the points it is active on."""

    number: int
    a: Ball
    w: Vector
    active: tuple[int, ...]


@dataclass(frozen=True)
class _Growth:
    """r = ||b||, R2, s_0 and the rate g."""

    r: Ball
    r2: Ball
    s0: Ball
    g: Ball

    def rho(self, time: Ball) -> Ball:
        """How far a drift may be from the frozen one by `time`."""
        return self.r2 * self.s0 * (2 * self.g * time).exp()

    def share(self, problem: PlaneProblem, active: list[int]) -> Ball:
        """The part of rho for a neuron that is active on these points only."""
        return sum((dot(problem.x[k], problem.x[k]) for k in active), ZERO) / (len(problem.x) * self.r2)


def early_phase(problem: PlaneProblem, start: RationalStart) -> PhaseOne:
    """Phase one for this start; raises Undecided, naming the neuron, where it is not certain."""
    rising, falling = _sorted(problem, start)
    squares = sum((neuron.a**2 for neuron in falling), ZERO)
    s0 = sum((neuron.a**2 for neuron in rising), ZERO).max(squares)
    r = length(problem.b)
    r2 = sum((dot(p, p) for p in problem.x), ZERO) / len(problem.x)
    growth = _Growth(r, r2, s0, r + r2 * squares)
    activation, aligned = _activated(problem, growth, rising)
    late = flint.arb("1.000001")  # the checker finds these times in its own way
    death = max((rational_above(_death(problem, n, growth) * late) for n in falling), default=Fraction(0))
    return _timed(problem, growth, activation, death, aligned, [start.neurons[n.number] for n in rising])


def _sorted(problem: PlaneProblem, start: RationalStart) -> tuple[list[_Live], list[_Live]]:
    rising: list[_Live] = []
    falling: list[_Live] = []
    for j, (a, u, v) in enumerate(start.neurons):
        if a == 0 or a * a < u * u + v * v:
            raise Undecided(f"neuron {j + 1} is not dominated: |a| < ||w||, or a = 0")
        exact = [u * p[0] + v * p[1] for p in problem.data.inputs]
        for k, value in enumerate(exact):
            if value == 0:
                raise Undecided(f"neuron {j + 1} lies on the hyperplane of point {k + 1} at the start")
        active = tuple(k for k, value in enumerate(exact) if value > 0)
        if active:
            (rising if a > 0 else falling).append(_Live(j, ball(abs(a)), (ball(u), ball(v)), active))
    if not rising:
        raise Undecided("no neuron with a > 0 is active on a point at the start, so that the network never grows")
    return rising, falling


def _activated(problem: PlaneProblem, growth: _Growth, rising: list[_Live]) -> tuple[Fraction, list[tuple[Ball, Ball]]]:
    """A time by which the a > 0 neurons are active on all, with the drift's deviation taken at that very time.

    Beside it the time and tan(psi/2) of each.
    """
    latest = Fraction(0)
    for _ in range(40):
        found = [_activation(problem, neuron, growth, growth.rho(ball(latest))) for neuron in rising]
        through = max((time.upper() for time, _ in found), key=float)
        if through <= ball(latest):
            break
        latest = rational_above(through * flint.arb("1.01") + flint.arb("1e-6"))
    else:
        raise Undecided("no time was found by which all a > 0 neurons are active on all points at this scale")
    return latest, found


def _ray(problem: PlaneProblem, k: int, side: int) -> Vector:
    """The end of point k's half-plane that lies to the left (1) or right (-1) of x_k."""
    x = problem.x[k]
    return (-x[1], x[0]) if side > 0 else (x[1], -x[0])


def _tangent(axis: Vector, v: Vector) -> Ball:
    return abs(cross(axis, v)) / (length(axis) * length(v) + dot(axis, v))


def _frozen(problem: PlaneProblem, active: list[int]) -> Vector:
    n = len(problem.x)
    first, second = (sum((problem.y[k] * problem.x[k][i] for k in active), ZERO) / n for i in range(2))
    return (first, second)


def _side(D: Vector, w: Vector, number: int) -> int:
    turn = cross(D, w)
    if turn > 0:
        return 1
    if turn < 0:
        return -1
    raise Undecided(f"neuron {number + 1} is too nearly parallel to its drift to decide to which side it turns")


def _activation(problem: PlaneProblem, neuron: _Live, growth: _Growth, rho: Ball) -> tuple[Ball, Ball]:
    """By when a neuron with a > 0 is active on all points, and tan(psi/2) then."""
    w, active, total = neuron.w, list(neuron.active), ZERO
    left = [k for k in range(len(problem.x)) if k not in active]
    while left:
        D = _frozen(problem, active)
        r, side = length(D), _side(D, w, neuron.number)
        tangents = {k: _tangent(D, _ray(problem, k, side)) for k in left}
        k = max(left, key=lambda k: float(tangents[k].mid()))
        error = growth.share(problem, active) * rho / r
        room = tangents[k] - error
        if not room > 0:
            raise Undecided(f"neuron {neuron.number + 1} (a > 0) is not proved to become active on point {k + 1}")
        total += (((_tangent(D, w) - error) / room).log().max(ZERO)) / r
        w, active = _ray(problem, k, side), [*active, k]
        left.remove(k)
    cosine = dot(w, problem.b) / (length(w) * length(problem.b)) * length(neuron.w) / neuron.a
    return total, ((1 - cosine).max(ZERO) / (1 + cosine)).sqrt()


def _death(problem: PlaneProblem, neuron: _Live, growth: _Growth) -> Ball:
    """By when a neuron with a < 0 is active on no point."""
    w, active, time = neuron.w, list(neuron.active), ZERO
    while active:
        D = _frozen(problem, active)
        side = _side(D, w, neuron.number)
        tangents = {k: _tangent(D, _ray(problem, k, side)) for k in active}
        k = min(active, key=lambda k: float(tangents[k].mid()))
        rho = growth.share(problem, active) * growth.rho(time)
        if len(active) == 1:
            return time + _last_exit(problem, growth, k, time, _tangent(D, w), neuron.number)
        time += _exit(growth, rho, length(D), _tangent(D, w), tangents[k], neuron.number)
        w = _ray(problem, k, side)
        active.remove(k)
    return time


def _last_exit(problem: PlaneProblem, growth: _Growth, k: int, time: Ball, begin: Ball, number: int) -> Ball:
    """How long u takes at most to 1 where w is active on point k only: the drift is p_k x_k/n, along x_k exactly."""
    norm, label = length(problem.x[k]), problem.y[k]
    level = norm * growth.s0 * (2 * growth.g * time).exp() / label
    for part in (flint.arb(1) / 64, flint.arb(1) / 16, flint.arb(1) / 8, flint.arb(1) / 4, flint.arb(1) / 2):
        spent = -begin.log() * len(problem.x) / (label * norm * (1 - part))
        if level * ((2 * growth.g * spent).exp() - 1) <= part * 2 * growth.g * spent:
            break
    else:
        raise Undecided(
            f"neuron {number + 1} (a < 0) is still active on point {k + 1} when its label may be fitted; "
            "try a smaller scale"
        )
    for _ in range(3):
        missing = level * ((2 * growth.g * spent).exp() - 1) / (2 * growth.g)
        spent = -begin.log() * len(problem.x) / (label * norm) + missing
    return spent


def _exit(growth: _Growth, rho: Ball, r: Ball, begin: Ball, end: Ball, number: int) -> Ball:
    """How long u = tan(theta/2) takes at most from `begin` to `end` in a cell; `rho` is the deviation on entering."""
    c = 2 * growth.g - r
    k = rho / c
    for kept in (begin * share for share in (flint.arb("0.5"), flint.arb("0.75"), flint.arb("0.9"), flint.arb("0.97"))):
        time = (end / kept).log().max(ZERO) / r
        enough = r * kept * (r * time).exp() >= rho * (2 * growth.g * time).exp()
        if enough and k * ((c * time).exp() - 1) <= begin - kept:
            break
    else:
        angle = 2 * math.atan(float(begin))
        raise Undecided(
            f"neuron {number + 1} (a < 0) is {angle:.3g} from its repeller, too close at this scale; try a smaller one"
        )
    for _ in range(3):
        time = (end / (begin - k * ((c * time).exp() - 1))).log().max(ZERO) / r
    return time


def _timed(
    problem: PlaneProblem,
    growth: _Growth,
    activation: Fraction,
    death: Fraction,
    aligned: list[tuple[Ball, Ball]],
    live: list[Neuron],
) -> PhaseOne:
    """Choose T, where the bound v on all tan(psi/2) is smallest, and bound everything there."""
    r, g, s0 = float(growth.r), float(growth.g), float(growth.s0)
    largest = min(float(label / length(p)) for p, label in zip(problem.x, problem.y, strict=True))
    first, last = float(max(activation, death)), math.log(0.98 * largest / s0) / (2 * g)
    if not first < last:
        neurons = "a < 0 neuron" if death >= activation else "a > 0 neuron"
        raise Undecided(
            f"the last {neurons} is certain to have settled its pattern only by t = {first:.4g}, but after "
            f"t = {last:.4g} the output may exceed the smallest label; try a smaller scale"
        )
    times, tangents = (np.array([float(pair[i]) for pair in aligned]) for i in range(2))
    grid = np.linspace(first, last, 400)
    rest = float(growth.r2) * s0 * np.exp(2 * g * grid) / (r + 2 * g)
    bounds = np.max(tangents * np.exp(-r * (grid[:, None] - times)), axis=1) + rest
    time = Fraction(math.ceil(float(grid[int(np.argmin(bounds))]) * 2**20), 2**20)
    at = ball(time)
    if not growth.rho(at) < growth.r:
        raise Undecided(
            f"at t = {float(time):.4g} the drift is not known precisely enough to show that the neurons align"
        )
    spread = growth.rho(at) / (growth.r + 2 * growth.g)
    tangent = max(
        (rational_above(v * (-growth.r * (at - reached)).exp() + spread) for reached, v in aligned),
    )
    size = rational_above(growth.s0 * (2 * growth.g * at).exp())
    if not tangent < 1:
        raise Undecided(f"at t = {float(time):.4g} the neurons are not proved to be aligned with b")
    grown = ZERO
    for (a, _, _), (reached, v) in zip(live, aligned, strict=True):
        lost = 2 * v**2 + growth.r * spread**2 / growth.g + growth.rho(at) / (2 * growth.g)
        grown += ball(a) ** 2 * (2 * (growth.r * (at - reached) - lost).max(ZERO)).exp()
    return PhaseOne(time, size, activation, death, tangent, tuple(live), grown)
