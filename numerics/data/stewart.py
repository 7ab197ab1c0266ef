"""How the Stewart data set was drawn: forty points on a published broken line, from a stated seed (theory.md 7).

The publication gives the law of the points, not the points, so the shipped file is one draw, rounded to four decimals;
`stewart_csv` makes it again, byte for byte.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

SEED = 0
POINTS = 40
DECIMALS = 4
KNOTS = tuple(Fraction(text) for text in ("-1", "-7/10", "-11/20", "-2/5", "0", "1/2", "3/5", "7/10", "1"))
VALUES = tuple(Fraction(text) for text in ("0", "7/10", "1/2", "1", "0", "1", "3/5", "7/10", "0"))


def broken_line(x: Fraction) -> Fraction:
    """The published piecewise linear target at x in [-1, 1], exactly."""
    for left, right, low, high in zip(KNOTS, KNOTS[1:], VALUES, VALUES[1:], strict=False):
        if left <= x <= right:
            return low + (high - low) * (x - left) / (right - left)
    raise ValueError(f"{x} lies outside [-1, 1]")


def stewart_csv(seed: int = SEED) -> str:
    """The CSV text, header x,y: inputs uniform on [-1, 1] in increasing order, labels on the broken line.

    Inputs are rounded to four decimals first; the label is the broken line at the rounded input, rounded to four
    decimals (half to even), so that every number in the file is a short decimal.
    """
    drawn = np.random.default_rng(seed).uniform(-1.0, 1.0, POINTS)
    unit = 10**DECIMALS
    inputs = sorted(Fraction(round(Fraction(float(value)) * unit), unit) for value in drawn)
    lines = [f"{float(x):.{DECIMALS}f},{float(round(broken_line(x), DECIMALS)):.{DECIMALS}f}" for x in inputs]
    return "\n".join(["x,y", *lines, ""])
