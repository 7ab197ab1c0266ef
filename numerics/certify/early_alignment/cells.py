"""Cells and faces of the hyperplanes <w, x_k> = 0 as a neuron of one sign meets them: exact rational arithmetic.

For a neuron with sign(a) = s the normalised v = w/|a| obeys v' = E - <E, v> v with E = s D.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ..errors import Undecided
from ..every_start.cone import dot
from ..instance import Ball, ball
from .setting import Setting, Vector

Pattern = tuple[int, ...]


@dataclass(frozen=True)
class Cell:
    """A cell, or where `pattern` is 0 on the points of one hyperplane a face on which a neuron slides."""

    setting: Setting
    sign: int
    pattern: Pattern

    @classmethod
    def of(cls, setting: Setting, sign: int, pattern: Pattern) -> Cell:
        """The same cell with what is known of it, if it was asked for before."""
        return setting.known.setdefault((sign, pattern), cls(setting, sign, pattern))

    @cached_property
    def face(self) -> tuple[int, ...]:
        """The points of the face."""
        return tuple(k for k, side in enumerate(self.pattern) if side == 0)

    @cached_property
    def drift(self) -> Vector:
        """E = s D: on a face the drift along it, whatever the slopes on it."""
        slopes = [Fraction(1) if side > 0 else self.setting.leak if side < 0 else Fraction(0) for side in self.pattern]
        full = self._combined(slopes)
        return self._along(full) if self.face else full

    def _combined(self, slopes: Iterable[Fraction]) -> Vector:
        points, pulls = self.setting.points, self.setting.pulls
        weights = [slope * pull * self.sign / len(points) for slope, pull in zip(slopes, pulls, strict=True)]
        return tuple(
            sum((c * x[i] for c, x in zip(weights, points, strict=True)), Fraction(0)) for i in range(len(points[0]))
        )

    def _along(self, vector: Vector) -> Vector:
        """The projection onto the hyperplane of the face."""
        x = self.setting.points[self.face[0]]
        share = dot(vector, x) / self.setting.squares[self.face[0]]
        return tuple(p - share * q for p, q in zip(vector, x, strict=True))

    @cached_property
    def drift_balls(self) -> tuple[Ball, ...]:
        """E in balls."""
        return tuple(ball(value) for value in self.drift)

    @cached_property
    def square(self) -> Fraction:
        """r^2 = ||E||^2."""
        return dot(self.drift, self.drift)

    @cached_property
    def dead(self) -> bool:
        """Whether the neuron is active on no point and the leak is 0, so that it does not move."""
        return self.setting.leak == 0 and max(self.pattern) < 0

    @cached_property
    def inward(self) -> tuple[Fraction, ...]:
        """sign <w, x_k> <E, x_k>/||x_k||, squared with its sign: positive where the neuron moves off the hyperplane.

        0 at the points of the face.
        """
        products = (side * dot(self.drift, x) for side, x in zip(self.pattern, self.setting.points, strict=True))
        return tuple(value * abs(value) / square for value, square in zip(products, self.setting.squares, strict=True))

    @cached_property
    def held(self) -> Fraction | None:
        """How strongly both sides push towards the face: the smaller of -+<E, x>/||x||, squared with its sign.

        None where there is no face.
        """
        return min(self._beside(side).inward[self.face[0]] * -1 for side in (1, -1)) if self.face else None

    def _beside(self, side: int) -> Cell:
        """The cell on one side of the face: where <w, x_k> has the sign `side` for its first point k."""
        first = self.setting.points[self.face[0]]
        signs = {k: side if dot(first, self.setting.points[k]) > 0 else -side for k in self.face}
        return Cell.of(self.setting, self.sign, tuple(signs.get(k, own) for k, own in enumerate(self.pattern)))

    @cached_property
    def margin(self) -> Fraction:
        """The square of the deviation of the drift up to which a neuron stays once it is here; not positive if none."""
        inward = [value for k, value in enumerate(self.inward) if self.pattern[k] != 0]
        return min([*inward, *([] if self.held is None else [self.held]), self.square])

    @cached_property
    def pinning(self) -> Fraction:
        """The same for a neuron that is pinned on a ray of the plane, against its drift; not positive if none."""
        if not self.face or len(self.drift) != 2 or len(self.face) == len(self.pattern):
            return Fraction(0)
        assert self.held is not None
        outward = [-value for k, value in enumerate(self.inward) if self.pattern[k] != 0]
        return self.held if min(outward) > 0 else Fraction(0)

    def death_margin(self, group: frozenset[int]) -> Fraction:
        """The square of the deviation that leaves the pulls of `group` their signs, all against a; else 0."""
        pulls, squares, mean = self.setting.pulls, self.setting.squares, self.setting.mean_square
        if not all(self.sign * pulls[k] < 0 for k in group):
            return Fraction(0)
        return min((pulls[k] * mean) ** 2 / squares[k] for k in group)

    def across(self, k: int, deviation: Fraction) -> Cell:
        """The cell or face after the hyperplane of point k, for all drifts within `deviation`; Undecided if unclear."""
        group, limit = self.setting.parallel[k], deviation * deviation
        name = f"the hyperplane of point {k + 1}"
        if not -self.inward[k] > limit:
            raise Undecided(f"it meets {name} at a grazing angle")
        flipped, zeroed = (
            tuple(factor * side if j in group else side for j, side in enumerate(self.pattern)) for factor in (-1, 0)
        )
        far = Cell.of(self.setting, self.sign, flipped)
        if far.dead:
            if not self.death_margin(group) > limit:
                raise Undecided(f"it stops on {name}, on which points pull in both directions")
            return far
        if self._least_push(k, group) > limit:
            if far.held is not None and not far.held > limit:
                raise Undecided(
                    f"it crosses {name} while sliding on the hyperplane of point {self.face[0] + 1}, and leaves that"
                )
            return far
        if not -far.inward[k] > limit:
            raise Undecided(f"it meets {name}, beyond which the drift is nearly parallel to it")
        if self.face:
            raise Undecided(f"it slides on the hyperplanes of points {self.face[0] + 1} and {k + 1} at once")
        slid = Cell.of(self.setting, self.sign, zeroed)
        assert slid.held is not None
        if not slid.held > limit:
            raise Undecided(f"it meets {name}, which holds it too weakly")
        return slid

    def _least_push(self, k: int, group: frozenset[int]) -> Fraction:
        """The smallest push across the hyperplane of point k over all slopes on it, squared with its sign."""
        slopes = [Fraction(1) if side > 0 else self.setting.leak if side < 0 else Fraction(0) for side in self.pattern]
        x, leak = self.setting.points[k], self.setting.leak
        normal = self._along(x) if self.face else x
        direction = -self.pattern[k]
        for j in group:
            gain = direction * self.sign * self.setting.pulls[j] * dot(self.setting.points[j], normal)
            slopes[j] = leak if gain > 0 else Fraction(1)
        push = direction * dot(self._combined(slopes), normal)
        return push * abs(push) / self.setting.squares[k]
