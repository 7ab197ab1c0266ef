"""Cases on which `flow.equivariance` is tested."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ...claim.draws import composite, st
from ..alignment.constant_drift import Array
from ..strategies import FlowCase, Neurons, in_any_dimension

NAMES = ("split", "multiplied", "rotated", "reordered", "repeated")


@dataclass(frozen=True)
class Symmetry:
    """A case, a transformation, and the transformation's own parameters: an orthogonal map, an order, a factor c."""

    case: FlowCase
    name: str
    mirror: tuple[Fraction, ...]
    seed: int
    factor: Fraction

    def orthogonal(self) -> Array:
        """I - 2 v v^T/||v||^2 in the dimension of the data, times -1 for an odd seed."""
        v = np.array([float(value) for value in self.mirror])
        return np.asarray((-1) ** self.seed * (np.eye(len(v)) - 2 * np.outer(v, v) / (v @ v)))


@composite
def symmetries(draw: st.DrawFn) -> Symmetry:
    """Random flows with mixed labels, of any kind of start, beside each transformation in turn."""
    case = draw(in_any_dimension())
    component = st.integers(-4, 4).map(Fraction)
    mirror = draw(st.tuples(*[component] * case.data.d).filter(any))
    factor = draw(st.sampled_from((Fraction(1, 4), Fraction(1, 2), Fraction(2), Fraction(3))))
    return Symmetry(case, draw(st.sampled_from(NAMES)), mirror, draw(st.integers(0, 7)), factor)


def cases_by_hand() -> tuple[Symmetry, ...]:
    """A cheap case for each transformation that a mutant alters: like those of `why_false`."""
    line = Dataset(((Fraction(1),),), (Fraction(1),))
    plane = Dataset(((Fraction(1), Fraction(0)),), (Fraction(1),))
    ratios, half = (Fraction(1),), Fraction(1, 2)
    still, growing = (
        FlowCase(line, "square", Fraction(0), Neurons(ratios, ((w,),)), half) for w in (Fraction(1), half)
    )
    turned = FlowCase(plane, "square", Fraction(0), Neurons(ratios, ((half, half),)), half)
    one, two = (Fraction(1),), Fraction(2)
    return (
        Symmetry(still, "split", one, 0, two),
        Symmetry(growing, "multiplied", one, 0, two),
        Symmetry(turned, "rotated", (Fraction(1), Fraction(0)), 0, two),
    )
