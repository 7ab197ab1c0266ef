"""The drift on a face in ball arithmetic: certain where floats are not, and much cheaper than exact rationals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb, arb_mat, ctx, fmpq
from numpy.typing import NDArray

from ..arrays import Floats, Pattern
from ..geometry.box_least_squares import BoxMinimum

PRECISION = 256
"""Bits. Whatever the balls cannot tell from 0 at this precision is taken for a tie, and left to exact arithmetic."""


@dataclass(frozen=True)
class BallField:
    """The data of a `FrozenField` as balls: `normals` and `jumps` (h, d), `below` (1, d) as in `Planes`."""

    normals: arb_mat
    jumps: arb_mat
    below: arb_mat

    @classmethod
    def of(cls, normals: NDArray[np.object_], jumps: NDArray[np.object_], below: NDArray[np.object_]) -> BallField:
        """From exact rationals: normals and jumps (h, d), below (d,)."""
        with ctx.workprec(PRECISION):
            return cls(_balls(normals), _balls(jumps), _balls(below[None, :]))

    def drift(self, pattern: Pattern, on: NDArray[np.intp], guess: BoxMinimum) -> tuple[Pattern, Floats, Floats] | None:
        """The least-norm drift if the sets of `guess` are certainly right: (sides, D, <D, x_i>); else None.

        `on` lists the hyperplanes of sign 0 in `pattern` (h,). All slopes that stay are certainly between their bounds,
        all others certainly held there, and every hyperplane off the face is certainly approached or left.
        """
        found, left, stays = pattern.copy(), on[~guess.free], on[guess.free]
        found[left] = np.where(guess.theta[~guess.free] > 0.5, 1, -1)
        with ctx.workprec(PRECISION):
            drift = self.below + arb_mat(1, len(found), [int(side > 0) for side in found]) * self.jumps
            if len(stays):
                columns = _rows(self.jumps, stays)
                try:
                    theta = (columns * columns.transpose()).solve(-(columns * drift.transpose()))
                except ZeroDivisionError:
                    return None
                if not all(0 < slope < 1 for slope in theta.entries()):
                    return None
                drift += theta.transpose() * columns
            pushes = (_rows(self.jumps, left) * drift.transpose()).entries()
            speeds = self.normals * drift.transpose()
            held = all(push < 0 if side > 0 else push > 0 for push, side in zip(pushes, found[left], strict=True))
            if not held or any(
                side and not (speed > 0 or speed < 0) for speed, side in zip(speeds.entries(), found, strict=True)
            ):
                return None
            return found, _floats(drift), np.where(found, _floats(speeds), 0.0)


def _balls(rows: NDArray[np.object_]) -> arb_mat:
    fractions: list[Fraction] = rows.ravel().tolist()
    return arb_mat(*rows.shape, [arb(fmpq(entry.numerator, entry.denominator)) for entry in fractions])


def _rows(matrix: arb_mat, places: NDArray[np.intp]) -> arb_mat:
    return arb_mat(
        len(places), matrix.ncols(), [matrix[int(place), axis] for place in places for axis in range(matrix.ncols())]
    )


def _floats(matrix: arb_mat) -> Floats:
    return np.array([float(entry.mid()) for entry in matrix.entries()])
