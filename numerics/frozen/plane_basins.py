"""The frozen flow of balanced neurons in the plane, exactly: where every start ends, and when (theory.md 10.5).

A balanced neuron is its direction e on the circle, which turns at the rate sign(a) F with F = <D, e_perp>. For rational
data everything that decides its fate is rational: the rays at which a hyperplane is met, the drift on the arcs between
them, the signs of F at the ends of each arc, and the zeros of F, which are the directions D and -D where they lie
inside the arc. The circle is cut into pieces at these rays; on a piece F keeps its sign. Times are enclosed in balls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from itertools import pairwise
from typing import Any

import flint

from ..data.dataset import Dataset
from ..data.exact import number_text
from ..data.problem import Problem
from ..errors import InputError
from ..geometry.hyperplanes import Hyperplanes, merge_hyperplanes
from .flow import Fate

Ray = tuple[Fraction, Fraction]
BITS = 128
"""The precision of the balls in which times are enclosed."""


@dataclass(frozen=True)
class Piece:
    """An open piece of the circle, counterclockwise from `start` to `end`, with one drift and one sign of F.

    `turning` is the sign of F = <D, e_perp>: the direction of a neuron with a > 0 turns counterclockwise where it is 1.
    It is 0 exactly where the drift is 0.
    """

    start: Ray
    end: Ray
    drift: Ray
    turning: int


@dataclass(frozen=True)
class Transit:
    """A balanced neuron turns from one direction to another under one drift, without meeting its zero."""

    drift: Ray
    first: Ray
    last: Ray
    sign: int

    def time(self) -> flint.arb | None:
        """(arsinh(p_1/q_1) - arsinh(p_0/q_0))/||D|| with p = sign(a) <D, e>, q = |F|; None if it takes for ever."""
        ends = []
        for ray in (self.first, self.last):
            across = abs(cross(ray, self.drift))
            if not across:
                return None
            ends.append(_ball(self.sign * inner(ray, self.drift) / across).asinh())
        return (ends[1] - ends[0]) / _ball(inner(self.drift, self.drift)).sqrt()


@dataclass(frozen=True)
class Ending:
    """How a start ends: its fate, the last direction, the drift there, and the transits until then.

    The last transit is left out where the direction is only tended to: the neuron has arrived when its pattern and its
    drift no longer change. `fate` is UNDETERMINED for a start from which the flow is not unique.
    """

    fate: Fate
    direction: Ray
    drift: Ray
    transits: tuple[Transit, ...] = ()

    def arrival(self) -> flint.arb | None:
        """The time at which the neuron has arrived, as a ball; None if that is never, or not known."""
        return None if self.fate == Fate.UNDETERMINED else _total(self.transits)


@dataclass(frozen=True)
class Basin:
    """The starts of one sign of a, an arc counterclockwise from `first` to `last`, that end at the same place.

    `direction` is where they end, None if they are dead: these stop where their drift vanishes. `latest` is the
    supremum of their arrival times as a ball, None if these are unbounded. An end of the arc belongs to it only if it
    is `direction`.
    """

    sign: int
    first: Ray
    last: Ray
    fate: Fate
    direction: Ray | None
    drift: Ray
    latest: flint.arb | None

    def to_json(self) -> dict[str, Any]:
        """All rays and the drift as exact texts; `latest` as a number, null if the arrival times are unbounded."""
        rays = {"first": self.first, "last": self.last, "direction": self.direction, "drift": self.drift}
        return {
            "sign": self.sign,
            "fate": self.fate.name.lower(),
            **{name: None if ray is None else [number_text(value) for value in ray] for name, ray in rays.items()},
            "latest": None if self.latest is None else float(self.latest.mid()),
        }


class PlaneFlow:
    """The pieces of the circle for a problem in the plane, and where balanced neurons go on it.

    Raises InputError unless the data are in the plane.
    """

    def __init__(self, problem: Problem) -> None:
        check_plane(problem.data)
        merged = merge_hyperplanes(problem.data, problem.pulls_at_zero, problem.leak)
        self.pieces = tuple(_pieces(merged))

    def ending(self, sign: int, start: Ray) -> Ending:
        """How a balanced neuron with this sign of a ends that starts in the direction `start`.

        Raises InputError for a start of (0, 0).
        """
        for place, piece in enumerate(self.pieces):
            if _between(piece.start, start, piece.end):
                return self._from(sign, place, start)
            if not cross(piece.start, start) and inner(piece.start, start) > 0:
                return self._from_an_end(sign, place)
        raise InputError("a neuron needs a direction; its weights are 0")

    def basins(self, sign: int) -> tuple[Basin, ...]:
        """All basins of the neurons with this sign of a, counterclockwise."""
        runs = _runs(len(self.pieces), lambda place: self._joined(sign, place))
        return tuple(self._basin(sign, run) for run in runs)

    def _basin(self, sign: int, run: list[int]) -> Basin:
        ends = [self._from(sign, place) for place in (run[0], run[-1])]
        times = [ending.arrival() for ending in ends]
        latest = None if times[0] is None or times[1] is None else times[0].max(times[1])
        fate, drift = ends[0].fate, ends[0].drift
        direction = None if fate == Fate.DEAD else ends[0].direction
        return Basin(sign, self.pieces[run[0]].start, self.pieces[run[-1]].end, fate, direction, drift, latest)

    def _joined(self, sign: int, place: int) -> bool:
        """Whether a piece and the one before it lead to the same place: into one another, or to the ray between."""
        before, after = self.pieces[place - 1], self.pieces[place]
        sides = (sign * before.turning, sign * after.turning)
        if sides == (1, 1):
            return _passes(before, after.start, after)
        if sides == (-1, -1):
            return _passes(after, after.start, before)
        return sides[0] >= 0 >= sides[1]

    def _from(self, sign: int, place: int, start: Ray | None = None) -> Ending:
        """The ending from a direction inside of a piece; without `start`, from the end that the flow leaves behind.

        No neuron goes around the circle: sign(a) G, the integral of sign(a) F, would grow all the way.
        """
        piece = self.pieces[place]
        step = sign * piece.turning
        if step == 0:
            return Ending(Fate.DEAD, start or _middle(piece.start, piece.end), piece.drift)
        at = start or (piece.start if step > 0 else piece.end)
        transits: list[Transit] = []
        while True:
            until = piece.end if step > 0 else piece.start
            if not cross(until, piece.drift):  # a zero of F, to which the direction tends
                return Ending(Fate.EXTREMAL, until, piece.drift, tuple(transits))
            transits.append(Transit(piece.drift, at, until, sign))
            place = (place + step) % len(self.pieces)
            beyond = self.pieces[place]
            if sign * beyond.turning != step or not _passes(piece, until, beyond):
                return _held(sign, until, piece, beyond, tuple(transits))
            piece, at = beyond, until

    def _from_an_end(self, sign: int, place: int) -> Ending:
        """The ending from the ray at which a piece starts: the flow may hold it there, or lead away to one side."""
        before, after = self.pieces[place - 1], self.pieces[place]
        ray, sides = after.start, (sign * before.turning, sign * after.turning)
        at_rest = [bool(piece.turning) and not cross(ray, piece.drift) for piece in (before, after)]
        if sides == (0, 0):
            return Ending(Fate.DEAD, ray, after.drift)
        if sides[0] >= 0 >= sides[1]:
            return _held(sign, ray, *((before, after) if sides[0] else (after, before)))
        for step, (behind, ahead), (tended_to, left) in (
            (1, (before, after), at_rest),
            (-1, (after, before), at_rest[::-1]),
        ):
            if sides == (step, step) and not tended_to:
                there = place if step > 0 else (place - 1) % len(self.pieces)
                return _held(sign, ray, behind, ahead) if left else self._from(sign, there, ray)
        return Ending(Fate.UNDETERMINED, ray, (Fraction(0), Fraction(0)))


def check_plane(data: Dataset) -> None:
    """Raise InputError unless the data are in the plane."""
    if data.d != 2:
        raise InputError(f"the basins are known in the plane only, and these data have d = {data.d}")


def cross(left: Ray, right: Ray) -> Fraction:
    """The determinant of two vectors: positive when `right` lies counterclockwise of `left`, within pi.

    F times ||e|| at the direction e is cross(e, D).
    """
    return left[0] * right[1] - left[1] * right[0]


def inner(left: Ray, right: Ray) -> Fraction:
    """The inner product of two vectors."""
    return left[0] * right[0] + left[1] * right[1]


def _passes(piece: Piece, ray: Ray, beyond: Piece) -> bool:
    """Whether a neuron that F drives across a ray reaches it and leaves it: F vanishes on neither side."""
    return bool(cross(ray, piece.drift) and cross(ray, beyond.drift))


def _held(sign: int, ray: Ray, piece: Piece, beyond: Piece, transits: tuple[Transit, ...] = ()) -> Ending:
    """A neuron that has reached a ray from a piece and stays: before a dead piece, or held there with D = G(e) e."""
    if not any(beyond.drift):
        return Ending(Fate.DEAD, ray, beyond.drift, transits)
    share = inner(piece.drift, ray) / inner(ray, ray)
    fate = {1: Fate.EXTREMAL, 0: Fate.DEAD, -1: Fate.PINNED}[sign * _sign(share)]
    return Ending(fate, ray, (share * ray[0], share * ray[1]), transits)


def _pieces(merged: Hyperplanes) -> Iterator[Piece]:
    """The circle cut at the rays on which a hyperplane with a jump is met, and at the zeros of F inside the arcs."""
    rays = _rays(merged)
    for start, end in zip(rays, [*rays[1:], rays[0]], strict=True):
        drift = _drift(merged, _middle(start, end))
        cuts = [start, *(ray for ray in (drift, (-drift[0], -drift[1])) if any(ray) and _between(start, ray, end)), end]
        for first, last in pairwise(cuts):
            yield Piece(first, last, drift, _sign(cross(_middle(first, last), drift)))


def _rays(merged: Hyperplanes) -> list[Ray]:
    """The rays at which G is not smooth, counterclockwise; if there is none, those along the only drift."""
    kinks = [(-x[1], x[0]) for x, jump in zip(merged.directions, merged.jump, strict=True) if jump]
    if not kinks:
        drift = _drift(merged, (Fraction(1), Fraction(0)))
        kinks = [drift if any(drift) else (Fraction(1), Fraction(0))]
    rays = [(side * x, side * y) for x, y in kinks for side in (1, -1)]
    return sorted(rays, key=cmp_to_key(_by_angle))


def _drift(merged: Hyperplanes, inside: Ray) -> Ray:
    """D(w, 0) for a direction on no hyperplane with a jump."""
    total = [Fraction(0), Fraction(0)]
    for x, positive, negative in zip(merged.directions, merged.positive, merged.negative, strict=True):
        multiple = positive if inside[0] * x[0] + inside[1] * x[1] > 0 else negative
        total = [total[0] + multiple * x[0], total[1] + multiple * x[1]]
    return total[0], total[1]


def _middle(start: Ray, end: Ray) -> Ray:
    """A direction strictly between two rays that are at most half a turn apart, counterclockwise."""
    if not cross(start, end):
        return -start[1], start[0]
    return start[0] + end[0], start[1] + end[1]


def _between(start: Ray, ray: Ray, end: Ray) -> bool:
    """Whether a ray lies strictly between two rays that are at most half a turn apart, counterclockwise."""
    return cross(start, ray) > 0 and cross(ray, end) > 0


def _by_angle(left: Ray, right: Ray) -> int:
    """Order by the angle from the first axis, counterclockwise."""
    halves = [int(ray[1] < 0 or (ray[1] == 0 and ray[0] < 0)) for ray in (left, right)]
    return halves[0] - halves[1] or -_sign(cross(left, right))


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _ball(value: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _total(transits: tuple[Transit, ...]) -> flint.arb | None:
    with flint.ctx.workprec(BITS):
        total = flint.arb(0)
        for transit in transits:
            time = transit.time()
            if time is None:
                return None
            total += time
        return total


def _runs(count: int, joined: Callable[[int], bool]) -> list[list[int]]:
    """The numbers 0 to count - 1 on a circle in runs; `joined` says whether one is in the run of the one before it."""
    first = next((place for place in range(count) if not joined(place)), 0)
    runs: list[list[int]] = []
    for place in [*range(first, count), *range(first)]:
        if runs and joined(place):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs
