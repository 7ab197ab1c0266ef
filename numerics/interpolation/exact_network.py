"""Networks that interpolate exactly: which labels they can fit, and the correction of one that nearly fits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.exact import number_text
from ..errors import InputError
from ..geometry.integers import Integers, dot, independent_rows, kernel, primitive, solve
from .cells import Cells, unit

Vector = tuple[Fraction, ...]


def outputs(w: Integers, points: Sequence[Integers], leak: Fraction) -> Integers:
    """(q s(<w, p_k>))_k on integer points (n, d), with q the denominator of the leak."""
    above, below = leak.denominator, leak.numerator
    return tuple((above if z > 0 else below) * z for z in (dot(w, point) for point in points))


def refuse_impossible_labels(data: Dataset, cells: Cells, leak: Fraction) -> None:
    """InputError, with a linear relation that every network obeys, if the labels do not obey it.

    On each closed cell the outputs are linear in w, and w is a sum of rays with coefficients >= 0: the outputs of all
    networks are the span of those on rays.
    """
    first: dict[Vector, int] = {}
    for row, (point, label) in enumerate(zip(data.inputs, data.labels, strict=True)):
        other = first.setdefault(point, row)
        if data.labels[other] != label:
            raise InputError(
                f"rows {other + 1} and {row + 1} have the same input with labels {number_text(data.labels[other])} and "
                f"{number_text(label)}; no network interpolates both, so leave one of them out"
            )
    for relation in kernel([outputs(ray, cells.points, leak) for ray in cells.rays]):
        coefficients, _ = primitive([z / factor for z, factor in zip(relation, cells.factors, strict=True)])
        value = sum((z * label for z, label in zip(coefficients, data.labels, strict=True)), Fraction(0))
        if value:
            terms = " + ".join(f"({z}) f(x_{k + 1})" for k, z in enumerate(coefficients) if z)
            raise InputError(
                f"no network interpolates these labels: every network f has {terms} = 0, the labels give "
                f"{number_text(value)} instead; leave out a point of this sum or change its label"
            )


def interpolating_network(
    data: Dataset, cells: Cells, leak: Fraction, neurons: Sequence[Integers], amounts: Floats
) -> tuple[Vector, tuple[Vector, ...]]:
    """An exactly interpolating network: `amounts` (m,) of `neurons` (m, d) of length 1, corrected by a few rays.

    Integer vectors stand for unit ones; output weights are such that a_j ||w_j|| is `amounts[j]` but for rounding. What
    is missing then, about a rounding error, is made up by rays, chosen in floats and weighted exactly. The labels must
    be possible ones (`refuse_impossible_labels`).
    """
    targets = [label / factor * leak.denominator for label, factor in zip(data.labels, cells.factors, strict=True)]
    weights = [Fraction(float(amount)) / _length(w) for amount, w in zip(amounts, neurons, strict=True)]
    rows = [outputs(w, cells.points, leak) for w in neurons]
    missing = [
        target - sum((a * value for a, value in zip(weights, column, strict=True)), Fraction(0))
        for target, column in zip(targets, zip(*rows, strict=True), strict=True)
    ]
    rays = _independent_rays(cells, leak)
    corrections = _output_weights([outputs(ray, cells.points, leak) for ray in rays], missing)
    network = [(a, w) for a, w in zip((*weights, *corrections), (*neurons, *rays), strict=True) if a]
    return tuple(a for a, _ in network), tuple(tuple(Fraction(value) for value in w) for _, w in network)


def _length(w: Integers) -> Fraction:
    """The length of w to some sixty bits."""
    square = sum(value * value for value in w)
    return Fraction(math.isqrt(square << 128), 1 << 64)


def _independent_rays(cells: Cells, leak: Fraction) -> list[Integers]:
    """Rays whose outputs are a basis of those of all networks, as far from dependent as pivoting makes them.

    The pivoting is in floats, on outputs of unit rays at unit points; it only sets the order of an exact choice.
    """
    from scipy.linalg import qr

    heights = unit(cells.rays) @ unit(cells.points).T
    _, order = qr(np.where(heights > 0, heights, float(leak) * heights).T, mode="r", pivoting=True)
    ordered = [cells.rays[place] for place in order]
    # Usually the first n rays are independent, and then they are a basis.
    for candidates in (ordered[: len(cells.points)], ordered):
        basis = independent_rows([outputs(ray, cells.points, leak) for ray in candidates])
        if len(basis) == len(cells.points):
            break
    return [candidates[place] for place in basis]


def _output_weights(rows: Sequence[Integers], targets: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """The coefficients with which independent rows (m, n) add up to `targets` (n,), which lie in their span."""
    columns = independent_rows(tuple(zip(*rows, strict=True)))
    return solve([[row[column] for row in rows] for column in columns], [targets[column] for column in columns])
