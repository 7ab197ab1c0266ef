"""Checking the events of one neuron in a certificate of early alignment (docs/certificates.md): standard library only.

The reference neuron (w, a) moves in closed form: with e = E/||E||, the part of w across e is constant, a + <w, e> grows
like e^{rt} and a - <w, e> falls like e^{-rt}. `far` bounds how far the neuron with another drift is from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from .intervals import Interval, exactly
from .plane import need
from .spaces import Row, inner

NONE = Fraction(0)
FATES = ("aligned", "dead", "pinned", "undecided")


@dataclass(frozen=True)
class Problem:
    """The inputs, the pulls at h = 0, the leak, and the Lipschitz constant of the pull."""

    x: tuple[Row, ...]
    p: Row
    leak: Fraction
    kappa: Fraction

    @property
    def mean_square(self) -> Fraction:
        """R_2."""
        return sum((inner(x, x) for x in self.x), NONE) / len(self.x)

    def combined(self, slopes: dict[int, Fraction]) -> Row:
        """(1/n) sum of slope times pull times input."""
        total = [NONE] * len(self.x[0])
        for k, slope in slopes.items():
            weight = slope * self.p[k] / len(self.x)
            total = [entry + weight * value for entry, value in zip(total, self.x[k], strict=True)]
        return tuple(total)


@dataclass(frozen=True)
class Fate:
    """What is proved of a neuron: the vector D of its last cell, when it is entered, and the constants.

    Up to `begin` the neuron is certainly in another cell (0 where there is no event), and from `time` on in the last.
    """

    name: str
    drift: Row
    begin: Fraction
    time: Fraction
    tangent: Fraction
    first: Fraction
    second: Fraction


@dataclass(frozen=True)
class Place:
    """A cell, or a face where the side of some points is 0, for neurons with one sign of a."""

    problem: Problem
    sign: int
    sides: tuple[int, ...]

    @cached_property
    def slopes(self) -> dict[int, Fraction]:
        """Of the points off the face."""
        return {k: Fraction(1) if side > 0 else self.problem.leak for k, side in enumerate(self.sides) if side}

    @cached_property
    def wall(self) -> Row | None:
        """A normal of the hyperplane on which the neuron slides."""
        return next((self.problem.x[k] for k, side in enumerate(self.sides) if side == 0), None)

    def along(self, v: Row) -> Row:
        """A vector without its part across the face."""
        if self.wall is None:
            return v
        share = inner(v, self.wall) / inner(self.wall, self.wall)
        return tuple(p - share * q for p, q in zip(v, self.wall, strict=True))

    def combined(self, slopes: dict[int, Fraction]) -> Row:
        """sign(a) D for these slopes, without its part across the face."""
        return self.along(tuple(self.sign * entry for entry in self.problem.combined(slopes)))

    @cached_property
    def drift(self) -> Row:
        """E = sign(a) D."""
        return self.combined(self.slopes)

    @cached_property
    def norm(self) -> Interval:
        """||E||."""
        return exactly(inner(self.drift, self.drift)).root()

    @property
    def dead(self) -> bool:
        """Active on no point, with leak 0."""
        return self.problem.leak == 0 and all(side < 0 for side in self.sides)

    def flipped(self, group: Iterable[int], factor: int) -> Place:
        """The place where the sides of a group are multiplied by -1 or 0."""
        members = set(group)
        sides = tuple(side * factor if k in members else side for k, side in enumerate(self.sides))
        return Place(self.problem, self.sign, sides)

    def holds(self, limit: Fraction) -> bool:
        """Whether both sides push towards the face by more than `limit`; True where there is none."""
        return self.wall is None or all(
            exceeds(-inner(self._beside(side).drift, self.wall) * side, self.wall, limit) for side in (1, -1)
        )

    def _beside(self, side: int) -> Place:
        """The cell where <w, wall> has this side."""
        assert self.wall is not None
        off = [side if inner(self.wall, x) > 0 else -side for x in self.problem.x]
        sides = tuple(own or other for own, other in zip(self.sides, off, strict=True))
        return Place(self.problem, self.sign, sides)

    def keeps(self, limit: Fraction) -> bool:
        """Whether no hyperplane off the face is approached, by more than `limit`."""
        drift = self.drift
        pairs = zip(self.sides, self.problem.x, strict=True)
        return all(exceeds(side * inner(drift, x), x, limit) for side, x in pairs if side)

    def leaves(self, limit: Fraction) -> bool:
        """Whether the neuron moves against E: towards every hyperplane off the face, and there is one."""
        drift = self.drift
        pairs = [(side, x) for side, x in zip(self.sides, self.problem.x, strict=True) if side]
        return bool(pairs) and all(exceeds(-side * inner(drift, x), x, NONE) for side, x in pairs)


def exceeds(value: Fraction, x: Row, limit: Fraction) -> bool:
    """Whether value/||x|| > limit >= 0."""
    return value > 0 and value * value > limit * limit * inner(x, x)


@dataclass(frozen=True)
class Reference:
    """(w, a) at a time, and how far the neuron may be: `far` now, and `extra` more as an integral of the deviation."""

    time: Fraction
    width: Fraction
    w: tuple[Interval, ...]
    a: Interval
    far: Interval
    extra: Interval
    place: Place

    def after(self, time: Fraction) -> tuple[tuple[Interval, ...], Interval]:
        """(w, a) later, in the same place."""
        r = self.place.norm
        unit = [exactly(entry) / r for entry in self.place.drift]
        along = total(p * q for p, q in zip(self.w, unit, strict=True))
        grown = (r * exactly(time)).exp()
        plus, minus = (self.a + along) * grown, (self.a - along) / grown
        half = exactly(Fraction(1, 2))
        change = half * (plus - minus) - along
        return tuple(p + change * q for p, q in zip(self.w, unit, strict=True)), half * (plus + minus)

    def distance(self, time: Fraction, deviation: Fraction) -> Interval:
        """A bound of the distance until `time` later."""
        integral = exactly(deviation * time) + self.extra
        size = total([*(v * v for v in self.w), self.a * self.a]).larger(exactly(0)).root()
        grown = self.place.norm * exactly(time) + integral
        return grown.exp() * (self.far + size * integral)

    def height(self, w: tuple[Interval, ...], k: int) -> Interval:
        """How far w is on its own side of the hyperplane of point k, times ||x_k||."""
        x = self.place.problem.x[k]
        return exactly(self.place.sides[k]) * total(p * exactly(q) for p, q in zip(w, x, strict=True))


def total(terms: Iterable[Interval]) -> Interval:
    """A sum."""
    found = exactly(0)
    for term in terms:
        found = found + term
    return found


def fate_of(
    problem: Problem, phase: dict[str, Fraction], number: int, neuron: Row, box: Fraction, stated: dict[str, Any]
) -> Fate:
    """The fate that is stated, once every event is certain; raises Rejected."""
    name, who = stated["fate"], f"neuron {number}"
    need(name in FATES, f"the fate of {who} is none of {', '.join(FATES)}")
    numbers = stated["tangent"], stated["first"], stated["second"]
    if name == "undecided":
        need(not stated["events"] and not any(numbers), f"{who} is undecided but has events or constants")
        return Fate(name, (NONE,) * len(problem.x[0]), NONE, NONE, *numbers)
    need(stated["reason"] == "", f"{who} is decided but has a reason")
    now, deviation, final = started(problem, who, neuron, box), phase["deviation"], phase["final"]
    group: list[int] = []
    for row in stated["events"]:
        need(row[0].denominator == 1 and 1 <= row[0] <= len(problem.x), f"an event of {who} is at no point")
        k = int(row[0]) - 1
        group = [j for j in range(len(problem.x)) if rank_one(problem.x[k], problem.x[j])]
        now = passed(now, k, group, row[1], row[2], deviation, who)
    drift = now.place.drift
    if now.place.dead:
        need(name == "dead", f"{who} is dead")
        for j in group:
            strong = abs(problem.p[j]) * problem.mean_square
            need(exceeds(strong, problem.x[j], final), f"phase.final may turn the pull that stops {who}")
    else:
        need(name != "dead", f"{who} is active on a point")
        need(now.place.holds(final), f"phase.final is too large for the face of {who}")
    if name == "aligned":
        need(any(drift) and now.place.keeps(max(deviation, final)), f"{who} may leave its last cell")
        need(tangent(now, deviation, who) <= exactly(stated["tangent"]), f"the tangent of {who} is too small")
    else:
        need(not any(numbers), f"{who} has constants although it does not align")
    if name == "pinned":
        flat = now.place.wall is not None and len(drift) == 2 and now.place.leaves(final)
        need(flat and box == 0, f"{who} is not pinned on a ray of the plane")
        need(neuron[0] ** 2 == inner(neuron[1:], neuron[1:]), f"{who} is pinned but not balanced")
    vector = tuple(now.place.sign * entry for entry in drift)
    return Fate(name, vector, now.time, now.time + now.width, *numbers)


def rank_one(x: Row, y: Row) -> bool:
    """Whether two vectors are parallel."""
    return inner(x, y) ** 2 == inner(x, x) * inner(y, y)


def started(problem: Problem, who: str, neuron: Row, box: Fraction) -> Reference:
    """The start, with its cell."""
    a, w = neuron[0], neuron[1:]
    need(abs(a) > box, f"the box around {who} holds both signs of a")
    far = exactly(box) * exactly(len(neuron)).root()
    sides = []
    for k, x in enumerate(problem.x, 1):
        height = inner(w, x)
        clear = height != 0 and far * exactly(inner(x, x)).root() < exactly(abs(height))
        need(clear, f"{who} may start on the hyperplane of point {k}")
        sides.append(1 if height > 0 else -1)
    place = Place(problem, 1 if a > 0 else -1, tuple(sides))
    return Reference(NONE, NONE, tuple(map(exactly, w)), exactly(abs(a)), far, exactly(0), place)


def passed(
    now: Reference, k: int, group: list[int], time: Fraction, width: Fraction, deviation: Fraction, who: str
) -> Reference:
    """The reference after the event at point k; raises Rejected unless it is certain, and no other comes first."""
    place, at = now.place, f"{who} at the hyperplane of point {k + 1}"
    early, late = time - now.time, time - now.time + width
    need(not place.dead and any(place.drift), f"{who} does not move before an event")
    need(place.sides[k] != 0, f"{who} is already on the hyperplane of point {k + 1}")
    need(early >= now.width and width > 0, f"{at}: the events overlap")
    after = entered(place, k, group, deviation, at)
    bound = now.distance(late, deviation)
    first, last = now.after(early), now.after(late)
    lengths = {j: exactly(inner(x, x)).root() for j, x in enumerate(place.problem.x)}
    need(bound * lengths[k] < now.height(first[0], k), f"{at}: it may be met before its time")
    need(now.height(last[0], k) < -(bound * lengths[k]), f"{at}: it may not be met in time")
    drift = place.drift
    for j, side in enumerate(place.sides):
        if side == 0 or j in group or exceeds(side * inner(drift, place.problem.x[j]), place.problem.x[j], deviation):
            continue
        rising = side * inner(drift, place.problem.x[j]) > 0
        clear = bound * lengths[j] < now.height(now.w if rising else last[0], j)
        need(clear, f"{at}: that of point {j + 1} may be met before")
    gap = tuple(p - q for p, q in zip(drift, after.drift, strict=True))
    extra = exactly(width) * exactly(inner(gap, gap)).root()
    return Reference(time, width, *first, now.distance(early, deviation), extra, after)


def entered(place: Place, k: int, group: list[int], limit: Fraction, at: str) -> Place:
    """Where the neuron is after it has met the hyperplane of point k, for every drift within `limit`."""
    x, side = place.problem.x[k], place.sides[k]
    need(exceeds(-side * inner(place.drift, x), x, limit), f"{at}: it is not approached")
    far, slid = place.flipped(group, -1), place.flipped(group, 0)
    if far.dead:
        need(all(place.sign * place.problem.p[j] < 0 for j in group), f"{at}: not all points stop it")
        return far
    weakest = place.combined({**place.slopes, **slowing(place, k, group)})
    if exceeds(-side * inner(weakest, x), x, limit):
        need(far.holds(limit), f"{at}: it may leave the face on which it slides")
        return far
    need(place.wall is None and slid.holds(limit), f"{at}: it neither crosses nor slides for certain")
    return slid


def slowing(place: Place, k: int, group: list[int]) -> dict[int, Fraction]:
    """Slopes of the points of the hyperplane that make the push across it smallest: each point decides by itself."""
    normal, found = place.along(place.problem.x[k]), {}
    for j in group:
        across = -place.sides[k] * place.sign * place.problem.p[j] * inner(place.problem.x[j], normal)
        found[j] = place.problem.leak if across > 0 else Fraction(1)
    return found


def tangent(now: Reference, deviation: Fraction, who: str) -> Interval:
    """tan(theta/2) when the last event is over, theta the angle with cos(theta) = <w, E>/(|a| r)."""
    w, a = now.after(now.width)
    along = total(p * exactly(q) for p, q in zip(w, now.place.drift, strict=True)) / now.place.norm
    room = now.distance(now.width, deviation) * exactly(2).root()
    low, high = a + along - room, (a - along + room).larger(exactly(0))
    need(exactly(0) < low, f"{who} may start along the vector that repels it")
    return (high / low).root()
