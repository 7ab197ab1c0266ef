"""Names for the arrays of the numerics, by what they hold."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]
Pattern: TypeAlias = NDArray[np.int8]
"""Sides of hyperplanes: 1, -1, and 0 on them."""
