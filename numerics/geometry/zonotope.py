"""Zonotopes in exact arithmetic: is a vector a sum of multiples of generators within given bounds?

A zonotope {sum_i t_i c_i : low_i <= t_i <= high_i} of full dimension r is cut out by the hyperplanes through r - 1
independent generators: z belongs to it iff f . z <= sum_i max(low_i f . c_i, high_i f . c_i) for those f and -f.
"""

from __future__ import annotations

from collections.abc import Sequence

from .integers import dot, meeting_lines


def contains(
    generators: Sequence[Sequence[int]], low: Sequence[int], high: Sequence[int], vector: Sequence[int], scale: int
) -> bool:
    """Whether `vector` / `scale` lies in the zonotope; generators (m, r) of rank r, scale > 0, all integers.

    The boundary belongs to it. Works through at most C(m, r-1) facets.
    """
    dimension = len(vector)
    if dimension == 0:
        return True
    for normal in meeting_lines(generators, dimension):
        along = [dot(normal, generator) for generator in generators]
        height = dot(normal, vector)
        top = sum(max(a * t, b * t) for a, b, t in zip(low, high, along, strict=True))
        bottom = sum(min(a * t, b * t) for a, b, t in zip(low, high, along, strict=True))
        if not bottom * scale <= height <= top * scale:
            return False
    return True
