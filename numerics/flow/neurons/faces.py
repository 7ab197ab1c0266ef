"""Drifts on faces, compiled (theory.md 2.6): what each hyperplane must add, and whether its slope allows that.

A face is a list `on` of hyperplanes, of which the first `count` entries count. The drift on it is that of the other
hyperplanes, projected; what the normal i must add, `needed`, has to lie between `below` and `above` of that hyperplane.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ...arrays import Floats, Integers, Pattern
from ..engine.chebyshev import at_share
from ..engine.sliding import slope_margin
from .records import Tables

INDEPENDENT = 1e-4
"""A unit normal whose part across those before it is longer than this is independent of them; the factors below then
lose 8 of 16 digits at worst, and the pseudo-inverse, which costs some twenty times as much, is not needed."""


@njit(cache=True)
def lever_of(on: Integers, count: int, normals: Floats) -> Floats:
    """The inverse of N N^T for the rows N of the face (count, count), the pseudo-inverse where they are dependent."""
    gram = np.empty((count, count))
    for p in range(count):
        for q in range(p + 1):
            total = 0.0
            for axis in range(normals.shape[1]):
                total += normals[on[p], axis] * normals[on[q], axis]
            gram[p, q] = gram[q, p] = total
    root = gram.copy()
    for p in range(count):
        for q in range(p + 1):
            total = gram[p, q]
            for r in range(q):
                total -= root[p, r] * root[q, r]
            if p > q:
                root[p, q] = total / root[q, q]
            elif total > INDEPENDENT**2:
                root[p, p] = np.sqrt(total)
            else:
                return np.asarray(np.linalg.pinv(gram))
    return _inverse(root)


@njit(cache=True)
def _inverse(root: Floats) -> Floats:
    """The inverse of L L^T for the lower triangle L of `root` (s, s)."""
    count = len(root)
    half = np.zeros((count, count))  # the rows of the inverse of L
    for column in range(count):
        half[column, column] = 1.0 / root[column, column]
        for p in range(column + 1, count):
            total = 0.0
            for q in range(column, p):
                total -= root[p, q] * half[q, column]
            half[p, column] = total / root[p, p]
    return half.T @ half


@njit(cache=True)
def on_face(on: Integers, count: int, others: Floats, normals: Floats, drifts: Floats, needed: Floats) -> None:
    """`drifts` (q, d) on a face and what each of its hyperplanes must add, `needed` (q, h), from those of the others.

    All are tables with one row for each moment; `needed` has its entries in the order of `on`.
    """
    rows, d = others.shape
    drifts[:] = others
    if count == 0:
        return
    lever = lever_of(on, count, normals)
    along = np.empty(count)
    for row in range(rows):
        for p in range(count):
            total = 0.0
            for axis in range(d):
                total += normals[on[p], axis] * others[row, axis]
            along[p] = total
        for p in range(count):
            load = 0.0
            for q in range(count):
                load -= lever[p, q] * along[q]
            needed[row, p] = load
            for axis in range(d):
                drifts[row, axis] += load * normals[on[p], axis]


@njit(cache=True)
def margin_at(tables: Tables, on: Integers, p: int, needed: Floats, sign: int, share: float) -> float:
    """The margin of hyperplane `on[p]` of a face at a share of the step."""
    i = on[p]
    above, below = at_share(tables.above[:, i], share), at_share(tables.below[:, i], share)
    return slope_margin(at_share(needed[:, p], share), above, below, sign, tables.unsure)


@njit(cache=True)
def worst_margins(
    neurons: Integers, pattern: Pattern, sign: Pattern, normals: Floats, above: Floats, below: Floats, unsure: float
) -> Floats:
    """The worst margin (k,) of each of the sliding `neurons` over several moments, rows of `above`, `below` (q, h)."""
    moments, hyperplanes = above.shape
    d = normals.shape[1]
    found = np.empty(len(neurons))
    on = np.empty(hyperplanes, dtype=np.int64)
    others, drifts, needed = np.empty((moments, d)), np.empty((moments, d)), np.empty((moments, hyperplanes))
    for place in range(len(neurons)):
        j = neurons[place]
        count = 0
        others[:] = 0.0
        for i in range(hyperplanes):
            if pattern[j, i] == 0:
                on[count] = i
                count += 1
            else:
                for row in range(moments):
                    share = above[row, i] if pattern[j, i] > 0 else below[row, i]
                    if share != 0.0:
                        for axis in range(d):
                            others[row, axis] += share * normals[i, axis]
        on_face(on, count, others, normals, drifts, needed)
        worst = 0.5
        for p in range(count):
            for row in range(moments):
                worst = min(worst, slope_margin(needed[row, p], above[row, on[p]], below[row, on[p]], sign[j], unsure))
        found[place] = worst
    return found


@njit(cache=True)
def bases(neurons: Integers, pattern: Pattern, normals: Floats) -> Floats:
    """Orthonormal rows (k, r, d) that span the normals of each neuron's face, by Gram and Schmidt; rows of 0 after."""
    d = normals.shape[1]
    most = 1
    for j in neurons:
        count = 0
        for i in range(normals.shape[0]):
            count += pattern[j, i] == 0
        most = max(most, min(count, d))
    found = np.zeros((len(neurons), most, d))
    for place in range(len(neurons)):
        number = 0
        for i in range(normals.shape[0]):
            if pattern[neurons[place], i] != 0 or number == most:
                continue
            row = normals[i].copy()
            for _ in range(2):
                for q in range(number):
                    total = 0.0
                    for axis in range(d):
                        total += row[axis] * found[place, q, axis]
                    for axis in range(d):
                        row[axis] -= total * found[place, q, axis]
            size = 0.0
            for axis in range(d):
                size += row[axis] ** 2
            if size > 1e-20:
                for axis in range(d):
                    found[place, number, axis] = row[axis] / np.sqrt(size)
                number += 1
    return found
