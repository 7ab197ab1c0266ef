"""One neuron followed from event to event, for every drift within a given deviation of the frozen one; in balls.

The neuron is z = (w, |a|) with z' = A(E) z (theory.md 2.3), and the deviating one z~ with another drift, whose
distance from that of the same cell is at most rho. A reference path changes its cell at rational times t_i, and z~
changes it between t_i and t_i + h_i. Hence ||z~ - z|| is bounded by Gronwall's inequality (docs/certificates.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from ..errors import Undecided
from ..instance import Ball, ball, rational_above
from .cells import Cell
from .setting import Setting, UnscaledNeuron, Vector

MOST_EVENTS = 100
FINEST = 110
"""Times are multiples of 2^-FINEST at the finest."""


@dataclass(frozen=True)
class Event:
    """Between `time` and `time` + `width` the neuron meets the hyperplane of point `point`."""

    point: int
    time: Fraction
    width: Fraction


@dataclass(frozen=True)
class Path:
    """What is certain of a neuron: its events, the cell or face where it stays, from when on, and tan(theta/2) then.

    `fate` is aligned, dead or pinned; `tangent` is a bound, None unless aligned.
    """

    fate: str
    events: tuple[Event, ...]
    cell: Cell
    tangent: Fraction | None
    margin: Fraction

    @property
    def time(self) -> Fraction:
        """When the last event is certainly over."""
        return self.events[-1].time + self.events[-1].width if self.events else Fraction(0)


@dataclass(frozen=True)
class _State:
    """The reference (w, a) at a rational time, how far z~ may be from it, and the window of the event just met."""

    time: Fraction
    w: tuple[Ball, ...]
    a: Ball
    far: Ball
    cell: Cell
    jump: Ball
    width: Fraction

    @property
    def size(self) -> Ball:
        return (sum((v * v for v in self.w), self.a * self.a)).sqrt()


def follow(setting: Setting, neuron: UnscaledNeuron, deviation: Fraction) -> Path:
    """The path of a neuron while its drift is within `deviation` of the frozen one; Undecided, with the reason."""
    state = _first(setting, neuron)
    events: list[Event] = []
    while True:
        cell = state.cell
        if cell.dead:
            margin = cell.death_margin(setting.parallel[events[-1].point]) if events else Fraction(0)
            return Path("dead", tuple(events), cell, None, margin)
        if cell.margin > deviation * deviation:
            return Path("aligned", tuple(events), cell, _tangent(state, deviation), cell.margin)
        if cell.pinning > deviation * deviation and neuron.balanced and setting.start.box == 0:
            return Path("pinned", tuple(events), cell, None, cell.pinning)
        _refuse_rest(cell)
        if len(events) == MOST_EVENTS:
            raise Undecided(f"it meets more than {MOST_EVENTS} hyperplanes")
        event, state = _next(setting, state, deviation)
        events.append(event)


def _refuse_rest(cell: Cell) -> None:
    """Undecided where no further event is to come although the neuron does not stay here by a margin."""
    if cell.square == 0:
        raise Undecided("its drift is 0 although it is active on some point")
    if min(value for k, value in enumerate(cell.inward) if cell.pattern[k] != 0) >= 0:
        k = min((k for k, side in enumerate(cell.pattern) if side), key=lambda k: cell.inward[k])
        raise Undecided(f"its vector lies on the hyperplane of point {k + 1}, or too near it (one-sided)")
    if cell.pinning > 0:
        raise Undecided("it is pinned, and strictly dominated, so that it reaches w = 0")


def _first(setting: Setting, neuron: UnscaledNeuron) -> _State:
    w, box = tuple(ball(value) for value in neuron.w), setting.start.box
    far = ball(box) * ball(Fraction(len(w) + 1)).sqrt()
    pattern = []
    for k, (x, square) in enumerate(zip(setting.points, setting.squares, strict=True)):
        value, allowed = _dot(w, x), far * ball(square).sqrt()
        if not abs(value) > allowed:
            raise Undecided(f"it starts on the hyperplane of point {k + 1}, or too near it")
        pattern.append(1 if value > 0 else -1)
    if not abs(neuron.a) > box:
        raise Undecided("the box around it holds neurons with both signs of a")
    cell = Cell.of(setting, neuron.sign, tuple(pattern))
    return _State(Fraction(0), w, ball(abs(neuron.a)), far, cell, flint.arb(0), Fraction(0))


def _dot(w: tuple[Ball, ...], x: Vector) -> Ball:
    return sum((p * ball(q) for p, q in zip(w, x, strict=True)), flint.arb(0))


def _moved(state: _State, time: Ball) -> tuple[tuple[Ball, ...], Ball]:
    """(w, a) of the reference after `time` in its cell, in closed form (theory.md 3.2)."""
    drift, r = state.cell.drift, ball(state.cell.square).sqrt()
    up, down = (r * time).exp(), (-r * time).exp()
    even, odd = (up + down) / 2, (up - down) / (2 * r)
    along = _dot(state.w, drift)
    share = (even - 1) / (r * r) * along + odd * state.a
    return tuple(p + share * ball(q) for p, q in zip(state.w, drift, strict=True)), even * state.a + odd * along


def _distance(state: _State, time: Ball, deviation: Fraction) -> Ball:
    """How far z~ may be from the reference, `time` after the state at most; it has left the cell before by then."""
    total = ball(deviation) * time + state.jump * ball(state.width)
    return (ball(state.cell.square).sqrt() * time + total).exp() * (state.far + state.size * total)


def _tangent(state: _State, deviation: Fraction) -> Fraction:
    """A bound of tan(theta/2), cos(theta) = <w, E>/(|a| r), when the last event is over."""
    w, a = _moved(state, ball(state.width))
    along = _dot(w, state.cell.drift) / ball(state.cell.square).sqrt()
    room = _distance(state, ball(state.width), deviation) * flint.arb(2).sqrt()
    low = a + along - room
    if not low > 0:
        raise Undecided("it starts along the vector that repels it, or too near it")
    # the checker's intervals know the difference to about 2^-150 only, and its root to half as many bits
    return rational_above(((a - along + room).upper().max(flint.arb(0)) / low).sqrt() + flint.arb(2) ** -64)


def _next(setting: Setting, state: _State, deviation: Fraction) -> tuple[Event, _State]:
    """The next event, and the state at its earliest time."""
    cell = state.cell
    times = {k: _meeting(state, k) for k, value in enumerate(cell.inward) if value < 0}
    k = min(times, key=lambda k: float(times[k].mid()))
    after = cell.across(k, deviation)
    early, late = _window(setting, state, k, times[k], deviation)
    moved_late, _ = _moved(state, ball(late))
    allowed = _distance(state, ball(late), deviation)
    for j, value in enumerate(cell.inward):
        if cell.pattern[j] == 0 or j in setting.parallel[k] or value > deviation * deviation:
            continue
        ends = (moved_late, state.w) if value > 0 else (moved_late,)
        if not all(
            cell.pattern[j] * _dot(w, setting.points[j]) > allowed * ball(setting.squares[j]).sqrt() for w in ends
        ):
            raise Undecided(f"it meets the hyperplanes of points {k + 1} and {j + 1} at nearly the same time")
    w, a = _moved(state, ball(early))
    gap = tuple(p - q for p, q in zip(cell.drift, after.drift, strict=True))
    jump = ball(sum((v * v for v in gap), Fraction(0))).sqrt()
    time = state.time + early
    far = _distance(state, ball(early), deviation)
    return Event(k, time, late - early), _State(time, w, a, far, after, jump, late - early)


def _meeting(state: _State, k: int) -> Ball:
    """When the reference meets the hyperplane of point k, towards which it moves (theory.md 3.5)."""
    cell, x = state.cell, state.cell.setting.points[k]
    r, side = ball(cell.square).sqrt(), cell.pattern[k]
    along = side * _dot(cell.drift_balls, x) / r
    beta = _dot(state.w, cell.drift) / r * along
    alpha, gamma = side * _dot(state.w, x) - beta, state.a * along
    falling = -(beta + gamma)  # (beta + gamma) E^2 + 2 alpha E + (beta - gamma) = 0, E = e^{rt}
    if not falling > 0:
        raise Undecided("it starts along the vector that repels it, or too near it")
    root = (alpha + (alpha * alpha + falling * (beta - gamma)).max(flint.arb(0)).sqrt()) / falling
    if not root > 1:
        raise Undecided(f"it is too near the hyperplane of point {k + 1} right after another event")
    return root.log() / r


def _window(setting: Setting, state: _State, k: int, meeting: Ball, deviation: Fraction) -> tuple[Fraction, Fraction]:
    """Rationals (early, late), measured from the state: z~ meets the hyperplane of point k between them."""
    side, x, size = state.cell.pattern[k], setting.points[k], ball(setting.squares[k]).sqrt()

    def height(time: Ball) -> Ball:
        return side * _dot(_moved(state, time)[0], x)

    middle = meeting.mid()
    speed = abs(side * _dot(state.cell.drift_balls, x) * _moved(state, middle)[1])
    ahead = flint.arb(0)
    for _ in range(12):
        time = middle + ahead
        ahead = (ahead + (height(time) + size * _distance(state, time, deviation)) / speed).mid()
        if not 0 <= ahead < 50:
            raise Undecided(f"when it meets the hyperplane of point {k + 1} is too uncertain")
    grain = _grain(ahead)
    late = _rounded(middle + ahead * (1 + flint.arb(2) ** -24), grain) + grain
    allowed = size * _distance(state, ball(late), deviation)
    if not height(ball(late)) < -allowed:
        raise Undecided(f"when it meets the hyperplane of point {k + 1} is too uncertain")
    behind = flint.arb(0)
    for _ in range(12):
        behind = (behind + (allowed - height(middle - behind)) / speed).mid()
    early = _rounded(middle - behind * (1 + flint.arb(2) ** -24), grain) - grain
    if not (early >= state.width and height(ball(early)) > allowed):
        raise Undecided(f"when it meets the hyperplane of point {k + 1} is too uncertain")
    return early, late


def _grain(width: Any) -> Fraction:
    """A power of two about 2^-24 of a width."""
    return Fraction(2) ** max(-FINEST, math.frexp(float(width))[1] - 24)


def _rounded(value: Ball, grain: Fraction) -> Fraction:
    """The multiple of `grain` below the midpoint of a ball."""
    middle = value.mid().fmpq()
    return Fraction(int(middle.p), int(middle.q)) // grain * grain
