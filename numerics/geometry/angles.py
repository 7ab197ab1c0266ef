"""Angles that are accurate where they are small."""

from __future__ import annotations

import numpy as np

from ..arrays import Floats


def angle_of_chord(chord: Floats) -> Floats:
    """The angles in radians between unit vectors at distances `chord` (any shape) from each other.

    The arc cosine of an inner product would lose an angle below 1e-8. Measures of evidence have the formula for
    themselves: they share nothing with what they judge.
    """
    return np.asarray(2 * np.arcsin(np.minimum(chord / 2, 1.0)))
