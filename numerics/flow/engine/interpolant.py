"""A tried step from within: pulls, speeds towards the hyperplanes, and slopes on faces, as functions of its share.

Everything smooth in a step is tabulated at nine Chebyshev points of DOP853's interpolant, whose degree is seven, and
interpolated between them. What is read off so, a share at which a speed changes its sign or a slope reaches an end,
needs no more: the height of a neuron is flat where its speed vanishes, and the drift is continuous where a slope ends,
so that an error of such a share enters squared.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ...arrays import Booleans, Floats
from ...rounding import SLOPE, SPEED
from .chebyshev import COUNT, SHARES, at_share
from .groups import Groups
from .problem import FlowProblem
from .records import Columns, Interpolant, Points, Work
from .scaling import lengths
from .sliding import face_margin
from .step import dense, drifts, network, particle_maps, pulls_at

HALVINGS = 52
TURNS = 2
"""A speed that changes its sign more often within one step is followed for the first two changes only."""


def interpolate(
    problem: FlowProblem, groups: Groups, live: Booleans, noise: float, length: float, work: Work
) -> Interpolant:
    """The interpolant of a step that `step.attempt` has left in `work`; it takes three more right-hand sides.

    Speeds below `noise` have no sign.
    """
    g = groups.active()
    coefficients = dense(length, g, live, problem.points, work)
    pulls, losses = np.empty((COUNT, len(problem.y))), np.empty(COUNT)
    D = np.empty((COUNT, len(g.moment), problem.X.shape[1]))
    _tabulate(coefficients, g, live, problem.points, pulls, losses, D)
    speeds = np.ascontiguousarray(D @ problem.normals.T)
    jumps = np.subtract(*problem.sides(pulls))
    rounding = noise + SPEED * lengths(D.reshape(-1, D.shape[-1])).reshape(D.shape[:2]).max(axis=0)
    turns = _turns(speeds, live, rounding)
    low, high = speeds.min(axis=0), speeds.max(axis=0)
    return Interpolant(length, coefficients, work.Y, pulls, losses, low, high, turns, speeds, jumps)


@njit(cache=True)
def _tabulate(
    coefficients: Floats, g: Columns, live: Booleans, points: Points, pulls: Floats, losses: Floats, D: Floats
) -> None:
    Y = np.empty_like(g.moment)
    for node in range(SHARES.shape[0]):
        particle_maps(coefficients, live, SHARES[node], Y)
        network(Y, g, live, points.X, pulls[node])
        losses[node] = pulls_at(pulls[node], points)
        drifts(pulls[node], g, live, points.X, D[node])


@njit(cache=True)
def _turns(speeds: Floats, live: Booleans, rounding: Floats) -> Floats:
    """Shares (g, h, 2) at which the speeds (9, g, h) of the groups followed change sign by more than rounding (g,)."""
    nodes, groups, hyperplanes = speeds.shape
    found = np.full((groups, hyperplanes, TURNS), -1.0)
    for u in range(groups):
        if not live[u]:
            continue
        for i in range(hyperplanes):
            table = speeds[:, u, i].copy()
            if table.min() >= -rounding[u] or table.max() <= rounding[u]:
                continue
            number = 0
            for node in range(nodes - 1):
                if number < TURNS and (table[node] > 0.0) != (table[node + 1] > 0.0):
                    low, high = SHARES[node], SHARES[node + 1]
                    for _ in range(HALVINGS):
                        middle = 0.5 * (low + high)
                        if (at_share(table, middle) > 0.0) == (table[node] > 0.0):
                            low = middle
                        else:
                            high = middle
                    found[u, i, number] = 0.5 * (low + high)
                    number += 1
    return found


def first_end_of_a_slope(
    problem: FlowProblem, groups: Groups, live: Booleans, step: Interpolant, unsure: float
) -> tuple[float, dict[int, Floats]]:
    """The first share at which a slope of a populated face reaches an end (else 1), and the groups for which it does.

    With each group the pulls (n,) a little later, where the slope would be well outside: at the end itself rounding
    decides what the least-norm drift is. `unsure`: see `sliding.face_margin`.
    """
    g = groups.active()
    ends = {
        int(u): _end_of_a_slope(step.pulls, g, int(u), problem.points, unsure)
        for u in np.flatnonzero(live & g.slides & (g.size > 0))
    }
    first = min((share for share, _ in ends.values()), default=2.0)
    if first > 1.0:
        return 1.0, {}
    return first, {u: step.pulls[node] for u, (share, node) in ends.items() if share <= first + 1e-13}


@njit(cache=True)
def _end_of_a_slope(pulls: Floats, g: Columns, u: int, points: Points, unsure: float) -> tuple[float, int]:
    """The first share from which the margin of a face is negative, and the node after it where it is least; or (2, 0).

    Only a margin below -`SLOPE` at a node counts.
    """
    nodes = pulls.shape[0]
    margins = np.empty(nodes)
    for node in range(nodes):
        margins[node] = face_margin(g, u, points, pulls[node], unsure)
    first = 0
    while first < nodes and margins[first] >= -SLOPE:
        first += 1
    if first == nodes:
        return 2.0, 0
    worst = first
    while worst + 1 < nodes and margins[worst + 1] < margins[worst]:
        worst += 1
    if first == 0:
        return 0.0, worst
    at = np.empty(pulls.shape[1])
    low, high = SHARES[first - 1], SHARES[first]
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        for k in range(at.shape[0]):
            at[k] = at_share(pulls[:, k], middle)
        if face_margin(g, u, points, at, unsure) < 0.0:
            high = middle
        else:
            low = middle
    return high, worst
