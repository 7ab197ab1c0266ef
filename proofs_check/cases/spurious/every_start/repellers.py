"""Starts with neurons next to the repellers of their cells: cases of `spurious.data-only` (theory.md 9.3)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .....numerics.data.dataset import Dataset
from .....numerics.data.network import Network
from ....claim.draws import composite, st
from ..three_points import three_points

LIVE = 0.3
"""The live neuron with a > 0 starts at this angle from b."""


@dataclass(frozen=True)
class RepellerCase:
    """Data, and balanced neurons with a < 0 at `angles` (radians) from the drift D_A of the `cells` A, on a side of it.

    One neuron with a > 0 is active on all points or some; sum a_j^2 is about the square of `scale`.
    """

    data: Dataset
    cells: tuple[tuple[int, ...], ...]
    angles: tuple[float, ...]
    scale: float

    def start(self) -> Network:
        """The balanced network."""
        X, y = self.data.X, self.data.y
        directions = [_turned(y @ X, LIVE)]
        for cell, angle in zip(self.cells, self.angles, strict=True):
            directions.append(_turned(y[list(cell)] @ X[list(cell)], angle))
        a = np.array([1.0, *[-1.0] * len(self.cells)]) * self.scale
        return Network(a, self.scale * np.array(directions))


def _turned(vector: np.ndarray, angle: float) -> np.ndarray:
    """The unit vector at an angle from a vector of the plane."""
    unit = vector / np.linalg.norm(vector)
    return np.asarray(math.cos(angle) * unit + math.sin(angle) * np.array([-unit[1], unit[0]]))


@composite
def repeller_cases(draw: st.DrawFn) -> RepellerCase:
    """T(eta) data, eta < 1/6; one to four neurons with a < 0, at angles from 1 to 1e-14 from the repellers."""
    count = draw(st.integers(1, 4))
    cells = tuple(draw(st.sampled_from(((0,), (0, 1), (0, 1, 2), (1, 2), (2,)))) for _ in range(count))
    angles = tuple(draw(st.sampled_from((-1, 1))) * 10.0 ** -draw(st.integers(0, 14)) for _ in range(count))
    return RepellerCase(draw(three_points()), cells, angles, 10.0 ** -draw(st.integers(3, 5)))


def edges() -> tuple[RepellerCase, ...]:
    """Five points without condition (M), and a neuron with a < 0 at the angle 5 lambda from b: theory.md 9.3."""
    inputs = ((3, 4), (6, 10), (2, 9), (-6, 9), (-5, 6))
    data = Dataset(
        tuple((Fraction(u, 8), Fraction(v, 8)) for u, v in inputs), tuple(Fraction(y, 8) for y in (3, 3, 12, 7, 7))
    )
    return (RepellerCase(data, ((0, 1, 2, 3, 4),), (5e-3,), 1e-3),)
