"""Neurons and drifts scaled to size one by powers of two: their squares underflow below 1e-154."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...arrays import Floats


def exponents(rows: Floats) -> NDArray[np.intc]:
    """The powers of two (m,) that take rows (m, k) from size one to their size: scaling by them rounds nothing."""
    _, powers = np.frexp(np.abs(rows).max(axis=1, initial=0.0))
    return powers


def unit_sized(rows: Floats) -> tuple[Floats, int]:
    """Rows (m, k) of any sizes over one power of two that is near the largest of their entries, and that power."""
    _, power = np.frexp(np.abs(rows).max(initial=0.0))
    return np.asarray(np.ldexp(rows, -power)), int(power)


def lengths(rows: Floats) -> Floats:
    """The lengths (m,) of rows (m, k), however small they are."""
    powers = exponents(rows)
    return np.asarray(np.ldexp(np.linalg.norm(np.ldexp(rows, -powers[:, None]), axis=1), powers))
