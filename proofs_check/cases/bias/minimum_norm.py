"""Cases on which `bias.minimum-norm` is tested."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy

from ....numerics.data.dataset import Dataset
from ....numerics.oracles.rational import Vector, inner
from ....theory.bias.minimum_norm import size_minus, size_plus
from ...claim.draws import composite, st
from ...claim.statement import Relations
from ..strategies import dyadic, points

Pair = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Orthogonal:
    """Orthogonal rational points with labels that are not 0."""

    data: Dataset

    @property
    def sums(self) -> tuple[Vector, Vector]:
        """S_+ and S_-."""
        return self._sum(1), self._sum(-1)

    @property
    def squared_sizes(self) -> Pair:
        """||S_+||^2 and ||S_-||^2."""
        plus, minus = self.sums
        return inner(plus, plus), inner(minus, minus)

    def _sum(self, sign: int) -> Vector:
        chosen = [(x, y) for x, y in zip(self.data.inputs, self.data.labels, strict=True) if sign * y > 0]
        return tuple(sum((y * x[i] / inner(x, x) for x, y in chosen), Fraction(0)) for i in range(self.data.d))

    def stated_least(self, statement: Relations) -> sympy.Expr:
        """The stated least norm, an exact expression."""
        plus, minus = (sympy.sqrt(sympy.Rational(s.numerator, s.denominator)) for s in self.squared_sizes)
        return statement["least"].args[1].subs({size_plus: plus, size_minus: minus}, simultaneous=True)


@composite
def orthogonal_data(draw: st.DrawFn) -> Orthogonal:
    """Columns of a product of two rational reflections, each times a rational: up to 5 points in up to 5 dimensions."""
    d = draw(st.integers(1, 5))
    n = draw(st.integers(1, d))
    frame = [tuple(Fraction(int(i == j)) for j in range(d)) for i in range(d)]
    for _ in range(2):
        mirror = draw(points(d, size=3, denominator=1))
        frame = [_reflected(vector, mirror) for vector in frame]
    scales = draw(st.lists(st.sampled_from((Fraction(1, 2), Fraction(1), Fraction(3))), min_size=n, max_size=n))
    labels = draw(st.lists(dyadic(-4, 4).filter(bool), min_size=n, max_size=n))
    inputs = [tuple(scale * value for value in vector) for scale, vector in zip(scales, frame, strict=False)]
    return Orthogonal(Dataset(tuple(inputs), tuple(labels)))


def _reflected(vector: Vector, mirror: Vector) -> Vector:
    """The vector mirrored in the hyperplane orthogonal to `mirror`; vectors that are orthogonal remain so."""
    factor = 2 * inner(vector, mirror) / inner(mirror, mirror)
    return tuple(value - factor * part for value, part in zip(vector, mirror, strict=True))
