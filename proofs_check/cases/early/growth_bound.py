"""Cases on which `early.growth-bound` is tested."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...claim.draws import composite, st
from ..alignment.constant_drift import Array
from ..strategies import FlowCase, in_any_dimension


@dataclass(frozen=True)
class EarlyCase:
    """A flow whose start is scaled by lambda = 2^-halvings / sqrt(m), with an exponent epsilon for tau."""

    flow: FlowCase
    halvings: int
    epsilon: Fraction

    @property
    def scale(self) -> float:
        """lambda."""
        return float(2.0**-self.halvings)

    @property
    def start(self) -> tuple[Array, Array]:
        """a (m,) and w (m, d): the unscaled start times lambda/sqrt(m)."""
        factor = self.scale / np.sqrt(len(self.flow.start.a))
        return factor * self.flow.start.a, factor * self.flow.start.w


@composite
def early_cases(draw: st.DrawFn) -> EarlyCase:
    """Dominated or balanced starts at scales 1/2 to 1/512, on data with mixed labels, any leak, losses with a kappa."""
    flow = draw(in_any_dimension(n=(1, 4), kinds=("balanced", "dominated")))
    epsilon = draw(st.sampled_from((Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))))
    return EarlyCase(flow, draw(st.integers(1, 9)), epsilon)
