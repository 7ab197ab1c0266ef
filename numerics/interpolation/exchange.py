"""Both bounds brought together by exchange: a linear program over finitely many neurons, then those its dual misses.

Restricted to neurons of given directions w, ||w|| = 1, the least of sum_j |a_j| is a linear program, and its dual
vector nu has |g(w)| <= 1 for those directions, g(w) = sum_k nu_k s(<w, x_k>). On each cell +-g/||w|| is largest at a
projection onto the cell: where it exceeds 1 the direction joins the program. So does the sum of neurons of one sign in
one closed cell, which has their outputs and is no longer than they are together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from ..geometry.integers import Integers
from .cells import Cells, unit
from .program import ConvexSolverFailed

ROUNDS = 12
STEPS = 100
"""Steps of a projection for each facet; SciPy's default of 3 gives up on some cells with many facets."""
GAP = 1e-9
"""Relative gap between the bounds at which exchanging stops; HiGHS drops matrix entries below 1e-9, so that heights of
neurons next to a hyperplane are seen no better than that."""
TOLERANCE = 1e-10
"""Feasibility of the linear programs, the smallest that HiGHS accepts; its default of 1e-7 would show in the bounds."""
NEARLY = 1e-5
"""How far below 1 the solver's dual vector may be where the true one is tight: its tolerance is multiplied by the size
of the dual vector. Too large a number only makes the first linear program larger."""
APART = 1e-9
"""Directions nearer than this are taken for one, and heights below this for 0, see GAP."""
DIRECTION_BITS = 40
"""Bits of a direction's coordinates; 2^-40 is about 1e-12."""


@dataclass(frozen=True)
class Bound:
    """What bounds orientation * g on one cell: multipliers for the points `facets`, and the direction that is steepest.

    `slope` is the norm of the bounding vector, `direction` (d,) this vector divided by it.
    """

    cell: int
    orientation: int
    facets: NDArray[np.intp]
    multipliers: Floats
    slope: float
    direction: Floats


@dataclass(frozen=True)
class Exchanged:
    """The best dual vector (n,), with the bounds of the cells on which no multiplier 0 would do, and a network.

    `neurons` are integer vectors (d,), m <= n of them, the largest first, with `amounts` (m,): a_j ||w_j||, of either
    sign.
    """

    dual: Floats
    bounds: tuple[Bound, ...]
    neurons: tuple[Integers, ...]
    amounts: Floats


def exchange(x: Floats, y: Floats, cells: Cells, leak: float, dual: Floats) -> Exchanged:
    """A dual vector no worse than `dual` (n,), and a network, for unit points x (n, d) and labels y of size 1.

    The program starts from all rays, so that whatever can be interpolated is, and from the directions at which `dual`
    is nearly tight. Raises ConvexSolverFailed if the first linear program is not solved.
    """
    best, best_bounds = dual, steep_cells(x, dual, cells, leak)
    tight = (bound.direction for bound in best_bounds if bound.slope > 1.0 - NEARLY)
    neurons = _joined(cells.rays, tight)
    lower, cheapest = _lower(y, best, best_bounds), None
    for _ in range(ROUNDS):
        found = _cheapest(x, y, unit(neurons), leak)
        if found is None:
            break
        amounts, dual = found
        cheapest = _summed(x, neurons, amounts)
        bounds = steep_cells(x, dual, cells, leak)
        if (value := _lower(y, dual, bounds)) > lower:
            best, best_bounds, lower = dual, bounds, value
        if float(np.abs(amounts).sum()) - lower <= GAP * lower:
            break
        missed = [bound.direction for bound in bounds if bound.slope > 1.0]
        neurons = _joined(neurons, [*missed, *unit(cheapest[0])])
    if cheapest is None:
        raise ConvexSolverFailed(f"the linear program over {len(neurons)} neurons has no solution in floats")
    return Exchanged(best, best_bounds, *cheapest)


def steep_cells(x: Floats, dual: Floats, cells: Cells, leak: float) -> tuple[Bound, ...]:
    """The bounds of g and -g on cells with a gradient c of g longer than 1 - NEARLY; c itself bounds the others.

    The least norm of +-c + sum_k mu_k s_k x_k over mu >= 0 on the facets is that of +-c projected onto the closed cell.
    """
    from scipy.optimize import nnls

    gradients = (np.where(cells.signs > 0, 1.0, leak) * dual) @ x
    found = []
    for cell in np.flatnonzero(np.linalg.norm(gradients, axis=1) > 1.0 - NEARLY):
        facets = np.flatnonzero(cells.facets[cell])
        walls = (cells.signs[cell, facets][:, None] * x[facets]).T
        for orientation in (1, -1):
            multipliers, slope = nnls(walls, -orientation * gradients[cell], maxiter=STEPS * len(facets))
            projected = orientation * gradients[cell] + walls @ multipliers
            direction = projected / slope if slope > 0 else projected
            found.append(Bound(int(cell), orientation, facets, multipliers, float(slope), direction))
    return tuple(found)


def _lower(y: Floats, dual: Floats, bounds: Sequence[Bound]) -> float:
    return float(dual @ y) / max([1.0, *(bound.slope for bound in bounds)])


def _cheapest(x: Floats, y: Floats, directions: Floats, leak: float) -> tuple[Floats, Floats] | None:
    """Amounts a_j (m,) of least sum |a_j| with which unit `directions` (m, d) interpolate, and the dual vector (n,).

    None if HiGHS finds no solution: the program has one, but its columns may be nearly dependent.
    """
    from scipy.optimize import linprog

    heights = x @ directions.T
    outputs = np.where(heights > 0, heights, leak * heights)
    result = linprog(
        np.ones(2 * len(directions)),
        A_eq=np.hstack([outputs, -outputs]),
        b_eq=y,
        method="highs-ds",
        options={"primal_feasibility_tolerance": TOLERANCE, "dual_feasibility_tolerance": TOLERANCE},
    )
    if result.x is None:
        return None
    return result.x[: len(directions)] - result.x[len(directions) :], result.eqlin.marginals


def _summed(x: Floats, neurons: Sequence[Integers], amounts: Floats) -> tuple[tuple[Integers, ...], Floats]:
    """The neurons of amount not 0, those of one sign on one face replaced by their sum; the largest first.

    On a face all heights have the same signs, 0 included, so that outputs are linear. Neurons that stay alone keep
    their exact direction.
    """
    used = [int(place) for place in np.flatnonzero(amounts)]
    directions = unit([neurons[place] for place in used])
    heights = directions @ x.T
    faces = np.where(np.abs(heights) > APART, np.sign(heights), 0).astype(np.int8)
    groups: dict[tuple[bool, bytes], list[int]] = {}
    for place, face in enumerate(faces):
        groups.setdefault((bool(amounts[used[place]] > 0), face.tobytes()), []).append(place)
    found = []
    for (positive, _), group in groups.items():
        total = np.abs(amounts[[used[place] for place in group]]) @ directions[group]
        length = float(np.linalg.norm(total))
        neuron = neurons[used[group[0]]] if len(group) == 1 else _rounded(total / length)
        found.append((length if positive else -length, neuron))
    found.sort(key=lambda pair: -abs(pair[0]))
    return tuple(neuron for _, neuron in found), np.array([amount for amount, _ in found])


def _joined(known: Iterable[Integers], directions: Iterable[Floats]) -> list[Integers]:
    """Integer vectors along the known ones and those unit `directions` (d,) that are not among them already."""
    joined = list(known)
    seen = unit(joined)
    for direction in directions:
        if np.abs(seen - direction).max(axis=1).min() > APART:
            seen = np.vstack([seen, direction])
            joined.append(_rounded(direction))
    return joined


def _rounded(direction: Floats) -> Integers:
    scaled = direction / np.abs(direction).max() * 2.0**DIRECTION_BITS
    return tuple(int(value) for value in np.rint(scaled))
