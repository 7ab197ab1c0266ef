"""What the evidence of `flow.descent-order` measures (theory.md 2.8)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ....numerics.descent.run import descend
from ....numerics.flow.simulation import simulate
from ....numerics.oracles.reference import HANDWRITTEN_LOSSES, handwritten_pull
from ....theory.flow import descent
from ....theory.formal.printing import to_numpy
from ...cases.flow.descent_order import Descending, random_case
from ...claim.draws import assume
from ...claim.evidence import Margin, Run
from ...claim.statement import Relations
from ..engine_runs import network

TOLERANCE = 1e-13
EPS = float(np.finfo(float).eps)
HALVINGS = 4
CLEAR = 1e4
"""Distances are fitted where they exceed what the flow may be off by so many times."""


@dataclass(frozen=True)
class Beside:
    """Descent beside the flow: their distance at the end, its stated bound, and what the flow may be off by."""

    distance: float
    bound: float
    off: float


def _beside(statement: Relations, case: Descending) -> Beside | None:
    """Both to the time share/q; None where a neuron changes sides, or ||theta|| has no bound until then."""
    problem, start = case.problem, case.start
    X, y = problem.data.X, problem.data.y
    lengths = np.linalg.norm(X, axis=1)
    q = float(np.mean(np.abs(handwritten_pull(0 * y, y, case.loss)) * lengths))
    smooth = HANDWRITTEN_LOSSES[case.loss].curvature * float(np.mean(lengths**2))
    time = case.share / q
    norm = _largest_norm(float(np.sum(start.a**2) + np.sum(start.w**2)), q, smooth, time)
    if norm is None:
        return None
    step = time / case.steps
    run = descend(problem, start, time, step, at=[case.steps])
    flow = simulate(problem, start, time, tolerance=TOLERANCE)
    if run.events or flow.events or flow.partial:
        return None
    symbols = descent.step, descent.pull_at_zero, descent.curvature, descent.norm_squared, descent.time
    bound = float(to_numpy(statement["distance"].args[1], *symbols)(step, q, smooth * norm, norm, time))
    grown = math.sqrt(norm) * math.exp((q + 1.5 * smooth * norm) * time)
    off = (TOLERANCE * flow.steps + 16 * EPS * (case.steps + flow.steps)) * grown
    return Beside(float(np.linalg.norm(network(run) - network(flow))), bound, off)


def _largest_norm(start: float, q: float, smooth: float, time: float) -> float | None:
    """A bound on ||theta||^2 of the flow and of descent: u' = 2 (q + kappa R2 u/2) u, whose solution is explicit.

    A drift is at most q + kappa R2 ||theta||^2/2, and ||theta'|| at most that times ||theta||. Euler's steps of this
    equation stay below its solution.
    """
    grown = math.expm1(2 * q * time)
    denominator = 1 - smooth * start / (2 * q) * grown
    return start * (1 + grown) / denominator if denominator > 0.1 else None


def within_the_bound(statement: Relations, case: Descending) -> Margin:
    """||theta_k - theta(kH)|| at the last step beside the stated bound."""
    found = _beside(statement, case)
    assume(found is not None)
    assert found is not None
    derivation = "the stated bound, the tolerance of the flow for each of its steps, and rounding"
    return Margin(found.distance, found.bound + found.off, derivation, {"case": case})


def order_in_the_step(statement: Relations, run: Run) -> Margin:
    """The worst of some cases, each with H to H/8: the observed order beside that of the stated bound.

    The orders from H, H/2 and H/4 on are 1 + b + c, 1 + b/2 + c/4 and 1 + b/4 + c/16 up to terms in H^3, where b and c
    are of first and second order in H. The differences d_1, d_2 give b/4 = 2 d_2 - d_1/2 and c/16 = (d_1 - 2 d_2)/6;
    twice the sum of the sizes leaves room for the higher terms. What the flow may be off by changes a logarithm by at
    most 2.9 times its share r of the smallest distance, and the allowance by at most 35 r.
    """
    margins: list[Margin] = []
    while len(margins) < run.choose(6, 60):
        case = random_case(run.rng)
        found = [_beside(statement, replace(case, steps=case.steps * 2**power)) for power in range(HALVINGS)]
        if any(one is None or one.distance < CLEAR * one.off for one in found):
            continue
        runs = [one for one in found if one is not None]
        stated = math.log2(runs[-2].bound / runs[-1].bound)
        coarse, middle, fine = (math.log2(a.distance / b.distance) for a, b in pairwise(runs))
        first, second = coarse - middle, middle - fine
        off = runs[-1].off / runs[-1].distance
        allowed = 2 * (abs(2 * second - first / 2) + abs(first - 2 * second) / 6) + 40 * off
        margins.append(Margin(abs(fine - stated), allowed, "the terms in H and H^2 of the order", {"case": case}))
    return max(margins, key=lambda margin: margin.ratio)
