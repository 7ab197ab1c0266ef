"""Cases on which `alignment.cell-count` is tested."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from ....numerics.oracles.rational import Vector, determinant, inner
from ...claim.draws import composite, st


@composite
def normals_in_general_position(draw: st.DrawFn) -> tuple[Vector, ...]:
    """Up to 8 normals in R^d, d <= 5, with small integer coordinates; a candidate that is dependent is left out."""
    dimension = draw(st.integers(1, 5))
    candidates = draw(st.lists(st.tuples(*[st.integers(-4, 4)] * dimension), min_size=1, max_size=8))
    kept: list[Vector] = []
    for candidate in candidates:
        normal = tuple(Fraction(value) for value in candidate)
        if _in_general_position(kept, normal):
            kept.append(normal)
    return tuple(kept) or _first_axis(dimension)


def _first_axis(dimension: int) -> tuple[Vector, ...]:
    return (tuple(Fraction(int(axis == 0)) for axis in range(dimension)),)


def _in_general_position(normals: list[Vector], new: Vector) -> bool:
    """Whether every min(n, d) of them are independent, as they are without the new one: no determinant vanishes.

    For fewer than d normals it is that of their inner products.
    """
    dimension = len(new)
    if len(normals) < dimension:
        subset = (*normals, new)
        return bool(determinant([tuple(inner(u, v) for v in subset) for u in subset]))
    return all(determinant((*others, new)) for others in combinations(normals, dimension - 1))
