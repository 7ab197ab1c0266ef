"""Midpoint-radius arrays: float results with a rigorous bound on their error, to filter exact sign tests.

An `Enclosure` (value, radius) stands for real numbers x with |x - value| <= radius, entry by entry. Every operation
bounds its own rounding: one float operation errs by at most u |result|, u = 2^-53, apart from underflow, which `TINY`
covers. Radii are sums of at most six non-negative float products; `SLACK` = 1 + 2^-48 outweighs their own rounding.
A sign that the radius does not allow is reported as unknown and left to exact integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats

UNIT = 2.0**-53
SLACK = 1.0 + 2.0**-48
TINY = 1e-290


def accumulated(terms: int) -> float:
    """The bound gamma_k = k u / (1 - k u) on the relative error of a sum of products with k roundings, any order."""
    return terms * UNIT / (1.0 - terms * UNIT)


@dataclass(frozen=True)
class Enclosure:
    """Arrays of one shape: `value` and a non-negative `radius` (infinite where nothing is known)."""

    value: Floats
    radius: Floats

    @staticmethod
    def rounded(value: Floats) -> Enclosure:
        """Numbers of which `value` is the correctly rounded float."""
        return Enclosure(value, np.abs(value) * UNIT + TINY)

    def __getitem__(self, place: Any) -> Enclosure:
        return Enclosure(self.value[place], self.radius[place])

    def __neg__(self) -> Enclosure:
        return Enclosure(-self.value, self.radius)

    def __add__(self, other: Enclosure) -> Enclosure:
        value = self.value + other.value
        return Enclosure(value, (self.radius + other.radius + UNIT * np.abs(value)) * SLACK)

    def __sub__(self, other: Enclosure) -> Enclosure:
        return self + (-other)

    def __mul__(self, other: Enclosure) -> Enclosure:
        value = self.value * other.value
        mixed = np.abs(self.value) * other.radius + self.radius * (np.abs(other.value) + other.radius)
        return Enclosure(value, (mixed + UNIT * np.abs(value)) * SLACK + TINY)

    def __truediv__(self, other: Enclosure) -> Enclosure:
        room = (np.abs(other.value) - other.radius) * (1.0 - 2.0**-50)
        usable = room > 0.0
        room = np.where(usable, room, 1.0)
        value = np.where(usable, self.value / np.where(usable, other.value, 1.0), 0.0)
        radius = (self.radius + np.abs(value) * other.radius) / room + UNIT * np.abs(value)
        return Enclosure(value, np.where(usable, radius * SLACK + TINY, np.inf))

    def __matmul__(self, other: Enclosure) -> Enclosure:
        """Product of (r, e) and (e, h): shape (r, h)."""
        gamma = accumulated(self.value.shape[-1] + 2)
        magnitude = np.abs(other.value)
        radius = np.abs(self.value) @ (gamma * magnitude + other.radius) + self.radius @ (magnitude + other.radius)
        return Enclosure(self.value @ other.value, radius * (1.0 + accumulated(self.value.shape[-1] + 8)) + TINY)

    def positive(self) -> NDArray[np.bool_]:
        """Where the numbers are certainly > 0."""
        return self.value > self.radius

    def negative(self) -> NDArray[np.bool_]:
        """Where the numbers are certainly < 0."""
        return -self.value > self.radius

    def opposes(self, sign: NDArray[np.int8] | int) -> NDArray[np.bool_]:
        """Where the numbers certainly do not have the given signs in {-1, 0, 1}."""
        positive, negative = self.positive(), self.negative()
        return np.where(sign > 0, negative, np.where(sign < 0, positive, positive | negative))
